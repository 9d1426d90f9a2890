"""The API as OpenAPI 3.1. Fields, limits, models, prices and refusals are read from the code that decides them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from catalogue import offers
from dialects.astria.openapi import (
    account,
    bodies,
    catalogs,
    deliveries,
    images,
    objects,
    offered,
    packs,
    refusals,
    sharing,
    tunes,
    uploads,
)
from dialects.astria.openapi.paths import paths

PARTS = (
    tunes,
    images,
    uploads,
    sharing,
    packs,
    deliveries,
    account,
    catalogs,
)  # each with paths() and schemas(), beside those of prompts

VERSION = "1.0.0"
_ABOUT = """\
A prompt on a tune becomes a priced, paid, rendered clip or picture.

Every path of tunes and prompts also answers with `.json` at its end, and with a trailing slash. Bodies come as JSON,
as a form or as multipart/form-data, with all fields under `prompt`. Numbers and booleans may be text, "" means that a
field was left out, and unknown fields are ignored. There is no status field: read `started_training_at`,
`trained_at` and `user_error`.

Money is told in millicents (`*_mc`): 1,000 are one cent.
"""
_PARAMETERS: dict[str, Any] = {
    "TuneId": {
        "name": "tune_id",
        "in": "path",
        "required": True,
        "description": "A base model, or a LoRA or FaceID tune.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "PromptId": {"name": "prompt_id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}},
    "Workspace": {
        "name": "X-Workspace-Id",
        "in": "header",
        "description": "Another workspace of yours, which then also pays. The key's own if left out; `all`"
        " reads lists and objects of every one of yours.",
        "schema": {"type": ["integer", "string"]},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Makes the call safe to send again: for 48 hours the same key with the same request gets the"
        " first answer, and nothing is charged twice.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    },
}
_HEADERS: dict[str, Any] = {
    "Replayed": {
        "description": "`true` when this is the stored answer to an earlier request with the same key.",
        "schema": {"type": "string", "const": "true"},
    },
    "RetryAfter": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
}
_TAGS = [
    {"name": "Prompts", "description": "What is asked for, what it costs and what came of it."},
    {"name": "Tunes", "description": "Base models, and the references that a text may name."},
    {"name": "Packs", "description": "Sets of template prompts, and their runs."},
    {"name": "Messages", "description": "What your server was told, and how that went."},
    {"name": "Account", "description": "You, your wallet, and the workspaces that you share."},
    {"name": "Uploads", "description": "Files that are sent ahead."},
    {"name": "Gallery", "description": "What everybody may see. These take no key."},
    {"name": "Service", "description": "For operators and tools. These take no key."},
]
_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "`Authorization: Bearer sd_…`. Scopes of a key: `prompts:read` for reading and quoting,"
    " `prompts:write` for creating and deleting, `tunes:read`, `tunes:write`, `account:read` for accounts, workspaces"
    " and messages, `account:write` for changing them. A key made without scopes may do everything.",
}


def document(*, origin: str, now: datetime) -> dict[str, Any]:
    """The whole document for the server at `origin` (scheme and host), with the models and prices of `now`."""
    every = offers.all(now=now)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Prompts API",
            "version": VERSION,
            "description": _ABOUT,
        },
        "servers": [{"url": origin}],
        "security": [{"bearer": []}],
        "tags": _TAGS,
        "paths": _together(),
        "components": {
            "securitySchemes": {"bearer": _BEARER},
            "parameters": _PARAMETERS,
            "headers": _HEADERS,
            "schemas": bodies.schemas(offers=every)
            | objects.SCHEMAS
            | {name: schema for part in PARTS for name, schema in part.schemas().items()},
            "responses": refusals.responses(),
        },
        "x-models": offered.models(every),
        "x-trainings": offered.trainings(offers.trainings(now=now)),
    }


def _together() -> dict[str, Any]:
    """The operations of all parts: one path may have some in several."""
    found: dict[str, Any] = paths()
    for part in PARTS:
        for path, operations in part.paths().items():
            found[path] = found.get(path, {}) | operations
    return found


def operations_by_id() -> dict[str, dict[str, Any]]:
    """Every operation by its `operationId`."""
    return {
        operation["operationId"]: operation for operations in _together().values() for operation in operations.values()
    }
