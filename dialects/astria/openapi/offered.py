"""The models and trainings as tables: what each costs, how long its clips are, and what it takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from billing import pricing
from catalogue.explain import CAN
from catalogue.offers import Offer, Training
from common.money import cents_of_mc
from tunes.models import CHECKPOINT

# The capabilities that a reader chooses by; sound is told as the offer has it.
_SHOWN = ("video_first_frame", "video_last_frame", "input_video", "image_references", "text_to_video")


def models(offers: Sequence[Offer]) -> list[dict[str, Any]]:
    """One row per offer, in the catalogue's order."""
    own = {"video": _video, "image": _image, "addon": _addon}
    return [own[offer.kind](offer) for offer in offers]


def trainings(trainings: Sequence[Training]) -> list[dict[str, Any]]:
    """One row for each way to make a tune, in the catalogue's order; the least cost is of the fewest steps."""
    return [
        {
            "model_type": None if one.model_type == CHECKPOINT else one.model_type,
            "title": one.title,
            "steps_min": one.steps_min,
            "steps_max": one.steps_max,
            "step_cost_mc": one.step_cost_mc,
            "least_cost_mc": pricing.training(step_cost_mc=one.step_cost_mc, steps=one.steps_min).total_mc,
            "engine": one.engine,
            "preview_engine": one.preview,
        }
        for one in trainings
    ]


def _common(offer: Offer) -> dict[str, Any]:
    return {
        "name": offer.name,
        "title": offer.title,
        "kind": offer.kind,
        "base_cost_mc": offer.base_cost_mc,
        "base_cost_cents": cents_of_mc(offer.base_cost_mc),
        "engine": offer.engine,
        "preview_engine": offer.preview,
    }


def _video(offer: Offer) -> dict[str, Any]:
    return _common(offer) | {
        "base_seconds": offer.base_seconds,
        "durations": list(offer.durations),
        "default_duration": offer.default_seconds,
        "resolution": offer.resolution,
        "fps": offer.fps,
        "audio": offer.audio,
        "takes": [field for field in _SHOWN if CAN[field](offer)],
        "requires": sorted(offer.requires),
    }


def _image(offer: Offer) -> dict[str, Any]:
    return _common(offer) | {"tune_id": offer.tune_id, "branch": offer.branch}


def _addon(offer: Offer) -> dict[str, Any]:
    return _common(offer) | {"field": offer.field, "targets": list(offer.targets), "times": offer.times}
