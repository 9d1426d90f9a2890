"""Motion blur: a fast move is drawn at several moments of an open shutter, and these are averaged.

Without it, fast moves strobe. Slow frames cost nothing more.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from engines.motion import camera
from engines.motion.planes import Planes

SHUTTER = 0.5  # of a frame's time, centred on it: 180°
_SPEEDS = (7.0, 12.0, 20.0)  # of a corner, in pixels a frame: two, three and four moments from these on
Draw = Callable[[Planes, camera.Path, int], None]


def shuttered(draw: Draw, planes: Planes, path: camera.Path, frame: int) -> None:
    """Draw a frame as `draw(planes, path, frame)` does, blurred where the camera is fast.

    `draw` must not look at the path's length: the moments between frames are paths of one frame.
    """
    count = moments(path, frame, planes.y.shape[1], planes.y.shape[0])
    if count == 1:
        draw(planes, path, frame)
        return
    other = Planes(*(np.empty(plane.shape, np.uint8) for plane in planes))
    for number in range(count):
        moment = path.at(frame + SHUTTER * ((number + 0.5) / count - 0.5))
        draw(other if number else planes, moment, 0)
        if number:
            for plane, more in zip(planes, other, strict=True):
                cv2.addWeighted(plane, number / (number + 1), more, 1 / (number + 1), 0, dst=plane)


def moments(path: camera.Path, frame: int, width: int, height: int) -> int:
    """How many moments a frame is drawn at; the first and the last frame are never blurred."""
    if not 0 < frame < path.frames - 1:
        return 1
    return 1 + sum(speed(path, frame, width, height) >= least for least in _SPEEDS)


def speed(path: camera.Path, frame: int, width: int, height: int) -> float:
    """Of the fastest corner of the view, in pixels a frame."""
    half = 0.5 * height / width
    u, v = np.array([[-0.5, 0.5, -0.5, 0.5]]), np.array([[-half, -half, half, half]])
    before, after = (
        np.stack(camera.locate(path.at(moment), 0, u, v, _flat, rounds=0)) for moment in (frame - 0.5, frame + 0.5)
    )
    return float(np.hypot(*(after - before)).max()) * width


def _flat(x: camera.Array, _y: camera.Array) -> camera.Array:
    return np.zeros(np.shape(x))
