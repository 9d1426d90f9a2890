"""A finished clip at a multiple of its frame rate: new frames between the old ones, along the motion of the picture.

Where the motion found there and the motion found back disagree (something is hidden in one of the frames), the frame
that shows it wins; where neither can be trusted the two are blended; over a cut nothing is invented.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from engines.base import Desk, Rejected
from engines.motion import footage
from engines.motion.clip import check
from engines.motion.encode import Format, Writer
from engines.motion.planes import Array, Planes

FLOW_WIDTH = 640  # at most; flow is found on pictures of this width
ROUNDS = 3
BAND = 1 << 18  # samples that are drawn at a time
TOLERANCE, FALL = 0.8, 1.6  # pixels of disagreement that are fine, and over which trust falls to nothing
CUT = 0.35  # correlation of neighbours below which one is no continuation of the other


def clip(source: Path, factor: int, desk: Desk, *, share: tuple[float, float] = (0.0, 1.0)) -> Path:
    """`faster.mp4` in the desk's folder: `factor` frames for each one, as long as before; the sound is copied.

    The old frames stay, at their times; after the last one nothing is known, so it is held.
    `share`: where on the progress bar the work begins and ends.

    :raises Rejected: not a clip, or the factor is not 2, 3 or 4
    :raises Cancelled: the desk said so, or the deadline passed; nothing is left then
    """
    if factor not in (2, 3, 4):
        raise Rejected("A frame rate can be multiplied by 2, 3 or 4.")
    given = footage.facts(source)
    total = given.frames * factor
    format_ = Format(
        width=given.width, height=given.height, fps=given.fps * factor, frames=total, title=given.title,
        comment=given.comment,
    )  # fmt: skip
    path, (begin, end) = desk.folder / "faster.mp4", share
    old = (_kept(frame) for frame in footage.frames(source, given.fps, most=given.frames))
    done = 0
    with Writer(path, format_, source) as writer:
        for before, after in pairwise(chain(old, [None])):
            assert before is not None
            between = None if after is None else Between(before, after)
            for step in range(factor):
                check(desk)
                blank, planes = writer.blank()
                if step and between is not None:
                    between.draw(step / factor, planes, lambda: check(desk))
                else:
                    _copy(before, planes)
                writer.put(blank)
                done += 1
                desk.progress(begin + (end - begin) * done / (total + 1), "smoothing")
        check(desk)
    desk.progress(end, "smoothed")
    return path


def _kept(frame: Any) -> Planes:
    """A decoded frame's planes, copied: the decoder uses its memory again."""
    return Planes(*(plane.copy() for plane in footage.planes(frame)))


def _copy(source: Planes, target: Planes) -> None:
    for plane, values in zip(target, source, strict=True):
        plane[:] = values


@dataclass(frozen=True)
class _Way:
    """From one frame to its neighbour: flow in pixels of the small picture, and how far it can be trusted (0…1)."""

    flow: Array
    trust: Array


class Between:
    """Two neighbouring frames, and any moment between them."""

    def __init__(self, before: Planes, after: Planes) -> None:
        self._ends = before, after
        rows, columns = before.y.shape
        width = min(FLOW_WIDTH, columns)
        size = (width, max(16, round(rows * width / columns)))
        small = [cv2.resize(planes.y, size, interpolation=cv2.INTER_AREA) for planes in (before, after)]
        self._is_cut = _alike(*small) < CUT
        if not self._is_cut:
            dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
            forward, backward = dis.calc(small[0], small[1], None), dis.calc(small[1], small[0], None)
            self._ways = (
                _Way(forward, _trust(forward, backward, small[0], small[1])),
                _Way(backward, _trust(backward, forward, small[1], small[0])),
            )

    def draw(self, t: float, planes: Planes, check: Callable[[], None]) -> None:
        """Fill `planes` with the moment `t`, 0…1, between the two; `check` may raise now and then."""
        if self._is_cut:
            _copy(self._ends[round(t)], planes)
            return
        (offset_0, trust_0), (offset_1, trust_1) = _seen(self._ways[0], t), _seen(self._ways[1], 1 - t)
        # A frame hidden from the other side counts for little, but never for nothing where it is the only one.
        near, far = (1 - t) * trust_0 + 1e-3 * (1 - t), t * trust_1 + 1e-3 * t
        weights = np.dstack([far / (near + far), np.maximum(trust_0, trust_1)])
        for plane, before, after in zip(planes, *self._ends, strict=True):
            scale = np.array([plane.shape[1] / weights.shape[1], plane.shape[0] / weights.shape[0]], np.float32)
            ways = (before, offset_0 * scale), (after, offset_1 * scale)
            for band in _bands(plane.shape):
                check()
                share, sure = cv2.split(_laid(weights, plane.shape, band))
                moved = [_moved(source, offset, band) for source, offset in ways]
                along = cv2.blendLinear(*moved, 1 - share, share)
                if sure.min() < 0.99:
                    faded = cv2.addWeighted(before[band], 1 - t, after[band], t, 0)
                    along = cv2.blendLinear(along, faded, sure, 1 - sure)
                plane[band] = along


def _bands(shape: tuple[int, ...]) -> list[slice]:
    """Rows that a processor's cache holds together with their maps."""
    height = max(8, BAND // shape[1])
    return [slice(top, min(top + height, shape[0])) for top in range(0, shape[0], height)]


def _laid(field: Array, shape: tuple[int, ...], band: slice) -> Array:
    """A field of the small picture, enlarged to a plane of `shape`; a band of its rows."""
    across, down = field.shape[1] / shape[1], field.shape[0] / shape[0]
    to = np.array([[across, 0, across / 2 - 0.5], [0, down, (band.start + 0.5) * down - 0.5]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (shape[1], band.stop - band.start)
    return np.asarray(cv2.warpAffine(field, to, size, flags=flags, borderMode=cv2.BORDER_REPLICATE))


def _moved(plane: Array, offset: Array, band: slice) -> Array:
    """A band of a plane, each sample fetched from `offset` (a small field, in the plane's own samples) away."""
    lowered = _laid(offset + np.array([0, band.start], np.float32), plane.shape, band)
    to = cv2.add(lowered, _grid(band.stop - band.start, plane.shape[1]))
    return np.asarray(cv2.remap(plane, to, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE))


def _alike(a: Array, b: Array) -> float:
    """Correlation of two greys made small, so that motion hardly counts."""
    tiny = [cv2.resize(image, (24, 14), interpolation=cv2.INTER_AREA).ravel().astype(np.float64) for image in (a, b)]
    if min(values.std() for values in tiny) < 1:
        return 1.0
    return float(np.corrcoef(tiny[0], tiny[1])[0, 1])


def _trust(flow: Array, back: Array, own: Array, other: Array) -> Array:
    """1 where going there and back leads home and the pixels look the same, falling to 0."""
    at = _grid(flow.shape[0], flow.shape[1]) + flow
    home = np.linalg.norm(flow + _at(back, at), axis=2) - 0.05 * np.linalg.norm(flow, axis=2)
    differs = cv2.absdiff(own, _at(other, at)).astype(np.float32)
    trust = 1 - np.clip((home - TOLERANCE) / FALL, 0, 1)
    trust *= 1 - np.clip((cv2.blur(differs, (5, 5)) - 18) / 24, 0, 1)
    return np.asarray(cv2.GaussianBlur(trust.astype(np.float32), (0, 0), 1.0))


def _seen(way: _Way, t: float) -> tuple[Array, Array]:
    """For each point of the moment that is the share `t` away: where it lies in the frame (offset), and the trust."""
    offset = -t * way.flow
    grid = _grid(way.flow.shape[0], way.flow.shape[1])
    for _ in range(ROUNDS - 1):
        offset = -t * _at(way.flow, grid + offset)
    return offset, _at(way.trust, grid + offset)


def _at(field: Array, places: Array) -> Array:
    return np.asarray(cv2.remap(field, places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


@lru_cache(maxsize=6)
def _grid(rows: int, columns: int) -> Array:
    return np.dstack(np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32)))
