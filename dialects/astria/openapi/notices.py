"""What our server sends to yours: the signed callback at the end of a prompt."""

from __future__ import annotations

from typing import Any

_HEADERS = {
    "webhook-id": "The message's id, the same on every attempt: a message may arrive twice.",
    "webhook-timestamp": "When this attempt was made, in seconds since 1970. Refuse what is older than five minutes.",
    "webhook-signature": "`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`. Several, separated by blanks,"
    " while a secret is being replaced.",
}


def prompt_ended() -> dict[str, Any]:
    """The `callbacks` of a create operation."""
    body = {
        "type": "object",
        "required": ["prompt"],
        "properties": {"prompt": {"$ref": "#/components/schemas/Prompt"}},
    }
    post = {
        "operationId": "promptEnded",
        "summary": "The prompt has ended",
        "description": "Sent for failures too, then with `user_error`; never after a DELETE. The URL's query string"
        " arrives as it was given. Redirects are not followed.",
        "security": [],
        "parameters": [_header(name, about) for name, about in _HEADERS.items()],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "2XX": {"description": "Taken."},
            "410": {"description": "Gone: no more attempts are made."},
            "default": {
                "description": "Tried again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, or later if"
                " the answer has a `Retry-After`. No answer within 15 s counts as one of these."
            },
        },
    }
    return {"promptEnded": {"{$request.body#/prompt/callback}": {"post": post}}}


def _header(name: str, about: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "description": about, "schema": {"type": "string"}}
