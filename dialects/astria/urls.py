"""Astria's paths; `.json` and a trailing slash are optional on every one. And the document that describes them."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from dialects.astria.account import Members, MemberView, Users, Workspaces, WorkspaceView
from dialects.astria.catalogs import CliModels, PluginModels
from dialects.astria.deliveries import Deliveries, DeliveryView, Resend, Secret
from dialects.astria.gallery import Gallery, GalleryTunes
from dialects.astria.images import ClassName, Describe, Inspect, InspectVideo, NeedsModel, VideoInspection
from dialects.astria.openapi.view import openapi
from dialects.astria.packs import GalleryPacks, PackDetail, PackRun, Packs, PackView
from dialects.astria.prompts import Duplicate, Likes, PromptQuote, Prompts, PromptView
from dialects.astria.tunes import TuneQuoteView, Tunes, TuneView
from dialects.astria.uploads import DirectUploads

_TUNE = r"tunes/(?P<tune_id>[0-9]{1,18})"
_WORKSPACE = r"workspaces/(?P<workspace_id>[0-9]{1,18})"
_PROMPT = r"prompts/(?P<prompt_id>[0-9]{1,18})"


def _path(route: str, view: type, name: str, **options: bool | str) -> URLPattern:
    handler = view.as_view(**options)  # type: ignore[attr-defined]
    path_: URLPattern = re_path(rf"^{route}(?:\.json)?/?$", handler, name=f"astria-{name}")
    return path_


urlpatterns = [
    _path("tunes", Tunes, "tunes"),
    _path("tunes/quote", TuneQuoteView, "tunes-quote"),
    _path(_TUNE, TuneView, "tune"),
    _path("prompts", Prompts, "prompts"),
    _path("prompts/quote", PromptQuote, "quote"),
    _path(_PROMPT, PromptView, "prompt"),
    _path(f"{_PROMPT}/duplicate", Duplicate, "duplicate"),
    _path(f"{_TUNE}/{_PROMPT}/duplicate", Duplicate, "tune-duplicate"),
    _path(f"{_PROMPT}/like", Likes, "like"),
    _path(f"{_PROMPT}/likes", Likes, "likes", quiet=True),
    _path(f"{_TUNE}/prompts", Prompts, "tune-prompts"),
    _path(f"{_TUNE}/prompts/quote", PromptQuote, "tune-quote"),
    _path(f"{_TUNE}/{_PROMPT}", PromptView, "tune-prompt"),
    _path("gallery", Gallery, "gallery"),
    _path("gallery/tunes", GalleryTunes, "gallery-tunes"),
    _path("images/inspect", Inspect, "inspect"),
    _path("images/describe", Describe, "describe"),
    _path("images/class_name", ClassName, "class-name"),
    _path("videos/inspect", InspectVideo, "inspect-video"),
    _path(r"videos/inspect/(?P<inspection_id>[0-9]{1,18})", VideoInspection, "video-inspection"),
    _path("themes", NeedsModel, "themes", field="theme"),
    _path("assist/complete", NeedsModel, "assist"),
    _path("api/agent_handoffs", NeedsModel, "handoff"),
    _path("packs", Packs, "packs"),
    _path(r"packs/(?P<pack_id>[0-9]{1,18})", PackView, "pack"),
    _path("gallery/packs", GalleryPacks, "gallery-packs"),
    _path(r"p/(?P<name>[0-9A-Za-z-]{1,80})", PackDetail, "pack-detail"),
    _path(r"p/(?P<name>[0-9A-Za-z-]{1,80})/tunes", PackRun, "pack-run"),
    _path("callbacks", Deliveries, "callbacks"),
    _path("callbacks/secret", Secret, "secret"),
    _path(r"callbacks/(?P<delivery_id>[0-9]{1,18})", DeliveryView, "callback"),
    _path(r"callbacks/(?P<delivery_id>[0-9]{1,18})/resend", Resend, "resend"),
    _path("api/direct_uploads", DirectUploads, "direct-uploads"),
    _path("users", Users, "users"),
    _path("workspaces", Workspaces, "workspaces"),
    _path(_WORKSPACE, WorkspaceView, "workspace"),
    _path(f"{_WORKSPACE}/members", Members, "members"),
    _path(rf"{_WORKSPACE}/members/(?P<user_id>[0-9]{{1,18}})", MemberView, "member"),
    _path("cli/models", CliModels, "cli-models"),
    _path("plugin/models", PluginModels, "plugin-models"),
    _path("plugin/tunes", PluginModels, "plugin-tunes"),
    path("openapi.json", openapi, name="openapi"),
]
