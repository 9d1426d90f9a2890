"""A photo taken apart: its subject, with a soft edge, before a plate of what may be behind it, each with its depth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from engines.motion import photo, subject
from engines.motion.draw import Depth, PhotoLayer, Relief, relief
from engines.motion.layers import SubjectLayer, TwoLayers
from engines.motion.matte import grown
from engines.motion.planes import Array, picture
from engines.motion.plate import plate

LEAST_AREA, LEAST_OVERLAP, MOST_UNSUPPORTED, MOST_SLENDER = 0.06, 0.85, 0.25, 4.0
Place = tuple[float, float, float, float]  # left, top, width, height in view widths
_GRID = 240  # samples of a map of depth, as in `photo.depth`
_GAP = 0.36  # of depth, behind a subject of which no foot is seen
_LYING = 0.6  # of the ground's tilt: what stands on the ground is seen a little from above
_BULGE = 0.10  # of depth, from the subject's contour to its middle


def partable(view: photo.Canvas, found: subject.Subject) -> bool:
    """Whether two layers are better than one: a wrong mask tears a picture, slender things look like paper strips."""
    wide, high = found.box[2] * found.mask.shape[1], found.box[3] * found.mask.shape[0]
    return (
        found.whole
        and found.confidence >= subject.SURE_ENOUGH
        and found.overlap >= LEAST_OVERLAP
        and _unsupported(view, found) <= MOST_UNSUPPORTED
        and found.area >= LEAST_AREA
        and max(wide, high) <= MOST_SLENDER * min(wide, high)
    )


def _unsupported(view: photo.Canvas, found: subject.Subject) -> float:
    """Of the contour that is in view at rest."""
    height, width = view.rgb.shape[:2]
    right, bottom = view.left + view.width, view.top + view.height
    return found.unsupported(view.left / width, view.top / height, right / width, bottom / height)


def part(
    view: photo.Canvas, found: subject.Subject, place: Place, check: Callable[[], None] = lambda: None
) -> TwoLayers:
    """The two layers of a canvas that lies at `place`; `check` is called between the steps and may raise."""
    alpha = grown(view.rgb, found.mask)
    check()
    behind = picture(plate(view.rgb, alpha))
    check()
    mask = photo.shrunk(found.mask, _GRID) > 127
    far, near = depths(mask, relief(photo.ground(view.rgb), place), place)
    origin, size = (view.left, view.top), (view.width, view.height)
    front = SubjectLayer(view.rgb, behind, alpha, near, origin=origin, view=size)
    return TwoLayers(
        PhotoLayer(behind, far, origin=origin, view=size), front,
        gap=_gap(mask, far, near, place), trust=1 - 2 * _unsupported(view, found), stands=stands(mask),
    )  # fmt: skip


def stands(mask: Array) -> bool:
    """The subject's foot is in the picture; else its lower edge is the picture's."""
    return not mask[-2:].any()


def depths(mask: Array, ground: Relief, place: Place) -> tuple[Relief, Relief]:
    """The reliefs of plate and subject, the subject's about 0 so that it stays where it is in an orbit.

    Both meet at the foot of what stands; what is cut off by the picture's edge is nearer than all behind it.
    """
    x, y = _points(mask, place)
    near = _bulging(mask, place)
    if not stands(mask):
        behind = float(ground.at(x, y)[mask].mean())
        return replace(ground, level=-behind - _GAP), near
    foot = float(np.percentile(y[mask], 99))
    middle = float(x[mask].mean())
    tilt = _LYING * ground.down
    level = -ground.across * middle - ground.down * foot
    return replace(ground, level=level), replace(near, down=tilt, level=-tilt * foot)


def _points(mask: Array, place: Place) -> tuple[Array, Array]:
    """Where the mask's pixels are on the canvas, float32."""
    left, top, width, height = place
    row, column = np.indices(mask.shape, np.float32)
    return left + (column + 0.5) / mask.shape[1] * width, top + (row + 0.5) / mask.shape[0] * height


def _bulging(mask: Array, place: Place) -> Relief:
    """Gently nearer away from the contour, like a pillow; its mean is 0."""
    # A picture's edge is no contour: a shoulder goes on beyond it.
    inside = np.pad(mask.astype(np.uint8), 1, mode="edge")
    distance = cv2.distanceTransform(inside, cv2.DIST_L2, 5)[1:-1, 1:-1]
    height = np.sqrt(distance / max(float(distance.max()), 1.0)).astype(np.float32)
    smooth = cv2.GaussianBlur(_BULGE * height, (0, 0), mask.shape[1] / 16, borderType=cv2.BORDER_REPLICATE)
    return Relief(0.0, 0.0, Depth(smooth - np.float32(smooth[mask].mean()), 0.0, place))


def _gap(mask: Array, far: Relief, near: Relief, place: Place) -> float:
    """The largest difference of depth along the contour, but for a few outliers."""
    edge = mask & (cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1) == 0)
    x, y = _points(mask, place)
    difference = np.abs(near.at(x, y) - far.at(x, y))[edge]
    return float(np.percentile(difference, 97)) if difference.size else 0.0
