"""Sky, sun, stars and clouds: the far end of every outdoor scene."""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion import noise
from engines.motion.painter.easel import Easel, Layer, Strip, finished, gradient, over, two_tone
from engines.motion.painter.palettes import mix
from engines.motion.planes import Array


def paint(easel: Easel) -> list[Layer]:
    """The opaque back and, drifting before it, the clouds."""
    return [back(easel), _deck(easel) if easel.covered else clouds(easel)]


def back(easel: Easel) -> Layer:
    """The sky alone. A covered one hides its sun."""
    sky = easel.strip()
    bend = 0.03 * (sky.noise(0.4, 3, stretch=2) - 0.5)
    rgb = gradient(easel.palette.sky, sky.rows / max(easel.horizon, 0.05) + bend)
    if easel.palette.stars and not easel.covered:
        rgb = rgb + cv2.merge([stars(easel, easel.palette.stars)] * 3)
    if easel.palette.name == "aurora":
        rgb = _curtains(easel, rgb)
    if not easel.covered:
        rgb = _sun(easel, rgb, sky)
    return Layer(finished(rgb), None, 0.0)


def _sun(easel: Easel, back: Array, sky: Strip) -> Array:
    tone = easel.palette.sun
    back = over(back, tone, 0.55 * sky.glow(easel.sun, 0.32) + 0.4 * sky.glow(easel.sun, 0.05))
    radius = 0.036 if easel.palette.dark > 0.5 else 0.045
    disc = np.zeros(back.shape[:2], np.float32)
    centre = (round(easel.sun[0] * easel.width * 16), round(easel.sun[1] * easel.height * 16))
    cv2.circle(disc, centre, round(radius * easel.height * 16), 1.0, -1, cv2.LINE_AA, 4)
    if easel.palette.dark > 0.5:  # a moon has maria
        disc *= 0.86 + 0.14 * sky.noise(0.03, 3)
    return over(back, tone, disc)


def stars(easel: Easel, amount: float) -> Array:
    """Added light: faint ones by the hundred, a few bright."""
    light = np.zeros((easel.height, easel.width), np.float32)
    count = int(900 * amount)
    x, y = easel.rng.integers(0, easel.width, count) * 4, easel.rng.integers(0, easel.height, count) * 4
    bright = easel.rng.random(count) ** 5
    radius = np.rint((0.6 + 1.6 * bright) * easel.unit * 4).astype(int)
    for i in range(count):
        cv2.circle(light, (int(x[i]), int(y[i])), int(radius[i]), 40 + 190 * float(bright[i]), -1, cv2.LINE_AA, 2)
    soft = cv2.GaussianBlur(light, (0, 0), max(0.8 * easel.unit, 0.5))
    return np.asarray(soft + 0.8 * cv2.GaussianBlur(light, (0, 0), 4 * easel.unit))


def _curtains(easel: Easel, back: Array) -> Array:
    """Three folded bands of light that fade upwards."""
    rows = np.linspace(0, 1, easel.height, dtype=np.float32)[:, None]
    rays = noise.value(easel.rng, 4, easel.width, 0.02 * easel.width, 4)[:1]
    for k in range(3):
        profile = noise.profile(easel.rng, easel.width, 0.35 * easel.width, 3)[None, :].astype(np.float32)
        foot = 0.30 + 0.1 * k + 0.10 * profile
        above = np.clip((foot - rows) / (0.34 - 0.05 * k), 0, 1)
        band = np.where(rows < foot, (1 - above) ** 1.6, 0) * np.clip((foot - rows) * 40, 0, 1)
        hue = mix(easel.palette.accent, easel.rng.permutation(np.array([90.0, 200.0, 255.0])), 0.25 * k)
        glow = (0.5 * band * (0.45 + 0.9 * rays)).astype(np.float32)
        back = back + cv2.merge([glow * float(c) for c in hue])
    return np.asarray(back)


def _field(easel: Easel, sky: Strip, octaves: int = 6) -> Array:
    """Billows in 0…1, tileable sideways, so that they drift for ever."""
    width, high = easel.width, easel.height
    field = noise.tileable(easel.rng, sky.height, width, 0.3 * high, octaves, stretch=2.6)
    easel.check()
    detail = noise.tileable(easel.rng, sky.height, width, 0.07 * high, 4, stretch=1.8)
    return np.asarray(cv2.addWeighted(field, 0.72, detail, 0.28, 0))


def clouds(easel: Easel) -> Layer:
    """Cumulus banks lit from the sun."""
    p, sky = easel.palette, easel.strip(0, 1.04 * easel.horizon)
    body = _field(easel, sky)
    band = sky.rows / np.float32(max(easel.horizon, 0.1))
    cover = easel.rng.uniform(0.50, 0.62)
    thick = np.clip((body - np.float32(cover) - 0.10 * band) / 0.22, 0, 1) * np.clip((1.04 - band) / 0.2, 0, 1)
    shift = int(0.012 * easel.height)
    light = 0.55 + 4.2 * (body - np.roll(body, (-shift, shift * easel.side), (0, 1)))
    bright = mix(mix(p.sun, p.sky[3], 0.45), np.full(3, 255.0), 0.35 * (1 - p.dark))
    rgb = two_tone(mix(p.sky[1], p.haze, 0.55), bright, light)
    alpha = cv2.multiply(thick, 255 * (0.78 - 0.35 * p.dark), dtype=cv2.CV_8U)
    return Layer(finished(rgb), alpha, 0.06, drift=0.006)


def _deck(easel: Easel) -> Layer:
    """The closed clouds of rain and storm: dark rolls, torn and brighter towards the horizon."""
    p, sky = easel.palette, easel.strip(0, 1.04 * easel.horizon)
    body = _field(easel, sky)
    band = sky.rows / np.float32(max(easel.horizon, 0.1))
    shift = int(0.016 * easel.height)
    relief = 0.42 + 1.5 * (body - np.roll(body, (-shift, 0), (0, 1))) + 0.5 * (body - 0.5) + 0.20 * band
    dark, bright = mix(p.sky[0], np.zeros(3), 0.25), mix(p.sky[3], p.haze, 0.45)
    rgb = two_tone(dark, bright, relief)
    thick = np.clip((body - 0.12 - 0.25 * band**3) / 0.25, 0, 1) * np.clip((1.02 - band) / 0.14, 0, 1)
    return Layer(finished(rgb), cv2.multiply(thick, 255 * 0.93, dtype=cv2.CV_8U), 0.06, drift=0.012)


def haze(easel: Easel, at: float, depth: float, strength: float = 0.5) -> Layer:
    """A band of mist lying at a height (share); in fog it is wide and thick."""
    wide = 0.13 if easel.foggy else 0.07
    strength = min(0.85, 1.9 * strength) if easel.foggy else strength
    mist = easel.strip(at - 2.5 * wide, at + 2.5 * wide)
    band = np.exp(-(((mist.rows - np.float32(at)) / np.float32(wide)) ** 2)) * np.float32(strength)
    field = 0.6 + 0.4 * mist.noise(0.12, 3, stretch=4)
    alpha = cv2.multiply(field, np.broadcast_to(band, field.shape).astype(np.float32), scale=255, dtype=cv2.CV_8U)
    return mist.layer(mist.plain(easel.palette.haze), alpha, depth)
