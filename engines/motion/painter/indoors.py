"""Rooms with a purpose: a laid table, a kitchen, a library, a workshop."""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion.painter.close import floor, wall
from engines.motion.painter.easel import Easel, Layer, finished, gradient, over, stamp, two_tone
from engines.motion.painter.palettes import mix
from engines.motion.painter.pen import Pen
from engines.motion.planes import Array

WHITE = np.full(3, 255.0)


def table(easel: Easel) -> list[Layer]:
    """A wooden table before a soft bright room."""
    back = easel.strip()
    p = easel.palette
    warm = mix(np.array([206.0, 178.0, 148.0]), p.accent, 0.12)
    stops = np.stack(
        [mix(warm, p.near, 0.55 + 0.3 * p.dark), mix(warm, p.near, 0.25 + 0.4 * p.dark), mix(warm, p.sun, 0.35)]
    )
    side = 0.5 + 0.3 * easel.side
    rgb = gradient(stops, 0.15 + 0.55 * back.noise(0.6, 2) + 0.6 * back.glow((side, 0.3), 0.4))
    return [Layer(finished(rgb), None, 0.1), _lights(easel), _top(easel, 0.60)]


def _lights(easel: Easel) -> Layer:
    """Blurred lamps and window panes far behind."""
    target = stamp(easel)
    rgb, alpha = target
    warm = np.array([255.0, 226.0, 170.0])
    for x, y in easel.rng.uniform((0.02, 0.08), (0.98, 0.5), (16, 2)):
        size = float(easel.rng.uniform(0.02, 0.055)) * easel.height
        tone = mix(warm, easel.palette.accent, float(easel.rng.choice([0.0, 0.2, 0.5])))
        where = (round(float(x) * easel.width), round(float(y) * easel.height))
        cv2.circle(rgb, where, round(size) + 3, tuple(float(c) for c in tone), -1)
        cv2.circle(alpha, where, round(size), int(easel.rng.integers(40, 100)), -1, cv2.LINE_AA)
    return Layer(rgb, cv2.GaussianBlur(alpha, (0, 0), 2.5 * easel.unit), 0.2)


def _top(easel: Easel, edge: float) -> Layer:
    """The boards of the table, and the light on them."""
    ground = easel.strip(edge)
    down = ground.rows - np.float32(edge)
    grain = ground.noise(0.016, 5, stretch=16) * 0.6 + ground.noise(0.12, 3, stretch=8) * 0.4
    board = np.floor(np.sqrt(np.maximum(down, 0)) * 7)
    seam = np.clip(np.abs(np.sqrt(np.maximum(down, 0)) * 7 - np.round(np.sqrt(np.maximum(down, 0)) * 7)) * 20, 0.3, 1)
    tones = easel.rng.uniform(-0.12, 0.12, 9).astype(np.float32)[np.clip(board, 0, 8).astype(int)]
    wood = mix(np.array([150.0, 104.0, 66.0]), easel.palette.near, 0.1 + 0.45 * easel.palette.dark)
    light = 0.35 * np.exp(-(((ground.columns - np.float32(0.5 + 0.25 * easel.side)) / 0.35) ** 2))
    rgb = two_tone(
        mix(wood, np.zeros(3), 0.55), mix(wood, easel.palette.sun, 0.45), (0.15 + 0.6 * grain + tones + light) * seam
    )
    return ground.layer(rgb, ground.below(np.full(easel.width, edge)), 0.7)


def kitchen(easel: Easel) -> list[Layer]:
    """Tiles, cupboards, a stove with a hood, a window over the sink."""
    side = 0.5 + 0.2 * easel.side
    return [
        wall(easel, side, (226.0, 222.0, 210.0)),
        _tiles(easel),
        _cupboards(easel, side),
        floor(easel, 0.86, (190.0, 176.0, 160.0)),
        _counter(easel, side),
    ]


def _tiles(easel: Easel) -> Layer:
    strip = easel.strip(0.36, 0.62)
    tile = mix(WHITE, easel.palette.water, 0.18)
    joint = (
        (np.mod(strip.columns * easel.width / easel.height, 0.05) < 0.0022) | (np.mod(strip.rows, 0.05) < 0.0022)
    ).astype(np.float32)
    rgb = over(
        two_tone(
            mix(tile, easel.palette.near, 0.25 + 0.4 * easel.palette.dark),
            mix(tile, easel.palette.near, 0.05 + 0.4 * easel.palette.dark),
            strip.noise(0.2, 3),
        ),
        np.array([150.0, 150.0, 150.0]),
        0.5 * joint,
    )
    return strip.layer(rgb, np.full(rgb.shape[:2], 255, np.uint8), 0.26)


def _pen(easel: Easel, target: tuple[Array, Array], x: float, foot: float, tone: Array) -> Pen:
    shaded = mix(tone, easel.palette.near, 0.08 + 0.5 * easel.palette.dark)
    return Pen(target, (x * easel.width, foot * easel.height), easel.height, shaded, "", night=easel.palette.dark)


def _cupboards(easel: Easel, side: float) -> Layer:
    target = stamp(easel)
    front = mix(easel.palette.water, np.array([196.0, 206.0, 196.0]), 0.55)
    for k in range(7):
        pen = _pen(easel, target, 0.02 + 0.14 * k, 0.36, front)
        if abs(0.09 + 0.14 * k - side) < 0.12:
            continue
        pen.box(0.0, 0.0, 0.235, 0.26)
        pen.box(0.012, 0.012, 0.223, 0.248, pen.pale(0.12))
        pen.box(0.19, 0.03, 0.2, 0.08, pen.dim(0.6))
    pen = _pen(easel, target, side, 0.58, WHITE)
    pen.box(-0.2, 0.05, 0.2, 0.46, pen.dim(0.05))
    for column in range(2):
        for strip in range(10):
            tone = mix(easel.palette.sky[3], easel.palette.sky[1], strip / 10)
            left = -0.185 + 0.19 * column
            pen.box(left, 0.065 + 0.038 * strip, left + 0.178, 0.065 + 0.038 * (strip + 1), tone)
    return Layer(*target, 0.28)


def _counter(easel: Easel, side: float) -> Layer:
    target = stamp(easel)
    front = mix(easel.palette.water, np.array([196.0, 206.0, 196.0]), 0.55)
    pen = _pen(easel, target, 0.0, 0.90, front)
    wide = easel.width / easel.height
    pen.box(0, 0.0, wide, 0.27, pen.dim(0.05))
    for k in range(8):
        left = 0.02 + 0.222 * k * wide / 1.9
        pen.box(left, 0.03, left + 0.20 * wide / 1.9, 0.25, pen.pale(0.1))
        pen.box(left + 0.07, 0.215, left + 0.13, 0.225, pen.dim(0.6))
    pen.box(
        0, 0.27, wide, 0.305, mix(np.array([120.0, 86.0, 60.0]), easel.palette.near, 0.1 + 0.5 * easel.palette.dark)
    )
    away = (1 - side) * wide
    steel = mix(np.array([186.0, 190.0, 196.0]), easel.palette.near, 0.1 + 0.5 * easel.palette.dark)
    pen.box(away - 0.16, 0.0, away + 0.16, 0.30, steel)
    pen.box(away - 0.13, 0.04, away + 0.13, 0.2, mix(steel, np.zeros(3), 0.7))
    pen.shape(f"{away - 0.2},0.60 {away - 0.08},0.74 {away + 0.08},0.74 {away + 0.2},0.60", steel)
    for x in (-0.09, 0.07):
        pen.smooth(
            f"{away + x - 0.06},0.31 {away + x - 0.06},0.39 {away + x + 0.06},0.39 {away + x + 0.06},0.31",
            np.array([190.0, 70.0, 56.0]) if x < 0 else mix(steel, np.zeros(3), 0.3),
        )
    tap = side * wide
    pen.line(f"{tap},0.3 {tap},0.42 {tap + 0.05},0.43 {tap + 0.06},0.38", 0.014, steel)
    return Layer(*target, 0.5)


def library(easel: Easel) -> list[Layer]:
    """Shelves full of books up to the ceiling, a reading lamp."""
    return [
        Layer(finished(_panel(easel)), None, 0.2),
        _shelves(easel),
        floor(easel, 0.80, (120.0, 80.0, 52.0)),
        _desk(easel),
    ]


def _panel(easel: Easel) -> Array:
    back = easel.strip()
    wood = mix(np.array([74.0, 48.0, 34.0]), easel.palette.near, 0.2 + 0.4 * easel.palette.dark)
    return two_tone(mix(wood, np.zeros(3), 0.4), mix(wood, easel.palette.sun, 0.12), back.noise(0.3, 4, stretch=0.2))


def _shelves(easel: Easel) -> Layer:
    target = stamp(easel)
    rgb, alpha = target
    w, h, rng = easel.width, easel.height, easel.rng
    covers = np.array(
        [
            [140, 44, 40],
            [50, 84, 120],
            [196, 150, 76],
            [70, 104, 74],
            [98, 62, 96],
            [206, 196, 172],
            [60, 56, 60],
            [172, 96, 56],
        ],
        np.float64,
    )
    covers = mix(covers, easel.palette.near, np.full(8, 0.08 + 0.5 * easel.palette.dark))
    wood = mix(np.array([112.0, 74.0, 48.0]), easel.palette.near, 0.1 + 0.5 * easel.palette.dark)
    for row in range(7):
        easel.check()
        low = round((0.14 + 0.11 * row) * h)
        x = 0.0
        while x < w:
            wide, tall = float(rng.uniform(0.008, 0.018)) * h, float(rng.uniform(0.062, 0.09)) * h
            if rng.random() < 0.05:
                x += 2.5 * wide
                continue
            tone = mix(covers[int(rng.integers(8))], WHITE, float(rng.uniform(0, 0.15)))
            a, b = round(x), round(x + wide)
            cv2.rectangle(rgb, (a, round(low - tall)), (b, low), tuple(float(c) for c in tone), -1)
            cv2.rectangle(
                rgb,
                (a, round(low - 0.75 * tall)),
                (b, round(low - 0.7 * tall)),
                tuple(float(c) for c in mix(tone, np.array([230.0, 196.0, 110.0]), 0.6)),
                -1,
            )
            cv2.line(rgb, (b, round(low - tall)), (b, low), tuple(float(c) for c in mix(tone, np.zeros(3), 0.45)), 1)
            cv2.rectangle(alpha, (a, round(low - tall)), (b, low), 255, -1)
            x += wide + 1
        for image, value in ((rgb, tuple(float(c) for c in wood)), (alpha, 255)):
            cv2.rectangle(image, (0, low), (w, low + round(0.014 * h)), value, -1)
    for x in np.arange(0.07, 1, 0.215):
        for image, value in ((rgb, tuple(float(c) for c in mix(wood, np.zeros(3), 0.2))), (alpha, 255)):
            cv2.rectangle(image, (round(x * w), 0), (round(x * w + 0.02 * h), round(0.82 * h)), value, -1)
    return Layer(rgb, alpha, 0.3)


def _desk(easel: Easel) -> Layer:
    target = stamp(easel)
    pen = _pen(easel, target, 0.5, 0.90, np.array([128.0, 82.0, 50.0]))
    pen.box(-0.62, 0.17, 0.62, 0.205, pen.pale(0.12))
    for x in (-0.56, 0.50):
        pen.box(x, 0.0, x + 0.06, 0.17, pen.dim(0.2))
    brass, lamp = np.array([206.0, 166.0, 84.0]), -0.42 * easel.side
    pen.line(f"{lamp},0.205 {lamp},0.34", 0.012, brass)
    pen.smooth(
        f"{lamp - 0.1},0.34 {lamp - 0.06},0.4 {lamp + 0.06},0.4 {lamp + 0.1},0.34 {lamp},0.335",
        np.array([40.0, 120.0, 84.0]),
    )
    pen.box(lamp - 0.04, 0.2, lamp + 0.04, 0.215, brass)
    return Layer(*target, 0.68)


def workshop(easel: Easel) -> list[Layer]:
    """A bright hall of steel and glass: panels, cables of light, a polished floor."""
    back = easel.strip()
    p = easel.palette
    steel = mix(np.array([120.0, 132.0, 146.0]), p.water, 0.25)
    across = np.abs(np.mod(back.columns * 9, 1) - 0.5)
    panel = np.clip((across - 0.47) * 60, 0, 1) + np.clip((np.abs(np.mod(back.rows * 5, 1) - 0.5) - 0.47) * 60, 0, 1)
    rgb = two_tone(
        mix(steel, p.near, 0.65),
        mix(steel, WHITE, 0.25),
        0.25 + 0.25 * back.noise(0.4, 4) + 0.5 * back.glow((0.5, 0.35), 0.45),
    )
    rgb = over(rgb, mix(steel, np.zeros(3), 0.6), 0.7 * np.clip(panel, 0, 1))
    target = stamp(easel)
    glow = mix(np.array([120.0, 226.0, 250.0]), p.accent, 0.25)
    for x in (0.14, 0.28, 0.72, 0.86):
        cv2.line(
            target[0],
            (round(x * easel.width), 0),
            (round(x * easel.width), round(0.72 * easel.height)),
            tuple(float(c) for c in glow),
            round(34 * easel.unit),
        )
        cv2.line(
            target[1],
            (round(x * easel.width), 0),
            (round(x * easel.width), round(0.72 * easel.height)),
            200,
            max(1, round(6 * easel.unit)),
        )
    target[1][:] = cv2.add(target[1], cv2.GaussianBlur(target[1], (0, 0), 10 * easel.unit))
    ground = easel.strip(0.74)
    shine = np.clip(0.3 + 0.5 * ground.noise(0.3, 4, stretch=0.06) - 0.6 * (ground.rows - 0.74), 0, 1)
    floor_ = ground.layer(
        two_tone(mix(steel, p.near, 0.8), mix(steel, glow, 0.4), shine), ground.below(np.full(easel.width, 0.74)), 0.55
    )
    return [Layer(finished(rgb), None, 0.15), Layer(*target, 0.2), floor_]
