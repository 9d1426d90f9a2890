"""The database is the queue; the broker only rings. Nothing that was accepted depends on who heard it."""

import pytest

from tests.process.house import until

pytestmark = pytest.mark.process

SHORT = {"video_model": "wan22_fast_480p", "text": "a lighthouse", "video_prompt": "pan left"}


@pytest.fixture
def customer(parts):
    return parts.customer(cents=100)


def test_what_was_accepted_while_no_worker_ran_is_rendered_once_one_does(parts, customer):
    parts.start("web")
    prompt = customer.create(**SHORT)
    until(lambda: parts.messages() == 1)

    parts.start("worker")

    assert len(customer.ended(prompt["id"])["images"]) == 1
    assert parts.ledger_of(prompt["id"]) == [("charge", 6_000)]


def test_a_broker_that_forgot_everything_is_told_again(parts, customer):
    parts.start("web")
    prompt = customer.create(**SHORT)
    until(lambda: parts.messages() == 1)
    parts.lose_messages()
    assert parts.messages() == 0

    parts.start("scheduler", "worker")

    assert len(customer.ended(prompt["id"])["images"]) == 1
    assert parts.ledger_of(prompt["id"]) == [("charge", 6_000)]


def test_a_server_that_is_killed_right_after_its_answer_has_lost_nothing(parts, customer):
    parts.start("web")
    prompt = customer.create(**SHORT)
    parts.kill("web")
    parts.lose_messages()

    parts.start("scheduler", "worker", "web")

    assert len(customer.ended(prompt["id"])["images"]) == 1
    assert parts.ledger_of(prompt["id"]) == [("charge", 6_000)]
