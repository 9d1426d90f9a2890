"""A worker that dies in the middle of a clip costs time, and nothing else."""

import os
import signal

import pytest

from tests.process.house import until

pytestmark = pytest.mark.process

LONG = {"video_model": "ltx23_720p", "video_duration": 20, "text": "a lighthouse", "video_prompt": "pan left"}
COST_MC = 68_000


def _kill_the_render(house) -> None:
    """kill -9 of the one process that renders: a child of the worker."""
    (worker,) = house.sql("SELECT worker FROM prompts_prompt WHERE status = 'running'")
    os.kill(int(worker[0].rpartition(":")[2]), signal.SIGKILL)


def _kill_the_worker(house) -> None:
    """kill -9 of the worker and of every child it has."""
    (worker,) = house.sql("SELECT worker FROM prompts_prompt WHERE status = 'running'")
    os.killpg(os.getpgid(int(worker[0].rpartition(":")[2])), signal.SIGKILL)


@pytest.mark.parametrize("kill", [_kill_the_render, _kill_the_worker])
def test_kill_9_in_the_middle_of_a_clip_ends_in_one_clip_and_one_charge(live, kill):
    customer = live.customer(cents=100)
    prompt = customer.create(**LONG)
    live.wait_for_the_middle_of(prompt["id"])

    kill(live)
    ended = customer.ended(prompt["id"])

    assert ended["user_error"] is None
    assert len(ended["images"]) == 1
    assert live.sql(f"SELECT attempt, strikes FROM prompts_prompt WHERE id = {prompt['id']}") == [(2, 1)]
    assert live.outputs_of(prompt["id"]) == [f"{prompt['id']}-0.mp4"]
    assert live.ledger_of(prompt["id"]) == [("charge", COST_MC)]
    assert customer.balance_mc() == 100_000 - COST_MC
    assert until(lambda: live.work_in_progress() == [])
    assert live.manage("check_ledger").returncode == 0
