# ruff: noqa: E501  outlines read as the shapes they are
"""Animals from the side, looking left; one unit is their height."""

from __future__ import annotations

from engines.motion.painter.palettes import mix
from engines.motion.painter.pen import DARK, WHITE, Pen, rgb


def cat(pen: Pen) -> None:
    """Sitting, or curled up when it sleeps."""
    light, dark = pen.pale(), pen.dim()
    if pen.says(r"sleep\w*|lying|lies|nap\w*|curled|resting"):
        pen.oval(0, 0.26, 0.62, 0.27)
        pen.line("0.52,0.14 0.2,0.05 -0.3,0.06", 0.11, dark)
        x, y = -0.46, 0.28
    else:
        pen.line("0.22,0.1 0.5,0.12 0.6,0.4", 0.09, dark)
        pen.smooth("-0.2,0.02 -0.24,0.3 -0.16,0.62 0.04,0.66 0.26,0.4 0.34,0.08 0.1,0.0")
        pen.oval(-0.08, 0.36, 0.14, 0.2, light)
        for x in (-0.14, 0.02):
            pen.line(f"{x},0.3 {x},0.05", 0.1)
        x, y = -0.06, 0.76
    pen.oval(x, y, 0.21, 0.18)
    for side in (-1, 1):
        ear = x + side * 0.13
        pen.shape(f"{ear - 0.07},{y + 0.1} {ear + side * 0.04},{y + 0.29} {ear + 0.07},{y + 0.1}", dark)
        pen.oval(x + side * 0.08, y + 0.02, 0.026, 0.034, rgb(214, 200, 96))
        pen.oval(x + side * 0.08, y + 0.02, 0.009, 0.03, DARK)
        for tilt in (-0.02, 0.03):
            pen.line(f"{x + side * 0.06},{y - 0.07} {x + side * 0.26},{y - 0.07 + tilt}", 0.008, light)
    pen.disc(x, y - 0.06, 0.025, mix(DARK, rgb(220, 130, 130), 0.6))


def dog(pen: Pen) -> None:
    """A dog; foxes have a brush, wolves a thick neck."""
    dark, fox = pen.dim(), pen.says(r"fox(?:es)?")
    for x, tone in ((-0.22, dark), (0.44, dark), (-0.34, pen.tone), (0.34, pen.tone)):
        pen.line(f"{x},0.45 {x + 0.02},0.22 {x - 0.02},0.05", 0.11 if not fox else 0.08, tone)
    if fox:
        pen.smooth("0.4,0.6 0.7,0.5 0.98,0.3 1.1,0.34 0.9,0.6 0.6,0.7")
        pen.smooth("0.96,0.3 1.12,0.28 1.1,0.4", WHITE)
    else:
        pen.line("0.48,0.58 0.68,0.74 0.74,0.9", 0.10, dark)
    pen.smooth("-0.46,0.5 -0.4,0.66 0.1,0.68 0.48,0.66 0.54,0.5 0.3,0.38 0,0.38 -0.3,0.36")
    pen.line("-0.34,0.55 -0.48,0.8", 0.22)
    pen.oval(-0.54, 0.86, 0.17, 0.13)
    pen.oval(-0.70, 0.82, 0.13, 0.07, pen.pale(0.2))
    pen.disc(-0.82, 0.84, 0.03, DARK)
    pen.disc(-0.57, 0.89, 0.02, DARK)
    pen.shape("-0.50,0.94 -0.44,1.12 -0.36,0.90", dark)


def horse(pen: Pen) -> None:
    mane, back = pen.dim(0.55), pen.dim()
    for x, tone in ((-0.2, back), (0.36, back), (-0.28, pen.tone), (0.28, pen.tone)):
        pen.line(f"{x},0.5 {x + 0.02},0.26 {x - 0.01},0.04", 0.075, tone)
        pen.box(x - 0.05, 0.0, x + 0.03, 0.05, mane)
    pen.smooth("0.40,0.66 0.52,0.56 0.55,0.3 0.48,0.22 0.44,0.5", mane)
    pen.smooth("-0.34,0.5 -0.3,0.66 0.0,0.66 0.34,0.69 0.44,0.58 0.36,0.44 0.0,0.43 -0.24,0.42")
    pen.smooth("-0.32,0.46 -0.06,0.62 -0.26,0.94 -0.46,0.90 -0.36,0.7")
    pen.smooth("-0.36,0.98 -0.26,0.9 -0.5,0.72 -0.62,0.74 -0.56,0.84")
    pen.line("-0.28,0.97 -0.18,0.84 -0.08,0.68", 0.06, mane)
    pen.shape("-0.37,0.95 -0.33,1.06 -0.29,0.95")
    pen.disc(-0.42, 0.89, 0.014, DARK)
    if pen.says(r"unicorns?"):
        pen.shape("-0.40,0.96 -0.50,1.22 -0.35,0.97", rgb(244, 220, 150))
    if pen.says(r"zebras?"):
        for k in range(9):
            x = -0.3 + 0.085 * k
            pen.line(f"{x},0.66 {x + 0.03},0.55 {x},0.45", 0.025, DARK)


def cow(pen: Pen) -> None:
    for x, tone in ((-0.36, pen.dim()), (0.5, pen.dim()), (-0.46, pen.tone), (0.42, pen.tone)):
        pen.line(f"{x},0.5 {x},0.05", 0.11, tone)
        pen.box(x - 0.055, 0.0, x + 0.055, 0.06, DARK)
    pen.smooth("-0.62,0.5 -0.58,0.84 0.0,0.86 0.56,0.86 0.62,0.6 0.4,0.36 0,0.34 -0.4,0.36")
    for x, y, size in ((-0.2, 0.7, 0.17), (0.3, 0.6, 0.2), (0.5, 0.78, 0.09)):
        pen.oval(x, y, size, 0.75 * size, DARK if not pen.says("brown") else pen.dim(0.5))
    pen.smooth("-0.5,0.86 -0.72,0.96 -0.98,0.74 -1.0,0.62 -0.82,0.6 -0.6,0.66")
    pen.oval(-0.95, 0.66, 0.09, 0.08, rgb(226, 170, 160))
    pen.line("-0.68,0.95 -0.74,1.06", 0.035, rgb(226, 216, 190))
    pen.oval(-0.56, 0.92, 0.1, 0.04, pen.dim(0.2))
    pen.disc(-0.76, 0.82, 0.022, DARK)
    pen.line("0.6,0.78 0.7,0.5 0.68,0.3", 0.035, pen.dim(0.2))


def sheep(pen: Pen) -> None:
    face = pen.dim(0.7)
    for x in (-0.3, -0.18, 0.22, 0.34):
        pen.line(f"{x},0.3 {x},0.03", 0.09, face)
    for x, y in ((-0.35, 0.5), (-0.2, 0.64), (0, 0.7), (0.2, 0.68), (0.38, 0.58), (0.44, 0.44), (0.2, 0.36), (-0.1, 0.34), (-0.3, 0.38), (0.05, 0.5)):  # fmt: skip
        pen.disc(x, y, 0.2, pen.pale(0.1) if y > 0.5 else pen.tone)
    pen.oval(-0.56, 0.62, 0.14, 0.19, face)
    pen.oval(-0.42, 0.7, 0.1, 0.045, face)
    pen.disc(-0.6, 0.66, 0.022, WHITE)


def deer(pen: Pen) -> None:
    for x, tone in ((-0.16, pen.dim()), (0.34, pen.dim()), (-0.22, pen.tone), (0.26, pen.tone)):
        pen.line(f"{x},0.42 {x + 0.02},0.22 {x},0.02", 0.05, tone)
    pen.smooth("-0.28,0.42 -0.26,0.54 0,0.54 0.34,0.55 0.4,0.46 0.3,0.36 0,0.36")
    pen.smooth("-0.3,0.42 -0.12,0.5 -0.26,0.76 -0.36,0.74")
    pen.smooth("-0.26,0.82 -0.22,0.74 -0.44,0.64 -0.5,0.67 -0.44,0.75")
    pen.oval(0.4, 0.5, 0.05, 0.06, WHITE)
    for side in (-0.06, 0.06):
        x = -0.27 + side
        pen.line(f"-0.28,0.80 {x},0.92 {x + 1.2 * side},1.06", 0.022, pen.dim(0.4))
        pen.line(f"{x},0.92 {x - 0.06},0.99", 0.018, pen.dim(0.4))
    pen.oval(-0.2, 0.82, 0.06, 0.025)
    pen.disc(-0.36, 0.745, 0.014, DARK)


def bear(pen: Pen) -> None:
    """On all fours; a panda sits."""
    if pen.says(r"pandas?"):
        for x in (-0.3, 0.3):
            pen.oval(x, 0.16, 0.2, 0.16, DARK)
        pen.oval(0, 0.36, 0.36, 0.34, rgb(240, 240, 236))
        pen.smooth("-0.34,0.56 0,0.62 0.34,0.56 0.4,0.3 0.28,0.28 0.2,0.46 -0.2,0.46 -0.28,0.28 -0.4,0.3", DARK)
        pen.oval(0, 0.8, 0.28, 0.23, rgb(244, 244, 240))
        for side in (-1, 1):
            pen.disc(side * 0.22, 0.99, 0.09, DARK)
            pen.oval(side * 0.11, 0.81, 0.07, 0.085, DARK)
            pen.disc(side * 0.1, 0.82, 0.022, WHITE)
        pen.oval(0, 0.71, 0.05, 0.03, DARK)
        return
    for x, tone in ((-0.36, pen.dim(0.35)), (0.5, pen.dim(0.35)), (-0.5, pen.tone), (0.38, pen.tone)):
        pen.line(f"{x},0.5 {x},0.08", 0.22, tone)
    pen.smooth("-0.7,0.5 -0.6,0.84 -0.2,0.9 0.4,0.88 0.7,0.66 0.62,0.34 0,0.28 -0.5,0.3")
    pen.oval(-0.8, 0.72, 0.22, 0.19)
    pen.oval(-0.98, 0.65, 0.12, 0.085, pen.pale(0.2))
    pen.disc(-1.08, 0.67, 0.035, DARK)
    pen.disc(-0.72, 0.9, 0.07)
    pen.disc(-0.84, 0.77, 0.02, DARK)


def elephant(pen: Pen) -> None:
    for x, tone in ((-0.2, pen.dim()), (0.46, pen.dim()), (-0.34, pen.tone), (0.32, pen.tone)):
        pen.line(f"{x},0.5 {x},0.09", 0.17, tone)
    pen.smooth("-0.46,0.6 -0.36,0.88 0.1,0.98 0.5,0.88 0.58,0.56 0.4,0.32 0,0.3 -0.36,0.34")
    pen.line("0.56,0.66 0.64,0.42", 0.04, pen.dim())
    pen.oval(-0.54, 0.76, 0.24, 0.23)
    pen.line("-0.72,0.7 -0.8,0.5 -0.8,0.24 -0.9,0.16", 0.11)
    pen.smooth("-0.46,0.94 -0.2,0.9 -0.18,0.6 -0.34,0.5 -0.46,0.66", pen.dim(0.18))
    pen.line("-0.68,0.6 -0.86,0.52 -0.94,0.56", 0.045, rgb(240, 234, 216))
    pen.disc(-0.62, 0.8, 0.022, DARK)


def giraffe(pen: Pen) -> None:
    spots = pen.dim(0.4)
    for x, tone in ((-0.1, pen.dim(0.2)), (0.22, pen.dim(0.2)), (-0.16, pen.tone), (0.16, pen.tone)):
        pen.line(f"{x},0.4 {x},0.02", 0.045, tone)
    pen.smooth("-0.2,0.42 -0.16,0.52 0.16,0.5 0.24,0.42 0.14,0.34 -0.1,0.34")
    pen.smooth("-0.2,0.4 -0.08,0.5 -0.26,0.92 -0.34,0.9")
    pen.smooth("-0.28,0.97 -0.24,0.9 -0.42,0.86 -0.45,0.89")
    for x, y, r in ((-0.12, 0.44, 0.03), (-0.02, 0.46, 0.035), (0.08, 0.43, 0.03), (0.16, 0.45, 0.025), (0.0, 0.39, 0.025), (-0.19, 0.56, 0.025), (-0.22, 0.66, 0.022), (-0.26, 0.76, 0.02), (-0.28, 0.85, 0.016)):  # fmt: skip
        pen.disc(x, y, r, spots)
    for x in (-0.29, -0.26):
        pen.line(f"{x},0.95 {x + 0.01},1.01", 0.014, spots)
    pen.disc(-0.33, 0.925, 0.011, DARK)


def lion(pen: Pen) -> None:
    """A lion with its mane, a tiger with its stripes."""
    tiger = pen.says(r"tigers?|leopards?|cheetahs?|panthers?|jaguars?")
    for x, tone in ((-0.3, pen.dim()), (0.5, pen.dim()), (-0.42, pen.tone), (0.4, pen.tone)):
        pen.line(f"{x},0.45 {x},0.06", 0.13, tone)
    pen.line("0.55,0.6 0.82,0.5 0.9,0.72", 0.05)
    pen.smooth("-0.55,0.5 -0.45,0.74 0,0.72 0.5,0.74 0.6,0.54 0.44,0.36 0,0.4 -0.4,0.32")
    if tiger:
        for k in range(8):
            x = -0.36 + 0.12 * k
            pen.line(f"{x},0.71 {x + 0.03},0.6 {x},0.5", 0.03, DARK)
    else:
        pen.disc(0.9, 0.74, 0.06, pen.dim(0.5))
        for x, y in ((-0.5, 0.9), (-0.66, 0.94), (-0.42, 0.76), (-0.5, 0.6), (-0.64, 0.52), (-0.78, 0.6)):
            pen.disc(x, y, 0.17, pen.dim(0.45))
    pen.oval(-0.64, 0.76, 0.2, 0.18)
    pen.oval(-0.74, 0.69, 0.11, 0.08, pen.pale(0.35))
    pen.disc(-0.8, 0.73, 0.03, DARK)
    pen.disc(-0.54, 0.93, 0.06)
    pen.disc(-0.66, 0.81, 0.02, DARK)


def camel(pen: Pen) -> None:
    for x, tone in ((-0.14, pen.dim()), (0.36, pen.dim()), (-0.22, pen.tone), (0.28, pen.tone)):
        pen.line(f"{x},0.45 {x + 0.02},0.24 {x},0.02", 0.055, tone)
    pen.smooth("-0.34,0.52 -0.24,0.6 -0.12,0.62 0.04,0.86 0.2,0.64 0.4,0.58 0.4,0.44 0,0.38 -0.26,0.4")
    pen.smooth("-0.3,0.44 -0.2,0.52 -0.42,0.58 -0.46,0.84 -0.54,0.84 -0.52,0.54 -0.44,0.42")
    pen.smooth("-0.44,0.9 -0.42,0.8 -0.64,0.76 -0.68,0.82 -0.58,0.9")
    pen.disc(-0.53, 0.86, 0.014, DARK)
    pen.line("0.42,0.54 0.46,0.38", 0.02, pen.dim())


def rabbit(pen: Pen) -> None:
    pen.smooth("-0.2,0.04 -0.26,0.24 -0.1,0.48 0.2,0.5 0.42,0.3 0.4,0.06 0.1,0.0")
    pen.disc(0.44, 0.22, 0.1, WHITE)
    pen.oval(0.22, 0.16, 0.2, 0.15, pen.dim(0.12))
    pen.line("-0.2,0.2 -0.2,0.04", 0.1)
    pen.oval(-0.24, 0.56, 0.19, 0.16)
    pen.smooth("-0.2,0.66 -0.1,0.7 -0.02,1.0 -0.12,1.02 -0.22,0.8", pen.dim(0.15))
    pen.smooth("-0.28,0.66 -0.2,0.7 -0.2,1.04 -0.3,1.02 -0.34,0.8")
    pen.disc(-0.3, 0.6, 0.028, DARK)
    pen.disc(-0.42, 0.54, 0.022, rgb(226, 140, 140))


def penguin(pen: Pen) -> None:
    for x in (-0.1, 0.1):
        pen.oval(x, 0.03, 0.11, 0.035, rgb(236, 150, 50))
    pen.smooth("-0.28,0.1 -0.3,0.45 -0.16,0.8 -0.14,0.96 0,1.02 0.14,0.96 0.16,0.8 0.3,0.45 0.28,0.1 0,0.02", DARK)
    pen.smooth("-0.2,0.12 -0.2,0.45 -0.08,0.74 0.08,0.74 0.2,0.45 0.2,0.12 0,0.05", rgb(244, 244, 240))
    for side in (-1, 1):
        pen.line(f"{side * 0.24},0.66 {side * 0.38},0.32", 0.09, DARK)
        pen.disc(side * 0.06, 0.9, 0.024, WHITE)
        pen.oval(side * 0.11, 0.8, 0.05, 0.05, rgb(240, 190, 70))
    pen.shape("-0.05,0.85 0.05,0.85 0,0.76", rgb(236, 150, 50))


def bird(pen: Pen) -> None:
    """Standing: an owl, a parrot, a hen …; the ones in the sky are `flock`."""
    for x in (-0.08, 0.08):
        pen.line(f"{x},0.25 {x},0.02", 0.035, rgb(214, 150, 60))
    pen.smooth("-0.22,0.3 -0.3,0.6 -0.16,0.86 0.02,0.84 0.24,0.5 0.62,0.28 0.3,0.2 0.0,0.16")
    pen.smooth("-0.05,0.6 0.2,0.5 0.5,0.26 0.1,0.28", pen.dim())
    pen.disc(-0.18, 0.84, 0.17)
    pen.shape("-0.34,0.88 -0.5,0.80 -0.33,0.78", rgb(236, 170, 60))
    pen.disc(-0.22, 0.88, 0.03, DARK)
    pen.oval(-0.14, 0.5, 0.13, 0.2, pen.pale(0.4))


def swan(pen: Pen) -> None:
    """On the water: a swan, or a duck."""
    duck = pen.says(r"ducks?|ducklings?")
    pen.smooth("-0.5,0.12 -0.4,0.34 0.1,0.42 0.62,0.5 0.5,0.1 0,-0.02")
    pen.smooth("-0.2,0.3 0.2,0.44 0.56,0.46 0.3,0.2", pen.dim(0.1))
    if duck:
        pen.disc(-0.46, 0.46, 0.16, rgb(40, 110, 70))
        pen.shape("-0.6,0.48 -0.8,0.42 -0.6,0.38", rgb(236, 180, 60))
        pen.disc(-0.5, 0.5, 0.022, WHITE)
        return
    pen.line("-0.38,0.2 -0.52,0.45 -0.38,0.72 -0.44,0.92 -0.6,0.92", 0.11)
    pen.shape("-0.62,0.97 -0.82,0.86 -0.6,0.87", rgb(232, 120, 40))
    pen.disc(-0.56, 0.94, 0.02, DARK)


def whale(pen: Pen) -> None:
    """Its back and its tail above the water; dolphins leap."""
    if pen.says(r"dolphins?|sharks?"):
        pen.smooth("-0.8,0.3 -0.5,0.62 0,0.78 0.5,0.6 0.8,0.2 0.95,-0.05 0.6,0.2 0,0.48 -0.5,0.32")
        pen.smooth("-0.02,0.72 0.2,1.0 0.26,0.68")
        pen.smooth("0.8,0.2 1.15,0.08 0.9,0.0 0.86,-0.18 0.72,0.1")
        pen.disc(-0.55, 0.5, 0.025, DARK)
        return
    pen.smooth("-1.5,0 -1.3,0.32 -0.7,0.46 -0.1,0.3 0.3,0.0 -0.6,-0.04")
    pen.smooth(
        "0.75,0 0.95,0.5 0.9,0.7 0.5,0.98 0.95,0.9 1.08,0.8 1.2,0.92 1.65,1.0 1.3,0.7 1.15,0.5 1.2,0", pen.dim(0.1)
    )
    for x in (-1.12, -1.0, -0.88):
        pen.line(f"-1.0,0.5 {x},0.9", 0.035, rgb(236, 244, 250))


def flock(pen: Pen) -> None:
    """Birds on the wing; one large eagle when it is named."""
    if pen.says(r"eagles?|hawks?|falcons?|owls?"):
        pen.smooth("-0.16,0.5 -0.05,0.6 0.2,0.56 0.34,0.44 0.1,0.44")
        pen.smooth("0,0.56 -0.3,0.9 -1.0,1.0 -1.2,0.86 -0.6,0.7 -0.1,0.48")
        pen.smooth("0.1,0.56 0.4,0.9 1.1,1.02 1.3,0.88 0.7,0.7 0.2,0.48", pen.dim(0.2))
        pen.disc(-0.18, 0.55, 0.07, WHITE)
        return
    for x, y, size in ((0, 0.5, 0.3), (-0.7, 0.8, 0.22), (0.6, 0.85, 0.24), (1.1, 0.4, 0.18), (-1.2, 0.3, 0.2), (0.2, 1.2, 0.16), (-0.3, 0.1, 0.18)):  # fmt: skip
        pen.smooth(f"{x},{y} {x - 0.5 * size},{y + 0.35 * size} {x - size},{y + 0.2 * size} {x - 0.5 * size},{y + 0.22 * size} {x},{y - 0.1 * size} {x + 0.5 * size},{y + 0.26 * size} {x + size},{y + 0.24 * size} {x + 0.5 * size},{y + 0.4 * size}")  # fmt: skip
