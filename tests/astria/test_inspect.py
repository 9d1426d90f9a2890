"""What is told of a picture: what can be measured, and nothing else."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image, ImageFilter

from media.models import Asset
from tests.astria.http import nothing_moves, upload

pytestmark = pytest.mark.once  # nothing of it reaches a table


def picture(*, colour=(200, 60, 50), size=(640, 640), blurred=False):
    """Stripes of two colours, sharp or blurred."""
    image = Image.new("RGB", size, colour)
    for x in range(0, size[0], 16):
        image.paste((240, 240, 240), (x, 0, x + 6, size[1]))
    if blurred:
        image = image.filter(ImageFilter.GaussianBlur(12))
    return coded(image)


def coded(image):
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def inspect(api):
    return lambda file, **fields: api.post("/images/inspect", {"file": upload(file, "x.png"), **fields})


def test_a_picture_is_measured_and_not_kept(inspect):
    with nothing_moves():
        answer = inspect(picture(), name="woman")

    assert answer.status_code == 200
    told = answer.json()
    measured = told["measured"]
    assert (measured["width"], measured["height"], measured["faces"], measured["people"]) == (640, 640, [], 0)
    assert sum(row["share"] for row in measured["palette"]) == pytest.approx(1, abs=0.01)
    assert {"red", "white"} <= {row["name"] for row in measured["palette"]}
    assert (told["blurry"], told["low_resolution"], told["includes_multiple_people"]) == (False, False, False)
    assert not Asset.objects.filter(kind="input").exists()


def test_what_no_measure_can_tell_is_empty(inspect):
    told = inspect(picture(), name="woman").json()

    assert {told[name] for name in ("age", "ethnicity", "eye_color", "hair_color", "glasses")} == {""}
    assert told["name"] == "woman", "a client warns of another name than its own; that no face was found proves nothing"


def test_blurred_small_and_dark_pictures_are_named(inspect):
    assert inspect(picture(blurred=True)).json()["blurry"] is True
    assert inspect(picture(size=(400, 600))).json()["low_resolution"] is True
    assert inspect(coded(Image.new("RGB", (600, 600), (4, 4, 6)))).json()["low_quality"] is True


def test_pictures_come_by_address_too(api):
    url = "data:image/png;base64," + base64.b64encode(picture()).decode()

    assert api.post("/images/inspect", json={"file_url": url}).json()["measured"]["width"] == 640


def test_a_description_says_what_was_measured(api):
    told = api.post("/images/describe", {"file": upload(picture(size=(900, 600)), "x.png")}).json()

    assert told["description"].startswith("A landscape picture, 900×600, ")
    assert told["description"].endswith("with no face.")


def test_a_class_is_told_as_far_as_it_can_be(api):
    told = api.post("/images/class_name", {"file": upload(picture(), "x.png")}).json()

    assert told["class_name"] == "subject"
    assert told["captions"] == [told["caption"]]


@pytest.mark.parametrize("path", ["/images/inspect", "/images/describe", "/images/class_name"])
def test_what_is_no_picture_is_refused(api, path):
    assert api.post(path, {}).json() == {"file": ["can't be blank"]}
    answer = api.post(path, {"file": upload(b"no picture", "x.png")})
    assert answer.status_code == 422
    assert list(answer.json()) == ["file"]


@pytest.mark.parametrize(("path", "field"), [("/themes", "theme"), ("/assist/complete", "base")])
def test_a_language_models_work_is_refused_with_the_reason(api, path, field):
    with nothing_moves():
        answer = api.post(path, json={"theme": {"theme": "circus"}})

    assert answer.status_code == 422
    assert answer.json() == {field: ["needs a language model, and this server has none configured"]}
