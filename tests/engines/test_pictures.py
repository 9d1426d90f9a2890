"""Painted stills: bases, seeds, subjects, options, variations; and the portraits that ship as samples."""

import cv2
import numpy as np
import pytest

from engines.base import Subject
from engines.motion import portraits
from tests.engines.conftest import decoded, save, textured

pytestmark = pytest.mark.engine

SIZE = {"width": 240, "height": 136}
BASES = ("flux1", "sd15", "sdxl1")


KEPT = {}  # what several tests look at is painted once


@pytest.fixture
def paint(render):
    def picture(prompt="mountains at sunset", **fields):
        key = repr((prompt, sorted(fields.items())))
        options = {"output_format": "png"} | fields.pop("options", {})
        if key not in KEPT:
            KEPT[key] = decoded(render("image", prompt=prompt, options=options, **(SIZE | fields)).path)[0]
        return KEPT[key]

    return picture


def difference(a, b):
    return float(np.abs(a.astype(int) - b).mean())


@pytest.fixture(scope="session")
def man(shelf):
    rgb, alpha = portraits.draw(portraits.MAN, 384)
    path = shelf / "man.png"
    cv2.imwrite(str(path), cv2.merge([*cv2.split(rgb)[::-1], alpha]))
    return path


def subject(path, *, weight=1.0, name="man", kind="faceid"):
    return Subject(tune_id=123, kind=kind, name=name, token="ohwx", weight=weight, pictures=(path,))


def test_the_three_bases_paint_differently(paint):
    pictures = [paint(options={"base": base}) for base in BASES]

    assert min(difference(a, b) for k, a in enumerate(pictures) for b in pictures[k + 1 :]) > 10


@pytest.mark.parametrize(
    "prompt",
    [
        "galaxy",
        "city",
        "desert",
        "sea",
        "forest",
        "meadow",
        "mountains",
        "abstract",
        "studio",
        "a woman",
        "a man on the beach",
        "",
    ],
)
def test_every_kind_of_scene_is_full_of_detail_and_its_seeds_own(prompt, paint):
    one, two = paint(prompt, seed=1), paint(prompt, seed=2)

    assert one.std() > 12
    assert difference(one, two) > 3


def test_words_choose_the_colours(paint):
    day, night = paint("mountains by day"), paint("mountains at midnight")

    assert day.mean() - night.mean() > 40


def test_a_subject_is_put_into_the_picture(paint, man):
    without, with_him = (
        paint("a portrait in a studio, ohwx", seed=4),
        paint("a portrait in a studio, ohwx", seed=4, subjects=(subject(man),)),
    )

    assert difference(without, with_him) > 5


def test_a_subjects_weight_matters_and_none_leaves_the_picture_alone(paint, man):
    plain = paint()
    none, half, full = (paint(subjects=(subject(man, weight=weight),)) for weight in (0.0, 0.5, 1.0))

    assert np.array_equal(plain, none)
    assert difference(plain, half) > 2
    assert difference(half, full) > 2


def test_a_photo_without_a_cut_out_serves_as_a_subject_too(paint, other_photo):
    assert difference(paint(), paint(subjects=(subject(other_photo, name="shoes", kind="lora"),))) > 2


def test_a_style_tune_lends_its_colours(paint, shelf):
    red = save(
        shelf / "red.png",
        np.dstack([np.full((64, 64), 220), np.full((64, 64), 40), np.full((64, 64), 30)]).astype(np.uint8),
    )

    plain, styled = paint(), paint(subjects=(subject(red, name="style", kind="lora"),))

    assert styled[..., 0].mean() - styled[..., 2].mean() > 40 + plain[..., 0].mean() - plain[..., 2].mean()


@pytest.mark.parametrize(
    "options",
    [
        *(
            {"style": style}
            for style in (
                "Cinematic",
                "Animated",
                "Digital Art",
                "Photographic",
                "Fantasy art",
                "Neonpunk",
                "Enhance",
                "Comic book",
                "Lowpoly",
                "Line art",
            )
        ),
        *({"color_grading": film} for film in ("Film Velvia", "Film Portra", "Ektar")),
        {"film_grain": True},
        {"hires_fix": True},
        {"cfg_scale": 12},
    ],
    ids=str,
)
def test_each_image_option_changes_the_picture(options, paint):
    assert difference(paint(), paint(options=options)) > 0.8


def test_an_unknown_option_changes_nothing(paint):
    assert np.array_equal(paint(), paint(options={"scheduler": "euler", "steps": 50}))


def test_strength_0_keeps_the_picture_and_1_ignores_it(paint, shelf):
    given = textured(240, 136, seed=8)
    path = save(shelf / "given.png", given)

    kept, varied, ignored = (paint(picture=path, strength=strength) for strength in (0.0, 0.5, 1.0))

    assert np.array_equal(kept, given)
    assert difference(varied, given) > 3
    assert np.array_equal(ignored, paint())


def test_a_mask_limits_where_a_picture_changes(paint, shelf):
    given, mask = textured(240, 136, seed=8), np.zeros((136, 240, 3), np.uint8)
    mask[:, 120:] = 255

    out = paint(picture=save(shelf / "given.png", given), mask=save(shelf / "mask.png", mask), strength=0.9)

    assert np.array_equal(out[:, :104], given[:, :104])
    assert difference(out[:, 136:], given[:, 136:]) > 5


def test_an_odd_size_is_exact(paint):
    assert paint(width=203, height=101).shape == (101, 203, 3)


def test_the_sample_portraits_are_cut_outs_of_one_size_and_light(tmp_path):
    portraits.write(tmp_path)

    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == [f"ohwx-{who}-{n}.png" for who in ("man", "woman") for n in (1, 2, 3)]
    for file in files:
        image = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
        assert image.shape == (768, 640, 4)
        assert 0.25 < (image[..., 3] > 127).mean() < 0.75
        assert file.stat().st_size < 250_000


def test_portraits_of_different_seeds_are_different_people():
    one, two = (portraits.draw(portraits.look(woman=True, seed=seed), 192)[0] for seed in (1, 2))

    assert difference(one, two) > 3
