"""What every view of this dialect shares: fal's keys, bodies, request ids and errors."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from typing import Any, NoReturn

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from accounts import authentication
from accounts.models import Caller
from common.errors import Refusal
from common.http_api import ApiView, Malformed, gather
from dialects.fal import errors
from dialects.fal.hosts import public_origin, queue_base

BODY_DEPTH_MAX = 32


class FalView(ApiView):
    parser_classes: list[Any] = []  # bodies are JSON whatever their Content-Type says, and read by `body`
    exposed_headers = (
        "x-fal-request-id", "x-fal-request-timeout-type", "x-fal-error-type", "x-fal-billable-units", "etag",
    )  # fmt: skip

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.request_id = uuid.uuid4()
        return super().dispatch(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """By the request id, clients tell our answers from those of a proxy in front, which they would ask again."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response.setdefault("x-fal-request-id", str(self.request_id))
        return response

    def refuse(self, error: Refusal) -> HttpResponse:
        return errors.response(error)

    def queue_base(self) -> str:
        """What the addresses of the queue begin with, as this caller reached us."""
        return queue_base(self.request._request)


def caller_of(request: Request, *, scope: str) -> Caller:
    """By `Authorization: Key …` or `Bearer …`. Clients with an id and a secret send both with a colon between them; a
    key of ours is the secret.

    :raises Unauthenticated: no good key
    :raises Forbidden: the key lacks the scope
    """
    known: Caller | None = getattr(request._request, "fal_caller", None)  # the proxy asked already
    if known is None:
        text = authentication.credentials(request, "Key", "Bearer").rpartition(":")[2]
        known = authentication.caller_with(text, request, dialect="fal")
    authentication.require_scope(known, scope)
    return at_our_name(known, request._request)


def at_our_name(caller: Caller, request: HttpRequest) -> Caller:
    """Files are read under the server's own name, not under its queue's."""
    return replace(caller, origin=public_origin(request))


def body(request: Request) -> dict[str, Any]:
    """The body as a JSON object; empty is an empty one.

    :raises Malformed: it is no JSON object, or too deep
    """
    gather(request)
    try:
        tree = json.loads(request.body.decode("utf-8-sig") or "{}", parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is not valid JSON.") from error
    if not isinstance(tree, dict) or not _is_shallow(tree):
        raise Malformed("The body has to be a JSON object.")
    return tree


def answer(shown: Any, *, status: int = 200) -> JsonResponse:
    return JsonResponse(shown, status=status, safe=False)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _is_shallow(tree: Any) -> bool:
    level = [tree]
    for _ in range(BODY_DEPTH_MAX):
        inner = [list(each.values()) if isinstance(each, dict) else each for each in level]
        level = [value for values in inner for value in values if isinstance(value, dict | list)]
        if not level:
            return True
    return False
