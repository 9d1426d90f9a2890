"""A worker that dies in the middle of a clip costs time, and nothing else."""

import os
import signal

import pytest

from tests.process.house import until

pytestmark = pytest.mark.process

LONG = {"video_model": "ltx23_720p", "video_duration": 10, "text": "a lighthouse", "video_prompt": "pan left"}
COST_MC = 34_000


def _renderer(house) -> int:
    """Process id of the worker's child that renders."""
    ((worker,),) = house.sql("SELECT worker FROM prompts_prompt WHERE status = 'running'")
    return int(worker.rpartition(":")[2])


def _kill_the_render(house) -> None:
    """kill -9 of the one process that renders: a child of the worker."""
    os.kill(_renderer(house), signal.SIGKILL)


def _kill_the_worker(house) -> None:
    """kill -9 of the worker and of every child it has."""
    os.killpg(os.getpgid(_renderer(house)), signal.SIGKILL)


@pytest.fixture
def customer(live):
    return live.customer(cents=100)


@pytest.fixture
def prompt(live, customer) -> int:
    """Id of a prompt in the middle of being rendered."""
    prompt_id = customer.create(**LONG)["id"]
    live.wait_for_the_middle_of(prompt_id)
    return prompt_id


def _attempts(house, prompt_id: int) -> tuple[str, int, int]:
    return house.sql(f"SELECT status, attempt, strikes FROM prompts_prompt WHERE id = {prompt_id}")[0]


@pytest.mark.parametrize("kill", [_kill_the_render, _kill_the_worker])
def test_kill_9_in_the_middle_of_a_clip_ends_in_one_clip_and_one_charge(live, customer, prompt, kill):
    kill(live)
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
    renderer = _renderer(live)
    os.kill(renderer, signal.SIGSTOP)
    until(lambda: _attempts(live, prompt) == ("queued", 1, 1))
    os.kill(renderer, signal.SIGCONT)

    ended = customer.ended(prompt)

    assert ended["user_error"] is None
    assert _attempts(live, prompt) == ("succeeded", 2, 1)
    assert live.outputs_of(prompt) == [f"{prompt}-0.mp4"]
    assert live.ledger_of(prompt) == [("charge", COST_MC)]


def test_the_third_death_is_the_last_and_the_money_comes_back(live, customer, prompt):
    live.sql(f"UPDATE prompts_prompt SET strikes = 2 WHERE id = {prompt}")

    _kill_the_render(live)
    ended = customer.ended(prompt)

    assert ended["user_error"] == "Rendering failed. You were not charged."
    assert ended["images"] == []
    assert live.outputs_of(prompt) == []
    assert live.ledger_of(prompt) == [("charge", COST_MC), ("refund", COST_MC)]
    assert customer.balance_mc() == 100_000
