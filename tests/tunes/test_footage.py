"""Clips that are described: taken in, looked at by a worker, answered by their id."""

from __future__ import annotations

from datetime import timedelta

import av
import numpy as np
import pytest
from django.conf import settings
from django.utils import timezone

from common.jobs.models import Outbox
from engines.motion import cuts
from media.models import Asset
from tests.astria.http import upload
from tunes import footage
from tunes.models import Inspection


def texture(seed, size):
    """Blocks in shades of one colour, another one for each seed."""
    rng = np.random.default_rng(seed)
    colour = np.array([(220, 60, 40), (40, 180, 70), (50, 80, 230)][seed % 3])
    shades = rng.uniform(0.35, 1.0, (size[1] // 32, size[0] // 32, 1))
    return np.kron((colour * shades).astype(np.uint8), np.ones((32, 32, 1), np.uint8))


def film(path, scenes, *, seconds=2, size=(320, 192)):
    """Each scene is a texture (by its seed) and how many pixels it moves to the left in a frame."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=12, options={"crf": "18"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for seed, step in scenes:
            wide = np.concatenate([texture(seed, (size[0] * 2, size[1]))] * 2, axis=1)
            for number in range(seconds * 12):
                shown = np.ascontiguousarray(wide[:, number * step : number * step + size[0]])
                container.mux(stream.encode(av.VideoFrame.from_ndarray(shown, format="rgb24")))
        container.mux(stream.encode(None))
    return path


@pytest.mark.once
def test_shots_are_told_by_where_they_cut_and_how_they_move(tmp_path):
    found = cuts.shots(film(tmp_path / "film.mp4", [(1, 0), (2, 2), (3, 0)]))

    assert [(round(shot.start), round(shot.end)) for shot in found] == [(0, 2), (2, 4), (4, 6)]
    assert [shot.camera for shot in found] == ["static", "pan right", "static"]


@pytest.fixture
def clip(tmp_path):
    return film(tmp_path / "clip.mp4", [(1, 0), (2, 2)]).read_bytes()


def test_a_clip_is_described_shot_by_shot_and_not_kept(api, clip, run_jobs):
    begun = api.post("/videos/inspect", {"file": upload(clip, "clip.mp4")})
    assert begun.status_code == 201
    assert begun.json()["status"] == "pending"

    run_jobs()

    told = api.get(f"/videos/inspect/{begun.json()['id']}").json()
    assert (told["status"], told["error"]) == ("completed", None)
    first, second = told["description"].splitlines()
    assert first.startswith("00-02 - static; ")
    assert second.startswith("02-04 - pan right; ")
    assert not Asset.objects.filter(kind="input", deleted_at=None).exists()


def test_what_is_no_clip_or_too_long_is_refused(api, tmp_path):
    assert api.post("/videos/inspect", {}).json() == {"file": ["can't be blank"]}
    assert api.post("/videos/inspect", {"file": upload(b"x", "x.mp4")}).status_code == 422
    long = film(tmp_path / "long.mp4", [(1, 0)], seconds=32, size=(64, 48)).read_bytes()
    assert api.post("/videos/inspect", {"file": upload(long, "x.mp4")}).json() == {
        "file": ["is longer than 30 seconds"]
    }


def test_three_dead_attempts_are_the_end(api, clip, monkeypatch):
    begun = api.post("/videos/inspect", {"file": upload(clip, "clip.mp4")}).json()

    def die(*_arguments):
        raise RuntimeError("a defect")

    monkeypatch.setattr(footage, "_described", die)
    for _ in range(3):
        Inspection.objects.update(next_at=timezone.now())
        footage.run(inspection_id=begun["id"], worker="test", now=timezone.now())

    told = api.get(f"/videos/inspect/{begun['id']}").json()
    assert (told["status"], told["error"]) == ("failed", "The clip could not be looked at.")


def test_who_waited_too_long_is_told_so(api, clip):
    begun = api.post("/videos/inspect", {"file": upload(clip, "clip.mp4")}).json()

    footage.sweep(now=timezone.now() + timedelta(hours=settings.QUEUE_HOURS_MAX, minutes=1))

    told = api.get(f"/videos/inspect/{begun['id']}").json()
    assert (told["status"], told["error"]) == ("failed", "Nobody could look at this clip in time.")
    assert not Outbox.objects.filter(topic=footage.TOPIC).exists()
    assert not Asset.objects.filter(kind="input", deleted_at=None).exists()


def test_after_a_day_the_answer_is_gone(api, clip, run_jobs):
    begun = api.post("/videos/inspect", {"file": upload(clip, "clip.mp4")}).json()
    run_jobs()

    footage.sweep(now=timezone.now() + timedelta(hours=25))

    assert api.get(f"/videos/inspect/{begun['id']}").status_code == 404
