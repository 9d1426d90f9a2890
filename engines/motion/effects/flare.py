"""What light does inside a lens: leaks that wander along the edge, and the flare of the brightest spot."""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion import camera
from engines.motion.chance import generator
from engines.motion.effects import veil
from engines.motion.planes import Array, Planes

Spot = tuple[float, float]
CORNER: Spot = (0.34, -0.18)  # where light comes from in a scene without a picture
_DULL = 150
SHRINK = 16  # of the masks: leaks and flares are soft
_LEAKS = (((255, 120, 40), 0.62), ((255, 60, 60), 0.45), ((255, 205, 120), 0.50))  # colour, strength
_GHOSTS = ((0.55, 0.05, 0.10), (1.35, 0.085, 0.08), (1.75, 0.035, 0.16), (2.15, 0.12, 0.07))  # place, radius, strength


class Leaks:
    """Warm light that seeps in from the sides, comes and goes, and never stands still."""

    def __init__(self, amount: float, seed: int, width: int, height: int) -> None:
        rng = generator(seed, "leaks")
        self._amount = min(amount, 1.5)
        size = (max(8, height // SHRINK), max(8, width // SHRINK))
        places = np.mgrid[0 : size[0], 0 : size[1]] / np.array(size).reshape(2, 1, 1)
        self._v, self._u = places.astype(np.float32)
        self._side = rng.permutation([0.0, 1.0, float(rng.integers(2))])
        self._place, self._rate = rng.uniform(0.1, 0.9, 3), rng.uniform(0.10, 0.22, 3)
        self._phase = rng.uniform(0, 2 * np.pi, 3)

    def apply(self, planes: Planes, seconds: float) -> None:
        ramp = camera.ease(seconds / 1.2)
        if ramp <= 0:
            return
        layer = np.zeros((*self._u.shape, 4), np.float32)
        for k, (rgb, strength) in enumerate(_LEAKS):
            turn = 2 * np.pi * self._rate[k] * seconds + self._phase[k]
            x = self._side[k] + 0.10 * np.sin(turn)
            y = self._place[k] + 0.25 * np.sin(0.7 * turn + 1)
            reach = 0.24 + 0.07 * np.sin(1.3 * turn)
            shape = np.exp(-(((self._u - x) / reach) ** 2) - ((self._v - y) / 0.55) ** 2)
            strong = strength * self._amount * ramp * (0.65 + 0.35 * np.sin(1.7 * turn))
            cover = np.clip(strong * shape, 0, 0.85)[..., None].astype(np.float32)
            layer = layer * (1 - cover) + np.array([*veil.yuv(rgb), 255], np.float32) * cover
        veil.lay_premultiplied(planes, np.rint(layer).astype(np.uint8))


class Flare:
    """A glow about the brightest spot, a streak through it, and its ghosts on the other side of the middle."""

    def __init__(self, amount: float, source: Spot, width: int, height: int) -> None:
        """`source`: where the light is on the canvas, in view widths from the view's centre."""
        self._amount, self._source = min(amount, 1.5), source
        size = (max(8, width // (SHRINK // 2)), max(8, height // (SHRINK // 2)))
        self._y, self._x = np.mgrid[0 : size[1], 0 : size[0]] / size[0]
        self._x = (self._x - 0.5).astype(np.float32)
        self._y = (self._y - 0.5 * size[1] / size[0]).astype(np.float32)

    def apply(self, planes: Planes, path: camera.Path, index: int, seconds: float) -> None:
        ramp = camera.ease(seconds / 1.2) * self._amount
        if ramp <= 0:
            return
        x, y = _seen(self._source, path, index)
        dx, dy = self._x - x, self._y - y
        far = np.hypot(dx, dy)
        wave = 1 + 0.08 * np.sin(2 * np.pi * 0.31 * seconds)
        glow = 0.60 * np.exp(-far / (0.06 * wave)) + 0.25 * np.exp(-far / 0.22)
        streak = 0.30 * np.exp(-np.abs(dy) / 0.006) * np.exp(-np.abs(dx) / 0.30)
        self._lay(planes, ramp * (glow + streak), (255, 228, 184))
        ghosts = np.zeros_like(far)
        for place, radius, strength in _GHOSTS:
            away = np.hypot(self._x - x * (1 - place), self._y - y * (1 - place)) / radius
            ghosts += strength * np.clip((1 - away) / 0.15, 0, 1) * (0.5 + 0.5 * np.clip(away, 0, 1) ** 3)
        self._lay(planes, ramp * ghosts, (190, 225, 190))

    def _lay(self, planes: Planes, cover: Array, rgb: tuple[int, int, int]) -> None:
        soft = cv2.GaussianBlur(np.clip(cover, 0, 0.92) * 255, (0, 0), 0.8)
        veil.lay(planes, soft.astype(np.uint8), veil.yuv(rgb))


def brightest(view: Array) -> Spot:
    """The spot of a picture (RGB) that the light comes from; a dull one is lit from beyond its corner."""
    width = 160
    height = max(8, round(width * view.shape[0] / view.shape[1]))
    small = cv2.resize(view, (width, height), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    soft = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), 2)
    if float(soft.max()) < _DULL:
        return -0.44, -0.44 * height / width
    stands_out = soft - cv2.GaussianBlur(soft, (0, 0), 16)
    rough = cv2.GaussianBlur(np.abs(cv2.Laplacian(grey, cv2.CV_32F)), (0, 0), 3)
    warm = cv2.GaussianBlur(small[..., 0].astype(np.float32) - small[..., 2], (0, 0), 2)
    rim = 60 * (np.abs(np.linspace(-1, 1, width)) > 0.9)
    lower = np.linspace(0, 40, height)[:, None]
    _low, _high, _where, (x, y) = cv2.minMaxLoc(soft + 1.5 * stands_out + 0.8 * warm - 2 * rough - lower - rim)
    return (x + 0.5) / width - 0.5, (y + 0.5 - height / 2) / width


def _seen(spot: Spot, path: camera.Path, index: int) -> Spot:
    """Where a spot of the canvas is in the view of a frame, far away: the inverse of `camera.locate` without depth."""
    (ax, ay), zoom, roll = path.anchor, float(np.exp(path.lnz[index])), float(path.roll[index])
    x, y = spot[0] - ax - path.px[index], spot[1] - ay - path.py[index]
    cos, sin = np.cos(roll), np.sin(roll)
    return ax + zoom * (cos * x + sin * y), ay + zoom * (-sin * x + cos * y)
