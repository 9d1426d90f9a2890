"""One installation that runs for the whole folder; and one a module, whose programs its tests start and kill."""

from collections.abc import Iterator

import pytest

from tests.process.house import House
from tests.stack import Stack, installation


@pytest.fixture(scope="session")
def live(tmp_path_factory) -> Iterator[House]:
    """Everything runs, under the supervisor."""
    folder = tmp_path_factory.mktemp("live")
    with installation(folder) as env:
        house = House(env=env, folder=folder)
        try:
            house.supervise()
            yield house
        finally:
            house.kill_all()


@pytest.fixture(scope="module")
def _set_up(tmp_path_factory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("parts")
    with installation(folder) as env:
        house = House(env=env, folder=folder)
        done = house.manage("setup")
        assert done.returncode == 0, done.stderr
        yield house


@pytest.fixture
def parts(_set_up) -> Iterator[House]:
    """Nothing runs; whatever the test starts is gone after it."""
    try:
        yield _set_up
    finally:
        _set_up.kill_all()


@pytest.fixture
def stack(parts) -> Stack:
    """Everything runs, freshly started, for a test that takes it down."""
    return parts.supervise()
