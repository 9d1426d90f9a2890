"""What the house does when a lower floor announces something: the one place that sees all rooms (DESIGN §4 C).

Each is an idempotent task named after its topic. It deletes its announcement in the transaction of its own work.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from accounts import workspaces
from callbacks import delivery
from common.jobs import outbox
from dialects.astria import callbacks as astria
from dialects.fal import callbacks as fal
from dialects.modelslab import callbacks as modelslab
from prompts import lifecycle, publication, selectors
from prompts.packs import closing, templates
from tunes import lifecycle as tune_lifecycle
from tunes import selectors as tune_selectors
from tunes.models import Tune

# Processes remember keys for some seconds: what came in by one of them meanwhile is ended by a second round.
LATECOMERS = timedelta(seconds=10)
CALLBACK_BODIES: Mapping[str, Any] = {"astria": astria, "fal": fal, "modelslab": modelslab}


@shared_task(name=lifecycle.ENDED_TOPIC)
def prompt_ended(*, ref: int, **_newer_arguments: object) -> None:
    """Tell the customer's server, in the words of the dialect that the prompt came by; and when it was the last one of
    those that came with a tune, tell that too.
    """
    publication.complete(prompt_id=ref, now=timezone.now())
    templates.illustrate(prompt_id=ref)
    row = selectors.of_id(ref)
    with transaction.atomic():
        if row is not None and row.columns.callback and row.columns.deleted_at is None:
            p = row.columns
            dialect = CALLBACK_BODIES[p.dialect]
            _tell(p, url=p.callback, body=dialect.prompt_ended(row), kind="prompt", **dialect.manner(row))
        for tune in tune_selectors.awaited_by(prompt_id=ref):
            _tell_of_all(tune)
        if row is not None and row.columns.order_id is not None:
            _tell_of_order(row.columns.order_id)
        outbox.done(lifecycle.ENDED_TOPIC, ref=ref)


@shared_task(name=tune_lifecycle.ENDED_TOPIC)
def tune_ended(*, ref: int, **_newer_arguments: object) -> None:
    """Let what waited for the tune go on, or end with it; then tell the customer's server."""
    tune, now = tune_selectors.of_id(ref), timezone.now()
    if tune is not None:
        _settle_waiting(tune, now=now)
    with transaction.atomic():
        if tune is not None and tune.deleted_at is None:
            if tune.callback:
                images = tune_selectors.pictures([tune.pk]).get(tune.pk, [])
                body = CALLBACK_BODIES[tune.dialect].tune_ended(tune, images)
                _tell(tune, url=tune.callback, body=body, kind="tune")
            _tell_of_all(tune)
        outbox.done(tune_lifecycle.ENDED_TOPIC, ref=ref)


@shared_task(name=workspaces.CLOSING_TOPIC)
def workspace_closing(*, ref: int, **_newer_arguments: object) -> None:
    """End what is in it: unfinished work is given back, files and public addresses die, nothing is extended."""
    now = timezone.now()
    closing.close_prompts(workspace_id=ref, now=now)
    tune_lifecycle.close(workspace_id=ref, now=now)
    with transaction.atomic():
        outbox.done(workspaces.CLOSING_TOPIC, ref=ref)
        if now - workspaces.deleted_at(ref) < LATECOMERS:
            outbox.announce(workspaces.CLOSING_TOPIC, ref=ref, at=now + LATECOMERS)


def _settle_waiting(tune: Tune, *, now: datetime) -> None:
    if tune.deleted_at is not None:
        lifecycle.cancel_using(tune_id=tune.pk, now=now)
    elif tune.failed_at is not None:
        message = "The tune that this was to be made with could not be trained. You were not charged."
        lifecycle.fail_waiting(tune_id=tune.pk, message=message, now=now)
    else:
        lifecycle.release(tune_id=tune.pk, now=now)


def _tell_of_all(tune: Tune) -> None:
    """Once, when no prompt of the tune is unfinished any more; a tune without prompts has nothing to tell of."""
    if not tune.prompts_callback or tune.deleted_at is not None or selectors.any_unfinished(tune_id=tune.pk):
        return
    rows = selectors.oldest_of_tune(workspace_id=tune.workspace_id or 0, tune_id=tune.pk)
    if rows:
        body = CALLBACK_BODIES[tune.dialect].prompts_ended(rows)
        _tell(tune, url=tune.prompts_callback, body=body, kind="prompts")


def _tell_of_order(order_id: int) -> None:
    order = selectors.awaited_order(order_id)
    if order is not None:
        body = CALLBACK_BODIES[order.dialect].prompts_ended(selectors.of_order(order_id))
        _tell(order, url=order.prompts_callback or "", body=body, kind="order")


def _tell(about: Any, *, url: str, body: Mapping[str, Any], kind: str, **manner: Any) -> None:
    delivery.record(
        workspace_id=about.workspace_id, url=url, body=body, kind=kind, ref=about.id, dialect=about.dialect,
        now=timezone.now(), **manner,
    )  # fmt: skip
