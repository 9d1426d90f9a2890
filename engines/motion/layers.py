"""A photo as two layers, a subject before a plate, warped onto the planes of one frame.

Both are drawn only where the subject's alpha is mixed: the frame is cut into bands of rows, and these into columns of
plate, of both, and of subject.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from engines.motion import camera
from engines.motion.draw import CELL, Box, Displace, Maps, PhotoLayer, Relief, four
from engines.motion.planes import Array, Picture, Planes, doubled, halved, picture

_BAND = 6  # cells
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
        luma, chroma = self._plate.maps(now, 0, displace, seconds)
        seen = self._subject.seen(replace(now, lnz=now.lnz + now.fz), near or displace, seconds)
        for band in seen.bands:
            for start, end in ((0, band.solid), (band.end, width)):
                if end > start:
                    part = slice(band.top, band.bottom), slice(start, end)
                    self._plate.fill_luma(planes.y[part], luma[part])
        self._plate.fill_chroma(planes, chroma)
        self._subject.lay(planes, seen)


class SubjectLayer:
    """A premultiplied picture with its alpha, cropped to where that is not 0."""

    def __init__(self, rgb: Array, plate: Picture, alpha: Array, depth: Relief, *, origin: Size, view: Size) -> None:
        """`rgb`, `plate` and `alpha` (uint8) are of one size; `origin` and `view` as for `PhotoLayer`."""
        left, top, right, bottom = box = _even_box(alpha)
        self.depth, self._view, self._scale = depth, view, plate.scale
        self._maps = Maps(view, (origin[0] - left, origin[1] - top))
        alpha = alpha[top:bottom, left:right]
        self._y, self._alpha, self._uv = _cut_out(rgb[top:bottom, left:right], alpha, plate, box)
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
        scale, (x, y), (u, v) = self._scale, seen.luma, seen.chroma
        luma = self._maps.luma.part(x * scale, y * scale, (left, top, right, bottom))
        for band in inside:
            for start, end in ((band.left, band.solid), (band.solid, band.end), (band.end, band.right)):
                if end > start:
                    at = luma[band.top - top : band.bottom - top, start - left : end - left]
                    target = planes.y[band.top : band.bottom, start:end]
                    self._lay_luma(target, at, opaque=start == band.solid)
        half = (left // 2, top // 2, right // 2, bottom // 2)
        self._lay_chroma(planes, self._maps.chroma.part(u / 2, (v - 0.5) / 2, half), half)

    def _lay_luma(self, target: Array, at: Array, *, opaque: bool) -> None:
        if opaque:
            cv2.remap(self._y, at, None, self._flags, dst=target, borderMode=cv2.BORDER_REPLICATE)
            return
        luma = cv2.remap(self._y, at, None, self._flags, borderMode=cv2.BORDER_REPLICATE)
        alpha = cv2.remap(self._alpha, at, None, self._flags, borderMode=cv2.BORDER_REPLICATE)
        _over(target, luma, cv2.bitwise_not(alpha))

    def _lay_chroma(self, planes: Planes, at: Array, box: Box) -> None:
        """All of it at once: at a quarter of the samples, sorting out what is opaque would cost more."""
        left, top, right, bottom = box
        uv = cv2.remap(self._uv, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        u, v, alpha, _spare = cv2.split(uv)
        clear = cv2.bitwise_not(alpha)
        _over(planes.u[top:bottom, left:right], u, clear)
        _over(planes.v[top:bottom, left:right], v, clear)


def _over(target: Array, source: Array, clear: Array) -> None:
    cv2.add(cv2.multiply(target, clear, scale=1 / 255), source, dst=target)


# --- what the subject is made of ------------------------------------------------------------------------------------


def _even_box(alpha: Array) -> Box:
    x, y, wide, high = cv2.boundingRect(alpha)
    height, width = alpha.shape
    left, top = max(x - _MARGIN, 0) // 2 * 2, max(y - _MARGIN, 0) // 2 * 2
    return left, top, min(x + wide + _MARGIN, width) // 2 * 2, min(y + high + _MARGIN, height) // 2 * 2


def _cut_out(rgb: Array, alpha: Array, plate: Picture, box: Box) -> tuple[Array, Array, Array]:
    """Premultiplied luma and its alpha at the plate's scale, and premultiplied chroma with alpha (see `four`)."""
    own, scale = picture(rgb, scale=plate.scale), plate.scale
    left, top, right, bottom = box
    behind = plate.y[scale * top : scale * bottom, scale * left : scale * right]
    behind_uv = plate.uv[top // 2 : bottom // 2, left // 2 : right // 2]
    big, small = doubled(alpha, scale), halved(alpha)
    both = cv2.merge([small, small])
    return _premultiplied(own.y, behind, big), big, four(_premultiplied(own.uv, behind_uv, both), small)


def _premultiplied(whole: Array, behind: Array, alpha: Array) -> Array:
    """α·F, where the subject's own colour F is the picture's, pushed away from the plate's: F = I + (1 − α)(I − B).

    The exact (1 − α)/α would blow up every error of the plate along the rim into a fringe.
    """
    clear = cv2.bitwise_not(alpha)
    away = cv2.subtract(whole, behind, dtype=cv2.CV_16S)
    push = cv2.multiply(away, clear.astype(np.int16), scale=1 / 255, dtype=cv2.CV_16S)
    return np.asarray(cv2.multiply(cv2.add(whole, push, dtype=cv2.CV_8U), alpha, scale=1 / 255))


def _places(alpha: Array) -> tuple[Array, Array]:
    """Coarse maps of where some of the neighbourhood is subject, and where all of it is."""
    size = (-(-alpha.shape[1] // _COARSE), -(-alpha.shape[0] // _COARSE))
    some, full = (
        cv2.resize(np.where(part, 255, 0).astype(np.uint8), size, interpolation=cv2.INTER_AREA)
        for part in (alpha > 0, alpha == 255)
    )
    near = np.ones((5, 5), np.uint8)  # a cell, its neighbours' share in the map, and rounding
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
