"""`/tunes/:tune_id/prompts` and `/prompts`."""

from __future__ import annotations

import json
from collections.abc import Sequence
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
from dialects.astria.schema import read_changes, read_prompt
from prompts import lifecycle, liking, selectors
from prompts.packs import templates
from prompts.request import PromptRequest
from prompts.selectors import Filters, PromptRow
from prompts.submission.again import again
from prompts.submission.change import PLACES, change
from prompts.submission.prepare import Prepared, prepare
from prompts.submission.quote import quote
from prompts.submission.twins import accept_once
from tunes import selectors as tunes

OFFSET_MAX = 10_000


class _Creation(AstriaView, SpendingPost[Caller, PromptRequest, Prepared]):
    """What makes a prompt; the two differ in how they read it."""

    def caller_of(self, request: Request) -> Caller:
        """Reads the body too: it may name the workspace, in which an Idempotency-Key is looked for."""
        caller = caller_of(request, scope="prompts:write")
        self._fields = params.under(body(request), "prompt")
        return in_its_workspace(caller, self._fields)

    def prepare(self, *, caller: Caller, words: PromptRequest, now: datetime) -> Prepared:
        return prepare(caller=caller, request=words, now=now)

    def accept(self, *, caller: Caller, prepared: Prepared, now: datetime) -> Answer:
        prompt, is_new = accept_once(prepared=prepared, now=now)
        if not is_new:
            found = selectors.get(workspace_id=caller.workspace_id, prompt_id=prompt.pk)
            return self._shown(found, caller)
        if prompt.pack_id is not None:
            templates.follow(prompt)
        row = selectors.of_new(
            prompt, tune_title=prepared.quote.tune.title, personal=caller.personal, inputs=prepared.inputs
        )
        return self._shown(row, caller)

    def _shown(self, row: PromptRow, caller: Caller) -> Answer:
        """Bare, or as boards of pictures want it."""
        shown = presenters.prompt(row, origin=caller.origin)
        on_board = self.request.query_params.get("view") == "board"
        return Answer(201, json.dumps({"prompt": shown} if on_board else shown))


class Prompts(_Creation):
    """List and create."""

    def parse(self, request: Request, caller: Caller, **ids: Any) -> PromptRequest:  # noqa: ARG002  read already
        return read_prompt(self._fields, tune_id=ids.get("tune_id"), origin=caller.origin)

    def get(self, request: Request, tune_id: int | None = None) -> HttpResponse:
        caller = caller_of(request, scope="prompts:read")
        query = request.query_params
        if tune_id is None:
            tune_id = params.as_int(query.get("tune_id"), field="tune_id")
        else:
            tunes.get_visible(workspace_id=caller.workspace_id, tune_id=tune_id, everywhere=caller.everywhere)
        rows = selectors.page(
            workspace_id=caller.workspace_id,
            tune_id=tune_id,
            text=params.as_text(query.get("text"), field="text") or "",
            filters=_filters(query, caller),
            everywhere=caller.everywhere,
            **window(request, offset_max=OFFSET_MAX),
        )
        return answer(shown(rows, request, caller))


def shown(rows: Sequence[PromptRow], request: Request, caller: Caller) -> list[dict[str, Any]]:
    """The prompts as this caller sees them, with what the query asks to `expand`."""
    liked = selectors.liked(
        user_id=caller.user_id, prompt_ids=[row.columns.id for row in rows if row.columns.likes_count]
    )
    wanted = {
        word.removeprefix("prompt.")
        for name in ("expand", "expand[]")
        for value in request.query_params.getlist(name)
        for word in value.split(",")
    }
    return [presenters.prompt(row, origin=caller.origin, liked=row.columns.id in liked, expand=wanted) for row in rows]


def _filters(query: Any, caller: Caller) -> Filters:
    """
    :raises Invalid: one that can't be read
    """
    numbers: dict[str, Any] = {
        name: params.as_int(query.get(name), field=name)
        for name in ("pack_id", "base_pack_id", "user_id", "orig_prompt_id", "order_id")
    }
    switches: dict[str, Any] = {
        name: params.as_bool(query.get(name), field=name) for name in ("is_video", "is_api", "inpaint_faces")
    }
    liked = params.as_bool(query.get("liked"), field="liked")
    today = params.as_bool(query.get("today"), field="today")
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return Filters(
        **numbers,
        **switches,
        liked_by=caller.user_id if liked else None,
        not_liked_by=caller.user_id if liked is False else None,
        since=midnight if today else None,
    )


class PromptView(AstriaView):
    """Retrieve and delete; a prompt answers under its base tune, and under every reference that it uses."""

    def get(self, request: Request, prompt_id: int, tune_id: int | None = None) -> HttpResponse:
        caller = caller_of(request, scope="prompts:read")
        row = selectors.get(
            workspace_id=caller.workspace_id, prompt_id=prompt_id, tune_id=tune_id, everywhere=caller.everywhere
        )
        return answer(shown([row], request, caller)[0])

    def patch(self, request: Request, prompt_id: int, tune_id: int | None = None) -> HttpResponse:
        caller = caller_of(request, scope="prompts:write")
        selectors.get(workspace_id=caller.workspace_id, prompt_id=prompt_id, tune_id=tune_id)
        fields = params.under(body(request), "prompt")
        change(
            caller=caller,
            prompt=selectors.own(workspace_id=caller.workspace_id, prompt_id=prompt_id),
            places={name: params.as_int(fields[name], field=name) for name in PLACES if name in fields},
            community=params.as_bool(fields.get("community"), field="community"),
            into=in_its_workspace(caller, fields),
            now=timezone.now(),
        )
        if "pack_id" in fields:
            templates.follow(selectors.own(workspace_id=caller.workspace_id, prompt_id=prompt_id))
        row = selectors.of_id(prompt_id)
        assert row is not None
        return answer(shown([row], request, caller)[0])

    def delete(self, request: Request, prompt_id: int, tune_id: int | None = None) -> HttpResponse:
        caller = caller_of(request, scope="prompts:write")
        selectors.get(workspace_id=caller.workspace_id, prompt_id=prompt_id, tune_id=tune_id)
        if not lifecycle.delete(prompt_id=prompt_id, now=timezone.now(), actor=f"user {caller.user_id}"):
            raise NotFound
        # Clients disagree: the nested path's want an empty 204, the flat one's read a message.
        if tune_id is not None:
            return HttpResponse(status=204)
        return answer({"message": f"Prompt {prompt_id} was deleted"})


class Duplicate(_Creation):
    """The same prompt again, with changes."""

    def parse(self, request: Request, caller: Caller, **ids: Any) -> PromptRequest:  # noqa: ARG002  read already
        return again(
            workspace_id=caller.workspace_id,
            prompt_id=ids["prompt_id"],
            dialect=caller.dialect,
            tune_id=ids.get("tune_id"),
            image_index=params.as_int(self._fields.get("image_index"), field="image_index"),
            changes=read_changes(self._fields, origin=caller.origin),
        )


class Likes(AstriaView):
    """Like, or no longer: the same call. The documentation's path answers 201 without a body, the clients' one 200."""

    quiet = False

    def post(self, request: Request, prompt_id: int) -> HttpResponse:
        caller = caller_of(request, scope="prompts:write")
        is_liked = liking.toggle(
            prompt_id=prompt_id, user_id=caller.user_id, workspace_id=caller.workspace_id, now=timezone.now()
        )
        return HttpResponse(status=201) if self.quiet else answer({"liked": is_liked})


class PromptQuote(AstriaView):
    """What the create call would charge; charges and keeps nothing."""

    def post(self, request: Request, tune_id: int | None = None) -> HttpResponse:
        caller = caller_of(request, scope="prompts:read")
        fields = params.under(body(request), "prompt")
        caller = in_its_workspace(caller, fields)
        words = read_prompt(fields, tune_id=tune_id, origin=caller.origin)
        quoted = quote(caller=caller, request=words, now=timezone.now())
        return answer(presenters.quote(quoted, balance_mc=ledger.balance_mc(caller.payer_id)))
