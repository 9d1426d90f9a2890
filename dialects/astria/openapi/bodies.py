"""Request bodies: the same fields in three encodings, with examples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from catalogue.offers import Offer
from dialects.astria.openapi import fields
from dialects.astria.openapi.examples import Example

Schema = dict[str, Any]
_TUNE_ID = {"type": "integer", "description": "The tune to prompt on."}
_ABOUT = "All fields are optional to the format; which ones a prompt needs depends on its model."


def schemas(*, offers: Sequence[Offer]) -> dict[str, Schema]:
    """For `components`. The flat path's bodies name the tune, the nested one's have it in the path."""
    inner = {"type": "object", "description": _ABOUT, "properties": fields.properties("json", offers=offers)}
    named = {"required": ["tune_id"], "properties": {"tune_id": _TUNE_ID}}
    return {
        "PromptFields": inner,
        "PromptJson": _wrapped(_ref("PromptFields")),
        "PromptForm": _flat(fields.properties("form", offers=offers)),
        "PromptMultipart": _flat(fields.properties("multipart", offers=offers)),
        "PromptJsonWithTune": _wrapped({"allOf": [_ref("PromptFields"), named]}),
        "PromptFormWithTune": _with_tune("PromptForm"),
        "PromptMultipartWithTune": _with_tune("PromptMultipart"),
    }


def prompt_body(examples: Sequence[Example], *, with_tune: bool) -> dict[str, Any]:
    ending = "WithTune" if with_tune else ""
    plain = [example for example in examples if not example.call.files]
    return {
        "required": True,
        "content": {
            "application/json": {
                "schema": _ref(f"PromptJson{ending}"),
                "examples": {each.name: _example(each, {"prompt": dict(each.call.fields)}) for each in plain},
            },
            "multipart/form-data": {
                "schema": _ref(f"PromptMultipart{ending}"),
                "encoding": fields.media_types(),
                "examples": {each.name: _example(each, _form(each)) for each in examples},
            },
            "application/x-www-form-urlencoded": {
                "schema": _ref(f"PromptForm{ending}"),
                "examples": {each.name: _example(each, _form(each)) for each in plain},
            },
        },
    }


def _example(example: Example, value: dict[str, Any]) -> dict[str, Any]:
    return {"summary": example.summary, "value": value}


def _form(example: Example) -> dict[str, Any]:
    given = {**example.call.fields, **example.call.files}
    return {f"prompt[{name}]": value for name, value in given.items()}


def _wrapped(inner: Schema) -> Schema:
    return {"type": "object", "required": ["prompt"], "properties": {"prompt": inner}}


def _flat(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "description": _ABOUT, "properties": properties}


def _with_tune(name: str) -> Schema:
    named = {"required": ["prompt[tune_id]"], "properties": {"prompt[tune_id]": _TUNE_ID}}
    return {"allOf": [_ref(name), named]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
