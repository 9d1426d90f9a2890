"""Private servers for one test run: own folder, own port, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

START_S = 20.0
_MEMORY = "/dev/shm"  # noqa: S108  a folder of our own is made in it
_MEMORY_LEAST = 4 * 2**30


def scratch() -> str:
    """Where the files of a test run are quickest: in memory where there is room, else on the disk."""
    roomy = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _MEMORY_LEAST
    return _MEMORY if roomy else "/tmp"  # noqa: S108


@contextmanager
def postgres(initdb: str, *, durable: bool = False) -> Iterator[str]:
    """A Postgres server that trusts this machine and forgets everything; yields its DATABASE_URL.

    Postgres refuses to run as root: then it runs as Debian's user `postgres`.

    :param durable: every commit reaches the disk, which benches have to wait for and tests have not
    """
    programs, port = Path(initdb).parent, free_port()
    with _folder("/tmp" if durable else scratch()) as folder:  # noqa: S108
        rights = _not_root(folder)
        data = folder / "data"
        flags = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=200"
        flags += "" if durable else " -c fsync=off"
        _run([initdb, "-D", str(data), "-A", "trust", "-U", "app", "-E", "UTF8", "--no-locale", "--no-sync"], rights)
        control = [str(programs / "pg_ctl"), "-D", str(data), "-w"]
        _run([*control, "-l", str(folder / "log"), "-o", flags, "start"], rights)
        try:
            yield f"postgres://app@127.0.0.1:{port}/postgres"
        finally:
            _run([*control, "-m", "immediate", "stop"], rights)


@contextmanager
def redis(program: str) -> Iterator[str]:
    """A Redis server that saves nothing; yields its address."""
    port = free_port()
    with _folder(scratch()) as folder:
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
            try:
                _wait_for(port)
                yield f"redis://127.0.0.1:{port}/0"
            finally:
                server.terminate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _folder(parent: str) -> Iterator[Path]:
    """Short, because a Unix socket's path may have 107 bytes at most."""
    folder = Path(tempfile.mkdtemp(prefix="server-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _not_root(folder: Path) -> dict[str, Any]:
    """Arguments for subprocess that drop root's rights, when we have them."""
    if os.geteuid() != 0:
        return {}
    person = pwd.getpwnam("postgres")
    os.chown(folder, person.pw_uid, person.pw_gid)
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}


def _run(command: list[str], rights: dict[str, Any]) -> None:
    """:raises RuntimeError: with what the program said"""
    # A file, not a pipe: the server that pg_ctl leaves running would hold a pipe open for ever.
    with tempfile.TemporaryFile() as output:
        code = subprocess.call(command, stdout=output, stderr=output, cwd="/", env={"LANG": "C.UTF-8"}, **rights)
        if code:
            output.seek(0)
            raise RuntimeError(f"{command[0]} failed: {output.read().decode(errors='replace')}")


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
