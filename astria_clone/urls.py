"""Which room answers which path."""

from django.urls import URLPattern, URLResolver, include, path

from astria_clone import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("", include("media.urls")),
    path("", include("dialects.astria.urls")),
]
