"""The whole product as `make run` starts it: what it weighs when idle, and how soon a prompt is picked up."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from random import Random
from statistics import median
from types import SimpleNamespace
from typing import Any

import httpx

from astria_clone.supervisor.__main__ import programs
from bench.amounts import TUNE
from bench.processes import Family, ask
from bench.ratios import Ratios
from tools.servers import free_port

START_S = 60
IDLE_S = 5
JOBS = 12  # a round
SMALL = {"prompt": {"text": "a red apple", "w": 256, "h": 256}}


class Stack:
    def __init__(self, family: Family, data: Path, port: int) -> None:
        self.family = family
        self._data = data
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20)

    def wait(self) -> None:
        """Until `/healthz` answers and the demo key is written."""
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            self.family.check()
            try:
                if self._client.get("/healthz").is_success and (self._data / "demo.env").exists():
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        demo = dict(line.split("=", 1) for line in (self._data / "demo.env").read_text().splitlines())
        self._client.headers["Authorization"] = f"Bearer {demo['API_KEY']}"

    def idle_pss_mb(self) -> float:
        time.sleep(IDLE_S)
        return self.family.pss_mb()

    def pick_ups(self, count: int) -> list[float]:
        """Seconds from each prompt's arrival, before it was accepted, to the start of its rendering."""
        random, waited = Random(1), []
        for _ in range(count):
            time.sleep(0.1 + random.random() * 0.05)
            waited.append(self._pick_up())
        return waited

    def _pick_up(self) -> float:
        prompt = self._client.post(f"/tunes/{TUNE}/prompts", json=SMALL).raise_for_status().json()
        while not prompt["trained_at"]:
            time.sleep(0.05)
            prompt = self._client.get(f"/prompts/{prompt['id']}").raise_for_status().json()
        return (_moment(prompt, "started_training_at") - _moment(prompt, "created_at")).total_seconds()

    def close(self) -> None:
        self._client.close()
        self.family.stop()


def _moment(prompt: dict[str, Any], name: str) -> datetime:
    return datetime.fromisoformat(prompt[name])


@contextmanager
def running(folder: Path) -> Iterator[Stack]:
    """Supervisor, web, worker and scheduler on a data folder of their own, with the embedded defaults."""
    folder.mkdir()
    port, data = free_port(), folder / "data"
    env = {"DATA_DIR": str(data), "PORT": str(port), "SAMPLES": "0"}
    stack = Stack(Family([sys.executable, "-m", "astria_clone.supervisor"], env=env, log=folder / "log"), data, port)
    try:
        stack.wait()
        yield stack
    finally:
        stack.close()


@contextmanager
def bare_celery(folder: Path) -> Iterator[dict[str, str]]:
    """A worker of the floor of the queue, with the flags of the product's; yields the environment to ring it in."""
    (folder / "broker").mkdir(parents=True)
    env = {"BENCH_BROKER": str(folder / "broker")}
    chosen = SimpleNamespace(BIND="", PORT=0, WEB_PROCESSES=1, WEB_THREADS=1, RENDER_SLOTS=1)
    worker = next(program for program in programs(chosen) if program.name == "worker")
    command = ["bench.bare_celery" if word == "astria_clone" else word for word in worker.argv]
    family = Family(command, env={**env, **worker.env}, log=folder / "log")
    try:
        yield env
    finally:
        family.stop()


def pick_up(stack: Stack, bare_env: dict[str, str], *, rounds: int) -> Ratios:
    """p50 of each round in ms: the product against bare Celery; the first job of each warms up."""
    _ring(bare_env, 1)
    stack.pick_ups(1)
    pairs = []
    for _ in range(rounds):
        bare, ours = _ring(bare_env, JOBS), stack.pick_ups(JOBS)
        pairs.append((1000 * median(ours), 1000 * median(bare)))
    return Ratios(pairs)


def _ring(env: dict[str, str], count: int) -> list[float]:
    return list(json.loads(ask("bench.bare_celery", str(count), env=env)))
