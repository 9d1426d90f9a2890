import pytest

from media import store
from media.decode import Facts
from tests.astria.conftest import api, film, picture, poor_api, server

__all__ = ["api", "film", "picture", "poor_api", "server"]


@pytest.fixture
def stored_picture(alice, picture, tmp_path):
    """`stored_picture()`: one more picture of Alice's in storage."""
    path = tmp_path / "picture.jpg"
    path.write_bytes(picture)
    facts = Facts(content_type="image/jpeg", width=160, height=96)
    return lambda: store.store_input(path, workspace_id=alice.personal_workspace.pk, facts=facts)
