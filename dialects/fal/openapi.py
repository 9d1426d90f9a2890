"""How an endpoint describes itself: OpenAPI as fal publishes it, and the page of text that goes with it."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from common.money import cents_of_mc
from dialects.fal import inputs
from dialects.fal.base import FalView, answer
from dialects.fal.endpoints import Endpoint
from dialects.fal.hosts import QUEUE, RUN, public_origin
from dialects.fal.requests import endpoint_of

Schema = dict[str, Any]
_REF = "#/components/schemas/"
_ID = {"name": "request_id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
_LOGS = {"name": "logs", "in": "query", "required": False, "schema": {"type": "number"}}
_FILE: Schema = {
    "title": "File", "type": "object", "required": ["url"],
    "properties": {
        "url": {"type": "string"}, "content_type": {"type": "string"}, "file_name": {"type": "string"},
        "file_size": {"type": "integer"},
    },
}  # fmt: skip
_QUEUE_STATUS: Schema = {
    "type": "object", "required": ["status", "request_id"],
    "properties": {
        "status": {"type": "string", "enum": ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]},
        "request_id": {"type": "string"}, "response_url": {"type": "string"}, "status_url": {"type": "string"},
        "cancel_url": {"type": "string"}, "logs": {}, "metrics": {}, "queue_position": {"type": "integer"},
        "error": {"type": "string"}, "error_type": {"type": "string"},
    },
}  # fmt: skip

_CANCELLED: Schema = {
    "type": "object", "required": ["status", "success"],
    "properties": {
        "status": {"type": "string", "enum": ["CANCELLATION_REQUESTED", "ALREADY_COMPLETED", "NOT_FOUND"]},
        "success": {"type": "boolean"}, "detail": {"type": "string"},
    },
}  # fmt: skip


class OpenApi(FalView):
    def get(self, request: Request) -> HttpResponse:
        found = endpoint_of(request.query_params.get("endpoint_id", ""), now=timezone.now())
        response = answer(document(found, origin=public_origin(request._request)))
        response["Access-Control-Allow-Origin"] = "*"
        return response


class ModelText(FalView):
    def get(self, request: Request, endpoint: str) -> HttpResponse:
        found = endpoint_of(endpoint, now=timezone.now())
        return HttpResponse(
            text(found, origin=public_origin(request._request)), content_type="text/plain; charset=utf-8"
        )


def document(endpoint: Endpoint, *, origin: str) -> dict[str, Any]:
    takes = endpoint.input.model_json_schema(ref_template=_REF + "{model}")
    takes["properties"] = {name: _older(field) for name, field in takes["properties"].items()}
    takes["x-fal-order-properties"] = list(takes["properties"])
    gives = takes["title"].removesuffix("Input") + "Output"
    output: Schema = {
        "title": gives, "type": "object", "required": ["video", "seed"],
        "properties": {"video": {"$ref": _REF + "File"}, "seed": {"type": "integer"}},
        "x-fal-order-properties": ["video", "seed"],
    }  # fmt: skip
    own = f"/{endpoint.id}"
    request = f"{own}/requests/{{request_id}}"
    return {
        "openapi": "3.0.4",
        "info": {
            "title": f"Queue OpenAPI for {endpoint.id}", "version": "1.0.0",
            "description": f"{endpoint.title}. {_price(endpoint)}",
            "x-fal-metadata": {
                "endpointId": endpoint.id, "category": "image-to-video", "thumbnailUrl": "", "playgroundUrl": "",
                "documentationUrl": f"{origin}/fal/models/{endpoint.id}/llms.txt",
            },
        },
        "servers": [{"url": origin + QUEUE}],
        "security": [{"apiKeyAuth": []}],
        "components": {
            "securitySchemes": {
                "apiKeyAuth": {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Key …"},
            },
            "schemas": {
                "QueueStatus": _QUEUE_STATUS, "Cancelled": _CANCELLED, "File": _FILE,
                takes["title"]: takes, gives: output,
            },
        },
        "paths": {
            own: {"post": {"requestBody": {"required": True, **_json(takes["title"])}, **_answers("QueueStatus")}},
            request: {"get": {"parameters": [_ID], **_answers(gives)}},
            f"{request}/status": {"get": {"parameters": [_ID, _LOGS], **_answers("QueueStatus", 200, 202)}},
            f"{request}/cancel": {"put": {"parameters": [_ID], **_answers("Cancelled", 202, 400, 404)}},
        },
    }  # fmt: skip


def _older(field: Schema) -> Schema:
    """A field as OpenAPI 3.0 has it: pydantic writes 3.1."""
    older = {name: value for name, value in field.items() if name not in ("anyOf", "examples")}
    if "examples" in field:
        older["example"] = field["examples"][0]
    kinds: list[Schema] = [one for one in field.get("anyOf", ()) if one != {"type": "null"}]
    return older | ({**kinds[0], "nullable": True} if kinds else {})


def text(endpoint: Endpoint, *, origin: str) -> str:
    """For people and language models who would rather read than parse."""
    fields = endpoint.input.model_json_schema()
    needed = fields.get("required", [])
    lines = [
        f"# {endpoint.title}", "",
        f"- Endpoint: `{origin}{RUN}/{endpoint.id}`",
        f"- Queue: `{origin}{QUEUE}/{endpoint.id}`",
        f"- Model ID: `{endpoint.id}`",
        f"- Price: {_price(endpoint)}",
        *(["- Engine: a preview engine stands in for this model on this server."] if endpoint.preview else []),
        "", "## Input", "",
        *(f"- `{name}` ({_told(field)}{', required' if name in needed else ''}){_about(field)}"
          for name, field in fields["properties"].items()),
        "", "## Output", "", "- `video`: `url`, `content_type`, `file_name`, `file_size`", "- `seed` (integer)", "",
        "## Example", "", "```sh",
        f'curl -X POST {origin}{RUN}/{endpoint.id} -H "Authorization: Key $FAL_KEY" \\',
        f"  -H 'Content-Type: application/json' --data '{json.dumps(inputs.EXAMPLE)}'", "```", "",
    ]  # fmt: skip
    return "\n".join(lines)


def _price(endpoint: Endpoint) -> str:
    told = []
    for resolution, offer in endpoint.rows.items():
        at = f" at {resolution}" if resolution else f" for {offer.base_seconds} s"
        told.append(f"{cents_of_mc(offer.base_cost_mc):g}¢{at}")
    first = next(iter(endpoint.rows.values()))
    if first.surcharge_above_frames and first.surcharge != (1, 1):
        factor = first.surcharge[0] / first.surcharge[1]
        return f"{', '.join(told)}; ×{factor:g} above {first.surcharge_above_frames} frames."
    return f"{', '.join(told)}; longer clips in proportion."


def _told(field: Schema) -> str:
    """Its type, choices, range and default."""
    kinds = [one.get("type") for one in field.get("anyOf", [field])]
    told = " or ".join(str(kind) for kind in kinds if kind)
    if "enum" in field:
        told += ": " + ", ".join(str(choice) for choice in field["enum"])
    if "minimum" in field and "maximum" in field:
        told += f", {field['minimum']:g} to {field['maximum']:g}"
    if field.get("default") not in (None, ""):
        told += f", default {json.dumps(field['default'])}"
    return told


def _about(field: Schema) -> str:
    return f": {field['description']}" if "description" in field else ""


def _json(schema: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": _REF + schema}}}}


def _answers(schema: str, *codes: int) -> dict[str, Any]:
    return {"responses": {str(code): {"description": "As described.", **_json(schema)} for code in codes or (200,)}}
