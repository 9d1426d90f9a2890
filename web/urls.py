"""Pages. `/` is the reference until there is a landing page."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from web.docs import views as docs

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="docs-api"), name="home"),
    path("docs/api", docs.api, name="docs-api"),
]
