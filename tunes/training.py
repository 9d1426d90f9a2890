"""Trains one tune: claim, gather its pictures, run the engine, store what it made, end the training."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from catalogue import offers
from common.jobs import attempts
from common.jobs.attempts import Kind
from common.jobs.folders import folder_of
from common.jobs.pulse import Pulse
from engines import registry
from engines.base import Cancelled, Rejected, Retryable, Trained, TrainRequest
from media import store
from media.decode import Facts
from media.decode.sniff import png_size
from media.desk import EngineDesk
from media.models import Asset
from tunes import lifecycle
from tunes.models import CHECKPOINT, FAST, Training, Tune, TuneFile, TuneImage

SEED_RANGE = 2**31


class NoLongerOffered(Exception):
    """The row was taken out of the catalogue after the training was accepted."""


def run(*, training_id: int, worker: str, now: datetime) -> None:
    """Train a tune if its training can be claimed; otherwise see to it that nobody is told to try in vain."""

    def work(attempt: int, pulse: Pulse) -> None:
        training = Training.objects.select_related("tune").get(pk=training_id)
        Tune.objects.filter(pk=training.tune_id, started_training_at=None).update(started_training_at=now)
        if training.tune.branch == FAST:
            _finish(training, attempt=attempt, made=MOCK, assets=[])
        else:
            _train(training, attempt=attempt, pulse=pulse)

    attempts.run(TRAININGS, pk=training_id, worker=worker, now=now, work=work)


def _train(training: Training, *, attempt: int, pulse: Pulse) -> None:
    tune = training.tune
    offer = offers.training(tune.model_type or CHECKPOINT, now=timezone.now())
    if offer is None:
        raise NoLongerOffered
    with folder_of(Training, pk=training.pk, attempt=attempt) as folder:
        (folder / "work").mkdir()
        request, lendable = _gathered(tune, folder=folder, options=offer.engine_options)
        desk = EngineDesk(
            pulse=pulse, folder=folder / "work", deadline=time.monotonic() + settings.TRAINING_SECONDS_MAX,
            share=(0.0, 0.95), origin=tune.origin, lendable=lendable,
        )  # fmt: skip
        made = registry.get(offer.engine).train(request, desk)
        pulse.note(0.97, "storing")
        _finish(training, attempt=attempt, made=made, assets=[_kept(path, tune) for path in made.files])


def _gathered(tune: Tune, *, folder: Path, options: object) -> tuple[TrainRequest, dict[Path, Asset]]:
    place = folder / "pictures"
    place.mkdir()
    images = list(TuneImage.objects.filter(tune=tune).select_related("asset").order_by("position"))
    paths = [store.bring(image.asset, into=place) for image in images]
    request = TrainRequest(
        kind=tune.model_type or CHECKPOINT,  # type: ignore[arg-type]  # the column's choices
        name=tune.name or "",
        token=tune.token or "",
        base=tune.branch,
        steps=tune.steps or 0,
        seed=tune.pk % SEED_RANGE,
        pictures=tuple(paths),
        captions=tuple(image.caption for image in images),
        face_crop=bool(tune.face_crop),
        face_correct=tune.training_face_correct,
        options={**dict(options), "preset": tune.preset or ""},  # type: ignore[call-overload]
    )
    return request, {path: image.asset for path, image in zip(paths, images, strict=True)}


def _kept(path: Path, tune: Tune) -> Asset:
    """Only pictures yet: weights come with the engines that make them."""
    width, height = png_size(path)
    facts = Facts(content_type="image/png", width=width, height=height)
    return store.store_input(path, workspace_id=tune.workspace_id, facts=facts)


def _finish(training: Training, *, attempt: int, made: Trained, assets: list[Asset]) -> None:
    ids = [asset.pk for asset in assets]
    try:
        kept = lifecycle.succeed(
            training_id=training.pk, attempt=attempt, files=ids, profile=made.profile, engine=made.engine,
            preview=made.preview, report=made.report, now=timezone.now(),
        )  # fmt: skip
    except BaseException:  # a signal, or a connection lost in COMMIT: perhaps it was written all the same
        _discard(ids)
        raise
    if not kept:  # cancelled, or taken over by another worker: one effect only
        _discard(ids)


def _discard(asset_ids: list[int]) -> None:
    """Retire what no tune has."""
    used = TuneFile.objects.filter(asset_id__in=asset_ids).values_list("asset_id", flat=True)
    store.retire(sorted(set(asset_ids) - set(used)), now=timezone.now())


def _refused(training_id: int, attempt: int, error: Exception) -> None:
    told = "This kind of training is no longer offered." if isinstance(error, NoLongerOffered) else str(error)
    lifecycle.fail(
        training_id=training_id, attempt=attempt, code=Training.Failure.REJECTED,
        message=f"{told} You were not charged.", now=timezone.now(),
    )  # fmt: skip


def _exhausted(training_id: int, attempt: int) -> None:
    lifecycle.exhaust(training_id=training_id, attempt=attempt, now=timezone.now())


MOCK = Trained(files=(), profile={}, engine="", version="", preview=True)
TRAININGS = Kind(
    model=Training, topic=lifecycle.TRAIN_TOPIC, cancelled=Cancelled, retryable=Retryable,
    refusals=(Rejected, NoLongerOffered), refuse=_refused, exhaust=_exhausted,
)  # fmt: skip
