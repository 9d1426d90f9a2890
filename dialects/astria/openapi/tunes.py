"""The operations that make, change and take away tunes."""

from __future__ import annotations

from typing import Any

from dialects.astria.openapi import notices, refusals
from dialects.astria.openapi.examples import FLUX
from dialects.astria.openapi.operations import (
    AUTHORISED,
    BODY,
    IDEMPOTENCY_KEY,
    REPLAYED,
    TUNE_ID,
    WORKSPACE,
    Operation,
    answer,
    operation,
)
from dialects.astria.openapi.samples import Call
from dialects.astria.tune_schema import FIELDS

Schema = dict[str, Any]
_MINE = 5_000_001  # the id that samples change: the first tune of one's own
_TYPES: dict[str, Schema] = {
    "text": {"type": "string"}, "integer": {"type": "integer"}, "boolean": {"type": "boolean"},
    "url": {"type": "string", "format": "uri", "maxLength": 2_000},
}  # fmt: skip
_FACE: dict[str, str | int | bool] = {
    "title": "order-77",
    "name": "woman",
    "base_tune_id": FLUX,
    "model_type": "faceid",
}
_CHANGES = ("title", "name", "auto_extend")


def paths() -> dict[str, dict[str, Operation]]:
    return {
        "/tunes": {"post": _create()},
        "/tunes/quote": {"post": _quote()},
        "/tunes/{tune_id}": {"patch": _change(), "delete": _delete()},
    }


def schemas() -> dict[str, Schema]:
    """The bodies, in two spellings: nested in JSON, in brackets in forms."""
    fields = {field.name: {**_TYPES[field.kind], "description": field.about} for field in FIELDS}
    urls: Schema = {"type": "array", "maxItems": 60, "items": {"type": "string", "format": "uri"}}
    texts: Schema = {"type": "array", "items": {"type": "string"}}
    more: dict[str, Schema] = {
        "image_urls": {**urls, "description": "Its pictures by their URLs, or as data URLs."},
        "image_captions": {**texts, "description": "Of the pictures, in their order."},
        "characteristics": {
            "type": "object", "additionalProperties": {"type": "string"},
            "description": "What `{{key}}` stands for in the texts of prompts on it.",
        },
    }  # fmt: skip
    prompts: Schema = {
        "type": "array", "maxItems": 100, "items": {"$ref": "#/components/schemas/PromptFields"},
        "description": "Prompts that are made with it, paid with it, and run once it is trained.",
    }  # fmt: skip
    inner = {"type": "object", "properties": fields | more | {"prompts_attributes": prompts}}
    picture = {"type": "string", "contentMediaType": "application/octet-stream"}
    form: dict[str, Schema] = {f"tune[{name}]": schema for name, schema in fields.items()}
    form |= {
        "tune[images][]": {
            "type": "array", "maxItems": 60, "items": picture,
            "description": "Its pictures; a .txt file of the same name is a caption.",
        },
        "tune[image_urls][]": more["image_urls"],
        "tune[image_captions][]": more["image_captions"],
        "tune[characteristics]": {"type": "string", "description": "The object as JSON."},
    }  # fmt: skip
    changes = {name: fields[name] for name in _CHANGES} | {"characteristics": more["characteristics"]}
    return {
        "TuneJson": {"type": "object", "properties": {"tune": inner}},
        "TuneForm": {"type": "object", "properties": form},
        "TuneChanges": {
            "type": "object", "properties": {"tune": {"type": "object", "properties": changes}},
        },
    }  # fmt: skip


def _create() -> Operation:
    return operation(
        id_="createTune",
        tag="Tunes",
        summary="Create a tune, and train it",
        about="Learns a person, a thing or a style from pictures. Checks them, takes the price from the wallet and"
        " queues the training, all or nothing, with the prompts that come with it. A FaceID tune is free and ready at"
        " once; `branch=fast` is a free mock.",
        parameters=[WORKSPACE, IDEMPOTENCY_KEY],
        requestBody=_body("TuneJson", "TuneForm"),
        responses={"201": answer("The tune, charged and queued.", "Tune", headers=REPLAYED)}
        | refusals.named(*BODY, *AUTHORISED, "InFlight", "InvalidCreate", "TooManyUnfinished"),
        charges="training",
        callbacks=notices.tune_ended(),
        call=Call(
            method="POST", path="/tunes", resource="tune", fields=_FACE, files={"images": "portrait.jpg"},
            lists=("images",),
        ),
    )  # fmt: skip


def _quote() -> Operation:
    return operation(
        id_="quoteTune",
        tag="Tunes",
        summary="Quote a tune",
        about="Takes the body of the create call and answers what that call would charge now, its prompts included, or"
        " its errors. Nothing is charged, kept, fetched or decoded; pictures count as good.",
        parameters=[WORKSPACE],
        requestBody=_body("TuneJson", "TuneForm"),
        responses={"200": answer("The price.", "TuneQuote")} | refusals.named(*BODY, *AUTHORISED, "InvalidQuote"),
        call=Call(
            method="POST", path="/tunes/quote", resource="tune", fields=_FACE, files={"images": "portrait.jpg"},
            lists=("images",),
        ),
    )  # fmt: skip


def _change() -> Operation:
    return operation(
        id_="changeTune",
        tag="Tunes",
        summary="Change a tune",
        about="Only what is sent, and only of your own.",
        parameters=[TUNE_ID, WORKSPACE],
        requestBody=_body("TuneChanges", None),
        responses={"200": answer("The tune.", "Tune")} | refusals.named(*BODY, *AUTHORISED, "InvalidQuote"),
        call=Call(method="PATCH", path=f"/tunes/{_MINE}", resource="tune", fields={"title": "order-78"}),
    )


def _delete() -> Operation:
    return operation(
        id_="deleteTune",
        tag="Tunes",
        summary="Delete a tune",
        about="An unfinished training is cancelled and its price given back, with that of prompts that wait for it."
        " Its pictures can't be read any more from this moment on; what was made with it stays.",
        parameters=[TUNE_ID, WORKSPACE],
        responses={"204": {"description": "Gone."}} | refusals.named(*AUTHORISED),
        call=Call(method="DELETE", path=f"/tunes/{_MINE}"),
    )


def _body(json: str, form: str | None) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{json}"}}}
    if form:
        content |= {
            kind: {"schema": {"$ref": f"#/components/schemas/{form}"}}
            for kind in ("multipart/form-data", "application/x-www-form-urlencoded")
        }
    return {"required": True, "content": content}
