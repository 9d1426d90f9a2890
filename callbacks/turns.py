"""How many things of one name may be done at once in this process."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    def __init__(self, *, limit: int) -> None:
        self._limit = limit
        self._taken: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, name: str) -> Iterator[bool]:
        """Whether there was a turn to be had; it is given back at the end. Nobody waits here."""
        with self._lock:
            mine = self._taken[name] < self._limit
            self._taken[name] += mine
        try:
            yield mine
        finally:
            self._give_back(name, mine=mine)

    def _give_back(self, name: str, *, mine: bool) -> None:
        with self._lock:
            self._taken[name] -= mine
            if not self._taken[name]:
                del self._taken[name]  # names come from strangers and must not pile up
