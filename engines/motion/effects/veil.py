"""Lay a colour over the planes through a small, soft mask."""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion.planes import CHROMA, LUMA, Array, Planes

Colour = tuple[float, float, float]  # Y, U, V


def lay(planes: Planes, cover: Array, colour: Colour) -> None:
    """`cover`: uint8, of any size; 255 hides what is below."""
    height, width = planes.y.shape
    full = cover if cover.shape == (height, width) else cv2.resize(cover, (width, height))
    half = cv2.resize(cover, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    for plane, mask, value in zip(planes, (full, half, half), colour, strict=True):
        veil = cv2.multiply(mask, (float(value), 0, 0, 0), scale=1 / 255)
        cv2.add(cv2.multiply(plane, cv2.bitwise_not(mask), scale=1 / 255), veil, dst=plane)


def lay_premultiplied(planes: Planes, layer: Array) -> None:
    """Premultiplied (Y, U, V, A), uint8, of any size, over the planes."""
    height, width = planes.y.shape
    luma = cv2.resize(cv2.merge([cv2.extractChannel(layer, 0), cv2.extractChannel(layer, 3)]), (width, height))
    half = layer if layer.shape[:2] == planes.u.shape else cv2.resize(layer, (width // 2, height // 2))
    clear_luma, clear = cv2.bitwise_not(cv2.extractChannel(luma, 1)), cv2.bitwise_not(cv2.extractChannel(half, 3))
    over = (
        (planes.y, cv2.extractChannel(luma, 0), clear_luma),
        (planes.u, cv2.extractChannel(half, 1), clear),
        (planes.v, cv2.extractChannel(half, 2), clear),
    )
    for plane, source, below in over:
        cv2.add(cv2.multiply(plane, below, scale=1 / 255), source, dst=plane)


def yuv(rgb: tuple[int, int, int]) -> Colour:
    homogeneous = np.array([*rgb, 1.0])
    u, v = CHROMA @ homogeneous
    return float(LUMA[0] @ homogeneous), float(u), float(v)
