"""The operations on packs."""

from __future__ import annotations

from typing import Any

from dialects.astria.openapi import notices, refusals, tunes
from dialects.astria.openapi.operations import (
    AUTHORISED,
    BODY,
    IDEMPOTENCY_KEY,
    REPLAYED,
    WORKSPACE,
    Operation,
    answer,
    many,
    operation,
    query,
    window,
)
from dialects.astria.openapi.samples import Call
from dialects.astria.packs import OFFSET_MAX
from prompts.packs import costs

Schema = dict[str, Any]
_ID = {"name": "pack_id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}}
_NAME = {
    "name": "name", "in": "path", "required": True, "description": "A pack's id or slug.",
    "schema": {"type": "string", "pattern": "^[0-9A-Za-z-]{1,80}$"},
}  # fmt: skip
_SLUG, _MINE = "film-stills", 6  # the first pack of one's own after the house's five
_TEXT: Schema = {"type": "string"}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_INTEGER: Schema = {"type": "integer"}
_COSTS = f"what a run costs, with a fresh tune from {costs.PICTURES} pictures, and without templates that can't be had."
_NOT_OF_RUNS = ("base_pack_id", "prompts_attributes")  # of a new tune's fields: the pack says both
_NOTHING: Schema = {"type": "array", "maxItems": 0}
_LISTED = (
    query("public", "boolean", "Only public ones, or only private ones."),
    query("listed", "boolean", "Only listed ones, or only unlisted ones."),
)


def paths() -> dict[str, dict[str, Operation]]:
    return {
        "/packs": {"get": _list(), "post": _create()},
        "/packs/{pack_id}": {"patch": _change(), "delete": _delete()},
        "/gallery/packs": {"get": _gallery()},
        "/p/{name}": {"get": _get()},
        "/p/{name}/tunes": {"post": _run()},
    }


def schemas() -> dict[str, Schema]:
    order = _object({"id": _INTEGER, "tune_ids": _array(_INTEGER), "total_cost_mc": _INTEGER})
    ordered: dict[str, Schema] = {
        "status": _INTEGER, "message": _TEXT, "order": order, "prompt_ids": _array(_INTEGER),
    }  # fmt: skip
    return {
        "Pack": _object(_shown()),
        "PackDetail": _object(_shown() | _more()),
        "PackFields": _under("pack", _fields()),
        **_runs(),
        "Ordered": _object(ordered),
    }


def _shown() -> dict[str, Schema]:
    """What lists tell of a pack."""
    maybe_integer, moment = {"type": ["integer", "null"]}, {"type": ["string", "null"], "format": "date-time"}
    cents = {"type": "integer", "description": "Cents, rounded up."}
    cost = _object({"cost": cents, "cost_mc": _INTEGER, "num_images": _INTEGER})
    return {
        "id": _INTEGER, "base_tune_id": _INTEGER, "user_id": maybe_integer, "slug": _TEXT, "title": _TEXT,
        "subtitle": _TEXT, "token": _MAYBE_TEXT, "created_at": moment, "updated_at": moment, "public_at": moment,
        "unlisted_at": moment, "multiplier": _INTEGER, "multiplier_api": _INTEGER, "model_type": _MAYBE_TEXT,
        "main_class_name": _MAYBE_TEXT, "cover_url": _MAYBE_TEXT,
        "cost_mc_hash": _by_class(_INTEGER, "`cost_mc` of `costs`."),
        "costs": _by_class(cost, _COSTS),
    }  # fmt: skip


def _more() -> dict[str, Schema]:
    """What a single pack tells besides."""
    template = _object({
        "id": _INTEGER, "class_name": _TEXT, "text": _TEXT, "num_images": _INTEGER, "video_model": _MAYBE_TEXT,
        "cost_mc": {"type": ["integer", "null"], "description": "Null while it can't be had at all."},
    })  # fmt: skip
    shots = _object({"id": _INTEGER, "images": _array(_TEXT)})
    slot = _object({
        "key": _TEXT, "label": _TEXT, "filter_names": _array(_TEXT) | {"description": "Classes that fit into it."},
        "template_tune_ids": _NOTHING, "tunes": _NOTHING,
    })  # fmt: skip
    return {
        "logo": _MAYBE_TEXT,
        "prompts_per_class": _by_class(_array(shots), "its templates, with what pictures there are of each."),
        "template_prompts": _array(template),
        "use_multi": {"type": "boolean", "description": "It takes one tune for each of its slots."},
        "reference_class_names": _array(_TEXT), "template_tunes": _NOTHING, "template_slots": _array(slot),
    }  # fmt: skip


def _fields() -> dict[str, Schema]:
    """What is sent of a pack."""
    said = {
        "title": "What it is called.", "subtitle": "A line below that.",
        "slug": "Its name in addresses: lower case letters, numbers and hyphens.",
        "model_type": "Of the tunes that it makes: lora, pti or faceid.",
        "token": "Of the tunes that it makes.", "preset": "Of the tunes that it makes.",
    }  # fmt: skip
    switches = {"public": "Everybody may see and run it.", "unlisted": "It is left out of the gallery."}
    texts = {name: {"type": "string", "description": about} for name, about in said.items()}
    base: Schema = {"base_tune_id": {"type": "integer", "description": "The base model that its templates are for."}}
    return texts | base | {name: {"type": "boolean", "description": about} for name, about in switches.items()}


def _runs() -> dict[str, Schema]:
    """The bodies of a run: on tunes that exist, or with the fields of a new one, which forms carry too."""
    tune = tunes.schemas()
    new = {name: schema for name, schema in _inner(tune["TuneJson"]).items() if name not in _NOT_OF_RUNS}
    form = {name: schema for name, schema in tune["TuneForm"]["properties"].items() if name != "tune[base_pack_id]"}
    ids = _array(_INTEGER)
    run: dict[str, Schema] = {
        "tune_ids": ids | {"description": "Run it on these. Without them, a tune is made first."},
        "prompt_ids": ids | {"description": "Only these templates."},
        "prompt_attributes": _ref("PromptFields") | {"description": "Fields of every prompt of the run."},
    }
    as_json: Schema = {"type": "string", "description": "The object as JSON, or one field for each of its own."}
    spelt = {"tune[tune_ids][]": ids, "tune[prompt_ids][]": ids, "tune[prompt_attributes]": as_json}
    return {
        "PackRun": _under("tune", run | {"prompts_callback": new["prompts_callback"]}),
        "PackRunOnNewTune": _under("tune", run | new),
        "PackRunForm": {"type": "object", "properties": spelt | form},
    }


def _inner(schema: Schema) -> dict[str, Schema]:
    """The properties of the object that a body wraps."""
    (wrapped,) = schema["properties"].values()
    found: dict[str, Schema] = wrapped["properties"]
    return found


def _object(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _by_class(schema: Schema, about: str) -> Schema:
    return {"type": "object", "additionalProperties": schema, "description": f"By class: {about}"}


def _under(name: str, properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": {name: {"type": "object", "properties": properties}}}


def _body() -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": _ref("PackFields")}}}


def _run_body() -> dict[str, Any]:
    as_json = {"anyOf": [_ref("PackRun"), _ref("PackRunOnNewTune")]}
    forms = ("multipart/form-data", "application/x-www-form-urlencoded")
    content = {"application/json": {"schema": as_json}} | {form: {"schema": _ref("PackRunForm")} for form in forms}
    return {"required": True, "content": content}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list() -> Operation:
    return operation(
        id_="listPacks", tag="Packs", summary="List packs", about="Your own, newest first, as a bare array.",
        parameters=[*window(OFFSET_MAX), *_LISTED, WORKSPACE],
        responses={"200": many("Packs.", "Pack")}
        | refusals.too_deep(OFFSET_MAX) | refusals.named(*AUTHORISED, "InvalidQuery"),
        call=Call(method="GET", path="/packs"),
    )  # fmt: skip


def _gallery() -> Operation:
    return operation(
        id_="listGalleryPacks", tag="Packs", summary="Public packs", security=[],
        about="Everybody's public and listed ones, newest first, as a bare array. Takes no key.",
        parameters=[*window(OFFSET_MAX), *_LISTED],
        responses={"200": many("Packs.", "Pack")}
        | refusals.too_deep(OFFSET_MAX) | refusals.named("Busy", "InvalidQuery"),
        call=Call(method="GET", path="/gallery/packs", open=True),
    )  # fmt: skip


def _create() -> Operation:
    return operation(
        id_="createPack", tag="Packs", summary="Create a pack",
        about="Without templates at first: a prompt becomes one by its `pack_id`. Private until it is made `public`.",
        parameters=[WORKSPACE, IDEMPOTENCY_KEY], requestBody=_body(),
        responses={"201": answer("The pack.", "PackDetail", headers=REPLAYED)}
        | refusals.named(*BODY, *AUTHORISED, "InFlight", "InvalidQuote"),
        call=Call(method="POST", path="/packs", resource="pack",
                  fields={"title": "Autumn", "base_tune_id": 1504944, "model_type": "lora"}),
    )  # fmt: skip


def _change() -> Operation:
    return operation(
        id_="changePack", tag="Packs", summary="Change a pack", about="Only what is sent, and only of your own.",
        parameters=[_ID, WORKSPACE], requestBody=_body(),
        responses={"200": answer("The pack.", "PackDetail")} | refusals.named(*BODY, *AUTHORISED, "InvalidQuote"),
        call=Call(method="PATCH", path=f"/packs/{_MINE}", resource="pack", fields={"public": True}),
    )  # fmt: skip


def _delete() -> Operation:
    return operation(
        id_="deletePack", tag="Packs", summary="Delete a pack", about="What was made from it stays.",
        parameters=[_ID, WORKSPACE], responses={"204": {"description": "Gone."}} | refusals.named(*AUTHORISED),
        call=Call(method="DELETE", path=f"/packs/{_MINE}"),
    )  # fmt: skip


def _get() -> Operation:
    return operation(
        id_="getPack", tag="Packs", summary="Retrieve a pack",
        about="With its templates and what a run costs, class by class: `costs` holds a fresh tune too. One of yours,"
        " or a public one, which takes no key.",
        security=[{"bearer": []}, {}], parameters=[_NAME, WORKSPACE],
        responses={"200": answer("The pack.", "PackDetail")} | refusals.named(*AUTHORISED),
        call=Call(method="GET", path=f"/p/{_SLUG}", open=True),
    )  # fmt: skip


def _run() -> Operation:
    either = {"anyOf": [{"$ref": "#/components/schemas/Ordered"}, {"$ref": "#/components/schemas/Tune"}]}
    created = {
        "description": "The order, when it runs on tunes that exist; the new tune with its prompts, when not.",
        "headers": REPLAYED,
        "content": {"application/json": {"schema": either}},
    }
    return operation(
        id_="runPack", tag="Packs", summary="Run a pack",
        about="On tunes that exist, by `tune_ids`: each template on every tune of its class, or, of a pack with slots,"
        " once with one tune for each. Without them, the body makes a tune first. All of it is charged and queued, or"
        " nothing is; `costs` of the pack tells how much.",
        parameters=[_NAME, WORKSPACE, IDEMPOTENCY_KEY], requestBody=_run_body(),
        responses={"201": created}
        | refusals.named(*BODY, *AUTHORISED, "InFlight", "InvalidCreate", "TooManyUnfinished"),
        charges="pack", callbacks=notices.tune_ended(),
        call=Call(method="POST", path=f"/p/{_SLUG}/tunes", resource="tune", fields={"tune_ids": 1533312}),
    )  # fmt: skip
