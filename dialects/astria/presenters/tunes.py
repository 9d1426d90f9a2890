"""Tunes as Astria's JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dialects.astria.presenters.moments import moment
from media import links
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
        "orig_images": [links.signed(image.asset_id, image.asset.filename, origin=origin) for image in images],
    }
