"""Where files are read; made by `media.links`."""

from __future__ import annotations

from django.urls import re_path

from media import serve

app_name = "media"
urlpatterns = [
    re_path(r"^media/(?P<address>[0-9A-Za-z]{28})/(?P<filename>[^/]+)$", serve.result, name="result"),
    re_path(r"^media/slots/(?P<token>[^/]+)$", serve.slot, name="slot"),
    re_path(r"^media/signed/(?P<token>[^/]+)/(?P<filename>[^/]+)$", serve.signed, name="signed"),
]
