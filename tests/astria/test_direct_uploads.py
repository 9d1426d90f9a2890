"""A file that is sent ahead into a slot, and then named by its id (R59)."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from media import slots
from media.models import Slot
from tests.astria.http import api_of, nothing_moves
from tests.tunes.making import tune_fields


def blob(content, **fields):
    checksum = base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
    given = {"filename": "a.jpg", "byte_size": len(content), "checksum": checksum, "content_type": "image/jpeg"}
    return {"blob": given | fields}


def put(told, content, **headers):
    where = told["direct_upload"]
    path = where["url"].removeprefix("http://testserver")
    return Client().put(path, content, content_type=headers.get("type", where["headers"]["Content-Type"]))


@pytest.fixture
def opened(api, picture):
    answer = api.post("/api/direct_uploads", json=blob(picture))
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.fixture
def sent(opened, picture):
    assert put(opened, picture).status_code == 204
    return opened


def test_a_file_is_sent_ahead_and_used_wherever_a_file_is_taken(api, sent, picture):
    made = api.create(text="a fox", input_image=sent["signed_id"])

    assert made.status_code == 201
    assert made.json()["input_image"]
    form = tune_fields(picture, pictures=0)
    form["tune[images][]"] = [sent["signed_id"]]
    assert len(api.post("/tunes", form).json()["orig_images"]) == 1


def test_its_public_address_may_be_given_back(api, sent):
    assert api.create(text="a fox", input_image_url=sent["public_url"]).status_code == 201


def test_a_slot_is_filled_once(sent, picture):
    assert put(sent, picture).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda content: content + b"x", "byte_size"),
        (lambda content: content[:-1], "byte_size"),
        (lambda content: content[:-1] + b"x", "checksum"),
    ],
)
def test_other_bytes_than_were_told_are_refused(opened, picture, change, field):
    answer = put(opened, change(picture))

    assert answer.status_code == 422
    assert list(answer.json()) == [field]
    assert put(opened, picture).status_code == 204


def test_another_type_than_was_told_is_refused(opened, picture):
    assert list(put(opened, picture, type="text/html").json()) == ["content_type"]


def test_after_an_hour_it_is_closed(opened, picture):
    Slot.objects.update(created_at=timezone.now() - timedelta(minutes=61))

    assert put(opened, picture).status_code == 404


def test_a_forged_address_and_id_are_nothing(api, opened, picture):
    forged = {"direct_upload": {**opened["direct_upload"], "url": opened["direct_upload"]["url"][:-2] + "xx"}}

    assert put(forged, picture).status_code == 404
    assert put({"direct_upload": {**opened["direct_upload"], "url": opened["public_url"]}}, picture).status_code == 404
    answer = api.create(text="a fox", input_image="up_1~forged")
    assert answer.json() == {"input_image": ["is not an upload of yours, or is over"]}


def test_a_stranger_can_not_use_it(sent, bob, rich):
    stranger = api_of(rich(bob, 100_000))

    with nothing_moves():
        answer = stranger.create(text="a fox", input_image=sent["signed_id"])

    assert answer.json() == {"input_image": ["is not an upload of yours, or is over"]}


def test_an_empty_slot_is_no_file(api, opened):
    assert api.create(text="a fox", input_image=opened["signed_id"]).status_code == 422


def test_what_lies_in_it_is_never_served(sent):
    assert Client().get(sent["public_url"].removeprefix("http://testserver")).status_code == 405


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"byte_size": 0}, "byte_size"),
        ({"byte_size": 101 * 2**20}, "byte_size"),
        ({"byte_size": "x"}, "byte_size"),
        ({"checksum": "abc"}, "checksum"),
        ({"content_type": "application/x-sh"}, "content_type"),
        ({"content_type": "image/"}, "content_type"),
        ({"content_type": "image/png/x"}, "content_type"),
        ({"content_type": "image/png\r\nX: y"}, "content_type"),
        ({"content_type": "image/png; charset=x"}, "content_type"),
        ({"content_type": "image/пнг"}, "content_type"),
        ({"content_type": "text/plainer"}, "content_type"),
        ({"filename": ""}, "filename"),
    ],
)
def test_what_is_wrong_is_named(api, picture, fields, field):
    answer = api.post("/api/direct_uploads", json=blob(picture, **fields))

    assert answer.status_code == 422
    assert list(answer.json()) == [field]


@pytest.mark.parametrize("kind", ["image/svg+xml", "video/x-m4v", "audio/vnd.wave", "text/plain"])
def test_types_of_files_as_they_are_written(api, picture, kind):
    told = api.post("/api/direct_uploads", json=blob(picture, content_type=kind)).json()

    assert told["direct_upload"]["headers"]["Content-Type"] == kind


@pytest.mark.parametrize("kind", ["image/png\r\nX: y", "image/", "", "x" * 50 + "/" + "y" * 51])
def test_where_no_type_has_to_be_told_one_that_is_none_is_bytes(alice, kind):
    slot = slots.open_untold(
        workspace_id=alice.personal_workspace.pk, filename="a.png", content_type=kind, now=timezone.now()
    )

    assert slot.content_type == "application/octet-stream"


def test_after_a_day_it_is_gone(sent):
    key = Slot.objects.get().key
    assert default_storage.exists(key)

    slots.sweep(now=timezone.now() + timedelta(hours=25))

    assert not default_storage.exists(key)
    assert not Slot.objects.exists()
