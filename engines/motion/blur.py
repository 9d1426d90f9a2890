"""Motion blur: a fast move is drawn at several moments of an open shutter, and these are averaged.

Without it, fast moves strobe. Slow frames cost nothing more.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from engines.motion import camera
from engines.motion.planes import Array, Planes

SHUTTER = 0.5  # of a frame's time, centred on it: 180°
_SPEEDS = (7.0, 12.0, 20.0)  # of a corner, in pixels a frame: two, three and four moments from these on
Draw = Callable[[Planes, camera.Path, int], None]


class Shutter:
    """Draws the frames of one path, blurred where the camera is fast. The first and the last frame never are."""

    def __init__(self, path: camera.Path, width: int, height: int) -> None:
        self._path = path
        fast = speeds(path, width, height)
        self.moments = 1 + np.searchsorted(_SPEEDS, fast, side="right")  # at which each frame is drawn
        self.moments[[0, -1]] = 1

    def expose(self, draw: Draw, planes: Planes, frame: int) -> None:
        """A frame as `draw(planes, path, frame)` draws it; the moments between frames are paths of one frame."""
        count = int(self.moments[frame])
        if count == 1:
            draw(planes, self._path, frame)
            return
        other = Planes(*(np.empty(plane.shape, np.uint8) for plane in planes))
        for number in range(count):
            moment = self._path.at(frame + SHUTTER * ((number + 0.5) / count - 0.5))
            draw(other if number else planes, moment, 0)
            if number:
                for plane, more in zip(planes, other, strict=True):
                    cv2.addWeighted(plane, number / (number + 1), more, 1 / (number + 1), 0, dst=plane)


def speeds(path: camera.Path, width: int, height: int) -> Array:
    """Of the fastest corner of the view in every frame, in pixels a frame."""
    half = 0.5 * height / width
    u, v = np.array([[-0.5, 0.5, -0.5, 0.5]]), np.array([[-half, -half, half, half]])
    corners = np.stack(camera.locate(path, slice(None), u, v, _flat, rounds=0))
    return np.asarray(width * np.hypot(*np.gradient(corners, axis=1)).max(axis=1)) if path.frames > 1 else np.zeros(1)


def _flat(x: Array, _y: Array) -> Array:
    return np.zeros(np.shape(x))
