"""What tests need beyond Python: found on the machine, or installed where that is possible."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
POLICY = Path("/usr/sbin/policy-rc.d")


@dataclass(frozen=True)
class Need:
    """A program, Debian's package of it, and what needs it: the tests of a pytest mark, or what `lost` says."""

    program: str
    package: str
    mark: str = ""
    lost: str = ""

    def found(self) -> bool:
        return self.program_path() is not None

    def program_path(self) -> str | None:
        return shutil.which(self.program)

    def used(self) -> bool:
        return bool(self.lost) or any(
            f"mark.{self.mark}" in path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py")
        )


@dataclass(frozen=True)
class PostgresServer(Need):
    """Debian keeps the server's programs off the PATH, one folder a version."""

    def program_path(self) -> str | None:
        folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
        here = [str(folder / self.program) for folder in folders if (folder / self.program).exists()]
        return here[-1] if here else super().program_path()


POSTGRES = PostgresServer("initdb", "postgresql", lost="the suite on Postgres")
REDIS = Need("redis-server", "redis-server", lost="the live servers of the run on Postgres with Redis between them")
CHROMIUM = Need("chromium", "chromium", mark="browser")
NPM = Need("npm", "npm", mark="node")
NEEDS = (POSTGRES, REDIS, CHROMIUM, NPM)


def missing() -> list[Need]:
    return [need for need in NEEDS if need.used() and not need.found()]


def install(needs: list[Need]) -> None:
    """As root on Debian. A failure is told; what is then still missing shows at the end of the tests."""
    if not needs or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    packages = [need.package for need in needs]
    print(f"Installing {' '.join(packages)} with apt-get", flush=True)
    with _no_services():
        for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
            done = subprocess.run(
                ["apt-get", "-qq", "-o", "Acquire::Retries=3", *arguments],
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                print(f"apt-get {arguments[0]} failed:\n{done.stderr.strip()[-2000:]}", flush=True)
                return


@contextmanager
def _no_services() -> Iterator[None]:
    """Only the programs are wanted: Debian asks this file before it starts the service of a new package."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()
