"""fal's paths, under `/fal`; a trailing slash is optional on every one."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, re_path

from dialects.fal.queue import Cancel, Result, Status, StatusStream
from dialects.fal.requests import Asked, Run, RunStream

_WORD = r"[\w.-]{1,100}"
_ENDPOINT = rf"(?P<endpoint>{_WORD}/{_WORD}(?:/{_WORD}){{0,3}}?)"
_REQUEST = rf"{_ENDPOINT}/requests/(?P<request_id>[0-9a-fA-F-]{{32,36}})"


def _path(route: str, view: Any, name: str) -> URLPattern:
    found: URLPattern = re_path(rf"^fal/{route}/?$", view.as_view(), name=f"fal-{name}")
    return found


urlpatterns = [
    _path(rf"queue/{_REQUEST}/status/stream", StatusStream, "status-stream"),
    _path(rf"queue/{_REQUEST}/status", Status, "status"),
    _path(rf"queue/{_REQUEST}/cancel", Cancel, "cancel"),
    _path(rf"queue/{_REQUEST}", Result, "result"),
    _path(rf"queue/{_ENDPOINT}", Asked, "submit"),
    _path(rf"run/{_ENDPOINT}/stream", RunStream, "run-stream"),
    _path(rf"run/{_ENDPOINT}", Run, "run"),
]
