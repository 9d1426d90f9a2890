"""Pairs of measurements of the same round, ours and the floor's; only what is divided within a round counts."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Ratios:
    pairs: list[tuple[float, float]]

    @property
    def each(self) -> list[float]:
        return [ours / floor for ours, floor in self.pairs]

    @property
    def median(self) -> float:
        return median(self.each)

    @property
    def low(self) -> float:
        return min(self.each)

    @property
    def high(self) -> float:
        return max(self.each)

    @property
    def ours(self) -> float:
        return median(ours for ours, _ in self.pairs)

    @property
    def floor(self) -> float:
        return median(floor for _, floor in self.pairs)
