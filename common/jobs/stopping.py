"""How a worker stops rendering: it begins nothing new, and what takes too long gives its prompt back, instead of dying
and letting the lease run out.
"""

from __future__ import annotations

import mmap
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = mmap.mmap(-1, 1)  # one byte that a worker and the children it forks have in common


class Stopped(BaseException):
    """This process was told to end. No error of the render's: nothing but `pipeline` may catch it."""


def begin_nothing_new() -> None:
    """Said once by the worker, for all its children; messages that they still hold are announced again elsewhere."""
    _ENDING[0] = 1


def is_ending() -> bool:
    return bool(_ENDING[0])


@contextmanager
def stopped_by_sigterm() -> Iterator[None]:
    """SIGTERM raises `Stopped` here, once. Python delivers signals to the main thread only; elsewhere nothing changes.

    :raises Stopped: wherever the code inside happens to be
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one would interrupt the handing back
    raise Stopped
