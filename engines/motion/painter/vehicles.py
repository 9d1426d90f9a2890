"""Things that go: on roads, rails, water and through the air. One unit is their height."""

from __future__ import annotations

import numpy as np

from engines.motion.painter.palettes import mix
from engines.motion.painter.pen import DARK, GLASS, WHITE, Pen, rgb

STEEL, LAMP = rgb(168, 172, 178), rgb(255, 240, 196)


def _wheel(pen: Pen, x: float, radius: float) -> None:
    pen.disc(x, radius, radius, DARK)
    pen.disc(x, radius, 0.58 * radius, STEEL)
    pen.disc(x, radius, 0.2 * radius, DARK)


def car(pen: Pen) -> None:
    """A low coupé; a taxi is taller and wears its sign."""
    pen.smooth("-1.82,0.26 -1.8,0.52 -1.3,0.63 -0.95,0.68 -0.45,1.0 0.4,1.0 0.95,0.68 1.5,0.62 1.8,0.5 1.84,0.24 0,0.2")
    pen.shape("-1.80,0.22 -1.80,0.36 1.83,0.36 1.82,0.22", pen.dim(0.35))
    pane = mix(GLASS, DARK, 0.25)
    pen.shape("-0.85,0.67 -0.42,0.93 -0.06,0.94 -0.06,0.67", pane)
    pen.shape("0.02,0.67 0.02,0.94 0.34,0.93 0.78,0.67", pane)
    pen.line("-0.02,0.64 -0.02,0.36", 0.012, pen.dim(0.4))
    pen.line("-1.6,0.58 0,0.62 1.5,0.58", 0.018, pen.pale(0.45))
    pen.oval(1.68, 0.48, 0.1, 0.055, LAMP)
    pen.oval(-1.76, 0.5, 0.05, 0.05, rgb(200, 40, 36))
    for x in (-1.05, 1.1):
        pen.disc(x, 0.29, 0.34, pen.dim(0.6))
        _wheel(pen, x, 0.29)
    if pen.says("taxi|cab"):
        pen.box(-0.2, 1.0, 0.2, 1.12, rgb(250, 220, 90))


def bus(pen: Pen) -> None:
    pen.smooth("-1.5,0.14 -1.52,0.9 -1.42,1.0 0,1.01 1.42,1.0 1.52,0.85 1.5,0.14 0,0.13")
    pen.box(-1.5, 0.40, 1.5, 0.46, pen.pale(0.7))
    for k in range(6):
        left = -1.4 + 0.44 * k
        pen.box(left, 0.55, left + 0.38, 0.86, mix(mix(GLASS, DARK, 0.25), LAMP, 0.8 * pen.night))
    pen.box(1.22, 0.5, 1.5, 0.88, mix(GLASS, DARK, 0.15))
    pen.disc(1.46, 0.28, 0.05, LAMP)
    for x in (-0.95, 0.95):
        _wheel(pen, x, 0.17)


def truck(pen: Pen) -> None:
    """A lorry, or a tractor when that is named."""
    if pen.says("tractors?"):
        pen.box(0.0, 0.35, 0.95, 0.62)
        pen.box(-0.6, 0.35, 0.1, 0.6, pen.dim(0.15))
        pen.shape("-0.55,0.6 -0.5,1.0 0.1,1.0 0.18,0.6", mix(GLASS, DARK, 0.2))
        pen.box(-0.6, 0.97, 0.2, 1.04)
        pen.line("0.6,0.6 0.6,0.92", 0.05, DARK)
        _wheel(pen, -0.45, 0.42)
        _wheel(pen, 0.75, 0.24)
        return
    pen.box(-1.6, 0.22, 0.55, 1.0, rgb(226, 226, 222))
    pen.box(-1.6, 0.55, 0.55, 0.66, pen.tone)
    pen.smooth("0.6,0.2 0.6,0.86 1.0,0.88 1.25,0.6 1.35,0.5 1.36,0.2")
    pen.shape("0.72,0.56 0.72,0.8 0.98,0.8 1.16,0.56", mix(GLASS, DARK, 0.2))
    pen.disc(1.32, 0.34, 0.04, LAMP)
    for x in (-1.2, -0.85, 0.95):
        _wheel(pen, x, 0.17)


def train(pen: Pen) -> None:
    """A steam engine with its coaches when it is old, else a fast train; on its rails."""
    for x in np.arange(-5.4, 5.4, 0.3):
        pen.box(x, -0.09, x + 0.14, -0.03, rgb(92, 74, 60))
    pen.box(-5.4, -0.04, 5.4, 0.0, STEEL)
    if not pen.says(r"steam|old|vintage|locomotives?"):
        pen.smooth("-5,0.08 -5,0.9 -4.4,0.96 1.6,0.96 2.5,0.8 3.2,0.36 3.2,0.1", rgb(236, 238, 240))
        pen.shape("-5,0.2 -5,0.38 3.15,0.38 3.2,0.2", pen.tone)
        for k in range(12):
            pen.box(-4.7 + 0.5 * k, 0.52, -4.32 + 0.5 * k, 0.78, mix(mix(GLASS, DARK, 0.5), LAMP, 0.8 * pen.night))
        pen.shape("1.9,0.6 1.9,0.82 2.3,0.76 2.75,0.56", mix(GLASS, DARK, 0.6))
        pen.disc(3.05, 0.3, 0.06, LAMP)
        return
    for left in (-4.9, -2.7):
        pen.box(left, 0.18, left + 2.0, 0.88, pen.tone)
        pen.box(left - 0.05, 0.86, left + 2.05, 0.96, pen.dim(0.5))
        for k in range(5):
            pen.box(
                left + 0.15 + 0.37 * k,
                0.5,
                left + 0.4 + 0.37 * k,
                0.76,
                mix(mix(GLASS, DARK, 0.4), LAMP, 0.8 * pen.night),
            )
        for x in (0.35, 0.75, 1.3, 1.7):
            _wheel(pen, left + x, 0.12)
    iron = mix(DARK, rgb(70, 78, 84), 0.5)
    pen.box(-0.5, 0.2, 0.3, 1.0, iron)
    pen.box(-0.6, 0.98, 0.4, 1.06, pen.tone)
    pen.box(-0.35, 0.6, 0.1, 0.86, mix(GLASS, LAMP, 0.6))
    pen.smooth("0.2,0.34 0.2,0.78 1.7,0.78 1.86,0.56 1.7,0.34", iron)
    pen.shape("1.35,0.76 1.3,1.08 1.62,1.08 1.55,0.76", iron)
    pen.oval(0.8, 0.82, 0.16, 0.12, pen.tone)
    pen.box(-0.5, 0.28, 1.95, 0.36, pen.tone)
    pen.shape("1.8,0.3 2.2,0.04 1.7,0.04", pen.tone)
    for x in (-0.1, 0.45, 1.0):
        _wheel(pen, x, 0.2)
    _wheel(pen, 1.5, 0.13)
    for x, y, r in ((1.4, 1.25, 0.16), (1.1, 1.45, 0.22), (0.6, 1.62, 0.28), (-0.1, 1.75, 0.34)):
        pen.disc(x, y, r, mix(WHITE, STEEL, 0.25))


def bicycle(pen: Pen) -> None:
    for x in (-0.55, 0.55):
        pen.ring(x, 0.34, 0.32, 0.035, DARK)
        for angle in np.linspace(0, np.pi, 6, endpoint=False):
            dx, dy = 0.3 * np.cos(angle), 0.3 * np.sin(angle)
            pen.line(f"{x - dx},{0.34 - dy} {x + dx},{0.34 + dy}", 0.008, STEEL)
    for frame in (
        "-0.55,0.34 -0.08,0.32 0.42,0.78 -0.24,0.76 -0.55,0.34",
        "-0.08,0.32 -0.28,0.88",
        "0.42,0.78 0.55,0.34",
        "0.42,0.78 0.38,0.95",
    ):
        pen.line(frame, 0.045)
    pen.line("0.5,0.96 0.34,0.98 0.28,0.92", 0.035, DARK)
    pen.oval(-0.3, 0.91, 0.14, 0.04, DARK)
    pen.disc(-0.08, 0.32, 0.08, STEEL)


def motorcycle(pen: Pen) -> None:
    for x in (-0.72, 0.72):
        pen.disc(x, 0.36, 0.36, DARK)
        pen.disc(x, 0.36, 0.2, STEEL)
    pen.smooth("-0.6,0.55 -0.3,0.42 0.3,0.3 0.42,0.5 0.2,0.66 -0.3,0.64", rgb(90, 94, 98))
    pen.smooth("-0.1,0.66 0.1,0.84 0.42,0.82 0.46,0.66 0.2,0.58")
    pen.smooth("-0.9,0.78 -0.5,0.7 -0.05,0.66 -0.1,0.76 -0.6,0.86", DARK)
    pen.line("0.72,0.36 0.46,0.92 0.34,1.0", 0.06, STEEL)
    pen.disc(0.56, 0.82, 0.1, LAMP)
    pen.line("-0.2,0.28 -0.95,0.26", 0.08, STEEL)
    pen.smooth("0.42,0.7 0.72,0.78 1.0,0.62 0.7,0.7")


def boat(pen: Pen) -> None:
    """A sailing boat; a rowing boat, a ship or a yacht when they are named."""
    hull = pen.dim(0.15)
    if pen.says(r"ships?|cruise|ferry|ocean liner|yachts?"):
        pen.smooth("-1.9,0.34 -1.6,0.0 1.5,0.0 2.0,0.42 1.4,0.36 0,0.34", hull)
        pen.box(-1.5, 0.34, 1.1, 0.52, WHITE)
        pen.box(-1.2, 0.52, 0.8, 0.68, rgb(236, 238, 240))
        pen.box(-0.6, 0.68, 0.5, 0.82, WHITE)
        pen.shape("-0.5,0.82 -0.45,1.05 -0.1,1.05 -0.15,0.82", pen.tone)
        for k in range(13):
            pen.disc(-1.4 + 0.19 * k, 0.43, 0.03, mix(DARK, LAMP, pen.night))
        return
    if pen.says(r"row(?:ing|boat)\w*|canoes?|kayaks?|fishing"):
        pen.smooth("-1,0.36 -0.8,0.06 0.8,0.06 1.05,0.4 0.5,0.3 -0.5,0.28", hull)
        pen.line("-0.2,0.3 0.8,-0.06", 0.035, rgb(196, 160, 110))
        pen.smooth("-0.3,0.28 -0.26,0.56 -0.1,0.66 0.06,0.56 0.1,0.28", rgb(70, 84, 110))
        pen.disc(-0.1, 0.76, 0.12, rgb(150, 110, 84))
        if pen.says("fishing"):
            pen.line("0.02,0.5 1.5,1.0", 0.02, DARK)
            pen.line("1.5,1.0 1.56,0.0", 0.008, WHITE)
        return
    sail = mix(rgb(250, 246, 236), DARK, 0.5 * pen.night)
    pen.smooth("-0.42,0.12 -0.32,0.0 0.32,0.0 0.46,0.15 0,0.12", hull)
    pen.line("0,0.12 0,1.0", 0.015, rgb(120, 90, 60))
    pen.smooth("0.02,0.98 0.03,0.15 0.4,0.16 0.25,0.5", sail)
    pen.smooth("-0.03,0.9 -0.03,0.16 -0.32,0.17 -0.2,0.45", mix(sail, DARK, 0.12))


def airplane(pen: Pen) -> None:
    pen.smooth("-1.6,0.5 -1.3,0.62 0.9,0.66 1.4,0.58 1.56,0.46 1.3,0.36 -0.8,0.38", rgb(240, 242, 246))
    pen.shape("-1.5,0.56 -1.75,1.0 -1.45,1.0 -1.0,0.62", pen.tone)
    pen.shape("0.25,0.44 -0.6,0.0 -0.3,0.0 0.65,0.42", mix(WHITE, STEEL, 0.6))
    pen.shape("0.1,0.6 -0.3,0.88 -0.12,0.88 0.5,0.62", mix(WHITE, STEEL, 0.8))
    pen.oval(0.05, 0.26, 0.2, 0.07, pen.tone)
    for k in range(11):
        pen.disc(-0.9 + 0.17 * k, 0.55, 0.025, mix(DARK, GLASS, 0.4))
    pen.shape("1.2,0.56 1.42,0.54 1.3,0.48 1.15,0.5", mix(DARK, GLASS, 0.4))


def helicopter(pen: Pen) -> None:
    pen.smooth("-0.3,0.3 -0.3,0.66 0.2,0.8 0.7,0.6 0.74,0.4 0.4,0.24")
    pen.shape("-0.2,0.62 -1.6,0.68 -1.6,0.76 -0.1,0.74")
    pen.shape("-1.5,0.72 -1.75,1.0 -1.6,0.7", pen.dim())
    pen.smooth("0.2,0.5 0.2,0.72 0.6,0.6 0.68,0.46", mix(GLASS, DARK, 0.15))
    pen.line("0.1,0.78 0.1,0.92", 0.05, DARK)
    pen.line("-1.1,0.94 1.3,0.92", 0.03, DARK)
    pen.line("-0.4,0.12 0.7,0.12", 0.035, DARK)
    for x in (-0.1, 0.4):
        pen.line(f"{x},0.28 {x},0.12", 0.03, DARK)


def rocket(pen: Pen) -> None:
    for side in (-1, 1):
        pen.shape(f"{side * 0.1},0.34 {side * 0.28},0.1 {side * 0.26},0.28 {side * 0.1},0.5", pen.tone)
    pen.smooth("-0.13,0.2 -0.15,0.6 -0.08,0.85 0,1.0 0.08,0.85 0.15,0.6 0.13,0.2", rgb(236, 238, 242))
    pen.smooth("-0.09,0.82 0,1.0 0.09,0.82 0,0.8", pen.tone)
    pen.disc(0, 0.62, 0.055, mix(GLASS, DARK, 0.4))
    pen.smooth("-0.1,0.2 0,-0.2 0.1,0.2", rgb(255, 170, 60))
    pen.smooth("-0.05,0.2 0,-0.06 0.05,0.2", rgb(255, 236, 160))


def saucer(pen: Pen) -> None:
    pen.smooth("-0.36,0.58 -0.3,0.86 0,0.98 0.3,0.86 0.36,0.58", mix(GLASS, WHITE, 0.3))
    pen.smooth("-1.2,0.5 -0.5,0.68 0.5,0.68 1.2,0.5 0.5,0.32 -0.5,0.32", STEEL)
    for k in range(7):
        pen.disc(-0.9 + 0.3 * k, 0.48 - 0.03 * (1 - abs(k - 3) / 3), 0.05, rgb(255, 236, 120))


def balloon(pen: Pen) -> None:
    """A hot-air balloon; toy balloons on strings when several are wanted."""
    tones = (pen.tone, rgb(244, 200, 80), rgb(70, 130, 190), rgb(240, 240, 232), rgb(120, 170, 90))
    if pen.says(r"(?:party|birthday|red|blue|toy) balloons?") and not pen.says("hot air"):
        for k, (x, y) in enumerate(((-0.3, 0.7), (0, 0.82), (0.3, 0.7), (-0.14, 0.56), (0.16, 0.54))):
            pen.line(f"{x},{y - 0.18} 0,0.0", 0.008, WHITE)
            pen.oval(x, y, 0.15, 0.19, tones[k] if not pen.says("(?:red|blue) balloons?") else pen.tone)
            pen.oval(x - 0.05, y + 0.07, 0.03, 0.05, WHITE)
        return
    for x in (-0.1, 0.1):
        pen.line(f"{x},0.14 {2.2 * x},0.36", 0.008, DARK)
    pen.box(-0.1, 0.0, 0.1, 0.14, rgb(140, 100, 60))
    outline = 0.42 * np.sin(np.linspace(0.12, np.pi, 40)) ** 0.8
    heights = 1.0 - (np.linspace(0, 1, 40) ** 1.15) * 0.68
    for k in range(7):
        left, right = -1 + 2 * k / 7, -1 + 2 * (k + 1) / 7
        a, b = np.sin(left * np.pi / 2), np.sin(right * np.pi / 2)
        gore = np.concatenate([np.stack([a * outline, heights], 1), np.stack([b * outline, heights], 1)[::-1]])
        pen.shape(gore, tones[k % 2] if k != 3 else tones[3])
