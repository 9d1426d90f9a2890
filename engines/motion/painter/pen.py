"""A pen for things: shapes in units of the thing itself, its foot at (0, 0), up is positive."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from engines.motion.ink import spline
from engines.motion.painter.easel import disc, polygon
from engines.motion.painter.palettes import mix
from engines.motion.planes import Array

DARK, GLASS, WHITE = np.array([26.0, 26.0, 30.0]), np.array([150.0, 186.0, 206.0]), np.full(3, 255.0)


def rgb(red: float, green: float, blue: float) -> Array:
    return np.array([red, green, blue], np.float64)


@dataclass(frozen=True)
class Pen:
    """Points are written as in SVG: "x,y x,y …". `tone` is the thing's own colour, `text` what was asked for."""

    target: tuple[Array, Array]
    at: tuple[float, float]  # pixels
    unit: float  # pixels
    tone: Array
    text: str
    night: float = 0.0  # how dark it is: lamps and windows shine
    turned: bool = False  # mirrored

    def says(self, words: str) -> bool:
        return re.search(rf"\b(?:{words})\b", self.text) is not None

    def dim(self, share: float = 0.3) -> Array:
        return mix(self.tone, DARK, share)

    def pale(self, share: float = 0.25) -> Array:
        return mix(self.tone, WHITE, share)

    def shape(self, points: str | Array, tone: Array | None = None) -> None:
        polygon(self.target, self._pixels(points), self.tone if tone is None else tone)

    def smooth(self, points: str, tone: Array | None = None) -> None:
        """A closed curve through the points."""
        curve = spline([(float(x), float(y)) for x, y in _parsed(points)])
        polygon(self.target, self._pixels(curve), self.tone if tone is None else tone)

    def line(self, points: str, width: float, tone: Array | None = None) -> None:
        """A line with round joints and ends."""
        tone = self.tone if tone is None else tone
        knots = self._pixels(points)
        half = width * self.unit / 2
        for a, b in pairwise(knots):
            along = b - a
            across = np.array([-along[1], along[0]]) / (float(np.hypot(*along)) or 1.0) * half
            polygon(self.target, np.array([a + across, b + across, b - across, a - across]), tone)
        for x, y in knots:
            disc(self.target, (float(x), float(y)), half, tone)

    def disc(self, x: float, y: float, radius: float, tone: Array | None = None) -> None:
        where = self._pixels(np.array([[x, y]]))[0]
        disc(self.target, (float(where[0]), float(where[1])), radius * self.unit, self.tone if tone is None else tone)

    def ring(self, x: float, y: float, radius: float, width: float, tone: Array) -> None:
        """Like a wheel's rim: what is inside stays as it is."""
        where = np.round(self._pixels(np.array([[x, y]]))[0] * 16).astype(int).tolist()
        size, thick = round(radius * self.unit * 16), max(1, round(width * self.unit))
        cv2.circle(self.target[0], where, size, tuple(float(c) for c in tone), thick + 2, cv2.LINE_8, 4)
        cv2.circle(self.target[1], where, size, 255, thick, cv2.LINE_AA, 4)

    def oval(self, x: float, y: float, a: float, b: float, tone: Array | None = None) -> None:
        """Centre and half axes."""
        turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
        self.shape(np.stack([x + a * np.cos(turn), y + b * np.sin(turn)], axis=1), tone)

    def box(self, left: float, low: float, right: float, high: float, tone: Array | None = None) -> None:
        self.shape(np.array([(left, low), (right, low), (right, high), (left, high)]), tone)

    def _pixels(self, points: str | Array) -> Array:
        flip = -1 if self.turned else 1
        return np.asarray(_parsed(points) * (flip * self.unit, -self.unit) + self.at)


def _parsed(points: str | Array) -> Array:
    if not isinstance(points, str):
        return np.asarray(points, np.float64)
    return np.array([[float(value) for value in pair.split(",")] for pair in points.split()])
