"""Warp flat layers onto the planes of one frame, from far to near: painted scenes, and cards in space.

Time goes into warping pixels, so each frame is cut into tiles, and a sheet is drawn only in those where it shows:
not where it is empty, not where a nearer sheet is opaque; without its alpha where it is opaque itself, and at half the
size where it has no fine detail, as in the sky, in clouds and in mist.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import cv2
import numpy as np

from engines.motion import camera
from engines.motion.planes import Array, Picture, Planes
from engines.motion.tiles import Blocks, corners, held, rectangles

Window = tuple[int, int, int, int]  # left, top, right, bottom in pixels of the view, even


@dataclass(frozen=True)
class Sheet:
    """A flat layer of a painted scene, at one depth. The first sheet of a scene is opaque."""

    source: Picture
    delta: float  # depth − pivot
    drift: float = 0.0  # view widths a second that it glides to the right by itself
    repeat: int = 0  # columns after which a drifting sheet repeats itself; its picture holds two rounds
    at: tuple[int, int] = (0, 0)  # where the picture lies on the canvas, in pixels; the rest of the canvas is empty
    blocks: Blocks | None = None  # where it is empty and where it is opaque; None: opaque everywhere

    @cached_property
    def half(self) -> Array:
        """Y, U, V and alpha at half the size in one array: OpenCV warps four channels faster than two."""
        u, v = cv2.split(self.source.uv)
        y = cv2.resize(self.source.single(), (u.shape[1], u.shape[0]), interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.merge([y, u, v, u if self.source.alpha_uv is None else self.source.alpha_uv]))


def draw_sheets(
    planes: Planes,
    sheets: Sequence[Sheet],
    path: camera.Path,
    frame: int,
    *,
    origin: tuple[int, int],
    seconds: float,
    scale: float = 1.0,
) -> None:
    """All sheets, far to near, onto the planes. Premultiplied: dst = dst·(1 − α) + source.

    `origin`: the rest view's corner on the canvas, in pixels of the view; the sheets are `scale` times as large.
    """
    height, width = planes.y.shape
    to_sheet = np.array([[scale, 0, 0.5 * scale - 0.5], [0, scale, 0.5 * scale - 0.5], [0, 0, 1]])
    matrices = []
    for sheet in sheets:
        glide = (-sheet.drift * seconds * width * scale) % sheet.repeat if sheet.repeat else 0.0
        own = _translation(glide - sheet.at[0], -sheet.at[1]) @ to_sheet @ _translation(*origin)
        matrices.append(own @ sheet_matrix(path, frame, sheet.delta, (width, height)))
    for sheet, to_canvas, windows in zip(sheets, matrices, _plan(sheets, matrices, (width, height)), strict=True):
        laid = _Laid(sheet, to_canvas, cv2.BORDER_REPLICATE)
        for window in windows.opaque_soft:
            laid.softly_over(planes, window, opaque=True)
        for window in windows.opaque:
            laid.over(planes, window, opaque=True)
        for window in windows.mixed_soft:
            laid.softly_over(planes, window)
        for window in windows.mixed:
            laid.over(planes, window)


class _Windows(NamedTuple):
    """Where to draw a sheet: as it is or at half the size, alone or mixed with what is behind."""

    opaque_soft: list[Window]
    opaque: list[Window]
    mixed_soft: list[Window]
    mixed: list[Window]


def _plan(sheets: Sequence[Sheet], matrices: Sequence[Array], view: tuple[int, int]) -> list[_Windows]:
    """For each sheet its windows. Where a nearer sheet is opaque it does not matter what is drawn before."""
    points = corners(*view)
    covered = np.zeros((points.shape[0] - 1, points.shape[1] - 1), bool)
    plan = []
    for sheet, to_canvas in zip(reversed(sheets), reversed(matrices), strict=True):
        some, full, fine = _seen(sheet, points @ to_canvas.T)
        shown = some & ~covered
        mixed_soft = rectangles(shown & ~full & ~fine, view, room=~fine)
        taken = held(mixed_soft, fine)  # nothing is to be mixed twice
        plan.append(
            _Windows(
                opaque_soft=rectangles(shown & full & ~fine, view, room=full),
                opaque=rectangles(shown & full & fine, view, room=full),
                mixed_soft=mixed_soft,
                mixed=rectangles(shown & ~full & ~taken, view, room=~taken),
            )
        )
        covered |= full
    return plan[::-1]


def _seen(sheet: Sheet, points: Array) -> tuple[Array, Array, Array]:
    if sheet.blocks is not None:
        return sheet.blocks.seen(points)
    everywhere = np.ones((points.shape[0] - 1, points.shape[1] - 1), bool)
    return everywhere, everywhere, everywhere


def sheet_matrix(path: camera.Path, frame: int, delta: float, view: tuple[int, int]) -> Array:
    """`camera.locate` for a plane at depth `delta`, as a homography: view pixels → canvas pixels from the rest view."""
    width, height = view
    ax, ay = path.anchor
    pull = 1 / (1 + path.kz[frame] * delta)
    zoom = pull * np.exp(-path.lnz[frame])
    cos, sin = zoom * np.cos(path.roll[frame]), zoom * np.sin(path.roll[frame])
    px = ax + pull * path.px[frame] + path.tx[frame] * delta
    py = ay + pull * path.py[frame] + path.ty[frame] * delta
    similarity = np.array([[cos, -sin, px - cos * ax + sin * ay], [sin, cos, py - sin * ax - cos * ay], [0, 0, 1]])
    perspective = np.array([[1.0, 0, 0], [0, 1, 0], [path.yaw[frame], 0, 1]])
    to_view = np.array([[1, 0, -(width - 1) / 2], [0, 1, -(height - 1) / 2], [0, 0, width]]) / width
    return np.asarray(np.linalg.inv(to_view) @ similarity @ perspective @ to_view)


def _translation(x: float, y: float) -> Array:
    return np.array([[1.0, 0, x], [0, 1, y], [0, 0, 1]])


def draw_card(planes: Planes, sheet: Sheet, to_card: Array) -> None:
    """A sheet that ends at its edges; `to_card` takes view pixels to its own."""
    height, width = planes.y.shape
    window = _window(to_card, sheet, width, height)
    if window[2] > window[0] and window[3] > window[1]:
        _Laid(sheet, to_card, cv2.BORDER_CONSTANT).over(planes, window, opaque=sheet.source.alpha is None)


def _window(to_card: Array, sheet: Sheet, width: int, height: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of where the sheet can be seen, even."""
    w, h = sheet.source.width, sheet.source.height
    corners = np.linalg.inv(to_card) @ np.array([[0.0, w, 0, w], [0, 0, h, h], [1, 1, 1, 1]])
    x, y = corners[0] / corners[2], corners[1] / corners[2]
    left, top = (int(np.clip(value.min() - 2, 0, most)) // 2 * 2 for value, most in ((x, width), (y, height)))
    right, bottom = (
        min(-(-int(np.clip(value.max() + 2, 0, most)) // 2) * 2, most) for value, most in ((x, width), (y, height))
    )
    return left, top, right, bottom


class _Laid:
    """A sheet where it lies in one frame, laid over the planes window by window."""

    def __init__(self, sheet: Sheet, to_canvas: Array, border: int) -> None:
        self._sheet, scale = sheet, sheet.source.scale
        # Chroma sample (i, j) is luma (2i, 2j + ½) on both sides.
        self._luma = _Warp(np.diag([scale, scale, 1.0]) @ to_canvas, border)
        self._half = _Warp(_CHROMA_OF_LUMA @ to_canvas @ _LUMA_OF_CHROMA, border)

    def over(self, planes: Planes, window: Window, *, opaque: bool = False) -> None:
        left, top, right, bottom = window
        source = self._sheet.source
        sampled = self._luma.window(window)
        half = self._half.window((left // 2, top // 2, right // 2, bottom // 2))(self._sheet.half)
        luma = planes.y[top:bottom, left:right]
        if opaque or source.alpha is None:
            luma[:] = sampled(source.y)
        else:
            _over(luma, sampled(source.y), cv2.bitwise_not(sampled(source.alpha)))
        _lay_chroma(planes, window, half, opaque=opaque)

    def softly_over(self, planes: Planes, window: Window, *, opaque: bool = False) -> None:
        """From half the size. One sample more on each side, so that neighbouring windows join without a seam."""
        left, top, right, bottom = window
        half = self._half.window((left // 2 - 1, top // 2 - 1, right // 2 + 1, bottom // 2 + 1))(self._sheet.half)
        luma = planes.y[top:bottom, left:right]
        if opaque:
            luma[:] = _twice(cv2.extractChannel(half, 0))
        else:
            _over(luma, _twice(cv2.extractChannel(half, 0)), cv2.bitwise_not(_twice(cv2.extractChannel(half, 3))))
        _lay_chroma(planes, window, half[1:-1, 1:-1], opaque=opaque)


def _twice(plane: Array) -> Array:
    """Twice the size, without the outermost sample."""
    height, width = plane.shape
    return np.asarray(cv2.resize(plane, (2 * width, 2 * height), interpolation=cv2.INTER_LINEAR)[2:-2, 2:-2])


def _lay_chroma(planes: Planes, window: Window, half: Array, *, opaque: bool) -> None:
    left, top, right, bottom = (edge // 2 for edge in window)
    u, v = (plane[top:bottom, left:right] for plane in (planes.u, planes.v))
    if opaque:
        cv2.mixChannels([half], [u, v], [1, 0, 2, 1])
        return
    clear = cv2.bitwise_not(cv2.extractChannel(half, 3))
    _over(u, cv2.extractChannel(half, 1), clear)
    _over(v, cv2.extractChannel(half, 2), clear)


_CHROMA_OF_LUMA = np.array([[0.5, 0, 0], [0, 0.5, -0.25], [0, 0, 1]])
_LUMA_OF_CHROMA = np.array([[2.0, 0, 0], [0, 2, 0.5], [0, 0, 1]])


def _over(target: Array, source: Array, clear: Array) -> None:
    cv2.add(cv2.multiply(target, clear, scale=1 / 255), source, dst=target)


class _Warp:
    """Samples planes through a homography, bilinearly."""

    def __init__(self, matrix: Array, border: int) -> None:
        self._matrix, self._border = matrix / matrix[2, 2], border
        self._flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        self._affine = abs(matrix[2, 0]) + abs(matrix[2, 1]) < 1e-12

    def window(self, window: Window) -> Callable[[Array], Array]:
        """What a plane shows in a window."""
        left, top, right, bottom = window
        size, border = (right - left, bottom - top), self._border
        matrix = self._matrix.copy()
        matrix[:, 2] += left * matrix[:, 0] + top * matrix[:, 1]
        if self._affine:
            matrix = matrix[:2]
            return lambda plane: cv2.warpAffine(plane, matrix, size, flags=self._flags, borderMode=border)
        if matrix[2, 1]:
            return lambda plane: cv2.warpPerspective(plane, matrix, size, flags=self._flags, borderMode=border)
        maps = _upright(matrix, *size)
        return lambda plane: cv2.remap(plane, *maps, cv2.INTER_LINEAR, borderMode=border)


def _upright(matrix: Array, width: int, height: int) -> tuple[Array, Array]:
    """Places to sample when the view only turns about its upright axis: linear along each column, so quick."""
    start = np.outer(matrix[:, 0], np.arange(width)) + matrix[:, 2:]
    step = (matrix[:2, 1:2] / start[2]).astype(np.float32)
    start = (start[:2] / start[2]).astype(np.float32)
    y = np.arange(height, dtype=np.float32)[:, None]
    x_map, y_map = y * step[0], y * step[1]
    x_map += start[0]
    y_map += start[1]
    return x_map, y_map
