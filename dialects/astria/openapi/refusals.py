"""The refusals as OpenAPI responses. Each example is what `errors.response` really answers to that refusal."""

from __future__ import annotations

import json
from typing import Any

from billing.ledger import InsufficientFunds
from billing.limits import TooManyUnfinished
from common.errors import Busy, Forbidden, InFlight, Invalid, KeyReused, NotFound, Refusal, Unauthenticated
from common.http_api import Malformed, MethodRefused, TooLarge, UnknownEncoding
from dialects.astria import deliveries, errors, prompts

Responses = dict[str, Any]
_JSON = "application/json"
_DEFECT = {"status": 500, "error": "Internal Server Error"}

_NO_MONEY = InsufficientFunds(balance_mc=4_000, amount_mc=14_000)
_BY_FIELD = Invalid({"video_duration": ["must be 5 or 10 seconds for kling25"], "video_prompt": ["can't be blank"]})
_REUSED = KeyReused("This Idempotency-Key was used for a different request.")
_NO_NUMBER = Invalid({"limit": ["is not a number"]})

# Name → (what it means, the schema of its body, the refusals that make its examples).
_TABLE: dict[str, tuple[str, str, dict[str, Refusal]]] = {
    "Malformed": (
        "The body is not what its Content-Type says.",
        "Problem",
        {"malformed": Malformed("The body could not be read as its Content-Type says.")},
    ),
    "TooDeep": (
        "`offset` is beyond the most that this list takes; page on with `before_id`.",
        "Problem",
        {"offset": errors.OffsetTooDeep(f"offset goes up to {prompts.OFFSET_MAX}; page with before_id instead")},
    ),
    "Forbidden": (
        "The key was made for less than this.",
        "Problem",
        {"scope": Forbidden("This key lacks the scope prompts:write.")},
    ),
    "NotFound": (
        "There is no such thing, or it is not yours: the two look alike. So does a workspace that is not one of yours.",
        "Problem",
        {"not_found": NotFound()},
    ),
    "MethodNotAllowed": (
        "The path exists, and does not answer to that method.",
        "Problem",
        {"method": MethodRefused("This path does not answer to that method.")},
    ),
    "InFlight": (
        "A request with the same `Idempotency-Key` is still being worked on. Send it again after `Retry-After`.",
        "Problem",
        {"in_flight": InFlight("A request with this Idempotency-Key is still being worked on.")},
    ),
    "StillTrying": (
        "The message is still being tried.",
        "Problem",
        {"still_trying": deliveries.StillTrying()},
    ),
    "TooLarge": (
        "The request is larger than this server takes.",
        "Problem",
        {"too_large": TooLarge("The request is too large.")},
    ),
    "UnknownEncoding": (
        "The Content-Type is none of the three.",
        "Problem",
        {"encoding": UnknownEncoding("Send JSON, a form, or multipart/form-data.")},
    ),
    "InvalidCreate": (
        "Some fields can't be accepted, or the balance does not cover the price. Nothing was created or charged.",
        "Invalid",
        {"by_field": _BY_FIELD, "no_money": _NO_MONEY, "key_reused": _REUSED},
    ),
    "TooManyUnfinished": (
        "The workspace has as many unfinished prompts and trainings as it may have here. Nothing was charged.",
        "Problem",
        {"unfinished": TooManyUnfinished(most=5)},
    ),
    "InvalidQuote": ("Some fields can't be accepted as they stand.", "Invalid", {"by_field": _BY_FIELD}),
    "InvalidQuery": ("A query parameter can't be read.", "Invalid", {"limit": _NO_NUMBER}),
    "Busy": (
        "The server has its hands full. Nothing was created or charged; send it again after `Retry-After`.",
        "Problem",
        {"busy": Busy("The server is busy; try again in a moment.")},
    ),
}
_STATUS_OF = {"Unauthenticated": 401, "Defect": 500} | {
    name: errors.response(next(iter(refusals.values()))).status_code for name, (_, _, refusals) in _TABLE.items()
}


def responses() -> Responses:
    """Every refusal under its name, for `components`."""
    return {
        "Unauthenticated": _unauthenticated(),
        **{name: _response(*line) for name, line in _TABLE.items()},
        "Defect": {
            "description": "A defect of the server; it has been logged. Send it again, with the same Idempotency-Key.",
            "content": {_JSON: {"schema": _ref("Problem"), "example": _DEFECT}},
        },
    }


def named(*names: str) -> Responses:
    """References to some of them, by status, as an operation lists them.

    :raises KeyError: no refusal of that name
    """
    return {str(_STATUS_OF[name]): {"$ref": f"#/components/responses/{name}"} for name in names}


def too_deep(offset_max: int) -> Responses:
    """The refusal of a list that counts no further than this."""
    about = f"`offset` ends at {offset_max:,} here; page on with `before_id`."
    return {status: ref | {"description": about} for status, ref in named("TooDeep").items()}


def status_of(name: str) -> int:
    return _STATUS_OF[name]


def _response(about: str, schema: str, refusals: dict[str, Refusal]) -> dict[str, Any]:
    answers = {name: errors.response(refusal) for name, refusal in refusals.items()}
    described: dict[str, Any] = {
        "description": about,
        "content": {
            _JSON: {
                "schema": _ref(schema),
                "examples": {name: {"value": json.loads(answer.content)} for name, answer in answers.items()},
            }
        },
    }
    if any("Retry-After" in answer for answer in answers.values()):
        described["headers"] = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}
    return described


def _unauthenticated() -> dict[str, Any]:
    """Plain text, unlike all the others: old clients match on it."""
    answer = errors.response(Unauthenticated())
    return {
        "description": "The key is missing, wrong, expired or revoked. Plain text.",
        "headers": {
            "WWW-Authenticate": {"schema": {"type": "string"}, "example": answer["WWW-Authenticate"]},
        },
        "content": {"text/plain": {"schema": {"type": "string"}, "example": answer.content.decode()}},
    }


def _ref(schema: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{schema}"}
