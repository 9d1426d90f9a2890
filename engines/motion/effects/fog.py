"""Fog: two tileable noise layers that drift against each other, denser towards the horizon."""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion import camera, noise
from engines.motion.chance import generator
from engines.motion.planes import Array, Planes

_Y, _U, _V = 205, 130, 128


class Fog:
    def __init__(self, amount: float, seed: int, width: int, height: int) -> None:
        rng = generator(seed, "fog")
        self._size = (max(16, width // 8), max(16, height // 8))
        cell = max(2, self._size[1] // 2)
        self._layers = [noise.tileable(rng, 2 * self._size[1], 2 * self._size[0], cell, 5) for _ in range(2)]
        rows = np.linspace(0, 1, self._size[1], dtype=np.float32)[:, None]
        self._density = min(amount, 1.6) * (0.18 + 0.46 * np.exp(-(((rows - 0.55) / 0.3) ** 2)))

    def apply(self, planes: Planes, path: camera.Path, index: int, seconds: float) -> None:
        alpha = self._alpha(seconds, float(path.px[index]))
        height, width = planes.y.shape
        full = cv2.resize(alpha, (width, height), interpolation=cv2.INTER_LINEAR)
        half = cv2.resize(alpha, (width // 2, height // 2), interpolation=cv2.INTER_LINEAR)
        for plane, mask, value in ((planes.y, full, _Y), (planes.u, half, _U), (planes.v, half, _V)):
            veil = cv2.multiply(mask, (float(value), 0, 0, 0), scale=1 / 255)
            cv2.add(cv2.multiply(plane, cv2.bitwise_not(mask), scale=1 / 255), veil, dst=plane)

    def _alpha(self, seconds: float, pan: float) -> Array:
        near = self._shifted(0, (0.035 * seconds + 0.9 * pan) * self._size[0])
        far = self._shifted(1, (-0.021 * seconds + 0.5 * pan) * self._size[0])
        ramp = camera.ease(seconds / 1.2)
        thick = np.clip(0.25 + 0.9 * (near * far) ** 0.5, 0, 1.2) * self._density * ramp
        return np.asarray((np.clip(thick, 0, 0.52) * 255).astype(np.uint8))

    def _shifted(self, layer: int, columns: float) -> Array:
        """A window of the tile, moved by a fraction of a sample."""
        tile = self._layers[layer]
        x = (np.arange(self._size[0]) + columns) % tile.shape[1]
        whole = x.astype(int)
        share, left = (
            (x - whole).astype(np.float32),
            whole % tile.shape[1],
        )  # a remainder may be rounded up to all of it
        rows = tile[: self._size[1]]
        return np.asarray(rows[:, left] * (1 - share) + rows[:, (left + 1) % tile.shape[1]] * share)
