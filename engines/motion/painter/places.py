"""Forest, space, and the two places without a place: the abstract and the studio."""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion import noise
from engines.motion.painter import plants, sky
from engines.motion.painter.easel import (
    Easel,
    Layer,
    disc,
    finished,
    gradient,
    over,
    polygon,
    stamp,
    two_tone,
)
from engines.motion.painter.land import hill
from engines.motion.painter.palettes import mix
from engines.motion.planes import Array

WHITE = np.full(3, 255.0)


def forest(easel: Easel) -> list[Layer]:
    layers = [sky.back(easel), _undergrowth(easel, 0.2, 0.50)]
    moss = mix(easel.palette.leaves[0], easel.palette.ground, 0.4)
    for k in range(4):
        near = 0.3 + 0.2 * k
        layers.append(_trunks(easel, near, 0.58 + 0.1 * k))
        if k < 3:
            layers.append(sky.haze(easel, 0.55 + 0.09 * k, 0.15 + 0.6 * near, 0.30))
        layers.append(hill(easel, near, 0.60 + 0.095 * k, rough=0.025, tone=moss))
    if not easel.covered:
        layers.append(_shafts(easel))
    return layers


def _undergrowth(easel: Easel, near: float, top: float) -> Layer:
    line = top - 0.28 + 0.08 * noise.profile(easel.rng, easel.width, 0.09 * easel.width, 6, roughness=0.6)
    wood = easel.strip(float(line.min()) - 0.01, 0.85)
    leaf = mix(easel.aerial(near), easel.covered_with_snow(easel.palette.leaves[2]), 0.4)
    rgb = two_tone(easel.aerial(near, -0.1), leaf, 0.5 + 0.5 * wood.lit(0.05, 6))
    return wood.layer(rgb, wood.below(line), 0.12)


def _trunks(easel: Easel, near: float, base: float) -> Layer:
    target = stamp(easel)
    bark = mix(mix(np.array([92.0, 70.0, 54.0]), easel.palette.near, 0.45), easel.palette.haze, 0.62 * (1 - near))
    shade, light = mix(bark, np.zeros(3), 0.18), mix(bark, easel.palette.sun, 0.22)
    for x in _spread(easel, int(15 - 10 * near)):
        easel.check()
        wide = (0.006 + 0.024 * near**1.6) * float(easel.rng.uniform(0.7, 1.3)) * easel.height
        lean, foot, px = float(easel.rng.normal(0, 0.02)) * easel.height, (base + 0.03) * easel.height, x * easel.width
        top = px + lean
        polygon(
            target, np.array([(px - wide, foot), (top - 0.6 * wide, -5), (top + 0.6 * wide, -5), (px + wide, foot)]),
            shade,
        )  # fmt: skip
        a, b = px + easel.side * wide * 0.15, px + easel.side * wide * 0.9
        polygon(target, np.array([(a, foot), (a + lean, -5), (b + lean, -5), (b, foot)]), light)
        for _ in range(3):
            at = (x + float(easel.rng.normal(0, 0.05)), float(easel.rng.uniform(-0.02, 0.30 - 0.12 * near)))
            plants.crown(easel, target, at, size=0.05 + 0.05 * near, near=near, trunk=at[1])
    return Layer(*target, 0.12 + 0.75 * near)


def _spread(easel: Easel, count: int) -> Array:
    """Places from left to right, evenly but not regularly."""
    return np.asarray((np.arange(count) + easel.rng.uniform(0.15, 0.85, count)) / count)


def _shafts(easel: Easel) -> Layer:
    """Beams of light between the trunks; soft, so they are drawn at a quarter of the size."""
    width, height = easel.width // 4, easel.height // 4
    alpha = np.zeros((height, width), np.float32)
    for _ in range(6):
        x, wide = float(easel.rng.uniform(-0.1, 1.0)) * width, float(easel.rng.uniform(0.02, 0.06)) * width
        slant = -0.35 * easel.side * width
        quad = np.array([(x, 0), (x + wide, 0), (x + wide * 1.8 + slant, height), (x - wide * 0.3 + slant, height)])
        beam = np.zeros_like(alpha)
        cv2.fillPoly(beam, [np.round(quad * 16).astype(np.int32)], float(easel.rng.uniform(0.06, 0.16)), cv2.LINE_AA, 4)
        alpha += beam
    fade = np.linspace(1, 0.15, height, dtype=np.float32)[:, None] * np.float32(1 - 0.6 * easel.palette.dark)
    soft = cv2.GaussianBlur(np.clip(alpha * fade, 0, 0.5), (0, 0), 2 * easel.unit)
    full = cv2.resize(soft, (easel.width, easel.height), interpolation=cv2.INTER_CUBIC)
    strip = easel.strip()
    return strip.layer(strip.plain(easel.palette.sun), cv2.multiply(full, 255.0, dtype=cv2.CV_8U), 0.5)


def space(easel: Easel) -> list[Layer]:
    tones = (
        np.array([[6, 6, 20], [40, 24, 92], [196, 72, 150], [255, 206, 170]]),
        np.array([[4, 8, 20], [16, 52, 96], [48, 160, 176], [220, 250, 230]]),
        np.array([[10, 6, 14], [84, 26, 50], [222, 98, 54], [255, 222, 150]]),
    )[easel.rng.choice([0, 1, 2])].astype(np.float64)
    back = gradient(tones, _nebula(easel)) + cv2.merge([sky.stars(easel, 1.6)] * 3)
    layers = [Layer(finished(back), None, 0.0), _star_sheet(easel, 160, 0.18), _planet(easel, tones)]
    if easel.chance(0.6):
        layers.append(_planet(easel, tones[::-1], small=True))
    return [*layers, _star_sheet(easel, 60, 0.9)]


def _nebula(easel: Easel) -> Array:
    """Clouds of gas, bent by noise; soft enough to be made at half the size."""
    easel.check()
    h, w = easel.height // 2, easel.width // 2
    warp, warp_down = (noise.value(easel.rng, h, w, 0.4 * h, 5) * (0.5 * h) for _ in range(2))
    base = noise.value(easel.rng, 2 * h, 2 * w, 0.35 * h, 7, gain=0.56)
    x, y = np.arange(w, dtype=np.float32)[None, :], np.arange(h, dtype=np.float32)[:, None]
    nebula = cv2.remap(base, x + warp, y + warp_down, cv2.INTER_LINEAR)
    cloud = np.clip((nebula - 0.38) * 2.3, 0, 1) ** 1.4
    return np.asarray(cv2.resize(cloud, (easel.width, easel.height), interpolation=cv2.INTER_CUBIC))


def _star_sheet(easel: Easel, count: int, depth: float) -> Layer:
    _rgb, alpha = stamp(easel)
    for _ in range(count):
        at = (int(easel.rng.integers(0, easel.width)) * 16, int(easel.rng.integers(0, easel.height)) * 16)
        cv2.circle(alpha, at, round(float(easel.rng.uniform(0.8, 2.2)) * easel.unit * 16), 255, -1, cv2.LINE_AA, 4)
    wide = cv2.addWeighted(
        cv2.GaussianBlur(alpha, (0, 0), 0.9 * easel.unit), 0.95, cv2.GaussianBlur(alpha, (0, 0), 6 * easel.unit), 1.2, 0
    )
    return Layer(easel.strip().plain(np.array([240.0, 244.0, 255.0])), wide, depth)


def _planet(easel: Easel, tones: Array, *, small: bool = False) -> Layer:
    h, w = easel.height, easel.width
    radius = (0.07 if small else float(easel.rng.uniform(0.2, 0.32))) * h
    cx, cy = float(easel.rng.uniform(0.25, 0.75)) * w, float(easel.rng.uniform(0.35, 0.65)) * h
    reach = radius * (1.02 if small else 2.2)
    left, right = max(0, int(cx - reach) // 2 * 2), min(w, int(cx + reach + 2) // 2 * 2)
    top, bottom = max(0, int(cy - reach) // 2 * 2), min(h, int(cy + reach + 2) // 2 * 2)
    nx = (np.arange(left, right, dtype=np.float32)[None, :] - np.float32(cx)) / np.float32(radius)
    ny = (np.arange(top, bottom, dtype=np.float32)[:, None] - np.float32(cy)) / np.float32(radius)
    inside = nx * nx + ny * ny
    nz = np.sqrt(np.clip(1 - inside, 0, 1))
    light = np.clip(0.62 * easel.side * nx - 0.45 * ny + 0.62 * nz, 0, 1)
    bands = noise.profile(easel.rng, 512, 90, 5).astype(np.float32)
    swirl = noise.value(easel.rng, bottom - top, right - left, 0.08 * h, 5, stretch=3)
    latitude = np.clip((0.3 * nx + ny + 0.25 * (swirl - 0.5) + 1) / 2, 0, 1)
    surface = gradient(tones[1:], 0.5 + 0.5 * bands[(latitude * 511).astype(int)])
    rgb = over(np.zeros_like(surface), surface, 0.05 + 0.95 * light)
    alpha = np.clip((1 - np.sqrt(inside)) * radius + 0.5, 0, 1)
    if not small:
        rgb, alpha = _ring(easel, rgb, alpha, at=(nx, ny), tones=tones)
    return Layer(finished(rgb), cv2.multiply(alpha, 255.0, dtype=cv2.CV_8U), 0.35 if small else 0.5, at=(left, top))


def _ring(easel: Easel, rgb: Array, alpha: Array, *, at: tuple[Array, Array], tones: Array) -> tuple[Array, Array]:
    """Rings tilted towards us: before the planet below its middle, behind it above."""
    nx, ny = at
    reach = np.hypot(nx + 0.25 * ny, (ny - 0.25 * nx) / 0.28)
    profile = noise.profile(easel.rng, 256, 40, 5).astype(np.float32)
    lines = profile[np.clip(reach * 110, 0, 255).astype(np.uint8)]
    band = np.clip((reach - 1.3) * 12, 0, 1) * np.clip((2.15 - reach) * 9, 0, 1) * np.clip(0.62 + 0.5 * lines, 0, 1)
    cover = (band * ((ny - 0.25 * nx > 0) | (alpha < 0.5))).astype(np.float32)
    return over(rgb, mix(tones[3], tones[2], 0.35), cover), np.maximum(alpha, cover * np.float32(0.9))


def abstract(easel: Easel) -> list[Layer]:
    """Overlapping ribbons of colour, each with a soft light along its crest and its shadow on the one behind."""
    p = easel.palette
    tones = np.stack([p.sky[0], p.accent, p.sky[2], p.leaves[2], mix(p.sun, p.accent, 0.4), p.water])
    tones = tones[easel.rng.permutation(6)]
    back = easel.strip()
    field = back.noise(0.5, 4)
    layers = [Layer(finished(gradient(tones[:2], 0.7 * back.rows + 0.3 * field)), None, 0.0)]
    tilt = float(easel.rng.uniform(-0.35, 0.35))
    for k in range(6):
        wave = noise.profile(easel.rng, easel.width, float(easel.rng.uniform(0.3, 0.6)) * easel.width, 2, roughness=0.3)
        line = 0.10 + 0.15 * k + 0.17 * wave + tilt * (np.linspace(-0.5, 0.5, easel.width))
        body = easel.strip(float(line.min()) - 0.06)
        under = body.rows - line[None, :].astype(np.float32)
        weave = body.noise(0.05, 4, stretch=7) - 0.5
        shade = 0.78 * np.exp(-3.2 * np.clip(under, 0, 1)) + 0.16 * weave + 0.10 * body.lit(0.22, 2)
        tone = mix(tones[k % 6], tones[(k + 1) % 6], 0.3)
        rgb = two_tone(mix(tone, p.near, 0.55), mix(tone, WHITE, 0.26), shade)
        edge = body.below(line)
        shadow = cv2.multiply(np.exp(np.clip(under, -1, 0) * 38), 90.0, dtype=cv2.CV_8U)
        alpha = cv2.max(edge, shadow)
        rgb = over(np.zeros_like(rgb), rgb, cv2.divide(edge, alpha, dtype=cv2.CV_32F))
        layers.append(body.layer(rgb, alpha, 0.12 + 0.15 * k))
    return layers


def studio(easel: Easel) -> list[Layer]:
    """A painted backdrop with a spot of light, and a floor."""
    p, wall_ = easel.palette, easel.strip()
    wall = mix(mix(p.sky[1], p.far, 0.4), p.accent, 0.12)
    mottled = wall_.noise(0.22, 6, gain=0.55)
    spot = np.exp(-2.2 * (1 - np.clip(wall_.glow((0.5 + 0.12 * (easel.sun[0] - 0.5), 0.38), 0.5), 0, 1)) ** 2)
    back = two_tone(mix(wall, p.near, 0.6), mix(wall, p.sun, 0.45), 0.9 * (mottled - 0.5) + 0.6 * spot)
    ground = easel.strip(0.83)
    grain = 0.3 + 0.5 * ground.noise(0.05, 5, stretch=6)
    floor = two_tone(mix(wall, p.near, 0.7), mix(wall, p.ground, 0.35), grain)
    return [
        Layer(finished(back), None, 0.1),
        ground.layer(floor, ground.below(np.full(easel.width, 0.84)), 0.6),
    ]


def still_life(easel: Easel) -> Layer:
    """Spheres on the floor: what an empty studio shows."""
    target = stamp(easel)
    rgb, alpha = target
    for x in (0.36, 0.52, 0.66):
        radius = float(easel.rng.uniform(0.07, 0.13)) * easel.height
        tone = (easel.palette.accent, easel.palette.water, easel.palette.leaves[2])[int(easel.rng.integers(3))]
        cx, cy = x * easel.width, 0.86 * easel.height - radius
        shares = np.arange(24, 0, -1) / 24
        shades = mix(mix(tone, WHITE, 0.55), mix(tone, easel.palette.near, 0.7), shares**1.3)
        for share, shade in zip(shares, shades, strict=True):
            shift = (1 - share) * radius * 0.38 * easel.side
            disc((rgb, alpha), (cx + shift, cy - (1 - share) * radius * 0.4), radius * float(share), shade)
    return Layer(rgb, alpha, 0.7)
