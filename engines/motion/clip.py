"""Draw frame after frame into the encoder, and stop when told to."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from engines.base import Cancelled, Desk
from engines.motion.encode import Format, Writer
from engines.motion.planes import Array, Planes

SETUP_SHARE = 0.1  # of the progress bar
Result = TypeVar("Result")


class Scene(Protocol):
    """Anything that can be filmed: built once, then a pure function of the frame's number."""

    def draw(self, index: int, planes: Planes) -> None:
        """Fill all three planes with frame `index`."""


@dataclass
class Filmed:
    """What came of it; `report` becomes part of the result."""

    path: Path
    frames: int
    report: dict[str, Any] = field(default_factory=dict)


def check(desk: Desk) -> None:
    """:raises Cancelled: the caller said so, or time is up"""
    if desk.cancelled():
        raise Cancelled("Cancelled.")
    if time.monotonic() > desk.deadline:
        raise Cancelled("Rendering took longer than it may.")


def awaited(work: Callable[[], Result], desk: Desk) -> Result:
    """What `work` gives, done in a thread beside while the desk is asked; for long work that asks nothing itself.

    :raises Cancelled: the work, of no use any more, ends by itself
    """
    pool = ThreadPoolExecutor(1, thread_name_prefix="beside")
    try:
        done = pool.submit(work)
        while True:
            with contextlib.suppress(TimeoutError):
                return done.result(timeout=0.05)
            check(desk)
    finally:
        pool.shutdown(wait=False)


def film(
    scene: Scene,
    frames: int,
    *,
    format_: Format,
    desk: Desk,
    sound: Array | None = None,
    name: str = "clip.mp4",
    until: float = 1.0,
) -> Filmed:
    """Draw `frames` frames of a scene and encode them as they come; `until` is the progress at the end of it.

    :raises Cancelled: nothing is left in the folder then
    """
    path, begun = desk.folder / name, time.monotonic()
    with Writer(path, format_, sound) as writer:
        for index in range(frames):
            check(desk)
            frame, planes = writer.blank()
            scene.draw(index, planes)
            writer.put(frame)
            desk.progress(SETUP_SHARE + (until - SETUP_SHARE) * (index + 1) / (frames + 1), "rendering")
        check(desk)
    desk.progress(until, "rendered")
    return Filmed(path, frames, {"render": round(time.monotonic() - begun, 3)})
