"""Extend a clip: its own frames first, then a continuation from the last one that keeps its speed at the join."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from engines.base import Desk, Rejected, RenderRequest
from engines.motion import camera, footage, join, measure, photo, sound
from engines.motion.clip import SETUP_SHARE, Check, Filmed, Scene, awaited, check, film
from engines.motion.encode import Format, Writer
from engines.motion.engine import MOST_SAMPLES
from engines.motion.photographed import PhotoScene
from engines.motion.planes import Array, Planes, to_planes, to_rgb
from engines.motion.program import Program

TAIL = 7  # frames at the end from which the speed is taken
SETTLE = 1.2  # seconds in which the old move dies down
STAYS = 0.6  # of the old speed, where the words name no move
MARGIN = (0.008, 0.03)  # of the width, mirrored round the last frame: an outward move comes to rest in it, in .6 s
CRISPER = 0.18  # unsharp; samples between pixels have lost about a fifth of the finest detail
ROOM = {"lnz": 0.34, "roll": 0.05, "px": 0.10, "py": 0.06}  # how far the old move may go on
LEAST = {"lnz": 0.004, "roll": 0.003, "px": 0.003, "py": 0.003}  # per second; below it the old clip stood still
ENOUGH = {"lnz": 0.014, "roll": 0.010, "px": 0.008, "py": 0.006}  # … below it, it was coming to rest


def film_extended(request: RenderRequest, words: Program, desk: Desk, format_: Format) -> Filmed:
    """The old frames, then `request.frames` new ones; the result has both. `joined` tells how:

    "packets" where the old clip is one that this engine could have written: every old frame stays bit for bit;
    "encoded" where it is not: the old frames were encoded again.

    :raises Rejected: the clip can't be read, or both together would be too long
    :raises Cancelled: nothing is left then
    """
    assert request.driving is not None
    begun = time.monotonic()
    old = footage.count(request.driving, request.fps)
    total = old + request.frames
    if total * request.width * request.height > MOST_SAMPLES:
        raise Rejected(f"The clip and {request.frames} frames more, {total} in all, are too long at this size.")
    whole = replace(format_, frames=total)
    scene = _Later(awaited(lambda go_on: _continuation(request, words, go_on), desk))
    bed = awaited(lambda _go_on: sound.bed(request, total), desk) if request.audio else None
    setup = round(time.monotonic() - begun, 3)
    by_packets = join.fits(request.driving, format_, desk.folder)
    path = (_joined if by_packets else _encoded)(request, scene, desk, whole, bed)
    desk.progress(1.0, "rendered")
    timings = {"setup": setup, "render": round(time.monotonic() - begun - setup, 3)}
    return Filmed(path, total, timings | {"joined": "packets" if by_packets else "encoded"})


class _Later:
    """A scene without its frame 0, which the old clip has already shown."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def draw(self, index: int, planes: Planes) -> None:
        self._scene.draw(index + 1, planes)


def _joined(request: RenderRequest, scene: Scene, desk: Desk, whole: Format, bed: Array | None) -> Path:
    assert request.driving is not None
    alone = replace(whole, frames=request.frames)
    new = film(scene, request.frames, format_=alone, desk=desk, name="new.mp4", until=0.97).path
    path = desk.folder / "clip.mp4"
    try:
        join.write(path, (request.driving, new), whole, bed, lambda: check(desk))
    finally:
        new.unlink()
    return path


def _encoded(request: RenderRequest, scene: Scene, desk: Desk, whole: Format, bed: Array | None) -> Path:
    assert request.driving is not None
    path, old = desk.folder / "clip.mp4", whole.frames - request.frames
    before = footage.frames(request.driving, request.fps, most=old)
    with Writer(path, whole, bed) as writer:
        for index in range(whole.frames):
            check(desk)
            frame, planes = writer.blank()
            if index < old:
                _shown(next(before), planes)
            else:
                scene.draw(index - old, planes)
            writer.put(frame)
            desk.progress(SETUP_SHARE + (1 - SETUP_SHARE) * (index + 1) / (whole.frames + 1), "rendering")
        check(desk)
    return path


def _shown(frame: Any, planes: Planes) -> None:
    """A decoded frame as it is where it has the size, else cropped round its middle."""
    rows, columns = planes.y.shape
    if (frame.width, frame.height) == (columns, rows):
        given = footage.planes(frame)
    else:
        given = to_planes(photo.canvas(_rgb(frame), columns, rows, _MIDDLE).view())
    for plane, values in zip(planes, given, strict=True):
        plane[:] = values


def _rgb(frame: Any) -> Array:
    return to_rgb(footage.planes(frame))


_MIDDLE = photo.Focus(0.5, 0.5, 0.0)


# --- the new part -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Tail:
    """How the old clip ends: its last picture, and the camera's speed per second there."""

    rgb: Array
    speed: dict[str, float]


def _continuation(request: RenderRequest, words: Program, go_on: Check) -> PhotoScene:
    tail = _tail(request, go_on)
    moving = any(abs(tail.speed[name]) > LEAST[name] for name in LEAST)
    named = bool(words.camera or words.shake or words.static) and not words.default
    goes_on = not named and any(abs(tail.speed[name]) > ENOUGH[name] for name in ENOUGH)
    if goes_on:  # the old move is the move: the one for want of words would be a second
        words = replace(words, camera=())
    frames = request.frames + 1
    go_on()
    margin = float(np.clip(-0.3 * tail.speed["lnz"], *MARGIN))
    scene = PhotoScene(*_bordered(tail.rgb, margin), words, frames=frames, fps=request.fps, check=go_on)
    if moving:
        seconds = np.arange(frames) / request.fps
        room = ROOM | ({"lnz": 2 * margin} if tail.speed["lnz"] < 0 else {})
        gone = {name: _coasting(speed, seconds, room[name], stays=goes_on) for name, speed in tail.speed.items()}
        scene.carry_on(lambda path: _carried(path, gone))
    return scene


def _tail(request: RenderRequest, go_on: Check) -> _Tail:
    """Median speed of the last frames, each measured against the one before it."""
    assert request.driving is not None
    last = None
    seen: list[tuple[float, Array]] = []
    for at, frame in footage.tail(request.driving, TAIL, go_on):
        height = round(measure.WIDTH * frame.height / frame.width / 2) * 2
        seen.append((at, frame.reformat(width=measure.WIDTH, height=height, format="gray").to_ndarray()))
        last = frame
    assert last is not None
    steps = []
    for (before, a), (after, b) in pairwise(seen):
        moves = measure.track([a, b])
        steps.append([float(getattr(moves, name)[1]) / max(after - before, 1e-3) for name in LEAST])
    speed = np.median(steps[-5:], axis=0) if steps else np.zeros(len(LEAST))
    rgb = photo.canvas(_rgb(last), request.width, request.height, _MIDDLE).view()
    return _Tail(rgb, dict(zip(LEAST, map(float, speed), strict=True)))


def _bordered(rgb: Array, margin: float) -> tuple[photo.Canvas, photo.Focus]:
    """The last frame with a mirrored margin round it, as much crisper as moving it will make it softer."""
    height, width = rgb.shape[:2]
    pixels = 2 * max(1, round(margin * width / 2))
    crisp = cv2.addWeighted(rgb, 1 + CRISPER, cv2.GaussianBlur(rgb, (0, 0), 0.8), -CRISPER, 0)
    wide = cv2.copyMakeBorder(crisp, pixels, pixels, pixels, pixels, cv2.BORDER_REFLECT_101)
    return photo.Canvas(wide, pixels, pixels, width, height), photo.find_focus(rgb)


def _coasting(speed: float, seconds: Array, room: float, *, stays: bool) -> Array:
    """How far a move has gone on: from its full speed down to a share of it, or to rest; never farther than `room`."""
    most = room / max(abs(speed), 1e-9)  # seconds at full speed
    settle = min(SETTLE, most)
    spare = most - settle
    share = float(np.clip(spare / max(seconds[-1] - settle, 1e-9), 0, STAYS)) if stays else 0.0
    return np.asarray(speed * (share * seconds + (1 - share) * settle * (1 - np.exp(-seconds / settle))))


def _carried(path: camera.Path, gone: dict[str, Array]) -> camera.Path:
    """The path with the old move on top, which turns and zooms round the view's centre, not round the path's anchor."""
    ax, ay = path.anchor
    zoom, cos, sin = np.exp(-gone["lnz"]), np.cos(gone["roll"]), np.sin(gone["roll"])
    return replace(
        path, lnz=path.lnz + gone["lnz"], roll=path.roll + gone["roll"],
        px=path.px + gone["px"] - ax + zoom * (cos * ax - sin * ay),
        py=path.py + gone["py"] - ay + zoom * (sin * ax + cos * ay),
    )  # fmt: skip
