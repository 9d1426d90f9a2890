"""A worker that dies in the middle of a clip costs time, and nothing else."""

import os
import signal

import pytest

from tests.process.house import until

pytestmark = pytest.mark.process

CLIP = {"video_model": "wan22_fast_480p", "text": "a lighthouse", "video_prompt": "pan left"}
COST_MC = 6_000


def _kill_the_render(renderer: int) -> None:
    """kill -9 of the one process that renders: a child of the worker."""
    os.kill(renderer, signal.SIGKILL)


def _kill_the_worker(renderer: int) -> None:
    """kill -9 of the worker and of every child it has."""
    os.killpg(os.getpgid(renderer), signal.SIGKILL)


@pytest.fixture
def customer(live):
    return live.customer(cents=100)


@pytest.fixture
def prompt(customer) -> int:
    return customer.create(**CLIP)["id"]


def _attempts(house, prompt_id: int) -> tuple[str, int, int]:
    return house.sql(f"SELECT status, attempt, strikes FROM prompts_prompt WHERE id = {prompt_id}")[0]


@pytest.mark.parametrize("kill", [_kill_the_render, _kill_the_worker])
def test_kill_9_in_the_middle_of_a_clip_ends_in_one_clip_and_one_charge(live, customer, prompt, kill):
    with live.frozen(prompt) as renderer:
        kill(renderer)
    ended = customer.ended(prompt)

    assert ended["user_error"] is None
    assert len(ended["images"]) == 1
    assert _attempts(live, prompt) == ("succeeded", 2, 1)
    assert live.outputs_of(prompt) == [f"{prompt}-0.mp4"]
    assert live.ledger_of(prompt) == [("charge", COST_MC)]
    assert customer.balance_mc() == 100_000 - COST_MC
    assert until(lambda: live.work_in_progress() == [])
    assert live.manage("check_ledger").returncode == 0


def test_a_worker_that_was_frozen_and_wakes_up_late_changes_nothing(live, customer, prompt):
    with live.frozen(prompt):
        until(lambda: _attempts(live, prompt) == ("queued", 1, 1))

    ended = customer.ended(prompt)

    assert ended["user_error"] is None
    assert _attempts(live, prompt) == ("succeeded", 2, 1)
    assert live.outputs_of(prompt) == [f"{prompt}-0.mp4"]
    assert live.ledger_of(prompt) == [("charge", COST_MC)]


def test_the_third_death_is_the_last_and_the_money_comes_back(live, customer, prompt):
    with live.frozen(prompt) as renderer:
        live.sql(f"UPDATE prompts_prompt SET strikes = 2 WHERE id = {prompt}")
        _kill_the_render(renderer)
    ended = customer.ended(prompt)

    assert ended["user_error"] == "Rendering failed. You were not charged."
    assert ended["images"] == []
    assert live.outputs_of(prompt) == []
    assert live.ledger_of(prompt) == [("charge", COST_MC), ("refund", COST_MC)]
    assert customer.balance_mc() == 100_000
