"""What every scene paints with: the canvas, the palette, one light direction, and a few brushes."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from engines.motion import noise
from engines.motion.painter.palettes import Palette, mix, ramp
from engines.motion.planes import Array


@dataclass(frozen=True)
class Layer:
    """RGB and alpha (None: opaque) of the whole canvas, at one depth: 0 far … 1 near."""

    rgb: Array
    alpha: Array | None
    depth: float
    drift: float = 0.0  # views a second; the layer then repeats sideways


@dataclass(frozen=True)
class Easel:
    """A canvas of `width`×`height`; everything is placed in shares of it. The sun stands at `sun`, shares too."""

    rng: np.random.Generator
    palette: Palette
    width: int
    height: int
    horizon: float
    sun: tuple[float, float]
    words: frozenset[str]
    named: frozenset[str] = frozenset()  # things that will stand in the scene

    def says(self, *words: str) -> bool:
        return bool(self.words & set(words))

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    @property
    def unit(self) -> float:
        """Pixels per 1/1000 of the height: strokes are drawn in it, so that every size looks alike."""
        return self.height / 1000

    def aerial(self, near: float, shade: float = 0.0) -> Array:
        """The colour of a body at a distance: far → near, then towards haze; `shade` < 0 darker, > 0 lighter."""
        p = self.palette
        body = mix(mix(p.far, p.near, near**1.25), p.haze, 0.55 * (1 - near) ** 1.6)
        return mix(body, p.sun if shade > 0 else np.zeros(3), abs(shade))


def flat(easel: Easel, tone: Array) -> Array:
    return np.broadcast_to(tone, (easel.height, easel.width, 3)).astype(np.float32).copy()


def finished(rgb: Array) -> Array:
    return np.clip(rgb, 0, 255).astype(np.uint8)


def below(easel: Easel, line: Array) -> Array:
    """Alpha of everything under a line (a share of the height for each column), with a smooth edge."""
    rows = np.arange(easel.height, dtype=np.float32)[:, None]
    return np.asarray(
        (np.clip(rows - line[None, :].astype(np.float32) * easel.height + 0.5, 0, 1) * 255).astype(np.uint8)
    )


def two_tone(dark: Array, light: Array, share: Array) -> Array:
    """A picture between two colours; through a table, since OKLab for each pixel would take a second."""
    table = mix(dark, light, np.linspace(0, 1, 256)).astype(np.float32)
    return np.asarray(table[(np.clip(share, 0, 1) * 255).astype(np.uint8)])


def gradient(stops: Array, share: Array) -> Array:
    table = ramp(stops, np.linspace(0, 1, 512)).astype(np.float32)
    return np.asarray(table[(np.clip(share, 0, 1) * 511).astype(np.int32)])


def lit(easel: Easel, cell: float, octaves: int = 5, *, stretch: float = 1.0, gain: float = 0.58) -> Array:
    """Relief as seen under the sun: −1 (in shade) … 1 (lit), for facets of rock, foliage and clouds."""
    field = noise.value(easel.rng, easel.height, easel.width, cell, octaves, stretch=stretch, gain=gain)
    side = 1.0 if easel.sun[0] < 0.5 else -1.0
    slope = side * cv2.Sobel(field, cv2.CV_32F, 1, 0, ksize=3) + 0.6 * cv2.Sobel(field, cv2.CV_32F, 0, 1, ksize=3)
    return np.asarray(np.tanh(slope / max(float(np.std(slope)), 1e-6)))


def stamp(easel: Easel) -> tuple[Array, Array]:
    """An empty layer to draw shapes on: RGB and alpha."""
    return np.zeros((easel.height, easel.width, 3), np.uint8), np.zeros((easel.height, easel.width), np.uint8)


def polygon(target: tuple[Array, Array], points: Array, tone: Array, alpha: int = 255) -> None:
    """Points in pixels; anti-aliased in alpha, with the colour a little wider so that no dark rim shows."""
    fixed = np.round(points * 16).astype(np.int32)
    rgb, mask = target
    colour = tuple(float(c) for c in tone)
    cv2.fillPoly(rgb, [fixed], colour, cv2.LINE_8, 4)
    cv2.polylines(rgb, [fixed], True, colour, 2, cv2.LINE_8, 4)
    cv2.fillPoly(mask, [fixed], alpha, cv2.LINE_AA, 4)


def glow(easel: Easel, at: tuple[float, float], radius: float) -> Array:
    """1 at a place (shares), falling off with `radius` (share of the height)."""
    y, x = np.mgrid[0 : easel.height, 0 : easel.width].astype(np.float32)
    dx, dy = x - at[0] * easel.width, y - at[1] * easel.height
    return np.asarray(np.exp(-np.sqrt(dx * dx + dy * dy) / (radius * easel.height)))
