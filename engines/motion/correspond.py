"""Do two pictures show the same thing, and if so: where does each point of one lie in the other?

All flows are in pixels of greys `WIDTH` wide, in the last picture's frame: the first one is aligned to it by the
similarity that fits both best. What is returned is in view widths.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from engines.motion.cores import shared
from engines.motion.planes import Array

WIDTH, KEPT_WIDTH = 512, 256  # of the greys that are compared; of the fields that are kept
MOMENTS = 3  # at which the motion through every point is found; between them it is interpolated
LEAST_INLIERS, LEAST_SHARE, MOST_SCALE = 16, 0.22, 3.2
MOST_FLOW = 0.22
# Least share of points that find home again, and least correlation: of greys, and of their structure under other light.
# Strangers reach shares of .2; one place by day and by night .7.
GREYS, STRUCTURE = (0.55, 0.80), (0.40, 0.45)
OTHER_LIGHT = 14.0  # levels between the blurred greys from which on the light itself has changed


@dataclass(frozen=True)
class Pair:
    """How the first picture becomes the last, in view widths from the centre.

    `total` takes the first's points to the last's. `fields[k]`, at moment k/(MOMENTS − 1): through each point of the
    last's frame, the motion that `total` leaves (x, y), and whether the last picture (1), the first (0) or both (½)
    show what is seen there.
    """

    total: Array
    fields: tuple[Array, ...]
    relit: tuple[Array, Array] | None  # greys of both, aligned, where the light has changed between them


class _Flow(NamedTuple):
    there: Array
    back: Array
    astray: tuple[Array, Array]


def correspondence(first: Array, last: Array) -> Pair | None:
    """The correspondence of two RGB pictures of one size, or None when there is none to rely on."""
    height, width = first.shape[:2]
    size = (WIDTH, max(16, round(WIDTH * height / width)))
    a, b = (
        cv2.cvtColor(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
        for image in (first, last)
    )
    total = similarity(a, b)
    aligned, inside = _aligned(a, total)
    relit = _light_between(aligned, b, inside) > OTHER_LIGHT
    if relit:
        total = similarity(structure(a), structure(b))
        aligned, inside = _aligned(a, total)
    compared = (structure(aligned), structure(b)) if relit else (aligned, b)
    flow = _flow(*compared)
    if not _believable(compared, flow, inside, STRUCTURE if relit else GREYS):
        return None
    if relit:
        flow = _steadied(compared, flow)
    meeting = _Meeting.of(compared, flow, inside)
    fields = shared(meeting.field, [k / (MOMENTS - 1) for k in range(MOMENTS)])
    return Pair(total, tuple(fields), (aligned, b) if relit else None)


def structure(grey: Array) -> Array:
    """A grey picture without its light: each point against the mean and the spread of its surroundings."""
    values = grey.astype(np.float32)
    rest = values - cv2.GaussianBlur(values, (0, 0), 9)
    spread = np.sqrt(cv2.GaussianBlur(rest * rest, (0, 0), 14)) + 3
    return np.asarray(np.clip(128 + 45 * rest / spread, 0, 255).astype(np.uint8))


def _light_between(a: Array, b: Array, inside: Array) -> float:
    """Mean difference of the blurred greys, in levels, where both are seen."""
    far = cv2.GaussianBlur(a.astype(np.float32) - b, (0, 0), 20)
    return float((np.abs(far) * inside).sum() / max(float(inside.sum()), 1.0))


# --- the whole ------------------------------------------------------------------------------------------------------


def similarity(a: Array, b: Array) -> Array:
    """Similarity of two greys by SIFT and RANSAC, in view widths; the identity when too little agrees."""
    (points_a, marks_a), (points_b, marks_b) = shared(
        lambda grey: cv2.SIFT.create(1200).detectAndCompute(grey, None), (a, b)
    )
    if marks_a is None or marks_b is None or min(len(marks_a), len(marks_b)) < LEAST_INLIERS:
        return np.eye(3)
    matches = [
        pair[0]
        for pair in cv2.BFMatcher().knnMatch(marks_a, marks_b, 2)
        if len(pair) == 2 and pair[0].distance < 0.75 * pair[1].distance
    ]
    if len(matches) < LEAST_INLIERS:
        return np.eye(3)
    source, target = (
        np.array([points_a[m.queryIdx].pt for m in matches], np.float32),
        np.array([points_b[m.trainIdx].pt for m in matches], np.float32),
    )
    cv2.setRNGSeed(7)
    matrix, inliers = cv2.estimateAffinePartial2D(source, target, ransacReprojThreshold=4.0)
    if matrix is None or inliers.sum() < LEAST_INLIERS or inliers.mean() < LEAST_SHARE:
        return np.eye(3)
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if not 1 / MOST_SCALE < scale < MOST_SCALE:
        return np.eye(3)
    to_view = _to_view((a.shape[1], a.shape[0]))
    return np.asarray(to_view @ np.vstack([matrix, [0, 0, 1]]) @ np.linalg.inv(to_view))


def _to_view(size: tuple[int, int]) -> Array:
    width, height = size
    return np.array([[1, 0, -(width - 1) / 2], [0, 1, -(height - 1) / 2], [0, 0, width]]) / width


def _aligned(grey: Array, total: Array) -> tuple[Array, Array]:
    """The first picture in the last's frame, and where (0…1) it has anything to show there."""
    size = (grey.shape[1], grey.shape[0])
    to_view = _to_view(size)
    pixels = (np.linalg.inv(to_view) @ total @ to_view)[:2]
    moved = cv2.warpAffine(grey, pixels, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved), np.asarray(cv2.warpAffine(np.ones(grey.shape, np.float32), pixels, size))


# --- the rest -------------------------------------------------------------------------------------------------------


def _flow(a: Array, b: Array) -> _Flow:
    there, back = shared(_flow_between, ((a, b), (b, a)))
    return _Flow(there, back, _astray(there, back))


def _flow_between(images: tuple[Array, Array]) -> Array:
    """By DIS down to single pixels, which small things that pass before others need; fewer patches make up for it."""
    dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    dis.setFinestScale(0)
    dis.setPatchStride(5)
    dis.setGradientDescentIterations(12)
    return np.asarray(cv2.GaussianBlur(dis.calc(*images, None), (0, 0), 0.8))


def _astray(there: Array, back: Array) -> tuple[Array, Array]:
    """How far from home one gets by going there and back, or back and there, in pixels."""
    one, other = (np.linalg.norm(a + _moved(b, a, 1), axis=2) for a, b in ((there, back), (back, there)))
    return np.asarray(one), np.asarray(other)


def _moved(image: Array, flow: Array, share: float) -> Array:
    """What lies a share of the flow further on."""
    x, y = _grid(image.shape[0], image.shape[1])
    places = x + share * flow[..., 0], y + share * flow[..., 1]
    return np.asarray(cv2.remap(image, *places, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def _grid(rows: int, columns: int) -> tuple[Array, Array]:
    x, y = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
    return x, y


def _believable(pair: tuple[Array, Array], flow: _Flow, inside: Array, least: tuple[float, float]) -> bool:
    """Most points find home again, what arrives looks like what is there, and nothing flies across the picture."""
    reach = np.linalg.norm(flow.there, axis=2)
    seen = inside > 0.5
    if not seen.any():
        return False
    arrived, there = (image[seen].astype(np.float64) for image in (_moved(pair[0], flow.back, 1), pair[1]))
    share = float((flow.astray[0] < 1.5 + 0.05 * reach)[seen].mean())
    alike = float(np.corrcoef(arrived, there)[0, 1])
    return share > least[0] and alike > least[1] and float(np.percentile(reach[seen], 90)) <= MOST_FLOW * WIDTH


def _steadied(pair: tuple[Array, Array], flow: _Flow) -> _Flow:
    """Only what is sure and looks alike moves under other light; the rest goes along with what is sure around it."""
    fields = []
    for field, astray, one, other in zip(flow[:2], flow.astray, pair, pair[::-1], strict=True):
        apart = cv2.blur(cv2.absdiff(one, _moved(other, field, 1)), (11, 11))
        sure = ((astray < 1) & (apart < 34)).astype(np.float32)
        fields.append(cv2.GaussianBlur(spread(field, sure), (0, 0), 3))
    return _Flow(fields[0], fields[1], _astray(*fields))


@dataclass(frozen=True)
class _Meeting:
    """Both greys and their flows, small; `seen`: how surely each pixel is seen in the other picture too, 0…1.

    `order`: pixels in the order in which they are put down. The last one in a place stays: the one that fits best.
    """

    greys: tuple[Array, Array]
    flows: tuple[Array, Array]
    seen: tuple[Array, Array]
    order: tuple[Array, Array]

    @classmethod
    def of(cls, pair: tuple[Array, Array], flow: _Flow, inside: Array) -> _Meeting:
        size = (KEPT_WIDTH, max(8, round(KEPT_WIDTH * inside.shape[0] / inside.shape[1])))
        shrink = KEPT_WIDTH / WIDTH
        a, b, inside, there, back, *astray = (
            cv2.resize(image, size, interpolation=cv2.INTER_AREA)
            for image in (*pair, inside, flow.there * shrink, flow.back * shrink, *flow.astray)
        )
        seen = [1 - 0.92 * np.clip((far - 1) / 2.5, 0, 1) for far in astray]
        order = (_order(a, b, there, astray[0]), _order(b, a, back, astray[1]))
        return cls((a, b), (there, back), (seen[0] * inside, seen[1]), order)

    def field(self, e: float) -> Array:
        """The motion through every point at moment e, and who shows it (as in `Pair`).

        Both flows are carried to the moment; where they disagree, that one holds whose two ends look alike.
        """
        a, b = self.greys
        shares = e, 1 - e
        found = [_carried(*each) for each in zip(self.flows, self.order, shares, strict=True)]
        found[1][..., :2] *= -1
        costs = []
        for one in found:
            apart = cv2.absdiff(_moved(a, one, -e), _moved(b, one, 1 - e))
            costs.append(cv2.blur(apart.astype(np.float32), (3, 3)) + 1000 * (1 - one[..., 2]))
        chosen = np.where((costs[0] <= costs[1])[..., None], found[0], found[1])
        motion = chosen[..., :2] if chosen[..., 2].min() > 0 else spread(chosen[..., :2], chosen[..., 2])
        by_first, by_last = (
            _moved(seen, motion, share) * (0.1 + 0.9 * one[..., 2])
            for seen, share, one in zip(self.seen, (-e, 1 - e), found, strict=True)
        )
        who = by_last / np.maximum(by_first + by_last, 1e-4)
        return np.dstack([motion / KEPT_WIDTH, who]).astype(np.float32)


def _order(image: Array, other: Array, flow: Array, astray: Array) -> Array:
    apart = cv2.absdiff(image, _moved(other, flow, 1)).astype(np.float32)
    doubt = cv2.blur(apart, (3, 3)) + 2 * np.minimum(astray, 4)
    return np.asarray(np.argsort(-doubt.ravel(), kind="stable"))


def _carried(flow: Array, order: Array, share: float) -> Array:
    """Each pixel's flow at the place where the pixel is after that share of it; third channel 1 where one came."""
    rows, columns = flow.shape[:2]
    moved = flow.reshape(-1, 2)[order]
    x = np.rint(order % columns + share * moved[:, 0]).astype(np.int64)
    y = np.rint(order // columns + share * moved[:, 1]).astype(np.int64)
    ok = (x >= 0) & (x < columns) & (y >= 0) & (y < rows)
    found = np.zeros((rows * columns, 3), np.float32)
    found[(y * columns + x)[ok]] = np.column_stack([moved, np.ones(len(moved), np.float32)])[ok]
    found = found.reshape(rows, columns, 3)
    around = cv2.blur(found, (3, 3))
    crack = (found[..., 2] == 0) & (around[..., 2] > 0.4)
    found[crack] = around[crack] / around[crack][:, 2:]
    return found


def spread(values: Array, where: Array) -> Array:
    """Push-pull: values that are known in places (0…1) carried smoothly into all others."""
    levels = [(values * where[..., None], where)]
    while min(levels[-1][1].shape) > 4:
        levels.append((cv2.pyrDown(levels[-1][0]), cv2.pyrDown(levels[-1][1])))
    coarse, known = levels[-1]
    filled = coarse / np.maximum(known, 1e-6)[..., None]
    for fine, known in reversed(levels[:-1]):
        bigger = cv2.resize(filled, (known.shape[1], known.shape[0]), interpolation=cv2.INTER_LINEAR)
        share = np.clip(known, 0, 1)[..., None]
        filled = fine / np.maximum(known, 1e-6)[..., None] * share + bigger * (1 - share)
    return np.asarray(filled)
