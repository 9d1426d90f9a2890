# ruff: noqa: E501  outlines read as the shapes they are
"""What people build: houses, towers, bridges. One unit is their height."""

from __future__ import annotations

import numpy as np

from engines.motion.painter.palettes import mix
from engines.motion.painter.pen import DARK, WHITE, Pen, rgb

STONE, SLATE, LAMP = rgb(168, 160, 150), rgb(84, 88, 100), rgb(255, 222, 150)


def _pane(pen: Pen) -> np.ndarray:
    return mix(mix(rgb(96, 120, 140), DARK, 0.4), LAMP, min(1.0, 1.6 * pen.night))


def _snowy(pen: Pen, tone: np.ndarray) -> np.ndarray:
    return mix(tone, rgb(236, 242, 250), 0.85) if pen.says(r"snow\w*|winter|icy|frozen") else tone


def house(pen: Pen) -> None:
    """A cottage with a gable and a chimney; barns are red and have a gate."""
    barn = pen.says("barns?|farm ?house")
    walls = rgb(168, 60, 48) if barn else pen.tone
    roof = _snowy(pen, rgb(120, 62, 50) if not barn else SLATE)
    pen.box(0.38, 0.7, 0.5, 1.06, mix(STONE, DARK, 0.3))
    pen.box(-0.7, 0.0, 0.7, 0.52, walls)
    pen.shape("-0.82,0.5 -0.5,0.95 0.5,0.95 0.82,0.5", roof)
    pen.shape("-0.82,0.5 -0.86,0.46 0.86,0.46 0.82,0.5", mix(roof, DARK, 0.35))
    pen.box(-0.12, 0.0, 0.12, 0.34, mix(rgb(110, 74, 50), DARK, 0.2))
    for x in (-0.5, 0.3):
        pen.box(x - 0.02, 0.16, x + 0.22, 0.40, WHITE)
        pen.box(x, 0.18, x + 0.2, 0.38, _pane(pen))
        pen.line(f"{x + 0.1},0.18 {x + 0.1},0.38", 0.015, WHITE)
    if barn:
        pen.line("-0.12,0.0 0.12,0.34", 0.025, WHITE)
        pen.line("0.12,0.0 -0.12,0.34", 0.025, WHITE)


def castle(pen: Pen) -> None:
    walls, shade, roof = pen.tone, pen.dim(0.2), _snowy(pen, rgb(92, 70, 110))
    for x, wide, high in (
        (-0.66, 0.15, 0.62),
        (0.66, 0.15, 0.62),
        (-0.3, 0.13, 0.76),
        (0.32, 0.13, 0.72),
        (0.0, 0.16, 0.84),
    ):
        pen.box(x - wide, 0.0, x + wide, high, walls if x <= 0 else shade)
        pen.shape(f"{x - 1.2 * wide},{high} {x},{high + 2.1 * wide} {x + 1.2 * wide},{high}", roof)
        pen.line(f"{x},{high + 2 * wide} {x},{high + 2 * wide + 0.08}", 0.012, DARK)
        pen.shape(
            f"{x},{high + 2 * wide + 0.08} {x + 0.09},{high + 2 * wide + 0.055} {x},{high + 2 * wide + 0.03}",
            rgb(200, 60, 56),
        )
        pen.box(x - 0.025, high - 0.16, x + 0.025, high - 0.06, _pane(pen))
    pen.box(-0.78, 0.0, 0.78, 0.34, mix(walls, DARK, 0.08))
    for k in range(13):
        pen.box(-0.78 + 0.123 * k, 0.34, -0.71 + 0.123 * k, 0.39, mix(walls, DARK, 0.08))
    pen.smooth("-0.12,0.0 -0.12,0.18 0,0.26 0.12,0.18 0.12,0.0", DARK)
    for x in (-0.5, -0.3, 0.3, 0.5):
        pen.box(x - 0.02, 0.16, x + 0.02, 0.24, _pane(pen))


def church(pen: Pen) -> None:
    """A church with a steeple; a cathedral has two towers and a rose window."""
    walls, roof = pen.tone, _snowy(pen, SLATE)
    if pen.says(r"cathedrals?|basilica|notre"):
        pen.box(-0.3, 0.0, 0.3, 0.52, walls)
        pen.shape("-0.32,0.52 0,0.70 0.32,0.52", walls)
        for x in (-0.38, 0.38):
            pen.box(x - 0.13, 0.0, x + 0.13, 0.72, pen.dim(0.08))
            pen.shape(f"{x - 0.14},0.72 {x},1.0 {x + 0.14},0.72", roof)
            for low in (0.12, 0.34, 0.54):
                pen.smooth(
                    f"{x - 0.04},{low} {x - 0.04},{low + 0.1} {x},{low + 0.15} {x + 0.04},{low + 0.1} {x + 0.04},{low}",
                    _pane(pen),
                )
        pen.disc(0, 0.44, 0.1, mix(walls, DARK, 0.4))
        pen.disc(0, 0.44, 0.075, mix(rgb(70, 90, 150), LAMP, 0.3 + 0.5 * pen.night))
        pen.smooth("-0.1,0 -0.1,0.16 0,0.28 0.1,0.16 0.1,0", mix(DARK, rgb(90, 60, 40), 0.5))
        return
    pen.box(-0.1, 0.0, 0.62, 0.34, walls)
    pen.shape("-0.14,0.33 0.0,0.52 0.56,0.52 0.68,0.33", roof)
    pen.box(-0.34, 0.0, -0.06, 0.6, pen.dim(0.1))
    pen.shape("-0.38,0.6 -0.2,1.0 -0.02,0.6", roof)
    pen.line("-0.2,0.98 -0.2,1.1", 0.014, LAMP)
    pen.line("-0.24,1.06 -0.16,1.06", 0.014, LAMP)
    for x in (0.08, 0.26, 0.44):
        pen.smooth(f"{x},0.08 {x},0.2 {x + 0.04},0.26 {x + 0.08},0.2 {x + 0.08},0.08", _pane(pen))
    pen.smooth("-0.26,0 -0.26,0.14 -0.2,0.2 -0.14,0.14 -0.14,0", DARK)
    pen.disc(-0.2, 0.48, 0.05, WHITE)


def temple(pen: Pen) -> None:
    """A pagoda; columns for the ones of Greece and Rome, a dome for a mosque or a palace."""
    if pen.says(r"greek|roman|ancient|ruins?|columns"):
        for k in range(7):
            x = -0.72 + 0.24 * k
            pen.box(x - 0.05, 0.1, x + 0.05, 0.66, pen.pale(0.1) if k % 2 else pen.tone)
        pen.box(-0.86, 0.0, 0.86, 0.1, pen.dim(0.1))
        pen.box(-0.84, 0.66, 0.84, 0.76)
        pen.shape("-0.88,0.76 0,1.0 0.88,0.76", pen.dim(0.06))
        return
    if pen.says(r"mosques?|palaces?|taj|dome"):
        pen.box(-0.5, 0.0, 0.5, 0.42)
        pen.smooth("-0.3,0.42 -0.34,0.58 -0.18,0.78 0,0.92 0.18,0.78 0.34,0.58 0.3,0.42", pen.pale(0.2))
        pen.line("0,0.9 0,1.0", 0.02, rgb(222, 180, 80))
        for x in (-0.72, 0.72):
            pen.box(x - 0.05, 0.0, x + 0.05, 0.74)
            pen.smooth(f"{x - 0.07},0.74 {x},0.92 {x + 0.07},0.74", pen.pale(0.2))
        for x in (-0.32, 0.0, 0.32):
            pen.smooth(f"{x - 0.08},0 {x - 0.08},0.2 {x},0.32 {x + 0.08},0.2 {x + 0.08},0", _pane(pen))
        return
    roof = _snowy(pen, rgb(70, 78, 90))
    for k in range(4):
        low, wide = 0.22 * k, 0.5 - 0.09 * k
        pen.box(-0.62 * wide, low, 0.62 * wide, low + 0.14, pen.tone if k % 2 == 0 else pen.dim(0.1))
        pen.box(-0.1 * wide, low + 0.02, 0.1 * wide, low + 0.11, _pane(pen))
        pen.smooth(
            f"{-1.1 * wide},{low + 0.17} {-0.6 * wide},{low + 0.15} 0,{low + 0.24} {0.6 * wide},{low + 0.15} {1.1 * wide},{low + 0.17} {0.5 * wide},{low + 0.11} {-0.5 * wide},{low + 0.11}",
            roof,
        )
    pen.line("0,0.88 0,1.04", 0.025, rgb(222, 180, 80))


def windmill(pen: Pen) -> None:
    pen.shape("-0.2,0.0 -0.13,0.62 0.13,0.62 0.2,0.0")
    pen.smooth("-0.15,0.6 -0.08,0.74 0.08,0.74 0.15,0.6", rgb(110, 70, 56))
    pen.box(-0.05, 0.0, 0.05, 0.14, DARK)
    for angle in np.deg2rad([28, 118, 208, 298]):
        c, s = np.cos(angle), np.sin(angle)
        at = np.array([(0.04, 0.0), (0.42, 0.02), (0.42, 0.12), (0.1, 0.12)])
        pen.shape(np.stack([at[:, 0] * c - at[:, 1] * s, 0.66 + at[:, 0] * s + at[:, 1] * c], 1), rgb(236, 226, 206))
        pen.line(f"0,0.66 {0.44 * c},{0.66 + 0.44 * s}", 0.022, rgb(96, 70, 50))
    pen.disc(0, 0.66, 0.04, DARK)


def pyramid(pen: Pen) -> None:
    for x, high in ((0.75, 0.62), (-0.8, 0.5), (0.0, 1.0)):
        pen.shape(f"{x - 0.85 * high},0 {x},{high} {x + 0.25 * high},0")
        pen.shape(f"{x + 0.25 * high},0 {x},{high} {x + 0.85 * high},0", pen.dim(0.35))
        for k in range(1, 9):
            y = high * k / 9
            pen.line(f"{x - 0.85 * (high - y)},{y} {x + 0.25 * (high - y)},{y}", 0.004, pen.dim(0.15))


def lighthouse(pen: Pen) -> None:
    white, red = rgb(244, 240, 232), rgb(196, 52, 44)
    for band in range(6):
        y0, y1 = band * 0.13, (band + 1) * 0.13
        a, b = 0.115 - 0.05 * y0 / 0.78, 0.115 - 0.05 * y1 / 0.78
        pen.shape(f"{-a},{y0} {-b},{y1} {b},{y1} {a},{y0}", mix(white if band % 2 == 0 else red, DARK, 0.4 * pen.night))
    pen.box(-0.10, 0.78, 0.10, 0.80, DARK)
    pen.box(-0.05, 0.80, 0.05, 0.89, rgb(255, 236, 160))
    pen.shape("-0.065,0.89 0.0,0.97 0.065,0.89", red)


def bridge(pen: Pen) -> None:
    """Stone arches; a suspension bridge when it is a golden gate or a long one."""
    if pen.says(r"suspension|golden gate|steel|brooklyn"):
        for x in (-1.2, 1.2):
            pen.box(x - 0.06, -0.25, x + 0.06, 1.0)
        sag = np.linspace(-1.2, 1.2, 30)
        pen.line(" ".join(f"{x},{0.36 + 0.6 * (x / 1.2) ** 2}" for x in sag), 0.025)
        for x in np.linspace(-1.05, 1.05, 15):
            pen.line(f"{x},0.28 {x},{0.36 + 0.6 * (x / 1.2) ** 2}", 0.008)
        for side in (-1, 1):
            pen.line(f"{side * 1.2},0.96 {side * 3.2},0.28", 0.025)
        pen.box(-6, 0.22, 6, 0.3, pen.dim(0.15))
        return
    top = "-6,0.62 -2,0.7 0,0.78 2,0.7 6,0.62 6,0.54 2,0.6 0,0.66 -2,0.6 -6,0.54"
    for x in (-4.35, -2.9, -1.45, 0.0, 1.45, 2.9, 4.35):
        arch = np.stack(
            [x + 0.6 * np.cos(np.linspace(np.pi, 0, 24)), 0.5 * np.sin(np.linspace(np.pi, 0, 24)) - 0.02], 1
        )
        left, right = (
            np.array([(x - 0.73, 0.68), (x - 0.73, -0.12), (x - 0.6, -0.12)]),
            np.array([(x + 0.6, -0.12), (x + 0.73, -0.12), (x + 0.73, 0.68)]),
        )
        pen.shape(np.concatenate([left, arch, right]), pen.tone)
    pen.shape(top, pen.pale(0.12))


def tent(pen: Pen) -> None:
    pen.shape("-0.9,0.0 -0.1,1.0 0.9,0.0")
    pen.shape("-0.1,1.0 0.9,0.0 1.3,0.0 0.3,1.0", pen.dim(0.25))
    pen.shape("-0.3,0.0 -0.1,0.72 0.16,0.0", mix(DARK, LAMP, 0.75 * pen.night))


def tower(pen: Pen) -> None:
    """A lattice tower as in Paris; a clock tower as in London."""
    if pen.says(r"big ben|clock ?tower|london"):
        pen.box(-0.1, 0.0, 0.1, 0.72)
        pen.box(-0.12, 0.62, 0.12, 0.8, pen.pale(0.1))
        pen.disc(0, 0.71, 0.075, WHITE)
        pen.line("0,0.71 0,0.76", 0.012, DARK)
        pen.line("0,0.71 0.04,0.69", 0.012, DARK)
        pen.shape("-0.12,0.8 0,1.04 0.12,0.8", SLATE)
        return
    iron = pen.tone
    for side in (-1, 1):
        pen.smooth(
            f"{side * 0.3},0 {side * 0.16},0.3 {side * 0.05},0.7 {side * 0.015},1.0 0,1.0 {side * 0.01},0.7 {side * 0.08},0.3 {side * 0.2},0",
            iron,
        )
    for y, wide in ((0.28, 0.17), (0.5, 0.1), (0.82, 0.035)):
        pen.box(-wide, y, wide, y + 0.025, iron)
    for k in range(9):
        y, wide = 0.3 + 0.055 * k, 0.14 - 0.012 * k
        pen.line(f"{-wide},{y} {wide},{y + 0.05}", 0.01, iron)
        pen.line(f"{wide},{y} {-wide},{y + 0.05}", 0.01, iron)


def fountain(pen: Pen) -> None:
    water = rgb(206, 230, 244)
    pen.smooth("-0.9,0.22 -0.8,0.0 0.8,0.0 0.9,0.22")
    pen.oval(0, 0.22, 0.88, 0.07, mix(water, rgb(70, 130, 170), 0.5))
    pen.box(-0.08, 0.2, 0.08, 0.6)
    pen.smooth("-0.4,0.62 -0.1,0.5 0.1,0.5 0.4,0.62")
    for side in (-1, 1):
        for k in range(4):
            out = side * (0.2 + 0.13 * k)
            pen.line(
                f"0,0.64 {0.4 * out},{1.0 - 0.06 * k} {0.85 * out},{0.7 - 0.06 * k} {1.1 * out},0.24", 0.018, water
            )


def lamp(pen: Pen) -> None:
    pen.box(-0.02, 0.0, 0.02, 0.82, DARK)
    pen.box(-0.06, 0.0, 0.06, 0.05, DARK)
    pen.shape("-0.07,0.98 -0.05,0.82 0.05,0.82 0.07,0.98", rgb(255, 236, 180))
    pen.shape("-0.09,0.98 0,1.05 0.09,0.98", DARK)


def statue(pen: Pen) -> None:
    pen.box(-0.22, 0.0, 0.22, 0.3, pen.dim(0.1))
    pen.box(-0.26, 0.28, 0.26, 0.33)
    pen.smooth("-0.14,0.33 -0.1,0.6 -0.13,0.8 0.13,0.8 0.1,0.6 0.14,0.33", pen.pale(0.1))
    pen.line("0.1,0.78 0.2,0.92 0.16,1.06", 0.06)
    pen.line("-0.1,0.76 -0.2,0.62 -0.1,0.55", 0.06)
    pen.disc(0, 0.9, 0.075, pen.pale(0.1))
