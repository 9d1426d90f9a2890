"""What `/openapi.json` says of answers, to the innermost field: every one that comes is described there."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.utils import timezone
from jsonschema import Draft202012Validator

from catalogue import offers
from catalogue.models import ImageModel
from dialects.astria.openapi import document
from tests.astria.http import FLUX, upload
from tunes import inspections

OUTFITS, HEADSHOTS = "outfits", "corporate-headshots"


@pytest.fixture
def check(server):
    """`check(name, answer)`: the answer fits the schema, which leaves no room for fields that it doesn't name."""
    components = closed(document(origin="http://testserver", now=timezone.now())["components"])

    def fits(name: str, answer: Any) -> None:
        schema = {"$ref": f"#/components/schemas/{name}", "components": components}
        Draft202012Validator(schema).validate(answer)

    return fits


def closed(node: Any) -> Any:
    """The schemas with `additionalProperties: false` on every object whose properties are told, or should be."""
    node = copy.copy(node)
    if isinstance(node, list):
        return [closed(each) for each in node]
    if not isinstance(node, dict):
        return node
    node = {name: closed(each) for name, each in node.items()}
    return {"additionalProperties": False} | node if node.get("type") == "object" else node


@pytest.mark.parametrize(
    ("path", "name"),
    [("/cli/models", "CliCatalog"), ("/plugin/models", "PluginCatalog"), ("/plugin/tunes", "PluginCatalog")],
)
def test_catalogs(api, check, path, name):
    check(name, api.get(path).json())


def test_an_inspection_with_the_texts_that_are_always_empty(api, check, picture):
    answer = api.post("/images/inspect", {"file": upload(picture, "a.jpg")}).json()

    check("Inspected", answer)
    assert {answer[name] for name in inspections.UNKNOWN} == {""}


def test_other_looks_at_pictures(api, check, picture):
    check("Described", api.post("/images/describe", {"file": upload(picture, "a.jpg")}).json())
    check("Classified", api.post("/images/class_name", {"file": upload(picture, "a.jpg")}).json())


def test_packs(api, check):
    for pack in api.get("/gallery/packs").json():
        check("Pack", pack)
    for name in (HEADSHOTS, OUTFITS):
        check("PackDetail", api.get(f"/p/{name}").json())


def test_a_pack_whose_templates_can_not_be_had(api, check):
    ImageModel.objects.update(enabled=False)
    offers.forget()

    check("PackDetail", api.get(f"/p/{HEADSHOTS}").json())


def test_accounts_and_what_is_theirs(api, check):
    made = api.post("/workspaces", json={"workspace": {"title": "Studio"}}).json()

    check("Workspace", made)
    check("User", api.get("/users").json())
    for member in api.get(f"/workspaces/{made['id']}/members").json():
        check("Member", member)


def test_tunes_and_quotes(api, check):
    for tune in api.get("/gallery/tunes").json():
        check("Tune", tune)
    check("Quote", api.post("/prompts/quote", json={"prompt": {"text": "a fox", "tune_id": 1504944}}).json())


def test_every_list_says_where_its_offset_ends_and_ends_there(api):
    told = document(origin="http://testserver", now=timezone.now())
    ends = {}
    for path, item in told["paths"].items():
        for parameter in item.get("get", {}).get("parameters", ()):
            if parameter.get("name") == "offset":
                ends[path] = parameter["schema"]["maximum"]

    assert ends == {
        "/prompts": 10_000, "/tunes/{tune_id}/prompts": 10_000, "/tunes": 200, "/gallery": 1_000,
        "/gallery/tunes": 1_000, "/packs": 1_000, "/gallery/packs": 1_000, "/callbacks": 1_000,
    }  # fmt: skip
    for path, end in ends.items():
        refusal = told["paths"][path]["get"]["responses"]["400"]
        assert refusal["description"] == f"`offset` ends at {end:,} here; page on with `before_id`."
        where = path.format(tune_id=FLUX)
        assert api.get(where, offset=end).status_code == 200
        assert api.get(where, offset=end + 1).status_code == 400
