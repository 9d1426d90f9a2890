"""A picture continued beyond its edges on a larger canvas: what lies near an edge goes on, mirrored and more and more
stretched; with words, a painted scene takes over further out. The picture itself stays as it is, to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import cv2
import numpy as np

from engines.motion import cutout, enlarge, finish, noise
from engines.motion.chance import generator
from engines.motion.planes import Array

ANCHORS: Mapping[str, tuple[float, float]] = {
    "top-left": (0, 0), "top-center": (0.5, 0), "top-right": (1, 0),
    "left-center": (0, 0.5), "center": (0.5, 0.5), "right-center": (1, 0.5),
    "bottom-left": (0, 1), "bottom-center": (0.5, 1), "bottom-right": (1, 1),
}  # fmt: skip
SIDE_MIN = 64
_LEAST_NEW = 0.04  # of a side: a picture that leaves less than this is made smaller first
_SMALLER = 2 / 3
_REACH = (0.13, 0.10)  # of the picture's sides: how deep into it the continuation looks, sideways and up or down
_REACH_OF_SUBJECT = 0.03
_SCENE_FROM, _SCENE_TO = 0.03, 0.20  # of the canvas' shorter side: where the painted scene begins, and is alone

Painter = Callable[[str, int, int], Array]  # words, width, height → RGB


class Place(NamedTuple):
    """Where the picture lies on the canvas; all in pixels."""

    left: int
    top: int
    width: int
    height: int
    canvas: tuple[int, int]  # width, height


def place(width: int, height: int, options: Mapping[str, Any]) -> Place | None:
    """Read the flags for a picture of this size; None where they ask for nothing that can be done.

    A missing side of the canvas is as long as the other one; without both it is half as large again.
    """
    anchor = ANCHORS.get(str(options.get("outpaint") or "").strip().lower())
    if anchor is None:
        return None
    sides = [enlarge.number(options.get(f"outpaint_{side}")) for side in ("width", "height")]
    wide, high = sides[0] or sides[1] or 1.5 * width, sides[1] or sides[0] or 1.5 * height
    canvas = tuple(round(min(max(side, SIDE_MIN), enlarge.LONGEST)) for side in (wide, high))
    scale = min(1.0, canvas[0] / width, canvas[1] / height)
    if min(scale * width / canvas[0], scale * height / canvas[1]) > 1 - _LEAST_NEW:
        scale *= _SMALLER
    shown = max(1, round(width * scale)), max(1, round(height * scale))
    left, top = (round(share * (whole - part)) for share, whole, part in zip(anchor, canvas, shown, strict=True))
    return Place(left, top, *shown, (canvas[0], canvas[1]))


def continued(rgb: Array, where: Place, *, words: str, seed: int, painter: Painter) -> Array:
    """The canvas. `painter` is asked only when there are words for what lies outside."""
    picture = rgb
    if rgb.shape[:2] != (where.height, where.width):
        picture = cv2.resize(rgb, (where.width, where.height), interpolation=cv2.INTER_AREA)
    canvas = _grown(np.asarray(picture), where, seed)
    if words:
        canvas = _surrounded(canvas, painter(words, *where.canvas), where, seed)
    canvas[where.top : where.top + where.height, where.left : where.left + where.width] = picture
    return canvas


# --- from the picture itself ----------------------------------------------------------------------------------------


def _grown(picture: Array, where: Place, seed: int) -> Array:
    """Its background goes on far into the canvas, mirrored; a subject that an edge cuts off goes on straight."""
    alpha = cutout.alpha(picture)
    if alpha is None:
        return _textured(_mirrored(picture, where, _REACH, seed), picture, where, seed)
    ground = _textured(_mirrored(_without(picture, alpha), where, _REACH, seed), picture, where, seed)
    straight = (_REACH_OF_SUBJECT, _REACH_OF_SUBJECT)
    body, share = (_mirrored(plane, where, straight, seed) for plane in (picture, alpha))
    body = _softening(body, where)
    reach = max(1.0, 0.01 * min(where.canvas))
    weight = cv2.GaussianBlur(share, (0, 0), reach).astype(np.float32)[..., None] / 255
    return np.asarray(np.rint(ground + (body.astype(np.float32) - ground) * weight).astype(np.uint8))


def _softening(body: Array, where: Place) -> Array:
    """What goes on straight, ever softer: its stripes become folds."""
    across, down = _outside(where)
    near, far = (cv2.GaussianBlur(body, (0, 0), share * min(where.canvas)) for share in (0.012, 0.05))
    away = np.hypot(across, down)[..., None] / min(where.canvas)
    first, second = np.clip(away / 0.12, 0, 1), np.clip((away - 0.12) / 0.4, 0, 1)
    soft = body + first * (near.astype(np.float32) - body)
    return np.asarray(np.rint(soft + second * (far - soft)).astype(np.uint8))


def _without(picture: Array, alpha: Array) -> Array:
    """The picture with its subject filled in from around it: low frequencies are enough for what is mirrored."""
    small = _small(picture)
    hole = cv2.dilate(cv2.resize(alpha, small, interpolation=cv2.INTER_AREA), np.ones((7, 7), np.uint8))
    filled = cv2.inpaint(
        cv2.resize(picture, small, interpolation=cv2.INTER_AREA), (hole > 8).astype(np.uint8), 5, cv2.INPAINT_TELEA
    )
    size = (picture.shape[1], picture.shape[0])
    share = cv2.GaussianBlur(cv2.resize(hole, size, interpolation=cv2.INTER_LINEAR), (0, 0), size[0] / 160)
    weight = share.astype(np.float32)[..., None] / 255
    plain = cv2.resize(filled, size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.rint(picture + (plain.astype(np.float32) - picture) * weight).astype(np.uint8))


def _small(picture: Array) -> tuple[int, int]:
    """Width and height at which filling a hole is quick."""
    scale = min(1.0, 320 / max(picture.shape[:2]))
    return max(8, round(picture.shape[1] * scale)), max(8, round(picture.shape[0] * scale))


def _mirrored(plane: Array, where: Place, reach: tuple[float, float], seed: int) -> Array:
    """Each canvas pixel looks back across the nearest edge, as deep as `reach` (shares of the sides) and no deeper.

    The view is continuous in value and slope at the edge, and bent a little further out, so that no axis shows.
    """
    width, height = where.canvas
    across, down = _outside(where)
    deep_x, deep_y = reach[0] * where.width, reach[1] * where.height
    x = _looked_up(np.arange(width) - where.left, where.width, deep_x)
    y = _looked_up(np.arange(height) - where.top, where.height, deep_y)
    bend = noise.value(generator(seed, "outpaint bend"), height, width, max(8.0, 0.2 * min(where.canvas)), 2) - 0.5
    map_x = x[None, :] + bend * np.minimum(0.9 * down, deep_x)
    map_y = y[:, None] + bend * np.minimum(0.5 * across, deep_y)
    return np.asarray(
        cv2.remap(
            plane,
            map_x.astype(np.float32),
            map_y.astype(np.float32),
            cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REFLECT_101,
        )
    )


def _looked_up(position: Array, length: int, deep: float) -> Array:
    """Where along one axis to look: inside the picture at the place itself, outside ever slower away from the edge."""
    before, after = np.maximum(-position, 0.0), np.maximum(position - (length - 1.0), 0.0)
    back = deep * (1 - np.exp(-(before + after) / max(deep, 1e-6)))
    return np.asarray(np.where(before > 0, back, np.where(after > 0, length - 1 - back, position)))


def _outside(where: Place) -> tuple[Array, Array]:
    """How far each pixel lies from the picture, sideways (a row) and up or down (a column); 0 beside it."""
    width, height = where.canvas
    x, y = np.arange(width, dtype=np.float32) - where.left, np.arange(height, dtype=np.float32) - where.top
    across = np.maximum(np.maximum(-x, x - (where.width - 1)), 0)
    down = np.maximum(np.maximum(-y, y - (where.height - 1)), 0)
    return across[None, :], down[:, None]


def _textured(canvas: Array, picture: Array, where: Place, seed: int) -> Array:
    """Soften what is stretched, and give it the picture's grain and weave back, as strong as they are near the edge."""
    across, down = _outside(where)
    rates = [np.exp(-away / (reach * side)) for away, reach, side in
             ((across, _REACH[0], where.width), (down, _REACH[1], where.height))]  # fmt: skip
    stretched = (1 - rates[0] * rates[1]).astype(np.float32)
    coarse = max(1.5, 0.006 * min(picture.shape[:2]))
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine = grey - cv2.GaussianBlur(grey, (0, 0), coarse)
    strength = cv2.GaussianBlur(np.minimum(np.abs(fine), 3 * np.median(np.abs(fine)) + 1), (0, 0), 4 * coarse)
    weave = _woven(fine, canvas.shape[:2], seed) * _mirrored(strength, where, _REACH, seed)
    soft = cv2.GaussianBlur(canvas, (0, 0), 3 * coarse).astype(np.float32)
    filled = canvas + stretched[..., None] * (0.7 * (soft - canvas) + weave[..., None])
    return np.asarray(np.clip(np.rint(filled), 0, 255).astype(np.uint8))


def _woven(fine: Array, shape: tuple[int, ...], seed: int) -> Array:
    """A texture with the spectrum of `fine` and nothing of its forms: its phases are chance (Galerne et al., 2011).
    Of mean strength 1, repeated over `shape`.
    """
    limit = 3 * float(np.median(np.abs(fine))) + 1
    spectrum = np.abs(np.fft.rfft2(np.clip(fine, -limit, limit)))
    chance = np.fft.rfft2(generator(seed, "outpaint weave").standard_normal(fine.shape))
    texture = np.fft.irfft2(spectrum * chance / (np.abs(chance) + 1e-9), s=fine.shape)
    texture /= np.abs(texture).mean() + 1e-9
    times = [-(-whole // part) for whole, part in zip(shape, texture.shape, strict=True)]
    return np.asarray(np.tile(texture, times)[: shape[0], : shape[1]].astype(np.float32))


# --- from words -----------------------------------------------------------------------------------------------------


def _surrounded(canvas: Array, scene: Array, where: Place, seed: int) -> Array:
    """The painted scene takes over with distance, along a ragged front and in the light of the picture."""
    across, down = _outside(where)
    distance = np.hypot(across, down) / min(where.canvas)
    width, height = where.canvas
    ragged = noise.value(generator(seed, "outpaint front"), height, width, max(4.0, 0.08 * min(where.canvas)), 3)
    at = np.clip((distance + 0.16 * (ragged - 0.5) - _SCENE_FROM) / (_SCENE_TO - _SCENE_FROM), 0, 1)
    at = np.minimum(at, distance / _SCENE_FROM)  # nothing at the very edge
    share = (at * at * (3 - 2 * at)).astype(np.float32)[..., None]
    scene = finish.recoloured(scene, canvas, 0.35)
    return np.asarray(np.rint(canvas + (scene.astype(np.float32) - canvas) * share).astype(np.uint8))
