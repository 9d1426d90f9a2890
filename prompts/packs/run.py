"""A run of a pack: all its prompts quoted, prepared and accepted together, or none of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from accounts.models import Caller
from billing import spending
from common.errors import Invalid, NotFound
from prompts.models import Order, Pack, Prompt, Template
from prompts.packs import selectors
from prompts.packs.requests import request_of
from prompts.request import PromptRequest
from prompts.submission.accept import accept
from prompts.submission.prepare import Prepared, prepare_quoted
from prompts.submission.quote import quote
from tunes import selectors as tunes
from tunes.models import Tune

PROMPTS_MAX = 200


@dataclass(frozen=True, kw_only=True)
class Run:
    """What is asked for: the pack on tunes that exist; `changes` are fields of every one of its prompts."""

    pack: Pack
    tune_ids: Sequence[int]
    template_ids: Sequence[int] = ()  # all of them if empty
    changes: Mapping[str, Any] | None = None
    prompts_callback: str | None = None


@dataclass(frozen=True, kw_only=True)
class PreparedRun:
    caller: Caller
    run: Run
    prompts: tuple[Prepared, ...]


def prepare_run(*, caller: Caller, run: Run, now: datetime) -> PreparedRun:
    """Quote everything, look at the balance once, and only then take files in.

    :raises Invalid: by field
    :raises InsufficientFunds: the balance would not do
    """
    quoted = [quote(caller=caller, request=request, now=now) for request in _requests(run, caller)]
    balance_mc = spending.look(caller=caller, amount_mc=sum(one.cost_mc for one in quoted), slots=len(quoted))
    prepared = tuple(prepare_quoted(caller=caller, quoted=one, balance_mc=balance_mc) for one in quoted)
    return PreparedRun(caller=caller, run=run, prompts=prepared)


def accept_run(*, prepared: PreparedRun, now: datetime) -> tuple[Order, list[Prompt]]:
    """Write the order and its prompts, and charge them. Runs inside the caller's transaction.

    :raises InsufficientFunds: another request was faster; the transaction has to roll back
    """
    caller, run = prepared.caller, prepared.run
    order = Order.objects.create(
        workspace_id=caller.workspace_id,
        user_id=caller.user_id,
        pack=run.pack,
        tune_ids=list(run.tune_ids),
        total_cost_mc=sum(one.quote.cost_mc for one in prepared.prompts),
        prompts_callback=run.prompts_callback,
        dialect=caller.dialect,
        created_at=now,
    )
    made = [accept(prepared=_of_order(one, order), agreed_mc=None, now=now) for one in prepared.prompts]
    return order, made


def requests_for(
    pack: Pack, *, class_name: str, template_ids: Sequence[int] = (), changes: Mapping[str, Any]
) -> list[PromptRequest]:
    """The prompts of a run on a tune that is made with it; of all templates of its class if none is named.

    :raises Invalid: the pack has nothing for that class, or a template is not the pack's
    """
    templates = [one for one in _templates(pack, template_ids) if one.class_name.lower() == class_name.lower()]
    if not templates and template_ids:
        raise Invalid({"prompt_ids": [f"are of other classes than {class_name!r}"]})
    if not templates:
        raise Invalid({"name": [f"{class_name!r} is no class of this pack; there are: {_classes(pack)}"]})
    return [request_of(template, pack, tune_id=0, changes=changes) for template in templates]


def _of_order(prepared: Prepared, order: Order) -> Prepared:
    request = replace(prepared.quote.request, order_id=order.pk)
    return replace(prepared, quote=replace(prepared.quote, request=request))


def _requests(run: Run, caller: Caller) -> list[PromptRequest]:
    chosen = [_tune(caller, tune_id) for tune_id in dict.fromkeys(run.tune_ids)]
    if not chosen:
        raise Invalid({"tune_ids": ["can't be blank"]})
    templates = _templates(run.pack, run.template_ids)
    if run.pack.slots:
        requests = _in_slots(run, templates, chosen)
    else:
        requests = [
            request_of(template, run.pack, tune_id=tune.pk, changes=run.changes or {})
            for template in templates
            for tune in chosen
            if (tune.name or "").lower() == template.class_name.lower()
        ]
    if not requests:
        raise Invalid({"tune_ids": [f"are of no class of this pack; there are: {_classes(run.pack)}"]})
    if len(requests) > PROMPTS_MAX:
        raise Invalid({"tune_ids": [f"make {len(requests)} prompts; a run has at most {PROMPTS_MAX}"]})
    return requests


def _tune(caller: Caller, tune_id: int) -> Tune:
    try:
        tune = tunes.get_visible(workspace_id=caller.workspace_id, tune_id=tune_id)
    except NotFound as error:
        raise Invalid({"tune_ids": [f"{tune_id} does not exist or is not yours"]}) from error
    if not tune.is_reference:
        raise Invalid({"tune_ids": [f"{tune_id} is a base model, and no reference"]})
    return tune


def _templates(pack: Pack, chosen: Sequence[int]) -> list[Template]:
    every = selectors.templates([pack])[pack.pk]
    if strange := sorted(set(chosen) - {template.pk for template in every}):
        raise Invalid({"prompt_ids": [f"{strange[0]} is no template of this pack"]})
    return [template for template in every if not chosen or template.pk in chosen]


def _in_slots(run: Run, templates: Sequence[Template], chosen: Sequence[Tune]) -> list[PromptRequest]:
    """Each template once, with one tune for every slot: the first that is given of one of the slot's classes."""
    left, filled = list(chosen), []
    for slot in run.pack.slots:
        names = {name.lower() for name in slot["filter_names"]}
        tune = next((one for one in left if (one.name or "").lower() in names), None)
        if tune is None:
            raise Invalid({"tune_ids": [f"lack one for {slot['label']} ({', '.join(slot['filter_names'])})"]})
        left.remove(tune)
        filled.append(tune)
    first, *others = filled
    return [
        request_of(template, run.pack, tune_id=first.pk, changes=run.changes or {}, others=others)
        for template in templates
    ]


def _classes(pack: Pack) -> str:
    if pack.slots:
        return ", ".join(name for slot in pack.slots for name in slot["filter_names"])
    return ", ".join(dict.fromkeys(one.class_name for one in selectors.templates([pack])[pack.pk])) or "none"
