"""A server, a web site with a picture, and programs that talk to it."""

import pytest

from accounts import keys
from tests.astria.conftest import picture, server
from tests.common.servers import answering
from tests.modelslab.http import Lab

__all__ = ["picture", "server"]

RICH_MC = 1_000_000  # $10


@pytest.fixture
def picture_url(server, receiver, picture) -> str:
    """Where a small JPEG lies on a stranger's server."""
    site = receiver(answering(200, picture, content_type="image/jpeg"))
    return site.url("/photo.jpg")


@pytest.fixture
def lab_of(picture_url):
    """`lab_of(user)`: their program."""

    def make(user, **options) -> Lab:
        _, text = keys.issue(user=user, workspace=user.personal_workspace, name="test", **options)
        return Lab(text, picture=picture_url)

    return make


@pytest.fixture
def lab(lab_of, alice, rich) -> Lab:
    """Alice's program; she has $10."""
    return lab_of(rich(alice, RICH_MC))


@pytest.fixture
def poor_lab(lab_of, bob) -> Lab:
    """Bob's program; he never paid in."""
    return lab_of(bob)
