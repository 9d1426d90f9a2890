"""What the command line and the plugins read of the models, without a key."""

from __future__ import annotations

import pytest
from django.test import Client

from catalogue import sheet
from tests.astria.http import FLUX, REALISTIC, SDXL

ROWS = {line.name: line.fields for line in sheet.read() if line.kind == "video"}
pytestmark = [pytest.mark.usefixtures("server"), pytest.mark.once]


def read(path):
    answer = Client().get(path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "public, max-age=3600"
    return answer.json()


def test_the_command_line_finds_every_model_with_what_it_can_do():
    found = read("/cli/models")

    assert {name: model["tune_id"] for name, model in found["models"].items()} == {
        "flux1": FLUX, "sd15": REALISTIC, "sdxl1": SDXL,
    }  # fmt: skip
    assert (found["default"], found["default_tune_id"]) == ("flux1", FLUX)
    assert set(found["video_models"]) == set(ROWS)
    for name, row in ROWS.items():
        shown = found["video_models"][name]
        assert shown["motion_control"] == shown["needs_input_video"] == row["motion_control"]
        assert shown["supports_last_frame"] == row["last_frame"]
        assert shown["supports_image_references"] == row["multi_reference"]
        assert shown["generates_audio"] == (row["audio"] != "none")
        assert ("adaptive" in shown["aspect_ratios"]) == row["multi_reference"]


def test_no_client_is_ever_too_old():
    assert read("/cli/models")["cli"]["min_version"] == "0.0.0"


def test_plugins_find_the_models_of_pictures_under_both_names():
    found = read("/plugin/models")

    assert found == read("/plugin/tunes.json")
    assert found["default_model"] == "flux1"
    assert found["models"]["flux1"]["id"] == FLUX
    assert found["num_images"] == [1, 2, 3, 4, 8]
