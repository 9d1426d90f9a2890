"""The operations that repeat, change, like and publish prompts."""

from __future__ import annotations

from typing import Any

from dialects.astria.gallery import OFFSET_MAX
from dialects.astria.openapi import bodies, examples, notices, refusals
from dialects.astria.openapi.objects import PROMPT
from dialects.astria.openapi.operations import (
    AUTHORISED,
    BODY,
    IDEMPOTENCY_KEY,
    PROMPT_ID,
    REPLAYED,
    TUNE_ID,
    WORKSPACE,
    Operation,
    answer,
    many,
    operation,
    query,
    window,
)
from dialects.astria.openapi.samples import Call
from dialects.astria.presenters.prompts import PRIVATE

Schema = dict[str, Any]
_ONE = 1


def paths() -> dict[str, dict[str, Operation]]:
    nested = "/tunes/{tune_id}/prompts/{prompt_id}"
    return {
        "/prompts/{prompt_id}": {"patch": _change(nested=False)},
        nested: {"patch": _change(nested=True)},
        "/prompts/{prompt_id}/duplicate": {"post": _duplicate(nested=False)},
        f"{nested}/duplicate": {"post": _duplicate(nested=True)},
        "/prompts/{prompt_id}/like": {"post": _like("like")},
        "/prompts/{prompt_id}/likes": {"post": _like("likes")},
        "/gallery": {"get": _gallery()},
        "/gallery/tunes": {"get": _tunes()},
    }


def schemas() -> dict[str, Schema]:
    shown = {name: schema for name, schema in PROMPT["properties"].items() if name not in PRIVATE}
    numbers = {
        name: {"type": ["integer", "null"]} for name in ("pack_id", "base_pack_id", "orig_prompt_id", "order_id")
    }
    changes: Schema = numbers | {
        "workspace_id": {"type": "integer", "description": "Move it, once it has ended, to another of yours."},
        "community": {"type": "boolean", "description": "Show its results to everybody, or no longer."},
    }
    return {
        "PublishedPrompt": {
            "type": "object", "description": "A prompt as everybody sees it.", "properties": shown,
            "required": [name for name in PROMPT["required"] if name in shown],
        },
        "PromptChanges": {
            "type": "object", "properties": {"prompt": {"type": "object", "properties": changes}},
        },
        "Liked": {"type": "object", "properties": {"liked": {"type": "boolean"}}, "required": ["liked"]},
    }  # fmt: skip


def _where(*, nested: bool) -> list[dict[str, Any]]:
    return [*([TUNE_ID] if nested else []), PROMPT_ID, WORKSPACE]


def _duplicate(*, nested: bool) -> Operation:
    path = f"/tunes/{examples.FLUX}/prompts/{_ONE}/duplicate" if nested else f"/prompts/{_ONE}/duplicate"
    return operation(
        id_="duplicateTunePrompt" if nested else "duplicatePrompt",
        tag="Prompts",
        summary="Make a tune's prompt again" if nested else "Make a prompt again",
        about="With the same fields and files, but for what the body changes. `image_index`, beside `prompt`, goes on"
        " from one of its pictures instead of painting one: with a `video_model` as the first frame of a clip.",
        parameters=[*_where(nested=nested), IDEMPOTENCY_KEY],
        requestBody=bodies.prompt_body([examples.CREATES[4]], with_tune=False) | {"required": False},
        responses={"201": answer("The new prompt, charged and queued.", "Prompt", headers=REPLAYED)}
        | refusals.named(*BODY, *AUTHORISED, "InFlight", "InvalidCreate", "TooManyUnfinished"),
        charges="prompt",
        callbacks=notices.prompt_ended(),
        call=Call(method="POST", path=path, fields={"seed": 7}),
    )


def _change(*, nested: bool) -> Operation:
    path = f"/tunes/{examples.FLUX}/prompts/{_ONE}" if nested else f"/prompts/{_ONE}"
    return operation(
        id_="changeTunePrompt" if nested else "changePrompt",
        tag="Prompts",
        summary="Change a tune's prompt" if nested else "Change a prompt",
        about="Where it belongs, and whether everybody may see its results. Only what is sent.",
        parameters=_where(nested=nested),
        requestBody={
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/PromptChanges"}}},
        },
        responses={"200": answer("The prompt.", "Prompt")} | refusals.named(*BODY, *AUTHORISED, "InvalidQuote"),
        call=Call(method="PATCH", path=path, fields={"community": True}),
    )


def _like(word: str) -> Operation:
    gives: dict[str, Any] = {"200": answer("Whether you like it now.", "Liked")}
    return operation(
        id_="likePrompt" if word == "like" else "likePromptQuietly",
        tag="Prompts",
        summary="Like a prompt, or no longer" + ("" if word == "like" else ", without an answer"),
        about="The same call takes a like back. Your own prompts, and published ones.",
        parameters=[PROMPT_ID, WORKSPACE],
        responses=(gives if word == "like" else {"201": {"description": "Done."}}) | refusals.named(*AUTHORISED),
        call=Call(method="POST", path=f"/prompts/{_ONE}/{word}"),
    )


def _gallery() -> Operation:
    return operation(
        id_="listGallery",
        tag="Gallery",
        summary="Published results",
        about="Of everybody, newest first, as a bare array. Takes no key.",
        security=[],
        parameters=[
            *window(OFFSET_MAX),
            query("text", "string", "Only prompts whose text contains this, whatever the case."),
            query("branch", "string", "Only those on bases of this architecture."),
            query("is_video", "boolean", "Only clips, or only pictures."),
            query("controlnet", "string", "Only those with this controlnet."),
            query("inpaint_faces", "boolean", "Only those with it, or without."),
            query("is_multiperson", "boolean", "Only those with it, or without."),
        ],
        responses={"200": many("Prompts; empty after the last.", "PublishedPrompt")}
        | refusals.too_deep(OFFSET_MAX)
        | refusals.named("Busy", "InvalidQuery"),
        call=Call(method="GET", path="/gallery.json", query={"limit": 20}, open=True),
    )


def _tunes() -> Operation:
    return operation(
        id_="listGalleryTunes",
        tag="Gallery",
        summary="Public tunes",
        about="The tunes that every installation has, and everybody may prompt on. Takes no key.",
        security=[],
        parameters=[
            *window(OFFSET_MAX),
            query("title", "string", "Only titles that contain this, whatever the case."),
            query("name", "string", "Only this class."),
            query("branch", "string", "Only this architecture."),
            query("model_type", "string", "Only `lora`, `pti` or `faceid`."),
        ],
        responses={"200": many("Tunes.", "Tune")}
        | refusals.too_deep(OFFSET_MAX)
        | refusals.named("Busy", "InvalidQuery"),
        call=Call(method="GET", path="/gallery/tunes", open=True),
    )
