"""The other ways in: the proxy for browsers, and the `queue.` host of older clients."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from billing import ledger
from prompts.models import Prompt
from tests.fal.conftest import MONEY_MC, WAN, Fal

PROXY = "/api/fal/proxy"
SUBMIT = f"https://queue.fal.run/{WAN}"


def through(fal, method, target, body=None, **headers):
    return fal.send(method, PROXY, body, X_Fal_Target_Url=target, **headers)


# --- the proxy ------------------------------------------------------------------------------------------------------


def test_a_call_for_fal_is_answered_here(fal, words, run_jobs, alice):
    told = through(fal, "POST", SUBMIT, words).json()
    state = through(fal, "GET", f"{SUBMIT}/requests/{told['request_id']}/status?logs=1")
    run_jobs()
    result = through(fal, "GET", f"{SUBMIT}/requests/{told['request_id']}")

    assert told["status_url"] == f"{SUBMIT}/requests/{told['request_id']}/status"
    assert (state.status_code, state.json()["logs"]) == (202, [])
    assert result.json()["video"]["url"].startswith("http://testserver/media/")
    assert ledger.balance_mc(alice.personal_workspace.pk) == MONEY_MC - 40_000


def test_uploads_go_to_us_too(fal):
    told = through(
        fal, "POST", "https://rest.fal.ai/storage/upload/initiate?storage_type=fal-cdn-v3", {"file_name": "a.jpg"}
    )

    assert told.json()["upload_url"].startswith("http://testserver/fal/files/put/")


@pytest.mark.parametrize(
    "target",
    [
        "", "x", "http://queue.fal.run/fal-ai/wan-i2v", "https://evil.example/fal-ai/wan-i2v",
        "https://queue.fal.run.evil.example/a/b", "https://fal.run@evil.example/a/b", "https://evil@fal.run/a/b",
        "https://[fal.run", "https://127.0.0.1/fal-ai/x",
    ],
)  # fmt: skip
def test_any_other_address_is_refused_and_never_called(fal, words, target):
    answer = through(fal, "POST", target, words)

    assert (answer.status_code, answer.content) == (400, b"Invalid x-fal-target-url")
    assert Prompt.objects.count() == 0


@pytest.mark.parametrize("path", ["../users", "nothing", "%2e%2e/users"])
def test_what_fal_has_not_either_is_not_there(fal, path):
    answer = through(fal, "GET", f"https://rest.fal.ai/{path}")

    assert (answer.status_code, answer.json()["error_type"]) == (404, "not_found")


@pytest.fixture
def page(server, alice, rich):
    """A browser in which Alice is signed in."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(rich(alice, MONEY_MC))

    def call(method, target, body=None, **headers):
        content = json.dumps(body).encode() if body is not None else b""
        sent = {"X-Fal-Target-Url": target} | {name.replace("_", "-"): value for name, value in headers.items()}
        return browser.generic(method, PROXY, content, content_type="application/json", headers=sent)

    return call


def test_a_page_of_ours_needs_no_key(page, words, alice):
    told = page("POST", SUBMIT, words, Origin="http://testserver")

    assert told.status_code == 200
    assert Prompt.objects.get().user == alice
    seen = page("GET", f"{SUBMIT}/requests/{told.json()['request_id']}/status", Sec_Fetch_Site="same-origin")
    assert seen.status_code == 202


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}]
)
def test_no_other_page_may_use_the_session(page, words, headers):
    assert page("POST", SUBMIT, words, **headers).status_code == 403
    assert Prompt.objects.count() == 0


def test_who_is_not_signed_in_is_nobody(server, words):
    answer = through(Fal(None), "POST", SUBMIT, words, Origin="http://testserver")

    assert (answer.status_code, answer.json()["error_type"]) == (401, "auth_error")


def test_without_a_browser_and_a_key_there_is_nobody(server, words):
    assert through(Fal(None), "POST", SUBMIT, words).status_code == 401


def test_a_page_of_another_origin_may_come_with_a_key(fal, words):
    asked = Client().options(PROXY, headers={"Origin": "https://other.example"})
    answered = through(fal, "POST", SUBMIT, words, Origin="https://other.example")

    assert asked.status_code == 204
    assert "x-fal-target-url" in asked["Access-Control-Allow-Headers"]
    assert (answered.status_code, answered["Access-Control-Allow-Origin"]) == (200, "*")


def test_a_session_is_no_key_elsewhere(server, alice, words):
    browser = Client()
    browser.force_login(alice)

    answer = browser.post(
        f"/fal/queue/{WAN}", words, content_type="application/json", headers={"Origin": "http://testserver"}
    )

    assert answer.status_code == 401


# --- the host of older clients ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/fal/run", "/fal/queue"])
def test_a_host_named_queue_is_the_queue(fal, words, settings, run_jobs, prefix):
    settings.ALLOWED_HOSTS = ["queue.studio.example"]
    told = fal.send("POST", f"{prefix}/{WAN}", words, Host="queue.studio.example").json()
    base = f"http://queue.studio.example{prefix}/{WAN}/requests/{told['request_id']}"

    state = fal.send("GET", f"{prefix}/{WAN}/requests/{told['request_id']}/status", Host="queue.studio.example")
    run_jobs()
    result = fal.send("GET", f"{prefix}/{WAN}/requests/{told['request_id']}", Host="queue.studio.example")

    assert told["response_url"] == base
    assert state.status_code == 202
    assert result.json()["video"]["url"].startswith("http://studio.example/media/")
