"""What is done to a finished clip: enlarged, or given more frames; told of by the file that comes of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from engines.base import Desk, Rejected, RenderRequest, Result
from engines.motion import engine, faster, footage, upscale


def render(request: RenderRequest, desk: Desk) -> Result:
    """As `Engine.render`, of the tasks in `TASKS`."""
    begun = time.monotonic()
    path = TASKS[request.task](request, desk)
    made = footage.facts(path)
    return Result(
        path=path, content_type="video/mp4", width=made.width, height=made.height, frames=made.frames,
        fps=round(made.fps), has_audio=request.audio, engine=engine.MotionEngine.name, version=engine.VERSION,
        preview=True, report={"timings": {"total": round(time.monotonic() - begun, 3)}},
    )  # fmt: skip


def _upscaled(request: RenderRequest, desk: Desk) -> Path:
    assert request.driving is not None
    return upscale.clip(request.driving, (request.width, request.height), desk)


def _faster(request: RenderRequest, desk: Desk) -> Path:
    assert request.driving is not None
    times = request.fps / footage.facts(request.driving).fps
    if times.denominator != 1:
        raise Rejected(f"{request.fps} frames a second are no multiple of the clip's own rate.")
    return faster.clip(request.driving, int(times), desk)


TASKS: Mapping[str, Callable[[RenderRequest, Desk], Path]] = {"upscale": _upscaled, "faster": _faster}
