"""The sea: perspective waves, the sun's glitter, an island, a beach."""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion import noise
from engines.motion.painter import sky, things
from engines.motion.painter.easel import Easel, Layer, Strip, gradient, over, two_tone
from engines.motion.painter.palettes import mix
from engines.motion.planes import Array


def sea(easel: Easel) -> list[Layer]:
    layers = sky.paint(easel)
    if easel.chance(0.6):
        layers.append(_island(easel, easel.horizon + 0.004))
    layers.append(sheet(easel, easel.horizon, 0.45))
    if easel.says("lighthouse", "lighthouses", "cliff", "cliffs"):
        layers += things.headland(easel)
    sandy = easel.says("beach", "coast", "shore", "sand", "tropical", "island", "palm")
    if sandy or easel.lands or easel.chance(0.4):
        layers.append(beach(easel))
    return layers


def sheet(easel: Easel, top: float, depth: float) -> Layer:
    """Water from a height downwards; its waves shrink towards the far edge."""
    water = easel.strip(top - 0.005)
    waves = _waves(easel, water, top)
    down = np.clip((water.rows - np.float32(top)) / max(1 - top, 0.05), 0, 1)
    sky_tone, deep = easel.palette.sky[3], mix(easel.palette.water, easel.palette.near, 0.35)
    stops = np.stack([mix(sky_tone, easel.palette.water, 0.45), easel.palette.water, deep])
    rgb = gradient(stops, np.repeat(down, easel.width, axis=1))
    light = mix(easel.palette.sky[2], easel.palette.sun, 0.4)
    rgb = over(over(rgb, light, 0.42 * np.clip(waves, 0, 1)), deep, 0.45 * np.clip(-waves, 0, 1))
    if not easel.covered:
        lane = np.exp(-(((water.columns - np.float32(easel.sun[0])) / (0.03 + 0.16 * down)) ** 2))
        glitter = np.clip(waves - 0.25, 0, 1) * 1.6 * lane * (1.0 - 0.5 * down)
        rgb = over(rgb, easel.palette.sun, np.clip(glitter, 0, 0.95))
    if "storm" in easel.weather:
        caps = np.clip((waves - 0.62) * 3, 0, 1) * np.clip(3 * down, 0, 1)
        rgb = over(rgb, mix(easel.palette.sky[3], np.full(3, 255.0), 0.4), 0.75 * caps)
    return water.layer(rgb, water.below(np.full(easel.width, top)), depth)


def _waves(easel: Easel, water: Strip, top: float) -> Array:
    """−1…1: a tile of crests laid down in perspective."""
    tile = noise.tileable(easel.rng, 512, 1024, 40, 5, stretch=3.2)
    down = water.rows - np.float32(top)
    distance = np.maximum(down, 0.006)
    u = np.mod((0.5 + 0.13 * (water.columns - 0.5) / distance) * 1024, 1024)
    v = np.repeat(np.mod(0.30 / distance * 256, 511), easel.width, axis=1)
    sampled = cv2.remap(tile, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    close = water.noise(0.02, 4, stretch=5)
    # Crests at the far edge are thinner than a row: there the tile would only show as upright bars.
    resolved = np.clip((down - 0.006) / 0.05, 0, 1)
    rough = 1.6 if "storm" in easel.weather else 1.0
    return np.asarray((0.65 * (0.5 + (sampled - 0.5) * resolved) + 0.35 * close - 0.5) * (2.6 * rough))


def _island(easel: Easel, foot: float) -> Layer:
    centre, wide = float(easel.rng.uniform(0.15, 0.85)), float(easel.rng.uniform(0.1, 0.22))
    x = np.linspace(0, 1, easel.width)
    shape = np.exp(-(((x - centre) / wide) ** 2)) * (
        0.10 + 0.03 * noise.profile(easel.rng, easel.width, 0.08 * easel.width, 6)
    )
    line = foot - shape + 0.004
    land = easel.strip(float(line.min()) - 0.01, foot + 0.02)
    rgb = two_tone(easel.aerial(0.35, -0.15), easel.aerial(0.35, 0.2), land.noise(0.04, 5))
    return land.layer(rgb, land.below(line), 0.16)


def beach(easel: Easel) -> Layer:
    line = (
        (0.80 if easel.lands else 0.86)
        + 0.05 * noise.profile(easel.rng, easel.width, 0.7 * easel.width, 3)
        + np.linspace(0.05, -0.04, easel.width) * (1 if easel.chance(0.5) else -1)
    )
    shore = easel.strip(float(line.min()) - 0.02)
    sand = mix(np.array([232.0, 204.0, 156.0]), easel.palette.ground, 0.2 + 0.5 * easel.palette.dark)
    sand = easel.covered_with_snow(sand)
    texture = 0.6 * shore.noise(0.08, 6, stretch=3) + 0.4 * shore.noise(0.006, 2)
    rgb = two_tone(mix(sand, easel.palette.near, 0.4), mix(sand, easel.palette.sun, 0.3), texture)
    edge = line[None, :].astype(np.float32)
    ragged = 0.006 * noise.profile(easel.rng, easel.width, 0.02 * easel.width, 4)[None, :].astype(np.float32)
    foam = np.exp(-(((shore.rows - edge - ragged - 0.008) / 0.007) ** 2))
    rgb = over(rgb, easel.palette.water, np.clip(1 - (shore.rows - edge) / 0.05, 0, 1) * 0.4)
    rgb = over(rgb, mix(easel.palette.sun, np.full(3, 255.0), 0.6), 0.85 * foam)
    return shore.layer(rgb, shore.below(line), 0.85)
