"""Brings the file's rows into the database and never overwrites what an operator changed there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from catalogue import offers, sheet
from catalogue.models import AddOn, ImageModel, Price, Route, Row, Storage, Trainer, VideoModel

# A row's first price holds for all time before its next, so that a clock that is behind never finds a row without one.
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What a load did, by row name."""

    added: list[str]
    changed: list[str]
    priced: list[str]


@transaction.atomic
def load(*, path: Path = sheet.FILE, now: datetime | None = None) -> Loaded:
    """Follow the file wherever the stored value is still the one that was loaded last. Rows it no longer names stay.

    :raises ValueError: a line of the file can't be read; nothing was changed
    """
    done = Loaded(added=[], changed=[], priced=[])
    known = _known_rows()
    for line in sheet.read(path):
        row = known.get(line.name)
        if row is None:
            _add(line)
            done.added.append(line.name)
        else:
            _follow(row, line, now=now or datetime.now(UTC), done=done)
    offers.forget()
    return done


_MODELS: dict[str, type[VideoModel | ImageModel | AddOn | Trainer | Storage]] = {
    "video": VideoModel, "image": ImageModel, "addon": AddOn, "training": Trainer, "storage": Storage,
}  # fmt: skip


def _known_rows() -> dict[str, Row]:
    return {row.name: row for model in _MODELS.values() for row in model.objects.all()}


def _add(line: sheet.Line) -> None:
    row = _MODELS[line.kind].objects.create(name=line.name, loaded=_as_loaded(line), **line.fields)
    Price.objects.create(row=row, from_at=BEGINNING, base_cost_cents=line.cents, from_file=True)
    Route.objects.create(row=row, engine=line.engine, options=line.engine_options)


def _follow(row: Row, line: sheet.Line, *, now: datetime, done: Loaded) -> None:
    before, after = row.loaded, _as_loaded(line)
    if before == after:
        return
    changed = [name for name in line.fields if _plain(getattr(row, name)) == before.get(name) != after[name]]
    for name in changed:
        setattr(row, name, line.fields[name])
    row.loaded = after
    row.save()
    rerouted = _follow_route(row, before.get("route"), after["route"])
    if changed or rerouted:
        done.changed.append(row.name)
    if before.get("cents") != after["cents"] and _append_price(row, line.cents, now=now):
        done.priced.append(row.name)


def _follow_route(row: Row, before: Any, after: dict[str, Any]) -> bool:
    stored = [{"engine": route.engine, "options": route.options} for route in row.routes.all()]
    if before == after or stored != [before]:
        return False
    row.routes.update(**after)
    return True


def _append_price(row: Row, cents: Decimal, *, now: datetime) -> bool:
    """Add the file's new price, unless the operator has set one: then theirs goes on."""
    if row.prices.filter(from_file=False).exists():
        return False
    Price.objects.create(row=row, from_at=now, base_cost_cents=cents, from_file=True)
    return True


def _as_loaded(line: sheet.Line) -> dict[str, Any]:
    fields = {name: _plain(value) for name, value in line.fields.items()}
    return {
        **fields,
        "cents": _plain(line.cents),
        "route": {"engine": line.engine, "options": line.engine_options},
    }


def _plain(value: Any) -> Any:
    """A JSON value that is equal for equal numbers: 1.25 and 1.250 are both "1.25"."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value
