"""A given picture with what is known of it, and its subject without its background."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from engines.motion import matte, photo, subject
from engines.motion.planes import Array

LEAST_OVERLAP = 0.6  # of two cuts at different sizes; below it a cut is chance
LEAST_MAIN_PART = 0.8  # of a subject's area in one piece,
SCATTERED_FROM = 0.2  # unless it fills this much of the picture
_COLOUR = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")


@dataclass(frozen=True)
class Given:
    """The caller's picture at the size that was asked for: RGB, its size as it came, and where it was cropped."""

    rgb: Array
    original: tuple[int, int]  # width, height
    focus: photo.Focus  # in shares of the original

    @classmethod
    def of(cls, path: Path, width: int, height: int) -> Given:
        """:raises Rejected: not a picture that can be read"""
        rgb = photo.load(path)
        original, focus = (rgb.shape[1], rgb.shape[0]), photo.find_focus(rgb)
        return cls(_fitted(rgb, width, height, focus), original, focus)

    def fitted(self, plane: Array) -> Array:
        """Another picture of the original's size, scaled and cropped in the same way."""
        return _fitted(plane, self.rgb.shape[1], self.rgb.shape[0], self.focus)

    @cached_property
    def alpha(self) -> Array | None:
        return alpha(self.rgb)


def _fitted(plane: Array, width: int, height: int, focus: photo.Focus) -> Array:
    """The view that `photo.canvas` shows, for odd sizes too; a picture of that size is left as it is."""
    if plane.shape[:2] == (height, width):
        return plane
    return photo.canvas(plane, width + width % 2, height + height % 2, focus).view()[:height, :width]


def alpha(rgb: Array) -> Array | None:
    """The subject's soft mask (uint8), or None where no subject is sure enough to be cut out."""
    found = subject.find(rgb, photo.find_focus(rgb))
    return matte.matte(rgb, found.mask) if found is not None and _is_sure(found) else None


def _is_sure(found: subject.Subject) -> bool:
    """Also that it is one thing, or several large ones: small scattered parts are the bright pieces of something."""
    if found.confidence < subject.SURE_ENOUGH or found.overlap < LEAST_OVERLAP:
        return False
    count, _labels, stats, _centres = cv2.connectedComponentsWithStats(photo.shrunk(found.mask, 320))
    areas = stats[1:count, cv2.CC_STAT_AREA]
    return found.area >= SCATTERED_FROM or float(areas.max() / areas.sum()) >= LEAST_MAIN_PART


def freed(rgb: Array, alpha: Array) -> Array:
    """The picture with the background's colour taken out of the subject's soft edge: colours of the sure inside flow
    outwards, so that it can stand on anything.
    """
    sure = (alpha > 242).astype(np.float32)
    reach = max(1.5, rgb.shape[1] / 240)
    weight = cv2.GaussianBlur(sure, (0, 0), reach)
    colour = cv2.GaussianBlur(rgb * sure[..., None], (0, 0), reach) / np.maximum(weight, 1e-3)[..., None]
    share = (1 - sure) * np.clip(weight / 0.05, 0, 1)
    return np.asarray(np.clip(rgb + (colour - rgb) * share[..., None], 0, 255).astype(np.uint8))


def on(rgb: Array, alpha: Array, ground: tuple[int, int, int]) -> Array:
    """The subject on one colour."""
    share = alpha.astype(np.float32)[..., None] / 255
    return np.asarray(np.rint(np.array(ground, np.float32) * (1 - share) + rgb * share).astype(np.uint8))


def colour(value: Any) -> tuple[int, int, int] | None:
    """Red, green and blue of "#1a2b3c", "1a2b3c" or "#abc"; None for everything else."""
    found = _COLOUR.fullmatch(str(value or "").strip())
    if found is None:
        return None
    digits = found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue
