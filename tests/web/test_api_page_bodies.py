"""What `/docs/api` says of bodies and answers: each operation's own fields, each object's own properties."""

import re

import pytest
from django.utils import timezone

from dialects.astria.openapi import document
from web.docs import entries, reference


@pytest.fixture
def html(client, db):
    return client.get("/docs/api").content.decode()


@pytest.fixture
def told(db):
    return document(origin="http://testserver", now=timezone.now())


def body_of(html, id_):
    """The part of an operation's section that speaks of its body, and the names that it lists."""
    section = html.partition(f'<section class="operation pair" id="{id_}"')[2].partition("</section>")[0]
    part = section.partition("<h4>Body")[2].partition("<h4>Answers</h4>")[0]
    return part, re.findall(r"<dt><code>(\w+)</code>", part)


# --- bodies ---------------------------------------------------------------------------------------------------------


def test_every_operation_that_takes_a_body_says_what_is_in_it(html, told):
    for item in told["paths"].values():
        for operation in item.values():
            part, names = body_of(html, operation["operationId"])
            assert ("requestBody" in operation) == bool(names or "<a href" in part), operation["operationId"]


@pytest.mark.parametrize(
    ("id_", "under", "names"),
    [
        (
            "createTune", "tune",
            [
                "title", "name", "branch", "base_tune_id", "model_type", "preset", "steps", "token", "face_crop",
                "training_face_correct", "auto_extend", "callback", "prompts_callback", "base_pack_id", "image_urls",
                "image_captions", "characteristics", "prompts_attributes", "images",
            ],
        ),
        ("changeTune", "tune", ["title", "name", "auto_extend", "characteristics"]),
        (
            "changeTunePrompt", "prompt",
            ["pack_id", "base_pack_id", "orig_prompt_id", "order_id", "workspace_id", "community"],
        ),
        (
            "createPack", "pack",
            ["title", "subtitle", "slug", "model_type", "token", "preset", "base_tune_id", "public", "unlisted"],
        ),
        ("runPack", "tune", ["tune_ids", "prompt_ids", "prompt_attributes"]),
        ("changeUser", "user", ["name", "auto_extend_tunes", "collapse_duplicates"]),
        (
            "createWorkspace", "workspace",
            ["title", "slug", "brief", "landing_page_html", "favicon_url", "payer_id", "public", "unlisted"],
        ),
        ("addMember", "member", ["email", "role"]),
        ("openUpload", "blob", ["filename", "byte_size", "checksum", "content_type"]),
        ("createTheme", "theme", ["theme"]),
        ("inspectImage", "", ["name", "file", "file_url"]),
        ("inspectVideo", "", ["file", "file_url", "blob_signed_id"]),
    ],
)  # fmt: skip
def test_the_fields_of_a_body_and_the_name_that_they_stand_under(html, id_, under, names):
    part, listed = body_of(html, id_)

    assert listed == names
    assert re.findall(r"Under <code>(\w+)</code>", part) == ([under] if under else [])


@pytest.mark.parametrize(
    ("id_", "words"),
    [
        ("quoteTune", 'Under <code>tune</code>, those of <a href="#createTune">Create a tune, and train it</a>.'),
        ("changePack", 'Under <code>pack</code>, those of <a href="#createPack">Create a pack</a>.'),
        ("describeImage", 'Those of <a href="#inspectImage">Inspect a training photo</a>.'),
        (
            "runPack",
            'Under <code>tune</code>, those of <a href="#createTune">Create a tune, and train it</a>, without <code>base_pack_id</code>, <code>prompts_attributes</code>, and:',
        ),
    ],
)
def test_fields_that_were_told_before_are_pointed_at(html, id_, words):
    assert words in body_of(html, id_)[0]


def test_the_body_of_a_prompt_is_a_link_and_names_the_tune_only_where_it_has_to(html):
    flat = (
        'The <a href="#fields">fields of a prompt</a> under <code>prompt</code>, with <code>tune_id</code> among them.'
    )

    for id_ in ("createPrompt", "quotePrompt"):
        assert flat in body_of(html, id_)[0]
    for id_ in ("createTunePrompt", "quoteTunePrompt", "duplicatePrompt", "duplicateTunePrompt"):
        assert "tune_id" not in body_of(html, id_)[0]
        assert 'The <a href="#fields">fields of a prompt</a> under' in body_of(html, id_)[0]
    assert "<h4>Body, may be left out</h4>" in html
    assert html.count("with <code>tune_id</code> among them") == 2


# --- objects --------------------------------------------------------------------------------------------------------


def test_every_object_that_an_answer_shows_is_told_and_linked(html, told):
    groups = reference.groups(told)
    shown = {name for group in groups for each in group.operations for answer in each.answers for name in answer.shows}

    assert shown == {
        "Prompt", "PublishedPrompt", "Quote", "Deleted", "Liked", "Tune", "TuneQuote", "Inspected", "Described",
        "Classified", "VideoInspection", "Pack", "PackDetail", "Ordered", "Delivery", "DeliveryDetail",
        "SigningSecret", "User", "Workspace", "Member", "DirectUpload", "Health", "Readiness", "CliCatalog",
        "PluginCatalog",
    }  # fmt: skip
    for name in shown:
        assert f'<section id="{name}" class="object">' in html
        assert f'<a href="#{name}">{name}</a>' in html


def properties(schema):
    """All names in a schema, down to the innermost."""
    for name, inner in schema.get("properties", {}).items():
        yield name
        yield from properties(inner)
    for more in (schema.get("items"), schema.get("additionalProperties")):
        if isinstance(more, dict):
            yield from properties(more)


def test_every_property_of_every_object_is_on_the_page(html, told):
    for item in reference.objects(told, reference.groups(told)):
        for name in properties(told["components"]["schemas"][item.name]):
            assert f"<code>{name}</code>" in html, f"{item.name}: {name}"


@pytest.mark.parametrize(
    "word",
    [
        "tune_ids", "prompts_callback", "prompt_attributes", "image_captions", "cost_mc_hash", "total_cost_mc",
        "usd_balance_mc", "collapse_duplicates", "webhook_id", "template_slots", "ethnicity",
    ],
)  # fmt: skip
def test_words_that_a_reader_looks_for_are_found(html, word):
    assert f"<dt><code>{word}</code>" in html


def test_an_object_that_has_all_of_another_tells_only_the_rest(html):
    part = html.partition('<section id="DeliveryDetail" class="object">')[2].partition("</section>")[0]

    assert 'All that a <a href="#Delivery">Delivery</a> has, and:' in part
    assert re.findall(r"<dt><code>(\w+)</code>", part) == ["body"]


def test_an_answer_that_may_be_either_says_so(html):
    assert '<a href="#Ordered">Ordered</a> or <a href="#Tune">Tune</a>' in html


# --- schemas in words -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer", "minimum": 64, "maximum": 4096, "multipleOf": 8}, "integer, 64 to 4,096, multiple of 8"),
        ({"type": ["string", "null"], "format": "date-time"}, "time or null"),
        ({"type": "array", "maxItems": 60, "items": {"type": "string", "format": "uri"}}, "list of URLs, up to 60"),
        ({"type": "array", "maxItems": 0}, "empty list"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "object of integers"),
        ({"type": "object", "additionalProperties": {"type": "array", "items": {"type": "object"}}}, "object of lists of objects"),
        ({"type": "string", "contentMediaType": "application/octet-stream"}, "file"),
        ({"enum": ["owner", "member"]}, "owner or member"),
        ({"$ref": "#/components/schemas/Prompt"}, "Prompt"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/PromptFields"}}, "list of fields of a prompt"),
    ],
)  # fmt: skip
def test_a_kind_in_words(schema, words):
    assert entries.kind_of(schema) == words


def test_properties_are_found_in_whichever_part_they_stand():
    text, number = {"type": "string"}, {"type": "integer"}
    named = {"type": "object", "properties": {"a": text}}
    document = {"components": {"schemas": {"Named": named}}}
    schema = {"anyOf": [{"$ref": "#/components/schemas/Named"}, {"allOf": [{"properties": {"b": number}}]}]}

    assert entries.properties(document, schema) == {"a": text, "b": number}


def test_wrappers_of_one_name_are_one_that_holds_what_either_does():
    def wrapped(name):
        return {"properties": {"tune": {"type": "object", "properties": {name: {"type": "string"}}}}}

    found = entries.properties({}, {"anyOf": [wrapped("a"), wrapped("b")]})

    assert list(found["tune"]["properties"]) == ["a", "b"]
