"""Light that changes with time, as gains on luma and offsets on chroma."""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion.camera import ease
from engines.motion.chance import generator
from engines.motion.planes import Planes
from engines.motion.program import Program

BLACK, WHITE = 16, 235


class Light:
    """All lights of a program, folded into one look-up table and one colour offset a frame."""

    def __init__(self, words: Program) -> None:
        self._lights, self._seconds = words.light, words.duration
        self._breathes = words.static or "breathe" in words.local
        rng = generator(words.seed, "light")
        self._frequency, self._phase = rng.uniform(2, 9, 6), rng.uniform(0, 2 * np.pi, 6)
        self._flashes = np.sort(rng.uniform(0.15, 0.85, 2)) * words.duration
        self._levels = np.arange(256, dtype=np.float32)

    def apply(self, planes: Planes, seconds: float) -> None:
        gain, du, dv = self.state(seconds)
        if abs(gain - 1) > 1e-4:
            table = np.clip(BLACK + (self._levels - BLACK) * gain, 0, 255).clip(0, max(WHITE, 0))
            cv2.LUT(planes.y, np.rint(table).astype(np.uint8), dst=planes.y)
        for plane, offset in ((planes.u, du), (planes.v, dv)):
            if abs(offset) >= 0.5:
                cv2.LUT(plane, np.clip(np.rint(self._levels + offset), 0, 255).astype(np.uint8), dst=plane)

    def state(self, seconds: float) -> tuple[float, float, float]:
        """Gain of luma round black, offsets of U and V, at a time."""
        gain, du, dv = 1.0, 0.0, 0.0
        e = ease(seconds / max(0.6 * self._seconds, 0.5))
        for kind, amount in self._lights.items():
            if kind == "warm":
                gain, du, dv = gain * (1 - 0.05 * e * amount), du - 11 * e * amount, dv + 9 * e * amount
            elif kind == "night":
                gain, du, dv = gain * (1 - 0.5 * e), du + 9 * e, dv - 7 * e
            elif kind == "day":
                gain *= 1 + 0.14 * e * amount
            else:
                gain *= 1 + amount * self._beat(kind, seconds)
        if self._breathes:
            gain *= 1 + 0.022 * np.sin(2 * np.pi * 0.21 * seconds)
        return float(gain), du, dv

    def _beat(self, kind: str, seconds: float) -> float:
        ramp = ease(seconds / 0.6)
        if kind == "flicker":
            waves = np.sin(2 * np.pi * self._frequency * seconds + self._phase)
            return 0.10 * ramp * float(waves.sum()) / 3
        if kind == "pulse":
            return 0.09 * ramp * float(np.sin(2 * np.pi * 0.5 * seconds))
        since = seconds - self._flashes[self._flashes <= seconds]
        return 0.9 * float(np.exp(-7 * since).sum()) if len(since) else 0.0
