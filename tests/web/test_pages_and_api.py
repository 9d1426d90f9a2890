"""Pages and API share a host and never a body: browsers are sent to pages, programs never are."""

import pytest

from accounts import keys

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
API_PATHS = ["/tunes", "/tunes.json", "/tunes/1504944", "/prompts/5", "/prompts/", "/tunes/1504944/prompts/5"]


@pytest.mark.parametrize("path", API_PATHS)
def test_a_browser_on_an_api_path_is_sent_to_the_reference(client, path):
    answer = client.get(path, headers=BROWSER)

    assert answer.status_code == 303
    assert answer["Location"] == "/docs/api"
    assert answer["Vary"] == "Accept, Authorization"


@pytest.mark.parametrize("accept", ["*/*", "application/json", ""])
def test_a_program_without_a_key_gets_the_apis_own_refusal(client, db, accept):
    answer = client.get("/tunes", headers={"Accept": accept})

    assert (answer.status_code, answer.content) == (401, b"HTTP Token: Access denied.\n")


def test_a_program_with_a_key_gets_json_whatever_it_accepts(client, alice):
    _, key = keys.issue(user=alice, workspace=alice.personal_workspace, name="test")

    answer = client.get("/tunes", headers={**BROWSER, "Authorization": f"Bearer {key}"})

    assert (answer.status_code, answer.json()) == (200, [])


def test_only_reading_is_sent_elsewhere(client, db):
    assert client.post("/prompts", {"text": "x"}, headers=BROWSER).status_code == 401


@pytest.mark.parametrize("path", ["/openapi.json", "/healthz"])
def test_what_is_no_api_resource_stays_where_it_is(client, db, path):
    answer = client.get(path, headers=BROWSER)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")


def test_the_front_door_leads_to_the_reference(client):
    answer = client.get("/")

    assert (answer.status_code, answer["Location"]) == (302, "/docs/api")


def test_json_carries_no_policy_for_pages(client, db):
    assert "Content-Security-Policy" not in client.get("/healthz")
