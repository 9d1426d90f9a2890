"""Lakes, rivers, waterfalls, islands, ice and other landscapes of their own."""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion import noise
from engines.motion.painter import plants, sky, water
from engines.motion.painter.easel import Easel, Layer, Strip, disc, flattened, gradient, over, polygon, stamp, two_tone
from engines.motion.painter.elements import ELEMENTS
from engines.motion.painter.land import hill, ridge
from engines.motion.painter.palettes import mix
from engines.motion.painter.pen import Pen

WHITE = np.full(3, 255.0)


def lake(easel: Easel) -> list[Layer]:
    """Mountains and firs that stand on their heads in still water; reeds on this side."""
    layers = sky.paint(easel)
    shore = easel.horizon + 0.10
    for k in range(3):
        near = 0.2 + 0.22 * k
        layers.append(ridge(easel, near, shore - 0.03 + 0.02 * k, height=0.30 - 0.08 * k))
    layers.append(_far_bank(easel, shore))
    layers.append(mirror(easel, layers, shore, 0.66))
    bank = mix(easel.palette.leaves[1], easel.palette.ground, 0.45)
    layers += [hill(easel, 0.90, 0.87, rough=0.035, tone=bank), _reeds(easel)]
    return layers


def _far_bank(easel: Easel, shore: float) -> Layer:
    target = stamp(easel)
    tone = mix(mix(easel.palette.near, easel.palette.leaves[0], 0.4), easel.palette.haze, 0.3)
    for x in easel.rng.random(70):
        plants.fir(easel, target, (float(x), shore + 0.004), tall=float(easel.rng.uniform(0.03, 0.09)), tone=tone)
    line = shore - 0.008 + 0.006 * noise.profile(easel.rng, easel.width, 0.1 * easel.width, 4)
    under = easel.strip().below(line)
    target[0][under > 0] = np.round(easel.covered_with_snow(mix(tone, easel.palette.ground, 0.4)))
    return Layer(target[0], np.maximum(target[1], under), 0.52)


def mirror(easel: Easel, behind: list[Layer], top: float, depth: float) -> Layer:
    """What stands beyond, upside down in still water: darker, drawn out, broken by small waves."""
    pool = easel.strip(top)
    picture = flattened(behind)
    edge = pool.first
    image = picture[max(0, edge - pool.height) : edge][::-1]
    image = cv2.copyMakeBorder(image, 0, pool.height - image.shape[0], 0, 0, cv2.BORDER_REPLICATE)
    down = np.clip((pool.rows - np.float32(top)) / (1 - top), 0, 1)
    ripple = pool.noise(0.012, 3, stretch=14) - 0.5
    x = np.arange(easel.width, dtype=np.float32)[None, :] + ripple * (14 + 60 * down) * np.float32(easel.unit)
    y = np.arange(pool.height, dtype=np.float32)[:, None] + ripple * (10 + 70 * down) * np.float32(easel.unit)
    image = cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    image = cv2.GaussianBlur(image, (0, 0), sigmaX=max(0.6, 1.2 * easel.unit), sigmaY=max(0.8, 3.5 * easel.unit))
    deep = mix(easel.palette.water, easel.palette.near, 0.35)
    rgb = over(image.astype(np.float32), deep, 0.20 + 0.45 * down)
    rgb = over(
        rgb, mix(easel.palette.sky[3], easel.palette.sun, 0.3), np.clip(ripple * 3 - 0.55, 0, 0.5) * (1 - 0.5 * down)
    )
    return pool.layer(rgb, pool.below(np.full(easel.width, top)), depth)


def _reeds(easel: Easel) -> Layer:
    target = stamp(easel)
    side = easel.side
    for _ in range(90):
        x = 0.5 - side * float(easel.rng.uniform(0.16, 0.56))
        tall, lean = float(easel.rng.uniform(0.06, 0.19)), float(easel.rng.normal(0.02, 0.03))
        foot, tip = (x * easel.width, 1.01 * easel.height), ((x + lean) * easel.width, (1.0 - tall) * easel.height)
        tone = easel.covered_with_snow(
            mix(
                easel.palette.leaves[int(easel.rng.integers(3))], easel.palette.near, float(easel.rng.uniform(0.1, 0.5))
            )
        )
        wide = 2.4 * easel.unit
        polygon(target, np.array([(foot[0] - wide, foot[1]), tip, (foot[0] + wide, foot[1])]), tone)
        if easel.rng.random() < 0.3:
            for k in range(5):
                disc(
                    target,
                    (tip[0], tip[1] + 6 * k * easel.unit),
                    4.5 * easel.unit,
                    mix(np.array([110.0, 72.0, 44.0]), easel.palette.near, 0.3),
                )
    return Layer(*target, 0.92)


def river(easel: Easel) -> list[Layer]:
    """A valley with a river that winds towards us."""
    layers = sky.paint(easel)
    layers += [
        ridge(easel, 0.25, easel.horizon + 0.05, height=0.22),
        ridge(easel, 0.5, easel.horizon + 0.09, height=0.14),
    ]
    meadow = mix(easel.palette.leaves[1], easel.palette.ground, 0.35)
    top = easel.horizon + 0.08
    layers += [hill(easel, 0.5, top, rough=0.012, tone=meadow), plants.copse(easel, 0.5, top + 0.02)]
    layers.append(_stream(easel, top + 0.02))
    for side in (-1, 1):
        layers.append(_bank(easel, side))
    layers.append(plants.grass(easel, 0.97))
    return layers


def _stream(easel: Easel, top: float) -> Layer:
    ground = easel.strip(top)
    down = np.clip((ground.rows - np.float32(top)) / (1 - top), 1e-3, 1)
    middle = np.float32(0.5) + easel.side * (0.16 * np.sin(5.2 * np.sqrt(down)) * (1 - 0.6 * down))
    half = 0.012 + 0.30 * down**1.5
    away = np.abs(ground.columns - middle)
    inside = np.clip((half - away) * easel.width / 3, 0, 1)
    share = np.clip(0.15 + 0.7 * down + 0.5 * (ground.noise(0.015, 4, stretch=9) - 0.5), 0, 1)
    deep = mix(easel.palette.water, easel.palette.near, 0.3)
    rgb = gradient(np.stack([mix(easel.palette.sky[3], easel.palette.water, 0.25), easel.palette.water, deep]), share)
    bank = np.clip(1 - (half - away) / (0.012 + 0.03 * down), 0, 1)
    rgb = over(rgb, mix(easel.ground, easel.palette.near, 0.45), 0.55 * bank)
    return ground.layer(rgb, cv2.multiply(inside, 255.0, dtype=cv2.CV_8U), 0.55)


def _bank(easel: Easel, side: int) -> Layer:
    target = stamp(easel)
    for _ in range(4):
        x, foot = 0.5 + side * float(easel.rng.uniform(0.24, 0.5)), float(easel.rng.uniform(0.66, 0.78))
        size = float(easel.rng.uniform(0.05, 0.09))
        plants.crown(easel, target, (x, foot - 1.5 * size), size=size, near=0.75, trunk=foot)
    return Layer(*target, 0.66)


def waterfall(easel: Easel) -> list[Layer]:
    """Water over a wall of rock into a pool, with mist where it lands, and leaves around."""
    layers = sky.paint(easel)
    layers.append(ridge(easel, 0.35, easel.horizon, height=0.2))
    middle = 0.5 - 0.08 * easel.side
    layers.append(_rock_face(easel, 0.55, easel.horizon - 0.14, middle))
    layers += [_fall(easel, middle, easel.horizon - 0.12, 0.78), water.sheet(easel, 0.76, 0.72)]
    layers += [_spray(easel, middle, 0.77), _thicket(easel, 0.8, -1), _thicket(easel, 0.8, 1)]
    return layers


def _rock_face(easel: Easel, near: float, top: float, middle: float) -> Layer:
    x = np.linspace(0, 1, easel.width)
    line = top + 0.05 * noise.profile(easel.rng, easel.width, 0.12 * easel.width, 6) - 0.10 * np.abs(x - middle)
    face = easel.strip(float(line.min()) - 0.01, 0.84)
    rock = mix(np.array([112.0, 104.0, 98.0]), easel.aerial(near), 0.4)
    relief = 0.5 + 0.42 * face.lit(0.16, 6, stretch=0.45)
    rgb = two_tone(mix(rock, easel.palette.near, 0.6), mix(rock, easel.palette.sun, 0.4), relief)
    moss = np.clip(1 - (face.rows - line[None, :].astype(np.float32)) / 0.05 + 0.6 * (face.noise(0.05, 4) - 0.5), 0, 1)
    rgb = over(rgb, easel.covered_with_snow(mix(easel.palette.leaves[1], easel.palette.near, 0.15)), 0.9 * moss)
    return face.layer(rgb, face.below(line), 0.12 + 0.7 * near)


def _fall(easel: Easel, middle: float, top: float, foot: float) -> Layer:
    body = easel.strip(top, foot)
    down = np.clip((body.rows - np.float32(top)) / (foot - top), 0, 1)
    half = 0.045 + 0.03 * down + 0.006 * (body.noise(0.06, 3, stretch=0.3)[:, :1] - 0.5)
    away = np.abs(body.columns - np.float32(middle) - 0.012 * np.sin(2 * down))
    threads = body.noise(0.5, 6, stretch=0.02, gain=0.75)
    inside = np.clip((half - away) / 0.016, 0, 1) * np.clip(0.55 + 1.6 * (threads - 0.35), 0, 1)
    white = mix(WHITE, easel.palette.sky[2], 0.12 + 0.4 * easel.palette.dark)
    rgb = two_tone(mix(easel.palette.water, easel.palette.haze, 0.5), white, 0.25 + 1.1 * threads)
    return body.layer(rgb, cv2.multiply(inside.astype(np.float32), 255.0, dtype=cv2.CV_8U), 0.52)


def _spray(easel: Easel, middle: float, at: float) -> Layer:
    mist = easel.strip(at - 0.16, at + 0.10)
    away = ((mist.columns - np.float32(middle)) / 0.14) ** 2 + ((mist.rows - np.float32(at)) / 0.055) ** 2
    cloud = np.exp(-away) * (0.55 + 0.5 * mist.noise(0.05, 4)) * 0.9
    return mist.layer(
        mist.plain(mix(WHITE, easel.palette.haze, 0.3)), cv2.multiply(cloud, 255.0, dtype=cv2.CV_8U), 0.72
    )


def _thicket(easel: Easel, near: float, side: int) -> Layer:
    target = stamp(easel)
    for k in range(10):
        x, foot = 0.5 + side * float(easel.rng.uniform(0.22, 0.52)), 0.78 + 0.022 * k
        size = float(easel.rng.uniform(0.045, 0.075)) * (0.7 + 0.05 * k)
        plants.crown(easel, target, (x, foot - size), size=size, near=near, trunk=foot, leaves=60)
    return Layer(*target, 0.12 + 0.85 * near)


def island(easel: Easel) -> list[Layer]:
    """A green island with palms in a bright sea."""
    layers = [*sky.paint(easel), water.sheet(easel, easel.horizon, 0.40)]
    target, shore = stamp(easel), easel.horizon + 0.15
    centre = 0.5 + 0.06 * float(easel.rng.uniform(-1, 1))
    turn = np.linspace(0, 2 * np.pi, 60)
    sand = mix(np.array([240.0, 220.0, 170.0]), easel.palette.near, 0.5 * easel.palette.dark)
    for grow, tone in ((1.10, mix(WHITE, easel.palette.water, 0.35)), (1.0, sand)):
        oval = np.stack([centre + 0.26 * grow * np.cos(turn), shore + 0.035 * grow * np.sin(turn)], 1)
        polygon(target, oval * (easel.width, easel.height), tone)
    for k in range(8):
        x = centre + 0.15 * (k / 7 - 0.5) * 2
        size = 0.05 + 0.035 * float(1 - abs(k / 7 - 0.5) * 2)
        plants.crown(easel, target, (x, shore - 0.55 * size), size=size, near=0.7, trunk=shore)
    palm = ELEMENTS["palm"]
    for x, size, turned in ((-0.10, 0.27, True), (0.03, 0.36, False), (0.13, 0.24, False)):
        at = ((centre + x) * easel.width, (shore + 0.01) * easel.height)
        tone = mix(easel.palette.leaves[1], easel.palette.near, 0.15)
        palm.brush(Pen(target, at, size * easel.height, tone, "", turned=turned))
    layers += [Layer(*target, 0.55), water.beach(easel)]
    return layers


def savanna(easel: Easel) -> list[Layer]:
    """Dry grass under flat-topped acacias."""
    layers = sky.paint(easel)
    layers.append(ridge(easel, 0.2, easel.horizon + 0.04, height=0.07))
    dry = mix(np.array([206.0, 166.0, 92.0]), easel.palette.near, 0.55 * easel.palette.dark)
    for k in range(3):
        layers.append(hill(easel, 0.45 + 0.2 * k, easel.horizon + 0.04 + 0.11 * k, rough=0.015, tone=dry))
        if k < 2:
            layers.append(_acacias(easel, 0.4 + 0.3 * k, easel.horizon + 0.09 + 0.13 * k))
    layers.append(plants.grass(easel, 0.97, dry=True))
    return layers


def _acacias(easel: Easel, near: float, foot: float) -> Layer:
    target = stamp(easel)
    for x in easel.rng.random(5 if near < 0.5 else 2):
        tall = float(easel.rng.uniform(0.10, 0.16)) * (0.5 + near) * easel.height
        at = (float(x) * easel.width, foot * easel.height)
        bark, leaf = (
            easel.aerial(near, -0.3),
            mix(mix(np.array([104.0, 116.0, 58.0]), easel.palette.near, 0.3), easel.palette.haze, 0.45 * (1 - near)),
        )
        pen = Pen(target, at, tall, leaf, "")
        pen.line("0,0 0.02,0.5 -0.2,0.8", 0.06, bark)
        pen.line("0.02,0.45 0.25,0.82", 0.05, bark)
        pen.smooth("-0.75,0.84 -0.4,0.98 0,1.02 0.5,0.97 0.8,0.85 0.3,0.80 -0.3,0.79")
        pen.smooth("-0.6,0.9 -0.2,1.0 0.3,0.99 0.6,0.91 0,0.93", mix(leaf, easel.palette.sun, 0.2))
    return Layer(*target, 0.12 + 0.7 * near)


def ice(easel: Easel) -> list[Layer]:
    """Floes and icebergs in a cold sea, snow on this shore."""
    layers = [
        *sky.paint(easel),
        ridge(easel, 0.3, easel.horizon + 0.01, height=0.10),
        water.sheet(easel, easel.horizon, 0.4),
    ]
    layers += [_bergs(easel, 0.4 + 0.18 * k, easel.horizon + 0.05 + 0.09 * k) for k in range(3)]
    layers.append(hill(easel, 0.86, 0.80, rough=0.03))
    return layers


def _bergs(easel: Easel, near: float, at: float) -> Layer:
    target = stamp(easel)
    for x in easel.rng.random(3):
        wide, tall = float(easel.rng.uniform(0.04, 0.10)) * (0.6 + near), float(easel.rng.uniform(0.03, 0.10)) * near
        tops = np.sort(easel.rng.uniform(-1, 1, 5))
        outline = [(-1.0, 0.0), *[(float(t), float(easel.rng.uniform(0.4, 1.0))) for t in tops], (1.0, 0.0)]
        white, blue = easel.covered_with_snow(easel.palette.sky[3]), mix(easel.palette.water, WHITE, 0.45)
        place = np.array([float(x) * easel.width, at * easel.height])
        points = np.array(outline) * (wide * easel.width, -tall * easel.height) + place
        polygon(target, points, white)
        polygon(
            target,
            points[[0, 2, 4, -1]] + np.array([0, 0.25 * tall * easel.height]),
            mix(white, blue, 0.5),
        )
        polygon(
            target,
            np.array(
                [
                    points[0],
                    points[-1],
                    points[-1] - (0.2 * wide * easel.width, -6 * easel.unit),
                    points[0] + (0.2 * wide * easel.width, 6 * easel.unit),
                ]
            ),
            blue,
        )
    return Layer(*target, 0.1 + 0.6 * near)


def heights(easel: Easel) -> list[Layer]:
    """Above the clouds."""
    layers = [sky.back(easel)]
    for k in range(5):
        near = 0.15 + 0.19 * k
        layers.append(_cloud_bank(easel, near, easel.horizon + 0.10 * k))
    return layers


def _cloud_bank(easel: Easel, near: float, top: float) -> Layer:
    line = top + (0.03 + 0.06 * near) * noise.profile(
        easel.rng, easel.width, (0.12 + 0.2 * near) * easel.width, 5, roughness=0.55
    )
    bank: Strip = easel.strip(float(line.min()) - 0.02)
    under = np.clip(bank.rows - line[None, :].astype(np.float32), 0, 1)
    puffs = bank.noise(0.06 + 0.16 * near, 6, stretch=1.8)
    p = easel.palette
    light = mix(mix(p.sun, p.sky[3], 0.3), WHITE, 0.5 * (1 - p.dark))
    shade = mix(mix(p.sky[0], p.haze, 0.5), p.far, 0.2)
    billow = 0.86 - 3.2 * under + 1.3 * (puffs - 0.5) + 0.12 * bank.lit(0.16 * (0.5 + near), 3)
    rgb = two_tone(shade, light, billow)
    soft = np.clip((under - 0.03 * puffs) / 0.03, 0, 1)
    return bank.layer(rgb, cv2.multiply(soft.astype(np.float32), 255.0, dtype=cv2.CV_8U), 0.1 + 0.75 * near)
