"""`/api/fal/proxy`: where fal's JavaScript client sends its calls when it is told to go through a proxy.

The real address comes in a header. It is resolved to a view of ours; no connection to it is ever opened. Who asks is
known by a key, or, to a page of this very server, by the session: fal's clients put no key into browsers.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt

from accounts.authentication import caller_of_session, origin_of
from common.errors import Unauthenticated
from common.http_api import PREFLIGHT
from dialects.fal import errors
from dialects.fal.hosts import QUEUE, RUN

TARGET = "x-fal-target-url"
_UNDER = {"fal.run": RUN, "queue.fal.run": QUEUE, "rest.fal.ai": "/fal", "rest.alpha.fal.ai": "/fal"}
_CDN = re.compile(r"(?:v\d+[a-z]?\.)?fal\.media")
_PREFLIGHT = PREFLIGHT | {
    "Access-Control-Allow-Headers": f"{PREFLIGHT['Access-Control-Allow-Headers']}, {TARGET}",
}
_QUEUE_BASE = "https://queue.fal.run"  # what a caller behind the proxy knows us by


@csrf_exempt  # sessions are believed to pages of ours only: see `_is_own_page`
def proxy(request: HttpRequest) -> HttpResponseBase:
    if request.method == "OPTIONS":  # pages of other origins may come with a key
        return HttpResponse(status=204, headers=_PREFLIGHT)
    path, query = _ours(request.headers.get(TARGET, ""))
    try:
        match = resolve(path)
    except Resolver404:
        match = None
    if match is None or not str(match.url_name).startswith("fal-") or match.func is proxy:
        return HttpResponse(f"Invalid {TARGET}", status=400, content_type="text/plain")
    if "Authorization" not in request.headers and (refusal := _sign_in(request)):
        return refusal
    request.path_info = request.path = path
    request.META["QUERY_STRING"] = query
    request.__dict__.pop("GET", None)  # read from the line above
    request.resolver_match = match
    request.fal_queue_base = _QUEUE_BASE  # type: ignore[attr-defined]  # read by `hosts.queue_base`
    answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    return answer


def _ours(target: str) -> tuple[str, str]:
    """Path and query of ours for an address of fal's; an empty path for anybody else's."""
    try:
        parts = urlsplit(target)
        host = parts.hostname or ""
    except ValueError:
        return "", ""
    under = "/fal" if _CDN.fullmatch(host) else _UNDER.get(host)
    if parts.scheme != "https" or under is None or parts.username or "\x00" in target:
        return "", ""
    return under + parts.path, parts.query


def _sign_in(request: HttpRequest) -> HttpResponse | None:
    """Let the session stand for a key, if a page of ours asks; the refusal otherwise."""
    if not {"Origin", "Sec-Fetch-Site"} & request.headers.keys():  # no browser, and no key
        return errors.platform(401, "The key is missing.", "auth_error")
    if not _is_own_page(request):
        return errors.platform(403, "Only pages of this server may use a session here; send a key.", "auth_error")
    try:
        request.fal_caller = caller_of_session(request, dialect="fal")  # type: ignore[attr-defined]  # for `base.caller_of`
    except Unauthenticated:
        return errors.platform(401, "Nobody is signed in.", "auth_error")
    return None


def _is_own_page(request: HttpRequest) -> bool:
    """Browsers say where a request comes from, and let no page say otherwise."""
    told: Any = request.headers.get("Origin")
    return told == origin_of(request) if told else request.headers.get("Sec-Fetch-Site") == "same-origin"
