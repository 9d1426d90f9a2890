"""Sea and lakes: perspective waves, the sun's glitter, a beach, a boat."""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion import noise
from engines.motion.painter import sky, things
from engines.motion.painter.easel import Easel, Layer, below, finished, gradient, polygon, stamp, two_tone
from engines.motion.painter.palettes import mix
from engines.motion.planes import Array


def sea(easel: Easel) -> list[Layer]:
    layers = sky.paint(easel)
    if easel.chance(0.6):
        layers.append(_island(easel, easel.horizon + 0.004))
    layers.append(sheet(easel, easel.horizon, 0.45))
    if easel.says("lighthouse", "cliff", "cliffs"):
        layers += things.headland(easel)
    alone = easel.says("lighthouse", "cliff", "cliffs", "beach", "shore") or bool(easel.named)
    if easel.says("boat", "ship", "sail", "sailing", "sailboat", "yacht") or (not alone and easel.chance(0.4)):
        layers.append(_boat(easel))
    sandy = easel.says("beach", "coast", "shore", "sand", "tropical", "island", "palm")
    if sandy or easel.named - {"lighthouse"} or easel.chance(0.4):
        layers.append(_beach(easel))
    return layers


def sheet(easel: Easel, top: float, depth: float) -> Layer:
    """Water from a height downwards; its waves shrink towards the far edge."""
    h, w = easel.height, easel.width
    waves = _waves(easel, top)
    rows = np.linspace(0, 1, h, dtype=np.float32)[:, None]
    down = np.clip((rows - top) / max(1 - top, 0.05), 0, 1)
    sky_tone, deep = easel.palette.sky[3], mix(easel.palette.water, easel.palette.near, 0.35)
    base = gradient(
        np.stack([mix(sky_tone, easel.palette.water, 0.45), easel.palette.water, deep]),
        down * np.ones((1, w), np.float32),
    )
    light = mix(easel.palette.sky[2], easel.palette.sun, 0.4).astype(np.float32)
    rgb = (
        base
        + (light - base) * (np.clip(waves, 0, 1) * 0.42)[..., None]
        + (deep.astype(np.float32) - base) * (np.clip(-waves, 0, 1) * 0.45)[..., None]
    )
    columns = np.linspace(0, 1, w, dtype=np.float32)[None, :]
    lane = np.exp(-(((columns - easel.sun[0]) / (0.03 + 0.16 * down)) ** 2))
    glitter = np.clip(waves - 0.25, 0, 1) * 1.6 * lane * (1.0 - 0.5 * down)
    rgb = rgb + (easel.palette.sun.astype(np.float32) - rgb) * np.clip(glitter, 0, 0.95)[..., None]
    return Layer(finished(rgb), below(easel, np.full(w, top)), depth)


def _waves(easel: Easel, top: float) -> Array:
    """−1…1: a tile of crests laid down in perspective."""
    h, w = easel.height, easel.width
    tile = noise.tileable(easel.rng, 512, 1024, 40, 5, stretch=3.2).astype(np.float32)
    down = np.linspace(0, 1, h, dtype=np.float32)[:, None] - top
    distance = np.maximum(down, 0.006) * np.ones((1, w), np.float32)
    columns = (np.linspace(0, 1, w, dtype=np.float32)[None, :] - 0.5) * np.ones((h, 1), np.float32)
    u = (0.5 + 0.13 * columns / distance) * 1024
    v = (0.30 / distance) * 256
    sampled = cv2.remap(tile, u % 1024, v % 511, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    close = noise.value(easel.rng, h, w, 0.02 * h, 4, stretch=5)
    # Crests at the far edge are thinner than a row: there the tile would only show as upright bars.
    resolved = np.clip((down - 0.006) / 0.05, 0, 1)
    return np.asarray((0.65 * (0.5 + (sampled - 0.5) * resolved) + 0.35 * close - 0.5) * 2.6)


def _island(easel: Easel, foot: float) -> Layer:
    centre, wide = float(easel.rng.uniform(0.15, 0.85)), float(easel.rng.uniform(0.1, 0.22))
    x = np.linspace(0, 1, easel.width)
    shape = np.exp(-(((x - centre) / wide) ** 2)) * (
        0.10 + 0.03 * noise.profile(easel.rng, easel.width, 0.08 * easel.width, 6)
    )
    rgb = two_tone(
        easel.aerial(0.35, -0.15),
        easel.aerial(0.35, 0.2),
        noise.value(easel.rng, easel.height, easel.width, 0.04 * easel.height, 5),
    )
    return Layer(finished(rgb), below(easel, foot - shape + 0.004), 0.16)


def _boat(easel: Easel) -> Layer:
    target = stamp(easel)
    x, y, size = (
        float(easel.rng.uniform(0.25, 0.75)) * easel.width,
        (easel.horizon + 0.13) * easel.height,
        0.085 * easel.height,
    )
    hull = np.array([(-1, 0), (1.05, 0), (0.75, 0.32), (-0.75, 0.32)]) * size + (x, y)
    sail = np.array([(0.02, -2.1), (0.02, -0.08), (0.95, -0.08)]) * size + (x, y)
    jib = np.array([(-0.06, -1.9), (-0.06, -0.08), (-0.75, -0.08)]) * size + (x, y)
    canvas = mix(np.array([250.0, 246.0, 236.0]), easel.palette.sky[2], 0.25 + 0.4 * easel.palette.dark)
    polygon(target, hull, mix(easel.palette.near, easel.palette.accent, 0.45))
    polygon(target, sail, canvas)
    polygon(target, jib, mix(canvas, easel.palette.near, 0.16))
    for k in range(6):  # its reflection, broken by the waves
        wide = size * (0.9 - 0.1 * k) * float(easel.rng.uniform(0.7, 1.0))
        row = y + size * (0.42 + 0.2 * k)
        box = np.array(
            [(x - wide, row), (x + wide, row), (x + wide, row + 2 * easel.unit), (x - wide, row + 2 * easel.unit)]
        )
        polygon(target, box, mix(canvas, easel.palette.water, 0.4), 130)
    return Layer(*target, 0.5)


def _beach(easel: Easel) -> Layer:
    line = (
        (0.80 if easel.named - {"lighthouse"} else 0.86)
        + 0.05 * noise.profile(easel.rng, easel.width, 0.7 * easel.width, 3)
        + np.linspace(0.05, -0.04, easel.width) * (1 if easel.chance(0.5) else -1)
    )
    sand = mix(np.array([232.0, 204.0, 156.0]), easel.palette.ground, 0.2 + 0.5 * easel.palette.dark)
    texture = 0.6 * noise.value(
        easel.rng, easel.height, easel.width, 0.08 * easel.height, 6, stretch=3
    ) + 0.4 * noise.value(easel.rng, easel.height, easel.width, 6 * easel.unit, 2)
    rgb = two_tone(mix(sand, easel.palette.near, 0.4), mix(sand, easel.palette.sun, 0.3), texture)
    rows = np.linspace(0, 1, easel.height, dtype=np.float32)[:, None]
    foam_line = line[None, :] + 0.006 * noise.profile(easel.rng, easel.width, 0.02 * easel.width, 4)[None, :]
    foam = np.exp(-(((rows - foam_line - 0.008) / 0.007) ** 2))
    wet = np.clip(1 - (rows - line[None, :]) / 0.05, 0, 1) * 0.4
    rgb = rgb + (easel.palette.water.astype(np.float32) - rgb) * wet[..., None]
    rgb = rgb + (mix(easel.palette.sun, np.full(3, 255.0), 0.6).astype(np.float32) - rgb) * (0.85 * foam)[..., None]
    return Layer(finished(rgb), below(easel, line), 0.85)
