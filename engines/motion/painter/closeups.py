# ruff: noqa: E501  tables of colours and outlines read better unbroken
"""What is seen from near: blossoms, and the bottom of the sea."""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion import noise
from engines.motion.painter.easel import Easel, Layer, gradient, over, stamp, two_tone
from engines.motion.painter.palettes import mix
from engines.motion.painter.pen import Pen
from engines.motion.planes import Array

WHITE = np.full(3, 255.0)


def underwater(easel: Easel) -> list[Layer]:
    """Blue depth under a bright surface, rock, weeds and a shoal of fish."""
    water_ = easel.strip()
    p = easel.palette
    top, deep = mix(np.array([96.0, 210.0, 226.0]), p.water, 0.3), mix(np.array([6.0, 30.0, 66.0]), p.near, 0.35)
    rays = np.clip(water_.noise(0.5, 5, stretch=0.12) - 0.45, 0, 1) * np.exp(-2.4 * water_.rows)
    back = gradient(np.stack([mix(top, WHITE, 0.5), top, mix(top, deep, 0.6), deep]), 1.1 * water_.rows - 1.4 * rays)
    layers = [Layer(np.clip(back, 0, 255).astype(np.uint8), None, 0.0)]
    for k in range(3):
        near = 0.3 + 0.3 * k
        layers.append(_fish(easel, near, 0.25 + 0.13 * k))
        layers.append(
            _reef(easel, near, 0.74 + 0.09 * k, mix(deep, np.array([150.0, 120.0, 120.0]), 0.12 + 0.35 * near))
        )
    return layers


def _fish(easel: Easel, near: float, middle: float) -> Layer:
    target = stamp(easel)
    tones = (
        easel.palette.accent,
        np.array([250.0, 150.0, 60.0]),
        np.array([250.0, 220.0, 110.0]),
        np.array([110.0, 170.0, 220.0]),
    )
    tone = mix(tones[int(easel.rng.integers(4))], easel.palette.water, 0.6 * (1 - near))
    for x, y in easel.rng.normal((0.5, middle), (0.2, 0.06), (round(20 - 14 * near), 2)):
        pen = Pen(
            target,
            (float(x) * easel.width, float(y) * easel.height),
            (0.02 + 0.05 * near) * easel.height,
            tone,
            "",
            turned=easel.side > 0,
        )
        pen.smooth("-0.9,0 -0.4,0.36 0.3,0.3 0.75,0 0.3,-0.3 -0.4,-0.36")
        pen.shape("0.6,0 1.15,0.42 1.0,0 1.15,-0.42", pen.dim(0.15))
        pen.line("-0.2,0.3 -0.14,0 -0.2,-0.3", 0.12, pen.pale(0.6))
        pen.disc(-0.6, 0.08, 0.08, np.array([20.0, 20.0, 30.0]))
    return Layer(*target, 0.1 + 0.7 * near)


def _reef(easel: Easel, near: float, top: float, tone: Array) -> Layer:
    target = stamp(easel)
    line = top + 0.06 * noise.profile(easel.rng, easel.width, 0.2 * easel.width, 6)
    corals = mix(
        np.stack(
            [
                easel.palette.accent,
                np.array([230.0, 90.0, 120.0]),
                np.array([240.0, 170.0, 80.0]),
                easel.palette.leaves[2],
            ]
        ),
        tone,
        np.full(4, 0.75 - 0.5 * near),
    )
    for x in easel.rng.random(16):
        column = int(float(x) * (easel.width - 1))
        coral, reach = (
            corals[int(easel.rng.integers(4))],
            float(easel.rng.uniform(0.05, 0.12)) * (0.4 + near) * easel.height,
        )
        pen = Pen(target, (column, (float(line[column]) + 0.02) * easel.height), reach, coral, "")
        for lean in easel.rng.uniform(-0.6, 0.6, 6):
            pen.line(f"0,0 {0.5 * lean},0.5 {lean},{0.9 - 0.3 * abs(lean)}", 0.10)
    ground = easel.strip()
    under = ground.below(line)
    rgb = np.where(
        (under > 127)[..., None],
        two_tone(mix(tone, np.zeros(3), 0.35), mix(tone, WHITE, 0.2), 0.5 + 0.5 * ground.lit(0.08, 5)),
        target[0],
    )
    return Layer(rgb.astype(np.uint8), np.maximum(target[1], under), 0.14 + 0.72 * near)


def flowers(easel: Easel) -> list[Layer]:
    """Blossoms close up before a soft ground, as a lens shows them."""
    back = easel.strip()
    p = easel.palette
    share = 0.25 + 0.75 * back.noise(0.35, 3) + 0.2 * (0.5 - back.rows)
    rgb = gradient(np.stack([mix(p.leaves[0], p.near, 0.4), p.leaves[1], mix(p.leaves[2], p.sky[3], 0.4)]), share)
    rgb = over(rgb, mix(p.sky[3], p.sun, 0.4), 0.5 * back.glow((easel.sun[0], 0.05), 0.4))
    layers = [Layer(np.clip(rgb, 0, 255).astype(np.uint8), None, 0.0)]
    for k, count in enumerate((9, 7, 5)):
        layers.append(_blossoms(easel, 0.35 + 0.27 * k, count, blur=(14.0, 4.0, 0.0)[k]))
    return layers


def _blossoms(easel: Easel, near: float, count: int, *, blur: float) -> Layer:
    target = stamp(easel)
    said = {"rose": (206, 40, 70), "roses": (206, 40, 70), "sunflower": (250, 190, 40), "sunflowers": (250, 190, 40), "lavender": (150, 110, 200), "tulips": (230, 60, 70), "tulip": (230, 60, 70), "daisies": (250, 250, 246), "poppies": (226, 50, 40), "lotus": (246, 170, 200), "orchid": (220, 130, 210), "lilies": (250, 240, 236)}  # fmt: skip
    own = next((np.array(tone, np.float64) for word, tone in said.items() if easel.says(word)), None)
    tones = (
        [own]
        if own is not None
        else [
            easel.palette.accent,
            np.array([226.0, 84.0, 130.0]),
            np.array([250.0, 206.0, 90.0]),
            np.array([240.0, 240.0, 250.0]),
            np.array([150.0, 110.0, 210.0]),
        ]
    )
    for x in (np.arange(count) + easel.rng.uniform(0.1, 0.9, count)) / count:
        tall, size = (
            float(easel.rng.uniform(0.30, 0.62)) * (0.75 + 0.25 * near),
            float(easel.rng.uniform(0.055, 0.085)) * (0.5 + near),
        )
        tone = mix(tones[int(easel.rng.integers(len(tones)))], easel.palette.near, 0.45 * easel.palette.dark)
        pen = Pen(target, (float(x) * easel.width, 1.02 * easel.height), easel.height, tone, "")
        bend = float(easel.rng.normal(0, 0.03))
        stem = mix(easel.palette.leaves[0], easel.palette.near, 0.15)
        pen.line(f"0,0 {0.4 * bend},{0.5 * tall} {bend},{tall}", 0.010, stem)
        pen.smooth(
            f"{0.3 * bend},{0.3 * tall} 0.05,{0.5 * tall} 0.10,{0.55 * tall} 0.06,{0.4 * tall}",
            mix(easel.palette.leaves[1], stem, 0.3),
        )
        _blossom(pen, bend, tall, size, float(easel.rng.uniform(0, 1)))
    rgb, alpha = target
    if blur:
        premultiplied = cv2.multiply(rgb, cv2.merge([alpha] * 3), scale=1 / 255)
        soft, alpha = (cv2.GaussianBlur(image, (0, 0), blur * easel.unit) for image in (premultiplied, alpha))
        rgb = cv2.divide(soft, cv2.merge([alpha] * 3), scale=255)
    return Layer(rgb, alpha, 0.08 + 0.75 * near)


def _blossom(pen: Pen, x: float, y: float, size: float, turn: float) -> None:
    """Two rings of petals, lighter inside, around a heart."""
    for ring, (petals, reach, tone) in enumerate(
        ((9, 1.0, pen.dim(0.12)), (7, 0.72, pen.tone), (5, 0.45, pen.pale(0.22)))
    ):
        for angle in 2 * np.pi * (np.arange(petals) / petals + turn + 0.07 * ring):
            c, s = np.cos(angle), np.sin(angle)
            local = (
                np.array([(0.1, 0), (0.45, 0.28), (0.85, 0.24), (1.0, 0.0), (0.85, -0.24), (0.45, -0.28)])
                * size
                * reach
            )
            points = np.stack(
                [x + local[:, 0] * c - local[:, 1] * s, y + 0.82 * (local[:, 0] * s + local[:, 1] * c)], 1
            )
            pen.smooth(" ".join(f"{a:.4f},{b:.4f}" for a, b in points), tone)
    pen.disc(x, y, 0.20 * size, np.array([236.0, 180.0, 60.0]))
    pen.disc(x, y, 0.11 * size, np.array([150.0, 96.0, 40.0]))
