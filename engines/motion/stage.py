"""One request from start to end: read the words, set the scene of the task, film it, say what was done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import cv2

from engines.base import Desk, EngineError, Rejected, RenderRequest, Result
from engines.motion import addons, engine, program, recipe, sound, still
from engines.motion.clip import Filmed, Scene, awaited, check, film
from engines.motion.encode import Format
from engines.motion.extend import film_extended
from engines.motion.montage import Montage
from engines.motion.morph import Morph
from engines.motion.painted import PaintedScene
from engines.motion.painter import unpainted
from engines.motion.photographed import PhotoScene
from engines.motion.program import Program
from engines.motion.transfer import TransferScene

THREADS = 2

Maker = Callable[[RenderRequest, Program, Callable[[], None]], Scene]


def _animated(request: RenderRequest, words: Program, check: Callable[[], None]) -> Scene:
    """From the layers of the picture where it is one of our own, else from the picture."""
    return PaintedScene.starting_on(request, words, check) or PhotoScene.of(request, words, check)


SCENES: Mapping[str, Maker] = {
    "image_to_video": _animated,
    "text_to_video": PaintedScene.of,
    "first_last": Morph.of,
    "motion": TransferScene.of,
    "references": Montage.of,
}


def render(request: RenderRequest, desk: Desk) -> Result:
    """As `Engine.render`."""
    cv2.setNumThreads(THREADS)
    with _own_errors():
        check(desk)
        desk.progress(0.0, "reading")
        if request.task in addons.TASKS:
            return addons.render(request, desk)
        return still.make(request, desk) if request.task == "image" else _clip(request, desk)


@contextmanager
def _own_errors() -> Iterator[None]:
    """What OpenCV refuses in a caller's file is the file's fault; everything else stays a defect."""
    try:
        yield
    except EngineError:
        raise
    except cv2.error as error:
        raise Rejected("An input can't be processed.") from error


def _clip(request: RenderRequest, desk: Desk) -> Result:
    begun = time.monotonic()
    words = program.read(
        request.prompt, duration=request.frames / request.fps, seed=request.seed, negative=request.negative_prompt
    )
    filmed, scene_report = (
        _extended(request, words, desk) if request.task == "extend" else _filmed(request, words, desk)
    )
    timings = {"total": round(time.monotonic() - begun, 3), **filmed.report}
    return Result(
        path=filmed.path, content_type="video/mp4", width=request.width, height=request.height, frames=filmed.frames,
        fps=request.fps, has_audio=request.audio, engine=engine.MotionEngine.name, version=engine.VERSION, preview=True,
        report=report(request, words, timings) | scene_report,
    )  # fmt: skip


def _filmed(request: RenderRequest, words: Program, desk: Desk) -> tuple[Filmed, dict[str, Any]]:
    begun = time.monotonic()
    scene = awaited(lambda go_on: SCENES[request.task](request, words, go_on), desk)
    bed = awaited(lambda _go_on: sound.bed(request, request.frames), desk) if request.audio else None
    desk.progress(0.1, "rendering")
    setup = round(time.monotonic() - begun, 3)
    filmed = film(scene, request.frames, format_=file_format(request), desk=desk, sound=bed)
    return Filmed(filmed.path, filmed.frames, {"setup": setup, **filmed.report}), dict(getattr(scene, "report", {}))


def _extended(request: RenderRequest, words: Program, desk: Desk) -> tuple[Filmed, dict[str, Any]]:
    filmed = film_extended(request, words, desk, file_format(request))
    return filmed, {"joined": filmed.report.pop("joined")}


def file_format(request: RenderRequest) -> Format:
    return Format(
        width=request.width, height=request.height, fps=request.fps, frames=request.frames, title="Preview clip",
        comment={"engine": engine.MotionEngine.name, "preview": True, "version": engine.VERSION, "seed": request.seed},
        threads=THREADS,
    )  # fmt: skip


_UNSET = (None, "", False)


def report(request: RenderRequest, words: Program, timings: Mapping[str, float]) -> dict[str, Any]:
    """What was understood, what was not, and which fields had no effect."""
    known = {"base"} | (engine.IMAGE_OPTIONS | {"output_format"} if request.task == "image" else set())
    return {
        "program": words.as_json(),
        "understood": list(words.understood),
        "unsupported": _unsupported(request, words),
        "ignored": sorted(name for name, value in request.options.items() if name not in known and value not in _UNSET),
        "timings": dict(timings),
    }  # fmt: skip


def _unsupported(request: RenderRequest, words: Program) -> list[str]:
    """Actions that no body here takes (a driving clip gives them), and subjects that the painter left out."""
    actions = [] if request.task == "motion" else list(words.unsupported)
    painted = request if request.task in ("image", "text_to_video") else request.first and recipe.find(request.first)
    if not painted or painted.picture is not None:
        return actions
    return list(dict.fromkeys(actions + unpainted(painted.prompt, painted.subjects)))
