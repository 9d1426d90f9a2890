"""Stopping the server in the middle of a clip: nothing stays behind, and the next start goes on with the data."""

import signal
import time

import pytest

pytestmark = pytest.mark.process

CLIP = {"video_model": "wan22_fast_480p", "text": "a lighthouse", "video_prompt": "pan left"}


def _ended(stack) -> bool:
    return stack.process.wait(timeout=60) == 0 and stack.processes() == {}


def test_a_clip_that_can_be_finished_is_finished_first(parts):
    stack = parts.supervise()
    prompt = parts.customer(cents=10).create(**CLIP)["id"]

    with parts.frozen(prompt):
        stack.process.send_signal(signal.SIGTERM)

    assert _ended(stack)
    assert parts.status_of(prompt) == "succeeded"
    assert parts.outputs_of(prompt) == [f"{prompt}-0.mp4"]
    assert parts.work_in_progress() == []


def test_a_clip_that_takes_too_long_is_handed_back_and_goes_on_at_the_next_start(parts):
    stack = parts.supervise(SHUTDOWN_GRACE_S="1")
    customer = parts.customer(cents=10)
    prompt = customer.create(**CLIP)["id"]

    with parts.frozen(prompt):
        stack.process.send_signal(signal.SIGTERM)
        time.sleep(2.5)  # longer than the worker waits for it

    assert _ended(stack)
    handed_back = parts.sql(f"SELECT status, attempt, strikes FROM prompts_prompt WHERE id = {prompt}")
    assert handed_back == [("queued", 1, 0)]
    assert parts.work_in_progress() == []
    parts.supervise()
    (address,) = customer.ended(prompt)["images"]
    assert customer.call("GET", address).status == 200
    assert parts.outputs_of(prompt) == [f"{prompt}-0.mp4"]
    assert parts.ledger_of(prompt) == [("charge", 6_000)]
