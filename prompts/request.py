"""What a face hands in: a prompt in the product's own words, before anything of it has been believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from media.intake import Source

ClipType = Literal["video/mp4", "image/gif"]


@dataclass(frozen=True, kw_only=True)
class ExactClip:
    """A clip by its frames instead of its seconds (D3); sizes in pixels, 0 = from the row's resolution."""

    frames: int
    fps: int
    width: int = 0
    height: int = 0


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a dialect promises of the clip's file."""

    content_type: ClipType = "video/mp4"
    address: str = ""  # where it will be, told before it is there (`media.links.new_address`); "": drawn when stored
    kept_s: int | None = None  # after so many seconds it goes; None: kept


@dataclass(frozen=True, kw_only=True)
class PromptRequest:
    """One prompt. None means that the caller did not say."""

    tune_id: int  # 0: of a tune that is made with it
    text: str = ""
    source_text: str = ""  # as sent, when flags or a block left `text` for the fields
    negative_prompt: str = ""
    callback: str | None = None
    num_images: int | None = None
    seed: int | None = None
    w: int | None = None
    h: int | None = None
    ar: str | None = None
    aspect_ratio: str | None = None
    resolution: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)  # the image stage's other fields, by their wire names
    video_model: str | None = None
    video_prompt: str | None = None
    video_duration: int | None = None
    video_audio: bool | None = None
    video_upscale_model: str | None = None
    video_upscale_target_resolution: str | None = None
    video_fps_model: str | None = None
    clip: ExactClip | None = None
    crop: str | None = None  # the ratio that a clip's first frame is cut to; None: its own (D1)
    sampling: Mapping[str, Any] = field(default_factory=dict)  # steps, guidance, …: told to engines, known to some
    wish: Wish | None = None
    request_id: UUID | None = None  # by which its dialect names it, beside the number
    echo: Mapping[str, Any] = field(default_factory=dict)  # what its dialect has to say again, as it came
    starts_within_s: float | None = None  # nobody wants it any more if it has not begun by then
    lora_scale: float | None = None  # weight of the tune posted to; 1 if left out
    orig_prompt_id: int | None = None  # what it was made from
    pack_id: int | None = None
    base_pack_id: int | None = None
    order_id: int | None = None
    community: bool | None = None  # publish the results
    input_image: Source | None = None
    mask_image: Source | None = None
    video_first_frame: Source | None = None
    video_last_frame: Source | None = None
    input_video: Source | None = None
    image_references: Sequence[Source] = ()
