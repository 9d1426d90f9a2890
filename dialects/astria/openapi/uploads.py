"""The operation that opens an upload slot."""

from __future__ import annotations

from typing import Any

from dialects.astria.openapi import refusals
from dialects.astria.openapi.operations import (
    AUTHORISED,
    BODY,
    IDEMPOTENCY_KEY,
    REPLAYED,
    WORKSPACE,
    Operation,
    answer,
    operation,
)
from dialects.astria.openapi.samples import Call
from media.slots import BYTES_MAX, FILENAME_MAX

Schema = dict[str, Any]
_EMPTY_MD5 = "1B2M2Y8AsgTpgAmY7PhCfg=="


def paths() -> dict[str, dict[str, Operation]]:
    return {"/api/direct_uploads": {"post": _open()}}


def schemas() -> dict[str, Schema]:
    text = {"type": "string"}
    blob = {
        "filename": {"type": "string", "maxLength": FILENAME_MAX},
        "byte_size": {"type": "integer", "minimum": 1, "maximum": BYTES_MAX},
        "checksum": {"type": "string", "description": "MD5 of the file, in base64."},
        "content_type": {"type": "string", "description": "image/*, video/*, audio/* or text/plain."},
    }
    put = {
        "type": "object", "properties": {"url": text, "headers": {"type": "object", "additionalProperties": text}},
        "required": ["url", "headers"],
    }  # fmt: skip
    return {
        "Blob": {"type": "object", "properties": {"blob": {"type": "object", "properties": blob}}},
        "DirectUpload": {
            "type": "object",
            "properties": {
                "signed_id": {"type": "string", "description": "The value of any field that takes a file."},
                "public_url": {"type": "string", "description": "The same, for fields that take a URL."},
                "direct_upload": put,
            },
            "required": ["signed_id", "public_url", "direct_upload"],
        },
    }


def _open() -> Operation:
    blob: dict[str, str | int | bool] = {
        "filename": "a.jpg", "byte_size": 1_024, "checksum": _EMPTY_MD5, "content_type": "image/jpeg",
    }  # fmt: skip
    return operation(
        id_="openUpload",
        tag="Uploads",
        summary="Open an upload",
        about="Then PUT the bytes to `direct_upload.url` with `direct_upload.headers`, within the hour, and give"
        " `signed_id` as the value of any field that takes a file, within the day.",
        parameters=[WORKSPACE, IDEMPOTENCY_KEY],
        requestBody={
            "required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Blob"}}},
        },
        responses={"200": answer("Where to send the file.", "DirectUpload", headers=REPLAYED)}
        | refusals.named(*BODY, *AUTHORISED, "InFlight", "InvalidQuote"),
        call=Call(method="POST", path="/api/direct_uploads", resource="blob", fields=blob),
    )  # fmt: skip
