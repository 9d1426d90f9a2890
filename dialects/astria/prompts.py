"""`/tunes/:tune_id/prompts` and `/prompts`."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from accounts.models import Caller
from billing import ledger
from common.errors import NotFound
from common.http_api import SpendingPost
from common.idempotency.keys import Answer
from dialects.astria import params, presenters
from dialects.astria.base import AstriaView, answer, body, caller_of, in_its_workspace, window
from dialects.astria.schema import read_prompt
from prompts import lifecycle, selectors
from prompts.request import PromptRequest
from prompts.submission.accept import accept
from prompts.submission.prepare import Prepared, prepare
from prompts.submission.quote import quote
from tunes import selectors as tunes

OFFSET_MAX = 10_000


class Prompts(AstriaView, SpendingPost[Caller, PromptRequest, Prepared]):
    """List and create."""

    def caller_of(self, request: Request) -> Caller:
        """Reads the body too: it may name the workspace, in which an Idempotency-Key is looked for."""
        caller = caller_of(request, scope="prompts:write")
        self._fields = params.under(body(request), "prompt")
        return in_its_workspace(caller, self._fields)

    def workspace_of(self, caller: Caller) -> int:
        return caller.workspace_id

    def parse(self, request: Request, caller: Caller, **ids: Any) -> PromptRequest:  # noqa: ARG002  read already
        return read_prompt(self._fields, tune_id=ids.get("tune_id"), origin=caller.origin)

    def prepare(self, *, caller: Caller, words: PromptRequest, now: datetime) -> Prepared:
        return prepare(caller=caller, request=words, now=now)

    def accept(self, *, caller: Caller, prepared: Prepared, now: datetime) -> Answer:
        prompt = accept(prepared=prepared, agreed_mc=None, now=now)
        row = selectors.of_new(
            prompt, tune_title=prepared.quote.tune.title, personal=caller.personal, inputs=prepared.inputs
        )
        return Answer(201, json.dumps(presenters.prompt(row, origin=caller.origin)))

    def get(self, request: Request, tune_id: int | None = None) -> HttpResponse:
        caller = caller_of(request, scope="prompts:read")
        query = request.query_params
        if tune_id is None:
            tune_id = params.as_int(query.get("tune_id"), field="tune_id")
        else:
            tunes.get_visible(workspace_id=caller.workspace_id, tune_id=tune_id)
        rows = selectors.page(
            workspace_id=caller.workspace_id,
            tune_id=tune_id,
            text=params.as_text(query.get("text"), field="text") or "",
            is_video=params.as_bool(query.get("is_video"), field="is_video"),
            **window(request, offset_max=OFFSET_MAX),
        )
        return answer([presenters.prompt(row, origin=caller.origin) for row in rows])


class PromptView(AstriaView):
    """Retrieve and delete; a prompt answers under its base tune, and under every reference that it uses."""

    def get(self, request: Request, prompt_id: int, tune_id: int | None = None) -> HttpResponse:
        caller = caller_of(request, scope="prompts:read")
        row = selectors.get(workspace_id=caller.workspace_id, prompt_id=prompt_id, tune_id=tune_id)
        return answer(presenters.prompt(row, origin=caller.origin))

    def delete(self, request: Request, prompt_id: int, tune_id: int | None = None) -> HttpResponse:
        caller = caller_of(request, scope="prompts:write")
        selectors.get(workspace_id=caller.workspace_id, prompt_id=prompt_id, tune_id=tune_id)
        if not lifecycle.delete(prompt_id=prompt_id, now=timezone.now(), actor=f"user {caller.user_id}"):
            raise NotFound
        # Clients disagree: the nested path's want an empty 204, the flat one's read a message.
        if tune_id is not None:
            return HttpResponse(status=204)
        return answer({"message": f"Prompt {prompt_id} was deleted"})


class PromptQuote(AstriaView):
    """What the create call would charge; charges and keeps nothing."""

    def post(self, request: Request, tune_id: int | None = None) -> HttpResponse:
        caller = caller_of(request, scope="prompts:read")
        fields = params.under(body(request), "prompt")
        caller = in_its_workspace(caller, fields)
        words = read_prompt(fields, tune_id=tune_id, origin=caller.origin)
        quoted = quote(caller=caller, request=words, now=timezone.now())
        return answer(presenters.quote(quoted, balance_mc=ledger.balance_mc(caller.payer_id)))
