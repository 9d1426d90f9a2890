"""Broken requests: always 4xx in Astria's form, never a 5xx, and nothing is done."""

from __future__ import annotations

import io
import json

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from common.errors import Busy
from dialects.astria import errors
from dialects.astria.schema import FIELDS
from media import intake
from tests.astria.http import FLUX_PROMPTS, nothing_moves, upload


def sent(api, body: bytes, content_type: str):
    headers = {"Authorization": f"Bearer {api.key}"}
    return api.client.generic("POST", FLUX_PROMPTS, body, content_type=content_type, headers=headers)


# --- transport ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("put", "/prompts"),
        ("delete", "/prompts"),
        ("put", "/prompts/1"),
        ("post", "/prompts/1"),
        ("put", "/tunes"),
        ("get", "/prompts/quote"),
    ],
)
def test_a_method_that_a_path_does_not_answer_to(api, method, path):
    answer = api.send(method, path)

    assert answer.status_code == 405
    assert answer.json() == {
        "status": 405,
        "error": "Method Not Allowed",
        "message": "This path does not answer to that method.",
    }
    assert "GET" in answer["Allow"] or "POST" in answer["Allow"]


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "image/png", "application/jsonp", "nonsense"]
)
def test_a_content_type_that_nobody_reads(api, content_type):
    with nothing_moves():
        answer = sent(api, b"prompt", content_type)

    assert (answer.status_code, answer.json()["status"]) == (415, 415)
    assert answer.json()["message"] == "Send JSON, a form, or multipart/form-data."


def test_json_may_begin_with_a_byte_order_mark(api):
    answer = sent(api, b'\xef\xbb\xbf{"prompt": {"text": "a fox"}}', "application/json")

    assert (answer.status_code, answer.json()["text"]) == (201, "a fox")


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'{"a": NaN}', b"[" * 200_000, b'{"prompt": {"text": "a"},}'])
def test_json_that_is_none(api, body):
    with nothing_moves():
        answer = sent(api, body, "application/json")

    assert answer.status_code == 400
    assert answer.json() == {
        "status": 400,
        "error": "The body is not valid JSON.",
        "message": "The body is not valid JSON.",
    }


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"[]", {"base": ["has to be a JSON object"]}),
        (b"null", {"base": ["has to be a JSON object"]}),
        (b'{"prompt": []}', {"prompt": ["has to be an object"]}),
        (b'{"prompt": "a fox"}', {"prompt": ["has to be an object"]}),
        (b'{"prompt": ' * 40 + b"{}" + b"}" * 40, {"base": ["is nested too deeply"]}),
    ],
)
def test_json_of_another_shape(api, body, said):
    with nothing_moves():
        answer = sent(api, body, "application/json")

    assert (answer.status_code, answer.json()) == (422, said)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no boundary at all",
        f"--{BOUNDARY}\r\n".encode(),
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=\r\n\r\n".encode(),
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n'
        f"--{BOUNDARY}--\r\n".encode(),
    ],
)
def test_multipart_that_ends_too_soon(api, body):
    with nothing_moves():
        answer = sent(api, body, MULTIPART_CONTENT)

    assert answer.status_code in (400, 422)
    assert answer.json()


@pytest.mark.parametrize(
    ("content_type", "whole"),
    [
        (MULTIPART_CONTENT, encode_multipart(BOUNDARY, {"prompt[seed]": "1", "prompt[text]": "a fox in the snow"})),
        ("application/x-www-form-urlencoded", b"prompt[text]=a fox in the snow"),
        ("application/json", b'{"prompt": {"text": "a fox in the snow"}}'),
        ("application/json", b'{"prompt": {"text": "a fox in the snow"}}' + 25 * b" "),  # what came is whole by chance
    ],
    ids=["multipart", "form", "json", "json and blanks"],
)
@pytest.mark.parametrize("missing", [1, 10, 25])
def test_a_request_that_was_cut_off_is_no_request(api, content_type, whole, missing):
    cut = {"wsgi.input": io.BytesIO(whole[:-missing]), "CONTENT_LENGTH": str(len(whole))}

    with nothing_moves():
        answer = api.client.generic(
            "POST", FLUX_PROMPTS, b"x", content_type, headers={"Authorization": f"Bearer {api.key}"}, **cut
        )

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (MULTIPART_CONTENT, encode_multipart(BOUNDARY, {"prompt[text]": "a fox"})),
        ("application/x-www-form-urlencoded", b"prompt[text]=a fox"),
        ("application/json", b'{"prompt": {"text": "a fox"}}'),
    ],
    ids=["multipart", "form", "json"],
)
@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "order-77"}], ids=["", "with a key"])
def test_a_body_in_chunks_is_read_to_its_end(api, content_type, body, key):
    answer = in_chunks(api, body, content_type, key)

    assert (answer.status_code, answer.json()["text"]) == (201, "a fox")


def test_a_body_in_chunks_has_the_same_limit(api, settings):
    settings.REQUEST_BYTES_MAX = 1_000

    with nothing_moves():
        assert in_chunks(api, b"x" * 1_001, "application/json").status_code == 413


def in_chunks(api, body, content_type, more=None):
    """As a server hands it over: without a length, and readable to its end."""
    headers = {"Authorization": f"Bearer {api.key}", "Transfer-Encoding": "chunked"} | (more or {})
    body = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": ""}
    return api.client.generic("POST", FLUX_PROMPTS, b"x", content_type, headers=headers, **body)


def test_json_that_was_sent_as_a_form_is_told_so(api):
    with nothing_moves():
        answer = sent(api, b'{"prompt":{"text":"a fox"}}', "application/x-www-form-urlencoded")

    assert answer.status_code == 422
    assert answer.json() == {"base": ["looks like JSON; send it with Content-Type: application/json"]}


def test_multipart_without_a_boundary(api):
    assert sent(api, b"x", "multipart/form-data").status_code == 400


def test_an_empty_request_hears_what_is_missing(api):
    for content_type in ("application/json", "application/x-www-form-urlencoded", MULTIPART_CONTENT):
        answer = sent(api, b"", content_type)
        assert answer.status_code in (400, 422)


# --- too much -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded"])
def test_a_body_beyond_the_limit(api, settings, content_type):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000

    with nothing_moves():
        answer = sent(api, b"x" * 1_001, content_type)

    assert (answer.status_code, answer.json()["error"]) == (413, "The request is too large.")


def test_a_multipart_text_beyond_the_limit(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000

    with nothing_moves():
        assert api.create(text="x" * 1_001).status_code == 413


def test_a_request_is_refused_by_its_own_account_of_its_size(api, settings):
    settings.REQUEST_BYTES_MAX = 1_000

    with nothing_moves():
        answer = api.create(text="a fox", input_image=upload(b"x" * 1_000))

    assert answer.status_code == 413


def test_too_many_fields_and_too_many_files(api, settings):
    fields = {f"prompt[x{number}]": "y" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    files = {f"file{number}": upload(b"x") for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)}

    assert [api.post(FLUX_PROMPTS, body).status_code for body in (fields, files)] == [400, 400]


def test_a_name_that_goes_too_deep_and_one_in_two_shapes(api):
    assert api.post(FLUX_PROMPTS, {"prompt" + "[a]" * 20: "x"}).json() == {"prompt": ["is nested too deeply"]}
    assert api.post(FLUX_PROMPTS, {"prompt[text]": "x", "prompt[text][a]": "y"}).status_code == 422


# --- values that are none, for every field that there is ------------------------------------------------------------

WRONG = {
    "text": [{"a": 1}, ["a"], True, "a\x00b", "\ud800"],
    "quoted": [{"a": 1}, ["a"], True, "a\x00b", "\ud800"],
    "url": [{"a": 1}, ["a"], True, "a\x00b", "\ud800", "gopher://a", "http://[", "x" * 5_000],
    "integer": ["x", "1.5", 1.5, True, {}, [], [1], 2**63, -(2**63), "9" * 30, "1e3", "\x00", "\ud800", 1e308],
    "number": ["x", True, {}, [], [1], "1e999", "9" * 60, "nan", "inf", "\x00", 2**70],
    "boolean": ["maybe", 2, 1.0, {}, [], ["true"], "\x00", "\ud800"],
    "picture": [5, True, {}, {"a": 1}, ["a"], "no address", "file:///etc/passwd", "http://[", "\x00", "\ud800",
                "data:image/png;base64,!!!", "data:image/png;base64,aGVsbG8=", "x" * 5_000],
    "video": [5, True, {}, ["a"], "no address", "file:///etc/passwd", "\ud800", "data:video/mp4;base64,aGVsbG8="],
    "pictures": [5, True, {"a": 1}, [5], [{}], [["a"]], ["no address"], ["\ud800"], ["x"] * 10, ["x"] * 101],
}  # fmt: skip
CLIP = {"text": "a garden", "video_model": "seedance2_480p", "video_prompt": "pan left"}
DANCE = {
    "text": "a man",
    "video_model": "dreamactor_m2",
    "video_prompt": "dance",
    "input_video_url": "http://127.0.0.1/",
}
FIELD_NAMES = [field.name for field in FIELDS]
FILE_NAMES = [field.name for field in FIELDS if field.is_file]
KIND = {field.name: field.kind for field in FIELDS}
# What JSON can spell and Python's own writer refuses to.
BEYOND = b'{"prompt": {"text": "a fox", "%s": 1e400}}'


def _escaped(fields) -> bytes:
    return json.dumps({"prompt": fields}, ensure_ascii=True).encode()


@pytest.mark.parametrize("name", FIELD_NAMES)
def test_a_wrong_value_is_refused_under_its_field(api, name):
    for value in WRONG[KIND[name]]:
        fields = (DANCE if name == "input_video" else CLIP) | {name: value}

        with nothing_moves():
            answer = sent(api, _escaped(fields), "application/json")

        assert answer.status_code == 422, (value, answer.content)
        assert name in answer.json()
        assert all(isinstance(each, list) and each for each in answer.json().values())


@pytest.mark.parametrize("name", [name for name in FIELD_NAMES if KIND[name] in ("integer", "number")])
def test_a_number_beyond_all_numbers_is_refused(api, name):
    with nothing_moves():
        answer = sent(api, BEYOND % name.encode(), "application/json")

    assert (answer.status_code, list(answer.json())) == (422, [name])


@pytest.mark.parametrize("name", [name for name in FILE_NAMES if name != "image_references"])
@pytest.mark.parametrize("end", ["_url", "_base64"])
def test_a_wrong_address_or_coding_is_refused_under_the_file(api, name, end):
    for value in [5, True, {"a": 1}, ["a"], "\x00", "\ud800", "€", "http://", "   "]:
        fields = (DANCE if name == "input_video" else CLIP) | {f"{name}{end}": value}

        with nothing_moves():
            answer = sent(api, _escaped(fields), "application/json")

        assert answer.status_code == 422, (value, answer.content)
        assert name in answer.json()


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("num_images", 0, "must be between 1 and 8"),
        ("num_images", 9, "must be between 1 and 8"),
        ("seed", -1, "must be between 0 and 4294967296"),
        ("seed", 2**32 + 1, "must be between 0 and 4294967296"),
        ("steps", 51, "must be between 0 and 50"),
        ("cfg_scale", 15.1, "must be between 0 and 15"),
        ("denoising_strength", 1.1, "must be between 0 and 1"),
        ("controlnet_conditioning_scale", -0.1, "must be between 0 and 1"),
        ("w", 1023, "must be a multiple of 8"),
        ("h", 32, "must be between 64 and 4096"),
        ("w", 4104, "must be between 64 and 4096"),
        ("ar", "7:5", "must be one of 1:1, 16:9, 9:16, 21:9, 9:21, 3:2, 2:3, 5:4, 4:5, 4:3, 3:4, portrait, landscape, anamorphic"),
        ("aspect_ratio", "portrait", "must be one of 1:1, 16:9, 9:16, 21:9, 9:21, 3:2, 2:3, 5:4, 4:5, 4:3, 3:4"),
        ("resolution", "8K", "must be one of 1K, 2K, 4K"),
        ("color_grading", "Sepia", "must be one of Film Velvia, Film Portra, Ektar"),
        ("theme", "x" * 201, "is too long (at most 200 characters)"),
        ("text", "x" * 10_001, "is too long (at most 10000 characters)"),
        ("text", "  \n ", "can't be blank"),
        ("negative_prompt", "x" * 10_001, "is too long (at most 10000 characters)"),
        ("mask_image", "data:image/png;base64,aGVsbG8=", "needs an input_image"),
    ],
)  # fmt: skip
def test_a_value_out_of_range_is_told_the_range(api, name, value, message):
    with nothing_moves():
        answer = api.post("/tunes/690204/prompts", json={"prompt": {"text": "a fox", name: value}})

    assert (answer.status_code, answer.json()) == (422, {name: [message]})


@pytest.mark.parametrize("value", ["1e10", 1e300, 2**62])
def test_numbers_beyond_every_column_are_refused_not_stored(api, value):
    with nothing_moves():
        assert api.post(FLUX_PROMPTS, json={"prompt": {"text": "a", "backend_version": value}}).status_code == 422


# --- Flux says no in words that clients match on --------------------------------------------------------------------


@pytest.mark.parametrize("scale", [5, 7.5, 15])
def test_flux_takes_no_high_cfg_scale(api, scale):
    answer = api.post(FLUX_PROMPTS, json={"prompt": {"text": "a fox", "cfg_scale": scale}})

    assert (answer.status_code, answer.json()) == (422, {"cfg_scale": ["must be less than 5 for Flux"]})
    assert api.post("/tunes/690204/prompts", json={"prompt": {"text": "a fox", "cfg_scale": scale}}).status_code == 201


def test_flux_takes_no_negative_prompt(api):
    answer = api.create(text="a fox", negative_prompt="blurry")

    assert (answer.status_code, answer.json()) == (422, {"negative_prompt": ["is not supported by Flux"]})
    assert api.create(path="/tunes/690204/prompts", text="a fox", negative_prompt="blurry").status_code == 201


# --- when it is us --------------------------------------------------------------------------------------------------


def test_a_busy_server_says_when_to_come_back():
    answer = errors.response(Busy("The server is busy; try again in a moment.", retry_after=3))

    assert (answer.status_code, answer["Retry-After"]) == (503, "3")
    assert json.loads(answer.content) == {
        "status": 503,
        "error": "Service Unavailable",
        "message": "The server is busy; try again in a moment.",
    }


def test_all_places_for_files_taken_is_503_and_charges_nothing(api, picture, settings):
    places = intake._places(max(1, settings.WEB_THREADS // 2))
    taken = [places.acquire(blocking=False) for _ in range(max(1, settings.WEB_THREADS // 2))]
    try:
        with nothing_moves():
            answer = api.create(text="a fox", input_image=upload(picture))
    finally:
        for _ in taken:
            places.release()

    assert (answer.status_code, answer["Retry-After"]) == (503, "3")
    assert api.create(text="a fox", input_image=upload(picture)).status_code == 201


@pytest.mark.usefixtures("server")
def test_a_page_of_any_origin_may_call_with_a_key():
    asked = Client().options("/users", headers={"Origin": "https://localhost:4443"})
    answered = Client().get("/users", headers={"Origin": "https://localhost:4443"})

    assert asked.status_code == 204
    assert "authorization" in asked["Access-Control-Allow-Headers"]
    assert (answered.status_code, answered["Access-Control-Allow-Origin"]) == (401, "*")
    assert "Access-Control-Allow-Credentials" not in answered
