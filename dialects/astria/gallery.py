"""What everybody may see, without a key: published results, and the house's tunes."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from accounts.authentication import origin_of
from dialects.astria import params, presenters
from dialects.astria.base import AstriaView, answer, names, paged, window
from prompts import selectors
from prompts.selectors import Filters
from tunes import selectors as tunes

OFFSET_MAX = 1_000


class Gallery(AstriaView):
    """Published prompts, newest first."""

    def get(self, request: Request) -> HttpResponse:
        query, origin = request.query_params, origin_of(request._request)
        switches: dict[str, Any] = {
            name: params.as_bool(query.get(name), field=name)
            for name in ("is_video", "inpaint_faces", "is_multiperson")
        }
        words = {name: params.as_text(query.get(name), field=name) for name in ("text", "branch", "controlnet")}
        rows = selectors.published(
            text=words["text"] or "",
            branch=words["branch"] or "",
            filters=Filters(**switches, controlnet=words["controlnet"] or None),
            **window(request, offset_max=OFFSET_MAX),
        )
        return answer([presenters.published(row, origin=origin) for row in rows])


class GalleryTunes(AstriaView):
    """The tunes that every installation has, and everybody may prompt on."""

    def get(self, request: Request) -> HttpResponse:
        query, origin = request.query_params, origin_of(request._request)
        words = {name: params.as_text(query.get(name), field=name) or "" for name in ("title", "branch")}
        page = paged(request, offset_max=OFFSET_MAX)
        below = page["before_id"]
        every = tunes.public(**words, names=names(query), model_type=query.get("model_type") or None)
        found = [tune for tune in every if below is None or tune.pk < below][page["offset"] :][: page["limit"]]
        images = tunes.pictures(tune.pk for tune in found)
        return answer([presenters.tune(tune, images=images.get(tune.pk, ()), origin=origin) for tune in found])
