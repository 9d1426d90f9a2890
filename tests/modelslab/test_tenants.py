"""Every route of the dialect against {no key, a revoked key, a stranger, a member}, generated from the URL map (R41).

A new route without a row here fails.
"""

from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import timezone

from accounts import keys, people
from accounts.models import ApiKey, Membership, Workspace
from billing import ledger
from common.http_api import SpendingPost
from prompts.models import Prompt
from tests.astria.http import balance_of, nothing_moves
from tests.astria.test_tenants import METHODS, PIXELS, routes
from tests.modelslab.http import Lab

ASK = {"model_id": "svd", "prompt": "pan left", "init_image": PIXELS}
NOT_FOUND = b'"status": "failed", "id": ""'
# POSTs that are not built on the view for spending, because they keep and charge nothing.
FREE_POSTS = {"modelslab-fetch", "modelslab-fetch-by-body", "modelslab-request-count", "modelslab-wallet-balance"}


@dataclass(frozen=True)
class Row:
    """How a route is called with what is Alice's: {prompt} is her clip, {file} the address of her picture."""

    path: str
    body: dict[str, Any]
    hers: bytes = b"processing"  # what stands in her answer, and in a member's
    stranger: int = 200
    tells: bytes = b""  # what stands in a stranger's answer


ROWS = {
    "modelslab-img2video": Row(
        "v6/video/img2video", ASK | {"init_image": "{file}"}, stranger=400, tells=b"init_image can't be fetched"
    ),
    "modelslab-img2video-ultra": Row(
        "v6/video/img2video_ultra", ASK | {"init_image": "{file}"}, stranger=400, tells=b"init_image can't be fetched"
    ),
    "modelslab-text2video": Row("v6/video/text2video", ASK, tells=b"processing"),
    "modelslab-text2video-ultra": Row("v6/video/text2video_ultra", ASK, tells=b"processing"),
    "modelslab-fetch": Row("v6/video/fetch/{prompt}", {}, tells=NOT_FOUND),
    "modelslab-fetch-by-body": Row("v6/video/fetch", {"request_id": "{prompt}"}, tells=NOT_FOUND),
    "modelslab-base64-to-url": Row("v6/base64_to_url", {"init_obj": PIXELS}, hers=b"success", tells=b"success"),
    "modelslab-request-count": Row("v6/processing/request_count", {}, b'"processing_count": 1', tells=b'count": 0'),
    "modelslab-wallet-balance": Row("wallet_balance", {}, b'"balance": 0.94', tells=b'"balance": 0.5'),
}


def views():
    found = {str(route.name): getattr(route.callback, "cls", None) for route in routes()}
    return {name: view for name, view in found.items() if name.startswith("modelslab-") and name != "modelslab-nothing"}


@pytest.fixture
def team(alice):
    workspace = Workspace.objects.create(title="team")
    Membership.objects.create(workspace=workspace, user=alice)
    return workspace


@pytest.fixture
def hers(server, alice, team, rich):
    """Alice's program in a workspace that she shares, and her clip in it."""
    ledger.grant(workspace_id=team.pk, amount_mc=100_000, reason="test", actor="test", now=timezone.now())
    lab = Lab(keys.issue(user=alice, workspace=team, name="alice")[1])
    made = lab.send("/api/v6/video/text2video", ASK).json()
    sent = lab.send("/api/v6/base64_to_url", {"init_obj": PIXELS})
    assert sent.status_code == 200, sent.content
    (file,) = sent.json()["output"]
    return {"lab": lab, "prompt": made["id"], "file": file}


def call(lab, name, hers):
    row = ROWS[name]
    body = {field: str(value).format(**hers) if "{" in str(value) else value for field, value in row.body.items()}
    return lab.send(f"/api/{row.path.format(**hers)}", body)


def test_every_route_has_a_row_and_answers_to_post_alone():
    assert set(ROWS) == set(views())
    assert {name: [m for m in METHODS if hasattr(view, m)] for name, view in views().items()} == {
        name: ["post"] for name in ROWS
    }


def test_every_post_spends_through_the_one_view_or_is_free():
    assert {name for name, view in views().items() if not issubclass(view, SpendingPost)} == FREE_POSTS


@pytest.mark.once  # which database holds it makes no difference
@pytest.mark.parametrize("name", ROWS)
def test_nobody_without_a_key(hers, name):
    with nothing_moves():
        answer = call(Lab(None), name, hers)

    assert (answer.status_code, answer.json()["message"]) == (401, "API key required")


@pytest.mark.once  # which database holds it makes no difference
@pytest.mark.parametrize("name", ROWS)
def test_no_revoked_key(hers, name):
    keys.revoke(key=ApiKey.objects.get(), now=timezone.now())

    with nothing_moves():
        answer = call(hers["lab"], name, hers)

    assert (answer.status_code, answer.json()["message"]) == (401, "Invalid API key")


@pytest.mark.parametrize("is_staff", [False, True])
@pytest.mark.parametrize("name", ROWS)
def test_no_stranger(hers, bob, rich, team, name, is_staff):
    bob.is_staff = bob.is_superuser = is_staff
    bob.save()
    stranger = Lab(keys.issue(user=rich(bob, 50_000), workspace=bob.personal_workspace, name="bob")[1])
    before = Prompt.objects.filter(workspace=team).values().get()

    answer = call(stranger, name, hers)

    assert answer.status_code == ROWS[name].stranger
    assert ROWS[name].tells in answer.content
    assert Prompt.objects.filter(workspace=team).values().get() == before


@pytest.mark.parametrize("name", ["modelslab-fetch", "modelslab-fetch-by-body"])
def test_what_is_hers_and_what_never_was_look_alike(hers, bob, name):
    stranger = Lab(keys.issue(user=bob, workspace=bob.personal_workspace, name="bob")[1])

    foreign, missing = call(stranger, name, hers), call(stranger, name, hers | {"prompt": hers["prompt"] + 1})

    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)
    assert foreign.headers == missing.headers


@pytest.mark.parametrize("name", ROWS)
def test_but_she_herself_and_who_shares_it(hers, team, bob, name):
    member = people.create_user(email="member@example.com", password=None)
    Membership.objects.create(workspace=team, user=member)
    his = Lab(keys.issue(user=member, workspace=team, name="his")[1])

    for lab in (hers["lab"], his):
        answer = call(lab, name, hers)
        assert answer.status_code == 200
        if name not in ("modelslab-request-count", "modelslab-wallet-balance") or lab is hers["lab"]:
            assert ROWS[name].hers in answer.content
    assert balance_of(bob) == 0
