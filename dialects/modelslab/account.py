"""Helpers around the clips: the wallet, what is being made, and pictures that a client has only as letters."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpResponse, JsonResponse
from rest_framework.request import Request

from accounts.models import Caller
from billing import ledger
from common.errors import Invalid
from common.http_api import SpendingPost
from common.idempotency.keys import Answer
from dialects.modelslab.base import ModelsLabView, body, caller_of
from media import intake, links, moderation, store
from media.intake import Inline
from media.models import Asset
from prompts import selectors

MC_PER_DOLLAR = 100_000


class WalletBalance(ModelsLabView):
    """What is left, in dollars."""

    def post(self, request: Request) -> HttpResponse:
        caller = caller_of(request, body(request), scope="account:read")
        balance = ledger.balance_mc(caller.payer_id) / MC_PER_DOLLAR
        return JsonResponse({"status": "success", "data": {"balance": balance, "currency": "USD"}})


class RequestCount(ModelsLabView):
    """How many of the workspace's prompts are being made."""

    def post(self, request: Request) -> HttpResponse:
        caller = caller_of(request, body(request), scope="prompts:read")
        count = selectors.in_the_works(workspace_id=caller.workspace_id)
        return JsonResponse({"status": "success", "processing_count": count, "message": f"{count} in the works"})


class Base64ToUrl(ModelsLabView, SpendingPost[Caller, str, Asset]):
    """Keep a picture for the requests that will name it. It goes after a day, if none does."""

    def caller_of(self, request: Request) -> Caller:
        """Reads the body too: it holds the key."""
        self._fields = body(request)
        return caller_of(request, self._fields, scope="prompts:write")

    def parse(self, request: Request, caller: Caller, **_ids: Any) -> str:  # noqa: ARG002  read already
        """The field's name, or the one of another page of the same documentation."""
        letters = self._fields.get("init_obj") or self._fields.get("base64_string")
        if not letters or not isinstance(letters, str):
            raise Invalid({"init_obj": ["is required"]})
        return letters

    def prepare(self, *, caller: Caller, words: str, now: datetime) -> Asset:  # noqa: ARG002  files go by the clock
        store.require_space()
        taken = intake.take(Inline(words), expects="image", workspace_id=caller.workspace_id, field="init_obj")
        kept = intake.keep(taken, workspace_id=caller.workspace_id)
        moderation.check_input(workspace_id=caller.workspace_id, texts=[], assets=[kept])
        return kept

    def accept(self, *, caller: Caller, prepared: Asset, now: datetime) -> Answer:  # noqa: ARG002  kept already
        url = links.signed(prepared.pk, prepared.filename, origin=caller.origin)
        return Answer(200, json.dumps({"status": "success", "id": prepared.pk, "output": [url]}))
