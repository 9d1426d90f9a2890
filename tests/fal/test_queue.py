"""The queue: submit, status, result, cancel, and what each costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from billing import ledger
from common.jobs.models import Status
from prompts import books, lifecycle
from prompts.models import Prompt
from tests.fal.conftest import MONEY_MC, WAN, fal_of
from tests.prompts.engines import Obedient


def spent(user) -> int:
    return MONEY_MC - ledger.balance_mc(user.personal_workspace.pk)


# --- submit ---------------------------------------------------------------------------------------------------------


def test_a_submitted_request_is_charged_queued_and_has_its_addresses(fal, words, alice):
    answer = fal.submit(**words)

    told, prompt = answer.json(), Prompt.objects.get()
    base = f"http://testserver/fal/queue/{WAN}/requests/{prompt.request_id}"
    assert answer.status_code == 200
    assert answer["x-fal-request-id"] == told["request_id"] == str(prompt.request_id)
    assert (told["status"], told["queue_position"], told["logs"]) == ("IN_QUEUE", 0, None)
    assert (told["response_url"], told["status_url"], told["cancel_url"]) == (base, f"{base}/status", f"{base}/cancel")
    assert (prompt.dialect, prompt.video_model, prompt.cost_mc, spent(alice)) == ("fal", "wan21_720p", 40_000, 40_000)


@pytest.mark.parametrize(
    ("fields", "row", "cost_mc"),
    [
        ({}, "wan21_720p", 40_000),
        ({"num_frames": 82}, "wan21_720p", 50_000),
        ({"num_frames": 100, "frames_per_second": 24}, "wan21_720p", 50_000),
        ({"resolution": "480p"}, "wan21_480p", 20_000),
        ({"resolution": "480p", "num_frames": 82}, "wan21_480p", 25_000),
    ],
)
def test_it_costs_by_resolution_and_frames(fal, words, alice, fields, row, cost_mc):
    fal.submitted(**words, **fields)

    assert (Prompt.objects.get().video_model, spent(alice)) == (row, cost_mc)


def test_all_fields_reach_the_engine(fal, words, run_jobs):
    fal.submitted(**words, num_frames=90, frames_per_second=5, seed=7, guide_scale=3.5, shift=2, num_inference_steps=12,
                  acceleration="none", negative_prompt="rain")  # fmt: skip

    run_jobs()

    (asked,) = Obedient.asked
    assert (asked.task, asked.frames, asked.fps, asked.seed, asked.negative_prompt) == (
        "image_to_video", 90, 5, 7, "rain",
    )  # fmt: skip
    assert {name: asked.options[name] for name in ("guide_scale", "shift", "num_inference_steps", "acceleration")} == {
        "guide_scale": 3.5, "shift": 2.0, "num_inference_steps": 12, "acceleration": "none",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("ratio", "size"), [("auto", (1280, 720)), ("16:9", (1280, 720)), ("9:16", (720, 1280)), ("1:1", (720, 720))]
)
def test_the_ratio_is_the_pictures_own_or_the_one_asked_for(fal, words, run_jobs, ratio, size):
    fal.submitted(**words, aspect_ratio=ratio)

    run_jobs()

    assert (Obedient.asked[0].width, Obedient.asked[0].height) == size


def test_a_row_of_the_catalogue_is_an_endpoint_with_the_fields_that_carry_over(fal, words, run_jobs, alice):
    told = fal.submitted("fal-ai/kling25", **words, duration="10", aspect_ratio="1:1", end_image_url=words["image_url"])

    run_jobs()

    (asked,) = Obedient.asked
    assert (asked.task, asked.frames, asked.width, asked.height) == ("first_last", 240, 720, 720)
    assert spent(alice) == 78_000
    assert fal.of(told["request_id"], endpoint="fal-ai/kling25")["x-fal-billable-units"] == "2"


def test_words_alone_are_enough_where_the_row_films_them(fal, run_jobs):
    fal.submitted("fal-ai/happyhorse_720p", prompt="dunes at sunrise", aspect_ratio="9:16")

    run_jobs()

    (asked,) = Obedient.asked
    assert (asked.task, asked.width, asked.height) == ("text_to_video", 720, 1280)


@pytest.mark.parametrize("endpoint", ["fal-ai/flux", "fal-ai/kling30_motion_control", "other/wan-i2v", "fal-ai/720p"])
def test_what_films_no_picture_is_no_endpoint(fal, words, endpoint):
    answer = fal.submit(endpoint, **words)

    assert (answer.status_code, answer.json()["error_type"]) == (404, "not_found")
    assert answer.json()["detail"] == f"Application {endpoint!r} not found"


def test_a_path_behind_the_endpoint_is_another_endpoint(fal, words, alice):
    assert fal.submit(f"{WAN}/lora", **words).status_code == 404
    assert spent(alice) == 0


def test_a_repeat_is_answered_under_the_id_of_the_first(fal, words):
    first, second = (fal.submit(**words, headers={"Idempotency-Key": "k"}) for _ in range(2))

    assert second["x-fal-request-id"] == first["x-fal-request-id"] == first.json()["request_id"]


# --- status ---------------------------------------------------------------------------------------------------------


def test_the_status_code_says_whether_it_has_ended(fal, words, run_jobs):
    first, second = fal.submitted(**words), fal.submitted(**words)

    waiting = fal.of(second["request_id"], "/status?logs=1")
    Prompt.objects.filter(request_id=first["request_id"]).update(
        status=Status.RUNNING, started_at=timezone.now(), progress=0.42, stage="rendering"
    )
    running = fal.of(first["request_id"], "/status?logs=true")
    Prompt.objects.filter(request_id=first["request_id"]).update(status=Status.QUEUED)
    run_jobs()
    done = fal.of(first["request_id"], "/status/?logs=0")

    assert (waiting.status_code, waiting.json()["status"], waiting.json()["queue_position"]) == (202, "IN_QUEUE", 1)
    assert waiting.json()["logs"] == []
    assert (running.status_code, running.json()["status"]) == (202, "IN_PROGRESS")
    assert [line["message"] for line in running.json()["logs"]] == ["Rendering wan21_720p", "Rendering: 42%"]
    assert set(running.json()["logs"][0]) == {"message", "level", "source", "timestamp", "labels"}
    assert (done.status_code, done.json()["status"], done.json()["logs"]) == (200, "COMPLETED", None)
    assert done.json()["metrics"]["inference_time"] > 0


def test_a_poll_takes_one_read_of_the_prompt_and_writes_nothing(fal, words, run_jobs, django_assert_num_queries):
    told = fal.submitted(**words)
    run_jobs()
    fal.of(told["request_id"], "/status")

    with django_assert_num_queries(3):  # the prompt, its output and its input
        fal.of(told["request_id"], "/status?logs=1")


# --- result ---------------------------------------------------------------------------------------------------------


def test_the_result_is_the_clip_and_the_seed(fal, words, run_jobs):
    told = fal.submitted(**words)
    early = fal.of(told["request_id"])
    run_jobs()

    answer = fal.of(told["request_id"])

    prompt = Prompt.objects.get()
    output = prompt.outputs.get().asset
    assert (early.status_code, early.json()["detail"]) == (400, "Request is still in progress")
    assert answer.json() == {
        "video": {
            "url": f"http://testserver/media/{output.address}/{prompt.pk}-0.mp4", "content_type": "video/mp4",
            "file_name": f"{prompt.pk}-0.mp4", "file_size": output.bytes,
        },
        "seed": prompt.effective_seed,
    }  # fmt: skip
    assert (answer["x-fal-request-id"], answer["x-fal-billable-units"]) == (told["request_id"], "1")


@pytest.mark.parametrize(
    ("fields", "units"),
    [
        ({"resolution": "480p"}, "0.5"),
        ({"resolution": "480p", "num_frames": 82}, "0.625"),
        ({"num_frames": 82}, "1.25"),
    ],
)
def test_billable_units_are_exact(fal, words, run_jobs, fields, units):
    told = fal.submitted(**words, **fields)
    run_jobs()

    assert fal.of(told["request_id"])["x-fal-billable-units"] == units


def test_the_seed_that_was_used_comes_back(fal, words, run_jobs):
    asked = [fal.submitted(**words, seed=seed) for seed in (7, 2**31 + 5)]
    run_jobs()

    assert [fal.of(told["request_id"]).json()["seed"] for told in asked] == [7, 5]


def test_a_result_can_be_made_to_end(fal, words, run_jobs):
    preference = {"X-Fal-Object-Lifecycle-Preference": '{"expiration_duration_seconds": 3600}'}
    fal.submit(**words, headers=preference)

    run_jobs()

    expires_at = Prompt.objects.get().outputs.get().asset.expires_at
    assert timedelta(minutes=59) < expires_at - timezone.now() < timedelta(minutes=61)


# --- failures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        (Prompt.Failure.BLOCKED, 422, "content_policy_violation"),
        (Prompt.Failure.REJECTED, 422, "no_media_generated"),
        (Prompt.Failure.ENGINE_ERROR, 500, "internal_server_error"),
        (Prompt.Failure.EXPIRED, 504, "request_timeout"),
    ],
)
def test_a_failed_request_is_completed_with_an_error_and_refunded(fal, words, alice, code, status, kind):
    told = fal.submitted(**words)
    lifecycle.fail(prompt_id=Prompt.objects.get().pk, code=code, message="No.", now=timezone.now())

    state, result = fal.of(told["request_id"], "/status"), fal.of(told["request_id"])

    assert (state.status_code, state.json()["status"], state.json()["error_type"]) == (200, "COMPLETED", kind)
    assert result.status_code == status
    assert spent(alice) == 0
    assert books.faults() == []


def test_what_may_not_wait_fails_when_nobody_began_it(fal, words, alice, run_jobs):
    told = fal.submit(**words, headers={"X-Fal-Request-Timeout": "30.0"}).json()
    Prompt.objects.update(deadline=timezone.now() - timedelta(seconds=1))

    run_jobs()

    result = fal.of(told["request_id"])
    assert (result.status_code, result["x-fal-request-timeout-type"]) == (504, "user")
    assert Obedient.asked == []
    assert spent(alice) == 0


# --- cancel ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING])
def test_a_cancelled_request_gives_its_price_back(fal, words, alice, status):
    told = fal.submitted(**words)
    Prompt.objects.update(status=status)

    answer = fal.cancel(told["request_id"])

    assert (answer.status_code, answer.json()) == (202, {"status": "CANCELLATION_REQUESTED", "success": True})
    assert spent(alice) == 0
    state = fal.of(told["request_id"], "/status").json()
    assert (state["status"], state["error_type"]) == ("COMPLETED", "client_cancelled")
    result = fal.of(told["request_id"])
    assert (result.status_code, result.json()["error_type"]) == (499, "client_cancelled")


def test_what_has_ended_can_not_be_cancelled(fal, words, alice, run_jobs):
    told = fal.submitted(**words)
    run_jobs()

    answer = fal.cancel(told["request_id"])

    assert (answer.status_code, answer.json()["status"]) == (400, "ALREADY_COMPLETED")
    assert spent(alice) == 40_000


def test_what_never_was_can_not_be_cancelled(fal):
    answer = fal.cancel("8f5e2f0e-0000-4000-8000-000000000000")

    assert (answer.status_code, answer.json()["status"]) == (404, "NOT_FOUND")


# --- other people's -------------------------------------------------------------------------------------------------


def test_another_endpoints_address_does_not_find_it(fal, words):
    told = fal.submitted(**words)

    assert fal.of(told["request_id"], "/status", endpoint="fal-ai/kling25").status_code == 404


def test_the_same_idempotency_key_makes_one_request(fal, words, alice):
    first, second = (fal.submit(**words, headers={"Idempotency-Key": "k"}) for _ in range(2))

    assert (second.content, second["Idempotent-Replayed"]) == (first.content, "true")
    assert spent(alice) == 40_000


def test_a_key_for_reading_submits_nothing(fal, words, alice):
    reader = fal_of(alice, scopes=("prompts:read",))

    assert reader.submit(**words).status_code == 403
    assert Prompt.objects.count() == 0
