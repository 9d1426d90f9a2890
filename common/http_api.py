"""The one view for requests that spend, and the frame around every API view. It imports no room: a dialect passes in
how it authenticates, parses, prepares, accepts, presents and refuses.
"""

from __future__ import annotations

import hashlib
import logging
from abc import ABC, abstractmethod
from datetime import datetime
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, UnreadablePostError
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from rest_framework import exceptions
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from common.errors import Busy, Refusal
from common.idempotency import keys
from common.idempotency.keys import Answer

log = logging.getLogger(__name__)
CallerT = TypeVar("CallerT")
WordsT = TypeVar("WordsT")
PreparedT = TypeVar("PreparedT")
JSON = "application/json"
CHUNK = 64 * 2**10
_UNREADABLE = "The body could not be read as its Content-Type says."


class Malformed(Refusal):
    """The body is not what its Content-Type says."""

    code = "malformed"


class TooLarge(Refusal):
    """The request is larger than this server takes."""

    code = "too_large"


class MethodRefused(Refusal):
    """This path does not answer to that method."""

    code = "method_not_allowed"


class UnknownEncoding(Refusal):
    """The Content-Type is none that this path reads."""

    code = "unsupported_media_type"


PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "authorization, content-type, accept, idempotency-key, x-workspace-id,"
    " x-fal-queue-priority, x-fal-runner-hint, x-fal-request-timeout, x-fal-object-lifecycle-preference,"
    " x-fal-object-lifecycle, x-fal-file-name",
    "Access-Control-Max-Age": "86400",
}


class ApiView(APIView, ABC):
    """Turns every refusal into the dialect's own answer; anything else is a defect: logged, and a bare 500.

    Pages of any origin may call it with a key that they were given: nothing here goes by cookies.
    """

    exposed_headers: tuple[str, ...] = ("Idempotent-Replayed", "Retry-After")  # that such a page may read

    def perform_content_negotiation(self, *_: Any, **__: Any) -> tuple[BaseRenderer, str]:
        """Whatever `Accept` asks for, the answer is JSON: clients send anything there, or nothing."""
        return JSONRenderer(), JSON

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """
        :raises TooLarge: by its own account, before a byte of the body is read
        """
        super().initial(request, *args, **kwargs)
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.REQUEST_BYTES_MAX:
            raise TooLarge("The request is too large.")

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """What a key's owner is told is for nobody in between to keep."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response.setdefault("Cache-Control", "private, no-store")
        response.setdefault("Access-Control-Allow-Origin", "*")
        response.setdefault("Access-Control-Expose-Headers", ", ".join(self.exposed_headers))
        body = getattr(request._request, "_stream", None)
        if isinstance(body, SpooledTemporaryFile):
            response._resource_closers.append(body.close)
        return response

    def options(self, *_: Any, **__: Any) -> HttpResponse:  # type: ignore[override]  # DRF's stubs know only its own
        """What a browser asks before it lets a page call."""
        return HttpResponse(status=204, headers=PREFLIGHT)

    @abstractmethod
    def refuse(self, error: Refusal) -> HttpResponse:
        """The dialect's answer to a refusal."""

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override]  # DRF's stubs know only its own
        refusal = _as_refusal(exc)
        if refusal is None:
            raise exc
        if isinstance(exc, OperationalError | InterfaceError):
            log.error("the database did not answer: %s", exc)
        answer = self.refuse(refusal)
        answer._has_been_logged = True  # type: ignore[attr-defined]  # Django would make an error of every 503
        return answer


def _as_refusal(exc: Exception) -> Refusal | None:
    if isinstance(exc, Refusal):
        return exc
    return next((refusal(message) for kinds, refusal, message in _FOREIGN if isinstance(exc, kinds)), None)


# Exceptions of Django and DRF that the sender of a request can cause; the first that fits.
_FOREIGN: tuple[tuple[tuple[type[Exception], ...], type[Refusal], str], ...] = (
    ((RequestDataTooBig,), TooLarge, "The request is too large."),
    ((SuspiciousOperation,), Malformed, "The request has too many fields or files."),
    (
        (exceptions.ParseError, BadRequest, UnicodeError, UnreadablePostError),
        Malformed,
        _UNREADABLE,
    ),
    ((OperationalError, InterfaceError), Busy, "The database is away for a moment; nothing was done."),
    ((exceptions.MethodNotAllowed,), MethodRefused, "This path does not answer to that method."),
    ((exceptions.UnsupportedMediaType,), UnknownEncoding, "Send JSON, a form, or multipart/form-data."),
)


class SpendingPost(ApiView, Generic[CallerT, WordsT, PreparedT]):
    """POST that creates or spends: replay, prepare without a transaction, accept in one, answer.

    `prepare` may fetch and decode; `accept` runs inside the transaction and does no I/O but the database's.
    """

    @abstractmethod
    def caller_of(self, request: Request) -> CallerT: ...

    @abstractmethod
    def workspace_of(self, caller: CallerT) -> int:
        """The workspace in which Idempotency-Keys are unique."""

    @abstractmethod
    def parse(self, request: Request, caller: CallerT, **ids: Any) -> WordsT:
        """The body in the product's words; `ids` are those of the path."""

    @abstractmethod
    def prepare(self, *, caller: CallerT, words: WordsT, now: datetime) -> PreparedT: ...

    @abstractmethod
    def accept(self, *, caller: CallerT, prepared: PreparedT, now: datetime) -> Answer: ...

    def post(self, request: Request, **ids: Any) -> HttpResponse:
        caller = self.caller_of(request)
        key = keys.check_key(request.headers.get("Idempotency-Key"))
        workspace_id, print_ = self.workspace_of(caller), fingerprint(request) if key else ""
        answer = keys.replay(workspace_id=workspace_id, key=key, fingerprint=print_) if key else None
        if answer is None:
            now = timezone.now()
            prepared = self.prepare(caller=caller, words=self.parse(request, caller, **ids), now=now)
            answer = keys.once(
                workspace_id=workspace_id,
                key=key,
                fingerprint=print_,
                work=lambda: self.accept(caller=caller, prepared=prepared, now=now),
            )
        return respond(answer)


class CreatingPost(SpendingPost[CallerT, WordsT, WordsT]):
    """POST that creates without anything to fetch or decode before."""

    def prepare(self, *, caller: CallerT, words: WordsT, now: datetime) -> WordsT:  # noqa: ARG002  there is nothing
        return words


def respond(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status, content_type=JSON)
    if answer.replayed:
        response["Idempotent-Replayed"] = "true"
    return response


def fingerprint(request: Request) -> str:
    """SHA-256 of what was asked: method, path, query and body. Of a form, its fields and the digest of each file, so
    that a client's new multipart boundary makes no other request of it.
    """
    gather(request)
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if is_json(request):
        digest.update(request.body)
    else:
        for name, value in _fields(request):
            digest.update(f"{len(name)}:{name}={len(value)}:{value}\n".encode())
    return digest.hexdigest()


def gather(request: Request) -> None:
    """Make a body that comes in chunks readable: it names no length, and Django would take it for none.

    :raises TooLarge: longer than any request may be
    :raises Malformed: its chunks are broken, or end too early
    """
    meta = request.META
    if meta.get("CONTENT_LENGTH") or "chunked" not in meta.get("HTTP_TRANSFER_ENCODING", "").lower():
        return
    http: Any = request._request
    file = SpooledTemporaryFile(2**20, dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115  closed with the response
    http._stream, size = file, 0
    for chunk in iter(partial(_piece, meta["wsgi.input"]), b""):
        size += len(chunk)
        if size > settings.REQUEST_BYTES_MAX:
            raise TooLarge("The request is too large.")
        file.write(chunk)
    file.seek(0)
    meta["CONTENT_LENGTH"] = str(size)


def _piece(stream: Any) -> bytes:
    """
    :raises Malformed: whatever the server's own reader finds; its errors have no common class but this one
    """
    try:
        return bytes(stream.read(CHUNK))
    except Exception as error:  # whatever it is, only the sender can have caused it
        raise Malformed(_UNREADABLE) from error


def is_json(request: Request) -> bool:
    return (request.content_type or "").partition(";")[0].strip().lower() == JSON


def _fields(request: Request) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    for name, values in form_of(request).lists():
        fields += [(name, _digest_of(value) if hasattr(value, "chunks") else str(value)) for value in values]
    return fields


def form_of(request: Request) -> MultiValueDict[str, Any]:
    """The fields and files of a form, parsed.

    :raises rest_framework.exceptions.APIException: not one of the view's encodings, or broken; `refuse` gets it
    """
    fields = request.data
    return fields if isinstance(fields, MultiValueDict) else MultiValueDict()  # DRF's `data` of an empty body is a dict


def _digest_of(file: Any) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
