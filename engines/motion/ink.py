"""A sheet to draw people on: smooth shapes, soft ovals and strands, with their coverage."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from engines.motion.planes import Array

Point = tuple[float, float]
Tone = tuple[float, float, float]
HEIGHT, WIDTH = 768, 640
_FINE = 2  # drawn larger and reduced: smooth edges


class Sheet:
    """A picture and its coverage, drawn in shares of the width: (0, 0) is the top left, x to 1, y to 1.2."""

    def __init__(self) -> None:
        self.rgb = np.zeros((HEIGHT * _FINE, WIDTH * _FINE, 3), np.uint8)
        self.alpha = np.zeros((HEIGHT * _FINE, WIDTH * _FINE), np.uint8)

    def _fixed(self, points: Array) -> Array:
        return np.round(np.asarray(points) * WIDTH * _FINE * 16).astype(np.int32)

    def shape(self, points: Sequence[Point], tone: Tone, *, on: Array | None = None) -> Array:
        """A smooth closed shape; `on` keeps it inside a mask. Gives its own mask."""
        mask = np.zeros_like(self.alpha)
        cv2.fillPoly(mask, [self._fixed(spline(points))], 255, cv2.LINE_AA, 4)
        if on is not None:
            mask = cv2.min(mask, on)
        self.blend(mask, tone)
        self.alpha = cv2.max(self.alpha, mask)
        return mask

    def oval(
        self, at: Point, axes: Point, tone: Tone, *, on: Array | None = None, soft: float = 0.0, strength: float = 1.0
    ) -> None:
        mask = np.zeros_like(self.alpha)
        centre, size = self._fixed(np.array(at)), self._fixed(np.array(axes))
        cv2.ellipse(mask, centre.tolist(), size.tolist(), 0, 0, 360, round(255 * strength), -1, cv2.LINE_AA, 4)
        if soft:
            mask = _softened(mask, soft * WIDTH * _FINE)
        self.blend(mask if on is None else cv2.min(mask, on), tone)

    def line(self, points: Sequence[Point], tone: Tone, width: float) -> None:
        mask = np.zeros_like(self.alpha)
        curve = self._fixed(spline(points, closed=False))
        cv2.polylines(mask, [curve], False, 255, max(1, round(width * WIDTH * _FINE)), cv2.LINE_AA, 4)
        self.blend(mask, tone)

    def strand(self, points: Sequence[Point], tone: Tone, *, on: Array, strength: int, width: int) -> None:
        """A lock of hair that stays inside a mask; `strength` 0…255, `width` in fine pixels."""
        mask = np.zeros_like(self.alpha)
        cv2.polylines(mask, [self._fixed(spline(points, closed=False))], False, strength, width, cv2.LINE_AA, 4)
        self.blend(cv2.min(mask, on), tone)

    def blend(self, mask: Array, tone: Tone) -> None:
        x, y, width, height = cv2.boundingRect(mask)
        window = (slice(y, y + height), slice(x, x + width))
        share = mask[window][..., None].astype(np.float32) / 255
        under = self.rgb[window]
        self.rgb[window] = (under + (np.array(tone, np.float32) - under) * share).astype(np.uint8)

    def finished(self, light: int, height: int) -> tuple[Array, Array]:
        """One soft light from a side, then reduced to size."""
        columns = np.linspace(-1, 1, self.rgb.shape[1], dtype=np.float32)[None, :, None]
        rgb = np.clip(self.rgb * (1.0 + 0.09 * light * columns), 0, 255).astype(np.uint8)
        size = (round(height * WIDTH / HEIGHT), height)
        return (
            np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)),
            np.asarray(cv2.resize(self.alpha, size, interpolation=cv2.INTER_AREA)),
        )


def _softened(mask: Array, sigma: float) -> Array:
    """A wide blur, made at a smaller size where nobody can see the difference."""
    shrink = int(max(1, sigma / 4))
    size = (mask.shape[1] // shrink, mask.shape[0] // shrink)
    small = cv2.GaussianBlur(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), (0, 0), sigma / shrink)
    return np.asarray(cv2.resize(small, mask.shape[::-1], interpolation=cv2.INTER_CUBIC))


def spline(points: Sequence[Point], *, closed: bool = True, steps: int = 14) -> Array:
    """A Catmull-Rom curve through the points."""
    p = np.array(points, np.float64)
    padded = np.vstack([p[-1:], p, p[:2]]) if closed else np.vstack([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    parts = []
    for k in range(len(padded) - 3):
        a, b, c, d = padded[k : k + 4]
        parts.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.vstack([*parts, padded[-2][None]])


def shade(tone: Tone, share: float) -> Tone:
    """Towards a warm dark (negative) or white (positive)."""
    goal = (255.0, 250.0, 240.0) if share > 0 else (40.0, 16.0, 24.0)
    return (
        tone[0] + (goal[0] - tone[0]) * abs(share),
        tone[1] + (goal[1] - tone[1]) * abs(share),
        tone[2] + (goal[2] - tone[2]) * abs(share),
    )
