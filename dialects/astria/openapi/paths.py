"""Every operation: what it takes, what it answers, and how to call it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dialects.astria.base import LIMIT_DEFAULT, LIMIT_MAX
from dialects.astria.openapi import bodies, examples, notices, refusals
from dialects.astria.openapi.examples import Example
from dialects.astria.openapi.samples import Call, samples
from dialects.astria.prompts import OFFSET_MAX as PROMPTS_OFFSET_MAX
from dialects.astria.tunes import OFFSET_MAX as TUNES_OFFSET_MAX

Operation = dict[str, Any]
_WORKSPACE = {"$ref": "#/components/parameters/Workspace"}
_TUNE_ID = {"$ref": "#/components/parameters/TuneId"}
_PROMPT_ID = {"$ref": "#/components/parameters/PromptId"}
_BODY = ("Malformed", "TooLarge", "UnknownEncoding")
_AUTHORISED = ("Unauthenticated", "Forbidden", "NotFound", "Busy")
_ONE = 1  # the id that samples read: the first prompt of a fresh installation


def paths() -> dict[str, dict[str, Operation]]:
    return {
        "/tunes/{tune_id}/prompts": {"get": _list_prompts(nested=True), "post": _create(nested=True)},
        "/tunes/{tune_id}/prompts/quote": {"post": _quote(nested=True)},
        "/tunes/{tune_id}/prompts/{prompt_id}": {"get": _get_prompt(nested=True), "delete": _delete(nested=True)},
        "/prompts": {"get": _list_prompts(nested=False), "post": _create(nested=False)},
        "/prompts/quote": {"post": _quote(nested=False)},
        "/prompts/{prompt_id}": {"get": _get_prompt(nested=False), "delete": _delete(nested=False)},
        "/tunes": {"get": _list_tunes()},
        "/tunes/{tune_id}": {"get": _get_tune()},
        "/healthz": {"get": _healthz()},
        "/readyz": {"get": _readyz()},
        "/openapi.json": {"get": _openapi()},
    }


def _operation(
    *,
    id_: str,
    tag: str,
    summary: str,
    about: str,
    responses: dict[str, Any],
    call: Call | None = None,
    parameters: Sequence[dict[str, Any]] = (),
    **more: Any,
) -> Operation:
    operation: Operation = {"operationId": id_, "tags": [tag], "summary": summary, "description": about}
    if parameters:
        operation["parameters"] = list(parameters)
    operation |= more | {"responses": dict(sorted(responses.items()))}
    return operation | ({"x-codeSamples": samples(call)} if call else {})


def _create(*, nested: bool) -> Operation:
    given: Sequence[Example] = examples.CREATES if nested else (examples.FLAT,)
    replayed = {"Idempotent-Replayed": {"$ref": "#/components/headers/Replayed"}}
    return _operation(
        id_="createTunePrompt" if nested else "createPrompt",
        tag="Prompts",
        summary="Create a prompt" if nested else "Create a prompt, the tune in its body",
        about="Checks it, takes its price from the wallet and queues it, all or nothing. With a `video_model` it"
        " becomes a clip, without one it becomes pictures.",
        parameters=[*([_TUNE_ID] if nested else []), _WORKSPACE, {"$ref": "#/components/parameters/IdempotencyKey"}],
        requestBody=bodies.prompt_body(given, with_tune=not nested),
        responses={"201": _answer("The prompt, charged and queued.", "Prompt", headers=replayed)}
        | refusals.named(*_BODY, *_AUTHORISED, "InFlight", "InvalidCreate"),
        callbacks=notices.prompt_ended(),
        call=given[0].call,
    )


def _quote(*, nested: bool) -> Operation:
    flat = examples.FLAT.call.path + "/quote"
    path, example = (f"/tunes/{examples.FLUX}/prompts/quote", examples.CLIP) if nested else (flat, examples.FLAT)
    return _operation(
        id_="quoteTunePrompt" if nested else "quotePrompt",
        tag="Prompts",
        summary="Quote a prompt" if nested else "Quote a prompt, the tune in its body",
        about="Takes the body of the create call and answers what that call would charge now, or its errors. Nothing is"
        " charged, kept, fetched or decoded; files count as good.",
        parameters=[*([_TUNE_ID] if nested else []), _WORKSPACE],
        requestBody=bodies.prompt_body([example], with_tune=not nested),
        responses={"200": _answer("The price.", "Quote")} | refusals.named(*_BODY, *_AUTHORISED, "InvalidQuote"),
        call=Call(method="POST", path=path, prompt=example.call.prompt),
    )


def _list_prompts(*, nested: bool) -> Operation:
    own = [_TUNE_ID] if nested else [_query("tune_id", "integer", "Only prompts on this tune, or using it.")]
    return _operation(
        id_="listTunePrompts" if nested else "listPrompts",
        tag="Prompts",
        summary="List a tune's prompts" if nested else "List prompts",
        about="Newest first, as a bare array. "
        + ("Of a LoRA or FaceID tune: the prompts that use it." if nested else "Of the whole workspace."),
        parameters=[
            *own,
            *_window(PROMPTS_OFFSET_MAX),
            _query("text", "string", "Only prompts whose text contains this, whatever the case."),
            _query("is_video", "boolean", "Only clips, or only pictures."),
            _WORKSPACE,
        ],
        responses={"200": _many("Prompts; empty after the last.", "Prompt")}
        | refusals.named("TooDeep", *_AUTHORISED, "InvalidQuery"),
        call=Call(method="GET", path=f"/tunes/{examples.FLUX}/prompts" if nested else "/prompts", query={"limit": 20}),
    )


def _get_prompt(*, nested: bool) -> Operation:
    return _operation(
        id_="getTunePrompt" if nested else "getPrompt",
        tag="Prompts",
        summary="Retrieve a tune's prompt" if nested else "Retrieve a prompt",
        about="To wait for a result, ask every second or two until `trained_at` is set; or give a `callback`.",
        parameters=[*([_TUNE_ID] if nested else []), _PROMPT_ID, _WORKSPACE],
        responses={"200": _answer("The prompt.", "Prompt")} | refusals.named(*_AUTHORISED),
        call=Call(method="GET", path=_prompt_path(nested=nested)),
    )


def _delete(*, nested: bool) -> Operation:
    gone = (
        {"204": {"description": "Gone."}}
        if nested
        else {"200": _answer("Gone.", "Deleted", example={"message": f"Prompt {_ONE} was deleted"})}
    )
    return _operation(
        id_="deleteTunePrompt" if nested else "deletePrompt",
        tag="Prompts",
        summary="Delete a tune's prompt" if nested else "Delete a prompt",
        about="An unfinished one is cancelled and its price given back. The results of a finished one can't be read"
        " any more from this moment on; its price stays.",
        parameters=[*([_TUNE_ID] if nested else []), _PROMPT_ID, _WORKSPACE],
        responses=gone | refusals.named(*_AUTHORISED),
        call=Call(method="DELETE", path=_prompt_path(nested=nested)),
    )


def _list_tunes() -> Operation:
    return _operation(
        id_="listTunes",
        tag="Tunes",
        summary="List tunes",
        about="Your own, newest first, as a bare array. The public base models are not in it; their ids are in the"
        " table of models.",
        parameters=[
            *_window(TUNES_OFFSET_MAX),
            _query("title", "string", "Only tunes whose title contains this, whatever the case."),
            _WORKSPACE,
        ],
        responses={"200": _many("Tunes; empty after the last.", "Tune")}
        | refusals.named("TooDeep", *_AUTHORISED, "InvalidQuery"),
        call=Call(method="GET", path="/tunes"),
    )


def _get_tune() -> Operation:
    return _operation(
        id_="getTune",
        tag="Tunes",
        summary="Retrieve a tune",
        about="One of yours, or a public one.",
        parameters=[_TUNE_ID, _WORKSPACE],
        responses={"200": _answer("The tune.", "Tune")} | refusals.named(*_AUTHORISED),
        call=Call(method="GET", path=f"/tunes/{examples.FLUX}"),
    )


def _healthz() -> Operation:
    return _operation(
        id_="healthz",
        tag="Service",
        summary="Is it up?",
        about="Answers as long as the web process does.",
        security=[],
        responses={"200": _answer("It is.", "Health", example={"ok": True})},
        call=Call(method="GET", path="/healthz", open=True),
    )


def _readyz() -> Operation:
    return _operation(
        id_="readyz",
        tag="Service",
        summary="Can it work?",
        about="Looks at the database, its migrations and the ledger's guard, storage, free disk and the queue.",
        security=[],
        responses={
            "200": _answer("Every check passed.", "Readiness"),
            "503": _answer("A check failed, and says which.", "Readiness"),
        },
        call=Call(method="GET", path="/readyz", open=True),
    )


def _openapi() -> Operation:
    etag = {"ETag": {"schema": {"type": "string"}, "description": "Changes with the document: send `If-None-Match`."}}
    return _operation(
        id_="openapi",
        tag="Service",
        summary="This document",
        about="OpenAPI 3.1, with the models and prices of the moment. Readable from any web page.",
        security=[],
        responses={
            "200": {"description": "The document.", "headers": etag} | _json({"type": "object"}),
            "304": {"description": "It has not changed."},
        },
        call=Call(method="GET", path="/openapi.json", open=True),
    )


def _prompt_path(*, nested: bool) -> str:
    return f"/tunes/{examples.FLUX}/prompts/{_ONE}" if nested else f"/prompts/{_ONE}"


def _window(offset_max: int) -> list[dict[str, Any]]:
    below = "Only ids below this: the last one of the page before."
    return [
        _query("limit", "integer", "More is cut down.", minimum=1, maximum=LIMIT_MAX, default=LIMIT_DEFAULT),
        _query("before_id", "integer", below),
        _query("offset", "integer", "Skips so many; prefer `before_id`.", minimum=0, maximum=offset_max),
    ]


def _query(name: str, kind: str, about: str, **limits: int) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": about, "schema": {"type": kind, **limits}}


def _answer(about: str, schema: str, *, example: Any = None, headers: dict[str, Any] | None = None) -> dict[str, Any]:
    described = {"description": about} | ({"headers": headers} if headers else {})
    return described | _json({"$ref": f"#/components/schemas/{schema}"}, example=example)


def _many(about: str, schema: str) -> dict[str, Any]:
    items = {"$ref": f"#/components/schemas/{schema}"}
    return {"description": about} | _json({"type": "array", "maxItems": LIMIT_MAX, "items": items})


def _json(schema: dict[str, Any], *, example: Any = None) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema} | ({"example": example} if example else {})}}
