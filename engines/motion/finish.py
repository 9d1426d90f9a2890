"""The last hand on a picture: how each base paints, the named styles, film colours, grain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from engines.base import Subject
from engines.motion import noise, photo
from engines.motion.chance import generator
from engines.motion.painter.easel import Layer
from engines.motion.planes import Array

# --- bases ----------------------------------------------------------------------------------------------------------


def based(layer: Layer, base: str, seed: int, index: int) -> Layer:
    """One layer in the manner of a base: flux1 clean and rich, sd15 brushed and warm, sdxl1 inked and cool."""
    manner = _BASES.get(base)
    return layer if manner is None else replace(layer, rgb=manner(layer.rgb, seed + index))


def _flux(rgb: Array, _seed: int) -> Array:
    """Clear light: an S-curve, a little more colour, fine sharpening."""
    vivid = _saturated(_curve(rgb, 0.16), 1.12)
    soft = cv2.GaussianBlur(vivid, (0, 0), max(1.0, rgb.shape[0] / 700))
    return np.asarray(cv2.addWeighted(vivid, 1.35, soft, -0.35, 0))


def _brushed(rgb: Array, seed: int) -> Array:
    """Short strokes along the forms, warm varnish, canvas."""
    height, width = rgb.shape[:2]
    field = noise.value(generator(seed, "strokes"), height, width, 0.02 * height, 3) * 2 * np.pi * 1.5
    reach = 0.004 * height
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    dx, dy = (reach * np.cos(field)).astype(np.float32), (reach * np.sin(field)).astype(np.float32)
    total = np.zeros(rgb.shape, np.float32)
    for step in (-1.0, -0.4, 0.4, 1.0):
        total += cv2.remap(rgb, x + step * dx, y + step * dy, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    strokes = total / 4
    bristle = noise.value(generator(seed, "bristle"), height, width, 0.006 * height, 2, stretch=2) - 0.5
    strokes = strokes * (1 + 0.11 * bristle[..., None]) * np.array([1.06, 1.0, 0.90], np.float32)
    return _saturated(np.clip(strokes + 4, 0, 255).astype(np.uint8), 0.88)


def _inked(rgb: Array, _seed: int) -> Array:
    """Posters: few tones, dark contours, cool shadows."""
    smooth = cv2.bilateralFilter(rgb, 5, 30, 5)
    lab = cv2.cvtColor(smooth, cv2.COLOR_RGB2Lab).astype(np.float32)
    step = 255 / 11
    level = lab[..., 0] / step
    lab[..., 0] = (np.floor(level) + np.clip((level - np.floor(level) - 0.38) / 0.24, 0, 1)) * step
    lab[..., 1:] = (lab[..., 1:] - 128) * 1.3 + 128
    lab[..., 2] -= 10 * (1 - lab[..., 0] / 255)
    flat = cv2.cvtColor(np.clip(lab, 0, 255).astype(np.uint8), cv2.COLOR_Lab2RGB)
    return _contours(flat, smooth, 0.55)


def _contours(rgb: Array, source: Array, strength: float) -> Array:
    grey = cv2.cvtColor(source, cv2.COLOR_RGB2GRAY).astype(np.float32)
    size = max(0.8, rgb.shape[0] / 900)
    dog = cv2.GaussianBlur(grey, (0, 0), size) - cv2.GaussianBlur(grey, (0, 0), 1.8 * size)
    ink = np.clip((-dog - 1.2) / 4, 0, 1) * strength
    return np.asarray((rgb * (1 - ink[..., None])).astype(np.uint8))


_BASES: Mapping[str, Callable[[Array, int], Array]] = {"flux1": _flux, "sd15": _brushed, "sdxl1": _inked}

# --- options of the caller ------------------------------------------------------------------------------------------


def optioned(rgb: Array, options: Mapping[str, Any], seed: int) -> Array:
    """Apply the image options that mean something here, in the order of a darkroom; returns the same size."""
    style = _STYLES.get(str(options.get("style") or "").lower())
    rgb = style(rgb) if style else rgb
    if options.get("hires_fix"):
        rgb = _detailed(rgb, 0.55)
    if options.get("cfg_scale"):
        rgb = _saturated(rgb, float(np.clip(0.86 + 0.02 * float(options["cfg_scale"]), 0.8, 1.25)))
    film = _FILMS.get(str(options.get("color_grading") or "").lower())
    rgb = _graded(rgb, *film) if film else rgb
    if options.get("super_resolution"):
        rgb = _detailed(rgb, 0.35)
    if options.get("film_grain"):
        grain = noise.grain(generator(seed, "film grain"), rgb.shape[0], rgb.shape[1], 8.0)
        rgb = np.clip(rgb + grain[..., None], 0, 255).astype(np.uint8)
    return rgb


def _detailed(rgb: Array, strength: float) -> Array:
    """Local contrast at two scales."""
    for sigma in (1.2, 6.0):
        soft = cv2.GaussianBlur(rgb, (0, 0), sigma * max(rgb.shape[0] / 1000, 0.5))
        rgb = cv2.addWeighted(rgb, 1 + strength, soft, -strength, 0)
    return rgb


def _curve(rgb: Array, strength: float) -> Array:
    x = np.linspace(0, 1, 256)
    y = x + strength * np.sin(2 * np.pi * (x - 0.5)) / (2 * np.pi) * 2
    return np.asarray(cv2.LUT(rgb, (np.clip(y, 0, 1) * 255).astype(np.uint8)))


def _saturated(rgb: Array, factor: float) -> Array:
    grey = cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    return np.asarray(cv2.addWeighted(rgb, factor, grey, 1 - factor, 0))


def _graded(
    rgb: Array, contrast: float, colour: float, shadows: tuple[int, int, int], lights: tuple[int, int, int]
) -> Array:
    """Contrast and colour, then a tint for the shadows and one for the lights (offsets in levels)."""
    graded = _saturated(_curve(rgb, contrast), colour).astype(np.float32)
    light = graded.mean(2, keepdims=True) / 255
    tint = np.array(shadows, np.float32) * (1 - light) + np.array(lights, np.float32) * light
    return np.asarray(np.clip(graded + tint, 0, 255).astype(np.uint8))


_FILMS: Mapping[str, tuple[float, float, tuple[int, int, int], tuple[int, int, int]]] = {
    "film velvia": (0.28, 1.38, (-4, -2, 8), (6, 2, -6)),
    "film portra": (-0.06, 0.92, (8, 4, 2), (8, 4, -8)),
    "ektar": (0.16, 1.24, (4, -4, 6), (6, 0, -4)),
}


def _cinematic(rgb: Array) -> Array:
    graded = _graded(rgb, 0.22, 0.92, (-10, 4, 14), (12, 4, -10))
    height, width = rgb.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return np.asarray((graded * (1 - 0.30 * np.clip(x * x + y * y - 0.35, 0, 1))[..., None]).astype(np.uint8))


def _comic(rgb: Array) -> Array:
    """Halftone dots in the middle tones, strong contours."""
    inked = _contours(_saturated(_curve(_posterised(rgb, 5), 0.2), 1.3), rgb, 1.0)
    pitch = max(4.0, rgb.shape[0] / 150)
    y, x = np.mgrid[0 : rgb.shape[0], 0 : rgb.shape[1]].astype(np.float32)
    dots = np.sin(np.pi * (x + y) / pitch) * np.sin(np.pi * (x - y) / pitch)
    tone = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    share = np.clip((dots + 0.9 - 1.9 * tone) * 3, 0, 1) * np.clip(1.4 - 2 * np.abs(tone - 0.45), 0, 1) * 0.35
    return np.asarray((inked * (1 - share[..., None])).astype(np.uint8))


def _posterised(rgb: Array, levels: int) -> Array:
    """Few steps of lightness; the hues stay, or dark skin would turn green."""
    lab = cv2.cvtColor(cv2.bilateralFilter(rgb, 7, 50, 7), cv2.COLOR_RGB2Lab)
    table = np.round(np.arange(256) / 255 * levels) / levels * 255
    lab[..., 0] = cv2.LUT(lab[..., 0], table.astype(np.uint8))
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB))


def _line_art(rgb: Array) -> Array:
    """Ink on paper: contours, darker where they are strong, and a wash in the deepest shadows."""
    grey = cv2.GaussianBlur(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), (0, 0), max(0.8, rgb.shape[0] / 900))
    lines = cv2.divide(grey, cv2.GaussianBlur(grey, (0, 0), max(3.0, rgb.shape[0] / 160)), scale=255)
    ink = np.clip((lines.astype(np.float32) / 255 - 0.72) / 0.25, 0, 1) ** 1.3
    wash = 0.86 + 0.14 * np.clip(grey.astype(np.float32) / 110, 0, 1)
    paper = (ink * wash)[..., None] * np.array([252.0, 250.0, 244.0], np.float32)
    return np.asarray(np.clip(paper, 0, 255).astype(np.uint8))


def _lowpoly(rgb: Array) -> Array:
    """A mesh of triangles between corners of the picture and jittered grid points, each in its mean colour."""
    height, width = rgb.shape[:2]
    rng, step = generator(height * 7919 + width, "lowpoly"), max(6, height // 34)
    mesh = cv2.Subdiv2D((0, 0, width, height))
    xs, ys = np.meshgrid(np.arange(0, width + step, step), np.arange(0, height + step, step))
    points = np.stack([xs, ys], -1).reshape(-1, 2) + rng.uniform(-0.35, 0.35, (xs.size, 2)) * step
    grey = cv2.GaussianBlur(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), (0, 0), step / 8)
    found = cv2.goodFeaturesToTrack(grey, 900, 0.01, step * 0.45)
    if found is not None:
        points = np.concatenate([points, found[:, 0]])
    mesh.insert([(float(x), float(y)) for x, y in np.clip(points, 0, (width - 1, height - 1))])
    small = cv2.GaussianBlur(_saturated(rgb, 1.15), (0, 0), step / 7)
    out = rgb.copy()
    for triangle in mesh.getTriangleList().reshape(-1, 3, 2):
        x, y = np.clip(triangle.mean(0), 0, (width - 1, height - 1)).astype(int)
        cv2.fillConvexPoly(out, np.round(triangle).astype(np.int32), tuple(int(c) for c in small[y, x]), cv2.LINE_AA)
    return out


def _glowing(rgb: Array) -> Array:
    bloom = cv2.GaussianBlur(rgb, (0, 0), rgb.shape[0] / 40)
    screen = 255 - (255.0 - rgb) * (255.0 - 0.55 * bloom) / 255
    return _graded(screen.astype(np.uint8), 0.2, 1.2, (10, -4, 18), (6, 0, 4))


def _neonpunk(rgb: Array) -> Array:
    tone = cv2.cvtColor(_curve(rgb, 0.35), cv2.COLOR_RGB2GRAY)
    stops = np.array([[10, 4, 32], [70, 10, 120], [235, 40, 150], [60, 230, 255], [240, 255, 255]], np.float32)
    at = np.linspace(0, 4, 256)
    table = np.stack([np.interp(at, range(5), stops[:, k]) for k in range(3)], 1).astype(np.float32)
    return _glowing((0.62 * table[tone] + 0.38 * rgb).astype(np.uint8))


_STYLES: Mapping[str, Callable[[Array], Array]] = {
    "cinematic": _cinematic,
    "animated": lambda rgb: _contours(_saturated(_posterised(rgb, 9), 1.25), rgb, 0.7),
    "digital art": lambda rgb: _detailed(_saturated(_curve(rgb, 0.22), 1.22), 0.3),
    "photographic": lambda rgb: _graded(rgb, 0.08, 0.94, (3, 2, 0), (2, 1, -3)),
    "fantasy art": _glowing,
    "neonpunk": _neonpunk,
    "enhance": lambda rgb: _detailed(_curve(rgb, 0.10), 0.4),
    "comic book": _comic,
    "lowpoly": _lowpoly,
    "line art": _line_art,
}

# --- a style tune ---------------------------------------------------------------------------------------------------


def styled(layers: Sequence[Layer], subjects: Sequence[Subject]) -> list[Layer]:
    """Tunes of class "style" that nothing has learned: the scene takes on the colours of their first picture, as much
    as their weight says.
    """
    layers = list(layers)
    for subject in subjects:
        learned = bool(subject.profile)
        if subject.name == "style" and subject.pictures and subject.weight > 0 and not learned:
            goal = moments(photo.shrunk(photo.load(subject.pictures[0]), 200))
            own = moments(layers[0].rgb)
            layers = [replace(layer, rgb=towards(layer.rgb, own, goal, min(subject.weight, 1.0))) for layer in layers]
    return layers


def recoloured(rgb: Array, model: Array, share: float) -> Array:
    """The colours of `model` on `rgb`, as much as `share` says (0 leaves every pixel as it is)."""
    return towards(rgb, moments(rgb), moments(model), share) if share > 0 else rgb


def moments(rgb: Array) -> tuple[Array, Array]:
    lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab).reshape(-1, 3).astype(np.float32)
    return lab.mean(0), lab.std(0) + 1e-3


def towards(rgb: Array, own: tuple[Array, Array], goal: tuple[Array, Array], share: float) -> Array:
    """Reinhard's colour transfer in Lab: means and deviations of one picture onto another."""
    lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab).astype(np.float32)
    moved = (lab - own[0]) * np.clip(goal[1] / own[1], 0.5, 2.0) + goal[0]
    out = np.clip(lab + share * (moved - lab), 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(out, cv2.COLOR_Lab2RGB))
