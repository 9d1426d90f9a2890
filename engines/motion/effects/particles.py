# ruff: noqa: E501  one line a kind reads as the table it is
"""Snow, rain, petals, sparks: each particle's place is a closed form of time, with the camera's own parallax.

Those of one colour are drawn as a mask of full size, so that the far ones stay round; those of several into a half-size
premultiplied (Y, U, V, A) picture.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from engines.motion import camera
from engines.motion.chance import generator
from engines.motion.effects import veil
from engines.motion.planes import Array, Planes


class Kind(NamedTuple):
    """`number` of them; `size` in pixels at 720 lines; `fall`, `drift`, `sway` in view widths (a second)."""

    number: int
    size: tuple[float, float]
    fall: float
    drift: float
    sway: float
    shape: str
    alpha: float
    blur: float
    tints: tuple[tuple[int, int, int], ...]


_WHITE, _WARM = (250, 252, 255), (255, 236, 200)
KINDS: dict[str, Kind] = {
    "snow": Kind(360, (1.1, 6.0), 0.11, 0.02, 0.012, "dot", 0.92, 1.1, (_WHITE,)),
    "blizzard": Kind(760, (1.1, 6.0), 0.26, -0.50, 0.02, "dot", 0.90, 1.2, (_WHITE,)),
    "rain": Kind(640, (0.3, 1.5), 1.35, -0.10, 0.0, "streak", 0.80, 0.55, ((214, 223, 233),)),
    "dust": Kind(150, (1.1, 3.8), -0.012, 0.02, 0.015, "glow", 0.85, 1.3, (_WARM,)),
    "bokeh": Kind(30, (14, 48), -0.015, 0.012, 0.01, "disc", 0.24, 1.2, ((255, 214, 150), (255, 176, 140), (190, 210, 255), (255, 240, 220))),
    "fireflies": Kind(44, (2.6, 5.5), -0.01, 0.01, 0.03, "glow", 0.95, 2.2, ((226, 255, 130), (255, 240, 150))),
    "embers": Kind(130, (2.0, 5.5), -0.20, 0.05, 0.03, "glow", 0.95, 1.2, ((255, 150, 50), (255, 196, 90), (255, 110, 40))),
    "petals": Kind(70, (5, 15), 0.10, 0.10, 0.03, "leaf", 0.95, 0.6, ((255, 198, 212), (252, 170, 194), (255, 224, 230))),
    "leaves": Kind(54, (7, 18), 0.13, 0.12, 0.05, "leaf", 0.96, 0.5, ((214, 110, 34), (184, 72, 28), (226, 160, 48), (150, 90, 40))),
    "confetti": Kind(140, (4, 9), 0.20, 0.02, 0.04, "leaf", 0.96, 0.4, ((240, 70, 90), (70, 150, 240), (250, 200, 60), (90, 200, 120), (190, 110, 220))),
    "bubbles": Kind(50, (4, 16), -0.12, 0.01, 0.02, "ring", 0.5, 0.5, ((215, 240, 255),)),
}  # fmt: skip
_WRAP = 1.3  # views after which a particle comes again


class Particles:
    """One kind of particle over the whole clip."""

    def __init__(self, kind: str, amount: float, seed: int, width: int, height: int) -> None:
        rng = generator(seed, "particles " + kind)
        self._kind, self._width, self._height = KINDS[kind], width, height
        self._plain = len(self._kind.tints) == 1
        self._shrink = 1 if self._plain else 2
        count = int(self._kind.number * np.clip(amount, 0.35, 1.8))
        self._z = np.sort(_sheets(rng.random(count)) if self._kind.shape == "streak" else rng.random(count))
        self._x, self._y = rng.random(count) * _WRAP, rng.random(count) * _WRAP
        self._phase, self._rate = rng.uniform(0, 2 * np.pi, count), rng.uniform(0.15, 0.55, count)
        self._spin = rng.uniform(-1.2, 1.2, count)
        self._tint = rng.integers(0, len(self._kind.tints), count)
        self._length = rng.uniform(0.5, 2.0, count)
        low, high = self._kind.size
        self._radius = (low + (high - low) * self._z**2.2) * height / 720
        self._colours = [(255.0,)] if self._plain else [(*veil.yuv(tint), 255.0) for tint in self._kind.tints]

    def apply(self, planes: Planes, path: camera.Path, index: int, seconds: float) -> None:
        ramp = camera.ease(seconds / 1.0)
        if ramp <= 0:
            return
        size = (-(-self._height // self._shrink), -(-self._width // self._shrink))
        buffer = np.zeros(size if self._plain else (*size, 4), np.uint8)
        x, y = self._places(path, index, seconds)
        seen = np.flatnonzero((x > -0.1) & (x < 1.1) & (y > -0.1) & (y < 1.1))
        places = np.stack([x[seen] * size[1], y[seen] * size[0]], axis=1)
        self._stamp(buffer, seen, places, self._cover(seen, ramp, seconds), seconds)
        # Less than a pixel of blur would leave the smallest as crosses.
        blur = max(self._kind.blur * self._height / 720 / self._shrink, 0.5 if self._kind.shape == "streak" else 0.8)
        soft = cv2.GaussianBlur(buffer, (0, 0), blur)
        if self._plain:
            veil.lay(planes, soft, veil.yuv(self._kind.tints[0]))
        else:
            veil.lay_premultiplied(planes, soft)

    def _places(self, path: camera.Path, index: int, seconds: float) -> tuple[Array, Array]:
        """In shares of the view's width and height."""
        kind, near = self._kind, 0.25 + 0.75 * self._z
        speed = 0.35 + 0.65 * self._z
        aspect = self._height / self._width
        sway = kind.sway * np.sin(2 * np.pi * self._rate * seconds + self._phase)
        x = self._x + kind.drift * speed * seconds + sway - path.px[index] * near - path.tx[index] * self._z
        y = self._y + (kind.fall * speed * seconds - path.py[index] * near) / aspect
        zoom = 1 + (np.exp(path.lnz[index]) - 1) * near
        x, y = x % _WRAP - (_WRAP - 1) / 2, y % _WRAP - (_WRAP - 1) / 2
        return 0.5 + (x - 0.5) * zoom, 0.5 + (y - 0.5) * zoom

    def _cover(self, seen: Array, ramp: float, seconds: float) -> Array:
        """How much each particle hides of what is behind it. What is smaller than a pixel hides less of it."""
        cover = self._kind.alpha * ramp * (0.45 + 0.55 * self._z[seen])
        if self._kind.shape == "glow":
            cover *= 0.65 + 0.35 * np.sin(2 * np.pi * self._rate[seen] * 2 * seconds + self._phase[seen])
        if self._kind.shape != "streak":
            cover *= np.clip(self._radius[seen] / self._shrink, 0.35, 1) ** 0.7
        return np.asarray(cover)

    def _stamp(self, buffer: Array, seen: Array, places: Array, cover: Array, seconds: float) -> None:
        """Draw the particles `seen` at places (x, y) in the buffer's pixels; OpenCV takes them as sixteenths."""
        if self._kind.shape == "streak":
            self._streaks(buffer, seen, places, cover)
            return
        radius = np.maximum(self._radius[seen] / self._shrink, 1.0)
        turn = self._spin[seen] * seconds + self._phase[seen]
        flat = np.maximum(16, 16 * radius * (0.25 + 0.45 * np.abs(np.sin(1.3 * turn))))
        colours = (np.array(self._colours)[self._tint[seen]] * cover[:, None]).tolist()
        centres = np.rint(16 * places).astype(int).tolist()
        sizes, thin = (np.rint(values).astype(int).tolist() for values in (16 * radius, flat))
        for k, (centre, size, colour) in enumerate(zip(centres, sizes, colours, strict=True)):
            if self._kind.shape == "leaf":
                angle = float(np.rad2deg(turn[k]))
                cv2.ellipse(buffer, centre, (size, thin[k]), angle, 0, 360, colour, -1, cv2.LINE_AA, 4)
            else:
                thickness = -1 if self._kind.shape != "ring" else max(1, size // 96)
                cv2.circle(buffer, centre, size, colour, thickness, cv2.LINE_AA, 4)

    def _streaks(self, buffer: Array, seen: Array, places: Array, cover: Array) -> None:
        """Lines along the fall, far ones first; those that are about equally strong are drawn in one go."""
        length = (0.012 + 0.038 * self._z[seen]) * self._length[seen] * buffer.shape[0]
        lean = self._kind.drift / self._kind.fall
        ends = np.stack([places, places - np.stack([lean * length, length], axis=1)], axis=1)
        lines, thickness = np.rint(16 * ends).astype(np.int32), np.maximum(1, np.rint(self._radius[seen])).astype(int)
        for part in np.array_split(np.arange(len(seen)), 8):
            for width in np.unique(thickness[part]):
                chosen = part[thickness[part] == width]
                strength = 255.0 * float(cover[chosen].mean())
                cv2.polylines(buffer, list(lines[chosen]), False, (strength,), int(width), cv2.LINE_AA, 4)


def _sheets(z: Array) -> Array:
    """Depths in two sheets: two thirds far, the others near."""
    return np.where(z < 0.66, z * 0.45, 0.62 + (z - 0.66) * 1.1)
