"""From a claim to an end: what the worker does with what engines do."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings as real_settings
from django.utils import timezone

from billing.models import Transaction
from catalogue import offers
from catalogue.models import Row
from common.jobs import lease
from common.jobs.models import Outbox
from engines import registry
from media.models import Asset
from media.moderation import Blocked
from prompts import books, lifecycle
from prompts.models import Output, Prompt
from prompts.rendering import pipeline
from tests.astria.http import balance_of, status_of, upload
from tests.prompts.engines import Obedient

CLIP = {"text": "a fox", "video_model": "kling25", "video_prompt": "pan left"}


@pytest.fixture
def engine(monkeypatch):
    """`engine("Dying")` renders everything from now on."""

    def use(name: str) -> None:
        registry.configure({"motion": f"tests.prompts.engines.{name}"})

    monkeypatch.setattr(Obedient, "asked", [])
    use("Obedient")
    yield use
    registry.configure(real_settings.ENGINES)


@pytest.fixture
def prompt_id(engine, api) -> int:
    return api.made(text="a fox")["id"]


@pytest.fixture(autouse=True)
def _quiet(caplog):
    """Deaths are logged with their traceback, which is what the operator needs and this run does not."""
    caplog.set_level(logging.CRITICAL, logger="prompts.rendering.pipeline")


def run(prompt_id: int) -> Prompt:
    """One round of a worker, as if the prompt's time had come."""
    Prompt.objects.filter(pk=prompt_id, status="queued").update(next_at=timezone.now())
    pipeline.run(prompt_id=prompt_id, worker="test", now=timezone.now())
    return Prompt.objects.get(pk=prompt_id)


def refunds() -> int:
    return Transaction.objects.filter(kind="refund").count()


def blocked_by_the_hook(subject) -> None:
    if subject.stage == "output":
        raise Blocked


# --- well -----------------------------------------------------------------------------------------------------------


def test_a_picture_is_made_stored_and_shown(prompt_id, api):
    prompt = run(prompt_id)

    shown = api.get(f"/prompts/{prompt_id}").json()
    assert (prompt.status, prompt.attempt, prompt.strikes) == ("succeeded", 1, 0)
    assert (shown["content_types"], shown["filenames"]) == (["image/png"], [f"{prompt_id}-0.png"])
    assert (shown["engine"], shown["preview_engine"], shown["unsupported"]) == ("motion", True, ["style"])
    assert shown["started_training_at"] <= shown["trained_at"]
    assert status_of(shown["images"][0]) == 200
    assert "/prompts/" not in shown["images"][0]
    assert shown["images"][0].endswith(f"/{prompt_id}-0.png")


def test_a_set_comes_in_the_order_of_its_seeds(engine, api):
    made = api.made(text="a fox", num_images="3", seed="10")

    run(made["id"])

    assert [request.seed for request in Obedient.asked] == [10, 11, 12]
    assert api.get(f"/prompts/{made['id']}").json()["filenames"] == [f"{made['id']}-{n}.png" for n in range(3)]
    assert list(Output.objects.order_by("position").values_list("seed", flat=True)) == [10, 11, 12]


def test_a_clip_holds_nothing_but_the_mp4_and_starts_from_the_painted_frame(engine, api):
    made = api.made(**CLIP)

    run(made["id"])

    paint, film = Obedient.asked
    shown = api.get(f"/prompts/{made['id']}").json()
    assert (paint.task, paint.prompt, film.task, film.prompt) == ("image", "a fox", "image_to_video", "pan left")
    assert film.first.name == "result.png"
    assert shown["content_types"] == ["video/mp4"]
    assert shown["images"][0].endswith(".mp4")


def test_add_ons_work_on_the_finished_clip_one_after_the_other(engine, api):
    both = {"video_upscale_model": "seedvr2", "video_fps_model": "video_fps_increaser"}

    prompt = run(api.made(**CLIP, **both)["id"])

    assert prompt.status == "succeeded"
    assert [asked.task for asked in Obedient.asked] == ["image", "image_to_video", "faster", "upscale"]
    _, _, faster, larger = Obedient.asked
    assert (faster.fps, larger.width, larger.height, larger.fps) == (48, 1920, 1080, 48)
    assert faster.driving.parent != larger.driving.parent
    assert Output.objects.get(prompt=prompt).asset.content_type == "video/mp4"
    assert [done["task"] for done in prompt.report["addons"]] == ["faster", "upscale"]
    assert prompt.report["unsupported"] == ["style"]  # what the clip's own engine said stays


def test_the_files_of_the_prompt_reach_the_engine(engine, api, picture, film):
    made = api.made(
        text="", video_model="kling30_motion_control", video_prompt="dance", video_first_frame=upload(picture),
        video_last_frame=upload(picture), input_video=upload(film),
    )  # fmt: skip

    run(made["id"])

    (request,) = Obedient.asked
    assert [path.suffix for path in (request.first, request.last, request.driving)] == [".jpg", ".jpg", ".mp4"]


def test_the_tunes_of_the_text_reach_it_with_their_weight(engine, api):
    run(api.made(text="<lora:1533312:0.8> ohwx woman <faceid:123> man")["id"])

    subjects = Obedient.asked[0].subjects
    assert [(subject.tune_id, subject.kind, subject.name, subject.token, subject.weight) for subject in subjects] == [
        (1533312, "lora", "woman", "ohwx", 0.8),
        (123, "faceid", "man", None, 1.0),
    ]


def test_every_attempt_uses_the_same_seed(engine, api):
    made = api.made(text="a fox")
    engine("Dying")
    run(made["id"])
    engine("Obedient")
    run(made["id"])

    assert Obedient.asked[0].seed == Prompt.objects.get().effective_seed


def test_nothing_is_left_in_the_work_folder(prompt_id, settings, tmp_path):
    settings.WORK_DIR = tmp_path / "work"
    settings.WORK_DIR.mkdir()

    run(prompt_id)

    assert list(settings.WORK_DIR.iterdir()) == []


def test_the_money_stays_and_the_end_is_announced(prompt_id, alice):
    paid = balance_of(alice)

    run(prompt_id)

    assert (balance_of(alice), refunds()) == (paid, 0)
    assert list(Outbox.objects.values_list("topic", "ref")) == [("prompt.ended", prompt_id)]


# --- not at all -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["waiting", "succeeded", "failed", "cancelled"])
def test_what_is_not_queued_is_not_rendered_and_nobody_is_told_again(prompt_id, status):
    Prompt.objects.update(status=status)

    run(prompt_id)

    assert Obedient.asked == []
    assert not Outbox.objects.exists()


def test_what_another_worker_holds_is_left_alone(prompt_id):
    lease.claim(Prompt, pk=prompt_id, worker="another", now=timezone.now())

    run(prompt_id)

    assert Obedient.asked == []
    assert Prompt.objects.get().worker == "another"


def test_a_prompt_that_never_was_ends_its_message(engine, db):
    Outbox.objects.create(topic="prompts.render", ref=999, next_at=timezone.now(), created_at=timezone.now())

    pipeline.run(prompt_id=999, worker="test", now=timezone.now())

    assert not Outbox.objects.exists()


def test_before_its_time_a_prompt_keeps_its_message(prompt_id):
    Prompt.objects.update(next_at=timezone.now() + timezone.timedelta(minutes=1))

    pipeline.run(prompt_id=prompt_id, worker="test", now=timezone.now())

    assert Obedient.asked == []
    assert Outbox.objects.filter(topic="prompts.render", ref=prompt_id).exists()


# --- badly ----------------------------------------------------------------------------------------------------------


def test_what_the_engine_will_never_do_fails_at_once_with_the_money_back(prompt_id, engine, alice, api):
    before = balance_of(alice)
    engine("Refusing")

    prompt = run(prompt_id)

    assert (prompt.status, prompt.failure_code, prompt.attempt) == ("failed", "rejected", 1)
    assert prompt.user_error == "There is nothing to see in this picture. You were not charged."
    assert balance_of(alice) == before + prompt.cost_mc
    assert api.get(f"/prompts/{prompt_id}").json()["user_error"] == prompt.user_error


def test_a_result_that_moderation_blocks_is_refunded_and_not_kept(prompt_id, settings, alice):
    settings.MODERATION_HOOK = "tests.prompts.test_pipeline.blocked_by_the_hook"

    prompt = run(prompt_id)

    assert (prompt.status, prompt.failure_code, refunds()) == ("failed", "blocked", 1)
    assert not Asset.objects.exists()


def test_a_row_that_was_taken_out_meanwhile_is_refunded(prompt_id):
    Row.objects.filter(name="flux1").update(enabled=False)
    offers.forget()

    prompt = run(prompt_id)

    assert (prompt.status, prompt.failure_code, refunds()) == ("failed", "rejected", 1)
    assert prompt.user_error == "This model is no longer offered. You were not charged."


def test_three_deaths_are_the_end(prompt_id, engine, alice):
    before = balance_of(alice)
    engine("Dying")

    states = [(prompt.status, prompt.strikes) for prompt in (run(prompt_id) for _ in range(3))]

    prompt = Prompt.objects.get()
    assert states[:2] == [("queued", 1), ("queued", 2)]
    assert (prompt.status, prompt.failure_code, prompt.attempt) == ("failed", "engine_error", 3)
    assert (balance_of(alice), refunds()) == (before + prompt.cost_mc, 1)
    assert books.faults() == []


def test_a_death_is_followed_by_a_pause_that_doubles(prompt_id, engine):
    engine("Dying")

    pauses = [(run(prompt_id).next_at - timezone.now()).total_seconds() for _ in range(2)]

    assert [round(pause) for pause in pauses] == [10, 20]
    assert Outbox.objects.get(topic="prompts.render").next_at == Prompt.objects.get().next_at


def test_a_busy_provider_costs_no_strike(prompt_id, engine):
    engine("Waiting")

    for _ in range(5):
        prompt = run(prompt_id)

    assert (prompt.status, prompt.strikes, prompt.attempt, refunds()) == ("queued", 0, 5, 0)


def test_an_attempt_that_ran_out_of_time_costs_one(prompt_id, engine):
    engine("Slow")

    prompt = run(prompt_id)

    assert (prompt.status, prompt.strikes) == ("queued", 1)


def test_of_a_half_made_set_nothing_is_shown(engine, api):
    engine("FailingLate")
    made = api.made(text="a fox", num_images="2")

    prompt = run(made["id"])

    assert (prompt.status, Output.objects.count()) == ("queued", 0)
    assert api.get(f"/prompts/{made['id']}").json()["images"] == []


# --- too late -------------------------------------------------------------------------------------------------------


def test_a_cancel_during_the_render_throws_its_work_away(prompt_id, alice, monkeypatch):
    before = balance_of(alice)
    monkeypatch.setattr(Obedient, "before_painting", lambda: lifecycle.cancel(prompt_id=prompt_id, now=timezone.now()))

    prompt = run(prompt_id)

    assert (prompt.status, Output.objects.count(), refunds()) == ("cancelled", 0, 1)
    assert balance_of(alice) == before + prompt.cost_mc
    assert not Asset.objects.filter(deleted_at=None).exists()


def test_a_worker_that_lost_its_lease_throws_its_work_away(prompt_id, monkeypatch):
    def another_takes_over():
        Prompt.objects.update(lease_until=timezone.now() - timezone.timedelta(seconds=1))
        assert lease.claim(Prompt, pk=prompt_id, worker="another", now=timezone.now()) == 2

    monkeypatch.setattr(Obedient, "before_painting", another_takes_over)

    prompt = run(prompt_id)

    assert (prompt.status, prompt.attempt, prompt.worker, prompt.strikes) == ("running", 2, "another", 1)
    assert Output.objects.count() == 0
    assert not Asset.objects.filter(deleted_at=None).exists()


def test_a_late_refusal_does_not_end_what_another_holds(prompt_id, engine, monkeypatch):
    attempt = lease.claim(Prompt, pk=prompt_id, worker="first", now=timezone.now())
    Prompt.objects.update(attempt=attempt + 1, worker="another")

    assert not lifecycle.fail(prompt_id=prompt_id, attempt=attempt, code="rejected", message="No.", now=timezone.now())
    assert Prompt.objects.get().status == "running"
