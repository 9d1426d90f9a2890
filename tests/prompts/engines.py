"""Engines that stand where the renderer stands, each with one habit; what they were asked is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PIL import Image

from engines.base import (
    TASKS,
    Cancelled,
    Capabilities,
    Rejected,
    RenderRequest,
    Result,
    Retryable,
    Trained,
    TrainRequest,
)
from tests.media.files import clip


class Obedient:
    """Paints a small picture, or a clip of four frames."""

    name = "motion"
    asked: ClassVar[list[RenderRequest]] = []
    trained: ClassVar[list[TrainRequest]] = []
    before_painting: ClassVar[Callable[[], None]] = lambda: None

    def capabilities(self) -> Capabilities:
        return Capabilities(
            tasks=frozenset(TASKS),
            audio=True,
            preview=True,
            max_frames=480,
            max_pixels=3840 * 2160,
            trains=frozenset({"lora", "pti", "faceid", "checkpoint"}),
            image_options=frozenset(),
        )

    def train(self, request: TrainRequest, desk) -> Trained:
        """One cut-out, and a profile that tells what was asked."""
        Obedient.trained.append(request)
        desk.progress(0.5, "training")
        Obedient.before_painting()
        path = desk.folder / "cut-out.png"
        Image.new("RGBA", (32, 48), (10, 20, 30, 128)).save(path)
        profile = {"pictures": len(request.pictures), "steps": request.steps}
        return Trained(files=(path,), profile=profile, engine="motion", version="1", preview=True)

    def render(self, request: RenderRequest, desk) -> Result:
        Obedient.asked.append(request)
        desk.progress(0.5, "painting")
        Obedient.before_painting()
        is_clip = request.task != "image"
        path = desk.folder / ("result.mp4" if is_clip else "result.png")
        if is_clip:
            clip(path, frames=4)
        else:
            Image.new("RGB", (96, 64), (request.seed % 256, 80, 40)).save(path)
        return Result(
            path=path,
            content_type="video/mp4" if is_clip else "image/png",
            width=160 if is_clip else 96,
            height=96 if is_clip else 64,
            frames=4 if is_clip else 1,
            fps=24 if is_clip else 1,
            has_audio=False,
            engine="motion",
            version="1",
            preview=True,
            report={"unsupported": ["style"]},
        )


class Refusing(Obedient):
    def render(self, request, desk):
        raise Rejected("There is nothing to see in this picture.")


class Waiting(Obedient):
    def render(self, request, desk):
        raise Retryable("The provider is busy.")


class Dying(Obedient):
    def render(self, request, desk):
        raise RuntimeError("a defect")


class Slow(Obedient):
    """Ran past the deadline."""

    def render(self, request, desk):
        raise Cancelled


class FailingLate(Obedient):
    """Makes its first picture and dies of the second."""

    def render(self, request, desk):
        if len(Obedient.asked) % 2:
            Obedient.asked.append(request)
            raise RuntimeError("a defect")
        return super().render(request, desk)
