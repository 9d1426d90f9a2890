"""The preview engine's part of the bench: its jobs against encoding alone, its moves and morphs against FFmpeg's.

On both sides the least of all rounds counts: what else the machine does can only add to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from bench.goals import Row
from bench.processes import ask

# drawn and encoded ÷ encoded; with its setup ÷ encoded
JOBS: Mapping[str, tuple[float, float]] = {
    "i2v, one layer": (1.35, 1.9),
    "i2v, two layers": (1.7, 2.5),
    "i2v, clouds, snow, sunset": (1.5, 1.9),
    "i2v, fog, embers, flicker": (1.5, 2.0),
    "i2v, whip pan with blur": (1.5, 2.0),
    "t2v, painted layers": (2.0, 3.0),
    "t2v, storm sea, rain": (2.2, 3.2),
    "t2v, a tune's subject": (3.0, 5.0),
    "first + last, morph": (2.2, 2.5),
    "first + last, dissolve": (1.3, 1.8),
    "motion, 96 frames seen": (1.5, 2.6),
    "references, 4": (1.6, 1.75),
}
PLAIN_ZOOM = 1.35  # ÷ encoded; it has no setup to speak of
MOST_MB = 330.0
MORPH_DB, FASTER = 35.0, {"default": 25.0, "aobmc, bidir, vsbmc": 35.0}
ENCODED = "÷ encoding alone"


def rows(rounds: int) -> list[Row]:
    found: list[Row] = []
    for job, goals in JOBS.items():
        found += _job(job, json.loads(ask("bench.jobs", job, str(rounds), env={})), goals)
    found += _zoom(json.loads(ask("bench.rivals", "zoom", str(rounds), env={})))
    found += _morph(json.loads(ask("bench.rivals", "morph", str(rounds), env={})))
    return found


def of_least(
    what: str,
    where: str,
    pairs: Sequence[tuple[float, float]],
    sense: Literal["≥", "≤", ""] = "",
    goal: float | None = None,
    unit: str = "s",
) -> Row:
    """The least of ours ÷ the least of theirs; beside it the range of the rounds' own ratios."""
    ours, theirs = (min(side) for side in zip(*pairs, strict=True))
    each = [a / b for a, b in pairs]
    return Row(
        what=what, where=where, unit=unit, ours=ours, floor=theirs, value=ours / theirs, low=min(each), high=max(each),
        sense=sense, goal=goal,
    )  # fmt: skip


def of_one(
    what: str, where: str, unit: str, value: float, sense: Literal["≥", "≤", ""] = "", goal: float | None = None
) -> Row:
    return Row(
        what=what, where=where, unit=unit, ours=value, floor=None, value=value, low=value, high=value, sense=sense,
        goal=goal,
    )  # fmt: skip


def _job(job: str, found: dict[str, Any], goals: tuple[float, float]) -> Iterator[Row]:
    for name, figure, goal in zip(("drawn and encoded", "with its setup"), ("drawn", "total"), goals, strict=True):
        pairs = [(one[figure], one["encode"]) for one in found["rounds"]]
        yield of_least(job, f"{name} {ENCODED}", pairs, "≤", goal)
    yield of_one(job, "memory, rise over an idle process", "MB", found["rise_mb"], "≤", MOST_MB)


def _zoom(found: dict[str, Any]) -> Iterator[Row]:
    what, limits = "plain zoom", {"encode": PLAIN_ZOOM, "zoompan": 0.95, "zoompan 4×": 0.55}
    for side, goal in limits.items():
        pairs = [(one["ours"], one[side]) for one in found["rounds"]]
        yield of_least(what, ENCODED if side == "encode" else f"÷ FFmpeg's {side}", pairs, "≤", goal)
    ours, best = found["quality"]["ours"], found["quality"]["zoompan 4×"]
    yield of_one(what, "jitter", "px", ours["jitter_px"], "≤", 0.06)
    jitter = [(ours["jitter_px"], best["jitter_px"])]
    yield of_least(what, "jitter ÷ FFmpeg's zoompan 4×", jitter, "≤", 0.125, unit="px")
    for side, measured in found["quality"].items():
        own = ("≤", 3.0) if side == "ours" else ("", None)
        yield of_one(what, f"sharpness flicker, {side}", "%", 100 * measured["flicker"], *own)


def _morph(found: dict[str, Any]) -> Iterator[Row]:
    means: dict[str, list[float]] = {}
    for pair, ways in found["quality"].items():
        ours = next(name for name in ways if name.startswith("ours"))
        for way, decibels in ways.items():
            goal = ("≥", round(ways["default"], 1)) if way == ours else ("", None)
            yield of_one(f"morph: {pair}", way, "dB", decibels, *goal)
            means.setdefault("ours" if way == ours else way, []).append(decibels)
    for way, values in means.items():
        goal = ("≥", MORPH_DB) if way == "ours" else ("", None)
        yield of_one("morph: mean of the pairs", way, "dB", sum(values) / len(values), *goal)
    speed = found["speed"]
    for way, goal in FASTER.items():
        pairs = [(speed[way], ours) for ours in speed["ours"]]
        yield of_least("morph, time a frame", f"FFmpeg's minterpolate, {way}, ÷ ours", pairs, "≥", goal)
