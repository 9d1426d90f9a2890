"""Extend a clip: its own frames first, then a continuation from the last one that keeps its speed at the join."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engines.base import Desk, RenderRequest
from engines.motion import footage, measure, photo, sound
from engines.motion.clip import SETUP_SHARE, Filmed, check
from engines.motion.encode import Format, Writer
from engines.motion.photographed import PhotoScene, stretch
from engines.motion.planes import Array, Planes, to_planes
from engines.motion.program import Program

TAIL = 6  # frames at the end from which the speed is taken
SETTLE = 1.2  # seconds in which the old move dies down
MOST_OLD = 3000


def film_extended(request: RenderRequest, words: Program, desk: Desk, format_: Format) -> Filmed:
    """The old frames, then `request.frames` new ones; the result has both.

    :raises Rejected: the clip can't be read
    :raises Cancelled: nothing is left then
    """
    assert request.driving is not None
    begun = time.monotonic()
    old = min(footage.count(request.driving, request.fps), MOST_OLD)
    total = old + request.frames
    bed = sound.bed(request, total) if request.audio else None
    path, tail = desk.folder / "clip.mp4", _Tail()
    with Writer(path, replace(format_, frames=total), bed) as writer:
        for index, frame in enumerate(_drawn(request, words, writer, tail, old)):
            check(desk)
            writer.put(frame)
            desk.progress(SETUP_SHARE + (1 - SETUP_SHARE) * (index + 1) / (total + 1), "rendering")
        check(desk)
    desk.progress(1.0, "rendered")
    return Filmed(path, total, {"render": round(time.monotonic() - begun, 3)})


class _Tail:
    """The last frames that went by: small and grey for the speed, the very last one whole."""

    def __init__(self) -> None:
        self.greys: list[Array] = []
        self.rgb: Array | None = None

    def see(self, rgb: Array) -> None:
        self.rgb = rgb
        small = photo.shrunk(rgb, measure.WIDTH)
        self.greys = [*self.greys[-(TAIL - 1) :], small.mean(2).astype(np.uint8)]


def _drawn(request: RenderRequest, words: Program, writer: Writer, tail: _Tail, old: int) -> Iterator[object]:
    """Encoder frames, old ones then new ones."""
    assert request.driving is not None
    for index, source in enumerate(footage.frames(request.driving, request.fps, most=old)):
        rgb = photo.canvas(source.to_ndarray(format="rgb24"), request.width, request.height, _MIDDLE).view()
        frame, planes = writer.blank()
        _fill(planes, to_planes(rgb))
        if index >= old - TAIL:
            tail.see(rgb)
        yield frame
    assert tail.rgb is not None
    scene = _continuation(request, words, tail)
    for index in range(1, request.frames + 1):
        frame, planes = writer.blank()
        scene.draw(index, planes)
        yield frame


_MIDDLE = photo.Focus(0.5, 0.5, 0.0)


def _fill(target: Planes, source: Planes) -> None:
    for plane, values in zip(target, source, strict=True):
        plane[:] = values


def _continuation(request: RenderRequest, words: Program, tail: _Tail) -> PhotoScene:
    assert tail.rgb is not None
    view, focus = stretch(tail.rgb, request.width, request.height)
    scene = PhotoScene(view, focus, words, frames=request.frames + 1, fps=request.fps)
    moves = measure.track(tail.greys)
    steps = max(len(moves.lnz) - 1, 1)
    speed = {name: float(getattr(moves, name)[-1]) / steps * request.fps for name in ("lnz", "roll", "px", "py")}
    seconds = np.arange(request.frames + 1) / request.fps
    coast = SETTLE * (1 - np.exp(-seconds / SETTLE))
    scene.carry_on(lambda path: replace(path, **{name: getattr(path, name) + speed[name] * coast for name in speed}))
    return scene
