"""What is asked for, and what counts of it: clamped, coerced, told in `meta`."""

import base64
import json
from urllib.parse import urlencode

import pytest

from catalogue import offers
from catalogue.models import VideoModel
from prompts.models import Prompt
from tests.astria.http import nothing_moves
from tests.modelslab.http import SEED, VIDEO, Lab


def meta_of(lab, endpoint="img2video", **fields):
    return lab.made(endpoint, **fields)["meta"]


def test_an_accepted_request(lab):
    made = lab.made(**SEED)

    prompt = Prompt.objects.get()
    address = prompt.wish["address"]
    assert made == {
        "status": "processing",
        "tip": "Your clip is being made. Send your key to fetch_result, or wait until future_links are there.",
        "eta": 5,
        "message": "Try to fetch the request after the estimated time.",
        "messege": "Try to fetch the request after the estimated time.",
        "fetch_result": f"http://testserver/api/v6/video/fetch/{prompt.pk}",
        "id": prompt.pk,
        "output": [],
        "meta": {
            "model_id": "wan2.2",
            "output_type": "mp4",
            "temp": "no",
            "webhook": None,
            "track_id": None,
            "num_frames": 25,
            "fps": 8,
            "width": 512,
            "height": 512,
            "num_inference_steps": 20,
            "min_guidance_scale": 1,
            "max_guidance_scale": 3,
            "motion_bucket_id": 20,
            "noise_aug_strength": 0.02,
            "init_image": lab.picture,
            "prompt": "Subtle natural motion",
            "negative_prompt": "",
            "seed": prompt.effective_seed,
            "file_prefix": f"{prompt.pk}-0",
        },
        "future_links": [f"http://testserver/media/{address}/{prompt.pk}-0.mp4"],
    }


def test_what_the_engine_is_asked_for(lab):
    lab.made(**SEED, prompt="pan left", negative_prompt="blur", seed=7, guidance_scale=7.5)

    prompt = Prompt.objects.get()
    assert prompt.dialect == "modelslab"
    assert (prompt.video_model, prompt.tune_id, prompt.text, prompt.video_prompt, prompt.seed) == (
        "wan22_fast_480p", 1504944, "", "pan left", 7,
    )  # fmt: skip
    assert prompt.clip == {"frames": 25, "fps": 8, "width": 512, "height": 512}
    assert prompt.sampling == {
        "num_inference_steps": 20,
        "min_guidance_scale": 1,
        "guidance_scale": 3,
        "motion_bucket_id": 20,
        "noise_aug_strength": 0.02,
    }
    assert prompt.cost_mc == 6_000


def test_defaults(lab):
    told = meta_of(lab)

    assert (told["num_frames"], told["num_inference_steps"], told["motion_bucket_id"]) == (16, 20, 127)
    assert (told["min_guidance_scale"], told["max_guidance_scale"], told["noise_aug_strength"]) == (1, 3, None)
    assert (told["width"], told["height"], told["fps"], told["output_type"], told["temp"]) == (512, 512, 8, "mp4", "no")


def test_defaults_from_words(lab):
    told = meta_of(lab, "text2video", prompt="a fox")

    assert (told["num_frames"], told["guidance_scale"], told["output_type"]) == (25, 7, "gif")
    assert "init_image" not in told
    assert Prompt.objects.get().text == "a fox"  # paints the first frame


def test_defaults_of_ultra(lab):
    told = meta_of(lab, "img2video_ultra", prompt="pan left", model_id=None)

    assert (told["num_frames"], told["fps"], told["num_inference_steps"], told["sample_shift"]) == (81, 15, 25, 5)
    assert (told["resolution"], told["width"], told["height"], told["portrait"]) == (480, 852, 480, "no")


@pytest.mark.parametrize(
    ("field", "sent", "counts"),
    [
        ("num_frames", 30, 25),
        ("num_frames", 100, 25),
        ("num_frames", 0, 1),
        ("num_frames", "12", 12),
        ("num_frames", " 12.0 ", 12),
        ("num_frames", 12.9, 12),
        ("num_frames", None, 16),
        ("num_frames", "", 16),
        ("num_inference_steps", 51, 50),
        ("width", 1024, 512),
        ("width", 321, 320),
        ("height", 1, 64),
        ("fps", 30, 16),
        ("fps", 1, 5),
        ("max_guidance_scale", 7.5, 7.5),
        ("max_guidance_scale", "7.5", 7.5),
        ("max_guidance_scale", 20, 8),
        ("noise_aug_strength", 1.5, 1),
        ("noise_aug_strength", -1, 0),
        ("motion_bucket_id", 999, 255),
        ("model_id", "ltx-2.3", "ltx-2.3"),
        ("model_id", "svd", "wan2.2"),
        ("model_id", 5, "wan2.2"),
        ("output_type", "GIF", "gif"),
        ("output_type", "webm", "mp4"),
        ("temp", True, "yes"),
        ("temp", "yes", "yes"),
        ("temp", "No", "no"),
        ("temp", 1, "yes"),
        ("temp", None, "no"),
        ("webhook", "", None),
        ("track_id", 42, 42),
        ("track_id", "a-1", "a-1"),
        ("seed", 5, 5),
        ("seed", 2**40, 2**31 - 1),
        ("fps", 10**400, 16),
        ("prompt", "  pan left ", "pan left"),
    ],
)
def test_what_counts_is_told(lab, field, sent, counts):
    assert meta_of(lab, **{field: sent})[field] == counts


def test_two_guidances_the_wrong_way_round_are_swapped(lab):
    told = meta_of(lab, min_guidance_scale=6, max_guidance_scale=2)

    assert (told["min_guidance_scale"], told["max_guidance_scale"]) == (2, 6)
    assert Prompt.objects.get().sampling["guidance_scale"] == 6


def test_a_seed_below_zero_is_none(lab):
    lab.made(seed=-1)

    assert Prompt.objects.get().seed is None


def test_unknown_fields_are_ignored(lab):
    lab.made(aspect_ratio="9:16", safety_checker="no", instant_response=True, clip_skip=[], deep={"a": [1]})


def test_the_other_model(lab):
    lab.made(model_id="ltx-2.3")

    prompt = Prompt.objects.get()
    assert (prompt.video_model, prompt.cost_mc, prompt.clip["frames"]) == ("ltx23_720p", 17_000, 16)


def test_a_row_that_allows_fewer_frames_bounds_them(lab):
    VideoModel.objects.filter(name="wan22_fast_480p").update(exact_frames_max=9)
    offers.forget()

    assert meta_of(lab, num_frames=25)["num_frames"] == 9


def test_a_picture_as_letters(lab, picture):
    letters = base64.b64encode(picture).decode()

    assert meta_of(lab, init_image=f"data:image/jpeg;base64,{letters}")["init_image"] is None
    assert meta_of(lab, init_image=letters, base64="yes")["init_image"] is None


# --- how the body may come ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "", "application/octet-stream",
                                          "application/x-www-form-urlencoded", "application/json; charset=utf-8"])  # fmt: skip
def test_json_under_any_name(lab, content_type):
    body = json.dumps({"key": lab.key, "model_id": "svd", "init_image": lab.picture})

    answer = lab.client.generic("POST", f"{VIDEO}/img2video", body, content_type=content_type)

    assert answer.json()["status"] == "processing"


@pytest.mark.parametrize("multipart", [True, False])
def test_a_form(lab, multipart):
    fields = {"key": lab.key, "model_id": "svd", "init_image": lab.picture, "num_frames": "7", "temp": "yes"}
    sent = fields if multipart else urlencode(fields)
    options = {} if multipart else {"content_type": "application/x-www-form-urlencoded"}

    told = lab.client.post(f"{VIDEO}/img2video", sent, **options).json()["meta"]

    assert (told["num_frames"], told["temp"]) == (7, "yes")


def test_a_bearer_token_will_do(lab):
    answer = Lab(None).send(
        f"{VIDEO}/img2video",
        {"model_id": "svd", "init_image": lab.picture},
        headers={"Authorization": f"Bearer {lab.key}"},
    )

    assert answer.json()["status"] == "processing"


def test_the_key_of_the_body_comes_first(lab):
    answer = lab.send(f"{VIDEO}/fetch/1", {"key": "sd_wrong"}, headers={"Authorization": f"Bearer {lab.key}"})

    assert answer.status_code == 401


@pytest.mark.parametrize("path", [f"{VIDEO}/img2video/", f"{VIDEO}/img2video"])
def test_with_and_without_a_slash(lab, path):
    assert lab.send(path, {"model_id": "svd", "init_image": lab.picture}).json()["status"] == "processing"


def test_the_host_that_the_caller_used_stands_in_every_link(lab):
    answer = lab.send(
        f"{VIDEO}/img2video", {"model_id": "svd", "init_image": lab.picture}, headers={"Host": "lab.example:81"}
    )

    shown = answer.json()
    assert shown["fetch_result"].startswith("http://lab.example:81/")
    assert shown["future_links"][0].startswith("http://lab.example:81/")


# --- sending again --------------------------------------------------------------------------------------------------


def test_a_repeat_with_an_idempotency_key_gets_the_first_answer(lab):
    body = {"model_id": "svd", "init_image": lab.picture}
    first = lab.send(f"{VIDEO}/img2video", body, headers={"Idempotency-Key": "order-1"})

    with nothing_moves():
        second = lab.send(f"{VIDEO}/img2video", body, headers={"Idempotency-Key": "order-1"})

    assert (second.content, second["Idempotent-Replayed"]) == (first.content, "true")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/json"])
def test_another_body_under_the_same_key_is_refused(lab, content_type):
    def send(**fields):
        body = json.dumps({"key": lab.key, "model_id": "svd", "init_image": lab.picture} | fields)
        return lab.client.generic(
            "POST", f"{VIDEO}/img2video", body, content_type=content_type, headers={"Idempotency-Key": "order-1"}
        )

    assert send(num_frames=3).status_code == 200
    with nothing_moves():
        refused = send(num_frames=4)

    assert refused.status_code == 422
    assert refused.json()["message"] == "This Idempotency-Key was used for a different request."
