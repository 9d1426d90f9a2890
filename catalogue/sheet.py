"""Reads `data/catalogue.csv` into typed lines. The only place that knows how the file is written."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, cast

from common.money import mc_of_cents

FILE = Path(__file__).parent / "data" / "catalogue.csv"

Kind = Literal["video", "image", "addon", "training", "storage"]
_FLAGS = ("text_to_video", "multi_reference", "last_frame", "motion_control")
_NUMBERS = ("base_seconds", "fps", "exact_frames_min", "exact_frames_max", "surcharge_above_frames")
_WORDS = ("resolution", "audio")


@dataclass(frozen=True, kw_only=True)
class Line:
    name: str
    kind: Kind
    fields: dict[str, Any]  # columns of the model, typed
    cents: Decimal
    engine: str
    engine_options: dict[str, Any]


def read(path: Path = FILE) -> Iterator[Line]:
    """Yield the file's lines in order.

    :raises ValueError: names the row that can't be read
    """
    with path.open(encoding="utf-8", newline="") as file:
        for position, cells in enumerate(csv.DictReader(file)):
            try:
                yield _line(cells, position)
            except (ValueError, KeyError, ArithmeticError) as error:
                raise ValueError(f"{path.name}, {cells.get('name')!r}: {error}") from error


def _line(cells: dict[str, str], position: int) -> Line:
    if cells["kind"] not in _OWN_FIELDS:
        raise ValueError(f"kind {cells['kind']!r} is none of {', '.join(_OWN_FIELDS)}")
    kind = cast("Kind", cells["kind"])
    cents = Decimal(cells["base_cost_cents"])
    mc_of_cents(cents)  # refuses what is finer than a millicent
    return Line(
        name=cells["name"],
        kind=kind,
        fields={"title": cells["title"], "position": position, **_OWN_FIELDS[kind](cells)},
        cents=cents,
        engine=cells["engine"],
        engine_options=json.loads(cells["engine_options"]),
    )


def _video_fields(cells: dict[str, str]) -> dict[str, Any]:
    return {
        **{name: int(cells[name]) for name in _NUMBERS},
        **{name: cells[name] == "1" for name in _FLAGS},
        **{name: cells[name] for name in _WORDS},
        "durations": durations(cells["durations"]),
        "surcharge": Decimal(cells["surcharge"]),
    }


def _image_fields(cells: dict[str, str]) -> dict[str, Any]:
    return {"tune_id": int(cells["tune_id"]), "branch": cells["branch"]}


def _addon_fields(cells: dict[str, str]) -> dict[str, Any]:
    targets = cells["targets"].split("|") if cells["targets"] else []
    return {"field": cells["field"], "targets": targets, "times": int(cells["times"])}


def _training_fields(cells: dict[str, str]) -> dict[str, Any]:
    by_preset = dict(part.split(":") for part in cells["steps_per_image"].split("|"))
    return {
        "model_type": cells["model_type"],
        "steps_min": int(cells["steps_min"]),
        "steps_max": int(cells["steps_max"]),
        "steps_per_image": {preset: int(steps) for preset, steps in by_preset.items()},
    }


def _storage_fields(cells: dict[str, str]) -> dict[str, Any]:
    return {"days": int(cells["days"])}


_OWN_FIELDS: dict[str, Callable[[dict[str, str]], dict[str, Any]]] = {
    "video": _video_fields,
    "image": _image_fields,
    "addon": _addon_fields,
    "training": _training_fields,
    "storage": _storage_fields,
}


def durations(text: str) -> list[int]:
    """Whole seconds: "4-12" is every one from 4 to 12, "5|10" just these."""
    if "-" in text:
        low, high = map(int, text.split("-"))
        return list(range(low, high + 1))
    return [int(part) for part in text.split("|")]
