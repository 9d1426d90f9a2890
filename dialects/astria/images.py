"""`/images/…`, `/themes` and their like: what can be measured is answered, what would need a model is not invented."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from accounts.models import Caller
from common.errors import Invalid
from common.http_api import SpendingPost
from common.idempotency.keys import Answer
from common.jobs.models import Status
from dialects.astria import params
from dialects.astria.base import AstriaView, answer, body, caller_of
from dialects.astria.schema import source
from media import intake
from media.intake import Source
from media.models import Asset
from tunes import footage, inspections
from tunes.models import Inspection

NO_MODEL = "needs a language model, and this server has none configured"


class Look(AstriaView):
    """What all three have in common: one picture, as `file` or `file_url`, that nothing is kept of."""

    def post(self, request: Request) -> HttpResponse:
        caller = caller_of(request, scope="tunes:read")
        fields = body(request)
        where = _given(fields, ("file", "file_url"), origin=caller.origin)
        measured = intake.look(where, workspace_id=caller.workspace_id, field="file")
        return answer(self.told(measured, fields))

    @abstractmethod
    def told(self, measured: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
        """The answer, from what was measured of the picture and the fields that came with it."""


class Inspect(Look):
    def told(self, measured: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
        name = params.as_text(fields.get("name"), field="name") or ""
        return inspections.attributes(measured, name=name)


class Describe(Look):
    def told(self, measured: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        return {"description": inspections.description(measured), "measured": measured}


class ClassName(Look):
    def told(self, measured: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        caption = inspections.description(measured)
        return {"class_name": inspections.class_name(measured), "caption": caption, "captions": [caption]}


class InspectVideo(AstriaView, SpendingPost[Caller, Source, Asset]):
    """Begin to describe a clip; the answer is asked for by its id."""

    def caller_of(self, request: Request) -> Caller:
        return caller_of(request, scope="tunes:read")

    def parse(self, request: Request, caller: Caller, **_ids: Any) -> Source:
        return _given(body(request), ("file", "file_url", "blob_signed_id"), origin=caller.origin)

    def prepare(self, *, caller: Caller, words: Source, now: datetime) -> Asset:  # noqa: ARG002
        return footage.take(words, workspace_id=caller.workspace_id)

    def accept(self, *, caller: Caller, prepared: Asset, now: datetime) -> Answer:
        made = footage.begin(asset=prepared, workspace_id=caller.workspace_id, now=now)
        return Answer(201, json.dumps(_inspection(made)))


class VideoInspection(AstriaView):
    def get(self, request: Request, inspection_id: int) -> HttpResponse:
        caller = caller_of(request, scope="tunes:read")
        return answer(
            _inspection(
                footage.get(workspace_id=caller.workspace_id, inspection_id=inspection_id, everywhere=caller.everywhere)
            )
        )


_WORDS = {Status.QUEUED: "pending", Status.RUNNING: "processing", Status.SUCCEEDED: "completed"}


def _inspection(one: Inspection) -> dict[str, Any]:
    return {
        "id": one.pk,
        "status": _WORDS.get(Status(one.status), "failed"),
        "description": one.description or None,
        "error": one.error or None,
    }


def _given(fields: dict[str, Any], names: Sequence[str], *, origin: str) -> Source:
    """The file, under one of its names.

    :raises Invalid: there is none, or it is no file
    """
    value = next((fields[name] for name in names if fields.get(name) not in (None, "")), None)
    if value is None:
        raise Invalid({"file": ["can't be blank"]})
    if isinstance(value, list | dict):
        raise Invalid({"file": ["is not a file"]})
    return source(value, field="file", origin=origin)


class NeedsModel(AstriaView):
    """Themes and completions are a language model's work."""

    field = "base"

    def post(self, request: Request) -> HttpResponse:
        caller_of(request, scope="prompts:write")
        raise Invalid({self.field: [NO_MODEL]})
