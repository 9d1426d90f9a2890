"""Astria's paths; `.json` and a trailing slash are optional on every one. And the document that describes them."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from dialects.astria.openapi.view import openapi
from dialects.astria.prompts import PromptQuote, Prompts, PromptView
from dialects.astria.tunes import TuneQuoteView, Tunes, TuneView

_TUNE = r"tunes/(?P<tune_id>[0-9]{1,18})"
_PROMPT = r"prompts/(?P<prompt_id>[0-9]{1,18})"


def _path(route: str, view: type, name: str) -> URLPattern:
    return re_path(rf"^{route}(?:\.json)?/?$", view.as_view(), name=f"astria-{name}")  # type: ignore[attr-defined]


urlpatterns = [
    _path("tunes", Tunes, "tunes"),
    _path("tunes/quote", TuneQuoteView, "tunes-quote"),
    _path(_TUNE, TuneView, "tune"),
    _path("prompts", Prompts, "prompts"),
    _path("prompts/quote", PromptQuote, "quote"),
    _path(_PROMPT, PromptView, "prompt"),
    _path(f"{_TUNE}/prompts", Prompts, "tune-prompts"),
    _path(f"{_TUNE}/prompts/quote", PromptQuote, "tune-quote"),
    _path(f"{_TUNE}/{_PROMPT}", PromptView, "tune-prompt"),
    path("openapi.json", openapi, name="openapi"),
]
