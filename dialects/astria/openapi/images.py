"""The operations that look at pictures, and those that a language model would do."""

from __future__ import annotations

from typing import Any

from dialects.astria.openapi import refusals
from dialects.astria.openapi.operations import AUTHORISED, BODY, IDEMPOTENCY_KEY, REPLAYED, Operation, answer, operation
from dialects.astria.openapi.samples import Call
from tunes import inspections

Schema = dict[str, Any]


def paths() -> dict[str, dict[str, Operation]]:
    return {
        "/images/inspect": {"post": _look("inspectImage", "inspect", "Inspect a training photo", "Inspected")},
        "/images/describe": {"post": _look("describeImage", "describe", "Describe a picture", "Described")},
        "/images/class_name": {"post": _look("classifyImage", "class_name", "Guess a picture's class", "Classified")},
        "/videos/inspect": {"post": _inspect_video()},
        "/videos/inspect/{inspection_id}": {"get": _video_inspection()},
        "/themes": {"post": _theme()},
        "/assist/complete": {"post": _needs_model("complete", "Complete a text", "/assist/complete")},
        "/api/agent_handoffs": {"post": _needs_model("handOff", "Hand over to an assistant", "/api/agent_handoffs")},
    }


def schemas() -> dict[str, Schema]:
    text, flag, number = {"type": "string"}, {"type": "boolean"}, {"type": "number"}
    share = {"type": "number", "minimum": 0, "maximum": 1}
    face = {"type": "object", "properties": dict.fromkeys(("x", "y", "width", "height"), share)}
    colour = {"type": "object", "properties": {"colour": text, "name": text, "share": share}}
    unseen = {"type": "string", "const": "", "description": "Always empty: no measure can tell it."}
    measured = {
        "type": "object",
        "description": "Sizes in pixels; faces and shares as shares of the picture; lightness from 0 to 1.",
        "properties": {
            "width": {"type": "integer"}, "height": {"type": "integer"}, "sharpness": number, "exposure": share,
            "contrast": share, "palette": {"type": "array", "items": colour}, "cat": flag,
            "faces": {"type": "array", "items": face}, "people": {"type": "integer"},
        },
    }  # fmt: skip
    theme = {"theme": {"type": "string", "description": "What the prompts are to be about."}}
    flags = ("blurry", "includes_multiple_people", "full_body_image_or_longshot", "low_resolution", "low_quality")
    return {
        "Picture": {
            "type": "object",
            "properties": {
                "name": {"type": "string", "description": "What you take it for; of an inspection only."},
                "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                "file_url": {"type": "string", "format": "uri"},
            },
        },
        "Clip": {
            "type": "object",
            "properties": {
                "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                "file_url": {"type": "string", "format": "uri"},
                "blob_signed_id": text,
            },
        },
        "ThemeFields": {"type": "object", "properties": {"theme": {"type": "object", "properties": theme}}},
        "VideoInspection": _object({
            "id": {"type": "integer"}, "status": {"enum": ["pending", "processing", "completed", "failed"]},
            "description": {"type": ["string", "null"]}, "error": {"type": ["string", "null"]},
        }),
        "Inspected": {
            "type": "object",
            "properties": {
                "name": {"type": "string", "description": "The class you take it for; `cat` where one is seen."},
                **dict.fromkeys(inspections.UNKNOWN, unseen), **dict.fromkeys(flags, flag), "measured": measured,
            },
            "required": ["name", *inspections.UNKNOWN, *flags, "measured"],
        },
        "Described": _object({"description": text, "measured": measured}),
        "Classified": _object({
            "class_name": {"enum": ["person", "cat", "subject"]}, "caption": text,
            "captions": {"type": "array", "items": text},
        }),
    }  # fmt: skip


def _object(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _look(id_: str, word: str, summary: str, schema: str) -> Operation:
    picture = {"schema": {"$ref": "#/components/schemas/Picture"}}
    kinds = ("multipart/form-data", "application/json", "application/x-www-form-urlencoded")
    return operation(
        id_=id_,
        tag="Tunes",
        summary=summary,
        about="From measures alone: size, light, sharpness, colours, faces. Nothing of the picture is kept.",
        requestBody={"required": True, "content": dict.fromkeys(kinds, picture)},
        responses={"200": answer("What was measured.", schema)} | refusals.named(*BODY, *AUTHORISED, "InvalidQuote"),
        call=Call(method="POST", path=f"/images/{word}", resource="", files={"file": "portrait.jpg"}),
    )


def _inspect_video() -> Operation:
    clip = {"schema": {"$ref": "#/components/schemas/Clip"}}
    kinds = ("multipart/form-data", "application/json", "application/x-www-form-urlencoded")
    return operation(
        id_="inspectVideo",
        tag="Tunes",
        summary="Describe a clip",
        about="Up to 30 s. Free; ask for the answer by its id.",
        parameters=[IDEMPOTENCY_KEY],
        requestBody={"required": True, "content": dict.fromkeys(kinds, clip)},
        responses={"201": answer("It is queued.", "VideoInspection", headers=REPLAYED)}
        | refusals.named(*BODY, *AUTHORISED, "InFlight", "InvalidQuote"),
        call=Call(method="POST", path="/videos/inspect", resource="", files={"file": "reference.mp4"}),
    )


def _video_inspection() -> Operation:
    id_ = {"name": "inspection_id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}}
    return operation(
        id_="getVideoInspection",
        tag="Tunes",
        summary="Retrieve a clip's description",
        about="One line a shot: `SS-SS - text`, from measures of camera, light, colours and faces. Kept for a day.",
        parameters=[id_],
        responses={"200": answer("How far it is, and what was measured.", "VideoInspection")}
        | refusals.named(*AUTHORISED),
        call=Call(method="GET", path="/videos/inspect/1"),
    )


def _theme() -> Operation:
    kinds = ("application/json", "multipart/form-data", "application/x-www-form-urlencoded")
    theme = {"schema": {"$ref": "#/components/schemas/ThemeFields"}}
    return _needs_model(
        "createTheme",
        "Write a set of prompts",
        "/themes",
        requestBody={"required": True, "content": dict.fromkeys(kinds, theme)},
        sent={"resource": "theme", "fields": {"theme": "circus"}},
    )


def _needs_model(id_: str, summary: str, path: str, *, sent: dict[str, Any] | None = None, **more: Any) -> Operation:
    return operation(
        id_=id_,
        tag="Service",
        summary=summary,
        about="Work for a language model. This server has none configured, and says so.",
        responses=refusals.named(*BODY, *AUTHORISED, "InvalidQuote"),
        call=Call(method="POST", path=path, **sent or {}),
        **more,
    )
