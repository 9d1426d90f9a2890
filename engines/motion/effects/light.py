"""Light that changes with time, as gains on luma and offsets on chroma.

What is the same everywhere is one look-up table. What depends on the place is worked out on a small picture of the
frame itself, so that it stays with what it belongs to while the camera moves: lamps, flames, the sky.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from engines.motion.camera import ease
from engines.motion.chance import generator
from engines.motion.planes import Array, Planes
from engines.motion.program import Program

BLACK, WHITE = 16, 235
COLUMNS = 80  # of the small picture
_PLACED = ("warm", "night", "flicker")


class _Small(NamedTuple):
    """The frame, 80 samples wide: luma in levels, chroma about 0."""

    y: Array
    u: Array
    v: Array


class Light:
    """All lights of a program."""

    def __init__(self, words: Program) -> None:
        self._lights, self._seconds = words.light, words.duration
        self._breathes = words.static or "breathe" in words.local
        rng = generator(words.seed, "light")
        self._frequency, self._phase = rng.uniform(2, 9, (2, 6)), rng.uniform(0, 2 * np.pi, (2, 6))
        self._flashes = np.sort(rng.uniform(0.15, 0.85, 2)) * words.duration
        self._whose = rng.random((4, 7), dtype=np.float32)  # which of the two waves a flame follows
        self._levels = np.arange(256, dtype=np.float32)

    def apply(self, planes: Planes, seconds: float) -> None:
        if seconds <= 0:
            return
        if any(kind in self._lights for kind in _PLACED):
            self._apply_placed(planes, seconds)
        gain, dull = self.gain(seconds), 0.0
        if "night" in self._lights:  # without sun nothing shines: what is bright loses most
            dull = 0.30 * self._evening(seconds)
        if abs(gain - 1) > 1e-4 or dull:
            levels = self._levels - dull * np.maximum(self._levels - 80, 0)
            table = np.clip(BLACK + (levels - BLACK) * gain, 0, WHITE)
            cv2.LUT(planes.y, np.rint(table).astype(np.uint8), dst=planes.y)

    def gain(self, seconds: float) -> float:
        """What all of the picture gains round black at a time."""
        gain = 1.0
        if "day" in self._lights:
            gain *= 1 + 0.16 * self._lights["day"] * self._evening(seconds)
        if "pulse" in self._lights:
            gain *= 1 + 0.09 * self._lights["pulse"] * ease(seconds / 0.6) * float(np.sin(np.pi * seconds))
        if "lightning" in self._lights:
            since = seconds - self._flashes[self._flashes <= seconds]
            gain *= 1 + 0.9 * self._lights["lightning"] * float(np.exp(-7 * since).sum())
        if self._breathes:
            gain *= 1 + 0.022 * float(np.sin(2 * np.pi * 0.21 * seconds))
        return gain

    def _evening(self, seconds: float) -> float:
        return ease(seconds / max(0.8 * self._seconds, 0.5))

    # --- what depends on the place ------------------------------------------------------------------------------------

    def _apply_placed(self, planes: Planes, seconds: float) -> None:
        size = (COLUMNS, max(8, round(COLUMNS * planes.y.shape[0] / planes.y.shape[1])))
        y, u, v = (cv2.resize(plane, size, interpolation=cv2.INTER_AREA).astype(np.float32) for plane in planes)
        small = _Small(y, u - 128, v - 128)
        gain, du, dv = np.ones_like(y), np.zeros_like(y), np.zeros_like(y)
        for kind, amount in self._lights.items():
            if kind in _PLACED:
                more, u_more, v_more = getattr(self, f"_{kind}")(small, amount, seconds)
                gain, du, dv = gain * more, du + u_more, dv + v_more
        _gained(planes.y, gain)
        _shifted(planes.u, du)
        _shifted(planes.v, dv)

    def _warm(self, small: _Small, amount: float, seconds: float) -> tuple[Array, Array, Array]:
        """A low sun: what is bright glows, what lies in the shade falls back."""
        e = self._evening(seconds) * amount
        glow = np.clip((cv2.GaussianBlur(small.y, (0, 0), 2.5) - 80) / 110, 0, 1)
        return 1 + e * (0.05 * glow - 0.22 * (1 - glow)), -(9 + 10 * glow) * e, (7 + 9 * glow) * e

    def _night(self, small: _Small, amount: float, seconds: float) -> tuple[Array, Array, Array]:
        """Dark, the sky most of all; colours fade into blue; lamps stay, and stay warm."""
        e = min(self._evening(seconds) * min(amount, 1.2), 1.0)
        rows = np.linspace(0, 1, len(small.y), dtype=np.float32)[:, None]
        dark = 0.50 + 0.16 * (1 - rows)
        lamps = cv2.GaussianBlur(_lamps(small), (0, 0), 0.8)
        pale = 0.65 * e * (1 - lamps)
        return (
            1 - e * dark * (1 - lamps) + 0.28 * e * lamps,
            -pale * small.u + e * (7 * (1 - lamps) - 5 * lamps),
            -pale * small.v + e * (-5 * (1 - lamps) + 6 * lamps),
        )

    def _flicker(self, small: _Small, amount: float, seconds: float) -> tuple[Array, Array, Array]:
        """Flames and lamps where there are any, with their glow on what is round them; else a breath of all light."""
        waves = np.sin(2 * np.pi * self._frequency * seconds + self._phase).sum(1) / 3
        whose = cv2.resize(self._whose, small.y.shape[::-1], interpolation=cv2.INTER_CUBIC)
        wave = (waves[0] * whose + waves[1] * (1 - whose)) * amount * ease(seconds / 0.6)
        flames = _flames(small)
        everywhere = 0.25 * max(0.0, 1 - float(flames.mean()) / 0.004)
        near = np.clip(0.55 * flames + 1.3 * cv2.GaussianBlur(flames, (0, 0), 5) + everywhere, 0, 1)
        return 1 + 0.22 * wave * near, -2.5 * wave * near, 2.0 * wave * near


def _lamps(small: _Small) -> Array:
    """Small, warm and brighter than what is round it; 0…1."""
    beside = small.y - cv2.GaussianBlur(small.y, (0, 0), 6)
    return np.asarray(
        np.clip((beside - 18) / 30, 0, 1)
        * np.clip((small.y - 125) / 45, 0, 1)
        * np.clip((small.v - small.u - 20) / 18, 0, 1)
    )


def _flames(small: _Small) -> Array:
    """Warm and bright, as fire and lamps are; 0…1."""
    return np.asarray(np.clip((small.y - 115) / 55, 0, 1) * np.clip((small.v - small.u - 26) / 22, 0, 1))


def _gained(plane: Array, gain: Array) -> None:
    """Times a small map of gains, about black."""
    full = cv2.resize(gain, (plane.shape[1], plane.shape[0]), interpolation=cv2.INTER_LINEAR)
    cv2.subtract(plane, (BLACK, 0, 0, 0), dst=plane)
    cv2.multiply(plane, full, dst=plane, dtype=cv2.CV_8U)
    cv2.min(plane, WHITE - BLACK, dst=plane)
    cv2.add(plane, (BLACK, 0, 0, 0), dst=plane)


def _shifted(plane: Array, offset: Array) -> None:
    """Plus a small map of offsets."""
    full = cv2.resize(offset, (plane.shape[1], plane.shape[0]), interpolation=cv2.INTER_LINEAR)
    cv2.add(plane, full, dst=plane, dtype=cv2.CV_8U)
