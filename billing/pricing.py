"""What things cost, from plain numbers: integers in, millicents out, no database and no clock."""

from __future__ import annotations

from dataclasses import dataclass

# Far above any real price and far below where sums could leave 64 bits.
UNIT_MC_MAX = 10**9
SECONDS_MAX = 3_600
FRAMES_MAX = 100_000
IMAGES_MAX = 1_000
STEPS_MAX = 100_000
SURCHARGE_MAX = 1_000_000


@dataclass(frozen=True)
class Line:
    """One line of a breakdown."""

    label: str
    quantity: int
    unit: str  # of the quantity: "second", "frame", "image", "step"
    amount_mc: int


@dataclass(frozen=True)
class Quoted:
    """A price and what it is made of: the lines add up to `total_mc` exactly."""

    total_mc: int
    lines: tuple[Line, ...]


def video(*, base_cost_mc: int, base_seconds: int, seconds: int) -> Quoted:
    """Price a clip of whole seconds: base × max(seconds, base_seconds) ÷ base_seconds, rounded up to 1 mc.

    Sound and the number of images never change it, and the first frame is in it.

    :raises ValueError: a number is out of range
    """
    _check("base_cost_mc", base_cost_mc, 0, UNIT_MC_MAX)
    _check("base_seconds", base_seconds, 1, SECONDS_MAX)
    _check("seconds", seconds, 1, SECONDS_MAX)
    more = max(0, seconds - base_seconds)
    base = Line(f"Video, up to {base_seconds} s", min(seconds, base_seconds), "second", base_cost_mc)
    return _sum(base, Line("Longer than that", more, "second", _ceil(base_cost_mc * more, base_seconds)))


def exact_video(
    *, base_cost_mc: int, frames: int, surcharge_above_frames: int = 0, surcharge: tuple[int, int] = (1, 1)
) -> Quoted:
    """Price a clip of exactly so many frames: the base whatever its length, × `surcharge` above so many frames.

    `surcharge` is a fraction of at least 1, numerator first: (5, 4) is ×1.25. Rounded up to 1 mc.

    :raises ValueError: a number is out of range
    """
    _check("base_cost_mc", base_cost_mc, 0, UNIT_MC_MAX)
    _check("frames", frames, 1, FRAMES_MAX)
    _check("surcharge_above_frames", surcharge_above_frames, 0, FRAMES_MAX)
    above, below = surcharge
    _check("surcharge's denominator", below, 1, SURCHARGE_MAX)
    _check("surcharge's numerator", above, below, SURCHARGE_MAX)
    base = Line("Video", frames, "frame", base_cost_mc)
    if frames <= surcharge_above_frames:
        return _sum(base)
    more = frames - surcharge_above_frames
    return _sum(
        base,
        Line(f"More than {surcharge_above_frames} frames", more, "frame", _ceil(base_cost_mc * (above - below), below)),
    )


def images(*, unit_mc: int, count: int, inpaint_faces: bool = False) -> Quoted:
    """Price stills: so much each, and the same again for face inpainting. All other options cost nothing.

    :raises ValueError: a number is out of range
    """
    _check("unit_mc", unit_mc, 0, UNIT_MC_MAX)
    _check("count", count, 1, IMAGES_MAX)
    faces = Line("Face inpainting", count, "image", unit_mc * count if inpaint_faces else 0)
    return _sum(Line("Images", count, "image", unit_mc * count), faces)


def training(*, step_cost_mc: int, steps: int) -> Quoted:
    """Price a training by its steps; what has none costs nothing.

    :raises ValueError: a number is out of range
    """
    _check("step_cost_mc", step_cost_mc, 0, UNIT_MC_MAX)
    _check("steps", steps, 0, STEPS_MAX)
    return _sum(Line("Training", steps, "step", step_cost_mc * steps))


def with_addon(quoted: Quoted, *, label: str, second_cost_mc: int, seconds: int) -> Quoted:
    """A price and what is done to the finished clip, by its seconds; a line that costs nothing is shown too.

    :raises ValueError: a number is out of range
    """
    _check("second_cost_mc", second_cost_mc, 0, UNIT_MC_MAX)
    _check("seconds", seconds, 1, SECONDS_MAX)
    line = Line(label, seconds, "second", second_cost_mc * seconds)
    return Quoted(total_mc=quoted.total_mc + line.amount_mc, lines=(*quoted.lines, line))


def _sum(base: Line, *extras: Line) -> Quoted:
    lines = (base, *(line for line in extras if line.amount_mc))
    return Quoted(total_mc=sum(line.amount_mc for line in lines), lines=lines)


def _ceil(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def _check(name: str, value: int, low: int, high: int) -> None:
    """:raises ValueError: not an int (a bool is none), or outside low … high"""
    if type(value) is not int or not low <= value <= high:
        raise ValueError(f"{name} has to be a whole number from {low} to {high}, not {value!r:.40}")
