"""A photo brought to life: one picture warped through its depth, with weather, light and local motion over it.

Where its subject is found for sure, that is a layer of its own before what may be behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engines.base import RenderRequest
from engines.motion import blur, camera, deep, photo, subject
from engines.motion.draw import PhotoLayer, relief
from engines.motion.effects import Effects
from engines.motion.layers import TwoLayers
from engines.motion.planes import Array, Planes, picture, to_planes
from engines.motion.program import Program
from engines.motion.rest import Rest

Layers = PhotoLayer | TwoLayers
Check = Callable[[], None]


def _go_on() -> None:
    """Nobody cancels."""


class PhotoScene:
    """Frame 0 is the fitted picture, sample for sample, unless the program is a pull-back: then the last one is."""

    def __init__(
        self, view: photo.Canvas, focus: photo.Focus, words: Program, *, frames: int, fps: int, check: Check = _go_on
    ) -> None:
        """`focus` is in shares of the canvas; `check` is called between the steps of the setup and may raise."""
        self._fps = fps
        self._layers, self.subject = lay_deep(view, focus, check)
        check()
        aspect = view.height / view.width
        self._view, self._raw = view, camera.path(words, frames, subject=self.subject, aspect=aspect)
        self._at_rest = frames - 1 if camera.ends_at_rest(words) else 0
        self._effects = Effects.of(words, view)
        self.carry_on(lambda path: path)
        self.report: dict[str, Any] = {"layers": 2 if isinstance(self._layers, TwoLayers) else 1}

    @classmethod
    def of(cls, request: RenderRequest, words: Program, check: Check) -> PhotoScene:
        assert request.first is not None
        view, focus = stretch(photo.load(request.first), request.width, request.height)
        check()
        return cls(view, focus, words, frames=request.frames, fps=request.fps, check=check)

    def carry_on(self, change: Callable[[camera.Path], camera.Path]) -> None:
        """Change the path before its guard: an extended clip keeps the speed that it had."""
        self._camera = guard(change(self._raw), self._layers, self._view)
        self._shutter = blur.Shutter(self._camera, self._view.width, self._view.height)
        self._rest = resting(self._layers, self._camera, self._view, frame=self._at_rest, fps=self._fps)

    def draw(self, index: int, planes: Planes) -> None:
        seconds = index / self._fps
        self._shutter.expose(
            lambda to, path, frame: self._layers.draw(to, path, frame, self._effects.displace, seconds), planes, index
        )
        if self._rest is not None:
            self._rest.settle(planes, index)
        self._effects.apply(planes, self._camera, index, seconds)


def resting(layers: Layers, path: camera.Path, view: photo.Canvas, *, frame: int, fps: int) -> Rest | None:
    """What makes the frame at rest exact; None when the path is not at rest there."""
    if not path.rests(frame):
        return None
    return Rest(
        lambda planes: layers.draw(planes, path, frame, None, 0.0), to_planes(view.view()), frame=frame, fps=fps
    )


def stretch(rgb: Array, width: int, height: int) -> tuple[photo.Canvas, photo.Focus]:
    """The canvas of a picture and its focus in shares of it."""
    focus = photo.find_focus(rgb)
    return photo.canvas(rgb, width, height, focus), focus


def lay(view: photo.Canvas, focus: photo.Focus) -> tuple[PhotoLayer, camera.Anchor]:
    """The warpable layer of a canvas, and the focus in view widths from the view's centre."""
    depth = relief(photo.depth(view.rgb, focus), _place(view))
    layer = PhotoLayer(picture(view.rgb), depth, origin=(view.left, view.top), view=(view.width, view.height))
    return layer, _anchor(view, focus)


def lay_deep(view: photo.Canvas, focus: photo.Focus, check: Check = _go_on) -> tuple[Layers, camera.Anchor]:
    """As `lay`, in two layers where the subject can be parted from what is behind it."""
    found = subject.find(view.rgb, focus, check)
    check()
    if found is None or not deep.partable(view, found):
        return lay(view, focus)
    return deep.part(view, found, _place(view), check), _anchor(view, focus)


def _place(view: photo.Canvas) -> deep.Place:
    rim = rim_of(view)
    return rim.left, rim.top, rim.right - rim.left, rim.bottom - rim.top


def _anchor(view: photo.Canvas, focus: photo.Focus) -> camera.Anchor:
    left, top, width, height = _place(view)
    half = 0.5 * view.height / view.width
    x, y = left + focus.x * width, top + focus.y * height
    return float(np.clip(x, -0.3, 0.3)), float(np.clip(y, -0.6 * half, 0.6 * half))


def rim_of(view: photo.Canvas) -> camera.Rim:
    height, width = view.rgb.shape[:2]
    left = -view.left / view.width - 0.5
    top = -(view.top + view.height / 2) / view.width
    return camera.Rim(left, left + width / view.width, top, top + height / view.width)


def guard(raw: camera.Path, layers: Layers, view: photo.Canvas) -> camera.Path:
    """The path that may be filmed; the reliefs are made as flat as the path needs them."""
    raw = layers.eased(raw)
    aspect, rim = view.height / view.width, rim_of(view)
    path = camera.guarded(raw, rim, layers.depth.at, aspect=aspect, steepness=layers.depth.steepness())
    return (
        path
        if isinstance(layers, PhotoLayer)
        else camera.covered(path, rim, layers.near.at, aspect=aspect, subject=True)
    )
