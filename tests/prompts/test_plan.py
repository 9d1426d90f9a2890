"""From a prompt to what its engine is asked for: task, size, length, sound, seeds (D1, D2, D4, D6, D9)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import timezone

from catalogue import offers
from catalogue.models import Row
from media.models import Asset
from prompts.models import Prompt
from prompts.rendering import plan
from prompts.rendering.plan import Files, Gathered, NoLongerOffered
from tests.astria.http import FLUX, SDXL, upload

WORDS = {"video_prompt": "pan left"}


def given(**sizes) -> Files:
    """Files by role, each of the size that is said."""
    return Files(
        by_role={
            role: [Gathered(Path(f"/{role}/{n}"), Asset(width=width, height=height)) for n in range(count)]
            for role, (width, height, count) in ((role, (*size, 1)[:3]) for role, size in sizes.items())
        }
    )


@pytest.fixture
def planned(api):
    """`planned(files, **fields)`: the plan of a prompt with these columns."""

    def make(files: Files = Files(by_role={}), *, tune: int = FLUX, **fields):  # noqa: B008  it is frozen
        prompt = Prompt.objects.get(pk=api.made(path=f"/tunes/{tune}/prompts", text="a fox")["id"])
        for name, value in fields.items():
            setattr(prompt, name, value)
        return plan.make(prompt=prompt, files=files, now=timezone.now())

    return make


# --- pictures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "size"),
    [
        ({}, (1024, 1024)),
        ({"aspect_ratio": "16:9"}, (1360, 768)),
        ({"aspect_ratio": "16:9", "w": 512, "h": 512}, (1360, 768)),
        ({"w": 1280, "h": 720}, (1280, 720)),
        ({"w": 1280, "h": 720, "ar": "portrait"}, (1280, 720)),
        ({"w": 768}, (768, 1024)),
        ({"ar": "portrait"}, (880, 1176)),
        ({"resolution": "2K"}, (2048, 2048)),
        ({"resolution": "4K", "aspect_ratio": "21:9"}, (4096, 1752)),
    ],
)
def test_a_picture_is_as_large_as_asked(planned, columns, size):
    request = planned(**columns).requests[0]

    assert (request.task, request.width, request.height) == ("image", *size)


def test_a_picture_without_a_shape_takes_its_inputs(planned):
    request = planned(given(input_image=(2000, 1000))).requests[0]

    assert (request.width, request.height) == (1448, 720)
    assert request.picture == Path("/input_image/0")


def test_every_picture_has_a_seed_of_its_own(planned):
    requests = planned(num_images=3, effective_seed=2**31 - 2).requests

    assert [request.seed for request in requests] == [2**31 - 2, 2**31 - 1, 0]
    assert len({replace(request, seed=0).width for request in requests}) == 1


@pytest.mark.parametrize(
    ("columns", "size", "strength"),
    [
        ({"options": {"denoising_strength": 0}}, (611, 407), 0),
        ({"options": {"denoising_strength": 0}, "w": 320, "h": 240}, (320, 240), 0),
        ({"options": {"denoising_strength": 0}, "resolution": "2K"}, (2504, 1664), 0),
        ({"options": {"denoising_strength": 0}, "ar": "1:1"}, (611, 407), 0),  # copied prompts say so, unasked
        ({"options": {"denoising_strength": 0}, "ar": "portrait"}, (880, 1176), 0),
        ({"flags": {"remove_background": True}}, (611, 407), 0),
        ({"flags": {"outpaint": "center"}}, (611, 407), 0),
        ({"flags": {"outpaint": "center"}, "options": {"denoising_strength": 0.3}}, (1248, 832), 0.3),
        ({"flags": {"only_upscale": True}, "options": {"denoising_strength": 0.6}}, (611, 407), 0),
        ({"flags": {"mask_invert": True}}, (1248, 832), 0.8),
    ],
    ids=str,
)
def test_a_picture_that_is_only_edited_keeps_its_own_size(planned, columns, size, strength):
    request = planned(given(input_image=(611, 407)), **columns).requests[0]

    assert (request.width, request.height, request.strength) == (*size, strength)


@pytest.mark.parametrize(
    ("sent", "strength"), [({}, 0.8), ({"denoising_strength": 0.0}, 0.0), ({"denoising_strength": 1}, 1)]
)
def test_the_strength_is_0_8_unless_said(planned, sent, strength):
    assert planned(given(input_image=(64, 64)), options=sent).requests[0].strength == strength


def test_the_engine_gets_the_words_without_tags_and_the_options_with_the_rows(planned):
    request = planned(
        tune=SDXL,
        text="<lora:1533312:1> ohwx woman --only_upscale",
        options={"style": "Animated"},
        flags={"only_upscale": True},
    ).requests[0]

    assert request.prompt == "ohwx woman"
    assert request.options == {"base": "sdxl1", "style": "Animated", "only_upscale": True}
    assert request.model == "sdxl1"


# --- clips: which task ----------------------------------------------------------------------------------------------

FIRST, LAST, DRIVING = {"video_first_frame": (640, 480)}, {"video_last_frame": (640, 480)}, {"input_video": (640, 480)}


@pytest.mark.parametrize(
    ("model", "text", "files", "task", "is_painted"),
    [
        ("kling25", "a fox", {}, "image_to_video", True),
        ("kling25", "", FIRST, "image_to_video", False),
        ("kling25", "a fox", FIRST, "image_to_video", False),
        ("kling25", "a fox", LAST, "first_last", True),
        ("kling25", "", FIRST | LAST, "first_last", False),
        ("seedance2_480p", "", {}, "text_to_video", False),
        ("seedance2_480p", "a fox", {}, "image_to_video", True),
        ("seedance2_480p", "", FIRST, "image_to_video", False),
        ("seedance2_480p", "", {"image_references": (640, 480, 3)}, "references", False),
        ("dreamactor_m2", "a man", DRIVING, "motion", True),
        ("dreamactor_m2", "", DRIVING | FIRST, "motion", False),
        ("kling30_motion_control", "", DRIVING | FIRST | LAST, "motion", False),
    ],
)
def test_the_files_decide_what_the_engine_does(planned, model, text, files, task, is_painted):
    made = planned(given(**files), text=text, video_model=model, **WORDS)

    (request,) = made.requests
    assert request.task == task
    assert (made.paint is not None) == is_painted
    assert request.first == (Path("/video_first_frame/0") if "video_first_frame" in files else None)
    assert request.last == (Path("/video_last_frame/0") if "video_last_frame" in files else None)
    assert request.driving == (Path("/input_video/0") if "input_video" in files else None)
    assert len(request.references) == files.get("image_references", (0, 0, 0))[2]


def test_what_may_be_asked_for_is_what_can_be_planned(api, planned, film, picture):
    """The checks at acceptance and the plan agree on whether a first frame is painted."""
    for fields in (
        {"text": "a fox"},
        {"video_first_frame": upload(picture)},
        {"text": "a fox", "denoising_strength": "0", "input_image": upload(picture)},
    ):
        made = api.made(video_model="kling25", video_prompt="pan left", **fields)
        prompt = Prompt.objects.get(pk=made["id"])
        sizes = dict.fromkeys(prompt.inputs.values_list("role", flat=True), (160, 96))

        assert (plan.make(prompt=prompt, files=given(**sizes), now=timezone.now()).paint is None) == bool(sizes)


def test_an_input_picture_of_strength_0_is_the_first_frame(planned):
    files = given(input_image=(640, 480))

    kept = planned(files, video_model="kling25", options={"denoising_strength": 0}, **WORDS)
    changed = planned(files, video_model="kling25", options={"denoising_strength": 0.5}, **WORDS)

    assert (kept.requests[0].first, kept.paint) == (Path("/input_image/0"), None)
    assert (changed.requests[0].first, changed.paint.picture) == (None, Path("/input_image/0"))


def test_the_frame_is_painted_by_the_bases_own_engine_in_the_clips_size(planned):
    made = planned(tune=SDXL, text="a red fox", video_model="kling30_pro", aspect_ratio="9:16", seed=3, **WORDS)

    assert (made.paint.task, made.paint.prompt, made.paint.model) == ("image", "a red fox", "sdxl1")
    assert (made.paint.width, made.paint.height) == (made.requests[0].width, made.requests[0].height) == (1080, 1920)
    assert made.paint.seed == made.requests[0].seed
    assert made.paint.is_frame


# --- clips: how large, how long -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "shape", "size"),
    [
        ("seedance_480p", {}, (854, 480)),
        ("wan22_fast_580p", {}, (1032, 580)),
        ("seedance_v15_720p", {"aspect_ratio": "16:9"}, (1280, 720)),
        ("kling30_pro", {"aspect_ratio": "9:16"}, (1080, 1920)),
        ("kling30_4k", {}, (3840, 2160)),
        ("kling25", {"aspect_ratio": "1:1"}, (720, 720)),
        ("kling25", {"w": 1024, "h": 768}, (960, 720)),
        ("kling25", {"aspect_ratio": "1:1", "w": 1280, "h": 720}, (720, 720)),
        ("kling25", {"w": 1280, "h": 720, "ar": "1:1"}, (1280, 720)),
        ("kling25", {"ar": "portrait"}, (720, 960)),
        ("seedance2_480p", {"aspect_ratio": "adaptive"}, (854, 480)),
    ],
)
def test_the_row_gives_the_short_side_and_the_caller_the_shape(planned, model, shape, size):
    request = planned(video_model=model, **shape, **WORDS).requests[0]

    assert (request.width, request.height) == size


@pytest.mark.parametrize(
    ("picture", "size"),
    [
        ((1600, 900), (1280, 720)),
        ((3000, 4000), (720, 960)),
        ((100, 100), (720, 720)),
        ((8000, 1000), (1680, 720)),
        ((100, 900), (720, 1680)),
    ],
)
def test_a_given_picture_keeps_its_own_shape(planned, picture, size):
    request = planned(given(video_first_frame=picture), video_model="kling25", aspect_ratio="1:1", **WORDS).requests[0]

    assert (request.width, request.height) == size


def test_every_row_makes_its_seconds_in_its_frames(planned):
    for offer in offers.videos(now=timezone.now()):
        for seconds in offer.durations:
            files = given(**DRIVING) if "motion" in offer.tasks else given()

            request = planned(files, video_model=offer.name, video_duration=seconds, **WORDS).requests[0]

            fps = 16 if offer.name.startswith(("wan21", "wan22")) else 24
            assert (request.fps, request.frames) == (fps, seconds * fps), offer.name


def test_an_exact_clip_has_its_frames_rate_and_size(planned):
    request = planned(
        given(video_first_frame=(640, 480)),
        video_model="wan21_480p",
        clip={"frames": 81, "fps": 16, "width": 640, "height": 480},
        **WORDS,
    ).requests[0]  # fmt: skip

    assert (request.frames, request.fps, request.width, request.height) == (81, 16, 640, 480)


@pytest.mark.parametrize(
    ("columns", "steps"),
    [
        ({}, []),
        ({"video_fps_model": "video_fps_increaser"}, [("faster", 854, 480, 240, 48)]),
        (
            {"video_upscale_model": "seedvr2", "video_upscale_target_resolution": "1080p"},
            [("upscale", 1920, 1080, 120, 24)],
        ),
        (
            {
                "video_upscale_model": "seedvr2",
                "video_upscale_target_resolution": "2k",
                "video_fps_model": "video_fps_increaser",
                "aspect_ratio": "9:16",
            },
            [("faster", 480, 854, 240, 48), ("upscale", 1440, 2560, 240, 48)],
        ),
    ],
    ids=("none", "faster", "larger", "both"),
)
def test_add_ons_follow_the_clip_new_frames_before_more_pixels(planned, columns, steps):
    after = planned(video_model="seedance_480p", **columns, **WORDS).after

    assert [engine for engine, _ in after] == ["motion"] * len(steps)
    assert [(asked.task, asked.width, asked.height, asked.frames, asked.fps) for _, asked in after] == steps


def test_an_add_on_that_was_taken_out_is_no_longer_offered(planned):
    with pytest.raises(NoLongerOffered):
        planned(video_model="seedance_480p", video_fps_model="gone", **WORDS)


@pytest.mark.parametrize(
    ("model", "asked", "sounds"),
    [
        ("seedance_v15_audio_720p", None, True),
        ("seedance_v15_audio_720p", True, True),
        ("seedance_v15_audio_720p", False, False),
        ("seedance2_480p", None, False),
        ("seedance2_480p", True, True),
        ("kling25", None, False),
        ("kling25", False, False),
    ],
)
def test_sound_is_the_rows_unless_the_caller_decides(planned, model, asked, sounds):
    assert planned(video_model=model, video_audio=asked, **WORDS).requests[0].audio is sounds


def test_a_row_that_was_taken_out_is_no_longer_offered(planned):
    with pytest.raises(NoLongerOffered):
        planned(video_model="gone_720p", **WORDS)


def test_a_base_that_was_taken_out_paints_no_more(planned):
    planned()
    Row.objects.filter(name="flux1").update(enabled=False)
    offers.forget()

    request = planned(given(**FIRST), tune=SDXL, tune_id=FLUX, video_model="kling25", **WORDS)

    assert request.paint is None
    with pytest.raises(NoLongerOffered):
        planned(tune=SDXL, tune_id=FLUX, video_model="kling25", **WORDS)
    with pytest.raises(NoLongerOffered):
        planned(tune=SDXL, tune_id=FLUX)
