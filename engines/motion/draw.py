"""Warp pictures onto the planes of one frame: a photo through its depth, or flat layers from far to near."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np

from engines.motion import camera
from engines.motion.planes import Array, Picture, Planes

MOST_BEND = 0.012  # of the view's width, peak to peak; about a fifth of it is left beside the line that fits best
CELL = 8  # maps are computed on this grid and enlarged bilinearly
Displace = Callable[[Array, Array, float], tuple[Array, Array]]  # canvas points, seconds → offsets, in view widths


class Grid:
    """View points at the centres of 8×8 cells (plus one cell around), and the way back to one value per sample."""

    def __init__(self, columns: int, rows: int, *, step: float, phase: float, view: tuple[int, int]) -> None:
        """`columns`×`rows` samples; sample (i, j) is luma position (step·i, step·j + phase) of a `view` in pixels."""
        self._columns, self._rows = columns, rows
        self._cells = (-(-columns // CELL) + 2, -(-rows // CELL) + 2)
        x = (np.arange(self._cells[0]) - 1) * CELL + (CELL - 1) / 2
        y = (np.arange(self._cells[1]) - 1) * CELL + (CELL - 1) / 2
        width, height = view
        self.u = ((step * x - (width - 1) / 2) / width)[None, :] * np.ones((self._cells[1], 1))
        self.v = ((step * y + phase - (height - 1) / 2) / width)[:, None] * np.ones((1, self._cells[0]))

    def enlarge(self, x: Array, y: Array) -> Array:
        """Two values per cell → a float32 map of rows × columns × 2."""
        small = np.dstack([x, y]).astype(np.float32)
        size = (self._cells[0] * CELL, self._cells[1] * CELL)
        big = cv2.resize(small, size, interpolation=cv2.INTER_LINEAR)
        return np.asarray(big[CELL : CELL + self._rows, CELL : CELL + self._columns])


@dataclass(frozen=True)
class Depth:
    """A depth map laid over the canvas; `at` gives δ = depth − pivot for canvas points in view widths."""

    values: Array
    pivot: float
    canvas: tuple[float, float, float, float]  # left, top, width, height in view widths

    def at(self, x: Array, y: Array) -> Array:
        left, top, width, height = self.canvas
        rows, columns = self.values.shape
        column = ((x - left) / width * columns - 0.5).astype(np.float32)
        row = ((y - top) / height * rows - 0.5).astype(np.float32)
        near = cv2.remap(self.values, column, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(near - np.float32(self.pivot))


@dataclass(frozen=True)
class Relief:
    """A tilted plane of depth and, on it, a bulge of which a share is used; `at` as `Depth.at`.

    The plane leaves straight lines straight. The bulge bends them, so the share is chosen for each path.
    """

    across: float  # the plane's rise per view width to the right
    down: float  # … and downwards
    bulge: Depth  # what remains of the depth above the plane, its mean 0
    share: float = 1.0

    def at(self, x: Array, y: Array) -> Array:
        plane = self.across * x + self.down * y
        return np.asarray(plane + self.share * self.bulge.at(x, y) if self.share else plane)

    def steepness(self) -> float:
        """Slope of the plane per view width."""
        return float(np.hypot(self.across, self.down))

    def straight(self, path: camera.Path) -> Relief:
        """With as much of the bulge as the path lets no line bend by more than about 1/400 of the view."""
        height = float(np.ptp(self.bulge.values)) + 1e-9
        moved = float((np.hypot(path.tx, path.ty) + 0.5 * np.abs(path.kz)).max()) + 1e-9
        return replace(self, share=min(1.0, MOST_BEND / (height * moved)))


def relief(values: Array, canvas: tuple[float, float, float, float]) -> Relief:
    """A depth map as the plane that fits it best, 0 at the view's centre, and the rest."""
    left, top, width, height = canvas
    rows, columns = values.shape
    x = np.broadcast_to(left + (np.arange(columns) + 0.5) / columns * width, values.shape)
    y = np.broadcast_to((top + (np.arange(rows) + 0.5) / rows * height)[:, None], values.shape)
    design = np.stack([x.ravel(), y.ravel(), np.ones(values.size)], axis=1)
    fitted, *_rest = np.linalg.lstsq(design, values.ravel().astype(np.float64), rcond=None)
    rest = values - (design @ fitted).reshape(values.shape)
    return Relief(float(fitted[0]), float(fitted[1]), Depth(rest.astype(np.float32), 0.0, canvas))


class PhotoLayer:
    """One opaque picture warped through its depth map."""

    def __init__(self, source: Picture, depth: Relief, *, origin: tuple[int, int], view: tuple[int, int]) -> None:
        """`origin`: where the view at rest begins on the picture, in pixels; `view`: its size."""
        self.source, self.depth, self._origin, self._view = source, depth, origin, view
        width, height = view
        self._luma = Grid(width, height, step=1, phase=0, view=view)
        self._chroma = Grid(width // 2, height // 2, step=2, phase=0.5, view=view)
        self._flags = cv2.INTER_LINEAR if source.scale == 2 else cv2.INTER_CUBIC

    def draw(self, planes: Planes, path: camera.Path, frame: int, displace: Displace | None, seconds: float) -> None:
        scale = self.source.scale
        x, y = self._pixels(self._luma, path, frame, displace, seconds)
        luma = self._luma.enlarge(x * scale, y * scale)
        cv2.remap(self.source.y, luma, None, self._flags, dst=planes.y, borderMode=cv2.BORDER_REFLECT_101)
        x, y = self._pixels(self._chroma, path, frame, displace, seconds)
        chroma = self._chroma.enlarge(x / 2, (y - 0.5) / 2)
        uv = cv2.remap(self.source.uv, chroma, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
        planes.u[:], planes.v[:] = uv[..., 0], uv[..., 1]

    def _pixels(
        self, grid: Grid, path: camera.Path, frame: int, displace: Displace | None, seconds: float
    ) -> tuple[Array, Array]:
        x, y = camera.locate(path, frame, grid.u, grid.v, self.depth.at)
        if displace is not None:
            dx, dy = displace(x, y, seconds)
            x, y = x + dx, y + dy
        width, height = self._view
        return x * width + (width - 1) / 2 + self._origin[0], y * width + (height - 1) / 2 + self._origin[1]


class Stir:
    """Moves parts of a finished frame by themselves: water, leaves, clouds of a painted scene."""

    def __init__(self, displace: Displace, width: int, height: int) -> None:
        self._displace, self._width = displace, width
        self._luma = Grid(width, height, step=1, phase=0, view=(width, height))
        self._chroma = Grid(width // 2, height // 2, step=2, phase=0.5, view=(width, height))

    def apply(self, planes: Planes, path: camera.Path, frame: int, seconds: float) -> None:
        for grid, own, step in ((self._luma, planes[:1], 1), (self._chroma, planes[1:], 2)):
            x, y = camera.locate(path, frame, grid.u, grid.v, lambda u, _v: np.zeros(np.shape(u)))
            dx, dy = self._displace(x, y, seconds)
            zoom = float(np.exp(path.lnz[frame])) * self._width / step
            rows, columns = own[0].shape
            to = grid.enlarge(dx * zoom, dy * zoom) + _places(rows, columns)
            for plane in own:
                plane[:] = cv2.remap(plane, to, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)


@lru_cache(maxsize=4)
def _places(rows: int, columns: int) -> Array:
    return np.dstack(np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32)))


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
