"""The sound of a file that is being written: a bed encoded as it goes, or another file's packets as they are."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

import av
import numpy as np

from engines.motion.planes import Array

SAMPLE_RATE = 48_000
_AAC_BLOCK = 1024


class Track(Protocol):
    """Written just ahead of the picture, so that a player can stream the file."""

    def up_to(self, seconds: Fraction) -> None:
        """Write what belongs before a moment of the clip."""

    def finish(self) -> None:
        """Write the rest."""


class Bed:
    """float32 samples × 2 at 48 kHz, as AAC."""

    def __init__(self, container: av.container.OutputContainer, samples: Array) -> None:
        self._container, self._samples, self._at = container, samples, 0
        self._stream: Any = container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo", options={"b": "128k"})
        self._stream.codec_context.time_base = Fraction(1, SAMPLE_RATE)

    def up_to(self, seconds: Fraction) -> None:
        while self._at < min(len(self._samples), int(seconds * SAMPLE_RATE)):
            block = self._samples[self._at : self._at + _AAC_BLOCK]
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block.T), format="fltp", layout="stereo")
            frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, self._at, Fraction(1, SAMPLE_RATE)
            self._at += len(block)
            self._container.mux(self._stream.encode(frame))

    def finish(self) -> None:
        self.up_to(Fraction(len(self._samples), SAMPLE_RATE))
        self._container.mux(self._stream.encode(None))


class Copied:
    """The first audio stream of a clip, packet by packet; nothing when it has none."""

    def __init__(self, container: av.container.OutputContainer, source: Path) -> None:
        self._container, self._source = container, av.open(str(source))
        self._stream: Any = None
        self._packets: Any = iter(())
        self._next: Any = None
        if self._source.streams.audio:
            given = self._source.streams.audio[0]
            self._stream = container.add_stream_from_template(given)
            self._packets = (packet for packet in self._source.demux(given) if packet.pts is not None)
            self._next = next(self._packets, None)

    def up_to(self, seconds: Fraction) -> None:
        while self._next is not None and self._next.pts * self._next.time_base < seconds:
            self._write()

    def finish(self) -> None:
        while self._next is not None:
            self._write()
        self._source.close()

    def _write(self) -> None:
        self._next.stream = self._stream
        self._container.mux(self._next)
        self._next = next(self._packets, None)
