"""Two pictures that share nothing: both move, the light of one leads into that of the other, and they fade."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from engines.motion import camera, photo
from engines.motion.draw import CELL, PhotoLayer, part, pieces
from engines.motion.photographed import guard, lay
from engines.motion.planes import Array, Planes
from engines.motion.program import Move, Program

FADE = (0.30, 0.70)  # of the time
GRADED = 0.75  # how far the light of both has gone to meet the other's when the fade is half done
MOST_GAIN = 1.6
LEAST = 1 / 512  # weight below which a picture changes no level

Tone = tuple[float, float]  # gain and lift of levels


class Dissolve:
    """The first picture moves on as the words say, the second comes to rest; the fade takes the middle two fifths."""

    def __init__(
        self,
        views: tuple[photo.Canvas, photo.Canvas],
        focus: tuple[photo.Focus, photo.Focus],
        words: Program,
        frames: int,
    ) -> None:
        self._layers: list[PhotoLayer] = []
        self._paths: list[camera.Path] = []
        laid = [lay(view, spot) for view, spot in zip(views, focus, strict=True)]
        for k, (view, (layer, subject)) in enumerate(zip(views, laid, strict=True)):
            leg = _leg(words, frames, subject, laid[1 - k][1], arriving=k == 1)
            self._layers.append(layer)
            self._paths.append(guard(leg, layer, view))
        self._light = [_light(layer) for layer in self._layers]

    def draw(self, planes: Planes, t: float) -> None:
        x = float(np.clip((t - FADE[0]) / (FADE[1] - FADE[0]), 0, 1))
        share = x**3 * (x * (6 * x - 15) + 10)
        index = round(t * (self._paths[0].frames - 1))
        shown = [k for k, weight in enumerate((1 - share, share)) if weight > LEAST]
        cells = [self._layers[k].cells(self._paths[k], index, None, 0.0) for k in shown]
        light = [self._light_at(k, t) for k in shown]
        for box in pieces((0, 0, *planes.y.shape[::-1]), 2 * CELL):
            own = part(planes, box)
            drawn = [own, *(Planes(*map(np.empty_like, own)) for _k in shown[1:])]
            for k, target, at in zip(shown, drawn, cells, strict=True):
                self._layers[k].draw_part(target, box, at)
            for plane, last, *tones in zip(own, drawn[-1], *light, strict=True):
                _mix(plane, last, tones, share if len(shown) > 1 else 0.0)

    def _light_at(self, k: int, t: float) -> list[Tone]:
        """For Y, U and V: what brings the picture's light as near to the other's as it is to be at that time."""
        meeting = camera.ease(t / 0.5) if k == 0 else camera.ease((1 - t) / 0.5)
        return [
            _towards(own, goal, GRADED * 0.5 * meeting)
            for own, goal in zip(self._light[k], self._light[1 - k], strict=True)
        ]


def _mix(plane: Array, last: Array, tones: Sequence[Tone], share: float) -> None:
    """Both pictures in their light, the last one by its share, onto `plane`, which holds the first."""
    (gain, lift), (last_gain, last_lift) = tones[0], tones[-1]
    lifted = (1 - share) * lift + share * last_lift
    cv2.addWeighted(plane, (1 - share) * gain, last, share * last_gain, lifted, dst=plane)


def _light(layer: PhotoLayer) -> list[tuple[float, float]]:
    """Mean and spread of Y, U and V."""
    planes = (layer.source.y, layer.source.uv[..., 0], layer.source.uv[..., 1])
    return [(float(plane[::4, ::4].mean()), float(plane[::4, ::4].std()) + 4) for plane in planes]


def _towards(own: tuple[float, float], goal: tuple[float, float], share: float) -> Tone:
    """What brings mean and spread a share of the way to the other's."""
    gain = float(np.clip(goal[1] / own[1], 1 / MOST_GAIN, MOST_GAIN)) ** share
    return gain, own[0] * (1 - gain) + share * (goal[0] - own[0])


def sway(moves: tuple[Move, ...]) -> tuple[float, float]:
    """A move there and back between the two ends, in the direction that the words name: sideways, upwards."""
    side = sum(move.sign * move.amount for move in moves if move.op in ("pan", "truck", "orbit"))
    up = sum(move.sign * move.amount for move in moves if move.op in ("tilt", "pedestal"))
    return float(np.clip(0.35 * side, -0.05, 0.05)), float(np.clip(-0.35 * up, -0.03, 0.03))


def _leg(words: Program, frames: int, subject: camera.Anchor, other: camera.Anchor, *, arriving: bool) -> camera.Path:
    """One picture's move: it leaves rest by pushing in and towards the other's subject, or arrives from there."""
    t = np.linspace(0, 1, frames)
    gone = camera.cruise(t) if not arriving else camera.cruise(t) - 1
    side, up = sway(words.camera)
    path = camera.at_rest(frames, subject)
    path.lnz[:] += np.log(1.26) * np.abs(gone)
    path.kz[:] += 0.12 * np.abs(gone)
    path.px[:] += (side or 0.02) * gone
    path.tx[:] += 0.02 * gone * (1 if side >= 0 else -1)
    path.py[:] += up * gone
    for track, own, goal in ((path.px, subject[0], other[0]), (path.py, subject[1], other[1])):
        track[:] += float(np.clip(own - goal, -0.07, 0.07)) * np.abs(gone)
    return path
