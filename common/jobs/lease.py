"""One lease machine for prompts, trainings and deliveries.

It alone moves a job between queued and running; every other status is written by the room's `lifecycle`. A claim is
a conditional UPDATE: one changed row means "mine". The attempt number fences: who lost the lease writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.functions import Cast

from common.jobs import outbox
from common.jobs.models import JobFields, Outbox, Status

STRIKES = 3
BATCH = 100
ORPHAN_AFTER = timedelta(seconds=60)


def _lease() -> timedelta:
    return timedelta(seconds=settings.LEASE_S)


def claim(model: type[JobFields], *, pk: int, worker: str, now: datetime) -> int | None:
    """Take a queued job whose time has come, or one whose worker went silent. The attempt number, or None."""
    expired = Q(status=Status.RUNNING, lease_until__lt=now, strikes__lt=STRIKES - 1)
    ready = Q(status=Status.QUEUED, strikes__lt=STRIKES) & (Q(next_at=None) | Q(next_at__lte=now))
    with transaction.atomic():
        taken = model._default_manager.filter(expired | ready, pk=pk).update(
            strikes=Case(When(status=Status.RUNNING, then=F("strikes") + 1), default=F("strikes")),
            status=Status.RUNNING,
            attempt=F("attempt") + 1,
            lease_until=now + _lease(),
            worker=worker[:80],
        )
        if not taken:
            return None
        return int(model._default_manager.values_list("attempt", flat=True).get(pk=pk))


def beat(model: type[JobFields], *, pk: int, attempt: int, now: datetime, **fields: Any) -> bool:
    """Keep the lease, and write other columns by the way; False when it is no longer ours (taken over, cancelled,
    ended).
    """
    return write(model, pk=pk, attempt=attempt, lease_until=now + _lease(), **fields)


def write(model: type[JobFields], *, pk: int, attempt: int, **fields: Any) -> bool:
    """Change columns of a job that we still hold."""
    held = model._default_manager.filter(pk=pk, status=Status.RUNNING, attempt=attempt)
    return bool(held.update(**fields))


def hand_back(model: type[JobFields], *, topic: str, pk: int, attempt: int, next_at: datetime, strike: bool) -> bool:
    """Give a job that we hold back to the queue until `next_at`; a strike says that the attempt died of it."""
    with transaction.atomic():
        given = write(
            model,
            pk=pk,
            attempt=attempt,
            status=Status.QUEUED,
            next_at=next_at,
            lease_until=None,
            strikes=F("strikes") + (1 if strike else 0),
        )
        if given:
            outbox.announce(topic, ref=pk, at=next_at)
    return given


@dataclass(frozen=True)
class Exhausted:
    """A job that used up its strikes; the room's lifecycle ends it."""

    pk: int
    attempt: int


def sweep(model: type[JobFields], *, topic: str, now: datetime) -> list[Exhausted]:
    """Take back expired leases and re-announce queued jobs that nobody announces; returns the jobs to be ended."""
    _take_back(model, topic=topic, now=now)
    _adopt_orphans(model, topic=topic, now=now)
    dead = model._default_manager.filter(
        Q(status=Status.RUNNING, lease_until__lt=now, strikes__gte=STRIKES - 1)
        | Q(status=Status.QUEUED, strikes__gte=STRIKES)
    )
    return [Exhausted(pk, attempt) for pk, attempt in dead.values_list("pk", "attempt")[:BATCH]]


def _take_back(model: type[JobFields], *, topic: str, now: datetime) -> None:
    silent = Q(status=Status.RUNNING, lease_until__lt=now, strikes__lt=STRIKES - 1)
    for pk in model._default_manager.filter(silent).values_list("pk", flat=True)[:BATCH]:
        with transaction.atomic():
            if model._default_manager.filter(silent, pk=pk).update(
                status=Status.QUEUED, next_at=now, lease_until=None, strikes=F("strikes") + 1
            ):
                outbox.announce(topic, ref=pk)


def _adopt_orphans(model: type[JobFields], *, topic: str, now: datetime) -> None:
    announced = Outbox.objects.filter(topic=topic, ref=Cast(OuterRef("pk"), models.BigIntegerField()))
    overdue = Q(next_at=None) | Q(next_at__lt=now - ORPHAN_AFTER)  # None: may be claimed at any time
    lost = model._default_manager.filter(overdue, ~Exists(announced), status=Status.QUEUED, strikes__lt=STRIKES)
    for pk in lost.values_list("pk", flat=True)[:BATCH]:
        outbox.announce(topic, ref=pk)


__all__ = ["STRIKES", "Exhausted", "beat", "claim", "hand_back", "sweep", "write"]
