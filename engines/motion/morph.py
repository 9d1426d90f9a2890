"""First and last frame: a morph where the two pictures show the same thing, else a dissolve in which both move."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np

from engines.base import RenderRequest
from engines.motion import camera, photo
from engines.motion.correspond import Pair, correspondence
from engines.motion.daylight import Daylight
from engines.motion.dissolve import Dissolve, sway
from engines.motion.effects import Effects
from engines.motion.photographed import stretch
from engines.motion.planes import Array, Planes, picture, to_planes
from engines.motion.program import Program
from engines.motion.transfer import mix

TILES = (6, 4)  # across and down; a tile that one picture shows alone is drawn from it alone
DECIDED = 2.0  # how much sharper than the time itself the weights go from one picture to the other
_SPARE = 1e-5  # weight of a picture where the other one shows nothing
SETTLING = 0.4  # seconds in which weather and light give way to the last picture as it is

Window = tuple[slice, slice]
Places = tuple[Array, Array]  # x and y
_Maps = tuple[Array, Array]  # for luma and for chroma


class Morph:
    """Frames 0 and n − 1 are the two fitted pictures, sample for sample."""

    def __init__(
        self,
        first: photo.Canvas,
        last: photo.Canvas,
        focus: tuple[photo.Focus, photo.Focus],
        words: Program,
        *,
        frames: int,
        fps: int,
    ) -> None:
        self._frames, self._fps = frames, fps
        self._ends = to_planes(first.view()), to_planes(last.view())
        pair = correspondence(first.view(), last.view())
        self._between: Warped | Dissolve = (
            Dissolve((first, last), focus, words, frames)
            if pair is None
            else Warped(pair, first.view(), last.view(), words)
        )
        self._effects = Effects(words, None, width=first.width, height=first.height)
        self._still = camera.at_rest(frames)
        transition = "dissolve" if pair is None else "morph" if pair.relit is None else "time"
        self.report: dict[str, Any] = {"transition": transition}

    @classmethod
    def of(cls, request: RenderRequest, words: Program, check: Callable[[], None]) -> Morph:
        assert request.first is not None
        assert request.last is not None
        first, focus_first = stretch(photo.load(request.first), request.width, request.height)
        last, focus_last = stretch(photo.load(request.last), request.width, request.height)
        check()
        return cls(first, last, (focus_first, focus_last), words, frames=request.frames, fps=request.fps)

    def draw(self, index: int, planes: Planes) -> None:
        if index in (0, self._frames - 1):
            _copy(self._ends[0 if index == 0 else 1], planes)
            return
        self._between.draw(planes, index / (self._frames - 1))
        left = (self._frames - 1 - index) / self._fps
        clean = Planes(*(plane.copy() for plane in planes)) if left < SETTLING else None
        self._effects.apply(planes, self._still, index, index / self._fps)
        if clean is not None:
            mix(planes, clean, camera.ease(1 - left / SETTLING))


def _copy(source: Planes, target: Planes) -> None:
    for plane, values in zip(target, source, strict=True):
        plane[:] = values


class Warped:
    """Both pictures bent towards each other along the motion between them, each where it shows what is there."""

    def __init__(self, pair: Pair, first: Array, last: Array, words: Program) -> None:
        height, width = first.shape[:2]
        self._pair, self._view = pair, (width, height)
        self._sources = [picture(first), picture(last)]
        self._cells = _Cells(width, height)
        self._scale = float(np.log(np.hypot(pair.total[0, 0], pair.total[1, 0])))
        self._angle = float(np.arctan2(pair.total[1, 0], pair.total[0, 0]))
        self._sway = (0.0, 0.0) if words.default else sway(words.camera)
        self._daylight: Daylight | None = None
        if pair.relit is not None:
            self._daylight = Daylight(*pair.relit, words.seed)
            self._sources.append(picture(self._unlit(self._daylight, (first, last))))

    def draw(self, planes: Planes, t: float) -> None:
        e = float(camera.cruise(np.array(t)))
        places, shares = self._places(e, t)
        maps = [self._maps(x, y, k) if shares[k].any() else None for k, (x, y) in enumerate(places)]
        weights = [(self._cells.enlarged(share, 1), self._cells.enlarged(share, 2)) for share in shares]
        for tile in self._cells.tiles:
            used = [k for k, share in enumerate(shares) if share[tile.cells].any()]
            planes.y[tile.luma] = self._tile(maps, used, tile.luma, weights, chroma=0)
            uv = self._tile(maps, used, tile.chroma, weights, chroma=1)
            planes.u[tile.chroma], planes.v[tile.chroma] = uv[..., 0], uv[..., 1]
        if self._daylight is not None:
            for plane, offset in zip(planes[1:], self._daylight.tint(e), strict=True):
                if offset:
                    cv2.add(plane, (float(offset), 0, 0, 0), dst=plane)

    def _tile(
        self, maps: Sequence[_Maps | None], used: Sequence[int], where: Window, weights: Sequence[_Maps], *, chroma: int
    ) -> Array:
        """One part of the frame, from the pictures that show it."""
        flags = cv2.INTER_LINEAR if chroma or self._sources[0].scale == 2 else cv2.INTER_CUBIC
        total: Array | None = None
        for k in used:
            own, source = maps[k], self._sources[k]
            assert own is not None
            plane = source.uv if chroma else source.y
            part = cv2.remap(plane, own[chroma][where], None, flags, borderMode=cv2.BORDER_REPLICATE)
            if len(used) > 1:
                weight = weights[k][chroma][where]
                part = cv2.multiply(part, cv2.merge([weight, weight]) if chroma else weight, scale=1 / 255)
            total = part if total is None else cv2.add(total, part)
        return np.asarray(total)

    def _unlit(self, daylight: Daylight, pictures: tuple[Array, Array]) -> Array:
        """The darker picture before its lamps were lit, with the other one's details."""
        k = daylight.lit
        places, _shares = self._ends(float(k), 0.0)
        luma, _chroma = self._maps(*places[1 - k], 1 - k)
        scale = self._sources[0].scale
        day = cv2.remap(pictures[1 - k], luma / scale, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        lamps = self._cells.enlarged(self._sampled(daylight.lamps, *places[1])[..., 1], 1)
        return daylight.unlit(day, pictures[k], lamps)

    def _maps(self, x: Array, y: Array, k: int) -> _Maps:
        """Places in view widths, one per cell → places in the picture's luma and in its chroma, for every sample."""
        width, height = self._view
        px, py = x * width + (width - 1) / 2, y * width + (height - 1) / 2
        luma = np.dstack([px, py]).astype(np.float32) * self._sources[k].scale
        # A chroma sample lies half a luma sample left of the middle of its four.
        px, py = (values - 0.5 / self._cells.size * np.gradient(values, axis=1) for values in (px, py))
        chroma = np.dstack([px / 2, (py - 0.5) / 2]).astype(np.float32)
        return self._cells.enlarged(luma, 1), self._cells.enlarged(chroma, 2)

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


class _Tile(NamedTuple):
    """A part of the view, as a window of the cells that it depends on, of luma and of chroma."""

    cells: Window
    luma: Window
    chroma: Window


class _Cells:
    """View points at the centres of small cells (plus one cell around), finer than `draw.Grid`: edges are kept."""

    def __init__(self, width: int, height: int) -> None:
        self.size = 2 * max(1, round(width / 640))
        self._view = (width, height)
        self._count = (-(-width // self.size) + 2, -(-height // self.size) + 2)
        x, y = ((np.arange(count) - 1) * self.size + (self.size - 1) / 2 for count in self._count)
        self.u = (((x - (width - 1) / 2) / width)[None, :] * np.ones((len(y), 1))).astype(np.float32)
        self.v = (((y - (height - 1) / 2) / width)[:, None] * np.ones((1, len(x)))).astype(np.float32)
        self.tiles = tuple(self._tiles())

    def enlarged(self, cells: Array, step: int) -> Array:
        """One value a cell → one for every `step`-th pixel each way."""
        size, (width, height) = self.size // step, self._view
        big = cv2.resize(cells, (self._count[0] * size, self._count[1] * size), interpolation=cv2.INTER_LINEAR)
        return np.asarray(big[size : size + height // step, size : size + width // step])

    def _tiles(self) -> Iterator[_Tile]:
        across, down = (-(-(count - 2) // parts) for count, parts in zip(self._count, TILES, strict=True))
        for top in range(0, self._count[1] - 2, down):
            for left in range(0, self._count[0] - 2, across):
                cells = slice(top, top + down + 2), slice(left, left + across + 2)
                luma = [
                    slice(start * self.size, min((start + long) * self.size, most))
                    for start, long, most in ((top, down, self._view[1]), (left, across, self._view[0]))
                ]
                chroma = [slice(window.start // 2, window.stop // 2) for window in luma]
                yield _Tile(cells, (luma[0], luma[1]), (chroma[0], chroma[1]))


def _applied(matrix: Array, x: Array, y: Array) -> tuple[Array, Array]:
    a, b, c = (np.float32(value) for value in matrix[0])
    d, e, f = (np.float32(value) for value in matrix[1])
    return a * x + b * y + c, d * x + e * y + f


def _swayed(u: Array, v: Array, by: tuple[float, float], t: float) -> tuple[Array, Array]:
    """A move there and back, with as much zoom as keeps it inside the pictures."""
    bump = float(np.sin(np.pi * t) ** 2)
    zoom = np.float32(1 + 2 * (abs(by[0]) + 2 * abs(by[1])) * bump)
    return u / zoom + np.float32(by[0] * bump), v / zoom + np.float32(by[1] * bump)
