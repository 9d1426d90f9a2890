"""A clip goes on: its old frames stay as they are, and nothing shows where the new ones begin."""

from itertools import pairwise

import av
import cv2
import numpy as np
import pytest

from engines.base import Cancelled, Rejected, RenderRequest
from engines.motion import extend, footage
from engines.motion.encode import Writer
from engines.motion.engine import MotionEngine
from engines.motion.planes import to_planes, to_rgb
from engines.motion.stage import file_format
from tests.engines.conftest import decoded, luma, psnr, step, textured

pytestmark = pytest.mark.engine

WIDTH, HEIGHT, FPS, OLD, NEW = 320, 180, 24, 24, 24


def clip(path, matrix_at, frames=OLD):
    """A clip as this engine writes it: a window over a larger picture, moved by a 2×3 matrix for each frame."""
    world = textured(960, 540, seed=5)
    request = RenderRequest(task="extend", prompt="", seed=1, width=WIDTH, height=HEIGHT, frames=frames, fps=FPS)
    with Writer(path, file_format(request)) as writer:
        for n in range(frames):
            rgb = cv2.warpAffine(world, matrix_at(n), (WIDTH, HEIGHT), flags=cv2.INTER_AREA | cv2.WARP_INVERSE_MAP)
            frame, planes = writer.blank()
            for plane, values in zip(planes, to_planes(rgb), strict=True):
                plane[:] = values
            writer.put(frame)
    return path


def panning(n):
    return np.array([[1, 0, 200 + 0.6 * n], [0, 1, 150.0]])


def zooming_out(n):
    scale = 0.9 * 1.003**n
    return np.array([[scale, 0, 480 - 160 * scale], [0, scale, 270 - 90 * scale]])


@pytest.fixture(scope="module")
def pan(tmp_path_factory):
    return clip(tmp_path_factory.mktemp("pan") / "pan.mp4", panning)


@pytest.fixture
def extended(render):
    def run(driving, prompt="", **fields):
        size = {"width": WIDTH, "height": HEIGHT, "frames": NEW, "fps": FPS}
        return render("extend", driving=driving, prompt=prompt, **(size | fields))

    return run


def heard(path):
    with av.open(str(path)) as container:
        return sum(frame.samples for frame in container.decode(audio=0)) / 48_000


@pytest.mark.parametrize("audio", [False, True])
def test_the_old_frames_of_a_clip_of_our_own_stay_bit_for_bit(audio, extended, pan):
    result = extended(pan, audio=audio)

    old, new = decoded(pan, "yuv420p"), decoded(result.path, "yuv420p")
    assert result.report["joined"] == "packets"
    assert (result.frames, len(new), result.has_audio) == (OLD + NEW, OLD + NEW, audio)
    assert all(np.array_equal(a, b) for a, b in zip(old, new, strict=False))
    facts = footage.facts(result.path)
    assert (facts.fps, facts.frames) == (FPS, OLD + NEW)
    assert '"preview": true' in facts.comment
    if audio:
        assert heard(result.path) == pytest.approx((OLD + NEW) / FPS, abs=1 / FPS)


@pytest.mark.parametrize("size", [(320, 180), (120, 120)])
def test_a_foreign_clip_is_encoded_again_and_the_report_says_so(size, extended, driving):
    result = extended(driving, width=size[0], height=size[1], audio=True, frames=6)

    assert result.report["joined"] == "encoded"
    assert result.frames == 48 + 6
    assert heard(result.path) == pytest.approx((48 + 6) / FPS, abs=1 / FPS)
    assert decoded(result.path)[0].shape == (size[1], size[0], 3)
    if size == (320, 180):
        assert min(psnr(a, b) for a, b in zip(luma(driving), luma(result.path)[:48], strict=True)) > 40


@pytest.mark.parametrize(("matrix_at", "column", "speed"), [(panning, 0, -0.6), (zooming_out, 2, 1 / 1.003)])
def test_the_speed_is_the_same_before_and_after_the_join(matrix_at, column, speed, extended, tmp_path):
    result = extended(clip(tmp_path / "old.mp4", matrix_at))

    greys = luma(result.path)[OLD - 6 : OLD + 4]
    seen = [step(a, b)[column] for a, b in pairwise(greys)]  # the sixth is the step over the join
    before, join, after = np.mean(seen[:5]), seen[5], np.mean(seen[6:])
    slack = 0.12 * abs(speed - (column == 2))
    assert before == pytest.approx(speed, abs=slack)
    assert join == pytest.approx(before, abs=2 * slack)
    assert after == pytest.approx(before, abs=2 * slack)


@pytest.mark.parametrize(
    ("speed", "stays", "room", "end"),
    [(0.03, True, 1.0, 0.0182), (0.03, False, 1.0, 0.0005), (-0.3, True, 0.1, 0.0)],
    ids=["goes on", "dies down", "has no room"],
)
def test_the_old_move_begins_at_its_speed_and_settles_within_its_room(speed, stays, room, end):
    seconds = np.arange(0, 5, 0.001)

    gone = extend._coasting(speed, seconds, room, stays=stays)

    speeds = np.diff(gone) / 0.001
    assert gone[0] == 0
    assert speeds[0] == pytest.approx(speed, rel=0.01)
    assert abs(speeds[-1]) == pytest.approx(end, abs=0.0001)
    assert np.abs(gone).max() <= room


def test_the_new_part_is_neither_softer_nor_another_colour(extended, pan):
    rgb = decoded(extended(pan).path)

    sharp = [cv2.Laplacian(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.CV_32F).var() for image in rgb]
    assert np.mean(sharp[OLD : OLD + 6]) == pytest.approx(np.mean(sharp[OLD - 6 : OLD]), rel=0.15)
    shift = np.abs(rgb[OLD].mean((0, 1)) - rgb[OLD - 1].mean((0, 1)))
    assert shift.max() < 0.7


@pytest.mark.parametrize("question", [3, OLD + NEW + 20])
def test_a_cancelled_extension_leaves_nothing(question, desk, pan):
    place = desk(cancel_at=question)
    request = RenderRequest(
        task="extend", prompt="", seed=1, width=WIDTH, height=HEIGHT, frames=NEW, fps=FPS, driving=pan
    )

    with pytest.raises(Cancelled):
        MotionEngine().render(request, place)

    assert list(place.folder.iterdir()) == []


def test_together_they_may_not_be_too_long(extended, pan, monkeypatch):
    monkeypatch.setattr(extend, "MOST_SAMPLES", 47 * WIDTH * HEIGHT)

    with pytest.raises(Rejected, match="48 in all, are too long"):
        extended(pan)


def test_planes_survive_the_way_to_rgb_and_back():
    planes = to_planes(textured(64, 48))

    again = to_planes(to_rgb(planes))

    assert max(np.abs(a.astype(int) - b).max() for a, b in zip(planes, again, strict=True)) <= 6
    assert np.abs(planes.y.astype(int) - again.y).max() <= 1


def test_a_clip_that_came_to_rest_is_given_a_move_of_its_own(extended, tmp_path):
    still = clip(tmp_path / "still.mp4", lambda _: panning(0), frames=8)

    greys = luma(extended(still, frames=36).path)

    assert step(greys[8], greys[-1])[2] > 1.02
