"""Frames into an MP4: a thread that encodes while the next frames are drawn, behind a queue of four frames."""

from __future__ import annotations

import contextlib
import json
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

import av
import numpy as np
from av.video.frame import PictureType

from engines.motion.planes import Array, Planes
from engines.motion.soundtrack import SAMPLE_RATE, Bed, Copied, Track

__all__ = ["SAMPLE_RATE", "Format", "Writer", "view"]

QUEUE = 4
BT709 = 1


@dataclass(frozen=True, kw_only=True)
class Format:
    """What the file is: sizes in pixels, and the facts that its metadata tells."""

    width: int
    height: int
    fps: int | Fraction
    title: str
    comment: dict[str, Any] | str
    frames: int
    threads: int = 2

    @property
    def frame_time(self) -> Fraction:
        """Seconds that one frame is shown."""
        return 1 / Fraction(self.fps)


class Writer:
    """Takes frames in order and writes `path`; leaves no file behind unless `close` was reached.

    Use as a context manager. `blank()` gives a frame and its planes to draw on, `put` queues it.
    """

    def __init__(self, path: Path, format_: Format, sound: Array | Path | None = None) -> None:
        """`sound`: float32 (samples, 2) at 48 kHz, exactly as long as the clip; or a clip whose sound is copied."""
        self._path, self._part = path, path.with_suffix(".part.mp4")
        self._format, self._sound = format_, sound
        self._frames: queue.Queue[av.VideoFrame | None] = queue.Queue(QUEUE)
        self._error: BaseException | None = None
        self._count = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="encoder", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_details: object) -> None:
        if kind is not None:
            self._stopped.set()
        self._offer(None)
        self._thread.join()
        if kind is None and self._error is None:
            self._part.replace(self._path)
            return
        self._part.unlink(missing_ok=True)
        if kind is None and self._error is not None:
            raise self._error

    def blank(self) -> tuple[av.VideoFrame, Planes]:
        frame = av.VideoFrame(self._format.width, self._format.height, "yuv420p")
        return frame, Planes(*(view(plane) for plane in frame.planes))

    def put(self, frame: Any) -> None:
        """Queue one frame; waits while four are ahead of it. Re-raises what went wrong in the encoder."""
        if self._error is not None:
            raise self._error
        frame.pts, frame.time_base = self._count, self._format.frame_time
        if self._count == self._format.frames - 1:
            frame.pict_type = PictureType.I
        self._count += 1
        self._offer(frame)

    def finish(self, go_on: Callable[[], None]) -> None:
        """No frame comes any more: until all are written. `go_on` is called meanwhile and may raise."""
        self._offer(None)
        while self._thread.is_alive():
            go_on()
            self._thread.join(0.05)

    def _offer(self, frame: av.VideoFrame | None) -> None:
        while self._thread.is_alive():
            with contextlib.suppress(queue.Full):
                self._frames.put(frame, timeout=0.1)
                return

    def _run(self) -> None:
        try:
            self._encode()
        except BaseException as error:  # noqa: BLE001  handed to the drawing thread, which raises it
            self._error = error

    def _encode(self) -> None:
        options = {"movflags": "+faststart", "brand": "mp42"}
        with av.open(str(self._part), "w", format="mp4", options=options) as container:
            comment = self._format.comment
            told = comment if isinstance(comment, str) else json.dumps(comment)
            container.metadata.update(title=self._format.title, comment=told)
            video = _video_stream(container, self._format)
            sound = _track(container, self._sound)
            for frame in self._queued():
                container.mux(video.encode(frame))
                if sound is not None:
                    sound.up_to(((frame.pts or 0) + 1) * self._format.frame_time)
            if self._stopped.is_set():
                return  # what waits inside the encoder would only keep the caller waiting
            container.mux(video.encode(None))
            if sound is not None:
                sound.finish()

    def _queued(self) -> Iterator[av.VideoFrame]:
        while (frame := self._frames.get()) is not None:
            if self._stopped.is_set():
                return
            yield frame


def _track(container: av.container.OutputContainer, sound: Array | Path | None) -> Track | None:
    if sound is None:
        return None
    return Copied(container, sound) if isinstance(sound, Path) else Bed(container, sound)


def view(plane: Any) -> Array:
    """The plane's own memory as rows × columns, without its padding."""
    rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)
    return np.asarray(rows[:, : plane.width])


def _video_stream(container: av.container.OutputContainer, format_: Format) -> Any:
    """H.264 as browsers like it. Key frames get a finer quantiser (ipratio): both ends of a clip, which are the
    caller's own pictures, are key frames. Equal frames give equal bytes: the number of threads is fixed, and x264's
    macroblock tree is off, for together with B-frames it decides otherwise every few hundred clips.
    """
    options = {
        "preset": "veryfast", "crf": "20", "threads": str(format_.threads),
        "x264-params": f"keyint={round(2 * format_.fps)}:mbtree=0:b-adapt=0:ipratio=2:chroma-qp-offset=-2",
    }  # fmt: skip
    stream: Any = container.add_stream("libx264", rate=format_.fps, options=options)
    stream.width, stream.height, stream.pix_fmt = format_.width, format_.height, "yuv420p"
    context = stream.codec_context
    context.time_base = format_.frame_time
    context.flags |= av.codec.context.Flags.closed_gop
    context.color_range = context.colorspace = context.color_primaries = context.color_trc = BT709
    return stream
