from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from catalogue import loading, sheet
from catalogue.models import AddOn, ImageModel, Price, Route, Row, VideoModel

NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def edited(tmp_path):
    """The project's file with words replaced."""

    def edit(*changes):
        text = sheet.FILE.read_text(encoding="utf-8")
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        file = tmp_path / "catalogue.csv"
        file.write_text(text, encoding="utf-8")
        return file

    return edit


def _cents(name):
    return [price.base_cost_cents for price in Price.objects.filter(row__name=name).order_by("pk")]


def test_brings_every_row_with_one_price_and_one_route(catalogue):
    assert len(catalogue.added) == 55
    assert VideoModel.objects.count() == 45
    assert ImageModel.objects.count() == 3
    assert AddOn.objects.count() == 2
    assert Price.objects.count() == 55
    assert Route.objects.count() == 55


def test_brings_a_row_as_the_file_has_it(catalogue):
    row = VideoModel.objects.get(name="wan21_720p")

    assert (row.title, row.base_seconds, row.durations, row.resolution, row.fps) == ("Wan 2.1 720p", 5, [5], "720p", 16)
    assert (row.audio, row.last_frame, row.motion_control, row.enabled) == ("none", True, False, True)
    assert (row.exact_frames_min, row.exact_frames_max) == (81, 100)
    assert (row.surcharge_above_frames, row.surcharge) == (81, Decimal("1.25"))
    assert _cents("wan21_720p") == [Decimal(40)]
    assert list(row.routes.values_list("engine", "options", "order")) == [("motion", {}, 0)]


def test_a_second_load_changes_nothing(catalogue):
    again = loading.load(now=NOW)

    assert (again.added, again.changed, again.priced) == ([], [], [])
    assert Price.objects.count() == 55
    assert Route.objects.count() == 55


def test_follows_the_file_where_nobody_else_changed_the_field(catalogue, edited):
    done = loading.load(path=edited(("LTX 2.3 1080p,22,5,5|10|15|20", "LTX,22,5,5|10")), now=NOW)

    row = VideoModel.objects.get(name="ltx23_1080p")
    assert (row.title, row.durations) == ("LTX", [5, 10])
    assert done.changed == ["ltx23_1080p"]


def test_keeps_the_operators_value_and_follows_the_file_in_the_other_fields(catalogue, edited):
    VideoModel.objects.filter(name="ltx23_1080p").update(title="Our LTX")

    loading.load(path=edited(("LTX 2.3 1080p,22,5,5|10|15|20", "LTX,22,5,5|10")), now=NOW)

    row = VideoModel.objects.get(name="ltx23_1080p")
    assert (row.title, row.durations) == ("Our LTX", [5, 10])


def test_keeps_a_pause(catalogue, edited):
    Row.objects.filter(name="kling25").update(enabled=False, paused_reason="Maintenance until noon")

    loading.load(path=edited(("Kling 2.5,", "Kling,")), now=NOW)

    row = Row.objects.get(name="kling25")
    assert (row.title, row.enabled, row.paused_reason) == ("Kling", False, "Maintenance until noon")


def test_keeps_a_row_that_an_operator_added_and_one_that_left_the_file(catalogue, tmp_path):
    VideoModel.objects.create(name="ours", title="Ours", base_seconds=5, durations=[5], resolution="480p", fps=24)
    short = tmp_path / "catalogue.csv"
    short.write_text("\n".join(sheet.FILE.read_text(encoding="utf-8").splitlines()[:3]) + "\n", encoding="utf-8")

    loading.load(path=short, now=NOW)

    assert Row.objects.count() == 56


def test_a_new_price_in_the_file_is_added_and_the_old_one_stays(catalogue, edited):
    done = loading.load(path=edited(("Kling 2.5,39,", "Kling 2.5,41.5,")), now=NOW)

    assert done.priced == ["kling25"]
    assert done.changed == []
    assert _cents("kling25") == [Decimal(39), Decimal("41.5")]
    assert Price.objects.get(base_cost_cents="41.5").from_at == NOW


def test_the_operators_price_goes_on_whatever_the_file_says(catalogue, edited):
    row = Row.objects.get(name="kling25")
    Price.objects.create(row=row, from_at=NOW + timedelta(days=1), base_cost_cents=50)

    done = loading.load(path=edited(("Kling 2.5,39,", "Kling 2.5,41.5,")), now=NOW)

    assert done.priced == []
    assert _cents("kling25") == [Decimal(39), Decimal(50)]


def test_a_new_engine_in_the_file_is_followed_unless_the_operator_routed_the_row(catalogue, edited):
    Route.objects.filter(row__name="wan25_720p").update(options={"quality": "high"})
    file = edited(
        ("kling25,video,Kling 2.5,39,5,5|10,720p,24,none,0,0,1,0,0,0,0,1,,,motion", "kling25,video,Kling 2.5,39,5,5|10,720p,24,none,0,0,1,0,0,0,0,1,,,modest"),
        ("wan25_720p,video,Wan 2.5 720p,53,5,5|10,720p,24,none,0,0,0,0,0,0,0,1,,,motion", "wan25_720p,video,Wan 2.5 720p,53,5,5|10,720p,24,none,0,0,0,0,0,0,0,1,,,modest"),
    )  # fmt: skip

    done = loading.load(path=file, now=NOW)

    routes = {route.row.name: (route.engine, route.options) for route in Route.objects.select_related("row")}
    assert done.changed == ["kling25"]
    assert routes["kling25"] == ("modest", {})
    assert routes["wan25_720p"] == ("motion", {"quality": "high"})


def test_an_add_on_keeps_the_operators_targets_and_price(catalogue, edited):
    AddOn.objects.filter(name="seedvr2").update(targets=["1080p"])
    Price.objects.create(row=Row.objects.get(name="seedvr2"), from_at=NOW, base_cost_cents=2)

    done = loading.load(path=edited(("SeedVR2,0,", "Seed VR 2,1,"), ("|2k|4k,1", "|2k,1")), now=NOW)

    row = AddOn.objects.get(name="seedvr2")
    assert (row.title, row.targets, _cents("seedvr2")) == ("Seed VR 2", ["1080p"], [Decimal(0), Decimal(2)])
    assert (done.changed, done.priced) == (["seedvr2"], [])


def test_a_broken_file_changes_nothing(catalogue, edited):
    with pytest.raises(ValueError, match="veo31_lite_1080p"):
        loading.load(path=edited(("Kling 2.5,39,", "Kling,41.5,"), ("Veo 3.1 Lite 1080p,71", "Veo,a lot")), now=NOW)

    assert Row.objects.get(name="kling25").title == "Kling 2.5"
    assert Price.objects.count() == 55


def test_the_command_says_what_it_did(no_catalogue):
    out = StringIO()

    call_command("load_catalogue", stdout=out)

    assert out.getvalue() == "Catalogue: 55 rows added, 0 changed, 0 new prices.\n"
