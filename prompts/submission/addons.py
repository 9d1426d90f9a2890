"""What is to be done to the finished clip, and whether it can be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from catalogue import offers, sizes
from catalogue.models import AddOn
from catalogue.offers import Offer
from prompts.request import PromptRequest
from prompts.submission.trouble import Trouble

TARGET = "video_upscale_target_resolution"
TARGET_DEFAULT = "1080p"


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """An add-on that was asked for; `target` is the resolution of an upscaler, else empty."""

    offer: Offer
    target: str = ""

    @property
    def label(self) -> str:
        return f"{self.offer.title}, to {self.target}" if self.target else f"{self.offer.title}, ×{self.offer.times}"


def check(request: PromptRequest, clip: Offer, *, now: datetime, trouble: Trouble) -> tuple[Chosen, ...]:
    """The add-ons in the order in which they are done: new frames first, while they are small. Adds to `trouble`."""
    chosen = []
    faster = _named(AddOn.Field.FASTER, request.video_fps_model, now=now, trouble=trouble)
    if faster:
        chosen.append(Chosen(offer=faster))
    upscaler = _named(AddOn.Field.UPSCALE, request.video_upscale_model, now=now, trouble=trouble)
    if upscaler:
        chosen.append(Chosen(offer=upscaler, target=_target(request, clip, upscaler, trouble)))
    return tuple(chosen)


def _named(field: str, name: str | None, *, now: datetime, trouble: Trouble) -> Offer | None:
    if not name:
        return None
    every = offers.addons(field=field, now=now)
    found = next((offer for offer in every if offer.name == name), None)
    if found is None:
        listed = ", ".join(offer.name for offer in every) or "none at the moment"
        trouble.add(field, f"{name[:80]!r} is not to be had; there is: {listed}")
    return found


def _target(request: PromptRequest, clip: Offer, upscaler: Offer, trouble: Trouble) -> str:
    """A resolution that the upscaler makes, above the clip's own."""
    target = (request.video_upscale_target_resolution or TARGET_DEFAULT).lower()
    if target not in upscaler.targets:
        trouble.add(TARGET, f"must be one of {', '.join(upscaler.targets)}")
    elif sizes.SHORT_SIDE[target] <= _short_side(request, clip):
        larger = [name for name in upscaler.targets if sizes.SHORT_SIDE[name] > _short_side(request, clip)]
        can = f"choose {' or '.join(larger)}" if larger else "no larger one is offered"
        trouble.add(TARGET, f"{target} is not larger than the clip; {can}")
    return target


def _short_side(request: PromptRequest, clip: Offer) -> int:
    if request.clip and request.clip.width and request.clip.height:
        return min(request.clip.width, request.clip.height)
    return sizes.SHORT_SIDE[clip.resolution]
