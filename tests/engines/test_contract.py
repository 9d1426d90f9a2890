"""What every engine owes its caller, tried on each task that it says it can do."""

import hashlib
import threading
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from engines import registry
from engines.base import TASKS, Cancelled, Rejected, RenderRequest
from engines.motion import clip, encode
from tests.engines.conftest import decoded, psnr

pytestmark = pytest.mark.engine

EVERY = [(name, task) for name in registry.names() for task in TASKS if task in registry.get(name).capabilities().tasks]
EACH = [(name, task) for name, task in EVERY if task not in ("upscale", "faster")]  # that make something of words
WIDTH, HEIGHT, FRAMES, FPS = 160, 96, 10, 12
OLD_FRAMES = 24  # of the driving clip, 48 frames at 24 a second, seen at 12


@pytest.fixture
def ask(photo, other_photo, driving):
    def request(task: str, **changes) -> RenderRequest:
        inputs = {
            "image": {},
            "text_to_video": {},
            "image_to_video": {"first": photo},
            "first_last": {"first": photo, "last": other_photo},
            "motion": {"first": photo, "driving": driving},
            "references": {"references": (photo, other_photo)},
            "extend": {"driving": driving},
            "upscale": {"driving": driving, "width": 480, "height": 270, "frames": 48, "fps": 24},
            "faster": {"driving": driving, "width": 320, "height": 180, "frames": 96, "fps": 48},
        }[task]
        size = {"width": WIDTH, "height": HEIGHT}
        length = {} if task == "image" else {"frames": FRAMES, "fps": FPS}
        fields = {"task": task, "prompt": "a lake in the mountains", "seed": 5} | size | length | inputs
        return RenderRequest(**(fields | changes))

    return request


@pytest.mark.parametrize(("name", "task"), EACH)
def test_makes_exactly_what_was_asked_for(name, task, ask, desk):
    place = desk()

    result = registry.get(name).render(ask(task), place)

    assert (result.width, result.height, result.engine) == (WIDTH, HEIGHT, name)
    assert result.preview is registry.get(name).capabilities().preview
    assert result.path.parent == place.folder
    if task == "image":
        assert (result.content_type, result.frames) == ("image/jpeg", 1)
        assert decoded(result.path)[0].shape == (HEIGHT, WIDTH, 3)
        return
    expected = FRAMES + (OLD_FRAMES if task == "extend" else 0)
    with av.open(str(result.path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height, stream.average_rate) == (WIDTH, HEIGHT, FPS)
        shown = [frame.pts * stream.time_base * FPS for frame in container.decode(video=0)]
    assert shown == list(range(expected))
    assert (result.frames, result.fps, result.content_type, result.has_audio) == (expected, FPS, "video/mp4", False)


@pytest.fixture
def drawn(monkeypatch):
    """What every frame given to the encoder since the last look was like: a hash of its three planes."""
    frames: list[str] = []
    put = encode.Writer.put

    def seen(self, frame):
        planes = b"".join(encode.view(plane).tobytes() for plane in frame.planes)
        frames.append(hashlib.sha256(planes).hexdigest())
        put(self, frame)

    monkeypatch.setattr(encode.Writer, "put", seen)

    def take() -> list[str]:
        taken = frames.copy()
        frames.clear()
        return taken

    return take


@pytest.mark.parametrize(("name", "task"), EACH)
def test_the_same_request_gives_the_same_pixels_and_bytes_and_another_seed_others(name, task, ask, desk, drawn):
    engine = registry.get(name)

    (first, frames), (again, frames_again), (other, _) = (
        (engine.render(ask(task, seed=seed), desk()).path, drawn()) for seed in (5, 5, 6)
    )

    assert frames == frames_again
    assert len(frames) >= (0 if task == "image" else FRAMES)
    assert first.read_bytes() == again.read_bytes()
    assert psnr(*(np.stack(decoded(path)[-FRAMES:]) for path in (first, other))) < 50


@pytest.mark.parametrize(("name", "task"), EACH)
def test_another_prompt_gives_other_pixels(name, task, ask, desk):
    engine = registry.get(name)

    mountains, city = (
        np.stack(decoded(engine.render(ask(task, prompt=text), desk()).path)).astype(int)
        for text in ("a lake in the mountains", "neon city at night, snowing, pan left")
    )

    assert np.abs(mountains - city).mean() > 0.5


@pytest.mark.parametrize(("name", "task"), EVERY)
def test_progress_only_grows_and_ends_at_one(name, task, ask, desk):
    place = desk()

    registry.get(name).render(ask(task), place)

    assert place.told == sorted(place.told)
    assert place.told[-1] == 1.0


@pytest.mark.parametrize(
    ("name", "task", "question"),
    [
        (name, task, n) for name, task in EVERY for n in (1, 2, 6) if n < 6 or task != "image"
    ],  # a picture asks less often
)
def test_stops_when_cancelled_and_leaves_nothing(name, task, question, ask, desk):
    place = desk(cancel_at=question)

    with pytest.raises(Cancelled):
        registry.get(name).render(ask(task), place)

    assert list(place.folder.iterdir()) == []


def test_work_in_a_long_step_is_left_when_cancelled_and_ends_after_it_and_its_faults_are_told(desk):
    begun, step, ended = threading.Event(), threading.Event(), threading.Event()

    def long(go_on) -> None:
        go_on()
        begun.set()
        step.wait(5)
        with pytest.raises(Cancelled):
            go_on()
        ended.set()

    with pytest.raises(Cancelled):
        clip.awaited(long, desk(cancel_at=1))
    assert begun.is_set()
    assert not ended.is_set()
    step.set()
    assert ended.wait(5)

    assert clip.awaited(lambda _go_on: 7, desk()) == 7
    with pytest.raises(ZeroDivisionError):
        clip.awaited(lambda _go_on: 1 // 0, desk())


@pytest.mark.parametrize(("name", "task"), EVERY)
def test_stops_when_time_is_up_and_leaves_nothing(name, task, ask, desk):
    place = desk(seconds=-1)

    with pytest.raises(Cancelled):
        registry.get(name).render(ask(task), place)

    assert list(place.folder.iterdir()) == []


@pytest.mark.parametrize(("name", "task"), [pair for pair in EVERY if pair[1] not in ("image", "text_to_video")])
def test_refuses_an_unreadable_input(name, task, ask, desk, tmp_path):
    broken = tmp_path / "broken.bin"
    broken.write_bytes(b"this is neither a picture nor a clip")
    fields = {"references": (broken,)} if task == "references" else {}
    fields |= {key: broken for key in ("first", "driving") if getattr(ask(task), key) is not None}
    place = desk()

    with pytest.raises(Rejected):
        registry.get(name).render(ask(task, **fields), place)

    assert list(place.folder.iterdir()) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"task": "first_last"},
        {"width": 161},
        {"width": 8192, "height": 8192},
        {"frames": 0},
        {"frames": 100_000},
        {"frames": 451, "width": 3840, "height": 2160},
        {"task": "sculpture"},
    ],
    ids=str,
)
def test_refuses_what_it_cannot_do(changes, ask, desk):
    place = desk()
    request = replace(ask("image_to_video"), **changes)

    with pytest.raises(Rejected):
        registry.get("motion").render(request, place)

    assert list(place.folder.iterdir()) == []


def test_says_in_the_file_that_it_is_a_preview_and_names_no_date(ask, desk):
    result = registry.get("motion").render(ask("text_to_video"), desk())

    with av.open(str(result.path)) as container:
        facts = dict(container.metadata)

    assert facts["comment"] == '{"engine": "motion", "preview": true, "version": "1.0", "seed": 5}'
    assert "creation_time" not in facts


def test_a_browser_can_start_before_all_is_loaded(ask, desk):
    result = registry.get("motion").render(ask("text_to_video"), desk())

    data = Path(result.path).read_bytes()

    assert data.index(b"moov") < data.index(b"mdat")


def test_reports_what_it_understood_what_not_and_what_had_no_effect(ask, desk):
    request = ask(
        "text_to_video", prompt="pan left, she smiles", options={"steps": 30, "controlnet": "", "base": "sd15"}
    )

    report = registry.get("motion").render(request, desk()).report

    assert report["understood"] == ["pan left"]
    assert report["unsupported"] == ["smiles"]
    assert report["ignored"] == ["steps"]
    assert report["program"]["camera"][0]["op"] == "pan"
    assert set(report["timings"]) == {"total", "setup", "render"}
