"""What is asked for under `/fal` and is not there: told in fal's words, so that clients know whose answer it is."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from common.errors import NotFound
from dialects.fal.base import FalView


class Nothing(FalView):
    def get(self, request: Request, **_: Any) -> HttpResponse:  # noqa: ARG002
        raise NotFound("Not found")

    post = put = patch = delete = get
