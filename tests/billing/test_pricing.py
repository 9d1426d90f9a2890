from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing import pricing
from billing.pricing import Line
from catalogue import sheet

VIDEO_ROWS = [line for line in sheet.read() if line.kind == "video"]

# name: cents by seconds, for every row and every second that it sells; typed from the price list by hand.
TABLE = {
    "seedance_480p": {2: 10, 3: 10, 4: 10, 5: 10, 6: 12, 7: 14, 8: 16, 9: 18, 10: 20, 11: 22, 12: 24},
    "seedance_v15_720p": {4: 14, 5: 14, 6: 16.8, 7: 19.6, 8: 22.4, 9: 25.2, 10: 28, 11: 30.8, 12: 33.6},
    "seedance_v15_audio_720p": {4: 29, 5: 29, 6: 34.8, 7: 40.6, 8: 46.4, 9: 52.2, 10: 58, 11: 63.8, 12: 69.6},
    "seedance2_fast_480p": {4: 60, 5: 60, 6: 72, 7: 84, 8: 96, 9: 108, 10: 120, 11: 132, 12: 144, 13: 156, 14: 168, 15: 180},
    "seedance2_fast_720p": {4: 140, 5: 140, 6: 168, 7: 196, 8: 224, 9: 252, 10: 280, 11: 308, 12: 336, 13: 364, 14: 392, 15: 420},
    "seedance2_480p": {4: 120, 5: 120, 6: 144, 7: 168, 8: 192, 9: 216, 10: 240, 11: 264, 12: 288, 13: 312, 14: 336, 15: 360},
    "seedance2_720p": {4: 280, 5: 280, 6: 336, 7: 392, 8: 448, 9: 504, 10: 560, 11: 616, 12: 672, 13: 728, 14: 784, 15: 840},
    "seedance2_1080p": {4: 450, 5: 450, 6: 540, 7: 630, 8: 720, 9: 810, 10: 900, 11: 990, 12: 1080, 13: 1170, 14: 1260, 15: 1350},
    "wan22_720p": {5: 43},
    "wan22_fast_480p": {5: 6},
    "wan22_fast_580p": {5: 8},
    "wan22_fast_720p": {5: 11},
    "wan25_720p": {5: 53, 10: 106},
    "wan26_720p": {5: 53, 10: 106, 15: 159},
    "wan26_1080p": {5: 79, 10: 158, 15: 237},
    "wan27_720p": {5: 55, 10: 110, 15: 165},
    "wan27_1080p": {5: 83, 10: 166, 15: 249},
    "wan_animate_720p": {10: 44},
    "ltx23_720p": {5: 17, 10: 34, 15: 51, 20: 68},
    "ltx23_1080p": {5: 22, 10: 44, 15: 66, 20: 88},
    "kling25": {5: 39, 10: 78},
    "kling30_standard": {3: 92, 4: 92, 5: 92, 6: 110.4, 7: 128.8, 8: 147.2, 9: 165.6, 10: 184, 11: 202.4, 12: 220.8, 13: 239.2, 14: 257.6, 15: 276},
    "kling30_standard_audio": {3: 139, 4: 139, 5: 139, 6: 166.8, 7: 194.6, 8: 222.4, 9: 250.2, 10: 278, 11: 305.8, 12: 333.6, 13: 361.4, 14: 389.2, 15: 417},
    "kling30_pro": {3: 123, 4: 123, 5: 123, 6: 147.6, 7: 172.2, 8: 196.8, 9: 221.4, 10: 246, 11: 270.6, 12: 295.2, 13: 319.8, 14: 344.4, 15: 369},
    "kling30_pro_audio": {3: 185, 4: 185, 5: 185, 6: 222, 7: 259, 8: 296, 9: 333, 10: 370, 11: 407, 12: 444, 13: 481, 14: 518, 15: 555},
    "kling30_4k": {3: 263, 4: 263, 5: 263, 6: 315.6, 7: 368.2, 8: 420.8, 9: 473.4, 10: 526, 11: 578.6, 12: 631.2, 13: 683.8, 14: 736.4, 15: 789},
    "kling30_motion_control": {10: 277},
    "kling30_motion_control_pro": {10: 370},
    "cinematic_video": {5: 84, 10: 168, 15: 252},
    "dreamactor_m2": {10: 29},
    "happyhorse_720p": {3: 77, 4: 77, 5: 77, 6: 92.4, 7: 107.8, 8: 123.2, 9: 138.6, 10: 154},
    "happyhorse_1080p": {3: 132, 4: 132, 5: 132, 6: 158.4, 7: 184.8, 8: 211.2, 9: 237.6, 10: 264},
    "happyhorse_motion_control": {10: 154},
    "veo31_fast_720p": {4: 85, 6: 85, 8: 85},
    "veo31_fast_audio_720p": {4: 126, 6: 126, 8: 126},
    "veo31_fast_1080p": {4: 85, 6: 85, 8: 85},
    "veo31_fast_audio_1080p": {4: 126, 6: 126, 8: 126},
    "veo31_fast_4k": {8: 264},
    "veo31_fast_audio_4k": {8: 308},
    "veo31_lite_720p": {4: 44, 6: 44, 8: 44},
    "veo31_lite_audio_720p": {4: 44, 6: 44, 8: 44},
    "veo31_lite_1080p": {4: 71, 6: 71, 8: 71},
    "veo31_lite_audio_1080p": {4: 71, 6: 71, 8: 71},
    "wan21_480p": {5: 20},
    "wan21_720p": {5: 40},
}  # fmt: skip


def _price(line, seconds):
    return pricing.video(base_cost_mc=int(line.cents * 1000), base_seconds=line.fields["base_seconds"], seconds=seconds)


def test_every_row_at_every_second_it_sells_costs_what_the_list_says():
    charged = {line.name: {s: _price(line, s).total_mc for s in line.fields["durations"]} for line in VIDEO_ROWS}

    assert charged == {name: {s: round(c * 1000) for s, c in cents.items()} for name, cents in TABLE.items()}
    assert sum(len(by_seconds) for by_seconds in charged.values()) == 234


def test_one_of_everything_costs_a_little_less_than_530_dollars():
    total_mc = sum(_price(line, s).total_mc for line in VIDEO_ROWS for s in line.fields["durations"])

    assert total_mc == 52_810_800


def test_the_base_price_buys_up_to_the_base():
    quoted = pricing.video(base_cost_mc=77_000, base_seconds=5, seconds=3)

    assert quoted.total_mc == 77_000
    assert quoted.lines == (Line("Video, up to 5 s", 3, "second", 77_000),)


def test_what_is_longer_stands_on_a_line_of_its_own():
    quoted = pricing.video(base_cost_mc=14_000, base_seconds=5, seconds=12)

    assert quoted.total_mc == 33_600
    assert quoted.lines == (
        Line("Video, up to 5 s", 5, "second", 14_000),
        Line("Longer than that", 7, "second", 19_600),
    )


def test_a_fraction_of_a_millicent_is_rounded_up():
    assert pricing.video(base_cost_mc=10, base_seconds=3, seconds=4).total_mc == 14  # 13⅓
    assert pricing.video(base_cost_mc=1, base_seconds=3_600, seconds=1).total_mc == 1


@pytest.mark.parametrize(
    ("base_mc", "frames", "expected_mc"),
    [(20_000, 81, 20_000), (20_000, 82, 25_000), (40_000, 100, 50_000), (40_000, 81, 40_000), (1, 100, 2)],
)
def test_an_exact_clip_above_81_frames_costs_a_quarter_more(base_mc, frames, expected_mc):
    quoted = pricing.exact_video(base_cost_mc=base_mc, frames=frames, surcharge_above_frames=81, surcharge=(5, 4))

    assert quoted.total_mc == expected_mc


def test_the_surcharge_stands_on_a_line_of_its_own():
    quoted = pricing.exact_video(base_cost_mc=40_000, frames=100, surcharge_above_frames=81, surcharge=(5, 4))

    assert quoted.lines == (Line("Video", 100, "frame", 40_000), Line("More than 81 frames", 19, "frame", 10_000))


def test_an_exact_clip_without_surcharge_costs_the_base_whatever_its_length():
    assert {pricing.exact_video(base_cost_mc=6_000, frames=frames).total_mc for frames in (1, 25, 81)} == {6_000}


@pytest.mark.parametrize(
    ("count", "inpaint_faces", "expected_mc"),
    [(1, False, 2_875), (8, False, 23_000), (1, True, 5_750), (8, True, 46_000)],
)
def test_pictures_cost_so_much_each_and_double_with_inpainted_faces(count, inpaint_faces, expected_mc):
    quoted = pricing.images(unit_mc=2_875, count=count, inpaint_faces=inpaint_faces)

    assert quoted.total_mc == expected_mc
    assert [line.label for line in quoted.lines] == ["Images", "Face inpainting"][: 1 + inpaint_faces]


def test_what_is_free_still_has_its_line():
    assert pricing.images(unit_mc=0, count=4, inpaint_faces=True) == pricing.Quoted(0, (Line("Images", 4, "image", 0),))


@pytest.mark.parametrize("wrong", [-1, 10**12, 1.5, "5", None, True, float("nan"), 10**400])
def test_numbers_out_of_range_are_refused_before_anything_is_reckoned(wrong):
    for call in (
        lambda: pricing.video(base_cost_mc=wrong, base_seconds=5, seconds=5),
        lambda: pricing.video(base_cost_mc=1, base_seconds=wrong, seconds=5),
        lambda: pricing.video(base_cost_mc=1, base_seconds=5, seconds=wrong),
        lambda: pricing.exact_video(base_cost_mc=wrong, frames=81),
        lambda: pricing.exact_video(base_cost_mc=1, frames=wrong),
        lambda: pricing.exact_video(base_cost_mc=1, frames=81, surcharge_above_frames=wrong),
        lambda: pricing.exact_video(base_cost_mc=1, frames=81, surcharge=(wrong, 1)),
        lambda: pricing.exact_video(base_cost_mc=1, frames=81, surcharge=(1, wrong)),
        lambda: pricing.images(unit_mc=wrong, count=1),
        lambda: pricing.images(unit_mc=1, count=wrong),
    ):
        with pytest.raises(ValueError, match="has to be a whole number"):
            call()


@pytest.mark.parametrize("zero", ["base_seconds", "seconds"])
def test_nothing_lasts_zero_seconds(zero):
    with pytest.raises(ValueError, match=zero):
        pricing.video(**{"base_cost_mc": 1, "base_seconds": 5, "seconds": 5, zero: 0})


def test_a_surcharge_never_makes_cheaper():
    with pytest.raises(ValueError, match="numerator"):
        pricing.exact_video(base_cost_mc=1, frames=1, surcharge=(3, 4))


@given(
    line=st.sampled_from(VIDEO_ROWS),
    data=st.data(),
)
def test_every_row_is_priced_by_the_formula_and_its_lines_add_up(line, data):
    seconds = data.draw(st.sampled_from(line.fields["durations"]))
    base_seconds = line.fields["base_seconds"]

    quoted = _price(line, seconds)

    exact = Fraction(line.cents) * 1000 * max(seconds, base_seconds) / base_seconds
    assert quoted.total_mc == ceil(exact) == sum(part.amount_mc for part in quoted.lines)


@given(base=st.integers(0, pricing.UNIT_MC_MAX), base_seconds=st.integers(1, 3_600), seconds=st.integers(1, 3_600))
def test_any_price_is_exact_to_the_millicent_and_grows_with_length(base, base_seconds, seconds):
    quoted = pricing.video(base_cost_mc=base, base_seconds=base_seconds, seconds=seconds)

    exact = Fraction(base * max(seconds, base_seconds), base_seconds)
    assert type(quoted.total_mc) is int
    assert 0 <= quoted.total_mc - exact < 1
    assert quoted.total_mc == sum(part.amount_mc for part in quoted.lines)
    if seconds > 1:
        shorter = pricing.video(base_cost_mc=base, base_seconds=base_seconds, seconds=seconds - 1)
        assert shorter.total_mc <= quoted.total_mc


@given(base=st.integers(0, pricing.UNIT_MC_MAX), frames=st.integers(1, 200), above=st.integers(0, 200), low=st.integers(1, 1_000), more=st.integers(0, 1_000))  # fmt: skip
def test_any_surcharge_is_exact_to_the_millicent(base, frames, above, low, more):
    quoted = pricing.exact_video(
        base_cost_mc=base, frames=frames, surcharge_above_frames=above, surcharge=(low + more, low)
    )

    exact = Fraction(base) * (Fraction(low + more, low) if frames > above else 1)
    assert quoted.total_mc == ceil(exact) == sum(part.amount_mc for part in quoted.lines)


@given(unit=st.integers(0, pricing.UNIT_MC_MAX), count=st.integers(1, 8), inpaint_faces=st.booleans())
def test_any_number_of_pictures_adds_up(unit, count, inpaint_faces):
    quoted = pricing.images(unit_mc=unit, count=count, inpaint_faces=inpaint_faces)

    assert quoted.total_mc == unit * count * (1 + inpaint_faces) == sum(part.amount_mc for part in quoted.lines)


# --- trainings ------------------------------------------------------------------------------------------------------


def test_a_training_is_priced_by_its_steps():
    quoted = pricing.training(step_cost_mc=500, steps=405)

    assert quoted.total_mc == 202_500
    assert [(line.label, line.quantity, line.unit, line.amount_mc) for line in quoted.lines] == [
        ("Training", 405, "step", 202_500)
    ]


def test_what_has_no_steps_costs_nothing():
    assert pricing.training(step_cost_mc=0, steps=0).total_mc == 0
