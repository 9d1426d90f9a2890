"""Parts of a finished frame that move by themselves: water, leaves, clouds of a painted scene."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from engines.motion import camera
from engines.motion.draw import CELL, Box, Displace, Grid
from engines.motion.planes import Array, Planes
from engines.motion.tiles import TILE, rectangles

_LEAST = 0.02  # pixels; what moves less stays
_CRISPER = np.array([[-0.07, 1.14, -0.07]], np.float32)  # as much as sampling between pixels softens, on average


class Stir:
    """Warps only where something moves: of a landscape with a lake, the lake."""

    def __init__(self, displace: Displace, width: int, height: int) -> None:
        self._displace, self._view = displace, (width, height)
        self._grid = Grid(width, height, step=1, phase=0, view=self._view)

    def apply(self, planes: Planes, path: camera.Path, frame: int, seconds: float) -> None:
        x, y = camera.locate(path, frame, self._grid.u, self._grid.v, _flat, rounds=0)
        zoom = np.float32(np.exp(path.lnz[frame]) * self._view[0])
        dx, dy = (zoom * offset for offset in self._displace(x, y, seconds))
        windows = rectangles(_moving(np.maximum(np.abs(dx), np.abs(dy)) > _LEAST, self._view), self._view)
        if not windows:
            return
        crisp = cv2.sepFilter2D(planes.y, -1, _CRISPER, _CRISPER, borderType=cv2.BORDER_REFLECT_101)
        uv = cv2.merge([planes.u, planes.v, planes.u, planes.v])  # OpenCV warps four faster than two
        for left, top, right, bottom in windows:
            by = self._grid.part(dx, dy, (left, top, right, bottom))
            to = by + _places((left, top, right, bottom))
            moved = cv2.remap(crisp, to, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
            planes.y[top:bottom, left:right] = moved
            half = (left // 2, top // 2, right // 2, bottom // 2)
            to = np.float32(0.5) * by[::2, ::2] + _places(half)
            moved = cv2.remap(uv, to, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
            for k, plane in enumerate(planes[1:]):
                cv2.extractChannel(moved, k, dst=plane[half[1] : half[3], half[0] : half[2]])


def _moving(cells: Array, view: tuple[int, int]) -> Array:
    """Tiles of the view that hold a moving cell, or one beside it: what lies between two cells is mixed of both."""
    near = cv2.dilate(cells.astype(np.uint8), np.ones((3, 3), np.uint8))[1:-1, 1:-1]
    across, down = (-(-size // TILE) for size in view)
    each = TILE // CELL
    padded = np.zeros((down * each, across * each), bool)
    padded[: near.shape[0], : near.shape[1]] = near
    return np.asarray(padded.reshape(down, each, across, each).any(axis=(1, 3)))


def _flat(x: Array, _y: Array) -> Array:
    return np.zeros(np.shape(x))


@lru_cache(maxsize=32)
def _places(box: Box) -> Array:
    left, top, right, bottom = box
    return np.dstack(np.meshgrid(np.arange(left, right, dtype=np.float32), np.arange(top, bottom, dtype=np.float32)))
