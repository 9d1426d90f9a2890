"""Ends that are tried at one moment by many: one of them counts, and the money with it (R3, R7, R15, R20, R23)."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts import keys
from billing import ledger
from billing.models import Transaction
from common.jobs import lease
from prompts import books, lifecycle
from prompts.models import Output, Prompt
from tests.astria.http import Api, balance_of
from tests.concurrency import together
from tests.prompts.making import claimed, succeeded

pytestmark = pytest.mark.django_db(transaction=True)
PRICE_MC = 2_875


@pytest.fixture
def funded(server, alice, rich):
    """`funded(mc)`: the text of Alice's key, with so much in her wallet."""

    def make(mc: int) -> str:
        rich(alice, mc)
        return keys.issue(user=alice, workspace=alice.personal_workspace, name="test")[1]

    return make


@pytest.fixture
def prompt_id(funded) -> int:
    return Api(funded(1_000_000)).made(text="a fox")["id"]


def refunds() -> int:
    return Transaction.objects.filter(kind="refund").count()


def test_of_eight_workers_one_gets_it(prompt_id):
    attempts = together(8, lambda number: lease.claim(Prompt, pk=prompt_id, worker=f"w{number}", now=timezone.now()))

    assert sorted(attempts, key=str) == [1] + [None] * 7


@pytest.mark.parametrize("ending", ["fail", "cancel", "exhaust", "delete"])
def test_every_end_counts_once(prompt_id, alice, ending):
    attempt = claimed(prompt_id)
    now = timezone.now()
    ends = {
        "fail": lambda _: lifecycle.fail(prompt_id=prompt_id, attempt=attempt, code="rejected", message="No.", now=now),
        "cancel": lambda _: lifecycle.cancel(prompt_id=prompt_id, now=now),
        "exhaust": lambda _: lifecycle.exhaust(prompt_id=prompt_id, attempt=attempt, now=now),
        "delete": lambda _: lifecycle.delete(prompt_id=prompt_id, now=now),
    }

    results = together(4, ends[ending])

    assert sorted(results) == [False, False, False, True]
    assert (refunds(), balance_of(alice)) == (1, 1_000_000)
    assert books.faults() == []


@pytest.mark.parametrize("ending", ["cancel", "delete", "fail"])
def test_success_and_another_end_at_once_leave_one_of_them(prompt_id, alice, tmp_path, ending):
    attempt = claimed(prompt_id)
    now = timezone.now()
    ends = {
        "cancel": lambda: lifecycle.cancel(prompt_id=prompt_id, now=now),
        "delete": lambda: lifecycle.delete(prompt_id=prompt_id, now=now),
        "fail": lambda: lifecycle.fail(prompt_id=prompt_id, attempt=attempt, code="rejected", message="No.", now=now),
    }

    won, _ = together(2, lambda number: succeeded(prompt_id, attempt, tmp_path) if number == 0 else ends[ending]())

    prompt = Prompt.objects.get()
    assert won == (prompt.status == "succeeded")
    assert Output.objects.count() == (1 if won else 0)
    assert (refunds(), balance_of(alice)) == ((0, 1_000_000 - PRICE_MC) if won else (1, 1_000_000))
    assert books.faults() == []


def test_twenty_creates_on_a_wallet_for_seven_make_seven(funded, alice):
    key = funded(7 * PRICE_MC + 1)

    codes = together(20, lambda _: Api(key).create(text="a fox").status_code)

    assert sorted(codes) == [201] * 7 + [422] * 13
    assert (balance_of(alice), Prompt.objects.count()) == (1, 7)
    assert books.faults() == []


def test_twenty_twins_make_one_prompt(funded, alice):
    key = funded(1_000_000)

    answers = together(20, lambda _: Api(key).create(text="a fox", headers={"Idempotency-Key": "twins"}))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 19
    assert (balance_of(alice), Prompt.objects.count()) == (1_000_000 - PRICE_MC, 1)


def test_deleting_twice_at_once_deletes_once(prompt_id, funded, alice):
    key = funded(1)

    codes = together(4, lambda _: Api(key).delete(f"/prompts/{prompt_id}").status_code)

    assert sorted(codes) == [200, 404, 404, 404]
    assert ledger.balance_mc(alice.personal_workspace.pk) == 1_000_001
