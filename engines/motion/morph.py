"""First and last frame: a morph where the two pictures show the same thing, else a dissolve in which both move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from engines.base import RenderRequest
from engines.motion import camera, photo
from engines.motion.draw import Grid, PhotoLayer
from engines.motion.effects import Effects
from engines.motion.photographed import guard, lay, stretch
from engines.motion.planes import Array, Picture, Planes, picture, to_planes
from engines.motion.program import Move, Program
from engines.motion.transfer import mix

FLOW_WIDTH = 512
LEAST_INLIERS, LEAST_SHARE, MOST_SCALE = 16, 0.22, 3.2
CONSISTENT, ALIKE, MOST_FLOW = 0.55, 0.80, 0.22


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
        pair = _pair(first.view(), last.view())
        self._between: _Warped | _Dissolved = (
            _Dissolved((first, last), focus, words, frames)
            if pair is None
            else _Warped(pair, first.view(), last.view(), words)
        )
        self._effects = Effects(words, None, width=first.width, height=first.height)
        self._still = camera.at_rest(frames)
        self.report: dict[str, Any] = {"transition": "dissolve" if pair is None else "morph"}

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
        t = index / max(self._frames - 1, 1)
        self._between.draw(planes, t)
        self._effects.apply(planes, self._still, index, index / self._fps)
        left = (self._frames - 1 - index) / self._fps
        if left < 0.4:  # weather and light give way to the last picture as it is
            mix(planes, self._ends[1], camera.ease(1 - left / 0.4) ** 2)


def _copy(source: Planes, target: Planes) -> None:
    for plane, values in zip(target, source, strict=True):
        plane[:] = values


# --- do the pictures show the same thing? ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """How the first picture becomes the last, in view widths from the centre.

    `total` takes the first's points to the last's; `forward` is what the aligned first still has to move, `backward`
    what the last would; `trust` (two maps) falls where something is hidden in the other picture.
    """

    total: Array
    forward: Array
    backward: Array
    trust: tuple[Array, Array]


def _pair(first: Array, last: Array) -> Pair | None:
    """The correspondence of two pictures of one size, or None when there is none to rely on."""
    height, width = first.shape[:2]
    size = (FLOW_WIDTH, max(16, round(FLOW_WIDTH * height / width)))
    a, b = (
        cv2.cvtColor(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
        for image in (first, last)
    )
    total = _global(a, b)
    pixels = _in_pixels(total, size)
    aligned = cv2.warpAffine(a, pixels[:2], size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    forward, backward = (
        cv2.GaussianBlur(dis.calc(*images, None), (0, 0), 1.2) for images in ((aligned, b), (b, aligned))
    )
    error_f, error_b = _disagreement(forward, backward), _disagreement(backward, forward)
    arrived = _moved(aligned, backward)
    alike = float(np.corrcoef(arrived.ravel().astype(np.float64), b.ravel().astype(np.float64))[0, 1])
    reach = np.linalg.norm(forward, axis=2)
    share = float((error_f < 1.5 + 0.05 * reach).mean())
    if share < CONSISTENT or not alike > ALIKE or np.percentile(reach, 90) > MOST_FLOW * FLOW_WIDTH:
        return None
    trust = tuple((1 - 0.92 * np.clip((error - 1) / 2.5, 0, 1)).astype(np.float32) for error in (error_f, error_b))
    return Pair(total, forward / FLOW_WIDTH, backward / FLOW_WIDTH, (trust[0], trust[1]))


def _global(a: Array, b: Array) -> Array:
    """Similarity of the pictures by SIFT and RANSAC; the identity when too little agrees."""
    sift = cv2.SIFT.create(1200)
    (points_a, marks_a), (points_b, marks_b) = sift.detectAndCompute(a, None), sift.detectAndCompute(b, None)
    if marks_a is None or marks_b is None or min(len(marks_a), len(marks_b)) < LEAST_INLIERS:
        return np.eye(3)
    matches = [
        pair[0]
        for pair in cv2.BFMatcher().knnMatch(marks_a, marks_b, 2)
        if len(pair) == 2 and pair[0].distance < 0.75 * pair[1].distance
    ]
    if len(matches) < LEAST_INLIERS:
        return np.eye(3)
    source, target = (
        np.array([points_a[m.queryIdx].pt for m in matches], np.float32),
        np.array([points_b[m.trainIdx].pt for m in matches], np.float32),
    )
    cv2.setRNGSeed(7)
    matrix, inliers = cv2.estimateAffinePartial2D(source, target, ransacReprojThreshold=4.0)
    if matrix is None or inliers.sum() < LEAST_INLIERS or inliers.mean() < LEAST_SHARE:
        return np.eye(3)
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if not 1 / MOST_SCALE < scale < MOST_SCALE:
        return np.eye(3)
    to_view = _to_view((a.shape[1], a.shape[0]))
    return np.asarray(to_view @ np.vstack([matrix, [0, 0, 1]]) @ np.linalg.inv(to_view))


def _to_view(size: tuple[int, int]) -> Array:
    width, height = size
    return np.array([[1, 0, -(width - 1) / 2], [0, 1, -(height - 1) / 2], [0, 0, width]]) / width


def _in_pixels(total: Array, size: tuple[int, int]) -> Array:
    to_view = _to_view(size)
    return np.asarray(np.linalg.inv(to_view) @ total @ to_view)


def _moved(image: Array, flow: Array) -> Array:
    y, x = np.mgrid[0 : image.shape[0], 0 : image.shape[1]].astype(np.float32)
    return np.asarray(
        cv2.remap(image, x + flow[..., 0], y + flow[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    )


def _disagreement(flow: Array, back: Array) -> Array:
    """How far from home one gets by going there and back, in pixels."""
    return np.asarray(np.linalg.norm(flow + _moved(back, flow), axis=2))


# --- morph ----------------------------------------------------------------------------------------------------------


class _Warped:
    """Both pictures bent towards each other along the flow, each where it can be trusted."""

    def __init__(self, pair: Pair, first: Array, last: Array, words: Program) -> None:
        height, width = first.shape[:2]
        self._pair, self._view = pair, (width, height)
        self._sources = picture(first), picture(last)
        self._luma = Grid(width, height, step=1, phase=0, view=self._view)
        self._chroma = Grid(width // 2, height // 2, step=2, phase=0.5, view=self._view)
        self._scale = float(np.log(np.hypot(pair.total[0, 0], pair.total[1, 0])))
        self._angle = float(np.arctan2(pair.total[1, 0], pair.total[0, 0]))
        self._sway = _sway(words.camera)

    def draw(self, planes: Planes, t: float) -> None:
        e = float(camera.cruise(np.array(t)))
        outs = []
        for grid, is_luma in ((self._luma, True), (self._chroma, False)):
            (xa, ya), (xb, yb), weight = self._places(grid, e, t)
            maps = [
                self._enlarged(grid, x, y, source, is_luma=is_luma)
                for x, y, source in ((xa, ya, self._sources[0]), (xb, yb, self._sources[1]))
            ]
            share = grid.enlarge(weight, weight)[..., 0]
            outs.append((maps, share))
        (maps, share), (small_maps, small_share) = outs
        flags = cv2.INTER_LINEAR
        pair = [
            cv2.remap(s.y, m, None, flags, borderMode=cv2.BORDER_REFLECT_101)
            for s, m in zip(self._sources, maps, strict=True)
        ]
        planes.y[:] = cv2.blendLinear(*pair, 1 - share, share)
        chroma = [
            cv2.remap(s.uv, m, None, flags, borderMode=cv2.BORDER_REFLECT_101)
            for s, m in zip(self._sources, small_maps, strict=True)
        ]
        mixed = cv2.blendLinear(*chroma, 1 - small_share, small_share)
        planes.u[:], planes.v[:] = mixed[..., 0], mixed[..., 1]

    def _enlarged(self, grid: Grid, x: Array, y: Array, source: Picture, *, is_luma: bool) -> Array:
        width, height = self._view
        px, py = x * width + (width - 1) / 2, y * width + (height - 1) / 2
        return grid.enlarge(px * source.scale, py * source.scale) if is_luma else grid.enlarge(px / 2, (py - 0.5) / 2)

    def _places(self, grid: Grid, e: float, t: float) -> tuple[tuple[Array, Array], tuple[Array, Array], Array]:
        """Where view points lie in the first and in the last picture, and the last one's weight there."""
        u, v = _swayed(grid.u, grid.v, self._sway, t)
        to_last = self._pair.total @ np.linalg.inv(
            self._partial(e)
        )  # frame e → the last picture's place, without residual
        xa, ya = x0, y0 = _applied(to_last, u, v)
        for _ in range(3):
            flow = self._sampled(self._pair.forward, xa, ya)
            xa, ya = x0 - e * flow[..., 0], y0 - e * flow[..., 1]
        xb, yb = x0, y0
        for _ in range(3):
            flow = self._sampled(self._pair.backward, xb, yb)
            xb, yb = x0 - (1 - e) * flow[..., 0], y0 - (1 - e) * flow[..., 1]
        wa = (1 - e) * self._sampled(self._pair.trust[0], xa, ya)
        wb = e * self._sampled(self._pair.trust[1], xb, yb)
        first = _applied(np.linalg.inv(self._pair.total), xa, ya)
        wa, wb = wa * self._within(*first) + 1e-4, wb * self._within(xb, yb) + 1e-4
        return first, (xb, yb), wb / (wa + wb)

    def _partial(self, e: float) -> Array:
        """The share e of the global move: zoom and turn at constant rate, the shift along with the zoom."""
        scale, angle = np.exp(self._scale * e), self._angle * e
        along = np.expm1(self._scale * e) / np.expm1(self._scale) if abs(self._scale) > 1e-6 else e
        cos, sin = scale * np.cos(angle), scale * np.sin(angle)
        return np.array(
            [[cos, -sin, along * self._pair.total[0, 2]], [sin, cos, along * self._pair.total[1, 2]], [0, 0, 1]]
        )

    def _sampled(self, field: Array, x: Array, y: Array) -> Array:
        rows, columns = field.shape[:2]
        aspect = self._view[1] / self._view[0]
        column = ((x + 0.5) * columns - 0.5).astype(np.float32)
        row = ((y / aspect + 0.5) * rows - 0.5).astype(np.float32)
        return np.asarray(cv2.remap(field, column, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))

    def _within(self, x: Array, y: Array) -> Array:
        """1 inside the picture, falling to 0 just outside it."""
        half = 0.5 * self._view[1] / self._view[0]
        return np.asarray(np.clip(1 + np.minimum(0.5 - np.abs(x), half - np.abs(y)) / 0.01, 0, 1))


def _applied(matrix: Array, x: Array, y: Array) -> tuple[Array, Array]:
    return matrix[0, 0] * x + matrix[0, 1] * y + matrix[0, 2], matrix[1, 0] * x + matrix[1, 1] * y + matrix[1, 2]


def _sway(moves: tuple[Move, ...]) -> tuple[float, float]:
    """A move there and back between the two ends, in the direction that the words name: sideways, upwards."""
    side = sum(move.sign * move.amount for move in moves if move.op in ("pan", "truck", "orbit"))
    up = sum(move.sign * move.amount for move in moves if move.op in ("tilt", "pedestal"))
    return float(np.clip(0.35 * side, -0.05, 0.05)), float(np.clip(-0.35 * up, -0.03, 0.03))


def _swayed(u: Array, v: Array, sway: tuple[float, float], t: float) -> tuple[Array, Array]:
    bump = float(np.sin(np.pi * t) ** 2)
    zoom = 1 + (0.03 + 2 * abs(sway[0]) + 4 * abs(sway[1])) * bump
    return u / zoom + sway[0] * bump, v / zoom + sway[1] * bump


# --- dissolve -------------------------------------------------------------------------------------------------------


class _Dissolved:
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
        for k, (view, spot) in enumerate(zip(views, focus, strict=True)):
            layer, subject = lay(view, spot)
            self._layers.append(layer)
            self._paths.append(guard(_leg(words, frames, subject, arriving=k == 1), layer, view))

    def draw(self, planes: Planes, t: float) -> None:
        index = round(t * (self._paths[0].frames - 1))
        x = float(np.clip((t - 0.30) / 0.40, 0, 1))
        share = x**3 * (x * (6 * x - 15) + 10)
        if share < 1:
            self._layers[0].draw(planes, self._paths[0], index, None, 0.0)
        if share >= 1:
            self._layers[1].draw(planes, self._paths[1], index, None, 0.0)
        elif share > 0:
            other = Planes(*(np.empty(plane.shape, np.uint8) for plane in planes))
            self._layers[1].draw(other, self._paths[1], index, None, 0.0)
            mix(planes, other, share)


def _leg(words: Program, frames: int, subject: camera.Anchor, *, arriving: bool) -> camera.Path:
    """One picture's move: it leaves rest by pushing in and sideways, or arrives by settling from there."""
    t = np.linspace(0, 1, frames)
    gone = camera.cruise(t) if not arriving else camera.cruise(t) - 1
    side, up = _sway(words.camera)
    path = camera.at_rest(frames, subject)
    path.lnz[:] += np.log(1.20) * np.abs(gone)
    path.kz[:] += 0.12 * np.abs(gone)
    path.px[:] += (side or 0.02) * gone
    path.tx[:] += 0.02 * gone * (1 if side >= 0 else -1)
    path.py[:] += up * gone
    return path
