"""Time passing over one place: in which order its parts go from the light of one picture to that of another."""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion.chance import generator
from engines.motion.correspond import spread
from engines.motion.planes import Array

SKY_AT, SKY_SPAN = 0.42, 0.80  # the sky changes first and all the time
GROUND_AT, GROUND_SPAN = 0.54, 0.72
LAMP_AT, LAMP_SPREAD, LAMP_SPAN = 0.66, 0.26, 0.07  # lamps come on late, one after the other, at once each
GLOW = (-6.0, 5.0)  # U and V of the low sun's light that lies over the first half of an evening
_LAMP_LEVELS = 26.0  # by which the darker picture has to outshine the lighter one


class Daylight:
    """When every part of the picture changes. By day's end in the order above; towards the day the other way round."""

    def __init__(self, first: Array, last: Array, seed: int) -> None:
        """`first`, `last`: greys of the same place, aligned, of any equal size."""
        self._evening = float(first.mean()) >= float(last.mean())
        self.lit = 1 if self._evening else 0  # which of the two pictures has the lamps
        day, night = (first, last) if self._evening else (last, first)
        sky = _sky(day)
        when, span = (ground + (high - ground) * sky for ground, high in ((GROUND_AT, SKY_AT), (GROUND_SPAN, SKY_SPAN)))
        self.moments = np.dstack([when, span]).astype(np.float32)
        lamps = _lamps(day, night)
        count, labels = cv2.connectedComponents((lamps > 0.01).astype(np.uint8))
        turns = LAMP_AT + LAMP_SPREAD * generator(seed, "lamps").random(count, dtype=np.float32)
        self.lamps = np.dstack([turns[labels], lamps]).astype(np.float32)

    def on(self, lamps: Array, e: float) -> Array:
        """How far lamps are lit, for `lamps` sampled somewhere; 1 where there is none."""
        now = e if self._evening else 1 - e
        lit = np.clip((now - lamps[..., 0]) / LAMP_SPAN + 0.5, 0, 1)
        return np.asarray(1 - lamps[..., 1] * (1 - lit))

    def unlit(self, day: Array, night: Array, lamps: Array) -> Array:
        """The night without its lamps: where they shine, the day as dark and as blue as the night is beside them.

        All of one size and aligned: RGB, RGB, and 0…1.
        """
        size = (160, max(8, round(160 * day.shape[0] / day.shape[1])))
        small_day, small_night, lit = (
            cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.float32) for image in (day, night, lamps)
        )
        dark = (lit < 0.05).astype(np.float32)
        soft = [cv2.GaussianBlur(image * dark[..., None], (0, 0), 4) for image in (small_night, small_day)]
        gain = spread(np.clip((soft[0] + 0.01) / (soft[1] + 0.01), 0, 1.5), dark)
        graded = day * cv2.resize(gain, (day.shape[1], day.shape[0]), interpolation=cv2.INTER_LINEAR)
        return np.asarray((night + (graded - night) * lamps[..., None]).clip(0, 255).astype(np.uint8))

    def share(self, moments: Array, e: float) -> Array:
        """How much of the last picture's light there is at moment e, for `moments` sampled somewhere; 0…1."""
        now = e if self._evening else 1 - e
        x = np.clip((now - moments[..., 0]) / moments[..., 1] + 0.5, 0, 1)
        late = x * x * (3 - 2 * x)
        return np.asarray(late if self._evening else 1 - late)

    def tint(self, e: float) -> tuple[int, int]:
        """What the low sun adds to U and V."""
        now = e if self._evening else 1 - e
        strength = float(np.exp(-(((now - 0.36) / 0.17) ** 2))) * min(1.0, now / 0.15, (1 - now) / 0.15)
        return round(GLOW[0] * strength), round(GLOW[1] * strength)


def _lamps(day: Array, night: Array) -> Array:
    """What shines by night, brighter than by day or than all the night round it, with the glow about it; 0…1."""
    dark = night.astype(np.float32)
    gained = (dark - day) / _LAMP_LEVELS
    stands_out = (dark - cv2.GaussianBlur(dark, (0, 0), 14) - 45) / 40
    lit = np.clip(np.maximum(gained, stands_out) - 0.2, 0, 1)
    glow = np.clip(14 * cv2.GaussianBlur(cv2.dilate(lit, np.ones((5, 5), np.uint8)), (0, 0), 17) - 0.02, 0, 1)
    return np.asarray(np.maximum(cv2.blur(lit, (3, 3)), glow))


def _sky(day: Array) -> Array:
    """Smooth and bright down from the top edge, as far as it reaches; 0…1, too soft to show an edge of its own."""
    values = day.astype(np.float32)
    rough = cv2.GaussianBlur(np.abs(cv2.Laplacian(values, cv2.CV_32F)), (0, 0), 2)
    open_ = ((rough < 9) & (values > 0.75 * np.median(values))).astype(np.float32)
    down = np.minimum.accumulate(cv2.blur(open_, (9, 3)) > 0.5, axis=0).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(down, (0, 0), 24))
