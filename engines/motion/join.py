"""Two clips one after the other in one file, their packets as they are: nothing is decoded, nothing changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from engines.motion.encode import Format, Writer
from engines.motion.planes import Array
from engines.motion.soundtrack import Bed

Look = tuple[Any, ...]


def fits(clip: Path, format_: Format, folder: Path) -> bool:
    """Whether what this engine would write now, frame after frame, can follow the clip's own packets."""
    trial = folder / "trial.mp4"
    try:
        with Writer(trial, format_) as writer:
            frame, planes = writer.blank()
            for plane in planes:
                plane[:] = np.uint8(128)
            writer.put(frame)
        return _look(clip) == _look(trial)
    finally:
        trial.unlink(missing_ok=True)


def _look(clip: Path) -> Look:
    """What has to be equal: codec and its header, size, rate, time base; and that frames come evenly."""
    with av.open(str(clip)) as container:
        stream: Any = container.streams.video[0]
        codec = stream.codec_context
        marks = [(packet.pts, packet.dts) for packet in container.demux(stream) if packet.pts is not None]
        tick, delay = 1 / (stream.average_rate * stream.time_base), marks[0][1] if marks else 0
        even = [tick * number for number in range(len(marks))]
        evenly = sorted(pts for pts, _dts in marks) == even and [dts - delay for _pts, dts in marks] == even
        return codec.name, codec.extradata, stream.width, stream.height, stream.average_rate, stream.time_base, evenly


def write(path: Path, clips: Sequence[Path], format_: Format, sound: Array | None, check: Callable[[], None]) -> None:
    """Copy the clips' pictures into `path`, with the facts of `format_` and the sound; `check` may raise in between.

    Nothing is left at `path` then.
    """
    part, options = path.with_suffix(".part.mp4"), {"movflags": "+faststart", "brand": "mp42"}
    try:
        with av.open(str(part), "w", format="mp4", options=options) as container:
            container.metadata.update(title=format_.title, comment=json.dumps(format_.comment))
            _copy(container, clips, format_, sound, check)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _copy(
    container: Any, clips: Sequence[Path], format_: Format, sound: Array | None, check: Callable[[], None]
) -> None:
    stream: Any = None
    bed, written, ahead = None, 0, min(map(_first_dts, clips))
    for clip in clips:
        with av.open(str(clip)) as source:
            given: Any = source.streams.video[0]
            if stream is None:
                stream = container.add_stream_from_template(given)
                bed = None if sound is None else Bed(container, sound)
            tick = int(format_.frame_time / given.time_base)
            before = written * tick
            for packet in source.demux(given):
                if packet.pts is None:
                    continue
                check()
                packet.stream, packet.time_base = stream, given.time_base
                packet.pts, packet.dts = packet.pts + before, written * tick + ahead
                written += 1
                container.mux(packet)
                if bed is not None:
                    bed.up_to(written * Fraction(format_.frame_time))
    if bed is not None:
        bed.finish()


def _first_dts(clip: Path) -> int:
    """Frames that are shown early are decoded before time 0; a clip of a frame or two has none."""
    with av.open(str(clip)) as container:
        return next(container.demux(video=0)).dts or 0
