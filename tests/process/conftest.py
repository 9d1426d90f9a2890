"""One installation that runs for the whole folder; and one a module, whose programs its tests start and kill."""

from collections.abc import Iterator

import pytest

from tests.process.house import House
from tests.stack import Stack, installation


@pytest.fixture(scope="session")
def _set_up(tmp_path_factory) -> Iterator[dict[str, str]]:
    """An installation that nothing has run in yet; the others are copies of it."""
    folder = tmp_path_factory.mktemp("template")
    with installation(folder) as env:
        done = House(env=env, folder=folder).manage("setup")
        assert done.returncode == 0, done.stderr
        yield env


@pytest.fixture(scope="session")
def live(_set_up, tmp_path_factory) -> Iterator[House]:
    """Everything runs, under the supervisor."""
    folder = tmp_path_factory.mktemp("live")
    with installation(folder, like=_set_up) as env:
        house = House(env=env, folder=folder)
        try:
            house.supervise()
            yield house
        finally:
            house.close()


@pytest.fixture(scope="module")
def _parts(_set_up, tmp_path_factory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("parts")
    with installation(folder, like=_set_up) as env:
        house = House(env=env, folder=folder)
        yield house
        house.close()


@pytest.fixture
def parts(_parts) -> Iterator[House]:
    """Nothing runs; whatever the test starts is gone after it."""
    try:
        yield _parts
    finally:
        _parts.kill_all()


@pytest.fixture
def stack(parts) -> Stack:
    """Everything runs, freshly started, for a test that takes it down."""
    return parts.supervise()
