"""The image task: a painted still, or a variation of a picture, as a file."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from engines.base import Desk, Rejected, RenderRequest, Result
from engines.motion import engine, finish, photo, program, recipe
from engines.motion.clip import check
from engines.motion.planes import Array

QUALITY = 92


def make(request: RenderRequest, desk: Desk) -> Result:
    """Paint, finish and write one picture; as `Engine.render`."""
    from engines.motion.stage import report  # noqa: PLC0415  stage imports this module

    begun = time.monotonic()
    desk.progress(0.1, "painting")
    rgb = picture(request, lambda: check(desk))
    check(desk)
    desk.progress(0.9, "writing")
    path = _write(rgb, desk.folder, str(request.options.get("output_format") or "jpg"))
    recipe.keep(request, path)
    desk.progress(1.0, "painted")
    words = program.read(request.prompt, duration=0.0, seed=request.seed, negative=request.negative_prompt)
    return Result(
        path=path, content_type="image/png" if path.suffix == ".png" else "image/jpeg", width=request.width,
        height=request.height, frames=1, fps=1, has_audio=False, engine=engine.MotionEngine.name,
        version=engine.VERSION, preview=True,
        report=report(request, words, {"total": round(time.monotonic() - begun, 3)}),
    )  # fmt: skip


def picture(request: RenderRequest, check: Callable[[], None]) -> Array:
    """The pixels, RGB, exactly of the size asked for; `check` may raise between two steps."""
    painting = recipe.painting(request, check)
    painted = painting.flat()[: request.height, : request.width]
    if request.picture is not None:
        painted = _varied(request, painted)
    return finish.optioned(painted, request.options, request.seed)


def _varied(request: RenderRequest, painted: Array) -> Array:
    """The given picture, drawn towards the painting where the mask is white.

    Its colours go by the strength, its forms by the square of it.
    """
    assert request.picture is not None
    given = photo.fit_exactly(request.picture, request.width, request.height)
    share = float(np.clip(request.strength, 0, 1))
    coloured = finish.recoloured(given, painted, share)
    mixed = cv2.addWeighted(coloured, 1 - share**2, painted, share**2, 0)
    if request.mask is None:
        return np.asarray(mixed)
    mask = photo.fit_exactly(request.mask, request.width, request.height)
    where = cv2.GaussianBlur(mask, (0, 0), max(1.0, request.height / 300)).astype(np.float32) / 255
    return np.asarray(np.rint(given + (mixed.astype(np.float32) - given) * where).astype(np.uint8))


def _write(rgb: Array, folder: Path, wanted: str) -> Path:
    suffix = ".png" if wanted.lower() == "png" else ".jpg"
    parameters = [] if suffix == ".png" else [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    done, data = cv2.imencode(suffix, cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), parameters)
    if not done:
        raise Rejected("The picture can't be written.")
    path = folder / f"picture{suffix}"
    path.write_bytes(data.tobytes())
    return path
