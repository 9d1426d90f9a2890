"""Serves stored files: results and renditions under their unguessable address, inputs under signed links.

From a local folder by whitenoise, which knows Range and conditional requests; from S3 by a redirect to a presigned
address. Every read asks the database first, so that a deleted file is dead with the write that deleted it.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import quote

from django.core.files.storage import default_storage
from django.db.models import Q
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseNotFound,
    HttpResponseRedirect,
    JsonResponse,
    UnreadablePostError,
)
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import MissingFileError, Response, SlicedFile, StaticFile

from common.errors import Invalid, NotFound
from media import links, slots
from media.models import Asset

PRESIGNED_S = 300
# A browser may show a result again for as long as a deletion may take to be felt, then it has to ask; nobody in between
# may keep it. no-store would make a player load the whole clip again for every jump.
_RESULT_CACHE = "private, max-age=60"
_INPUT_CACHE = "private, no-store"
_CHUNK = 64 * 2**10
_SLOT_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "PUT",
    "Access-Control-Allow-Headers": "Content-Type, Content-MD5",
    "Access-Control-Max-Age": "86400",
    "Cache-Control": "no-store",
}
_SHOWN = ("image/", "video/")
_POLICY = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, ETag",
    "Referrer-Policy": "no-referrer",
    "Accept-Ranges": "bytes",
}


def result(request: HttpRequest, address: str, filename: str) -> HttpResponseBase:
    """An output, rendition or sample by its address."""
    either = Q(address=address) | Q(public_address=address)
    asset = Asset.objects.alive().filter(either, filename=filename).first()
    return _answer(request, asset, cache=_RESULT_CACHE)


def signed(request: HttpRequest, token: str, filename: str) -> HttpResponseBase:
    """An input by a link that ends within the hour."""
    asset_id = links.signed_asset_id(token)
    asset = Asset.objects.alive().filter(pk=asset_id, filename=filename).first() if asset_id else None
    return _answer(request, asset, cache=_INPUT_CACHE)


@csrf_exempt
def slot(request: HttpRequest, token: str) -> HttpResponseBase:
    """Takes the bytes of an upload slot. The address itself is the key to it."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=_SLOT_HEADERS)
    if request.method != "PUT":
        return HttpResponseNotAllowed(["PUT", "OPTIONS"])
    size = request.META.get("CONTENT_LENGTH") or ""
    try:
        slots.fill(
            token=token, content_type=request.content_type or "", size=int(size) if size.isdigit() else -1,
            chunks=iter(partial(request.read, _CHUNK), b""), now=timezone.now(),
        )  # fmt: skip
    except NotFound:
        return _dead()
    except Invalid as error:
        return JsonResponse(error.errors, status=422, headers=_SLOT_HEADERS)
    except UnreadablePostError:
        return HttpResponse("The body ended too early.", status=400, content_type="text/plain")
    return HttpResponse(status=204, headers=_SLOT_HEADERS)


def _answer(request: HttpRequest, asset: Asset | None, *, cache: str) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return _preflight()
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD", "OPTIONS"])
    if asset is None:
        return _dead()
    headers = _HEADERS | {
        "Content-Type": asset.content_type,
        "Content-Disposition": _disposition(asset),
        "Cache-Control": cache,
        "ETag": f'"{asset.sha256[:32]}"',
    }
    try:
        path = default_storage.path(asset.key)
    except NotImplementedError:  # how Django's storages say that they are no folder
        return _elsewhere(asset, headers, method=request.method)
    try:
        response: HttpResponseBase = WhiteNoiseMiddleware.serve(_File(path, list(headers.items())), request)
    except MissingFileError:
        return _dead()
    return response


def _dead() -> HttpResponse:
    return HttpResponseNotFound("Not found", content_type="text/plain", headers={"Cache-Control": "no-store"})


def _preflight() -> HttpResponse:
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET, HEAD",
        "Access-Control-Allow-Headers": "Range, If-None-Match, If-Range",
        "Access-Control-Max-Age": "86400",
    }
    return HttpResponse(status=204, headers=headers)


def _disposition(asset: Asset) -> str:
    shown = asset.content_type.startswith(_SHOWN) and asset.content_type != "image/svg+xml"
    return f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(asset.filename)}"


def _elsewhere(asset: Asset, headers: dict[str, str], *, method: str) -> HttpResponse:
    """To the object itself, for five minutes, with the headers that S3 lets a link decide.

    Long enough for a player to jump about in a clip; a deletion is felt earlier, when the sweep removes the object.
    """
    parameters = {
        "ResponseContentType": headers["Content-Type"],
        "ResponseContentDisposition": headers["Content-Disposition"],
        "ResponseCacheControl": headers["Cache-Control"],
    }
    storage: Any = default_storage
    response = HttpResponseRedirect(
        storage.url(asset.key, parameters=parameters, expire=PRESIGNED_S, http_method=method)
    )
    for name in ("Cross-Origin-Resource-Policy", "Access-Control-Allow-Origin", "Referrer-Policy"):
        response[name] = headers[name]
    response["Cache-Control"] = "private, no-store"  # the link inside it runs out
    return response


class _File(StaticFile):
    """Whitenoise's file with two repairs: one byte is a range too, and If-Range is heeded (RFC 9110 §13.1.5)."""

    def get_response(self, method: str, request_headers: dict[str, Any]) -> Response:
        condition = request_headers.get("HTTP_IF_RANGE")
        if condition is not None and condition != self.etag:
            request_headers = {name: value for name, value in request_headers.items() if name != "HTTP_RANGE"}
        return super().get_response(method, request_headers)

    def get_range_response(self, range_header: str, base_headers: list[tuple[str, str]], file_handle: Any) -> Response:
        size = int(dict(base_headers)["Content-Length"])
        start, end = self.get_byte_range(range_header, size)
        if start > end or start >= size:
            return self.get_range_not_satisfiable_response(file_handle, size)
        headers = [header for header in base_headers if header[0] != "Content-Length"]
        headers += [("Content-Range", f"bytes {start}-{end}/{size}"), ("Content-Length", str(end - start + 1))]
        return Response(206, headers, SlicedFile(file_handle, start, end) if file_handle else None)
