"""Camera moves as an independent tracker sees them in the finished file, and the caller's picture at its ends."""

import av
import cv2
import numpy as np
import pytest

from engines.motion import camera, fit, photographed, program
from engines.motion.photo import Canvas, Focus
from tests.engines.conftest import decoded, luma, psnr, step, steps, textured

pytestmark = pytest.mark.engine

SIZE = {"width": 1280, "height": 720}
HALF = {"width": 640, "height": 360}
THIRD = {"width": 416, "height": 234}
CLIP = {"frames": 120, "fps": 24}
A_PIXEL = 24 / 1280  # view widths a second: one pixel a frame of 1280×720 at 24 frames a second


def fitted_luma(path, width, height):
    """The fitted picture's own luma, by the textbook: BT.709, limited range."""
    rgb = fit(path, width, height).astype(np.float64)
    return 16 + (rgb @ np.array([0.2126, 0.7152, 0.0722])) * 219 / 255


@pytest.mark.parametrize(("words", "sign"), [("pan left", 1), ("pan right", -1)])
def test_a_pan_moves_the_picture_the_other_way_by_a_pixel_a_frame(words, sign, render, photo):
    result = render("image_to_video", prompt=words, first=photo, **HALF, frames=40, fps=8)

    flow = np.median(steps(result.path)[:, 0])

    assert np.sign(flow) == sign
    assert abs(flow) >= A_PIXEL * HALF["width"] / 8


@pytest.mark.parametrize(
    "scene", ["mountains", "sea", "city at night", "forest", "desert", "meadow", "space", "abstract shapes"]
)
def test_pans_hold_in_painted_scenes_too(scene, render):
    left, right = (
        np.median(steps(render("text_to_video", prompt=f"{scene}, pan {side}", **THIRD, frames=20, fps=4).path)[:, 0])
        for side in ("left", "right")
    )

    assert left >= A_PIXEL * THIRD["width"] / 4
    assert right <= -A_PIXEL * THIRD["width"] / 4


def test_zoom_in_grows_the_picture(render, photo):
    greys = luma(render("image_to_video", prompt="zoom in", first=photo, **HALF, frames=40, fps=8).path)

    assert step(greys[0], greys[-1])[2] >= 1.10


def test_zoom_in_grows_a_painted_scene(render):
    greys = luma(render("text_to_video", prompt="mountains, zoom in", **THIRD, frames=40, fps=8).path)

    assert step(greys[0], greys[-1])[2] >= 1.05


def test_zoom_out_starts_on_most_of_the_picture_and_ends_on_all_of_it(render, photo):
    result = render("image_to_video", prompt="zoom out", first=photo, **HALF, frames=40, fps=8)
    greys = luma(result.path)

    assert 1 / 1.43 <= step(greys[0], greys[-1])[2] <= 0.95
    assert psnr(greys[-1], fitted_luma(photo, 640, 360)) >= 44
    assert psnr(decoded(result.path)[-1], fit(photo, 640, 360)) >= 36


@pytest.mark.parametrize(
    "words", ["", "pan left", "zoom in on the sky", "orbit right, snowing, sunset", "static shot", "handheld"]
)
def test_frame_0_is_the_fitted_picture(words, render, photo):
    result = render("image_to_video", prompt=words, first=photo, **SIZE, frames=2, fps=24)

    assert psnr(luma(result.path)[0], fitted_luma(photo, 1280, 720)) >= 44
    assert psnr(decoded(result.path)[0], fit(photo, 1280, 720)) >= 36


def test_a_picture_of_another_shape_is_cropped_not_bent(render, other_photo):
    rgb = fit(other_photo, 320, 180)

    whole = cv2.cvtColor(cv2.imread(str(other_photo)), cv2.COLOR_BGR2RGB)
    scaled = cv2.resize(whole, (320, 427), interpolation=cv2.INTER_AREA)
    fits = cv2.matchTemplate(scaled, rgb, cv2.TM_CCOEFF_NORMED)
    assert fits.max() > 0.99


def test_words_without_a_move_get_a_gentle_one(render, photo):
    clip = render("image_to_video", prompt="a quiet afternoon", first=photo, **HALF, frames=40, fps=8)
    greys = luma(clip.path)

    assert 1.05 <= step(greys[0], greys[-1])[2] <= 1.30


@pytest.mark.parametrize("words", ["", "pan left", "static shot", "zoom out", "handheld camera"])
def test_something_moves_in_every_second(words, render, photo):
    greys = luma(render("image_to_video", prompt=words, first=photo, **THIRD, frames=72, fps=12).path)

    seconds = [np.abs(greys[at + 11].astype(int) - greys[at]).mean() for at in range(0, 72, 12)]
    assert min(seconds) > 0.3


def test_a_static_camera_stays_where_it_is(render, photo):
    shifts = steps(render("image_to_video", prompt="static shot", first=photo, **HALF, frames=48, fps=12).path)

    assert np.abs(shifts[:, :2]).max() < 0.8
    assert np.abs(shifts[:, 2] - 1).max() < 0.003


@pytest.mark.parametrize(
    "words",
    [
        "whip pan left",
        "crane up, pan right",
        "fast orbit left",
        "camera rolls clockwise",
        "dolly zoom",
        "extreme handheld",
        "zoom out, pan left",
    ],
)
def test_no_move_shows_what_is_not_in_the_picture(words):
    """Every point of the view's rim, in every frame, is looked up inside the picture: at most ¾ pixel beyond at 1280."""
    view = Canvas(textured(640, 360), 0, 0, 640, 360)
    layer, subject = photographed.lay(view, Focus(0.5, 0.5, 0.0))
    words_read = program.read(words, duration=5, seed=2)
    path = photographed.guard(camera.path(words_read, 120, subject=subject, aspect=360 / 640), layer, view)
    along = np.linspace(-0.5, 0.5, 65)
    sides = [(x, y) for x in along for y in (-0.28125, 0.28125)] + [(x, y * 0.5625) for x in (-0.5, 0.5) for y in along]
    rim = np.array(sides).T

    beyond = []
    for frame in range(120):
        x, y = camera.locate(path, frame, rim[:1], rim[1:], layer.depth.at)
        beyond.append(max((np.abs(x) - 0.5).max(), (np.abs(y) - 0.28125).max()) * 1280)

    assert max(beyond) <= 0.75


def test_moves_in_4k_within_bounded_memory(render, photo):
    result = render("image_to_video", first=photo, width=3840, height=2160, frames=2, fps=24)

    with av.open(str(result.path)) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (3840, 2160)


def test_a_zoom_out_after_another_move_starts_and_ends_on_the_whole_picture(render, photo):
    clip = render("image_to_video", prompt="pan left then zoom out", first=photo, **HALF, frames=40, fps=8)
    frames = decoded(clip.path)

    assert psnr(frames[0], fit(photo, 640, 360)) >= 36
    assert psnr(frames[-1], fit(photo, 640, 360)) >= 32
    assert psnr(frames[20], fit(photo, 640, 360)) < 25


def test_a_default_move_is_alive_from_the_first_second_to_the_last(render, photo):
    greys = luma(render("image_to_video", prompt="he nods", first=photo, **HALF, **CLIP).path)

    seconds = [
        np.mean([np.abs(greys[i + 1].astype(int) - greys[i]).mean() for i in range(at, at + 23)])
        for at in range(0, 120, 24)
    ]
    assert min(seconds) >= 0.5
    assert min(seconds) >= 0.6 * max(seconds)
