"""`/api/v6/video/…`: clips are asked for, and fetched."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from rest_framework.request import Request

from accounts.models import Caller
from common.errors import Invalid, NotFound
from common.http_api import SpendingPost
from common.idempotency.keys import Answer
from dialects.modelslab import presenters, schema
from dialects.modelslab.base import ModelsLabView, body, caller_of
from prompts import selectors
from prompts.request import PromptRequest
from prompts.submission.accept import accept
from prompts.submission.prepare import Prepared, prepare


class Videos(ModelsLabView, SpendingPost[Caller, PromptRequest, Prepared]):
    """Ask for a clip, by one of the endpoints."""

    endpoint: schema.Endpoint = schema.IMG2VIDEO

    def caller_of(self, request: Request) -> Caller:
        """Reads the body too: it holds the key."""
        self._fields = body(request)
        return caller_of(request, self._fields, scope="prompts:write")

    def parse(self, request: Request, caller: Caller, **_ids: Any) -> PromptRequest:  # noqa: ARG002  read already
        return schema.read(self.endpoint, self._fields, origin=caller.origin, now=timezone.now())

    def prepare(self, *, caller: Caller, words: PromptRequest, now: datetime) -> Prepared:
        prepared = prepare(caller=caller, request=words, now=now)
        self._ahead = selectors.queued()  # asked here, not while the wallet is locked
        return prepared

    def accept(self, *, caller: Caller, prepared: Prepared, now: datetime) -> Answer:
        prompt = accept(prepared=prepared, agreed_mc=None, now=now)
        row = selectors.of_new(
            prompt, tune_title=prepared.quote.tune.title, personal=caller.personal, inputs=prepared.inputs
        )
        return Answer(200, json.dumps(presenters.prompt(row, origin=caller.origin, ahead=self._ahead)))


class Fetch(ModelsLabView):
    """How a prompt stands. The id is in the path or in the body; 200 even where there is none (modelslab.md §4)."""

    def post(self, request: Request, prompt_id: str = "") -> HttpResponse:
        fields = body(request)
        caller = caller_of(request, fields, scope="prompts:read")
        asked = prompt_id or str(fields.get("request_id") or fields.get("id") or "")
        if not asked:
            raise Invalid({"request_id": ["is required"]})
        try:
            row = selectors.get(workspace_id=caller.workspace_id, prompt_id=_number(asked))
        except NotFound:
            return JsonResponse(presenters.NOT_FOUND)
        return JsonResponse(presenters.prompt(row, origin=caller.origin, ahead=_ahead_of(row)))


def _number(text: str) -> int:
    """
    :raises NotFound: no prompt has such an id
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise NotFound
    return int(text)


def _ahead_of(row: selectors.PromptRow) -> int:
    return selectors.ahead_of(row.columns.id) if row.columns.status == "queued" else 0
