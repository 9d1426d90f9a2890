"""Hundreds of requests at one moment: the wallet is spent to the last cent that fits, and nobody is turned away."""

from collections import Counter

import pytest

from tests.concurrency import together

pytestmark = pytest.mark.process

SIX_CENTS = {"video_model": "wan22_fast_480p", "text": "a lighthouse", "video_prompt": "pan left"}


def test_300_creates_at_once_take_exactly_what_the_wallet_holds(parts):
    parts.start("web")
    customer = parts.customer(cents=1000)

    def create(_: int):
        return customer.call("POST", "/tunes/1504944/prompts", fields=SIX_CENTS)

    answers = together(300, create)

    assert Counter(answer.status for answer in answers) == {201: 166, 422: 134}
    refused = [answer.json for answer in answers if answer.status == 422]
    assert refused == 134 * [{"base": ["Not enough balance. Add funds to continue."]}]
    assert customer.balance_mc() == 4_000
    ids = [answer.json["id"] for answer in answers if answer.status == 201]
    assert parts.prompts_of(customer) == sorted(ids)
    assert parts.manage("check_ledger").returncode == 0


def test_100_twins_of_one_request_are_one_prompt_and_one_charge(parts):
    parts.start("web")
    customer = parts.customer(cents=1000)

    def create(_: int):
        return customer.call("POST", "/tunes/1504944/prompts", fields=SIX_CENTS, headers={"Idempotency-Key": "twin"})

    answers = together(100, create)

    assert Counter(answer.status for answer in answers) == {201: 100}
    assert len({answer.body for answer in answers}) == 1
    assert Counter(answer.headers.get("Idempotent-Replayed") for answer in answers) == {None: 1, "true": 99}
    assert parts.prompts_of(customer) == [answers[0].json["id"]]
    assert customer.balance_mc() == 994_000
    assert parts.manage("check_ledger").returncode == 0
