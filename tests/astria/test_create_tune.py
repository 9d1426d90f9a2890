"""POST /tunes: what a tune takes, costs and answers."""

from __future__ import annotations

import base64
import io
import struct
import tarfile
import zipfile
import zlib
from urllib.parse import urlencode

import pytest

from billing import ledger
from prompts import books
from prompts.models import Prompt
from tests.astria.http import FLUX, REALISTIC, SDXL, WOMAN, nothing_moves, upload
from tests.tunes.making import tune_fields
from tunes.models import Training, Tune, TuneImage

PER_STEP_MC = 500


@pytest.fixture
def create(api, picture):
    return lambda pictures=4, **fields: api.post("/tunes", tune_fields(picture, pictures=pictures, **fields))


def test_a_lora_is_charged_by_its_steps_and_queued(api, create, alice):
    before = ledger.balance_mc(alice.personal_workspace.pk)

    answer = create(pictures=4, preset="flux-lora-portrait")

    assert answer.status_code == 201
    made = answer.json()
    assert (made["title"], made["name"], made["model_type"], made["branch"]) == ("order-77", "woman", "lora", "flux1")
    assert (made["base_tune_id"], made["token"], made["steps"], made["is_api"]) == (FLUX, "ohwx", 300, True)
    assert (made["trained_at"], made["started_training_at"], made["expires_at"]) == (None, None, None)
    assert (made["ckpt_url"], made["ckpt_urls"], made["args"]) == (None, [], None)
    assert made["eta"] is not None
    assert len(made["orig_images"]) == 4
    assert made["url"] == f"http://testserver/tunes/{made['id']}.json"
    assert "prompts" not in made
    assert made["cost_mc"] == 300 * PER_STEP_MC == before - ledger.balance_mc(alice.personal_workspace.pk)
    assert Training.objects.get(tune_id=made["id"]).status == "queued"


@pytest.mark.parametrize(
    ("pictures", "fields", "steps"),
    [
        (4, {"preset": "flux-lora-portrait"}, 300),
        (12, {"preset": "flux-lora-portrait"}, 324),
        (12, {"preset": "flux-lora-fast"}, 324),
        (4, {}, 400),
        (2, {}, 300),
        (4, {"steps": 1234}, 1234),
        (4, {"steps": 10}, 300),
    ],
)
def test_the_steps_follow_from_preset_and_pictures_unless_they_are_given(api, picture, pictures, fields, steps):
    form = tune_fields(picture, pictures=pictures, **fields)

    quoted = api.post("/tunes/quote", form)

    assert quoted.status_code == 200
    assert (quoted.json()["steps"], quoted.json()["cost_mc"]) == (steps, steps * PER_STEP_MC)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"base_tune_id": FLUX, "model_type": None}, ("lora", "flux1", "ohwx", FLUX)),
        ({"base_tune_id": SDXL, "model_type": None}, ("pti", "sdxl1", "ohwx", SDXL)),
        ({"base_tune_id": SDXL, "model_type": "lora"}, ("pti", "sdxl1", "ohwx", SDXL)),
        ({"base_tune_id": None, "model_type": None}, (None, "sd15", "sks", REALISTIC)),
        ({"base_tune_id": None, "branch": "flux1"}, ("lora", "flux1", "ohwx", FLUX)),
        ({"token": "zxc"}, ("lora", "flux1", "zxc", FLUX)),
    ],
)
def test_base_type_and_token_follow_from_each_other(create, fields, expected):
    made = create(**fields).json()

    assert (made["model_type"], made["branch"], made["token"], made["base_tune_id"]) == expected


@pytest.mark.parametrize("fields", [{"model_type": "faceid"}, {"branch": "fast", "base_tune_id": None}])
def test_what_is_not_trained_has_no_preset(create, fields):
    made = create(**fields, preset="p" * 90)

    assert made.status_code == 201
    assert Tune.objects.get(pk=made.json()["id"]).preset is None


def test_a_face_is_free_and_ready_at_once(create):
    made = create(model_type="faceid").json()

    assert (made["model_type"], made["token"], made["cost_mc"], made["steps"]) == ("faceid", None, 0, None)
    assert made["trained_at"] == made["started_training_at"] is not None
    assert made["expires_at"] > made["trained_at"]


def test_prompts_that_come_with_it_are_charged_and_wait(api, create, alice):
    before = ledger.balance_mc(alice.personal_workspace.pk)

    made = create(
        **{
            "prompts_attributes][][text": ["ohwx woman in a garden", "ohwx woman by the sea"],
            "prompts_attributes][][callback": ["https://example.com/1", "https://example.com/2"],
        }
    ).json()

    assert [prompt["text"] for prompt in made["prompts"]] == ["ohwx woman in a garden", "ohwx woman by the sea"]
    assert [prompt["callback"] for prompt in made["prompts"]] == ["https://example.com/1", "https://example.com/2"]
    assert {prompt["tune_id"] for prompt in made["prompts"]} == {FLUX}
    assert {prompt["tunes"][0]["id"] for prompt in made["prompts"]} == {made["id"]}
    assert set(Prompt.objects.values_list("status", flat=True)) == {"waiting"}
    spent = before - ledger.balance_mc(alice.personal_workspace.pk)
    assert spent == made["cost_mc"] + 2 * 2875
    assert books.faults() == []


def test_json_with_addresses_and_prompts_is_read_too(api, picture):
    body = {
        "tune": {
            "title": "by URL", "name": "cat", "base_tune_id": FLUX, "model_type": "lora",
            "image_urls": [f"data:image/jpeg;base64,{_coded(picture)}"] * 2,
            "image_captions": ["a cat", "the cat again"],
            "characteristics": {"eye_color": "green eyes"},
            "prompts_attributes": [{"text": "ohwx cat", "lora_scale": 0.7}],
        }
    }  # fmt: skip

    answer = api.post("/tunes", json=body)

    assert answer.status_code == 201
    made = answer.json()
    assert list(TuneImage.objects.order_by("position").values_list("caption", flat=True)) == ["a cat", "the cat again"]
    assert Tune.objects.get(pk=made["id"]).characteristics == {"eye_color": "green eyes"}
    assert Prompt.objects.get().references[0]["weight"] == 0.7


def test_text_files_of_the_same_name_are_captions(api, picture):
    form = tune_fields(picture, pictures=0)
    form["tune[images][]"] = [upload(picture, "a.jpg"), upload(picture, "b.jpg"), upload(b"a woman", "b.txt")]

    assert api.post("/tunes", form).status_code == 201
    assert list(TuneImage.objects.order_by("position").values_list("caption", flat=True)) == ["", "a woman"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": None}, {"title": ["can't be blank"]}),
        ({"name": "blue_shoes"}, {"name": ["only English letters, numbers and spaces allowed"]}),
        ({"name": None}, {"name": ["can't be blank"]}),
        ({"model_type": "dreambooth"}, {"model_type": ["must be one of lora, pti, faceid, or left out"]}),
        (
            {"preset": "p" * 90},
            {"preset": ["must be one of flux-lora-fast, flux-lora-focus, flux-lora-portrait, or left out"]},
        ),
        ({"steps": 99_999}, {"steps": ["must be between 1 and 5000"]}),
        ({"steps": "many"}, {"steps": ["is not a number"]}),
        ({"base_tune_id": 77}, {"base_tune_id": ["does not exist or is not yours"]}),
        ({"base_tune_id": WOMAN}, {"base_tune_id": [f"is not a base model; train on its base, {FLUX}"]}),
        ({"callback": "ftp://x"}, {"callback": ["is not an http or https URL"]}),
        ({"prompts_callback": "x"}, {"prompts_callback": ["is not an http or https URL"]}),
        ({"characteristics": "no JSON"}, {"characteristics": ["has to be an object"]}),
        ({"characteristics": '{"hair": ["red"]}'}, {"characteristics": ["hair has to be a text"]}),
        (
            {"token": "two words"},
            {"token": ["has to be one short word of letters, digits and underscores (at most 40)"]},
        ),
        ({"prompts_attributes][0][text": " "}, {"prompts_attributes[0][text]": ["can't be blank"]}),
        ({"prompts_attributes][0][seed": "x"}, {"prompts_attributes[0][seed]": ["is not a number"]}),
        ({"prompts_attributes": "x"}, {"prompts_attributes": ["has to be a list of objects"]}),
    ],
)
def test_what_is_wrong_is_named_and_nothing_moves(create, fields, expected):
    with nothing_moves():
        answer = create(**fields)

    assert answer.status_code == 422
    assert answer.json() == expected


def test_a_tune_needs_pictures_that_are_pictures(api, picture):
    with nothing_moves():
        none = api.post("/tunes", tune_fields(picture, pictures=0))
        form = tune_fields(picture, pictures=1)
        form["tune[images][]"].append(upload(b"no picture", "x.jpg"))
        broken = api.post("/tunes", form)

    assert none.json() == {"images": ["must contain at least one image"]}
    assert broken.status_code == 422
    assert broken.json()["images"][0].endswith("(image 2)")


def test_one_that_can_not_be_paid_makes_nothing(poor_api, picture):
    with nothing_moves():
        answer = poor_api.post("/tunes", tune_fields(picture))

    assert answer.status_code == 422
    assert "Not enough balance" in answer.json()["base"][0]
    assert not Tune.objects.filter(title="order-77").exists()


def test_the_same_key_makes_it_once(api, picture):
    form = lambda: tune_fields(picture)  # noqa: E731

    first = api.post("/tunes", form(), headers={"Idempotency-Key": "one"})
    again = api.post("/tunes", form(), headers={"Idempotency-Key": "one"})

    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Training.objects.count() == 1


# --- change and delete ----------------------------------------------------------------------------------------------


def test_title_class_and_characteristics_may_change(api, create):
    made = create().json()

    changed = api.send("patch", f"/tunes/{made['id']}", json={"tune": {
        "title": "other", "name": "girl", "characteristics": {"hair": "red"}, "auto_extend": True,
        "cost_mc": 0, "trained_at": "2026-01-01", "workspace_id": 1,
    }})  # fmt: skip

    assert changed.status_code == 200
    got = api.get(f"/tunes/{made['id']}").json()
    assert got == changed.json()
    assert (got["title"], got["name"], got["characteristics"]) == ("other", "girl", {"hair": "red"})
    assert (got["auto_extend"], got["cost_mc"], got["trained_at"]) == (True, made["cost_mc"], None)


def test_the_houses_tunes_are_nobodys_to_change(api):
    assert api.send("patch", f"/tunes/{FLUX}", json={"tune": {"title": "mine"}}).status_code == 404
    assert api.delete(f"/tunes/{FLUX}").status_code == 404


def test_deleting_one_in_training_gives_its_price_and_its_prompts_back(api, create, alice, run_jobs):
    before = ledger.balance_mc(alice.personal_workspace.pk)
    made = create(**{"prompts_attributes][0][text": "ohwx woman"}).json()

    assert api.delete(f"/tunes/{made['id']}").status_code == 204
    run_jobs()

    assert api.get(f"/tunes/{made['id']}").status_code == 404
    assert Prompt.objects.get().status == "cancelled"
    assert ledger.balance_mc(alice.personal_workspace.pk) == before
    assert books.faults() == []


def _coded(picture):
    return base64.b64encode(picture).decode()


# --- hostile files --------------------------------------------------------------------------------------------------


def _zip():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../escape.jpg", b"\0" * 50_000_000)
    return file.getvalue()


def _tar():
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        link = tarfile.TarInfo("link.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return file.getvalue()


def _bomb():
    """A PNG of 60,000 × 60,000 black pixels."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1_000_000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


HOSTILE = {
    "a zip that climbs and swells": _zip(),
    "a tar with a link": _tar(),
    "a decompression bomb": _bomb(),
    "a PDF": b"%PDF-1.7\n" + b"x" * 2_000,
    "an SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "an EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "a playlist": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    "a pickle": b"\x80\x04cos\nsystem\n(S'id'\ntR.",
    "HTML behind a JPEG's first bytes": b"\xff\xd8\xff\xe0<html><script>alert(1)</script>",
    "nothing": b"",
}


@pytest.mark.once
@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_picture_is_refused_whatever_it_calls_itself(api, picture, content):
    form = tune_fields(picture, pictures=1)
    form["tune[images][]"].append(upload(content, "photo.jpg"))

    with nothing_moves():
        answer = api.post("/tunes", form)

    assert answer.status_code == 422
    assert answer.json()["images"][0].endswith("(image 2)")


@pytest.mark.parametrize("content", [b"\xff\xfe\xfa", b"a\x00b", b"x" * 10_001], ids=["no UTF-8", "a null", "too long"])
def test_a_caption_that_is_no_text_is_refused(api, picture, content):
    form = tune_fields(picture, pictures=1)
    form["tune[images][]"].append(upload(content, "0.txt"))

    with nothing_moves():
        assert list(api.post("/tunes", form).json()) == ["images"]


def test_prompts_need_not_have_the_same_fields(api, picture):
    """Rails' own way: a name that the last object has already starts the next one."""
    hook = "https://example.com/hook"
    pairs = [(f"tune[{name}]", value) for name, value in (("title", "x"), ("name", "cat"), ("branch", "fast"))]
    pairs += [("tune[image_urls][]", f"data:image/jpeg;base64,{_coded(picture)}")]
    prompts = (("text", "one"), ("callback", hook), ("text", "two"))
    pairs += [(f"tune[prompts_attributes][][{name}]", value) for name, value in prompts]

    made = api.post("/tunes", form=urlencode(pairs)).json()

    assert [(prompt["text"], prompt["callback"]) for prompt in made["prompts"]] == [("one", hook), ("two", None)]
