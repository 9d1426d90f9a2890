"""A painted scene filmed: its layers pass each other as the camera moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from engines.base import RenderRequest
from engines.motion import camera, photo, recipe
from engines.motion.blur import Shutter
from engines.motion.effects import Effects
from engines.motion.painter import Painting
from engines.motion.painter.easel import Layer
from engines.motion.planes import Array, Planes, picture, to_planes
from engines.motion.program import Program
from engines.motion.sheets import Sheet, draw_sheets
from engines.motion.stir import Stir
from engines.motion.tiles import Blocks

_PIVOT = 0.6  # the depth that stays where it is when the camera travels
_ONE_DEPTH = 0.06  # layers this close pass each other by less than a hundredth of the view
_SAME = 25.0  # dB: the layers show the picture; grain of the film alone makes it about 27


class PaintedScene:
    def __init__(
        self,
        painting: Painting,
        words: Program,
        *,
        frames: int,
        fps: int,
        picture: Array | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        """`picture`: RGB of the view at rest, if the clip has to start on it exactly (a pull-back: to end on it)."""
        self._fps, self._origin = fps, painting.origin
        size = (painting.layers[0].rgb.shape[1], painting.layers[0].rgb.shape[0])
        self._sheets = []
        for layer in _gathered(painting.layers):
            check()
            self._sheets.append(sheet_of(layer, size))
        self._scale = painting.scale
        self._camera = _path(painting, words, frames)
        self._rest = frames - 1 if camera.ends_at_rest(words) else 0
        self._shutter = Shutter(self._camera, painting.width, painting.height)
        check()
        view = photo.Canvas(painting.flat(), 0, 0, painting.width, painting.height)
        check()
        self._effects = Effects.of(words, view)
        check()
        self._stir = Stir(self._effects.displace, painting.width, painting.height) if self._effects.displace else None
        exact = picture is not None and _at_rest(self._camera, self._rest)
        self._rest_error = None if picture is None or not exact else self._error(to_planes(picture))
        self.report: dict[str, Any] = {"painted": {"kind": painting.kind, "palette": painting.palette}}

    @classmethod
    def of(cls, request: RenderRequest, words: Program, check: Callable[[], None]) -> PaintedScene:
        return cls(recipe.painting(request, check), words, frames=request.frames, fps=request.fps, check=check)

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
        return cls(painting, words, frames=request.frames, fps=request.fps, picture=picture, check=check)

    def draw(self, index: int, planes: Planes) -> None:
        seconds = index / self._fps
        self._shutter.expose(lambda to, path, frame: self._layers(index, to, path, frame), planes, index)
        if self._stir is not None:
            self._stir.apply(planes, self._camera, index, seconds)
        self._settle(index, planes)
        self._effects.apply(planes, self._camera, index, seconds)

    def _layers(self, index: int, planes: Planes, path: camera.Path, frame: int) -> None:
        """Clouds drift as far as the time of frame `index` from the frame at rest."""
        seconds = (index - self._rest) / self._fps
        draw_sheets(planes, self._sheets, path, frame, origin=self._origin, seconds=seconds, scale=self._scale)

    def _error(self, wanted: Planes) -> list[Array]:
        """What the layers at rest lack of a picture (compression, rounding), per plane, signed."""
        drawn = Planes(*(np.empty(plane.shape, np.uint8) for plane in wanted))
        self._layers(self._rest, drawn, self._camera, self._rest)
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


def _gathered(layers: Sequence[Layer]) -> Iterator[Layer]:
    """The layers with neighbours at nearly one depth laid over each other: mist and the ridge behind it, say."""
    group, reach = layers[0], 0.0
    for layer in layers[1:]:
        joined = group.alpha is not None and not (group.drift or layer.drift) and abs(layer.depth - reach) <= _ONE_DEPTH
        if joined:
            group = _laid_over(group, layer)
        else:
            yield group
            group, reach = layer, layer.depth
    yield group


def _laid_over(far: Layer, near: Layer) -> Layer:
    """Two layers as one, at the depth of the first."""
    assert far.alpha is not None
    assert near.alpha is not None
    left, top = min(far.at[0], near.at[0]), min(far.at[1], near.at[1])
    right, bottom = (max(a.at[k] + a.rgb.shape[1 - k] for a in (far, near)) for k in (0, 1))
    (rgb, under), (front, cover) = (_placed(layer, (left, top, right, bottom)) for layer in (far, near))
    cover = cover.astype(np.float32) / 255
    under = under.astype(np.float32) / 255 * (1 - cover)
    alpha = cv2.multiply(cover + under, 255.0, dtype=cv2.CV_8U)
    return Layer(cv2.blendLinear(front, rgb, cover, under), alpha, far.depth, at=(left, top))


def _placed(layer: Layer, box: tuple[int, int, int, int]) -> tuple[Array, Array]:
    left, top, right, bottom = box
    x, y, (high, wide) = layer.at[0] - left, layer.at[1] - top, layer.rgb.shape[:2]
    sides = (y, bottom - top - y - high, x, right - left - x - wide)
    rgb = cv2.copyMakeBorder(layer.rgb, *sides, cv2.BORDER_CONSTANT, value=(0, 0, 0))
    return rgb, cv2.copyMakeBorder(layer.alpha, *sides, cv2.BORDER_CONSTANT, value=0)


def sheet_of(layer: Layer, canvas: tuple[int, int]) -> Sheet:
    """A painted layer as planes, with what the drawing may leave out. `canvas`: its width and height."""
    delta = layer.depth - _PIVOT
    if layer.alpha is None:
        whole = picture(layer.rgb)
        opaque = np.full(layer.rgb.shape[:2], 255, np.uint8)
        return Sheet(whole, delta, blocks=Blocks.of(whole.single(), opaque, (True,) * 4))
    rgb, alpha, (left, top) = layer.rgb, layer.alpha, layer.at
    sides = (left == 0, top == 0, left + rgb.shape[1] == canvas[0], top + rgb.shape[0] == canvas[1])
    if layer.drift:
        rgb, alpha = np.hstack([rgb, rgb]), np.hstack([alpha, alpha])
    cut = picture(rgb, alpha)
    return Sheet(
        cut, delta, drift=layer.drift, repeat=canvas[0] if layer.drift else 0, at=layer.at,
        blocks=Blocks.of(cut.single(), alpha, sides),
    )  # fmt: skip


def _path(painting: Painting, words: Program, frames: int) -> camera.Path:
    aspect = painting.height / painting.width
    subject = ((painting.focus[0] - 0.5) * 0.6, (painting.focus[1] - 0.5) * aspect)
    raw = camera.path(words, frames, subject=subject, aspect=aspect)
    if not words.has("orbit"):  # layers that pass each other show the way; a slight turn would triple the warps' cost
        raw = replace(raw, yaw=np.zeros(frames))
    height, width = (size / painting.scale for size in painting.layers[0].rgb.shape[:2])
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
