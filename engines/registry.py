"""Names of engines and where their classes live; a class is loaded when first asked for: a web process stays light."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from engines.base import Engine

_table: dict[str, str] = {}


def configure(table: Mapping[str, str]) -> None:
    """Set which engines there are: name → dotted path of a class that is made without arguments."""
    _table.clear()
    _table.update(table)
    get.cache_clear()


def names() -> tuple[str, ...]:
    return tuple(_table)


@cache
def get(name: str) -> Engine:
    """The engine of that name, made once a process.

    :raises KeyError: no such engine is configured
    """
    module, _, attribute = _table[name].rpartition(".")
    engine: Engine = getattr(import_module(module), attribute)()
    return engine
