"""Sky, sun, stars and clouds: the far end of every outdoor scene."""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion import noise
from engines.motion.painter.easel import Easel, Layer, finished, flat, glow, gradient, two_tone
from engines.motion.painter.palettes import mix
from engines.motion.planes import Array


def paint(easel: Easel) -> list[Layer]:
    """The opaque back and, drifting before it, the clouds."""
    rows = np.linspace(0, 1, easel.height)[:, None] / max(easel.horizon, 0.05)
    bend = 0.03 * (noise.value(easel.rng, easel.height, easel.width, 0.4 * easel.height, 3, stretch=2) - 0.5)
    back = gradient(easel.palette.sky, rows + bend)
    if easel.palette.stars:
        back += stars(easel, easel.palette.stars)[..., None]
    if easel.palette.name == "aurora":
        back = _curtains(easel, back)
    if easel.palette.name != "storm":
        back = _sun(easel, back)
    return [Layer(finished(back), None, 0.0), clouds(easel)]


def _sun(easel: Easel, back: Array) -> Array:
    tone = easel.palette.sun.astype(np.float32)
    near, wide = glow(easel, easel.sun, 0.05), glow(easel, easel.sun, 0.32)
    back = back + (tone - back) * (0.55 * wide + 0.4 * near)[..., None]
    radius = 0.036 if easel.palette.dark > 0.5 else 0.045
    disc = np.zeros(back.shape[:2], np.float32)
    centre = (round(easel.sun[0] * easel.width * 16), round(easel.sun[1] * easel.height * 16))
    cv2.circle(disc, centre, round(radius * easel.height * 16), 1.0, -1, cv2.LINE_AA, 4)
    if easel.palette.dark > 0.5:  # a moon has maria
        disc *= 0.86 + 0.14 * noise.value(easel.rng, easel.height, easel.width, 0.03 * easel.height, 3)
    return np.asarray(back + (tone - back) * disc[..., None])


def stars(easel: Easel, amount: float) -> Array:
    """Added light: faint ones by the hundred, a few bright."""
    light = np.zeros((easel.height, easel.width), np.float32)
    count = int(900 * amount)
    x, y = easel.rng.integers(0, easel.width, count), easel.rng.integers(0, easel.height, count)
    for i in range(count):
        bright = float(easel.rng.random() ** 5)
        cv2.circle(
            light,
            (int(x[i]) * 4, int(y[i]) * 4),
            round((0.6 + 1.6 * bright) * easel.unit * 4),
            40 + 190 * bright,
            -1,
            cv2.LINE_AA,
            2,
        )
    soft = cv2.GaussianBlur(light, (0, 0), max(0.8 * easel.unit, 0.5))
    return np.asarray(soft + 0.8 * cv2.GaussianBlur(light, (0, 0), 4 * easel.unit))


def _curtains(easel: Easel, back: Array) -> Array:
    """Three folded bands of light that fade upwards."""
    rows = np.linspace(0, 1, easel.height, dtype=np.float32)[:, None]
    rays = noise.value(easel.rng, 4, easel.width, 0.02 * easel.width, 4)[:1]
    tone = easel.palette.accent
    for k in range(3):
        foot = 0.30 + 0.1 * k + 0.10 * noise.profile(easel.rng, easel.width, 0.35 * easel.width, 3)[None, :]
        above = np.clip((foot - rows) / (0.34 - 0.05 * k), 0, 1)
        band = np.where(rows < foot, (1 - above) ** 1.6, 0) * np.clip((foot - rows) * 40, 0, 1)
        hue = mix(tone, easel.rng.permutation(np.array([90.0, 200.0, 255.0])), 0.25 * k)
        back = back + (hue * (0.5 * band * (0.45 + 0.9 * rays))[..., None]).astype(np.float32)
    return np.asarray(back)


def clouds(easel: Easel) -> Layer:
    """Cumulus banks lit from the sun; a storm has a closed dark deck. Tileable, so that they drift for ever."""
    p, storm = easel.palette, easel.palette.name == "storm"
    field = noise.tileable(easel.rng, easel.height, easel.width, 0.3 * easel.height, 6, stretch=2.6)
    detail = noise.tileable(easel.rng, easel.height, easel.width, 0.07 * easel.height, 4, stretch=1.8)
    rows = np.linspace(0, 1, easel.height, dtype=np.float32)[:, None]
    band = np.clip(rows / max(easel.horizon, 0.1), 0, 1)
    body = 0.72 * field + 0.28 * detail
    cover = easel.rng.uniform(0.50, 0.62) if not storm else 0.30
    thick = np.clip((body - cover - 0.10 * band) / 0.22, 0, 1) * np.clip((1.04 - band) / 0.2, 0, 1)
    shift = int(0.012 * easel.height)
    side = shift if easel.sun[0] < 0.5 else -shift
    light = np.clip(0.55 + 4.2 * (body - np.roll(body, (-shift, -side), (0, 1))), 0, 1)
    dark_tone = mix(p.sky[1], p.haze, 0.55) * (0.7 if storm else 1.0)
    bright = mix(mix(p.sun, p.sky[3], 0.45), np.full(3, 255.0), 0.35 * (1 - p.dark))
    rgb = two_tone(dark_tone, bright if not storm else mix(bright, dark_tone, 0.6), light)
    alpha = thick * (0.9 if storm else 0.78 - 0.35 * p.dark)
    return Layer(finished(rgb), (alpha * 255).astype(np.uint8), 0.06, drift=0.006 if not storm else 0.012)


def haze(easel: Easel, at: float, depth: float, strength: float = 0.5) -> Layer:
    """A band of mist lying at a height (share)."""
    rows = np.linspace(0, 1, easel.height, dtype=np.float32)[:, None]
    band = np.exp(-(((rows - at) / 0.07) ** 2)) * strength
    field = 0.6 + 0.4 * noise.value(easel.rng, easel.height, easel.width, 0.12 * easel.height, 3, stretch=4)
    return Layer(finished(flat(easel, easel.palette.haze)), (band * field * 255).astype(np.uint8), depth)
