"""`/tunes`."""

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
from dialects.astria.base import AstriaView, answer, body, caller_of, in_its_workspace, names, paged
from dialects.astria.tune_schema import read_changes, read_tune
from prompts import selectors as prompt_selectors
from prompts.models import Prompt
from prompts.request import PromptRequest
from prompts.submission.prepare import Prepared
from prompts.submission.with_tune import accept_with_tune, prepare_with_tune, quote_with_tune
from tunes import changes, lifecycle, selectors
from tunes.models import Tune
from tunes.request import TuneRequest
from tunes.submission import PreparedTune

OFFSET_MAX = 200
Words = tuple[TuneRequest, list[PromptRequest]]
Ready = tuple[PreparedTune, list[Prepared]]


class Tunes(AstriaView, SpendingPost[Caller, Words, Ready]):
    """List and create."""

    def caller_of(self, request: Request) -> Caller:
        caller = caller_of(request, scope="tunes:write")
        self._fields = params.under(body(request), "tune")
        return in_its_workspace(caller, self._fields)

    def parse(self, request: Request, caller: Caller, **_ids: Any) -> Words:  # noqa: ARG002  read already
        return read_tune(self._fields, origin=caller.origin)

    def prepare(self, *, caller: Caller, words: Words, now: datetime) -> Ready:
        tune, prompts = words
        return prepare_with_tune(caller=caller, tune=tune, prompts=prompts, now=now)

    def accept(self, *, caller: Caller, prepared: Ready, now: datetime) -> Answer:
        tune, prompts = accept_with_tune(tune=prepared[0], prompts=prepared[1], agreed_mc=None, now=now)
        return Answer(201, json.dumps(presented(tune, prompts, prepared[1], caller=caller)))

    def get(self, request: Request) -> HttpResponse:
        caller = caller_of(request, scope="tunes:read")
        query = request.query_params
        words: dict[str, Any] = {
            name: params.as_text(query.get(name), field=name) or "" for name in ("title", "model_type", "branch")
        }
        page = selectors.page(
            workspace_id=caller.workspace_id,
            everywhere=caller.everywhere,
            names=names(query),
            **words,
            **paged(request, offset_max=OFFSET_MAX),
        )
        images = selectors.pictures(tune.pk for tune in page)
        return answer([presenters.tune(tune, images=images.get(tune.pk, ()), origin=caller.origin) for tune in page])


def presented(tune: Tune, prompts: Sequence[Prompt], prepared: Sequence[Prepared], *, caller: Caller) -> dict[str, Any]:
    """A tune that was made a moment ago, with the prompts that came with it, if any: a twin of before has none."""
    images = selectors.pictures([tune.pk])[tune.pk]
    shown = presenters.tune(tune, images=images, origin=caller.origin)
    rows = [
        prompt_selectors.of_new(prompt, tune_title=one.quote.tune.title, personal=caller.personal, inputs=one.inputs)
        for prompt, one in zip(prompts, prepared[: len(prompts)], strict=True)
    ]
    return shown | ({"prompts": [presenters.prompt(row, origin=caller.origin) for row in rows]} if rows else {})


class TuneView(AstriaView):
    """Retrieve, change and delete."""

    def get(self, request: Request, tune_id: int) -> HttpResponse:
        caller = caller_of(request, scope="tunes:read")
        tune = selectors.get_visible(workspace_id=caller.workspace_id, tune_id=tune_id, everywhere=caller.everywhere)
        images = selectors.pictures([tune.pk]).get(tune.pk, [])
        return answer(presenters.tune(tune, images=images, origin=caller.origin))

    def patch(self, request: Request, tune_id: int) -> HttpResponse:
        caller = caller_of(request, scope="tunes:write")
        tune = selectors.get_own(workspace_id=caller.workspace_id, tune_id=tune_id)
        tune = changes.change(tune=tune, now=timezone.now(), **read_changes(params.under(body(request), "tune")))
        images = selectors.pictures([tune.pk]).get(tune.pk, [])
        return answer(presenters.tune(tune, images=images, origin=caller.origin))

    def delete(self, request: Request, tune_id: int) -> HttpResponse:
        """Clients want an empty 204; the documentation says 200."""
        caller = caller_of(request, scope="tunes:write")
        selectors.get_own(workspace_id=caller.workspace_id, tune_id=tune_id)
        if not lifecycle.delete(tune_id=tune_id, now=timezone.now(), actor=f"user {caller.user_id}"):
            raise NotFound
        return HttpResponse(status=204)


class TuneQuoteView(AstriaView):
    """What the create call would charge, its prompts included; charges and keeps nothing."""

    def post(self, request: Request) -> HttpResponse:
        caller = caller_of(request, scope="tunes:read")
        fields = params.under(body(request), "tune")
        caller = in_its_workspace(caller, fields)
        tune, prompts = read_tune(fields, origin=caller.origin)
        quoted = quote_with_tune(caller=caller, tune=tune, prompts=prompts, now=timezone.now())
        return answer(presenters.tune_quote(quoted, balance_mc=ledger.balance_mc(caller.payer_id)))
