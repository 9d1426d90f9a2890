"""How a picture moves from frame to frame: the camera's similarity, and what is left when it is taken away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from engines.motion.planes import Array

WIDTH = 320  # of the greys that are tracked
GRID = (18, 32)  # rows and columns of the residual
DAMPING = 0.985


@dataclass(frozen=True)
class Track:
    """The camera over n frames, relative to the first: arrays of length n. Pans in view widths, roll in radians.

    `residual` is n × 18 × 32 × 2: where else things have gone, in view widths.
    """

    lnz: Array
    roll: Array
    px: Array
    py: Array
    residual: Array


def track(greys: Iterable[Array]) -> Track:
    """Follow corners from frame to frame (Lucas–Kanade, there and back; similarity by RANSAC); a cut holds still."""
    cv2.setRNGSeed(7)
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
    total, moved = np.eye(3), np.zeros((*GRID, 2), np.float32)
    states, residuals = [_state(total)], [moved]
    previous: Array | None = None
    for grey in greys:
        if previous is not None:
            step = similarity(previous, grey)
            if step is not None:
                total = step @ total
                moved = np.clip(DAMPING * moved + _rest(flow, previous, grey, step), -0.06, 0.06)
            states.append(_state(total))
            residuals.append(moved)
        previous = grey
    lnz, roll, px, py = np.array(states).T
    return Track(lnz, roll, px, py, np.stack(residuals))


def similarity(before: Array, after: Array) -> Array | None:
    """The 3×3 similarity, in view widths from the centre, that takes `before` to `after`; None when nothing holds."""
    corners = cv2.goodFeaturesToTrack(before, 260, 0.01, 6)
    if corners is None or len(corners) < 8:
        return np.eye(3)
    there, found, _ = cv2.calcOpticalFlowPyrLK(before, after, corners, None)
    back, found_back, _ = cv2.calcOpticalFlowPyrLK(after, before, there, None)
    good = (found[:, 0] == 1) & (found_back[:, 0] == 1) & (np.linalg.norm(back - corners, axis=2)[:, 0] < 0.7)
    if good.sum() < 8:
        return None
    matrix, inliers = cv2.estimateAffinePartial2D(corners[good], there[good], ransacReprojThreshold=1.2)
    if matrix is None or inliers.mean() < 0.25:
        return None
    height, width = before.shape
    to_view = np.array([[1, 0, -(width - 1) / 2], [0, 1, -(height - 1) / 2], [0, 0, width]]) / width
    return np.asarray(to_view @ np.vstack([matrix, [0, 0, 1]]) @ np.linalg.inv(to_view))


def _state(total: Array) -> tuple[float, float, float, float]:
    """Ln z, roll and pan of the camera that sees content moved by `total`: the inverse mapping of `camera.locate`."""
    scale = float(np.hypot(total[0, 0], total[1, 0]))
    angle = float(np.arctan2(total[1, 0], total[0, 0]))
    inverse = np.linalg.inv(total)
    return float(np.log(scale)), -angle, float(inverse[0, 2]), float(inverse[1, 2])


def _rest(flow: cv2.DISOpticalFlow, before: Array, after: Array, step: Array) -> Array:
    """Dense flow without the camera's share, on the coarse grid, in view widths."""
    dense = flow.calc(before, after, None)
    height, width = before.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    u, v = (x - (width - 1) / 2) / width, (y - (height - 1) / 2) / width
    camera_x = step[0, 0] * u + step[0, 1] * v + step[0, 2] - u
    camera_y = step[1, 0] * u + step[1, 1] * v + step[1, 2] - v
    left = dense / width - np.dstack([camera_x, camera_y])
    small = cv2.resize(left.astype(np.float32), GRID[::-1], interpolation=cv2.INTER_AREA)
    small[np.abs(small) < 4e-4] = 0
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 1.0))
