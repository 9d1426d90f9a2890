"""Soft edges for a hard mask: a guided filter (He et al., 2010) lets the outlines of the picture shape the alpha."""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion.planes import Array

_EPSILON = 2e-4
_GROWN = 0.003  # of the width; a mask found on a small copy is not more exact than that
_COARSER = 4  # the filter is solved on a picture this much smaller


def matte(rgb: Array, mask: Array) -> Array:
    """Alpha (uint8) of a subject that is to be cut out, from its mask (uint8, 0 or 255) of the same size."""
    return _matte(rgb, mask, (0.25, 0.50))


def grown(rgb: Array, mask: Array) -> Array:
    """As `matte`, for a subject that moves before its own background, a little larger.

    A rim that moves along is invisible, one left behind is not.
    """
    reach = 2 * max(1, round(_GROWN * rgb.shape[1])) + 1
    wider = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    return _matte(rgb, wider, (0.08, 0.50))


def _matte(rgb: Array, mask: Array, ramp: tuple[float, float]) -> Array:
    """`ramp`: what the guided filter gives where the alpha leaves 0, and how much more where it reaches 1."""
    width, alpha = rgb.shape[1], np.zeros_like(mask)
    x, y, wide, high = cv2.boundingRect(mask)
    around = max(8, width // 32)
    box = slice(max(y - around, 0), y + high + around), slice(max(x - around, 0), x + wide + around)
    soft = _guided(rgb[box], mask[box], max(2, round(width / 110)))
    near = _blurred(mask[box], width / 160)
    share = np.clip((soft - ramp[0]) * (1 / ramp[1]), 0, 1) * np.clip((near - 0.06) * (1 / 0.12), 0, 1)
    alpha[box] = cv2.convertScaleAbs(share, alpha=255)
    return alpha


def _blurred(mask: Array, sigma: float) -> Array:
    """0…1, blurred on a smaller copy."""
    height, width = mask.shape
    small = cv2.resize(mask, (max(1, width // _COARSER), max(1, height // _COARSER)), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small.astype(np.float32) / 255, (0, 0), max(sigma / _COARSER, 0.5))
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR))


def _guided(rgb: Array, mask: Array, radius: int) -> Array:
    """The fast guided filter with a colour guide: mask ≈ a·rgb + b in every window, a and b enlarged."""
    height, width = mask.shape
    size = (max(8, width // _COARSER), max(8, height // _COARSER))
    guide = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    wanted = cv2.resize(mask, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    slope, offset = _solved(guide, wanted, max(1, round(radius / _COARSER)))
    lines = cv2.resize(np.dstack([slope, offset]), (width, height), interpolation=cv2.INTER_LINEAR)
    colour = cv2.multiply(lines[..., :3], rgb, scale=1 / 255, dtype=cv2.CV_32F)
    return np.asarray(cv2.transform(colour, np.ones((1, 3), np.float32)) + lines[..., 3])


def _solved(guide: Array, wanted: Array, radius: int) -> tuple[Array, Array]:
    """Slopes (rows × columns × 3) and offsets of the window's best line, averaged over the windows."""

    def mean(values: Array) -> Array:
        return np.asarray(cv2.boxFilter(values, -1, (2 * radius + 1, 2 * radius + 1), borderType=cv2.BORDER_REFLECT))

    middle, level = mean(guide), mean(wanted)
    pairs = guide[..., :, None] * guide[..., None, :]
    spread = mean(pairs.reshape(*wanted.shape, 9).astype(np.float32)).reshape(*wanted.shape, 3, 3)
    spread = spread - middle[..., :, None] * middle[..., None, :] + _EPSILON * np.eye(3, dtype=np.float32)
    together = mean(guide * wanted[..., None]) - middle * level[..., None]
    slope = np.linalg.solve(spread, together[..., None])[..., 0].astype(np.float32)
    offset = (level - (slope * middle).sum(axis=2)).astype(np.float32)
    return mean(slope), mean(offset)
