"""`/tunes`."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from dialects.astria import presenters
from dialects.astria.base import AstriaView, answer, caller_of, window
from tunes import selectors

OFFSET_MAX = 200


class Tunes(AstriaView):
    def get(self, request: Request) -> HttpResponse:
        caller = caller_of(request, scope="tunes:read")
        page = selectors.page(
            workspace_id=caller.workspace_id,
            title=request.query_params.get("title", ""),
            **window(request, offset_max=OFFSET_MAX),
        )
        return answer([presenters.tune(tune, images=list(tune.images.all()), origin=caller.origin) for tune in page])


class TuneView(AstriaView):
    def get(self, request: Request, tune_id: int) -> HttpResponse:
        caller = caller_of(request, scope="tunes:read")
        tune = selectors.get_visible(workspace_id=caller.workspace_id, tune_id=tune_id)
        images = selectors.pictures([tune.pk]).get(tune.pk, [])
        return answer(presenters.tune(tune, images=images, origin=caller.origin))
