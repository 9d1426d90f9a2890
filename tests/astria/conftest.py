"""A server with its catalogue and its house's tunes, and programs that talk to it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.astria.http import Api, api_of
from tests.media.files import clip, corners
from tunes import selectors

RICH_MC = 600 * 100_000  # $600


@pytest.fixture
def server(db, settings, monkeypatch) -> None:
    """Everything that requests need. The rows are read once a test, as a server's process reads them now and then."""
    settings.CATALOGUE_TTL_S = 60
    monkeypatch.setattr(selectors, "_house_tunes", None)


@pytest.fixture
def api(server, alice, rich) -> Api:
    """Alice's program; she has $600."""
    return api_of(rich(alice, RICH_MC))


@pytest.fixture
def poor_api(server, bob) -> Api:
    """Bob's program; he never paid in."""
    return api_of(bob)


@pytest.fixture(scope="session")
def picture() -> bytes:
    """A small JPEG: red top left, green top right, blue bottom left, white bottom right."""
    file = io.BytesIO()
    corners().save(file, "JPEG", quality=92)
    return file.getvalue()


@pytest.fixture(scope="session")
def film(tmp_path_factory) -> bytes:
    """One second of a small MP4."""
    path: Path = clip(tmp_path_factory.mktemp("film") / "film.mp4")
    return path.read_bytes()
