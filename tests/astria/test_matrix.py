"""What each of the 45 video models requires, takes and refuses; the table is the catalogue's own file.

A quote is asked for what is allowed: it makes every check that can be made without opening a file.
"""

from __future__ import annotations

import pytest

from catalogue import sheet
from tests.astria.http import nothing_moves, upload

ROWS = {line.name: line.fields for line in sheet.read() if line.kind == "video"}
MOTION = [name for name, row in ROWS.items() if row["motion_control"]]
MOTION_LISTED = f"{', '.join(MOTION[:-1])} and {MOTION[-1]}"
# Both text-to-video and several references.
FREE = ["seedance2_fast_480p", "seedance2_fast_720p", "seedance2_480p", "seedance2_720p", "seedance2_1080p",
        "happyhorse_720p", "happyhorse_1080p"]  # fmt: skip
PLAIN = [name for name in ROWS if name not in MOTION]


def having(capability):
    return [name for name in ROWS if ROWS[name][capability]]


def lacking(capability):
    return [name for name in ROWS if not ROWS[name][capability]]


def asked(name, **fields):
    """A clip with everything that the model requires."""
    driving = {"input_video": upload(b"unopened", "dance.mp4")} if ROWS[name]["motion_control"] else {}
    return {"text": "a garden", "video_model": name, "video_prompt": "pan left", **driving, **fields}


def refused(api, **fields):
    """The messages by field, the same from the quote and from the create call, which moves nothing."""
    with nothing_moves():
        created, quoted = api.create(**fields), api.quote(**fields)
    assert created.status_code == quoted.status_code == 422
    assert created.json() == quoted.json()
    return created.json()


def test_the_table_has_the_45_models():
    assert len(ROWS) == 45
    assert MOTION == ["wan_animate_720p", "kling30_motion_control", "kling30_motion_control_pro", "dreamactor_m2",
                      "happyhorse_motion_control"]  # fmt: skip


def test_takes_a_prompt_with_what_it_requires(api):
    for name in ROWS:
        answer = api.quote(**asked(name))

        assert answer.status_code == 200
        assert answer.json()["unchecked"] == (["input_video"] if name in MOTION else [])


def test_requires_a_video_prompt(api):
    for name in ROWS:
        assert refused(api, **asked(name, video_prompt=" ")) == {"video_prompt": ["can't be blank"]}


def test_motion_control_requires_a_driving_clip(api):
    for name in MOTION:
        assert refused(api, **asked(name, input_video="")) == {"input_video": [f"is required by {name}"]}


def test_other_models_refuse_a_driving_clip_and_name_those_that_take_it(api):
    for name in PLAIN:
        assert refused(api, **asked(name, input_video=upload(b"unopened"))) == {
            "input_video": [f"is not supported by {name}; models that take it: {MOTION_LISTED}"]
        }


def test_keyframe_models_take_a_last_frame(api):
    for name in having("last_frame"):
        answer = api.quote(**asked(name, video_last_frame=upload(b"unopened")))

        assert answer.status_code == 200
        assert "video_last_frame" in answer.json()["unchecked"]


def test_other_models_refuse_a_last_frame(api):
    for name in lacking("last_frame"):
        found = refused(api, **asked(name, video_last_frame=upload(b"unopened")))

        assert list(found) == ["video_last_frame"]
        assert found["video_last_frame"][0].startswith(
            f"is not supported by {name}; models that take it: seedance_v15_720p, seedance_v15_audio_720p,"
        )


def test_reference_models_take_nine_pictures(api):
    for name in having("multi_reference"):
        pictures = [upload(b"unopened") for _ in range(9)]

        assert api.quote(**asked(name, image_references=pictures)).json()["unchecked"] == ["image_references"]


def test_ten_pictures_are_one_too_many(api):
    pictures = [upload(b"unopened") for _ in range(10)]

    assert refused(api, **asked("seedance2_480p", image_references=pictures)) == {
        "image_references": ["holds more than 9 pictures"]
    }


def test_other_models_refuse_references(api):
    for name in lacking("multi_reference"):
        found = refused(api, **asked(name, image_references=[upload(b"unopened")]))

        assert found == {
            "image_references": [
                f"is not supported by {name}; models that take it: {', '.join(FREE[:-1])} and {FREE[-1]}"
            ]
        }


@pytest.mark.parametrize("frame", ["video_first_frame", "video_last_frame"])
def test_references_exclude_key_frames(api, frame):
    fields = asked("seedance2_480p", image_references=[upload(b"unopened")], **{frame: upload(b"unopened")})

    assert refused(api, **fields) == {"image_references": ["can't be combined with a first or last frame"]}


def test_text_to_video_models_need_no_text(api):
    for name in having("text_to_video"):
        assert api.quote(**asked(name, text="")).status_code == 200


def test_other_models_need_a_text_or_a_first_frame(api):
    for name in lacking("text_to_video"):
        assert refused(api, **asked(name, text="")) == {
            "text": [f"can't be blank without a video_first_frame; models that start from nothing: {', '.join(FREE)}"]
        }
        assert api.quote(**asked(name, text="", video_first_frame=upload(b"unopened"))).status_code == 200


def test_a_last_frame_alone_leaves_the_first_one_to_be_painted_from_a_text(api):
    assert list(refused(api, **asked("seedance2_480p", text="", video_last_frame=upload(b"unopened")))) == ["text"]


@pytest.mark.parametrize("name", ROWS)
def test_takes_its_own_durations_and_no_others(api, name):
    allowed = ROWS[name]["durations"]

    answers = {seconds: api.quote(**asked(name, video_duration=str(seconds))) for seconds in range(1, 22)}

    assert [seconds for seconds, answer in answers.items() if answer.status_code == 200] == allowed
    assert {tuple(answer.json()) for answer in answers.values() if answer.status_code == 422} == {("video_duration",)}


@pytest.mark.parametrize(
    ("name", "seconds", "message"),
    [
        ("seedance_480p", "13", "must be 2 to 12 seconds for seedance_480p"),
        ("kling25", "6", "must be 5 or 10 seconds for kling25"),
        ("veo31_fast_720p", "5", "must be 4, 6 or 8 seconds for veo31_fast_720p"),
        ("veo31_fast_4k", "4", "must be 8 seconds for veo31_fast_4k"),
        ("wan22_720p", "0", "must be 5 seconds for wan22_720p"),
        ("wan22_720p", "-5", "must be 5 seconds for wan22_720p"),
    ],
)
def test_a_wrong_duration_hears_the_right_ones(api, name, seconds, message):
    assert refused(api, **asked(name, video_duration=seconds)) == {"video_duration": [message]}


# --- sound (D4) -----------------------------------------------------------------------------------------------------


def test_a_silent_model_refuses_sound_and_names_one_that_has_it(api):
    for name in [name for name in ROWS if ROWS[name]["audio"] == "none"]:
        message = refused(api, **asked(name, video_audio="true"))["video_audio"][0]

        family, _, size = name.rpartition("_")
        siblings = [sibling for sibling in (f"{name}_audio", f"{family}_audio_{size}") if sibling in ROWS]
        if siblings:
            assert message == f"is not supported by {name}; use {siblings[0]}"
        else:
            assert message.startswith(f"is not supported by {name}; models that take it: seedance_v15_audio_720p,")


def test_a_model_with_sound_takes_yes_and_no_for_the_same_price(api):
    for name in [name for name in ROWS if ROWS[name]["audio"] != "none"]:
        costs = {api.quote(**asked(name, video_audio=wish)).json()["cost_mc"] for wish in ("true", "false", "")}

        assert len(costs) == 1


@pytest.mark.parametrize("wish", ["false", ""])
def test_a_silent_model_takes_no_for_sound(api, wish):
    assert api.quote(**asked("seedance_480p", video_audio=wish)).status_code == 200


def test_generate_audio_is_another_word_for_it(api):
    found = refused(api, **asked("seedance_v15_720p", generate_audio="true"))

    assert found == {"video_audio": ["is not supported by seedance_v15_720p; use seedance_v15_audio_720p"]}


# --- names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("hailuo02_1080p", "hailuo02_1080p is no longer offered; the nearest model is wan27_1080p"),
        ("kling25_10s", "kling25_10s is no longer offered; the nearest model is kling25"),
        ("wan_fast_480p", "wan_fast_480p is no longer offered; the nearest model is wan22_fast_480p"),
        ("seedance_v15_72p", "'seedance_v15_72p' is not a video model; did you mean seedance_v15_720p"),
        ("flux1", "'flux1' is not a video model"),
        ("x" * 5_000, f"'{'x' * 80}' is not a video model"),
    ],
)
def test_a_model_that_is_not_to_be_had_is_explained(api, name, message):
    found = refused(api, text="a garden", video_model=name, video_prompt="pan left")

    assert list(found) == ["video_model"]
    assert found["video_model"][0].startswith(message)


@pytest.mark.parametrize(("old", "row"), [("720p", "wan21_720p"), ("480p", "wan21_480p")])
def test_the_two_names_of_the_first_days_still_stand_for_their_rows(api, old, row):
    assert api.made(text="a garden", video_model=old, video_prompt="pan left")["video_model"] == row


# --- fields of a clip without a clip --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("video_prompt", "pan left"),
        ("video_duration", "5"),
        ("video_first_frame", upload(b"unopened")),
        ("video_last_frame", upload(b"unopened")),
        ("input_video", upload(b"unopened")),
    ],
)
def test_a_field_of_clips_needs_a_video_model(api, field, value):
    assert refused(api, text="a garden", **{field: value}) == {"video_model": [f"can't be blank when {field} is given"]}


def test_everything_wrong_is_said_at_once(api):
    found = refused(
        api,
        text="<lora:77:1>",
        video_model="seedance_480p",
        video_duration="99",
        video_audio="true",
        num_images="9",
        seed="-1",
        video_last_frame=upload(b"unopened"),
    )

    assert set(found) == {
        "text", "video_prompt", "video_duration", "video_audio", "num_images", "seed", "video_last_frame",
    }  # fmt: skip


# --- shapes ---------------------------------------------------------------------------------------------------------


def test_adaptive_is_for_models_that_take_references(api):
    assert api.quote(**asked("seedance2_480p", aspect_ratio="adaptive")).status_code == 200
    assert refused(api, **asked("kling25", aspect_ratio="adaptive")) == {
        "aspect_ratio": ["can't be adaptive for kling25"]
    }


def test_a_picture_has_no_adaptive_shape(api):
    assert list(refused(api, text="a garden", aspect_ratio="adaptive")) == ["aspect_ratio"]
    assert list(refused(api, text="a garden", ar="adaptive")) == ["ar"]


def test_a_clips_resolution_is_its_models(api):
    assert api.quote(**asked("kling25", resolution="720p")).status_code == 200
    assert api.quote(**asked("kling25", resolution="2K")).status_code == 200
    assert refused(api, **asked("kling25", resolution="1080p")) == {
        "resolution": ["is part of the model: kling25 makes 720p"]
    }


# --- a file that would change nothing is not paid for ------------------------------------------------------------------


def test_an_input_picture_without_a_text_to_paint_from_is_refused_where_clips_start_from_words(api):
    for name in FREE:
        assert refused(api, **asked(name, text="", input_image=upload(b"unopened"))) == {
            "input_image": [f"is not used by {name} without a text; give it as video_first_frame"]
        }


def test_an_input_picture_is_refused_beside_a_first_frame(api):
    both = {"input_image": upload(b"unopened"), "mask_image": upload(b"unopened")}

    for name in ROWS:
        assert refused(api, **asked(name, video_first_frame=upload(b"unopened"), **both)) == {
            field: ["is not used beside a video_first_frame"] for field in both
        }


def test_an_input_picture_is_refused_beside_references(api):
    for name in FREE:
        asked_for = asked(name, input_image=upload(b"unopened"), image_references=[upload(b"unopened")])

        assert refused(api, **asked_for) == {"input_image": ["is not used beside image_references"]}


@pytest.mark.parametrize("fields", [{"text": "a garden"}, {"text": "", "denoising_strength": "0"}])
def test_an_input_picture_that_is_painted_over_or_passed_through_is_taken(api, fields):
    for name in ROWS:
        answer = api.quote(**asked(name, input_image=upload(b"unopened"), **fields))

        assert answer.status_code == 200
