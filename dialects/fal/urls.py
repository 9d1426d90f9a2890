"""fal's paths, under `/fal`; a trailing slash is optional on every one."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, re_path

from dialects.fal.keys import Jwks
from dialects.fal.nothing import Nothing
from dialects.fal.openapi import ModelText, OpenApi
from dialects.fal.proxy import proxy
from dialects.fal.queue import Cancel, Result, Status, StatusStream
from dialects.fal.requests import Asked, Run, RunStream
from dialects.fal.storage import (
    BeginParts,
    Complete,
    Initiate,
    OwnComplete,
    OwnPut,
    Put,
    Read,
    Token,
    Upload,
)

_WORD = r"[\w.-]{1,100}"
_ENDPOINT = rf"(?P<endpoint>{_WORD}/{_WORD}(?:/{_WORD}){{0,3}}?)"
_REQUEST = rf"{_ENDPOINT}/requests/(?P<request_id>[^/]{{1,64}})"


def _path(route: str, view: Any, name: str) -> URLPattern:
    found: URLPattern = re_path(rf"^fal/{route}/?$", view.as_view(), name=f"fal-{name}")
    return found


_FILE = r"files/(?P<signed>up_[^/]{1,100})/(?P<name>[^/]{1,300})"
_TOKEN = r"(?P<token>[^/]{1,200})"
_PART = r"(?P<number>[0-9]{1,6})"

urlpatterns = [
    re_path(r"^api/fal/proxy/?$", proxy, name="fal-proxy"),
    _path(r"\.well-known/jwks\.json", Jwks, "jwks"),
    _path(r"api/openapi/queue/openapi\.json", OpenApi, "openapi"),
    _path(rf"models/(?P<endpoint>{_WORD}/{_WORD})/llms\.txt", ModelText, "llms"),
    _path("storage/auth/token", Token, "storage-token"),
    _path("storage/upload/initiate", Initiate, "initiate"),
    _path("storage/upload/initiate-multipart", Initiate, "initiate-parts"),
    _path("files/upload", Upload, "upload"),
    _path("files/upload/multipart", BeginParts, "begin-parts"),
    _path(f"files/put/{_TOKEN}", Put, "put"),
    _path(f"files/put/{_TOKEN}/{_PART}", Put, "put-part"),
    _path(f"files/put/{_TOKEN}/complete", Complete, "complete"),
    re_path(
        rf"^fal/files/(?P<signed>up_[^/]{{1,100}})/[^/]{{1,300}}/multipart/{_TOKEN}/{_PART}/?$",
        OwnPut.as_view(),
        name="fal-own-part",
    ),
    re_path(
        rf"^fal/files/(?P<signed>up_[^/]{{1,100}})/[^/]{{1,300}}/multipart/{_TOKEN}/complete/?$",
        OwnComplete.as_view(),
        name="fal-own-complete",
    ),
    _path(_FILE, Read, "file"),
    _path(rf"queue/{_REQUEST}/status/stream", StatusStream, "status-stream"),
    _path(rf"queue/{_REQUEST}/status", Status, "status"),
    _path(rf"queue/{_REQUEST}/cancel", Cancel, "cancel"),
    _path(rf"queue/{_REQUEST}", Result, "result"),
    _path(rf"queue/{_ENDPOINT}", Asked, "submit"),
    _path(rf"run/{_ENDPOINT}/stream", RunStream, "run-stream"),
    _path(rf"run/{_ENDPOINT}", Run, "run"),
    _path(".*", Nothing, "nothing"),
]
