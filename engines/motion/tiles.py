"""Which parts of a view a flat layer fills: tiles of the view, looked up in small counts of the layer's alpha."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from engines.motion.planes import Array

TILE = 32  # pixels of the view
_BLOCK = 8  # pixels of the layer
_REACH = 3.0  # pixels that sampling, at half the size where it is soft, may look beyond a point
_SOFT = 4  # levels; what loses no more at half the size can be drawn at half the size
_MOSTLY = 0.1  # of a layer's blocks may be fine if the others are to be drawn so

Window = tuple[int, int, int, int]


@dataclass(frozen=True)
class Blocks:
    """How many blocks of a layer hold anything, are opaque, have fine detail, above and left of each: summed areas."""

    some: Array
    full: Array
    fine: Array | None  # None: too many to be worth telling apart

    @classmethod
    def of(cls, luma: Array, alpha: Array, open_sides: tuple[bool, bool, bool, bool]) -> Blocks:
        """`open_sides`: at which sides (left, top, right, bottom) the layer goes on as at its edge; else it ends."""
        blocks = _blocks(alpha)
        some, full = (blocks.max(axis=1).max(axis=2) > 0, blocks.min(axis=1).min(axis=2) == 255)
        fine = _blocks(np.maximum(_detail(luma), _detail(alpha))).max(axis=1).max(axis=2) > _SOFT
        often = np.count_nonzero(fine) > _MOSTLY * np.count_nonzero(some)
        return cls(_summed(some, open_sides), _summed(full, open_sides), None if often else _summed(fine, open_sides))

    def seen(self, points: Array) -> tuple[Array, Array, Array]:
        """Of tiles with corners at `points` (rows + 1 × columns + 1 × 3, of the layer): not empty, opaque, fine."""
        x, y = points[..., 0] / points[..., 2], points[..., 1] / points[..., 2]
        left, right = _span(x, self.some.shape[1] - 2)
        top, bottom = _span(y, self.some.shape[0] - 2)
        area, some = (right - left) * (bottom - top), _inside(self.some, left, top, right, bottom) > 0
        full = _inside(self.full, left, top, right, bottom) == area
        return some, full, some if self.fine is None else _inside(self.fine, left, top, right, bottom) > 0


def _blocks(plane: Array) -> Array:
    """Rows × _BLOCK × columns × _BLOCK, the last ones filled up."""
    rows, columns = (-(-size // _BLOCK) for size in plane.shape)
    bottom, right = rows * _BLOCK - plane.shape[0], columns * _BLOCK - plane.shape[1]
    padded = cv2.copyMakeBorder(plane, 0, bottom, 0, right, cv2.BORDER_REPLICATE)
    return np.asarray(padded.reshape(rows, _BLOCK, columns, _BLOCK))


def _detail(plane: Array) -> Array:
    """How much of each sample is lost at half the size."""
    height, width = plane.shape
    half = cv2.resize(plane, ((width + 1) // 2, (height + 1) // 2), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.absdiff(plane, cv2.resize(half, (width, height), interpolation=cv2.INTER_LINEAR)))


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


def rectangles(tiles: Array, view: tuple[int, int], *, room: Array | None = None, size: int = TILE) -> list[Window]:
    """Few rectangles, none over another, that hold all tiles that are True, at little cost.

    They may hold others where `room` is True (None: anywhere). A tile is `size` pixels wide and high.
    """
    if not tiles.any():
        return []
    wanted, taken = _masks(tiles), [0] * len(tiles)
    closed = taken.copy() if room is None else _masks(~room)  # where no rectangle may grow to
    boxes: list[list[int]] = []  # left, top, right, bottom in tiles
    growing: list[list[int]] = []
    for row, first, last in _runs(wanted):
        growing = [box for box in growing if box[3] >= row]
        left, right = first, last
        while left < right and taken[row] >> left & 1:
            left += 1
        while left < right and taken[row] >> right - 1 & 1:
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
        across = _span_mask(run)
        for number in range(run[1], run[3]):
            taken[number] |= across
    width, height = view
    return [(a * size, b * size, min(c * size, width), min(d * size, height)) for a, b, c, d in boxes]


def held(windows: list[Window], like: Array) -> Array:
    """Which tiles the windows hold."""
    tiles = np.zeros_like(like)
    for left, top, right, bottom in windows:
        tiles[top // TILE : -(-bottom // TILE), left // TILE : -(-right // TILE)] = True
    return tiles


def _masks(tiles: Array) -> list[int]:
    """Each row as the bits of a number: of so few tiles, these are handled faster than arrays."""
    return [int.from_bytes(row.tobytes(), "little") for row in np.packbits(tiles, axis=1, bitorder="little")]


def _span_mask(box: list[int]) -> int:
    return (1 << box[2]) - (1 << box[0])


def _runs(masks: list[int]) -> Iterator[tuple[int, int, int]]:
    """Row, first column and the one after the last of all that hang together in a row, from top to bottom."""
    for row, mask in enumerate(masks):
        rest = mask
        while rest:
            first = (rest & -rest).bit_length() - 1
            last = first + (~(rest >> first) & ((rest >> first) + 1)).bit_length() - 1
            yield row, first, last
            rest &= -1 << last


def _cost(box: list[int]) -> int:
    """In tiles: what warping costs. Each row and each rectangle has a cost of its own."""
    return (box[2] - box[0] + 2) * (box[3] - box[1]) + 10


def _hits(closed: list[int], taken: list[int], box: list[int], grown: list[int]) -> bool:
    """Whether growing would reach a closed tile or one of another rectangle."""
    across, rows = _span_mask(grown), range(grown[1], grown[3])
    if any(closed[row] & across for row in rows):
        return True
    area = (box[2] - box[0]) * (box[3] - box[1])
    return sum((taken[row] & across).bit_count() for row in rows) > area
