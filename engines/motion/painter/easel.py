"""What every scene paints with: the canvas, the palette, one light direction, and a few brushes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from engines.motion import noise
from engines.motion.painter.palettes import Palette, mix, ramp
from engines.motion.planes import Array

Tone = Array


@dataclass(frozen=True)
class Layer:
    """RGB and alpha (None: opaque) of a part of the canvas, at one depth: 0 far … 1 near.

    `at`: left and top of the part on the canvas, in even pixels; the rest of the canvas is empty.
    """

    rgb: Array
    alpha: Array | None
    depth: float
    drift: float = 0.0  # views a second; the layer is then as wide as the canvas and repeats sideways
    at: tuple[int, int] = (0, 0)


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
    lands: bool = False  # something will stand on the ground of the scene
    weather: frozenset[str] = frozenset()  # "rain", "storm", "snow", "fog"
    check: Callable[[], None] = field(default=lambda: None)  # asked before each layer; may raise

    def says(self, *words: str) -> bool:
        return bool(self.words & set(words))

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    @property
    def unit(self) -> float:
        """Pixels per 1/1000 of the height: strokes are drawn in it, so that every size looks alike."""
        return self.height / 1000

    @property
    def side(self) -> int:
        """Where the light comes from: −1 left, 1 right."""
        return -1 if self.sun[0] < 0.5 else 1

    @property
    def covered(self) -> bool:
        """Clouds all over the sky: no sun, no stars."""
        return bool(self.weather & {"rain", "storm"}) or (self.foggy and self.palette.dark < 0.5)

    @property
    def foggy(self) -> bool:
        return "fog" in self.weather

    @property
    def wet(self) -> bool:
        return bool(self.weather & {"rain", "storm"})

    @property
    def snowy(self) -> bool:
        return "snow" in self.weather

    def aerial(self, near: float, shade: float = 0.0) -> Array:
        """The colour of a body at a distance: far → near, then towards haze; `shade` < 0 darker, > 0 lighter."""
        p = self.palette
        body = mix(
            mix(p.far, p.near, near**1.25), p.haze, 0.85 * (1 - near) if self.foggy else 0.55 * (1 - near) ** 1.6
        )
        return mix(body, p.sun if shade > 0 else np.zeros(3), abs(shade))

    @property
    def ground(self) -> Array:
        return self.covered_with_snow(self.palette.ground)

    def covered_with_snow(self, tone: Array) -> Array:
        """What a ground looks like after snowfall; without any, as it is."""
        if not self.snowy:
            return tone
        return mix(tone, mix(np.array([238.0, 243.0, 250.0]), self.palette.far, 0.55 * self.palette.dark), 0.86)

    def strip(self, top: float = 0.0, bottom: float = 1.0) -> Strip:
        """The rows between two heights (shares): what is not seen is not painted."""
        self.check()
        first = int(np.clip(top, 0, 0.98) * self.height) // 2 * 2
        last = min(self.height, -(-int(np.clip(bottom, 0.02, 1) * self.height) // 2) * 2)
        return Strip(self, first, max(last - first, 2))


@dataclass(frozen=True)
class Strip:
    """Some rows of the canvas, `first` and `height` in pixels; cells of noise are in shares of the canvas's height."""

    easel: Easel
    first: int
    height: int

    @property
    def rows(self) -> Array:
        """Heights, 0 at the canvas's top … 1: a column."""
        span = np.arange(self.first, self.first + self.height, dtype=np.float32)
        return np.asarray(span[:, None] / np.float32(self.easel.height))

    @property
    def columns(self) -> Array:
        """0 at the left … 1: a row."""
        return np.linspace(0, 1, self.easel.width, dtype=np.float32)[None, :]

    def noise(self, cell: float, octaves: int = 4, *, stretch: float = 1.0, gain: float = 0.5) -> Array:
        self.easel.check()
        high = cell * self.easel.height
        return noise.value(self.easel.rng, self.height, self.easel.width, high, octaves, stretch=stretch, gain=gain)

    def lit(self, cell: float, octaves: int = 5, *, stretch: float = 1.0, gain: float = 0.58) -> Array:
        """Relief as seen under the sun: −1 (in shade) … 1 (lit), for facets of rock, foliage and clouds."""
        field_ = self.noise(cell, octaves, stretch=stretch, gain=gain)
        slope = cv2.addWeighted(
            cv2.Sobel(field_, cv2.CV_32F, 1, 0, ksize=3), -float(self.easel.side),
            cv2.Sobel(field_, cv2.CV_32F, 0, 1, ksize=3), 0.6, 0,
        )  # fmt: skip
        return np.asarray(np.tanh(slope / np.float32(max(float(np.std(slope[::2, ::2])), 1e-6))))

    def below(self, line: Array) -> Array:
        """Alpha of everything under a line (a share of the height for each column), with a smooth edge."""
        edge = (line.astype(np.float32) - np.float32(self.first / self.easel.height)) * self.easel.height
        steep = np.hypot(1, np.gradient(edge)).astype(np.float32)  # else steep edges would show their pixels
        away = (np.arange(self.height, dtype=np.float32)[:, None] - edge[None, :]) / steep[None, :]
        return np.asarray(cv2.multiply(away + np.float32(0.5), 255.0, dtype=cv2.CV_8U))

    def layer(self, rgb: Array, alpha: Array | None, depth: float) -> Layer:
        return Layer(finished(rgb), alpha, depth, at=(0, self.first))

    def plain(self, tone: Array) -> Array:
        rgb = np.empty((self.height, self.easel.width, 3), np.uint8)
        rgb[:] = np.round(tone)
        return rgb

    def glow(self, at: tuple[float, float], radius: float) -> Array:
        """1 at a place (shares), falling off with `radius` (share of the height)."""
        coarse = 4
        x = np.arange(0, self.easel.width + coarse, coarse, dtype=np.float32) - at[0] * self.easel.width
        y = (
            np.arange(self.first, self.first + self.height + coarse, coarse, dtype=np.float32)
            - at[1] * self.easel.height
        )
        small = np.exp(-np.hypot(x[None, :], y[:, None]) / np.float32(radius * self.easel.height))
        step = np.array([[1 / coarse, 0, 0], [0, 1 / coarse, 0]], np.float32)
        return np.asarray(
            cv2.warpAffine(small, step, (self.easel.width, self.height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        )


def finished(rgb: Array) -> Array:
    """Levels 0…255 as bytes."""
    return rgb if rgb.dtype == np.uint8 else np.asarray(cv2.addWeighted(rgb, 1, rgb, 0, 0, dtype=cv2.CV_8U))


def two_tone(dark: Array, light: Array, share: Array) -> Array:
    """A picture between two colours; through a table, since OKLab for each pixel would take a second."""
    return _through(mix(dark, light, np.linspace(0, 1, 256)), share)


def gradient(stops: Array, share: Array) -> Array:
    """A picture along several colours, 0…1."""
    return _through(ramp(stops, np.linspace(0, 1, 256)), share)


def _through(table: Array, share: Array) -> Array:
    index = cv2.multiply(share.astype(np.float32, copy=False), 255.0, dtype=cv2.CV_8U)
    return np.asarray(cv2.LUT(cv2.merge([index] * 3), table.astype(np.float32)[:, None, :]))


def over(rgb: Array, tone: Array, share: Array) -> Array:
    """`rgb` towards a colour, or towards another picture, by a share for each pixel."""
    other = np.empty_like(rgb)
    other[:] = tone
    share = np.ascontiguousarray(np.clip(np.broadcast_to(share, rgb.shape[:2]), 0, 1), np.float32)
    return np.asarray(cv2.blendLinear(rgb, other, 1 - share, share))


def flattened(layers: Sequence[Layer]) -> Array:
    """All layers as one picture of the canvas; the first is opaque."""
    flat = layers[0].rgb.copy()
    for layer in layers[1:]:
        if layer.alpha is not None:
            left, top = layer.at
            window = flat[top : top + layer.rgb.shape[0], left : left + layer.rgb.shape[1]]
            share = cv2.merge([layer.alpha] * 3)
            below = cv2.multiply(window, cv2.bitwise_not(share), scale=1 / 255)
            cv2.add(below, cv2.multiply(layer.rgb, share, scale=1 / 255), dst=window)
    return flat


def stamp(easel: Easel) -> tuple[Array, Array]:
    """An empty layer to draw shapes on: RGB and alpha."""
    easel.check()
    return np.zeros((easel.height, easel.width, 3), np.uint8), np.zeros((easel.height, easel.width), np.uint8)


def polygon(target: tuple[Array, Array], points: Array, tone: Array, alpha: int = 255) -> None:
    """Points in pixels; anti-aliased. Where nothing was drawn, the colour goes a little further: no dark rim shows."""
    fixed = np.round(points * 16).astype(np.int32)
    rgb, mask = target
    colour = tuple(float(c) for c in tone)
    left, top = np.maximum(fixed.min(axis=0) // 16 - 2, 0).tolist()
    right, bottom = (fixed.max(axis=0) // 16 + 3).tolist()
    bare = mask[top:bottom, left:right] == 0
    if bare.any():
        edge = np.zeros(bare.shape, np.uint8)
        cv2.polylines(edge, [fixed - np.array([left, top]) * 16], True, 255, 2, cv2.LINE_8, 4)
        rgb[top:bottom, left:right][bare & (edge > 0)] = np.round(tone)
    cv2.fillPoly(rgb, [fixed], colour, cv2.LINE_AA, 4)
    cv2.fillPoly(mask, [fixed], alpha, cv2.LINE_AA, 4)


def disc(target: tuple[Array, Array], at: tuple[float, float], radius: float, tone: Array) -> None:
    """A filled circle, in pixels; edges as `polygon`'s."""
    where, size = (round(at[0] * 16), round(at[1] * 16)), round(radius * 16)
    cv2.circle(target[0], where, size + 8, tuple(float(c) for c in tone), -1, cv2.LINE_8, 4)
    cv2.circle(target[1], where, size, 255, -1, cv2.LINE_AA, 4)


def cropped(layer: Layer) -> Layer:
    """Without the empty rows and columns around, but for a clear rim of two pixels inside the canvas."""
    if layer.alpha is None or layer.drift:
        return layer
    x, y, width, height = cv2.boundingRect(layer.alpha)
    left, top = max(x - 2, 0) // 2 * 2, max(y - 2, 0) // 2 * 2
    right = min(-(-(x + width + 2) // 2) * 2, layer.alpha.shape[1])
    bottom = min(-(-(y + height + 2) // 2) * 2, layer.alpha.shape[0])
    window = (slice(top, max(bottom, top + 2)), slice(left, max(right, left + 2)))
    at = (layer.at[0] + left, layer.at[1] + top)
    return replace(
        layer, rgb=np.ascontiguousarray(layer.rgb[window]), alpha=np.ascontiguousarray(layer.alpha[window]), at=at
    )
