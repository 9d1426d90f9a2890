"""Refusals as Astria's clients read them: 422 maps fields to messages, 401 is plain text, the rest status + error."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse

from common.errors import Invalid, Refusal, TryLater

# Clients look for this phrase (/not enough balance/i) to send their user to the top-up page.
NOT_ENOUGH = "Not enough balance. Add funds to continue."

_STATUS = {
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "in_flight": 409,
    "still_trying": 409,
    "too_large": 413,
    "unsupported_media_type": 415,
    "idempotency_mismatch": 422,
    "insufficient_funds": 422,
    "too_many_unfinished": 429,
    "malformed": 400,
    "offset_too_deep": 400,
}
_REASON = {
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    429: "Too Many Requests",
    503: "Service Unavailable",
}


class OffsetTooDeep(Refusal):
    """Lists end being counted somewhere; from there on they are paged by key."""

    code = "offset_too_deep"


def response(error: Refusal) -> HttpResponse:
    if isinstance(error, Invalid) and error.code == Invalid.code:
        return JsonResponse(error.errors, status=422)
    if error.code == "unauthenticated":
        return _unauthenticated()
    if error.code == "insufficient_funds":
        return JsonResponse({"base": [NOT_ENOUGH]}, status=422)
    if error.code == "not_found":  # a foreign id and a missing one have to look alike, byte for byte
        return JsonResponse({"status": 404, "error": "Not Found"}, status=404)
    return _with_status(error)


def _with_status(error: Refusal) -> HttpResponse:
    later = error if isinstance(error, TryLater) else None
    status = _STATUS.get(error.code, 503 if later else 422)
    if status == 422:
        return JsonResponse({"base": [error.message]}, status=422)
    body = {"status": status, "error": _REASON.get(status, error.message), "message": error.message}
    answer = JsonResponse(body, status=status)
    if later:
        answer["Retry-After"] = str(later.retry_after)
    return answer


def _unauthenticated() -> HttpResponse:
    answer = HttpResponse("HTTP Token: Access denied.\n", status=401, content_type="text/plain; charset=utf-8")
    answer["WWW-Authenticate"] = 'Token realm="Application"'
    return answer
