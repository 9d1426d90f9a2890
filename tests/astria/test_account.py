"""The key's own account, and the workspaces that people share."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as real_settings
from django.test import Client
from django.utils import timezone

from accounts import keys, people
from accounts.models import Membership, Workspace
from astria_clone import reactions
from common.jobs.models import Outbox
from engines import registry
from prompts import books
from prompts.models import Prompt
from tests.astria.http import FLUX, FLUX_PROMPTS, Api, api_of, balance_of, status_of
from tests.astria.test_references import own_tune
from tunes import expiry


@pytest.fixture
def team(api):
    answer = api.post("/workspaces.json", json={"workspace": {"title": "Studio", "slug": "studio", "brief": "Shoes"}})
    assert answer.status_code == 201, answer.content
    return answer.json()


def inside(api, team, method, path, body=None, **options):
    return api.send(method, path, body, headers={"X-Workspace-Id": str(team["id"])}, **options)


# --- /users ---------------------------------------------------------------------------------------------------------


def test_an_account_is_one_object(api, alice):
    got = api.get("/users").json()

    assert got == {
        "id": alice.pk, "name": "Alice", "email": "alice@example.com", "usd_balance_mc": 60_000_000,
        "purchased_plugin_at": None, "auto_extend_tunes": False, "collapse_duplicates": False, "top_off_amount": None,
        "payer": {"id": alice.personal_workspace.pk, "name": "Alice", "self": True, "usd_balance_mc": 60_000_000},
    }  # fmt: skip


def test_name_and_switches_may_change_and_nothing_else(api, alice):
    answer = api.send("patch", "/users", json={"user": {
        "name": "A.", "auto_extend_tunes": True, "email": "x@example.com", "usd_balance_mc": 10**9, "is_staff": True,
    }})  # fmt: skip

    assert answer.status_code == 200
    alice.refresh_from_db()
    assert (alice.name, alice.auto_extend_tunes, alice.email, alice.is_staff) == (
        "A.",
        True,
        "alice@example.com",
        False,
    )
    assert api.get("/users").json()["usd_balance_mc"] == 60_000_000


def test_in_a_workspace_its_payer_is_told(api, team, bob, rich, alice):
    Membership.objects.create(user=bob, workspace_id=team["id"])
    guest = api_of(rich(bob, 5_000))

    payer = inside(guest, team, "get", "/users").json()["payer"]

    assert payer == {"id": alice.personal_workspace.pk, "name": "Alice", "self": False, "usd_balance_mc": 60_000_000}


def test_a_key_without_the_scope_changes_nothing(alice):
    _, text = keys.issue(user=alice, workspace=alice.personal_workspace, name="read", scopes=["account:read"])

    assert Api(text).get("/users").status_code == 200
    assert Api(text).send("patch", "/users", json={"user": {"name": "x"}}).status_code == 403


# --- /workspaces ----------------------------------------------------------------------------------------------------


def test_a_new_workspace_is_paid_from_its_makers_wallet(api, team, alice):
    made = inside(api, team, "post", FLUX_PROMPTS, {"prompt[text]": "a fox"}).json()

    assert team["payer_id"] == alice.personal_workspace.pk
    assert made["workspace_id"] == team["id"]
    assert balance_of(alice) == 60_000_000 - made["cost_mc"]
    assert [each["id"] for each in api.get("/workspaces.json").json()] == [team["id"]]
    assert api.get(f"/workspaces/{team['id']}.json").json() == team


def test_it_changes_by_what_is_sent(api, team):
    changed = api.send("patch", f"/workspaces/{team['id']}.json", json={"workspace": {
        "title": "Other", "landing_page_html": "<h1>Hi</h1>", "public": True,
    }}).json()  # fmt: skip

    assert (changed["title"], changed["brief"], changed["landing_page_html"]) == ("Other", "Shoes", "<h1>Hi</h1>")
    assert changed["public_at"] is not None


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"title": " "}, {"title": ["can't be blank"]}),
        ({"slug": "No Slug"}, {"slug": ["only lower case letters, numbers and hyphens allowed"]}),
        ({"favicon_url": "javascript:x"}, {"favicon_url": ["is not an https URL"]}),
        ({"payer_id": 999}, {"payer_id": ["is not a wallet that you own"]}),
        ({"title": "x" * 121}, {"title": ["is too long (at most 120 characters)"]}),
    ],
)
def test_what_is_wrong_is_named(api, team, fields, errors):
    assert api.send("patch", f"/workspaces/{team['id']}", json={"workspace": fields}).json() == errors


def test_a_slug_is_taken_once(api, team):
    answer = api.post("/workspaces", json={"workspace": {"title": "x", "slug": "studio"}})

    assert answer.json() == {"slug": ["has already been taken"]}


def test_nobody_makes_a_strangers_wallet_pay(api, bob):
    answer = api.post("/workspaces", json={"workspace": {"title": "x", "payer_id": bob.personal_workspace.pk}})

    assert answer.json() == {"payer_id": ["is not a wallet that you own"]}
    assert not Workspace.objects.filter(title="x").exists()


# --- members --------------------------------------------------------------------------------------------------------


def test_members_come_by_their_address_and_go(api, team, bob):
    path = f"/workspaces/{team['id']}/members"

    joined = api.post(path, json={"member": {"email": "BOB@example.com"}})

    assert joined.status_code == 201
    assert [each["role"] for each in api.get(path).json()] == ["owner", "member"]
    assert inside(api_of(bob), team, "get", "/prompts").status_code == 200
    assert api.delete(f"{path}/{bob.pk}").status_code == 204
    assert inside(api_of(bob), team, "get", "/prompts").status_code == 404


def test_members_who_are_no_owners_change_nothing_but_may_leave(api, team, bob):
    path = f"/workspaces/{team['id']}/members"
    api.post(path, json={"member": {"email": "bob@example.com"}})
    guest = api_of(bob)
    owner = api.get(path).json()[0]["user_id"]

    assert guest.send("patch", f"/workspaces/{team['id']}", json={"workspace": {"title": "his"}}).status_code == 403
    assert guest.post(path, json={"member": {"email": "bob@example.com", "role": "owner"}}).status_code == 403
    assert guest.delete(f"{path}/{owner}").status_code == 403
    assert guest.delete(f"/workspaces/{team['id']}").status_code == 403
    assert guest.delete(f"{path}/{bob.pk}").status_code == 204


def test_the_last_owner_stays(api, team, alice):
    path = f"/workspaces/{team['id']}/members"

    assert api.delete(f"{path}/{alice.pk}").json() == {"base": ["a workspace needs an owner"]}
    demoted = api.post(path, json={"member": {"email": "alice@example.com", "role": "member"}})
    assert demoted.json() == {"base": ["a workspace needs an owner"]}


def test_strangers_and_unknown_roles_are_refused(api, team):
    path = f"/workspaces/{team['id']}/members"
    people.create_user(email="carol@example.com", password=None)

    nobody = api.post(path, json={"member": {"email": "nobody@example.com"}})
    king = api.post(path, json={"member": {"email": "carol@example.com", "role": "king"}})

    assert nobody.json() == {"email": ["is nobody who has an account here"]}
    assert king.json() == {"role": ["must be one of owner, member"]}


def test_a_deleted_workspace_is_gone_and_its_books_stay(api, team, alice):
    made = inside(api, team, "post", FLUX_PROMPTS, {"prompt[text]": "a fox"}).json()

    assert api.delete(f"/workspaces/{team['id']}").status_code == 204
    assert api.get(f"/workspaces/{team['id']}").status_code == 404
    assert inside(api, team, "get", "/prompts").status_code == 404
    assert balance_of(alice) == 60_000_000 - made["cost_mc"]


@pytest.mark.parametrize("how", ["removed", "demoted"])
def test_nobody_pays_for_a_workspace_that_they_no_longer_own(api, team, alice, bob, how):
    path = f"/workspaces/{team['id']}/members"
    api.post(path, json={"member": {"email": "bob@example.com", "role": "owner"}})
    before = balance_of(alice)

    if how == "removed":
        assert api_of(bob).delete(f"{path}/{alice.pk}").status_code == 204
    else:
        api_of(bob).post(path, json={"member": {"email": "alice@example.com", "role": "member"}})
    keys.forget_all()
    refused = inside(api_of(bob), team, "post", FLUX_PROMPTS, {"prompt[text]": "a fox"})

    assert refused.json() == {"base": ["Not enough balance. Add funds to continue."]}
    assert balance_of(alice) == before


def test_a_paying_owner_beside_another_goes_on_paying(api, team, alice, bob):
    path = f"/workspaces/{team['id']}/members"
    api.post(path, json={"member": {"email": "bob@example.com", "role": "owner"}})

    api.delete(f"{path}/{bob.pk}")

    assert inside(api, team, "post", FLUX_PROMPTS, {"prompt[text]": "a fox"}).status_code == 201


@pytest.fixture
def engine():
    registry.configure({"motion": "tests.prompts.engines.Obedient"})
    yield
    registry.configure(real_settings.ENGINES)


@pytest.mark.usefixtures("engine")
def test_with_a_workspace_everything_in_it_ends(api, team, alice, run_jobs):
    workspace = Workspace.objects.get(pk=team["id"])
    shown = inside(api, team, "post", FLUX_PROMPTS, {"prompt[text]": "a fox", "prompt[community]": "true"}).json()
    run_jobs()
    before = balance_of(alice)
    inside(api, team, "post", FLUX_PROMPTS, {"prompt[text]": "a hare"})
    tune = own_tune(alice, workspace=workspace, auto_extend=True, expires_at=timezone.now())
    inside(api, team, "post", "/packs", json={"pack": {"title": "p", "base_tune_id": FLUX, "public": True}})
    (address,) = [each["images"][0] for each in Client().get("/gallery.json").json() if each["id"] == shown["id"]]

    api.delete(f"/workspaces/{team['id']}")
    assert Outbox.objects.filter(topic="workspace.closing").exists()
    reactions.workspace_closing(ref=team["id"])
    expiry.sweep(now=timezone.now() + timedelta(days=1))

    assert balance_of(alice) == before, "what was unfinished is given back, and nothing is extended"
    assert Client().get("/gallery.json").json() == []
    assert status_of(address) == 404
    assert "p" not in [pack["title"] for pack in Client().get("/gallery/packs").json()]
    tune.refresh_from_db()
    assert tune.deleted_at is not None
    assert books.faults() == []


@pytest.mark.usefixtures("engine")
def test_what_came_in_while_it_ended_ends_in_a_second_round(api, team, alice):
    before = balance_of(alice)
    api.delete(f"/workspaces/{team['id']}")
    reactions.workspace_closing(ref=team["id"])
    made = api.made(text="a fox")
    Prompt.objects.filter(pk=made["id"]).update(workspace_id=team["id"])  # by a key that a process remembered

    again = Outbox.objects.get(topic="workspace.closing")
    assert timedelta(seconds=8) < again.next_at - timezone.now() <= timedelta(seconds=10)
    with time_machine.travel(again.next_at + timedelta(seconds=1)):
        reactions.workspace_closing(ref=team["id"])

    assert balance_of(alice) == before
    assert not Outbox.objects.filter(topic="workspace.closing").exists()
