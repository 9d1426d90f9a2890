"""The only module that writes a prompt's status, but for queued ↔ running, which is the lease's.

Every ending is one transaction: status, money, outputs and announcement together. The old statuses stand in the
UPDATE's WHERE; whoever changes the row has won, and losing is normal.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from billing import spending
from common.jobs import lease, outbox
from common.jobs.models import UNFINISHED, Status
from media import store
from prompts.models import Input, Output, Prompt, Template, ledger_reference
from tunes.models import Tune

ENDED_TOPIC = "prompt.ended"
RENDER_TOPIC = "prompts.render"


@dataclass(frozen=True, kw_only=True)
class Finished:
    """One output of a prompt, stored."""

    asset_id: int
    seed: int


def succeed(
    *,
    prompt_id: int,
    attempt: int,
    outputs: Sequence[Finished],
    engine: str,
    preview: bool,
    report: Mapping[str, Any],
    now: datetime,
    wish: Mapping[str, Any] | None = None,
) -> bool:
    """End a prompt well, if attempt `attempt` still holds it: status, end time and images in one write.

    `wish`: what was promised of the file, as `request.Wish` has it.
    """
    with transaction.atomic():
        if not _end(
            prompt_id,
            Status.SUCCEEDED,
            among=[Status.RUNNING],
            attempt=attempt,
            now=now,
            engine=engine,
            preview=preview,
            report=dict(report),
            progress=1.0,
            stage="",
        ):
            return False
        Output.objects.bulk_create(
            Output(prompt_id=prompt_id, position=n, asset_id=output.asset_id, seed=output.seed)
            for n, output in enumerate(outputs)
        )
        store.keep_for_good([output.asset_id for output in outputs])
        if wish:
            _grant(wish, outputs[0].asset_id, now=now)
        spending.settle(reference=ledger_reference(prompt_id))
        outbox.announce(ENDED_TOPIC, ref=prompt_id)
        return True


def _grant(wish: Mapping[str, Any], asset_id: int, *, now: datetime) -> None:
    """Here and not where the file was stored, so that only the attempt that counts has the promised address."""
    if wish["address"]:
        store.readdress(asset_id, address=wish["address"])
    if wish["kept_s"] is not None:
        store.keep_until(asset_id, now + timedelta(seconds=wish["kept_s"]))


def fail(
    *, prompt_id: int, code: str, message: str, now: datetime, attempt: int | None = None, report: Any = None
) -> bool:
    """End a prompt badly and give the money back: while `attempt` holds it, or without one while nobody does."""
    among = [Status.RUNNING] if attempt is not None else [Status.WAITING, Status.QUEUED]
    with transaction.atomic():
        ended = _end(
            prompt_id,
            Status.FAILED,
            among=among,
            attempt=attempt,
            now=now,
            failure_code=code,
            user_error=message,
            report=report or {},
        )
        if ended:
            _give_back(prompt_id, reason=f"failed: {code}")
        return ended


def exhaust(*, prompt_id: int, attempt: int, now: datetime) -> bool:
    """End a prompt whose attempts all died."""
    with transaction.atomic():
        ended = _end(
            prompt_id,
            Status.FAILED,
            among=[Status.QUEUED, Status.RUNNING],
            attempt=attempt,
            now=now,
            failure_code=Prompt.Failure.ENGINE_ERROR,
            user_error="Rendering failed. You were not charged.",
        )
        if ended:
            _give_back(prompt_id, reason="failed: engine_error")
        return ended


def cancel(*, prompt_id: int, now: datetime, actor: str = "") -> bool:
    """Stop a prompt at any moment before its end, and give the money back; False when it has ended already."""
    with transaction.atomic():
        return _cancel(prompt_id, among=UNFINISHED, now=now, message="Cancelled", actor=actor)


def _cancel(prompt_id: int, *, among: Collection[Status], now: datetime, message: str, actor: str = "") -> bool:
    cancelled = _end(prompt_id, Status.CANCELLED, among=among, now=now, user_error=message)
    if cancelled:
        _give_back(prompt_id, reason="cancelled", actor=actor)
    return cancelled


def release(*, tune_id: int, now: datetime) -> None:
    """Queue the prompts that waited for this tune, and for no other any more."""
    for prompt_id in _using(tune_id, Status.WAITING):
        with transaction.atomic():
            _release(prompt_id, now=now)


def _release(prompt_id: int, *, now: datetime) -> None:
    base_id = Prompt.objects.values_list("tune_id", flat=True).get(pk=prompt_id)
    if Tune.objects.filter(Q(pk=base_id) | Q(used_by__prompt_id=prompt_id), trained_at=None).exists():
        return
    deadline = now + timedelta(hours=settings.QUEUE_HOURS_MAX)
    waiting = Prompt.objects.filter(pk=prompt_id, status=Status.WAITING)
    if waiting.update(status=Status.QUEUED, next_at=now, deadline=deadline, updated_at=now):
        outbox.announce(RENDER_TOPIC, ref=prompt_id)


def fail_waiting(*, tune_id: int, message: str, now: datetime) -> None:
    """The tune will never be: what waited for it fails, and is given back."""
    for prompt_id in _using(tune_id, Status.WAITING):
        fail(prompt_id=prompt_id, code=Prompt.Failure.REJECTED, message=message, now=now)


def cancel_using(*, tune_id: int, now: datetime) -> None:
    """The tune is gone: what has not begun is cancelled and given back; what runs has its pictures already."""
    for prompt_id in _using(tune_id, Status.WAITING, Status.QUEUED):
        with transaction.atomic():
            _cancel(
                prompt_id,
                among=[Status.WAITING, Status.QUEUED],
                now=now,
                message="Its tune was deleted. You were not charged.",
            )


def _using(tune_id: int, *statuses: Status) -> list[int]:
    prompts = Prompt.objects.filter(Q(tune_id=tune_id) | Q(used_tunes__tune_id=tune_id), status__in=statuses)
    return list(prompts.order_by("pk").values_list("pk", flat=True).distinct())


def delete(*, prompt_id: int, now: datetime, actor: str = "") -> bool:
    """Take a prompt away: unfinished ones are cancelled first; addresses die at once, files within a day."""
    with transaction.atomic():
        cancel(prompt_id=prompt_id, now=now, actor=actor)
        if not Prompt.objects.filter(pk=prompt_id, deleted_at=None).update(
            deleted_at=now, updated_at=now, twin_key=None
        ):
            return False
        Template.objects.filter(pk=prompt_id).delete()  # what a pack had of it
        store.retire(list(Output.objects.filter(prompt_id=prompt_id).values_list("asset_id", flat=True)), now=now)
        retire_inputs(prompt_id=prompt_id, now=now)
        return True


def retire_inputs(*, prompt_id: int, now: datetime) -> None:
    """Inputs die with their last prompt."""
    mine = set(Input.objects.filter(prompt_id=prompt_id).values_list("asset_id", flat=True))
    shared = Input.objects.filter(asset_id__in=mine, prompt__deleted_at=None).exclude(prompt_id=prompt_id)
    store.retire(sorted(mine - set(shared.values_list("asset_id", flat=True))), now=now)


def _give_back(prompt_id: int, *, reason: str, actor: str = "") -> None:
    spending.refund(reference=ledger_reference(prompt_id), reason=reason, actor=actor)
    outbox.done(RENDER_TOPIC, ref=prompt_id)
    outbox.announce(ENDED_TOPIC, ref=prompt_id)


def _end(
    prompt_id: int,
    status: Status,
    *,
    among: Collection[Status],
    now: datetime,
    attempt: int | None = None,
    **fields: Any,
) -> bool:
    prompts = Prompt.objects.filter(pk=prompt_id, status__in=among)
    if attempt is not None:
        prompts = prompts.filter(attempt=attempt)
    ended = {"status": status, "ended_at": now, "updated_at": now, "lease_until": None, "next_at": None}
    if status != Status.SUCCEEDED:
        ended["twin_key"] = None  # the same request may come again
    return bool(prompts.update(**ended, **fields))


def sweep(*, now: datetime) -> None:
    """Bring back prompts whose worker went silent, and end those that died three times or waited too long."""
    for job in lease.sweep(Prompt, topic=RENDER_TOPIC, now=now):
        exhaust(prompt_id=job.pk, attempt=job.attempt, now=now)
    overdue = _overdue(now)
    for prompt_id in overdue.values_list("pk", flat=True)[: lease.BATCH]:
        expire(prompt_id=prompt_id, now=now)


def expire(*, prompt_id: int, now: datetime) -> bool:
    """End a prompt badly that has waited too long to begin; whether it had."""
    if not _overdue(now).filter(pk=prompt_id).exists():
        return False
    return fail(
        prompt_id=prompt_id,
        code=Prompt.Failure.EXPIRED,
        message="Nobody could render this in time. You were not charged.",
        now=now,
    )


def _overdue(now: datetime) -> QuerySet[Prompt]:
    return Prompt.objects.filter(status=Status.QUEUED, deadline__lt=now)
