"""Web, worker and scheduler under one roof: `make run` ends here.

Refuses, before it starts anything, a port that is taken and a data folder that another supervisor uses.
"""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from astria_clone.supervisor.processes import Program, Supervisor, end_with_parent


class CannotStart(Exception):
    """Told in one line; nothing was started."""


def main() -> int:
    try:
        settings = _settings()
        with _only_one(settings.DATA_DIR):
            _check_port(settings.BIND, settings.PORT)
            _set_up(settings.BASE_DIR)
            return _run(settings)
    except CannotStart as refusal:
        print(refusal, file=sys.stderr)  # noqa: T201  this is the program's voice
        return 1
    except KeyboardInterrupt:  # while setting up; from then on the supervisor itself takes signals
        return 0


def _settings() -> ModuleType:
    """The settings as a plain module: the supervisor itself stays without Django's machinery."""
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415  both are wanted only here

    try:
        from astria_clone import settings  # noqa: PLC0415  importing them is what checks them
    except ImproperlyConfigured as error:
        raise CannotStart(str(error)) from error
    return settings


@contextmanager
def _only_one(data_dir: Path) -> Iterator[None]:
    """Two supervisors on one folder would render everything twice. The kernel drops the lock when we go."""
    with (data_dir / "supervisor.lock").open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise CannotStart(
                f"Already running on {data_dir} (process {file.read().strip()}). Stop it, or choose another DATA_DIR."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


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


def _run(settings: ModuleType) -> int:
    os.chdir(settings.BASE_DIR)
    grace_s = (
        settings.CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT + 5
    )  # the worker first finishes or hands back what it renders
    supervisor = Supervisor(programs(settings), grace_s=grace_s)
    supervisor.watch = _announcement(settings, supervisor.write)
    return supervisor.run()


def programs(settings: Any) -> list[Program]:
    """The three programs of one machine, with the flags that were measured to matter."""
    return [
        Program("web", _web(settings)),
        # Celery's plain SIGTERM waits for a render to end, however long; SIGQUIT's way hands it back after a while
        Program("worker", _worker(settings), env={"REMAP_SIGTERM": "SIGQUIT"}),
        Program("scheduler", (sys.executable, "manage.py", "scheduler")),
    ]


def _web(settings: Any) -> tuple[str, ...]:
    return (
        *(sys.executable, "-m", "gunicorn", "astria_clone.wsgi"),
        *("--bind", f"{settings.BIND}:{settings.PORT}"),
        *("--worker-class", "gthread"),
        *("--workers", str(settings.WEB_PROCESSES)),
        *("--threads", str(settings.WEB_THREADS)),
        *("--keep-alive", "30"),
        *("--limit-request-line", "8190"),  # signed addresses inside a query are long
        *("--log-level", "warning"),
        "--no-control-socket",  # it would lie in the home folder, shared by every server of this user
    )


def _worker(settings: Any) -> tuple[str, ...]:
    return (
        *(sys.executable, "-m", "celery", "-A", "astria_clone", "worker"),
        *("--queues", "render"),
        *("--pool", "prefork"),
        *("--concurrency", str(settings.RENDER_SLOTS)),
        *("--hostname", "render@%h"),
        *("--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),  # workers here need not know each other
    )


def _announcement(settings: Any, write: Callable[[bytes], None]) -> Callable[[], bool]:
    """Says where the server is, once it answers; in plain lines, ready to be copied."""

    def announce() -> bool:
        if not _answers(settings.BIND, settings.PORT, settings.ALLOWED_HOSTS[0]):
            return False
        demo = settings.DATA_DIR / "demo.env"
        lines = demo.read_text(encoding="utf-8") if settings.DEMO and demo.exists() else ""
        write(f"\nReady: {settings.PUBLIC_URL}  (Ctrl-C ends it)\n{lines}\n".encode())
        return True

    return announce


def _answers(bind: str, port: int, host: str) -> bool:
    """Asks by hand: an HTTP library would cost the supervisor more memory than all the rest of it."""
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind.strip("[]"), bind.strip("[]"))  # noqa: S104  compared only
    try:
        with socket.create_connection((address, port), timeout=1) as connection:
            connection.sendall(f"GET /healthz HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            return b" 200 " in connection.recv(64)
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
