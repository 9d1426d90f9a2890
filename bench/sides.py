"""The two web servers that are compared: the product's own command line, and the floor's application under the same."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, Literal

from astria_clone.supervisor.__main__ import programs
from bench import load
from bench.amounts import TEXT, TUNE, VIDEO_MODEL, VIDEO_PROMPT
from bench.processes import Family, ask
from tools.servers import free_port

Name = Literal["product", "floor"]
START_S = 60
BODY = {"prompt": {"text": TEXT, "video_model": VIDEO_MODEL, "video_prompt": VIDEO_PROMPT, "callback": ""}}


@dataclass
class Side:
    """One running server with its customers. `accepted` counts the 201 that it has given."""

    name: Name
    env: dict[str, str]
    family: Family
    port: int
    customers: list[dict[str, Any]]
    accepted: int = 0

    def source(self, what: str) -> load.Source:
        """Requests by all customers in turn, made beforehand; a create carries an Idempotency-Key of its own."""
        random, many = Random(what), 8 * len(self.customers)
        if what == "accept":
            start = self.accepted
            return lambda n: self._create(start + n)
        made = [self._read(what, self.customers[n % len(self.customers)], random) for n in range(many)]
        return lambda n: made[n % many]

    def _create(self, number: int) -> bytes:
        key = self.customers[number % len(self.customers)]["key"]
        path = f"/tunes/{TUNE}/prompts"
        return load.request("POST", path, key=key, body=BODY, once=f"bench-{number}-{time.perf_counter_ns()}")

    def _read(self, what: str, customer: dict[str, Any], random: Random) -> bytes:
        one = f"/{random.choice(customer['prompts'])}" if what == "poll" else ""
        return load.request("GET", f"/tunes/{TUNE}/prompts{one}", key=customer["key"])

    def tally(self) -> dict[str, int]:
        return dict(json.loads(ask("bench.tables", self.name, "tally", env=self.env)))

    def faults(self) -> list[str]:
        """What the product's own check of its books finds; the floor has none."""
        return (
            list(json.loads(ask("bench.tables", "product", "faults", env=self.env))) if self.name == "product" else []
        )


@contextmanager
def serving(name: Name, *, database_url: str, processes: int, folder: Path, broker: dict[str, str]) -> Iterator[Side]:
    """Fill the database, start the server, and wait until it answers."""
    folder.mkdir()
    env = {"DATABASE_URL": database_url, "DATA_DIR": str(folder / "data"), "DEMO": "0", "LOG_LEVEL": "ERROR"}
    env |= broker
    env["DJANGO_SETTINGS_MODULE"] = "bench.floor.settings" if name == "floor" else "astria_clone.settings"
    customers = json.loads(ask("bench.tables", name, "fill", env=env))
    port = free_port()
    family = Family(_command(name, port, processes), env=env, log=folder / "log")
    try:
        _wait(family, port)
        yield Side(name, env, family, port, customers)
    finally:
        family.stop()


def _command(name: Name, port: int, processes: int) -> list[str]:
    """gunicorn exactly as `make run` starts it, threads included."""
    chosen = SimpleNamespace(BIND="127.0.0.1", PORT=port, WEB_PROCESSES=processes, WEB_THREADS=8, RENDER_SLOTS=1)
    web = next(program for program in programs(chosen) if program.name == "web")
    return [word.replace("astria_clone.wsgi", "bench.floor.wsgi") if name == "floor" else word for word in web.argv]


def _wait(family: Family, port: int) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        family.check()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server did not answer in time")
