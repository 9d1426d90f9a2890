"""What every view of this dialect shares: lenient bodies, the key in the body or a Bearer token, ModelsLab's errors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request

from accounts import authentication
from accounts.models import Caller
from common.errors import Refusal, Unauthenticated
from common.http_api import JSON, ApiView, Malformed, form_of, gather, is_json
from dialects.modelslab import errors

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class ModelsLabView(ApiView):
    parser_classes = [FormParser, MultiPartParser]  # JSON is read by `body`, whatever it says that it is

    def dispatch(self, request: HttpRequest, *args: Any, **ids: Any) -> HttpResponseBase:
        """Clients send their JSON under any type, or none; only forms are what they say."""
        if request.content_type not in _FORMS:
            request.META["CONTENT_TYPE"] = JSON
        return super().dispatch(request, *args, **ids)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """What `curl -d` sends is JSON under a form's name; from here on it has its own, for Idempotency-Keys too."""
        super().initial(request, *args, **kwargs)
        if request.content_type == _FORMS[0]:
            gather(request)
            if request.body.lstrip().startswith(b"{"):
                request.META["CONTENT_TYPE"] = JSON

    def refuse(self, error: Refusal) -> HttpResponse:
        return errors.response(error)

    def workspace_of(self, caller: Caller) -> int:
        """Of views that create: where an Idempotency-Key is looked for."""
        return caller.workspace_id


def body(request: Request) -> dict[str, Any]:
    """The fields of the body.

    :raises Malformed: neither a JSON object nor a form
    """
    gather(request)
    if (request.content_type or "").startswith("multipart/"):
        return dict(form_of(request).items())
    if is_json(request):
        return _object(request.body)
    return dict(form_of(request).items())


def _object(text: bytes) -> dict[str, Any]:
    try:
        tree = json.loads(text.decode("utf-8-sig") or "{}", parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        tree = None
    if not isinstance(tree, dict):
        raise Malformed("Invalid API Request")
    return tree


def _refuse_constant(name: str) -> None:
    """NaN and the infinities, which Python reads and JSON does not have.

    :raises ValueError: always
    """
    raise ValueError(name)


def caller_of(request: Request, fields: Mapping[str, Any], *, scope: str) -> Caller:
    """Who asks, by the body's `key`, else by a Bearer token.

    :raises Unauthenticated: no key, or not a good one
    :raises Forbidden: the key lacks the scope
    :raises NotFound: the workspace header names none of the user's
    """
    key = str(fields.get("key") or "").strip() or _bearer(request)
    try:
        caller = authentication.caller_with(str(key), request, dialect="modelslab")
    except Unauthenticated:
        raise Unauthenticated("Invalid API key") from None
    authentication.require_scope(caller, scope)
    return caller


def _bearer(request: Request) -> str:
    try:
        return authentication.credentials(request, "Bearer")
    except Unauthenticated:
        raise Unauthenticated("API key required") from None
