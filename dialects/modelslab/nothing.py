"""What is asked for beside ModelsLab's other paths, and is not there."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from common.errors import NotFound
from dialects.modelslab.base import ModelsLabView


class Nothing(ModelsLabView):
    def get(self, request: Request, **_: Any) -> HttpResponse:  # noqa: ARG002
        raise NotFound("There is no such endpoint here.")

    post = put = patch = delete = get
