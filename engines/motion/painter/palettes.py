# ruff: noqa: E501  a palette is one line of colours
"""Fourteen palettes and the words that choose them; all mixing is done in OKLab."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from engines.motion.planes import Array

# Björn Ottosson, "A perceptual color space for image processing" (2020)
_TO_LMS = np.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]])  # fmt: skip
_TO_LAB = np.array([[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099], [0.0259040371, 0.7827717662, -0.8086757660]])  # fmt: skip
_FROM_LMS, _FROM_LAB = np.linalg.inv(_TO_LMS).T, np.linalg.inv(_TO_LAB).T


def colour(code: str) -> Array:
    """From "#rrggbb" to three values 0…255."""
    return np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)], np.float64)


def to_oklab(rgb: Array) -> Array:
    """SRGB 0…255, last axis three → OKLab."""
    share = np.clip(np.asarray(rgb, np.float64) / 255, 0, 1)
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.cbrt(linear @ _TO_LMS.T) @ _TO_LAB.T)


def from_oklab(lab: Array) -> Array:
    linear = np.clip((lab @ _FROM_LAB) ** 3 @ _FROM_LMS, 0, 1)
    share = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(share * 255)


def mix(a: Array, b: Array, share: Array | float) -> Array:
    """From `a` (0) to `b` (1) through OKLab; with an array `share` the result has its shape × 3.

    `a` and `b` may then be as many colours. One call for many colours costs little more than one for a single colour.
    """
    t = np.asarray(share, np.float64)[..., None]
    return from_oklab(to_oklab(a) * (1 - t) + to_oklab(b) * t)


def ramp(stops: Array, share: Array) -> Array:
    """Along several colours, evenly spaced over 0…1."""
    lab = to_oklab(stops)
    at = np.clip(share, 0, 1) * (len(stops) - 1)
    return from_oklab(np.stack([np.interp(at, np.arange(len(stops)), lab[:, i]) for i in range(3)], axis=-1))


@dataclass(frozen=True)
class Palette:
    name: str
    sky: Array  # four stops, zenith → horizon
    sun: Array
    haze: Array
    far: Array
    near: Array
    ground: Array
    accent: Array
    water: Array
    leaves: Array  # three
    dark: float  # 0 day … 1 night
    stars: float


def _palette(name: str, codes: str, dark: float, stars: float) -> Palette:
    c = np.stack([colour(code) for code in codes.split()])
    return Palette(name, c[:4], c[4], c[5], c[6], c[7], c[8], c[9], c[10], c[11:14], dark, stars)


#            sky ×4                            sun     haze    far     near    ground  accent  water   leaves ×3
_TABLE = (
    _palette("aurora", "#04101f #0a2b3c #125a5a #2f8f7a #d8ffe8 #1d4a58 #1b3a4c #07121c #12242c #6cf0b4 #0c2a38 #14343a #1e4c48 #2a6656", 0.85, 1.0),
    _palette("neon", "#080418 #210b46 #6a1b80 #ff4d9d #ffd0f0 #5a1c78 #3a1460 #0c0620 #140a2a #21e6ff #1a0c40 #2c1060 #4a1a80 #7a2aa0", 0.8, 0.4),
    _palette("sunrise", "#4a6fa8 #8fa6cc #f4b9a4 #ffe3b0 #fff2cc #f2c8b0 #8a88a8 #2c3548 #6a6250 #ff9a6a #7a94b4 #4c6a4a #6a8a52 #94a860", 0.2, 0.1),
    _palette("sunset", "#27275a #7d3a74 #e8654f #ffbf6b #ffe9b0 #e88a6a #7a4a70 #241a34 #5a3a3c #ffcf6a #6a4a72 #3c3a34 #5a4a34 #84603a", 0.35, 0.2),
    _palette("dusk", "#141a3c #2f3a70 #7a5a90 #d890a0 #ffd8d0 #6a5a88 #45446e #14162c #2c2c44 #f0a0b0 #34406e #24323c #34444a #4a5a58", 0.6, 0.5),
    _palette("night", "#040816 #0a1630 #14284c #2a4468 #eef2ff #1e3250 #1a2c48 #060b18 #101a2a #ffd890 #0c1e3a #0e2028 #163038 #20424a", 0.9, 1.0),
    _palette("autumn", "#5a86b4 #9ab8cc #e0d8c0 #f6e6c4 #fff0c8 #dccbb0 #8a7a78 #43302a #7a5630 #e0702a #5a7a8a #c4601e #dc8a2a #8a3a1c", 0.1, 0.0),
    _palette("winter", "#6a90b8 #a4c0d8 #d8e4ee #f2f4f6 #ffffff #dce6ee #8ca0b8 #34485e #dfe8f0 #b04a44 #7a9ab4 #2e4a4a #3e5e5a #56766c", 0.05, 0.0),
    _palette("spring", "#4a98d8 #8cc4ec #d8f0f4 #f8f8ea #fff8d8 #d8ecdc #7aa8a0 #2c5a44 #74a84a #f48cb4 #5aa8c0 #4c9a4a #7cc05a #b0d870", 0.0, 0.0),
    _palette("storm", "#1e262e #38444e #5a6870 #8a969a #c8d0d0 #6a767c #4a565e #161c22 #343c3c #d8e0e0 #3a4a54 #28342e #384438 #4c5646", 0.45, 0.0),
    _palette("fire", "#180808 #4a120c #b03410 #ffa030 #ffe090 #a84420 #58201a #160808 #2c1410 #ff6a1a #4a1c14 #3a1a10 #5a2410 #883410", 0.6, 0.1),
    _palette("noir", "#0c0d10 #26282c #5a5e62 #a8acae #f4f4f2 #6e7276 #4a4d50 #0e0f11 #2a2c2e #e0e0dc #3a3e42 #24272a #3a3e40 #56595a", 0.5, 0.2),
    _palette("pastel", "#a8c8ec #d0d4f0 #f4d8e4 #fff0e0 #fffaf0 #f0dce8 #b8b0d0 #7a7ca4 #c8d8b8 #f8a8b8 #a8d0e0 #9ac8a8 #b8dcb0 #d8e8b8", 0.0, 0.0),
    _palette("day", "#2f78c4 #6fb0e4 #cfe6f5 #eef6f8 #fff6d8 #cfdde6 #7a94ac #27463c #6c8a4a #e8a04a #3f86a8 #2f6a3c #4f8a44 #86ac58", 0.0, 0.0),
)  # fmt: skip
PALETTES = {palette.name: palette for palette in _TABLE}

WORDS: tuple[tuple[str, str], ...] = (
    ("aurora", r"aurora|northern lights"),
    ("neon", r"neon|cyber\w*|synthwave|vaporwave|futuristic"),
    ("sunrise", r"sunrise|dawn|morning|golden hour"),
    ("sunset", r"sunset|evening"),
    ("dusk", r"dusk|twilight|blue hour"),
    ("night", r"night|midnight|moon(?:lit|light)?|starry|stars"),
    ("autumn", r"autumn|fall foliage|october"),
    ("winter", r"winter|snow\w*|ice|icy|frozen|arctic"),
    ("spring", r"spring|blossom\w*|cherry|bloom\w*"),
    ("storm", r"storm\w*|rain\w*|overcast|gloomy|thunder\w*"),
    ("fire", r"fire|lava|volcan\w*|inferno|burning|hell"),
    ("noir", r"noir|black and white|monochrome|b&w"),
    ("pastel", r"pastel|dreamy|soft colou?rs|kawaii|cute"),
)  # fmt: skip


def choose(text: str, default: str = "day") -> Palette:
    """By the first rule that the text fits; "no snow" is not snow."""
    text = re.sub(r"\b(?:no|not|without|never|avoid) \w+", "", text.lower())
    for name, pattern in WORDS:
        if re.search(rf"\b(?:{pattern})\b", text):
            return PALETTES[name]
    return PALETTES[default]
