"""From a POST to real files, with the embedded engine: a few small ones."""

from __future__ import annotations

import io
import json
import tempfile
from pathlib import Path

import av
import pytest
from PIL import Image

from prompts import books
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
