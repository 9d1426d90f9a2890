"""Who may ask: bearer keys, their scopes, and the workspace header."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts import keys
from accounts.models import ApiKey, Membership, Workspace
from prompts.models import Prompt
from tests.astria.http import FLUX_PROMPTS, Api, api_of, balance_of, nothing_moves

DENIED = b"HTTP Token: Access denied.\n"


def denied(answer) -> bool:
    return (answer.status_code, answer.content, answer["Content-Type"]) == (401, DENIED, "text/plain; charset=utf-8")


def other_than(text: str) -> str:
    return text[:-1] + ("a" if text[-1] != "a" else "b")


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Bearer nonsense", "Bearer sd_", "Token {}", "Basic {}", "{}", "Bearer {} {}"],
)
def test_without_a_good_key_access_is_denied_in_plain_text(api, header):
    headers = {} if header is None else {"Authorization": header.format(api.key, api.key)}

    assert denied(api.client.get("/prompts", headers=headers))


def test_a_mistyped_key_is_denied_without_a_query(api, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert denied(Api(other_than(api.key)).get("/prompts"))


def test_a_well_formed_key_that_was_never_issued_is_denied(server):
    assert denied(Api(keys._new_text()).get("/prompts"))


def test_the_scheme_is_read_in_any_case(api):
    assert api.client.get("/prompts", headers={"Authorization": f"bearer {api.key}"}).status_code == 200


def test_a_key_in_the_query_or_a_cookie_counts_for_nothing(api):
    api.client.cookies["Authorization"] = f"Bearer {api.key}"

    assert denied(api.client.get(f"/prompts?api_key={api.key}&key={api.key}"))


def test_a_revoked_key_is_denied_at_once(api):
    api.get("/prompts")
    keys.revoke(key=ApiKey.objects.get(), now=timezone.now())

    assert denied(api.get("/prompts"))


def test_an_expired_key_is_denied(server, alice):
    key = api_of(alice, expires_at=timezone.now() + timezone.timedelta(seconds=0))

    assert denied(key.get("/prompts"))


def test_a_user_who_was_switched_off_is_denied(api, alice):
    alice.is_active = False
    alice.save()

    assert denied(api.get("/prompts"))


def test_nothing_is_made_without_a_key(server):
    with nothing_moves():
        assert denied(Api().create(text="a fox"))


# --- scopes ---------------------------------------------------------------------------------------------------------

NEEDED = {
    ("get", "/prompts"): "prompts:read",
    ("get", FLUX_PROMPTS): "prompts:read",
    ("get", "/prompts/1"): "prompts:read",
    ("post", f"{FLUX_PROMPTS}/quote"): "prompts:read",
    ("post", FLUX_PROMPTS): "prompts:write",
    ("post", "/prompts"): "prompts:write",
    ("delete", "/prompts/1"): "prompts:write",
    ("get", "/tunes"): "tunes:read",
    ("get", "/tunes/1504944"): "tunes:read",
}


@pytest.mark.parametrize(("method", "path"), NEEDED)
def test_a_key_made_for_less_is_told_which_scope_it_lacks(server, alice, rich, method, path):
    needed = NEEDED[method, path]
    lacking = api_of(rich(alice, 10_000), scopes=tuple(sorted(set(keys.SCOPES) - {needed})))

    with nothing_moves():
        answer = lacking.send(method, path, {"prompt[text]": "a fox"} if method == "post" else None)

    assert answer.status_code == 403
    assert answer.json() == {"status": 403, "error": "Forbidden", "message": f"This key lacks the scope {needed}."}


@pytest.mark.parametrize(("method", "path"), NEEDED)
def test_the_scope_alone_is_enough(server, alice, rich, method, path):
    just = api_of(rich(alice, 10_000), scopes=(NEEDED[method, path],))

    answer = just.send(method, path, {"prompt[text]": "a fox"} if method == "post" else None)

    assert answer.status_code in (200, 201, 404, 422)


# --- workspaces -----------------------------------------------------------------------------------------------------


@pytest.fixture
def team(alice, bob) -> Workspace:
    """Alice's and Bob's; it pays for itself."""
    workspace = Workspace.objects.create(title="team")
    for user in (alice, bob):
        Membership.objects.create(user=user, workspace=workspace)
    return workspace


def scoped(workspace_id) -> dict[str, str]:
    return {"X-Workspace-Id": str(workspace_id)}


def test_the_header_chooses_another_workspace_of_ones_own(api, alice, team):
    team.payer = alice.personal_workspace
    team.save()

    made = api.create(text="a fox", headers=scoped(team.pk)).json()

    assert made["workspace_id"] == team.pk
    assert [each["id"] for each in api.send("get", "/prompts", headers=scoped(team.pk)).json()] == [made["id"]]
    assert api.get("/prompts").json() == []
    assert api.get(f"/prompts/{made['id']}").status_code == 404


def test_its_payer_pays(api, alice, bob, team, rich):
    team.payer = rich(bob, 10_000).personal_workspace
    team.save()
    before = balance_of(alice)

    api.create(text="a fox", headers=scoped(team.pk))

    assert (balance_of(alice), balance_of(bob)) == (before, 10_000 - 2_875)


def test_members_share_what_is_made_there(api, alice, bob, team):
    team.payer = alice.personal_workspace
    team.save()

    made = api.create(text="a fox", headers=scoped(team.pk)).json()

    seen = api_of(bob).send("get", f"/prompts/{made['id']}", headers=scoped(team.pk))
    assert seen.json()["id"] == made["id"]


@pytest.mark.parametrize("wanted", ["999999", "x", "-1", "9" * 30, "1.0", "null"])
def test_a_workspace_that_is_not_ones_own_is_not_found(api, wanted):
    with nothing_moves():
        answer = api.create(text="a fox", headers=scoped(wanted))

    assert (answer.status_code, answer.json()) == (404, {"status": 404, "error": "Not Found"})


def test_somebody_elses_workspace_looks_like_none(api, bob):
    foreign = api.create(text="a fox", headers=scoped(bob.personal_workspace.pk))
    missing = api.create(text="a fox", headers=scoped(999_999))

    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


def test_a_former_member_is_out(server, alice, rich, team):
    program = api_of(rich(alice, 10_000))
    Membership.objects.filter(user=alice, workspace=team).delete()

    assert program.send("get", "/prompts", headers=scoped(team.pk)).status_code == 404


def test_a_pinned_key_can_not_leave_its_workspace(server, alice, team):
    pinned = api_of(alice, workspace=team, pinned=True)

    assert pinned.send("get", "/prompts", headers=scoped(team.pk)).status_code == 200
    assert pinned.send("get", "/prompts", headers=scoped(alice.personal_workspace.pk)).status_code == 404


@pytest.mark.parametrize("wanted", ["", None])
def test_an_empty_header_is_no_header(api, wanted):
    answer = api.create(text="a fox", headers={} if wanted is None else scoped(wanted))

    assert answer.json()["workspace_id"] is None


def test_the_workspace_of_the_answer_is_where_the_prompt_is(api, alice):
    api.made(text="a fox")

    assert Prompt.objects.get().workspace_id == alice.personal_workspace.pk


def test_the_body_chooses_a_workspace_too_over_the_header(api, alice, bob, team, rich):
    team.payer = rich(bob, 10_000).personal_workspace
    team.save()
    before, home = balance_of(alice), scoped(alice.personal_workspace.pk)

    quoted = api.quote(text="a fox", workspace_id=team.pk).json()
    made = api.create(text="a fox", workspace_id=team.pk, headers=home).json()

    assert quoted["balance_mc"] == 10_000
    assert made["workspace_id"] == team.pk
    assert (balance_of(alice), balance_of(bob)) == (before, 10_000 - 2_875)
    assert api.create(text="a fox", workspace_id="").json()["workspace_id"] is None


def test_the_body_may_name_none_but_ones_own(api, alice, bob, team):
    pinned = api_of(alice, pinned=True)

    with nothing_moves():
        answers = [
            api.create(text="a fox", workspace_id=bob.personal_workspace.pk),
            api.quote(text="a fox", workspace_id=999_999),
            pinned.create(text="a fox", workspace_id=team.pk),
        ]
        no_number = api.create(text="a fox", workspace_id="all")

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert (no_number.status_code, no_number.json()) == (422, {"workspace_id": ["is not a number"]})


def test_a_key_of_idempotency_belongs_to_the_workspace_that_the_body_names(api, alice, team):
    team.payer = alice.personal_workspace
    team.save()
    key = {"Idempotency-Key": "order-9"}

    first = api.create(text="a fox", headers=key)
    second = api.create(text="a fox", workspace_id=team.pk, headers=key)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] != second.json()["id"]
