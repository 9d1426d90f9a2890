"""Value noise: random grids enlarged by cubic interpolation, octave upon octave."""

from __future__ import annotations

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
    total = np.zeros((height, width), np.float32)
    weight, norm = 1.0, 0.0
    for _ in range(octaves):
        rows, columns = max(2, round(height / cell) + 2), max(2, round(width / (cell * stretch)) + 2)
        grid = rng.random((rows, columns), dtype=np.float32)
        total += weight * cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
        norm += weight
        weight, cell = weight * gain, cell / 2
        if cell < 1:
            break
    return np.asarray(np.clip(total / norm, 0, 1))


def tileable(
    rng: np.random.Generator, height: int, width: int, cell: float, octaves: int, *, stretch: float = 1.0
) -> Array:
    """As `value`, but its left edge continues its right edge, and its values fill 0…1."""
    total = np.zeros((height, width), np.float32)
    weight = 1.0
    for _ in range(octaves):
        rows, columns = max(2, round(height / cell)), max(2, round(width / (cell * stretch)))
        grid = np.pad(rng.random((rows, columns), dtype=np.float32), ((0, 0), (4, 4)), mode="wrap")
        margin = round(4 * width / columns)
        big = cv2.resize(grid, (width + 2 * margin, height), interpolation=cv2.INTER_CUBIC)
        total += weight * big[:, margin : margin + width]
        weight, cell = weight / 2, cell / 2
        if cell < 2:
            break
    low, high = np.percentile(total, (1, 99))
    return np.asarray(np.clip((total - low) / max(high - low, 1e-6), 0, 1))


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
