"""Reading files: ranges, conditions, headers, and addresses that are dead."""

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.utils import timezone

from media import links, store
from media.decode import Facts
from media.models import Asset

CONTENT = bytes(range(256)) * 4
SIZE = len(CONTENT)
CLIP = Facts(content_type="video/mp4", width=64, height=64, frames=24, fps=24, seconds=1)

pytestmark = pytest.mark.urls("tests.media.urls")


@pytest.fixture
def asset(workspace, tmp_path):
    return keep(workspace, tmp_path)


def keep(workspace, tmp_path, **options):
    path = tmp_path / "result.mp4"
    path.write_bytes(CONTENT)
    return store.store_output(path, workspace_id=workspace.pk, **({"filename": "7-0.mp4", "facts": CLIP} | options))


def path_of(asset) -> str:
    return links.public(asset.address, asset.filename, origin="")


def body(response) -> bytes:
    content = b"".join(response.streaming_content)
    close(response)
    return content


def close(response) -> None:
    """Closes the file, but not the database connection, which belongs to the test."""
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)


def test_an_output_is_read_whole_by_its_address(client, asset):
    response = client.get(path_of(asset))

    assert (response.status_code, body(response)) == (200, CONTENT)
    assert response["Content-Length"] == str(SIZE)
    assert response["Content-Type"] == "video/mp4"
    assert len(asset.address) == 28
    assert "/prompts/" not in path_of(asset)


def test_the_headers_keep_a_file_from_being_anything_but_a_file(client, asset):
    response = client.get(path_of(asset))
    close(response)

    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Content-Disposition"] == "inline; filename*=UTF-8''7-0.mp4"
    assert response["Cache-Control"] == "private, max-age=60"
    assert response["Accept-Ranges"] == "bytes"
    assert "Set-Cookie" not in response


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=0-0", 0, 0),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE - 1),
        ("bytes=-1", SIZE - 1, SIZE - 1),
        ("bytes=1000-", 1000, SIZE - 1),
        ("bytes=-100", SIZE - 100, SIZE - 1),
        ("bytes=1000-99999", 1000, SIZE - 1),
        ("bytes=-99999", 0, SIZE - 1),
    ],
)
def test_a_range_is_answered_with_just_that(client, asset, asked, start, end):
    response = client.get(path_of(asset), HTTP_RANGE=asked)

    assert (response.status_code, body(response)) == (206, CONTENT[start : end + 1])
    assert response["Content-Range"] == f"bytes {start}-{end}/{SIZE}"
    assert response["Content-Length"] == str(end - start + 1)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE + 5}-{SIZE + 9}", "bytes=20-10"])
def test_a_range_outside_the_file_is_416(client, asset, asked):
    response = client.get(path_of(asset), HTTP_RANGE=asked)

    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{SIZE}")


@pytest.mark.parametrize("asked", ["bytes=a-b", "lines=1-2", "bytes=0-1,5-6"])
def test_a_range_that_makes_no_sense_is_ignored(client, asset, asked):
    response = client.get(path_of(asset), HTTP_RANGE=asked)

    assert (response.status_code, body(response)) == (200, CONTENT)


def test_who_has_the_file_already_gets_304(client, asset):
    etag = client.head(path_of(asset))["ETag"]

    again = client.get(path_of(asset), HTTP_IF_NONE_MATCH=etag)

    assert etag == f'"{asset.sha256[:32]}"'
    assert (again.status_code, again["ETag"], body(again)) == (304, etag, b"")
    changed = client.get(path_of(asset), HTTP_IF_NONE_MATCH='"other"')
    assert (changed.status_code, body(changed)) == (200, CONTENT)


def test_a_range_holds_only_while_the_file_is_the_same(client, asset):
    same = client.get(path_of(asset), HTTP_RANGE="bytes=0-9", HTTP_IF_RANGE=f'"{asset.sha256[:32]}"')
    other = client.get(path_of(asset), HTTP_RANGE="bytes=0-9", HTTP_IF_RANGE='"other"')

    assert (same.status_code, body(same)) == (206, CONTENT[:10])
    assert (other.status_code, body(other)) == (200, CONTENT)


def test_head_tells_all_but_the_body(client, asset):
    response = client.head(path_of(asset))

    assert (response.status_code, response["Content-Length"], body(response)) == (200, str(SIZE), b"")


def test_other_methods_are_refused_and_a_preflight_is_answered(client, asset):
    assert client.post(path_of(asset)).status_code == 405
    assert client.delete(path_of(asset)).status_code == 405
    assert client.options(path_of(asset))["Access-Control-Allow-Methods"] == "GET, HEAD"


def test_what_is_neither_picture_nor_clip_is_a_download(client, asset):
    Asset.objects.update(content_type="application/json")

    response = client.get(path_of(asset))
    close(response)

    assert response["Content-Disposition"].startswith("attachment;")


def test_dead_addresses_are_404_at_once(client, asset, stored):
    store.retire([asset.pk], now=timezone.now())

    response = client.get(path_of(asset))

    assert (response.status_code, response.content) == (404, b"Not found")
    assert response["Cache-Control"] == "no-store"
    assert len(stored()) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/media/",
        "/media/outputs/",
        "/media/{address}/",
        "/media/{address}/other.mp4",
        "/media/{address}/../{address}/7-0.mp4",
        "/media/{wrong}/7-0.mp4",
        "/media/{key}",
        "/media/signed/1-99999999999/7-0.mp4",
    ],
)
def test_there_is_nothing_to_list_or_to_guess(client, asset, path):
    response = client.get(path.format(address=asset.address, key=asset.key, wrong="a" * 28))

    assert response.status_code == 404


def test_a_missing_file_is_404_too(client, asset, stored):
    stored()[0].unlink()

    assert client.get(path_of(asset)).status_code == 404


def test_a_rendition_has_an_address_of_its_own_that_dies_with_its_output(client, asset, tmp_path):
    picture = tmp_path / "poster.webp"
    picture.write_bytes(b"webp")
    facts = Facts(content_type="image/webp", width=320, height=180)
    rendition = store.store_rendition(picture, of=asset, role="thumb-320", facts=facts)

    assert (rendition.filename, rendition.workspace_id) == ("7-0-thumb-320.webp", asset.workspace_id)
    assert rendition.address != asset.address
    assert body(client.get(path_of(rendition))) == b"webp"
    store.retire([asset.pk], now=timezone.now())
    assert client.get(path_of(rendition)).status_code == 404


# --- signed links ------------------------------------------------------------------------------------------------------


@pytest.fixture
def given(workspace, tmp_path):
    path = tmp_path / "in.png"
    path.write_bytes(b"png")
    return store.store_input(path, workspace_id=workspace.pk, facts=Facts(content_type="image/png", width=1, height=1))


def test_an_input_is_read_over_a_signed_link_only(client, given):
    response = client.get(links.signed(given.pk, given.filename, origin=""))

    assert (response.status_code, body(response)) == (200, b"png")
    assert response["Cache-Control"] == "private, no-store"
    assert given.address is None


@pytest.mark.parametrize(("minutes", "status"), [(0, 200), (29, 200), (61, 404), (600, 404)])
def test_a_link_lives_for_half_an_hour_at_least_and_an_hour_at_most(client, given, time_machine, minutes, status):
    time_machine.move_to("2026-03-01T12:00:01Z", tick=False)
    path = links.signed(given.pk, given.filename, origin="")

    time_machine.shift(minutes * 60)

    response = client.get(path)
    close(response)
    assert response.status_code == status


def test_a_link_stays_the_same_for_a_while_so_that_it_can_be_compared(given, time_machine):
    time_machine.move_to("2026-03-01T12:00:01Z", tick=False)
    first = links.signed(given.pk, given.filename, origin="")
    time_machine.shift(600)

    assert links.signed(given.pk, given.filename, origin="") == first


def test_a_link_opens_its_own_file_only(client, given, asset):
    path = links.signed(given.pk, given.filename, origin="")
    token = path.split("/")[3]

    for forged in (token.replace(f"{given.pk}-", f"{asset.pk}-"), token[:-1], "x", token.replace("~", ":")):
        assert client.get(f"/media/signed/{forged}/{given.filename}").status_code == 404
    assert client.get(path.replace(given.filename, asset.filename)).status_code == 404
    store.retire([given.pk], now=timezone.now())
    assert client.get(path).status_code == 404
