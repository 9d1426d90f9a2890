"""Pictures as Y, U and V planes (BT.709, limited range), the form in which all warping and mixing happens.

Luma is stored at twice its size where memory allows: bilinear samples of a doubled plane stay equally sharp during a
slow pan. Sample (2i, 2j) of the doubled plane is sample (i, j) of the picture. Chroma is left-sited: sample (i, j)
belongs to luma position (2i, 2j+½).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

KR, KB = 0.2126, 0.0722  # ITU-R BT.709
_Y = np.array([KR, 1 - KR - KB, KB]) * 219 / 255
_U = np.array([-KR, -(1 - KR - KB), 1 - KB]) / (2 * (1 - KB)) * 224 / 255
_V = np.array([1 - KR, -(1 - KR - KB), -KB]) / (2 * (1 - KR)) * 224 / 255
LUMA = np.append(_Y, 16)[None].astype(np.float32)
CHROMA = np.stack([np.append(_U, 128), np.append(_V, 128)]).astype(np.float32)
_BACK = np.linalg.inv(np.stack([_Y, _U, _V]))
_RGB = np.column_stack([_BACK, -_BACK @ (16, 128, 128)]).astype(np.float32)
DOUBLED_UP_TO = 2100 * 1300  # pixels; above it doubled luma would cost gigabytes and shows nothing
SITE = np.array([[0.25, 0.5, 0.25]], np.float32)


class Planes(NamedTuple):
    """The three planes of one frame, uint8, chroma half as wide and high."""

    y: Array
    u: Array
    v: Array


@dataclass(frozen=True)
class Picture:
    """A picture ready to be warped. `scale` is luma samples per pixel: 2 or 1."""

    y: Array
    uv: Array  # two channels in one array: one warp moves both
    scale: int
    width: int
    height: int
    alpha: Array | None = None  # at luma resolution; the planes are then premultiplied
    alpha_uv: Array | None = None

    def single(self) -> Array:
        """Luma with one sample a pixel."""
        return self.y[:: self.scale, :: self.scale]


def to_rgb(planes: Planes) -> Array:
    """The picture back from its planes: `to_planes` of it gives them again, but for rounding."""
    height, width = planes.y.shape
    to = np.array([[0.5, 0, 0], [0, 0.5, -0.25]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    u, v = (
        cv2.warpAffine(plane, to, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
        for plane in (planes.u, planes.v)
    )
    return np.asarray(cv2.transform(cv2.merge([planes.y, u, v]), _RGB))


def to_planes(rgb: Array) -> Planes:
    """Full-resolution luma and left-sited half-size chroma of an RGB picture of even size."""
    uv = _chroma(rgb)
    return Planes(cv2.transform(rgb, LUMA), np.ascontiguousarray(uv[..., 0]), np.ascontiguousarray(uv[..., 1]))


def picture(rgb: Array, alpha: Array | None = None, *, scale: int = 0) -> Picture:
    """Planes for warping, of an RGB picture of even size and, for a layer, its alpha (uint8); at a scale if given."""
    height, width = rgb.shape[:2]
    scale = scale or (2 if width * height <= DOUBLED_UP_TO else 1)
    luma, chroma = cv2.transform(rgb, LUMA), _chroma(rgb)
    if alpha is None:
        return Picture(doubled(luma, scale), chroma, scale, width, height)
    big, small = doubled(alpha, scale), halved(alpha)
    luma = cv2.multiply(doubled(luma, scale), big, scale=1 / 255)
    chroma = cv2.multiply(chroma, cv2.merge([small, small]), scale=1 / 255)
    return Picture(luma, chroma, scale, width, height, big, small)


def _chroma(rgb: Array) -> Array:
    return np.asarray(cv2.transform(halved(rgb), CHROMA))


def halved(image: Array) -> Array:
    """Half size with left-sited samples: ¼ ½ ¼ across, then pairs of rows."""
    across = cv2.filter2D(image, -1, SITE, borderType=cv2.BORDER_REFLECT_101)[:, ::2]
    return np.asarray(cv2.resize(across, (across.shape[1], across.shape[0] // 2), interpolation=cv2.INTER_AREA))


def doubled(plane: Array, scale: int) -> Array:
    """Twice the size by cubic interpolation, in phase: even samples are the originals, odd ones half-way between."""
    if scale == 1:
        return plane
    height, width = plane.shape
    between = _between(plane, _HALF_WAY, _NOWHERE)
    lower, both = _between(plane, _NOWHERE, _HALF_WAY), _between(plane, _HALF_WAY, _HALF_WAY)
    rows = [cv2.merge(pair).reshape(height, 2 * width) for pair in ([plane, between], [lower, both])]
    return np.stack(rows, axis=1).reshape(2 * height, 2 * width)


_HALF_WAY = np.array([-0.09375, 0.59375, 0.59375, -0.09375], np.float32)  # cubic, a = −¾
_NOWHERE = np.array([0, 1, 0, 0], np.float32)


def _between(plane: Array, across: Array, down: Array) -> Array:
    return np.asarray(cv2.sepFilter2D(plane, -1, across, down, anchor=(1, 1), borderType=cv2.BORDER_REFLECT_101))
