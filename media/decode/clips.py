"""Turns a strange clip into a plain one. Runs in the child process only."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

import av
from av.container import InputContainer, OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

from media.decode.limits import (
    CLIP_SIDE_KEPT,
    DECODE_THREADS,
    FPS_MAX,
    FRAMES_MAX,
    PIXELS_MAX,
    SECONDS_MAX,
    SIDE_MAX,
    SIDE_MIN,
    STREAMS_MAX,
    Refused,
)
from media.decode.sniff import HEAD_BYTES, ClipFormat, clip_format

_CODECS = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mjpeg", "prores"})


def normalise(source: Path, *, folder: Path) -> dict[str, Any]:
    """Write `normal.mp4`: H.264, upright, square pixels, at most 1280 px long, whole constant frames a second, silent.

    Frames and seconds are those that were decoded; what the headers claim decides nothing.

    :raises Refused: not an MP4, MOV, WebM or MKV, longer than 60 s, or beyond the other limits
    """
    with source.open("rb") as file:
        kind = clip_format(file.read(HEAD_BYTES))
    if kind is None:
        raise Refused("not_video")
    rate = _rate(source, kind)
    with _opened(source, kind) as (container, stream):
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = DECODE_THREADS
        aspect = float(stream.sample_aspect_ratio or 1)
        return _transcode(_timed(container, stream), rate=rate, aspect=aspect, into=folder / "normal.mp4")


@contextmanager
def _opened(source: Path, kind: ClipFormat) -> Iterator[tuple[InputContainer, VideoStream]]:
    """The clip under the demuxer of its magic bytes. FFmpeg gets an open file, no path, and may open nothing more."""
    with source.open("rb") as file:
        options = {"protocol_whitelist": "file", "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm"}
        with av.open(file, "r", format=kind, container_options=options, io_open=_no_other_file) as container:
            streams = [s for s in container.streams.video if not s.disposition & s.disposition.attached_pic]
            if not streams or len(container.streams) > STREAMS_MAX:
                raise Refused("no_moving_picture")
            context = streams[0].codec_context
            if context.codec.canonical_name not in _CODECS:
                raise Refused("video_codec")
            if max(context.width, context.height) > SIDE_MAX or context.width * context.height > PIXELS_MAX:
                raise Refused("video_side")
            yield container, streams[0]


def _no_other_file(url: str, flags: int, options: dict[str, str]) -> NoReturn:  # noqa: ARG001
    raise PermissionError(url)


def _rate(source: Path, kind: ClipFormat) -> int:
    """Whole frames a second that come nearest to the clip's mean, from the times of its packets; 30 at most."""
    with _opened(source, kind) as (container, stream):
        times = []
        for packet in container.demux(stream):
            if packet.pts is not None:
                times.append(packet.pts)
            if len(times) > FRAMES_MAX:
                raise Refused("too_many_frames")
        if len(times) < 2 or stream.time_base is None:
            raise Refused("no_moving_picture")
        seconds = float((max(times) - min(times)) * stream.time_base)
    return max(1, min(FPS_MAX, round((len(times) - 1) / seconds))) if seconds > 0 else FPS_MAX


def _timed(container: InputContainer, stream: VideoStream) -> Iterator[tuple[float, VideoFrame]]:
    """Every decoded frame with the second it appears at, counted from the first one."""
    start: float | None = None
    for count, frame in enumerate(container.decode(stream)):
        if frame.pts is None:
            continue
        start = frame.time if start is None else start
        if frame.time - start > SECONDS_MAX:
            raise Refused("too_long")
        if count >= FRAMES_MAX:
            raise Refused("too_many_frames")
        yield frame.time - start, frame


def _transcode(frames: Iterator[tuple[float, VideoFrame]], *, rate: int, aspect: float, into: Path) -> dict[str, Any]:
    """Show each frame from its own time until the next one's, sampled `rate` times a second."""
    first = next(frames, None)
    if first is None:
        raise Refused("no_moving_picture")
    shape = _Shape(first[1], aspect=aspect)
    writer = _Writer(into, width=shape.width, height=shape.height, rate=rate)
    decoded, at, shown = 1, 0.0, shape.apply(first[1])
    for second, frame in frames:
        decoded += 1
        writer.show(shown, until=second)
        at, shown = max(at, second), shape.apply(frame)
    # How long the last frame stands is a claim of the header, so it gets the mean of the others.
    end = at + (at / (decoded - 1) if at else 0.0)
    if decoded < 2 or not at:
        raise Refused("no_moving_picture")
    if end > SECONDS_MAX + 1 / rate:
        raise Refused("too_long")
    writer.show(shown, until=end)
    writer.close()
    return {
        "content_type": "video/mp4",
        "width": shape.width,
        "height": shape.height,
        "frames": writer.frames,
        "fps": rate,
        "seconds": writer.frames / rate,
    }


class _Shape:
    """Size and turn of the outcome, set by the first frame; later frames of another size are fitted to it."""

    def __init__(self, frame: VideoFrame, *, aspect: float) -> None:
        """`aspect` is the width of a stored pixel over its height."""
        self._turns = round(frame.rotation / 90) % 4  # quarter turns, counter-clockwise
        width, height = frame.width * aspect, float(frame.height)
        if min(width, height) < SIDE_MIN:
            raise Refused("video_small")
        scale = min(1.0, CLIP_SIDE_KEPT / max(width, height))
        self._stored = (_even(width * scale), _even(height * scale))
        self.width, self.height = self._stored if self._turns % 2 == 0 else self._stored[::-1]

    def apply(self, frame: VideoFrame) -> VideoFrame:
        width, height = self._stored
        plain = frame.reformat(
            width=width,
            height=height,
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation="AREA",
            threads=1,
        )
        return _turned(plain, self._turns) if self._turns else plain


def _turned(frame: VideoFrame, turns: int) -> VideoFrame:
    import numpy as np  # noqa: PLC0415  only clips that lie on their side need it

    width, height = frame.width, frame.height
    packed = frame.to_ndarray().reshape(-1)
    luma, chroma = width * height, width * height // 4
    planes = [
        packed[:luma].reshape(height, width),
        packed[luma : luma + chroma].reshape(height // 2, width // 2),
        packed[luma + chroma :].reshape(height // 2, width // 2),
    ]
    flat = np.concatenate([np.rot90(plane, turns).reshape(-1) for plane in planes])
    new_width = height if turns % 2 else width
    return VideoFrame.from_ndarray(flat.reshape(-1, new_width), format="yuv420p")


def _even(side: float) -> int:
    return max(2, round(side / 2) * 2)


class _Writer:
    """An MP4 of numbered frames, with nothing in it that came from the source but its pixels."""

    def __init__(self, path: Path, *, width: int, height: int, rate: int) -> None:
        self.frames = 0
        self._rate = rate
        options = {"movflags": "+faststart", "fflags": "+bitexact"}
        self._container: OutputContainer = av.open(str(path), "w", format="mp4", options=options)
        encoder = {"preset": "superfast", "crf": "16", "threads": str(DECODE_THREADS), "a53cc": "0"}
        encoder["x264-params"] = "mbtree=0"  # with it, one clip in hundreds would differ from its own repetition
        self._stream = self._container.add_stream("libx264", rate=rate, options=encoder)
        self._stream.width, self._stream.height, self._stream.pix_fmt = width, height, "yuv420p"
        self._stream.codec_context.time_base = Fraction(1, rate)
        self._stream.codec_context.colorspace = Colorspace.ITU709

    def show(self, frame: VideoFrame, *, until: float) -> None:
        """Repeat the frame at every sampling moment before `until` (seconds); none may be left for it."""
        for number in range(self.frames, math.ceil(until * self._rate - 1e-3)):
            frame.pts, frame.time_base, frame.pict_type = number, Fraction(1, self._rate), 0
            self._container.mux(self._stream.encode(frame))
            self.frames = number + 1

    def close(self) -> None:
        self._container.mux(self._stream.encode(None))
        self._container.close()
