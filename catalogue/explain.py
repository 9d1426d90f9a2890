"""Says why a model can't do something and which ones could, in the words that a refused caller reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from difflib import get_close_matches

from catalogue import names, offers
from catalogue.offers import Offer

_LISTED_MAX = 12
_SHOWN_MAX = 80  # characters of a stranger's word that are repeated

# What a row may lack, by the field that asks for it.
CAN: dict[str, Callable[[Offer], bool]] = {
    "video_last_frame": lambda offer: offer.last_frame,
    "input_video": lambda offer: "motion" in offer.tasks,
    "image_references": lambda offer: "references" in offer.tasks,
    "text_to_video": lambda offer: "text_to_video" in offer.tasks,
    "video_first_frame": lambda offer: bool(offer.tasks & {"image_to_video", "motion"}),
    "extend_prompt_id": lambda offer: "extend" in offer.tasks,
    "video_audio": lambda offer: offer.audio != "none",
}


def able(field: str, *, now: datetime) -> list[str]:
    """Names of the models that could do what this field asks for."""
    return [offer.name for offer in offers.videos(now=now) if CAN[field](offer)]


def lacks(offer: Offer, field: str, *, now: datetime) -> str:
    """As "is not supported by seedance_480p; models that take it: …"."""
    return f"is not supported by {offer.name}; models that take it: {_listed(able(field, now=now))}"


def silent(offer: Offer, *, now: datetime) -> str:
    """Why `video_audio=true` is refused: names the sibling with sound, or all models that have it."""
    with_sound = able("video_audio", now=now)
    sibling = next((name for name in with_sound if name.replace("_audio", "") == offer.name), None)
    if sibling:
        return f"is not supported by {offer.name}; use {sibling}"
    return lacks(offer, "video_audio", now=now)


def not_to_be_had(name: str, *, now: datetime) -> str:
    """Why there is no offer of this name: paused, retired, or unknown, with what to use instead."""
    name = name[:_SHOWN_MAX]
    reason, successor = offers.paused(name), names.successor(name)
    if reason is not None:
        return f"{name} is paused: {reason}" if reason else f"{name} is paused"
    if successor:
        return f"{name} is no longer offered; the nearest model is {successor}"
    if offers.exists(name) and offers.find(name, now=now) is None:
        return f"{name} is not available at the moment"
    every = [offer.name for offer in offers.videos(now=now)]
    close = get_close_matches(name, every, n=3, cutoff=0.5)
    return f"{name!r} is not a video model; " + (
        f"did you mean {_listed(close, last='or')}?" if close else f"models: {_listed(every)}"
    )


def wrong_duration(offer: Offer) -> str:
    """As "must be 5 or 10 seconds for kling25"."""
    if len(offer.durations) > 2 and offer.durations == tuple(range(offer.durations[0], offer.durations[-1] + 1)):
        return f"must be {offer.durations[0]} to {offer.durations[-1]} seconds for {offer.name}"
    return f"must be {_listed([str(s) for s in offer.durations], last='or')} seconds for {offer.name}"


def missing(offer: Offer, field: str) -> str:
    """As "is required by wan_animate_720p".

    :raises ValueError: it is not
    """
    if field not in offer.requires:
        raise ValueError(f"{offer.name} does not require {field}")
    return f"is required by {offer.name}"


def _listed(words: Iterable[str], *, last: str = "and") -> str:
    """As "a, b and c"; more than twelve end in "and 3 more"."""
    every = list(words)
    if not every:
        return "none"
    if len(every) > _LISTED_MAX:
        every = [*every[: _LISTED_MAX - 1], f"{len(every) - _LISTED_MAX + 1} more"]
    return every[0] if len(every) == 1 else f"{', '.join(every[:-1])} {last} {every[-1]}"
