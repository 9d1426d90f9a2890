"""What every view of this dialect shares: bearer keys, Rails-style bodies, Astria's error bodies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request

from accounts import authentication
from accounts.models import Caller
from common.errors import Invalid, Refusal
from common.http_api import ApiView, form_of, gather, is_json
from dialects.astria import errors, params
from dialects.astria.parsers import FormParser, MultiPartParser

LIMIT_DEFAULT, LIMIT_MAX = 20, 120
WORKSPACE = "workspace_id"


class AstriaView(ApiView):
    parser_classes = [FormParser, MultiPartParser]  # JSON is read by `body`, which knows what is too deep

    def dispatch(self, request: HttpRequest, **ids: str) -> HttpResponseBase:
        """The ids of the path are digits, and views get them as numbers; a name stays a name."""
        return super().dispatch(request, **{key: id_ if key == "name" else int(id_) for key, id_ in ids.items()})

    def refuse(self, error: Refusal) -> HttpResponse:
        return errors.response(error)

    def workspace_of(self, caller: Caller) -> int:
        """Of views that create: where an Idempotency-Key is looked for."""
        return caller.workspace_id


def caller_of(request: HttpRequest | Request, *, scope: str) -> Caller:
    """
    :raises Unauthenticated: no good key
    :raises Forbidden: the key lacks the scope
    :raises NotFound: the workspace header names none of the user's
    """
    caller = authentication.caller_of(request, scheme="Bearer", dialect="astria")
    authentication.require_scope(caller, scope)
    return caller


def body(request: Request) -> dict[str, Any]:
    """The body as a tree, whichever way it was sent.

    :raises NotJson: it says that it is, and isn't
    :raises Invalid: its shape
    """
    gather(request)
    if is_json(request):
        if len(request.body) < int(request.META.get("CONTENT_LENGTH") or 0):  # cut off, and by chance still JSON
            raise params.NotJson
        return params.json_object(request.body)
    form = form_of(request)
    if any(name.lstrip().startswith("{") for name in form):  # what `curl -d` makes of JSON
        raise Invalid({"base": ["looks like JSON; send it with Content-Type: application/json"]})
    return params.nest(params.dealt(getattr(request, "pairs", ())))


def in_its_workspace(caller: Caller, fields: Mapping[str, Any]) -> Caller:
    """`prompt[workspace_id]` is the same choice as the header, and the nearer one.

    :raises Invalid: no number
    :raises NotFound: none of the user's
    """
    wanted = params.as_int(fields.get(WORKSPACE), field=WORKSPACE)
    return caller if wanted is None else authentication.in_workspace(caller, wanted=str(wanted))


def moments(fields: Mapping[str, Any], *names: str) -> dict[str, datetime | None]:
    """Switches on the wire that are moments inside: `public` as `public_at`. What is not given is not in it.

    :raises Invalid: one that can't be read
    """
    told = {name: params.as_bool(fields.get(name), field=name) for name in names}
    return {f"{name}_at": timezone.now() if is_on else None for name, is_on in told.items() if is_on is not None}


def window(request: Request, *, offset_max: int) -> dict[str, Any]:
    """`limit`, `before_id` and `offset` of a list.

    :raises Invalid: one that is no number
    :raises OffsetTooDeep: from there on, page by `before_id`
    """
    query = request.query_params
    limit = params.as_int(query.get("limit"), field="limit")
    offset = params.as_int(query.get("offset"), field="offset") or 0
    if offset > offset_max:
        raise errors.OffsetTooDeep(f"offset goes up to {offset_max}; page with before_id instead")
    return {
        "limit": min(max(LIMIT_DEFAULT if limit is None else limit, 1), LIMIT_MAX),
        "before_id": params.as_int(query.get("before_id"), field="before_id"),
        "offset": max(offset, 0),
    }


def paged(request: Request, *, offset_max: int) -> dict[str, Any]:
    """The window of a list of tunes; old clients count `page` from 1 instead of skipping by `offset`.

    :raises Invalid, OffsetTooDeep: as `window`
    """
    found = window(request, offset_max=offset_max)
    page = params.as_int(request.query_params.get("page"), field="page")
    if page is None or page < 1 or found["offset"]:
        return found
    return found | {"offset": min((page - 1) * found["limit"], offset_max + found["limit"])}


_NAMES = re.compile(r"name(?:\[[0-9]{0,3}\])?|class_type")


def names(query: QueryDict) -> list[str]:
    """The classes that a list of tunes is narrowed to: `name`, `name[]`, `name[0]`, or `class_type` of old clients."""
    return [name for key, values in query.lists() if _NAMES.fullmatch(key) for name in values if name]


def answer(body: Any, *, status: int = 200) -> JsonResponse:
    return JsonResponse(body, status=status, safe=False)
