"""A photo as two layers, a subject before a plate, warped onto the planes of one frame.

The subject is premultiplied: it is what the plate does not explain of the picture, so at rest both together are the
picture. Plate and subject are both drawn only where the alpha is mixed: the frame is cut into bands of rows, and these
into columns of plate, of both, and of subject.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from engines.motion import camera
from engines.motion.draw import CELL, Box, Displace, Maps, PhotoLayer, Relief, four
from engines.motion.planes import Array, Picture, Planes, doubled, halved, picture

_BAND = 4  # cells
_STEP = 2 * CELL  # columns of a band begin and end on cells of luma and of chroma
_COARSE = 4  # pixels of the picture per sample of the maps of empty and opaque places
_MARGIN = 8  # pixels kept round the subject
Size = tuple[int, int]


@dataclass(frozen=True)
class Band:
    """Rows `top`…`bottom` of a frame: the subject is in `left`…`right` and opaque in `solid`…`end`, in luma samples.

    Without a subject left = right, without an opaque part solid = end = right.
    """

    top: int
    bottom: int
    left: int
    right: int
    solid: int
    end: int


@dataclass(frozen=True)
class Seen:
    """Where a subject is in one frame, and where the cells of the luma and the chroma grid lie on its picture."""

    bands: list[Band]
    luma: tuple[Array, Array]
    chroma: tuple[Array, Array]


class TwoLayers:
    """A subject before a plate. Takes the place of a `PhotoLayer`."""

    def __init__(self, plate: PhotoLayer, subject: SubjectLayer, *, gap: float, trust: float, stands: bool) -> None:
        """`gap`: of depth, along the contour; `trust` in the mask, 0…1; `stands`: the subject's foot is to be seen."""
        self._plate, self._subject = plate, subject
        self._gap, self._trust, self._stands = gap, trust, stands

    @property
    def depth(self) -> Relief:
        return self._plate.depth

    @property
    def near(self) -> Relief:
        return self._subject.depth

    def eased(self, path: camera.Path) -> camera.Path:
        """The path with the parallax that gap and mask allow; a foot stays on its ground."""
        if self._stands:
            path = replace(path, fz=np.zeros(path.frames))
        path = camera.parted(path, self._gap, camera.MOST_PARTING * self._trust)
        self._plate.depth, self._subject.depth = self.depth.straight(path), self.near.straight(path)
        return path

    def draw(
        self, planes: Planes, path: camera.Path, frame: int, displace: Displace | None, seconds: float,
        *, near: Displace | None = None,
    ) -> None:  # fmt: skip
        """`near` moves the subject instead of `displace`, if given."""
        width = planes.y.shape[1]
        now = path.at(frame)
        maps = self._plate.maps(now, 0, displace, seconds)
        seen = self._subject.seen(replace(now, lnz=now.lnz + now.fz), near or displace, seconds)
        for band in seen.bands:
            for start, end in ((0, band.solid), (band.end, width)):
                self._plate.fill(planes, maps, (start, band.top, end, band.bottom))
        self._subject.lay(planes, seen)


class SubjectLayer:
    """A premultiplied picture with its alpha, cropped to where that is not 0."""

    def __init__(self, rgb: Array, plate: Picture, alpha: Array, depth: Relief, *, origin: Size, view: Size) -> None:
        """`rgb`, `plate` and `alpha` (uint8) are of one size; `origin` and `view` as for `PhotoLayer`."""
        left, top, right, bottom = box = _even_box(alpha)
        self.depth, self._view, self._scale = depth, view, plate.scale
        self._maps = Maps(view, (origin[0] - left, origin[1] - top))
        alpha = alpha[top:bottom, left:right]
        self._y, self._alpha, self._uv = _unexplained(rgb[top:bottom, left:right], alpha, plate, box)
        self._some, self._full = _places(alpha)
        self._flags = cv2.INTER_LINEAR if plate.scale == 2 else cv2.INTER_CUBIC

    def seen(self, now: camera.Path, displace: Displace | None, seconds: float) -> Seen:
        """`now` is a path of one frame."""
        luma, chroma = (
            self._maps.pixels(grid, now, 0, self.depth, (displace, seconds))
            for grid in (self._maps.luma, self._maps.chroma)
        )
        return Seen(list(_bands(*self._classes(*luma), self._view)), luma, chroma)

    def _classes(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Per cell of the frame: may some of it be subject, is all of it."""
        rows, columns = self._some.shape
        column = np.clip((x + 0.5) / _COARSE, 0, columns - 1).astype(np.intp)[1:-1, 1:-1]
        row = np.clip((y + 0.5) / _COARSE, 0, rows - 1).astype(np.intp)[1:-1, 1:-1]
        return self._some[row, column], self._full[row, column]

    def lay(self, planes: Planes, seen: Seen) -> None:
        """Draw the subject over what is on the planes."""
        inside = [band for band in seen.bands if band.right > band.left]
        if not inside:
            return
        left, right = min(band.left for band in inside), max(band.right for band in inside)
        top, bottom = inside[0].top, inside[-1].bottom
        maps, scale, (x, y), (u, v) = self._maps, self._scale, seen.luma, seen.chroma
        luma = maps.luma.part(x * scale, y * scale, (left, top, right, bottom))
        chroma = maps.chroma.part(u / 2, (v - 0.5) / 2, (left // 2, top // 2, right // 2, bottom // 2))
        for band in inside:
            for start, end in ((band.left, band.solid), (band.solid, band.end), (band.end, band.right)):
                if end > start:
                    box = (start, band.top, end, band.bottom)
                    part = _inside(luma, box, left, top), _inside(chroma, box, left, top, 2)
                    self._lay_part(planes, part, box, opaque=start == band.solid)

    def _lay_part(self, planes: Planes, maps: tuple[Array, Array], box: Box, *, opaque: bool) -> None:
        y, u, v = _inside(planes.y, box), _inside(planes.u, box, scale=2), _inside(planes.v, box, scale=2)
        uv = cv2.remap(self._uv, maps[1], None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        if opaque:
            cv2.remap(self._y, maps[0], None, self._flags, dst=y, borderMode=cv2.BORDER_REPLICATE)
            cv2.mixChannels([uv], [u, v], [0, 0, 1, 1])
            return
        luma = cv2.remap(self._y, maps[0], None, self._flags, borderMode=cv2.BORDER_REPLICATE)
        clear = cv2.bitwise_not(cv2.remap(self._alpha, maps[0], None, self._flags, borderMode=cv2.BORDER_REPLICATE))
        over_u, over_v, alpha, _spare = cv2.split(uv)
        _over(y, luma, clear)
        _over(u, over_u, cv2.bitwise_not(alpha))
        _over(v, over_v, cv2.bitwise_not(alpha))


def _over(target: Array, source: Array, clear: Array) -> None:
    cv2.add(cv2.multiply(target, clear, scale=1 / 255), source, dst=target)


def _inside(plane: Array, box: Box, left: int = 0, top: int = 0, scale: int = 1) -> Array:
    """The box, in luma samples, of a plane that begins at (left, top) and is `scale` times smaller."""
    x, y, right, bottom = box
    return plane[(y - top) // scale : (bottom - top) // scale, (x - left) // scale : (right - left) // scale]


# --- what the subject is made of ------------------------------------------------------------------------------------


def _even_box(alpha: Array) -> Box:
    x, y, wide, high = cv2.boundingRect(alpha)
    height, width = alpha.shape
    left, top = max(x - _MARGIN, 0) // 2 * 2, max(y - _MARGIN, 0) // 2 * 2
    return left, top, min(x + wide + _MARGIN, width) // 2 * 2, min(y + high + _MARGIN, height) // 2 * 2


def _unexplained(rgb: Array, alpha: Array, plate: Picture, box: Box) -> tuple[Array, Array, Array]:
    """Luma and alpha at the plate's scale, and chroma with alpha: P = I − (1 − α)·plate, between 0 and α."""
    own, scale = picture(rgb), plate.scale
    left, top, right, bottom = box
    behind = plate.y[scale * top : scale * bottom, scale * left : scale * right]
    behind_uv = plate.uv[top // 2 : bottom // 2, left // 2 : right // 2]
    big, small = doubled(alpha, scale), halved(alpha)
    luma = cv2.min(_without(own.y, behind, big), big)
    both = cv2.merge([small, small])
    return luma, big, four(cv2.min(_without(own.uv, behind_uv, both), both), small)


def _without(whole: Array, behind: Array, alpha: Array) -> Array:
    return np.asarray(cv2.subtract(whole, cv2.multiply(behind, cv2.bitwise_not(alpha), scale=1 / 255)))


def _places(alpha: Array) -> tuple[Array, Array]:
    """Coarse maps of where some of the neighbourhood is subject, and where all of it is."""
    size = (-(-alpha.shape[1] // _COARSE), -(-alpha.shape[0] // _COARSE))
    some, full = (
        cv2.resize(np.where(part, 255, 0).astype(np.uint8), size, interpolation=cv2.INTER_AREA)
        for part in (alpha > 0, alpha == 255)
    )
    near = np.ones((7, 7), np.uint8)  # a cell, its neighbours' share in the map, and rounding
    return (
        np.asarray(cv2.dilate(some, near) > 0),
        np.asarray(cv2.erode(full, near, borderType=cv2.BORDER_REPLICATE) == 255),
    )


def _bands(some: Array, full: Array, view: Size) -> Iterator[Band]:
    """The frame from top to bottom; neighbouring bands without a subject are one."""
    width, height = view
    empty_from = 0
    for first in range(0, some.shape[0], _BAND):
        top, bottom = first * CELL, min((first + _BAND) * CELL, height)
        columns = np.flatnonzero(some[first : first + _BAND].any(axis=0))
        if not len(columns):
            continue
        if top > empty_from:
            yield Band(empty_from, top, width, width, width, width)
        left = int(columns[0]) * CELL // _STEP * _STEP
        right = min(-(-(int(columns[-1]) + 1) * CELL // _STEP) * _STEP, width)
        yield Band(top, bottom, left, right, *_longest(np.all(full[first : first + _BAND], axis=0), width, right))
        empty_from = bottom
    if empty_from < height:
        yield Band(empty_from, height, width, width, width, width)


def _longest(solid: Array, width: int, none: int) -> Size:
    """The longest run of opaque columns, in luma samples, rounded inwards; (none, none) if there is none."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], solid.astype(np.int8), [0]])))
    if not len(edges):
        return none, none
    starts, ends = edges[::2], edges[1::2]
    best = int(np.argmax(ends - starts))
    start = -(-int(starts[best]) * CELL // _STEP) * _STEP
    end = width if ends[best] == len(solid) else int(ends[best]) * CELL // _STEP * _STEP
    return (start, end) if end > start else (none, none)
