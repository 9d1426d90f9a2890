"""Programs die and are started again, and nothing outlives the supervisor. The programs here are small shell scripts."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from astria_clone.settings import BASE_DIR
from astria_clone.supervisor import processes

MARK = "SUPERVISOR_TEST"


class Supervised:
    """A running supervisor; its whole family carries a mark in the environment, by which it is found."""

    def __init__(self, log: Path, *, grace_s=5.0, **scripts):
        self.mark = uuid.uuid4().hex
        self.log = log
        programs = [{"name": name, "argv": ["sh", "-c", script]} for name, script in scripts.items()]
        orders = {"programs": programs, "grace_s": grace_s, "pause_s": 0.05, "announce": None}
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-I", processes.__file__, json.dumps(orders)],
                cwd=BASE_DIR,
                env={**os.environ, MARK: self.mark},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def family(self):
        """Process ids with our mark, the supervisor's own left out; zombies have an empty environment."""
        wanted = f"{MARK}={self.mark}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if wanted in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
        return sorted(set(found) - {self.process.pid})

    def said(self):
        return self.log.read_text()

    def ends(self, by=None):
        if by:
            self.process.send_signal(by)
        return self.process.wait(timeout=20)


def until(condition, seconds=15.0):
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
    return value


@pytest.fixture
def supervise(tmp_path):
    started = []

    def start(**orders):
        started.append(Supervised(tmp_path / f"log{len(started)}", **orders))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()
        for pid in one.family():
            os.kill(pid, signal.SIGKILL)


def lines(path):
    return path.read_text().split() if path.exists() else []


def test_a_program_that_is_killed_is_started_again(supervise, tmp_path):
    pids = tmp_path / "pids"
    house = supervise(worker=f"echo $$ >> {pids}; exec sleep 600")
    first = int(until(lambda: lines(pids))[0])

    os.kill(first, signal.SIGKILL)

    until(lambda: len(lines(pids)) == 2)
    assert "worker was killed by SIGKILL; starting it again in 0.05 s" in house.said()
    assert int(lines(pids)[1]) in house.family()


def test_the_children_of_a_killed_program_die_before_it_is_started_again(supervise, tmp_path):
    pids, children = tmp_path / "pids", tmp_path / "children"
    house = supervise(worker=f"sleep 600 & echo $! >> {children}; echo $$ >> {pids}; wait")
    until(lambda: lines(pids))
    orphan = int(lines(children)[0])

    os.kill(int(lines(pids)[0]), signal.SIGKILL)

    until(lambda: len(lines(pids)) == 2)
    assert orphan not in house.family()


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_in_order_and_counts_as_success(supervise, tmp_path, by):
    done = tmp_path / "done"
    house = supervise(
        web="exec sleep 600",
        worker=f"trap 'echo tidy >> {done}; exit' TERM; echo up >> {done}; while :; do sleep 0.05; done",
    )
    until(lambda: lines(done) == ["up"] and len(house.family()) >= 2)

    code = house.ends(by=by)

    assert code == 0
    assert house.family() == []
    assert lines(done) == ["up", "tidy"]


def test_what_ignores_the_request_to_end_is_killed_after_the_grace_time(supervise, tmp_path):
    up = tmp_path / "up"
    house = supervise(grace_s=0.3, worker=f"trap '' TERM; echo up >> {up}; while :; do sleep 0.05; done")
    until(lambda: lines(up))

    code = house.ends(by=signal.SIGTERM)

    assert code == 0
    assert house.family() == []


def test_a_second_signal_ends_the_grace_time(supervise, tmp_path):
    up, asked = tmp_path / "up", tmp_path / "asked"
    house = supervise(
        grace_s=600, worker=f"trap 'echo asked >> {asked}' TERM; echo up >> {up}; while :; do sleep 0.05; done"
    )
    until(lambda: lines(up))
    house.process.send_signal(signal.SIGINT)
    until(lambda: lines(asked))
    until(lambda: "finishing what is being rendered, for up to 600 s; Ctrl-C again ends it at once" in house.said())

    code = house.ends(by=signal.SIGINT)

    assert code == 0
    assert house.family() == []


def test_a_grandchild_in_a_session_of_its_own_does_not_outlive_us(supervise, tmp_path):
    up = tmp_path / "up"
    house = supervise(worker=f"setsid sleep 600 & echo $! >> {up}; wait")
    until(lambda: lines(up) and len(house.family()) == 2)

    house.ends(by=signal.SIGINT)

    assert house.family() == []


def test_five_deaths_within_a_minute_end_everything(supervise, tmp_path):
    tries = tmp_path / "tries"
    house = supervise(web="exec sleep 600", worker=f"echo x >> {tries}; exit 3")

    code = house.ends()

    assert code == 1
    assert lines(tries) == ["x"] * 5
    assert "worker ended with code 3, 5 times within a minute: giving up" in house.said()
    assert house.family() == []


def test_programs_end_with_a_supervisor_that_is_killed(supervise, tmp_path):
    up = tmp_path / "up"
    house = supervise(worker=f"echo up >> {up}; exec sleep 600")
    until(lambda: lines(up))

    house.ends(by=signal.SIGKILL)

    until(lambda: house.family() == [])


def test_each_line_of_output_begins_with_the_name_of_its_program(supervise):
    house = supervise(scheduler="echo one; echo; echo two >&2; printf rest; exec sleep 600", web="exec sleep 600")
    until(lambda: "two" in house.said())

    house.ends(by=signal.SIGINT)

    assert house.said() == "scheduler  | one\nscheduler  | \nscheduler  | two\nscheduler  | rest\n"
