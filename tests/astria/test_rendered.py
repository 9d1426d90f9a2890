"""From a POST to real files, with the embedded engine: a few small ones."""

from __future__ import annotations

import io
import json
import tempfile
from pathlib import Path

import av
import pytest
from PIL import Image, ImageDraw

from catalogue import offers
from catalogue.loading import BEGINNING
from catalogue.models import Price, Route, VideoModel
from media.models import Asset
from prompts import books
from prompts.models import Output
from tests.astria.http import balance_of, status_of, upload
from tests.astria.test_files import UPRIGHT, held_by_a_phone
from tests.media.files import corner_names

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]
SMALL = {"video_model": "seedance_480p", "video_duration": "2", "video_prompt": "pan left"}  # the least work there is


def content_of(api, address: str) -> bytes:
    return b"".join(api.client.get(address).streaming_content)


def film_of(content: bytes) -> tuple[list[av.VideoFrame], float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        path.write_bytes(content)
        with av.open(str(path)) as container:
            return list(container.decode(video=0)), container.duration / av.time_base


def test_a_clip_of_two_seconds(api, alice, run_jobs, receiver):
    customer = receiver()
    before = balance_of(alice)
    made = api.made(text="a red fox in the snow", callback=customer.url("/done?order=1&x=%20y"), **SMALL)

    run_jobs()

    shown = api.get(f"/prompts/{made['id']}").json()
    frames, seconds = film_of(content_of(api, shown["images"][0]))
    assert (len(frames), seconds) == (48, pytest.approx(2.0, abs=0.05))
    assert (frames[0].width, frames[0].height) == (854, 480)
    assert shown["content_types"] == ["video/mp4"]
    assert shown["preview_engine"] is True
    assert before - balance_of(alice) == shown["cost_mc"] == 10_000
    assert books.faults() == []
    (call,) = customer.seen
    assert call.path == "/done?order=1&x=%20y"
    assert json.loads(call.body) == {"prompt": shown}


def test_a_turned_photograph_is_upright_in_the_first_frame_and_its_metadata_is_gone(api, run_jobs):
    made = api.made(video_first_frame=upload(held_by_a_phone(), "IMG_0001.jpg"), **SMALL)

    run_jobs()

    content = content_of(api, api.get(f"/prompts/{made['id']}").json()["images"][0])
    first = film_of(content)[0][0].to_image()
    assert first.size == (800, 480)  # the photograph's own shape, not 16:9
    assert corner_names(first) == UPRIGHT
    assert b"Canary" not in content


def test_three_bases_paint_three_different_pictures_and_a_seed_repeats_its_own(api, run_jobs):
    fields = {"text": "a lighthouse at dusk", "seed": "7", "w": "256", "h": "192"}
    ids = [api.made(path=f"/tunes/{tune}/prompts", **fields)["id"] for tune in (1504944, 690204, 666678, 666678)]

    run_jobs()

    addresses = [api.get(f"/prompts/{pk}").json()["images"][0] for pk in ids]
    pixels = [Image.open(io.BytesIO(content_of(api, address))).convert("RGB") for address in addresses]
    assert {picture.size for picture in pixels} == {(256, 192)}
    assert len({picture.tobytes() for picture in pixels}) == 3
    assert pixels[2].tobytes() == pixels[3].tobytes()
    assert {status_of(address) for address in addresses} == {200}


# --- edits ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ball() -> bytes:
    """A red ball on green, 240×160, as PNG."""
    picture, file = Image.new("RGB", (960, 640), (70, 140, 90)), io.BytesIO()
    ImageDraw.Draw(picture).ellipse((304, 144, 656, 496), fill=(210, 40, 30))
    picture.resize((240, 160), Image.Resampling.LANCZOS).save(file, "PNG")
    return file.getvalue()


def shown_as(api, made) -> tuple[dict, Image.Image, bytes]:
    """The prompt as the API shows it, its first picture, and that picture's file."""
    shown = api.get(f"/prompts/{made['id']}").json()
    assert shown["user_error"] is None
    content = content_of(api, shown["images"][0])
    asset = Asset.objects.get(pk=Output.objects.get(prompt_id=made["id"], position=0).asset_id)
    picture = Image.open(io.BytesIO(content))
    assert (asset.width, asset.height) == picture.size
    return shown, picture, content


@pytest.mark.parametrize(
    ("fields", "size", "kind"),
    [
        ({"text": "a ball", "denoising_strength": "0"}, (240, 160), "png"),
        ({"text": "a ball", "denoising_strength": "0", "film_grain": "true"}, (240, 160), "jpg"),
        ({"text": "--outpaint top-center --outpaint_width 320 --outpaint_height 240"}, (320, 240), "jpg"),
        ({"text": "details --only_upscale", "denoising_strength": "0.6"}, (960, 640), "jpg"),
        ({"text": "details --tiled_upscale --upscale_factor 2"}, (480, 320), "jpg"),
        ({"text": "a ball --remove_background"}, (240, 160), "png"),
        ({"text": "a ball --remove_background --background_color #ffffff"}, (240, 160), "jpg"),
        ({"text": "sea", "w": "128", "h": "64", "super_resolution": "true"}, (512, 256), "jpg"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_edits_come_back_in_their_real_size_and_kind(api, run_jobs, ball, fields, size, kind):
    made = api.made(input_image=upload(ball, "ball.png"), **fields)

    run_jobs()

    shown, picture, _ = shown_as(api, made)
    assert picture.size == size
    assert shown["content_types"] == [{"png": "image/png", "jpg": "image/jpeg"}[kind]]
    assert shown["filenames"] == [f"{made['id']}-0.{kind}"]
    assert shown["images"][0].endswith(f".{kind}")


def test_strength_0_gives_every_pixel_back(api, run_jobs, ball):
    made = api.made(text="a ball\nar=1:1\nseed=\nw=\ndenoising_strength=0", input_image=upload(ball, "ball.png"))

    run_jobs()

    _, picture, content = shown_as(api, made)
    assert picture.tobytes() == Image.open(io.BytesIO(ball)).tobytes()
    assert b"preview engine motion" in content
    assert b"a ball" not in content


def test_a_background_is_gone_and_what_could_not_act_is_named(api, run_jobs, ball):
    made = api.made(text="a ball --remove_background", input_image=upload(ball, "ball.png"), steps="20")

    run_jobs()

    shown, picture, content = shown_as(api, made)
    assert picture.mode == "RGBA"
    assert (picture.getpixel((5, 5))[3], picture.getpixel((120, 80))[3]) == (0, 255)
    assert shown["ignored"] == ["steps"]
    assert b"preview engine motion" in content


def test_a_set_of_pictures_has_a_seed_each(api, run_jobs):
    made = api.made(text="mountains", num_images="2", seed="5", w="128", h="64")

    run_jobs()

    shown = api.get(f"/prompts/{made['id']}").json()
    pictures = [Image.open(io.BytesIO(content_of(api, address))).tobytes() for address in shown["images"]]
    assert len(set(pictures)) == 2
    assert list(Output.objects.filter(prompt_id=made["id"]).values_list("seed", flat=True)) == [5, 6]


# --- add-ons --------------------------------------------------------------------------------------------------------


def test_a_clip_with_more_frames_and_more_pixels(api, run_jobs, picture):
    row = VideoModel.objects.create(
        name="tiny", title="Tiny", base_seconds=1, durations=[1], resolution="480p", fps=4, audio="on"
    )
    Price.objects.create(row=row, from_at=BEGINNING, base_cost_cents=1)
    Route.objects.create(row=row, engine="motion")
    offers.forget()
    made = api.made(
        video_model="tiny", video_prompt="pan left", video_first_frame=upload(picture), video_upscale_model="seedvr2",
        video_upscale_target_resolution="720p", video_fps_model="video_fps_increaser",
    )  # fmt: skip

    run_jobs()

    shown = api.get(f"/prompts/{made['id']}").json()
    frames, seconds = film_of(content_of(api, shown["images"][0]))
    asset = Asset.objects.get(pk=Output.objects.get(prompt_id=made["id"]).asset_id)
    assert (len(frames), frames[0].height, seconds) == (8, 720, pytest.approx(1.0, abs=0.05))
    assert (asset.width, asset.height, asset.frames, asset.fps) == (frames[0].width, 720, 8, 8.0)
    assert asset.has_audio
    assert shown["content_types"] == ["video/mp4"]
