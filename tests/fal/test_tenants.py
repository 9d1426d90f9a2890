"""Every route of fal's, tried by those whom it is not for: a new one without a row fails here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import get_resolver
from django.utils import timezone

from accounts import keys
from accounts.models import ApiKey, Membership, Workspace
from common.http_api import ApiView, SpendingPost
from prompts.models import Prompt
from tests.astria.http import nothing_moves
from tests.fal.conftest import WAN, Fal, fal_of

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Row:
    """`path` names a request of Alice's ({id}); `stranger`: what somebody else hears. None: anybody may, by design."""

    method: str
    path: str
    stranger: int | None = 404


REQUEST = f"/fal/queue/{WAN}/requests/{{id}}"
ROWS = {
    "fal-status": Row("get", f"{REQUEST}/status"),
    "fal-status-stream": Row("get", f"{REQUEST}/status/stream"),
    "fal-result": Row("get", REQUEST),
    "fal-cancel": Row("put", f"{REQUEST}/cancel"),
    "fal-own-part": Row("put", "/fal/files/{file}/a/multipart/{slot}/1"),
    "fal-own-complete": Row("post", "/fal/files/{file}/a/multipart/{slot}/complete"),
    # Of whoever asks.
    "fal-submit": Row("post", f"/fal/queue/{WAN}", 422),
    "fal-run": Row("post", f"/fal/run/{WAN}", 422),
    "fal-run-stream": Row("post", f"/fal/run/{WAN}/stream", 422),
    "fal-storage-token": Row("post", "/fal/storage/auth/token", 200),
    "fal-initiate": Row("post", "/fal/storage/upload/initiate", 200),
    "fal-initiate-parts": Row("post", "/fal/storage/upload/initiate-multipart", 200),
    "fal-upload": Row("post", "/fal/files/upload", 200),
    "fal-begin-parts": Row("post", "/fal/files/upload/multipart", 200),
}
# The address itself is the key; or it is for everybody.
KEYLESS = {"fal-put", "fal-put-part", "fal-complete", "fal-file", "fal-jwks", "fal-openapi", "fal-llms", "fal-nothing"}
FREE_POSTS = {
    "fal-storage-token", "fal-initiate", "fal-initiate-parts", "fal-upload", "fal-begin-parts", "fal-complete",
    "fal-own-complete", "fal-nothing",
}  # fmt: skip


def routes() -> dict[str, type[ApiView]]:
    found = get_resolver().url_patterns
    every = [route for part in found for route in getattr(part, "url_patterns", [part])]
    views = {str(route.name): getattr(route.callback, "cls", None) for route in every}
    return {name: view for name, view in views.items() if name.startswith("fal-") and view}


@pytest.fixture
def hers(fal, words) -> dict[str, Any]:
    """Alice's request, and an upload of hers that is not finished."""
    made = fal.submitted(**words)
    begun = fal.send("POST", "/fal/files/upload/multipart", b"{}").json()
    return {"id": made["request_id"], "slot": begun["uploadId"], "file": begun["access_url"].split("/")[-2]}


def call(program: Fal, name: str, hers: dict[str, Any]):
    row = ROWS[name]
    body = b"x" if name in ("fal-upload", "fal-own-part") else {}
    return program.send(row.method.upper(), row.path.format(**hers), body)


def test_every_route_has_a_row():
    assert set(ROWS) | KEYLESS == set(routes())


def test_every_post_spends_through_the_one_view_or_is_free():
    posts = {name for name, view in routes().items() if hasattr(view, "post")}

    assert posts - {name for name, view in routes().items() if issubclass(view, SpendingPost)} == FREE_POSTS


@pytest.mark.parametrize("name", ROWS)
def test_nobody_without_a_key(hers, name):
    with nothing_moves():
        assert call(Fal(None), name, hers).status_code == 401


@pytest.mark.parametrize("name", ROWS)
def test_nobody_with_a_revoked_key(hers, bob, name):
    program = fal_of(bob)
    keys.revoke(key=ApiKey.objects.get(user=bob), now=timezone.now())

    with nothing_moves():
        assert call(program, name, hers).status_code == 401


@pytest.mark.parametrize("is_staff", [False, True])
@pytest.mark.parametrize("name", ROWS)
def test_no_stranger(hers, bob, rich, name, is_staff):
    bob.is_staff = bob.is_superuser = is_staff
    bob.save()
    stranger = fal_of(rich(bob, 100_000))

    answer = call(stranger, name, hers)

    assert answer.status_code == ROWS[name].stranger
    assert hers["id"].encode() not in answer.content


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if "{id}" in row.path])
def test_what_is_hers_and_what_never_was_look_alike(hers, bob, rich, name):
    stranger = fal_of(rich(bob, 100_000))
    nothing = hers | {"id": "8f5e2f0e-0000-4000-8000-000000000000"}

    foreign, missing = call(stranger, name, hers), call(stranger, name, nothing)

    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)


def test_a_deleted_request_is_gone(fal, words):
    made = fal.submitted(**words)
    Prompt.objects.update(deleted_at=timezone.now())

    assert fal.of(made["request_id"], "/status").status_code == 404


def test_in_a_shared_workspace_members_see_it(fal, words, alice, bob):
    team = Workspace.objects.create(title="team", payer=alice.personal_workspace)
    Membership.objects.create(workspace=team, user=alice, role="owner")
    Membership.objects.create(workspace=team, user=bob)
    there = {"X_Workspace_Id": str(team.pk)}
    made = fal.send("POST", f"/fal/queue/{WAN}", words, **there).json()
    path = f"/fal/queue/{WAN}/requests/{made['request_id']}/status"

    assert fal_of(bob).send("GET", path, **there).status_code == 202
    assert fal_of(bob).get(path).status_code == 404
