"""Prompts written for the first years' API, with flags and `key=value` lines inside the text (D7, D8)."""

from __future__ import annotations

import base64

import pytest

from prompts.models import Prompt
from tests.astria.http import FLUX, FLUX_PROMPTS, SDXL, WOMAN, nothing_moves, upload

# The examples of the public documentation of March 2025, word by word.
HIKING = "<lora:1533312:1.0> ohwx woman hiking in the alps --video"
CONFIDENT = "Woman looking at the camera, smiling, puts hands on her hips, confident"
HIKING_WITH_WORDS = f'<lora:1533312:1.0>  ohwx woman hiking in the alps --video_prompt "{CONFIDENT}"'
GARDEN_WORDS = (
    "<lora:1533312:1.0> A highly detailed image of thoughtful ohwx woman exploring a hidden urban garden, her J. Crew "
    "khaki midi skirt and linen blouse complementing the peaceful surroundings"
)
GARDEN = f'{GARDEN_WORDS} --video --video_prompt "{CONFIDENT}"'
GARDEN_COPIED = f"""{GARDEN}
num_images=1
negative_prompt=
seed=
steps=
cfg_scale=
controlnet=
input_image_url=
mask_image_url=
denoising_strength=
controlnet_conditioning_scale=
controlnet_txt2img=false
super_resolution=true
inpaint_faces=true
face_correct=false
film_grain=false
face_swap=false
hires_fix=false
backend_version=0
ar=1:1
scheduler=euler_a
color_grading=
use_lpw=false
w=1280
h=720
style=
tune_id=1504944
"""
# And of April 2026.
PROMOTED = (
    "<lora:1533312:1.0> ohwx woman hiking in the alps --video --video_model seedance_v15_720p --duration 5 "
    '--video_prompt "Woman looking at the camera, smiling, confident"'
)


@pytest.mark.parametrize(
    ("sent", "text", "video_prompt"),
    [
        (HIKING, "<lora:1533312:1.0> ohwx woman hiking in the alps", "ohwx woman hiking in the alps"),
        (HIKING_WITH_WORDS, "<lora:1533312:1.0>  ohwx woman hiking in the alps", CONFIDENT),
        (GARDEN, GARDEN_WORDS, CONFIDENT),
        (GARDEN_COPIED, GARDEN_WORDS, CONFIDENT),
    ],
    ids=["--video alone", "--video_prompt alone", "both", "the copied block"],
)
def test_the_documents_of_2025_make_a_clip_of_wan21_720p_for_40_cents(api, sent, text, video_prompt):
    made = api.made(text=sent)

    assert (made["video_model"], made["cost_mc"], made["video_duration"]) == ("wan21_720p", 40_000, 5)
    assert (made["text"], made["video_prompt"]) == (text, video_prompt)
    assert [used["id"] for used in made["tunes"]] == [WOMAN]
    assert Prompt.objects.get().source_text == sent


def test_the_copied_block_fills_the_fields(api):
    made = api.made(text=GARDEN_COPIED)

    shown = ("num_images", "seed", "steps", "cfg_scale", "super_resolution", "inpaint_faces", "face_correct",
             "backend_version", "ar", "scheduler", "w", "h", "style", "negative_prompt", "tune_id")  # fmt: skip
    assert [made[name] for name in shown] == [
        1, None, None, None, True, True, False, 0, "1:1", "euler_a", 1280, 720, None, "", FLUX,
    ]  # fmt: skip


def test_the_example_of_2026_is_promoted_to_the_columns(api):
    made = api.made(text=PROMOTED)

    assert made["text"] == "<lora:1533312:1.0> ohwx woman hiking in the alps"
    assert (made["video_model"], made["video_duration"], made["cost_mc"]) == ("seedance_v15_720p", 5, 14_000)
    assert made["video_prompt"] == "Woman looking at the camera, smiling, confident"


@pytest.mark.parametrize(
    ("flag", "row", "cost_mc"),
    [("720p", "wan21_720p", 40_000), ("480p", "wan21_480p", 20_000), ("kling30_pro", "kling30_pro", 123_000)],
)
def test_the_model_flag_alone_asks_for_a_clip(api, flag, row, cost_mc):
    made = api.made(text=f"a fox --video_model {flag}")

    assert (made["video_model"], made["video_prompt"], made["cost_mc"]) == (row, "a fox", cost_mc)


def test_a_text_that_holds_nothing_old_has_no_other_source(api):
    api.made(text="a fox")

    assert Prompt.objects.get().source_text == ""


def test_unknown_flags_tags_and_templates_stay_in_the_text(api):
    text = "<lora:1533312:0.8> {{name}} --ar 9:16 --v 6.0 --mask_prompt face"

    made = api.made(text=f"{text} --video")

    assert made["text"] == text
    assert Prompt.objects.get().flags == {"mask_prompt": "face"}


# --- what counts when it is said twice ------------------------------------------------------------------------------


def test_a_field_wins_over_the_block_and_the_block_over_a_flag(api):
    text = "a fox --duration 10 --video_model wan26_720p\nvideo_duration=15\nseed=7\nsteps=20"

    by_block = api.made(text=text)
    by_field = api.made(text=text, video_duration="5", seed="8", video_model="ltx23_720p")

    assert (by_block["video_model"], by_block["video_duration"], by_block["seed"]) == ("wan26_720p", 15, 7)
    assert (by_field["video_model"], by_field["video_duration"], by_field["seed"]) == ("ltx23_720p", 5, 8)
    assert (by_block["steps"], by_field["steps"]) == (20, 20)


def test_the_tune_of_the_path_wins_over_the_blocks(api):
    block = f"a fox\nseed=1\nsteps=20\ntune_id={SDXL}"

    assert api.made(text=block)["tune_id"] == FLUX
    assert api.made(path="/prompts", text=block)["tune_id"] == SDXL


def test_a_picture_in_a_field_wins_over_the_blocks_address(api, picture, receiver):
    elsewhere = receiver()
    text = f"a fox\ninput_image_url={elsewhere.url()}\nseed=1\nsteps=20"

    api.made(text=text, input_image=upload(picture))
    api.made(text=text, input_image_base64=base64.b64encode(picture).decode())

    assert elsewhere.seen == []


def test_two_known_keys_are_prose(api):
    text = "a poster that says\nw=1\nh=2"

    assert api.made(text=text)["text"] == text


# --- D7 -------------------------------------------------------------------------------------------------------------


def test_as_a_field_the_model_needs_its_own_words(api):
    with nothing_moves():
        answer = api.create(text="a fox", video_model="720p")

    assert (answer.status_code, answer.json()) == (422, {"video_prompt": ["can't be blank"]})


def test_by_flags_the_words_fall_back_to_the_text_without_its_tags(api):
    assert api.made(text="<lora:1533312:1.0> a <faceid:123> fox --video")["video_prompt"] == "a fox"


def test_what_a_flag_can_not_say_is_refused_under_its_field(api):
    with nothing_moves():
        answer = api.create(text="a fox --video --duration soon")

    assert (answer.status_code, answer.json()) == (422, {"video_duration": ["is not a number"]})


def test_a_wrong_value_in_the_block_is_refused_under_its_field(api):
    with nothing_moves():
        answer = api.create(text="a fox\nseed=x\nsteps=20\nw=1024")

    assert (answer.status_code, answer.json()) == (422, {"seed": ["is not a number"]})


def test_a_passed_through_input_picture_is_the_first_frame(api, picture):
    made = api.made(text='--video --video_prompt "pan left"', input_image=upload(picture), denoising_strength="0")

    assert (made["video_model"], made["text"], made["cost_mc"]) == ("wan21_720p", "", 40_000)
    assert made["input_image"] is not None


def test_a_json_body_may_hold_it_too(api):
    made = api.post(FLUX_PROMPTS, json={"prompt": {"text": GARDEN_COPIED}}).json()

    assert (made["video_model"], made["cost_mc"], made["w"]) == ("wan21_720p", 40_000, 1280)
