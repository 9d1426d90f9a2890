"""What all operations are put together from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from dialects.astria.base import LIMIT_DEFAULT, LIMIT_MAX
from dialects.astria.openapi.samples import Call, samples

Operation = dict[str, Any]
Charges = Literal["prompt", "training", "pack"]
WORKSPACE = {"$ref": "#/components/parameters/Workspace"}
TUNE_ID = {"$ref": "#/components/parameters/TuneId"}
PROMPT_ID = {"$ref": "#/components/parameters/PromptId"}
IDEMPOTENCY_KEY = {"$ref": "#/components/parameters/IdempotencyKey"}
REPLAYED = {"Idempotent-Replayed": {"$ref": "#/components/headers/Replayed"}}
BODY = ("Malformed", "TooLarge", "UnknownEncoding")
AUTHORISED = ("Unauthenticated", "Forbidden", "NotFound", "Busy")


def operation(
    *,
    id_: str,
    tag: str,
    summary: str,
    about: str,
    responses: dict[str, Any],
    call: Call | None = None,
    parameters: Sequence[dict[str, Any]] = (),
    charges: Charges | None = None,
    **more: Any,
) -> Operation:
    """`charges`: what the wallet pays for."""
    made: Operation = {"operationId": id_, "tags": [tag], "summary": summary, "description": about}
    if parameters:
        made["parameters"] = list(parameters)
    made |= more | {"responses": dict(sorted(responses.items()))}
    made |= {"x-charges": charges} if charges else {}
    return made | ({"x-codeSamples": samples(call)} if call else {})


def window(offset_max: int) -> list[dict[str, Any]]:
    below = "Only ids below this: the last one of the page before."
    return [
        query("limit", "integer", "More is cut down.", minimum=1, maximum=LIMIT_MAX, default=LIMIT_DEFAULT),
        query("before_id", "integer", below),
        query("offset", "integer", "Skips so many; prefer `before_id`.", minimum=0, maximum=offset_max),
    ]


def query(name: str, kind: str, about: str, **limits: int) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": about, "schema": {"type": kind, **limits}}


def answer(about: str, schema: str, *, example: Any = None, headers: dict[str, Any] | None = None) -> dict[str, Any]:
    described = {"description": about} | ({"headers": headers} if headers else {})
    return described | json_({"$ref": f"#/components/schemas/{schema}"}, example=example)


def many(about: str, schema: str) -> dict[str, Any]:
    items = {"$ref": f"#/components/schemas/{schema}"}
    return {"description": about} | json_({"type": "array", "maxItems": LIMIT_MAX, "items": items})


def json_(schema: dict[str, Any], *, example: Any = None) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema} | ({"example": example} if example else {})}}
