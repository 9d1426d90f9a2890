"""Where everything random comes from: a generator for each seed and stage, so that stages never disturb each other."""

from __future__ import annotations

import numpy as np

_FNV_OFFSET, _FNV_PRIME = 0x811C9DC5, 0x01000193


def fnv1a(text: str) -> int:
    """32-bit FNV-1a; unlike hash() it is the same in every process."""
    value = _FNV_OFFSET
    for byte in text.encode():
        value = ((value ^ byte) * _FNV_PRIME) & 0xFFFFFFFF
    return value


def generator(seed: int, stage: str) -> np.random.Generator:
    return np.random.default_rng(seed + fnv1a(stage))
