"""A picture made larger: sharper than interpolation leaves it, and without inventing what was not there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np

from engines.motion.planes import Array

LONGEST = 4096
SMALL = 512 * 512  # pixels; pictures below it grow four times, all others twice
SWITCHES = ("super_resolution", "only_upscale", "tiled_upscale", "tiled_upscale_v2", "upscale_v4")
FACTORS = (1.0, 4.0)  # that may be asked for
SLACK = 6  # levels by which a recovered edge may pass its neighbourhood
_ROUNDS = 2


def factor(width: int, height: int, options: Mapping[str, Any]) -> float:
    """How much larger the options ask the picture to be; 1 when none does. No side grows beyond LONGEST."""
    asked = number(options.get("upscale_factor"))
    if asked is None:
        grows = any(options.get(name) for name in SWITCHES)
        asked = (4.0 if width * height < SMALL else 2.0) if grows else 1.0
    return max(1.0, min(max(asked, FACTORS[0]), FACTORS[1], LONGEST / max(width, height)))


def number(value: Any) -> float | None:
    """A flag's value as a number; None when it is none."""
    try:
        read = float(value)
    except (TypeError, ValueError):
        return None
    return read if np.isfinite(read) and not isinstance(value, bool) else None


def by(rgb: Array, times: float) -> Array:
    """Enlarged by a factor of at least 1; sides are rounded to whole pixels."""
    return to(rgb, round(rgb.shape[1] * times), round(rgb.shape[0] * times))


def to(rgb: Array, width: int, height: int) -> Array:
    """Enlarged to a size (uint8 RGB): cubic, then moved until it would shrink to its source again.

    That is iterative back-projection (Irani and Peleg, 1991), held between the darkest and the brightest source pixel
    near by, so that no edge rings. Channel by channel: at 4096 pixels one channel of floats is 64 MB.
    """
    if (rgb.shape[1], rgb.shape[0]) == (width, height):
        return rgb
    return np.asarray(cv2.merge([_channel(plane, (width, height)) for plane in cv2.split(rgb)]))


def _channel(plane: Array, size: tuple[int, int]) -> Array:
    source = plane.astype(np.float32)
    large = cv2.resize(source, size, interpolation=cv2.INTER_CUBIC)
    near = np.ones((3, 3), np.uint8)
    low = cv2.resize(cv2.subtract(cv2.erode(plane, near), SLACK), size, interpolation=cv2.INTER_LINEAR)
    high = cv2.resize(cv2.add(cv2.dilate(plane, near), SLACK), size, interpolation=cv2.INTER_LINEAR)
    for _ in range(_ROUNDS):
        lost = source - cv2.resize(large, plane.shape[::-1], interpolation=cv2.INTER_AREA)
        large += cv2.resize(lost, size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.min(cv2.max(cv2.convertScaleAbs(cv2.max(large, 0.0)), low), high))
