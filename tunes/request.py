"""What a face hands in: a tune in the product's own words, before anything of it has been believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from media.intake import Source


@dataclass(frozen=True, kw_only=True)
class TuneRequest:
    """One tune. None means that the caller did not say."""

    title: str
    name: str  # class name: "woman", "shoes", "style"
    images: Sequence[Source] = ()
    captions: Sequence[str] = ()  # parallel to `images`; may be shorter
    branch: str | None = None
    base_tune_id: int | None = None
    model_type: str | None = None
    preset: str | None = None
    steps: int | None = None
    token: str | None = None
    face_crop: bool | None = None
    training_face_correct: bool | None = None
    characteristics: Mapping[str, str] | None = None
    auto_extend: bool | None = None
    callback: str | None = None
    prompts_callback: str | None = None
    base_pack_id: int | None = None
