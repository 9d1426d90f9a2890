"""`make bench`: everything in one run, round by round; exits 1 only when money or answers are wrong."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from bench import goals, limits, motion, polling, report, stack
from bench.goals import Row
from bench.sides import serving
from bench.web import Comparison, comparison
from tools import needs, servers

MOTION_ROUNDS = 3  # the least of three is steady enough, and a round takes a minute
Part = Callable[[Path, argparse.Namespace], tuple[list[Row], list[str]]]


def main() -> int:
    options, begun, facts = _options(), time.monotonic(), report.machine()
    rows: list[Row] = []
    faults: list[str] = []
    for name in options.part or PARTS:
        _say(f"measuring: {name}")
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            found, wrong = PARTS[name](Path(folder), options)
        rows += found
        faults += wrong
        print(report.table(found), flush=True)
    if options.save or not options.part:
        parts, seconds = options.part or [], time.monotonic() - begun
        _say(f"written to {report.save(rows, facts, faults, parts=parts, seconds=seconds)}")
    return _verdict(rows, faults)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--part", action="append", choices=list(PARTS), help="only this; written with --save")
    parser.add_argument("--save", action="store_true", help="also write the table of the chosen parts")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=0.7, help="of one turn under load")
    return parser.parse_args()


def on_sqlite(folder: Path, options: argparse.Namespace) -> tuple[list[Row], list[str]]:
    """The embedded defaults: one web process, the broker a folder."""
    urls = (f"sqlite:///{folder}/product.sqlite3", f"sqlite:///{folder}/floor.sqlite3")
    with comparison(urls, processes=1, folder=folder, broker={}) as compared:
        return _web("SQLite", compared, options)


def on_postgres(folder: Path, options: argparse.Namespace) -> tuple[list[Row], list[str]]:
    """As in production: a web process a core, and Redis for the broker where there is one."""
    initdb, redis = needs.POSTGRES.program_path(), needs.REDIS.program_path()
    if initdb is None:
        _say("no Postgres on this machine: left out")
        return [], []
    with ExitStack() as private:
        urls = private.enter_context(_two_databases(initdb))
        broker = {"CELERY_BROKER_URL": private.enter_context(servers.redis(redis))} if redis else {}
        sides = comparison(urls, processes=os.cpu_count() or 1, folder=folder, broker=broker)
        return _web("Postgres", private.enter_context(sides), options)


@contextmanager
def _two_databases(initdb: str) -> Iterator[tuple[str, str]]:
    with servers.postgres(initdb, durable=True) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE floor")
        yield url, f"{url.rpartition('/')[0]}/floor"


def _web(database: str, compared: Comparison, options: argparse.Namespace) -> tuple[list[Row], list[str]]:
    compared.warm_up()
    for _ in range(options.rounds):
        compared.run_round(options.seconds)
    return goals.web(compared, database), [f"{database}: {fault}" for fault in compared.faults()]


def whole_stack(folder: Path, options: argparse.Namespace) -> tuple[list[Row], list[str]]:
    """Its weight before and after its first work, and the way from an accepted prompt to a worker."""
    with stack.running(folder / "product") as product, ExitStack() as bare:
        idle_mb = product.idle_pss_mb()
        env = bare.enter_context(stack.bare_celery(folder / "bare"))
        picked = stack.pick_up(product, env, rounds=options.rounds)
        bare.close()
        after_mb = product.idle_pss_mb()
    where = "embedded, SQLite"
    return [
        goals.of_values("pick-up, accepted → started", where, "p50 ms", [ours for ours, _ in picked.pairs], "≤", 60),
        goals.of_ratios("pick-up ÷ bare Celery's, 0.05 s", where, "p50 ms", picked),
        goals.of_values("web + worker + scheduler, idle", where, "PSS MB", [idle_mb], "≤", 300),
        goals.of_values("… idle again after it rendered", where, "PSS MB", [after_mb]),
    ], []


def pollers(folder: Path, options: argparse.Namespace) -> tuple[list[Row], list[str]]:
    """What a hundred clients that ask a queue leave of the others' answers."""
    url = f"sqlite:///{folder}/product.sqlite3"
    with serving("product", database_url=url, processes=1, folder=folder / "product", broker={}) as product:
        found = polling.measure(
            product, rounds=options.rounds, seconds=max(options.seconds, polling.CLIENTS / polling.PER_SECOND)
        )
        rows = [
            goals.of_ratios(f"{what} while 100 clients poll ÷ idle", "SQLite, 2 conn.", "p95 ms", ratios, "≤", 1.5)
            for what, ratios in found.items()
        ]
        return rows, product.faults()


def clips(_folder: Path, options: argparse.Namespace) -> tuple[list[Row], list[str]]:
    """The preview engine, job by job, and FFmpeg's filters beside it."""
    return motion.rows(min(options.rounds, MOTION_ROUNDS)), []


def bounds(_folder: Path, _options: argparse.Namespace) -> tuple[list[Row], list[str]]:
    """What a clip takes at most, at 1080p: memory, and time until a cancelled one stops."""
    return limits.rows(), []


PARTS: dict[str, Part] = {
    "sqlite": on_sqlite, "postgres": on_postgres, "stack": whole_stack, "polling": pollers, "motion": clips,
    "limits": bounds,
}  # fmt: skip


def _verdict(rows: list[Row], faults: list[str]) -> int:
    missed = [f"{row.what}, {row.where}, {row.unit}" for row in rows if row.met is False]
    _say(f"goals: {sum(row.met is True for row in rows)} met, {len(missed)} missed")
    for line in (*missed, *faults):
        print(f"  {line}")
    _say("the books are wrong" if faults else "the books are in order")
    return 1 if faults else 0


def _say(text: str) -> None:
    print(f"\n{text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
