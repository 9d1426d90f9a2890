"""POST /tunes/:id/prompts: how it may be written, and what is answered."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from prompts.models import Prompt
from tests.astria.http import FLUX, FLUX_PROMPTS, SDXL, balance_of, nothing_moves

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
CLIP = {
    "text": "a garden",
    "video_model": "seedance_v15_720p",
    "video_prompt": "pan left",
    "video_duration": "5",
    "aspect_ratio": "16:9",
}


def _flat(fields):
    return {f"prompt[{name}]": value for name, value in fields.items()}


# --- the same prompt in every encoding ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoded",
    [
        {"body": _flat(CLIP)},
        {"form": urlencode(_flat(CLIP))},
        {"json": {"prompt": CLIP}},
        {"json": {"prompt": CLIP | {"video_duration": 5}}},
        {"json": CLIP},
        {"form": urlencode(CLIP)},
    ],
    ids=["multipart", "urlencoded", "json", "json with numbers", "json without the resource", "form without it"],
)
def test_every_encoding_makes_the_same_prompt(api, encoded):
    answer = api.post(FLUX_PROMPTS, **encoded)

    assert answer.status_code == 201
    assert answer["Content-Type"] == "application/json"
    made = answer.json()
    assert {name: made[name] for name in CLIP} == CLIP | {"video_duration": 5}
    assert (made["cost_mc"], made["tune_id"]) == (14_000, FLUX)


@pytest.mark.parametrize("path", [f"{FLUX_PROMPTS}{end}" for end in ("", "/", ".json", ".json/")])
def test_json_suffix_and_trailing_slash_are_optional(api, path):
    assert api.create(path=path, text="a fox").status_code == 201


@pytest.mark.parametrize("path", ["/prompts", "/prompts/", "/prompts.json"])
def test_the_tune_may_be_a_field(api, path):
    made = api.made(path=path, text="a fox", tune_id=str(SDXL))

    assert made["tune_id"] == SDXL


def test_the_tune_of_the_path_wins_over_the_field(api):
    assert api.made(text="a fox", tune_id=str(SDXL))["tune_id"] == FLUX


def test_without_any_tune_the_field_is_named(api):
    with nothing_moves():
        answer = api.create(path="/prompts", text="a fox")

    assert (answer.status_code, answer.json()) == (422, {"tune_id": ["can't be blank"]})


def test_the_content_type_is_read_whatever_its_capitals_and_parameters(api):
    answer = api.client.post(
        FLUX_PROMPTS,
        b'{"prompt": {"text": "a fox"}}',
        content_type="Application/JSON; charset=UTF-8",
        headers={"Authorization": f"Bearer {api.key}"},
    )

    assert answer.status_code == 201


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*", "nonsense", ""])
def test_the_answer_is_json_whatever_the_client_accepts(api, accept):
    answer = api.create(text="a fox", headers={"Accept": accept})

    assert (answer.status_code, answer["Content-Type"]) == (201, "application/json")


def test_a_part_may_be_wrapped_in_quotes_where_the_docs_advise_it(api):
    fields = CLIP | {"video_prompt": '"pan left"'}

    assert api.made(**fields)["video_prompt"] == "pan left"


def test_the_last_of_a_repeated_field_counts(api):
    answer = api.post(FLUX_PROMPTS, {"prompt[text]": ["a fox", "a hare"]})

    assert answer.json()["text"] == "a hare"


# --- values ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "sent", "shown"),
    [
        ("num_images", "2", 2),
        ("num_images", "", 1),
        ("seed", "4294967296", 2**32),
        ("seed", "", None),
        ("steps", "30", 30),
        ("steps", "30.0", 30),
        ("cfg_scale", "3", "3.0"),
        ("cfg_scale", "3.5", "3.5"),
        ("cfg_scale", "", None),
        ("denoising_strength", "0.25", 0.25),
        ("controlnet_conditioning_scale", "1", 1.0),
        ("super_resolution", "true", True),
        ("super_resolution", "True", True),
        ("super_resolution", "1", True),
        ("super_resolution", "false", False),
        ("super_resolution", "", False),
        ("w", "1024", 1024),
        ("aspect_ratio", "21:9", "21:9"),
        ("aspect_ratio", "", None),
        ("ar", "", "1:1"),
        ("ar", "portrait", "portrait"),
        ("resolution", "2K", "2K"),
        ("scheduler", "euler_a", "euler_a"),
        ("style", "Comic book", "Comic book"),
        ("theme", "summer", "summer"),
        ("backend_version", "0", 0),
        ("negative_prompt", "", ""),
    ],
)
def test_text_is_turned_into_the_type_of_its_field(api, field, sent, shown):
    assert api.made(text="a fox", **{field: sent})[field] == shown


def test_json_may_send_null_for_what_is_not_set(api):
    fields = {"text": "a fox", "seed": None, "callback": None, "negative_prompt": None, "input_image_url": None}

    made = api.post(FLUX_PROMPTS, json={"prompt": fields}).json()

    assert (made["seed"], made["callback"], made["negative_prompt"], made["input_image"]) == (None, None, "", None)


def test_unknown_parameters_are_ignored(api):
    made = api.made(
        text="a fox", control_net="x", num_inference_steps="20", cost_mc="0", user_error="no", trained_at="2020-01-01"
    )

    assert (made["cost_mc"], made["user_error"], made["trained_at"]) == (2_875, None, None)


def test_fields_that_the_server_owns_can_not_be_set(api, alice, bob):
    api.made(text="a fox", status="succeeded", user_id="999", id="7", images=["https://a.example/x"])

    prompt = Prompt.objects.get()
    assert (prompt.status, prompt.user_id, prompt.workspace_id) == ("queued", alice.pk, alice.personal_workspace.pk)
    assert prompt.outputs.count() == 0


def test_a_text_is_kept_as_sent(api):
    text = "  {{mood}} fox (red:1.2), --ar 9:16 --v 6.0 „schön“ 🦊\n\nsecond line"

    assert api.made(text=text)["text"] == text


@pytest.mark.parametrize(
    ("sent", "echoed"),
    [
        ({}, None),
        ({"callback": ""}, ""),
        ({"callback": "https://example.com/in?id=1&x=%20y"}, "https://example.com/in?id=1&x=%20y"),
    ],
)
def test_the_callback_is_echoed_as_sent(api, sent, echoed):
    assert api.made(text="a fox", **sent)["callback"] == echoed


@pytest.mark.parametrize(
    "callback",
    [
        "ftp://example.com/x",
        "example.com",
        "http://",
        "javascript:alert(1)",
        "http://a:b@example.com/",
        "http://0x7f.1/",
        "x",
    ],
)
def test_a_callback_that_nobody_could_call_is_refused(api, callback):
    with nothing_moves():
        answer = api.create(text="a fox", callback=callback)

    assert (answer.status_code, answer.json()) == (422, {"callback": ["is not an http or https URL"]})


def test_a_callback_beyond_all_measure_is_refused(api):
    answer = api.create(text="a fox", callback=f"https://example.com/?{'x' * 2_000}")

    assert (answer.status_code, answer.json()) == (422, {"callback": ["is too long (at most 2000 characters)"]})


# --- the answer -----------------------------------------------------------------------------------------------------

SHOWN = {
    "id", "callback", "trained_at", "started_training_at", "created_at", "updated_at", "tune_id", "text",
    "negative_prompt", "cfg_scale", "steps", "super_resolution", "ar", "num_images", "seed",
    "controlnet_conditioning_scale", "controlnet_txt2img", "denoising_strength", "style", "url", "images",
    "prompt_likes_count", "liked", "base_pack_id", "pack_id", "order_id", "orig_prompt_id", "workspace_id",
    "input_image", "mask_image", "input_video", "w", "h", "tune", "tunes", "scheduler", "color_grading", "film_grain",
    "only_upscale", "tiled_upscale", "hires_fix", "face_correct", "face_swap", "inpaint_faces", "is_multiperson",
    "prompt_expansion", "theme", "controlnet", "use_lpw", "backend_version", "cost_mc", "aspect_ratio", "resolution",
    "user_error", "video_model", "video_prompt", "video_duration", "image_references", "content_types", "filenames",
    "video_upscale_model", "video_upscale_target_resolution", "video_fps_model",
}  # fmt: skip
OURS = {
    "video_first_frame", "video_last_frame", "video_audio", "is_video", "is_api", "engine", "preview_engine",
    "unsupported", "ignored",
}  # fmt: skip
IN_FLIGHT = {"progress_elapsed_seconds"}


def test_an_answer_has_exactly_these_fields(api):
    assert set(api.made(text="a fox")) == SHOWN | OURS | IN_FLIGHT


def test_a_picture_has_these_defaults(api):
    made = api.made(text="a fox")

    assert {name: made[name] for name in ("num_images", "ar", "negative_prompt", "images", "content_types")} == {
        "num_images": 1,
        "ar": "1:1",
        "negative_prompt": "",
        "images": [],
        "content_types": [],
    }
    nothing = ("seed", "steps", "cfg_scale", "callback", "video_model", "video_prompt", "video_duration", "user_error",
               "trained_at", "started_training_at", "aspect_ratio", "w", "h", "workspace_id")  # fmt: skip
    assert {made[name] for name in nothing} == {None}
    assert made["tune"] == {"id": FLUX, "title": "Flux1.dev"}
    assert made["tunes"] == []
    assert made["progress_elapsed_seconds"] == 0
    assert (made["is_video"], made["is_api"]) == (False, True)


def test_a_clip_gets_its_models_duration_when_it_names_none(api):
    made = api.made(text="a garden", video_model="veo31_lite_720p", video_prompt="pan left")

    assert (made["video_duration"], made["cost_mc"], made["is_video"]) == (8, 44_000, True)


def test_moments_are_utc_with_milliseconds(api):
    made = api.made(text="a fox")

    assert MOMENT.fullmatch(made["created_at"])
    assert made["updated_at"] == made["created_at"]


def test_the_url_names_the_host_that_the_caller_used(api):
    made = api.post(FLUX_PROMPTS, {"prompt[text]": "a fox"}, headers={"Host": "media.example:8443"}).json()

    assert made["url"] == f"http://media.example:8443{FLUX_PROMPTS}/{made['id']}.json"


def test_the_charge_is_what_the_answer_says(api, alice):
    before = balance_of(alice)

    made = api.made(**CLIP)

    assert before - balance_of(alice) == made["cost_mc"] == 14_000


def test_the_seed_of_the_caller_is_kept_and_one_is_drawn_without(api):
    given, drawn = api.made(text="a fox", seed="42"), api.made(text="a fox")

    assert (given["seed"], drawn["seed"]) == (42, None)
    assert Prompt.objects.get(pk=given["id"]).effective_seed == 42
    assert 0 <= Prompt.objects.get(pk=drawn["id"]).effective_seed < 2**31


def test_answers_are_for_nobody_in_between_to_keep(api):
    assert api.create(text="a fox")["Cache-Control"] == "private, no-store"
