"""`docs/api/astria.md`: its commands run as they stand, and its figures are the code's."""

import json
import os
import re
import subprocess

import pytest

from accounts import keys
from astria_clone.settings import BASE_DIR
from callbacks.models import Delivery
from callbacks.schedule import DELAYS
from dialects.astria.errors import NOT_ENOUGH
from prompts.models import Prompt
from tunes import house
from tunes.selectors import FIRST_OWN_ID

GUIDE = (BASE_DIR / "docs" / "api" / "astria.md").read_text()
COMMANDS = re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def folder(tmp_path, live_server, alice, rich):
    """A checkout after `make run`, as far as the guide looks at it."""
    rich(alice, 200_000)
    _, key = keys.issue(user=alice, workspace=alice.personal_workspace, name="test")
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "demo.env").write_text(f"BASE_URL={live_server.url}\nAPI_KEY={key}\n")
    return tmp_path


@pytest.mark.django_db(transaction=True)
def test_its_commands_run_as_they_stand(folder):
    script = "\necho '=='\n".join(COMMANDS)

    done = subprocess.run(
        ["sh", "-e", "-c", script],
        cwd=folder,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    tune, _, prompt, quote, _ = done.stdout.split("==\n")
    assert json.loads(tune)["title"] == "Flux1.dev"
    assert json.loads(prompt)["cost_mc"] == 14_000
    assert json.loads(quote)["cost_mc"] == 154_000
    assert "Idempotent-Replayed: true" in (folder / "second.txt").read_text()
    assert "Idempotent-Replayed: true" not in (folder / "first.txt").read_text()
    assert Prompt.objects.count() == 2


def test_what_it_says_of_the_house_is_so():
    assert {base.id for base in house.BASES} == {int(id_) for id_ in re.findall(r"`(\d+)` \(", GUIDE)}
    assert FIRST_OWN_ID == 5_000_001
    assert f'"{NOT_ENOUGH}"' in GUIDE


def test_callbacks_are_tried_as_often_and_as_long_as_it_says():
    delays = DELAYS[Delivery.Schedule.STANDARD]

    assert len(delays) + 1 == 10
    assert round(sum(delay.total_seconds() for delay in delays) / 86_400) == 3
