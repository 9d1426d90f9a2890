"""What is measured, as rows with a goal: `performance.md`'s ratios, floor = 1."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from bench.ratios import Ratios
from bench.web import CONNECTIONS, Comparison

# (load, figure, unit) → (sense, goal): throughput has to reach its goal, processor time to stay below it. An acceptance
# at 0.7 of the floor's speed may take 1/0.7 of its processor time.
_WEB: dict[tuple[str, str, str], tuple[Literal["≥", "≤"], float]] = {
    ("accept", "per_second", "req/s"): ("≥", 0.7),
    ("accept", "cpu_ms", "CPU ms"): ("≤", 1.43),
    ("page", "per_second", "req/s"): ("≥", 1.0),
    ("page", "cpu_ms", "CPU ms"): ("≤", 1.0),
    ("poll", "cpu_ms", "CPU ms"): ("≤", 0.8),
}
_NAMES = {"accept": "accept a prompt", "page": "page of 20", "poll": "status poll"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table. `value` is what the goal is for: a ratio, or a figure of ours."""

    what: str
    where: str
    unit: str
    ours: float
    floor: float | None
    value: float
    low: float
    high: float
    sense: Literal["≥", "≤", ""] = ""
    goal: float | None = None

    @property
    def met(self) -> bool | None:
        """None: told for information."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.sense == "≥" else self.value <= self.goal

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "met": self.met}


def of_ratios(
    what: str, where: str, unit: str, ratios: Ratios, sense: Literal["≥", "≤", ""] = "", goal: float | None = None
) -> Row:
    return Row(
        what=what, where=where, unit=unit, ours=ratios.ours, floor=ratios.floor, value=ratios.median, low=ratios.low,
        high=ratios.high, sense=sense, goal=goal,
    )  # fmt: skip


def of_values(
    what: str,
    where: str,
    unit: str,
    values: Iterable[float],
    sense: Literal["≥", "≤", ""] = "",
    goal: float | None = None,
) -> Row:
    """Figures without a floor."""
    ratios = Ratios([(value, 1.0) for value in values])
    return Row(
        what=what, where=where, unit=unit, ours=ratios.median, floor=None, value=ratios.median, low=ratios.low,
        high=ratios.high, sense=sense, goal=goal,
    )  # fmt: skip


def web(comparison: Comparison, database: str) -> list[Row]:
    rows = []
    for what, name in _NAMES.items():
        for connections in CONNECTIONS:
            where = f"{database}, {connections} conn."
            for measure, unit in (
                ("per_second", "req/s"),
                ("cpu_ms", "CPU ms"),
                ("p50_ms", "p50 ms"),
                ("p99_ms", "p99 ms"),
            ):
                sense, goal = _WEB.get((what, measure, unit), ("", None))
                rows.append(of_ratios(name, where, unit, comparison.ratios(what, connections, measure), sense, goal))
    return rows
