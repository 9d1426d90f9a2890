"""Things that stand in a scene: flat silhouettes in the scene's light, each with its shadow on the ground."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import cv2
import numpy as np

from engines.motion.painter.easel import Easel, Layer, over, polygon, stamp, two_tone
from engines.motion.painter.palettes import mix
from engines.motion.painter.words import FIGURES
from engines.motion.planes import Array

Target = tuple[Array, Array]
Points = Sequence[tuple[float, float]]

# Where things stand in each kind of scene, as a share of the canvas's height, and how near that ground is.
_GROUND: Mapping[str, tuple[float, float]] = {
    "desert": (0.83, 0.76), "sea": (0.905, 0.85), "city": (0.86, 0.86), "garden": (0.86, 0.74), "meadow": (0.83, 0.70),
    "forest": (0.89, 0.75), "mountains": (0.885, 0.70), "room": (0.85, 0.70), "stage": (0.83, 0.66),
    "studio": (0.88, 0.62),
}  # fmt: skip
_COLOURS = {
    "red": "200 40 36", "blue": "44 92 176", "green": "52 126 78", "yellow": "236 190 52", "orange": "230 120 44",
    "white": "240 240 236", "black": "34 34 40", "silver": "176 182 190", "grey": "128 132 138", "gray": "128 132 138",
    "brown": "112 74 50", "golden": "222 174 84", "pink": "232 134 168", "purple": "112 72 150", "ginger": "206 116 52",
}  # fmt: skip


def placed(easel: Easel, kind: str, text: str, named: Sequence[str]) -> list[Layer]:
    """A layer for each thing that has a ground to stand on here, side by side."""
    if kind not in _GROUND:
        return []
    standing = [name for name in named if name in _BRUSHES]
    layers = []
    for index, name in enumerate(standing):
        across = 0.5 + (index - (len(standing) - 1) / 2) * 0.22 + float(easel.rng.uniform(-0.02, 0.02))
        layers.append(_one(easel, kind, name, text, across))
    return layers


def _one(easel: Easel, kind: str, name: str, text: str, across: float) -> Layer:
    target = stamp(easel)
    foot, depth = _GROUND[kind]
    size = _SIZES[name] * (2.4 if name == "figure" and kind in ("stage", "room", "studio") else 1.0)
    on_sofa = kind == "room" and name in ("cat", "dog") and re.search(r"\b(?:sofa|couch)\b", text)
    if on_sofa:
        foot, across = 0.745, 0.5
    at, unit = (across * easel.width, foot * easel.height), size * easel.height
    _shadow(target, at, _REACH[name] * unit, easel)
    _BRUSHES[name](target, at, unit, _tone(easel, name, text), text)
    return Layer(*target, depth + (0.01 if on_sofa else 0.0))


def _tone(easel: Easel, name: str, text: str) -> Array:
    """The colour that the text gives the thing, else its usual one; darker at night."""
    said = re.search(rf"\b({'|'.join(_COLOURS)})(?: [\w-]+)? (?:{_NOUNS[name]})\b", text)
    code = _COLOURS[said[1]] if said else _USUAL["fox" if name == "dog" and re.search(r"\bfox", text) else name]
    tone = np.array([float(value) for value in code.split()])
    return mix(tone, easel.palette.near, 0.12 + 0.45 * easel.palette.dark)


def _shadow(target: Target, at: tuple[float, float], reach: float, easel: Easel) -> None:
    """Soft, on the side away from the sun."""
    side = 1 if easel.sun[0] < 0.5 else -1
    rgb, alpha = target
    rgb[:] = np.round(easel.palette.near * 0.6).astype(np.uint8)
    centre = (round((at[0] + side * 0.25 * reach) * 16), round(at[1] * 16))
    cv2.ellipse(alpha, centre, (round(reach * 16), round(0.13 * reach * 16)), 0, 0, 360, 105, -1, cv2.LINE_AA, 4)
    alpha[:] = cv2.GaussianBlur(alpha, (0, 0), max(1.0, 0.03 * reach))


def _shape(target: Target, at: tuple[float, float], unit: float, points: Points, tone: Array) -> None:
    polygon(target, np.array(points) * (unit, -unit) + at, tone)


def _disc(  # noqa: PLR0917  called on every line: names would hide the drawing
    target: Target, at: tuple[float, float], unit: float, centre: tuple[float, float], radius: float, tone: Array
) -> None:
    where = (round((at[0] + centre[0] * unit) * 16), round((at[1] - centre[1] * unit) * 16))
    cv2.circle(target[0], where, round(radius * unit * 16) + 8, tuple(float(c) for c in tone), -1, cv2.LINE_8, 4)
    cv2.circle(target[1], where, round(radius * unit * 16), 255, -1, cv2.LINE_AA, 4)


def _oval(
    target: Target, at: tuple[float, float], unit: float, box: tuple[float, float, float, float], tone: Array
) -> None:
    """Centre and half axes in units."""
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    x, y, a, b = box
    _shape(target, at, unit, [(x + a * np.cos(t), y + b * np.sin(t)) for t in turn], tone)


def _limb(  # noqa: PLR0917  as _disc
    target: Target, at: tuple[float, float], unit: float, points: Points, width: float, tone: Array
) -> None:
    """A line of round joints, `width` units thick."""
    for (x0, y0), (x1, y1) in pairwise(points):
        length = float(np.hypot(x1 - x0, y1 - y0)) or 1.0
        nx, ny = -(y1 - y0) / length * width / 2, (x1 - x0) / length * width / 2
        _shape(target, at, unit, [(x0 + nx, y0 + ny), (x1 + nx, y1 + ny), (x1 - nx, y1 - ny), (x0 - nx, y0 - ny)], tone)
    for joint in points:
        _disc(target, at, unit, joint, width / 2, tone)


_DARK, _GLASS = np.array([26.0, 26.0, 30.0]), np.array([150.0, 186.0, 206.0])


def _car(target: Target, at: tuple[float, float], unit: float, tone: Array, _text: str) -> None:
    """A low coupé from the side; one unit is its height."""
    lower = [(-1.75, 0.22), (-1.78, 0.5), (-1.6, 0.62), (1.35, 0.62), (1.75, 0.5), (1.8, 0.22)]
    upper = [(-1.5, 0.60), (-1.0, 0.66), (-0.45, 1.0), (0.35, 1.0), (0.95, 0.66), (1.4, 0.60)]
    _shape(target, at, unit, upper, tone)
    _shape(target, at, unit, lower, tone)
    _shape(target, at, unit, [(-1.75, 0.22), (-1.78, 0.36), (1.79, 0.36), (1.8, 0.22)], mix(tone, _DARK, 0.35))
    for window in (
        [(-0.85, 0.67), (-0.4, 0.93), (-0.06, 0.93), (-0.06, 0.67)],
        [(0.02, 0.67), (0.02, 0.93), (0.32, 0.93), (0.78, 0.67)],
    ):
        _shape(target, at, unit, window, mix(_GLASS, _DARK, 0.25))
    _shape(target, at, unit, [(1.6, 0.46), (1.76, 0.44), (1.7, 0.54), (1.5, 0.56)], np.array([255.0, 240.0, 196.0]))
    for x in (-1.05, 1.1):
        _disc(target, at, unit, (x, 0.27), 0.30, _DARK)
        _disc(target, at, unit, (x, 0.27), 0.17, np.array([168.0, 172.0, 178.0]))


def _figure(target: Target, at: tuple[float, float], unit: float, tone: Array, text: str) -> None:
    """A person seen from behind, one unit tall; explorers carry a pack, dancers lift their arms."""
    cloth, skin = tone, mix(np.array([206.0, 152.0, 112.0]), _DARK, 0.2)
    dances = re.search(r"\b(?:danc\w*|ballerinas?)\b", text)
    legs = ([(0.0, 0.5), (0.02, 0.26), (0.03, 0.03)], [(0.0, 0.5), (0.13, 0.33), (0.03, 0.24)]) if dances else (
        [(-0.05, 0.5), (-0.08, 0.26), (-0.13, 0.03)], [(0.05, 0.5), (0.08, 0.27), (0.11, 0.03)])  # fmt: skip
    arms = ([(-0.10, 0.78), (-0.24, 0.92), (-0.12, 1.1)], [(0.10, 0.78), (0.24, 0.92), (0.12, 1.1)]) if dances else (
        [(-0.11, 0.77), (-0.17, 0.6), (-0.15, 0.46)], [(0.11, 0.77), (0.18, 0.61), (0.15, 0.47)])  # fmt: skip
    for leg in legs:
        _limb(target, at, unit, leg, 0.085, mix(_DARK, cloth, 0.25))
    for arm in arms:
        _limb(target, at, unit, arm, 0.06, skin if dances else mix(cloth, _DARK, 0.15))
    _shape(target, at, unit, [(-0.12, 0.80), (0.12, 0.80), (0.10, 0.48), (-0.10, 0.48)], cloth)
    if dances:
        _shape(
            target,
            at,
            unit,
            [(-0.10, 0.55), (0.10, 0.55), (0.26, 0.40), (-0.26, 0.40)],
            mix(cloth, np.full(3, 255.0), 0.25),
        )
    _disc(target, at, unit, (0.0, 0.91), 0.078, mix(_DARK, skin, 0.35))
    if re.search(r"\b(?:explor\w*|hik\w*|travel\w*|wander\w*|nomad|pilgrim)", text):
        _oval(target, at, unit, (0.0, 0.66, 0.13, 0.15), mix(cloth, _DARK, 0.4))
        _oval(target, at, unit, (0.0, 0.95, 0.13, 0.035), mix(cloth, _DARK, 0.2))


def _cat(target: Target, at: tuple[float, float], unit: float, tone: Array, text: str) -> None:
    """Sitting, or curled up when it sleeps; one unit is its height when it sits."""
    light, dark = mix(tone, np.full(3, 255.0), 0.25), mix(tone, _DARK, 0.3)
    if re.search(r"\b(?:sleep\w*|lying|lies|nap\w*|curled|resting)\b", text):
        _oval(target, at, unit, (0.0, 0.26, 0.62, 0.27), tone)
        _limb(target, at, unit, [(0.52, 0.14), (0.2, 0.05), (-0.3, 0.06)], 0.11, dark)
        head = (-0.46, 0.28)
    else:
        _limb(target, at, unit, [(0.22, 0.1), (0.5, 0.12), (0.6, 0.4)], 0.09, dark)
        _oval(target, at, unit, (0.04, 0.3, 0.27, 0.32), tone)
        _oval(target, at, unit, (-0.08, 0.36, 0.14, 0.2), light)
        for x in (-0.14, 0.02):
            _limb(target, at, unit, [(x, 0.3), (x, 0.05)], 0.1, tone)
        head = (-0.06, 0.76)
    _oval(target, at, unit, (*head, 0.21, 0.18), tone)
    for side in (-1, 1):
        x = head[0] + side * 0.13
        _shape(
            target,
            at,
            unit,
            [(x - 0.07, head[1] + 0.10), (x + side * 0.04, head[1] + 0.29), (x + 0.07, head[1] + 0.10)],
            dark,
        )
        _disc(target, at, unit, (head[0] + side * 0.08, head[1] + 0.02), 0.022, _DARK)
    _disc(target, at, unit, (head[0], head[1] - 0.06), 0.025, mix(_DARK, np.array([220.0, 130.0, 130.0]), 0.6))


def _dog(target: Target, at: tuple[float, float], unit: float, tone: Array, _text: str) -> None:
    """Standing, facing left; one unit is its height."""
    dark = mix(tone, _DARK, 0.3)
    for x, shade in ((-0.22, dark), (0.44, dark), (-0.34, tone), (0.34, tone)):
        _limb(target, at, unit, [(x, 0.45), (x + 0.02, 0.22), (x - 0.02, 0.05)], 0.11, shade)
    _limb(target, at, unit, [(0.48, 0.58), (0.68, 0.74), (0.74, 0.9)], 0.10, dark)
    _oval(target, at, unit, (0.04, 0.52, 0.5, 0.18), tone)
    _limb(target, at, unit, [(-0.34, 0.55), (-0.48, 0.8)], 0.22, tone)
    _oval(target, at, unit, (-0.54, 0.86, 0.17, 0.13), tone)
    _oval(target, at, unit, (-0.70, 0.82, 0.13, 0.07), mix(tone, np.full(3, 255.0), 0.2))
    _disc(target, at, unit, (-0.82, 0.84), 0.03, _DARK)
    _disc(target, at, unit, (-0.57, 0.89), 0.02, _DARK)
    _shape(target, at, unit, [(-0.50, 0.94), (-0.44, 1.12), (-0.36, 0.90)], dark)


def _horse(target: Target, at: tuple[float, float], unit: float, tone: Array, _text: str) -> None:
    """Standing, facing left; one unit is its height."""
    dark = mix(tone, _DARK, 0.55)
    for x, shade in ((-0.2, mix(tone, _DARK, 0.3)), (0.36, mix(tone, _DARK, 0.3)), (-0.28, tone), (0.28, tone)):
        _limb(target, at, unit, [(x, 0.5), (x + 0.02, 0.26), (x - 0.01, 0.04)], 0.075, shade)
    _limb(target, at, unit, [(0.40, 0.62), (0.50, 0.5), (0.49, 0.26)], 0.07, dark)
    _oval(target, at, unit, (0.05, 0.56, 0.38, 0.15), tone)
    _shape(target, at, unit, [(-0.30, 0.48), (-0.08, 0.66), (-0.30, 0.96), (-0.46, 0.90)], tone)
    _limb(target, at, unit, [(-0.38, 0.90), (-0.56, 0.76)], 0.12, tone)
    _limb(target, at, unit, [(-0.30, 0.97), (-0.20, 0.84), (-0.10, 0.68)], 0.055, dark)
    _shape(target, at, unit, [(-0.38, 0.94), (-0.35, 1.04), (-0.31, 0.94)], dark)
    _disc(target, at, unit, (-0.44, 0.88), 0.014, _DARK)


_BRUSHES: Mapping[str, Callable[[Target, tuple[float, float], float, Array, str], None]] = {
    "car": _car, "figure": _figure, "cat": _cat, "dog": _dog, "horse": _horse,
}  # fmt: skip
_SIZES = {"car": 0.13, "figure": 0.15, "cat": 0.15, "dog": 0.18, "horse": 0.30}  # of the canvas's height
_REACH = {"car": 1.9, "figure": 0.3, "cat": 0.5, "dog": 0.6, "horse": 0.5}  # half of the shadow's width, in units
_NOUNS = {"car": "car", "figure": FIGURES, "cat": "cat|kitten", "dog": "dog|puppy|wolf|fox", "horse": "horse|pony"}
_USUAL = {
    "car": "200 60 48",
    "figure": "74 62 70",
    "cat": "150 132 116",
    "dog": "150 104 66",
    "fox": "212 108 44",
    "horse": "116 72 46",
}


def headland(easel: Easel) -> list[Layer]:
    """A cliff above the sea, with a lighthouse on it."""
    side = 1 if easel.sun[0] < 0.5 else -1  # away from the sun, which lights its face
    x = np.linspace(0, 1, easel.width) if side > 0 else np.linspace(1, 0, easel.width)
    rise = 1 / (1 + np.exp(-(x - 0.60) / 0.018))
    ragged = 0.012 * np.interp(np.arange(easel.width), np.linspace(0, easel.width, 60), easel.rng.normal(0, 1, 60))
    line = easel.horizon + 0.17 - rise * (0.17 + 0.05 * np.clip(x - 0.6, 0, 1)) + ragged * rise + 0.9 * (x < 0.5)
    cliff = easel.strip(float(line.min()) - 0.02, easel.horizon + 0.18)
    face = easel.rng.random((easel.height // 12, easel.width // 40), dtype=np.float32)
    strata = cv2.resize(face, (easel.width, easel.height), interpolation=cv2.INTER_CUBIC)[: cliff.height]
    rock = mix(np.array([122.0, 104.0, 92.0]), easel.palette.near, 0.25 + 0.4 * easel.palette.dark)
    rgb = two_tone(mix(rock, easel.palette.near, 0.5), mix(rock, easel.palette.sun, 0.35), strata)
    turf = np.clip(1 - (cliff.rows - line[None, :].astype(np.float32)) / 0.018, 0, 1)
    grass = easel.covered_with_snow(mix(easel.palette.leaves[1], easel.palette.near, 0.2))
    rgb = over(rgb, grass, turf)
    alpha = np.minimum(cliff.below(line), 255 - cliff.below(easel.horizon + 0.16 + 0.3 * ragged))
    target = stamp(easel)
    column = 0.72 if side > 0 else 0.28
    foot = float(line[round(column * (easel.width - 1))])
    _lighthouse(easel, target, (column * easel.width, (foot + 0.008) * easel.height), 0.30 * easel.height)
    return [cliff.layer(rgb, alpha, 0.42), Layer(*target, 0.42)]


def _lighthouse(easel: Easel, target: Target, at: tuple[float, float], unit: float) -> None:
    dark = 0.2 + 0.45 * easel.palette.dark
    white, red = (
        mix(np.array(c), easel.palette.near, 0.5 * dark) for c in ((244.0, 240.0, 232.0), (196.0, 52.0, 44.0))
    )
    for band in range(6):
        y0, y1 = band * 0.13, (band + 1) * 0.13
        a, b = 0.115 - 0.05 * y0 / 0.78, 0.115 - 0.05 * y1 / 0.78
        tone = white if band % 2 == 0 else red
        _shape(target, at, unit, [(-a, y0), (-b, y1), (b, y1), (a, y0)], tone)
        lee = 1 if easel.sun[0] < 0.5 else -1
        _shape(
            target,
            at,
            unit,
            [(lee * 0.3 * a, y0), (lee * 0.3 * b, y1), (lee * b, y1), (lee * a, y0)],
            mix(tone, easel.palette.near, 0.22),
        )
    _shape(target, at, unit, [(-0.10, 0.78), (-0.10, 0.80), (0.10, 0.80), (0.10, 0.78)], _DARK)
    _shape(
        target, at, unit, [(-0.05, 0.80), (-0.05, 0.89), (0.05, 0.89), (0.05, 0.80)], np.array([255.0, 236.0, 160.0])
    )
    _shape(target, at, unit, [(-0.065, 0.89), (0.0, 0.97), (0.065, 0.89)], red)
