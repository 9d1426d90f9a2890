# ruff: noqa: E501  outlines read as the shapes they are
"""Small things, plants that stand alone, and figures. One unit is their height."""

from __future__ import annotations

import numpy as np

from engines.motion.painter.palettes import mix
from engines.motion.painter.pen import DARK, GLASS, WHITE, Pen, rgb

SKIN, WOOD, LEAF = rgb(206, 152, 112), rgb(128, 88, 58), rgb(70, 130, 66)


def figure(pen: Pen) -> None:
    """A person seen from behind; explorers carry a pack, dancers lift their arms, knights carry a sword."""
    skin, dances = mix(SKIN, DARK, 0.2), pen.says(r"danc\w*|ballerinas?|ballet")
    legs = (
        ("0,0.5 0.02,0.26 0.03,0.03", "0,0.5 0.13,0.33 0.03,0.24")
        if dances
        else ("-0.05,0.5 -0.08,0.26 -0.13,0.03", "0.05,0.5 0.08,0.27 0.11,0.03")
    )
    arms = (
        ("-0.10,0.78 -0.24,0.92 -0.12,1.1", "0.10,0.78 0.24,0.92 0.12,1.1")
        if dances
        else ("-0.11,0.77 -0.17,0.6 -0.15,0.46", "0.11,0.77 0.18,0.61 0.15,0.47")
    )
    for leg in legs:
        pen.line(leg, 0.085, mix(DARK, pen.tone, 0.25) if not dances else skin)
    for arm in arms:
        pen.line(arm, 0.06, skin if dances else pen.dim(0.15))
    pen.smooth("-0.13,0.78 0,0.82 0.13,0.78 0.10,0.6 0.11,0.48 -0.11,0.48 -0.10,0.6")
    if dances:
        pen.smooth("-0.10,0.56 0.10,0.56 0.24,0.44 0.3,0.38 0,0.42 -0.3,0.38 -0.24,0.44", pen.pale(0.3))
    pen.disc(0, 0.91, 0.078, mix(DARK, skin, 0.35))
    if pen.says(r"explor\w*|hik\w*|travel\w*|wander\w*|nomad|pilgrim|backpack\w*"):
        pen.oval(0, 0.66, 0.13, 0.15, pen.dim(0.4))
        pen.oval(0, 0.95, 0.13, 0.035, pen.dim(0.2))
    if pen.says(r"knights?|warriors?|samurai|soldiers?|gladiators?|ninjas?"):
        pen.line("0.15,0.47 0.32,1.0", 0.02, rgb(206, 212, 220))
        pen.line("0.1,0.56 0.24,0.52", 0.025, rgb(150, 110, 60))
        pen.smooth("-0.09,0.84 -0.1,0.96 0,1.02 0.1,0.96 0.09,0.84", rgb(150, 156, 166))
    if pen.says(r"wizards?|witch(?:es)?"):
        pen.shape("-0.14,0.95 0,1.28 0.14,0.95", rgb(70, 56, 130))
        pen.shape("-0.14,0.78 0.14,0.78 0.24,0.02 -0.24,0.02", rgb(70, 56, 130))
        pen.line("0.18,0.5 0.24,1.15", 0.025, WOOD)
        pen.disc(0.245, 1.18, 0.05, rgb(160, 230, 255))


def angler(pen: Pen) -> None:
    """Sits on a box by the water with a rod."""
    pen.box(-0.3, 0.0, 0.12, 0.3, WOOD)
    pen.line("-0.05,0.36 0.3,0.36 0.34,0.04", 0.13, rgb(58, 66, 90))
    pen.smooth("-0.22,0.3 -0.2,0.7 -0.04,0.82 0.1,0.68 0.1,0.3")
    pen.line("0.0,0.68 0.2,0.5 0.38,0.56", 0.08, pen.dim(0.15))
    pen.disc(-0.02, 0.92, 0.1, SKIN)
    pen.smooth("-0.16,0.93 -0.1,1.06 0.06,1.06 0.12,0.95 0.22,0.92 -0.2,0.9", rgb(150, 120, 70))
    pen.line("0.34,0.52 0.9,0.98 1.5,1.22", 0.018, rgb(90, 60, 40))
    pen.line("1.5,1.22 1.56,-0.1", 0.006, WHITE)


def robot(pen: Pen) -> None:
    steel, eye = rgb(158, 168, 180), rgb(110, 226, 250)
    for x in (-0.12, 0.12):
        pen.box(x - 0.07, 0.05, x + 0.07, 0.36, mix(steel, DARK, 0.25))
        pen.box(x - 0.1, 0.0, x + 0.1, 0.07, mix(steel, DARK, 0.5))
    for side in (-1, 1):
        pen.line(f"{side * 0.26},0.62 {side * 0.38},0.46 {side * 0.34},0.32", 0.085, mix(steel, DARK, 0.2))
        pen.disc(side * 0.34, 0.29, 0.06, mix(steel, DARK, 0.5))
    pen.smooth("-0.26,0.36 -0.28,0.66 -0.2,0.7 0.2,0.7 0.28,0.66 0.26,0.36 0,0.34", pen.tone)
    pen.box(-0.14, 0.46, 0.14, 0.60, mix(DARK, steel, 0.25))
    for k in range(3):
        pen.disc(-0.08 + 0.08 * k, 0.53, 0.022, (rgb(240, 90, 80), rgb(250, 210, 90), rgb(110, 220, 130))[k])
    pen.box(-0.05, 0.69, 0.05, 0.76, mix(steel, DARK, 0.4))
    pen.smooth("-0.2,0.75 -0.21,0.95 0,0.99 0.21,0.95 0.2,0.75 0,0.74", steel)
    for x in (-0.09, 0.09):
        pen.disc(x, 0.87, 0.05, DARK)
        pen.disc(x, 0.87, 0.034, eye)
    pen.line("0,0.98 0,1.1", 0.018, DARK)
    pen.disc(0, 1.12, 0.03, rgb(240, 90, 80))


def snowman(pen: Pen) -> None:
    white = rgb(240, 245, 252)
    for y, r in ((0.24, 0.27), (0.58, 0.2), (0.84, 0.14)):
        pen.disc(0, y, r, white)
    pen.box(-0.16, 0.93, 0.16, 0.96, DARK)
    pen.box(-0.1, 0.95, 0.1, 1.1, DARK)
    pen.shape("0,0.86 -0.16,0.83 0,0.81", rgb(240, 130, 40))
    for x, y in ((-0.05, 0.9), (0.06, 0.9), (0, 0.64), (0, 0.54), (0, 0.3)):
        pen.disc(x, y, 0.018, DARK)
    pen.line("-0.13,0.73 0.13,0.72 0.16,0.56", 0.055, pen.tone)
    for side in (-1, 1):
        pen.line(f"{side * 0.18},0.62 {side * 0.44},0.76", 0.022, WOOD)


def tree(pen: Pen) -> None:
    """One large tree."""
    pen.smooth("-0.09,0.0 -0.04,0.2 -0.05,0.5 0.05,0.5 0.04,0.2 0.1,0.0", WOOD)
    pen.line("0,0.4 -0.2,0.6", 0.035, WOOD)
    pen.line("0,0.42 0.2,0.62", 0.035, WOOD)
    rng = np.random.default_rng(7)
    leaf = pen.tone
    for k in range(120):
        angle, away = rng.uniform(0, 2 * np.pi), np.sqrt(rng.random())
        x, y = 0.38 * away * np.cos(angle), 0.7 + 0.28 * away * np.sin(angle)
        light = np.clip(0.35 + 0.9 * (y - 0.6) - 0.3 * x + rng.normal(0, 0.12), 0, 1) * min(1, k / 50)
        pen.disc(
            x, y, float(rng.uniform(0.05, 0.09)), mix(mix(leaf, DARK, 0.45), mix(leaf, rgb(230, 236, 150), 0.35), light)
        )


def palm(pen: Pen) -> None:
    pen.smooth("-0.05,0 0.04,0.4 0.12,0.76 0.17,0.76 0.11,0.4 0.04,0", rgb(140, 106, 72))
    for x, y in ((-0.42, 0.72), (-0.3, 0.94), (0.0, 1.06), (0.34, 1.0), (0.6, 0.84), (0.58, 0.62), (-0.14, 0.56)):
        mx, my = (0.14 + x) / 2, max(0.78, y) + 0.1
        pen.smooth(f"0.12,0.76 {mx},{my} {x},{y} {mx + 0.02},{my - 0.09}", pen.tone if y < 0.9 else pen.pale(0.15))
    for x in (0.1, 0.17):
        pen.disc(x, 0.73, 0.035, rgb(110, 74, 46))


def cactus(pen: Pen) -> None:
    pen.line("0,0.02 0,0.92", 0.2)
    pen.line("-0.05,0.34 -0.32,0.4 -0.32,0.64", 0.14, pen.dim(0.1))
    pen.line("0.05,0.46 0.3,0.52 0.3,0.8", 0.14, pen.dim(0.1))
    for x in (-0.05, 0.0, 0.05):
        pen.line(f"{x},0.04 {x},0.94", 0.008, pen.pale(0.35))


def mushroom(pen: Pen) -> None:
    for x, size in ((0, 1.0), (0.55, 0.6), (-0.5, 0.45)):
        pen.smooth(
            f"{x - 0.12 * size},0 {x - 0.1 * size},{0.5 * size} {x + 0.1 * size},{0.5 * size} {x + 0.13 * size},0",
            rgb(238, 230, 212),
        )
        pen.smooth(
            f"{x - 0.46 * size},{0.5 * size} {x - 0.3 * size},{0.86 * size} {x},{1.0 * size} {x + 0.3 * size},{0.86 * size} {x + 0.46 * size},{0.5 * size} {x},{0.46 * size}"
        )
        for dx, dy in ((-0.2, 0.66), (0.04, 0.82), (0.22, 0.62)):
            pen.disc(x + dx * size, dy * size, 0.055 * size, WHITE)


def chair(pen: Pen) -> None:
    for x in (-0.26, 0.26):
        pen.line(f"{x},0.02 {0.9 * x},0.46", 0.05, pen.dim())
    pen.box(-0.32, 0.42, 0.32, 0.5)
    pen.box(-0.28, 0.5, -0.2, 1.0, pen.dim(0.1))
    pen.box(0.2, 0.5, 0.28, 1.0, pen.dim(0.1))
    for y in (0.64, 0.78, 0.92):
        pen.box(-0.22, y, 0.22, y + 0.05)


def guitar(pen: Pen) -> None:
    pen.smooth("-0.26,0.2 -0.2,0.02 0.2,0.02 0.26,0.2 0.14,0.34 0.2,0.46 0.1,0.56 -0.1,0.56 -0.2,0.46 -0.14,0.34")
    pen.disc(0, 0.36, 0.07, DARK)
    pen.box(-0.03, 0.36, 0.03, 0.92, rgb(70, 48, 36))
    pen.box(-0.05, 0.9, 0.05, 1.02, rgb(46, 34, 28))
    pen.box(-0.09, 0.15, 0.09, 0.18, DARK)


def piano(pen: Pen) -> None:
    for x in (-0.7, 0.5):
        pen.box(x, 0.0, x + 0.07, 0.4, DARK)
    pen.smooth("-0.85,0.4 -0.85,0.56 0.9,0.56 0.86,0.4", mix(DARK, pen.tone, 0.25))
    pen.smooth("-0.75,0.56 -0.55,1.02 0.3,1.0 0.85,0.6 0.84,0.55", mix(DARK, WHITE, 0.14))
    pen.line("0.1,0.56 -0.1,0.92", 0.02, WOOD)
    pen.box(-0.98, 0.44, -0.6, 0.5, rgb(240, 238, 230))
    pen.box(-1.35, 0.26, -1.05, 0.32, DARK)
    for x in (-1.32, -1.1):
        pen.line(f"{x},0.26 {x},0.02", 0.03, DARK)


def umbrella(pen: Pen) -> None:
    pen.line("0,0.9 0,0.05 0.08,0.0 0.13,0.06", 0.025, WOOD)
    pen.smooth("-0.6,0.5 -0.4,0.84 0,1.0 0.4,0.84 0.6,0.5 0.4,0.56 0.2,0.5 0,0.56 -0.2,0.5 -0.4,0.56")
    for x in (-0.2, 0.2):
        pen.smooth(f"{x - 0.12},0.53 {0.6 * x},0.96 {x + 0.12},0.53", pen.dim(0.15) if x < 0 else pen.pale(0.12))


def cup(pen: Pen) -> None:
    """A cup on its saucer, with steam."""
    pen.oval(0, 0.05, 0.62, 0.09, pen.dim(0.12))
    pen.oval(0, 0.07, 0.5, 0.06, pen.pale(0.2))
    pen.ring(0.4, 0.42, 0.15, 0.07, pen.dim(0.08))
    pen.smooth("-0.4,0.68 -0.38,0.3 -0.22,0.09 0.22,0.09 0.38,0.3 0.4,0.68 0,0.66")
    pen.oval(0, 0.68, 0.4, 0.09, pen.pale(0.3))
    pen.oval(0, 0.675, 0.35, 0.07, rgb(150, 170, 90) if pen.says("tea|matcha") else rgb(88, 54, 34))
    for x in (-0.13, 0.05, 0.2):
        pen.line(f"{x},0.8 {x + 0.05},0.92 {x - 0.03},1.04 {x + 0.04},1.16", 0.022, mix(WHITE, pen.tone, 0.35))


def teapot(pen: Pen) -> None:
    pen.ring(-0.46, 0.46, 0.2, 0.08, pen.dim(0.1))
    pen.smooth("0.3,0.3 0.55,0.42 0.72,0.72 0.62,0.74 0.5,0.58 0.3,0.52")
    pen.smooth("-0.46,0.4 -0.34,0.08 0.34,0.08 0.46,0.4 0.3,0.72 -0.3,0.72")
    pen.oval(0, 0.74, 0.24, 0.06, pen.pale(0.2))
    pen.disc(0, 0.84, 0.06, pen.dim(0.2))


def bottle(pen: Pen) -> None:
    """A bottle and a glass."""
    pen.smooth("-0.17,0.02 -0.17,0.55 -0.06,0.72 -0.06,1.0 0.06,1.0 0.06,0.72 0.17,0.55 0.17,0.02 0,0.0")
    pen.box(-0.17, 0.2, 0.17, 0.46, rgb(240, 232, 212))
    pen.line("-0.11,0.1 -0.11,0.52", 0.025, pen.pale(0.5))
    pen.box(-0.065, 0.93, 0.065, 1.02, rgb(120, 30, 40))
    pen.smooth("0.34,0.68 0.34,0.46 0.46,0.36 0.58,0.46 0.58,0.68", mix(GLASS, WHITE, 0.5))
    pen.smooth("0.35,0.56 0.36,0.46 0.46,0.37 0.56,0.46 0.57,0.56", rgb(140, 30, 50))
    pen.line("0.46,0.37 0.46,0.03", 0.025, mix(GLASS, WHITE, 0.5))
    pen.oval(0.46, 0.02, 0.13, 0.022, mix(GLASS, WHITE, 0.5))


def _plate(pen: Pen) -> None:
    pen.oval(0, 0.1, 1.15, 0.19, rgb(206, 208, 212))
    pen.oval(0, 0.13, 1.12, 0.17, rgb(246, 246, 244))
    pen.oval(0, 0.14, 0.85, 0.12, rgb(232, 234, 236))


def cake(pen: Pen) -> None:
    _plate(pen)
    pen.smooth("-0.6,0.16 -0.6,0.62 0,0.66 0.6,0.62 0.6,0.16 0,0.1", rgb(240, 220, 190))
    pen.box(-0.6, 0.34, 0.6, 0.42, pen.tone)
    pen.smooth(
        "-0.62,0.62 -0.6,0.5 -0.45,0.56 -0.3,0.46 -0.12,0.56 0.06,0.46 0.24,0.56 0.42,0.47 0.6,0.52 0.62,0.64 0,0.72",
        pen.tone,
    )
    pen.oval(0, 0.64, 0.6, 0.08, pen.pale(0.3))
    for x in (-0.34, -0.12, 0.12, 0.34):
        pen.line(f"{x},0.64 {x},0.88", 0.035, rgb(250, 240, 220))
        pen.smooth(f"{x - 0.03},0.9 {x},1.04 {x + 0.03},0.9 {x},0.87", rgb(255, 190, 70))


def pizza(pen: Pen) -> None:
    pen.oval(0, 0.18, 1.2, 0.34, rgb(140, 96, 60))
    pen.oval(0, 0.24, 1.1, 0.3, rgb(220, 160, 90))
    pen.oval(0, 0.26, 0.98, 0.25, rgb(246, 200, 90))
    for x, y in ((-0.6, 0.28), (-0.2, 0.4), (0.3, 0.38), (0.65, 0.26), (0.1, 0.2), (-0.35, 0.14), (0.4, 0.12)):
        pen.oval(x, y, 0.14, 0.055, rgb(196, 52, 40))
    for x, y in ((-0.4, 0.3), (0.1, 0.32), (0.5, 0.2), (-0.1, 0.1)):
        pen.oval(x, y, 0.07, 0.03, LEAF)


def burger(pen: Pen) -> None:
    _plate(pen)
    pen.smooth("-0.6,0.3 -0.5,0.14 0.5,0.14 0.6,0.3 0,0.32", rgb(214, 150, 80))
    pen.box(-0.64, 0.28, 0.64, 0.42, rgb(92, 52, 36))
    pen.smooth("-0.68,0.44 -0.4,0.36 -0.1,0.45 0.2,0.36 0.5,0.44 0.7,0.4 0.66,0.5 -0.66,0.5", rgb(110, 176, 70))
    pen.shape("-0.6,0.48 0.6,0.48 0.3,0.36 0.2,0.46", rgb(250, 196, 60))
    pen.box(-0.58, 0.48, 0.58, 0.55, rgb(204, 56, 44))
    pen.smooth("-0.64,0.54 -0.56,0.8 0,0.94 0.56,0.8 0.64,0.54 0,0.52", rgb(222, 160, 86))
    for x, y in ((-0.3, 0.78), (-0.08, 0.86), (0.16, 0.82), (0.36, 0.74), (0.02, 0.74)):
        pen.oval(x, y, 0.035, 0.018, rgb(250, 236, 200))


def sushi(pen: Pen) -> None:
    pen.shape("-1.3,0.1 -1.1,0.3 1.3,0.3 1.2,0.1", rgb(70, 50, 42))
    pen.shape("-1.3,0.0 -1.3,0.1 1.2,0.1 1.2,0.0", rgb(46, 34, 30))
    for x, top in ((-0.75, rgb(244, 120, 80)), (-0.2, rgb(226, 70, 70)), (0.35, rgb(250, 200, 160))):
        pen.smooth(f"{x - 0.22},0.2 {x - 0.2},0.4 {x},0.44 {x + 0.2},0.4 {x + 0.22},0.2 {x},0.16", rgb(250, 248, 242))
        pen.smooth(f"{x - 0.26},0.32 {x - 0.2},0.5 {x},0.56 {x + 0.2},0.5 {x + 0.26},0.32 {x},0.42", top)
        pen.line(f"{x - 0.1},0.47 {x},0.42", 0.018, mix(top, WHITE, 0.6))
    pen.box(0.72, 0.18, 1.02, 0.46, rgb(30, 46, 40))
    pen.oval(0.87, 0.46, 0.15, 0.07, rgb(250, 248, 242))
    pen.oval(0.87, 0.46, 0.07, 0.035, rgb(244, 120, 80))
    for y in (0.0, 0.06):
        pen.line(f"-1.5,{0.46 + y} -0.1,{0.72 + 1.5 * y}", 0.025, rgb(170, 60, 50))


def fruit(pen: Pen) -> None:
    """A bowl of fruit; a single apple, orange or pumpkin when it is named."""
    if pen.says("apple|pumpkins?|orange|strawberry|strawberries|lemon|tomato(?:es)?"):
        pumpkin = pen.says("pumpkins?")
        tone = pen.tone if not pumpkin else rgb(230, 126, 40)
        for k, x in enumerate((-0.2, 0.2, 0.0)):
            pen.smooth(
                f"{x - 0.4},0.42 {x - 0.3},0.08 {x},0.0 {x + 0.3},0.08 {x + 0.4},0.42 {x + 0.2},0.74 {x - 0.2},0.74",
                mix(tone, DARK, 0.14 if k < 2 else 0.0),
            )
        pen.oval(-0.16, 0.5, 0.08, 0.13, mix(tone, WHITE, 0.55))
        pen.line("0.0,0.7 0.06,0.95", 0.045, WOOD)
        pen.smooth("0.05,0.86 0.22,0.98 0.4,0.9 0.22,0.82", LEAF)
        return
    for x, y, tone in (
        (-0.42, 0.6, rgb(214, 62, 50)),
        (0.0, 0.68, rgb(240, 160, 50)),
        (0.42, 0.6, rgb(120, 170, 60)),
        (-0.2, 0.86, rgb(236, 200, 70)),
        (0.22, 0.85, rgb(200, 50, 60)),
    ):
        pen.disc(x, y, 0.24, tone)
        pen.disc(x - 0.08, y + 0.09, 0.05, mix(tone, WHITE, 0.55))
    pen.smooth("-0.8,0.56 -0.5,0.12 0.5,0.12 0.8,0.56 0,0.5")
    pen.box(-0.3, 0.0, 0.3, 0.12, pen.dim(0.2))


def vase(pen: Pen) -> None:
    """Flowers in a vase."""
    rng = np.random.default_rng(5)
    tones = (pen.tone, rgb(250, 210, 90), rgb(236, 120, 150), rgb(250, 246, 240), rgb(150, 110, 200))
    for k in range(9):
        x, y = -0.44 + 0.11 * k, 0.72 + 0.22 * float(rng.random())
        pen.line(f"0,0.36 {0.6 * x},{0.6 * y} {x},{y}", 0.016, LEAF)
        if k % 2:
            pen.smooth(f"{0.6 * x},{0.62 * y} {0.9 * x + 0.1},{0.72 * y} {1.2 * x},{0.7 * y}", mix(LEAF, DARK, 0.2))
        for angle in np.linspace(0, 2 * np.pi, 7)[:-1]:
            pen.disc(x + 0.06 * np.cos(angle), y + 0.06 * np.sin(angle), 0.05, tones[k % 5])
        pen.disc(x, y, 0.035, rgb(240, 190, 60) if k % 5 != 1 else rgb(120, 70, 40))
    pen.smooth("-0.12,0.42 -0.24,0.2 -0.14,0.0 0.14,0.0 0.24,0.2 0.12,0.42", rgb(120, 156, 186))
    pen.line("-0.13,0.1 -0.15,0.24", 0.03, rgb(200, 222, 240))


def candle(pen: Pen) -> None:
    for x, high in ((-0.3, 0.6), (0.0, 0.8), (0.28, 0.5)):
        pen.box(x - 0.1, 0.0, x + 0.1, high, rgb(244, 236, 216))
        pen.oval(x, high, 0.1, 0.025, rgb(255, 246, 224))
        pen.smooth(
            f"{x - 0.05},{high + 0.08} {x},{high + 0.26} {x + 0.05},{high + 0.08} {x},{high + 0.03}", rgb(255, 180, 60)
        )
        pen.smooth(f"{x - 0.022},{high + 0.08} {x},{high + 0.17} {x + 0.022},{high + 0.08}", rgb(255, 244, 190))


def book(pen: Pen) -> None:
    for k, (wide, tone) in enumerate(
        ((0.9, pen.tone), (0.82, rgb(56, 96, 130)), (0.86, rgb(200, 150, 70)), (0.7, rgb(90, 120, 84)))
    ):
        low = 0.2 * k
        pen.box(-wide, low, wide, low + 0.19, tone)
        pen.box(-wide + 0.06, low + 0.03, wide, low + 0.16, rgb(244, 238, 222))
        pen.box(-wide, low, -wide + 0.2, low + 0.19, mix(tone, DARK, 0.12))


def clock(pen: Pen) -> None:
    pen.disc(0, 0.5, 0.5, pen.dim(0.2))
    pen.disc(0, 0.5, 0.43, rgb(248, 246, 238))
    for angle in np.linspace(0, 2 * np.pi, 13)[:-1]:
        c, s = np.cos(angle), np.sin(angle)
        pen.line(f"{0.35 * c},{0.5 + 0.35 * s} {0.4 * c},{0.5 + 0.4 * s}", 0.02, DARK)
    pen.line("0,0.5 -0.16,0.66", 0.035, DARK)
    pen.line("0,0.5 0.12,0.82", 0.025, DARK)


def laptop(pen: Pen) -> None:
    pen.shape("-0.8,0.0 -0.62,0.14 0.62,0.14 0.8,0.0", rgb(170, 174, 180))
    pen.box(-0.62, 0.14, 0.62, 0.94, rgb(60, 62, 68))
    pen.box(-0.57, 0.19, 0.57, 0.89, rgb(60, 110, 170))
    for k in range(5):
        pen.box(-0.5, 0.74 - 0.11 * k, -0.5 + (0.7, 0.9, 0.5, 0.8, 0.4)[k], 0.78 - 0.11 * k, rgb(170, 220, 250))


def shoe(pen: Pen) -> None:
    pen.smooth("-0.9,0.1 -0.92,0.5 -0.7,0.84 -0.4,0.8 0.0,0.5 0.6,0.36 0.95,0.24 0.95,0.08")
    pen.smooth("-0.95,0.12 -0.9,0.0 0.9,0.0 1.0,0.1 0.6,0.14", WHITE)
    pen.smooth("-0.8,0.2 -0.4,0.26 0.1,0.4 -0.2,0.2", pen.pale(0.6))
    for k in range(4):
        pen.line(f"{-0.3 + 0.13 * k},{0.68 - 0.07 * k} {-0.2 + 0.13 * k},{0.78 - 0.09 * k}", 0.035, WHITE)
