"""Stopping the server in the middle of a clip: nothing stays behind, and the next start goes on with the data."""

import signal

import pytest

pytestmark = pytest.mark.process

LONG = {"video_model": "ltx23_720p", "video_duration": 20, "text": "a lighthouse", "video_prompt": "pan left"}


def _stop(stack) -> None:
    stack.process.send_signal(signal.SIGTERM)
    assert stack.process.wait(timeout=60) == 0
    assert stack.processes() == {}


def test_a_clip_that_is_nearly_done_is_finished_first(parts):
    stack = parts.supervise()
    customer = parts.customer(cents=100)
    prompt = customer.create(**LONG)["id"]
    parts.wait_for_the_middle_of(prompt)

    _stop(stack)

    assert parts.status_of(prompt) == "succeeded"
    assert parts.outputs_of(prompt) == [f"{prompt}-0.mp4"]
    assert parts.work_in_progress() == []


def test_a_clip_that_takes_too_long_is_handed_back_and_goes_on_at_the_next_start(parts):
    stack = parts.supervise(SHUTDOWN_GRACE_S="1")
    customer = parts.customer(cents=100)
    prompt = customer.create(**LONG)["id"]
    parts.wait_for_the_middle_of(prompt)

    _stop(stack)

    handed_back = parts.sql(f"SELECT status, attempt, strikes FROM prompts_prompt WHERE id = {prompt}")
    assert handed_back == [("queued", 1, 0)]
    assert parts.work_in_progress() == []
    parts.supervise()
    (address,) = customer.ended(prompt)["images"]
    assert customer.call("GET", address).status == 200
    assert parts.outputs_of(prompt) == [f"{prompt}-0.mp4"]
    assert parts.ledger_of(prompt) == [("charge", 68_000)]
