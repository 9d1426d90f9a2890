"""The account-wide switch: what equals an earlier request answers that one (R18)."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from accounts import keys, people
from prompts import books, lifecycle
from prompts.models import Prompt
from tests.astria.http import FLUX, api_of, balance_of
from tests.tunes.making import tune_fields
from tunes.models import Tune


@pytest.fixture
def collapsing(alice):
    people.change(user=alice, collapse_duplicates=True)
    keys.forget_all()


def test_it_is_off_by_default(api):
    assert api.made(text="a fox", seed="7")["id"] != api.made(text="a fox", seed="7")["id"]


def test_an_equal_request_answers_the_prompt_of_before_and_costs_nothing(api, alice, collapsing):
    first = api.made(text="a fox", seed="7", cfg_scale="3")
    before = balance_of(alice)

    again = api.made(text="a fox", seed="7", cfg_scale="3", aspect_ratio="16:9")

    assert again["id"] == first["id"]
    assert balance_of(alice) == before
    assert Prompt.objects.count() == 1
    assert books.faults() == []


@pytest.mark.parametrize("field", [{"text": "a hare"}, {"seed": "8"}, {"cfg_scale": "4"}, {"w": "512"},
                                   {"callback": "https://example.com"}, {"inpaint_faces": "true"}])  # fmt: skip
def test_another_value_of_a_named_attribute_is_another_prompt(api, collapsing, field):
    given = {"text": "a fox", "seed": "7", "cfg_scale": "3"}

    assert api.made(**given)["id"] != api.made(**given | field)["id"]


@pytest.mark.parametrize(
    "field",
    [{"num_images": "1"}, {"super_resolution": "false"}, {"callback": ""}, {"ar": "1:1"}, {"negative_prompt": ""}],
)
def test_a_default_that_is_said_is_the_same_request(api, collapsing, field):
    assert api.made(text="a fox", seed="7")["id"] == api.made(text="a fox", seed="7", **field)["id"]


def test_a_clip_is_no_twin_of_a_picture_or_of_another_models_clip(api, collapsing):
    clip = {"text": "a fox", "video_prompt": "pan left", "video_model": "wan22_fast_480p"}
    made = [api.made(text="a fox")] + [
        api.made(**clip | change)
        for change in ({}, {"video_model": "wan22_fast_720p"}, {"video_prompt": "pan right"}, {"video_duration": "5"})
    ]

    ids = [prompt["id"] for prompt in made]
    assert len(set(ids[:4])) == 4
    assert ids[4] == ids[1], "five seconds are the default"


def test_what_came_to_nothing_does_not_count(api, collapsing, alice):
    first = api.made(text="a fox")
    lifecycle.cancel(prompt_id=first["id"], now=timezone.now())
    second = api.made(text="a fox")
    api.delete(f"/prompts/{second['id']}")

    assert api.made(text="a fox")["id"] not in (first["id"], second["id"])


def test_an_existing_title_is_that_tune(api, picture, alice, collapsing):
    first = api.post("/tunes", tune_fields(picture)).json()
    before = balance_of(alice)

    prompts = {"prompts_attributes][0][text": "ohwx man"}
    again = api.post("/tunes", tune_fields(picture, name="man", pictures=2, **prompts))

    assert again.status_code == 201
    assert again.json()["id"] == first["id"]
    assert balance_of(alice) == before
    api.delete(f"/tunes/{first['id']}")
    assert api.post("/tunes", tune_fields(picture)).json()["id"] != first["id"]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one(server, alice, rich, collapsing):
    rich(alice, 60_000_000)
    programs, made = [api_of(alice) for _ in range(4)], []

    def create(program):
        made.append(program.create(text="a fox", seed="7"))
        connection.close()

    threads = [threading.Thread(target=create, args=(program,)) for program in programs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {answer.status_code for answer in made} == {201}
    assert len({answer.json()["id"] for answer in made}) == 1
    assert Prompt.objects.count() == 1
    assert books.faults() == []


def test_titles_repeat_where_the_switch_is_off(api, picture):
    ids = {api.post("/tunes", tune_fields(picture)).json()["id"] for _ in range(2)}

    assert len(ids) == 2
    assert Tune.objects.filter(pk__in=ids, base_tune=FLUX).count() == 2
