# ruff: noqa: E501  one weather a line
"""Weather in a painting: which words mean it, and how it changes the palette."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from engines.motion.painter.palettes import Palette, mix
from engines.motion.planes import Array

_WORDS = {
    "storm": r"storm\w*|thunder\w*|tempest|hurricane|lightning",
    "rain": r"rain(?:s|y|ing|ed|fall|storm)?|drizzl\w*|downpour|overcast|gloomy|wet",
    "snow": r"snow(?:s|y|ing|ed|fall|storm|flakes|-?covered|-?capped)?|winter|wintry|blizzard|frozen|icy|arctic|frost\w*|ice",
    "fog": r"fog(?:gy)?|mist(?:y)?|haz[ey]|smog",
}
_DENIED = r"(?:no|not|without|never|avoid)(?: \w+)? "


def read(text: str, negative: str, palette: str) -> frozenset[str]:
    """The weathers that a text names and does not deny."""
    found = {
        name
        for name, words in _WORDS.items()
        if re.search(
            rf"(?<!-)\b(?:{words})\b(?! (?:leopard|cream|globe))", re.sub(rf"\b{_DENIED}(?:{words})", "", text)
        )
        and not re.search(rf"\b(?:{words})\b", negative)
    }
    return frozenset(found | ({"storm"} if palette == "storm" and "rain" not in found else set()))


def tinted(palette: Palette, weather: frozenset[str]) -> Palette:
    """Rain and storm take colour out and light away, fog draws everything towards its own grey."""
    if weather & {"rain", "storm"} and palette.name not in ("storm", "noir", "neon"):
        palette = _towards(palette, mix(palette.haze, np.array([92.0, 102.0, 110.0]), 0.6), 0.42, dark=0.12)
    if "fog" in weather:
        grey = mix(mix(palette.haze, palette.sky[3], 0.4), np.array([196.0, 202.0, 206.0]), 0.5 * (1 - palette.dark))
        palette = replace(_towards(palette, grey, 0.45), haze=grey, stars=0.0)
    return palette


def _towards(palette: Palette, grey: Array, share: float, *, dark: float = 0.0) -> Palette:
    def to(tones: Array, by: float = share) -> Array:
        return mix(tones, grey, np.full(np.shape(tones)[:-1], by))

    p = palette
    return replace(
        p, sky=to(p.sky), haze=to(p.haze), far=to(p.far), near=to(p.near, share * 0.35), ground=to(p.ground, share * 0.7),
        sun=to(p.sun, share * 0.5), water=to(p.water, share * 0.8), leaves=to(p.leaves, share * 0.6),
        accent=to(p.accent, share * 0.3), dark=min(1.0, p.dark + dark),
    )  # fmt: skip
