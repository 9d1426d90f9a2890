"""The operations on what your server was told."""

from __future__ import annotations

from typing import Any

from dialects.astria.deliveries import OFFSET_MAX
from dialects.astria.openapi import refusals
from dialects.astria.openapi.operations import AUTHORISED, WORKSPACE, Operation, answer, many, operation, query, window
from dialects.astria.openapi.samples import Call

Schema = dict[str, Any]
_ID = {"name": "delivery_id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}}


def paths() -> dict[str, dict[str, Operation]]:
    return {
        "/callbacks": {"get": _list()},
        "/callbacks/{delivery_id}": {"get": _get()},
        "/callbacks/{delivery_id}/resend": {"post": _resend()},
        "/callbacks/secret": {"get": _secret(), "post": _rotate()},
    }


def schemas() -> dict[str, Schema]:
    integer, text, moment = {"type": "integer"}, {"type": "string"}, {"type": ["string", "null"], "format": "date-time"}
    shown: dict[str, Schema] = {
        "id": integer,
        "webhook_id": {"type": "string", "description": "As in the header: the same on every attempt."},
        "kind": {"enum": ["prompt", "tune", "prompts", "order"], "description": "What it is about."},
        "ref": {"type": "integer", "description": "The id of that; of `prompts`, the tune's."},
        "url": text,
        "status": {"enum": ["queued", "running", "succeeded", "failed"]},
        "tries": integer,
        "answer_status": {"type": ["integer", "null"], "description": "HTTP, of the latest attempt."},
        "last_error": {"type": ["string", "null"]},
        "next_at": moment, "created_at": moment, "delivered_at": moment,
    }  # fmt: skip
    whole = shown | {"body": {"type": "string", "description": "What was sent, to the byte."}}
    return {
        "Delivery": {"type": "object", "properties": shown, "required": list(shown)},
        "DeliveryDetail": {"type": "object", "properties": whole, "required": list(whole)},
        "SigningSecret": {"type": "object", "properties": {"secret": text}, "required": ["secret"]},
    }


def _list() -> Operation:
    return operation(
        id_="listCallbacks", tag="Messages", summary="List messages",
        about="What your server was told, newest first, as a bare array.",
        parameters=[
            *window(OFFSET_MAX), query("kind", "string", "Only `prompt`, `tune`, `prompts` or `order`."),
            query("ref", "integer", "Only about the object with this id."),
            query("status", "string", "Only `queued`, `running`, `succeeded` or `failed`."), WORKSPACE,
        ],
        responses={"200": many("Messages.", "Delivery")}
        | refusals.too_deep(OFFSET_MAX) | refusals.named(*AUTHORISED, "InvalidQuery"),
        call=Call(method="GET", path="/callbacks"),
    )  # fmt: skip


def _get() -> Operation:
    return operation(
        id_="getCallback", tag="Messages", summary="Retrieve a message", about="With its body.",
        parameters=[_ID, WORKSPACE],
        responses={"200": answer("The message.", "DeliveryDetail")} | refusals.named(*AUTHORISED),
        call=Call(method="GET", path="/callbacks/1"),
    )  # fmt: skip


def _resend() -> Operation:
    return operation(
        id_="resendCallback", tag="Messages", summary="Send a message again",
        about="One that was taken or given up, with its schedule from the start; under the same `webhook-id`.",
        parameters=[_ID, WORKSPACE],
        responses={"202": answer("It is on its way.", "Delivery")} | refusals.named(*AUTHORISED, "StillTrying"),
        call=Call(method="POST", path="/callbacks/1/resend"),
    )  # fmt: skip


def _secret() -> Operation:
    return operation(
        id_="getSigningSecret", tag="Messages", summary="The signing secret",
        about="What your messages are signed with.", parameters=[WORKSPACE],
        responses={"200": answer("The secret.", "SigningSecret")} | refusals.named(*AUTHORISED),
        call=Call(method="GET", path="/callbacks/secret"),
    )  # fmt: skip


def _rotate() -> Operation:
    return operation(
        id_="rotateSigningSecret", tag="Messages", summary="Replace the signing secret",
        about="The old one signs on for 24 hours, beside the new one.", parameters=[WORKSPACE],
        responses={"201": answer("The new secret.", "SigningSecret")} | refusals.named(*AUTHORISED),
        call=Call(method="POST", path="/callbacks/secret"),
    )  # fmt: skip
