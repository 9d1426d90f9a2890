"""From a prompt's columns and files to what its engine is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from catalogue import offers, sizes
from catalogue.offers import Offer
from engines.base import DEFAULT_STRENGTH, RenderRequest, Subject
from media.models import Asset
from prompts import opening, syntax
from prompts.models import Input, Prompt
from tunes import house
from tunes import selectors as tunes
from tunes.models import FAST

SEED_RANGE = 2**31


class NoLongerOffered(Exception):
    """The row was taken out of the catalogue after the prompt was accepted."""


@dataclass(frozen=True)
class Gathered:
    """A file on this machine, with what is known of it."""

    path: Path
    asset: Asset


@dataclass(frozen=True, kw_only=True)
class Files:
    """Everything that a prompt's pictures and references come to, as local files."""

    by_role: Mapping[str, Sequence[Gathered]]
    subjects: tuple[Subject, ...] = ()

    def first(self, role: str) -> Gathered | None:
        found = self.by_role.get(role)
        return found[0] if found else None

    def path(self, role: str) -> Path | None:
        found = self.first(role)
        return found.path if found else None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The requests of one prompt, in order. `paint` makes the first frame of a clip that came without one."""

    engine: str
    requests: tuple[RenderRequest, ...]
    paint: RenderRequest | None = None
    paint_engine: str = ""
    after: tuple[tuple[str, RenderRequest], ...] = ()  # (engine, what it does to the finished clip, its `driving`)


def make(*, prompt: Prompt, files: Files, now: datetime) -> Plan:
    """
    :raises NoLongerOffered: the catalogue has no such row any more
    """
    image = offers.image_offer(house.FLUX if prompt.tune.branch == FAST else prompt.tune_id, now=now)
    if prompt.video_model is None:
        if image is None:
            raise NoLongerOffered
        return Plan(engine=image.engine, requests=tuple(_images(prompt, files, image)))
    video = offers.find(prompt.video_model, now=now)
    if video is None:
        raise NoLongerOffered
    return _video(prompt, files, video, image, now=now)


def words(prompt: Prompt, text: str) -> str:
    """What an engine is told: no tags, no flags, and `{{key}}` filled in from the tunes' characteristics, those of the
    tune posted to first.
    """
    if "{{" in text:
        ids = [used["tune_id"] for used in prompt.references]
        text = syntax.filled(text, tunes.characteristics([prompt.posted_tune_id, *ids]))
    return syntax.clean(text)


def _images(prompt: Prompt, files: Files, offer: Offer) -> list[RenderRequest]:
    width, height = _image_size(prompt, files.first(Input.Role.INPUT_IMAGE))
    first = _still(prompt, files, offer, width=width, height=height)
    return [replace(first, seed=(prompt.effective_seed + n) % SEED_RANGE) for n in range(prompt.num_images)]


def _image_size(prompt: Prompt, picture: Gathered | None) -> tuple[int, int]:
    """A picture that is only edited keeps its own size, unless another shape or size is asked for."""
    ar = None if prompt.ar == "1:1" else prompt.ar  # copied prompts carry that default whatever their picture is
    asked = (prompt.aspect_ratio, prompt.w, prompt.h, ar, prompt.resolution)
    own = (picture.asset.width, picture.asset.height) if picture else None
    if own and _strength(prompt) == 0 and not any(asked):
        return own
    return sizes.image_size(
        aspect_ratio=prompt.aspect_ratio,
        w=prompt.w,
        h=prompt.h,
        ar=prompt.ar,
        resolution=prompt.resolution,
        picture=own,
    )


# Flags that edit the picture which was given: who asks for one without a strength wants that picture, not another.
_EDITS = frozenset({
    "only_upscale", "tiled_upscale", "tiled_upscale_v2", "upscale_v4", "upscale_factor", "outpaint",
    "remove_background", "background_color",
})  # fmt: skip


def _strength(prompt: Prompt) -> float:
    """How far to leave the input picture; `only_upscale` never leaves it, whatever the strength of its details."""
    if "only_upscale" in prompt.flags:
        return 0.0
    sent = prompt.options.get("denoising_strength")
    if sent is None:
        return 0.0 if _EDITS & prompt.flags.keys() else DEFAULT_STRENGTH
    return float(sent)


def _still(
    prompt: Prompt, files: Files, offer: Offer, *, width: int, height: int, is_frame: bool = False
) -> RenderRequest:
    return RenderRequest(
        task="image",
        prompt=words(prompt, prompt.text),
        negative_prompt=prompt.negative_prompt,
        seed=prompt.effective_seed,
        width=width,
        height=height,
        model=offer.name,
        picture=files.path(Input.Role.INPUT_IMAGE),
        mask=files.path(Input.Role.MASK_IMAGE),
        strength=_strength(prompt),
        is_frame=is_frame,
        subjects=files.subjects,
        options={**offer.engine_options, **prompt.options, **prompt.flags},
    )


def _video(prompt: Prompt, files: Files, offer: Offer, image: Offer | None, *, now: datetime) -> Plan:
    begins = opening.of(
        given=files.by_role,
        tasks=offer.tasks,
        has_text=bool(prompt.text.strip()),
        strength=prompt.options.get("denoising_strength"),
    )
    first = files.first(begins.first) if begins.first else None
    shape = _clip_shape(prompt, first)
    width, height = _clip_size(prompt, shape, offer)
    frames, fps = _length(prompt, offer)
    request = RenderRequest(
        task=begins.task,
        prompt=words(prompt, prompt.video_prompt or prompt.text),
        negative_prompt=prompt.negative_prompt,
        seed=prompt.effective_seed,
        width=width,
        height=height,
        frames=frames,
        fps=fps,
        audio=_sound(prompt, offer),
        model=offer.name,
        first=first.path if first else None,
        last=files.path(Input.Role.LAST_FRAME),
        driving=files.path(Input.Role.DRIVING),
        references=tuple(found.path for found in files.by_role.get(Input.Role.REFERENCE, ())),
        subjects=files.subjects,
        options={**offer.engine_options, **prompt.sampling},
    )
    after = tuple(_after(prompt, request, shape, now=now))
    if not begins.is_painted:
        return Plan(engine=offer.engine, requests=(request,), after=after)
    if image is None:
        raise NoLongerOffered
    paint = _still(prompt, files, image, width=width, height=height, is_frame=True)
    return Plan(engine=offer.engine, requests=(request,), paint=paint, paint_engine=image.engine, after=after)


def _after(
    prompt: Prompt, clip: RenderRequest, shape: Fraction, *, now: datetime
) -> Iterator[tuple[str, RenderRequest]]:
    """The add-ons, each on the clip that the one before left: new frames first, while they are small."""
    file: dict[str, Any] = {
        "model": "",
        "prompt": "",
        "seed": clip.seed,
    }  # of an add-on, only the clip and the numbers count
    width, height, frames, fps = clip.width, clip.height, clip.frames, clip.fps
    if prompt.video_fps_model:
        faster = _found(prompt.video_fps_model, now=now)
        frames, fps = frames * faster.times, fps * faster.times
        yield (
            faster.engine,
            RenderRequest(task="faster", width=width, height=height, frames=frames, fps=fps, **file),
        )
    if prompt.video_upscale_model:
        upscaler = _found(prompt.video_upscale_model, now=now)
        width, height = sizes.video_size(prompt.video_upscale_target_resolution or "", shape)
        yield (
            upscaler.engine,
            RenderRequest(task="upscale", width=width, height=height, frames=frames, fps=fps, **file),
        )


def _found(name: str, *, now: datetime) -> Offer:
    """:raises NoLongerOffered: the catalogue has no such row any more"""
    offer = offers.find(name, now=now)
    if offer is None:
        raise NoLongerOffered
    return offer


def _clip_size(prompt: Prompt, shape: Fraction, offer: Offer) -> tuple[int, int]:
    if prompt.clip and prompt.clip.get("width") and prompt.clip.get("height"):
        return prompt.clip["width"], prompt.clip["height"]
    return sizes.video_size(offer.resolution, shape)


def _clip_shape(prompt: Prompt, picture: Gathered | None) -> Fraction:
    """D1: a given picture keeps its own shape; what is painted takes the shape asked for."""
    if prompt.clip and prompt.clip.get("width") and prompt.clip.get("height"):
        return sizes.ratio_of((prompt.clip["width"], prompt.clip["height"]))
    if prompt.crop:
        return sizes.shape_of(aspect_ratio=prompt.crop, w=None, h=None, ar=None) or sizes.WIDE
    if picture:
        return sizes.ratio_of((picture.asset.width, picture.asset.height))
    asked = sizes.shape_of(
        aspect_ratio=prompt.aspect_ratio if prompt.aspect_ratio != "adaptive" else None,
        w=prompt.w,
        h=prompt.h,
        ar=prompt.ar,
    )
    return asked or sizes.WIDE


def _length(prompt: Prompt, offer: Offer) -> tuple[int, int]:
    if prompt.clip:
        return prompt.clip["frames"], prompt.clip["fps"]
    return (prompt.video_duration or offer.default_seconds) * offer.fps, offer.fps


def _sound(prompt: Prompt, offer: Offer) -> bool:
    """D4: `on` rows sound unless declined, `optional` ones when asked."""
    if offer.audio == "on":
        return prompt.video_audio is not False
    return offer.audio == "optional" and bool(prompt.video_audio)
