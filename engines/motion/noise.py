"""Value noise: random grids enlarged by cubic interpolation, octave upon octave."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from engines.motion.planes import Array


def value(
    rng: np.random.Generator,
    height: int,
    width: int,
    cell: float,
    octaves: int = 4,
    *,
    stretch: float = 1.0,
    gain: float = 0.5,
) -> Array:
    """Smooth noise in 0…1 whose coarsest features are `cell` samples high and `stretch` times as wide."""
    grids, norm = [], 0.0
    for octave in range(octaves):
        rows, columns = max(2, round(height / cell) + 2), max(2, round(width / (cell * stretch)) + 2)
        grids.append((rng.random((rows, columns), dtype=np.float32), gain**octave, cell))
        norm += gain**octave
        cell /= 2
        if cell < 1:
            break
    total = _summed(grids, height, width, wrap=False)
    return np.asarray(np.clip(total / np.float32(norm), 0, 1))


def tileable(
    rng: np.random.Generator, height: int, width: int, cell: float, octaves: int, *, stretch: float = 1.0
) -> Array:
    """As `value`, but its left edge continues its right edge, and its values fill 0…1."""
    grids = []
    for octave in range(octaves):
        rows, columns = max(2, round(height / cell)), max(2, round(width / (cell * stretch)))
        grids.append((rng.random((rows, columns), dtype=np.float32), 0.5**octave, cell))
        cell /= 2
        if cell < 2:
            break
    total = _summed(grids, height, width, wrap=True)
    low, high = np.percentile(total[::3, ::3], (1, 99))
    return np.asarray(np.clip((total - np.float32(low)) / np.float32(max(high - low, 1e-6)), 0, 1))


Grids = Sequence[tuple[Array, float, float]]  # values, weight, and how many samples high one of them is


def _summed(grids: Grids, height: int, width: int, *, wrap: bool) -> Array:
    """Octaves from coarse to fine, each added at a size where its cells are some eight samples high."""
    total, before = np.zeros((1, 1), np.float32), 0
    for grid, weight, cell in grids:
        shrink = 2 ** max(0, int(np.log2(max(cell, 1) / 8)))
        size = (max(2, -(-width // shrink)), max(2, -(-height // shrink)))
        octave = _enlarged(grid, size, wrap=wrap)
        while before > shrink:
            total, before = _twice(total, wrap=wrap), before // 2
        total = octave * np.float32(weight) if not before else cv2.scaleAdd(octave, weight, _cut(total, octave.shape))
        before = shrink
    while before > 1:
        total, before = _twice(total, wrap=wrap), before // 2
    return _cut(total, (height, width))


def _cut(image: Array, shape: tuple[int, ...]) -> Array:
    return np.ascontiguousarray(image[: shape[0], : shape[1]])


def _twice(image: Array, *, wrap: bool) -> Array:
    """Doubled as a B-spline: repeated cubic interpolation would leave ripples that relief brings to light."""
    if not wrap:
        return np.asarray(cv2.pyrUp(image))
    return np.asarray(cv2.pyrUp(np.pad(image, ((0, 0), (4, 4)), mode="wrap"))[:, 8:-8])


def _enlarged(grid: Array, size: tuple[int, int], *, wrap: bool) -> Array:
    """By cubic interpolation, which may go on across the left and right edge."""
    if not wrap:
        return np.asarray(cv2.resize(grid, size, interpolation=cv2.INTER_CUBIC))
    width, height = size
    margin = round(4 * width / grid.shape[1])
    padded = np.pad(grid, ((0, 0), (4, 4)), mode="wrap")
    big = cv2.resize(padded, (width + 2 * margin, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(big[:, margin : margin + width])


def profile(
    rng: np.random.Generator, width: int, cell: float, octaves: int, *, roughness: float = 0.5, ridged: bool = False
) -> Array:
    """One line of noise in about −1…1: hills, or with `ridged` sharp peaks; `cell` samples to the widest feature."""
    total = np.zeros(width)
    weight, norm = 1.0, 0.0
    for _ in range(octaves):
        count = max(3, int(width / cell) + 4)
        knots = rng.uniform(-1, 1, count)
        at = np.arange(width) / cell + rng.random()
        left = np.clip(at.astype(int), 0, count - 2)
        share = at - left
        share = share * share * (3 - 2 * share)
        line = knots[left] * (1 - share) + knots[np.minimum(left + 1, count - 1)] * share
        total += weight * ((1 - 2 * np.abs(line)) if ridged else line)
        norm += weight
        weight, cell = weight * roughness, cell / 2.03
        if cell < 1.5:
            break
    return np.asarray(total / norm)


def grain(rng: np.random.Generator, height: int, width: int, sigma: float) -> Array:
    """Film grain at half size, in levels; a single plane for all channels."""
    small = rng.normal(0, sigma, (height // 2 + 1, width // 2 + 1)).astype(np.float32)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR))
