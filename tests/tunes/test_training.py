"""From a paid tune to a trained one, and every other end that it can come to."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.conf import settings as real_settings
from django.utils import timezone

from billing import ledger
from callbacks.models import Delivery
from common.jobs import lease
from common.jobs.models import Outbox
from engines import registry
from engines.base import Rejected, Retryable
from media.models import Asset
from prompts import books
from prompts import lifecycle as prompts
from prompts.models import Prompt
from tests.prompts.engines import Obedient
from tests.tunes.making import tune_fields
from tunes import books as tune_books
from tunes import expiry, lifecycle, training
from tunes.models import Training, Tune, TuneFile, TuneImage


@pytest.fixture(autouse=True)
def engine(monkeypatch):
    """What the engine does in the middle of its work can be set."""
    registry.configure({"motion": "tests.prompts.engines.Obedient"})
    monkeypatch.setattr(Obedient, "asked", [])
    monkeypatch.setattr(Obedient, "trained", [])
    yield lambda interrupt: monkeypatch.setattr(Obedient, "before_painting", interrupt)
    registry.configure(real_settings.ENGINES)


@pytest.fixture
def made(api, picture):
    """`made(text, …)`: a tune with so many prompts, paid and queued."""

    def make(*texts, **fields):
        prompts = {f"prompts_attributes][{n}][text": text for n, text in enumerate(texts)}
        answer = api.post("/tunes", tune_fields(picture, pictures=3, **prompts, **fields))
        assert answer.status_code == 201, answer.content
        return answer.json()

    return make


def run(tune_id):
    training.run(training_id=Training.objects.get(tune_id=tune_id).pk, worker="test", now=timezone.now())
    return Training.objects.get(tune_id=tune_id)


def fails_with(error):
    def fail():
        raise error

    return fail


def test_a_trained_tune_has_what_the_engine_learned_and_thirty_days(made, api):
    tune = made()

    done = run(tune["id"])

    assert (done.status, done.engine, done.preview, done.progress) == ("succeeded", "motion", True, 1.0)
    got = api.get(f"/tunes/{tune['id']}").json()
    assert got["trained_at"] is not None
    assert got["started_training_at"] is not None
    row = Tune.objects.get(pk=tune["id"])
    assert row.expires_at - row.trained_at == timedelta(days=30)
    assert row.profile == {"pictures": 3, "steps": 300}
    assert TuneFile.objects.get(tune=row).asset.content_type == "image/png"
    assert books.faults() == tune_books.faults() == []


def test_the_engine_is_told_what_was_asked(made):
    tune = made(token="zxc", face_crop="true", preset="flux-lora-portrait")

    run(tune["id"])

    (asked,) = Obedient.trained
    assert (asked.kind, asked.name, asked.token, asked.base, asked.steps) == ("lora", "woman", "zxc", "flux1", 300)
    assert (len(asked.pictures), asked.face_crop, asked.options["preset"]) == (3, True, "flux-lora-portrait")


def test_its_prompts_are_rendered_afterwards_with_what_was_learned(made, run_jobs):
    tune = made("ohwx woman in a garden", "ohwx woman by the sea")

    run_jobs()

    assert list(Prompt.objects.values_list("status", flat=True)) == ["succeeded", "succeeded"]
    subject = Obedient.asked[0].subjects[0]
    assert subject.profile == {"pictures": 3, "steps": 300}
    assert [path.suffix for path in subject.pictures] == [".png"]
    assert (subject.kind, subject.tune_id) == ("lora", tune["id"])


def test_a_prompt_that_comes_while_it_trains_waits_and_then_runs(made, api, run_jobs):
    tune = made()
    later = api.made(path=f"/tunes/{tune['id']}/prompts", text="ohwx woman")
    assert Prompt.objects.get(pk=later["id"]).status == "waiting"

    run_jobs()

    assert Prompt.objects.get(pk=later["id"]).status == "succeeded"


def test_a_prompt_on_two_tunes_waits_for_both(made, api, run_jobs):
    first, second = made(), made()
    later = api.made(path=f"/tunes/{first['id']}/prompts", text=f"<lora:{second['id']}:1> two of them")

    run(first["id"])
    prompts.release(tune_id=first["id"], now=timezone.now())
    assert Prompt.objects.get(pk=later["id"]).status == "waiting"
    run(second["id"])
    run_jobs()

    assert Prompt.objects.get(pk=later["id"]).status == "succeeded"


def test_what_the_engine_refuses_fails_and_gives_everything_back(made, api, alice, engine, run_jobs):
    before = ledger.balance_mc(alice.personal_workspace.pk)
    tune = made("ohwx woman", callback="https://example.com/done")
    engine(fails_with(Rejected("No face is to be seen.")))

    run_jobs()

    got = api.get(f"/tunes/{tune['id']}").json()
    assert (got["trained_at"], got["user_error"]) == (None, "No face is to be seen. You were not charged.")
    prompt = api.get(f"/prompts/{tune['prompts'][0]['id']}").json()
    assert "could not be trained" in prompt["user_error"]
    assert prompt["trained_at"] is not None
    assert ledger.balance_mc(alice.personal_workspace.pk) == before
    assert Delivery.objects.filter(kind="tune", ref=tune["id"]).count() == 1
    assert api.create(path=f"/tunes/{tune['id']}/prompts", text="x").status_code == 422
    assert books.faults() == tune_books.faults() == []


def test_three_dead_attempts_are_the_end(made, alice, engine):
    before = ledger.balance_mc(alice.personal_workspace.pk)
    tune = made()
    engine(fails_with(RuntimeError("a defect")))

    for _ in range(lease.STRIKES):
        Training.objects.update(next_at=timezone.now())
        done = run(tune["id"])

    assert (done.status, done.failure_code, done.strikes) == ("failed", "engine_error", 2)
    assert ledger.balance_mc(alice.personal_workspace.pk) == before


def test_what_may_work_later_is_tried_again_without_a_strike(made, engine):
    tune = made()
    engine(fails_with(Retryable("The provider is busy.")))

    done = run(tune["id"])

    assert (done.status, done.strikes, done.attempt) == ("queued", 0, 1)
    assert done.next_at > timezone.now() + timedelta(seconds=5)
    assert Outbox.objects.filter(topic="tunes.train", ref=done.pk).exists()


def test_a_tune_deleted_while_it_trains_keeps_nothing_of_it(made, api, alice, engine):
    before = ledger.balance_mc(alice.personal_workspace.pk)
    tune = made()
    engine(lambda: api.delete(f"/tunes/{tune['id']}"))

    done = run(tune["id"])

    assert done.status == "cancelled"
    assert not TuneFile.objects.exists()
    assert not TuneImage.objects.filter(tune_id=tune["id"]).exists()
    assert set(Asset.objects.filter(workspace=alice.personal_workspace).values_list("deleted_at", flat=True)) != {None}
    assert ledger.balance_mc(alice.personal_workspace.pk) == before


def test_one_that_nobody_trains_in_time_is_given_back(made, alice):
    before = ledger.balance_mc(alice.personal_workspace.pk)
    tune = made()

    lifecycle.sweep(now=timezone.now() + timedelta(hours=25))

    assert Training.objects.get(tune_id=tune["id"]).failure_code == "expired"
    assert ledger.balance_mc(alice.personal_workspace.pk) == before


def test_a_silent_worker_loses_it_and_the_next_one_goes_on(made):
    tune = made()
    row = Training.objects.get(tune_id=tune["id"])
    lease.claim(Training, pk=row.pk, worker="dead", now=timezone.now())

    lifecycle.sweep(now=timezone.now() + timedelta(minutes=5))

    assert Training.objects.get(pk=row.pk).status == "queued"
    Training.objects.update(next_at=timezone.now())
    assert run(tune["id"]).status == "succeeded"


# --- callbacks ------------------------------------------------------------------------------------------------------


def bodies(kind):
    return [json.loads(delivery.body) for delivery in Delivery.objects.filter(kind=kind).order_by("pk")]


def test_four_callbacks_tell_of_a_tune_with_two_prompts(made, run_jobs, receiver):
    server = receiver(200)
    tune = made(
        "ohwx woman in a garden", "ohwx woman by the sea",
        **{"callback": f"{server.url()}/tune?order=7", "prompts_callback": f"{server.url()}/all",
           "prompts_attributes][0][callback": f"{server.url()}/first",
           "prompts_attributes][1][callback": f"{server.url()}/second"},
    )  # fmt: skip

    run_jobs()

    assert sorted(request.path for request in server.seen) == ["/all", "/first", "/second", "/tune?order=7"]
    (told,) = bodies("tune")
    assert told["tune"]["id"] == tune["id"]
    assert told["tune"]["trained_at"] is not None
    (together,) = bodies("prompts")
    assert [prompt["id"] for prompt in together["prompts"]] == [prompt["id"] for prompt in tune["prompts"]]
    assert all(prompt["images"] for prompt in together["prompts"])


def test_a_face_is_told_of_too(made, run_jobs):
    made(model_type="faceid", callback="https://example.com/face")

    run_jobs()

    assert len(bodies("tune")) == 1


# --- mocks ----------------------------------------------------------------------------------------------------------


def test_a_mock_is_free_and_its_prompts_are_canned(made, api, run_jobs):
    tune = made("anything", branch="fast", base_tune_id=None, model_type=None)
    assert (tune["branch"], tune["token"], tune["cost_mc"], tune["base_tune_id"]) == ("fast", "sks", 0, None)
    Training.objects.update(next_at=timezone.now())
    Outbox.objects.update(next_at=timezone.now())

    run_jobs()
    clip = api.made(path=f"/tunes/{tune['id']}/prompts", video_model="kling25", video_prompt="pan left", text="x")
    run_jobs()

    picture = api.get(f"/prompts/{tune['prompts'][0]['id']}").json()
    assert (picture["cost_mc"], len(picture["images"]), picture["engine"]) == (0, 1, "mock")
    assert api.get(f"/prompts/{clip['id']}").json()["content_types"] == ["video/mp4"]
    assert clip["cost_mc"] == 0
    assert Obedient.asked == Obedient.trained == []


# --- storage --------------------------------------------------------------------------------------------------------


@pytest.fixture
def old(made, run_jobs):
    """A tune whose thirty days are over."""

    def make(**fields):
        tune = made(**fields)
        run_jobs()
        Tune.objects.filter(pk=tune["id"]).update(expires_at=timezone.now())
        return tune

    return make


def test_after_thirty_days_its_pictures_go_and_prompts_are_refused(old, api):
    tune = old()

    expiry.sweep(now=timezone.now())

    assert api.get(f"/tunes/{tune['id']}").json()["orig_images"] == []
    answer = api.create(path=f"/tunes/{tune['id']}/prompts", text="ohwx woman")
    assert answer.json() == {"tune": [f"{tune['id']} has expired"]}


def test_one_that_is_to_be_kept_is_paid_for_once(old, api, alice):
    tune = old(auto_extend="true")
    before = ledger.balance_mc(alice.personal_workspace.pk)

    expiry.sweep(now=timezone.now())
    expiry.sweep(now=timezone.now())

    row = Tune.objects.get(pk=tune["id"])
    assert row.expires_at > timezone.now() + timedelta(days=29)
    assert before - ledger.balance_mc(alice.personal_workspace.pk) == 50_000
    assert len(api.get(f"/tunes/{tune['id']}").json()["orig_images"]) == 3


def test_one_that_is_to_be_kept_and_can_not_be_paid_expires(old, alice):
    tune = old(auto_extend="true")
    workspace = alice.personal_workspace.pk
    ledger.charge(
        payer_id=workspace, amount_mc=ledger.balance_mc(workspace), reference="all", facts={}, now=timezone.now()
    )

    expiry.sweep(now=timezone.now())

    assert Tune.objects.get(pk=tune["id"]).expired_at is not None
