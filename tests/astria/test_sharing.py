"""Likes, published results, and what everybody sees of them."""

from __future__ import annotations

import pytest
from django.conf import settings as real_settings
from django.test import Client

from engines import registry
from media import moderation
from prompts.models import Prompt
from tests.astria.http import FLUX, MAN, WOMAN, api_of, status_of

PRIVATE = {"callback", "cost_mc", "workspace_id", "input_image", "user_error", "is_api", "tunes"}


@pytest.fixture(autouse=True)
def engine():
    registry.configure({"motion": "tests.prompts.engines.Obedient"})
    yield
    registry.configure(real_settings.ENGINES)


@pytest.fixture
def fox(api, run_jobs):
    made = api.made(text="a fox", callback="https://example.com/hook")
    run_jobs()
    return api.get(f"/prompts/{made['id']}").json()


@pytest.fixture
def publish(api):
    return lambda made, *, shown=True: api.send(
        "patch", f"/prompts/{made['id']}", json={"prompt": {"community": shown}}
    )


def gallery(**query):
    answer = Client().get("/gallery.json", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


# --- likes ----------------------------------------------------------------------------------------------------------


def test_the_same_call_likes_and_no_longer(api, fox):
    first, second = (api.post(f"/prompts/{fox['id']}/like") for _ in range(2))

    assert (first.status_code, first.json(), second.json()) == (200, {"liked": True}, {"liked": False})


def test_the_documented_path_answers_201_without_a_body(api, fox):
    answer = api.post(f"/prompts/{fox['id']}/likes")

    assert (answer.status_code, answer.content) == (201, b"")
    got = api.get(f"/prompts/{fox['id']}").json()
    assert (got["liked"], got["prompt_likes_count"]) == (True, 1)


def test_the_prompt_that_it_was_made_from_is_counted_too(api, fox):
    copy = api.post(f"/prompts/{fox['id']}/duplicate", {}).json()

    api.post(f"/prompts/{copy['id']}/like")

    assert api.get(f"/prompts/{fox['id']}").json()["prompt_likes_count"] == 1


def test_a_copy_that_changes_its_original_takes_its_likes_along(api, fox):
    other, copy = (api.post(f"/prompts/{fox['id']}/duplicate", {}).json() for _ in range(2))
    api.post(f"/prompts/{copy['id']}/like")

    api.send("patch", f"/prompts/{copy['id']}", json={"prompt": {"orig_prompt_id": other["id"]}})

    counts = [api.get(f"/prompts/{one['id']}").json()["prompt_likes_count"] for one in (fox, other, copy)]
    assert counts == [0, 1, 1]
    api.post(f"/prompts/{copy['id']}/like")
    assert api.get(f"/prompts/{other['id']}").json()["prompt_likes_count"] == 0


def test_no_prompt_is_its_own_original(api, fox):
    answer = api.send("patch", f"/prompts/{fox['id']}", json={"prompt": {"orig_prompt_id": fox["id"]}})

    assert (answer.status_code, answer.json()) == (422, {"orig_prompt_id": ["can't be the prompt itself"]})


def test_liked_is_ones_own_state(api, fox, bob, publish):
    publish(fox)
    stranger = api_of(bob)

    assert stranger.post(f"/prompts/{fox['id']}/like").json() == {"liked": True}

    got = api.get("/prompts").json()[0]
    assert (got["liked"], got["prompt_likes_count"]) == (False, 1)
    assert api.get("/prompts", liked="true").json() == []
    assert [each["id"] for each in api.get("/prompts", liked="false").json()] == [fox["id"]]


@pytest.mark.parametrize("query", ["name[]=woman&name[]=man", "name[0]=woman&name[1]=man", "class_type=woman&name=man"])
@pytest.mark.usefixtures("server")
def test_public_tunes_are_narrowed_like_ones_own(query):
    assert {each["id"] for each in Client().get(f"/gallery/tunes?{query}").json()} == {WOMAN, MAN}


def test_what_is_not_published_is_nobodys_to_like(fox, bob):
    assert api_of(bob).post(f"/prompts/{fox['id']}/like").status_code == 404


# --- published ------------------------------------------------------------------------------------------------------


def test_a_published_result_has_a_second_address_that_dies_with_it(fox, publish):
    publish(fox)
    (shown,) = gallery()

    assert shown["id"] == fox["id"]
    assert not set(shown) & PRIVATE
    (public,), (own,) = shown["images"], fox["images"]
    assert public != own
    assert status_of(public) == 200

    publish(fox, shown=False)

    assert gallery() == []
    assert (status_of(public), status_of(own)) == (404, 200)


def test_one_that_is_to_be_public_from_the_start_is_once_it_has_ended(api, run_jobs):
    api.made(text="a fox", community="true")
    assert gallery() == []

    run_jobs()

    assert len(gallery()[0]["images"]) == 1


def test_moderation_is_asked_before_everybody_sees_it(api, fox, publish, settings, run_jobs):
    settings.MODERATION_HOOK = "tests.astria.test_sharing.nothing_in_public"

    assert publish(fox).status_code == 422
    api.made(text="a hare", community="true")
    run_jobs()

    assert gallery() == []
    assert not Prompt.objects.exclude(published_at=None).exists()


def nothing_in_public(subject):
    if subject.stage == "publication":
        raise moderation.Blocked


def test_a_deleted_one_is_gone_from_the_gallery(api, fox, publish):
    publish(fox)

    api.delete(f"/prompts/{fox['id']}")

    assert gallery() == []


def test_the_gallery_is_narrowed_by_words_kind_and_base(api, run_jobs):
    api.made(text="a fox", community="true")
    api.made(text="a hare", community="true", inpaint_faces="true")
    clip = api.made(text="a clip", community="true", video_model="kling25", video_prompt="pan left")
    run_jobs()

    assert [each["text"] for each in gallery(text="HARE")] == ["a hare"]
    assert [each["text"] for each in gallery(inpaint_faces="true")] == ["a hare"]
    assert [each["id"] for each in gallery(is_video="true")] == [clip["id"]]
    assert [each["text"] for each in gallery(is_video="false")] == ["a hare", "a fox"]
    assert gallery(branch="sd15") == []
    assert len(gallery(branch="flux1", limit="2")) == 2
    assert [each["text"] for each in gallery(before_id=str(clip["id"]), limit="1")] == ["a hare"]


@pytest.mark.usefixtures("server")
def test_the_houses_tunes_are_listed_for_everybody():
    found = {tune["id"] for tune in Client().get("/gallery/tunes").json()}

    assert {FLUX, WOMAN, MAN} <= found
    assert [tune["id"] for tune in Client().get("/gallery/tunes", {"model_type": "faceid"}).json()] == [MAN]
    assert [tune["id"] for tune in Client().get("/gallery/tunes.json", {"title": "flux"}).json()] == [FLUX]


# --- filters --------------------------------------------------------------------------------------------------------


def test_lists_are_narrowed_by_what_prompts_have_to_do_with(api, alice):
    first = api.made(text="a fox")
    second = api.made(text="a hare", orig_prompt_id=str(first["id"]), inpaint_faces="true")

    def found(**query):
        return [each["id"] for each in api.get("/prompts", **query).json()]

    assert found(orig_prompt_id=str(first["id"])) == [second["id"]]
    assert found(user_id=str(alice.pk)) == [second["id"], first["id"]]
    assert found(user_id="77") == []
    assert found(inpaint_faces="true") == [second["id"]]
    assert found(inpaint_faces="false") == [first["id"]]
    assert found(is_api="true") == [second["id"], first["id"]]
    assert found(is_api="false") == []
    assert found(today="true") == [second["id"], first["id"]]


def test_what_is_asked_for_by_expand_is_there_and_empty(api, fox):
    got = api.get("/prompts", **{"expand[]": "prompt.debug_images", "expand": "comments"}).json()[0]

    assert (got["debug_images"], got["debug_filenames"], got["comments"]) == ([], [], [])
    assert "comments" not in api.get("/prompts").json()[0]
