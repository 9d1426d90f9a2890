"""Web, worker and scheduler under one roof: `make run` ends here.

Refuses, before it starts anything, a port that is taken and a data folder that another supervisor uses.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from astria_clone.supervisor import processes
from astria_clone.supervisor.processes import Program, end_with_parent

# Celery's advice against root is about pickled messages; ours are JSON
_CALM = ("-W", "ignore::UserWarning:celery.platforms")


class CannotStart(Exception):
    """Told in one line; nothing was started."""


def main() -> int:
    try:
        settings = _settings()
        _take_lock(settings.DATA_DIR)
        _check_port(settings.BIND, settings.PORT)
        _set_up(settings.BASE_DIR)
        _become_supervisor(settings)
    except CannotStart as refusal:
        print(refusal, file=sys.stderr)  # noqa: T201  this is the program's voice
        return 1
    except KeyboardInterrupt:  # while setting up; from then on the supervisor itself takes signals
        return 0


def _settings() -> ModuleType:
    """Reading them checks them."""
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415  both only here

    try:
        from astria_clone import settings  # noqa: PLC0415  a refusal has to be caught here
    except ImproperlyConfigured as error:
        raise CannotStart(str(error)) from error
    return settings


def _take_lock(data_dir: Path) -> None:
    """Two supervisors on one folder would render everything twice. The kernel drops the lock when this process ends."""
    lock = os.open(data_dir / "supervisor.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.read(lock, 20).decode()
        raise CannotStart(
            f"Already running on {data_dir} (process {holder}). Stop it, or choose another DATA_DIR."
        ) from error
    os.truncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    os.set_inheritable(lock, True)  # the supervisor that this process becomes holds it on; its children do not get it


def _check_port(bind: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server will: a port in TIME_WAIT is free
        try:
            probe.bind((bind.strip("[]"), port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            reason = "is taken by another program" if taken else f"cannot be used: {error.strerror}"
            raise CannotStart(f"Port {port} on {bind} {reason}. Choose another with PORT=…") from error


def _set_up(base_dir: Path) -> None:
    command = [sys.executable, "manage.py", "setup"]
    done = subprocess.run(command, cwd=base_dir, check=False, start_new_session=True, preexec_fn=end_with_parent())
    if done.returncode:
        raise CannotStart("Setting up failed; the reason stands above.")


def _become_supervisor(settings: ModuleType) -> NoReturn:
    """Goes on as the same process, but without the memory that the settings and their libraries took."""
    os.chdir(settings.BASE_DIR)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-I", processes.__file__, json.dumps(orders(settings))])  # noqa: S606


def orders(settings: Any) -> dict[str, Any]:
    demo = str(settings.DATA_DIR / "demo.env") if settings.DEMO else None
    return {
        "programs": [asdict(program) for program in programs(settings)],
        "grace_s": settings.SHUTDOWN_GRACE_S + 10,  # until then a worker finishes what it renders, or hands it back
        "pause_s": 0.5,
        "announce": {
            "bind": settings.BIND,
            "port": settings.PORT,
            "host": settings.ALLOWED_HOSTS[0],
            "url": settings.PUBLIC_URL,
            "demo": demo,
        },
    }


def programs(settings: Any) -> list[Program]:
    """The three programs of one machine, with the flags that were measured to matter."""
    return [
        Program("web", _web(settings)),
        Program("worker", _worker(settings)),
        Program("scheduler", (sys.executable, *_CALM, "manage.py", "scheduler")),
    ]


def _web(settings: Any) -> tuple[str, ...]:
    return (
        *(sys.executable, "-m", "gunicorn", "astria_clone.wsgi"),
        *("--bind", f"{settings.BIND}:{settings.PORT}"),
        *("--worker-class", "astria_clone.web_worker.PatientWorker"),
        *("--workers", str(settings.WEB_PROCESSES)),
        *("--threads", str(settings.WEB_THREADS)),
        *("--keep-alive", "30"),
        *("--limit-request-line", "8190"),  # signed addresses inside a query are long
        *("--log-level", "warning"),
        "--no-control-socket",  # it would lie in the home folder, shared by every server of this user
    )


def _worker(settings: Any) -> tuple[str, ...]:
    return (
        *(sys.executable, *_CALM, "-m", "celery", "-A", "astria_clone", "--quiet", "worker"),
        *("--queues", "render"),
        *("--pool", "prefork"),
        *("--concurrency", str(settings.RENDER_SLOTS)),
        *("--hostname", "render@%h"),
        *("--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),  # workers here need not know each other
    )


if __name__ == "__main__":
    sys.exit(main())
