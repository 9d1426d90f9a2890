"""What prompts on a mock (`branch=fast`) come to: the same pictures and the same clip every time, no engine (D22)."""

from __future__ import annotations

import shutil
from pathlib import Path

from engines.base import RenderRequest, Result
from media.decode.sniff import png_size
from prompts.rendering.plan import Plan
from tunes import house

CLIP = Path(__file__).parent / "canned.mp4"  # one second of 480×270 at 24 frames a second, made by the project itself
NAME, VERSION = "mock", "1"


def results(planned: Plan, *, folder: Path) -> list[Result]:
    """One for each request, whatever was asked."""
    return [_result(request, number, folder) for number, request in enumerate(planned.requests)]


def _result(request: RenderRequest, number: int, folder: Path) -> Result:
    pictures = sorted(house.SAMPLES.glob("*.png"))
    source = pictures[number % len(pictures)] if request.task == "image" else CLIP
    path = folder / f"{number}{source.suffix}"
    shutil.copyfile(source, path)
    is_image = request.task == "image"
    width, height = png_size(path) if is_image else (480, 270)
    frames = 1 if is_image else 24
    return Result(
        path=path, content_type="image/png" if is_image else "video/mp4", width=width, height=height, frames=frames,
        fps=frames, has_audio=False, engine=NAME, version=VERSION, preview=True,
    )  # fmt: skip
