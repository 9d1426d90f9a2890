"""From a request's headers to a `Caller` (D28)."""

import pytest
from django.test import RequestFactory

from accounts import authentication, keys
from accounts.authentication import require_scope
from accounts.models import Caller, Membership, Workspace
from common.errors import Forbidden, NotFound, Unauthenticated


@pytest.fixture
def key_of():
    def make(user, **fields):
        return keys.issue(**({"user": user, "workspace": user.personal_workspace, "name": "laptop"} | fields))

    return make


def caller(authorization=None, *, scheme="Bearer", **headers):
    if authorization is not None:
        headers["authorization"] = authorization
    request = RequestFactory().get("/tunes", headers=headers, secure=True, HTTP_HOST="studio.example")
    return authentication.caller_of(request, scheme=scheme, dialect="astria")


def team_of(*users, **fields):
    team = Workspace.objects.create(title="team", **fields)
    for user in users:
        Membership.objects.create(user=user, workspace=team)
    return team


def test_a_key_makes_a_caller(alice, key_of):
    row, text = key_of(alice, scopes=["prompts:read"])

    assert caller(f"Bearer {text}") == Caller(
        workspace_id=alice.personal_workspace.pk,
        payer_id=alice.personal_workspace.pk,
        user_id=alice.pk,
        key_id=row.pk,
        personal=True,
        origin="https://studio.example",
        dialect="astria",
        scopes=frozenset({"prompts:read"}),
    )


@pytest.mark.parametrize("written", ["Bearer {}", "bearer {}", "BEARER {}", "Bearer   {} "])
def test_the_scheme_may_be_written_in_any_case(alice, key_of, written):
    _, text = key_of(alice)

    assert caller(written.format(text)).user_id == alice.pk


@pytest.mark.parametrize("written", [None, "", "Bearer", "Bearer ", "{}", "Key {}", "Basic {}", "Bearer x{}"])
def test_anything_else_is_no_key(alice, key_of, written):
    _, text = key_of(alice)

    with pytest.raises(Unauthenticated):
        caller(None if written is None else written.format(text))


def test_another_dialects_scheme_works_there(alice, key_of):
    _, text = key_of(alice)

    assert caller(f"Key {text}", scheme="Key").user_id == alice.pk
    with pytest.raises(Unauthenticated):
        caller(f"Bearer {text}", scheme="Key")


def test_a_key_in_the_address_is_no_key(alice, key_of):
    _, text = key_of(alice)
    request = RequestFactory().get("/tunes", {"api_key": text, "Authorization": f"Bearer {text}"})

    with pytest.raises(Unauthenticated):
        authentication.caller_of(request, scheme="Bearer", dialect="astria")


# --- X-Workspace-Id


def test_the_header_chooses_another_of_the_users_workspaces(alice, key_of):
    team = team_of(alice)
    _, text = key_of(alice)

    moved = caller(f"Bearer {text}", x_workspace_id=str(team.pk))

    assert (moved.workspace_id, moved.payer_id, moved.personal) == (team.pk, team.pk, False)
    assert moved.user_id == alice.pk


def test_the_payer_is_that_of_the_chosen_workspace(alice, bob, key_of):
    team = team_of(alice, payer=bob.personal_workspace)
    _, text = key_of(alice)

    moved = caller(f"Bearer {text}", x_workspace_id=str(team.pk))

    assert (moved.workspace_id, moved.payer_id) == (team.pk, bob.personal_workspace.pk)


def test_the_keys_own_workspace_may_be_named(alice, key_of):
    _, text = key_of(alice, pinned=True)

    assert caller(f"Bearer {text}", x_workspace_id=str(alice.personal_workspace.pk)).personal is True
    assert caller(f"Bearer {text}", x_workspace_id="").personal is True


def test_a_team_key_can_go_home(alice, key_of):
    team = team_of(alice)
    _, text = key_of(alice, workspace=team)
    home = alice.personal_workspace.pk

    assert caller(f"Bearer {text}").workspace_id == team.pk
    moved = caller(f"Bearer {text}", x_workspace_id=str(home))
    assert (moved.workspace_id, moved.payer_id, moved.personal) == (home, home, True)


def test_a_pinned_key_stays_where_it_is(alice, key_of):
    team = team_of(alice)
    _, text = key_of(alice, pinned=True)

    with pytest.raises(NotFound):
        caller(f"Bearer {text}", x_workspace_id=str(team.pk))


def test_a_strangers_workspace_looks_like_none(alice, bob, key_of):
    _, text = key_of(alice)

    for wanted in (str(bob.personal_workspace.pk), "999999999"):
        with pytest.raises(NotFound):
            caller(f"Bearer {text}", x_workspace_id=wanted)


@pytest.mark.parametrize("wanted", ["ALL", "-1", "1.0", "0x1", "9" * 19, "1 OR 1=1"])
def test_what_is_no_number_is_not_found(alice, key_of, wanted):
    _, text = key_of(alice)

    with pytest.raises(NotFound):
        caller(f"Bearer {text}", x_workspace_id=wanted)


# --- scopes


def test_a_key_without_scopes_may_do_everything(alice, caller_of):
    for scope in keys.SCOPES:
        require_scope(caller_of(alice), scope)


def test_a_key_with_scopes_may_do_only_those(alice, caller_of):
    reader = caller_of(alice, scopes=frozenset({"prompts:read"}))

    require_scope(reader, "prompts:read")
    with pytest.raises(Forbidden, match=r"This key lacks the scope prompts:write\."):
        require_scope(reader, "prompts:write")
