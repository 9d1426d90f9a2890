"""The one moment in which a prompt comes to be: its row, its files, its announcement and its charge, or nothing."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import cache
from types import NoneType
from typing import Any

from django.conf import settings
from django.db import connection, models

from billing import spending
from common.errors import Invalid, Refusal
from common.jobs import outbox
from common.jobs.models import Status
from media import store
from prompts.lifecycle import RENDER_TOPIC
from prompts.models import Input, Prompt, UsedTune
from prompts.request import PromptRequest
from prompts.submission.addons import TARGET
from prompts.submission.prepare import Prepared
from prompts.submission.quote import Quote
from tunes.models import Tune

SEED_RANGE = 2**31


class PriceChanged(Refusal):
    """The price has risen above the one that was agreed to."""

    code = "price_changed"

    def __init__(self, *, cost_mc: int, agreed_mc: int) -> None:
        super().__init__("The price has changed since it was shown.")
        self.cost_mc = cost_mc
        self.agreed_mc = agreed_mc


def accept(*, prepared: Prepared, agreed_mc: int | None, now: datetime, twin_key: str | None = None) -> Prompt:
    """Write the prompt and take the money. Runs inside the caller's transaction and does no other I/O. With `twin_key`,
    the workspace can hold no second one of it.

    The order keeps locks short: prompt → files → outbox → charge, whose last statement is the wallet's.

    :raises PriceChanged: it costs more than `agreed_mc`
    :raises TooManyUnfinished, InsufficientFunds: another request was faster; the transaction has to roll back
    """
    quoted = prepared.quote
    if agreed_mc is not None and quoted.cost_mc > agreed_mc:
        raise PriceChanged(cost_mc=quoted.cost_mc, agreed_mc=agreed_mc)
    prompt = _prompt(prepared, now, twin_key=twin_key, waiting=quoted.is_waiting and _is_still_waiting(quoted))
    _insert(prompt)
    _write_files(prompt, prepared)
    if prompt.status == Status.QUEUED:
        outbox.announce(RENDER_TOPIC, ref=prompt.pk)
    spending.charge(
        caller=prepared.caller,
        amount_mc=quoted.cost_mc,
        reference=prompt.reference,
        facts=_facts(prepared),
        now=now,
        holds_slot=True,
    )
    return prompt


def _is_still_waiting(quoted: Quote) -> bool:
    """A training may have ended since the quote. Its end locks the tune's row too, and then looks who waits for it.

    :raises Invalid: it ended badly
    """
    ids = {tune.pk for tune in (quoted.tune, *(used.tune for used in quoted.references))}
    tunes = list(Tune.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    if failed := [tune.pk for tune in tunes if tune.failed_at or tune.deleted_at]:
        raise Invalid({"tune": [f"{failed[0]} could not be trained"]})
    return any(tune.trained_at is None for tune in tunes)


def _prompt(prepared: Prepared, now: datetime, *, waiting: bool, twin_key: str | None) -> Prompt:
    caller, quoted, request = prepared.caller, prepared.quote, prepared.quote.request
    return Prompt(
        workspace_id=caller.workspace_id,
        user_id=caller.user_id,
        api_key_id=caller.key_id,
        dialect=caller.dialect,
        origin=caller.origin,
        callback=request.callback,
        tune=quoted.tune,
        posted_tune=quoted.posted_tune,
        text=request.text,
        source_text=request.source_text,
        negative_prompt=request.negative_prompt,
        references=_references(quoted),
        num_images=1 if quoted.is_video else request.num_images or 1,
        seed=request.seed,
        effective_seed=secrets.randbelow(SEED_RANGE) if request.seed is None else request.seed % SEED_RANGE,
        w=request.w,
        h=request.h,
        ar=request.ar,
        aspect_ratio=request.aspect_ratio,
        resolution=request.resolution,
        options=dict(request.options),
        flags=quoted.flags,
        video_model=quoted.offer.name if quoted.is_video else None,
        video_prompt=request.video_prompt,
        video_duration=quoted.seconds,
        video_audio=request.video_audio,
        **_addons(quoted),
        clip=vars(request.clip) if request.clip else None,
        crop=request.crop,
        sampling=dict(request.sampling),
        wish=vars(request.wish) if request.wish else None,
        request_id=request.request_id,
        echo=dict(request.echo),
        twin_key=twin_key,
        orig_prompt_id=request.orig_prompt_id,
        pack_id=request.pack_id,
        base_pack_id=request.base_pack_id,
        order_id=request.order_id,
        published_at=now if request.community else None,
        cost_mc=quoted.cost_mc,
        price_id=quoted.offer.price_id,
        breakdown=quoted.breakdown,
        status=Status.WAITING if waiting else Status.QUEUED,
        next_at=None if waiting else now,
        deadline=None if waiting else _deadline(request, now),
        created_at=now,
        updated_at=now,
    )


def _deadline(request: PromptRequest, now: datetime) -> datetime:
    longest = timedelta(hours=settings.QUEUE_HOURS_MAX)
    asked = request.starts_within_s
    return now + (longest if asked is None else min(longest, timedelta(seconds=asked)))


def _addons(quoted: Quote) -> dict[str, str]:
    """What is done to the finished clip, as columns."""
    columns: dict[str, str] = {}
    for chosen in quoted.addons:
        columns[chosen.offer.field] = chosen.offer.name
        if chosen.target:
            columns[TARGET] = chosen.target
    return columns


def _insert(prompt: Prompt) -> None:
    """`prompt.save(force_insert=True)` by a statement that is put together once: to the ORM, a row of this width is
    as much work as all the other statements of an acceptance.
    """
    statement, fields = _insertion(connection.vendor)
    values = [_stored(field, getattr(prompt, field.attname)) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        prompt.pk = cursor.fetchone()[0]
    prompt._state.adding, prompt._state.db = False, connection.alias


def _stored(field: models.Field, value: Any) -> Any:
    """What the database takes; most values are that already."""
    if type(value) in (int, str, NoneType) and not isinstance(field, models.JSONField):
        return value
    return field.get_db_prep_save(value, connection)


@cache
def _insertion(vendor: str) -> tuple[str, list[models.Field]]:
    """INSERT … RETURNING id, and the fields that it writes."""
    del vendor  # names are quoted as the connection in use does it
    fields = [field for field in Prompt._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO prompts_prompt ({columns}) VALUES ({marks}) RETURNING id", fields


def _references(quoted: Quote) -> list[dict[str, Any]]:
    return [
        {
            "kind": used.kind,
            "tune_id": used.tune.pk,
            "title": used.tune.title,
            "name": used.tune.name,
            "token": used.tune.token,
            "weight": used.weight,
        }
        for used in quoted.references
    ]


def _write_files(prompt: Prompt, prepared: Prepared) -> None:
    if prepared.quote.references:
        UsedTune.objects.bulk_create(UsedTune(prompt=prompt, tune=used.tune) for used in prepared.quote.references)
    if prepared.inputs:
        Input.objects.bulk_create(
            Input(prompt=prompt, role=role, position=position, asset=asset) for role, position, asset in prepared.inputs
        )
        store.keep_for_good([asset.pk for _, _, asset in prepared.inputs])


def _facts(prepared: Prepared) -> dict[str, Any]:
    """What usage is counted by."""
    quoted = prepared.quote
    return {
        "model": quoted.offer.name,
        "tune": quoted.tune.pk,
        "key": prepared.caller.key_id,
        "workspace": prepared.caller.workspace_id,
        "seconds": quoted.seconds,
    }
