"""From the request to the file: the real engine, the real answers."""

import io
import json
import tempfile
from pathlib import Path

import av
import pytest
from django.utils import timezone
from PIL import Image

from media import expiry
from media.models import Asset
from prompts import books
from tests.astria.http import balance_of
from tests.media.files import corner_names
from tests.modelslab.http import SEED

pytestmark = pytest.mark.engine
FEW = {"num_frames": 2, "width": 128, "height": 96}


def film_of(content: bytes) -> tuple[list[av.VideoFrame], float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        path.write_bytes(content)
        with av.open(str(path)) as container:
            return list(container.decode(video=0)), float(container.streams.video[0].average_rate)


def test_the_request_of_the_seed_ends_in_success_at_the_promised_address(lab, alice, run_jobs):
    before = balance_of(alice)
    made = lab.made(**SEED)
    (promised,) = made["future_links"]
    assert lab.read(promised)[0] == 404

    run_jobs()

    fetched = lab.fetch(made["id"])
    assert fetched["status"] == "success"
    assert fetched["output"] == fetched["proxy_links"] == fetched["future_links"] == [promised]
    status, content = lab.read(promised)
    frames, rate = film_of(content)
    assert (status, len(frames), rate) == (200, 25, 8)
    assert (frames[0].width, frames[0].height) == (512, 512)
    assert fetched["generationTime"] > 0
    assert fetched["meta"]["preview_engine"] == "yes"
    assert fetched["meta"]["ignored"] == [
        "guidance_scale", "min_guidance_scale", "motion_bucket_id", "noise_aug_strength", "num_inference_steps",
    ]  # fmt: skip
    assert before - balance_of(alice) == 6_000
    assert books.faults() == []


def test_the_picture_is_cropped_to_the_size_asked_for(lab, run_jobs):
    made = lab.made(num_frames=1, width=256, height=154)

    run_jobs()

    first = film_of(lab.read(lab.fetch(made["id"])["output"][0])[1])[0][0].to_image()
    assert first.size == (256, 154)  # of 160×96
    assert corner_names(first) == ["red", "green", "blue", "white"]


def test_words_become_a_gif_where_they_were_told_to(lab, run_jobs):
    made = lab.made("text2video", prompt="a lighthouse at dusk", **FEW)
    (promised,) = made["future_links"]
    assert promised.endswith(f"/{made['id']}-0.gif")

    run_jobs()

    assert lab.fetch(made["id"])["output"] == [promised]
    animation = Image.open(io.BytesIO(lab.read(promised)[1]))
    assert (animation.format, animation.n_frames, animation.size) == ("GIF", 2, (128, 96))


@pytest.mark.parametrize(("portrait", "size"), [("no", (170, 96)), ("yes", (96, 170))])
def test_ultra_is_wide_or_upright(lab, run_jobs, portrait, size):
    made = lab.made("img2video_ultra", prompt="pan left", resolution=96, num_frames=2, portrait=portrait)

    run_jobs()

    frames, rate = film_of(lab.read(lab.fetch(made["id"])["output"][0])[1])
    assert (len(frames), rate, (frames[0].width, frames[0].height)) == (2, 15, size)


def test_what_is_temporary_goes_after_a_day(lab, run_jobs):
    made = lab.made(temp="yes", **FEW)

    run_jobs()

    (asset,) = Asset.objects.filter(filename=f"{made['id']}-0.mp4")
    ends_in = asset.expires_at - timezone.now()
    assert 86_390 < ends_in.total_seconds() <= 86_400
    expiry.sweep(now=asset.expires_at)
    assert lab.read(made["future_links"][0])[0] == 404
    assert (lab.fetch(made["id"])["status"], lab.fetch(made["id"])["output"]) == ("success", [])


def test_the_webhook_gets_the_result_in_modelslabs_words(lab, receiver, run_jobs):
    customer = receiver()
    made = lab.made(webhook=customer.url("/done?order=7"), track_id=42, **FEW)

    run_jobs()

    (call,) = customer.seen
    told = json.loads(call.body)
    assert call.path == "/done?order=7"
    assert call.headers["webhook-id"].startswith("msg_")
    assert told == lab.fetch(made["id"]) | {"track_id": 42}
    assert (told["status"], told["id"], told["output"]) == ("success", made["id"], made["future_links"])
