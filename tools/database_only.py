"""A pytest plugin: keeps the tests that touch a database. The others gave their answer on SQLite."""

from __future__ import annotations

import pytest

FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"}
MARKS = ("django_db", "process")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    dropped = [item for item in items if not _touches(item)]
    items[:] = [item for item in items if _touches(item)]
    config.hook.pytest_deselected(items=dropped)


def _touches(item: pytest.Item) -> bool:
    fixtures = FIXTURES & set(getattr(item, "fixturenames", ()))
    return bool(fixtures) or any(item.get_closest_marker(mark) for mark in MARKS)
