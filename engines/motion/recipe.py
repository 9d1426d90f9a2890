"""How a still was painted, kept beside it, so that a clip that starts on it can be filmed from its layers.

A picture alone has lost what stands before what, and what lies beyond its edges; the painter knows both. The recipe
lives in the private work folder only: it holds the prompt, which no result carries.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from engines.base import RenderRequest, Subject
from engines.motion import finish
from engines.motion.painter import Painting, paint

_SUFFIX = ".recipe.json"


def keep(request: RenderRequest, picture: Path) -> None:
    """Write the recipe of a picture that was painted from nothing but words and subjects."""
    if request.picture is None:
        subjects = [asdict(subject) for subject in request.subjects]
        kept = {
            "prompt": request.prompt, "negative_prompt": request.negative_prompt, "seed": request.seed,
            "width": request.width, "height": request.height, "options": dict(request.options), "subjects": subjects,
        }  # fmt: skip
        _beside(picture).write_text(json.dumps(kept, default=str))


def find(picture: Path) -> RenderRequest | None:
    """The request that a picture was painted for; None for every other file."""
    if not _beside(picture).exists():
        return None
    kept = json.loads(_beside(picture).read_text())
    subjects = tuple(
        Subject(**{**subject, "pictures": tuple(map(Path, subject["pictures"]))}) for subject in kept.pop("subjects")
    )
    return RenderRequest(task="image", subjects=subjects, **kept)


def painting(request: RenderRequest, check: Callable[[], None]) -> Painting:
    """The layers that an image request asks for, at its size rounded up to even; `check` may raise in between."""
    return paint(
        request.prompt, seed=request.seed, width=request.width + request.width % 2,
        height=request.height + request.height % 2, base=str(request.options.get("base") or "flux1"),
        negative=request.negative_prompt, subjects=request.subjects, check=check,
    )  # fmt: skip


def finished(request: RenderRequest, check: Callable[[], None]) -> Painting:
    """As `painting`, each layer with the caller's image options; grain stays out, for it belongs to the film."""
    options = {name: value for name, value in request.options.items() if name != "film_grain"}
    painted = painting(request, check)
    layers = []
    for layer in painted.layers:
        check()
        layers.append(replace(layer, rgb=finish.optioned(layer.rgb, options, request.seed)))
    return replace(painted, layers=tuple(layers))


def _beside(picture: Path) -> Path:
    return picture.with_name(picture.name + _SUFFIX)
