"""Pictures and clips that come with a prompt: uploaded, by address, written into the request; good, awkward, hostile."""

from __future__ import annotations

import base64
import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from common import safe_fetch
from media.models import Asset
from prompts.models import Input
from tests.astria.http import FLUX_PROMPTS, balance_of, nothing_moves, status_of, upload
from tests.common.servers import answering, redirecting, serving
from tests.media.files import corner_names, corners, png_bomb
from tests.prompts.making import finished

CLIP = {"text": "", "video_model": "kling25", "video_prompt": "pan left"}
UPRIGHT = ["red", "green", "blue", "white"]
UNREACHABLE = "can't be fetched from that address"


@pytest.fixture
def inner():
    """A server on the loopback that nobody allowed us to reach."""
    with serving(answering(200, b"secret")) as server:
        yield server


def jpeg(picture: Image.Image, **options) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=92, **options)
    return file.getvalue()


def held_by_a_phone() -> bytes:
    """Upright only by its EXIF (orientation 6), with a place and a maker in it."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Canary phone"
    exif[0x8825] = {1: "N", 2: (48.0, 8.0, 14.0)}
    return jpeg(corners().rotate(90, expand=True), exif=exif.tobytes())


def kept(role) -> bytes:
    """The file of that role, as it lies in storage."""
    asset = Input.objects.get(role=role).asset
    with default_storage.open(asset.key, "rb") as file:
        return file.read()


# --- three ways in --------------------------------------------------------------------------------------------------


def test_a_file_an_address_and_base64_give_the_same_picture(api, picture, receiver):
    elsewhere = receiver(answering(200, picture))
    coded = base64.b64encode(picture).decode()
    ways = [
        {"video_first_frame": upload(picture, "a.jpg")},
        {"video_first_frame_url": elsewhere.url("/a.jpg")},
        {"video_first_frame": elsewhere.url("/a.jpg")},
        {"video_first_frame_base64": coded},
        {"video_first_frame_base64": f"data:image/jpeg;base64,{coded}"},
        {"video_first_frame": f"data:image/jpeg;base64,{coded}"},
    ]

    for way in ways:
        made = api.made(**CLIP, **way)
        assert status_of(made["video_first_frame"]) == 200

    files = Asset.objects.all()
    assert len(files) == 6
    assert len({file.sha256 for file in files}) == 1
    assert {(file.width, file.height, file.expires_at) for file in files} == {(160, 96, None)}


def test_source_image_is_another_name_of_the_first_frame_and_the_own_name_wins(api, picture, receiver):
    elsewhere = receiver(answering(200, picture))

    assert api.made(**CLIP, source_image_url=elsewhere.url("/a.jpg"))["video_first_frame"] is not None
    api.made(**CLIP, source_image_url=elsewhere.url("/b.jpg"), video_first_frame_url=elsewhere.url("/c.jpg"))

    assert [seen.path for seen in elsewhere.seen] == ["/a.jpg", "/c.jpg"]


def test_references_keep_their_order(api):
    colours = ["red", "lime", "blue"]
    files = [upload(jpeg(Image.new("RGB", (64, 64), colour))) for colour in colours]

    made = api.made(video_model="seedance2_480p", video_prompt="they dance", image_references=files)

    assert len(made["image_references"]) == 3
    seen = [Image.open(io.BytesIO(b"".join(api.client.get(link).streaming_content))).convert("RGB").getpixel((9, 9))
            for link in api.get(f"/prompts/{made['id']}").json()["image_references"]]  # fmt: skip
    assert [max(range(3), key=pixel.__getitem__) for pixel in seen] == [0, 1, 2]


def test_references_come_by_one_way_only(api, picture):
    with nothing_moves():
        answer = api.create(
            video_model="seedance2_480p",
            video_prompt="they dance",
            image_references=[upload(picture)],
            image_reference_urls=["https://example.com/a.jpg"],
        )

    assert answer.json() == {"image_references": ["come either as files or as image_reference_urls, not both"]}


def test_a_result_of_ones_own_may_go_in_again_without_a_request(api, picture, tmp_path, monkeypatch):
    link = api.made(**CLIP, video_first_frame=upload(picture))["video_first_frame"]
    monkeypatch.setattr(safe_fetch, "fetch", None)  # would fail if it were called

    made = api.made(**CLIP, video_first_frame_url=link)

    assert status_of(made["video_first_frame"]) == 200
    assert list(Asset.objects.values_list("width", "height")) == [(160, 96)] * 2


def test_the_address_of_a_deleted_result_is_no_input(api, tmp_path):
    made = api.made(text="a fox")
    address = finished(made["id"], tmp_path)
    api.delete(f"/prompts/{made['id']}")

    with nothing_moves():
        answer = api.create(**CLIP, video_first_frame_url=f"http://testserver{address}")

    assert answer.json() == {"video_first_frame": [UNREACHABLE]}


# --- what is kept ---------------------------------------------------------------------------------------------------


def test_a_turned_photograph_is_kept_upright_and_tells_nothing(api):
    api.made(**CLIP, video_first_frame=upload(held_by_a_phone(), "IMG_0001.jpg"))

    content = kept("video_first_frame")
    picture = Image.open(io.BytesIO(content))
    assert picture.size == (160, 96)
    assert corner_names(picture) == UPRIGHT
    assert dict(picture.getexif()) == {}
    assert b"Canary" not in content
    assert b"IMG_0001" not in content


def test_the_name_of_a_file_is_forgotten(api, picture):
    made = api.made(**CLIP, video_first_frame=upload(picture, "../../Anna Müller.jpg"))

    assert "Anna" not in made["video_first_frame"]
    assert not Asset.objects.filter(filename__contains="Anna").exists()


def test_a_driving_clip_is_kept_as_a_clip(api, film):
    made = api.made(text="a man", video_model="dreamactor_m2", video_prompt="dance", input_video=upload(film, "a.mp4"))

    asset = Input.objects.get().asset
    assert (asset.content_type, asset.width, asset.height, asset.frames) == ("video/mp4", 160, 96, 24)
    assert status_of(made["input_video"]) == 200


# --- what is not taken ----------------------------------------------------------------------------------------------

PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1/secret\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("text.jpg", b"just a text with a picture's name\n" * 100),
        ("page.png", b"<html><script>alert(1)</script></html>"),
        ("drawing.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("empty.jpg", b""),
        ("bomb.png", png_bomb(16_000, 16_000)),
        ("clip.jpg", None),
    ],
)
def test_what_is_no_picture_is_refused_under_its_field(api, film, name, content):
    with nothing_moves():
        answer = api.create(**CLIP, video_first_frame=upload(film if content is None else content, name))

    assert answer.status_code == 422
    assert list(answer.json()) == ["video_first_frame"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("playlist.mp4", PLAYLIST),
        ("list.mp4", b"ffconcat version 1.0\nfile '/etc/passwd'\n"),
        ("text.mp4", b"just a text" * 100),
        ("picture.mp4", None),
    ],
)
def test_what_is_no_clip_is_refused_under_its_field(api, picture, name, content):
    with nothing_moves():
        answer = api.create(
            text="a man",
            video_model="dreamactor_m2",
            video_prompt="dance",
            input_video=upload(picture if content is None else content, name),
        )

    assert answer.status_code == 422
    assert list(answer.json()) == ["input_video"]


def test_of_two_files_the_bad_one_is_named_and_nothing_is_charged(api, alice, picture):
    before = balance_of(alice)

    answer = api.create(**CLIP, video_first_frame=upload(picture), video_last_frame=upload(b"no picture"))

    assert (answer.status_code, list(answer.json())) == (422, ["video_last_frame"])
    assert balance_of(alice) == before
    # The good one is left behind, with an end.
    assert [asset.expires_at is None for asset in Asset.objects.all()] == [False]


# --- addresses that are nobody's business ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f.1:{port}/",
        "http://0.0.0.0:{port}/",
        "http://user@127.0.0.1:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "ftp://127.0.0.1:{port}/",
        "file:///etc/passwd",
    ],
)
def test_an_inner_address_is_refused_and_nothing_reaches_it(api, inner, url):
    with nothing_moves():
        answer = api.create(**CLIP, video_first_frame_url=url.format(port=inner.port))

    assert (answer.status_code, answer.json()) == (422, {"video_first_frame": [UNREACHABLE]})
    assert inner.seen == []


def test_a_redirect_to_one_is_not_followed(api, inner, receiver):
    for location in (inner.url("/secret"), "http://169.254.169.254/latest/meta-data/"):
        outer = receiver(redirecting(location))

        with nothing_moves():
            answer = api.create(**CLIP, video_first_frame_url=outer.url("/a.jpg"))

        assert (answer.status_code, answer.json()) == (422, {"video_first_frame": [UNREACHABLE]})
        assert len(outer.seen) == 1
    assert inner.seen == []


@pytest.mark.parametrize("handler", [answering(404), answering(500), answering(200), answering(200, b"<html>")])
def test_an_answer_without_a_picture_is_refused(api, receiver, handler):
    with nothing_moves():
        answer = api.create(**CLIP, video_first_frame_url=receiver(handler).url("/a.jpg"))

    assert (answer.status_code, list(answer.json())) == (422, ["video_first_frame"])


def test_our_own_server_is_not_asked_over_the_network(api, inner, settings):
    settings.PUBLIC_URL = inner.url("")

    with nothing_moves():
        answer = api.create(**CLIP, video_first_frame_url=inner.url("/prompts"))

    assert (answer.status_code, inner.seen) == (422, [])


def test_a_json_body_names_addresses_too(api, inner):
    with nothing_moves():
        answer = api.post(FLUX_PROMPTS, json={"prompt": CLIP | {"video_first_frame": inner.url("/")}})

    assert (answer.status_code, inner.seen) == (422, [])
