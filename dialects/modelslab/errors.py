"""Refusals as ModelsLab's clients read them: `status`, `message`, the same under its old misspelling, and a `tip`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse

from common.errors import Invalid, Refusal, TryLater

_STATUS = {
    "unauthenticated": 401,
    "insufficient_funds": 402,
    "forbidden": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "in_flight": 409,
    "too_large": 413,
    "idempotency_mismatch": 422,
    "too_many_unfinished": 429,
}
# What ModelsLab's documentation has codes for, and its servers often answer as 200 (MODELSLAB_ERRORS_AS_200).
_DOCUMENTED = frozenset({400, 401, 402, 403, 404, 429})
_TIP = {
    "unauthenticated": "Send your key as `key` in the body, or as a Bearer token.",
    "insufficient_funds": "Add funds to your wallet and send the request again; nothing was charged.",
    "malformed": "Send a JSON object with the header Content-Type: application/json.",
    "too_many_unfinished": "Wait until some of your requests have ended.",
}
# The product's words for what this API calls otherwise.
_WIRE = {
    "text": "prompt",
    "video_prompt": "prompt",
    "video_first_frame": "init_image",
    "video_model": "model_id",
    "frames_per_second": "fps",
}
_ABOUT_PICTURES = "init_image has to be the address of a picture that can be read without signing in, or a data URL."


def response(error: Refusal) -> HttpResponse:
    """The documented status, or 200 where the installation answers as ModelsLab's servers often do."""
    later = error if isinstance(error, TryLater) else None
    status = _STATUS.get(error.code, 503 if later else 400)
    body = refused(_message(error), tip=_tip(error))
    if later:
        body["retry_after"] = later.retry_after
    as_200 = settings.MODELSLAB_ERRORS_AS_200 and status in _DOCUMENTED
    answer = JsonResponse(body, status=200 if as_200 else status)
    if later:
        answer["Retry-After"] = str(later.retry_after)
    return answer


def refused(message: str, *, tip: str = "") -> dict[str, Any]:
    """The body of every error."""
    return {"status": "error", "message": message, "messege": message, **({"tip": tip} if tip else {})}


def _message(error: Refusal) -> str:
    if not isinstance(error, Invalid) or error.code != Invalid.code:
        return error.message
    told = [_told(field, message) for field, messages in error.errors.items() for message in messages]
    return "; ".join(dict.fromkeys(told))  # a text may be wrong twice, as the picture's and as the clip's


def _told(field: str, message: str) -> str:
    return message if field == "base" else f"{_WIRE.get(field, field)} {message}"


def _tip(error: Refusal) -> str:
    if isinstance(error, Invalid) and "video_first_frame" in error.errors:
        return _ABOUT_PICTURES
    return _TIP.get(error.code, "")
