"""Beds of sound: their length, their level, and that each place sounds like itself."""

import numpy as np
import pytest

from engines.base import RenderRequest
from engines.motion import sound

pytestmark = pytest.mark.engine

RATE = 48_000


def bed(prompt, *, seed=1, frames=24, fps=12):
    request = RenderRequest(
        task="text_to_video", prompt=prompt, seed=seed, width=64, height=64, frames=frames, fps=fps, audio=True
    )
    return sound.bed(request, frames)


def bands(samples):
    """Shares of the power below 120, 350, 1000, 3000 Hz and above, in dB."""
    power = np.abs(np.fft.rfft(samples[:, 0])) ** 2
    edges = np.searchsorted(np.fft.rfftfreq(len(samples), 1 / RATE), [20, 120, 350, 1000, 3000, 20_000])
    shares = np.array([part.sum() for part in np.split(power, edges)[1:-1]]) / power.sum()
    return 10 * np.log10(shares + 1e-5)


@pytest.mark.parametrize(("frames", "fps"), [(24, 12), (25, 24), (1, 30), (7, 25)])
def test_a_bed_is_as_long_as_its_frames_to_the_sample(frames, fps):
    samples = bed("a cup of coffee", frames=frames, fps=fps)

    assert samples.shape == (round(frames * RATE / fps), 2)
    assert samples.dtype == np.float32


@pytest.mark.parametrize("prompt", ["waves", "heavy rain and thunder", "a campfire", "an empty room"])
def test_a_bed_is_twenty_decibels_below_full_scale_and_never_clips(prompt):
    samples = bed(prompt)

    middle = samples[RATE // 10 : -RATE // 2]
    assert 20 * np.log10(np.sqrt((middle**2).mean())) == pytest.approx(-20, abs=1.5)
    assert np.abs(samples).max() < 0.95
    assert np.abs(samples[[0, -1]]).max() == 0


def test_no_two_places_sound_alike():
    places = [
        "waves on the beach",
        "heavy rain",
        "a campfire",
        "city traffic",
        "birds in a forest",
        "crickets by night",
    ]
    heard = [bands(bed(prompt)) for prompt in places]

    apart = [np.abs(a - b).max() for k, a in enumerate(heard) for b in heard[k + 1 :]]
    assert min(apart) > 3


def test_a_place_without_a_sound_of_its_own_gets_a_low_room_tone():
    below, low, *higher = bands(bed("a cup of coffee"))

    assert max(below, low) > -4
    assert max(higher) < -8


def test_the_seed_changes_the_bed_and_the_same_seed_repeats_it():
    assert np.array_equal(bed("rain", seed=5), bed("rain", seed=5))
    assert not np.array_equal(bed("rain", seed=5), bed("rain", seed=6))
