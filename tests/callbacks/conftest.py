import pytest
from django.db import transaction

from callbacks import delivery
from tests.callbacks.messages import NOW


@pytest.fixture
def message_to(alice):
    """`message_to(url)`: a message of alice's workspace to that address, recorded at NOW."""
    refs = iter(range(1, 1_000))

    def record(url: str, **changes):
        fields = {
            "workspace_id": alice.personal_workspace.pk,
            "url": url,
            "body": {"prompt": {"id": 42, "text": "ein Füchslein"}},
            "kind": "prompt",
            "ref": next(refs),
            "dialect": "astria",
            "now": NOW,
        }
        with transaction.atomic():
            return delivery.record(**(fields | changes))

    return record
