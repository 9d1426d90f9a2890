"""`/packs` and `/p/…`: template prompts, and their runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from accounts.authentication import origin_of
from accounts.models import Caller
from common.errors import Invalid, Unauthenticated
from common.http_api import CreatingPost, SpendingPost
from common.idempotency.keys import Answer
from dialects.astria import params
from dialects.astria.base import AstriaView, answer, body, caller_of, in_its_workspace, moments, window
from dialects.astria.presenters import packs as shown
from dialects.astria.schema import check_callback, read_changes
from dialects.astria.tune_schema import read_tune
from dialects.astria.tunes import presented
from prompts.models import Pack
from prompts.packs import costs, run, selectors, templates
from prompts.packs.run import PreparedRun, Run, accept_run, prepare_run
from prompts.submission.prepare import Prepared
from prompts.submission.with_tune import accept_with_tune, prepare_with_tune
from tunes.request import TuneRequest
from tunes.submission import PreparedTune

OFFSET_MAX = 1_000
_FIELDS = ("title", "subtitle", "slug", "model_type", "token", "preset")


class Packs(AstriaView, CreatingPost[Caller, dict[str, Any]]):
    """One's own packs: list and create."""

    def get(self, request: Request) -> HttpResponse:
        caller = caller_of(request, scope="prompts:read")
        return _listed(request, workspace_id=caller.workspace_id, origin=caller.origin, everywhere=caller.everywhere)

    def caller_of(self, request: Request) -> Caller:
        caller = caller_of(request, scope="prompts:write")
        self._fields = params.under(body(request), "pack")
        return in_its_workspace(caller, self._fields)

    def parse(self, request: Request, caller: Caller, **_ids: Any) -> dict[str, Any]:  # noqa: ARG002  read already
        fields = self._fields
        return _read(fields) | {"base_tune_id": params.as_int(fields.get("base_tune_id"), field="base_tune_id")}

    def accept(self, *, caller: Caller, prepared: dict[str, Any], now: datetime) -> Answer:
        pack = templates.create(caller=caller, fields=prepared, now=now)
        return Answer(201, json.dumps(_whole(pack, origin=caller.origin)))


class GalleryPacks(AstriaView):
    """Everybody's public packs; takes no key."""

    def get(self, request: Request) -> HttpResponse:
        return _listed(request, workspace_id=None, origin=origin_of(request._request))


class PackView(AstriaView):
    """Change and delete one's own."""

    def patch(self, request: Request, pack_id: int) -> HttpResponse:
        caller = caller_of(request, scope="prompts:write")
        pack = selectors.own(workspace_id=caller.workspace_id, pack_id=pack_id)
        fields = params.under(body(request), "pack")
        changed = templates.change(pack=pack, fields=_read(fields), now=timezone.now())
        return answer(_whole(changed, origin=caller.origin))

    def delete(self, request: Request, pack_id: int) -> HttpResponse:
        caller = caller_of(request, scope="prompts:write")
        templates.delete(pack=selectors.own(workspace_id=caller.workspace_id, pack_id=pack_id), now=timezone.now())
        return HttpResponse(status=204)


class PackDetail(AstriaView):
    """One's own pack, or a public one, which takes no key."""

    def get(self, request: Request, name: str) -> HttpResponse:
        try:
            caller: Caller | None = caller_of(request, scope="prompts:read")
        except Unauthenticated:
            if request.headers.get("Authorization"):
                raise
            caller = None
        pack = selectors.find(
            workspace_id=caller.workspace_id if caller else None, name=name,
            everywhere=caller.everywhere if caller else (),
        )  # fmt: skip
        return answer(_whole(pack, origin=origin_of(request._request)))


@dataclass(frozen=True)
class OnNewTune:
    pack: Pack
    tune: TuneRequest
    template_ids: list[int]
    changes: dict[str, Any]


Words = Run | OnNewTune
Ready = PreparedRun | tuple[PreparedTune, list[Prepared]]


class PackRun(AstriaView, SpendingPost[Caller, Words, Ready]):
    """Run a pack on tunes that exist, or on one that is made for it."""

    def caller_of(self, request: Request) -> Caller:
        caller = caller_of(request, scope="prompts:write")
        self._fields = params.under(body(request), "tune")
        return in_its_workspace(caller, self._fields)

    def parse(self, request: Request, caller: Caller, **ids: Any) -> Words:  # noqa: ARG002  read already
        fields = self._fields
        pack = selectors.find(workspace_id=caller.workspace_id, name=ids["name"])
        changes, chosen = _changes(fields, caller), _numbers(fields, "prompt_ids")
        tune_ids = _numbers(fields, "tune_ids")
        if not tune_ids and ("tune_ids" not in fields or fields.get("images") or fields.get("image_urls")):
            given = _defaults(pack) | {name: value for name, value in fields.items() if value not in (None, "")}
            request_, _ = read_tune(given | {"base_pack_id": pack.pk, "prompts_attributes": None}, origin=caller.origin)
            return OnNewTune(pack, request_, chosen, changes)
        callback = params.as_text(fields.get("prompts_callback"), field="prompts_callback")
        trouble: dict[str, list[str]] = {}
        check_callback(callback, trouble, field="prompts_callback")
        if trouble:
            raise Invalid(trouble)
        return Run(
            pack=pack,
            tune_ids=list(dict.fromkeys(tune_ids)),
            template_ids=chosen,
            changes=changes,
            prompts_callback=callback,
        )

    def prepare(self, *, caller: Caller, words: Words, now: datetime) -> Ready:
        if isinstance(words, Run):
            return prepare_run(caller=caller, run=words, now=now)
        if words.pack.slots:
            raise Invalid({"tune_ids": ["can't be blank: this pack takes one tune for each of its slots"]})
        prompts = run.requests_for(
            words.pack, class_name=words.tune.name, template_ids=words.template_ids, changes=words.changes
        )
        return prepare_with_tune(caller=caller, tune=words.tune, prompts=prompts, now=now)

    def accept(self, *, caller: Caller, prepared: Ready, now: datetime) -> Answer:
        if isinstance(prepared, PreparedRun):
            order, prompts = accept_run(prepared=prepared, now=now)
            return Answer(201, json.dumps(shown.order(order, prompt_ids=[prompt.pk for prompt in prompts])))
        tune, prompts = accept_with_tune(tune=prepared[0], prompts=prepared[1], agreed_mc=None, now=now)
        return Answer(201, json.dumps(presented(tune, prompts, prepared[1], caller=caller)))


def _listed(
    request: Request,
    *,
    workspace_id: int | None,
    origin: str,
    everywhere: Sequence[int] = (),
) -> HttpResponse:
    query = request.query_params
    found = selectors.page(
        workspace_id=workspace_id,
        everywhere=everywhere,
        public=params.as_bool(query.get("public"), field="public"),
        listed=params.as_bool(query.get("listed"), field="listed"),
        **window(request, offset_max=OFFSET_MAX),
    )
    every, now = selectors.templates(found), timezone.now()
    return answer(
        [
            shown.pack(pack, costs.by_class(pack, every[pack.pk], now=now), every[pack.pk], origin=origin)
            for pack in found
        ]
    )


def _whole(pack: Pack, *, origin: str) -> dict[str, Any]:
    every, now = selectors.templates([pack])[pack.pk], timezone.now()
    priced = {template.pk: costs.of_template(template, pack, now=now) for template in every}
    return shown.detail(pack, costs.by_class(pack, every, now=now), every, priced, origin=origin)


def _read(fields: Any) -> dict[str, Any]:
    """What was sent of a pack; `public` and `unlisted` are moments inside.

    :raises Invalid: a field that can't be read
    """
    texts = {name: params.as_text(fields[name], field=name) or None for name in _FIELDS if fields.get(name) is not None}
    return {**texts, **moments(fields, "public", "unlisted")}


def _changes(fields: Any, caller: Caller) -> dict[str, Any]:
    """`prompt_attributes`: fields of every prompt of the run."""
    given = params.as_object(fields.get("prompt_attributes"), field="prompt_attributes")
    return read_changes(given or {}, origin=caller.origin)


def _numbers(fields: Any, name: str) -> list[int]:
    numbers = [params.as_int(value, field=name) for value in params.items(fields.get(name), field=name)]
    return [number for number in numbers if number is not None]


def _defaults(pack: Pack) -> dict[str, Any]:
    """How the pack makes a tune, where the caller says nothing else."""
    told = {
        "base_tune_id": pack.base_tune_id, "model_type": pack.model_type, "preset": pack.preset, "token": pack.token,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value is not None}
