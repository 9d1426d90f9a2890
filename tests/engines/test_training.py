"""What the preview engine learns of pictures, and what it does to what is painted with it."""

from __future__ import annotations

import json
import time

import cv2
import numpy as np
import pytest

from bench import pictures
from engines.base import Cancelled, Rejected, RenderRequest, Subject, TrainRequest
from engines.motion.engine import MotionEngine
from tests.engines.conftest import Desk

WARM, COLD = (30, 90, 220), (200, 120, 30)  # BGR


def scene(colour, *, seed=1):
    """A picture of one mood: soft patches of a colour, lighter and darker."""
    rng = np.random.default_rng(seed)
    field = cv2.resize(rng.random((6, 9)).astype(np.float32), (360, 240), interpolation=cv2.INTER_CUBIC)
    return np.clip(np.array(colour) * (0.5 + 0.8 * field[..., None]), 0, 255).astype(np.uint8)


@pytest.fixture
def ask(tmp_path):
    """`ask(pictures, …)`: the request for a tune made of them."""

    def make(shown, *, name="style", **fields):
        paths = []
        for number, picture in enumerate(shown):
            path = tmp_path / f"{name}-{number}-{int(picture.sum())}.png"
            cv2.imwrite(str(path), picture)
            paths.append(path)
        given = {"kind": "lora", "token": "ohwx", "base": "flux1", "steps": 300, "seed": 7} | fields
        return TrainRequest(name=name, pictures=tuple(paths), captions=("",) * len(paths), **given)

    return make


@pytest.fixture
def train(ask, tmp_path):
    """`train(pictures, …)`: what the engine learned."""
    count = iter(range(100))

    def run(shown, **fields):
        folder = tmp_path / f"desk-{next(count)}"
        folder.mkdir()
        return MotionEngine().train(ask(shown, **fields), Desk(folder))

    return run


def portrait():
    """A figure before a background, as BGR and alpha."""
    rgb, alpha = pictures.figure()
    return np.dstack([rgb[..., ::-1], alpha])


def painted(folder, *subjects, text="a garden in the morning", seed=5):
    folder.mkdir(exist_ok=True)
    request = RenderRequest(task="image", prompt=text, seed=seed, width=384, height=256, subjects=subjects)
    return cv2.imread(str(MotionEngine().render(request, Desk(folder)).path))


def subject(made, *, weight=1.0, name="style", shown=()):
    return Subject(
        tune_id=1, kind="lora", name=name, token="ohwx", weight=weight, pictures=made.files or tuple(shown),
        profile=made.profile,
    )  # fmt: skip


def delta_e(one, other):
    """CIE 1976, the mean over the picture."""
    first, second = (cv2.cvtColor(np.float32(picture) / 255, cv2.COLOR_BGR2Lab) for picture in (one, other))
    return float(np.linalg.norm(first - second, axis=2).mean())


def test_the_same_pictures_teach_the_same_to_the_byte(train):
    one, other = (train([portrait(), portrait()[:, ::-1]], name="woman") for _ in range(2))

    assert one.profile == other.profile
    assert [path.read_bytes() for path in one.files] == [path.read_bytes() for path in other.files]


def test_it_says_that_it_is_a_preview(train):
    made = train([scene(WARM)])

    assert (made.engine, made.preview) == ("motion", True)


def test_a_profile_is_small_json_with_shares_that_add_up(train):
    made = train([scene(WARM), scene(COLD)])

    assert len(json.dumps(made.profile)) < 4_000
    assert sum(row[3] for row in made.profile["palette"]) == pytest.approx(1, abs=0.001)
    assert len(made.profile["texture"]) == 4


def test_a_subject_is_cut_out_and_a_style_is_not(train):
    person, style = train([portrait()], name="woman"), train([portrait()], name="style")

    (path,) = person.files
    cut = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert cut.shape[2] == 4
    assert 0 < (cut[..., 3] > 128).mean() < 1
    assert style.files == ()


def test_at_most_four_cut_outs_are_kept(train):
    assert len(train([portrait()] * 6, name="woman").files) == 4


def test_what_is_transparent_does_not_count(train):
    hidden = np.dstack([scene(WARM), np.zeros((240, 360), np.uint8)])
    hidden[:120, :, 3] = 255
    hidden[120:, :, :3] = 0

    assert train([hidden]).profile["mean"] == pytest.approx(train([scene(WARM)[:120]]).profile["mean"], abs=2)


def test_two_tunes_paint_the_same_words_in_two_lights(train, tmp_path):
    warm, cold = (train([scene(colour, seed=n) for n in range(4)]) for colour in (WARM, COLD))

    first, second = painted(tmp_path / "a", subject(warm)), painted(tmp_path / "b", subject(cold))

    assert delta_e(first, second) >= 8


def test_two_people_stand_in_two_lights_too(train, tmp_path):
    made = [train([scene(colour)], name="woman") for colour in (WARM, COLD)]
    shown = [[tmp_path / f"{n}.png"] for n in range(2)]
    for (path,), colour in zip(shown, (WARM, COLD), strict=True):
        cv2.imwrite(str(path), scene(colour))

    first, second = (
        painted(tmp_path / f"p{n}", subject(one, name="woman", shown=shown[n])) for n, one in enumerate(made)
    )

    assert delta_e(first, second) >= 8


def test_weight_says_how_much_and_none_is_nothing(train, tmp_path):
    warm = train([scene(WARM)])
    plain = painted(tmp_path / "none")

    half, full = (painted(tmp_path / f"{w}", subject(warm, weight=w)) for w in (0.5, 1.0))

    assert np.array_equal(painted(tmp_path / "zero", subject(warm, weight=0.0)), plain)
    assert 0 < delta_e(half, plain) < delta_e(full, plain)


def test_a_profile_of_another_engine_changes_nothing(train, tmp_path):
    warm = train([scene(WARM)])
    other = Subject(
        tune_id=1, kind="lora", name="style", token="ohwx", weight=1.0, pictures=(),
        profile=warm.profile | {"engine": "diffusion"},
    )  # fmt: skip

    assert np.array_equal(painted(tmp_path / "other", other), painted(tmp_path / "none"))


def test_what_is_no_picture_is_refused(ask, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    folder = tmp_path / "desk"
    folder.mkdir()
    request = ask([scene(WARM)])

    with pytest.raises(Rejected):
        MotionEngine().train(TrainRequest(**vars(request) | {"pictures": (broken,)}), Desk(folder))
    with pytest.raises(Rejected):
        MotionEngine().train(TrainRequest(**vars(request) | {"pictures": ()}), Desk(folder))


def test_it_stops_soon_when_told_to(ask, tmp_path):
    folder = tmp_path / "desk"
    folder.mkdir()
    desk = Desk(folder)
    begun = time.monotonic()
    desk.cancelled = lambda: time.monotonic() - begun > 0.1

    with pytest.raises(Cancelled):
        MotionEngine().train(ask([portrait()] * 20, name="woman"), desk)

    assert list(folder.iterdir()) == []
