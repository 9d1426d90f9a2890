"""Which room answers which path."""

from django.urls import URLPattern, URLResolver, path

from astria_clone import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]
