"""What `make` runs: choosing Python, installing, running tests and telling what was not run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from astria_clone.settings import BASE_DIR
from tools import needs, run_tests
from tools.run_tests import Run


def sh(*command, **env):
    return subprocess.run(command, cwd=BASE_DIR, env=env, capture_output=True, text=True, check=False)


def program(folder, name, script):
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_make_alone_lists_every_target_with_a_line():
    done = sh("make", PATH=os.environ["PATH"])

    listed = {line.split()[1]: line.split(maxsplit=2)[2] for line in done.stdout.splitlines()}
    assert set(listed) == {"help", "run", "test", "lint", "fix", "bench", "clean"}
    assert listed["lint"] == "ruff, mypy, import contracts, missing migrations"


def test_a_python_that_only_answers_to_its_name_is_not_chosen(tmp_path):
    program(tmp_path, "python3", "exit 127")
    program(tmp_path, "python3.13", 'case "$1" in --version) echo Python 3.13.0;; -m) echo "made $4";; esac')

    done = sh("/bin/sh", "tools/make_venv", "venv", PATH=str(tmp_path))

    assert done.returncode == 0
    assert done.stdout == "Making venv with Python 3.13.0\nmade venv\n"


def test_without_a_python_that_fits_it_says_what_to_install(tmp_path):
    program(tmp_path, "python3", "exit 1")

    done = sh("/bin/sh", "tools/make_venv", str(tmp_path / "venv"), PATH=str(tmp_path))

    assert done.returncode == 1
    assert "No Python 3.11, 3.12 or 3.13 with its venv module was found." in done.stderr
    assert not (tmp_path / "venv").exists()


@pytest.mark.parametrize(
    ("uv", "installed_by"),
    [("exit 0", ["uv"]), ("exit 2", ["uv", "pip"])],
    ids=["uv can", "uv cannot"],
)
def test_pip_installs_what_uv_cannot(tmp_path, uv, installed_by):
    log = tmp_path / "log"
    program(tmp_path, "uv", f"echo uv >> {log}; {uv}")
    program(tmp_path, "python", f"echo pip >> {log}")

    done = sh("/bin/sh", "tools/install", str(tmp_path / "python"), "requirements.txt", PATH=os.environ["PATH"])

    assert done.returncode == 0
    assert log.read_text().split() == installed_by


def test_the_versions_that_were_tried_together_name_no_index():
    for line in (BASE_DIR / "constraints.txt").read_text().splitlines():
        name, version = line.split("==")

        assert name.replace("-", "").replace("_", "").isalnum()
        assert version[0].isdigit()


def test_a_run_counts_outcomes_and_names_what_was_skipped(tmp_path, capfd):
    (tmp_path / "test_mixed.py").write_text(
        "import pytest\n"
        "def test_good(): pass\n"
        "def test_bad(): assert False\n"
        "@pytest.mark.skip\n"
        "def test_left_out(): pass\n"
    )

    run = run_tests.pytest("SQLite", str(tmp_path), processes=0)

    assert not run.passed
    assert run.counts == {"passed": 1, "failures": 1, "errors": 0, "skipped": 1}
    (skipped,) = run.skipped
    assert skipped.endswith("test_mixed::test_left_out")  # after the folder, where that is beside the project's
    assert str(run).startswith("SQLite   FAILED in ")
    assert str(run).endswith(" s: 1 passed, 1 failures, 1 skipped")
    assert "SQLite   | 1 failed, 1 passed, 1 skipped in " in capfd.readouterr().out


def test_the_second_database_gets_tests_that_touch_one_live_ones_first(tmp_path):
    (tmp_path / "test_both.py").write_text(
        "import pytest\n"
        "def test_pure(): pass\n"
        "@pytest.mark.django_db\n"
        "def test_marked(): pass\n"
        "@pytest.mark.process\n"
        "def test_server(): pass\n"
        "def test_by_fixture(db): pass\n"
        "@pytest.mark.browser\n"
        "def test_page(db): pass\n"
        "@pytest.mark.once\n"
        "def test_clip(db): pass\n"
        "@pytest.mark.engine\n"
        "def test_pixels(db): pass\n"
    )

    done = sh(
        sys.executable,
        *("-m", "pytest", "-q", "--collect-only", "-p", "tools.second_database", "-c", "pyproject.toml", str(tmp_path)),
        PATH=os.environ["PATH"],
        DATA_DIR=str(tmp_path / "data"),
    )

    found = [line.split("::")[1] for line in done.stdout.splitlines() if "::" in line]
    assert found == ["test_server", "test_marked", "test_by_fixture"]


GOOD = Run("SQLite", passed=True, seconds=1, counts={"passed": 3})
BAD = Run("Postgres", passed=False, seconds=1, counts={"passed": 2, "failures": 1})


@pytest.mark.parametrize(
    ("ci", "runs", "not_run", "code"),
    [
        ("", [GOOD], [], 0),
        ("", [GOOD], ["a test"], 0),
        ("", [GOOD, BAD], [], 1),
        ("true", [GOOD], [], 0),
        ("true", [GOOD], ["a test"], 1),
    ],
)
def test_a_test_that_was_not_run_fails_only_where_a_change_is_decided(monkeypatch, capsys, ci, runs, not_run, code):
    monkeypatch.setenv("CI", ci)

    assert run_tests._verdict(runs, not_run) == code
    assert capsys.readouterr().out.count("  a test") == len(not_run)


def test_a_program_is_asked_for_only_when_a_test_uses_it():
    unused = needs.Need("no-such-program", "no-such-package", mark="never" + "_used")

    assert not unused.used()
    assert not unused.found()
    assert needs.POSTGRES.used()


def test_only_root_on_debian_installs(monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    needs.install([needs.CHROMIUM])

    assert capsys.readouterr().out == ""


def test_ci_runs_the_checks_and_then_the_tests(tmp_path):
    log = tmp_path / "log"
    program(tmp_path, "make", f"echo $CI $1 >> {log}")

    done = sh("bash", ".ci/run", PATH=f"{tmp_path}:{os.environ['PATH']}")

    assert done.returncode == 0
    assert log.read_text() == "true lint\ntrue test\n"
    assert Path(BASE_DIR / ".ci/run").stat().st_mode & 0o111
