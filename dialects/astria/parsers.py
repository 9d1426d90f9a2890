"""Forms, read no further than the server's own limit, and not believed when they end before they said they would."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.http import HttpRequest
from rest_framework import parsers
from rest_framework.exceptions import ParseError


class FormParser(parsers.FormParser):
    """DRF's own would take in whatever is sent."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """
        :raises RequestDataTooBig: larger than DATA_UPLOAD_MAX_MEMORY_SIZE
        :raises ParseError: cut off
        """
        body = _whole(stream)
        if len(body) < _promised(parser_context):
            raise ParseError
        return super().parse(BytesIO(body), media_type, dict(parser_context or {}))


class MultiPartParser(parsers.MultiPartParser):
    """Of a connection that was cut, DRF's own would make a request of what had come until then, and charge for it."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """:raises ParseError: broken, or cut off"""
        counted: Any = _Counted(stream, promised=_promised(parser_context))
        return super().parse(counted, media_type, dict(parser_context or {}))


class _Counted:
    def __init__(self, stream: IO[Any], *, promised: int) -> None:
        self._stream, self._missing = stream, promised

    def read(self, size: int) -> bytes:
        data = bytes(self._stream.read(size))
        self._missing -= len(data)
        if size and not data and self._missing > 0:
            raise ParseError
        return data


def _promised(parser_context: Mapping[str, Any] | None) -> int:
    request = (parser_context or {}).get("request")
    return int(request.META.get("CONTENT_LENGTH") or 0) if request else 0


def _whole(stream: Any) -> bytes:
    """The body: DRF hands in the request itself while nobody has read it, and `body` is what enforces the limit."""
    return stream.body if isinstance(stream, HttpRequest) else bytes(stream.read())
