"""Parts of a picture that move by themselves: swaying leaves, rippling water, drifting clouds, breathing bodies."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from engines.motion import photo
from engines.motion.camera import ease
from engines.motion.chance import generator
from engines.motion.draw import Depth, Displace
from engines.motion.planes import Array
from engines.motion.program import Program

Offset = tuple[Array, Array]
_LEAST_SHARE = 0.01  # of the picture; a smaller mask is chance


def displacement(words: Program, view: photo.Canvas) -> Displace | None:
    """The sum of the program's local motions as offsets of the warp, ramped in; None when there are none."""
    parts = [_part(kind, amount, words.seed, view) for kind, amount in words.local.items()]
    if not parts:
        return None

    def displace(x: Array, y: Array, seconds: float) -> Offset:
        ramp = ease(seconds / 0.8)
        offsets = [part(x, y, seconds) for part in parts]
        return ramp * sum(dx for dx, _ in offsets), ramp * sum(dy for _, dy in offsets)  # type: ignore[return-value]

    return displace


def _part(kind: str, amount: float, seed: int, view: photo.Canvas) -> Displace:
    small = photo.shrunk(view.rgb, 240)
    phase = generator(seed, "local " + kind).uniform(0, 2 * np.pi, 3)
    make: dict[str, Callable[..., Displace]] = {
        "sway": _sway,
        "ripple": _ripple,
        "clouds": _clouds,
        "breathe": _breathe,
    }
    return make[kind](small, view, amount, phase)


def _laid(mask: Array, view: photo.Canvas) -> Depth:
    """A mask over the canvas, so that it can be asked at canvas points."""
    height, width = view.rgb.shape[:2]
    place = (-view.left / view.width - 0.5, -(view.top + view.height / 2) / view.width)
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 3)
    return Depth(soft, 0.0, (*place, width / view.width, height / view.width))


def _hsv(small: Array) -> tuple[Array, Array, Array]:
    """Hue in degrees, saturation and value 0…1."""
    hsv = cv2.cvtColor(small, cv2.COLOR_RGB2HSV).astype(np.float32)
    return hsv[..., 0] * 2, hsv[..., 1] / 255, hsv[..., 2] / 255


def _rows(small: Array) -> Array:
    return np.linspace(0, 1, small.shape[0], dtype=np.float32)[:, None] * np.ones((1, small.shape[1]), np.float32)


def _sway(small: Array, view: photo.Canvas, amount: float, phase: Array) -> Displace:
    hue, saturation, value = _hsv(small)
    green = (hue > 55) & (hue < 175) & (saturation > 0.18) & (value > 0.12)
    mask = green if green.mean() > _LEAST_SHARE else 0.4 * photo.saliency(small)
    laid = _laid(mask, view)

    def displace(x: Array, y: Array, seconds: float) -> Offset:
        turn = 2 * np.pi * seconds
        gust = 0.7 + 0.3 * np.sin(turn * 0.17 + phase[2])
        wave = np.sin(turn * 0.42 + 9 * x + phase[0]) + 0.6 * np.sin(turn * 1.05 + 17 * x + 11 * y + phase[1])
        wave = wave + 0.35 * np.sin(turn * 1.9 + 31 * (x + y))
        dx = 0.0042 * amount * gust * laid.at(x, y) * wave
        return dx, 0.25 * dx

    return displace


def _ripple(small: Array, view: photo.Canvas, amount: float, phase: Array) -> Displace:
    hue, saturation, _value = _hsv(small)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    smooth = cv2.GaussianBlur(np.abs(cv2.Laplacian(grey, cv2.CV_32F)), (0, 0), 3) < 14
    below = _rows(small) > 0.45
    bluish = ((hue > 160) & (hue < 260)) | (saturation < 0.14)
    mask = (bluish & smooth & below).astype(np.float32)
    laid = _laid(mask if mask.mean() > _LEAST_SHARE else 0.5 * np.clip((_rows(small) - 0.6) / 0.4, 0, 1), view)
    horizon = float(view.height / view.width * -0.08)

    def displace(x: Array, y: Array, seconds: float) -> Offset:
        distance = np.maximum(y - horizon, 0.03)
        turn = 2 * np.pi * seconds
        wave = np.sin(9 / distance + turn * 0.8 + phase[0]) + 0.6 * np.sin(
            5.3 / distance - turn * 0.55 + 14 * x + phase[1]
        )
        strength = 0.0034 * amount * laid.at(x, y)
        return strength * wave, 0.5 * strength * np.sin(7 / distance + turn * 0.7 + 22 * x + phase[2])

    return displace


def _clouds(small: Array, view: photo.Canvas, amount: float, phase: Array) -> Displace:
    hue, saturation, value = _hsv(small)
    sky = ((value > 0.55) & (saturation < 0.45)) | ((hue > 170) & (hue < 265) & (value > 0.25))
    mask = (sky & (_rows(small) < 0.6)).astype(np.float32) * np.clip((0.62 - _rows(small)) / 0.2, 0, 1)
    laid = _laid(cv2.GaussianBlur(mask, (0, 0), 6), view)
    sign = -1.0 if phase[0] > np.pi else 1.0

    def displace(x: Array, y: Array, seconds: float) -> Offset:
        reach = laid.at(x, y)
        return sign * 0.0085 * amount * seconds * reach, 0.0015 * reach * np.sin(2 * np.pi * 0.2 * seconds + 8 * x)

    return displace


def _breathe(small: Array, view: photo.Canvas, amount: float, phase: Array) -> Displace:
    laid = _laid(photo.saliency(small), view)

    def displace(x: Array, y: Array, seconds: float) -> Offset:
        breath = np.sin(2 * np.pi * 0.28 * seconds)
        slow = np.sin(2 * np.pi * 0.13 * seconds + 5 * y + phase[0]) - np.sin(5 * y + phase[0])
        near = laid.at(x, y)
        bottom = 0.5 * view.height / view.width
        return 0.0026 * amount * near * slow, 0.007 * amount * near * breath * (bottom - y)

    return displace
