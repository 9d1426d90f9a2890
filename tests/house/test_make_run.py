"""The whole stack as `make run` starts it, on a fresh data folder and again on the same one."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
import urllib.request
import uuid
from contextlib import suppress
from pathlib import Path

import pytest

from astria_clone.settings import BASE_DIR
from tools.servers import free_port

pytestmark = pytest.mark.process


class Stack:
    def __init__(self, data, port, log, mark):
        self.data, self.port, self.log, self.mark = data, port, log, mark
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "astria_clone.supervisor"],
                cwd=BASE_DIR,
                env={**inherited(), "DATA_DIR": str(data), "PORT": str(port), "STACK_TEST": mark},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait_until_ready(self):
        deadline = time.monotonic() + 60
        while "Ready: " not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.status, json.load(answer)

    def processes(self):
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if f"STACK_TEST={self.mark}".encode() in (folder / "environ").read_bytes():
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
        return found

    def one(self, words):
        return next(pid for pid, command in sorted(self.processes().items()) if words in command)

    def wait_for(self, words):
        """Until these words were said and the server answers after them."""
        deadline = time.monotonic() + 30
        while True:
            with suppress(OSError):  # nobody listens yet
                if words in self.log.read_text() and self.get("/healthz")[0] == 200:
                    return
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)


def inherited():
    """Our environment without what points this run of the tests at its own database and settings."""
    ours = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "DATA_DIR", "LOG_LEVEL")
    return {name: value for name, value in os.environ.items() if name not in ours}


@pytest.fixture
def stack(tmp_path):
    port, mark, started = free_port(), uuid.uuid4().hex, []

    def start():
        started.append(Stack(tmp_path / "data", port, tmp_path / f"log{len(started)}", mark))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()
        for pid in one.processes():
            os.kill(pid, signal.SIGKILL)


def test_it_starts_survives_a_death_ends_and_starts_again_with_its_data(stack):
    first = stack()
    first.wait_until_ready()

    demo = first.data / "demo.env"
    lines = dict(line.split("=", 1) for line in demo.read_text().splitlines())
    assert list(lines) == ["BASE_URL", "API_KEY", "EMAIL", "PASSWORD", "ADMIN_EMAIL", "ADMIN_PASSWORD"]
    assert lines["BASE_URL"] == f"http://localhost:{first.port}"
    assert stat.S_IMODE(demo.stat().st_mode) == 0o600
    assert demo.read_text() in first.log.read_text()
    assert first.get("/healthz") == (200, {"ok": True})
    assert first.get("/readyz")[1]["ok"] is True

    os.kill(first.one(" gunicorn "), signal.SIGKILL)
    first.wait_for("supervisor | web was killed by SIGKILL; starting it again in 0.5 s\n")
    assert first.get("/readyz")[1]["ok"] is True

    assert first.interrupt() == 0
    assert first.processes() == {}

    second = stack()
    second.wait_until_ready()
    assert dict(line.split("=", 1) for line in demo.read_text().splitlines()) == lines
    assert second.get("/readyz")[1]["ok"] is True
    assert second.interrupt() == 0
