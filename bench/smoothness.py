"""How calm a camera move looks: what the eye takes for trembling, and for pulsing sharpness."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np

from engines.motion.planes import Array

_FINE = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 60, 1e-4)
_SPAN = 9  # frames of the running mean


def measured(lumas: list[Array]) -> dict[str, float]:
    return {"jitter_px": jitter(lumas), "flicker": flicker(lumas)}


def jitter(lumas: list[Array]) -> float:
    """RMS of the second difference of tracked points, in pixels: 0 for an even move, whatever its speed."""
    points = cv2.goodFeaturesToTrack(lumas[0], 200, 0.02, 24)
    height, width = lumas[0].shape
    near = np.linalg.norm(points[:, 0] - (width / 2, height / 2), axis=1) < 0.4 * height  # these stay in the picture
    points, places = points[near], [points[near]]
    for before, after in pairwise(lumas):
        points, _found, _error = cv2.calcOpticalFlowPyrLK(
            before, after, points, None, winSize=(31, 31), maxLevel=2, criteria=_FINE
        )
        places.append(points)
    second = np.diff(np.stack(places)[:, :, 0], n=2, axis=0)
    lengths = np.linalg.norm(second, axis=2)
    kept = lengths.max(axis=0) <= np.quantile(lengths.max(axis=0), 0.9)  # a point that was lost says nothing
    return float(np.sqrt((lengths[:, kept] ** 2).mean()))


def flicker(lumas: list[Array]) -> float:
    """Standard deviation of the sharpness (Laplacian energy) divided by its own running mean."""
    energy = np.array([float((cv2.Laplacian(luma, cv2.CV_32F) ** 2).mean()) for luma in lumas])
    mean = np.convolve(energy, np.ones(_SPAN) / _SPAN, mode="valid")
    return float(np.std(energy[_SPAN // 2 : -(_SPAN // 2)] / mean))
