"""The frame at rest shows the picture exactly, sample for sample."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engines.motion.camera import ease
from engines.motion.planes import Array, Planes

FADE = 0.4  # seconds


class Rest:
    """What a drawn frame lacks of the picture that it has to be: all of it added there, none of it `FADE` away."""

    def __init__(self, draw: Callable[[Planes], None], wanted: Planes, *, frame: int, fps: int) -> None:
        """`draw` draws frame `frame` without effects; `wanted` are the picture's planes."""
        drawn = Planes(*(np.empty(plane.shape, np.uint8) for plane in wanted))
        draw(drawn)
        self._error = [a.astype(np.int16) - b for a, b in zip(wanted, drawn, strict=True)]
        self._frame, self._fps = frame, fps

    def settle(self, planes: Planes, index: int) -> None:
        share = 1 - ease(abs(index - self._frame) / self._fps / FADE)
        if share <= 0:
            return
        for plane, error in zip(planes, self._error, strict=True):
            plane[:] = np.clip(plane + _part(error, share), 0, 255)


def _part(error: Array, share: float) -> Array:
    return error if share == 1 else np.rint(np.float32(share) * error).astype(np.int16)
