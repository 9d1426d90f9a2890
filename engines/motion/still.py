"""The image task: paint or take a picture, vary it, develop it, continue it, enlarge it, cut it out, write it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from engines.base import Desk, Rejected, RenderRequest, Result
from engines.motion import cutout, engine, enlarge, finish, outpaint, photo, program, recipe, vary
from engines.motion.clip import awaited, check
from engines.motion.cutout import Given
from engines.motion.planes import Array

QUALITY = 92
PAINTED_PIXELS = 2048 * 2048  # a larger scene is painted at this many, and enlarged: its layers would fill gigabytes
_DEVELOPED_FIRST = frozenset({"style", "cfg_scale"})
_DEVELOPED_LAST = frozenset({"hires_fix", "color_grading", "super_resolution", "film_grain"})
_TILED = ("tiled_upscale", "tiled_upscale_v2", "upscale_v4")


@dataclass
class Still:
    """A picture on its way: RGB, alpha if its background is gone, and what the report has to say of it."""

    rgb: Array
    alpha: Array | None = None
    edits: dict[str, Any] = field(default_factory=dict)
    idle: set[str] = field(default_factory=set)  # options that could have acted and had nothing to act on


def make(request: RenderRequest, desk: Desk) -> Result:
    """Make and write one picture; as `Engine.render`."""
    from engines.motion.stage import report  # noqa: PLC0415  stage imports this module

    begun = time.monotonic()
    desk.progress(0.1, "painting")
    still = awaited(lambda go_on: picture(request, go_on), desk)
    check(desk)
    desk.progress(0.9, "writing")
    path = _write(still, request, desk.folder)
    height, width = still.rgb.shape[:2]
    if not still.edits:
        recipe.keep(request, path)
    desk.progress(1.0, "painted")
    words = program.read(request.prompt, duration=0.0, seed=request.seed, negative=request.negative_prompt)
    told = report(request, words, {"total": round(time.monotonic() - begun, 3)})
    return Result(
        path=path, content_type="image/png" if path.suffix == ".png" else "image/jpeg", width=width, height=height,
        frames=1, fps=1, has_audio=False, engine=engine.MotionEngine.name, version=engine.VERSION, preview=True,
        report=told | {"ignored": sorted({*told["ignored"], *still.idle}), "edits": still.edits},
    )  # fmt: skip


def picture(request: RenderRequest, check: Callable[[], None]) -> Still:
    """The finished pixels; `check` may raise between two steps.

    Of the size asked for, unless an option makes it larger; a clip's first frame is exactly of that size, and opaque.
    """
    still = _begun(request, check)
    check()
    _continue(still, request, check)
    check()
    _enlarge(still, request)
    check()
    still.rgb = finish.optioned(still.rgb, _developed_last(request.options), request.seed)
    if request.is_frame:
        still.rgb = photo.canvas(still.rgb, request.width, request.height).view()
    _cut_out(still, request)
    return still


def _begun(request: RenderRequest, check: Callable[[], None]) -> Still:
    """Painted from words, or the caller's picture, varied as much as the strength says."""
    still = Still(np.empty(0, np.uint8))
    if request.picture is None:
        still.idle |= _set(request.options, "denoising_strength", "mask_invert", "mask_dilate", "mask_blur")
        still.rgb = _developed_first(_painted(request, check), request)
        return still
    given = Given.of(request.picture, request.width, request.height)
    only_upscale = request.options.get("only_upscale")
    if only_upscale or request.strength == 0:
        still.idle |= _set(request.options, "denoising_strength") if only_upscale else set()
        still.rgb = _developed_first(given.rgb, request)
        return still
    painted, whole = _painted(request, check), request.mask is None  # a mask says itself what has to go
    changed = vary.towards(given, painted, request.strength, subject_stays=whole)
    if request.mask is None:
        still.idle |= _set(request.options, "mask_invert", "mask_dilate", "mask_blur")
    still.rgb = vary.masked(request, given, _developed_first(changed, request))
    return still


def _set(options: Mapping[str, Any], *names: str) -> set[str]:
    return {name for name in names if options.get(name) not in (None, "", False)}


def _painted(request: RenderRequest, check: Callable[[], None]) -> Array:
    scale = min(1.0, (PAINTED_PIXELS / (request.width * request.height)) ** 0.5)
    small = replace(request, width=round(request.width * scale), height=round(request.height * scale))
    painted = recipe.painting(small, check).flat()[: small.height, : small.width]
    return enlarge.to(painted, request.width, request.height)


def _developed_first(rgb: Array, request: RenderRequest) -> Array:
    options = {name: value for name, value in request.options.items() if name in _DEVELOPED_FIRST}
    return finish.optioned(rgb, options, request.seed)


def _developed_last(options: Mapping[str, Any]) -> dict[str, Any]:
    """What has to be as fine as the final pixels; tiled upscaling is super-resolution with more detail."""
    last = {name: value for name, value in options.items() if name in _DEVELOPED_LAST}
    return last | ({"hires_fix": True} if any(options.get(name) for name in _TILED) else {})


# --- edits ----------------------------------------------------------------------------------------------------------


def _continue(still: Still, request: RenderRequest, check: Callable[[], None]) -> None:
    options, (height, width) = request.options, still.rgb.shape[:2]
    where = outpaint.place(width, height, options)
    if where is None:
        still.idle |= _set(options, "outpaint", "outpaint_width", "outpaint_height", "outpaint_prompt")
        return

    def painter(words: str, width: int, height: int) -> Array:
        scene = replace(request, prompt=words, subjects=(), width=width, height=height, picture=None)
        return _developed_first(_painted(scene, check), request)

    still.rgb = outpaint.continued(
        still.rgb, where, words=str(options.get("outpaint_prompt") or ""), seed=request.seed, painter=painter
    )
    still.edits["outpaint"] = {"left": where.left, "top": where.top, "width": where.width, "height": where.height}


def _enlarge(still: Still, request: RenderRequest) -> None:
    height, width = still.rgb.shape[:2]
    times = 1.0 if request.is_frame else enlarge.factor(width, height, request.options)
    if times > 1:
        still.rgb = enlarge.by(still.rgb, times)
        still.edits["enlarged"] = round(times, 3)
    else:
        still.idle |= _set(request.options, "upscale_factor", "only_upscale")


def _cut_out(still: Still, request: RenderRequest) -> None:
    wants_colour = request.options.get("background_color")
    if not (request.options.get("remove_background") or wants_colour):
        return
    ground = cutout.colour(wants_colour)
    still.idle |= set() if ground or not wants_colour else {"background_color"}
    alpha = None if request.is_frame and ground is None else cutout.alpha(still.rgb)
    if alpha is None:  # nothing stands out enough to be cut out: better whole than torn
        still.idle |= _set(request.options, "remove_background", "background_color")
        still.edits["background"] = "kept: no subject was sure enough"
        return
    still.rgb = cutout.freed(still.rgb, alpha)
    if ground is None:
        still.alpha = alpha
        still.edits["background"] = "removed"
    else:
        still.rgb = cutout.on(still.rgb, alpha, ground)
        still.edits["background"] = "#{:02x}{:02x}{:02x}".format(*ground)


# --- the file -------------------------------------------------------------------------------------------------------


def _write(still: Still, request: RenderRequest, folder: Path) -> Path:
    """A PNG where there is alpha or one was asked for; else a JPEG. An untouched picture keeps its file, to the bit."""
    wanted = str(request.options.get("output_format") or "").lower()
    kept = _untouched(still, request)
    if kept and wanted in ("", kept.suffix[1:]):
        return Path(shutil.copyfile(kept, folder / f"picture{kept.suffix}"))
    bgr = cv2.cvtColor(still.rgb, cv2.COLOR_RGB2BGR)
    if still.alpha is not None:
        bgr = cv2.merge([*cv2.split(bgr), still.alpha])
    suffix = ".png" if wanted == "png" or still.alpha is not None else ".jpg"
    parameters = [] if suffix == ".png" else [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    done, data = cv2.imencode(suffix, bgr, parameters)
    if not done:
        raise Rejected("The picture can't be written.")
    path = folder / f"picture{suffix}"
    path.write_bytes(data.tobytes())
    return path


def _untouched(still: Still, request: RenderRequest) -> Path | None:
    """The caller's file when nothing has changed its pixels."""
    path = request.picture
    if path is None or still.alpha is not None or path.suffix not in (".png", ".jpg"):
        return None
    return path if np.array_equal(photo.load(path), still.rgb) else None
