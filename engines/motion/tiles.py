"""Which parts of a view a flat layer fills: tiles of the view, looked up in small counts of the layer's alpha."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from engines.motion.planes import Array

TILE = 32  # pixels of the view
_BLOCK = 8  # pixels of the layer
_REACH = 1.5  # pixels that sampling may look beyond a point

Window = tuple[int, int, int, int]


@dataclass(frozen=True)
class Blocks:
    """How many blocks of a layer hold anything, and how many are opaque, above and left of each: summed areas."""

    some: Array
    full: Array

    @classmethod
    def of(cls, alpha: Array, open_sides: tuple[bool, bool, bool, bool]) -> Blocks:
        """`open_sides`: at which sides (left, top, right, bottom) the layer goes on as at its edge; else it ends."""
        rows, columns = (-(-size // _BLOCK) for size in alpha.shape)
        bottom, right = rows * _BLOCK - alpha.shape[0], columns * _BLOCK - alpha.shape[1]
        padded = cv2.copyMakeBorder(alpha, 0, bottom, 0, right, cv2.BORDER_REPLICATE)
        shaped = padded.reshape(rows, _BLOCK, columns, _BLOCK)
        return cls(
            _summed(shaped.max(axis=1).max(axis=2) > 0, open_sides),
            _summed(shaped.min(axis=1).min(axis=2) == 255, open_sides),
        )

    def seen(self, points: Array) -> tuple[Array, Array]:
        """For tiles whose corners lie at `points` (rows + 1 × columns + 1 × 3, of the layer): not empty, opaque."""
        x, y = points[..., 0] / points[..., 2], points[..., 1] / points[..., 2]
        left, right = _span(x, self.some.shape[1] - 2)
        top, bottom = _span(y, self.some.shape[0] - 2)
        area = (right - left) * (bottom - top)
        return _inside(self.some, left, top, right, bottom) > 0, _inside(self.full, left, top, right, bottom) == area


def _summed(found: Array, open_sides: tuple[bool, bool, bool, bool]) -> Array:
    ringed = np.pad(found, 1, mode="edge")
    left, top, right, bottom = open_sides
    if not left:
        ringed[:, 0] = False
    if not top:
        ringed[0] = False
    if not right:
        ringed[:, -1] = False
    if not bottom:
        ringed[-1] = False
    return np.asarray(cv2.integral(ringed.astype(np.uint8)))


def _span(values: Array, last: int) -> tuple[Array, Array]:
    """First block and the one after the last that each tile touches; block 0 and `last` are the ring outside."""
    around = np.stack([values[:-1, :-1], values[:-1, 1:], values[1:, :-1], values[1:, 1:]])
    first = np.floor((around.min(axis=0) - _REACH) / _BLOCK).astype(int) + 1
    final = np.floor((around.max(axis=0) + _REACH) / _BLOCK).astype(int) + 1
    return np.clip(first, 0, last), np.clip(final, 0, last) + 1


def _inside(summed: Array, left: Array, top: Array, right: Array, bottom: Array) -> Array:
    return np.asarray(summed[bottom, right] - summed[top, right] - summed[bottom, left] + summed[top, left])


def corners(width: int, height: int) -> Array:
    """Corners of all tiles of a view, in pixels, homogeneous: rows + 1 × columns + 1 × 3. The last are cut off."""
    x = np.minimum(np.arange(0, width + TILE, TILE), width)
    y = np.minimum(np.arange(0, height + TILE, TILE), height)
    across, down = np.meshgrid(x, y)
    return np.dstack([across, down, np.ones_like(across)]).astype(np.float64)


def rectangles(tiles: Array, view: tuple[int, int], *, room: Array | None = None) -> list[Window]:
    """Few rectangles, none over another, that hold all tiles that are True, at little cost.

    They may hold others where `room` is True (None: anywhere).
    """
    taken = np.zeros_like(tiles)
    closed = taken.copy() if room is None else ~room  # where no rectangle may grow to
    boxes: list[list[int]] = []  # left, top, right, bottom in tiles
    growing: list[list[int]] = []
    for row, first, last in _runs(tiles):
        growing = [box for box in growing if box[3] >= row]
        left, right = first, last
        while left < right and taken[row, left]:
            left += 1
        while left < right and taken[row, right - 1]:
            right -= 1
        if left == right:
            continue
        run = [left, row, right, row + 1]
        for box in growing:
            grown = [min(box[0], left), box[1], max(box[2], right), row + 1]
            if _cost(grown) <= _cost(box) + _cost(run) and not _hits(closed, taken, box, grown):
                box[:], run = grown, box
                break
        else:
            boxes.append(run)
            growing.append(run)
        taken[run[1] : run[3], run[0] : run[2]] = True
    width, height = view
    return [(a * TILE, b * TILE, min(c * TILE, width), min(d * TILE, height)) for a, b, c, d in boxes]


def _runs(tiles: Array) -> list[tuple[int, int, int]]:
    """Row, first column and the one after the last of all that hang together in a row, from top to bottom."""
    padded = np.zeros((tiles.shape[0], tiles.shape[1] + 2), np.int8)
    padded[:, 1:-1] = tiles
    rows, columns = np.nonzero(padded[:, 1:] != padded[:, :-1])
    return list(zip(rows[::2].tolist(), columns[::2].tolist(), columns[1::2].tolist(), strict=True))


def _cost(box: list[int]) -> int:
    """In tiles: what warping costs. Each row and each rectangle has a cost of its own."""
    return (box[2] - box[0] + 2) * (box[3] - box[1]) + 10


def _area(box: list[int]) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


def _hits(closed: Array, taken: Array, box: list[int], grown: list[int]) -> bool:
    """Whether growing would reach a closed tile or one of another rectangle."""
    window = (slice(grown[1], grown[3]), slice(grown[0], grown[2]))
    return bool(closed[window].any()) or int(np.count_nonzero(taken[window])) > _area(box)
