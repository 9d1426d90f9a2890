"""The thread that keeps a running job's lease, writes its progress, and notices when it is no longer ours."""

from __future__ import annotations

import logging
import threading
from typing import Self

from django.db import DatabaseError, connection
from django.utils import timezone

from common.jobs import lease
from common.jobs.models import JobFields

log = logging.getLogger(__name__)
EVERY_S = 1.0  # progress is written at most this often


class Pulse:
    """The job needs columns `progress` (0…1) and `stage` beside those of `JobFields`."""

    def __init__(self, model: type[JobFields], *, pk: int, attempt: int) -> None:
        self.model, self.pk, self.attempt = model, pk, attempt
        self.lost = threading.Event()
        self._state: tuple[float, str] = (0.0, "")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"pulse-{pk}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(timeout=10)

    def note(self, fraction: float, stage: str) -> None:
        """What the next beat will write; cheap enough for every frame."""
        self._state = (min(max(fraction, 0.0), 1.0), stage)

    def _run(self) -> None:
        try:
            while not self._stop.wait(EVERY_S) and not self.lost.is_set():
                self._beat()
        finally:
            connection.close()

    def _beat(self) -> None:
        fraction, stage = self._state
        try:
            held = lease.beat(
                self.model,
                pk=self.pk,
                attempt=self.attempt,
                now=timezone.now(),
                progress=fraction,
                stage=stage[:40],
            )
        except DatabaseError:
            # One missed beat is harmless; the lease is many of them long.
            log.warning("%s %s: heartbeat was not written", self.model.__name__, self.pk, exc_info=True)
            connection.close()
            return
        if not held:
            self.lost.set()
