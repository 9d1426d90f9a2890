"""Which room answers which path."""

from django.urls import URLPattern, URLResolver, include, path

from astria_clone import health

handler400 = "astria_clone.answers.bad_request"
handler404 = "astria_clone.answers.not_found"
handler500 = "astria_clone.answers.failed"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("", include("media.urls")),
    path("", include("dialects.astria.urls")),
    path("", include("dialects.fal.urls")),
    path("", include("dialects.modelslab.urls")),
    path("", include("web.urls")),
]
