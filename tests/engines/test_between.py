"""A first and a last frame: the way between them, in numbers."""

import cv2
import numpy as np
import pytest

from engines.motion import camera, photo
from engines.motion.morph import Morph
from engines.motion.planes import Planes, to_planes
from engines.motion.program import read
from engines.motion.warped import Cells
from tests.engines.conftest import psnr, textured

pytestmark = pytest.mark.engine

WIDTH, HEIGHT, FRAMES, FPS = 480, 270, 25, 12


def between(first, last, prompt="static shot"):
    views = [photo.Canvas(rgb, 0, 0, WIDTH, HEIGHT) for rgb in (first, last)]
    words = read(prompt, duration=FRAMES / FPS, seed=3)
    middle = photo.Focus(0.5, 0.5, 0.0)
    return Morph(*views, (middle, middle), words, frames=FRAMES, fps=FPS)


def drawn(scene, index):
    planes = Planes(*(np.zeros(size, np.uint8) for size in ((HEIGHT, WIDTH), *[(HEIGHT // 2, WIDTH // 2)] * 2)))
    scene.draw(index, planes)
    return planes


def seen(world, *, scale=1.0, degrees=0.0, shift=0.0):
    """The middle of a larger picture, magnified, turned and moved by pixels."""
    matrix = cv2.getRotationMatrix2D((world.shape[1] / 2, world.shape[0] / 2), degrees, scale)
    matrix[:, 2] += (WIDTH - world.shape[1]) / 2 + shift, (HEIGHT - world.shape[0]) / 2
    return cv2.warpAffine(world, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC)


def by_night(rgb):
    """Darker, bluer, the top darkest, with a lamp."""
    rows = np.linspace(0.5, 1.1, HEIGHT)[:, None, None]
    dark = (rgb / 255.0) ** 1.6 * rows * np.array([0.28, 0.32, 0.48])
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    lamp = np.exp(-((x - 360) ** 2 + (y - 200) ** 2) / 30)[..., None] * np.array([1.0, 0.8, 0.5])
    return (np.clip(dark + lamp, 0, 1) * 255).astype(np.uint8)


def mean(planes):
    return float(planes.y.mean())


@pytest.fixture(scope="module")
def world():
    return textured(720, 480, seed=21)


@pytest.mark.parametrize("prompt", ["static shot", "snowfall, pan left", "night falls, candle light"])
def test_both_ends_are_the_pictures_sample_for_sample(world, prompt):
    first, last = seen(world), seen(world, shift=14)
    scene = between(first, last, prompt)

    for index, picture in ((0, first), (FRAMES - 1, last)):
        for plane, wanted in zip(drawn(scene, index), to_planes(picture), strict=True):
            assert np.array_equal(plane, wanted)


def test_a_zoom_with_a_turn_is_found_and_filmed(world):
    scene = between(seen(world), seen(world, scale=1.25, degrees=6))
    e = float(camera.cruise(np.array(0.5)))

    truth = to_planes(seen(world, scale=1.25**e, degrees=6 * e))
    assert scene.report["transition"] == "morph"
    assert psnr(drawn(scene, 12).y, truth.y) > 38


def test_what_passes_before_a_background_keeps_its_edges(world):
    """A disc goes right while the ground goes left: neither a second disc nor a torn rim."""

    def layered(e):
        ground = seen(world, shift=-10 * e)
        disc = np.zeros((HEIGHT, WIDTH), np.float32)
        cv2.circle(disc, (round((220 + 24 * e) * 16), 140 * 16), 60 * 16, 1.0, -1, cv2.LINE_AA, 4)
        front = seen(textured(720, 480, seed=5), shift=24 * e)
        return (ground + (front.astype(np.float32) - ground) * disc[..., None]).astype(np.uint8)

    scene = between(layered(0), layered(1))

    truth = to_planes(layered(0.5)).y
    faded = (to_planes(layered(0)).y.astype(np.float32) + to_planes(layered(1)).y) / 2
    assert scene.report["transition"] == "morph"
    assert psnr(drawn(scene, 12).y, truth) > 36 > 33 > psnr(faded, truth)


@pytest.mark.parametrize("size", [(1280, 720), (482, 270), (16, 16)])
def test_every_pixel_is_drawn_once_from_all_pictures_that_show_there(size):
    """Windows are drawn side by side in two threads: where two overlapped, it would be chance what is left."""
    cells = Cells(*size)
    shown = cv2.GaussianBlur(np.random.default_rng(4).normal(0, 1, cells.u.shape), (0, 0), 5)
    shares = [np.where(shown > 0.01, 255, 0), np.where(np.abs(shown) < 0.05, 90, 0), np.where(shown < 0.02, 255, 0)]
    shares = [share.astype(np.uint8) for share in shares]
    times, unseen = np.zeros(size[::-1], int), 0

    for window, used in cells.parts(shares):
        left, top, right, bottom = window
        times[top:bottom, left:right] += 1
        unseen += sum(int(cells.enlarged(shares[k], 1, window).any()) for k in range(3) if k not in used)

    assert (times == 1).all()
    assert unseen == 0


def test_day_and_night_of_one_place_are_time_passing(world):
    day = seen(world)
    scene = between(day, by_night(seen(world, shift=8)))
    frames = [drawn(scene, index) for index in range(FRAMES)]

    assert scene.report["transition"] == "time"
    lights = [mean(planes) for planes in frames]
    assert np.diff(lights).max() <= 0.5
    assert -np.diff(lights).min() < 0.2 * (lights[0] - lights[-1])
    middle = frames[12].y
    assert (
        cv2.Laplacian(middle, cv2.CV_32F).var()
        > 0.5 * cv2.Laplacian(frames[0].y, cv2.CV_32F).var() * (middle.std() / frames[0].y.std()) ** 2
    )


def test_the_lamp_is_lit_late_and_at_once(world):
    scene = between(seen(world), by_night(seen(world)))
    lamp = [float(drawn(scene, index).y[196:205, 356:365].mean()) for index in range(FRAMES)]

    darkest = int(np.argmin(lamp))
    assert darkest >= FRAMES // 2
    assert lamp[darkest] < 0.5 * lamp[-1]
    assert max(np.diff(lamp)) > 0.35 * (lamp[-1] - lamp[darkest])


def test_the_morning_runs_the_other_way(world):
    scene = between(by_night(seen(world)), seen(world))

    assert scene.report["transition"] == "time"
    assert mean(drawn(scene, 6)) < mean(drawn(scene, 12)) < mean(drawn(scene, 18))


def test_strangers_are_not_forced_together_by_darkness(world):
    assert between(seen(world), by_night(seen(textured(720, 480, seed=77)))).report["transition"] == "dissolve"
