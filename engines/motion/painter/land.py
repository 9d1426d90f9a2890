"""Mountains, deserts and meadows: ridges behind ridges under aerial perspective."""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion import noise
from engines.motion.painter import sky, water
from engines.motion.painter.easel import Easel, Layer, below, finished, lit, polygon, stamp, two_tone
from engines.motion.painter.palettes import mix
from engines.motion.planes import Array


def mountains(easel: Easel) -> list[Layer]:
    layers = sky.paint(easel)
    count = 4
    for k in range(count):
        near = (k + 0.6) / count
        layers.append(_ridge(easel, near, easel.horizon + 0.05 + 0.07 * k, height=0.30 - 0.055 * k))
        if k < count - 1:
            layers.append(sky.haze(easel, easel.horizon + 0.07 + 0.07 * k, 0.12 + 0.5 * near, 0.34))
    if easel.says("lake", "water", "river", "reflection", "fjord") or easel.chance(0.35):
        layers.append(water.sheet(easel, easel.horizon + 0.22, 0.62))
    layers += [hill(easel, 0.80, 0.84, rough=0.02), conifers(easel, 0.90, 0.88)]
    return layers


def _ridge(easel: Easel, near: float, foot: float, *, height: float) -> Layer:
    peaks = 0.5 + 0.5 * noise.profile(
        easel.rng, easel.width, (0.34 - 0.1 * near) * easel.width, 8, roughness=0.47, ridged=True
    )
    peaks = peaks - peaks.min()
    line = foot - height * peaks / max(float(peaks.max()), 1e-6)
    facets = lit(easel, (0.20 - 0.08 * near) * easel.height, 6, stretch=0.6, gain=0.44)
    three = 0.5 + 0.22 * np.tanh(4 * facets) + 0.20 * facets
    rgb = two_tone(easel.aerial(near, -0.34), easel.aerial(near, 0.30), three)
    if easel.palette.name in ("winter", "day", "spring", "pastel", "sunrise", "aurora") and near < 0.75:
        rgb = _snow(easel, rgb, facets, foot=foot, height=height)
    return Layer(finished(rgb), below(easel, line), 0.10 + 0.5 * near)


def _snow(easel: Easel, rgb: Array, facets: Array, *, foot: float, height: float) -> Array:
    rows = np.linspace(0, 1, easel.height, dtype=np.float32)[:, None]
    edge = foot - height * (0.45 if easel.palette.name != "winter" else 0.12)
    ragged = edge + 0.06 * (noise.value(easel.rng, easel.height, easel.width, 0.05 * easel.height, 5) - 0.5)
    cover = np.clip((ragged - rows) * 60, 0, 1) * np.clip(0.75 + 0.5 * facets, 0.15, 1) * 0.92
    white = two_tone(
        mix(easel.palette.haze, easel.palette.far, 0.3),
        mix(easel.palette.sun, np.full(3, 255.0), 0.5),
        0.6 + 0.4 * facets,
    )
    return np.asarray(rgb + (white - rgb) * cover[..., None])


def hill(easel: Easel, near: float, top: float, *, rough: float = 0.03, tone: Array | None = None) -> Layer:
    """Rolling ground with patches of light."""
    line = top + rough * noise.profile(easel.rng, easel.width, 0.5 * easel.width, 4, roughness=0.4)
    ground = easel.palette.ground if tone is None else tone
    patches = 0.6 * noise.value(easel.rng, easel.height, easel.width, 0.10 * easel.height, 6, stretch=3) + 0.4 * (
        0.5 + 0.5 * lit(easel, 0.03 * easel.height, 4, stretch=2)
    )
    body = mix(ground, easel.palette.haze, 0.55 * (1 - near))
    rgb = two_tone(mix(body, easel.palette.near, 0.45), mix(body, easel.palette.sun, 0.22), patches)
    return Layer(finished(rgb), below(easel, line), 0.12 + 0.7 * near)


def conifers(easel: Easel, near: float, base: float) -> Layer:
    """A row of firs in silhouette, with a lit side."""
    target = stamp(easel)
    tone = mix(easel.palette.near, easel.palette.leaves[0], 0.35)
    count = int(easel.rng.integers(40, 60))
    for x in np.sort(easel.rng.random(count))[easel.rng.permutation(count)]:
        tall = float(easel.rng.uniform(0.07, 0.20)) * (0.45 + 1.5 * abs(x - 0.5))
        _fir(easel, target, (float(x), base + 0.03 * float(easel.rng.random())), tall=tall, tone=tone)
    line = base + 0.05 + 0.012 * noise.profile(easel.rng, easel.width, 0.08 * easel.width, 4)
    rgb, alpha = target
    under = below(easel, line)
    rgb[under > 0] = np.round(tone * 0.9).astype(np.uint8)
    return Layer(rgb, np.maximum(alpha, under), 0.12 + 0.75 * near)


def _fir(easel: Easel, target: tuple[Array, Array], at: tuple[float, float], *, tall: float, tone: Array) -> None:
    """A tree of drooping tiers, its foot at a place in shares; `tall` is a share of the height."""
    tiers, h = 8, easel.height
    x, base = at[0] * easel.width, at[1] * h
    sides: dict[int, list[tuple[float, float]]] = {-1: [], 1: []}
    for k in range(tiers):
        y = base - tall * h * (1 - k / tiers)
        for side, outline in sides.items():
            wide = 0.19 * tall * h * (k + 1) / tiers * float(easel.rng.uniform(0.8, 1.15))
            outline += [(x + side * 0.35 * wide, y), (x + side * wide, y + 1.35 * tall * h / tiers)]
    tip = (x, base - tall * h * 1.05)
    shade = mix(tone, easel.palette.haze, float(easel.rng.uniform(0.0, 0.18)))
    polygon(target, np.array([tip, *sides[1], *sides[-1][::-1]]), shade)
    lit_side = sides[1] if easel.sun[0] > 0.5 else sides[-1]
    polygon(target, np.array([tip, *lit_side, (x, base)]), mix(shade, easel.palette.sun, 0.14))


def desert(easel: Easel) -> list[Layer]:
    layers = sky.paint(easel)
    layers.append(_ridge(easel, 0.25, easel.horizon + 0.06, height=0.09))
    sand = mix(np.array([226.0, 166.0, 98.0]), easel.palette.near, 0.62 * easel.palette.dark)
    for k in range(4):
        layers.append(_dune(easel, 0.35 + 0.2 * k, easel.horizon + 0.06 + (0.0, 0.08, 0.20, 0.36)[k], sand))
    return layers


def _dune(easel: Easel, near: float, top: float, sand: Array) -> Layer:
    """One dune: lit windward side, and behind the S of its crest the lee in shade."""
    line = top + (0.05 + 0.05 * near) * noise.profile(
        easel.rng, easel.width, (0.35 + 0.3 * near) * easel.width, 3, roughness=0.3
    )
    rows = np.arange(easel.height, dtype=np.float32)[:, None] / easel.height
    under = np.clip(rows - line[None, :], 0, 1)
    slope = np.gradient(line) * easel.width
    side = 1.0 if easel.sun[0] < 0.5 else -1.0
    wander = 0.10 * noise.value(easel.rng, easel.height, easel.width, 0.2 * easel.height, 3) - 0.05
    lee = np.clip((side * slope[None, :] * 0.16 + 0.02 - 0.35 * under + wander) * 18, 0, 1) * np.exp(-under * 5)
    ripples = 0.5 + 0.5 * np.sin(
        (under**0.7) * (260 - 120 * near)
        + 9 * noise.value(easel.rng, easel.height, easel.width, 0.1 * easel.height, 4, stretch=3) * 2
    )
    grains = noise.value(easel.rng, easel.height, easel.width, 0.012 * easel.height, 3)
    tone = mix(sand, easel.palette.haze, 0.6 * (1 - near))
    share = 0.72 - 0.55 * lee + 0.10 * (ripples - 0.5) * near + 0.14 * (grains - 0.5) - 0.25 * under
    rgb = two_tone(
        mix(tone, np.array([92.0, 52.0, 40.0]) * (1 - 0.6 * easel.palette.dark), 0.55),
        mix(tone, easel.palette.sun, 0.35),
        share,
    )
    return Layer(finished(rgb), below(easel, line), 0.10 + 0.8 * near)


def meadow(easel: Easel) -> list[Layer]:
    layers = sky.paint(easel)
    layers.append(_ridge(easel, 0.3, easel.horizon + 0.05, height=0.12))
    greens = easel.palette.leaves
    for k in range(3):
        layers.append(
            hill(
                easel,
                0.4 + 0.2 * k,
                easel.horizon + 0.05 + 0.10 * k,
                rough=0.05,
                tone=mix(greens[k], easel.palette.ground, 0.3),
            )
        )
        if k < 2:
            layers.append(_copse(easel, 0.45 + 0.2 * k, easel.horizon + 0.08 + 0.10 * k))
    layers.append(grass(easel, 0.97))
    return layers


def _copse(easel: Easel, near: float, base: float) -> Layer:
    """A few round trees standing in a field."""
    rgb, alpha = stamp(easel)
    for _ in range(int(easel.rng.integers(4, 8))):
        x, size = float(easel.rng.random()), float(easel.rng.uniform(0.02, 0.05)) * (0.6 + near)
        foot = base + float(easel.rng.uniform(0.0, 0.05))
        crown(easel, (rgb, alpha), (x, foot - size * 0.9), size=size, near=near, trunk=foot)
    return Layer(rgb, alpha, 0.12 + 0.7 * near)


def crown(
    easel: Easel, target: tuple[Array, Array], at: tuple[float, float], *, size: float, near: float, trunk: float
) -> None:
    """A tree's crown of leaf clusters, lighter towards the sun, on its trunk."""
    rgb, alpha = target
    h, side = easel.height, (-1 if easel.sun[0] < 0.5 else 1)
    x, y = at[0] * easel.width, at[1] * h
    bark = [float(c) for c in easel.aerial(near, -0.35)]
    for image, value in ((rgb, bark), (alpha, [255.0])):
        cv2.line(
            image,
            (round(x), round(y)),
            (round(x), round(trunk * h)),
            value,
            max(1, round(size * h * 0.16)),
            cv2.LINE_AA,
        )
    for k in range(70):
        angle, reach = easel.rng.uniform(0, 2 * np.pi), size * h * np.sqrt(easel.rng.random())
        cx, cy = x + reach * np.cos(angle) * 1.1, y + reach * np.sin(angle) * 0.85
        light = np.clip(
            0.5 + 0.5 * (side * (cx - x) - (cy - y)) / (size * h) * 0.8 + easel.rng.normal(0, 0.12), 0, 1
        ) * min(1, k / 30)
        leaf = mix(mix(easel.palette.leaves[0], easel.palette.near, 0.4), easel.palette.leaves[2], light)
        tone = mix(leaf, easel.palette.haze, 0.5 * (1 - near))
        centre, radius = (round(cx * 16), round(cy * 16)), round(size * h * easel.rng.uniform(0.16, 0.3) * 16)
        cv2.circle(rgb, centre, radius + 8, tuple(float(c) for c in tone), -1, cv2.LINE_8, 4)
        cv2.circle(alpha, centre, radius, 255, -1, cv2.LINE_AA, 4)


def grass(easel: Easel, near: float) -> Layer:
    """Blades at the lower edge, with flowers in the accent colour."""
    target = stamp(easel)
    rgb, alpha = target
    count = 1500
    roots = np.sort(easel.rng.uniform(0.90, 1.06, count))
    for root in roots:
        x, tall = easel.rng.random(), easel.rng.uniform(0.03, 0.13) * (0.5 + root - 0.85)
        lean = easel.rng.normal(0, 0.35) * tall
        foot = (x * easel.width, root * easel.height)
        tip = (foot[0] + lean * easel.height, foot[1] - tall * 2.2 * easel.height)
        tone = mix(easel.palette.leaves[int(easel.rng.integers(3))], easel.palette.near, easel.rng.uniform(0, 0.55))
        wide = 2.2 * easel.unit
        polygon(target, np.array([(foot[0] - wide, foot[1]), tip, (foot[0] + wide, foot[1])]), tone)
        if easel.rng.random() < (0.12 if easel.palette.name != "winter" else 0.0):
            _flower(easel, (rgb, alpha), tip)
    return Layer(rgb, alpha, 0.12 + 0.8 * near)


def _flower(easel: Easel, target: tuple[Array, Array], at: tuple[float, float]) -> None:
    tone = mix(easel.palette.accent, np.full(3, 255.0), float(easel.rng.choice([0.0, 0.25, 0.7])))
    for image, value in ((target[0], [float(c) for c in tone]), (target[1], [255.0])):
        for k in range(5):
            angle = 2 * np.pi * k / 5
            centre = (
                round((at[0] + 3.4 * easel.unit * np.cos(angle)) * 16),
                round((at[1] + 3.4 * easel.unit * np.sin(angle)) * 16),
            )
            cv2.circle(image, centre, round(3.2 * easel.unit * 16), value, -1, cv2.LINE_AA, 4)
    cv2.circle(
        target[0],
        (round(at[0] * 16), round(at[1] * 16)),
        round(2.4 * easel.unit * 16),
        (250.0, 214.0, 90.0),
        -1,
        cv2.LINE_AA,
        4,
    )
