"""How many pixels an output has: from a resolution and a shape, or from what the caller typed. Pure arithmetic."""

from __future__ import annotations

import re
from fractions import Fraction
from math import isqrt

SHORT_SIDE = {"480p": 480, "580p": 580, "720p": 720, "1080p": 1080, "2k": 1440, "4k": 2160}
LONG_SIDE_MAX = 4096
AREA_MAX = 3840 * 2160
WIDEST, TALLEST = Fraction(21, 9), Fraction(9, 21)
WIDE = Fraction(16, 9)
SQUARE = Fraction(1)
ASPECT_RATIOS = ("1:1", "16:9", "9:16", "21:9", "9:21", "3:2", "2:3", "5:4", "4:5", "4:3", "3:4")
# The field `ar` of old clients, which speaks in words.
LEGACY_SHAPES = {"portrait": Fraction(3, 4), "landscape": Fraction(4, 3), "anamorphic": Fraction(21, 9)}

IMAGE_PIXELS = {"1K": 1024**2, "2K": 2048**2, "4K": 4096**2}
IMAGE_SIDE_MIN, IMAGE_SIDE_MAX = 64, 4096
_W_COLON_H = re.compile(r"([1-9]\d{0,4}):([1-9]\d{0,4})", re.ASCII)


def ratio_of(shape: str | tuple[int, int]) -> Fraction:
    """Width over height of "16:9", of an old word ("portrait"), or of a picture's (width, height); 21:9 … 9:21.

    :raises ValueError: it describes no shape
    """
    if isinstance(shape, str):
        return _clamp(_ratio_of_text(shape))
    width, height = shape
    if width < 1 or height < 1:
        raise ValueError(f"{width}×{height} has no shape")
    return _clamp(Fraction(width, height))


def _ratio_of_text(text: str) -> Fraction:
    if text in LEGACY_SHAPES:
        return LEGACY_SHAPES[text]
    found = _W_COLON_H.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text[:20]!r} is not an aspect ratio")
    return Fraction(int(found[1]), int(found[2]))


def _clamp(ratio: Fraction) -> Fraction:
    return min(max(ratio, TALLEST), WIDEST)


def shape_of(
    *, aspect_ratio: str | None = None, w: int | None = None, h: int | None = None, ar: str | None = None
) -> Fraction | None:
    """The shape that the caller's words ask for: `aspect_ratio`, else `w` and `h`, else `ar`; None when none is given.

    :raises ValueError: the one that counts describes no shape
    """
    if aspect_ratio:
        return ratio_of(aspect_ratio)
    if w and h:
        return ratio_of((w, h))
    return ratio_of(ar) if ar else None


def video_size(resolution: str, ratio: Fraction) -> tuple[int, int]:
    """Width and height in pixels, both even. The resolution names the short side (2160 for 4k).

    480p at 16:9 is 854×480: sides go to the nearest even number. A long side over 4096, or more than 3840·2160 pixels,
    shrinks both in proportion, rounded down so that the limit holds.

    :raises KeyError: no such resolution
    """
    short, ratio = SHORT_SIDE[resolution], _clamp(ratio)
    stretch = max(ratio, 1 / ratio)  # long side over short side
    long = short * stretch
    if long <= LONG_SIDE_MAX and long * short <= AREA_MAX:
        sides = _nearest_even(long), short
    else:
        sides = _within_limits(stretch)
    return sides if ratio >= 1 else (sides[1], sides[0])


def _within_limits(stretch: Fraction) -> tuple[int, int]:
    """The largest (long, short) of this shape, rounded down to even."""
    long_squared = min(Fraction(LONG_SIDE_MAX**2), AREA_MAX * stretch)
    short_squared = long_squared / stretch**2
    return _floor_root(long_squared) // 2 * 2, _floor_root(short_squared) // 2 * 2


def _floor_root(value: Fraction) -> int:
    return isqrt(value.numerator // value.denominator)


def _nearest_even(side: Fraction) -> int:
    """851.4 → 852, 853.3 → 854; halfway goes down."""
    below = int(side) // 2 * 2
    return below + 2 if side - below > 1 else below


def image_size(
    *,
    aspect_ratio: str | None = None,
    w: int | None = None,
    h: int | None = None,
    ar: str | None = None,
    resolution: str | None = None,
    picture: tuple[int, int] | None = None,
) -> tuple[int, int]:
    """Width and height of a still, in pixels, multiples of 8.

    `w` and `h` count as they are (the missing one is 1024) unless an `aspect_ratio` is given, which spreads the pixel
    budget of `resolution` (1K = 1024²) over its shape; a long side over 4096 shrinks both in proportion. Without
    either: `ar`, else the input picture's shape, else 1:1.

    :raises ValueError: the shape describes none
    :raises KeyError: no such resolution
    """
    if not aspect_ratio and (w or h):
        return _side(w or 1024), _side(h or 1024)
    shape = shape_of(aspect_ratio=aspect_ratio, ar=ar) or (ratio_of(picture) if picture else SQUARE)
    budget = IMAGE_PIXELS[resolution or "1K"]
    stretch = max(shape, 1 / shape)  # long side over short side
    long = min(_floor_root(budget * stretch), IMAGE_SIDE_MAX)
    sides = _side(long), _side(int(long / stretch) if long == IMAGE_SIDE_MAX else _floor_root(budget / stretch))
    return sides if shape >= 1 else (sides[1], sides[0])


def _side(pixels: int) -> int:
    return min(max(pixels, IMAGE_SIDE_MIN), IMAGE_SIDE_MAX) // 8 * 8
