"""The table: printed, and kept under bench/results as Markdown and JSON, with the machine's facts and no names."""

from __future__ import annotations

import json
import os
import platform
import re
import sqlite3
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.goals import Row
from tools import needs

RESULTS = Path(__file__).resolve().parent / "results"
_HEAD = ("what", "where", "unit", "ours", "floor", "ours ÷ floor, or ours (min–max)", "goal", "")
_ABOUT = """Medians over the rounds of one run. Only what is divided within a round counts: absolute figures depend on
the machine and on what else it does. The floor is the plainest Django + DRF application that gives the same answers
(`bench/floor`), under the same gunicorn flags; of the queue, bare Celery on a folder. CPU is user + system time of the
server's processes per request, what they do after their last answer included; it is the steadiest figure. Every create
carries an Idempotency-Key and rings the broker (a folder on SQLite, Redis on Postgres where there is one); the floor
does neither. The floor of a clip (5 s, 720p, 24 frames a second) is encoding the same frames through the same writer,
with its options and threads, or FFmpeg's own filter followed by that; there the least of all rounds counts, on both
sides."""


def machine() -> dict[str, Any]:
    libraries = {
        name: version(name)
        for name in ("Django", "djangorestframework", "gunicorn", "celery", "psycopg", "av", "opencv-python-headless")
    }
    memory = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "memory_gb": round(int(memory.split()[1]) / 2**20),
        "load_before": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "Postgres": _version_of(needs.POSTGRES),
        "Redis": _version_of(needs.REDIS),
        **libraries,
    }


def _version_of(need: needs.Need) -> str:
    program = need.program_path()
    if program is None:
        return "none"
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return re.findall(r"\d+\.\d+(?:\.\d+)?", said)[0]


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def table(rows: list[Row]) -> str:
    lines = [_HEAD, tuple("-" * len(name) or "-" for name in _HEAD), *(_cells(row) for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(_HEAD))]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    )


def _cells(row: Row) -> tuple[str, ...]:
    verdict = {True: "met", False: "MISSED", None: ""}[row.met]
    value = f"{row.value:.2f} ({row.low:.2f}–{row.high:.2f})"
    floor = "" if row.floor is None else _figure(row.floor)
    goal = "" if row.goal is None else f"{row.sense} {row.goal:g}"
    return (row.what, row.where, row.unit, _figure(row.ours), floor, value, goal, verdict)


def _figure(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}"


def save(rows: list[Row], facts: dict[str, Any], faults: list[str], *, parts: list[str], seconds: float) -> Path:
    """`<date>-<cores>c.md` and `.json`, chosen parts in the name; a second run of the day replaces the first."""
    RESULTS.mkdir(exist_ok=True)
    name = "-".join([datetime.now(tz=UTC).date().isoformat(), f"{facts['cores']}c", *parts])
    path = RESULTS / f"{name}.md"
    told = ", ".join(f"{name} {value}" for name, value in facts.items())
    web = not parts or bool({"sqlite", "postgres"} & set(parts))
    books = f"Correctness: {'; '.join(faults) if faults else _SOUND}\n" if web else ""
    path.write_text(
        f"# `make bench`\n\n{_ABOUT}\n\n{told}; {seconds:.0f} s\n\n{table(rows)}\n\n{books}", encoding="utf-8"
    )
    found = {"machine": facts, "seconds": round(seconds), "faults": faults, "rows": [row.as_json() for row in rows]}
    path.with_suffix(".json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


_SOUND = (
    "after every run the entries sum to 0, two and one announcement for each accepted prompt, the wallets lost what was"
    " charged, `check_ledger` finds nothing, and every answer was 2xx."
)
