"""Towers seen from afar, and a street seen from its pavement."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from engines.motion.painter import sky
from engines.motion.painter.easel import Easel, Layer, over, polygon, stamp, two_tone
from engines.motion.painter.palettes import mix
from engines.motion.planes import Array

WHITE = np.full(3, 255.0)
Target = tuple[Array, Array]
Box = tuple[float, float, float, float]  # left, right, top, bottom in pixels


def city(easel: Easel) -> list[Layer]:
    layers = sky.paint(easel)
    street = easel.horizon + 0.30
    layers.append(_suburbs(easel, street - 0.13))
    for k in range(4):
        near = 0.2 + 0.22 * k
        layers.append(_blocks(easel, near, street - 0.03 * (3 - k), tall=0.30 + 0.16 * k))
        layers.append(sky.haze(easel, street - 0.05 * (3 - k), 0.14 + 0.6 * near, 0.30))
    layers.append(_road(easel, street))
    return layers


def _suburbs(easel: Easel, top: float) -> Layer:
    """Far roofs behind every gap between the towers, where bare sky would stand on the street."""
    steps = np.repeat(easel.rng.uniform(-0.025, 0.025, 64), -(-easel.width // 64))[: easel.width]
    roofs = easel.strip(top - 0.03)
    rgb = two_tone(easel.aerial(0.12, -0.06), easel.aerial(0.12, 0.05), roofs.noise(0.05, 4, stretch=3))
    return roofs.layer(rgb, roofs.below(top + steps), 0.14)


def _blocks(easel: Easel, near: float, foot: float, *, tall: float) -> Layer:
    target = stamp(easel)
    x = -0.02
    while x < 1.02:
        wide = float(easel.rng.uniform(0.035, 0.085)) * (0.6 + 0.9 * near)
        gap = float(easel.rng.uniform(0.0, 0.02 + 0.08 * near * near))
        centre_low = 1 - 0.55 * near * np.exp(-(((x + wide / 2 - 0.5) / 0.22) ** 2))  # a view down the street
        height = tall * float(easel.rng.uniform(0.45, 1.0)) * centre_low
        box = (x * easel.width, (x + wide) * easel.width, (foot - height) * easel.height, (foot + 0.14) * easel.height)
        _block(easel, target, box, near)
        x += wide + gap
    return Layer(*target, 0.12 + 0.7 * near)


def _block(easel: Easel, target: Target, box: Box, near: float) -> None:
    """One tower: a lit and a shaded side, windows, often a mast or a stepped top. The street hides its foot."""
    left, right, top, bottom = box
    body = mix(easel.aerial(near, -0.05), easel.palette.accent, float(easel.rng.uniform(0, 0.10)))
    shade = mix(body, np.zeros(3), 0.25)
    edge = left + (0.32 if easel.side > 0 else 0.68) * (right - left)
    for a, b, tone in ((left, edge, easel.side < 0), (edge, right, easel.side > 0)):
        quad = np.array([(a, top), (b, top), (b, bottom), (a, bottom)])
        polygon(target, quad, body if tone else shade)
    _windows(easel, target[0], box, body, near)
    crown, middle = float(easel.rng.random()), (left + right) / 2
    if crown < 0.35:
        mast = np.array([(middle - easel.unit, top), (middle, top - 0.05 * easel.height), (middle + easel.unit, top)])
        polygon(target, mast, shade)
    elif crown < 0.6:
        wide, rise = 0.28 * (right - left), 0.022 * easel.height
        step = [(middle - wide, top), (middle - wide, top - rise), (middle + wide, top - rise), (middle + wide, top)]
        polygon(target, np.array(step), shade)


def _windows(easel: Easel, rgb: Array, box: Box, body: Array, near: float) -> None:
    """A lattice of windows, some lit; painted by row and column numbers, for there are thousands."""
    left, right, top, bottom = box
    size = (5 + 9 * near) * easel.unit
    columns, rows = int((right - left - size) / (1.7 * size)), int((bottom - top - size) / (1.9 * size))
    if columns < 1 or rows < 1:
        return
    warm = mix(np.array([255.0, 220.0, 150.0]), easel.palette.accent, float(easel.rng.choice([0, 0, 0.5, 0.9])))
    dark = mix(body, easel.palette.sky[1], 0.35)
    share = 0.10 + 0.45 * easel.palette.dark + (0.15 if easel.covered else 0.0)
    glowing = easel.rng.random((rows, columns))
    tones = np.where(
        (glowing < share)[..., None],
        mix(warm, body, np.clip(glowing / share * 0.5, 0, 0.5)),
        np.broadcast_to(dark, (rows, columns, 3)),
    )
    x, across = _lattice(left + 0.7 * size, 1.7 * size, 0.9 * size, columns, rgb.shape[1])
    y, down = _lattice(top + 0.8 * size, 1.9 * size, 1.1 * size, rows, rgb.shape[0])
    if len(x) and len(y):
        rgb[y[:, None], x[None, :]] = np.round(tones[down[:, None], across[None, :]])


def _lattice(start: float, pitch: float, wide: float, count: int, most: int) -> tuple[Array, Array]:
    """The pixels of `count` evenly spaced bars, and to which bar each belongs."""
    pixels = np.arange(max(0, int(start)), min(most, int(start + count * pitch) + 1))
    bars = np.floor((pixels - start) / pitch).astype(int)
    inside = (bars >= 0) & (bars < count) & (pixels - start - bars * pitch <= wide)
    return pixels[inside], bars[inside]


def _road(easel: Easel, top: float) -> Layer:
    """A road in perspective that mirrors the sky and the lights, wet when it is dark or it rains."""
    road = easel.strip(top)
    down = np.clip((road.rows - top) / max(1 - top, 0.05), 0, 1)
    columns = road.columns - 0.5
    rough = 0.35 + 0.4 * road.noise(0.03, 5, stretch=3) * (1 - 0.4 * down)
    tar, worn = mix(easel.palette.near, np.zeros(3), 0.1), mix(easel.palette.near, easel.palette.haze, 0.45)
    rgb = two_tone(easel.covered_with_snow(tar), easel.covered_with_snow(worn), rough)
    wet = 1.0 if easel.wet else 0.25 + 0.75 * easel.palette.dark
    shine = np.clip(road.noise(0.4, 6, stretch=0.03) - 0.52, 0, 1) * 2.4 * wet * (1 - 0.5 * down)
    rgb = over(rgb, mix(easel.palette.accent, easel.palette.sky[3], 0.4), np.clip(shine, 0, 0.85))
    line = (np.abs(columns) < 0.004 + 0.012 * down) & (np.sin(9 / (down + 0.12)) > 0)
    rgb[line] = mix(easel.palette.sun, easel.palette.near, 0.25)
    walk = (np.abs(columns) > 0.12 + 0.42 * down).astype(np.float32)
    return road.layer(over(rgb, easel.palette.haze, 0.18 * walk), road.below(np.full(easel.width, top)), 0.86)


# --- a street -------------------------------------------------------------------------------------------------------

# A street runs away from the eye: at distance z its fronts stand ±_HALF/z from the middle, its pavement _EYE/z lower.
_HALF, _KERB, _EYE = 0.53, 0.31, 0.24
_BLOCKS = ((9.0, 5.6), (5.6, 3.6), (3.6, 2.35), (2.35, 1.55), (1.55, 1.02))
_PLASTER = np.array(
    [
        [214, 178, 140],
        [196, 140, 112],
        [226, 208, 176],
        [158, 168, 160],
        [188, 160, 172],
        [170, 96, 80],
        [146, 156, 178],
    ],
    np.float64,
)


def street(easel: Easel) -> list[Layer]:
    """Along a street between house fronts: shop windows and awnings below, lamps on the pavement."""
    layers = [*sky.paint(easel), _suburbs(easel, easel.horizon - 0.02)]
    surface = _surface(easel)
    for far, close in _BLOCKS:
        near = float(np.clip(1.25 / close, 0.15, 1))
        target = stamp(easel)
        edge = easel.horizon + _EYE / far
        ground = easel.strip().below(np.full(easel.width, edge))
        target[0][:], target[1][:] = surface, ground
        for side in (-1, 1):
            _fronts(easel, target, side, (far, close), near)
        for side in (-1, 1):
            _lamp(easel, target, side, close * 1.06, near)
        layers.append(Layer(*target, 0.16 + 0.7 * near))
        if far > 3:
            layers.append(sky.haze(easel, easel.horizon, 0.16 + 0.7 * near, 0.22 if not easel.foggy else 0.34))
    return layers


def _surface(easel: Easel) -> Array:
    """Cobbles or tar, kerbs, pavement, and in the wet the light of the windows."""
    road = easel.strip()
    down = np.maximum(road.rows - np.float32(easel.horizon), 1e-3)
    across = (road.columns - 0.5) / down * np.float32(_EYE)
    tar = mix(
        mix(np.array([96.0, 96.0, 102.0]), easel.palette.near, 0.35 + 0.4 * easel.palette.dark),
        easel.palette.haze,
        0.12,
    )
    share = 0.5 + 0.5 * (road.noise(0.03, 5, stretch=3) - 0.5)
    rgb = two_tone(
        easel.covered_with_snow(mix(tar, np.zeros(3), 0.3)), easel.covered_with_snow(mix(tar, WHITE, 0.12)), share
    )
    walk = np.clip((np.abs(across) - _KERB) * 60, 0, 1)
    stone = easel.covered_with_snow(
        mix(np.array([176.0, 168.0, 156.0]), easel.palette.near, 0.25 + 0.5 * easel.palette.dark)
    )
    slabs = 1 - 0.25 * (np.mod(np.float32(2.2) / down, 1) < 0.08)
    rgb = over(rgb, stone, walk * (0.65 + 0.35 * share) * slabs)
    rgb = over(rgb, mix(stone, np.zeros(3), 0.4), np.clip(1 - np.abs(np.abs(across) - _KERB) * 45, 0, 1) * 0.7)
    dash = (np.abs(across) < 0.012) & (np.mod(np.float32(0.55) / down, 1) < 0.55)
    rgb = over(rgb, mix(WHITE, tar, 0.2 + 0.3 * easel.palette.dark), dash * np.float32(0.75))
    if easel.wet or easel.palette.dark > 0.5:
        shine = np.clip(road.noise(0.4, 6, stretch=0.04) - 0.45, 0, 1) * (2.0 if easel.wet else 1.1)
        rgb = over(rgb, mix(np.array([255.0, 206.0, 130.0]), easel.palette.sky[3], 0.5), np.clip(shine, 0, 0.7))
    return np.asarray(np.clip(rgb, 0, 255).astype(np.uint8))


def _fronts(easel: Easel, target: Target, side: int, reach: tuple[float, float], near: float) -> None:
    """The houses on one side between two distances, from far to near."""
    far, close = reach
    count = 2 if far - close > 1.5 else 1
    # Houses of equal depth: in 1/z they would shrink towards the eye.
    marks = np.linspace(far, close, count + 1)
    for z1, z0 in pairwise(marks):
        _front(easel, target, side, (float(z1), float(z0)), near)


def _front(easel: Easel, target: Target, side: int, reach: tuple[float, float], near: float) -> None:
    z1, z0 = reach
    tall, dark = float(easel.rng.uniform(0.66, 1.02)), easel.palette.dark
    paint = _PLASTER[int(easel.rng.integers(len(_PLASTER)))]
    paint = mix(mix(paint, easel.palette.near, 0.08 + 0.66 * dark), easel.palette.sky[2], 0.12)
    lit = side != easel.side
    wall = mix(
        mix(paint, easel.palette.sun if lit else np.zeros(3), 0.14 if lit else 0.20),
        easel.palette.haze,
        0.5 * (1 - near) ** 1.3,
    )

    def quad(a: float, b: float, low: float, high: float, tone: Array, out: float = 0.0) -> None:  # noqa: PLR0917
        """A rectangle on the front: `a`…`b` along it (0 far … 1 near), heights from the pavement, `out` of the wall."""
        corners = []
        for along, up in ((a, low), (b, low), (b, high), (a, high)):
            z = 1 / (1 / z1 + (1 / z0 - 1 / z1) * along) if along else z1
            x = 0.5 + side * (_HALF - out) / z
            corners.append((x * easel.width, (easel.horizon + (_EYE - up) / z) * easel.height))
        polygon(target, np.array(corners), tone)

    quad(0, 1, 0, tall, wall)
    quad(0, 1, tall - 0.03, tall + 0.012, mix(wall, WHITE, 0.2), 0.02)
    floors, columns = max(2, round((tall - 0.26) / 0.17)), 3
    glass = mix(mix(easel.palette.sky[1], easel.palette.near, 0.45), np.zeros(3), 0.15)
    warm = mix(np.array([255.0, 214.0, 140.0]), easel.palette.haze, 0.35 * (1 - near))
    for floor in range(floors):
        base = 0.27 + (tall - 0.30) * floor / floors
        for column in range(columns):
            a = 0.10 + 0.29 * column
            on = easel.rng.random() < 0.08 + 0.5 * dark + (0.2 if easel.covered else 0.0)
            quad(a - 0.02, a + 0.22, base + 0.005, base + 0.115, mix(wall, WHITE, 0.28))
            quad(a, a + 0.20, base + 0.015, base + 0.105, warm if on else glass)
            quad(a + 0.09, a + 0.11, base + 0.015, base + 0.105, mix(wall, WHITE, 0.28))
    _shop(easel, quad, wall, glass if dark < 0.2 and not easel.covered else warm)


def _shop(easel: Easel, quad: object, wall: Array, pane: Array) -> None:
    """Door, shop window and awning on the ground floor."""
    assert callable(quad)
    cloth = mix(
        (easel.palette.accent, np.array([176.0, 50.0, 48.0]), np.array([48.0, 104.0, 92.0]))[
            int(easel.rng.integers(3))
        ],
        easel.palette.near,
        0.5 * easel.palette.dark,
    )
    quad(0, 1, 0, 0.225, mix(wall, np.zeros(3), 0.28))
    quad(0.06, 0.66, 0.05, 0.175, pane)
    quad(0.35, 0.37, 0.05, 0.175, mix(wall, np.zeros(3), 0.4))
    quad(0.74, 0.92, 0.0, 0.175, mix(cloth, np.zeros(3), 0.45))
    if easel.rng.random() < 0.7:
        for stripe in range(6):
            a = 0.02 + 0.115 * stripe
            quad(a, a + 0.115, 0.165, 0.215, mix(cloth, WHITE, 0.75) if stripe % 2 else cloth, 0.05)
    else:
        quad(0.02, 0.96, 0.185, 0.222, mix(cloth, WHITE, 0.1), 0.01)


def _lamp(easel: Easel, target: Target, side: int, z: float, near: float) -> None:
    """A street lamp on the kerb; it burns when it is dark."""
    w, h = easel.width, easel.height
    iron = mix(mix(np.array([40.0, 44.0, 46.0]), easel.palette.near, 0.4), easel.palette.haze, 0.5 * (1 - near))
    x, foot = (0.5 + side * (_KERB + 0.03) / z) * w, (easel.horizon + _EYE / z) * h
    top, wide = foot - 0.52 / z * h, max(0.004 / z * h, 0.8)
    polygon(target, np.array([(x - wide, foot), (x + wide, foot), (x + 0.7 * wide, top), (x - 0.7 * wide, top)]), iron)
    polygon(
        target,
        np.array(
            [(x - 2.6 * wide, foot), (x + 2.6 * wide, foot), (x + wide, foot - 6 * wide), (x - wide, foot - 6 * wide)]
        ),
        iron,
    )
    burns = easel.palette.dark > 0.3 or easel.covered
    light = np.array([255.0, 232.0, 170.0]) if burns else mix(easel.palette.sky[3], iron, 0.3)
    head = np.array([(-2.4, 0), (2.4, 0), (3.6, -9), (-3.6, -9)]) * wide + (x, top)
    polygon(target, head, light)
    polygon(target, np.array([(-4.2, -9), (4.2, -9), (0, -13)]) * wide + (x, top), iron)
    if burns:
        halo(easel, target, (x, top - 5 * wide), 0.16 / z * h, light)


def halo(easel: Easel, target: Target, at: tuple[float, float], reach: float, tone: Array) -> None:
    """Light spread around a lamp, in pixels; over what is drawn, and softly beyond its edges."""
    rgb, alpha = target
    left, right = max(0, int(at[0] - reach)), min(easel.width, int(at[0] + reach) + 1)
    top, bottom = max(0, int(at[1] - reach)), min(easel.height, int(at[1] + reach) + 1)
    if right <= left or bottom <= top:
        return
    x = (np.arange(left, right) - at[0]) / reach
    y = (np.arange(top, bottom) - at[1]) / reach
    glow = (0.75 * np.clip(1 - np.hypot(x[None, :], y[:, None]), 0, 1) ** 2.2).astype(np.float32)
    window = (slice(top, bottom), slice(left, right))
    below = alpha[window].astype(np.float32) / 255
    total = glow + below * (1 - glow)
    share = np.divide(glow, total, out=np.ones_like(glow), where=total > 0)
    rgb[window] = over(rgb[window].astype(np.float32), tone, share)
    alpha[window] = np.round(total * 255)
