"""The one moment in which a tune comes to be: its row, its pictures, its training and its charge, or nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from billing import spending
from catalogue import offers
from common.jobs import outbox
from common.jobs.models import Status
from media import store
from tunes import eta
from tunes.lifecycle import ENDED_TOPIC, TRAIN_TOPIC
from tunes.models import FAST, Training, Tune, TuneImage, ledger_reference
from tunes.submission.prepare import PreparedTune

MOCK_AFTER = timedelta(seconds=3)  # a mock is "trained" for so long, so that its caller sees it unfinished


def accept(*, prepared: PreparedTune, now: datetime) -> Tune:
    """Write the tune and take the money. Runs inside the caller's transaction and does no other I/O.

    :raises InsufficientFunds: another request was faster; the transaction has to roll back
    """
    quoted, tune = prepared.quote, prepared.quote.tune
    ready = tune.model_type == Tune.ModelType.FACEID  # a reference needs no training
    if ready:
        tune.started_training_at = tune.trained_at = tune.eta = now
        tune.expires_at = now + timedelta(days=offers.keeping(now=now).days)
    else:
        tune.eta = eta.of(trainer=quoted.training.name if quoted.training else "", now=now)
    tune.save(force_insert=True)
    _write_pictures(tune, prepared)
    if ready:
        outbox.announce(ENDED_TOPIC, ref=tune.pk)
    else:
        _begin(tune, prepared, now=now)
    spending.charge(
        caller=prepared.caller, amount_mc=quoted.cost_mc, reference=ledger_reference(tune.pk),
        facts=_facts(prepared), now=now, holds_slot=not ready,
    )  # fmt: skip
    return tune


def accept_once(*, prepared: PreparedTune, now: datetime) -> tuple[Tune, bool]:
    """The tune, and whether it is new. With the account's switch on, an existing title is that tune (R18).

    :raises InsufficientFunds: as `accept`
    """
    if not prepared.caller.collapses_duplicates:
        return accept(prepared=prepared, now=now), True
    twin = _titled(prepared)
    if twin is not None:
        return twin, False
    prepared.quote.tune.twin_title = prepared.quote.tune.title
    try:
        with transaction.atomic():
            return accept(prepared=prepared, now=now), True
    except IntegrityError:  # another request was faster, by less than a transaction
        twin = _titled(prepared)
        if twin is None:
            raise
        return twin, False


def _titled(prepared: PreparedTune) -> Tune | None:
    own = Tune.objects.of_workspace(prepared.caller.workspace_id).filter(failed_at=None)
    return own.filter(title=prepared.quote.tune.title).order_by("-pk").first()


def _write_pictures(tune: Tune, prepared: PreparedTune) -> None:
    captions = prepared.quote.request.captions
    TuneImage.objects.bulk_create(
        TuneImage(tune=tune, asset=asset, position=n, caption=captions[n] if n < len(captions) else "")
        for n, asset in enumerate(prepared.pictures)
    )
    store.keep_for_good([asset.pk for asset in prepared.pictures])


def _begin(tune: Tune, prepared: PreparedTune, *, now: datetime) -> None:
    training, caller = prepared.quote.training, prepared.caller
    at = now + MOCK_AFTER if tune.branch == FAST else now
    row = Training.objects.create(
        tune=tune,
        workspace_id=caller.workspace_id,
        user_id=caller.user_id,
        api_key_id=caller.key_id,
        trainer=training.name if training else "",
        price_id=training.price_id if training else None,
        breakdown=prepared.quote.breakdown,
        status=Status.QUEUED,
        next_at=at,
        deadline=now + timedelta(hours=settings.QUEUE_HOURS_MAX),
        created_at=now,
    )
    outbox.announce(TRAIN_TOPIC, ref=row.pk, at=at if at > now else None)


def _facts(prepared: PreparedTune) -> dict[str, Any]:
    """What usage is counted by."""
    quoted = prepared.quote
    return {
        "model": quoted.training.name if quoted.training else FAST,
        "tune": quoted.tune.pk,
        "key": prepared.caller.key_id,
        "workspace": prepared.caller.workspace_id,
        "steps": quoted.steps,
    }
