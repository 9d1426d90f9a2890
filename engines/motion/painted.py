"""A painted scene filmed: its layers pass each other as the camera moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engines.base import RenderRequest
from engines.motion import camera
from engines.motion.draw import Sheet, draw_sheets
from engines.motion.effects import Effects
from engines.motion.painter import Painting, paint
from engines.motion.painter.easel import Layer
from engines.motion.planes import Array, Planes, picture
from engines.motion.program import Program

_PIVOT = 0.6  # the depth that stays where it is when the camera travels


class PaintedScene:
    def __init__(self, painting: Painting, words: Program, *, frames: int, fps: int) -> None:
        self._fps, self._origin = fps, painting.origin
        self._sheets = [sheet_of(layer) for layer in painting.layers]
        self._camera = _path(painting, words, frames)
        self._effects = Effects(words, None, width=painting.width, height=painting.height)
        self.report: dict[str, Any] = {"painted": {"kind": painting.kind, "palette": painting.palette}}

    @classmethod
    def of(cls, request: RenderRequest, words: Program, check: Callable[[], None]) -> PaintedScene:
        painting = paint(
            request.prompt, seed=request.seed, width=request.width, height=request.height,
            base=str(request.options.get("base") or "flux1"), negative=request.negative_prompt,
            subjects=request.subjects,
            check=check,
        )  # fmt: skip
        return cls(painting, words, frames=request.frames, fps=request.fps)

    def draw(self, index: int, planes: Planes) -> None:
        seconds = index / self._fps
        draw_sheets(planes, self._sheets, self._camera, index, origin=self._origin, seconds=seconds)
        self._effects.apply(planes, self._camera, index, seconds)


def sheet_of(layer: Layer) -> Sheet:
    """A painted layer as planes, with what the drawing may leave out."""
    delta = layer.depth - _PIVOT
    if layer.alpha is None:
        return Sheet(picture(layer.rgb), delta, solid=0)
    if layer.drift:
        twice = picture(np.hstack([layer.rgb, layer.rgb]), np.hstack([layer.alpha, layer.alpha]))
        return Sheet(twice, delta, drift=layer.drift, repeat=layer.rgb.shape[1])
    painted, full = np.flatnonzero(layer.alpha.any(axis=1)), np.flatnonzero(layer.alpha.min(axis=1) < 255)
    top = int(painted[0]) if len(painted) else layer.alpha.shape[0]
    solid = int(full[-1]) + 1 if len(full) else 0
    return Sheet(picture(layer.rgb, layer.alpha), delta, top=top, solid=solid if solid < layer.alpha.shape[0] else None)


def _path(painting: Painting, words: Program, frames: int) -> camera.Path:
    aspect = painting.height / painting.width
    subject = ((painting.focus[0] - 0.5) * 0.6, (painting.focus[1] - 0.5) * aspect)
    raw = camera.path(words, frames, subject=subject, aspect=aspect)
    height, width = painting.layers[0].rgb.shape[:2]
    left = -painting.origin[0] / painting.width - 0.5
    top = -(painting.origin[1] + painting.height / 2) / painting.width
    rim = camera.Rim(left, left + width / painting.width, top, top + height / painting.width)
    # Going back, the farthest layer shows most of its canvas; going sideways, the nearest.
    for delta in (-_PIVOT, 1 - _PIVOT):
        raw = camera.guarded(raw, rim, _flat(delta), aspect=aspect)
    return raw


def _flat(delta: float) -> camera.DepthAt:
    def at(x: Array, _y: Array) -> Array:
        return np.full(np.shape(x), delta)

    return at
