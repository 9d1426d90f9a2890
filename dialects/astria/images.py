"""`/images/…`, `/themes` and their like: what can be measured is answered, what would need a model is not invented."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from rest_framework.request import Request

from common.errors import Invalid
from dialects.astria import params
from dialects.astria.base import AstriaView, answer, body, caller_of
from dialects.astria.schema import source
from media import intake
from tunes import inspections

NO_MODEL = "needs a language model, and this server has none configured"


class Look(AstriaView):
    """What all three have in common: one picture, as `file` or `file_url`, that nothing is kept of."""

    def post(self, request: Request) -> HttpResponse:
        caller = caller_of(request, scope="tunes:read")
        fields = body(request)
        value = next((fields[name] for name in ("file", "file_url") if fields.get(name) not in (None, "")), None)
        if value is None:
            raise Invalid({"file": ["can't be blank"]})
        if isinstance(value, list | dict) and not isinstance(value, UploadedFile):
            raise Invalid({"file": ["is not a file"]})
        where = source(value, field="file", origin=caller.origin)
        measured = intake.look(where, workspace_id=caller.workspace_id, field="file")
        return answer(self.told(measured, fields))

    def told(self, measured: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError


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


class NeedsModel(AstriaView):
    """Themes and completions are a language model's work."""

    field = "base"

    def post(self, request: Request) -> HttpResponse:
        caller_of(request, scope="prompts:write")
        raise Invalid({self.field: [NO_MODEL]})
