"""The room's own paths, for tests of the room alone."""

from django.urls import include, path

urlpatterns = [path("", include("media.urls"))]
