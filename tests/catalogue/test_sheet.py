from decimal import Decimal

import pytest

from catalogue import sheet

HEADER = sheet.FILE.read_text(encoding="utf-8").splitlines()[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5", [5]), ("5|10", [5, 10]), ("4|6|8", [4, 6, 8]), ("2-12", list(range(2, 13))), ("8-8", [8])],
)
def test_durations_are_ranges_or_lists_of_whole_seconds(text, expected):
    assert sheet.durations(text) == expected


def test_holds_every_row_under_a_name_of_its_own():
    lines = list(sheet.read())

    assert [line.kind for line in lines].count("video") == 45
    assert [(line.name, line.fields["tune_id"], line.cents) for line in lines if line.kind == "image"] == [
        ("flux1", 1504944, Decimal("2.875")),
        ("sd15", 690204, Decimal("2.875")),
        ("sdxl1", 666678, Decimal("2.875")),
    ]
    assert [(line.name, line.fields["field"], line.cents) for line in lines if line.kind == "addon"] == [
        ("seedvr2", "video_upscale_model", Decimal(0)),
        ("video_fps_increaser", "video_fps_model", Decimal(0)),
    ]
    assert [(line.name, line.cents) for line in lines if line.kind in ("training", "storage")] == [
        ("lora_training", Decimal("0.5")),
        ("pti_training", Decimal("0.5")),
        ("checkpoint_training", Decimal("0.5")),
        ("faceid", Decimal(0)),
        ("tune_storage", Decimal(50)),
    ]
    assert len({line.name for line in lines}) == 55


def test_allows_234_pairs_of_row_and_duration():
    assert sum(len(line.fields["durations"]) for line in sheet.read() if line.kind == "video") == 234


def test_the_wan_rows_of_2025_and_wan22_run_at_16_frames_a_second_and_all_others_at_24():
    slow = {line.name for line in sheet.read() if line.fields.get("fps") == 16}
    others = {line.fields["fps"] for line in sheet.read() if line.kind == "video" and line.name not in slow}

    assert slow == {"wan21_480p", "wan21_720p", "wan22_720p", "wan22_fast_480p", "wan22_fast_580p", "wan22_fast_720p"}
    assert others == {24}


def test_sound_is_the_rows_own_and_a_choice_only_on_seedance2():
    by_audio = {}
    for line in sheet.read():
        if line.kind == "video":
            by_audio.setdefault(line.fields["audio"], set()).add(line.name)

    assert by_audio["optional"] == {
        "seedance2_fast_480p", "seedance2_fast_720p", "seedance2_480p", "seedance2_720p", "seedance2_1080p",
    }  # fmt: skip
    assert by_audio["on"] == {line.name for line in sheet.read() if "_audio" in line.name}


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("x,audio,X,1,,,,,,,,,,,,,,1,a,motion,{}", "kind 'audio'"),
        ("x,image,X,2.8755,,,,,,,,,,,,,,1,a,motion,{}", "finer than a millicent"),
        ("x,image,X,dear,,,,,,,,,,,,,,1,a,motion,{}", "'x'"),
        ("x,image,X,1,,,,,,,,,,,,,,1,a,motion,{", "'x'"),
        ("x,video,X,1,5,five,720p,24,none,0,0,0,0,0,0,0,1,,,motion,{}", "'x'"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_by_name(tmp_path, line, named):
    file = tmp_path / "catalogue.csv"
    file.write_text(f"{HEADER}\n{line}\n", encoding="utf-8")

    with pytest.raises(ValueError, match=named):
        list(sheet.read(file))
