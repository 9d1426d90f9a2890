"""Publishes what the outbox holds. The broker is a doorbell: a message lost there is published again from here."""

from __future__ import annotations

import logging
import os
import queue
import threading
from datetime import datetime, timedelta

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from common.jobs.models import Outbox

log = logging.getLogger(__name__)
BATCH = 200
DELAY_MAX = timedelta(minutes=5)

_waiting: queue.SimpleQueue[tuple[str, int]] = queue.SimpleQueue()
_ringer: tuple[int, threading.Thread] | None = None  # with the process that started it: threads do not survive a fork
_ringer_lock = threading.Lock()


def publish(topic: str, ref: int) -> bool:
    """Hand one message to the broker, once; a broker that is down is no error, because the outbox row stays."""
    try:
        # Without the two texts Celery makes them itself, by an inspection that takes a quarter of the sending.
        current_app.send_task(topic, kwargs={"ref": ref}, retry=False, argsrepr="()", kwargsrepr=f"{{'ref': {ref}}}")
    except Exception:  # noqa: BLE001  every transport has its own family of errors
        log.warning("broker did not take %s %s; the relay will try again", topic, ref)
        return False
    return True


def wake(topic: str, ref: int) -> None:
    """Publish now or soon. A folder takes a message faster than two threads take turns at the interpreter; any other
    broker gets it from a thread of its own, because a slow one must not slow an accepted request.
    """
    if settings.CELERY_BROKER_URL.startswith("filesystem://"):
        publish(topic, ref)
        return
    _waiting.put((topic, ref))
    _start_ringer()


def _start_ringer() -> None:
    global _ringer  # noqa: PLW0603  one thread a process
    with _ringer_lock:
        if _ringer is None or _ringer[0] != os.getpid() or not _ringer[1].is_alive():
            thread = threading.Thread(target=_ring, name="doorbell", daemon=True)
            _ringer = (os.getpid(), thread)
            thread.start()


def _ring() -> None:
    while True:
        publish(*_waiting.get())


def run_due(*, now: datetime) -> int:
    """Publish every row that is due and move it on with a doubling delay; the number published."""
    rows = Outbox.objects.filter(next_at__lte=now).order_by("next_at")
    if not rows.exists():  # a look takes no write lock, which on SQLite there is only one of
        return 0
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        due = list(rows[:BATCH])
        for row in due:
            row.next_at = now + min(timedelta(seconds=2 * 2 ** min(row.tries, 10)), DELAY_MAX)
            Outbox.objects.filter(pk=row.pk).update(next_at=row.next_at, tries=F("tries") + 1)
    # After commit: a publish that fails leaves the row, whose turn comes again.
    return sum(publish(row.topic, row.ref) for row in due)
