"""What our server sends to yours: the signed callbacks at the end of a prompt, of a training, of all its prompts."""

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
    post = _post("promptEnded", "The prompt has ended", "prompt", {"$ref": "#/components/schemas/Prompt"})
    return {"promptEnded": {"{$request.body#/prompt/callback}": {"post": post}}}


def tune_ended() -> dict[str, Any]:
    """The `callbacks` of making a tune."""
    tune = _post("tuneEnded", "The training has ended", "tune", {"$ref": "#/components/schemas/Tune"})
    many = {"type": "array", "items": {"$ref": "#/components/schemas/Prompt"}}
    prompts = _post("promptsEnded", "All prompts of the tune have ended", "prompts", many)
    return {
        "tuneEnded": {"{$request.body#/tune/callback}": {"post": tune}},
        "promptsEnded": {"{$request.body#/tune/prompts_callback}": {"post": prompts}},
    }


def _post(id_: str, summary: str, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    body = {"type": "object", "required": [name], "properties": {name: schema}}
    return {
        "operationId": id_,
        "summary": summary,
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


def _header(name: str, about: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "description": about, "schema": {"type": "string"}}
