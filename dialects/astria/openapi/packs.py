"""The operations on packs."""

from __future__ import annotations

from typing import Any

from dialects.astria.openapi import notices, refusals
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
    integer, text, boolean = {"type": "integer"}, {"type": "string"}, {"type": "boolean"}
    maybe_text, maybe_integer = {"type": ["string", "null"]}, {"type": ["integer", "null"]}
    moment = {"type": ["string", "null"], "format": "date-time"}
    cost = _object({
        "cost": {"type": "integer", "description": "Cents, rounded up."}, "cost_mc": integer, "num_images": integer,
    })  # fmt: skip
    shown: dict[str, Schema] = {
        "id": integer, "base_tune_id": integer, "user_id": maybe_integer, "slug": text, "title": text,
        "subtitle": text, "token": maybe_text, "created_at": moment, "updated_at": moment, "public_at": moment,
        "unlisted_at": moment, "multiplier": integer, "multiplier_api": integer, "model_type": maybe_text,
        "main_class_name": maybe_text, "cover_url": maybe_text,
        "cost_mc_hash": _by_class(integer, "`cost_mc` of `costs`."),
        "costs": _by_class(cost, f"what a run costs, with a fresh tune from {costs.PICTURES} pictures."),
    }  # fmt: skip
    template = _object({
        "id": integer, "class_name": text, "text": text, "num_images": integer, "video_model": maybe_text,
        "cost_mc": integer,
    })  # fmt: skip
    shots = _object({"id": integer, "images": _array(text)})
    slot = _object({
        "key": text, "label": text, "filter_names": _array(text) | {"description": "Classes that fit into it."},
        "template_tune_ids": _NOTHING, "tunes": _NOTHING,
    })  # fmt: skip
    more: dict[str, Schema] = {
        "logo": maybe_text,
        "prompts_per_class": _by_class(_array(shots), "its templates, with what pictures there are of each."),
        "template_prompts": _array(template),
        "use_multi": {"type": "boolean", "description": "It takes one tune for each of its slots."},
        "reference_class_names": _array(text), "template_tunes": _NOTHING, "template_slots": _array(slot),
    }  # fmt: skip
    fields = dict.fromkeys(("title", "subtitle", "slug", "model_type", "token", "preset"), text)
    run: dict[str, Schema] = {
        "tune_ids": _array(integer) | {"description": "Run it on these. Without them, a tune is made first."},
        "prompt_ids": _array(integer) | {"description": "Only these templates."},
        "prompt_attributes": {
            "$ref": "#/components/schemas/PromptFields", "description": "Fields of every prompt of the run.",
        },
        "prompts_callback": {"type": "string", "format": "uri"},
    }  # fmt: skip
    made = {"$ref": "#/components/schemas/TuneJson/properties/tune"}
    order = _object({"id": integer, "tune_ids": _array(integer), "total_cost_mc": integer})
    return {
        "Pack": _object(shown),
        "PackDetail": _object(shown | more),
        "PackFields": _under("pack", fields | {"base_tune_id": integer, "public": boolean, "unlisted": boolean}),
        "PackRun": _under("tune", run) | {"description": "Beside these, the fields of a new tune."},
        "PackRunOnNewTune": {"type": "object", "properties": {"tune": {"allOf": [made, {"properties": run}]}}},
        "Ordered": _object({
            "status": integer, "message": text, "order": order, "prompt_ids": _array(integer),
        }),
    }  # fmt: skip


def _object(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _by_class(schema: Schema, about: str) -> Schema:
    return {"type": "object", "additionalProperties": schema, "description": f"By class: {about}"}


def _under(name: str, properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": {name: {"type": "object", "properties": properties}}}


def _body(*names: str) -> dict[str, Any]:
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    schema = refs[0] if len(refs) == 1 else {"anyOf": refs}
    kinds = ("application/json",) if len(refs) == 1 else ("application/json", "multipart/form-data")
    return {"required": True, "content": {kind: {"schema": schema} for kind in kinds}}


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
        parameters=[WORKSPACE, IDEMPOTENCY_KEY], requestBody=_body("PackFields"),
        responses={"201": answer("The pack.", "PackDetail", headers=REPLAYED)}
        | refusals.named(*BODY, *AUTHORISED, "InFlight", "InvalidQuote"),
        call=Call(method="POST", path="/packs", resource="pack",
                  fields={"title": "Autumn", "base_tune_id": 1504944, "model_type": "lora"}),
    )  # fmt: skip


def _change() -> Operation:
    return operation(
        id_="changePack", tag="Packs", summary="Change a pack", about="Only what is sent, and only of your own.",
        parameters=[_ID, WORKSPACE], requestBody=_body("PackFields"),
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
        parameters=[_NAME, WORKSPACE, IDEMPOTENCY_KEY], requestBody=_body("PackRun", "PackRunOnNewTune"),
        responses={"201": created} | refusals.named(*BODY, *AUTHORISED, "InFlight", "InvalidCreate"),
        charges="pack", callbacks=notices.tune_ended(),
        call=Call(method="POST", path=f"/p/{_SLUG}/tunes", resource="tune", fields={"tune_ids": 1533312}),
    )  # fmt: skip
