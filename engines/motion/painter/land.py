"""Mountains, deserts and meadows: ridges behind ridges under aerial perspective."""

from __future__ import annotations

import numpy as np

from engines.motion import noise
from engines.motion.painter import plants, sky, water
from engines.motion.painter.easel import Easel, Layer, Strip, over, two_tone
from engines.motion.painter.palettes import mix
from engines.motion.planes import Array

WHITE = np.full(3, 255.0)


def mountains(easel: Easel) -> list[Layer]:
    layers = sky.paint(easel)
    count = 4
    wet = easel.says("lake", "lakes", "water", "river", "reflection", "fjord", "waterfall")
    for k in range(count):
        near = (k + 0.6) / count
        layers.append(ridge(easel, near, easel.horizon + 0.05 + 0.07 * k, height=0.30 - 0.055 * k))
        if k < count - 1:
            layers.append(sky.haze(easel, easel.horizon + 0.07 + 0.07 * k, 0.12 + 0.5 * near, 0.34))
    if wet or easel.chance(0.35):
        layers.append(water.sheet(easel, easel.horizon + 0.22, 0.62))
    layers += [hill(easel, 0.80, 0.84, rough=0.02), plants.conifers(easel, 0.90, 0.88)]
    return layers


def ridge(easel: Easel, near: float, foot: float, *, height: float) -> Layer:
    """A chain of peaks, `height` shares tall above its foot, with facets towards the light and snow on high."""
    peaks = 0.5 + 0.5 * noise.profile(
        easel.rng, easel.width, (0.34 - 0.1 * near) * easel.width, 8, roughness=0.47, ridged=True
    )
    peaks = peaks - peaks.min()
    line = foot - height * peaks / max(float(peaks.max()), 1e-6)
    rock = easel.strip(float(line.min()) - 0.01)
    facets = rock.lit(0.20 - 0.08 * near, 6, stretch=0.6, gain=0.44)
    three = 0.5 + 0.22 * np.tanh(4 * facets) + 0.20 * facets
    rgb = two_tone(easel.aerial(near, -0.34), easel.aerial(near, 0.30), three)
    clear = easel.palette.name in ("winter", "day", "spring", "pastel", "sunrise", "aurora")
    if (clear or easel.snowy) and near < (0.75 if not easel.snowy else 1.0):
        rgb = _snow(easel, rock, rgb, facets, edge=foot - height * (0.45 if not easel.snowy else -0.2))
    return rock.layer(rgb, rock.below(line), 0.10 + 0.5 * near)


def _snow(easel: Easel, rock: Strip, rgb: Array, facets: Array, *, edge: float) -> Array:
    ragged = edge + 0.06 * (rock.noise(0.05, 5) - 0.5)
    cover = np.clip((ragged - rock.rows) * 60, 0, 1) * np.clip(0.75 + 0.5 * facets, 0.15, 1) * 0.92
    shade = mix(easel.palette.haze, easel.palette.far, 0.3)
    white = mix(mix(easel.palette.sun, WHITE, 0.5), easel.palette.far, 0.45 * easel.palette.dark)
    return over(rgb, two_tone(shade, white, 0.6 + 0.4 * facets), cover)


def hill(easel: Easel, near: float, top: float, *, rough: float = 0.03, tone: Array | None = None) -> Layer:
    """Rolling ground with patches of light."""
    line = top + rough * noise.profile(easel.rng, easel.width, 0.5 * easel.width, 4, roughness=0.4)
    ground = easel.strip(float(line.min()) - 0.01)
    patches = 0.6 * ground.noise(0.10, 6, stretch=3) + 0.4 * (0.5 + 0.5 * ground.lit(0.03, 4, stretch=2))
    body = mix(easel.ground if tone is None else easel.covered_with_snow(tone), easel.palette.haze, 0.55 * (1 - near))
    deep = 0.45 if not easel.snowy else 0.22
    rgb = two_tone(mix(body, easel.palette.near, deep), mix(body, easel.palette.sun, 0.22), patches)
    return ground.layer(rgb, ground.below(line), 0.12 + 0.7 * near)


def desert(easel: Easel) -> list[Layer]:
    layers = sky.paint(easel)
    layers.append(ridge(easel, 0.25, easel.horizon + 0.06, height=0.09))
    sand = mix(np.array([226.0, 166.0, 98.0]), easel.palette.near, 0.62 * easel.palette.dark)
    for k in range(4):
        layers.append(_dune(easel, 0.35 + 0.2 * k, easel.horizon + 0.06 + (0.0, 0.08, 0.20, 0.36)[k], sand))
    return layers


def _dune(easel: Easel, near: float, top: float, sand: Array) -> Layer:
    """One dune: lit windward side, and behind the S of its crest the lee in shade."""
    line = top + (0.05 + 0.05 * near) * noise.profile(
        easel.rng, easel.width, (0.35 + 0.3 * near) * easel.width, 3, roughness=0.3
    ).astype(np.float32)
    body = easel.strip(float(line.min()) - 0.01)
    under = np.clip(body.rows - line[None, :], 0, 1)
    slope = np.gradient(line) * np.float32(easel.width)
    wander = 0.10 * body.noise(0.2, 3) - 0.05
    facing = -easel.side * 0.16 * slope[None, :] + np.float32(0.02)
    lee = np.clip((facing - 0.35 * under + wander) * 18, 0, 1) * np.exp(-5 * under)
    ripples = np.sin(np.sqrt(under) ** 1.4 * (260 - 120 * near) + 18 * body.noise(0.1, 4, stretch=3))
    tone = mix(easel.covered_with_snow(sand), easel.palette.haze, 0.6 * (1 - near))
    share = 0.72 - 0.55 * lee + 0.05 * near * ripples + 0.14 * (body.noise(0.012, 3) - 0.5) - 0.25 * under
    shade = mix(tone, np.array([92.0, 52.0, 40.0]) * (1 - 0.6 * easel.palette.dark), 0.55)
    rgb = two_tone(shade, mix(tone, easel.palette.sun, 0.35), share)
    return body.layer(rgb, body.below(line), 0.10 + 0.8 * near)


def meadow(easel: Easel) -> list[Layer]:
    layers = sky.paint(easel)
    layers.append(ridge(easel, 0.3, easel.horizon + 0.05, height=0.12))
    greens = easel.palette.leaves
    for k in range(3):
        tone = mix(greens[k], easel.palette.ground, 0.3)
        layers.append(hill(easel, 0.4 + 0.2 * k, easel.horizon + 0.05 + 0.10 * k, rough=0.05, tone=tone))
        if k < 2:
            layers.append(plants.copse(easel, 0.45 + 0.2 * k, easel.horizon + 0.08 + 0.10 * k))
    layers.append(plants.grass(easel, 0.97))
    return layers
