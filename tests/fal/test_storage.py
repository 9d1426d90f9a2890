"""Uploads in both clients' ways, whole and in parts."""

from __future__ import annotations

import base64
import hashlib

import pytest

from accounts import keys
from media import slots
from media.models import Slot, SlotPart
from prompts.models import Prompt
from tests.astria.http import api_of
from tests.fal.conftest import Fal, fal_of

PICTURE = b"\x89PNG as it came"


@pytest.fixture
def jpeg(picture_url) -> bytes:
    return base64.b64decode(picture_url.partition(",")[2])


@pytest.fixture
def sender(fal):
    """A program with an upload token in place of its key."""
    told = fal.send("POST", "/fal/storage/auth/token?storage_type=fal-cdn-v3", {}).json()
    return Fal(None, Authorization=f"{told['token_type']} {told['token']}")


def path_of(address: str) -> str:
    return address.removeprefix("http://testserver")


def read(address: str):
    answer = Fal(None).get(path_of(address))
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, answer.headers.get("Content-Type"), content


def initiated(fal, **fields):
    given = {"file_name": "a.jpg", "content_type": "image/jpeg"} | fields
    return fal.send("POST", "/fal/storage/upload/initiate?storage_type=fal-cdn-v3", given).json()


def put(address: str, content: bytes):
    return Fal(None).send("PUT", path_of(address), content)


# --- whole ------------------------------------------------------------------------------------------------------------


def test_a_token_says_for_how_long_and_where_to(fal):
    told = fal.send("POST", "/fal/storage/auth/token", {}).json()

    assert (told["token_type"], told["base_url"]) == ("Bearer", "http://testserver/fal")
    assert told["expires_at"].endswith("+00:00")


def test_raw_bytes_with_a_token_are_readable_and_usable_at_once(sender, fal, jpeg):
    answer = sender.send("POST", "/fal/files/upload", jpeg, content_type="image/jpeg", X_Fal_File_Name="my garden.jpg")

    address = answer.json()["access_url"]
    assert address.endswith("/my%20garden.jpg")
    assert read(address) == (200, "image/jpeg", jpeg)
    assert fal.submit(prompt="x", image_url=address).status_code == 200


def test_a_key_does_as_well(fal, jpeg):
    assert fal.send("POST", "/fal/files/upload", jpeg, content_type="image/jpeg").status_code == 200


def test_a_signed_address_takes_the_bytes_without_a_key(fal, jpeg):
    told = initiated(fal)

    assert put(told["upload_url"], jpeg).status_code == 200
    assert read(told["file_url"]) == (200, "image/jpeg", jpeg)
    assert fal.submit(prompt="x", image_url=told["file_url"]).status_code == 200


def test_it_takes_them_once(fal, jpeg):
    told = initiated(fal)
    put(told["upload_url"], jpeg)

    assert put(told["upload_url"], b"other").status_code == 404
    assert read(told["file_url"])[2] == jpeg


def test_before_the_bytes_there_is_nothing(fal):
    told = initiated(fal)

    assert read(told["file_url"])[0] == 404
    assert fal.submit(prompt="x", image_url=told["file_url"]).json()["detail"][0]["type"] == "file_download_error"


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/javascript", ""])
def test_what_a_browser_would_run_it_only_downloads(fal, kind):
    answer = fal.send("POST", "/fal/files/upload", b"<script>", content_type=kind or "x", X_Fal_File_Name="a.html")

    shown = Fal(None).get(path_of(answer.json()["access_url"]))
    assert shown.headers["Content-Type"] == "application/octet-stream"
    assert shown.headers["Content-Disposition"].startswith("attachment")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Security-Policy"].startswith("sandbox")
    b"".join(shown.streaming_content)


@pytest.mark.parametrize("content", [b"", b"x" * 11])
def test_no_bytes_and_too_many_are_refused(fal, settings, content):
    settings.VIDEO_BYTES_MAX = 10

    assert put(initiated(fal)["upload_url"], content).status_code == 422


# --- in parts -----------------------------------------------------------------------------------------------------------


def test_the_python_clients_parts_come_in_any_order(sender, fal, jpeg):
    told = sender.send(
        "POST", "/fal/files/upload/multipart", b"{}", content_type="image/jpeg", X_Fal_File_Name="a.jpg"
    ).json()
    at = f"{path_of(told['access_url'])}/multipart/{told['uploadId']}"
    half = len(jpeg) // 2
    second, first = (
        sender.send("PUT", f"{at}/{number}", part) for number, part in ((2, jpeg[half:]), (1, jpeg[:half]))
    )

    parts = [{"partNumber": 2, "etag": second["ETag"]}, {"partNumber": 1, "etag": first["ETag"]}]
    done = sender.send("POST", f"{at}/complete", {"parts": parts})

    assert first["ETag"] == f'"{hashlib.md5(jpeg[:half]).hexdigest()}"'
    assert done.status_code == 200
    assert read(told["access_url"]) == (200, "image/jpeg", jpeg)
    assert fal.submit(prompt="x", image_url=told["access_url"]).status_code == 200
    assert SlotPart.objects.count() == 0


def test_the_javascript_clients_parts_need_no_key(fal, jpeg):
    told = fal.send(
        "POST", "/fal/storage/upload/initiate-multipart", {"file_name": "a.jpg", "content_type": "image/jpeg"}
    ).json()
    parts = [put(f"{told['upload_url']}/{n}?x=1", part).json() for n, part in ((1, jpeg[:9]), (2, jpeg[9:]))]

    done = Fal(None).send("POST", f"{path_of(told['upload_url'])}/complete?x=1", {"parts": parts})

    assert done.status_code == 200
    assert read(told["file_url"])[2] == jpeg


def test_a_part_that_comes_again_replaces_the_first(fal, jpeg):
    told = fal.send("POST", "/fal/storage/upload/initiate-multipart", {}).json()
    put(f"{told['upload_url']}/1", b"torn")
    part = put(f"{told['upload_url']}/1", jpeg).json()

    Fal(None).send("POST", f"{path_of(told['upload_url'])}/complete", {"parts": [part]})

    assert read(told["file_url"])[2] == jpeg


@pytest.mark.parametrize(
    "parts",
    [None, [], "x", [{"partNumber": 1}], [{"partNumber": 1, "etag": "other"}], [{"partNumber": 2, "etag": "x"}]],
)
def test_other_parts_than_those_that_came_are_refused(fal, jpeg, parts):
    told = fal.send("POST", "/fal/storage/upload/initiate-multipart", {}).json()
    put(f"{told['upload_url']}/1", jpeg)

    answer = Fal(None).send("POST", f"{path_of(told['upload_url'])}/complete", {"parts": parts})

    assert answer.status_code == 422
    assert read(told["file_url"])[0] == 404


def test_no_part_has_the_number_zero(fal):
    told = fal.send("POST", "/fal/storage/upload/initiate-multipart", {}).json()

    assert put(f"{told['upload_url']}/0", b"x").status_code == 422


# --- whose ------------------------------------------------------------------------------------------------------------


def test_nobody_sends_finishes_or_uses_a_strangers_upload(sender, fal, jpeg, bob, rich):
    stranger = fal_of(rich(bob, 100_000))
    told = sender.send("POST", "/fal/files/upload/multipart", b"{}", content_type="image/jpeg").json()
    at = f"{path_of(told['access_url'])}/multipart/{told['uploadId']}"
    whole = initiated(fal)
    put(whole["upload_url"], jpeg)

    assert stranger.send("PUT", f"{at}/1", jpeg).status_code == 404
    assert stranger.send("POST", f"{at}/complete", {"parts": []}).status_code == 404
    assert Fal(None).send("PUT", f"{at}/1", jpeg).status_code == 401
    assert stranger.submit(prompt="x", image_url=whole["file_url"]).status_code == 422
    assert Prompt.objects.count() == 0


def test_a_forged_token_is_none(server, jpeg):
    assert Fal(None, Authorization="Bearer 1:x:y").send("POST", "/fal/files/upload", jpeg).status_code == 401


def test_a_slot_of_which_all_was_told_takes_nothing_else(fal, alice, jpeg):
    md5 = base64.b64encode(hashlib.md5(b"told").digest()).decode()
    blob = {"filename": "a.jpg", "byte_size": 4, "content_type": "image/jpeg", "checksum": md5}
    api_of(alice).post("/api/direct_uploads", json={"blob": blob})
    token = slots.put_token(Slot.objects.get())

    assert put(f"http://testserver/fal/files/put/{token}", jpeg).status_code == 404
    keys.forget_all()


def test_a_number_without_end_is_no_part(fal):
    told = fal.send("POST", "/fal/storage/upload/initiate-multipart", {}).json()

    answer = Fal(None).send(
        "POST", f"{path_of(told['upload_url'])}/complete", b'{"parts": [{"partNumber": 1e400, "etag": "a"}]}'
    )

    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["a\r\nb.jpg", "..", ".", "x/../y.jpg", "\x00"])
def test_a_strange_name_or_type_is_readable_all_the_same(fal, jpeg, name):
    told = initiated(fal, file_name=name, content_type="image/jpeg\r\nX-Evil: 1")
    put(told["upload_url"], jpeg)

    assert read(told["file_url"]) == (200, "application/octet-stream", jpeg)


def test_parts_are_no_larger_together_than_a_file_may_be(fal, settings):
    settings.VIDEO_BYTES_MAX = 10
    told = fal.send("POST", "/fal/storage/upload/initiate-multipart", {}).json()

    assert [put(f"{told['upload_url']}/{n}", b"123456").status_code for n in (1, 2, 1)] == [200, 422, 200]
