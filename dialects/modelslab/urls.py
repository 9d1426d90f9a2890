"""ModelsLab's paths; a trailing slash is optional on every one."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, re_path

from dialects.modelslab import schema
from dialects.modelslab.account import Base64ToUrl, RequestCount, WalletBalance
from dialects.modelslab.nothing import Nothing
from dialects.modelslab.videos import Fetch, Videos


def _path(route: str, view: type, name: str, **options: Any) -> URLPattern:
    handler = view.as_view(**options)  # type: ignore[attr-defined]
    path_: URLPattern = re_path(rf"^api/{route}/?$", handler, name=f"modelslab-{name}")
    return path_


urlpatterns = [
    _path("v6/video/img2video", Videos, "img2video", endpoint=schema.IMG2VIDEO),
    _path("v6/video/text2video", Videos, "text2video", endpoint=schema.TEXT2VIDEO),
    _path("v6/video/img2video_ultra", Videos, "img2video-ultra", endpoint=schema.IMG2VIDEO_ULTRA),
    _path("v6/video/text2video_ultra", Videos, "text2video-ultra", endpoint=schema.TEXT2VIDEO_ULTRA),
    _path("v6/video/fetch", Fetch, "fetch-by-body"),
    _path("v6/video/fetch/(?P<prompt_id>[^/]+)", Fetch, "fetch"),
    _path("v6/base64_to_url", Base64ToUrl, "base64-to-url"),
    _path("v6/processing/request_count", RequestCount, "request-count"),
    _path("v6/.*", Nothing, "nothing"),
    _path("wallet_balance", WalletBalance, "wallet-balance"),
]
