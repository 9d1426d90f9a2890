"""Trees, shrubs, grass and flowers."""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion import noise
from engines.motion.painter.easel import Easel, Layer, disc, polygon, stamp
from engines.motion.painter.palettes import mix
from engines.motion.planes import Array

WHITE = np.full(3, 255.0)
Target = tuple[Array, Array]


def conifers(easel: Easel, near: float, base: float) -> Layer:
    """A row of firs in silhouette, with a lit side."""
    target = stamp(easel)
    tone = mix(easel.palette.near, easel.palette.leaves[0], 0.35)
    count = int(easel.rng.integers(40, 60))
    for x in np.sort(easel.rng.random(count))[easel.rng.permutation(count)]:
        tall = float(easel.rng.uniform(0.07, 0.20)) * (0.45 + 1.5 * abs(x - 0.5))
        fir(easel, target, (float(x), base + 0.03 * float(easel.rng.random())), tall=tall, tone=tone)
    line = base + 0.05 + 0.012 * noise.profile(easel.rng, easel.width, 0.08 * easel.width, 4)
    rgb, alpha = target
    under = easel.strip().below(line)
    rgb[under > 0] = np.round(easel.covered_with_snow(tone) * 0.9).astype(np.uint8)
    return Layer(rgb, np.maximum(alpha, under), 0.12 + 0.75 * near)


def fir(easel: Easel, target: Target, at: tuple[float, float], *, tall: float, tone: Array) -> None:
    """A tree of drooping tiers, its foot at a place in shares; `tall` is a share of the height."""
    tiers, h = 8, easel.height
    x, base = at[0] * easel.width, at[1] * h
    sides: dict[int, list[tuple[float, float]]] = {-1: [], 1: []}
    for k in range(tiers):
        y = base - tall * h * (1 - k / tiers)
        for side, outline in sides.items():
            wide = 0.19 * tall * h * (k + 1) / tiers * float(easel.rng.uniform(0.8, 1.15))
            outline += [(x + side * 0.35 * wide, y), (x + side * wide, y + 1.35 * tall * h / tiers)]
    tip = (x, base - tall * h * 1.05)
    shade = mix(tone, easel.palette.haze, float(easel.rng.uniform(0.0, 0.18)))
    polygon(target, np.array([tip, *sides[1], *sides[-1][::-1]]), shade)
    lit_side = sides[easel.side]
    light = easel.covered_with_snow(easel.palette.sun)
    polygon(target, np.array([tip, *lit_side, (x, base)]), mix(shade, light, 0.6 if easel.snowy else 0.14))


def copse(easel: Easel, near: float, base: float) -> Layer:
    """A few round trees standing in a field."""
    target = stamp(easel)
    for _ in range(int(easel.rng.integers(4, 8))):
        x, size = float(easel.rng.random()), float(easel.rng.uniform(0.02, 0.05)) * (0.6 + near)
        foot = base + float(easel.rng.uniform(0.0, 0.05))
        crown(easel, target, (x, foot - size * 0.9), size=size, near=near, trunk=foot)
    return Layer(*target, 0.12 + 0.7 * near)


def crown(
    easel: Easel, target: Target, at: tuple[float, float], *, size: float, near: float, trunk: float, leaves: int = 90
) -> None:
    """A tree's crown of leaf clusters, lighter towards the sun, on its trunk. Sizes are shares of the height."""
    rgb, alpha = target
    x, y, reach = at[0] * easel.width, at[1] * easel.height, size * easel.height
    ends = (round(x), round(y)), (round(x), round(trunk * easel.height))
    thick = max(1, round(reach * 0.16))
    cv2.line(rgb, *ends, [float(c) for c in easel.aerial(near, -0.35)], thick, cv2.LINE_AA)
    cv2.line(alpha, *ends, 255.0, thick, cv2.LINE_AA)
    angle, away = easel.rng.uniform(0, 2 * np.pi, leaves), reach * np.sqrt(easel.rng.random(leaves))
    dx, dy = away * np.cos(angle) * 1.1, away * np.sin(angle) * 0.85
    light = 0.5 + 0.4 * (easel.side * dx - dy) / reach + easel.rng.normal(0, 0.12, leaves)
    light = np.clip(light, 0, 1) * np.minimum(1, np.arange(leaves) / (0.45 * leaves))
    top = easel.covered_with_snow(easel.palette.leaves[2])
    tones = mix(mix(easel.palette.leaves[0], easel.palette.near, 0.4), top, light)
    tones = mix(tones, easel.palette.haze, np.full(leaves, 0.5 * (1 - near)))
    sizes = reach * easel.rng.uniform(0.13, 0.28, leaves)
    for k in range(leaves):
        disc(target, (x + dx[k], y + dy[k]), float(sizes[k]), tones[k])


def grass(easel: Easel, near: float, *, dry: bool = False) -> Layer:
    """Tufts of bent blades along the lower edge, taller and darker where they stand thick, with flowers among them."""
    target = stamp(easel)
    h, w, rng = easel.height, easel.width, easel.rng
    count = 1700
    tufts = rng.random(int(rng.integers(34, 52)))
    x = np.where(rng.random(count) < 0.62, rng.choice(tufts, count) + rng.normal(0, 0.016, count), rng.random(count))
    root = np.sort(rng.uniform(0.90, 1.06, count))
    thick = 0.55 + 0.75 * noise.profile(rng, 512, 60, 4)[np.clip(x * 511, 0, 511).astype(int)]
    tall = np.clip(thick, 0.25, 1.4) * rng.gamma(4.0, 0.03, count) * (0.5 + root - 0.85) * 1.9
    lean = rng.normal(0.12 * easel.side, 0.30, count) * tall
    greens = easel.palette.leaves
    if dry:
        greens = mix(greens, np.array([204.0, 164.0, 88.0]), np.full(3, 0.8 - 0.5 * easel.palette.dark))
    tones = mix(greens[rng.integers(0, 3, count)], easel.palette.near, rng.uniform(0, 0.6, count))
    if easel.snowy:
        tones = mix(tones, WHITE, np.full(count, 0.45))
    wide = rng.uniform(1.4, 2.8, count) * easel.unit
    blooms = rng.random(count) < (0.0 if easel.snowy or dry else 0.10)
    for k in range(count):
        fx, fy, dx, dy = x[k] * w, root[k] * h, lean[k] * h, tall[k] * h
        middle, tip = (fx + 0.35 * dx, fy - 0.6 * dy), (fx + dx, fy - dy)
        blade = np.array(
            [(fx - wide[k], fy), (middle[0] - 0.7 * wide[k], middle[1]), tip, (middle[0] + 0.7 * wide[k], middle[1]),
             (fx + wide[k], fy)]
        )  # fmt: skip
        polygon(target, blade, tones[k])
        if blooms[k]:
            _flower(easel, target, tip)
    return Layer(*target, 0.12 + 0.8 * near)


def _flower(easel: Easel, target: Target, at: tuple[float, float]) -> None:
    tone = mix(easel.palette.accent, WHITE, float(easel.rng.choice([0.0, 0.25, 0.7])))
    size = float(easel.rng.uniform(0.75, 1.25)) * easel.unit
    for angle in easel.rng.random() + 2 * np.pi * np.arange(5) / 5:
        disc(target, (at[0] + 3.4 * size * np.cos(angle), at[1] + 3.4 * size * np.sin(angle)), 3.2 * size, tone)
    disc(target, at, 2.4 * size, np.array([250.0, 214.0, 90.0]))


def bed(easel: Easel, near: float, foot: float, count: int, *, gap: float = 0.17) -> Layer:
    """Shrubs in flower, left and right of a path that is `gap` wide on either side."""
    target = stamp(easel)
    rng = easel.rng
    tones = np.stack([easel.palette.accent, np.array([226.0, 84.0, 120.0]), np.array([250.0, 214.0, 96.0]), WHITE])
    tones = mix(tones, easel.palette.near, np.full(4, 0.5 * easel.palette.dark))
    unit = easel.height * (0.5 + near)
    leaves = mix(easel.palette.leaves[rng.integers(0, 3, count)], easel.palette.near, rng.uniform(0, 0.4, count))
    for root, leaf in zip(np.sort(rng.uniform(0, 1, count)), leaves, strict=True):
        away = float(rng.uniform(gap, 0.56)) + 0.06 * near * (gap > 0)
        x = (0.5 + away * (1 if rng.random() < 0.5 else -1)) * easel.width
        y = (foot - 0.03 + 0.05 * root) * easel.height
        disc(target, (x, y), float(rng.uniform(0.012, 0.022)) * unit, leaf)
        for _ in range(3):
            at = (x + rng.normal(0, 0.009) * unit, y - abs(rng.normal(0, 0.012)) * unit)
            disc(target, at, float(rng.uniform(0.003, 0.006)) * unit, tones[int(rng.integers(4))])
    return Layer(*target, 0.12 + 0.7 * near)
