"""A painted scene filmed: its layers pass each other as the camera moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from engines.base import RenderRequest
from engines.motion import camera, photo, recipe
from engines.motion.draw import Stir
from engines.motion.effects import Effects
from engines.motion.painter import Painting
from engines.motion.painter.easel import Layer
from engines.motion.planes import Array, Planes, picture, to_planes
from engines.motion.program import Program
from engines.motion.sheets import Sheet, draw_sheets

_PIVOT = 0.6  # the depth that stays where it is when the camera travels
_SAME = 25.0  # dB: the layers show the picture; grain of the film alone makes it about 27


class PaintedScene:
    def __init__(
        self, painting: Painting, words: Program, *, frames: int, fps: int, picture: Array | None = None
    ) -> None:
        """`picture`: RGB of the view at rest, if the clip has to start on it exactly (a pull-back: to end on it)."""
        self._fps, self._origin = fps, painting.origin
        self._sheets = [sheet_of(layer) for layer in painting.layers]
        self._camera = _path(painting, words, frames)
        self._rest = frames - 1 if camera.ends_at_rest(words) else 0
        view = photo.Canvas(painting.flat(), 0, 0, painting.width, painting.height)
        self._effects = Effects.of(words, view)
        self._stir = Stir(self._effects.displace, painting.width, painting.height) if self._effects.displace else None
        exact = picture is not None and _at_rest(self._camera, self._rest)
        self._rest_error = None if picture is None or not exact else self._error(to_planes(picture))
        self.report: dict[str, Any] = {"painted": {"kind": painting.kind, "palette": painting.palette}}

    @classmethod
    def of(cls, request: RenderRequest, words: Program, check: Callable[[], None]) -> PaintedScene:
        return cls(recipe.painting(request, check), words, frames=request.frames, fps=request.fps)

    @classmethod
    def starting_on(cls, request: RenderRequest, words: Program, check: Callable[[], None]) -> PaintedScene | None:
        """The scene of a picture that this engine painted; None when it is not, or not as layers would show it."""
        assert request.first is not None
        known = recipe.find(request.first)
        if known is None or (known.width, known.height) != (request.width, request.height):
            return None
        painting, picture = recipe.finished(known, check), photo.load(request.first)
        if cv2.PSNR(painting.flat(), picture) < _SAME:
            return None
        return cls(painting, words, frames=request.frames, fps=request.fps, picture=picture)

    def draw(self, index: int, planes: Planes) -> None:
        seconds = index / self._fps
        self._layers(index, planes)
        if self._stir is not None:
            self._stir.apply(planes, self._camera, index, seconds)
        self._settle(index, planes)
        self._effects.apply(planes, self._camera, index, seconds)

    def _layers(self, index: int, planes: Planes) -> None:
        """Clouds drift as far as the time from the frame at rest."""
        seconds = (index - self._rest) / self._fps
        draw_sheets(planes, self._sheets, self._camera, index, origin=self._origin, seconds=seconds)

    def _error(self, wanted: Planes) -> list[Array]:
        """What the layers at rest lack of a picture (compression, rounding), per plane, signed."""
        drawn = Planes(*(np.empty(plane.shape, np.uint8) for plane in wanted))
        self._layers(self._rest, drawn)
        return [a.astype(np.int16) - b for a, b in zip(wanted, drawn, strict=True)]

    def _settle(self, index: int, planes: Planes) -> None:
        """All of the error on the frame at rest, none of it .4 s away."""
        share = 1 - camera.ease(abs(index - self._rest) / self._fps / 0.4)
        if self._rest_error is None or share <= 0:
            return
        for plane, error in zip(planes, self._rest_error, strict=True):
            plane[:] = np.clip(plane + np.rint(share * error), 0, 255)


def _at_rest(path: camera.Path, frame: int) -> bool:
    tracks = (path.lnz, path.px, path.py, path.tx, path.ty, path.roll, path.yaw)
    return all(abs(float(track[frame])) < 1e-6 for track in tracks)


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
