"""`video_upscale_model` and `video_fps_model`: what is done to the finished clip, and what it costs."""

from __future__ import annotations

import pytest
from django.utils import timezone

from catalogue import offers
from catalogue.models import Price, Row
from prompts import books
from prompts.models import Prompt
from tests.astria.http import balance_of, nothing_moves, upload

CLIP = {"text": "a garden", "video_prompt": "pan left", "video_model": "seedance_v15_720p"}  # 14¢ for 5 s
BOTH = {"video_upscale_model": "seedvr2", "video_fps_model": "video_fps_increaser"}


def price(name: str, cents: str) -> None:
    Price.objects.create(row=Row.objects.get(name=name), from_at=timezone.now(), base_cost_cents=cents)
    offers.forget()


def test_they_are_kept_and_shown(api):
    made = api.made(**CLIP, **BOTH, video_upscale_target_resolution="4k")

    shown = api.get(f"/prompts/{made['id']}").json()
    names = ("video_upscale_model", "video_upscale_target_resolution", "video_fps_model")
    assert [shown[name] for name in names] == ["seedvr2", "4k", "video_fps_increaser"]
    prompt = Prompt.objects.get(pk=made["id"])
    assert [getattr(prompt, name) for name in names] == ["seedvr2", "4k", "video_fps_increaser"]


def test_a_clip_without_them_shows_none(api):
    made = api.made(**CLIP)

    assert (made["video_upscale_model"], made["video_upscale_target_resolution"], made["video_fps_model"]) == (
        None,
        None,
        None,
    )


def test_the_target_is_1080p_unless_said_and_in_any_letter_case(api):
    assert api.made(**CLIP, video_upscale_model="seedvr2")["video_upscale_target_resolution"] == "1080p"
    named = api.made(**CLIP, video_upscale_model="seedvr2", video_upscale_target_resolution="2K")
    assert named["video_upscale_target_resolution"] == "2k"


def test_they_are_free_at_first_and_stand_in_the_quote(api):
    quoted = api.quote(**CLIP, **BOTH, video_duration="7").json()

    assert quoted["cost_mc"] == 19_600
    assert quoted["breakdown"][-2:] == [
        {"label": "Video FPS Increaser, ×2", "quantity": 7, "unit": "second", "amount_mc": 0},
        {"label": "SeedVR2, to 1080p", "quantity": 7, "unit": "second", "amount_mc": 0},
    ]


def test_an_operators_price_is_by_the_second_of_the_clip(api, alice):
    price("seedvr2", "1.5")
    price("video_fps_increaser", "0.25")
    before = balance_of(alice)

    quoted = api.quote(**CLIP, **BOTH, video_duration="12").json()
    made = api.made(**CLIP, **BOTH, video_duration="12")

    assert quoted["cost_mc"] == made["cost_mc"] == before - balance_of(alice) == 33_600 + 12 * 1_750
    assert sum(line["amount_mc"] for line in quoted["breakdown"]) == quoted["cost_mc"]
    assert Prompt.objects.get(pk=made["id"]).breakdown == quoted["breakdown"]
    assert books.faults() == []


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        (
            {"video_upscale_model": "topaz"},
            {"video_upscale_model": ["'topaz' is not to be had; there is: seedvr2"]},
        ),
        (
            {"video_fps_model": "seedvr2"},
            {"video_fps_model": ["'seedvr2' is not to be had; there is: video_fps_increaser"]},
        ),
        (
            {"video_upscale_model": "seedvr2", "video_upscale_target_resolution": "8k"},
            {"video_upscale_target_resolution": ["must be one of 720p, 1080p, 2k, 4k"]},
        ),
        (
            {"video_upscale_model": "seedvr2", "video_upscale_target_resolution": "720p"},
            {"video_upscale_target_resolution": ["720p is not larger than the clip; choose 1080p or 2k or 4k"]},
        ),
        (
            {"video_model": "kling30_4k", "video_upscale_model": "seedvr2"},
            {"video_upscale_target_resolution": ["1080p is not larger than the clip; no larger one is offered"]},
        ),
    ],
)
def test_what_is_not_to_be_had_is_refused_by_its_field(api, fields, errors):
    with nothing_moves():
        answer = api.create(**(CLIP | fields))

    assert (answer.status_code, answer.json()) == (422, errors)


@pytest.mark.parametrize("field", BOTH)
def test_without_a_clip_there_is_nothing_to_do(api, field):
    answer = api.create(text="a fox", **{field: BOTH[field]})

    assert (answer.status_code, answer.json()) == (422, {"video_model": [f"can't be blank when {field} is given"]})


def test_a_paused_add_on_is_not_to_be_had(api):
    Row.objects.filter(name="seedvr2").update(enabled=False)
    offers.forget()

    answer = api.create(**CLIP, video_upscale_model="seedvr2")

    assert answer.json() == {"video_upscale_model": ["'seedvr2' is not to be had; there is: none at the moment"]}


def test_a_target_alone_changes_nothing(api):
    assert api.made(**CLIP, video_upscale_target_resolution="4k")["video_upscale_target_resolution"] is None


def test_the_document_lists_them(api):
    told = api.get("/openapi.json").json()

    fields = told["components"]["schemas"]["PromptFields"]["properties"]
    assert fields["video_upscale_model"]["enum"] == ["seedvr2"]
    assert fields["video_fps_model"]["enum"] == ["video_fps_increaser"]
    assert fields["video_upscale_target_resolution"]["enum"] == ["720p", "1080p", "2k", "4k"]
    assert "seedvr2" not in fields["video_model"]["enum"]
    assert [row["name"] for row in told["x-models"] if row["kind"] == "addon"] == ["seedvr2", "video_fps_increaser"]


def test_flags_of_the_text_show_as_the_fields_that_they_are(api, picture):
    made = api.made(text="details --only_upscale --tiled_upscale", input_image=upload(picture))

    assert (made["only_upscale"], made["tiled_upscale"]) == (True, True)
    listed = api.get(f"/prompts/{made['id']}").json()
    assert (listed["only_upscale"], listed["tiled_upscale"]) == (True, True)
