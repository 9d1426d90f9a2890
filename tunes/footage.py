"""Clips that are looked at: a job each, worked off like a training, free of charge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from common.errors import Invalid, NotFound
from common.jobs import attempts, lease, outbox
from common.jobs.attempts import Kind
from common.jobs.folders import folder_of
from common.jobs.models import Status
from common.jobs.pulse import Pulse
from engines.base import Cancelled, Rejected, Retryable
from media import intake, store
from media.intake import Source
from media.models import Asset
from tunes import inspections
from tunes.models import Inspection

TOPIC = "tunes.inspect"
SECONDS_MAX = 30
KEPT_FOR = timedelta(days=1)  # the answer, to be asked for


def take(source: Source, *, workspace_id: int) -> Asset:
    """Take a clip in.

    :raises Invalid: under `file`
    :raises Busy: too many requests are decoding files already
    """
    store.require_space()
    taken = intake.take(source, expects="video", workspace_id=workspace_id, field="file")
    if taken.facts.seconds > SECONDS_MAX + 0.5:
        taken.discard()
        raise Invalid({"file": [f"is longer than {SECONDS_MAX} seconds"]})
    return intake.keep(taken, workspace_id=workspace_id)


@transaction.atomic
def begin(*, asset: Asset, workspace_id: int, now: datetime) -> Inspection:
    """Queue a clip that was taken in to be looked at.

    :raises NotFound: it ended in the meantime
    """
    store.keep_for_good([asset.pk])
    made = Inspection.objects.create(
        workspace_id=workspace_id, asset=asset, status=Status.QUEUED, next_at=now, created_at=now,
        deadline=now + timedelta(hours=settings.QUEUE_HOURS_MAX),
    )  # fmt: skip
    outbox.announce(TOPIC, ref=made.pk)
    return made


def get(*, workspace_id: int, inspection_id: int, everywhere: Sequence[int] = ()) -> Inspection:
    """
    :raises NotFound: no such inspection in this workspace, nor in those of `everywhere`
    """
    found = Inspection.objects.filter(pk=inspection_id, workspace_id__in=everywhere or [workspace_id]).first()
    if found is None:
        raise NotFound
    return found


def run(*, inspection_id: int, worker: str, now: datetime) -> None:
    """Describe a clip if its inspection can be claimed."""

    def work(attempt: int, pulse: Pulse) -> None:
        inspection = Inspection.objects.select_related("asset").get(pk=inspection_id)
        with folder_of(Inspection, pk=inspection_id, attempt=attempt) as folder:
            description = _described(store.bring(inspection.asset, into=folder), pulse)
        _end(inspection_id, attempt, Status.SUCCEEDED, now=timezone.now(), description=description)

    attempts.run(INSPECTIONS, pk=inspection_id, worker=worker, now=now, work=work)


def sweep(*, now: datetime) -> None:
    """Bring back inspections whose worker went silent, end those that died three times or waited too long, forget
    the old.
    """
    for job in lease.sweep(Inspection, topic=TOPIC, now=now):
        _exhausted(job.pk, job.attempt)
    overdue = Inspection.objects.filter(status=Status.QUEUED, deadline__lt=now)
    for pk, attempt in overdue.values_list("pk", "attempt")[: lease.BATCH]:
        _end(pk, attempt, Status.FAILED, now=now, error="Nobody could look at this clip in time.")
    Inspection.objects.filter(ended_at__lt=now - KEPT_FOR).delete()


def _described(path: Path, pulse: Pulse) -> str:
    """One line a shot: `SS-SS - text`, in seconds."""
    from engines.motion import cuts  # noqa: PLC0415  loads OpenCV, in a worker

    def go_on() -> None:
        if pulse.lost.is_set():
            raise Cancelled("Cancelled.")

    return "\n".join(_line(shot) for shot in cuts.shots(path, go_on))


def _line(shot: Any) -> str:
    start, end = int(shot.start), max(int(shot.start) + 1, round(shot.end))
    return f"{start:02d}-{end:02d} - {inspections.shot(shot.look, shot.camera)}"


def _end(inspection_id: int, attempt: int, status: Status, *, now: datetime, **fields: str) -> None:
    """The file is needed no more, however it ended."""
    with transaction.atomic():
        held = Inspection.objects.filter(pk=inspection_id, attempt=attempt).exclude(status=Status.SUCCEEDED)
        if held.update(status=status, ended_at=now, lease_until=None, next_at=None, progress=1.0, **fields):
            outbox.done(TOPIC, ref=inspection_id)
            asset_ids = Inspection.objects.filter(pk=inspection_id).values_list("asset_id", flat=True)
            store.retire(list(asset_ids), now=now)


def _refused(inspection_id: int, attempt: int, error: Exception) -> None:
    _end(inspection_id, attempt, Status.FAILED, now=timezone.now(), error=str(error))


def _exhausted(inspection_id: int, attempt: int) -> None:
    _end(inspection_id, attempt, Status.FAILED, now=timezone.now(), error="The clip could not be looked at.")


INSPECTIONS = Kind(
    model=Inspection, topic=TOPIC, cancelled=Cancelled, retryable=Retryable, refusals=(Rejected,), refuse=_refused,
    exhaust=_exhausted,
)  # fmt: skip
