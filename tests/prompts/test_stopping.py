"""How a worker ends, and what one that died left behind."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from django.conf import settings as real_settings
from django.utils import timezone

from common.jobs import stopping
from common.jobs.models import Outbox
from engines import registry
from media.models import Asset
from prompts.models import Prompt
from prompts.rendering import pipeline
from tests.prompts.engines import Obedient


@pytest.fixture
def painting(monkeypatch):
    """`painting(f)` calls f in the middle of every render."""
    registry.configure({"motion": "tests.prompts.engines.Obedient"})
    monkeypatch.setattr(Obedient, "asked", [])
    yield lambda interrupt: monkeypatch.setattr(Obedient, "before_painting", interrupt)
    registry.configure(real_settings.ENGINES)


@pytest.fixture
def work(settings, tmp_path) -> Path:
    settings.WORK_DIR = tmp_path / "work"
    settings.WORK_DIR.mkdir()
    return settings.WORK_DIR


@pytest.fixture
def prompt_id(painting, work, api) -> int:
    return api.made(text="a fox")["id"]


def run(prompt_id: int) -> Prompt:
    pipeline.run(prompt_id=prompt_id, worker="test", now=timezone.now())
    return Prompt.objects.get(pk=prompt_id)


def announced(prompt_id: int) -> int:
    return Outbox.objects.filter(topic="prompts.render", ref=prompt_id).count()


def test_sigterm_in_the_middle_of_a_render_hands_the_prompt_back_without_a_strike(prompt_id, painting, work):
    painting(lambda: os.kill(os.getpid(), signal.SIGTERM))
    handler = signal.getsignal(signal.SIGTERM)

    prompt = run(prompt_id)

    assert (prompt.status, prompt.attempt, prompt.strikes) == ("queued", 1, 0)
    assert announced(prompt_id) == 1
    assert list(work.iterdir()) == []
    assert not Asset.objects.filter(kind=Asset.Kind.OUTPUT).exists()
    assert signal.getsignal(signal.SIGTERM) == handler

    painting(lambda: None)
    assert run(prompt_id).status == "succeeded"


def test_a_worker_that_is_ending_begins_nothing_and_leaves_the_announcement(prompt_id, monkeypatch):
    monkeypatch.setattr(stopping, "_ENDING", bytearray(1))
    stopping.begin_nothing_new()

    prompt = run(prompt_id)

    assert (prompt.status, prompt.attempt) == ("queued", 0)
    assert announced(prompt_id) == 1
    assert Obedient.asked == []


def test_folders_of_dead_attempts_go_and_those_of_living_ones_stay(prompt_id, api, work):
    other_id = api.made(text="a hare")["id"]
    Prompt.objects.filter(pk=other_id).update(status="running", attempt=2)
    for name in (f"prompt-{other_id}-1-dead", f"prompt-{other_id}-2-alive", "prompt-999999-1-gone"):
        (work / name / "inputs").mkdir(parents=True)

    assert run(prompt_id).status == "succeeded"

    assert [folder.name for folder in work.iterdir()] == [f"prompt-{other_id}-2-alive"]
