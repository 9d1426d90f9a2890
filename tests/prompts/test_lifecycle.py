"""How a prompt ends: once, with its money, its files and its announcement in one transaction."""

from __future__ import annotations

import pytest
from django.utils import timezone

from billing.models import Transaction
from common.jobs.models import Outbox, Status
from media.models import Asset
from prompts import books, lifecycle
from prompts.lifecycle import ENDED_TOPIC, RENDER_TOPIC, Finished
from prompts.models import Output, Prompt
from tests.astria.http import balance_of, nothing_moves
from tests.prompts.making import claimed, stored, succeeded

PRICE_MC = 2_875


@pytest.fixture
def prompt_id(api) -> int:
    """Accepted a moment ago, for 2.875¢."""
    return api.made(text="a fox")["id"]


def now():
    return timezone.now()


def state(prompt_id: int) -> Prompt:
    return Prompt.objects.get(pk=prompt_id)


def messages() -> list[str]:
    return list(Outbox.objects.order_by("pk").values_list("topic", flat=True))


def refunds() -> int:
    return Transaction.objects.filter(kind="refund").count()


def fail(prompt_id, **fields):
    return lifecycle.fail(prompt_id=prompt_id, code="rejected", message="No.", now=now(), **fields)


def cancel(prompt_id):
    return lifecycle.cancel(prompt_id=prompt_id, now=now())


def exhaust(prompt_id, attempt):
    return lifecycle.exhaust(prompt_id=prompt_id, attempt=attempt, now=now())


# --- well -----------------------------------------------------------------------------------------------------------


def test_a_success_is_status_end_and_images_in_one_write(prompt_id, alice, tmp_path):
    paid = balance_of(alice)

    assert succeeded(prompt_id, claimed(prompt_id), tmp_path)

    prompt = state(prompt_id)
    assert (prompt.status, prompt.engine, prompt.preview, prompt.progress) == ("succeeded", "motion", True, 1.0)
    assert prompt.ended_at == prompt.updated_at is not None
    assert (prompt.lease_until, prompt.next_at, prompt.user_error) == (None, None, None)
    assert Output.objects.get().asset.expires_at is None
    assert messages() == [RENDER_TOPIC, ENDED_TOPIC]
    assert (balance_of(alice), refunds()) == (paid, 0)


def test_only_the_attempt_that_holds_it_succeeds(prompt_id, tmp_path):
    first = claimed(prompt_id)
    Prompt.objects.update(lease_until=now() - timezone.timedelta(seconds=1))
    second = claimed(prompt_id)

    assert not succeeded(prompt_id, first, tmp_path)
    assert (state(prompt_id).status, Output.objects.count()) == ("running", 0)
    assert succeeded(prompt_id, second, tmp_path)
    assert Output.objects.count() == 1


@pytest.mark.parametrize("status", [status for status in Status if status != Status.RUNNING])
def test_only_a_running_prompt_succeeds(prompt_id, tmp_path, status):
    attempt = claimed(prompt_id)
    Prompt.objects.update(status=status)

    assert not succeeded(prompt_id, attempt, tmp_path)
    assert (state(prompt_id).status, Output.objects.count()) == (status, 0)


def test_the_files_keep_their_order_and_seeds(prompt_id, tmp_path):
    assets = [stored(prompt_id, tmp_path) for _ in range(3)]

    lifecycle.succeed(
        prompt_id=prompt_id,
        attempt=claimed(prompt_id),
        outputs=[Finished(asset_id=asset.pk, seed=seed) for seed, asset in enumerate(assets, start=7)],
        engine="motion",
        preview=True,
        report={"unsupported": ["style"]},
        now=now(),
    )

    found = Output.objects.order_by("position").values_list("position", "asset_id", "seed")
    assert list(found) == [(n, asset.pk, 7 + n) for n, asset in enumerate(assets)]
    assert state(prompt_id).report == {"unsupported": ["style"]}


# --- badly ----------------------------------------------------------------------------------------------------------


def test_a_failure_gives_all_of_it_back_once(prompt_id, alice):
    attempt = claimed(prompt_id)

    assert [fail(prompt_id, attempt=attempt) for _ in range(3)] == [True, False, False]

    prompt = state(prompt_id)
    assert (prompt.status, prompt.failure_code, prompt.user_error) == ("failed", "rejected", "No.")
    assert prompt.ended_at is not None
    assert (refunds(), messages()) == (1, [ENDED_TOPIC])
    assert books.faults() == []


def test_a_failure_of_nobodys_is_for_prompts_that_nobody_holds(prompt_id):
    claimed(prompt_id)

    with nothing_moves():
        assert not fail(prompt_id)

    Prompt.objects.update(status="queued")
    assert fail(prompt_id)


def test_a_late_attempt_fails_nothing(prompt_id):
    attempt = claimed(prompt_id)

    with nothing_moves():
        assert not fail(prompt_id, attempt=attempt + 1)
        assert not exhaust(prompt_id, attempt + 1)

    assert state(prompt_id).status == "running"


def test_used_up_attempts_end_it_with_the_money_back(prompt_id, alice):
    attempt = claimed(prompt_id)

    assert [exhaust(prompt_id, attempt) for _ in range(2)] == [True, False]

    prompt = state(prompt_id)
    assert (prompt.status, prompt.failure_code) == ("failed", "engine_error")
    assert prompt.user_error == "Rendering failed. You were not charged."
    assert refunds() == 1


@pytest.mark.parametrize("status", ["waiting", "queued", "running"])
def test_a_cancel_stops_it_before_its_end_and_gives_the_money_back(prompt_id, alice, status):
    Prompt.objects.update(status=status)
    before = balance_of(alice)

    assert [cancel(prompt_id) for _ in range(3)] == [True, False, False]

    assert (state(prompt_id).status, state(prompt_id).user_error) == ("cancelled", "Cancelled")
    assert balance_of(alice) == before + PRICE_MC
    assert messages() == [ENDED_TOPIC]


@pytest.mark.parametrize("status", ["succeeded", "failed", "cancelled"])
def test_what_has_ended_stays_as_it_is(prompt_id, tmp_path, status):
    attempt = claimed(prompt_id)
    Prompt.objects.update(status=status)

    with nothing_moves():
        ended = [cancel(prompt_id), fail(prompt_id), fail(prompt_id, attempt=attempt), exhaust(prompt_id, attempt)]

    assert ended == [False] * 4
    assert state(prompt_id).status == status


# --- gone -----------------------------------------------------------------------------------------------------------


def test_a_prompt_is_deleted_once(prompt_id):
    assert [lifecycle.delete(prompt_id=prompt_id, now=now()) for _ in range(2)] == [True, False]

    assert state(prompt_id).deleted_at is not None


def test_its_results_die_with_the_same_write(prompt_id, tmp_path):
    succeeded(prompt_id, claimed(prompt_id), tmp_path)

    lifecycle.delete(prompt_id=prompt_id, now=now())

    assert not Asset.objects.filter(deleted_at=None).exists()


# --- the sweeper ----------------------------------------------------------------------------------------------------


def test_a_prompt_whose_worker_went_silent_comes_back(prompt_id):
    claimed(prompt_id)
    Outbox.objects.all().delete()

    lifecycle.sweep(now=now() + timezone.timedelta(minutes=5))

    assert (state(prompt_id).status, state(prompt_id).strikes) == ("queued", 1)
    assert messages() == [RENDER_TOPIC]


def test_the_third_silence_is_the_end(prompt_id, alice):
    before = balance_of(alice)
    moment = now()
    for _ in range(3):
        claimed(prompt_id)
        moment += timezone.timedelta(minutes=5)
        Prompt.objects.update(lease_until=moment)
        lifecycle.sweep(now=moment + timezone.timedelta(seconds=1))
        Prompt.objects.update(next_at=now())

    assert (state(prompt_id).status, state(prompt_id).failure_code) == ("failed", "engine_error")
    assert (balance_of(alice), refunds()) == (before + PRICE_MC, 1)


def test_a_prompt_that_nobody_renders_in_time_fails_with_the_money_back(prompt_id, alice, settings):
    before = balance_of(alice)
    in_time = state(prompt_id).deadline

    lifecycle.sweep(now=in_time)
    assert state(prompt_id).status == "queued"
    lifecycle.sweep(now=in_time + timezone.timedelta(seconds=1))

    assert (state(prompt_id).status, state(prompt_id).failure_code) == ("failed", "expired")
    assert balance_of(alice) == before + PRICE_MC


def test_a_waiting_prompt_is_under_no_deadline(prompt_id):
    Prompt.objects.update(status="waiting", deadline=None, next_at=None)

    lifecycle.sweep(now=now() + timezone.timedelta(days=400))

    assert state(prompt_id).status == "waiting"


# --- the books ------------------------------------------------------------------------------------------------------


def test_the_books_find_what_does_not_add_up(prompt_id, api):
    other = api.made(text="a hare")["id"]
    Prompt.objects.filter(pk=prompt_id).update(cost_mc=1)
    Prompt.objects.filter(pk=other).update(status="failed")

    assert books.faults() == [
        f"prompt {prompt_id}: costs 1 mc but was charged 2875",
        f"prompt {other}: failed, and not refunded",
    ]


def test_the_books_find_a_charge_without_a_prompt(prompt_id):
    Prompt.objects.all().delete()

    assert books.faults() == [f"prompt:{prompt_id}: charged, but there is no such prompt"]
