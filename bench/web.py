"""Accept, page of 20 and status poll: the product against the floor, in turn, on one database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench import load
from bench.amounts import TUNE
from bench.ratios import Ratios
from bench.sides import Side, serving

WHATS = ("accept", "page", "poll")
CONNECTIONS = (1, 32)
STEADY = 1.25  # floor ÷ floor again


@dataclass(frozen=True)
class Turn:
    """One side under one load for a moment."""

    per_second: float
    cpu_ms: float  # of the server's processes, per request
    p50_ms: float
    p99_ms: float


class Comparison:
    """`run_round` as often as wanted, then `rows` and `faults`."""

    def __init__(self, product: Side, floor: Side) -> None:
        self.product, self.floor = product, floor
        self.turns: dict[tuple[str, int], list[tuple[Turn, Turn]]] = {}
        self.refused: list[str] = []

    def run_round(self, seconds: float) -> None:
        """Every load on both sides; a turn that something else on this machine disturbed is taken once more."""
        for what in WHATS:
            for connections in CONNECTIONS:
                disturbance, pair = self._compare(what, connections, seconds)
                if disturbance > STEADY:
                    pair = min((disturbance, pair), self._compare(what, connections, seconds), key=lambda one: one[0])[
                        1
                    ]
                self.turns.setdefault((what, connections), []).append(pair)

    def _compare(self, what: str, connections: int, seconds: float) -> tuple[float, tuple[Turn, Turn]]:
        """The floor's turns stand on both sides of the product's, and how far they differ says how far to trust it."""
        before = self._turn(self.floor, what, connections, seconds / 2)
        ours = self._turn(self.product, what, connections, seconds)
        after = self._turn(self.floor, what, connections, seconds / 2)
        slow, fast = sorted((before.per_second, after.per_second))
        return fast / slow, (ours, _mean(before, after))

    def check_answers(self) -> None:
        """:raises RuntimeError: the two sides' answers have other fields, so that comparing them would not be fair"""
        ours, floor = (_fields(side) for side in (self.product, self.floor))
        if ours != floor:
            raise RuntimeError(f"the sides answer with other fields: {sorted(ours ^ floor)}")

    def warm_up(self) -> None:
        self.check_answers()
        for side in (self.product, self.floor):
            for what in WHATS:
                self._turn(side, what, 8, 0.4)

    def _turn(self, side: Side, what: str, connections: int, seconds: float) -> Turn:
        before = side.family.cpu_s()
        done = load.run(side.port, side.source(what), connections=connections, seconds=seconds)
        side.family.settle()
        cpu_ms = 1000 * (side.family.cpu_s() - before) / done.requests
        if what == "accept":
            side.accepted += done.requests - len(done.refused)
        self.refused += [f"{side.name}, {what}: {answer.decode(errors='replace')}" for answer in done.refused]
        return Turn(done.per_second, cpu_ms, done.percentile_ms(0.5), done.percentile_ms(0.99))

    def ratios(self, what: str, connections: int, measure: str) -> Ratios:
        pairs = [(getattr(ours, measure), getattr(floor, measure)) for ours, floor in self.turns[what, connections]]
        return Ratios(pairs)

    def faults(self) -> list[str]:
        """Everything that money or answers show to be wrong; empty when the books are in order."""
        return [*self.refused[:5], *_unbalanced(self.product), *_unbalanced(self.floor), *self.product.faults()]


def _fields(side: Side) -> set[str]:
    customer = side.customers[0]
    headers = {"Authorization": f"Bearer {customer['key']}"}
    answer = httpx.get(f"http://127.0.0.1:{side.port}/tunes/{TUNE}/prompts", headers=headers).raise_for_status()
    return {name for prompt in answer.json() for name in prompt}


def _mean(one: Turn, other: Turn) -> Turn:
    return Turn(*((getattr(one, name) + getattr(other, name)) / 2 for name in Turn.__dataclass_fields__))


def _unbalanced(side: Side) -> list[str]:
    sums = side.tally()
    wanted = {
        "accepted": side.accepted,
        "announced": side.accepted,
        "entries": 2 * side.accepted,
        "entries_mc": 0,
        "wallets_lost_mc": sums["charges_mc"],
    }
    return [
        f"{side.name}: {name} is {sums[name]}, should be {value}"
        for name, value in wanted.items()
        if sums[name] != value
    ]


@contextmanager
def comparison(urls: tuple[str, str], *, processes: int, folder: Path, broker: dict[str, str]) -> Iterator[Comparison]:
    """Product and floor, each on its own database of `urls`; `broker` is the product's environment for it."""
    with ExitStack() as stack:
        sides = [
            stack.enter_context(
                serving(name, database_url=url, processes=processes, folder=folder / name, broker=broker)
            )
            for name, url in zip(("product", "floor"), urls, strict=True)
        ]
        yield Comparison(*sides)
