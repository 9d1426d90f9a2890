"""`X-Workspace-Id: all`: everything of one's own at once, to read; and what narrows the list of tunes."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts import keys
from accounts.models import Membership, Workspace
from callbacks import delivery
from tests.astria.http import FLUX, FLUX_PROMPTS, Api
from tests.astria.test_references import own_tune

ALL = {"X-Workspace-Id": "all"}


@pytest.fixture
def team(alice):
    made = Workspace.objects.create(title="team", payer=alice.personal_workspace)
    Membership.objects.create(workspace=made, user=alice, role="owner")
    return made


@pytest.fixture
def theirs(api, team):
    own = api.made(text="at home")
    there = api.send("post", FLUX_PROMPTS, {"prompt[text]": "with the team"}, headers={"X-Workspace-Id": str(team.pk)})
    return own, there.json()


def test_lists_hold_everything_of_ones_own(api, theirs, alice, team, bob):
    own_tune(alice, workspace=team, title="the team's")
    own_tune(alice, title="mine")
    own_tune(bob, title="a stranger's")

    prompts = api.send("get", "/prompts", headers=ALL).json()
    tunes = api.send("get", "/tunes", headers=ALL).json()

    assert [each["text"] for each in prompts] == ["with the team", "at home"]
    assert [each["title"] for each in tunes] == ["mine", "the team's"]


def test_one_object_is_found_wherever_it_is(api, theirs):
    _own, there = theirs

    assert api.get(f"/prompts/{there['id']}").status_code == 404
    assert api.send("get", f"/prompts/{there['id']}", headers=ALL).json()["text"] == "with the team"


def test_packs_messages_and_clips_are_found_everywhere_too(api, alice, team):
    pack = api.send("post", "/packs", json={"pack": {"title": "theirs", "base_tune_id": FLUX}},
                    headers={"X-Workspace-Id": str(team.pk)}).json()  # fmt: skip
    told = delivery.record(
        workspace_id=team.pk, url="https://example.com", body={}, kind="prompt", ref=1, dialect="astria",
        now=timezone.now(),
    )  # fmt: skip

    def there(path):
        return api.send("get", path, headers=ALL)

    assert [each["id"] for each in there("/packs").json()] == [pack["id"]]
    assert there(f"/p/{pack['id']}").status_code == 200
    assert [each["id"] for each in there("/callbacks").json()] == [told.pk]
    assert there(f"/callbacks/{told.pk}").status_code == 200


def test_nothing_is_written_everywhere(api):
    assert api.send("post", FLUX_PROMPTS, {"prompt[text]": "x"}, headers=ALL).status_code == 404


def test_a_pinned_key_sees_one_workspace_only(alice, theirs):
    _, text = keys.issue(user=alice, workspace=alice.personal_workspace, name="pinned", pinned=True)

    assert Api(text).send("get", "/prompts", headers=ALL).status_code == 404


def test_tunes_are_narrowed_by_class_type_and_base(api, alice):
    cat, dog = own_tune(alice, name="cat"), own_tune(alice, name="dog", model_type="faceid")

    def found(**query):
        return [each["id"] for each in api.get("/tunes", **query).json()]

    assert found(name="cat") == [cat.pk]
    assert found(**{"name[]": ["cat", "dog"]}) == [dog.pk, cat.pk]
    assert found(model_type="faceid") == [dog.pk]
    assert found(branch="sd15") == []
    assert found(limit="1", page="2") == [cat.pk]
