"""Whether a clip can be made as asked: the capabilities of the row decide what is required, allowed and refused."""

from __future__ import annotations

from datetime import datetime

from catalogue import explain, offers, sizes
from catalogue.offers import Offer
from prompts import opening
from prompts.models import Input
from prompts.opening import Opening
from prompts.request import PromptRequest
from prompts.submission import images
from prompts.submission.trouble import Trouble
from tunes.models import Tune

REFERENCES_MAX = 9
FPS_RANGE = (5, 60)


def check(request: PromptRequest, base: Tune, *, now: datetime, trouble: Trouble) -> tuple[Offer | None, int | None]:
    """The row's offer and the clip's seconds (None for an exact clip); adds to `trouble` by field."""
    name = str(request.video_model)
    offer = offers.find(name, now=now)
    if offer is None or offer.kind != "video":
        trouble.add("video_model", explain.not_to_be_had(name, now=now))
        return None, None
    begins = opening_of(request, offer)
    _words(request, begins, trouble, now)
    _unused(request, begins, offer, trouble)
    if begins.is_painted and images.offer_of(base, now=now) is None:
        trouble.add("tune", f"{base.pk} can't paint a first frame at the moment; give a video_first_frame")
    _files(request, offer, trouble, now)
    _shape(request, offer, trouble)
    _sound(request, offer, trouble, now)
    return offer, _length(request, offer, trouble)


def opening_of(request: PromptRequest, offer: Offer) -> Opening:
    return opening.of(
        given=[role for role in Input.Role.values if getattr(request, role)],
        tasks=offer.tasks,
        has_text=bool(request.text.strip()),
        strength=request.options.get("denoising_strength"),
    )


def _words(request: PromptRequest, begins: Opening, trouble: Trouble, now: datetime) -> None:
    if not (request.video_prompt or "").strip():
        trouble.add("video_prompt", "can't be blank")
    if begins.is_painted and not request.text.strip():
        without = ", ".join(explain.able("text_to_video", now=now))
        trouble.add("text", f"can't be blank without a video_first_frame; models that start from nothing: {without}")


def _unused(request: PromptRequest, begins: Opening, offer: Offer, trouble: Trouble) -> None:
    """A file that would change nothing is not to be paid for; only `text` may go unused."""
    for role in begins.unused:
        if request.video_first_frame:
            trouble.add(role, "is not used beside a video_first_frame")
        elif request.image_references:
            trouble.add(role, "is not used beside image_references")
        elif role == Input.Role.INPUT_IMAGE:
            trouble.add(role, f"is not used by {offer.name} without a text; give it as video_first_frame")


def _files(request: PromptRequest, offer: Offer, trouble: Trouble, now: datetime) -> None:
    if "motion" in offer.tasks and not request.input_video:
        trouble.add("input_video", explain.missing(offer, "input_video"))
    if request.input_video and "motion" not in offer.tasks:
        trouble.add("input_video", explain.lacks(offer, "input_video", now=now))
    if request.video_last_frame and not offer.last_frame:
        trouble.add("video_last_frame", explain.lacks(offer, "video_last_frame", now=now))
    if request.image_references:
        _references(request, offer, trouble, now)


def _references(request: PromptRequest, offer: Offer, trouble: Trouble, now: datetime) -> None:
    if "references" not in offer.tasks:
        trouble.add("image_references", explain.lacks(offer, "image_references", now=now))
    elif len(request.image_references) > REFERENCES_MAX:
        trouble.add("image_references", f"holds more than {REFERENCES_MAX} pictures")
    elif request.video_first_frame or request.video_last_frame or opening_of(request, offer).first:
        trouble.add("image_references", "can't be combined with a first or last frame")


def _shape(request: PromptRequest, offer: Offer, trouble: Trouble) -> None:
    images.stage(request, trouble=trouble)
    if request.resolution and request.resolution not in (*sizes.IMAGE_PIXELS, offer.resolution):
        trouble.add("resolution", f"is part of the model: {offer.name} makes {offer.resolution}")
    if request.crop and request.crop not in sizes.ASPECT_RATIOS:
        trouble.add("aspect_ratio", f"must be one of {', '.join(sizes.ASPECT_RATIOS)}")
    if request.aspect_ratio == "adaptive" and "references" not in offer.tasks:
        trouble.add("aspect_ratio", f"can't be adaptive for {offer.name}")


def _sound(request: PromptRequest, offer: Offer, trouble: Trouble, now: datetime) -> None:
    if request.video_audio and offer.audio == "none":
        trouble.add("video_audio", explain.silent(offer, now=now))


def _length(request: PromptRequest, offer: Offer, trouble: Trouble) -> int | None:
    if request.clip:
        _exact(request, offer, trouble)
        return None
    seconds = request.video_duration or offer.default_seconds
    if request.video_duration is not None and request.video_duration not in offer.durations:
        trouble.add("video_duration", explain.wrong_duration(offer))
    return seconds


def _exact(request: PromptRequest, offer: Offer, trouble: Trouble) -> None:
    assert request.clip
    if not offer.exact_frames_max:
        trouble.add("num_frames", f"is not supported by {offer.name}, which makes whole seconds")
    elif not offer.exact_frames_min <= request.clip.frames <= offer.exact_frames_max:
        trouble.add("num_frames", f"must be between {offer.exact_frames_min} and {offer.exact_frames_max}")
    if not FPS_RANGE[0] <= request.clip.fps <= FPS_RANGE[1]:
        trouble.add("frames_per_second", f"must be between {FPS_RANGE[0]} and {FPS_RANGE[1]}")
