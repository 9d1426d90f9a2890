"""A photo brought to life: one picture warped through its depth, with weather, light and local motion over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engines.base import RenderRequest
from engines.motion import camera, photo
from engines.motion.draw import PhotoLayer, relief
from engines.motion.effects import Effects
from engines.motion.planes import Array, Planes, picture
from engines.motion.program import Program


class PhotoScene:
    """Frame 0 is the fitted picture, sample for sample, unless the program is a pull-back: then the last one is."""

    def __init__(self, view: photo.Canvas, focus: photo.Focus, words: Program, *, frames: int, fps: int) -> None:
        """`focus` is in shares of the canvas."""
        self._fps = fps
        self._layer, self.subject = lay(view, focus)
        aspect = view.height / view.width
        self._view, self._raw = view, camera.path(words, frames, subject=self.subject, aspect=aspect)
        self._camera = guard(self._raw, self._layer, view)
        self._effects = Effects.of(words, view)
        self.report: dict[str, Any] = {}

    @classmethod
    def of(cls, request: RenderRequest, words: Program, check: Callable[[], None]) -> PhotoScene:
        assert request.first is not None
        view, focus = stretch(photo.load(request.first), request.width, request.height)
        check()
        return cls(view, focus, words, frames=request.frames, fps=request.fps)

    def carry_on(self, change: Callable[[camera.Path], camera.Path]) -> None:
        """Change the path before its guard: an extended clip keeps the speed that it had."""
        self._camera = guard(change(self._raw), self._layer, self._view)

    def draw(self, index: int, planes: Planes) -> None:
        seconds = index / self._fps
        self._layer.draw(planes, self._camera, index, self._effects.displace, seconds)
        self._effects.apply(planes, self._camera, index, seconds)


def stretch(rgb: Array, width: int, height: int) -> tuple[photo.Canvas, photo.Focus]:
    """The canvas of a picture and its focus in shares of it."""
    focus = photo.find_focus(rgb)
    return photo.canvas(rgb, width, height, focus), focus


def lay(view: photo.Canvas, focus: photo.Focus) -> tuple[PhotoLayer, camera.Anchor]:
    """The warpable layer of a canvas, and the focus in view widths from the view's centre."""
    values = photo.depth(view.rgb, focus)
    rim = rim_of(view)
    x = rim.left + focus.x * (rim.right - rim.left)
    y = rim.top + focus.y * (rim.bottom - rim.top)
    canvas = (rim.left, rim.top, rim.right - rim.left, rim.bottom - rim.top)
    layer = PhotoLayer(
        picture(view.rgb), relief(values, canvas), origin=(view.left, view.top), view=(view.width, view.height)
    )
    half = 0.5 * view.height / view.width
    return layer, (float(np.clip(x, -0.3, 0.3)), float(np.clip(y, -0.6 * half, 0.6 * half)))


def rim_of(view: photo.Canvas) -> camera.Rim:
    height, width = view.rgb.shape[:2]
    left = -view.left / view.width - 0.5
    top = -(view.top + view.height / 2) / view.width
    return camera.Rim(left, left + width / view.width, top, top + height / view.width)


def guard(raw: camera.Path, layer: PhotoLayer, view: photo.Canvas) -> camera.Path:
    """The path that may be filmed; the layer's relief is made as flat as the path needs it."""
    layer.depth = layer.depth.straight(raw)
    aspect = view.height / view.width
    return camera.guarded(raw, rim_of(view), layer.depth.at, aspect=aspect, steepness=layer.depth.steepness())
