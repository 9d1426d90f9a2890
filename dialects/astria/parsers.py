"""Bodies, read no further than the server's own limit: DRF's parsers would take in whatever is sent."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.http import HttpRequest
from rest_framework import parsers
from rest_framework.exceptions import ParseError


class JsonParser(parsers.JSONParser):
    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """
        :raises ParseError: not JSON, or nested deeper than Python reads
        :raises RequestDataTooBig: larger than DATA_UPLOAD_MAX_MEMORY_SIZE
        """
        body = _whole(stream)
        try:
            return super().parse(BytesIO(body), media_type, dict(parser_context or {})) if body else {}
        except RecursionError as error:
            raise ParseError from error


class FormParser(parsers.FormParser):
    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """:raises RequestDataTooBig: larger than DATA_UPLOAD_MAX_MEMORY_SIZE"""
        return super().parse(BytesIO(_whole(stream)), media_type, dict(parser_context or {}))


def _whole(stream: Any) -> bytes:
    """The body: DRF hands in the request itself while nobody has read it, and `body` is what enforces the limit."""
    return stream.body if isinstance(stream, HttpRequest) else bytes(stream.read())
