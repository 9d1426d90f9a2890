"""Two cores: what OpenCV would do on one of them, or not share well, handed out piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")


def shared(work: Callable[[Item], Made], items: Sequence[Item]) -> list[Made]:
    """What `work` makes of each item, in their order; two are worked on at a time. The first error is raised."""
    with ThreadPoolExecutor(2, thread_name_prefix="core") as pool:
        return list(pool.map(work, items))
