"""Every operation: what it takes, what it answers, and how to call it."""

from __future__ import annotations

from collections.abc import Sequence

from dialects.astria.openapi import bodies, examples, notices, refusals
from dialects.astria.openapi.examples import Example
from dialects.astria.openapi.operations import (
    AUTHORISED,
    BODY,
    IDEMPOTENCY_KEY,
    PROMPT_ID,
    TUNE_ID,
    WORKSPACE,
    Operation,
    answer,
    json_,
    many,
    operation,
    query,
    window,
)  # fmt: skip
from dialects.astria.openapi.samples import Call
from dialects.astria.prompts import OFFSET_MAX as PROMPTS_OFFSET_MAX
from dialects.astria.tunes import OFFSET_MAX as TUNES_OFFSET_MAX

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


def _create(*, nested: bool) -> Operation:
    given: Sequence[Example] = examples.CREATES if nested else (examples.FLAT,)
    replayed = {"Idempotent-Replayed": {"$ref": "#/components/headers/Replayed"}}
    return operation(
        id_="createTunePrompt" if nested else "createPrompt",
        tag="Prompts",
        summary="Create a prompt" if nested else "Create a prompt, the tune in its body",
        about="Checks it, takes its price from the wallet and queues it, all or nothing. With a `video_model` it"
        " becomes a clip, without one it becomes pictures.",
        parameters=[*([TUNE_ID] if nested else []), WORKSPACE, IDEMPOTENCY_KEY],
        requestBody=bodies.prompt_body(given, with_tune=not nested),
        responses={"201": answer("The prompt, charged and queued.", "Prompt", headers=replayed)}
        | refusals.named(*BODY, *AUTHORISED, "InFlight", "InvalidCreate", "TooManyUnfinished"),
        charges="prompt",
        callbacks=notices.prompt_ended(),
        call=given[0].call,
    )


def _quote(*, nested: bool) -> Operation:
    flat = examples.FLAT.call.path + "/quote"
    path, example = (f"/tunes/{examples.FLUX}/prompts/quote", examples.CLIP) if nested else (flat, examples.FLAT)
    return operation(
        id_="quoteTunePrompt" if nested else "quotePrompt",
        tag="Prompts",
        summary="Quote a prompt" if nested else "Quote a prompt, the tune in its body",
        about="Takes the body of the create call and answers what that call would charge now, or its errors. Nothing is"
        " charged, kept, fetched or decoded; files count as good.",
        parameters=[*([TUNE_ID] if nested else []), WORKSPACE],
        requestBody=bodies.prompt_body([example], with_tune=not nested),
        responses={"200": answer("The price.", "Quote")} | refusals.named(*BODY, *AUTHORISED, "InvalidQuote"),
        call=Call(method="POST", path=path, fields=example.call.fields),
    )


def _list_prompts(*, nested: bool) -> Operation:
    own = [TUNE_ID] if nested else [query("tune_id", "integer", "Only prompts on this tune, or using it.")]
    return operation(
        id_="listTunePrompts" if nested else "listPrompts",
        tag="Prompts",
        summary="List a tune's prompts" if nested else "List prompts",
        about="Newest first, as a bare array. "
        + ("Of a LoRA or FaceID tune: the prompts that use it." if nested else "Of the whole workspace."),
        parameters=[
            *own,
            *window(PROMPTS_OFFSET_MAX),
            query("text", "string", "Only prompts whose text contains this, whatever the case."),
            query("is_video", "boolean", "Only clips, or only pictures."),
            query("liked", "boolean", "Only what you like, or what you don't."),
            query("pack_id", "integer", "Only templates of this pack."),
            query("base_pack_id", "integer", "Only what was run from this pack."),
            query("order_id", "integer", "Only of this run."),
            query("orig_prompt_id", "integer", "Only what was made from this prompt."),
            query("user_id", "integer", "Only this member's."),
            query("is_api", "boolean", "Only made with a key, or only without."),
            query("today", "boolean", "Only since midnight, UTC."),
            query("inpaint_faces", "boolean", "Only with it, or without."),
            query("expand", "string", "`debug_images`, `comments`: more fields."),
            WORKSPACE,
        ],
        responses={"200": many("Prompts; empty after the last.", "Prompt")}
        | refusals.too_deep(PROMPTS_OFFSET_MAX)
        | refusals.named(*AUTHORISED, "InvalidQuery"),
        call=Call(method="GET", path=f"/tunes/{examples.FLUX}/prompts" if nested else "/prompts", query={"limit": 20}),
    )


def _get_prompt(*, nested: bool) -> Operation:
    return operation(
        id_="getTunePrompt" if nested else "getPrompt",
        tag="Prompts",
        summary="Retrieve a tune's prompt" if nested else "Retrieve a prompt",
        about="To wait for a result, ask every second or two until `trained_at` is set; or give a `callback`.",
        parameters=[*([TUNE_ID] if nested else []), PROMPT_ID, WORKSPACE],
        responses={"200": answer("The prompt.", "Prompt")} | refusals.named(*AUTHORISED),
        call=Call(method="GET", path=_prompt_path(nested=nested)),
    )


def _delete(*, nested: bool) -> Operation:
    gone = (
        {"204": {"description": "Gone."}}
        if nested
        else {"200": answer("Gone.", "Deleted", example={"message": f"Prompt {_ONE} was deleted"})}
    )
    return operation(
        id_="deleteTunePrompt" if nested else "deletePrompt",
        tag="Prompts",
        summary="Delete a tune's prompt" if nested else "Delete a prompt",
        about="An unfinished one is cancelled and its price given back. The results of a finished one can't be read"
        " any more from this moment on; its price stays.",
        parameters=[*([TUNE_ID] if nested else []), PROMPT_ID, WORKSPACE],
        responses=gone | refusals.named(*AUTHORISED),
        call=Call(method="DELETE", path=_prompt_path(nested=nested)),
    )


def _list_tunes() -> Operation:
    return operation(
        id_="listTunes",
        tag="Tunes",
        summary="List tunes",
        about="Your own, newest first, as a bare array. The public base models are not in it; their ids are in the"
        " table of models.",
        parameters=[
            *window(TUNES_OFFSET_MAX),
            query("title", "string", "Only tunes whose title contains this, whatever the case."),
            query("name", "string", "Only this class; `name[]` names several."),
            query("model_type", "string", "Only `lora`, `pti` or `faceid`."),
            query("branch", "string", "Only on bases of this architecture."),
            query("page", "integer", "Counted from 1; prefer `before_id`."),
            WORKSPACE,
        ],
        responses={"200": many("Tunes; empty after the last.", "Tune")}
        | refusals.too_deep(TUNES_OFFSET_MAX)
        | refusals.named(*AUTHORISED, "InvalidQuery"),
        call=Call(method="GET", path="/tunes"),
    )


def _get_tune() -> Operation:
    return operation(
        id_="getTune",
        tag="Tunes",
        summary="Retrieve a tune",
        about="One of yours, or a public one.",
        parameters=[TUNE_ID, WORKSPACE],
        responses={"200": answer("The tune.", "Tune")} | refusals.named(*AUTHORISED),
        call=Call(method="GET", path=f"/tunes/{examples.FLUX}"),
    )


def _healthz() -> Operation:
    return operation(
        id_="healthz",
        tag="Service",
        summary="Is it up?",
        about="Answers as long as the web process does.",
        security=[],
        responses={"200": answer("It is.", "Health", example={"ok": True})},
        call=Call(method="GET", path="/healthz", open=True),
    )


def _readyz() -> Operation:
    return operation(
        id_="readyz",
        tag="Service",
        summary="Can it work?",
        about="Looks at the database, its migrations and the ledger's guard, storage, free disk and the queue.",
        security=[],
        responses={
            "200": answer("Every check passed.", "Readiness"),
            "503": answer("A check failed, and says which.", "Readiness"),
        },
        call=Call(method="GET", path="/readyz", open=True),
    )


def _openapi() -> Operation:
    etag = {"ETag": {"schema": {"type": "string"}, "description": "Changes with the document: send `If-None-Match`."}}
    return operation(
        id_="openapi",
        tag="Service",
        summary="This document",
        about="OpenAPI 3.1, with the models and prices of the moment. Readable from any web page.",
        security=[],
        responses={
            "200": {"description": "The document.", "headers": etag} | json_({"type": "object"}),
            "304": {"description": "It has not changed."},
        },
        call=Call(method="GET", path="/openapi.json", open=True),
    )


def _prompt_path(*, nested: bool) -> str:
    return f"/tunes/{examples.FLUX}/prompts/{_ONE}" if nested else f"/prompts/{_ONE}"
