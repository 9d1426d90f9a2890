"""Announcements: the only way in which a lower floor tells a higher one that something happened."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from common.jobs import relay
from common.jobs.models import Outbox

# The accepting process publishes by itself right after commit; the relay steps in for rows that are still there later.
GRACE = timedelta(seconds=2)


def announce(topic: str, *, ref: int, at: datetime | None = None) -> None:
    """Write one message in the caller's transaction, and ring the doorbell once it has committed.

    `at` holds the message back until then (a retry); the relay delivers it.
    """
    now = timezone.now()
    Outbox.objects.create(topic=topic, ref=ref, next_at=at or now + GRACE, created_at=now)
    if at is None or at <= now:
        transaction.on_commit(partial(relay.wake, topic, ref))


def done(topic: str, *, ref: int) -> None:
    """Delete the message, in the transaction of the work it asked for."""
    Outbox.objects.filter(topic=topic, ref=ref).delete()
