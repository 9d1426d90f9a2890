"""A bed of sound chosen by the prompt: shaped noise, single events (drops, crackles, calls), and a soft pad of chords.

48 kHz, stereo. A prompt that names nothing audible gets the tone of a quiet room.
"""

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
    event: str = ""  # what happens in it besides


class Event(NamedTuple):
    """A short tone or burst: `rate` a second, `length` seconds, from `start` to `end` Hz; 0: a click of noise."""

    rate: float
    length: float
    start: float
    end: float
    gain: float
    repeat: int = 1  # times in a row, as a bird calls


EVENTS = {
    "drop": Event(14.0, 0.03, 2600, 1300, 0.5),
    "crackle": Event(11.0, 0.012, 0, 0, 1.6),
    "bird": Event(0.9, 0.09, 3300, 4500, 0.8, 3),
    "cricket": Event(1.6, 0.03, 4300, 4300, 0.5, 4),
    "bubble": Event(6.0, 0.05, 480, 900, 0.4),
    "horn": Event(0.25, 0.7, 392, 388, 0.35),
    "rumble": Event(0.35, 1.6, 70, 38, 1.2),
    "gull": Event(0.35, 0.28, 1500, 950, 0.5, 2),
}

VOICES: tuple[Voice, ...] = (
    Voice(r"sea|seaside|ocean|waves?|beach|coast|surf|shore", 420, 1.7, 6.5, 0.85, 1.0, "gull"),
    Voice(r"river|stream|brook|waterfall|fountain|water|lake|pond", 900, 1.1, 2.3, 0.3, 0.8, "bubble"),
    Voice(r"underwater|aquarium|diving", 140, 1.0, 4.0, 0.5, 1.0, "bubble"),
    Voice(r"rain\w*|drizzle|downpour|storm\w*", 5200, 1.0, 4.0, 0.25, 0.8, "drop"),
    Voice(r"thunder\w*|lightning|storm\w*|earthquake", 60, 0.8, 5.0, 0.95, 1.0, "rumble"),
    Voice(r"fire|fireplace|campfire|bonfire|flames?|embers|lava|candle\w*", 180, 1.4, 1.7, 0.5, 0.9, "crackle"),
    Voice(r"city|street|traffic|urban|cars?|downtown|highway", 90, 1.3, 5.0, 0.5, 0.9, "horn"),
    Voice(r"space|galaxy|cosmos|planets?|nebula|stars", 70, 0.9, 9.0, 0.6, 0.9),
    Voice(r"birds?|forest|jungle|spring|meadow|garden|park|woods", 3100, 0.9, 3.0, 0.6, 0.25, "bird"),
    Voice(r"crickets?|night\w*|summer evening", 4300, 0.12, 0.35, 0.95, 0.25, "cricket"),
    Voice(r"wind\w*|breeze|mountains?|desert|dunes?|snow\w*|blizzard|storm\w*|cliffs?", 260, 1.2, 5.5, 0.7, 0.9),
)
_ROOM = Voice("", 150, 1.5, 8.0, 0.3, 0.5)  # a room is never silent
MOST = 3  # voices at a time
# Four chords, as semitones above A2; each seed starts elsewhere.
CHORDS = ((0, 7, 12, 16), (-4, 3, 8, 15), (-7, 5, 9, 12), (-2, 5, 10, 14))


def bed(request: RenderRequest, frames: int) -> Array:
    """float32, samples × 2, exactly as long as `frames` frames."""
    count = round(frames * SAMPLE_RATE / request.fps)
    text = request.prompt.lower()
    voices = [voice for voice in VOICES if re.search(rf"\b(?:{voice.words})\b", text)][:MOST] or [_ROOM]
    rng = generator(request.seed, "sound")
    mixed = sum((_noise(rng, voice, count) for voice in voices), np.zeros((count, 2), np.float32))
    for voice in voices:
        if voice.event:
            mixed += _events(rng, EVENTS[voice.event], count)
    mixed += np.float32(0.40) * _pad(rng, count)
    limited = np.tanh(_levelled(mixed) * 1.2) / 1.2
    limited = _levelled(limited)
    return np.asarray((limited * _fades(count)[:, None]).astype(np.float32))


def _levelled(sound: Array) -> Array:
    return np.asarray(sound * np.float32(LEVEL / max(float(np.sqrt((sound**2).mean())), 1e-9)))


def _noise(rng: np.random.Generator, voice: Voice, count: int) -> Array:
    """White noise under a Gaussian over octaves, independent left and right, with its swell; RMS `gain`."""
    length = _smooth_length(count)
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


def _smooth_length(count: int) -> int:
    """The next length whose transform is quick: 2ⁿ or 3·2ⁿ."""
    power = 1 << max(count - 1, 1).bit_length()
    return 3 * power // 4 if 3 * power // 4 >= max(count, 2) else power


def _events(rng: np.random.Generator, event: Event, count: int) -> Array:
    """Events at random times and places between the ears, each with a soft start and an end that rings out."""
    total = np.zeros((count, 2), np.float32)
    length = max(8, int(event.length * SAMPLE_RATE))
    age = np.arange(length) / length
    shape = np.minimum(age * 12, 1) * np.exp(-4 * age)
    pitch = np.cumsum(event.start + (event.end - event.start) * age) / SAMPLE_RATE
    for _ in range(rng.poisson(event.rate * count / SAMPLE_RATE)):
        at, side, loud = rng.integers(count), rng.uniform(0.15, 0.85), event.gain * rng.uniform(0.2, 1.0)
        high = rng.uniform(0.85, 1.15)
        for turn in range(event.repeat):
            start = int(at + turn * 1.6 * length)
            tone = np.sin(2 * np.pi * high * pitch) if event.start else rng.standard_normal(length)
            piece = (loud * shape * tone)[: max(0, count - start)]
            total[start : start + len(piece)] += piece[:, None] * np.array([1 - side, side])
    return total


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
