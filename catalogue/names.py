"""Names that clients still send for what is called otherwise today, or is no longer sold (`data/names.csv`)."""

from __future__ import annotations

import csv
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "names.csv"


@cache
def _lines() -> tuple[tuple[str, str, str], ...]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple((line["name"], line["kind"], line["row"]) for line in csv.DictReader(file))


def current(name: str) -> str:
    """Today's name of what an alias stands for ("720p" → "wan21_720p"); any other name unchanged."""
    return next((row for alias, kind, row in _lines() if kind == "alias" and alias == name), name)


def successor(name: str) -> str | None:
    """The row nearest to one that is no longer sold, or None when it never was."""
    return next((row for pattern, kind, row in _lines() if kind == "retired" and fnmatchcase(name, pattern)), None)
