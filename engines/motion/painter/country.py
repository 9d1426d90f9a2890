# ruff: noqa: E501  outlines read as the shapes they are
"""Where people live in the country: a road, a field, a village, a market."""

from __future__ import annotations

import numpy as np

from engines.motion.painter import plants, sky
from engines.motion.painter.city import halo
from engines.motion.painter.easel import Easel, Layer, over, stamp, two_tone
from engines.motion.painter.elements import ELEMENTS
from engines.motion.painter.land import hill, ridge
from engines.motion.painter.palettes import mix
from engines.motion.painter.pen import Pen
from engines.motion.planes import Array

WHITE = np.full(3, 255.0)


def road(easel: Easel) -> list[Layer]:
    """A road straight to the horizon through open land."""
    layers = sky.paint(easel)
    layers += [ridge(easel, 0.3, easel.horizon + 0.05, height=0.13)]
    grass = mix(easel.palette.leaves[2], easel.palette.ground, 0.5)
    layers += [
        hill(easel, 0.45, easel.horizon + 0.03, rough=0.02, tone=grass),
        plants.copse(easel, 0.45, easel.horizon + 0.06),
    ]
    top = easel.horizon + 0.055
    layers += [hill(easel, 0.62, top, rough=0.0, tone=grass), _carriageway(easel, top), _poles(easel, top)]
    return layers


def _carriageway(easel: Easel, top: float) -> Layer:
    ground = easel.strip(top)
    down = np.maximum(ground.rows - np.float32(top), 1e-3)
    middle = 0.5 + 0.05 * easel.side
    across = (ground.columns - (middle + (0.5 - middle) * down / (1 - top))) / (0.004 + 0.86 * down)
    tar = mix(
        mix(np.array([92.0, 92.0, 98.0]), easel.palette.near, 0.3 + 0.4 * easel.palette.dark), easel.palette.haze, 0.1
    )
    grain = 0.5 + 0.6 * (ground.noise(0.02, 4, stretch=2) - 0.5)
    rgb = two_tone(
        easel.covered_with_snow(mix(tar, np.zeros(3), 0.25)), easel.covered_with_snow(mix(tar, WHITE, 0.14)), grain
    )
    paint = mix(WHITE, tar, 0.12 + 0.3 * easel.palette.dark)
    dash = (np.abs(across) < 0.022) & (np.mod(np.float32(0.42) / down, 1) < 0.55)
    rgb = over(
        rgb, paint, (dash | (np.abs(np.abs(across) - 0.86) < 0.02)) * np.float32(0.85 if not easel.snowy else 0.2)
    )
    if easel.wet:
        shine = np.clip(ground.noise(0.3, 5, stretch=0.06) - 0.42, 0, 1) * 1.8
        rgb = over(rgb, easel.palette.sky[3], np.clip(shine, 0, 0.6))
    inside = np.clip((1.0 - np.abs(across)) * (0.004 + 0.86 * down) * easel.width / 2, 0, 1)
    return ground.layer(rgb, np.round(inside * 255).astype(np.uint8), 0.62)


def _poles(easel: Easel, top: float) -> Layer:
    """Posts along the roadside, smaller with distance."""
    target = stamp(easel)
    wood = mix(np.array([96.0, 76.0, 60.0]), easel.palette.near, 0.3)
    for z in (9.0, 5.5, 3.6, 2.5, 1.8, 1.35):
        x, foot = 0.5 - easel.side * 0.62 / z, top + 0.42 / z
        pen = Pen(
            target,
            (x * easel.width, foot * easel.height),
            0.55 / z * easel.height,
            mix(wood, easel.palette.haze, 0.05 * z),
            "",
        )
        pen.line("0,0 0,1", 0.035)
        pen.line("-0.16,0.88 0.16,0.88", 0.03)
    return Layer(*target, 0.66)


def field(easel: Easel) -> list[Layer]:
    """Rows of corn, lavender or sunflowers that run towards the horizon."""
    layers = sky.paint(easel)
    layers += [ridge(easel, 0.28, easel.horizon + 0.03, height=0.08)]
    layers += [hill(easel, 0.4, easel.horizon + 0.03, rough=0.02), plants.copse(easel, 0.45, easel.horizon + 0.05)]
    layers += [
        _furrows(easel, easel.horizon + 0.06),
        plants.grass(easel, 0.97, dry=not easel.says("rice", "tulips", "tulip")),
    ]
    return layers


def _furrows(easel: Easel, top: float) -> Layer:
    ground = easel.strip(top)
    down = np.maximum(ground.rows - np.float32(top), 2e-3)
    crops = {"lavender": (142, 104, 186), "sunflower": (240, 186, 50), "sunflowers": (240, 186, 50), "tulip": (226, 70, 90), "tulips": (226, 70, 90), "rice": (120, 170, 80), "poppies": (214, 60, 50)}  # fmt: skip
    crop = next(
        (np.array(tone, np.float64) for word, tone in crops.items() if easel.says(word)), np.array([218.0, 178.0, 92.0])
    )
    crop = easel.covered_with_snow(mix(crop, easel.palette.near, 0.08 + 0.5 * easel.palette.dark))
    across = (ground.columns - 0.5) / (down + 0.02)
    rows = 0.5 + 0.5 * np.cos(across * 9 + 1.2 * (ground.noise(0.05, 3) - 0.5))
    resolved = np.clip(down / 0.06, 0.15, 1)
    tuft = ground.noise(0.012, 4, stretch=1.4)
    share = 0.5 + resolved * (0.62 * rows - 0.36) + 0.55 * (tuft - 0.5) - 0.12 * down
    earth = mix(mix(crop, np.array([82.0, 60.0, 44.0]), 0.62), easel.palette.near, 0.25)
    return ground.layer(
        two_tone(earth, mix(crop, easel.palette.sun, 0.28), share), ground.below(np.full(easel.width, top)), 0.6
    )


def village(easel: Easel) -> list[Layer]:
    """Houses around a church between the hills; lit windows when it is dark, firs when there is snow."""
    layers = sky.paint(easel)
    layers += [
        ridge(easel, 0.3, easel.horizon + 0.04, height=0.24),
        ridge(easel, 0.5, easel.horizon + 0.07, height=0.12),
    ]
    grass = mix(easel.palette.leaves[1], easel.palette.ground, 0.4)
    for k in range(3):
        near = 0.5 + 0.16 * k
        foot = easel.horizon + 0.11 + 0.10 * k
        layers += [
            hill(easel, near, foot - 0.03, rough=0.02, tone=grass),
            _houses(easel, near, foot, count=7 - 2 * k, church=k == 0),
        ]
    layers += [
        hill(easel, 0.9, 0.86, rough=0.02, tone=grass),
        plants.conifers(easel, 0.95, 0.92) if easel.snowy else plants.grass(easel, 0.97),
    ]
    return layers


def _houses(easel: Easel, near: float, foot: float, *, count: int, church: bool) -> Layer:
    target = stamp(easel)
    night = easel.palette.dark if not easel.covered else max(easel.palette.dark, 0.35)
    walls = np.array([[236, 222, 196], [216, 190, 160], [196, 116, 88], [226, 226, 220], [180, 150, 120]], np.float64)
    text = "snow" if easel.snowy else ""
    for k, x in enumerate((np.arange(count) + easel.rng.uniform(0.2, 0.8, count)) / count):
        name = "church" if church and k == count // 2 else "house"
        element = ELEMENTS[name]
        size = (
            element.size
            * (0.24 + 0.42 * near)
            * float(easel.rng.uniform(0.85, 1.2))
            * (1.3 if name == "church" else 1.0)
        )
        tone = mix(
            mix(walls[int(easel.rng.integers(5))], easel.palette.near, 0.08 + 0.5 * easel.palette.dark),
            easel.palette.haze,
            0.4 * (1 - near),
        )
        at = (float(x) * easel.width, (foot + 0.02 * float(easel.rng.random())) * easel.height)
        element.brush(
            Pen(target, at, size * easel.height, tone, text, night=night, turned=bool(easel.rng.random() < 0.5))
        )
        if night > 0.3:
            halo(
                easel,
                target,
                (at[0], at[1] - 0.3 * size * easel.height),
                1.1 * size * easel.height,
                np.array([255.0, 206.0, 130.0]),
            )
    return Layer(*target, 0.12 + 0.7 * near)


def market(easel: Easel) -> list[Layer]:
    """Stalls under striped cloths before old houses, crates of fruit, people."""
    layers = sky.paint(easel)
    layers.append(_facades(easel))
    square = mix(np.array([176.0, 164.0, 148.0]), easel.palette.near, 0.2 + 0.4 * easel.palette.dark)
    layers.append(hill(easel, 0.6, 0.64, rough=0.0, tone=square))
    for k in range(2):
        layers += [
            _stalls(easel, 0.55 + 0.3 * k, 0.70 + 0.14 * k, 5 - 2 * k),
            _crowd(easel, 0.6 + 0.3 * k, 0.75 + 0.15 * k),
        ]
    return layers


def _facades(easel: Easel) -> Layer:
    target, x = stamp(easel), -0.02
    night = easel.palette.dark
    plaster = np.array(
        [[214, 178, 140], [196, 140, 112], [226, 208, 176], [158, 168, 160], [188, 160, 172]], np.float64
    )
    while x < 1.02:
        wide, tall = float(easel.rng.uniform(0.10, 0.16)), float(easel.rng.uniform(0.30, 0.46))
        tone = mix(
            mix(plaster[int(easel.rng.integers(5))], easel.palette.near, 0.08 + 0.55 * night), easel.palette.haze, 0.25
        )
        pen = Pen(target, (x * easel.width, 0.68 * easel.height), easel.height, tone, "")
        span = wide * easel.width / easel.height
        pen.box(0, 0, span, tall)
        pen.shape(
            f"-0.012,{tall} {0.1 * span},{tall + 0.07} {0.9 * span},{tall + 0.07} {span + 0.012},{tall}",
            easel.covered_with_snow(mix(np.array([134.0, 72.0, 56.0]), easel.palette.near, 0.2 + 0.5 * night)),
        )
        for row in range(3):
            for column in range(3):
                left, low = span * (0.12 + 0.29 * column), 0.10 + 0.11 * row
                if low + 0.08 < tall:
                    on = easel.rng.random() < 0.1 + 0.6 * night
                    pen.box(left - 0.01, low - 0.005, left + 0.17 * span + 0.01, low + 0.075, pen.pale(0.35))
                    pen.box(
                        left,
                        low,
                        left + 0.17 * span,
                        low + 0.07,
                        np.array([255.0, 216.0, 140.0]) if on else mix(easel.palette.sky[1], easel.palette.near, 0.55),
                    )
        x += wide
    return Layer(*target, 0.35)


def _stalls(easel: Easel, near: float, foot: float, count: int) -> Layer:
    target = stamp(easel)
    cloths = np.array([[206, 56, 50], [56, 110, 160], [70, 140, 84], [236, 170, 50]], np.float64)
    fruits = np.array([[226, 70, 50], [246, 160, 50], [120, 170, 60], [250, 214, 80], [140, 70, 130]], np.float64)
    for x in (np.arange(count) + 0.5 + easel.rng.uniform(-0.12, 0.12, count)) / count:
        cloth = mix(cloths[int(easel.rng.integers(4))], easel.palette.near, 0.05 + 0.45 * easel.palette.dark)
        pen = Pen(
            target, (float(x) * easel.width, foot * easel.height), 0.30 * (0.4 + 0.75 * near) * easel.height, cloth, ""
        )
        for post in (-0.62, 0.62):
            pen.line(f"{post},0 {post},0.9", 0.03, np.array([96.0, 70.0, 50.0]))
        pen.box(
            -0.66,
            0.0,
            0.66,
            0.36,
            mix(np.array([150.0, 110.0, 72.0]), easel.palette.near, 0.15 + 0.4 * easel.palette.dark),
        )
        for k in range(12):
            tone = mix(fruits[(k // 3 + int(x * 10)) % 5], easel.palette.near, 0.05 + 0.4 * easel.palette.dark)
            for row in range(3):
                pen.disc(-0.58 + 0.105 * k, 0.38 + 0.05 * row, 0.055, mix(tone, WHITE, 0.08 * row))
        for k in range(9):
            a, b = -0.8 + 1.6 * k / 9, -0.8 + 1.6 * (k + 1) / 9
            pen.shape(
                f"{a},0.82 {b},0.82 {0.85 * b},1.05 {0.85 * a},1.05",
                cloth if k % 2 else mix(WHITE, easel.palette.near, 0.08 + 0.4 * easel.palette.dark),
            )
            pen.smooth(
                f"{a},0.83 {b},0.83 {(a + b) / 2},0.75",
                cloth if k % 2 else mix(WHITE, easel.palette.near, 0.14 + 0.4 * easel.palette.dark),
            )
        if easel.palette.dark > 0.3 or easel.covered:
            halo(
                easel, target, (pen.at[0], pen.at[1] - 0.7 * pen.unit), 0.7 * pen.unit, np.array([255.0, 214.0, 140.0])
            )
    return Layer(*target, 0.1 + 0.75 * near)


def _crowd(easel: Easel, near: float, foot: float) -> Layer:
    target = stamp(easel)
    coats = np.array([[74, 62, 70], [150, 60, 56], [60, 90, 120], [190, 160, 110], [90, 120, 90]], np.float64)
    for x in easel.rng.uniform(0.02, 0.98, round(9 - 5 * near)):
        coat: Array = mix(coats[int(easel.rng.integers(5))], easel.palette.near, 0.15 + 0.4 * easel.palette.dark)
        ELEMENTS["figure"].brush(
            Pen(
                target,
                (float(x) * easel.width, foot * easel.height),
                0.25 * (0.35 + 0.75 * near) * easel.height,
                coat,
                "",
            )
        )
    return Layer(*target, 0.1 + 0.77 * near)
