"""Pictures and clips to be filmed, all drawn here and the same every time."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from engines.motion.encode import Format, Writer
from engines.motion.planes import Array, to_planes

WIDTH, HEIGHT = 1920, 1080


def landscape(seed: int = 1) -> Array:
    """Sky, hills and a thousand leaves: edges and fine detail, as a photo has them. 1920×1080 RGB."""
    chance = np.random.default_rng(seed)
    rows = np.linspace(0, 1, HEIGHT)[:, None, None]
    tint = chance.integers(-20, 20, 3) * (seed > 1)
    rgb = (np.array([70, 120, 190]) + tint) * (1 - rows) + np.array([230, 190, 140]) * rows
    rgb = rgb.repeat(WIDTH, axis=1)
    for height, shade in ((620, 90), (760, 60), (900, 35)):
        ridge = height + 60 * np.sin(np.arange(WIDTH) / chance.uniform(90, 260) + chance.uniform(0, 6))
        rgb[np.arange(HEIGHT)[:, None] > ridge[None]] = (shade, shade + 30, shade - 10)
    picture = np.ascontiguousarray(np.clip(rgb, 0, 255).astype(np.uint8))
    for x, y, size in zip(
        chance.integers(0, WIDTH, 1000), chance.integers(650, HEIGHT, 1000), chance.integers(2, 14, 1000), strict=True
    ):
        cv2.circle(picture, (int(x), int(y)), int(size), [int(value) for value in chance.integers(20, 160, 3)], -1)
    return picture


def figure() -> tuple[Array, Array]:
    """Head and shoulders of a person in a red coat, RGB, and the alpha that cuts them out; 1920×1080."""
    rgb, alpha = np.zeros((HEIGHT, WIDTH, 3), np.uint8), np.zeros((HEIGHT, WIDTH), np.uint8)

    def draw(shape, colour) -> None:
        for target, value in ((rgb, colour), (alpha, 255)):
            shape(target, value)

    coat = np.array([[640, 1080], [690, 830], [850, 720], [1070, 720], [1230, 830], [1280, 1080]])
    draw(lambda t, c: cv2.fillPoly(t, [coat], c, cv2.LINE_AA), (176, 38, 42))
    draw(lambda t, c: cv2.ellipse(t, (960, 500), (190, 235), 0, 0, 360, c, -1, cv2.LINE_AA), (48, 30, 22))
    draw(lambda t, c: cv2.rectangle(t, (895, 640), (1025, 770), c, -1), (214, 160, 130))
    draw(lambda t, c: cv2.ellipse(t, (960, 530), (140, 180), 0, 0, 360, c, -1, cv2.LINE_AA), (226, 174, 144))
    for x in (905, 1015):
        draw(lambda t, c, x=x: cv2.circle(t, (x, 510), 15, c, -1, cv2.LINE_AA), (40, 40, 46))
    draw(lambda t, c: cv2.ellipse(t, (960, 620), (45, 16), 0, 0, 180, c, -1, cv2.LINE_AA), (160, 70, 70))
    grain = np.random.default_rng(2).normal(0, 5, (HEIGHT, WIDTH, 1))
    return np.clip(rgb + grain * (alpha > 0)[..., None], 0, 255).astype(np.uint8), alpha


def portrait() -> Array:
    """The figure before a landscape that is out of focus."""
    rgb, alpha = figure()
    behind = cv2.GaussianBlur(landscape(4), (0, 0), 7).astype(np.float32)
    share = alpha[..., None].astype(np.float32) / 255
    return np.asarray(np.rint(rgb * share + behind * (1 - share)).astype(np.uint8))


def save(path: Path, rgb: Array, alpha: Array | None = None) -> Path:
    image = rgb[..., ::-1] if alpha is None else np.dstack([rgb[..., ::-1], alpha])
    cv2.imwrite(str(path), image)
    return path


def driving(path: Path, frames: int = 96, fps: int = 24, size: tuple[int, int] = (640, 360)) -> Path:
    """A window that glides to the right over a landscape and closes in by a sixth."""
    width, height = size
    world = cv2.resize(landscape(3), (2 * width, 2 * height), interpolation=cv2.INTER_AREA)
    format_ = Format(width=width, height=height, fps=fps, frames=frames, title="", comment={})
    with Writer(path, format_) as writer:
        for t in np.linspace(0, 1, frames):
            scale = 1 / (1 + 0.16 * t)
            to = np.array([[scale, 0, (0.4 + 0.22 * t) * width], [0, scale, (0.66 + 0.11 * t) * height]])
            rgb = cv2.warpAffine(world, to, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
            frame, planes = writer.blank()
            for plane, values in zip(planes, to_planes(rgb), strict=True):
                plane[:] = values
            writer.put(frame)
    return path
