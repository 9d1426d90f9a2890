"""Refusals as fal's clients read them; nothing is charged, and nothing lasting invites to try again."""

from __future__ import annotations

import pytest

from prompts.models import Prompt
from tests.astria.http import nothing_moves
from tests.fal.conftest import Fal, fal_of


@pytest.mark.parametrize(
    ("fields", "field", "kind", "ctx"),
    [
        ({"num_frames": 80}, "num_frames", "greater_than_equal", {"ge": 81}),
        ({"num_frames": 101}, "num_frames", "less_than_equal", {"le": 100}),
        ({"num_frames": 81.5}, "num_frames", "int_from_float", None),
        ({"num_frames": 10**400}, "num_frames", "less_than_equal", {"le": 100}),
        ({"frames_per_second": 4}, "frames_per_second", "greater_than_equal", {"ge": 5}),
        ({"resolution": "1080p"}, "resolution", "one_of", {"expected": "'720p' or '480p'"}),
        ({"aspect_ratio": "21:9"}, "aspect_ratio", "one_of", {"expected": "'auto', '16:9', '9:16' or '1:1'"}),
        ({"prompt": None}, "prompt", "string_type", None),
        ({"guide_scale": "much"}, "guide_scale", "float_parsing", None),
        ({"seed": -1}, "seed", "greater_than_equal", {"ge": 0}),
        ({"image_url": ""}, "image_url", "string_too_short", {"min_length": 1}),
        ({"image_url": "http://127.0.0.1:1/a.png"}, "image_url", "file_download_error", None),
        ({"image_url": "not an address"}, "image_url", "file_download_error", None),
        ({"image_url": "data:image/png;base64,aGVsbG8="}, "image_url", "unsupported_image_format", None),
        ({"prompt": " "}, "prompt", "value_error", None),
        ({"prompt": "x" * 10_001}, "prompt", "value_error", None),
        ({"prompt": "a <lora:77:1>"}, "prompt", "value_error", None),
    ],
)
def test_a_field_that_can_not_be_is_named_with_its_place(fal, words, fields, field, kind, ctx):
    with nothing_moves():
        answer = fal.submit(**words | fields)

    assert answer.status_code == 422
    (fault,) = answer.json()["detail"]
    assert (fault["loc"], fault["type"], fault.get("ctx")) == (["body", field], kind, ctx)
    assert answer.json()["message"].startswith(f"{field}: ")
    assert answer["x-fal-retryable"] == "false"


def test_all_that_is_wrong_is_told_at_once(fal):
    told = fal.submit(num_frames=7).json()["detail"]

    assert [(fault["loc"][-1], fault["type"]) for fault in told] == [
        ("prompt", "missing"), ("image_url", "missing"), ("num_frames", "greater_than_equal"),
    ]  # fmt: skip


def test_what_was_sent_is_shown_shortly(fal, words):
    (fault,) = fal.submit(**words | {"resolution": "x" * 500}).json()["detail"]

    assert len(fault["input"]) == 201


@pytest.mark.parametrize(
    ("query", "headers", "loc"),
    [
        ("?fal_max_queue_length=abc", {}, ["query", "fal_max_queue_length"]),
        ("", {"X-Fal-Request-Timeout": "abc"}, ["header", "X-Fal-Request-Timeout"]),
        ("", {"X-Fal-Object-Lifecycle-Preference": "{"}, ["header", "X-Fal-Object-Lifecycle-Preference"]),
    ],
)
def test_what_comes_beside_the_body_is_named_too(fal, words, query, headers, loc):
    (fault,) = fal.submit(query=query, headers=headers, **words).json()["detail"]

    assert fault["loc"] == loc


def test_a_last_frame_needs_a_first_one(fal, words):
    (fault,) = fal.submit("fal-ai/seedance2_fast_480p", prompt="x", end_image_url=words["image_url"]).json()["detail"]

    assert (fault["loc"], fault["type"]) == (["body", "image_url"], "missing")


def test_what_is_not_there_is_told_in_fals_words(fal):
    answer = fal.get("/fal/tokens/")

    assert (answer.status_code, answer.json()["error_type"]) == (404, "not_found")
    assert "x-fal-request-id" in answer


def test_what_it_does_not_know_it_ignores(fal, words):
    assert fal.submit(**words, sync_mode=True, loras=[]).status_code == 200


def test_the_webhooks_address_is_checked(fal, words):
    (fault,) = fal.submit(query="?fal_webhook=ftp://x", **words).json()["detail"]

    assert fault["loc"] == ["query", "fal_webhook"]


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b'{"a": NaN}', b"[" * 5_000, b'{"a":' * 500])
def test_what_is_no_json_object_is_refused(fal, body):
    answer = fal.send("POST", "/fal/queue/fal-ai/wan-i2v", body)

    assert (answer.status_code, answer.json()["error_type"]) == (400, "bad_request")


@pytest.mark.parametrize("key", [None, "x", "sd_x"])
def test_without_a_good_key_there_is_nothing(server, words, key):
    answer = Fal(key).submit(**words)

    assert (answer.status_code, answer.json()["error_type"]) == (401, "auth_error")
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("header", ["Bearer {}", "Key {}", "key id:{}"])
def test_a_key_comes_in_all_the_ways_of_the_clients(fal, words, header):
    assert Fal(None, Authorization=header.format(fal.key)).submit(**words).status_code == 200


def test_an_empty_wallet_locks_the_user(server, bob, words):
    answer = fal_of(bob).submit(**words)

    assert answer.status_code == 403, "never 402 or 429: clients would ask again"
    assert answer.json()["detail"].startswith("User is locked. Reason: Exhausted balance.")
    assert Prompt.objects.count() == 0


def test_a_queue_that_is_too_long_for_the_caller_takes_nothing(fal, words):
    fal.submitted(**words)

    assert fal.submit(query="?fal_max_queue_length=1", **words).status_code == 200
    refused = fal.submit(query="?fal_max_queue_length=1", **words)
    assert (refused.status_code, refused["Retry-After"]) == (429, "5")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/fal/queue/fal-ai/wan-i2v", 405),
        ("POST", "/fal/queue/fal-ai/wan-i2v/requests/8f5e2f0e-0000-4000-8000-000000000000", 405),
        ("GET", "/fal/queue/fal-ai/wan-i2v/requests/8f5e2f0e-0000-4000-8000-000000000000", 404),
        ("GET", "/fal/queue/fal-ai/wan-i2v/requests/8f5e2f0e-0000-4000-8000-0000000000000/status", 404),
    ],
)
def test_every_answer_is_known_to_be_ours(fal, method, path, status):
    answer = fal.send(method, path)

    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/json")
    assert "x-fal-request-id" in answer
