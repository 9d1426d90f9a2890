"""Warp flat layers onto the planes of one frame, from far to near: painted scenes, and cards in space.

Time goes into warping pixels, so each frame is cut into tiles, and a sheet is drawn only in those where it shows:
not where it is empty, not where a nearer sheet is opaque, and without its alpha where it is opaque itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from engines.motion import camera
from engines.motion.planes import Array, Picture, Planes
from engines.motion.tiles import TILE, Blocks, corners, rectangles

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
    def chroma(self) -> Array:
        """U, V and alpha in one array: OpenCV warps three channels faster than two."""
        u, v = cv2.split(self.source.uv)
        return np.asarray(cv2.merge([u, v, u if self.source.alpha_uv is None else self.source.alpha_uv]))


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
    plan = _plan(sheets, matrices, (width, height))
    middle = _middle(plan, height)

    def draw(top: int, bottom: int) -> None:
        for sheet, to_canvas, windows in zip(sheets, matrices, plan, strict=True):
            for opaque, own in zip((True, False), windows, strict=True):
                for left, high, right, low in own:
                    part = (left, max(high, top), right, min(low, bottom))
                    _draw_window(planes, sheet, to_canvas, part, cv2.BORDER_REPLICATE, opaque=opaque)

    # OpenCV would not share windows this small between the cores.
    with ThreadPoolExecutor(1) as other:
        upper = other.submit(draw, 0, middle)
        draw(middle, height)
        upper.result()


def _middle(plan: Sequence[tuple[list[Window], list[Window]]], height: int) -> int:
    """The row, a whole tile, above which half of the work lies; mixed windows are twice the work of opaque ones."""
    work = np.zeros(-(-height // TILE))
    for weight, windows in (
        (1, [w for opaque, _mixed in plan for w in opaque]),
        (2, [w for _opaque, mixed in plan for w in mixed]),
    ):
        for left, top, right, bottom in windows:
            work[top // TILE : -(-bottom // TILE)] += weight * (right - left)
    return min(height, TILE * (1 + int(np.searchsorted(np.cumsum(work), work.sum() / 2))))


def _plan(
    sheets: Sequence[Sheet], matrices: Sequence[Array], view: tuple[int, int]
) -> list[tuple[list[Window], list[Window]]]:
    """For each sheet the windows in which it is opaque, and those in which it mixes with what is behind."""
    points = corners(*view)
    covered = np.zeros((points.shape[0] - 1, points.shape[1] - 1), bool)
    plan = []
    for sheet, to_canvas in zip(reversed(sheets), reversed(matrices), strict=True):
        some, full = sheet.blocks.seen(points @ to_canvas.T) if sheet.blocks else (~covered, np.ones_like(covered))
        shown = some & ~covered
        # Where a nearer sheet is opaque it does not matter what is drawn before.
        opaque = rectangles(shown & full, view, room=full)
        plan.append((opaque, rectangles(shown & ~full, view)))
        covered |= full
    return plan[::-1]


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
    _draw_window(planes, sheet, to_card, _window(to_card, sheet, width, height), cv2.BORDER_CONSTANT)


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
    planes: Planes, sheet: Sheet, to_canvas: Array, window: Window, border: int, *, opaque: bool = False
) -> None:
    """Warp the sheet into a window of the planes and lay it over them; `opaque`: its alpha is full there."""
    left, top, right, bottom = window
    if right <= left or bottom <= top:
        return
    source, scale = sheet.source, sheet.source.scale
    # Chroma sample (i, j) is luma (2i, 2j + ½) on both sides.
    luma = _Warp(np.diag([scale, scale, 1.0]) @ to_canvas @ _translation(left, top), right - left, bottom - top, border)
    chroma = _Warp(
        _CHROMA_OF_LUMA @ to_canvas @ _LUMA_OF_CHROMA @ _translation(left // 2, top // 2),
        (right - left) // 2, (bottom - top) // 2, border,
    )  # fmt: skip
    target_y = planes.y[top:bottom, left:right]
    target_u, target_v = (plane[top // 2 : bottom // 2, left // 2 : right // 2] for plane in (planes.u, planes.v))
    u, v, alpha_uv = cv2.split(chroma(sheet.chroma))
    if opaque or source.alpha is None:
        target_y[:], target_u[:], target_v[:] = luma(source.y), u, v
        return
    clear_uv = cv2.bitwise_not(alpha_uv)
    _over(target_y, luma(source.y), cv2.bitwise_not(luma(source.alpha)))
    _over(target_u, u, clear_uv)
    _over(target_v, v, clear_uv)


_CHROMA_OF_LUMA = np.array([[0.5, 0, 0], [0, 0.5, -0.25], [0, 0, 1]])
_LUMA_OF_CHROMA = np.array([[2.0, 0, 0], [0, 2, 0.5], [0, 0, 1]])


def _over(target: Array, source: Array, clear: Array) -> None:
    cv2.add(cv2.multiply(target, clear, scale=1 / 255), source, dst=target)


class _Warp:
    """Samples planes of one size through a homography, bilinearly."""

    def __init__(self, matrix: Array, width: int, height: int, border: int) -> None:
        self._matrix, self._size, self._border = matrix, (width, height), border
        self._flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        self._affine = abs(matrix[2, 0]) + abs(matrix[2, 1]) < 1e-12
        self._maps = None if self._affine or matrix[2, 1] else self._upright(matrix, width, height)

    @staticmethod
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

    def __call__(self, plane: Array) -> Array:
        if self._maps is not None:
            return np.asarray(cv2.remap(plane, *self._maps, cv2.INTER_LINEAR, borderMode=self._border))
        if self._affine:
            matrix = self._matrix[:2] / self._matrix[2, 2]
            return np.asarray(cv2.warpAffine(plane, matrix, self._size, flags=self._flags, borderMode=self._border))
        return np.asarray(
            cv2.warpPerspective(plane, self._matrix, self._size, flags=self._flags, borderMode=self._border)
        )
