"""A morph: two pictures bent towards each other along the motion between them, each where it shows what is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import cv2
import numpy as np

from engines.motion import camera
from engines.motion.cores import shared
from engines.motion.correspond import Pair
from engines.motion.daylight import Daylight
from engines.motion.dissolve import sway
from engines.motion.draw import four
from engines.motion.planes import Array, Picture, Planes, picture
from engines.motion.program import Program
from engines.motion.tiles import rectangles

TILE, STRIP = 4, 16  # in cells: parts drawn from one picture where it alone is seen; rows that are drawn at a time
DECIDED = 2.0  # how much sharper than the time itself the weights go from one picture to the other
_SPARE = 1e-5  # weight of a picture where the other one shows nothing

Window = tuple[int, int, int, int]  # left, top, right, bottom in pixels of the view, even
Places = tuple[Array, Array]  # x and y


class _Drawn(NamedTuple):
    """A picture in one frame, with one value a cell: where its luma and its chroma are looked up, and its weight."""

    source: Picture
    uv: Array
    luma: Array
    chroma: Array
    share: Array


class Warped:
    """The way from one picture to the other; neither end is exact, for both have been sampled between pixels."""

    def __init__(self, pair: Pair, first: Array, last: Array, words: Program) -> None:
        height, width = first.shape[:2]
        self._pair, self._view = pair, (width, height)
        self._cells = Cells(width, height)
        self._scale = float(np.log(np.hypot(pair.total[0, 0], pair.total[1, 0])))
        self._angle = float(np.arctan2(pair.total[1, 0], pair.total[0, 0]))
        self._sway = (0.0, 0.0) if words.default else sway(words.camera)
        self._sources = shared(picture, (first, last))
        self._daylight: Daylight | None = None
        if pair.relit is not None:
            self._daylight = Daylight(*pair.relit, words.seed)
            self._sources.append(picture(self._unlit(self._daylight, (first, last))))
        self._uv = [four(source.uv) for source in self._sources]

    def draw(self, planes: Planes, t: float) -> None:
        e = float(camera.cruise(np.array(t)))
        places, shares = self._places(e, t)
        drawn = [
            _Drawn(self._sources[k], self._uv[k], *self._maps(*places[k], k), share) if share.any() else None
            for k, share in enumerate(shares)
        ]

        def fill(part: tuple[Window, list[int]]) -> None:
            window, used = part
            self._fill(planes, window, [one for k in used if (one := drawn[k]) is not None])

        for part in self._cells.parts(shares):
            fill(part)
        if self._daylight is not None:
            for plane, offset in zip(planes[1:], self._daylight.tint(e), strict=True):
                if offset:
                    cv2.add(plane, (float(offset), 0, 0, 0), dst=plane)

    def _fill(self, planes: Planes, window: Window, drawn: Sequence[_Drawn]) -> None:
        """One part of the frame, from the pictures that show it."""
        left, top, right, bottom = window
        half = slice(top // 2, bottom // 2), slice(left // 2, right // 2)
        targets = planes.y[top:bottom, left:right], planes.u[half], planes.v[half]
        for number, one in enumerate(drawn):
            found = self._looked_up(one, window)
            if len(drawn) > 1:
                weights = [self._cells.enlarged(one.share, step, window) for step in (1, 2, 2)]
                found = [cv2.multiply(*pair, scale=1 / 255) for pair in zip(found, weights, strict=True)]
            for target, values in zip(targets, found, strict=True):
                if number:
                    cv2.add(target, values, dst=target)
                else:
                    target[:] = values

    def _looked_up(self, one: _Drawn, window: Window) -> list[Array]:
        """Y, U and V of one picture, as it lies in a window of the frame."""
        flags = cv2.INTER_LINEAR if one.source.scale == 2 else cv2.INTER_CUBIC
        luma, chroma = (self._cells.enlarged(cells, step, window) for cells, step in ((one.luma, 1), (one.chroma, 2)))
        y = cv2.remap(one.source.y, luma, None, flags, borderMode=cv2.BORDER_REPLICATE)
        uv = cv2.remap(one.uv, chroma, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return [y, *cv2.split(uv)[:2]]

    def _unlit(self, daylight: Daylight, pictures: tuple[Array, Array]) -> Array:
        """The darker picture before its lamps were lit, with the other one's details."""
        k = daylight.lit
        places, _shares = self._ends(float(k), 0.0)
        luma, _chroma = self._maps(*places[1 - k], 1 - k)
        at = self._cells.enlarged(luma / self._sources[0].scale, 1)
        day = cv2.remap(pictures[1 - k], at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        lamps = self._cells.enlarged(self._sampled(daylight.lamps, *places[1])[..., 1], 1)
        return daylight.unlit(day, pictures[k], lamps)

    def _maps(self, x: Array, y: Array, k: int) -> tuple[Array, Array]:
        """Places in view widths → places in the picture's luma and in its chroma; one per cell."""
        width, height = self._view
        px, py = x * width + (width - 1) / 2, y * width + (height - 1) / 2
        luma = cv2.merge([px, py]) * np.float32(self._sources[k].scale)
        # A chroma sample lies half a luma sample left of the middle of its four.
        px, py = (values - 0.5 / self._cells.size * np.gradient(values, axis=1) for values in (px, py))
        return luma, cv2.merge([px / 2, (py - 0.5) / 2])

    def _places(self, e: float, t: float) -> tuple[list[Places], list[Array]]:
        """For each source: where the cells lie in it, and its weight there (uint8, together 255)."""
        places, share = self._ends(e, t)
        shares = [np.uint8(255) - share, share]
        if self._daylight is not None:
            k = self._daylight.lit
            off = 1 - self._daylight.on(self._sampled(self._daylight.lamps, *places[1]), e)
            unlit = np.rint(shares[k] * off).astype(np.uint8)
            shares[k] = shares[k] - unlit
            places, shares = [*places, places[k]], [*shares, unlit]
        return places, shares

    def _ends(self, e: float, t: float) -> tuple[list[Places], Array]:
        """Where the cells lie in the first and in the last picture, and the last one's weight there (uint8)."""
        u, v = _swayed(self._cells.u, self._cells.v, self._sway, t)
        to_last = self._pair.total @ np.linalg.inv(self._partial(e))  # frame e → the last's frame, without the rest
        x, y = _applied(to_last, u, v)
        motion = self._motion(x, y, e)
        mx, my, who = motion[..., 0], motion[..., 1], motion[..., 2]
        in_first = _applied(np.linalg.inv(self._pair.total), x - e * mx, y - e * my)
        in_last = x + (1 - e) * mx, y + (1 - e) * my
        late = self._late(*in_last, e)
        first = ((1 - late) * (1 - who) + _SPARE) * (self._within(*in_first) + _SPARE**2)
        last = (late * who + _SPARE) * (self._within(*in_last) + _SPARE**2)
        share = last / (first + last)
        return [in_first, in_last], np.rint(255 * np.clip(share, 0, 1)).astype(np.uint8)

    def _late(self, x: Array, y: Array, e: float) -> Array | float:
        """How far the last picture has taken over."""
        if self._daylight is None:
            return float(np.clip(0.5 + DECIDED * (e - 0.5), 0, 1))
        return self._daylight.share(self._sampled(self._daylight.moments, x, y), e)

    def _motion(self, x: Array, y: Array, e: float) -> Array:
        """The field at moment e: of the moments before and after, each looked up where it has what is here at e."""
        fields = self._pair.fields
        place = e * (len(fields) - 1)
        before = min(int(place), len(fields) - 2)
        total = np.zeros((*x.shape, 3), np.float32)
        for k, weight in ((before, 1 - (place - before)), (before + 1, place - before)):
            back = k / (len(fields) - 1) - e
            found = self._sampled(fields[k], x, y)
            found = self._sampled(fields[k], x + back * found[..., 0], y + back * found[..., 1])
            total += np.float32(weight) * found
        return total

    def _partial(self, e: float) -> Array:
        """The share e of the global move: zoom and turn at constant rate, the shift along with the zoom."""
        scale, angle = np.exp(self._scale * e), self._angle * e
        along = np.expm1(self._scale * e) / np.expm1(self._scale) if abs(self._scale) > 1e-6 else e
        cos, sin = scale * np.cos(angle), scale * np.sin(angle)
        return np.array(
            [[cos, -sin, along * self._pair.total[0, 2]], [sin, cos, along * self._pair.total[1, 2]], [0, 0, 1]]
        )

    def _sampled(self, field: Array, x: Array, y: Array) -> Array:
        rows, columns = field.shape[:2]
        aspect = self._view[1] / self._view[0]
        column = ((x + 0.5) * columns - 0.5).astype(np.float32)
        row = ((y / aspect + 0.5) * rows - 0.5).astype(np.float32)
        return np.asarray(cv2.remap(field, column, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))

    def _within(self, x: Array, y: Array) -> Array:
        """1 inside the picture, falling to 0 within a pixel or two of its edge."""
        half = 0.5 * self._view[1] / self._view[0]
        return np.asarray(np.clip(1 + np.minimum(0.5 - np.abs(x), half - np.abs(y)) / 0.0015, 0, 1))


class Cells:
    """View points at the centres of small cells (plus one cell around), and the way back to one value per sample."""

    def __init__(self, width: int, height: int) -> None:
        self.size = 2 * max(1, round(width / 320))
        self._view = (width, height)
        count = (-(-width // self.size) + 2, -(-height // self.size) + 2)
        x, y = ((np.arange(number) - 1) * self.size + (self.size - 1) / 2 for number in count)
        self.u = (((x - (width - 1) / 2) / width)[None, :] * np.ones((len(y), 1))).astype(np.float32)
        self.v = (((y - (height - 1) / 2) / width)[:, None] * np.ones((1, len(x)))).astype(np.float32)

    def enlarged(self, cells: Array, step: int, window: Window | None = None) -> Array:
        """One value a cell → one for every `step`-th pixel each way, of the view or of a window of whole cells."""
        left, top, right, bottom = window or (0, 0, *self._view)
        rows, columns = (slice(a // self.size, -(-b // self.size) + 2) for a, b in ((top, bottom), (left, right)))
        small, size = cells[rows, columns], self.size // step
        big = cv2.resize(small, (small.shape[1] * size, small.shape[0] * size), interpolation=cv2.INTER_LINEAR)
        return np.asarray(big[size : size + (bottom - top) // step, size : size + (right - left) // step])

    def parts(self, shares: Sequence[Array]) -> Iterator[tuple[Window, list[int]]]:
        """Windows that fill the view, none over another, each with the numbers of the pictures that show in it."""
        around = np.ones((TILE + 2, TILE + 2), np.uint8)  # a sample depends on the cells beside its own as well
        down, across = (-(-(count - 2) // TILE) for count in shares[0].shape)
        used = np.zeros((down, across), np.uint8)
        for k, share in enumerate(shares):
            most = cv2.dilate(share, around, anchor=(0, 0))[::TILE, ::TILE][:down, :across]
            used |= (most > 0).astype(np.uint8) << k
        left = np.ones(used.shape, bool)
        for kinds in np.unique(used)[::-1]:
            own = [k for k in range(len(shares)) if kinds >> k & 1]
            room = left & ((used & ~kinds) == 0)  # where fewer pictures show, the others have no weight
            for window in rectangles(left & (used == kinds), self._view, room=room, size=TILE * self.size):
                left[_tiles(window, TILE * self.size)] = False
                for strip in _strips(window, STRIP * self.size):
                    yield strip, own


def _tiles(window: Window, size: int) -> tuple[slice, slice]:
    left, top, right, bottom = window
    return slice(top // size, -(-bottom // size)), slice(left // size, -(-right // size))


def _strips(window: Window, height: int) -> Iterator[Window]:
    left, top, right, bottom = window
    for start in range(top, bottom, height):
        yield left, start, right, min(start + height, bottom)


def _applied(matrix: Array, x: Array, y: Array) -> tuple[Array, Array]:
    a, b, c = (np.float32(value) for value in matrix[0])
    d, e, f = (np.float32(value) for value in matrix[1])
    return a * x + b * y + c, d * x + e * y + f


def _swayed(u: Array, v: Array, by: tuple[float, float], t: float) -> tuple[Array, Array]:
    """A move there and back, with as much zoom as keeps it inside the pictures."""
    bump = float(np.sin(np.pi * t) ** 2)
    zoom = np.float32(1 + 2 * (abs(by[0]) + 2 * abs(by[1])) * bump)
    return u / zoom + np.float32(by[0] * bump), v / zoom + np.float32(by[1] * bump)
