"""Forms, read no further than the server's own limit: DRF's parser would take in whatever is sent."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.http import HttpRequest
from rest_framework import parsers


class FormParser(parsers.FormParser):
    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """:raises RequestDataTooBig: larger than DATA_UPLOAD_MAX_MEMORY_SIZE"""
        return super().parse(BytesIO(_whole(stream)), media_type, dict(parser_context or {}))


def _whole(stream: Any) -> bytes:
    """The body: DRF hands in the request itself while nobody has read it, and `body` is what enforces the limit."""
    return stream.body if isinstance(stream, HttpRequest) else bytes(stream.read())
