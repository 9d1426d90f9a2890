"""Forest, city, space, and the two places without a place: the abstract and the studio."""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion import noise
from engines.motion.painter import sky
from engines.motion.painter.easel import (
    Easel,
    Layer,
    below,
    finished,
    flat,
    glow,
    gradient,
    lit,
    polygon,
    stamp,
    two_tone,
)
from engines.motion.painter.land import crown, hill
from engines.motion.painter.palettes import mix
from engines.motion.planes import Array

WHITE = np.full(3, 255.0)


def forest(easel: Easel) -> list[Layer]:
    layers = sky.paint(easel)[:1]
    layers.append(_undergrowth(easel, 0.2, 0.50))
    for k in range(4):
        near = 0.3 + 0.2 * k
        layers.append(_trunks(easel, near, 0.58 + 0.1 * k))
        if k < 3:
            layers.append(sky.haze(easel, 0.55 + 0.09 * k, 0.15 + 0.6 * near, 0.30))
        layers.append(
            hill(
                easel, near, 0.60 + 0.095 * k, rough=0.025, tone=mix(easel.palette.leaves[0], easel.palette.ground, 0.4)
            )
        )
    layers.append(_shafts(easel))
    return layers


def _undergrowth(easel: Easel, near: float, top: float) -> Layer:
    line = top - 0.28 + 0.08 * noise.profile(easel.rng, easel.width, 0.09 * easel.width, 6, roughness=0.6)
    share = 0.5 + 0.5 * lit(easel, 0.05 * easel.height, 6)
    rgb = two_tone(easel.aerial(near, -0.1), mix(easel.aerial(near), easel.palette.leaves[2], 0.4), share)
    return Layer(finished(rgb), below(easel, line), 0.12)


def _trunks(easel: Easel, near: float, base: float) -> Layer:
    target = stamp(easel)
    bark = mix(mix(np.array([92.0, 70.0, 54.0]), easel.palette.near, 0.45), easel.palette.haze, 0.62 * (1 - near))
    side = -1 if easel.sun[0] < 0.5 else 1
    for x in _spread(easel, int(15 - 10 * near)):
        wide = (0.006 + 0.024 * near**1.6) * float(easel.rng.uniform(0.7, 1.3)) * easel.height
        lean, foot, px = float(easel.rng.normal(0, 0.02)) * easel.height, (base + 0.03) * easel.height, x * easel.width
        polygon(
            target,
            np.array(
                [(px - wide, foot), (px + lean - 0.6 * wide, -5), (px + lean + 0.6 * wide, -5), (px + wide, foot)]
            ),
            mix(bark, np.zeros(3), 0.18),
        )
        lit_edge = (px + side * wide * 0.15, px + side * wide * 0.9)
        polygon(
            target,
            np.array([(lit_edge[0], foot), (lit_edge[0] + lean, -5), (lit_edge[1] + lean, -5), (lit_edge[1], foot)]),
            mix(bark, easel.palette.sun, 0.22),
        )
        for _ in range(3):
            at = (x + float(easel.rng.normal(0, 0.05)), float(easel.rng.uniform(-0.02, 0.30 - 0.12 * near)))
            crown(easel, target, at, size=0.05 + 0.05 * near, near=near, trunk=at[1])
    return Layer(*target, 0.12 + 0.75 * near)


def _spread(easel: Easel, count: int) -> Array:
    """Places from left to right, evenly but not regularly."""
    return np.asarray((np.arange(count) + easel.rng.uniform(0.15, 0.85, count)) / count)


def _shafts(easel: Easel) -> Layer:
    alpha = np.zeros((easel.height, easel.width), np.float32)
    for _ in range(6):
        x, wide = float(easel.rng.uniform(-0.1, 1.0)) * easel.width, float(easel.rng.uniform(0.02, 0.06)) * easel.width
        slant = (0.35 if easel.sun[0] < 0.5 else -0.35) * easel.width
        quad = np.array(
            [(x, 0), (x + wide, 0), (x + wide * 1.8 + slant, easel.height), (x - wide * 0.3 + slant, easel.height)]
        )
        beam = np.zeros_like(alpha)
        cv2.fillPoly(beam, [np.round(quad * 16).astype(np.int32)], float(easel.rng.uniform(0.06, 0.16)), cv2.LINE_AA, 4)
        alpha += beam
    fade = np.linspace(1, 0.15, easel.height, dtype=np.float32)[:, None]
    soft = cv2.GaussianBlur(alpha * fade, (0, 0), 8 * easel.unit) * (1 - 0.6 * easel.palette.dark)
    return Layer(finished(flat(easel, easel.palette.sun)), (np.clip(soft, 0, 0.5) * 255).astype(np.uint8), 0.5)


def city(easel: Easel) -> list[Layer]:
    layers = sky.paint(easel)
    street = easel.horizon + 0.30
    layers.append(_suburbs(easel, street - 0.13))
    for k in range(4):
        near = 0.2 + 0.22 * k
        layers.append(_blocks(easel, near, street - 0.03 * (3 - k), tall=0.30 + 0.16 * k))
        layers.append(sky.haze(easel, street - 0.05 * (3 - k), 0.14 + 0.6 * near, 0.30))
    layers.append(_street(easel, street))
    return layers


def _suburbs(easel: Easel, top: float) -> Layer:
    """Far roofs behind every gap between the towers, where bare sky would stand on the street."""
    steps = np.repeat(easel.rng.uniform(-0.025, 0.025, 64), -(-easel.width // 64))[: easel.width]
    haze = noise.value(easel.rng, easel.height, easel.width, 0.05 * easel.height, 4, stretch=3)
    rgb = two_tone(easel.aerial(0.12, -0.06), easel.aerial(0.12, 0.05), haze)
    return Layer(finished(rgb), below(easel, top + steps), 0.14)


def _blocks(easel: Easel, near: float, foot: float, *, tall: float) -> Layer:
    target = stamp(easel)
    x = -0.02
    while x < 1.02:
        wide = float(easel.rng.uniform(0.035, 0.085)) * (0.6 + 0.9 * near)
        gap = float(easel.rng.uniform(0.0, 0.02 + 0.08 * near * near))
        centre_low = 1 - 0.55 * near * np.exp(-(((x + wide / 2 - 0.5) / 0.22) ** 2))  # a view down the street
        height = tall * float(easel.rng.uniform(0.45, 1.0)) * centre_low
        _block(easel, target, x=x, wide=wide, foot=foot, tall=height, near=near)
        x += wide + gap
    return Layer(*target, 0.12 + 0.7 * near)


def _block(
    easel: Easel, target: tuple[Array, Array], *, x: float, wide: float, foot: float, tall: float, near: float
) -> None:
    w, h = easel.width, easel.height
    left, right, top, bottom = (
        x * w,
        (x + wide) * w,
        (foot - tall) * h,
        (foot + 0.14) * h,
    )  # the street hides their feet
    body = mix(easel.aerial(near, -0.05), easel.palette.accent, float(easel.rng.uniform(0, 0.10)))
    shade = mix(body, np.zeros(3), 0.25)
    edge = left + 0.68 * (right - left) if easel.sun[0] < 0.5 else left + 0.32 * (right - left)
    sides = (
        ((left, edge, body), (edge, right, shade)) if easel.sun[0] < 0.5 else ((left, edge, shade), (edge, right, body))
    )
    for a, b, tone in sides:
        polygon(target, np.array([(a, top), (b, top), (b, bottom), (a, bottom)]), tone)
    _windows(easel, target, (left, right, top, bottom), body, near)
    if easel.rng.random() < 0.35:
        mast = (left + right) / 2
        polygon(target, np.array([(mast - easel.unit, top), (mast, top - 0.05 * h), (mast + easel.unit, top)]), shade)


def _windows(
    easel: Easel, target: tuple[Array, Array], box: tuple[float, float, float, float], body: Array, near: float
) -> None:
    left, right, top, bottom = box
    size = (5 + 9 * near) * easel.unit
    warm, dark = (
        mix(np.array([255.0, 220.0, 150.0]), easel.palette.accent, float(easel.rng.choice([0, 0, 0.5, 0.9]))),
        mix(body, easel.palette.sky[1], 0.35),
    )
    share = 0.10 + 0.45 * easel.palette.dark
    columns, rows = int((right - left - size) / (1.7 * size)), int((bottom - top - size) / (1.9 * size))
    glowing = easel.rng.random((max(rows, 0), max(columns, 0))) < share
    for row in range(rows):
        for column in range(columns):
            tone = warm if glowing[row, column] else dark
            x, y = left + (0.7 + 1.7 * column) * size, top + (0.8 + 1.9 * row) * size
            cv2.rectangle(
                target[0],
                (round(x), round(y)),
                (round(x + 0.9 * size), round(y + 1.1 * size)),
                tuple(float(c) for c in tone),
                -1,
            )


def _street(easel: Easel, top: float) -> Layer:
    """A road in perspective that mirrors the sky and the lights, wet when it is dark."""
    rows = np.linspace(0, 1, easel.height, dtype=np.float32)[:, None]
    down = np.clip((rows - top) / max(1 - top, 0.05), 0, 1)
    columns = np.linspace(-0.5, 0.5, easel.width, dtype=np.float32)[None, :]
    asphalt = two_tone(
        mix(easel.palette.near, np.zeros(3), 0.1),
        mix(easel.palette.near, easel.palette.haze, 0.45),
        0.35
        + 0.4 * noise.value(easel.rng, easel.height, easel.width, 0.03 * easel.height, 5, stretch=3) * (1 - 0.4 * down),
    )
    streaks = noise.value(easel.rng, easel.height, easel.width, 0.4 * easel.height, 6, stretch=0.03)
    shine = np.clip(streaks - 0.52, 0, 1) * 2.4 * (0.25 + 0.75 * easel.palette.dark) * (1 - 0.5 * down)
    rgb = (
        asphalt
        + (mix(easel.palette.accent, easel.palette.sky[3], 0.4).astype(np.float32) - asphalt)
        * np.clip(shine, 0, 0.85)[..., None]
    )
    middle = (np.abs(columns) < 0.004 + 0.012 * down) & (np.sin(9 / (down + 0.12)) > 0)
    rgb[middle] = mix(easel.palette.sun, easel.palette.near, 0.25)
    walk = np.abs(columns) > 0.12 + 0.42 * down
    rgb = np.where(walk[..., None], rgb * 0.82 + 0.18 * easel.palette.haze, rgb)
    return Layer(finished(rgb), below(easel, np.full(easel.width, top)), 0.86)


def space(easel: Easel) -> list[Layer]:
    h, w = easel.height, easel.width
    warp, warp_down = (noise.value(easel.rng, h, w, 0.4 * h, 5) * 0.5 * h for _ in range(2))
    base = noise.value(easel.rng, 2 * h, 2 * w, 0.35 * h, 7, gain=0.56)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    nebula = cv2.remap(base, x + warp, y + warp_down, cv2.INTER_LINEAR)
    hue = easel.rng.choice([0, 1, 2])
    tones = (
        np.array([[6, 6, 20], [40, 24, 92], [196, 72, 150], [255, 206, 170]]),
        np.array([[4, 8, 20], [16, 52, 96], [48, 160, 176], [220, 250, 230]]),
        np.array([[10, 6, 14], [84, 26, 50], [222, 98, 54], [255, 222, 150]]),
    )[hue]
    cloud = np.clip((nebula - 0.38) * 2.3, 0, 1) ** 1.4
    back = gradient(tones.astype(np.float64), cloud) + stars(easel)
    layers = [Layer(finished(back), None, 0.0), _star_sheet(easel, 160, 0.18), _planet(easel, tones)]
    if easel.chance(0.6):
        layers.append(_planet(easel, tones[::-1], small=True))
    return [*layers, _star_sheet(easel, 60, 0.9)]


def stars(easel: Easel) -> Array:
    return sky.stars(easel, 1.6)[..., None]


def _star_sheet(easel: Easel, count: int, depth: float) -> Layer:
    _rgb, alpha = stamp(easel)
    for _ in range(count):
        at = (int(easel.rng.integers(0, easel.width)) * 16, int(easel.rng.integers(0, easel.height)) * 16)
        cv2.circle(alpha, at, round(float(easel.rng.uniform(0.8, 2.2)) * easel.unit * 16), 255, -1, cv2.LINE_AA, 4)
    wide = cv2.addWeighted(
        cv2.GaussianBlur(alpha, (0, 0), 0.9 * easel.unit), 0.95, cv2.GaussianBlur(alpha, (0, 0), 6 * easel.unit), 1.2, 0
    )
    return Layer(finished(flat(easel, np.array([240.0, 244.0, 255.0]))), wide, depth)


def _planet(easel: Easel, tones: Array, *, small: bool = False) -> Layer:
    h, w = easel.height, easel.width
    radius = (0.07 if small else float(easel.rng.uniform(0.2, 0.32))) * h
    cx, cy = float(easel.rng.uniform(0.25, 0.75)) * w, float(easel.rng.uniform(0.35, 0.65)) * h
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    nx, ny = (x - cx) / radius, (y - cy) / radius
    inside = nx * nx + ny * ny
    nz = np.sqrt(np.clip(1 - inside, 0, 1))
    side = -1 if easel.sun[0] < 0.5 else 1
    light = np.clip(0.62 * side * nx - 0.45 * ny + 0.62 * nz, 0, 1)
    bands = noise.profile(easel.rng, 512, 90, 5)
    swirl = noise.value(easel.rng, h, w, 0.08 * h, 5, stretch=3)
    latitude = np.clip((0.3 * nx + ny + 0.25 * (swirl - 0.5) + 1) / 2, 0, 1)
    surface = gradient(tones[1:].astype(np.float64), 0.5 + 0.5 * bands[(latitude * 511).astype(int)])
    rgb = surface * (0.06 + 1.05 * light)[..., None]
    alpha = np.clip((1 - np.sqrt(inside)) * radius + 0.5, 0, 1)
    if not small:
        rgb, alpha = _ring(easel, rgb, alpha, at=(nx, ny), tones=tones)
    return Layer(finished(rgb), (alpha * 255).astype(np.uint8), 0.35 if small else 0.5)


def _ring(easel: Easel, rgb: Array, alpha: Array, *, at: tuple[Array, Array], tones: Array) -> tuple[Array, Array]:
    """Rings tilted towards us: before the planet below its middle, behind it above."""
    nx, ny = at
    reach = np.hypot(nx + 0.25 * ny, (ny - 0.25 * nx) / 0.28)
    lines = noise.profile(easel.rng, 256, 40, 5)[np.clip(reach * 110, 0, 255).astype(int)]
    band = np.clip((reach - 1.3) * 12, 0, 1) * np.clip((2.15 - reach) * 9, 0, 1) * np.clip(0.62 + 0.5 * lines, 0, 1)
    front = (ny - 0.25 * nx > 0) | (alpha < 0.5)
    cover = (band * front).astype(np.float32)
    tone = mix(tones[3].astype(np.float64), tones[2].astype(np.float64), 0.35).astype(np.float32)
    return rgb * (1 - cover[..., None]) + tone * cover[..., None], np.maximum(alpha, cover * 0.9)


def abstract(easel: Easel) -> list[Layer]:
    """Overlapping bands of colour with soft light along their crests."""
    p = easel.palette
    tones = np.stack([p.sky[0], p.accent, p.sky[2], p.leaves[2], p.sun, p.water])[easel.rng.permutation(6)]
    field = noise.value(easel.rng, easel.height, easel.width, 0.5 * easel.height, 4)
    rows = np.linspace(0, 1, easel.height, dtype=np.float32)[:, None]
    layers = [Layer(finished(gradient(np.stack([tones[0], tones[1]]), 0.7 * rows + 0.3 * field)), None, 0.0)]
    for k in range(6):
        line = 0.10 + 0.15 * k + 0.16 * noise.profile(easel.rng, easel.width, 0.45 * easel.width, 3, roughness=0.35)
        under = np.clip(rows - line[None, :], 0, 1)
        weave = noise.value(easel.rng, easel.height, easel.width, 0.03 * easel.height, 4, stretch=6)
        shade = np.clip(
            1.0 - 2.6 * under + 0.3 * (weave - 0.5) + 0.25 * (lit(easel, 0.2 * easel.height, 3) * 0.5), 0, 1
        )
        tone = mix(tones[k % 6], tones[(k + 1) % 6], 0.3)
        rgb = two_tone(mix(tone, p.near, 0.55), mix(tone, WHITE, 0.42), shade)
        layers.append(Layer(finished(rgb), below(easel, line), 0.12 + 0.15 * k))
    return layers


def studio(easel: Easel) -> list[Layer]:
    """A painted backdrop with a spot of light, and a floor."""
    p = easel.palette
    wall = mix(mix(p.sky[1], p.far, 0.4), p.accent, 0.12)
    mottled = noise.value(easel.rng, easel.height, easel.width, 0.22 * easel.height, 6, gain=0.55)
    spot = np.exp(-((1 - np.clip(glow(easel, (0.5 + 0.12 * (easel.sun[0] - 0.5), 0.38), 0.5), 0, 1)) ** 2) * 2.2)
    back = two_tone(mix(wall, p.near, 0.6), mix(wall, p.sun, 0.45), 0.9 * (mottled - 0.5) + 0.6 * spot)
    floor = two_tone(
        mix(wall, p.near, 0.7),
        mix(wall, p.ground, 0.35),
        0.3 + 0.5 * noise.value(easel.rng, easel.height, easel.width, 0.05 * easel.height, 5, stretch=6),
    )
    return [Layer(finished(back), None, 0.1), Layer(finished(floor), below(easel, np.full(easel.width, 0.84)), 0.6)]


def still_life(easel: Easel) -> Layer:
    """Spheres and boxes on the floor: what an empty studio shows."""
    target = stamp(easel)
    rgb, alpha = target
    for x in (0.36, 0.52, 0.66):
        radius = float(easel.rng.uniform(0.07, 0.13)) * easel.height
        tone = (easel.palette.accent, easel.palette.water, easel.palette.leaves[2])[int(easel.rng.integers(3))]
        cx, cy = x * easel.width, 0.86 * easel.height - radius
        for k in range(24, 0, -1):
            share = k / 24
            shift = (1 - share) * radius * 0.38 * (-1 if easel.sun[0] < 0.5 else 1)
            shade = mix(mix(tone, WHITE, 0.55), mix(tone, easel.palette.near, 0.7), share**1.3)
            centre = (round((cx + shift) * 16), round((cy - (1 - share) * radius * 0.4) * 16))
            cv2.circle(rgb, centre, round(radius * share * 16) + 8, tuple(float(c) for c in shade), -1, cv2.LINE_8, 4)
        cv2.circle(alpha, (round(cx * 16), round(cy * 16)), round(radius * 16), 255, -1, cv2.LINE_AA, 4)
    return Layer(rgb, alpha, 0.7)
