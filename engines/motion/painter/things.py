"""Things put into a scene: where each stands, how far away, in which colour and light, and its shadow."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import cv2
import numpy as np

from engines.motion.painter.easel import Easel, Layer, over, stamp, two_tone
from engines.motion.painter.elements import ELEMENTS, Element
from engines.motion.painter.palettes import mix
from engines.motion.painter.pen import Pen
from engines.motion.planes import Array

MOST = 5
# Where things stand in each kind of scene, as a share of the canvas's height, and how near that ground is.
_GROUND: Mapping[str, tuple[float, float]] = {
    "desert": (0.83, 0.76), "sea": (0.905, 0.85), "city": (0.86, 0.86), "garden": (0.86, 0.74), "meadow": (0.83, 0.70),
    "forest": (0.89, 0.75), "mountains": (0.885, 0.70), "room": (0.85, 0.70), "stage": (0.83, 0.66),
    "studio": (0.88, 0.62), "street": (0.82, 0.80), "road": (0.80, 0.80), "field": (0.80, 0.70), "lake": (0.90, 0.80),
    "river": (0.85, 0.80), "village": (0.86, 0.74), "market": (0.88, 0.80), "library": (0.87, 0.70),
    "ice": (0.84, 0.74), "kitchen": (0.88, 0.72), "savanna": (0.82, 0.72), "island": (0.90, 0.86),
    "waterfall": (0.89, 0.86), "workshop": (0.87, 0.70), "table": (0.76, 0.74), "flowers": (0.93, 0.9),
}  # fmt: skip
# Where water lies: its nearest and farthest place for a boat.
_WATER: Mapping[str, tuple[float, float]] = {
    "sea": (0.66, 0.5), "lake": (0.74, 0.6), "river": (0.80, 0.62), "island": (0.72, 0.5), "ice": (0.70, 0.5),
}  # fmt: skip
_NO_SKY = frozenset({"room", "stage", "studio", "library", "kitchen", "workshop", "table", "underwater", "abstract"})
_INDOORS = frozenset({"room", "stage", "studio", "library", "kitchen", "workshop"})
_COLOURS = {
    "red": "200 40 36", "blue": "44 92 176", "green": "52 126 78", "yellow": "236 190 52", "orange": "230 120 44",
    "white": "240 240 236", "black": "34 34 40", "silver": "176 182 190", "grey": "128 132 138", "gray": "128 132 138",
    "brown": "112 74 50", "golden": "222 174 84", "pink": "232 134 168", "purple": "112 72 150", "ginger": "206 116 52",
    "turquoise": "60 176 180", "wooden": "150 104 66",
}  # fmt: skip


def possible(kind: str, named: Sequence[str]) -> list[str]:
    """Those of the things that have a place in a scene of this kind."""
    return [name for name in named if _place(kind, ELEMENTS[name]) is not None][:MOST]


def placed(easel: Easel, kind: str, text: str, named: Sequence[str]) -> list[Layer]:
    """A layer for each thing that has a place here: far ones first, several on a ground side by side."""
    # On a coast the lighthouse stands on the headland.
    standing = [name for name in possible(kind, named) if (kind, name) != ("sea", "lighthouse")]
    order, stands = ("sky", "span", "water", "ground", "table"), {name: ELEMENTS[name].stands for name in standing}
    layers = []
    for name in sorted(standing, key=lambda name: order.index(stands[name])):
        peers = [other for other in standing if stands[other] == stands[name]]
        across = (peers.index(name) - (len(peers) - 1) / 2) * (0.24)
        layers.append(_one(easel, kind, name, text, 0.5 + across + float(easel.rng.uniform(-0.02, 0.02))))
    return layers


def _place(kind: str, element: Element) -> tuple[float, float] | None:
    """Height of the foot on the canvas and depth; None where such a thing can't be."""
    if element.stands == "sky":
        return (0.44, 0.35) if kind not in _NO_SKY else None
    if element.stands == "water":
        return (_WATER[kind][0], 0.62) if kind in _WATER else (_GROUND.get(kind) if kind not in _INDOORS else None)
    if element.stands == "span":
        return (0.66, 0.5) if kind in ("river", "lake", "city", "sea") else _GROUND.get(kind)
    return _GROUND.get(kind)


def _one(easel: Easel, kind: str, name: str, text: str, across: float) -> Layer:
    element, target = ELEMENTS[name], stamp(easel)
    place = _place(kind, element)
    assert place is not None
    foot, depth = place
    size = element.size * _enlarged(kind, name, element)
    on_sofa = kind == "room" and name in ("cat", "dog") and re.search(r"\b(?:sofa|couch)\b", text)
    if on_sofa:
        foot, across = 0.745, 0.5
    if element.stands == "sky":
        foot = max(easel.horizon * 0.72 + 0.06 * float(easel.rng.uniform(-1, 1)), 0.12 + size)
        across += 0.12 * -easel.side
    at, unit = (across * easel.width, foot * easel.height), size * easel.height
    if element.reach:
        _shadow(target, at, element.reach * unit, easel)
    pen = Pen(
        target, at, unit, _tone(easel, name, text), text, night=_night(easel), turned=bool(easel.rng.random() < 0.3)
    )
    element.brush(pen)
    _modelled(easel, target, unit)
    return Layer(*target, depth + (0.01 if on_sofa else 0.0))


def _enlarged(kind: str, name: str, element: Element) -> float:
    """Indoors and alone in a studio things stand close."""
    if element.stands == "table":
        return 1.5 if kind == "table" else (0.9 if kind in _INDOORS else 0.55)
    if kind in ("studio", "workshop"):
        return min(2.4, 0.5 / element.size)
    return 2.4 if name == "figure" and kind in _INDOORS else 1.0


def _night(easel: Easel) -> float:
    return easel.palette.dark if not easel.covered else max(easel.palette.dark, 0.35)


def _tone(easel: Easel, name: str, text: str) -> Array:
    """The colour that the text gives the thing, else its usual one; darker at night."""
    element = ELEMENTS[name]
    said = re.search(rf"\b({'|'.join(_COLOURS)})(?: [\w-]+)? (?:{element.words})\b", text)
    usual = _USUAL.get(next((word for word in _USUAL if re.search(rf"\b{word}", text)), ""), {}).get(name)
    code = _COLOURS[said[1]] if said else usual or element.colour
    tone = np.array([float(value) for value in code.split()])
    return mix(tone, easel.palette.near, 0.10 + 0.45 * easel.palette.dark)


# One brush paints several kinds: each has its coat.
_USUAL: Mapping[str, Mapping[str, str]] = {
    "fox": {"dog": "212 108 44"}, "wol": {"dog": "120 122 128"}, "husky": {"dog": "132 138 146"},
    "tiger": {"lion": "226 132 50"}, "panther": {"lion": "48 46 54"}, "leopard": {"lion": "222 176 100"},
    "zebra": {"horse": "240 240 238"}, "unicorn": {"horse": "244 240 244"}, "donkey": {"horse": "130 124 118"},
    "flamingo": {"bird": "240 130 150"}, "owl": {"bird": "140 106 72"}, "crow": {"bird": "40 40 48"},
    "raven": {"bird": "40 40 48"}, "parrot": {"bird": "60 160 80"}, "goat": {"sheep": "196 186 170"},
    "polar": {"bear": "238 240 240"}, "duck": {"swan": "150 126 100"}, "kettle": {"teapot": "176 182 190"},
    "taxi": {"car": "244 196 40"}, "tractor": {"truck": "60 140 64"},
}  # fmt: skip


def _shadow(target: tuple[Array, Array], at: tuple[float, float], reach: float, easel: Easel) -> None:
    """Soft, on the side away from the sun, and close below the thing; faint under a covered sky."""
    rgb, alpha = target
    rgb[:] = np.round(easel.palette.near * 0.6).astype(np.uint8)
    strength = 70 if easel.covered else 105
    away = 0.0 if easel.covered else -easel.side * 0.25 * reach
    for share, drop, dark in ((1.0, 0.13, strength), (0.8, 0.06, strength * 1.3)):
        shade = np.zeros_like(alpha)
        centre = (round((at[0] + away * share) * 16), round(at[1] * 16))
        axes = (round(share * reach * 16), round(drop * reach * 16))
        cv2.ellipse(shade, centre, axes, 0, 0, 360, int(dark), -1, cv2.LINE_AA, 4)
        cv2.max(alpha, cv2.GaussianBlur(shade, (0, 0), max(1.0, 0.035 * reach)), dst=alpha)


def _modelled(easel: Easel, target: tuple[Array, Array], unit: float) -> None:
    """Light on the side of the sun and from above, shade on the other: flat shapes get a body."""
    rgb, alpha = target
    x, y, width, height = cv2.boundingRect((alpha > 160).astype(np.uint8))
    if not width:
        return
    window = (slice(y, y + height), slice(x, x + width))
    reach = max(1.0, 0.045 * min(unit, height))
    solid = (alpha[window] > 160).astype(np.float32)
    soft = cv2.GaussianBlur(solid, (0, 0), reach)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    light = np.clip(reach * 0.55 * (0.6 * down - easel.side * across), -0.8, 0.8) * solid
    strength = 0.45 if not easel.covered else 0.28
    part = over(rgb[window].astype(np.float32), np.zeros(3), strength * np.clip(-light, 0, 1))
    rgb[window] = np.round(over(part, easel.palette.sun, 0.75 * strength * np.clip(light, 0, 1)))


def headland(easel: Easel) -> list[Layer]:
    """A cliff above the sea, with a lighthouse on it."""
    side = -easel.side  # away from the sun, which lights its face
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
    rgb = over(rgb, easel.covered_with_snow(mix(easel.palette.leaves[1], easel.palette.near, 0.2)), turf)
    alpha = np.minimum(cliff.below(line), 255 - cliff.below(easel.horizon + 0.16 + 0.3 * ragged))
    layers = [cliff.layer(rgb, alpha, 0.42)]
    if easel.says("lighthouse", "lighthouses"):
        target = stamp(easel)
        column = 0.72 if side > 0 else 0.28
        foot = (float(line[round(column * (easel.width - 1))]) + 0.008) * easel.height
        pen = Pen(target, (column * easel.width, foot), 0.30 * easel.height, rock, "", night=_night(easel))
        ELEMENTS["lighthouse"].brush(pen)
        _modelled(easel, target, pen.unit)
        layers.append(Layer(*target, 0.42))
    return layers
