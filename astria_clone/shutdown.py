"""How a worker ends: it takes nothing new and finishes what it renders; what takes too long is handed back.

Celery's own soft shutdown always sleeps for its whole time, and then kills the renders, whose prompts would have to
wait for their leases to run out. Its warm shutdown ends with the last task, so only a limit is added to that.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress

from billiard import active_children  # type: ignore[import-untyped]
from django.conf import settings

from common.jobs import stopping


def limit_warm_shutdown(**_about_the_signal: object) -> None:
    """Celery calls this when a worker is told to end."""
    stopping.begin_nothing_new()
    timer = threading.Timer(settings.SHUTDOWN_GRACE_S, _tell_renders)
    timer.daemon = True
    timer.start()


def _tell_renders() -> None:
    """SIGTERM to the worker's children: a render in one of them hands its prompt back and returns."""
    for child in active_children():
        with suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGTERM)
