"""First and last frame: a morph where the two pictures show the same thing, else a dissolve in which both move."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engines.base import RenderRequest
from engines.motion import camera, photo
from engines.motion.correspond import correspondence
from engines.motion.dissolve import Dissolve
from engines.motion.effects import Effects
from engines.motion.photographed import stretch
from engines.motion.planes import Planes, to_planes
from engines.motion.program import Program
from engines.motion.transfer import mix
from engines.motion.warped import Warped

SETTLING = 0.4  # seconds in which weather and light give way to the last picture as it is


class Morph:
    """Frames 0 and n − 1 are the two fitted pictures, sample for sample."""

    def __init__(
        self,
        first: photo.Canvas,
        last: photo.Canvas,
        focus: tuple[photo.Focus, photo.Focus],
        words: Program,
        *,
        frames: int,
        fps: int,
    ) -> None:
        self._frames, self._fps = frames, fps
        self._ends = to_planes(first.view()), to_planes(last.view())
        pair = correspondence(first.view(), last.view())
        self._between: Warped | Dissolve = (
            Dissolve((first, last), focus, words, frames)
            if pair is None
            else Warped(pair, first.view(), last.view(), words)
        )
        self._effects = Effects(words, None, width=first.width, height=first.height)
        self._still = camera.at_rest(frames)
        transition = "dissolve" if pair is None else "morph" if pair.relit is None else "time"
        self.report: dict[str, Any] = {"transition": transition}

    @classmethod
    def of(cls, request: RenderRequest, words: Program, check: Callable[[], None]) -> Morph:
        assert request.first is not None
        assert request.last is not None
        first, focus_first = stretch(photo.load(request.first), request.width, request.height)
        last, focus_last = stretch(photo.load(request.last), request.width, request.height)
        check()
        return cls(first, last, (focus_first, focus_last), words, frames=request.frames, fps=request.fps)

    def draw(self, index: int, planes: Planes) -> None:
        if index in (0, self._frames - 1):
            _copy(self._ends[0 if index == 0 else 1], planes)
            return
        self._between.draw(planes, index / (self._frames - 1))
        left = (self._frames - 1 - index) / self._fps
        clean = Planes(*(plane.copy() for plane in planes)) if left < SETTLING else None
        self._effects.apply(planes, self._still, index, index / self._fps)
        if clean is not None:
            mix(planes, clean, camera.ease(1 - left / SETTLING))


def _copy(source: Planes, target: Planes) -> None:
    for plane, values in zip(target, source, strict=True):
        plane[:] = values
