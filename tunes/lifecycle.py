"""The only module that ends trainings and tunes. Every ending is one transaction: status, money, files, announcement.

The old statuses stand in the UPDATE's WHERE; whoever changes the row has won, and losing is normal.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from billing import spending
from catalogue import offers
from common.jobs import lease, outbox
from common.jobs.models import UNFINISHED, Status
from media import store
from tunes.models import Training, Tune, TuneFile, TuneImage, ledger_reference

TRAIN_TOPIC = "tunes.train"
ENDED_TOPIC = "tune.ended"


def succeed(
    *,
    training_id: int,
    attempt: int,
    files: Sequence[int],
    profile: Mapping[str, Any],
    engine: str,
    preview: bool,
    report: Mapping[str, Any],
    now: datetime,
) -> bool:
    """End a training well, if attempt `attempt` still holds it. `files`: ids of what it made, stored."""
    with transaction.atomic():
        ended = {"engine": engine, "preview": preview, "report": dict(report), "progress": 1.0, "stage": ""}
        if not _end(training_id, Status.SUCCEEDED, among=[Status.RUNNING], attempt=attempt, now=now, **ended):
            return False
        tune = _tune_of(training_id)
        TuneFile.objects.bulk_create(
            TuneFile(tune=tune, asset_id=asset_id, position=n) for n, asset_id in enumerate(files)
        )
        store.keep_for_good(files)
        expires_at = now + timedelta(days=offers.keeping(now=now).days)
        _change(tune, now=now, trained_at=now, expires_at=expires_at, profile=dict(profile))
        spending.settle(reference=ledger_reference(tune.pk))
        outbox.announce(ENDED_TOPIC, ref=tune.pk)
        return True


def fail(*, training_id: int, code: str, message: str, now: datetime, attempt: int | None = None) -> bool:
    """End a training badly and give the money back: while `attempt` holds it, or without one while nobody does."""
    among = [Status.RUNNING] if attempt is not None else [Status.WAITING, Status.QUEUED]
    return _fail(training_id, among=among, attempt=attempt, code=code, message=message, now=now)


def exhaust(*, training_id: int, attempt: int, now: datetime) -> bool:
    """End a training whose attempts all died."""
    return _fail(
        training_id, among=[Status.QUEUED, Status.RUNNING], attempt=attempt, code=Training.Failure.ENGINE_ERROR,
        message="Training failed. You were not charged.", now=now,
    )  # fmt: skip


def delete(*, tune_id: int, now: datetime, actor: str = "") -> bool:
    """Take a tune away: an unfinished training is cancelled and refunded; its pictures and files go within a day.

    What becomes of the prompts that use it follows from the announcement.
    """
    with transaction.atomic():
        training = Training.objects.filter(tune_id=tune_id).first()
        if training and _end(training.pk, Status.CANCELLED, among=UNFINISHED, now=now):
            _give_back(training, reason="cancelled", actor=actor)
        if not Tune.objects.filter(pk=tune_id, deleted_at=None).update(deleted_at=now, updated_at=now, twin_title=None):
            return False
        clear(tune_id=tune_id, now=now)
        outbox.announce(ENDED_TOPIC, ref=tune_id)
        return True


def close(*, workspace_id: int, now: datetime) -> None:
    """Delete every tune of a workspace that ends. May be called again, and goes on."""
    for tune_id in Tune.objects.of_workspace(workspace_id).values_list("pk", flat=True):
        delete(tune_id=tune_id, now=now, actor="workspace deleted")


def clear(*, tune_id: int, now: datetime) -> None:
    """Retire the tune's pictures and what was made of them, but for pictures that another tune or prompt shares."""
    mine = {
        *TuneImage.objects.filter(tune_id=tune_id).values_list("asset_id", flat=True),
        *TuneFile.objects.filter(tune_id=tune_id).values_list("asset_id", flat=True),
    }
    shared = TuneImage.objects.filter(asset_id__in=mine).exclude(tune_id=tune_id).values_list("asset_id", flat=True)
    store.retire(sorted(mine - set(shared)), now=now)
    TuneImage.objects.filter(tune_id=tune_id).delete()
    TuneFile.objects.filter(tune_id=tune_id).delete()


def sweep(*, now: datetime) -> None:
    """Bring back trainings whose worker went silent, and end those that died three times or waited too long."""
    for job in lease.sweep(Training, topic=TRAIN_TOPIC, now=now):
        exhaust(training_id=job.pk, attempt=job.attempt, now=now)
    overdue = Training.objects.filter(status=Status.QUEUED, deadline__lt=now)
    for training_id in overdue.values_list("pk", flat=True)[: lease.BATCH]:
        fail(
            training_id=training_id, code=Training.Failure.EXPIRED,
            message="Nobody could train this in time. You were not charged.", now=now,
        )  # fmt: skip


def _fail(
    training_id: int, *, among: Collection[Status], attempt: int | None, code: str, message: str, now: datetime
) -> bool:
    with transaction.atomic():
        if not _end(training_id, Status.FAILED, among=among, attempt=attempt, now=now, failure_code=code):
            return False
        training = Training.objects.select_related("tune").get(pk=training_id)
        _change(training.tune, now=now, failed_at=now, user_error=message, twin_title=None)
        _give_back(training, reason=f"failed: {code}")
        outbox.announce(ENDED_TOPIC, ref=training.tune_id)
        return True


def _give_back(training: Training, *, reason: str, actor: str = "") -> None:
    spending.refund(reference=ledger_reference(training.tune_id), reason=reason, actor=actor)
    outbox.done(TRAIN_TOPIC, ref=training.pk)


def _tune_of(training_id: int) -> Tune:
    return Training.objects.select_related("tune").get(pk=training_id).tune


def _change(tune: Tune, *, now: datetime, **fields: Any) -> None:
    Tune.objects.filter(pk=tune.pk).update(updated_at=now, **fields)


def _end(
    training_id: int,
    status: Status,
    *,
    among: Collection[Status],
    now: datetime,
    attempt: int | None = None,
    **fields: Any,
) -> bool:
    trainings = Training.objects.filter(pk=training_id, status__in=among)
    if attempt is not None:
        trainings = trainings.filter(attempt=attempt)
    ended = {"status": status, "ended_at": now, "lease_until": None, "next_at": None}
    return bool(trainings.update(**ended, **fields))
