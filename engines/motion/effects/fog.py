"""Fog: two tileable noise layers that drift against each other, denser towards the horizon."""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion import camera, noise
from engines.motion.chance import generator
from engines.motion.effects import veil
from engines.motion.planes import Array, Planes

_U, _V = 130, 127
_DARKEST, _LIGHTEST = 118, 224  # luma of the fog itself: it takes its light from the picture
MOST = 0.76  # of what is behind it that it may hide


class Fog:
    def __init__(self, amount: float, seed: int, width: int, height: int) -> None:
        rng = generator(seed, "fog")
        self._size = (max(16, width // 8), max(16, height // 8))
        cell = max(2, self._size[1] // 2)
        self._layers = [noise.tileable(rng, self._size[1], 2 * self._size[0], cell, 5, stretch=1.8) for _ in range(2)]
        rows = np.linspace(0, 1, self._size[1], dtype=np.float32)[:, None]
        self._density = min(amount, 1.6) * (0.34 + 0.66 * np.exp(-(((rows - 0.55) / 0.3) ** 2)))

    def apply(self, planes: Planes, path: camera.Path, index: int, seconds: float) -> None:
        if seconds <= 0:
            return
        small = cv2.resize(planes.y, (32, 18), interpolation=cv2.INTER_AREA)
        light = float(np.clip(0.75 * np.percentile(small, 80) + 62, _DARKEST, _LIGHTEST))
        veil.lay(planes, self._alpha(seconds, float(path.px[index])), (light, _U, _V))

    def _alpha(self, seconds: float, pan: float) -> Array:
        near = self._shifted(0, (0.040 * seconds + 0.9 * pan) * self._size[0])
        far = self._shifted(1, (-0.024 * seconds + 0.5 * pan) * self._size[0])
        thick = (0.22 + 1.1 * near * far + 0.35 * near) * self._density * camera.ease(seconds / 1.2)
        return np.asarray((np.minimum(thick, MOST) * 255).astype(np.uint8))

    def _shifted(self, layer: int, columns: float) -> Array:
        """A window of the tile, moved by a fraction of a sample."""
        tile = self._layers[layer]
        x = (np.arange(self._size[0]) + columns) % tile.shape[1]
        whole = x.astype(int)
        share = (x - whole).astype(np.float32)
        left = whole % tile.shape[1]  # the remainder above may be rounded up to all of it
        return np.asarray(tile[:, left] * (1 - share) + tile[:, (left + 1) % tile.shape[1]] * share)
