"""Clips as input: frames at the output's rate, one after the other, never all in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from engines.base import Rejected
from engines.motion.encode import view
from engines.motion.planes import Array, Planes


@dataclass(frozen=True)
class Facts:
    """What a clip is: pixels, frames a second, how many there are at that rate, and what its file says of itself."""

    width: int
    height: int
    fps: Fraction
    frames: int
    title: str
    comment: str


def facts(path: Path) -> Facts:
    """:raises Rejected: not a clip"""
    with _opened(path) as container:
        stream, said = container.streams.video[0], container.metadata
        width, height, fps = stream.width, stream.height, Fraction(stream.average_rate or 24)
        title, comment = said.get("title", ""), said.get("comment", "")
    return Facts(width, height, fps, count(path, fps), title, comment)


def times(path: Path) -> tuple[list[Fraction], Fraction]:
    """When each frame is shown, from 0, in order, and when the last one ends, in seconds; read without decoding.

    :raises Rejected: not a clip
    """
    with _opened(path) as container:
        stream = container.streams.video[0]
        base = stream.time_base or Fraction(1, 1000)
        marks = sorted(packet.pts for packet in container.demux(stream) if packet.pts is not None)
    if not marks:
        raise Rejected("The clip has no frames.")
    shown = [(mark - marks[0]) * base for mark in marks]
    usual = shown[-1] / (len(shown) - 1) if len(shown) > 1 else Fraction(1, 24)
    return shown, shown[-1] + usual


def count(path: Path, fps: int | Fraction) -> int:
    """How many frames `frames` will give."""
    _shown, end = times(path)
    return max(1, round(end * fps))


def frames(path: Path, fps: int | Fraction, *, most: int) -> Iterator[Any]:
    """PyAV frames of a clip, resampled to `fps`: for each moment the frame shown then.

    :raises Rejected: not a clip
    """
    wanted, given = min(count(path, fps), most), 0
    shown, _end = times(path)
    with _opened(path) as container:
        current = None
        decoded = container.decode(video=0)
        for index, frame in enumerate(decoded):
            until = shown[index + 1] if index + 1 < len(shown) else None
            current = frame
            while given < wanted and (until is None or Fraction(given, fps) < until):
                yield current
                given += 1
            if given >= wanted:
                return
        while current is not None and given < wanted:
            yield current
            given += 1


def planes(frame: Any) -> Planes:
    """A decoded frame's planes; they share its memory where it is 4:2:0 already."""
    return Planes(*map(view, frame.reformat(format="yuv420p").planes))


def tail(path: Path, frames: int, check: Callable[[], None]) -> list[tuple[float, Any]]:
    """The last `frames` PyAV frames with their seconds, in order; `check` may raise between two that are decoded.

    :raises Rejected: not a clip
    """
    shown, _end = times(path)
    wanted = shown[max(0, len(shown) - frames)]
    with _opened(path) as container:
        stream = container.streams.video[0]
        base = stream.time_base or Fraction(1, 1000)
        start = stream.start_time or 0
        container.seek(int(wanted / base) + start, stream=stream)
        last: deque[tuple[float, Any]] = deque(maxlen=frames)
        for frame in container.decode(video=0):
            check()
            if frame.pts is not None:
                last.append((float((frame.pts - start) * base), frame))
    if not last:
        raise Rejected("The clip has no frames.")
    return list(last)


def greys(path: Path, fps: int, *, most: int, width: int) -> Iterator[Array]:
    """The same frames, grey and `width` pixels wide."""
    for frame in frames(path, fps, most=most):
        height = max(16, round(frame.height * width / frame.width / 2) * 2)
        yield frame.reformat(width=width, height=height, format="gray").to_ndarray()


def _opened(path: Path) -> Any:
    try:
        container = av.open(str(path))
    except (av.error.FFmpegError, OSError) as error:
        raise Rejected("The clip can't be read.") from error
    if not container.streams.video:
        container.close()
        raise Rejected("The clip has no picture.")
    return container
