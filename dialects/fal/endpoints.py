"""Which endpoint ids there are, what each takes, and what it asks of us: a table over rows of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalogue import offers
from catalogue.offers import Offer
from dialects.fal import inputs
from dialects.fal.errors import Unacceptable
from dialects.fal.inputs import Input
from media.intake import Source, source_of
from prompts.request import ExactClip, PromptRequest
from tunes import house

OWNER = "fal-ai"
WAN = "wan-i2v"
# fal's one endpoint, and the row for each of its resolutions; the first is the default.
WAN_ROWS = {"720p": "wan21_720p", "480p": "wan21_480p"}
_SAMPLING = (
    "num_inference_steps", "guide_scale", "shift", "acceleration", "enable_prompt_expansion",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One endpoint at one moment. `rows`: by resolution, or the only one under ""."""

    id: str  # "fal-ai/wan-i2v"
    title: str
    rows: Mapping[str, Offer]
    input: type[Input]

    @property
    def alias(self) -> str:
        return self.id.partition("/")[2]

    @property
    def unit_mc(self) -> int:
        """What one billing unit is: the base price of the endpoint's default."""
        return next(iter(self.rows.values())).base_cost_mc

    @property
    def preview(self) -> bool:
        return any(offer.preview for offer in self.rows.values())

    def request_of(self, given: Input, *, origin: str) -> PromptRequest:
        """The prompt that a body asks for.

        :raises Unacceptable: two of its fields don't go together
        """
        fields = given.model_dump()
        offer = self.rows[fields.get("resolution", "")]
        if fields.get("end_image_url") and not fields["image_url"]:
            told = "Field required beside end_image_url"
            raise Unacceptable([{"type": "missing", "loc": ("image_url",), "msg": told, "input": None}])
        clip = None
        if "num_frames" in fields:
            clip = ExactClip(frames=fields["num_frames"], fps=fields["frames_per_second"])
        return PromptRequest(
            tune_id=house.FLUX,
            negative_prompt=fields["negative_prompt"],
            seed=fields["seed"],
            video_model=offer.name,
            video_prompt=fields["prompt"],
            video_duration=fields.get("duration"),
            video_audio=fields.get("generate_audio"),
            video_first_frame=_file(fields["image_url"], origin),
            video_last_frame=_file(fields.get("end_image_url"), origin),
            **_shaped(fields["aspect_ratio"], has_picture=bool(fields["image_url"])),
            clip=clip,
            sampling={name: fields[name] for name in _SAMPLING if name in fields},
        )


def find(endpoint_id: str, *, now: datetime) -> Endpoint | None:
    """The endpoint of this id, without a path behind it; None when there is none to be had."""
    owner, _, alias = endpoint_id.partition("/")
    if owner != OWNER:
        return None
    if alias == WAN:
        return _wan(now)
    offer = offers.find(alias, now=now)
    return _of(offer) if offer and offer.name == alias and _films_pictures(offer) else None


def all(*, now: datetime) -> Iterator[Endpoint]:  # noqa: A001  read as `endpoints.all`
    wan = _wan(now)
    if wan:
        yield wan
    yield from (_of(offer) for offer in offers.videos(now=now) if _films_pictures(offer))


def _wan(now: datetime) -> Endpoint | None:
    found = {resolution: offers.find(name, now=now) for resolution, name in WAN_ROWS.items()}
    rows = {resolution: offer for resolution, offer in found.items() if offer and offer.exact_frames_max}
    if not rows:
        return None
    first = next(iter(rows.values()))
    reads = inputs.wan(tuple(rows), next(iter(rows)), (first.exact_frames_min, first.exact_frames_max), first.fps)
    return Endpoint(id=f"{OWNER}/{WAN}", title="Wan-2.1 Image-to-Video", rows=rows, input=reads)


def _of(offer: Offer) -> Endpoint:
    return Endpoint(id=f"{OWNER}/{offer.name}", title=offer.title, rows={"": offer}, input=inputs.of_row(offer))


def _films_pictures(offer: Offer) -> bool:
    return offer.kind == "video" and "image_to_video" in offer.tasks


def _file(text: str | None, origin: str) -> Source | None:
    return source_of(text, origin=origin) if text else None


def _shaped(ratio: str, *, has_picture: bool) -> dict[str, Any]:
    """A given picture is cut to the ratio; a clip of words alone simply has it."""
    if ratio == "auto":
        return {}
    return {"crop": ratio} if has_picture else {"aspect_ratio": ratio}
