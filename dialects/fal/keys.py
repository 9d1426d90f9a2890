"""The public keys by which receivers check our webhooks."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from callbacks import keypair
from dialects.fal.base import FalView, answer


class Jwks(FalView):
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002  for everybody
        response = answer(keypair.jwks(now=timezone.now()))
        response["Cache-Control"] = "public, max-age=3600"
        return response
