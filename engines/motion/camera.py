"""Where the camera is in every frame.

The mapping is inverse, in view widths from the view's centre: a view point p lands on the canvas at

    base = a + R(roll)·(p' − a)/z + (px, py)          p' = p/(1 + yaw·u)
    q = a + (base − a)/(1 + kz·δ) + (tx, ty)·δ         δ = depth(q) − pivot

with anchor a. Zoom is kept as ln z, so that its speed looks constant. Over a plane of depth this is a homography:
what is straight stays straight. A subject on a layer of its own is besides enlarged by `fz` (ln, about the anchor).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from engines.motion.chance import generator
from engines.motion.planes import Array
from engines.motion.program import Move, Program

Anchor = tuple[float, float]
DepthAt = Callable[[Array, Array], Array]  # canvas points → δ
MOST_EXTRA_ZOOM = 1.27  # that a move to the side may cost; a longer one is shortened
MOST_LEAN = 0.06  # of an upright line, as a slope (3.4°)
MOST_PARTING = 0.045  # that a subject and what is behind it may be moved apart, in view widths
TRACKS = ("lnz", "kz", "px", "py", "tx", "ty", "roll", "yaw", "fz")
_BACK = ("zoom_out", "dolly_out")
EASE = 0.12  # of a move's time, at either end


@dataclass(frozen=True)
class Path:
    """The camera's state over all frames: one array of length n each. Angles in radians."""

    lnz: Array
    kz: Array
    px: Array
    py: Array
    tx: Array
    ty: Array
    roll: Array
    yaw: Array
    fz: Array
    anchor: Anchor

    @property
    def frames(self) -> int:
        return len(self.lnz)

    def at(self, frame: float) -> Path:
        """The state at a moment between two frames, as a path of one frame."""
        low = int(np.clip(np.floor(frame), 0, self.frames - 1))
        high, share = min(low + 1, self.frames - 1), float(np.clip(frame - low, 0, 1))
        tracks = {name: (1 - share) * track[[low]] + share * track[[high]] for name, track in self.tracks().items()}
        return Path(**tracks, anchor=self.anchor)

    def tracks(self) -> dict[str, Array]:
        return {name: getattr(self, name) for name in TRACKS}

    def rests(self, frame: int) -> bool:
        """The frame shows the view at rest."""
        return all(abs(float(track[frame])) < 1e-6 for name, track in self.tracks().items() if name != "kz")


@dataclass(frozen=True)
class Rim:
    """What of the canvas lies round the view at rest, in view widths from its centre."""

    left: float
    right: float
    top: float
    bottom: float


def cruise(x: Array) -> Array:
    """Trapezoid velocity, short at both ends so that the first and the last second are alive too; C¹."""
    a = b = EASE
    v = 1 / (1 - a / 2 - b / 2)
    x = np.clip(x, 0, 1)
    middle = v * (x - a / 2)
    return np.where(x < a, v * x * x / (2 * a), np.where(x < 1 - b, middle, 1 - v * (1 - x) ** 2 / (2 * b)))


def smoothstep(x: Array) -> Array:
    x = np.clip(x, 0, 1)
    return np.asarray(x * x * (3 - 2 * x))


def at_rest(frames: int, anchor: Anchor = (0.0, 0.0)) -> Path:
    return Path(**{name: np.zeros(frames) for name in TRACKS}, anchor=anchor)


def ease(x: float) -> float:
    """`smoothstep` of one number."""
    return float(smoothstep(np.array(x)))


def path(program: Program, frames: int, *, subject: Anchor, aspect: float) -> Path:
    """The program's moves over `frames` frames. `subject` is the anchor of zooms, `aspect` = height / width."""
    t = np.linspace(0, 1, frames)
    anchor = _anchor(program, subject, aspect)
    if ends_at_rest(program):
        anchor = (0.0, 0.0)
    state = at_rest(frames, anchor)
    for index, move in enumerate(program.camera):
        start = move.t0 or (0.4 * move.t1 if index and move.op in _BACK else 0.0)
        e = cruise((t - start) / (move.t1 - start))
        if index and move.op in _BACK:
            _back_later(state, move, cruise(t / start), e)
        else:
            _add(state, move, e)
    if ends_at_rest(program):
        for name, track in state.tracks().items():
            track[:] -= 0 if name == "lnz" else track[-1]
    if program.shake:
        _shake(state, program, t * program.duration)
    return state


def ends_at_rest(program: Program) -> bool:
    """Programs that begin with a zoom-out or pull-back start close and end on the whole picture; others start on it."""
    begins = bool(program.camera) and program.camera[0].op in _BACK
    return begins and not program.has("zoom_in", "dolly_in", "approach", "dolly_zoom")


def _anchor(program: Program, subject: Anchor, aspect: float) -> Anchor:
    target = next((move.target for move in program.camera if move.target != "subject"), "subject")
    places = {
        "sky": (0.0, -0.38 * aspect), "horizon": (0.0, -0.08 * aspect), "ground": (0.0, 0.38 * aspect),
        "floor": (0.0, 0.38 * aspect), "center": (0.0, 0.0), "centre": (0.0, 0.0), "background": (0.0, -0.1 * aspect),
    }  # fmt: skip
    return places.get(target, subject)


def _add(state: Path, move: Move, e: Array) -> None:
    """One move's share, with amount A and direction d (the table of moves in the design of this engine)."""
    amount, d = move.amount, move.sign
    if move.op in ("zoom_in", "dolly_in", "approach"):
        state.lnz[:] += np.log1p(amount) * e
        state.kz[:] += {"zoom_in": 0.25, "dolly_in": 0.85, "approach": 1.1}[move.op] * amount * e
        state.fz[:] += 0.4 * np.log1p(amount) * e * (move.op == "approach")
    elif move.op in ("zoom_out", "dolly_out"):
        state.lnz[:] += np.log1p(amount) * (1 - e)
        state.kz[:] += {"zoom_out": 0.25, "dolly_out": 0.85}[move.op] * amount * (1 - e)
    elif move.op == "dolly_zoom":
        state.lnz[:] += np.log1p(amount) * e
        state.kz[:] -= 1.25 * amount * e
        state.fz[:] -= 0.85 * np.log1p(amount) * e  # the subject keeps its size while all behind it grows
    elif move.op == "orbit":
        state.tx[:] += d * 1.6 * amount * e
        state.px[:] += d * 0.35 * amount * e
        state.yaw[:] -= 0.9 * d * amount * e
        state.lnz[:] += 0.35 * amount * e
    elif move.op == "roll":
        state.roll[:] += np.deg2rad(d * amount) * e
    elif move.op == "tilt":
        state.py[:] -= d * amount * e
        state.ty[:] -= 0.2 * d * amount * e
    elif move.op == "pedestal":
        state.py[:] -= 0.6 * d * amount * e
        state.ty[:] -= 0.8 * d * amount * e
    elif move.op == "truck":
        state.px[:] += 0.6 * d * amount * e
        state.tx[:] += 0.9 * d * amount * e
    elif move.op == "pan":
        state.px[:] += d * amount * e
        state.tx[:] += 0.25 * d * amount * e
        state.yaw[:] += 0.175 * d * amount * np.sin(np.pi * e)


def _back_later(state: Path, move: Move, closer: Array, e: Array) -> None:
    """A zoom-out after other moves: those come closer meanwhile, and it gives back what they went to the side."""
    state.lnz[:] += np.log1p(move.amount) * (closer - e)
    for track in (state.px, state.py, state.tx, state.ty):
        track[:] *= 1 - e


def _shake(state: Path, program: Program, seconds: Array) -> None:
    """A hand's tremble: six sines between .6 and 3.2 Hz, amplitude ∝ 1/f, zero at the first frame."""
    rng = generator(program.seed, "shake")
    strength = 0.0055 * min(program.shake, 2.4)
    for track, share in ((state.px, 1.0), (state.py, 1.0), (state.roll, 0.9)):
        frequency = np.linspace(0.6, 3.2, 6) * rng.uniform(0.9, 1.1, 6)
        phase, amplitude = rng.uniform(0, 2 * np.pi, 6), (1 / frequency) / (1 / frequency).sum()
        wave = (amplitude * np.sin(2 * np.pi * np.outer(seconds, frequency) + phase)).sum(1)
        track[:] += strength * share * (wave - wave[0]) * smoothstep(seconds / 0.5) * 2


# --- no borders, ever -------------------------------------------------------------------------------------------------


def guarded(state: Path, rim: Rim, depth_at: DepthAt, *, aspect: float, steepness: float = 0.0) -> Path:
    """The same path, with parallax bounded by the depth's steepness and enough extra zoom that no border is seen.

    `steepness` is the slope of the plane of depth, per view width; it bounds how far upright lines lean.
    """
    return covered(_room(_bounded(state, steepness), rim), rim, depth_at, aspect=aspect)


def covered(state: Path, rim: Rim, depth_at: DepthAt, *, aspect: float, subject: bool = False) -> Path:
    """The same path with as much extra zoom as it takes that the layer at this depth fills the view."""
    grid = _rim_points(aspect)
    need = _need(replace(state, lnz=state.lnz + state.fz) if subject else state, rim, depth_at, grid)
    if need.max() <= 1:
        return state
    backwards = need[0] > need[-1]
    ordered = need[::-1] if backwards else need
    smooth = _widened(ordered)
    extra = np.maximum(smooth[::-1] if backwards else smooth, need)
    return replace(state, lnz=state.lnz + np.log(extra))


def _bounded(state: Path, steepness: float) -> Path:
    lateral = float(np.hypot(state.tx, state.ty).max()) + 1e-9
    zoom = float(np.abs(state.kz).max()) + 1e-9
    steepness = max(steepness, 1e-6)
    side = min(1.0, MOST_LEAN / (lateral * steepness), 0.09 / (0.7 * lateral))
    near = min(1.0, 2 * MOST_LEAN / (zoom * steepness), 0.09 / (0.25 * zoom))
    return replace(state, tx=state.tx * side, ty=state.ty * side, kz=state.kz * near)


def parted(state: Path, gap: float, most: float = MOST_PARTING) -> Path:
    """The same path with parallax so bounded that a subject and what is behind it part by no more than `most`.

    `gap` is the largest difference of depth along the subject's contour.
    """
    lateral = gap * float(np.hypot(state.tx, state.ty).max()) + 1e-9
    zoom = 0.4 * (gap * float(np.abs(state.kz).max()) + float(np.abs(state.fz).max())) + 1e-9
    side, near = min(1.0, most / lateral), min(1.0, most / zoom)
    return replace(state, tx=state.tx * side, ty=state.ty * side, kz=state.kz * near, fz=state.fz * near)


def _room(state: Path, rim: Rim) -> Path:
    """Shorten lateral moves that even the most extra zoom could not make room for."""
    spare = 0.5 * (1 - 1 / MOST_EXTRA_ZOOM)
    factor = 1.0
    for track, low, high, half in (
        (state.px, rim.left, rim.right, 0.5),
        (state.py, rim.top, rim.bottom, rim_half(rim)),
    ):
        share = half / 0.5
        room = (min(-low - half, high - half) if track.min() < 0 < track.max() else
                (high - half if track.max() > 0 else -low - half))  # fmt: skip
        factor = min(factor, (max(room, 0.0) + spare * share) / (float(np.abs(track).max()) + 1e-9))
    return state if factor >= 1 else replace(state, px=state.px * factor, py=state.py * factor)


def rim_half(rim: Rim) -> float:
    """Half of the view's height, at least of what the canvas has; the view is never higher than the canvas."""
    return min(-rim.top, rim.bottom)


def _rim_points(aspect: float) -> Array:
    along = np.linspace(-0.5, 0.5, 33)
    half = np.full(33, 0.5)
    u = np.concatenate([along, along, -half, half])
    v = np.concatenate([-half, half, along, along]) * aspect
    return np.stack([u, v])


def _need(state: Path, rim: Rim, depth_at: DepthAt, points: Array) -> Array:
    """Per frame, the smallest extra zoom (by bisection) at which no point of the view's rim leaves the canvas."""
    low, high = np.ones(state.frames), np.full(state.frames, 2.6)
    low_ok = _inside(state, low, rim, depth_at, points)
    for _ in range(14):
        middle = (low + high) / 2
        fits = _inside(state, middle, rim, depth_at, points)
        high, low = np.where(fits, middle, high), np.where(fits, low, middle)
    return np.where(low_ok, 1.0, high)


def _inside(state: Path, extra: Array, rim: Rim, depth_at: DepthAt, points: Array) -> Array:
    x, y = locate(state, slice(None), points[0][None], points[1][None], depth_at, extra=extra[:, None])
    slack = 2e-4  # a quarter of a pixel at 1280; the mirrored edge covers it
    ok = (x > rim.left - slack) & (x < rim.right + slack) & (y > rim.top - slack) & (y < rim.bottom + slack)
    return np.asarray(ok.all(axis=1))


def _widened(need: Array) -> Array:
    """A smooth curve never below `need`: running maximum over an eighth, Hann smoothing, growing from 1."""
    n = len(need)
    half = max(1, n // 16)
    padded = np.pad(need, half, mode="edge")
    highest = np.array([padded[i : i + 2 * half + 1].max() for i in range(n)])
    window = np.hanning(2 * half + 3)
    smooth = np.convolve(np.pad(highest, half + 1, mode="edge"), window / window.sum(), mode="valid")
    ramp = smoothstep(np.linspace(0, 4, n))
    return np.asarray(1 + (np.maximum(smooth, need) - 1) * ramp)


# --- one frame --------------------------------------------------------------------------------------------------------


def locate(
    state: Path,
    frame: int | slice,
    u: Array,
    v: Array,
    depth_at: DepthAt,
    *,
    extra: Array | float = 1.0,
    rounds: int = 3,
) -> tuple[Array, Array]:
    """View points → canvas points, both in view widths from the view's centre."""

    def pick(track: Array) -> Array | float:
        return np.asarray(track[frame][:, None]) if isinstance(frame, slice) else float(track[frame])

    ax, ay = state.anchor
    perspective = 1 + pick(state.yaw) * u
    zoom = _plain(np.exp(pick(state.lnz))) * extra
    du, dv = (u / perspective - ax) / zoom, (v / perspective - ay) / zoom
    cos, sin = _plain(np.cos(pick(state.roll))), _plain(np.sin(pick(state.roll)))
    base_x = cos * du - sin * dv + pick(state.px)
    base_y = sin * du + cos * dv + pick(state.py)
    x, y = ax + base_x, ay + base_y
    for _ in range(rounds):
        near = depth_at(x, y)
        pull = 1 / (1 + pick(state.kz) * near)
        x, y = ax + base_x * pull + pick(state.tx) * near, ay + base_y * pull + pick(state.ty) * near
    return x, y


def _plain(value: Array) -> Array | float:
    """A number as Python's own: one of NumPy's would make float64 of float32 points, which takes twice the time."""
    return value if np.ndim(value) else float(value)
