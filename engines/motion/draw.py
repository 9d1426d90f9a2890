"""Warp a photo through its depth onto the planes of one frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from engines.motion import camera
from engines.motion.planes import Array, Picture, Planes

MOST_BEND = 0.012  # of the view's width, peak to peak; about a fifth of it is left beside the line that fits best
PIECE = (640, 128)  # most pixels, across and down, that are drawn at a time
CELL = 8  # maps are computed on this grid and enlarged bilinearly
Box = tuple[int, int, int, int]  # left, top, right, bottom
Displace = Callable[[Array, Array, float], tuple[Array, Array]]  # canvas points, seconds → offsets, in view widths


class Grid:
    """View points at the centres of 8×8 cells (plus one cell around), and the way back to one value per sample."""

    def __init__(self, columns: int, rows: int, *, step: float, phase: float, view: tuple[int, int]) -> None:
        """`columns`×`rows` samples; sample (i, j) is luma position (step·i, step·j + phase) of a `view` in pixels."""
        self._columns, self._rows = columns, rows
        across, down = -(-columns // CELL) + 2, -(-rows // CELL) + 2
        x = (np.arange(across) - 1) * CELL + (CELL - 1) / 2
        y = (np.arange(down) - 1) * CELL + (CELL - 1) / 2
        width, height = view
        u, v = (step * x - (width - 1) / 2) / width, (step * y + phase - (height - 1) / 2) / width
        self.u, self.v = (np.ascontiguousarray(part, np.float32) for part in np.meshgrid(u, v))

    def enlarge(self, x: Array, y: Array) -> Array:
        """Two values per cell → a float32 map of rows × columns × 2."""
        return self.part(x, y, (0, 0, self._columns, self._rows))

    def part(self, x: Array, y: Array, box: Box) -> Array:
        """As `enlarge`, of a box of samples; left and top are multiples of a cell."""
        left, top, right, bottom = box
        columns, rows = (slice(a // CELL, -(-b // CELL) + 2) for a, b in ((left, right), (top, bottom)))
        small = np.dstack([x[rows, columns], y[rows, columns]]).astype(np.float32)
        big = cv2.resize(small, (small.shape[1] * CELL, small.shape[0] * CELL), interpolation=cv2.INTER_LINEAR)
        return np.asarray(big[CELL : CELL + bottom - top, CELL : CELL + right - left])


@dataclass(frozen=True)
class Depth:
    """A depth map laid over the canvas; `at` gives δ = depth − pivot for canvas points in view widths."""

    values: Array
    pivot: float
    canvas: tuple[float, float, float, float]  # left, top, width, height in view widths

    def at(self, x: Array, y: Array) -> Array:
        left, top, width, height = self.canvas
        rows, columns = self.values.shape
        column = ((x - left) * (columns / width) - 0.5).astype(np.float32, copy=False)
        row = ((y - top) * (rows / height) - 0.5).astype(np.float32, copy=False)
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
    level: float = 0.0  # of the plane at the view's centre

    def at(self, x: Array, y: Array) -> Array:
        plane = self.across * x + self.down * y + self.level
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


class Maps:
    """From the samples of a frame to those of a picture: `luma` and `chroma` grids, and where each cell lands."""

    def __init__(self, view: tuple[int, int], origin: tuple[int, int]) -> None:
        """`view`: the frame's size; `origin`: where the view at rest begins on the picture, both in pixels."""
        width, height = view
        self._view, self._origin = view, origin
        self.luma = Grid(width, height, step=1, phase=0, view=view)
        self.chroma = Grid(width // 2, height // 2, step=2, phase=0.5, view=view)

    def pixels(
        self, grid: Grid, path: camera.Path, frame: int, depth: Relief, stir: tuple[Displace | None, float]
    ) -> tuple[Array, Array]:
        """Where the grid's cells are on the picture, in pixels."""
        x, y = camera.locate(path, frame, grid.u, grid.v, depth.at, rounds=2)
        displace, seconds = stir
        if displace is not None:
            dx, dy = displace(x, y, seconds)
            x, y = x + dx, y + dy
        width, height = self._view
        return x * width + (width - 1) / 2 + self._origin[0], y * width + (height - 1) / 2 + self._origin[1]


class PhotoLayer:
    """One opaque picture warped through its depth map."""

    def __init__(self, source: Picture, depth: Relief, *, origin: tuple[int, int], view: tuple[int, int]) -> None:
        """`origin`: where the view at rest begins on the picture, in pixels; `view`: its size."""
        self.source, self.depth = source, depth
        self._maps = Maps(view, origin)
        self._flags = cv2.INTER_LINEAR if source.scale == 2 else cv2.INTER_CUBIC
        self._uv = four(source.uv)

    def draw(self, planes: Planes, path: camera.Path, frame: int, displace: Displace | None, seconds: float) -> None:
        cells = self.cells(path, frame, displace, seconds)
        for box in pieces((0, 0, *planes.y.shape[::-1]), 2 * CELL):
            self.draw_part(part(planes, box), box, cells)

    def fill_luma(self, luma: Array, at: Array) -> None:
        """A part of a frame's luma, by its part of the map."""
        cv2.remap(self.source.y, at, None, self._flags, dst=luma, borderMode=cv2.BORDER_REFLECT_101)

    def fill_chroma(self, planes: Planes, at: Array) -> None:
        uv = cv2.remap(self._uv, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
        cv2.mixChannels([uv], [planes.u, planes.v], [0, 0, 1, 1])

    def eased(self, path: camera.Path) -> camera.Path:
        """The path as it may be, after the relief was made as flat as the path needs it."""
        self.depth = self.depth.straight(path)
        return path

    def maps(self, path: camera.Path, frame: int, displace: Displace | None, seconds: float) -> tuple[Array, Array]:
        """Two float32 maps, for luma and chroma, in samples of the picture."""
        luma, chroma = self.cells(path, frame, displace, seconds)
        return self._maps.luma.enlarge(*luma), self._maps.chroma.enlarge(*chroma)

    def cells(
        self, path: camera.Path, frame: int, displace: Displace | None, seconds: float
    ) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        """As `maps`, x and y apart, for each cell instead of each sample."""
        scale, maps = self.source.scale, self._maps
        x, y = maps.pixels(maps.luma, path, frame, self.depth, (displace, seconds))
        u, v = maps.pixels(maps.chroma, path, frame, self.depth, (displace, seconds))
        return (x * scale, y * scale), (u / 2, (v - 0.5) / 2)

    def draw_part(self, target: Planes, box: Box, cells: tuple[tuple[Array, Array], tuple[Array, Array]]) -> None:
        """A box of a frame, its left and top multiples of 16, onto planes that hold no more than this."""
        luma, chroma = cells
        self.fill_luma(target.y, self._maps.luma.part(*luma, box))
        left, top, right, bottom = box
        self.fill_chroma(target, self._maps.chroma.part(*chroma, (left // 2, top // 2, right // 2, bottom // 2)))


def part(planes: Planes, box: Box) -> Planes:
    """A box of a frame: windows into its planes."""
    left, top, right, bottom = box
    half = slice(top // 2, bottom // 2), slice(left // 2, right // 2)
    return Planes(planes.y[top:bottom, left:right], planes.u[half], planes.v[half])


def pieces(box: Box, step: int) -> Iterator[Box]:
    """The box cut up; lefts and tops stay multiples of `step` if they are. What is done to a piece stays in the cache,
    and OpenCV does it at once: to share out so little between the cores would cost more than it gives.
    """
    left, top, right, bottom = box
    wide, high = (max(1, most // step) * step for most in PIECE)
    for y in range(top, bottom, high):
        for x in range(left, right, wide):
            yield x, y, min(x + wide, right), min(y + high, bottom)


def four(uv: Array, alpha: Array | None = None) -> Array:
    """Chroma in four channels, of which the third is the alpha: OpenCV warps four in half the time that two take."""
    spare = np.zeros(uv.shape[:2], np.uint8) if alpha is None else alpha
    return np.dstack([uv, spare, spare])
