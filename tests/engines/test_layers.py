"""A photo in two layers: its subject is found or left alone, both layers pass each other without tears or borders."""

from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
import pytest

from engines.motion import blur, camera, deep, layers, measure, photographed, program, subject, transfer
from engines.motion.photo import Canvas, Focus, find_focus
from engines.motion.planes import Planes, to_planes
from engines.motion.plate import plate
from engines.motion.program import Move, Program
from tests.engines.conftest import psnr, textured
from tests.engines.test_straight_lines import centres, followed

pytestmark = pytest.mark.engine

WIDTH, HEIGHT, FRAMES, FPS = 640, 360, 24, 12
BALL = (330, 190, 84)  # centre and radius


def room(width=WIDTH, height=HEIGHT):
    """A wall with bright stripes over a darker floor, with a little grain, RGB."""
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.where(y[..., None] < 0.6 * height, (112, 116, 108), (84, 80, 78)).astype(np.float32)
    rgb[(x % 64 < 6) & (y < 0.6 * height)] = (236, 232, 224)
    return np.clip(rgb + np.random.default_rng(4).normal(0, 2, rgb.shape), 0, 255).astype(np.uint8)


def ball(rgb, centre=BALL[:2], radius=BALL[2]):
    """A shaded red ball, with the disc it covers."""
    y, x = np.mgrid[0 : rgb.shape[0], 0 : rgb.shape[1]].astype(np.float32)
    cover = np.clip(radius + 0.5 - np.hypot(x - centre[0], y - centre[1]), 0, 1)[..., None]
    light = 0.5 + 0.5 * np.clip(1 - np.hypot(x - centre[0] + 25, y - centre[1] + 30) / (1.6 * radius), 0, 1)[..., None]
    out = rgb * (1 - cover) + np.array([205, 40, 36]) * light * cover
    return out.astype(np.uint8), cover[..., 0] > 0.5


def bust(rgb):
    """A red head and shoulders that the lower edge cuts off."""
    mask = np.zeros(rgb.shape[:2], np.uint8)
    cv2.ellipse(mask, (320, 150), (56, 72), 0, 0, 360, 255, -1, cv2.LINE_AA)
    cv2.ellipse(mask, (320, 372), (150, 160), 0, 0, 360, 255, -1, cv2.LINE_AA)
    share = mask[..., None] / 255
    return (rgb * (1 - share) + np.array([190, 36, 40]) * share).astype(np.uint8)


def scene(rgb, words, *, frames=FRAMES):
    view = Canvas(rgb, 0, 0, rgb.shape[1], rgb.shape[0])
    read = words if isinstance(words, Program) else program.read(words, duration=frames / FPS, seed=3)
    return photographed.PhotoScene(view, find_focus(rgb), read, frames=frames, fps=FPS)


def drawn(of, index, width=WIDTH, height=HEIGHT):
    planes = Planes(*(np.full((height // n, width // n), 77, np.uint8) for n in (1, 2, 2)))
    of.draw(index, planes)
    return planes


def red(planes):
    """Where V, half-size, says red."""
    return planes.v > 165


# --- the subject ----------------------------------------------------------------------------------------------------


def test_a_subject_is_found_where_it_is_and_is_sure():
    rgb, disc = ball(room())

    found = subject.find(rgb, find_focus(rgb))

    mask = found.mask > 0
    assert (mask & disc).sum() / (mask | disc).sum() > 0.95
    assert found.confidence > 0.9
    assert found.overlap > 0.9
    assert found.whole
    assert found.area == pytest.approx(disc.mean(), abs=0.01)


def test_its_matte_is_opaque_inside_clear_outside_and_soft_between():
    rgb, disc = ball(room())

    alpha = subject.matte(rgb, np.where(disc, 255, 0).astype(np.uint8))

    inner, outer = (np.ones((n, n), np.uint8) for n in (13, 21))
    assert alpha[cv2.erode(disc.astype(np.uint8), inner) > 0].min() == 255
    assert alpha[cv2.dilate(disc.astype(np.uint8), outer) == 0].max() == 0
    assert 0.97 < (alpha / 255).sum() / disc.sum() < 1.05


@pytest.mark.parametrize("rgb", [textured(WIDTH, HEIGHT), np.full((HEIGHT, WIDTH, 3), 120, np.uint8)])
def test_a_picture_without_a_subject_stays_in_one_layer(rgb):
    assert scene(rgb, "orbit right").report["layers"] == 1


def test_a_slender_tower_is_never_parted_from_its_sky():
    rgb = np.full((HEIGHT, WIDTH, 3), (60, 80, 130), np.uint8)
    cv2.rectangle(rgb, (308, 40), (332, 330), (235, 225, 205), -1)

    assert scene(rgb, "orbit right").report["layers"] == 1


def test_two_things_far_apart_are_no_single_subject():
    rgb, _disc = ball(ball(room(), (190, 190), 70)[0], (450, 190), 70)

    assert scene(rgb, "orbit right").report["layers"] == 1


# --- the frame at rest ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("words", "frame"), [("orbit right", 0), ("dolly zoom", 0), ("pull back", FRAMES - 1)])
@pytest.mark.parametrize("parted", [True, False])
def test_the_frame_at_rest_is_the_picture_sample_for_sample(words, frame, parted):
    rgb = ball(room())[0] if parted else textured(WIDTH, HEIGHT)
    film = scene(rgb, words)

    assert film.report["layers"] == (2 if parted else 1)
    for plane, wanted in zip(drawn(film, frame), to_planes(rgb), strict=True):
        assert np.array_equal(plane, wanted)


def test_nothing_pops_when_the_exact_frame_has_faded():
    film = scene(ball(room())[0], "orbit right", frames=48)
    frames = [drawn(film, index).y.astype(int) for index in range(14)]

    steps = [np.abs(b - a).mean() for a, b in pairwise(frames)]
    assert max(steps) < 2.0 * np.median(steps[4:])


# --- both layers in motion ------------------------------------------------------------------------------------------


def test_an_orbit_moves_what_is_behind_while_the_subject_stays():
    film = scene(ball(room())[0], "orbit right", frames=120)
    first, last = drawn(film, 0), drawn(film, 119)

    zoom = float(np.exp(film._camera.lnz[-1]))
    middle = [np.argwhere(red(planes)).mean(0)[1] * 2 for planes in (first, last)]
    wall = [np.array(centres(planes.y[40])) for planes in (first, last)]
    along = middle[1] + (wall[0] - middle[0]) * zoom  # where the stripes were if they were as near as the ball
    passed = [stripe - along[np.argmin(np.abs(along - stripe))] for stripe in wall[1]]
    assert abs(middle[1] - middle[0]) < 0.06 * WIDTH
    assert 0.01 * WIDTH < np.median(np.abs(passed)) < 0.045 * WIDTH


@pytest.mark.parametrize("words", ["fast orbit left", "dolly zoom", "whip pan left, dolly in"])
def test_lines_behind_a_subject_stay_straight(words):
    film = scene(ball(room())[0], words, frames=60)
    planes = drawn(film, 59)
    luma, hidden = planes.y[: int(0.45 * HEIGHT)], 2 * np.flatnonzero(red(planes).any(axis=0))

    clear = [start for start in centres(luma[20]) if start < hidden[0] - 30 or start > hidden[-1] + 30]
    lines = [followed(luma, start) for start in clear]
    lines = [line for line in lines if line is not None]
    rows = np.arange(len(luma))
    assert len(lines) >= 3
    assert max(np.abs(line - np.polyval(np.polyfit(rows, line, 1), rows)).max() for line in lines) < 0.004 * WIDTH


@pytest.mark.parametrize("words", ["dolly zoom", "fast orbit left, crane up", "pull back"])
def test_a_subject_cut_off_by_the_edge_never_shows_a_gap_below(words):
    film = scene(bust(room()), words)

    assert film.report["layers"] == 2
    for index in range(2, FRAMES, 7):
        shown = red(drawn(film, index))
        columns = np.flatnonzero(shown[-12])
        assert len(columns) > 40
        assert shown[-12:, columns[4:-4]].all()


def test_a_vertigo_shot_keeps_the_subjects_size_while_the_wall_grows():
    film = scene(bust(room()), "dolly zoom", frames=120)
    first, last = drawn(film, 0), drawn(film, 119)

    wide = [red(planes)[75].sum() for planes in (first, last)]
    gap = [np.diff(centres(planes.y[12])).mean() for planes in (first, last)]
    assert gap[1] / gap[0] > wide[1] / wide[0] + 0.05


def test_parallax_is_bounded_by_the_gap_of_depth():
    path = camera.at_rest(3)
    path = replace(path, tx=np.array([0, 0.2, 0.4]), kz=np.array([0, 0.5, 1.0]), fz=np.array([0, 0, -0.3]))

    bounded = camera.parted(path, 0.5)

    assert 0.5 * np.abs(bounded.tx).max() == pytest.approx(camera.MOST_PARTING)
    assert 0.4 * (0.5 * bounded.kz.max() + np.abs(bounded.fz).max()) == pytest.approx(camera.MOST_PARTING)
    assert bounded.tx[1] / bounded.tx[2] == pytest.approx(0.5)


def test_drawing_in_bands_is_drawing_both_layers_whole():
    film = scene(ball(room())[0], "orbit right")
    both, path = film._layers, film._camera

    planes = Planes(*(np.zeros((HEIGHT // n, WIDTH // n), np.uint8) for n in (1, 2, 2)))
    both.draw(planes, path, 20, None, 0.0)
    whole = Planes(*(np.zeros_like(plane) for plane in planes))
    now = path.at(20)
    both._plate.draw(whole, now, 0, None, 0.0)
    seen = both._subject.seen(replace(now, lnz=now.lnz + now.fz), None, 0.0)
    everything = [layers.Band(0, HEIGHT, 0, WIDTH, WIDTH, WIDTH)]
    both._subject.lay(whole, replace(seen, bands=everything))

    assert len(seen.bands) > 3
    for a, b in zip(planes, whole, strict=True):
        assert np.array_equal(a, b)


def test_the_plate_has_nothing_of_the_subject_and_continues_the_wall():
    rgb, disc = ball(room())
    alpha = np.where(cv2.dilate(disc.astype(np.uint8), np.ones((7, 7))) > 0, 255, 0).astype(np.uint8)

    behind = plate(rgb, alpha)

    assert np.array_equal(behind[alpha == 0][:1000], rgb[alpha == 0][:1000])
    assert (behind[..., 0].astype(int) - behind[..., 1]).max() < 40
    assert psnr(behind[100:120, 262:300], room()[100:120, 262:300]) > 18


def test_a_standing_subject_meets_the_ground_at_its_foot():
    rgb, _disc = ball(room())
    found = subject.find(rgb, Focus(0.5, 0.5, 0.0))
    both = deep.part(Canvas(rgb, 0, 0, WIDTH, HEIGHT), found, (-0.5, -0.28125, 1.0, 0.5625))

    foot = np.array([[BALL[0] / WIDTH - 0.5]]), np.array([[(BALL[1] + BALL[2] - HEIGHT / 2) / WIDTH]])
    head = foot[0], foot[1] - 2 * BALL[2] / WIDTH
    assert float(both.depth.at(*foot)[0, 0]) == pytest.approx(0, abs=0.06)
    assert float(both.near.at(*head)[0, 0] - both.depth.at(*head)[0, 0]) > 0.04


# --- motion blur ----------------------------------------------------------------------------------------------------


def pan(seconds, amount):
    """A program that pans by so much of the view within `seconds`, in the middle of two seconds."""
    share = seconds / 4
    move = Move(op="pan", sign=1, amount=amount, t0=0.5 - share, t1=0.5 + share)
    return Program(duration=2.0, seed=1, camera=(move,))


def test_a_fast_pan_is_blurred_along_its_way_and_a_slow_one_is_not():
    rgb = textured(WIDTH, HEIGHT)
    fast, slow = scene(rgb, pan(0.5, 0.16)), scene(rgb, pan(2.0, 0.05))

    across_to_down = [
        np.divide(*((np.diff(drawn(fast, index).y.astype(np.float32), axis=axis) ** 2).mean() for axis in (1, 0)))
        for index in (FRAMES // 2, FRAMES - 1)
    ]
    assert fast._shutter.moments[FRAMES // 2] == 4
    assert fast._shutter.moments[[0, -1]].tolist() == [1, 1]
    assert across_to_down[0] < 0.8 * across_to_down[1]
    assert slow._shutter.moments.max() == 1


def test_the_shutter_averages_moments_round_the_frame():
    path = replace(camera.at_rest(5), px=np.arange(5) * 20 / WIDTH)
    seen = []

    def draw(planes, moment, frame):
        seen.append(float(moment.px[frame]) * WIDTH)
        planes.y[:] = round(seen[-1])

    planes = Planes(*(np.zeros((HEIGHT // n, WIDTH // n), np.uint8) for n in (1, 2, 2)))
    shutter = blur.Shutter(path, WIDTH, HEIGHT)
    shutter.expose(draw, planes, 2)

    assert shutter.moments.tolist() == [1, 4, 4, 4, 1]
    assert np.allclose(seen, [36.25, 38.75, 41.25, 43.75])
    assert abs(int(planes.y[0, 0]) - 40) <= 1


# --- motion control -------------------------------------------------------------------------------------------------


def test_a_driving_clips_inner_motion_moves_the_subject_more_than_the_wall():
    rgb = ball(room())[0]
    residual = np.zeros((8, *measure.GRID, 2), np.float32)
    residual[:, :, :, 0] = np.linspace(0, 0.04, 8)[:, None, None]
    still = np.zeros(8)
    moves = measure.Track(still, still, still, still, residual)
    words = replace(program.read("static", duration=1, seed=1), local={})
    film = transfer.TransferScene(Canvas(rgb, 0, 0, WIDTH, HEIGHT), find_focus(rgb), words, moves, fps=8)

    first, last = drawn(film, 0), drawn(film, 7)

    gone = np.argwhere(red(last)).mean(0)[1] * 2 - np.argwhere(red(first)).mean(0)[1] * 2
    stripes = [np.array(centres(planes.y[100])) for planes in (first, last)]
    assert film.report["layers"] == 2
    assert gone == pytest.approx(0.75 * 0.04 * WIDTH, rel=0.2)
    assert np.abs(stripes[1][:3] - stripes[0][:3]).max() < 0.4 * gone
