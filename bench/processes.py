"""Processes started here and all their descendants: found by a mark in their environment, measured in /proc (Linux)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


class Family:
    """A program with its children; end it with `stop`."""

    def __init__(self, command: Sequence[str], *, env: Mapping[str, str], log: Path) -> None:
        self._mark = f"BENCH_MARK={uuid.uuid4().hex}"
        name, _, value = self._mark.partition("=")
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env={**plain_environment(), **env, name: value}, stdout=output, stderr=output
            )

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(timeout=20)
        finally:
            for pid in self.pids():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._process.wait()

    def check(self) -> None:
        """:raises RuntimeError: it has ended, with what it said"""
        if self._process.poll() is not None:
            raise RuntimeError(f"ended with {self._process.returncode}:\n{self._log.read_text()[-3000:]}")

    def pids(self) -> list[int]:
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
                if self._mark.encode() in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
        return found

    def cpu_s(self) -> float:
        """Processor seconds, user and system, of all its living processes."""
        total = 0.0
        for pid in self.pids():
            with suppress(FileNotFoundError, ProcessLookupError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                total += (int(fields[11]) + int(fields[12])) * _TICK_S
        return total

    def pss_mb(self) -> float:
        """Proportional set size: a page that n processes share counts 1/n in each."""
        kilobytes = 0
        for pid in self.pids():
            with suppress(FileNotFoundError, ProcessLookupError):
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                kilobytes += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return kilobytes / 1024

    def settle(self, *, most_s: float = 10.0) -> None:
        """Wait until it works no more, so that what it does after its last answer is counted too."""
        deadline, before = time.monotonic() + most_s, self.cpu_s()
        while time.monotonic() < deadline:
            time.sleep(0.1)
            now = self.cpu_s()
            if now - before < 2 * _TICK_S:
                return
            before = now


def plain_environment() -> dict[str, str]:
    """Ours, without what would change the product's defaults."""
    ours = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "DATA_DIR", "LOG_LEVEL", "CELERY_BROKER_URL", "PORT")
    return {name: value for name, value in os.environ.items() if name not in ours}


def ask(*arguments: str, env: Mapping[str, str]) -> str:
    """What `python -m …` prints.

    :raises RuntimeError: with what it said, when it failed
    """
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env={**plain_environment(), **env}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stderr[-3000:]}")
    return done.stdout
