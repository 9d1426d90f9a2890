"""`docs/api/curl` and `docs/api/example_client.py`: they run as they stand, on a fresh installation."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from astria_clone.settings import BASE_DIR
from dialects.astria.openapi import operations_by_id
from tests.process.house import until
from tools import curl_scripts

pytestmark = pytest.mark.process

DOCS = BASE_DIR / "docs" / "api"
OPERATIONS = operations_by_id()
# What has to be there before others can speak of it, and what takes it away again.
FIRST = (
    "createTune", "createTunePrompt", "createPrompt", "createWorkspace", "addMember", "createPack", "inspectVideo",
)  # fmt: skip
LAST = ("removeMember", "deleteWorkspace", "deletePack", "deletePrompt", "deleteTunePrompt", "deleteTune")
NEED_A_MODEL = {"createTheme", "complete", "handOff"}


def test_there_is_a_script_for_every_operation_as_the_document_has_it():
    assert {path.name: path.read_text() for path in curl_scripts.FOLDER.glob("*.sh")} == curl_scripts.scripts()


def test_a_script_with_an_id_that_others_have_not_says_so():
    told = {name for name, source in curl_scripts.scripts().items() if "those of a fresh installation" in source}

    assert told == {
        *("getPrompt.sh", "getTunePrompt.sh", "changePrompt.sh", "changeTunePrompt.sh", "deletePrompt.sh"),
        *("deleteTunePrompt.sh", "duplicatePrompt.sh", "duplicateTunePrompt.sh", "likePrompt.sh"),
        *("likePromptQuietly.sh", "changeTune.sh", "deleteTune.sh", "getVideoInspection.sh", "changePack.sh"),
        *("deletePack.sh", "getCallback.sh", "resendCallback.sh", "getWorkspace.sh", "changeWorkspace.sh"),
        *("deleteWorkspace.sh", "listMembers.sh", "addMember.sh", "removeMember.sh"),
    }


def test_the_theme_is_sent():
    assert "-F 'theme[theme]=circus'" in curl_scripts.scripts()["createTheme.sh"]


@pytest.fixture
def folder(tmp_path):
    """What the scripts read beside them."""
    shutil.copytree(BASE_DIR / "docs" / "samples", tmp_path / "samples")
    return tmp_path / "samples"


def ran(folder, customer, source):
    """The code that the script printed, and what the server answered."""
    env = {**os.environ, "BASE_URL": customer.url, "API_KEY": customer.key, "no_proxy": "*"}
    done = subprocess.run(
        ["sh", "-c", source], cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=True
    )
    answer, _, code = done.stdout.strip().rpartition("\n")
    return int(code), answer


@pytest.mark.once
def test_every_script_is_answered_as_the_document_says(parts, folder):
    parts.supervise()
    customer = parts.customer(cents=5_000)
    rest = [name for name in OPERATIONS if name not in (*FIRST, *LAST)]
    wrong, ids = {}, {}
    for name in (*FIRST, *rest, *LAST):
        source = (DOCS / "curl" / f"{name}.sh").read_text()
        if name == rest[0]:
            customer.create(text="a fox", callback="http://127.0.0.1:9/none")
            until(lambda: all(customer.prompt(id_)["trained_at"] for id_ in (1, 2, 3)), seconds=120)
            until(lambda: customer.call("GET", "/callbacks").json)
            parts.sql("UPDATE callbacks_delivery SET status = 'failed' WHERE id = 1")
        source = source.replace("/workspaces/3", f"/workspaces/{ids.get('createWorkspace', 3)}")
        source = source.replace("/members/2", f"/members/{ids.get('addMember', 2)}")
        if name == "deleteTunePrompt":
            source = re.sub(r"/prompts/1\b", "/prompts/2", source)
        code, answer = ran(folder, customer, source)
        if found := re.search(r'"(?:user_)?id": (\d+)', answer):
            ids[name] = found[1]
        allowed = {422} if name in NEED_A_MODEL else {int(c) for c in OPERATIONS[name]["responses"] if c < "300"}
        if code not in allowed:
            wrong[name] = (code, answer[:200])

    assert wrong == {}


@pytest.mark.once
def test_the_example_client_trains_films_and_saves(live, folder):
    customer = live.customer(cents=1_000)
    env = {**os.environ, "BASE_URL": customer.url, "API_KEY": customer.key, "no_proxy": "*"}

    done = subprocess.run(
        [sys.executable, str(DOCS / "example_client.py"), "portrait.jpg", "garden.jpg"],
        cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip

    assert "clip.mp4, 6 cents, made by motion" in done.stdout
    assert (folder / "clip.mp4").read_bytes()[4:8] == b"ftyp"
    assert len((DOCS / "example_client.py").read_text().splitlines()) <= 60
