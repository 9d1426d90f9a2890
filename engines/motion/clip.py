"""Draw frame after frame into the encoder, and stop when told to."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

import av

from engines.base import Cancelled, Desk
from engines.motion.encode import Format, Writer
from engines.motion.planes import Array, Planes

SETUP_SHARE = 0.1  # of the progress bar
LANES = 2  # frames drawn at the same time: one frame alone can't be shared evenly between the cores
Result = TypeVar("Result")
Check = Callable[[], None]


class Scene(Protocol):
    """Anything that can be filmed: built once, then a pure function of the frame's number."""

    def draw(self, index: int, planes: Planes) -> None:
        """Fill all three planes with frame `index`; other frames are drawn at the same time, in other threads."""


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


def awaited(work: Callable[[Check], Result], desk: Desk) -> Result:
    """What `work` gives, done in a thread beside while the desk is asked often; long steps can't ask it themselves.

    `work` is handed what it may call between its steps: that raises once its result is of no use any more.

    :raises Cancelled: the work ends by itself
    """
    unwanted = threading.Event()

    def go_on() -> None:
        if unwanted.is_set():
            raise Cancelled("Cancelled.")

    pool = ThreadPoolExecutor(1, thread_name_prefix="beside")
    try:
        done = pool.submit(work, go_on)
        while True:
            with contextlib.suppress(TimeoutError):
                return done.result(timeout=0.05)
            check(desk)
    finally:
        unwanted.set()
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
    with Writer(path, format_, sound) as writer, _drawing(scene, frames, writer) as drawn:
        for index, frame in enumerate(drawn):
            check(desk)  # waiting for a frame may take a while, and so may waiting for the encoder
            writer.put(frame)
            check(desk)
            desk.progress(SETUP_SHARE + (until - SETUP_SHARE) * (index + 1) / (frames + 1), "rendering")
        writer.finish(lambda: check(desk))
    desk.progress(until, "rendered")
    return Filmed(path, frames, {"render": round(time.monotonic() - begun, 3)})


@contextlib.contextmanager
def _drawing(scene: Scene, frames: int, writer: Writer) -> Iterator[Iterator[av.VideoFrame]]:
    """The frames in order, as they are finished. At the end nothing is being drawn any more."""
    pool = ThreadPoolExecutor(LANES, thread_name_prefix="drawing")
    ahead: deque[tuple[av.VideoFrame, Future[None]]] = deque()

    def finished() -> av.VideoFrame:
        frame, drawn = ahead.popleft()
        drawn.result()
        return frame

    def in_order() -> Iterator[av.VideoFrame]:
        for index in range(frames):
            frame, planes = writer.blank()
            ahead.append((frame, pool.submit(scene.draw, index, planes)))
            if len(ahead) > LANES:
                yield finished()
        while ahead:
            yield finished()

    try:
        yield in_order()
    finally:
        pool.shutdown(cancel_futures=True)
