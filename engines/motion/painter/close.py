"""Places close by: a garden, a room, a stage."""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion import noise
from engines.motion.painter import sky
from engines.motion.painter.easel import Easel, Layer, finished, polygon, stamp, two_tone
from engines.motion.painter.land import hill
from engines.motion.painter.palettes import mix
from engines.motion.painter.plants import bed, crown, grass
from engines.motion.planes import Array

WHITE = np.full(3, 255.0)


def garden(easel: Easel) -> list[Layer]:
    """Trees behind clipped hedges, a lawn with a winding path, flower beds on both sides."""
    layers = sky.paint(easel)
    green = mix(easel.palette.leaves[1], easel.palette.ground, 0.2)
    layers += [
        hill(easel, 0.24, 0.47, rough=0.02, tone=green),
        _grove(easel, 0.30, 0.58, 11),
        _hedge(easel, 0.40, 0.50),
        _grove(easel, 0.55, 0.62, 5),
    ]
    layers += [_hedge(easel, 0.58, 0.565), hill(easel, 0.62, 0.625, rough=0.006, tone=green)]
    layers += [_path(easel, 0.625), bed(easel, 0.66, 0.70, 150), bed(easel, 0.80, 0.86, 170), grass(easel, 0.97)]
    return layers


def _grove(easel: Easel, near: float, foot: float, count: int) -> Layer:
    target = stamp(easel)
    for place in (np.arange(count) + easel.rng.uniform(0.2, 0.8, count)) / count:
        size = float(easel.rng.uniform(0.07, 0.11)) * (0.6 + 0.9 * near)
        crown(easel, target, (float(place), foot - 1.9 * size), size=size, near=near, trunk=foot)
    return Layer(*target, 0.12 + 0.7 * near)


def _hedge(easel: Easel, near: float, top: float) -> Layer:
    """A clipped hedge with a gap for the path; level on top, as shears leave it."""
    hedge = easel.strip(top - 0.01, 0.685)
    line = top + 0.004 * noise.profile(easel.rng, easel.width, 0.01 * easel.width, 3)
    gap = np.abs(hedge.columns - 0.5) < 0.05 + 0.06 * near
    leaves = 0.5 + 0.5 * hedge.lit(0.018, 4)
    shade = np.clip(1.15 - (hedge.rows - np.float32(top)) / 0.16, 0.3, 1)
    body = mix(easel.palette.leaves[0], easel.palette.haze, 0.4 * (1 - near))
    light = mix(body, easel.covered_with_snow(easel.palette.leaves[2]), 0.55)
    rgb = two_tone(mix(body, easel.palette.near, 0.6), light, leaves * shade)
    alpha = np.where(gap, 0, np.minimum(hedge.below(line), 255 - hedge.below(np.full(easel.width, 0.68))))
    return hedge.layer(rgb, alpha.astype(np.uint8), 0.12 + 0.7 * near)


def _path(easel: Easel, top: float) -> Layer:
    """Gravel that comes towards the viewer in a bend."""
    ground = easel.strip(top)
    down = np.clip((ground.rows - top) / (1 - top), 0, 1)
    middle = -0.07 * np.sin(3.4 * down) * easel.side
    ragged = noise.value(easel.rng, ground.height, 2, 0.01 * easel.height, 3)[:, :1]
    edge = (0.012 + 0.17 * down) * (1 + 0.03 * ragged)
    inside = np.clip((edge - np.abs(ground.columns - 0.5 - middle)) * easel.width / 3, 0, 1) * (down > 0)
    gravel = ground.noise(0.012, 3, stretch=2)
    stone = easel.covered_with_snow(mix(np.array([206.0, 186.0, 158.0]), easel.palette.near, 0.5 * easel.palette.dark))
    rgb = two_tone(mix(stone, easel.palette.near, 0.35), mix(stone, easel.palette.sun, 0.35), gravel)
    return ground.layer(rgb, (inside * 255).astype(np.uint8), 0.12 + 0.7 * 0.62)


def room(easel: Easel) -> list[Layer]:
    """A wall with a window and pictures, a wooden floor, a sofa and a lamp."""
    side = 0.30 if easel.sun[0] < 0.5 else 0.70
    layers = [wall(easel, side), _window(easel, side), floor(easel, 0.72)]
    return [*layers, _furniture(easel, 1 - side)]


def wall(easel: Easel, light_at: float, tone: tuple[float, float, float] = (214.0, 198.0, 178.0)) -> Layer:
    """Plaster, lighter where the window's light falls."""
    paint = mix(mix(np.array(tone), easel.palette.accent, 0.10), easel.palette.near, 0.55 * easel.palette.dark)
    back = easel.strip()
    light = np.exp(-(((back.columns - np.float32(light_at)) / 0.4) ** 2))
    share = 0.2 + 0.3 * back.noise(0.3, 5) + 0.45 * light
    rgb = two_tone(mix(paint, easel.palette.near, 0.35), mix(paint, easel.palette.sun, 0.3), share)
    return Layer(finished(rgb), None, 0.25)


def _window(easel: Easel, at: float) -> Layer:
    """A window with four panes onto the sky, and two framed pictures beyond it."""
    target = stamp(easel)
    frame = mix(np.array([246.0, 242.0, 234.0]), easel.palette.near, 0.4 * easel.palette.dark)
    _box(easel, target, (at - 0.12, 0.18, at + 0.12, 0.56), frame)
    for row in range(2):
        for column in range(2):
            left, top = at - 0.108 + 0.112 * column, 0.20 + 0.175 * row
            for strip in range(12):
                tone = mix(easel.palette.sky[1], easel.palette.sky[3], (row + strip / 12) / 2)
                y = top + 0.165 * strip / 12
                _box(easel, target, (left, y, left + 0.104, y + 0.165 / 12), tone)
    away = 1 - at
    for k, (x, y) in enumerate(((away - 0.09, 0.24), (away + 0.03, 0.28))):
        _box(easel, target, (x, y, x + 0.09, y + 0.19), mix(easel.palette.near, WHITE, 0.1))
        _box(easel, target, (x + 0.008, y + 0.014, x + 0.082, y + 0.176), mix(easel.palette.leaves[k], WHITE, 0.3))
        _box(
            easel,
            target,
            (x + 0.008, y + 0.10, x + 0.082, y + 0.176),
            mix(easel.palette.accent, easel.palette.far, 0.4),
        )
    return Layer(*target, 0.25)


def _box(easel: Easel, target: tuple[Array, Array], box: tuple[float, float, float, float], tone: Array) -> None:
    """Left, top, right, bottom in shares of the canvas."""
    left, top, right, bottom = (v * s for v, s in zip(box, (easel.width, easel.height) * 2, strict=True))
    polygon(target, np.array([(left, top), (right, top), (right, bottom), (left, bottom)]), tone)


def floor(easel: Easel, top: float, wood: tuple[float, float, float] = (158.0, 112.0, 72.0)) -> Layer:
    """Boards that run towards the viewer, and the skirting along the wall."""
    ground = easel.strip(top)
    across = (ground.columns - 0.5) / (np.clip(ground.rows - top, 0, 1) + 0.22) * 9
    board = np.floor(across).astype(int)
    shades = easel.rng.uniform(0.25, 0.75, 97).astype(np.float32)
    grain = ground.noise(0.3, 5, stretch=0.08)
    seam = np.clip(np.abs(across - np.round(across)) * 22, 0, 1)
    tone = mix(np.array(wood), easel.palette.near, 0.55 * easel.palette.dark)
    share = (0.6 * shades[board % 97] + 0.4 * grain) * seam
    rgb = two_tone(mix(tone, easel.palette.near, 0.5), mix(tone, easel.palette.sun, 0.35), share)
    return ground.layer(rgb, ground.below(np.full(easel.width, top)), 0.55)


def _furniture(easel: Easel, lamp: float) -> Layer:
    target = stamp(easel)
    cloth = mix(
        mix(easel.palette.water, easel.palette.accent, 0.2), easel.palette.near, 0.15 + 0.35 * easel.palette.dark
    )
    dark, light = mix(cloth, np.zeros(3), 0.25), mix(cloth, WHITE, 0.14)
    _box(easel, target, (0.29, 0.53, 0.71, 0.76), dark)
    for left in (0.31, 0.505):
        _box(easel, target, (left, 0.545, left + 0.185, 0.70), cloth)
        _box(easel, target, (left, 0.715, left + 0.185, 0.775), light)
    for left in (0.265, 0.695):
        _box(easel, target, (left, 0.62, left + 0.04, 0.80), cloth)
    _box(easel, target, (0.28, 0.775, 0.72, 0.805), dark)
    for left in (0.29, 0.695):
        _box(easel, target, (left, 0.805, left + 0.012, 0.83), easel.palette.near)
    pole = 0.20 if lamp < 0.5 else 0.80
    _box(easel, target, (pole - 0.003, 0.42, pole + 0.003, 0.82), easel.palette.near)
    _box(easel, target, (pole - 0.03, 0.815, pole + 0.03, 0.825), easel.palette.near)
    shade = np.array([(pole - 0.028, 0.33), (pole + 0.028, 0.33), (pole + 0.05, 0.44), (pole - 0.05, 0.44)])
    polygon(target, shade * (easel.width, easel.height), np.array([255.0, 232.0, 178.0]))
    return Layer(*target, 0.62)


def stage(easel: Easel) -> list[Layer]:
    """Curtains, boards, and two beams of light that meet in the middle."""
    layers = [Layer(finished(_curtain(easel, 0.35)), None, 0.15), floor(easel, 0.70, (120.0, 78.0, 56.0))]
    layers += [_beams(easel), Layer(finished(_curtain(easel, 0.9)), _wings(easel), 0.85)]
    return layers


def _curtain(easel: Easel, bright: float) -> Array:
    """Velvet in folds."""
    cloth = easel.strip()
    profile = noise.profile(easel.rng, easel.width, 0.1 * easel.width, 3).astype(np.float32)
    folds = 0.5 + 0.5 * np.sin(2 * np.pi * 34 * cloth.columns + 4 * profile[None, :])
    nap = cloth.noise(0.02, 3, stretch=0.2)
    red = mix(np.array([150.0, 26.0, 38.0]), easel.palette.near, 0.35)
    share = np.float32(bright) * (np.float32(0.85) * folds + np.float32(0.15) * nap)
    return two_tone(mix(red, np.zeros(3), 0.75), mix(red, WHITE, 0.12), share)


def _wings(easel: Easel) -> Array:
    """Alpha of the drawn curtain: left, right and, in scallops, above."""
    cloth = easel.strip()
    x, y = cloth.columns - 0.5, cloth.rows
    sides = (np.abs(x) - 0.29 - 0.03 * y) * easel.width
    above = (0.13 + 0.035 * np.abs(np.sin(2 * np.pi * 4 * x)) - y) * easel.height
    return np.asarray(cv2.multiply(np.maximum(sides, above) + np.float32(0.5), 255.0, dtype=cv2.CV_8U))


def _beams(easel: Easel) -> Layer:
    """Soft, so they are drawn at a quarter of the size."""
    width, height = easel.width // 4, easel.height // 4
    alpha = np.zeros((height, width), np.float32)
    for x in (0.28, 0.72):
        beam = np.zeros_like(alpha)
        quad = np.array([(x - 0.01, 0), (x + 0.01, 0), (0.63, 0.83), (0.37, 0.83)]) * (width, height)
        cv2.fillConvexPoly(beam, np.round(quad * 16).astype(np.int32), 0.24, cv2.LINE_AA, 4)
        alpha += beam
    spot = (width // 2, round(0.83 * height)), (round(0.13 * width), round(0.05 * height))
    cv2.ellipse(alpha, *spot, 0, 0, 360, 0.55, -1, cv2.LINE_AA)
    soft = cv2.GaussianBlur(alpha, (0, 0), 1.75 * easel.unit)
    full = cv2.resize(soft, (easel.width, easel.height), interpolation=cv2.INTER_CUBIC)
    warm = easel.strip().plain(np.array([255.0, 240.0, 208.0]))
    return Layer(warm, cv2.multiply(full, 255.0, dtype=cv2.CV_8U), 0.5)
