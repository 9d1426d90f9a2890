"""GET /tunes and /tunes/:id."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from accounts.models import Membership, Workspace
from tests.astria.http import FLUX, MAN, REALISTIC, SDXL, WOMAN, api_of, status_of
from tests.astria.test_references import own_tune
from tunes import house

SHOWN = {
    "id", "title", "name", "is_api", "token", "eta", "callback", "trained_at", "started_training_at", "expires_at",
    "created_at", "updated_at", "model_type", "base_tune_id", "branch", "args", "steps", "face_crop", "ckpt_url",
    "ckpt_urls", "url", "orig_images", "auto_extend", "characteristics", "cost_mc", "user_error",
    "engine", "preview_engine", "ignored",
}  # fmt: skip


@pytest.mark.parametrize("path", ["/tunes/{}", "/tunes/{}.json", "/tunes/{}/"])
def test_a_tune_has_exactly_these_fields(api, path):
    answer = api.get(path.format(FLUX))

    assert answer.status_code == 200
    assert set(answer.json()) == SHOWN


@pytest.mark.parametrize(
    ("tune_id", "title", "branch", "model_type", "base", "token", "name"),
    [
        (FLUX, "Flux1.dev", "flux1", None, None, None, None),
        (REALISTIC, "Realistic Vision V5.1", "sd15", None, None, None, None),
        (SDXL, "SDXL 1.0", "sdxl1", None, None, None, None),
        (WOMAN, "ohwx woman (sample)", "flux1", "lora", FLUX, "ohwx", "woman"),
        (MAN, "ohwx man (sample)", "flux1", "faceid", FLUX, None, "man"),
    ],
)
def test_the_houses_tunes_answer_under_the_ids_that_clients_know(
    api, tune_id, title, branch, model_type, base, token, name
):
    tune = api.get(f"/tunes/{tune_id}").json()

    shown = ("id", "title", "branch", "model_type", "base_tune_id", "token", "name")
    assert tuple(tune[field] for field in shown) == (tune_id, title, branch, model_type, base, token, name)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", tune["trained_at"])
    assert tune["url"] == f"http://testserver/tunes/{tune_id}.json"
    assert (tune["ckpt_url"], tune["ckpt_urls"], tune["args"]) == (None, [], None)


def test_the_pictures_of_the_samples_can_be_read(api):
    house.load()

    for tune_id in (WOMAN, MAN):
        pictures = api.get(f"/tunes/{tune_id}").json()["orig_images"]
        assert len(pictures) > 0
        assert {status_of(picture) for picture in pictures} == {200}


def test_a_list_is_of_ones_own_tunes_newest_first(api, alice, bob):
    first, second = own_tune(alice, title="first"), own_tune(alice, title="second")
    own_tune(bob, title="his")
    own_tune(alice, title="gone", deleted_at=timezone.now())

    answer = api.get("/tunes").json()

    assert [tune["id"] for tune in answer] == [second.pk, first.pk]
    assert set(answer[0]) == SHOWN


def test_ones_own_tune_reads_the_same_alone_and_in_the_list(api, alice):
    mine = own_tune(alice)

    assert api.get("/tunes").json() == [api.get(f"/tunes/{mine.pk}").json()]


def test_the_house_s_tunes_are_in_nobodys_list(api):
    assert api.get("/tunes").json() == []


def test_pages_and_titles(api, alice):
    made = [own_tune(alice, title=f"Cat {number}").pk for number in range(4)] + [own_tune(alice, title="100%").pk]

    def ids(**query):
        return [tune["id"] for tune in api.get("/tunes", **query).json()]

    assert ids(limit=2) == [made[4], made[3]]
    assert ids(limit=2, before_id=made[3]) == [made[2], made[1]]
    assert ids(limit=2, offset=3) == [made[1], made[0]]
    assert ids(title="cat") == made[3::-1]
    assert ids(title="%") == [made[4]]
    assert ids(title="_") == []


def test_a_null_character_finds_nothing_and_breaks_nothing(api):
    answer = api.get("/tunes", title="a\x00b")

    assert (answer.status_code, list(answer.json())) == (422, ["title"])


def test_somebody_elses_tune_looks_like_none(api, bob):
    theirs = own_tune(bob)

    foreign, missing = api.get(f"/tunes/{theirs.pk}"), api.get(f"/tunes/{theirs.pk + 1}")

    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content == b'{"status": 404, "error": "Not Found"}'


def test_a_deleted_tune_is_not_found(api, alice):
    assert api.get(f"/tunes/{own_tune(alice, deleted_at=timezone.now()).pk}").status_code == 404


def test_a_tune_belongs_to_its_workspace_not_to_its_maker(server, alice):
    team = Workspace.objects.create(title="team")
    Membership.objects.create(user=alice, workspace=team)
    shared = own_tune(alice, workspace=team)
    program = api_of(alice)

    assert program.get(f"/tunes/{shared.pk}").status_code == 404
    assert program.send("get", f"/tunes/{shared.pk}", headers={"X-Workspace-Id": str(team.pk)}).status_code == 200
