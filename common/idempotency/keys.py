"""The same request twice has one effect and one answer (reliability.md §4).

The row goes in first, inside the work's own transaction: a twin waits on the unique index until the first commits,
then replays; a crash or refusal rolls the row back, so that a retry simply runs.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from common.errors import Busy, InFlight, Invalid, KeyReused
from common.idempotency.models import IdempotencyKey

KEPT = timedelta(hours=48)
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL: lock_timeout ran out

# SQLite's busy handler sleeps without fairness, so that the threads of one process queue up here first.
_turn = threading.Lock()


@dataclass(frozen=True)
class Answer:
    """What goes back over HTTP: a JSON text under a status."""

    status: int
    body: str
    replayed: bool = False


def check_key(key: str | None) -> str | None:
    """
    :raises Invalid: not 1–255 visible ASCII characters
    """
    if key is not None and not _KEY.fullmatch(key):
        raise Invalid({"base": ["Idempotency-Key must be 1 to 255 visible ASCII characters"]})
    return key


def replay(*, workspace_id: int, key: str, fingerprint: str) -> Answer | None:
    """The stored answer, if this request has been answered before.

    :raises KeyReused: the key came with another request
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fingerprint, status, body FROM idempotency_idempotencykey WHERE workspace_id = %s AND key = %s",
            [workspace_id, key],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    if row[0] != fingerprint:
        raise KeyReused("This Idempotency-Key was used for a different request.")
    return Answer(row[1], row[2], replayed=True)


def once(*, workspace_id: int, key: str | None, fingerprint: str, work: Callable[[], Answer]) -> Answer:
    """Run `work` in one transaction, and with a key at most once; a refusal raised in it rolls everything back.

    :raises KeyReused: the key came with another request
    :raises InFlight: a twin held the row for more than LOCK_WAIT_S
    :raises Busy: no key, and the database's write lock was not to be had in that time
    """
    try:
        with _write_turn(), transaction.atomic():
            if key is None:
                return work()
            if not _insert(workspace_id, key, fingerprint):
                first = replay(workspace_id=workspace_id, key=key, fingerprint=fingerprint)
                assert first is not None, "the unique index saw a committed row"
                return first
            answer = work()
            _fill(workspace_id, key, answer)
            return replace(answer, replayed=False)
    except OperationalError as error:
        if _lock_ran_out(error):
            raise _too_long(key) from error
        raise


def purge(*, now: datetime) -> int:
    """Forget keys after 48 h, a thousand at a time."""
    old = IdempotencyKey.objects.filter(created_at__lt=now - KEPT).values_list("pk", flat=True)[:1000]
    return IdempotencyKey.objects.filter(pk__in=list(old)).delete()[0]


def _insert(workspace_id: int, key: str, fingerprint: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO idempotency_idempotencykey (workspace_id, key, fingerprint, status, body, created_at)"
            " VALUES (%s, %s, %s, 0, '', %s) ON CONFLICT DO NOTHING",
            [workspace_id, key, fingerprint, timezone.now()],
        )
        return bool(cursor.rowcount)


def _fill(workspace_id: int, key: str, answer: Answer) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE idempotency_idempotencykey SET status = %s, body = %s WHERE workspace_id = %s AND key = %s",
            [answer.status, answer.body, workspace_id, key],
        )


@contextmanager
def _write_turn() -> Iterator[None]:
    if not settings.ON_SQLITE:
        yield
        return
    if not _turn.acquire(timeout=settings.LOCK_WAIT_S):
        raise OperationalError("database is locked")
    try:
        yield
    finally:
        _turn.release()


def _lock_ran_out(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) == _LOCK_NOT_AVAILABLE or "locked" in str(error)


def _too_long(key: str | None) -> InFlight | Busy:
    if key is None:
        return Busy("The server is busy; try again in a moment.")
    return InFlight("A request with this Idempotency-Key is still being worked on.")
