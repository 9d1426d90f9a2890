"""The way in: every kind of source, its limits, whose files may be used, and what is left behind."""

import base64
import io
import threading
import time
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from common.errors import Busy, Invalid
from media import intake, links, store
from media.decode import Facts
from media.intake import Inline, Linked, Uploaded
from media.models import Asset
from tests.common.servers import answering, redirecting, serving
from tests.media.files import clip, corner_names, corners

UNREACHABLE = "can't be fetched from that address"


def png() -> bytes:
    content = io.BytesIO()
    corners().save(content, "PNG")
    return content.getvalue()


def uploaded(content: bytes, name="a.png") -> Uploaded:
    return Uploaded(SimpleUploadedFile(name, content))


def take(source, workspace, expects="image"):
    return intake.take(source, expects=expects, workspace_id=workspace.pk, field="input_image")


def refusal(source, workspace, tmp_path, expects="image") -> str:
    with pytest.raises(Invalid) as refused:
        take(source, workspace, expects)
    assert list(refused.value.errors) == ["input_image"]
    assert list((tmp_path / "uploads").iterdir()) == []
    (message,) = refused.value.errors["input_image"]
    return message


def keep_clip(tmp_path, workspace):
    source = clip(tmp_path / "result.mp4")
    facts = Facts(content_type="video/mp4", width=160, height=96, frames=24, fps=24, seconds=1)
    return store.store_output(source, workspace_id=workspace.pk, filename="7-0.mp4", facts=facts)


def keep_picture(workspace):
    return intake.keep(take(uploaded(png()), workspace), workspace_id=workspace.pk)


def test_an_upload_is_measured_and_kept_under_a_name_of_ours(workspace, stored, tmp_path):
    taken = take(uploaded(png(), name="../../holiday in Rome.png"), workspace)
    asset = intake.keep(taken, workspace_id=workspace.pk)

    asset.refresh_from_db()
    assert (asset.kind, asset.workspace_id, asset.address) == ("input", workspace.pk, None)
    assert (asset.content_type, asset.width, asset.height, asset.frames) == ("image/png", 160, 96, 1)
    assert asset.key.startswith("inputs/")
    assert "Rome" not in asset.key + asset.filename
    assert [path.stat().st_size for path in stored()] == [asset.bytes]
    assert list((tmp_path / "uploads").iterdir()) == []


def test_an_input_that_nothing_refers_to_ends_after_a_day(workspace):
    asset = keep_picture(workspace)
    assert 23.9 < (asset.expires_at - timezone.now()).total_seconds() / 3600 <= 24

    store.keep_for_good([asset.pk])

    asset.refresh_from_db()
    assert asset.expires_at is None


def test_taking_a_file_touches_no_table(workspace, tmp_path):
    with CaptureQueriesContext(connection) as queries:
        take(uploaded(png()), workspace).discard()

    assert queries.captured_queries == []
    assert list((tmp_path / "uploads").iterdir()) == []


@pytest.mark.parametrize("prefix", ["", "data:image/png;base64,", "data:text/html;charset=x;base64,"])
def test_base64_is_read_with_and_without_its_prefix(workspace, prefix):
    with take(Inline(prefix + base64.b64encode(png()).decode()), workspace) as taken:
        assert (taken.facts.width, taken.facts.content_type) == (160, "image/png")


def test_a_string_is_a_data_url_or_an_address():
    assert intake.source_of("data:image/png;base64,AAAA", origin="") == Inline("data:image/png;base64,AAAA")
    assert intake.source_of("https://example.com/a", origin="http://x") == Linked("https://example.com/a", "http://x")


def test_what_only_looks_like_base64_is_refused(workspace, tmp_path):
    assert refusal(Inline("data:image/png;base64,@@@@"), workspace, tmp_path) == "is not valid base64"


def test_a_url_is_fetched_where_the_operator_allows_it(workspace, settings):
    with serving(answering(200, png(), content_type="text/html")) as server:
        settings.SAFE_FETCH_ALLOW = server.allow
        with take(Linked(server.url("/a.html")), workspace) as taken:
            assert taken.facts.content_type == "image/png"


def test_addresses_of_the_inside_are_one_refusal_and_hear_nothing(workspace, tmp_path, settings):
    with serving(answering(200, png())) as inside, serving(redirecting(inside.url())) as outside:
        settings.SAFE_FETCH_ALLOW = outside.allow
        addresses = [
            inside.url(),
            outside.url(),
            "http://169.254.169.254/latest/",
            "http://0x7f.1/",
            "ftp://example.com/a",
        ]
        messages = {refusal(Linked(address), workspace, tmp_path) for address in addresses}

    assert messages == {UNREACHABLE}
    assert inside.seen == []


@pytest.mark.parametrize("expects", ["image", "video"])
def test_bytes_are_limited_whatever_the_way(workspace, tmp_path, settings, expects):
    settings.IMAGE_BYTES_MAX = settings.VIDEO_BYTES_MAX = 2**20
    content = b"\x89PNG" + bytes(2**20)
    with serving(answering(200, content)) as server:
        settings.SAFE_FETCH_ALLOW = server.allow
        sources = [uploaded(content), Linked(server.url()), Inline(base64.b64encode(content).decode())]
        messages = {refusal(source, workspace, tmp_path, expects) for source in sources}

    assert messages == {"is larger than 1 MB"}


def test_a_limit_is_reached_by_the_byte(workspace, tmp_path, settings):
    settings.IMAGE_BYTES_MAX = len(png())
    take(uploaded(png()), workspace).discard()

    assert refusal(uploaded(png() + b"x"), workspace, tmp_path).startswith("is larger than")


@pytest.mark.parametrize("source", [uploaded(b""), Inline("data:image/png;base64,")])
def test_an_empty_file_is_called_empty(workspace, tmp_path, source):
    assert refusal(source, workspace, tmp_path) == "is empty"


def test_a_file_that_cannot_be_decoded_leaves_nothing_behind(workspace, tmp_path, stored):
    message = refusal(uploaded(b"hello"), workspace, tmp_path)

    assert message == "is not a picture we can read (JPEG, PNG, WebP, HEIC or AVIF)"
    assert stored() == []
    assert not Asset.objects.exists()


# --- addresses of our own ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:8000",
        "http://127.0.0.1:8000",
        "http://[::1]:8000",
        "https://studio.example",
        "http://studio.example",
    ],
)
def test_a_result_of_ours_is_read_from_storage_and_never_fetched(workspace, tmp_path, settings, origin, monkeypatch):
    settings.PUBLIC_URL = "http://localhost:8000"
    monkeypatch.setattr("socket.create_connection", lambda *a, **k: pytest.fail("a request to ourselves"))
    asset = keep_clip(tmp_path, workspace)

    url = links.public(asset.address, asset.filename, origin=origin)
    with take(Linked(url, "https://studio.example"), workspace, "video") as taken:
        assert (taken.facts.frames, taken.facts.fps) == (24, 24)


def test_an_input_of_ours_is_found_by_its_link_even_after_the_link_is_over(workspace, time_machine):
    asset = keep_picture(workspace)
    url = links.signed(asset.pk, asset.filename, origin="http://localhost:8000")

    time_machine.move_to(timezone.now() + timedelta(hours=3))

    with take(Linked(url), workspace) as taken:
        assert taken.facts.width == 160


def test_files_of_others_dead_files_and_unknown_ones_look_alike(workspace, other_workspace, tmp_path):
    theirs, mine = keep_clip(tmp_path, other_workspace), keep_clip(tmp_path, workspace)
    their_input = keep_picture(other_workspace)
    store.retire([mine.pk], now=timezone.now())
    origin = "http://localhost:8000"
    addresses = [
        links.public(theirs.address, theirs.filename, origin=origin),
        links.public(mine.address, mine.filename, origin=origin),
        links.public("a" * 28, "7-0.mp4", origin=origin),
        links.signed(their_input.pk, their_input.filename, origin=origin),
        f"{origin}/media/signed/{their_input.pk}-99999999999~forged/a.png",
        f"{origin}/media/",
        f"{origin}/prompts",
    ]

    assert {refusal(Linked(address), workspace, tmp_path, "video") for address in addresses} == {UNREACHABLE}


def test_another_port_of_this_machine_is_another_server(workspace, tmp_path, settings):
    with serving(answering(200, png())) as server:
        settings.SAFE_FETCH_ALLOW = server.allow
        take(Linked(server.url(), "http://127.0.0.1:8000"), workspace).discard()

    assert len(server.seen) == 1


# --- places --------------------------------------------------------------------------------------------------------


@pytest.fixture
def crowded(workspace, settings):
    """Both places of four threads are taken until `crowded()`, which gives what became of those takers' files."""
    settings.WEB_THREADS = 4
    release, inside = threading.Event(), threading.Semaphore(0)

    def slow(request, server):
        inside.release()
        release.wait(10)
        answering(200, png())(request, server)

    with serving(slow) as server:
        settings.SAFE_FETCH_ALLOW = server.allow
        taken = []
        threads = [
            threading.Thread(target=lambda: taken.append(take(Linked(server.url()), workspace))) for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        assert all(inside.acquire(timeout=5) for _ in threads)

        def go():
            release.set()
            for thread in threads:
                thread.join()
            return taken

        yield go
        go()


def test_half_of_the_threads_take_files_and_who_waits_in_vain_is_sent_away(crowded, workspace, monkeypatch):
    monkeypatch.setattr(intake, "WAIT_S", 0.05)

    with pytest.raises(Busy) as busy:
        take(uploaded(png()), workspace)

    assert busy.value.retry_after == 3
    assert [one.facts.width for one in crowded()] == [160, 160]
    take(uploaded(png()), workspace).discard()


def test_a_quarter_of_the_threads_waits_for_a_place_and_the_next_caller_is_sent_away_at_once(
    crowded, workspace, monkeypatch
):
    monkeypatch.setattr(intake, "WAIT_S", 10)
    results = []
    waiter = threading.Thread(target=lambda: results.append(take(uploaded(png()), workspace)))
    waiter.start()
    while intake._queue(1)._value:
        time.sleep(0.01)

    with pytest.raises(Busy):
        take(uploaded(png()), workspace)

    crowded()
    waiter.join()
    assert [one.facts.width for one in results] == [160]


def test_the_kept_file_is_the_normalised_one(workspace):
    content = io.BytesIO()
    exif = corners().getexif()
    exif[0x0112] = 6
    exif[0x010E] = "SECRET"
    corners().save(content, "JPEG", exif=exif)

    asset = intake.keep(take(uploaded(content.getvalue()), workspace), workspace_id=workspace.pk)

    with default_storage.open(asset.key) as file:
        kept = file.read()
    assert b"SECRET" not in kept
    assert corner_names(Image.open(io.BytesIO(kept))) == ["blue", "red", "white", "green"]
    assert (asset.width, asset.height) == (96, 160)
