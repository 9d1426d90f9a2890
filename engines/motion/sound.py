"""A bed of sound chosen by the prompt: shaped noise, a few events, and a soft pad of four chords. 48 kHz, stereo."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from engines.base import RenderRequest
from engines.motion.chance import generator
from engines.motion.encode import SAMPLE_RATE
from engines.motion.planes import Array

LEVEL = 0.10  # RMS, −20 dB below full scale


class Voice(NamedTuple):
    """Noise round `centre` Hz, `octaves` wide, whose loudness swells every `swell` seconds."""

    words: str
    centre: float
    octaves: float
    swell: float
    depth: float
    gain: float


VOICES: tuple[Voice, ...] = (
    Voice(r"sea|ocean|waves?|beach|coast|surf", 420, 1.7, 6.5, 0.85, 1.0),
    Voice(r"river|stream|waterfall|fountain|water|lake", 900, 1.1, 2.3, 0.3, 0.8),
    Voice(r"rain\w*|drizzle|downpour|storm", 5200, 1.0, 4.0, 0.25, 0.8),
    Voice(r"thunder\w*|lightning|storm|earthquake", 60, 0.8, 5.0, 0.95, 1.0),
    Voice(r"fire|campfire|flames?|embers|lava", 180, 1.4, 1.7, 0.5, 0.9),
    Voice(r"city|street|traffic|urban|car|cars", 90, 1.3, 5.0, 0.5, 0.9),
    Voice(r"space|galaxy|cosmos|planet|nebula", 70, 0.9, 9.0, 0.6, 0.9),
    Voice(r"birds?|forest|spring|meadow|garden", 3100, 0.25, 0.9, 0.98, 0.35),
    Voice(r"crickets?|night|summer evening", 4300, 0.12, 0.35, 0.95, 0.25),
    Voice(r"wind\w*|breeze|mountain\w*|desert|snow\w*|storm", 260, 1.2, 5.5, 0.7, 0.9),
)
_AIR = Voice("", 300, 1.6, 7.0, 0.5, 0.35)  # a room is never silent
# Four chords, as semitones above A2; each seed starts elsewhere.
CHORDS = ((0, 7, 12, 16), (-4, 3, 8, 15), (-7, 5, 9, 12), (-2, 5, 10, 14))


def bed(request: RenderRequest, frames: int) -> Array:
    """float32, samples × 2, exactly as long as `frames` frames."""
    count = round(frames * SAMPLE_RATE / request.fps)
    text = request.prompt.lower()
    voices = [voice for voice in VOICES if re.search(rf"\b(?:{voice.words})\b", text)][:3] or [_AIR]
    rng = generator(request.seed, "sound")
    mixed = sum((_noise(rng, voice, count) for voice in voices), np.zeros((count, 2), np.float32))
    mixed = mixed + 0.55 * _pad(rng, count)
    mixed *= LEVEL / max(float(np.sqrt((mixed**2).mean())), 1e-9)
    return np.asarray((np.tanh(mixed * 1.2) / 1.2 * _fades(count)[:, None]).astype(np.float32))


def _noise(rng: np.random.Generator, voice: Voice, count: int) -> Array:
    """White noise under a Gaussian over octaves, independent left and right, with its swell; RMS `gain`."""
    length = 1 << max(count, 2).bit_length()
    octave = np.log2(np.maximum(np.fft.rfftfreq(length, 1 / SAMPLE_RATE), 1.0) / voice.centre)
    shape = np.exp(-0.5 * (octave / voice.octaves) ** 2) / np.sqrt(
        np.maximum(np.fft.rfftfreq(length, 1 / SAMPLE_RATE), 20)
    )
    channels = []
    for _ in range(2):
        spectrum = np.fft.rfft(rng.standard_normal(length)) * shape
        channels.append(np.fft.irfft(spectrum)[:count])
    sound = np.stack(channels, axis=1)
    seconds = np.arange(count) / SAMPLE_RATE
    wave = 0.5 + 0.5 * np.sin(2 * np.pi * seconds / voice.swell + rng.uniform(0, 2 * np.pi))
    wave *= 0.75 + 0.25 * np.sin(2 * np.pi * seconds / (voice.swell * 0.37) + rng.uniform(0, 2 * np.pi))
    sound *= (1 - voice.depth + voice.depth * wave**1.5)[:, None]
    return np.asarray((voice.gain * sound / max(float(np.sqrt((sound**2).mean())), 1e-9)).astype(np.float32))


def _pad(rng: np.random.Generator, count: int) -> Array:
    """Slow chords of soft sines with a little detuning between the ears."""
    seconds = np.arange(count) / SAMPLE_RATE
    total, each = np.zeros((count, 2)), 4.0
    start = int(rng.integers(len(CHORDS)))
    for index in range(int(seconds[-1] // each) + 1 if count else 0):
        age = seconds - index * each
        swell = np.clip(age / 1.4, 0, 1) * np.clip((each + 1.6 - age) / 1.6, 0, 1)
        active = np.flatnonzero(swell > 0)
        for note in CHORDS[(start + index) % len(CHORDS)]:
            frequency = 110 * 2 ** (note / 12)
            for ear, detune in enumerate((0.9985, 1.0015)):
                phase = 2 * np.pi * frequency * detune * seconds[active]
                total[active, ear] += swell[active] * (
                    np.sin(phase) + 0.25 * np.sin(2 * phase) + 0.08 * np.sin(3 * phase)
                )
    return np.asarray((total / max(float(np.sqrt((total**2).mean())), 1e-9)).astype(np.float32))


def _fades(count: int) -> Array:
    """50 ms in, 350 ms out."""
    gain = np.ones(count, np.float32)
    into, out = min(count, SAMPLE_RATE // 20), min(count, SAMPLE_RATE * 35 // 100)
    gain[:into] *= np.linspace(0, 1, into, dtype=np.float32)
    gain[count - out :] *= np.linspace(1, 0, out, dtype=np.float32)
    return gain
