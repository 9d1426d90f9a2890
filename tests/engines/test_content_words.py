"""What a text's nouns become in a painting, and which of them the answer owns up to having left out."""

from functools import cache
from itertools import combinations

import cv2
import numpy as np
import pytest

from engines.motion.painter import elements, paint, unpainted
from tests.engines.conftest import decoded, psnr, steps

pytestmark = pytest.mark.engine

SMALL = {"width": 160, "height": 90}


@cache
def painted(text, seed=1):
    painting = paint(text, seed=seed, **SMALL)
    return painting.kind, painting.flat()


def similarity(a, b):
    """SSIM of two greys, Gaussian window of 11 and σ 1.5: 1 for equal pictures."""
    a, b = (cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float64) for image in (a, b))
    mean_a, mean_b, aa, bb, ab = (cv2.GaussianBlur(x, (11, 11), 1.5) for x in (a, b, a * a, b * b, a * b))
    spread = aa - mean_a**2 + bb - mean_b**2
    same = (2 * mean_a * mean_b + 6.5) * (2 * (ab - mean_a * mean_b) + 58.5)
    return float((same / ((mean_a**2 + mean_b**2 + 6.5) * (spread + 58.5))).mean())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a red sports car in a desert", "desert"),
        ("ohwx woman exploring a hidden urban garden", "garden"),
        ("a lighthouse on a cliff at sunset", "sea"),
        ("a dancer on stage", "stage"),
        ("a cat sleeping on a sofa", "room"),
        ("a lone explorer walks across endless dunes", "desert"),
        ("a boat in a meadow", "meadow"),
        ("a horse on the beach", "sea"),
        ("a car", "road"),
        ("urban fashion", "city"),
        ("a city street in the rain", "street"),
        ("portrait of a woman", "studio"),
        ("an astronaut on a beach", "sea"),
        ("something quiet", "mountains"),
        ("jungle waterfall", "waterfall"),
        ("old man fishing", "lake"),
        ("ballet dancer", "stage"),
        ("a cup of coffee", "table"),
        ("snow village", "village"),
    ],
)
def test_the_place_is_the_one_that_is_named(text, kind):
    assert painted(text)[0] == kind


@pytest.mark.parametrize(
    ("without", "with_it"),
    [
        ("a desert", "a red car in a desert"),
        ("dunes", "an explorer on dunes"),
        ("a room", "a cat in a room"),
        ("a meadow", "a horse in a meadow"),
        ("a meadow", "a dog in a meadow"),
        ("the beach", "a lighthouse on the beach"),
        ("a stage", "a dancer on a stage"),
        ("a river", "a bridge over a river"),
        ("mountains", "a balloon over the mountains"),
        ("a table", "sushi on a table"),
    ],
)
def test_what_stands_there_is_a_layer_of_its_own(without, with_it):
    (bare_kind, bare), (full_kind, full) = painted(without), painted(with_it)

    changed = np.abs(bare.astype(int) - full).max(axis=2) > 24
    assert bare_kind == full_kind
    assert 0.002 < changed.mean() < 0.6


def test_a_thing_has_the_colour_that_the_text_gives_it():
    red, blue = (painted(f"a {colour} car in a desert")[1].astype(int) for colour in ("red", "blue"))

    changed = np.abs(red - blue).max(axis=2) > 40
    assert red[changed][:, 0].mean() > 120 > red[changed][:, 2].mean()
    assert blue[changed][:, 2].mean() > 120 > blue[changed][:, 0].mean()


STRANGERS = (
    "dragon", "a cup of coffee on a table", "old man fishing", "sports car at night", "ballet dancer", "robot", "sushi",
    "cathedral", "jungle waterfall", "kitchen", "street", "xylophone", "a bicycle leaning against a wall", "sleepy cat",
    "hot air balloon over the alps", "steam train in winter", "a lighthouse in a storm", "elephant family", "rainy city",
    "portrait of a queen", "rose", "airplane", "a house by the lake", "happiness", "desert caravan with camels",
    "spaceship", "forest fog", "guitar", "snow village", "bridge over a river", "market", "castle", "underwater",
)  # fmt: skip


def test_no_two_of_a_strangers_prompts_look_the_same():
    pictures = [painted(words)[1] for words in STRANGERS]

    assert max(similarity(a, b) for a, b in combinations(pictures, 2)) < 0.9
    assert min(picture.std() for picture in pictures) > 12


def test_a_picture_without_its_subject_is_at_least_that_subjects_own():
    assert similarity(painted("dragon")[1], painted("a dinosaur")[1]) < 0.9
    assert similarity(painted("xylophone")[1], painted("happiness")[1]) < 0.9


@pytest.mark.parametrize(
    ("text", "nouns"),
    [
        ("a dragon on a skateboard", ["dragon", "skateboard"]),
        ("frogs over a small wooden bridge at a temple", ["frogs", "wooden"]),
        ("an old steam train", []),
        ("a red sports car in a desert", []),
        ("a cat on a sofa, a lighthouse, a horse", []),
        ("train tracks in the fog", []),
        ("the camera glides slowly", []),
        ("a camera move to the left", []),
        ("the drone rises, a mint green glow", []),
        ("golden light, urban, cinematic, 35mm", []),
        ("xylophone", ["xylophone"]),
        ("a volcano at night", ["volcano"]),
        ("a whale in a kitchen", ["whale"]),
        ("the sun rose over the sea", []),
        ("a rose", []),
        ("a helicopter in a library", ["helicopter"]),
        ("a bowl of ramen", ["ramen", "bowl"]),
        ("an old man with glasses and a hat playing guitar", ["hat", "old", "glasses", "playing"]),
        ("a castle on a hill above a lake", ["lake"]),
        ("woman looking at the camera, puts hands on her hips, confident", ["puts", "hands", "hips"]),
        ("a samurai with a katana in neon rain", ["katana"]),
        ("a lake in the mountains, mirrored peaks, cinematic, slow zoom in", []),
    ],
)
def test_subjects_without_a_brush_or_a_place_to_stand_are_named(text, nouns):
    assert unpainted(text) == nouns


@pytest.mark.parametrize(
    "text", ["neon city at night, truck right", "a meadow, slow truck shot", "a field, truck left"]
)
def test_a_camera_that_trucks_is_no_truck(text):
    assert "truck" not in elements.named(text)
    assert "truck" in elements.named("a truck on the right of the road")


def test_weather_changes_sky_ground_and_light():
    fair, rain, snow, fog = (
        painted(f"mountains{words}")[1].astype(int) for words in ("", " in rain", " in snow", " in fog")
    )
    sky = (slice(0, 15), slice(None))

    assert (
        fair[sky][..., 2].mean() - fair[sky][..., 0].mean() > 40 + rain[sky][..., 2].mean() - rain[sky][..., 0].mean()
    )
    assert snow[80:].mean() > fair[80:].mean() + 40
    assert fog.std() < 0.8 * fair.std()


def test_denied_weather_stays_away():
    assert np.array_equal(painted("a lake, no snow")[1], painted("a lake")[1])


def test_the_answer_names_them_for_a_picture_and_for_the_clip_made_of_it(render):
    words = "a dragon dances in a garden"
    still = render("image", prompt=words, **SMALL)
    clip = render("image_to_video", prompt=words, first=still.path, **SMALL)

    assert still.report["unsupported"] == ["dances", "dragon"]
    assert clip.report["unsupported"] == ["dances", "dragon"]


def test_a_given_picture_may_show_what_no_brush_can(render, photo):
    assert render("image_to_video", prompt="a dragon", first=photo).report["unsupported"] == []


def test_a_driving_clip_gives_the_action_that_words_ask_for(render, photo, driving):
    report = render("motion", prompt="she dances", first=photo, driving=driving).report

    assert report["unsupported"] == []


@pytest.mark.parametrize("options", [{}, {"super_resolution": True, "film_grain": True}], ids=str)
def test_a_clip_of_a_painted_picture_is_filmed_from_its_layers_and_starts_on_it(options, render):
    size = {"width": 480, "height": 270}
    wanted = {"output_format": "png", **options}
    still = render("image", prompt="a city by day", is_frame=True, options=wanted, **size)
    clip = render("image_to_video", prompt="pan left", first=still.path, frames=24, fps=12, **size)

    frames = decoded(clip.path)
    assert clip.report["painted"]["kind"] == "city"
    assert psnr(frames[0], decoded(still.path)[0]) >= 28  # film grain costs the codec 9 dB
    assert np.prod(steps(clip.path)[:, 2]) == pytest.approx(1.0, abs=0.1)  # the canvas has room: no zoom


def test_the_same_picture_from_elsewhere_is_a_photo(render, tmp_path):
    still = render("image", prompt="a city by day", **SMALL)
    elsewhere = tmp_path / "upload.jpg"
    elsewhere.write_bytes(still.path.read_bytes())

    assert "painted" not in render("image_to_video", first=elsewhere, **SMALL).report


def test_a_pull_back_of_a_painted_picture_ends_on_it(render):
    size = {"width": 320, "height": 180}
    still = render("image", prompt="clouds over the sea", options={"output_format": "png"}, **size)
    clip = render("image_to_video", prompt="zoom out", first=still.path, frames=24, fps=12, **size)

    assert psnr(decoded(clip.path)[-1], decoded(still.path)[0]) >= 34
