"""Warp flat layers onto the planes of one frame, from far to near: painted scenes, and cards in space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from engines.motion import camera
from engines.motion.planes import Array, Picture, Planes


@dataclass(frozen=True)
class Sheet:
    """A flat layer of a painted scene, at one depth. The first sheet of a scene is opaque. Rows are of the canvas."""

    source: Picture
    delta: float  # depth − pivot
    drift: float = 0.0  # view widths a second that it glides to the right by itself
    repeat: int = 0  # columns after which a drifting sheet repeats itself; its picture holds two rounds
    top: int = 0  # first row that is not empty
    solid: int | None = None  # first row from which all is opaque, down to the last


def draw_sheets(
    planes: Planes, sheets: Sequence[Sheet], path: camera.Path, frame: int, *, origin: tuple[int, int], seconds: float
) -> None:
    """All sheets, far to near, onto the planes. Premultiplied: dst = dst·(1 − α) + source.

    What a nearer sheet hides is not drawn: the painted ground covers half of everything behind it.
    """
    height, width = planes.y.shape
    matrices = []
    for sheet in sheets:
        glide = (-sheet.drift * seconds * width) % sheet.repeat if sheet.repeat else 0.0
        matrices.append(
            _translation(origin[0] + glide, origin[1]) @ sheet_matrix(path, frame, sheet.delta, (width, height))
        )
    bottoms = _bottoms(sheets, matrices, width, height)
    for sheet, to_canvas, bottom in zip(sheets, matrices, bottoms, strict=True):
        top = int(np.clip(_rows(to_canvas, sheet.top, width).min() - 2, 0, height)) // 2 * 2 if sheet.top else 0
        _draw_window(planes, sheet, to_canvas, (0, top, width, bottom), cv2.BORDER_REFLECT_101)


def _bottoms(sheets: Sequence[Sheet], matrices: Sequence[Array], width: int, height: int) -> list[int]:
    """For each sheet the row of the view, even, below which a nearer one hides it."""
    bottom, found = height, []
    for sheet, to_canvas in zip(reversed(sheets), reversed(matrices), strict=True):
        found.append(bottom)
        if sheet.solid is not None:
            hidden = float(_rows(to_canvas, sheet.solid, width).max()) + 2
            bottom = min(bottom, -(-int(np.clip(hidden, 0, height)) // 2) * 2)
    return found[::-1]


def _rows(to_canvas: Array, row: int, width: int) -> Array:
    """Where a row of the canvas lies in the view: its height at the view's left and right edge."""
    a, b, c = to_canvas[1] - row * to_canvas[2]
    x = np.array([0.0, float(width)])
    return np.asarray(-(a * x + c) / b)


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


def draw_card(planes: Planes, sheet: Sheet, to_card: Array, *, everywhere: bool = False) -> None:
    """A sheet that ends at its edges; `to_card` takes view pixels to its own. `everywhere`: it covers the view."""
    height, width = planes.y.shape
    window = (0, 0, width, height) if everywhere else _window(to_card, sheet, width, height)
    _draw_window(planes, sheet, to_card, window, cv2.BORDER_REFLECT_101 if everywhere else cv2.BORDER_CONSTANT)


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


def _draw_window(
    planes: Planes, sheet: Sheet, to_canvas: Array, window: tuple[int, int, int, int], border: int
) -> None:
    """Warp the sheet into a window (left, top, right, bottom; even) of the planes and lay it over them."""
    left, top, right, bottom = window
    if right <= left or bottom <= top:
        return
    source, scale = sheet.source, sheet.source.scale
    # Chroma sample (i, j) is luma (2i, 2j + ½) on both sides.
    luma = np.diag([scale, scale, 1.0]) @ to_canvas @ _translation(left, top)
    chroma = _CHROMA_OF_LUMA @ to_canvas @ _LUMA_OF_CHROMA @ _translation(left // 2, top // 2)
    size, half = (right - left, bottom - top), ((right - left) // 2, (bottom - top) // 2)
    y, uv = _warp(source.y, luma, size, border), _warp(source.uv, chroma, half, border)
    target_y = planes.y[top:bottom, left:right]
    target_u, target_v = (plane[top // 2 : bottom // 2, left // 2 : right // 2] for plane in (planes.u, planes.v))
    if source.alpha is None or source.alpha_uv is None:
        target_y[:], target_u[:], target_v[:] = y, uv[..., 0], uv[..., 1]
        return
    clear = cv2.bitwise_not(_warp(source.alpha, luma, size, border))
    clear_uv = cv2.bitwise_not(_warp(source.alpha_uv, chroma, half, border))
    _over(target_y, y, clear)
    _over(target_u, np.ascontiguousarray(uv[..., 0]), clear_uv)
    _over(target_v, np.ascontiguousarray(uv[..., 1]), clear_uv)


_CHROMA_OF_LUMA = np.array([[0.5, 0, 0], [0, 0.5, -0.25], [0, 0, 1]])
_LUMA_OF_CHROMA = np.array([[2.0, 0, 0], [0, 2, 0.5], [0, 0, 1]])


def _over(target: Array, source: Array, clear: Array) -> None:
    cv2.add(cv2.multiply(target, clear, scale=1 / 255), source, dst=target)


def _warp(plane: Array, matrix: Array, size: tuple[int, int], border: int) -> Array:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    if abs(matrix[2, 0]) + abs(matrix[2, 1]) < 1e-12:
        return np.asarray(cv2.warpAffine(plane, matrix[:2] / matrix[2, 2], size, flags=flags, borderMode=border))
    return np.asarray(cv2.warpPerspective(plane, matrix, size, flags=flags, borderMode=border))
