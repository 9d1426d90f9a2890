"""`make run` says in one line why it cannot start, and has then touched nothing."""

import fcntl
import os
import socket
import subprocess
import sys

import pytest

from astria_clone.settings import BASE_DIR
from astria_clone.supervisor.__main__ import programs


@pytest.fixture
def start(tmp_path):
    def run(**env):
        return subprocess.run(
            [sys.executable, "-m", "astria_clone.supervisor"],
            cwd=BASE_DIR,
            env={"DATA_DIR": str(tmp_path / "data"), **{name: str(value) for name, value in env.items()}},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    return run


def test_a_taken_port_is_refused_before_anything_is_made(start, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        done = start(PORT=port)

    assert done.returncode == 1
    assert done.stderr == f"Port {port} on 127.0.0.1 is taken by another program. Choose another with PORT=…\n"
    assert done.stdout == ""
    assert not (tmp_path / "data" / "database.sqlite3").exists()


def test_an_address_of_another_machine_is_refused(start):
    done = start(BIND="192.0.2.1")

    assert done.returncode == 1
    assert done.stderr == (
        "Port 8000 on 192.0.2.1 cannot be used: Cannot assign requested address. Choose another with PORT=…\n"
    )


def test_a_data_folder_in_use_is_refused(start, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    with (folder / "supervisor.lock").open("w") as lock:
        lock.write(str(os.getpid()))
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)

        done = start()

    assert done.returncode == 1
    assert done.stderr == (
        f"Already running on {folder} (process {os.getpid()}). Stop it, or choose another DATA_DIR.\n"
    )
    assert not (folder / "database.sqlite3").exists()


def test_a_setting_that_makes_no_sense_is_told_without_a_traceback(start):
    done = start(PORT="eighty")

    assert done.returncode == 1
    assert done.stderr == "PORT='eighty': not a whole number.\n"


def test_the_web_server_has_the_processes_threads_and_patience_of_the_settings(settings):
    settings.BIND, settings.PORT, settings.WEB_PROCESSES, settings.WEB_THREADS = "127.0.0.1", 8123, 1, 8

    web, worker, scheduler = programs(settings)

    assert [program.name for program in (web, worker, scheduler)] == ["web", "worker", "scheduler"]
    assert " ".join(web.argv).endswith(
        "-m gunicorn astria_clone.wsgi --bind 127.0.0.1:8123 --worker-class "
        "astria_clone.web_worker.PatientWorker --workers 1 --threads 8 "
        "--keep-alive 30 --limit-request-line 8190 --log-level warning --no-control-socket"
    )
