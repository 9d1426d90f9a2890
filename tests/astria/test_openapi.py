"""`/openapi.json` says what the code does: every route, field, limit, answer and example is held against it."""

import json
import os
import re
import subprocess
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from accounts import keys
from catalogue import offers
from catalogue.models import VideoModel
from dialects.astria import urls
from dialects.astria.openapi import document, examples, refusals
from dialects.astria.openapi.samples import curl, javascript, python
from dialects.astria.schema import FIELDS
from prompts import lifecycle
from prompts.models import Prompt
from tests.media import files

METHODS = {"get", "post", "put", "patch", "delete"}
CREATE = "/tunes/{tune_id}/prompts"


@pytest.fixture
def described(db):
    return document(origin="http://testserver", now=timezone.now())


@pytest.fixture
def key(alice, rich):
    rich(alice, 1_000_000_000)
    return keys.issue(user=alice, workspace=alice.personal_workspace, name="test")[1]


@pytest.fixture
def api(client, key):
    """`api("post", path, …)`: a call with Alice's key."""

    def call(method, path, data=None, **more):
        return getattr(client, method)(path, data, headers={"Authorization": f"Bearer {key}"}, **more)

    return call


def post_json(api, path, prompt):
    return api("post", path, json.dumps({"prompt": prompt}), content_type="application/json")


def operations(described):
    return {
        (method, path): operation
        for path, item in described["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def schema(described, name):
    """The named schema, with the document behind its references."""
    return {"$ref": f"#/components/schemas/{name}", "components": described["components"]}


def check(described, name, value):
    Draft202012Validator(schema(described, name)).validate(value)


def served():
    """(method, path) of every route of the dialect, the service's own two beside them."""
    found = {("get", "/healthz"), ("get", "/readyz"), ("get", "/openapi.json")}
    for route in urls.urlpatterns:
        view = getattr(route.callback, "view_class", None) or getattr(route.callback, "cls", None)
        if view is None:
            continue
        path = route.pattern.regex.pattern.removeprefix("^").removesuffix(r"(?:\.json)?/?$")
        path = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", path)
        found |= {(method, f"/{path}") for method in METHODS if hasattr(view, method)}
    return found


def test_it_is_valid_openapi_3_1(described):
    validate(described)

    assert described["openapi"] == "3.1.0"
    assert described["servers"] == [{"url": "http://testserver"}]


def test_it_holds_every_route_and_nothing_else(described):
    assert set(operations(described)) == served()


def test_every_operation_has_a_name_of_its_own_and_a_call_to_copy(described):
    all_ = operations(described).values()

    assert len({operation["operationId"] for operation in all_}) == len(all_)
    assert all(
        [sample["label"] for sample in each["x-codeSamples"]] == ["curl", "Python", "JavaScript"] for each in all_
    )


def test_every_field_of_the_schema_is_in_it_in_all_three_encodings(described):
    schemas = described["components"]["schemas"]
    names = {name for field in FIELDS for name in (field.name, *field.aliases)}

    assert names <= set(schemas["PromptFields"]["properties"])
    for encoding in ("PromptForm", "PromptMultipart"):
        spelled = {f"prompt[{name}]" + ("[]" if name == "image_references" else "") for name in names}
        assert spelled <= set(schemas[encoding]["properties"])


def test_files_come_as_files_urls_or_base64(described):
    fields = described["components"]["schemas"]["PromptMultipart"]["properties"]

    assert fields["prompt[input_image]"]["contentMediaType"] == "application/octet-stream"
    assert fields["prompt[input_image_url]"]["format"] == "uri"
    assert fields["prompt[input_image_base64]"]["contentEncoding"] == "base64"
    assert fields["prompt[source_image_url]"]["format"] == "uri"
    assert fields["prompt[image_reference_urls][]"]["maxItems"] == 9
    assert "prompt[source_image_base64]" not in fields


def test_its_models_are_what_is_on_offer_now(described):
    now = timezone.now()
    rows = {row["name"]: row for row in described["x-models"]}

    assert list(rows) == [offer.name for offer in offers.all(now=now)]
    assert described["components"]["schemas"]["PromptFields"]["properties"]["video_model"]["enum"] == [
        offer.name for offer in offers.videos(now=now)
    ]
    assert rows["seedance_v15_720p"] == {
        "name": "seedance_v15_720p",
        "title": "Seedance 1.5 720p",
        "kind": "video",
        "base_cost_mc": 14_000,
        "base_cost_cents": 14,
        "engine": "motion",
        "preview_engine": True,
        "base_seconds": 5,
        "durations": list(range(4, 13)),
        "default_duration": 5,
        "resolution": "720p",
        "fps": 24,
        "audio": "none",
        "takes": ["video_first_frame", "video_last_frame"],
        "requires": [],
    }
    assert rows["kling30_motion_control_pro"]["requires"] == ["input_video"]
    assert rows["flux1"]["tune_id"] == 1504944
    assert rows["flux1"]["base_cost_cents"] == 2.875


def test_its_trainings_are_what_is_on_offer_now(described):
    lora, pti, checkpoint, faceid = described["x-trainings"]

    assert lora == {
        "model_type": "lora",
        "title": "LoRA training",
        "steps_min": 300,
        "steps_max": 5000,
        "step_cost_mc": 500,
        "least_cost_mc": 150_000,
        "engine": "motion",
        "preview_engine": True,
    }
    assert [row["model_type"] for row in (pti, checkpoint, faceid)] == ["pti", None, "faceid"]
    assert faceid["least_cost_mc"] == 0


def test_a_paused_model_is_not_in_it(described):
    VideoModel.objects.filter(name="kling25").update(enabled=False)
    offers.forget()

    after = document(origin="http://testserver", now=timezone.now())

    assert "kling25" in {row["name"] for row in described["x-models"]}
    assert "kling25" not in {row["name"] for row in after["x-models"]}


def test_a_new_prompt_is_as_its_schema_says_with_every_property(api, described):
    answer = post_json(api, "/tunes/1504944/prompts", examples.CLIP.call.fields)

    assert answer.status_code == 201
    check(described, "Prompt", answer.json())
    assert set(answer.json()) == set(described["components"]["schemas"]["Prompt"]["properties"])


def test_an_ended_prompt_has_every_property_but_the_one_of_running_prompts(api, described):
    id_ = post_json(api, "/tunes/1504944/prompts", examples.CLIP.call.fields).json()["id"]
    lifecycle.fail(prompt_id=id_, code="engine_error", message="It did not work.", now=timezone.now())

    ended = api("get", f"/prompts/{id_}").json()

    check(described, "Prompt", ended)
    assert set(ended) == set(described["components"]["schemas"]["Prompt"]["required"])


def test_a_tune_is_as_its_schema_says_with_every_property(api, described):
    for id_ in (1504944, 1533312, 123):
        tune = api("get", f"/tunes/{id_}").json()

        check(described, "Tune", tune)
        every = described["components"]["schemas"]["Tune"]["properties"]
        assert sorted(tune) == sorted(set(every) - {"prompts"})


def test_a_quote_is_as_its_schema_says_with_every_property(api, described):
    quote = post_json(api, "/tunes/1504944/prompts/quote", examples.CLIP.call.fields | {"video_duration": 12}).json()

    check(described, "Quote", quote)
    assert list(quote) == list(described["components"]["schemas"]["Quote"]["properties"])
    assert quote["cost_mc"] == 33_600


def test_lists_answer_arrays_of_the_same_objects(api, described):
    post_json(api, "/tunes/1504944/prompts", examples.CLIP.call.fields)

    for path in ("/prompts", "/tunes/1504944/prompts"):
        [prompt] = api("get", path).json()
        check(described, "Prompt", prompt)


def test_health_answers_are_as_their_schemas_say(client, described):
    check(described, "Health", client.get("/healthz").json())
    check(described, "Readiness", client.get("/readyz").json())


@pytest.mark.parametrize(
    ("name", "send"),
    [
        ("Malformed", lambda api: api("post", "/prompts", b"--", content_type="multipart/form-data")),
        ("TooDeep", lambda api: api("get", "/prompts?offset=10001")),
        ("NotFound", lambda api: api("get", "/prompts/999")),
        ("MethodNotAllowed", lambda api: api("put", "/prompts")),
        ("UnknownEncoding", lambda api: api("post", "/prompts", b"<a/>", content_type="text/xml")),
        ("InvalidCreate", lambda api: post_json(api, "/tunes/1504944/prompts", {"video_model": "kling25"})),
        ("InvalidQuote", lambda api: post_json(api, "/tunes/1504944/prompts/quote", {"text": ""})),
        ("InvalidQuery", lambda api: api("get", "/prompts?limit=many")),
    ],
)
def test_a_refusal_has_the_status_and_the_body_that_the_document_gives_it(api, described, name, send):
    answer = send(api)

    told = described["components"]["responses"][name]
    assert answer.status_code == refusals.status_of(name)
    Draft202012Validator(
        told["content"]["application/json"]["schema"] | {"components": described["components"]}
    ).validate(answer.json())


def test_a_missing_key_is_answered_word_for_word_as_the_document_says(client, described):
    answer = client.get("/prompts")

    told = described["components"]["responses"]["Unauthenticated"]
    assert answer.status_code == 401
    assert answer.content.decode() == told["content"]["text/plain"]["example"] == "HTTP Token: Access denied.\n"
    assert answer["WWW-Authenticate"] == told["headers"]["WWW-Authenticate"]["example"]


def test_every_refusal_is_listed_under_its_own_status(described):
    for operation in operations(described).values():
        for status, response in operation["responses"].items():
            if "$ref" in response:
                assert refusals.status_of(response["$ref"].rpartition("/")[2]) == int(status)


@pytest.mark.parametrize("call", [each.call for each in (*examples.CREATES, examples.ONCE)])
def test_every_example_is_accepted_as_it_stands(api, tmp_path, call):
    given = {f"prompt[{name}]": str(value) for name, value in call.fields.items()}
    for name, file in call.files.items():
        given[f"prompt[{name}]"] = SimpleUploadedFile(file, made(tmp_path / file).read_bytes())

    answer = api("post", call.path, given)

    assert answer.status_code == 201, answer.content


def test_the_flat_example_is_accepted_as_it_stands(api):
    assert post_json(api, "/prompts", examples.FLAT.call.fields).status_code == 201


def test_examples_are_what_the_schema_of_their_encoding_describes(described):
    for path in (CREATE, "/prompts", f"{CREATE}/quote", "/prompts/quote"):
        content = described["paths"][path]["post"]["requestBody"]["content"]
        for media_type, body in content.items():
            checker = Draft202012Validator(body["schema"] | {"components": described["components"]})
            assert body["examples"], media_type
            for example in body["examples"].values():
                checker.validate(example["value"])


@pytest.mark.django_db(transaction=True)
def test_the_samples_run_in_a_shell_in_python_and_in_node(live_server, key, tmp_path):
    made(tmp_path / "reference.mp4")
    call = next(each.call for each in examples.CREATES if each.name == "motion_control")
    env = {**os.environ, "BASE_URL": live_server.url, "API_KEY": key}

    def run(*command):
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60, check=True)
        return done.stdout

    (tmp_path / "sample.py").write_text(python(call))

    assert '"video_model": "kling30_motion_control_pro"' in run("sh", "-c", curl(call) + " -s")
    assert run(sys.executable, "sample.py").startswith("201 ")
    assert Prompt.objects.filter(video_model="kling30_motion_control_pro", cost_mc=370_000).count() == 2


def test_javascript_sends_the_same_json_as_python():
    call = examples.CLIP.call

    body = javascript(call).partition("JSON.stringify(")[2]

    for name, value in call.fields.items():
        assert f"      {name}: {json.dumps(value)},\n" in body
        assert f'            "{name}": {json.dumps(value)},\n' in python(call)


def test_a_copy_in_hand_is_confirmed_without_sending_it_again(client, db):
    first = client.get("/openapi.json")

    again = client.get("/openapi.json", headers={"If-None-Match": first["ETag"]})

    assert first.status_code == 200
    assert first["Content-Type"] == "application/json"
    assert first["Cache-Control"] == "public, no-cache"
    assert (again.status_code, again.content) == (304, b"")


def test_any_web_page_may_read_it(client, db):
    first = client.get("/openapi.json")
    again = client.get("/openapi.json", headers={"If-None-Match": first["ETag"]})

    assert [answer["Access-Control-Allow-Origin"] for answer in (first, again)] == ["*", "*"]


def test_its_server_is_the_host_that_was_asked(client, db, settings):
    settings.ALLOWED_HOSTS = ["api.example.com"]

    told = client.get("/openapi.json", headers={"Host": "api.example.com"}).json()

    assert told["servers"] == [{"url": "http://api.example.com"}]


def test_it_is_only_read(client):
    assert client.post("/openapi.json").status_code == 405


def made(path):
    """A small real file under this name."""
    if path.suffix == ".mp4":
        return files.clip(path, size=(320, 192))
    files.corners(320, 192).save(path)
    return path
