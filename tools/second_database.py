"""A pytest plugin for the run on the second database: the tests whose answer may depend on it, live servers first.

The others have their answer from the run on SQLite, which goes on beside this one.
"""

from __future__ import annotations

import pytest

FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"}


@pytest.hookimpl(trylast=True)  # pytest-django has its own order
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    dropped = [item for item in items if not _touches(item)]
    items[:] = sorted((item for item in items if _touches(item)), key=lambda item: not _is_live(item))
    config.hook.pytest_deselected(items=dropped)


def _is_live(item: pytest.Item) -> bool:
    return item.get_closest_marker("process") is not None


def _touches(item: pytest.Item) -> bool:
    if any(item.get_closest_marker(mark) for mark in ("browser", "engine", "once")):
        return False
    fixtures = FIXTURES & set(getattr(item, "fixturenames", ()))
    return bool(fixtures) or _is_live(item) or item.get_closest_marker("django_db") is not None
