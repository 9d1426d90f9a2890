"""The process that keeps time: it publishes what is due and takes back what went silent.

Two plain loops in threads, no beat and no schedule table. On Postgres several schedulers may run; an advisory lock
lets one of them work at a time.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils import timezone

from callbacks import delivery
from common.idempotency import keys
from common.jobs import relay
from media import expiry, slots
from prompts import lifecycle
from tunes import expiry as tune_expiry
from tunes import footage
from tunes import lifecycle as tunes

log = logging.getLogger(__name__)
RELAY_S = 1.0
_LOCK = 0x0A57_71A5  # any number that no other advisory lock of this database uses

SWEEPS: tuple[Callable[..., object], ...] = (
    lifecycle.sweep, tunes.sweep, footage.sweep, delivery.sweep, keys.purge, expiry.sweep, slots.sweep,
    tune_expiry.sweep,
)  # fmt: skip


class Scheduler:
    """`start` and `stop` the two loops."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._loop, args=(publish_due, RELAY_S), name="relay", daemon=True),
            threading.Thread(target=self._loop, args=(sweep, settings.SWEEP_S), name="sweeper", daemon=True),
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=10)

    def _loop(self, work: Callable[[datetime], None], every_s: float) -> None:
        while True:
            try:
                work(timezone.now())
            except Exception:  # the database may be away for a moment; the next round looks again
                log.exception("%s failed", work.__name__)
                connection.close()
            if self._stop.wait(every_s):
                connection.close()
                return


def publish_due(now: datetime) -> None:
    relay.run_due(now=now)


def sweep(now: datetime) -> None:
    """Every room's sweep; one that fails does not keep the others from theirs."""
    with _alone() as alone:
        if not alone:
            return
        for work in SWEEPS:
            try:
                work(now=now)
            except Exception:
                log.exception("%s.%s failed", work.__module__, work.__name__)


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether this scheduler is the one to work now; on SQLite there is only one."""
    if connection.vendor != "postgresql":
        yield True
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        alone = bool(cursor.fetchone()[0])
        try:
            yield alone
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
