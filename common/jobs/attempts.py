"""One attempt at a job that an engine works on: claimed, done under a heartbeat, and brought to one of its ends.

A worker may die at any line: the lease brings the job back, the attempt number keeps a late one from writing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from common.jobs import lease, outbox
from common.jobs.models import JobFields, Status
from common.jobs.pulse import Pulse
from common.jobs.stopping import Stopped, is_ending, stopped_by_sigterm

log = logging.getLogger(__name__)
RETRY_AFTER = timedelta(seconds=10)  # doubled by every attempt
RETRY_AFTER_MAX = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of jobs: its table, which also has `started_at`, `progress` and `stage`, and how it ends badly."""

    model: type[JobFields]
    topic: str
    cancelled: type[Exception]  # somebody took the job from us, or the attempt ran out of time
    retryable: type[Exception]  # may work later, and is nobody's fault
    refusals: tuple[type[Exception], ...]  # will never work
    refuse: Callable[[int, int, Exception], object]  # (pk, attempt, error)
    exhaust: Callable[[int, int], object]  # (pk, attempt): all attempts died


def run(kind: Kind, *, pk: int, worker: str, now: datetime, work: Callable[[int, Pulse], None]) -> None:
    """Do `work` (attempt, pulse) if the job can be claimed; else see to it that nobody is told to try in vain."""
    attempt = None if is_ending() else _claim(kind, pk, worker=worker, now=now)
    if attempt is None:
        return
    with Pulse(kind.model, pk=pk, attempt=attempt) as pulse:
        try:
            with stopped_by_sigterm():
                work(attempt, pulse)
        except Stopped:  # a deploy is no fault of the job's: no strike, and whoever is free goes on at once
            _hand_back(kind, pk, attempt, next_at=timezone.now(), strike=False)
        except kind.cancelled:
            if not pulse.lost.is_set():
                log.warning("%s %s, attempt %s ran out of time", kind.topic, pk, attempt)
                _again(kind, pk, attempt, strike=True)
        except kind.refusals as error:
            kind.refuse(pk, attempt, error)
        except kind.retryable as error:
            log.warning("%s %s, attempt %s: %s", kind.topic, pk, attempt, error)
            _again(kind, pk, attempt, strike=False)
        except Exception:  # a defect, a full disk, a missing file: the next attempt may be luckier
            log.exception("%s %s, attempt %s died", kind.topic, pk, attempt)
            _again(kind, pk, attempt, strike=True)


def _claim(kind: Kind, pk: int, *, worker: str, now: datetime) -> int | None:
    """The announcement ends with the claim: from here on the lease covers the job."""
    with transaction.atomic():
        attempt = lease.claim(kind.model, pk=pk, worker=worker, now=now)
        queued = kind.model._default_manager.filter(pk=pk, status=Status.QUEUED).exists()
        if not queued:
            outbox.done(kind.topic, ref=pk)
        if attempt is not None:
            lease.write(kind.model, pk=pk, attempt=attempt, started_at=now, progress=0.0, stage="starting")
        return attempt


def _again(kind: Kind, pk: int, attempt: int, *, strike: bool) -> None:
    """Back to the queue for a while; after the third strike, the end."""
    strikes = kind.model._default_manager.values_list("strikes", flat=True).get(pk=pk)
    if strike and strikes + 1 >= lease.STRIKES:
        kind.exhaust(pk, attempt)
        return
    delay = min(RETRY_AFTER * 2 ** min(attempt - 1, 10), RETRY_AFTER_MAX)
    _hand_back(kind, pk, attempt, next_at=timezone.now() + delay, strike=strike)


def _hand_back(kind: Kind, pk: int, attempt: int, *, next_at: datetime, strike: bool) -> None:
    lease.hand_back(kind.model, topic=kind.topic, pk=pk, attempt=attempt, next_at=next_at, strike=strike)
