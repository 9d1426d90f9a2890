"""Refusals as fal's clients read them: 422 is a list of what is wrong where, everything else a `detail` and a word.

A lasting no is never 408, 409 or 429: clients send those again, ten times, and without an idempotency key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse, JsonResponse

from common.errors import Invalid, Refusal, TryLater

_TYPES_AT = "https://docs.fal.ai/model-apis/errors#"  # where fal describes the types
# Our fields by fal's names; what is none of them is the request as a whole.
WHERE: Mapping[str, tuple[str, ...]] = {
    "video_prompt": ("body", "prompt"),
    "text": ("body", "prompt"),
    "video_first_frame": ("body", "image_url"),
    "video_last_frame": ("body", "end_image_url"),
    "video_duration": ("body", "duration"),
    "video_audio": ("body", "generate_audio"),
    "callback": ("query", "fal_webhook"),
    "fal_max_queue_length": ("query", "fal_max_queue_length"),
    **{name: ("header", name) for name in ("X-Fal-Request-Timeout", "X-Fal-Object-Lifecycle-Preference")},
    **{name: ("body", name) for name in ("parts", "file", "part")},
    **{name: ("body", name) for name in ("negative_prompt", "num_frames", "frames_per_second", "seed", "aspect_ratio")},
}
_REASONS = {
    "unreachable": "file_download_error",
    "too_large": "file_too_large",
    "unusable": "image_load_error",
    "damaged": "image_load_error",
    "too_heavy": "image_load_error",
    "not_image": "unsupported_image_format",
    "image_small": "image_too_small",
    "image_side": "image_too_large",
    "image_pixels": "image_too_large",
}
# (HTTP, error_type) by our codes.
_PLATFORM = {
    "unauthenticated": (401, "auth_error"),
    "forbidden": (403, "auth_error"),
    "insufficient_funds": (403, "auth_error"),
    "not_found": (404, "not_found"),
    "method_not_allowed": (405, "bad_request"),
    "too_large": (413, "bad_request"),
    "malformed": (400, "bad_request"),
    "idempotency_mismatch": (422, "bad_request"),
    "in_flight": (409, "bad_request"),
    "too_many_waiting": (429, "bad_request"),
    "queue_too_long": (429, "bad_request"),
    "too_many_unfinished": (429, "bad_request"),
    "client_disconnected": (499, "client_disconnected"),
    "blocked": (422, "content_policy_violation"),
}
_LOCKED = "User is locked. Reason: Exhausted balance. Add funds to your wallet to continue."
INPUT_SHOWN, INPUT_FIELDS = 200, 50  # characters and fields of what was sent


class Unacceptable(Refusal):
    """The body does not fit the endpoint's schema."""

    code = "unacceptable"

    def __init__(self, faults: Sequence[Mapping[str, Any]]) -> None:
        """`faults`: as pydantic lists them."""
        super().__init__("The body does not fit the endpoint's schema.")
        self.faults = faults


def response(error: Refusal) -> HttpResponse:
    if isinstance(error, Unacceptable):
        return _detailed([_fault(fault) for fault in error.faults])
    if isinstance(error, Invalid) and error.code == Invalid.code:
        return _detailed(_of_fields(error))
    if error.code == "blocked":
        return _detailed([detail(("body", "prompt"), error.message, "content_policy_violation")])
    status, kind = _PLATFORM.get(error.code, (503, "runner_scheduling_failure"))
    return platform(
        status, _LOCKED if error.code == "insufficient_funds" else error.message, kind,
        retry_after=error.retry_after if isinstance(error, TryLater) else None,
    )  # fmt: skip


def platform(status: int, text: str, kind: str, *, retry_after: int | None = None) -> JsonResponse:
    """An error of the house's, not of the model's. `message` besides `detail` is what the JavaScript client shows."""
    answer = JsonResponse({"detail": text, "message": text, "error_type": kind}, status=status)
    answer["x-fal-error-type"] = kind
    if retry_after is not None:
        answer["Retry-After"] = str(retry_after)
    return answer


def detail(loc: Sequence[str | int], message: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"loc": list(loc), "msg": message, "type": kind, "url": _TYPES_AT + kind, **more}


def model_error(status: int, details: Sequence[Mapping[str, Any]]) -> JsonResponse:
    """An error of the model's."""
    shown = [f"{'.'.join(str(step) for step in one['loc'][1:]) or 'request'}: {one['msg']}" for one in details]
    answer = JsonResponse({"detail": list(details), "message": "; ".join(shown)}, status=status)
    answer["x-fal-retryable"] = "false"
    return answer


def _detailed(details: Sequence[Mapping[str, Any]]) -> JsonResponse:
    return model_error(422, details)


def _of_fields(error: Invalid) -> list[dict[str, Any]]:
    return [
        detail(WHERE.get(field, ("body",)), message, _REASONS.get(error.reasons.get(field, ""), "value_error"))
        for field, messages in error.errors.items()
        for message in messages
    ]


def _fault(fault: Mapping[str, Any]) -> dict[str, Any]:
    kind = {"literal_error": "one_of"}.get(fault["type"], fault["type"])
    more: dict[str, Any] = {"input": _short(fault.get("input"))}
    if "ctx" in fault:
        more["ctx"] = {name: _short(value) for name, value in fault["ctx"].items()}
    return detail(("body", *fault["loc"]), fault["msg"], kind, **more)


def _short(value: Any) -> Any:
    """As it was sent, unless it is long: pictures come as text."""
    if isinstance(value, dict):
        return {str(name)[:INPUT_SHOWN]: _short(each) for name, each in list(value.items())[:INPUT_FIELDS]}
    if isinstance(value, list):
        return [_short(each) for each in value[:INPUT_FIELDS]]
    if value is None or isinstance(value, bool) or (isinstance(value, int | float) and abs(value) < 2**53):
        return value
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= INPUT_SHOWN else f"{text[:INPUT_SHOWN]}…"
