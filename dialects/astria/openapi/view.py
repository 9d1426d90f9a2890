"""`/openapi.json`: read by tools and from any web page, and cheap to ask for again."""

from __future__ import annotations

import hashlib
import json

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from accounts.authentication import origin_of
from dialects.astria.openapi import document


@require_safe
def openapi(request: HttpRequest) -> HttpResponseBase:
    body = json.dumps(document(origin=origin_of(request), now=timezone.now()), ensure_ascii=False).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {
        "ETag": etag,
        "Cache-Control": "public, no-cache",  # kept, but asked for each time: a price may change at any moment
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "ETag",
    }
    response = HttpResponse(body, content_type="application/json", headers=headers)
    conditional = get_conditional_response(request, etag=etag, response=response)
    if conditional is not response and conditional is not None:
        conditional["Access-Control-Allow-Origin"] = "*"  # a browser checks it on a 304 too
    return conditional or response
