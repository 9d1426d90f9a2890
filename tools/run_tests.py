"""Runs every test that this machine can run, and names those that it cannot.

Three lanes side by side: the suite on SQLite, then the engines, which touch no database; the tests that start live
servers, which mostly wait; and on a Postgres server of its own what touches a database again, but for pixels. As root
on Debian it installs what is missing. With CI=true a test that could not be run is a failure.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

from tools import needs, servers

_OUTCOMES = (("passed",), ("failures", "errors"))
ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Run:
    """One pytest run and what its report says."""

    name: str
    passed: bool
    seconds: float
    counts: dict[str, int] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = ", ".join(f"{number} {word}" for word, number in self.counts.items() if number) or "no tests"
        return f"{self.name:<8} {'passed' if self.passed else 'FAILED'} in {self.seconds:.0f} s: {counts}"


def main() -> int:
    options = _options()
    if options.paths:
        return 0 if pytest("SQLite", *options.paths, processes=options.processes).passed else 1
    needs.install(needs.missing())
    missing = needs.missing()
    runs = _run_all(options.processes, missing)
    not_run = [f"{test} (needs {need.program})" for need in missing for test in _tests_of(need)]
    not_run += [f"{test} (skipped on {run.name})" for run in runs for test in run.skipped]
    return _verdict(runs, not_run)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", help="only these tests, on SQLite")
    parser.add_argument("--processes", type=int, default=0, help="share the tests among so many; 0: no sharing")
    return parser.parse_args()


def _run_all(processes: int, missing: list[needs.Need]) -> list[Run]:
    """Lane beside lane, each in its own order."""
    without = [f"not {need.mark}" for need in missing if need.mark]
    plain = partial(_marked, "SQLite", ["not engine and not process", *without])
    engines = partial(_marked, "Engines", ["engine and not process", *without])
    lanes = [[plain, engines], [partial(_marked, "Live", ["process", *without])]]
    with ExitStack() as stack:
        if initdb := needs.POSTGRES.program_path():
            database = {"DATABASE_URL": stack.enter_context(servers.postgres(initdb))}
            lanes.append([partial(_marked, "Postgres", without, "-p", "tools.second_database", env=database)])
        with ThreadPoolExecutor(len(lanes)) as pool:
            done = pool.map(lambda lane: [run(processes=processes) for run in lane], lanes)
            return [run for lane in done for run in lane]


def _marked(name: str, marks: list[str], *options: str, processes: int, env: dict[str, str] | None = None) -> Run:
    chosen = ["-m", " and ".join(marks)] if marks else []
    return pytest(name, *chosen, *options, processes=processes, env=env)


def pytest(name: str, *arguments: str, processes: int, env: dict[str, str] | None = None) -> Run:
    sharing = ["-n", str(processes)] if processes else []
    with tempfile.TemporaryDirectory(prefix="tests-", dir=servers.scratch()) as folder:
        report = Path(folder) / "report.xml"
        begun = time.monotonic()
        reporting = ["-q", f"--junitxml={report}", f"--basetemp={folder}/tests"]
        command = [sys.executable, "-m", "pytest", *reporting, *sharing, *arguments]
        environment = {**os.environ, "DATA_DIR": f"{folder}/data", **(env or {})}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # the tests start some hundred programs
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
            code = _show(name, process)
        return Run(name, code == 0, time.monotonic() - begun, *_read(report))


def _show(name: str, process: subprocess.Popen[str]) -> int:
    """Pass on what a run prints, a line at a time under its name; its exit code."""
    assert process.stdout is not None
    for line in process.stdout:
        print(f"{name:<8} | {line}", end="", flush=True)
    return process.wait()


def _read(report: Path) -> tuple[dict[str, int], list[str]]:
    """Counts by outcome, and the names of skipped tests; empty when pytest did not come so far."""
    if not report.exists():
        return {}, []
    suite = next(ET.parse(report).iter("testsuite"))  # noqa: S314  pytest wrote it just now
    skipped = [
        f"{case.get('classname')}::{case.get('name')}"
        for case in suite.iter("testcase")
        if case.find("skipped") is not None
    ]
    bad = {word: int(suite.get(word, "0")) for word in ("failures", "errors")}
    passed = int(suite.get("tests", "0")) - len(skipped) - sum(bad.values())
    return {"passed": passed, **bad, "skipped": len(skipped)}, skipped


def _tests_of(need: needs.Need) -> list[str]:
    """Names of the tests that need it."""
    if need.lost:
        return [need.lost]
    listing = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", need.mark]
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False)
    return [line for line in done.stdout.splitlines() if "::" in line]


def _verdict(runs: list[Run], not_run: list[str]) -> int:
    print("\n== Summary", *runs, sep="\n")
    print("Not run on this machine:", *(not_run or ["nothing"]), sep="\n  ")
    incomplete = bool(not_run) and os.environ.get("CI") == "true"
    if incomplete:
        print("With CI=true every test has to run.")
    passed, failed = (sum(run.counts.get(word, 0) for run in runs for word in words) for words in _OUTCOMES)
    print(f"{passed} passed, {failed} failed")
    return 1 if incomplete or not all(run.passed for run in runs) else 0


if __name__ == "__main__":
    sys.exit(main())
