"""Pairs of pictures whose true in-betweens are known, and how near a frame comes to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import numpy as np

from bench import pictures
from engines.motion import program
from engines.motion.painted import PaintedScene
from engines.motion.painter import paint
from engines.motion.planes import Array, Planes, to_planes

SIZE = (640, 360)
MOMENTS = 61  # at which the truth is known
REACH = 0.15  # of the time: how far a way's own easing may lead or lag
True_ = Callable[[float], Array]  # 0…1 → RGB


def _zoom_and_roll() -> True_:
    """A photo, closer by 1.3 and turned by 8°."""
    world = cv2.resize(pictures.landscape(), (1280, 720), interpolation=cv2.INTER_AREA)

    def at(t: float) -> Array:
        turn = cv2.getRotationMatrix2D((640, 360), 8 * t, 0.85 * 1.3**t)
        turn[:, 2] += (-320, -180)
        return np.asarray(cv2.warpAffine(world, turn, SIZE, flags=cv2.INTER_AREA))

    return at


def _cut_outs() -> True_:
    """Two eyes' views: four things at four distances before a wall, apart by 4 to 28 pixels."""
    wall = cv2.resize(pictures.landscape(5), (760, 428), interpolation=cv2.INTER_AREA)
    things = [cv2.resize(pictures.landscape(n + 6), (220, 150), interpolation=cv2.INTER_AREA) for n in range(4)]

    def at(t: float) -> Array:
        view = _shifted(wall, -40 - 4 * t, -30)
        for n, (thing, x, y) in enumerate(zip(things, (40, 250, 430, 330), (60, 150, 40, 230), strict=True)):
            mask = np.zeros(thing.shape[:2], np.uint8)
            cv2.ellipse(mask, (110, 75), (80, 60), 0, 0, 360, 255, -1, cv2.LINE_AA)
            where = x - (10 + 6 * n) * t
            share = _shifted(mask, where, y)[..., None] / 255
            view = view + (_shifted(thing, where, y) - view) * share
        return np.rint(view).astype(np.uint8)

    return at


def _orbit() -> True_:
    """The figure turns a little and passes 10 pixels before its background."""
    rgb, alpha = (cv2.resize(part, SIZE, interpolation=cv2.INTER_AREA) for part in pictures.figure())
    behind = cv2.GaussianBlur(cv2.resize(pictures.landscape(4), (720, 405), interpolation=cv2.INTER_AREA), (0, 0), 2)

    def at(t: float) -> Array:
        turn = np.array([[1 - 0.02 * t, 0.01 * t, 6.4 * t - 4 * t], [0, 1, 0]])
        moved, share = (cv2.warpAffine(part, turn, SIZE, flags=cv2.INTER_CUBIC) for part in (rgb, alpha))
        view = _shifted(behind, -30 + 6 * t, -20)
        return np.rint(view + (moved - view) * (share[..., None] / 255)).astype(np.uint8)

    return at


def _shifted(image: Array, x: float, y: float) -> Array:
    to = np.array([[1, 0, x], [0, 1, y]], np.float64)
    return np.asarray(cv2.warpAffine(image, to, SIZE, flags=cv2.INTER_LINEAR)).astype(np.float32)


def _painted() -> True_:
    """A painted scene past which the camera trucks."""
    words = program.read("truck right", duration=2.0, seed=3, negative="")
    painting = paint("mountains with a lake", seed=3, width=SIZE[0], height=SIZE[1])
    scene = PaintedScene(painting, words, frames=MOMENTS, fps=24)

    def at(t: float) -> Array:
        planes = Planes(*(np.empty((SIZE[1] // n, SIZE[0] // n), np.uint8) for n in (1, 2, 2)))
        scene.draw(round(t * (MOMENTS - 1)), planes)
        return np.asarray(
            cv2.cvtColor(np.vstack([part.reshape(-1, SIZE[0]) for part in planes]), cv2.COLOR_YUV2RGB_I420)
        )

    return at


PAIRS: Mapping[str, Callable[[], True_]] = {
    "zoom 1.3, roll 8°": _zoom_and_roll,
    "two eyes, four things": _cut_outs,
    "figure, layered orbit": _orbit,
    "painted, layered truck": _painted,
}


def dissolved(first: Array, last: Array, steps: int) -> list[Array]:
    a, b = to_planes(first).y, to_planes(last).y
    return [cv2.addWeighted(a, 1 - n / steps, b, n / steps, 0) for n in range(1, steps)]


def fidelity(ways: Mapping[str, list[Array]], true: True_) -> dict[str, float]:
    """Mean PSNR of luma in dB; each frame is given the best moment near its own, for ways ease differently."""
    moments = np.linspace(0, 1, MOMENTS)
    truth = [to_planes(true(float(t))).y for t in moments]
    found = {}
    for name, frames in ways.items():
        best = []
        for number, luma in enumerate(frames):
            own = (number + 1) / (len(frames) + 1)
            best.append(max(cv2.PSNR(luma, truth[k]) for k in np.flatnonzero(np.abs(moments - own) <= REACH)))
        found[name] = float(np.mean(best))
    return found
