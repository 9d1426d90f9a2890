"""Motion control: the driving clip's camera, and the coarse motion within it, replayed on a picture.

It carries over how the view and the masses in it move, not a body's pose; the report says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from engines.base import RenderRequest
from engines.motion import blur, camera, footage, measure, photo
from engines.motion.draw import Displace, PhotoLayer
from engines.motion.effects import Effects
from engines.motion.layers import TwoLayers
from engines.motion.photographed import guard, lay, lay_deep, resting, stretch
from engines.motion.planes import Array, Planes, to_planes
from engines.motion.program import Program

MOST_PAN, MOST_ROLL, MOST_ZOOM = 0.16, np.deg2rad(18), np.log(1.6)
MOST_START = np.log(1 / 0.72)  # a clip that zooms out starts on at least 72 % of the picture
RESIDUAL, RESIDUAL_BEHIND = 0.75, 0.25
EASE_FROM = 0.75  # the last frame is eased in over the last quarter


class TransferScene:
    def __init__(
        self,
        view: photo.Canvas,
        focus: photo.Focus,
        words: Program,
        moves: measure.Track,
        *,
        fps: int,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        """`moves` has as many entries as the clip has frames; `check` as in `PhotoScene`."""
        self._fps, self._moves = fps, moves
        self._frames = len(moves.lnz)
        self._layers, _subject = lay_deep(view, focus, check)
        self._camera = guard(_replayed(moves), self._layers, view)
        self._shutter = blur.Shutter(self._camera, view.width, view.height)
        self._rest = resting(self._layers, self._camera, view, frame=0, fps=fps)
        self._rows, self._columns = _places(view)
        self._shape = _inside(view)
        alive = replace(
            words, local={"breathe": 0.6} | words.local
        )  # the seed shows here: its phases are drawn from it
        self._effects = Effects.of(alive, view)
        self._last: _Ending | None = None
        self.report: dict[str, Any] = {
            "transferred": "camera and coarse motion, not the pose of bodies",
            "layers": 2 if isinstance(self._layers, TwoLayers) else 1,
        }

    @classmethod
    def of(cls, request: RenderRequest, words: Program, check: Callable[[], None]) -> TransferScene:
        assert request.first is not None
        assert request.driving is not None
        moves = watch(request.driving, frames=request.frames, fps=request.fps, check=check)
        view, focus = stretch(photo.load(request.first), request.width, request.height)
        scene = cls(view, focus, words, moves, fps=request.fps, check=check)
        if request.last is not None:
            scene.end_on(*stretch(photo.load(request.last), request.width, request.height))
        return scene

    def end_on(self, view: photo.Canvas, focus: photo.Focus) -> None:
        """Ease into another picture, which moves along and comes to rest on the last frame."""
        self._last = _Ending(view, focus, self._moves)

    def draw(self, index: int, planes: Planes) -> None:
        seconds = index / self._fps
        self._shutter.expose(lambda to, path, frame: self._draw_layers(to, path, frame, index, seconds), planes, index)
        if self._rest is not None:
            self._rest.settle(planes, index)
        self._effects.apply(planes, self._camera, index, seconds)
        t = index / max(self._frames - 1, 1)
        if self._last is not None and t > EASE_FROM:
            self._last.mix_in(planes, index, camera.ease((t - EASE_FROM) / (1 - EASE_FROM)))

    def _draw_layers(self, planes: Planes, path: camera.Path, frame: int, index: int, seconds: float) -> None:
        """What the clip's masses did is the subject's to do, where there is one; what is behind it moves less."""
        if isinstance(self._layers, TwoLayers):
            near, far = self._displaced(index, RESIDUAL), self._displaced(index, RESIDUAL_BEHIND)
            self._layers.draw(planes, path, frame, far, seconds, near=near)
        else:
            self._layers.draw(planes, path, frame, self._displaced(index, RESIDUAL), seconds)

    def _displaced(self, index: int, most: float) -> Displace:
        return lambda x, y, seconds: self._displace(x, y, seconds, index, most)

    def _displace(self, x: Array, y: Array, seconds: float, index: int, most: float) -> tuple[Array, Array]:
        """Content that went by r is looked up where it came from: minus r, less towards the borders."""
        moved = self._moves.residual[index]
        column, row = self._columns(x), self._rows(y)
        share = most * self._shape(x, y)
        dx = cv2.remap(
            np.ascontiguousarray(moved[..., 0]), column, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        dy = cv2.remap(
            np.ascontiguousarray(moved[..., 1]), column, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        assert self._effects.displace is not None
        own_x, own_y = self._effects.displace(x, y, seconds)
        return own_x - share * dx, own_y - share * dy


class _Ending:
    """The last picture, moved so that it rests at the end."""

    def __init__(self, view: photo.Canvas, focus: photo.Focus, moves: measure.Track) -> None:
        self._layer: PhotoLayer = lay(view, focus)[0]
        at_end = replace(
            moves, lnz=moves.lnz - moves.lnz[-1], roll=moves.roll - moves.roll[-1],
            px=moves.px - moves.px[-1], py=moves.py - moves.py[-1],
        )  # fmt: skip
        self._camera = guard(_replayed(at_end, starts_at_rest=False), self._layer, view)
        self._rest = to_planes(view.view())

    def mix_in(self, planes: Planes, index: int, share: float) -> None:
        if share >= 1:
            for target, source in zip(planes, self._rest, strict=True):
                target[:] = source
            return
        other = Planes(*(np.empty(plane.shape, np.uint8) for plane in planes))
        self._layer.draw(other, self._camera, index, None, 0.0)
        mix(planes, other, share)


def mix(planes: Planes, other: Planes, share: float) -> None:
    """Draw `planes` towards `other`."""
    for target, source in zip(planes, other, strict=True):
        cv2.addWeighted(target, 1 - share, source, share, 0, dst=target)


def watch(clip: Path, *, frames: int, fps: int, check: Callable[[], None]) -> measure.Track:
    """The clip's motion for each of `frames` frames; a shorter clip is played there and back.

    :raises Rejected: not a clip
    """

    def checked() -> Iterator[Array]:
        for grey in footage.greys(clip, fps, most=frames, width=measure.WIDTH):
            check()
            yield grey

    seen = measure.track(checked())
    length = len(seen.lnz)
    turn = (
        np.abs((np.arange(frames) + length - 1) % max(2 * length - 2, 1) - (length - 1))
        if length > 1
        else np.zeros(frames, int)
    )
    tracks = {name: _smooth(getattr(seen, name))[turn] for name in ("lnz", "roll", "px", "py")}
    return measure.Track(**tracks, residual=seen.residual[turn])


def _smooth(values: Array) -> Array:
    """Half-frame noise of the tracker away, the move itself untouched."""
    kernel = np.array([0.25, 0.5, 0.25])
    smooth = np.convolve(np.pad(values, 1, mode="edge"), kernel, mode="valid")
    return np.asarray(smooth - smooth[0])


def _replayed(moves: measure.Track, *, starts_at_rest: bool = True) -> camera.Path:
    """The tracked camera as a path, its ranges brought down to what a picture can give."""
    lnz = _within(moves.lnz, MOST_ZOOM)
    if starts_at_rest and lnz.min() < -0.04:
        lnz = _within(lnz, MOST_START) - _within(lnz, MOST_START).min()
    elif not starts_at_rest and lnz.min() < 0:
        lnz = lnz - lnz.min() * camera.smoothstep(np.linspace(2, 0, len(lnz)))
    px, py = _pair_within(moves.px, moves.py, MOST_PAN)
    path = camera.at_rest(len(lnz))
    return replace(
        path, lnz=lnz, kz=0.35 * np.expm1(np.abs(lnz)) * np.sign(lnz), px=px, py=py, tx=0.25 * px, ty=0.2 * py,
        roll=_within(moves.roll, MOST_ROLL),
    )  # fmt: skip


def _within(values: Array, most: float) -> Array:
    return np.asarray(values * min(1.0, most / (float(np.abs(values).max()) + 1e-9)))


def _pair_within(x: Array, y: Array, most: float) -> tuple[Array, Array]:
    factor = min(1.0, most / (float(np.hypot(x, y).max()) + 1e-9))
    return x * factor, y * factor


def _places(view: photo.Canvas) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
    """View points → rows and columns of the residual's grid."""
    rows, columns = measure.GRID
    aspect = view.height / view.width
    return (
        lambda y: ((y / aspect + 0.5) * rows - 0.5).astype(np.float32),
        lambda x: ((x + 0.5) * columns - 0.5).astype(np.float32),
    )


def _inside(view: photo.Canvas) -> Callable[[Array, Array], Array]:
    """1 in the middle, 0 at the view's border: nothing is pulled in from outside."""
    aspect = view.height / view.width

    def share(x: Array, y: Array) -> Array:
        edge = np.minimum(0.5 - np.abs(x), (0.5 - np.abs(y / aspect)) * aspect)
        return camera.smoothstep(edge / 0.12)

    return share
