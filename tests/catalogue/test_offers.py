from datetime import UTC, datetime

import pytest

from catalogue import offers
from catalogue.models import Route, Row, VideoModel

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def _names(holds):
    return {offer.name for offer in offers.videos(now=NOW) if holds(offer)}


def test_offers_every_row_in_the_catalogues_order(catalogue):
    found = offers.all(now=NOW)

    assert len(found) == 50
    assert [offer.name for offer in found[:2]] == ["seedance_480p", "seedance_v15_720p"]
    assert [offer.name for offer in found[-4:]] == ["sd15", "sdxl1", "seedvr2", "video_fps_increaser"]


def test_an_offer_says_all_that_a_face_needs(catalogue):
    offer = offers.find("veo31_fast_audio_1080p", now=NOW)

    assert (offer.title, offer.kind, offer.base_cost_mc) == ("Veo 3.1 Fast 1080p, with sound", "video", 126_000)
    assert (offer.base_seconds, offer.durations, offer.default_seconds) == (8, (4, 6, 8), 8)
    assert (offer.resolution, offer.fps, offer.audio, offer.last_frame) == ("1080p", 24, "on", True)
    assert offer.tasks == {"image_to_video", "first_last", "extend"}
    assert (offer.engine, offer.engine_options, offer.preview) == ("motion", {}, True)
    assert offer.requires == frozenset()
    assert (offer.exact_frames_max, offer.surcharge) == (0, (1, 1))


def test_the_default_duration_is_the_base(catalogue):
    assert {offer.name: offer.default_seconds for offer in offers.videos(now=NOW)} == {
        offer.name: offer.base_seconds for offer in offers.videos(now=NOW)
    }


def test_the_capability_matrix_holds(catalogue):
    free = {"seedance2_fast_480p", "seedance2_fast_720p", "seedance2_480p", "seedance2_720p", "seedance2_1080p",
            "happyhorse_720p", "happyhorse_1080p"}  # fmt: skip
    motion = {"kling30_motion_control", "kling30_motion_control_pro", "wan_animate_720p", "dreamactor_m2",
              "happyhorse_motion_control"}  # fmt: skip
    no_last_frame = {"seedance_480p", "wan22_720p", "wan25_720p", "cinematic_video", "happyhorse_720p", "happyhorse_1080p",
                     "wan_animate_720p", "dreamactor_m2", "happyhorse_motion_control"}  # fmt: skip

    assert _names(lambda offer: "text_to_video" in offer.tasks) == free
    assert _names(lambda offer: "references" in offer.tasks) == free
    assert _names(lambda offer: "motion" in offer.tasks) == motion
    assert _names(lambda offer: "input_video" in offer.requires) == motion
    assert _names(lambda offer: "image_to_video" not in offer.tasks) == motion
    assert _names(lambda offer: not offer.last_frame) == no_last_frame


@pytest.mark.parametrize(
    ("name", "low", "high", "above", "surcharge"),
    [("wan21_480p", 81, 100, 81, (5, 4)), ("wan22_fast_480p", 1, 81, 0, (1, 1)), ("kling25", 0, 0, 0, (1, 1))],
)
def test_exact_clips(catalogue, name, low, high, above, surcharge):
    offer = offers.find(name, now=NOW)

    assert (offer.exact_frames_min, offer.exact_frames_max) == (low, high)
    assert (offer.surcharge_above_frames, offer.surcharge) == (above, surcharge)


@pytest.mark.parametrize(("tune_id", "branch"), [(1504944, "flux1"), (690204, "sd15"), (666678, "sdxl1")])
def test_pictures_are_offered_on_the_public_base_tunes(catalogue, tune_id, branch):
    offer = offers.image_offer(tune_id, now=NOW)

    assert (offer.kind, offer.branch, offer.base_cost_mc, offer.tasks) == ("image", branch, 2_875, {"image"})
    assert offer.engine_options == {"base": branch}
    assert offer.image_options == {"film_grain"}


def test_no_pictures_are_offered_on_other_tunes(catalogue):
    assert offers.image_offer(5_000_001, now=NOW) is None


@pytest.mark.parametrize(("old", "name"), [("720p", "wan21_720p"), ("480p", "wan21_480p")])
def test_the_two_models_of_2025_answer_to_their_old_names(catalogue, old, name):
    assert offers.find(old, now=NOW).name == name


@pytest.mark.parametrize("name", ["", "SEEDANCE_480P", "hailuo02_720p", "1080p", "x" * 10_000])
def test_nothing_else_is_found(catalogue, name):
    assert offers.find(name, now=NOW) is None


def test_a_paused_row_is_not_offered(catalogue):
    Row.objects.filter(name="kling25").update(enabled=False, paused_reason="Maintenance")

    assert offers.find("kling25", now=NOW) is None
    assert len(offers.all(now=NOW)) == 49
    assert offers.paused("kling25") == "Maintenance"
    assert offers.paused("kling30_pro") is None


def test_a_row_without_price_or_route_is_not_offered(catalogue):
    VideoModel.objects.create(name="ours", title="Ours", base_seconds=5, durations=[5], resolution="480p", fps=24)
    Route.objects.filter(row__name="kling25").delete()

    assert offers.find("ours", now=NOW) is None
    assert offers.find("kling25", now=NOW) is None


def test_a_row_routed_to_an_engine_that_is_not_there_is_not_offered(catalogue):
    Route.objects.filter(row__name="kling25").update(engine="gone")

    assert offers.find("kling25", now=NOW) is None


def test_a_row_is_cut_down_to_what_its_engine_can_do(catalogue):
    Route.objects.update(engine="modest")

    offer = offers.find("wan27_720p", now=NOW)

    assert offer.tasks == {"image_to_video"}
    assert offer.durations == (5, 10)
    assert not offer.last_frame
    assert not offer.preview
    assert offers.find("seedance2_720p", now=NOW).audio == "none"
    assert offers.find("wan21_720p", now=NOW).exact_frames_max == 100


def test_a_row_that_its_engine_cannot_do_at_all_is_not_offered(catalogue):
    Route.objects.update(engine="modest")

    assert offers.find("wan27_1080p", now=NOW) is None, "too many pixels"
    assert offers.find("seedance_v15_audio_720p", now=NOW) is None, "the price of sound, without sound"
    assert offers.image_offer(1504944, now=NOW) is None, "no pictures"


def test_a_row_whose_largest_shape_is_beyond_the_engine_is_not_offered(catalogue):
    Route.objects.update(engine="small")

    assert offers.find("kling30_4k", now=NOW) is None
    assert offers.find("kling30_pro", now=NOW)


def test_the_second_route_is_kept_for_the_operator_and_does_not_count(catalogue):
    Route.objects.create(row=Row.objects.get(name="kling25"), engine="modest", order=1)

    offer = offers.find("kling25", now=NOW)

    assert [way.engine for way in offer.ways] == ["motion", "modest"]
    assert offer.last_frame


def test_rows_are_read_once_per_interval_and_anew_when_told(catalogue, settings, django_assert_num_queries):
    settings.CATALOGUE_TTL_S = 60
    offers.forget()

    with django_assert_num_queries(7):
        for _ in range(3):
            offers.all(now=NOW)
    Row.objects.filter(name="kling25").update(enabled=False)
    assert offers.find("kling25", now=NOW)
    offers.forget()

    assert offers.find("kling25", now=NOW) is None


# --- add-ons --------------------------------------------------------------------------------------------------------


def test_add_ons_are_offered_by_the_field_that_asks_for_them(catalogue):
    (upscaler,), (faster,) = (
        offers.addons(field=field, now=NOW) for field in ("video_upscale_model", "video_fps_model")
    )

    assert (upscaler.name, upscaler.kind, upscaler.tasks) == ("seedvr2", "addon", {"upscale"})
    assert (upscaler.targets, upscaler.base_cost_mc, upscaler.preview) == (("720p", "1080p", "2k", "4k"), 0, True)
    assert (faster.name, faster.tasks, faster.times, faster.targets) == ("video_fps_increaser", {"faster"}, 2, ())
    assert offers.addons(field="video_model", now=NOW) == []


def test_an_add_on_that_its_engine_can_not_do_is_not_offered(catalogue):
    Route.objects.filter(row__name="seedvr2").update(engine="modest")
    offers.forget()

    assert offers.addons(field="video_upscale_model", now=NOW) == []


def test_an_upscaler_offers_the_targets_that_fit_its_engine(catalogue):
    Route.objects.filter(row__name="seedvr2").update(engine="small")
    offers.forget()

    assert offers.find("seedvr2", now=NOW).targets == ("720p", "1080p", "2k")


# --- trainings and storage ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pictures", "preset", "steps"),
    [(4, "flux-lora-portrait", 300), (12, "flux-lora-portrait", 324), (4, "", 400), (1, "", 300), (60, "", 5000)],
)
def test_the_steps_of_a_training_follow_from_pictures_and_preset(catalogue, pictures, preset, steps):
    training = offers.training("lora", now=NOW)

    assert training.steps(pictures=pictures, preset=preset) == steps
    assert training.step_cost_mc == 500


def test_what_no_engine_trains_is_not_offered(catalogue):
    assert offers.training("unheard of", now=NOW) is None

    Row.objects.filter(name="lora_training").update(enabled=False)
    offers.forget()

    assert offers.training("lora", now=NOW) is None


def test_a_tune_is_kept_for_thirty_days_and_fifty_cents(catalogue):
    keeping = offers.keeping(now=NOW)

    assert (keeping.days, keeping.cost_mc) == (30, 50_000)
