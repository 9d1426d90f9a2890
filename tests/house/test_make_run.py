"""The whole stack as `make run` starts it, on a fresh data folder and again on the same one."""

import os
import signal
import stat

import pytest

from tests.stack import stacks

pytestmark = pytest.mark.process


@pytest.fixture
def start(tmp_path):
    with stacks(tmp_path) as start:
        yield start


def test_it_starts_survives_a_death_ends_and_starts_again_with_its_data(start):
    first = start()
    first.wait_for("Ready: ")

    demo, file = first.demo, first.data / "demo.env"
    assert list(demo) == ["BASE_URL", "API_KEY", "EMAIL", "PASSWORD", "ADMIN_EMAIL", "ADMIN_PASSWORD"]
    assert demo["BASE_URL"] == f"http://localhost:{first.port}"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text() in first.said()
    assert first.get("/healthz") == (200, {"ok": True})
    assert first.get("/readyz")[1]["ok"] is True

    os.kill(first.one(" gunicorn "), signal.SIGKILL)
    first.wait_for("supervisor | web was killed by SIGKILL; starting it again in 0.5 s\n")
    assert first.get("/readyz")[1]["ok"] is True

    assert first.interrupt() == 0
    assert first.processes() == {}

    second = start()
    second.wait_for("Ready: ")
    assert second.demo == demo
    assert second.get("/readyz")[1]["ok"] is True
    assert second.interrupt() == 0
    assert second.processes() == {}
