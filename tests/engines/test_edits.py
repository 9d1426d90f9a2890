"""Pictures that are given: kept, varied, masked, enlarged, continued, cut out; and what the result says of itself."""

import hashlib

import cv2
import numpy as np
import pytest

from engines.motion import enlarge, outpaint, vary
from engines.motion.cutout import Given
from engines.motion.engine import IMAGE_OPTIONS, MotionEngine
from tests.engines.conftest import decoded, psnr, save, textured

pytestmark = pytest.mark.engine

SIZE = {"width": 160, "height": 96}


@pytest.fixture(scope="session")
def given(shelf):
    return save(shelf / "given.png", textured(160, 96, seed=8))


@pytest.fixture(scope="session")
def ball(shelf):
    """A red ball on a soft green ground: 240×160, the ball of radius 44 in the middle."""
    y, x = np.mgrid[0:160, 0:240].astype(np.float32)
    rgb = np.dstack([60 + 0.1 * x, 150 - 0.2 * y, 90 + 0 * x]).astype(np.uint8)
    cv2.circle(rgb, (120, 80), 44, (210, 40, 30), -1, cv2.LINE_AA)
    return save(shelf / "ball.png", rgb)


@pytest.fixture
def edit(render, given):
    """The result of an image request on a picture that is otherwise kept, and its pixels (RGB, or RGBA)."""

    def run(picture=given, strength=0.0, prompt="sea", **fields):
        wanted = SIZE if picture == given else {"width": 240, "height": 160}
        result = render("image", prompt=prompt, picture=picture, strength=strength, **(wanted | fields))
        pixels = cv2.imread(str(result.path), cv2.IMREAD_UNCHANGED)
        return result, cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA if pixels.shape[2] == 4 else cv2.COLOR_BGR2RGB)

    return run


# --- kept -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_strength_0_keeps_the_file_to_the_bit(edit, given, tmp_path, suffix):
    path = save(tmp_path / f"given{suffix}", decoded(given)[0])

    result, _ = edit(path, **SIZE)

    assert result.path.read_bytes() == path.read_bytes()
    assert result.content_type == {".png": "image/png", ".jpg": "image/jpeg"}[suffix]


def test_a_kept_picture_takes_the_options_that_were_asked_for(edit, given):
    _, pixels = edit(options={"color_grading": "Film Velvia", "output_format": "png"})

    assert np.abs(pixels.astype(int) - decoded(given)[0]).mean() > 3


def test_an_odd_size_is_kept_to_the_bit_too(edit, tmp_path):
    path = save(tmp_path / "odd.png", textured(161, 97))

    result, _ = edit(path, width=161, height=97)

    assert result.path.read_bytes() == path.read_bytes()


# --- varied ---------------------------------------------------------------------------------------------------------


def test_the_painting_takes_the_place_of_the_background_before_the_subject(edit, ball):
    _, pixels = edit(ball, strength=0.75, prompt="snowy mountains", options={"output_format": "png"})

    changed = np.abs(pixels.astype(int) - decoded(ball)[0]).mean(2)
    assert changed[:, :40].mean() > 2 * changed[60:100, 100:140].mean()
    assert pixels[60:100, 100:140, 0].mean() > pixels[60:100, 100:140, 1].mean() + 60  # still a red ball


# --- masked ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def white(given, tmp_path):
    """Which columns a mask whose right half is white lets change, after its flags."""
    half = np.zeros((48, 80, 3), np.uint8)  # half as large as the picture
    half[:, 40:] = 255
    path = save(tmp_path / "mask.png", half)

    def run(**flags):
        mask = vary.mask(path, Given.of(given, 160, 96), {"mask_blur": "0", **flags})
        assert mask.shape == (96, 160)
        columns = np.flatnonzero(mask.any(axis=0))
        return int(columns.min()), int(columns.max())

    return run


@pytest.mark.parametrize(
    ("flags", "columns"),
    [
        ({}, (79, 159)),
        ({"mask_invert": True}, (0, 80)),
        ({"mask_dilate": "10"}, (69, 159)),
        ({"mask_dilate": "-10"}, (90, 159)),
        ({"mask_dilate": "25%"}, (55, 159)),  # of 96 pixels
        ({"mask_dilate": "much"}, (79, 159)),
        ({"mask_blur": "8"}, (60, 159)),
    ],
    ids=str,
)
def test_the_flags_of_a_mask_move_its_edge(white, flags, columns):
    first, last = white(**flags)

    assert (first, last) == (pytest.approx(columns[0], abs=3), pytest.approx(columns[1], abs=1))


def test_a_mask_is_cropped_as_its_picture_is(render, other_photo, tmp_path):
    whole = decoded(other_photo)[0]
    mask = np.zeros_like(whole)
    mask[:, 300:] = 255
    fields = {"picture": other_photo, "prompt": "sea", "options": {"output_format": "png", "mask_blur": "0"}}

    kept = decoded(render("image", strength=0.0, **fields).path)[0]
    changed = decoded(render("image", strength=1.0, mask=save(tmp_path / "m.png", mask), **fields).path)[0]

    assert np.flatnonzero((kept != changed).any(axis=(0, 2))).min() == pytest.approx(80, abs=1)


# --- enlarged -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "options", "factor"),
    [
        ((500, 500), {"super_resolution": True}, 4),
        ((512, 512), {"super_resolution": True}, 2),
        ((1024, 1024), {"only_upscale": True}, 2),
        ((1024, 1024), {"tiled_upscale": True, "super_resolution": True}, 2),
        ((1024, 1024), {"only_upscale": True, "upscale_factor": "3"}, 3),
        ((1024, 1024), {"upscale_factor": "99"}, 4),
        ((1024, 1024), {"upscale_factor": "0.1"}, 1),
        ((1024, 1024), {"upscale_factor": "much"}, 1),
        ((3000, 1000), {"super_resolution": True}, 4096 / 3000),
        ((4096, 4096), {"super_resolution": True}, 1),
        ((1024, 1024), {}, 1),
    ],
    ids=str,
)
def test_how_much_larger(size, options, factor):
    assert enlarge.factor(*size, options) == pytest.approx(factor)


def test_what_was_enlarged_shrinks_to_its_source_and_is_sharper_than_interpolation():
    source = textured(240, 160)[::2, ::2]

    large = enlarge.by(source, 2.5)
    plain = cv2.resize(source, (300, 200), interpolation=cv2.INTER_CUBIC)

    assert large.shape == (200, 300, 3)
    back = [cv2.resize(image, (120, 80), interpolation=cv2.INTER_AREA) for image in (large, plain)]
    assert psnr(back[0], source) > psnr(back[1], source) + 3
    assert cv2.Laplacian(large, cv2.CV_32F).std() > 1.1 * cv2.Laplacian(plain, cv2.CV_32F).std()


def test_only_upscale_keeps_what_is_shown_whatever_the_strength(edit, given):
    result, pixels = edit(strength=0.6, options={"only_upscale": True, "output_format": "png"})

    assert (result.width, result.height) == (640, 384) == pixels.shape[1::-1]
    assert psnr(cv2.resize(pixels, (160, 96), interpolation=cv2.INTER_AREA), decoded(given)[0]) > 38
    assert result.report["edits"] == {"enlarged": 4.0}


def test_tiled_upscale_and_hires_fix_add_detail(edit):
    plain, tiled, fixed = (
        edit(options={"output_format": "png", **options})[1].astype(int)
        for options in (
            {"super_resolution": True},
            {"super_resolution": True, "tiled_upscale": True},
            {"super_resolution": True, "hires_fix": True},
        )
    )

    assert plain.shape == tiled.shape == fixed.shape == (384, 640, 3)
    assert np.abs(plain - tiled).mean() > 0.4
    assert np.array_equal(tiled, fixed)


def test_a_clips_first_frame_is_never_larger(render):
    result = render("image", prompt="sea", is_frame=True, options={"super_resolution": True, "outpaint": "center"})

    assert (result.width, result.height) == (160, 96)


# --- continued ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("anchor", "corner"),
    [
        ("top-left", (0, 0)), ("top-center", (40, 0)), ("top-right", (80, 0)),
        ("left-center", (0, 24)), ("center", (40, 24)), ("right-center", (80, 24)),
        ("bottom-left", (0, 48)), ("bottom-center", (40, 48)), ("bottom-right", (80, 48)),
    ],
)  # fmt: skip
def test_an_anchor_says_where_the_picture_lies(anchor, corner):
    options = {"outpaint": anchor, "outpaint_width": "240", "outpaint_height": "144"}

    where = outpaint.place(160, 96, options)

    assert where == (*corner, 160, 96, (240, 144))


@pytest.mark.parametrize(
    ("flags", "where"),
    [
        ({"outpaint_width": "300"}, (70, 102, 160, 96, (300, 300))),
        ({"outpaint_height": "200"}, (20, 52, 160, 96, (200, 200))),
        ({}, (40, 24, 160, 96, (240, 144))),
        ({"outpaint_width": "9000", "outpaint_height": "96"}, (1968, 0, 160, 96, (4096, 96))),
        ({"outpaint_width": "80", "outpaint_height": "96"}, (0, 24, 80, 48, (80, 96))),  # fitted into a smaller canvas
        ({"outpaint_width": "160", "outpaint_height": "96"}, (26, 16, 107, 64, (160, 96))),  # as large: room is made
    ],
    ids=str,
)
def test_a_canvas_of_any_size_takes_the_picture(flags, where):
    assert outpaint.place(160, 96, {"outpaint": "center", **flags}) == where


def test_an_anchor_that_is_none_asks_for_nothing(edit):
    result, _ = edit(options={"outpaint": "sideways"})

    assert (result.width, result.height) == (160, 96)
    assert result.report["ignored"] == ["outpaint"]


@pytest.mark.parametrize("words", ["", "a meadow by day"])
def test_the_picture_goes_on_without_a_seam_and_stays_as_it_is(edit, given, words):
    options = {"outpaint": "center", "outpaint_width": "256", "outpaint_height": "160", "output_format": "png"}
    result, pixels = edit(options=options | ({"outpaint_prompt": words} if words else {}))

    assert (result.width, result.height) == (256, 160)
    assert np.array_equal(pixels[32:128, 48:208], decoded(given)[0])
    steps = np.abs(np.diff(pixels.astype(float), axis=1)).mean(axis=(0, 2))
    assert max(steps[47], steps[207]) < 2 * np.median(steps[48:207])  # the edges are no harder than the picture is
    assert pixels[:, :48].std() > 8


def test_words_paint_what_lies_outside(edit):
    options = {"outpaint": "center", "outpaint_width": "320", "outpaint_height": "96", "output_format": "png"}
    plain, painted = (
        edit(options=options | more)[1].astype(int) for more in ({}, {"outpaint_prompt": "galaxy and stars"})
    )

    difference = np.abs(plain - painted).mean(axis=(0, 2))
    assert difference[80:240].max() == 0
    assert difference[:30].mean() > 20


# --- cut out --------------------------------------------------------------------------------------------------------


def test_without_its_background_a_picture_is_a_png_with_alpha(edit, ball):
    result, pixels = edit(ball, options={"remove_background": True})

    assert (result.content_type, result.path.suffix, pixels.shape) == ("image/png", ".png", (160, 240, 4))
    assert pixels[80, 120, 3] == 255
    assert pixels[5, 5, 3] == 0
    assert (pixels[..., 3] > 127).mean() == pytest.approx(np.pi * 44**2 / (240 * 160), rel=0.08)
    edge = (pixels[..., 3] > 60) & (pixels[..., 3] < 200)
    assert (pixels[edge][:, 0].astype(int) - pixels[edge][:, 1]).min() > 60  # no rim of the old ground
    assert result.report["edits"] == {"background": "removed"}


def test_a_background_colour_takes_its_place(edit, ball):
    result, pixels = edit(ball, options={"remove_background": True, "background_color": "#2040ff"})

    assert (result.content_type, pixels.shape) == ("image/jpeg", (160, 240, 3))
    assert np.abs(pixels[5:20, 5:20].astype(int) - [0x20, 0x40, 0xFF]).max() < 8
    assert result.report["edits"] == {"background": "#2040ff"}


def test_where_no_subject_is_sure_the_picture_stays_whole_and_says_so(edit, tmp_path):
    wall = save(tmp_path / "wall.png", np.tile(np.linspace(80, 150, 240).astype(np.uint8)[None, :, None], (160, 1, 3)))

    result, _ = edit(wall, options={"remove_background": True})

    assert result.path.read_bytes() == wall.read_bytes()
    assert result.report["ignored"] == ["remove_background"]
    assert result.report["edits"] == {"background": "kept: no subject was sure enough"}


def test_a_colour_that_is_none_leaves_alpha(edit, ball):
    result, pixels = edit(ball, options={"remove_background": True, "background_color": "blueish"})

    assert pixels.shape[2] == 4
    assert result.report["ignored"] == ["background_color"]


# --- all of them ----------------------------------------------------------------------------------------------------


def test_the_engine_lists_what_acts_and_reports_the_rest(edit):
    result, _ = edit(options={"steps": 20, "scheduler": "euler", "mask_prompt": "face", "style": "Cinematic"})

    assert MotionEngine().capabilities().image_options == IMAGE_OPTIONS
    assert result.report["ignored"] == ["mask_prompt", "scheduler", "steps"]


def test_options_without_anything_to_act_on_are_reported(render):
    report = render("image", prompt="sea", options={"mask_invert": True, "denoising_strength": 0.3}).report

    assert report["ignored"] == ["denoising_strength", "mask_invert"]


def test_edits_repeat_to_the_bit(edit, ball):
    options = {"outpaint": "center", "super_resolution": True, "film_grain": True, "style": "Cinematic"}

    first, again = (hashlib.sha256(edit(ball, options=options)[0].path.read_bytes()).hexdigest() for _ in range(2))

    assert first == again
