"""Forms, read no further than the server's own limit, and not believed when they end before they said they would.

Both leave the fields in the order in which they were sent as `request.pairs`: Rails tells unnumbered objects apart by
it, and Django's dicts of lists have lost it.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser as DjangoMultiPartParser
from django.http.multipartparser import MultiPartParserError
from django.utils.datastructures import MultiValueDict
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
        context = dict(parser_context or {})
        form = super().parse(BytesIO(body), media_type, context)
        encoding = context.get("encoding", settings.DEFAULT_CHARSET)
        context["request"].pairs = parse_qsl(
            body.decode(encoding, "replace"), keep_blank_values=True, encoding=encoding
        )
        return form


class MultiPartParser(parsers.MultiPartParser):
    """Of a connection that was cut, DRF's own would make a request of what had come until then, and charge for it."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """:raises ParseError: broken, or cut off"""
        context = dict(parser_context or {})
        request = context["request"]
        counted = _Counted(stream, promised=_promised(parser_context))
        meta = {**request.META, "CONTENT_TYPE": media_type}
        encoding = context.get("encoding", settings.DEFAULT_CHARSET)
        try:
            parser = _InOrder(meta, counted, request.upload_handlers, encoding)
            fields, files = parser.parse()
        except MultiPartParserError as error:
            raise ParseError from error
        request.pairs = parser.pairs
        return parsers.DataAndFiles(fields, files)


class _InOrder(DjangoMultiPartParser):
    """Django's, which keeps fields and files apart, with an eye on what is put into either."""

    def __init__(self, *arguments: Any) -> None:
        self.pairs: list[tuple[str, Any]] = []
        super().__init__(*arguments)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "_post":
            value = _NotedFields("", mutable=True)
            value.pairs = self.pairs
        elif name == "_files":
            value = _NotedFiles()
            value.pairs = self.pairs
        super().__setattr__(name, value)


class _Noted:
    pairs: list[tuple[str, Any]]

    def appendlist(self, key: Any, value: Any) -> None:
        self.pairs.append((key, value))
        super().appendlist(key, value)  # type: ignore[misc]  # of the dict beside it


class _NotedFields(_Noted, QueryDict):
    pass


class _NotedFiles(_Noted, MultiValueDict[str, Any]):
    pass


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
