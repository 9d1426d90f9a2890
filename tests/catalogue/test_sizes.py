from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import sizes

WIDE = Fraction(16, 9)


@pytest.mark.parametrize(
    ("resolution", "ratio", "expected"),
    [
        ("480p", WIDE, (854, 480)),
        ("580p", WIDE, (1032, 580)),
        ("720p", WIDE, (1280, 720)),
        ("1080p", WIDE, (1920, 1080)),
        ("4k", WIDE, (3840, 2160)),
        ("480p", Fraction(9, 16), (480, 854)),
        ("4k", Fraction(9, 16), (2160, 3840)),
        ("720p", Fraction(1), (720, 720)),
        ("720p", Fraction(3, 2), (1080, 720)),
        ("720p", Fraction(21, 9), (1680, 720)),
        ("720p", Fraction(9, 21), (720, 1680)),
        ("720p", Fraction(100), (1680, 720)),
        ("720p", Fraction(1, 100), (720, 1680)),
        ("4k", Fraction(21, 9), (4096, 1754)),
        ("4k", Fraction(9, 21), (1754, 4096)),
        ("4k", Fraction(2), (4072, 2036)),
        ("4k", Fraction(1), (2160, 2160)),
        ("480p", Fraction(1024, 683), (720, 480)),
    ],
)
def test_video_size(resolution, ratio, expected):
    assert sizes.video_size(resolution, ratio) == expected


@given(
    resolution=st.sampled_from(sorted(sizes.SHORT_SIDE)), width=st.integers(1, 30_000), height=st.integers(1, 30_000)
)
def test_every_clip_is_even_within_limits_and_true_to_its_shape(resolution, width, height):
    ratio = sizes.ratio_of((width, height))
    w, h = sizes.video_size(resolution, ratio)

    assert w % 2 == h % 2 == 0
    assert max(w, h) <= 4096
    assert w * h <= 3840 * 2160
    assert abs(w - h * ratio) <= 2 * max(1, ratio) + 1e-9
    assert min(w, h) == sizes.SHORT_SIDE[resolution] or max(w, h) == 4096 or w * h > 3840 * 2160 * 0.995


@given(resolution=st.sampled_from(sorted(sizes.SHORT_SIDE)), width=st.integers(1, 9_999), height=st.integers(1, 9_999))
def test_a_turned_picture_gives_a_turned_clip(resolution, width, height):
    w, h = sizes.video_size(resolution, sizes.ratio_of((width, height)))

    assert sizes.video_size(resolution, sizes.ratio_of((height, width))) == (h, w)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("16:9", WIDE),
        ("1:1", Fraction(1)),
        (" 9:21 ", Fraction(9, 21)),
        ("100:1", Fraction(21, 9)),
        ("portrait", Fraction(3, 4)),
        ("landscape", Fraction(4, 3)),
        ((1280, 720), WIDE),
        ((1, 1000), Fraction(9, 21)),
    ],
)
def test_ratio_of(shape, expected):
    assert sizes.ratio_of(shape) == expected


@pytest.mark.parametrize("shape", ["", "16/9", "16:0", "0:9", "wide", "16:9:4", "-1:1", "１６:９", (0, 5), (5, -1)])
def test_what_describes_no_shape_is_refused(shape):
    with pytest.raises(ValueError, match=r"shape|aspect ratio"):
        sizes.ratio_of(shape)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, None),
        ({"ar": "1:1", "w": 1280, "h": 720}, WIDE),
        ({"aspect_ratio": "9:16", "w": 1280, "h": 720, "ar": "1:1"}, Fraction(9, 16)),
        ({"ar": "landscape"}, Fraction(4, 3)),
        ({"w": 1280}, None),
    ],
)
def test_aspect_ratio_goes_before_w_and_h_and_those_before_ar(words, expected):
    assert sizes.shape_of(**words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, (1024, 1024)),
        ({"resolution": "2K"}, (2048, 2048)),
        ({"resolution": "4K"}, (4096, 4096)),
        ({"aspect_ratio": "16:9"}, (1360, 768)),
        ({"aspect_ratio": "9:16", "resolution": "2K"}, (1536, 2728)),
        ({"aspect_ratio": "16:9", "resolution": "4K"}, (4096, 2304)),
        ({"aspect_ratio": "9:21", "resolution": "4K"}, (1752, 4096)),
        ({"aspect_ratio": "5:4", "resolution": "4K"}, (4096, 3272)),
        ({"w": 1280, "h": 720}, (1280, 720)),
        ({"w": 1281, "h": 727}, (1280, 720)),
        ({"w": 512}, (512, 1024)),
        ({"w": 8, "h": 99_999}, (64, 4096)),
        ({"w": 1280, "h": 720, "ar": "1:1"}, (1280, 720)),
        ({"w": 512, "h": 512, "aspect_ratio": "16:9"}, (1360, 768)),
        ({"ar": "portrait"}, (880, 1176)),
        ({"picture": (4000, 3000)}, (1176, 880)),
        ({"picture": (4000, 3000), "ar": "1:1"}, (1024, 1024)),
    ],
)
def test_image_size(words, expected):
    assert sizes.image_size(**words) == expected
