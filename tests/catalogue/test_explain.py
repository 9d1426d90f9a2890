from datetime import UTC, datetime

import pytest

from catalogue import explain, offers
from catalogue.models import Route, Row

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def _offer(name):
    return offers.find(name, now=NOW)


def test_a_missing_ability_names_the_models_that_have_it(catalogue):
    assert explain.lacks(_offer("kling25"), "text_to_video", now=NOW) == (
        "is not supported by kling25; models that take it: seedance2_fast_480p, seedance2_fast_720p, seedance2_480p, "
        "seedance2_720p, seedance2_1080p, happyhorse_720p and happyhorse_1080p"
    )


def test_a_long_list_of_models_is_cut(catalogue):
    assert explain.lacks(_offer("seedance_480p"), "video_last_frame", now=NOW) == (
        "is not supported by seedance_480p; models that take it: seedance_v15_720p, seedance_v15_audio_720p, "
        "seedance2_fast_480p, seedance2_fast_720p, seedance2_480p, seedance2_720p, seedance2_1080p, wan22_fast_480p, "
        "wan22_fast_580p, wan22_fast_720p, wan26_720p and 25 more"
    )


@pytest.mark.parametrize(
    ("name", "sibling"),
    [
        ("seedance_v15_720p", "seedance_v15_audio_720p"),
        ("kling30_pro", "kling30_pro_audio"),
        ("veo31_fast_4k", "veo31_fast_audio_4k"),
    ],
)
def test_sound_on_a_silent_row_names_its_sibling(catalogue, name, sibling):
    assert explain.silent(_offer(name), now=NOW) == f"is not supported by {name}; use {sibling}"


def test_sound_on_a_row_without_sibling_names_all_that_have_it(catalogue):
    assert explain.silent(_offer("kling25"), now=NOW).startswith(
        "is not supported by kling25; models that take it: seedance_v15_audio_720p, seedance2_fast_480p"
    )


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("hailuo02_720p", "wan27_720p"),
        ("hailuo02_1080p", "wan27_1080p"),
        ("seedance_720p", "seedance_v15_720p"),
        ("seedance_1080p", "seedance2_1080p"),
        ("seedance_pro_1080p", "seedance2_1080p"),
        ("seedance_pro_fast_480p", "seedance2_fast_480p"),
        ("kling25_5s", "kling25"),
        ("ovi", "seedance_v15_audio_720p"),
        ("wan_fast_580p", "wan22_fast_580p"),
    ],
)
def test_a_retired_model_names_the_nearest_one(catalogue, name, nearest):
    assert explain.not_to_be_had(name, now=NOW) == f"{name} is no longer offered; the nearest model is {nearest}"
    assert _offer(nearest)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("seedance_v15_720", "'seedance_v15_720' is not a video model; did you mean seedance_v15_720p"),
        ("happyhorse_720", "'happyhorse_720' is not a video model; did you mean happyhorse_720p"),
        ("zzz", "'zzz' is not a video model; models: seedance_480p, seedance_v15_720p"),
    ],
)
def test_an_unknown_name_suggests_what_may_have_been_meant(catalogue, name, expected):
    assert explain.not_to_be_had(name, now=NOW).startswith(expected)


def test_a_long_word_is_not_repeated_in_full(catalogue):
    assert len(explain.not_to_be_had("x" * 1_000_000, now=NOW)) < 400
    assert len(explain.not_to_be_had("hailuo" * 1_000_000, now=NOW)) < 400


def test_a_picture_model_is_no_video_model(catalogue):
    assert explain.not_to_be_had("flux1", now=NOW).startswith("'flux1' is not a video model; models: ")


def test_a_model_whose_engine_is_gone_is_not_available(catalogue):
    Route.objects.filter(row__name="kling25").update(engine="gone")

    assert explain.not_to_be_had("kling25", now=NOW) == "kling25 is not available at the moment"


def test_a_paused_model_says_why(catalogue):
    Row.objects.filter(name="kling25").update(enabled=False, paused_reason="back at noon")
    Row.objects.filter(name="wan21_720p").update(enabled=False)

    assert explain.not_to_be_had("kling25", now=NOW) == "kling25 is paused: back at noon"
    assert explain.not_to_be_had("720p", now=NOW) == "720p is paused"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("wan22_720p", "must be 5 seconds for wan22_720p"),
        ("kling25", "must be 5 or 10 seconds for kling25"),
        ("ltx23_720p", "must be 5, 10, 15 or 20 seconds for ltx23_720p"),
        ("seedance_480p", "must be 2 to 12 seconds for seedance_480p"),
    ],
)
def test_a_forbidden_duration_names_the_allowed_ones(catalogue, name, expected):
    assert explain.wrong_duration(_offer(name)) == expected


def test_a_missing_file_names_the_model_that_needs_it(catalogue):
    assert explain.missing(_offer("dreamactor_m2"), "input_video") == "is required by dreamactor_m2"


def test_nothing_is_called_required_that_is_not(catalogue):
    with pytest.raises(ValueError, match="does not require"):
        explain.missing(_offer("kling25"), "input_video")
