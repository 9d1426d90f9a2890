"""What can be told of a clip by measuring it: where it cuts, and of each shot its camera, light, colours and faces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from engines.motion import footage, looks, measure
from engines.motion.planes import Array

FPS = 6  # that is looked at
MOST = 60 * FPS  # frames
CUT_BELOW = 0.55  # correlation of two neighbours' histograms,
CUT_ABOVE = 0.09  # together with the mean difference of their lightness, of 1
SHORTEST = 3  # frames of a shot
MOVED, ZOOMED, ROLLED = 0.05, 0.06, 0.05  # view widths, ln, radians over a shot: less is standing still


@dataclass(frozen=True)
class Shot:
    """Seconds from the clip's begin; `look` is that of its middle frame (`looks.seen`)."""

    start: float
    end: float
    camera: str
    look: dict[str, Any]


def shots(path: Path, check: Callable[[], None] = lambda: None) -> list[Shot]:
    """The clip's shots, in order; `check` is called between frames and may raise.

    :raises Rejected: not a clip
    """
    frames = list(_small(path, check))
    bounds = [0, *_cuts(frames), len(frames)]
    found = []
    for start, end in pairwise(bounds):
        check()
        shot = frames[start:end]
        middle = looks.seen(shot[len(shot) // 2])
        found.append(Shot(start / FPS, end / FPS, _camera(shot), middle))
    return found


def _small(path: Path, check: Callable[[], None]) -> Iterator[Array]:
    for frame in footage.frames(path, FPS, most=MOST):
        check()
        height = max(16, round(frame.height * measure.WIDTH / frame.width / 2) * 2)
        yield frame.reformat(width=measure.WIDTH, height=height, format="rgb24").to_ndarray()


def _cuts(frames: list[Array]) -> list[int]:
    """The first frames of new shots: where colours and lightness change at once."""
    cuts: list[int] = []
    before = _histogram(frames[0])
    for number in range(1, len(frames)):
        now = _histogram(frames[number])
        alike = cv2.compareHist(before, now, cv2.HISTCMP_CORREL)
        step = float(cv2.absdiff(frames[number], frames[number - 1]).mean()) / 255
        if alike < CUT_BELOW and step > CUT_ABOVE and number - (cuts[-1] if cuts else 0) >= SHORTEST:
            cuts.append(number)
        before = now
    return [cut for cut in cuts if len(frames) - cut >= SHORTEST]


def _histogram(rgb: Array) -> Array:
    hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)
    return np.asarray(cv2.calcHist([hsv], [0, 1, 2], None, [12, 4, 6], [0, 180, 0, 256, 0, 256]))


def _camera(shot: list[Array]) -> str:
    """How the camera moves over the shot, in the words of prompts: "pan left", "zoom in", "static"."""
    moves = measure.track(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY) for rgb in shot)
    found = [
        (abs(moves.px[-1]) / MOVED, "pan right" if moves.px[-1] > 0 else "pan left"),
        (abs(moves.py[-1]) / MOVED, "tilt down" if moves.py[-1] > 0 else "tilt up"),
        (abs(moves.lnz[-1]) / ZOOMED, "zoom in" if moves.lnz[-1] > 0 else "zoom out"),
        (abs(moves.roll[-1]) / ROLLED, "roll"),
    ]
    named = [words for strength, words in sorted(found, reverse=True) if strength >= 1]
    return " and ".join(named[:2]) or "static"
