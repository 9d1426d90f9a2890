"""Fog drifts over a tile that repeats."""

import numpy as np
import pytest

from engines.motion.effects.fog import Fog

pytestmark = pytest.mark.engine


def test_the_tile_repeats_without_a_gap_wherever_the_drift_stands():
    fog = Fog(1.0, seed=7, width=1280, height=720)

    at_zero, just_before, once_round = (fog._shifted(0, drift) for drift in (0.0, -1e-15, float(2 * fog._size[0])))

    assert np.array_equal(at_zero, just_before)
    assert np.array_equal(at_zero, once_round)
