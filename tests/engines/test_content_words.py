"""What a text's nouns become in a painting, and which of them the answer owns up to having left out."""

import numpy as np
import pytest

from engines.motion.painter import paint, unpainted
from tests.engines.conftest import decoded, psnr, steps

pytestmark = pytest.mark.engine

SMALL = {"width": 320, "height": 180}


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
        ("a car", "city"),
        ("urban fashion", "city"),
        ("a street in the rain", "city"),
        ("portrait of a woman", "studio"),
        ("an astronaut on a beach", "sea"),
        ("something quiet", "mountains"),
    ],
)
def test_the_place_is_the_one_that_is_named(text, kind):
    assert paint(text, seed=1, **SMALL).kind == kind


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
    ],
)
def test_what_stands_there_is_a_layer_of_its_own(without, with_it):
    bare, full = paint(without, seed=1, **SMALL), paint(with_it, seed=1, **SMALL)

    changed = np.abs(bare.flat().astype(int) - full.flat()).max(axis=2) > 24
    assert bare.kind == full.kind
    assert 0.002 < changed.mean() < 0.6


def test_a_thing_has_the_colour_that_the_text_gives_it():
    red, blue = (paint(f"a {colour} car in a desert", seed=1, **SMALL).flat().astype(int) for colour in ("red", "blue"))

    changed = np.abs(red - blue).max(axis=2) > 40
    assert red[changed][:, 0].mean() > 120 > red[changed][:, 2].mean()
    assert blue[changed][:, 2].mean() > 120 > blue[changed][:, 0].mean()


@pytest.mark.parametrize(
    ("text", "nouns"),
    [
        ("a robot on a bicycle", ["robot", "bicycle"]),
        ("birds over a small wooden bridge at a temple", ["birds", "bridge", "temple"]),
        ("an old steam train", ["train"]),
        ("a red sports car in a desert", []),
        ("a cat on a sofa, a lighthouse, a horse", []),
        ("train tracks in the fog", []),
        ("the camera glides slowly", []),
        ("a camera move to the left", []),
        ("the drone rises, a mint green glow", []),
        ("golden light, urban, cinematic, 35mm", []),
    ],
)
def test_subjects_without_a_brush_are_named(text, nouns):
    assert unpainted(text) == nouns


def test_the_answer_names_them_for_a_picture_and_for_the_clip_made_of_it(render):
    words = "a robot dances in a garden"
    still = render("image", prompt=words, **SMALL)
    clip = render("image_to_video", prompt=words, first=still.path, **SMALL)

    assert still.report["unsupported"] == ["dances", "robot"]
    assert clip.report["unsupported"] == ["dances", "robot"]


def test_a_given_picture_may_show_what_no_brush_can(render, photo):
    assert render("image_to_video", prompt="a robot", first=photo).report["unsupported"] == []


def test_a_driving_clip_gives_the_action_that_words_ask_for(render, photo, driving):
    report = render("motion", prompt="she dances", first=photo, driving=driving).report

    assert report["unsupported"] == []


@pytest.mark.parametrize("options", [{}, {"super_resolution": True, "film_grain": True}], ids=str)
def test_a_clip_of_a_painted_picture_is_filmed_from_its_layers_and_starts_on_it(options, render):
    size = {"width": 640, "height": 360}
    wanted = {"output_format": "png", **options}
    still = render("image", prompt="a city by day", is_frame=True, options=wanted, **size)
    clip = render("image_to_video", prompt="pan left", first=still.path, frames=60, fps=12, **size)

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
    still = render("image", prompt="clouds over the sea", options={"output_format": "png"}, **SMALL)
    clip = render("image_to_video", prompt="zoom out", first=still.path, frames=36, fps=12, **SMALL)

    assert psnr(decoded(clip.path)[-1], decoded(still.path)[0]) >= 34
