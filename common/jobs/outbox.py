"""Announcements: the only way in which a lower floor tells a higher one that something happened."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.db import connection, transaction
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
    with connection.cursor() as cursor:  # the ORM would take as long as the rest of an acceptance's SQL
        cursor.execute(
            "INSERT INTO jobs_outbox (topic, ref, next_at, tries, created_at) VALUES (%s, %s, %s, 0, %s)",
            [topic, ref, *(connection.ops.adapt_datetimefield_value(moment) for moment in (at or now + GRACE, now))],
        )
    if at is None or at <= now:
        transaction.on_commit(partial(relay.wake, topic, ref))


def done(topic: str, *, ref: int) -> None:
    """Delete the message, in the transaction of the work it asked for."""
    Outbox.objects.filter(topic=topic, ref=ref).delete()
