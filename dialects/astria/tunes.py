"""`/tunes`."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from dialects.astria import params, presenters
from dialects.astria.base import AstriaView, answer, caller_of, window
from tunes import selectors

OFFSET_MAX = 200


class Tunes(AstriaView):
    def get(self, request: Request) -> HttpResponse:
        caller = caller_of(request, scope="tunes:read")
        page = selectors.page(
            workspace_id=caller.workspace_id,
            title=params.as_text(request.query_params.get("title"), field="title") or "",
            **window(request, offset_max=OFFSET_MAX),
        )
        images = selectors.pictures(tune.pk for tune in page)
        return answer([presenters.tune(tune, images=images.get(tune.pk, ()), origin=caller.origin) for tune in page])


class TuneView(AstriaView):
    def get(self, request: Request, tune_id: int) -> HttpResponse:
        caller = caller_of(request, scope="tunes:read")
        tune = selectors.get_visible(workspace_id=caller.workspace_id, tune_id=tune_id)
        images = selectors.pictures([tune.pk]).get(tune.pk, [])
        return answer(presenters.tune(tune, images=images, origin=caller.origin))
