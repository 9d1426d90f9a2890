"""Tunes as Astria's JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from common.money import cents_of_mc
from dialects.astria.presenters.moments import moment
from media import links
from prompts.submission.with_tune import QuotedTune
from tunes.models import Tune, TuneImage


def tune(tune: Tune, *, images: Sequence[TuneImage], origin: str) -> dict[str, Any]:
    return {
        "id": tune.pk,
        "title": tune.title,
        "name": tune.name,
        "is_api": tune.is_api,
        "token": tune.token,
        "eta": moment(tune.eta),
        "callback": tune.callback,
        "trained_at": moment(tune.trained_at),
        "started_training_at": moment(tune.started_training_at),
        "expires_at": moment(tune.expires_at),
        "created_at": moment(tune.created_at),
        "updated_at": moment(tune.updated_at),
        "model_type": tune.model_type,
        "base_tune_id": tune.base_tune_id,
        "branch": tune.branch,
        "args": None,
        "steps": tune.steps,
        "face_crop": tune.face_crop,
        "ckpt_url": None,
        "ckpt_urls": [],
        "url": f"{origin}/tunes/{tune.pk}.json",
        "auto_extend": tune.auto_extend,
        "characteristics": tune.characteristics,
        "cost_mc": tune.cost_mc,
        "user_error": tune.user_error,
        **_made(tune),
        "orig_images": [links.signed(image.asset_id, image.asset.filename, origin=origin) for image in images],
    }


# What a trainer calls otherwise than the wire.
_WIRE = {"captions": "image_captions", "face_correct": "training_face_correct"}


def _made(tune: Tune) -> dict[str, Any]:
    """By whom, and what of it changed nothing; base models and FaceID tunes are made by nobody."""
    training = getattr(tune, "training", None)
    ignored = training.report.get("ignored", []) if training else []
    return {
        "engine": training.engine or None if training else None,
        "preview_engine": training.preview if training else False,
        "ignored": [_WIRE.get(name, name) for name in ignored],
    }


def tune_quote(quoted: QuotedTune, *, balance_mc: int) -> dict[str, Any]:
    """Ours: what the create call would charge, with lines that add up to it."""
    prompts = [
        {**line, "label": f"Prompt {number}: {line['label']}"}
        for number, prompt in enumerate(quoted.prompts, start=1)
        for line in prompt.breakdown
    ]
    return {
        "cost_mc": quoted.cost_mc,
        "cost_cents": cents_of_mc(quoted.cost_mc),
        "breakdown": [*quoted.tune.breakdown, *prompts],
        "steps": quoted.tune.steps,
        "balance_mc": balance_mc,
        "unchecked": ["images", *dict.fromkeys(name for prompt in quoted.prompts for name in prompt.unchecked)],
    }
