"""The real thing, as `make run` starts it: supervisor, web, worker and scheduler on a data folder of their own.

In the run on Postgres they get a database of their own on that server and Redis for their broker.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from astria_clone.settings import BASE_DIR
from tools.servers import free_port, redis

READY_S = 60


class Stack:
    """One running supervisor; its whole family carries a mark in the environment, by which it is found."""

    def __init__(self, *, env: dict[str, str], log: Path) -> None:
        self.data, self.port, self.mark = Path(env["DATA_DIR"]), int(env["PORT"]), env["STACK_TEST"]
        self.log = log
        command = [sys.executable, "-m", "astria_clone.supervisor"]
        with log.open("wb") as output:
            self.process = subprocess.Popen(command, cwd=BASE_DIR, env=env, stdout=output, stderr=subprocess.STDOUT)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def demo(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in (self.data / "demo.env").read_text().splitlines())

    def said(self) -> str:
        return self.log.read_text()

    def get(self, path: str) -> tuple[int, dict]:
        with urllib.request.urlopen(f"{self.url}{path}", timeout=10) as answer:
            return answer.status, json.load(answer)

    def wait_for(self, words: str) -> None:
        """Until these words were said and the server answers after them."""
        deadline = time.monotonic() + READY_S
        while True:
            with suppress(OSError):  # nobody listens yet
                if words in self.said() and self.get("/healthz")[0] == 200:
                    return
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def processes(self) -> dict[int, str]:
        """Process id → command line, the supervisor included; a zombie has neither."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
                if f"STACK_TEST={self.mark}".encode() in (folder / "environ").read_bytes():
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        return found

    def one(self, words: str) -> int:
        """The eldest process with these words in its command line."""
        return min(pid for pid, command in self.processes().items() if words in command)

    def interrupt(self) -> int:
        """Ctrl-C; the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@contextmanager
def installation(folder: Path, *, like: dict[str, str] | None = None) -> Iterator[dict[str, str]]:
    """The environment of one installation: data folder, port, database and broker of its own; nothing in them, or a
    copy of what another one holds while none of its programs runs.
    """
    if like:
        shutil.copytree(like["DATA_DIR"], folder / "data")
    with _database(like=like) as backing:
        env = _inherited() | backing | {"DATA_DIR": str(folder / "data"), "PORT": str(free_port()), "SAMPLES": "0"}
        yield env | {"STACK_TEST": uuid.uuid4().hex}


@contextmanager
def stacks(folder: Path) -> Iterator[Callable[..., Stack]]:
    """`start(NAME=value)` starts one more on the same port, data folder and database; all are gone afterwards."""
    started: list[Stack] = []
    with installation(folder) as env:

        def start(**more: str) -> Stack:
            started.append(Stack(env=env | more, log=folder / f"log{len(started)}"))
            return started[-1]

        try:
            yield start
        finally:
            for stack in started:
                stack.kill()


def _inherited() -> dict[str, str]:
    """Our environment without what points this run of the tests at its own database and settings."""
    ours = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "DATA_DIR", "LOG_LEVEL")
    return {name: value for name, value in os.environ.items() if name not in ours}


@contextmanager
def _database(*, like: dict[str, str] | None) -> Iterator[dict[str, str]]:
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield {}
        return
    name = f"stack_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection, _broker() as broker:
        template = urlsplit(like["DATABASE_URL"]).path[1:] if like else "template1"
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield {"DATABASE_URL": urlsplit(server)._replace(path=f"/{name}").geturl(), **broker}
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _broker() -> Iterator[dict[str, str]]:
    """A Redis server of its own, so that stacks which run at the same time do not take each other's messages."""
    program = shutil.which("redis-server")
    if program is None:
        yield {}
        return
    with redis(program) as url:
        yield {"CELERY_BROKER_URL": url}
