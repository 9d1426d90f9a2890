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
_CLOSING = np.ones((5, 5), np.uint8)
_LEAST_SHARE = 0.01  # of the picture; a smaller mask is chance


def displacement(words: Program, view: photo.Canvas) -> Displace | None:
    """The sum of the program's local motions as offsets of the warp, ramped in; None when there are none.

    What the picture has no place for (sway without leaves, ripples without water) moves nothing: a wobbling house is
    worse than a still one.
    """
    parts = [part for kind, amount in words.local.items() if (part := _part(kind, amount, words.seed, view))]
    if not parts:
        return None

    def displace(x: Array, y: Array, seconds: float) -> Offset:
        ramp = ease(seconds / 0.8)
        offsets = [part(x, y, seconds) for part in parts]
        return ramp * sum(dx for dx, _ in offsets), ramp * sum(dy for _, dy in offsets)  # type: ignore[return-value]

    return displace


def _without_face(mask: Array, small: Array) -> Array:
    """Faces keep still."""
    focus = photo.find_focus(small)
    if not focus.face:
        return mask
    height, width = mask.shape
    head, free = max(2, round(0.9 * focus.face * width)), np.ones((height, width), np.float32)
    cv2.ellipse(free, (round(focus.x * width), round(focus.y * height)), (head, round(1.3 * head)), 0, 0, 360, 0, -1)
    return np.asarray(mask * cv2.GaussianBlur(free, (0, 0), 4))


def _part(kind: str, amount: float, seed: int, view: photo.Canvas) -> Displace | None:
    small = photo.shrunk(view.rgb, 240)
    mask = _MASKS[kind](small)
    if kind != "breathe":
        mask = _without_face(mask, small)
    if float(mask.mean()) < _LEAST_SHARE:
        return None
    phase = generator(seed, "local " + kind).uniform(0, 2 * np.pi, 3)
    return _MOVES[kind](_laid(mask, view), view, amount, phase)


def _laid(mask: Array, view: photo.Canvas) -> Depth:
    """A mask over the canvas, so that it can be asked at canvas points."""
    height, width = view.rgb.shape[:2]
    place = (-view.left / view.width - 0.5, -(view.top + view.height / 2) / view.width)
    return Depth(mask.astype(np.float32), 0.0, (*place, width / view.width, height / view.width))


# --- where ------------------------------------------------------------------------------------------------------------


def _hsv(small: Array) -> tuple[Array, Array, Array]:
    """Hue in degrees, saturation and value 0…1."""
    hsv = cv2.cvtColor(small, cv2.COLOR_RGB2HSV).astype(np.float32)
    return hsv[..., 0] * 2, hsv[..., 1] / 255, hsv[..., 2] / 255


def _rows(small: Array) -> Array:
    return np.linspace(0, 1, small.shape[0], dtype=np.float32)[:, None] * np.ones((1, small.shape[1]), np.float32)


def _rough(small: Array) -> Array:
    """Mean strength of the fine detail round each point, in levels."""
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(np.abs(cv2.Laplacian(grey, cv2.CV_32F)), (0, 0), 2.5))


def _within(mask: Array, soft: float, *, least: float = 0.004) -> Array:
    """The larger parts of a mask, falling to 0 inside their edges: what lies beside them does not move along."""
    whole = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, stats, _centres = cv2.connectedComponentsWithStats(whole)
    large = [k for k in range(1, count) if stats[k, cv2.CC_STAT_AREA] > least * mask.size]
    kept = np.isin(labels, large).astype(np.uint8)
    edge = cv2.distanceTransform(cv2.copyMakeBorder(kept, 1, 1, 1, 1, cv2.BORDER_REPLICATE), cv2.DIST_L2, 3)[1:-1, 1:-1]
    return np.asarray(cv2.GaussianBlur(np.clip(edge / (2 * soft), 0, 1), (0, 0), soft / 2))


def _leaves(small: Array) -> Array:
    hue, saturation, value = _hsv(small)
    green = (hue > 50) & (hue < 158) & (saturation > 0.16) & (value > 0.08)
    return _within(cv2.morphologyEx((green & (_rough(small) > 3)).astype(np.uint8), cv2.MORPH_CLOSE, _CLOSING), 2.0)


def _water(small: Array) -> Array:
    """In the lower half: smooth and bluish or grey, or drawn in level strokes as waves are."""
    hue, saturation, _value = _hsv(small)
    bluish = ((hue > 160) & (hue < 262) & (saturation > 0.08)) | (saturation < 0.14)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    across, down = (
        cv2.GaussianBlur(np.abs(cv2.Sobel(grey, cv2.CV_32F, *order)), (0, 0), 4) for order in ((1, 0), (0, 1))
    )
    level = (down > 2.3 * across) & (down > 3)
    found = ((bluish & (_rough(small) < 12)) | level) & (_rows(small) > 0.42) & _as_the_row(small)
    return _within(cv2.morphologyEx(found.astype(np.uint8), cv2.MORPH_CLOSE, _CLOSING), 2.5, least=0.02)


def _as_the_row(small: Array) -> Array:
    """Coloured like the better part of the row: water is, a rock or a boat in it is not."""
    lab = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2Lab), (0, 0), 1.5).astype(np.float32)
    apart = np.linalg.norm((lab - np.median(lab, axis=1, keepdims=True)) * np.array([0.5, 1, 1], np.float32), axis=2)
    return np.asarray(apart < 26)


def _sky(small: Array) -> Array:
    """Smooth and bright, blue, or red with the evening, down from a good part of the top edge."""
    hue, saturation, value = _hsv(small)
    coloured = ((value > 0.55) & (saturation < 0.45)) | ((hue > 170) & (value > 0.2)) | ((hue < 60) & (value > 0.55))
    open_ = (coloured & (_rough(small) < 9) & (_rows(small) < 0.75)).astype(np.uint8)
    _count, labels = cv2.connectedComponents(open_)
    share = np.bincount(labels[2], minlength=int(labels.max()) + 1) / labels.shape[1]
    tops = [k for k in range(1, len(share)) if share[k] > 0.15]
    return _within(np.isin(labels, tops), 5.0)


def _body(small: Array) -> Array:
    return np.asarray(cv2.GaussianBlur(photo.saliency(small), (0, 0), 10))


# --- how --------------------------------------------------------------------------------------------------------------


def _sway(where: Depth, _view: photo.Canvas, amount: float, phase: Array) -> Displace:
    def displace(x: Array, y: Array, seconds: float) -> Offset:
        turn = 2 * np.pi * seconds
        gust = 0.7 + 0.3 * np.sin(turn * 0.17 + phase[2])
        wave = np.sin(turn * 0.42 + 9 * x + phase[0]) + 0.6 * np.sin(turn * 1.05 + 17 * x + 11 * y + phase[1])
        wave = wave + 0.35 * np.sin(turn * 1.9 + 31 * (x + y))
        dx = 0.0042 * amount * gust * where.at(x, y) * wave
        return dx, 0.25 * dx

    return displace


def _ripple(where: Depth, view: photo.Canvas, amount: float, phase: Array) -> Displace:
    horizon = float(view.height / view.width * -0.08)

    def displace(x: Array, y: Array, seconds: float) -> Offset:
        distance = np.maximum(y - horizon, 0.03)
        turn = 2 * np.pi * seconds
        wave = np.sin(9 / distance + turn * 0.8 + phase[0]) + 0.6 * np.sin(
            5.3 / distance - turn * 0.55 + 14 * x + phase[1]
        )
        strength = 0.0034 * amount * where.at(x, y)
        return strength * wave, 0.5 * strength * np.sin(7 / distance + turn * 0.7 + 22 * x + phase[2])

    return displace


def _clouds(where: Depth, _view: photo.Canvas, amount: float, phase: Array) -> Displace:
    sign = -1.0 if phase[0] > np.pi else 1.0

    def displace(x: Array, y: Array, seconds: float) -> Offset:
        reach = where.at(x, y)
        return sign * 0.0085 * amount * seconds * reach, 0.0015 * reach * np.sin(2 * np.pi * 0.2 * seconds + 8 * x)

    return displace


def _breathe(where: Depth, view: photo.Canvas, amount: float, phase: Array) -> Displace:
    bottom = 0.5 * view.height / view.width

    def displace(x: Array, y: Array, seconds: float) -> Offset:
        breath = np.sin(2 * np.pi * 0.28 * seconds)
        slow = np.sin(2 * np.pi * 0.13 * seconds + 5 * y + phase[0]) - np.sin(5 * y + phase[0])
        near = where.at(x, y)
        return 0.0026 * amount * near * slow, 0.007 * amount * near * breath * (bottom - y)

    return displace


_MASKS: dict[str, Callable[[Array], Array]] = {"sway": _leaves, "ripple": _water, "clouds": _sky, "breathe": _body}
_MOVES: dict[str, Callable[[Depth, photo.Canvas, float, Array], Displace]] = {
    "sway": _sway,
    "ripple": _ripple,
    "clouds": _clouds,
    "breathe": _breathe,
}
