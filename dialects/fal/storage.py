"""fal's storage: a token and raw bytes (Python), or a signed address and a PUT (JavaScript); large files in parts.

What is sent may be named as an input within the day by its own account, and read meanwhile by whoever knows its
address, as on fal's CDN: as it came, and so that no browser runs anything of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from django.core import signing
from django.http import FileResponse, HttpResponse, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request

from accounts import authentication
from common.errors import Invalid, NotFound
from common.http_api import Malformed, gather
from dialects.fal.base import FalView, answer, body, caller_of
from dialects.fal.hosts import public_origin
from media import slots
from media.models import Slot

TOKEN_FOR = timedelta(hours=1)
_SALT = "dialects.fal.storage"
_CHUNK = 64 * 2**10
_SHOWN = ("image/", "video/", "audio/")
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; media-src 'self'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "private, max-age=60",
}


class Token(FalView):
    """What uploads of the Python client are authorised with."""

    def post(self, request: Request) -> HttpResponse:
        caller = caller_of(request, scope="prompts:write")
        token = signing.TimestampSigner(salt=_SALT).sign(str(caller.workspace_id))
        until = timezone.now() + TOKEN_FOR
        return answer({
            "token": token, "token_type": "Bearer", "base_url": f"{caller.origin}/fal", "expires_at": until.isoformat(),
        })  # fmt: skip


class Initiate(FalView):
    """An address that takes the file, and the one that it will be read at."""

    def post(self, request: Request) -> HttpResponse:
        caller = caller_of(request, scope="prompts:write")
        told = body(request)
        slot = _opened(caller.workspace_id, told.get("file_name"), told.get("content_type"))
        return answer({
            "upload_url": f"{caller.origin}/fal/files/put/{slots.put_token(slot)}",
            "file_url": _address(slot, caller.origin),
        })  # fmt: skip


class Upload(FalView):
    """The whole file in one request."""

    def post(self, request: Request) -> HttpResponse:
        workspace_id = _sender(request)
        slot = _opened(workspace_id, request.headers.get("X-Fal-File-Name"), request.content_type)
        slots.fill_untold(slot, _bytes(request), now=timezone.now())
        return answer({"access_url": _address(slot, public_origin(request._request))})


class BeginParts(FalView):
    """A file that comes in parts, as the Python client sends it."""

    def post(self, request: Request) -> HttpResponse:
        workspace_id = _sender(request)
        slot = _opened(workspace_id, request.headers.get("X-Fal-File-Name"), request.content_type)
        address = _address(slot, public_origin(request._request))
        return answer({"access_url": address, "uploadId": slots.put_token(slot)})


class Put(FalView):
    """The whole file, or a part, to an address that is its own key."""

    def put(self, request: Request, token: str, number: str | None = None, **_name: str) -> HttpResponse:
        slot = self.slot(request, token)
        if number is None:
            slots.fill_untold(slot, _bytes(request), now=timezone.now())
            return answer({})
        etag = slots.fill_part(slot, number=int(number), chunks=_bytes(request))
        response = answer({"partNumber": int(number), "etag": etag})
        response["ETag"] = f'"{etag}"'
        return response

    def slot(self, request: Request, token: str) -> Slot:  # noqa: ARG002  of use to `OwnPut`
        """
        :raises NotFound: no open slot
        """
        return slots.open_at(token, now=timezone.now(), told=False)


class Complete(Put):
    """All parts are there."""

    http_method_names = ["post", "options"]

    def post(self, request: Request, token: str, **_name: str) -> HttpResponse:
        slots.complete(self.slot(request, token), told=_told(body(request)), now=timezone.now())
        return answer({})


class _Own(Put):
    """The same with an upload token or a key, and for the sender's own files only."""

    def slot(self, request: Request, token: str) -> Slot:
        """
        :raises NotFound: no open slot, or somebody else's
        """
        workspace_id, slot = _sender(request), super().slot(request, token)
        if slot.workspace_id != workspace_id:
            raise NotFound
        return slot


class OwnPut(_Own):
    pass


class OwnComplete(_Own, Complete):
    pass


class Read(FalView):
    """What was sent, as it came."""

    def get(self, request: Request, signed: str, name: str) -> HttpResponseBase:  # noqa: ARG002  for people
        found = slots.read(signed)
        if found is None:
            return HttpResponseNotFound("Not found", content_type="text/plain")
        slot, file = found
        is_shown = slot.content_type.startswith(_SHOWN) and "svg" not in slot.content_type
        kind = slot.content_type if is_shown else "application/octet-stream"
        response = FileResponse(file, content_type=kind)
        response["Content-Disposition"] = (
            f"{'inline' if is_shown else 'attachment'}; filename*=UTF-8''{quote(slot.filename)}"
        )
        for header, value in _SAFE.items():
            response[header] = value
        return response


def _opened(workspace_id: int, filename: Any, content_type: Any) -> Slot:
    name = "".join(letter for letter in str(filename or "") if letter.isprintable()).rpartition("/")[2]
    kind = str(content_type or "").partition(";")[0].strip()
    return slots.open_untold(
        workspace_id=workspace_id, filename=name if name.strip(".") else "file", content_type=kind, now=timezone.now()
    )


def _address(slot: Slot, origin: str) -> str:
    return f"{origin}/fal/files/{slots.signed_id(slot)}/{quote(slot.filename, safe='')}"


def _sender(request: Request) -> int:
    """The workspace behind an upload token, or behind a key.

    :raises Unauthenticated: neither is good
    """
    text = authentication.credentials(request, "Bearer", "Key")
    try:
        told = signing.TimestampSigner(salt=_SALT).unsign(text, max_age=TOKEN_FOR)
    except signing.BadSignature:
        return caller_of(request, scope="prompts:write").workspace_id
    return int(told)


def _bytes(request: Request) -> Iterator[bytes]:
    """The body as it comes, whatever its type; a cut one is no file.

    :raises Malformed: it ended too early
    """
    gather(request)
    promised = int(request.META.get("CONTENT_LENGTH") or 0)
    for chunk in iter(partial(request._request.read, _CHUNK), b""):
        promised -= len(chunk)
        yield chunk
    if promised > 0:
        raise Malformed("The body ended too early.")


def _told(tree: Mapping[str, Any]) -> dict[int, str]:
    """ETags by part number.

    :raises Invalid: they can't be read
    """
    parts = tree.get("parts")
    try:
        return {int(part["partNumber"]): str(part["etag"]).strip('"') for part in parts or ()}
    except (TypeError, KeyError, ValueError, OverflowError) as error:
        raise Invalid({"parts": ["has to be a list of {partNumber, etag}"]}) from error
