"""Weather, light and local motion on still frames: nothing at the start, then what the words say, where it belongs."""

import cv2
import numpy as np
import pytest

from engines.motion import camera, photo
from engines.motion.effects import Effects
from engines.motion.effects.local import displacement
from engines.motion.planes import Planes, to_planes
from engines.motion.program import read

pytestmark = pytest.mark.engine

WIDTH, HEIGHT, SECONDS = 320, 180, 4.0
ALL = [
    "snowfall", "a blizzard", "heavy rain", "dust motes", "bokeh", "fireflies", "embers", "petals", "falling leaves",
    "confetti", "bubbles", "fog", "sunset", "night falls", "flickering", "lightning", "pulsing", "sun comes out",
    "light leaks", "lens flare",
]  # fmt: skip


def scene(rgb, prompt):
    view = photo.Canvas(rgb, 0, 0, rgb.shape[1], rgb.shape[0])
    return Effects.of(read(f"{prompt}, zoom in", duration=SECONDS, seed=2), view)


def lit(rgb, prompt, seconds):
    planes = Planes(*(plane.copy() for plane in to_planes(rgb)))
    scene(rgb, prompt).apply(planes, camera.at_rest(100), round(24 * seconds), seconds)
    return planes


def grey(level=110):
    return np.full((HEIGHT, WIDTH, 3), level, np.uint8)


def room_with_a_lamp():
    """Dim and bluish, with a warm bright spot at the right."""
    rgb = np.full((HEIGHT, WIDTH, 3), (90, 95, 105), np.uint8)
    cv2.circle(rgb, (250, 110), 9, (255, 205, 120), -1, cv2.LINE_AA)
    return rgb


def landscape():
    """Blue sky, a grey house, textured grass, a lake of level strokes at the bottom."""
    rng = np.random.default_rng(4)
    rgb = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    rgb[:] = 120, 170, 230
    rgb[60:100] = np.clip(np.array([60, 130, 50]) + rng.normal(0, 30, (40, WIDTH, 1)), 0, 255)
    strokes = cv2.GaussianBlur(rng.normal(0, 120, (80, WIDTH)), (0, 0), sigmaX=14, sigmaY=0.8)
    rgb[100:] = np.clip(np.array([60, 110, 160]) + strokes[..., None], 0, 255)
    rgb[20:95, 200:260] = 140, 128, 120
    return rgb


@pytest.mark.parametrize("prompt", ALL)
def test_every_effect_is_nothing_at_the_first_frame_and_something_later(prompt):
    rgb = room_with_a_lamp()

    start, later = lit(rgb, prompt, 0.0), lit(rgb, prompt, 3.2)
    if prompt == "lightning":
        later = max((lit(rgb, prompt, t) for t in np.arange(0.5, 4, 0.1)), key=lambda planes: planes.y.mean())

    for plane, untouched in zip(start, to_planes(rgb), strict=True):
        assert np.array_equal(plane, untouched)
    assert any(cv2.absdiff(a, b).max() >= 3 for a, b in zip(later, to_planes(rgb), strict=True))


def test_far_snow_is_round():
    """A small flake is as wide as high, and as bright beside its middle as diagonally below it: not a cross."""
    planes = lit(grey(60), "snowfall", 3.0)
    above = planes.y.astype(np.float32) - to_planes(grey(60)).y
    peaks = (above > 12) & (above < 60) & (above == cv2.dilate(above, np.ones((7, 7), np.uint8)))
    rows, columns = np.nonzero(peaks[4:-4, 4:-4])
    straight = np.mean([above[y + 4, x + 6] + above[y + 6, x + 4] for y, x in zip(rows, columns, strict=True)])
    slanted = np.mean([above[y + 5, x + 5] + above[y + 5, x + 3] for y, x in zip(rows, columns, strict=True)])

    assert len(rows) > 10
    assert slanted > 0.8 * straight  # 1.41 pixels away against 2


def test_rain_falls_in_streaks_of_many_lengths():
    planes = lit(grey(60), "heavy rain", 3.0)
    drawn = (cv2.absdiff(planes.y, to_planes(grey(60)).y) > 8).astype(np.uint8)
    count, _labels, stats, _centres = cv2.connectedComponentsWithStats(drawn)
    heights = np.sort(stats[1:, cv2.CC_STAT_HEIGHT])

    assert count > 60
    assert heights[int(0.95 * len(heights))] >= 4 * heights[int(0.10 * len(heights))]


@pytest.mark.parametrize("level", [40, 120, 215])
def test_fog_takes_contrast_away_on_dark_and_on_bright_pictures(level):
    stripes = grey(level)
    stripes[:, ::16] = stripes[:, 1::16] = level + 30 if level < 200 else level - 60
    before, after = to_planes(stripes).y, lit(stripes, "fog", 3.0).y

    rows = slice(80, 120)
    contrast = (
        np.abs(np.diff(after[rows].astype(float), axis=1)).mean()
        / np.abs(np.diff(before[rows].astype(float), axis=1)).mean()
    )
    assert contrast < 0.72


def test_by_night_the_sky_is_darker_than_the_ground_and_lamps_stay_warm():
    start, night = to_planes(room_with_a_lamp()), lit(room_with_a_lamp(), "day turns to night", SECONDS)

    def kept(rows, columns):
        return (float(night.y[rows, columns].mean()) - 16) / (float(start.y[rows, columns].mean()) - 16)

    assert kept(slice(0, 20), slice(0, 200)) < kept(slice(150, 180), slice(0, 200)) < 0.65
    assert kept(slice(107, 113), slice(247, 253)) > 0.75
    assert night.v[55, 125] > 135 > 128 > night.v[10, 20]


def test_the_light_goes_without_a_step():
    levels = [float(lit(grey(), "night falls", t).y.mean()) for t in np.arange(0, SECONDS, 1 / 8)]

    assert -np.diff(levels).min() < 0.09 * (levels[0] - levels[-1])
    assert np.diff(levels).max() <= 0


def test_flicker_stays_with_the_flame():
    rgb = room_with_a_lamp()
    frames = [lit(rgb, "flickering candle", t).y.astype(np.float32) for t in np.arange(1, 2, 0.08)]

    swing = np.std(frames, axis=0)
    assert swing[105:115, 245:255].mean() > 4 * swing[:, :120].mean()


def test_a_picture_without_flames_flickers_a_little_everywhere():
    frames = [lit(grey(), "flickering light", t).y.astype(np.float32) for t in np.arange(1, 2, 0.08)]

    assert 0.5 < np.std([frame.mean() for frame in frames]) < 6


def test_a_flare_sits_on_the_brightest_spot():
    rgb = grey(70)
    cv2.circle(rgb, (80, 45), 8, (255, 250, 230), -1)
    gained = lit(rgb, "lens flare", 3.0).y.astype(np.float32) - to_planes(rgb).y

    assert gained[45, 95] > 3 * gained[150, 300] > 0


def offsets(prompt):
    """How far each place of the landscape moves at most, in pixels: a function of row and column."""
    rgb = landscape()
    view = photo.Canvas(rgb, 0, 0, WIDTH, HEIGHT)
    move = displacement(read(f"{prompt}, zoom in", duration=SECONDS, seed=2), view)
    assert move is not None
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    u, v = (x + 0.5) / WIDTH - 0.5, (y + 0.5 - HEIGHT / 2) / WIDTH
    return WIDTH * np.max([np.hypot(*move(u, v, t)) for t in np.arange(1, SECONDS, 0.5)], axis=0)


@pytest.mark.parametrize(
    ("prompt", "there"),
    [
        ("grass in the wind", (slice(68, 92), slice(20, 180))),
        ("rippling water", (slice(125, 165), slice(20, 300))),
        ("clouds drifting", (slice(5, 30), slice(20, 170))),
    ],
)
def test_only_what_can_move_moves(prompt, there):
    moved = offsets(prompt)

    house = moved[30:90, 206:254]
    assert moved[there].mean() > 0.4
    assert house.max() < 0.15 * moved[there].max()
    assert max(np.abs(np.diff(moved, axis=axis)).max() for axis in (0, 1)) < 0.9  # 1 would fold the picture


@pytest.mark.parametrize("prompt", ["grass in the wind", "waves", "clouds drifting"])
def test_a_picture_without_leaves_water_or_sky_keeps_still(prompt):
    wall = np.full((HEIGHT, WIDTH, 3), (150, 90, 60), np.uint8)
    wall[::8] = 90, 50, 30
    wall[:, ::12] = 90, 50, 30

    words = read(f"{prompt}, zoom in", duration=SECONDS, seed=2)
    assert displacement(words, photo.Canvas(wall, 0, 0, WIDTH, HEIGHT)) is None
