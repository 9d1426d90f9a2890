"""A customer's server is told of every end, in the words of a GET, signed."""

import json

import pytest
from standardwebhooks import Webhook

from tests.common.servers import answering, serving
from tests.process.house import until

pytestmark = pytest.mark.process

SHORT = {"video_model": "wan22_fast_480p", "text": "a lighthouse", "video_prompt": "pan left"}
QUERY = "/hook?user=7&token=a%2Fb%20c&empty="


@pytest.fixture
def receiver():
    with serving(answering(200)) as server:
        yield server


def _told(receiver, house, customer) -> dict:
    """The prompt of the one message that came; its signature is checked as the customer would."""
    until(lambda: receiver.seen)
    (seen,) = receiver.seen
    secret = house.manage("signing_secret", customer.email).stdout.strip()
    body = Webhook(secret).verify(seen.body, seen.headers)
    assert (seen.method, seen.path) == ("POST", QUERY)
    assert list(body) == ["prompt"]
    assert body == json.loads(seen.body)
    return body["prompt"]


def test_success_is_told_signed_and_as_a_get_shows_it(live, receiver):
    customer = live.customer(cents=10)

    prompt = customer.create(**SHORT, callback=receiver.url(QUERY))
    told = _told(receiver, live, customer)

    assert told["images"]
    assert told == customer.prompt(prompt["id"])
    assert told["callback"] == receiver.url(QUERY)


def test_failure_is_told_too_with_its_reason_and_the_money_is_back(parts, receiver):
    parts.start("web", "scheduler")  # and no worker
    customer = parts.customer(cents=100)
    late = customer.create(**SHORT, callback=receiver.url(QUERY))["id"]
    parts.sql(f"UPDATE prompts_prompt SET deadline = '2020-01-01 00:00:00+00:00' WHERE id = {late}")

    told = _told(receiver, parts, customer)

    assert told["user_error"] == "Nobody could render this in time. You were not charged."
    assert (told["images"], told["id"]) == ([], late)
    assert told == customer.prompt(late)
    assert parts.ledger_of(late) == [("charge", 6_000), ("refund", 6_000)]
