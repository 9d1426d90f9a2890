"""The life of a message to a customer's server: recorded with what happened, tried until it is taken, or given up.

A message may arrive twice, never with another id or another byte; receivers tell repeats apart by `webhook-id`.
"""

from __future__ import annotations

import json
import logging
import random
import secrets
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from callbacks import keypair, signing
from callbacks import schedule as schedules
from callbacks.models import Delivery
from callbacks.turns import Turns
from common import safe_fetch
from common.errors import NotFound
from common.jobs import lease, outbox
from common.jobs.models import ENDED, Status

log = logging.getLogger(__name__)
TOPIC = "callbacks.deliver"
TIMEOUT_S = 15.0
LEASE = timedelta(seconds=60)  # well beyond the timeout, so that an attempt needs no heartbeat
MOMENT_S = (1.0, 3.0)  # for so long a message is put off whose receiver is busy with others

# What hangs holds so many of the process's threads and no more: one workspace's messages to one server, all messages to
# one server, and all of one workspace. A server is a host and a port; many customers may share it.
_own_turns = Turns(limit=2)
_server_turns = Turns(limit=8)
_workspace_turns = Turns(limit=4)


def record(
    *,
    workspace_id: int,
    url: str,
    body: Mapping[str, Any],
    kind: str,
    ref: int,
    dialect: str,
    now: datetime,
    schedule: str = Delivery.Schedule.STANDARD,
    signed_as: Mapping[str, str] | None = None,
) -> Delivery:
    """Write a message in the caller's transaction, so that it exists exactly when the state does that it tells of.

    An object ends once: a second message about the same one is the first. `signed_as`: {request_id, user_id}, for a
    receiver who checks it in fal's way.
    """
    delivery, is_new = Delivery.objects.get_or_create(
        kind=kind,
        ref=ref,
        defaults={
            "workspace_id": workspace_id,
            "message_id": f"msg_{secrets.token_hex(16)}",
            "url": url,
            "body": json.dumps(body, ensure_ascii=False, separators=(",", ":")),
            "dialect": dialect,
            "schedule": schedule,
            "signed_as": dict(signed_as) if signed_as else None,
            "next_at": now,
            "created_at": now,
        },
    )
    if is_new:
        outbox.announce(TOPIC, ref=delivery.pk)
    return delivery


def deliver(*, delivery_id: int, worker: str, now: datetime) -> None:
    """Try a message once, if it is due and nobody else has it."""
    attempt = _claim(delivery_id, worker=worker, now=now)
    if attempt is None:
        return
    delivery = Delivery.objects.get(pk=delivery_id)
    server, workspace = _server(delivery.url), str(delivery.workspace_id)
    with (
        _own_turns.turn(f"{workspace} {server}") as own_is_free,
        _server_turns.turn(server) as server_is_free,
        _workspace_turns.turn(workspace) as workspace_is_free,
    ):
        if own_is_free and server_is_free and workspace_is_free:
            _attempt(delivery, attempt=attempt, now=now)
            return
    later = now + timedelta(seconds=random.uniform(*MOMENT_S))
    lease.hand_back(Delivery, topic=TOPIC, pk=delivery_id, attempt=attempt, next_at=later, strike=False)


def sweep(now: datetime) -> None:
    """Bring back messages whose worker went silent, and give up those that did so three times in a row."""
    for job in lease.sweep(Delivery, topic=TOPIC, now=now):
        with transaction.atomic():
            given_up = Delivery.objects.filter(
                pk=job.pk, attempt=job.attempt, status__in=[Status.QUEUED, Status.RUNNING]
            ).update(status=Status.FAILED, last_error=Delivery.Error.WORKER_DIED, lease_until=None, next_at=None)
            if given_up:
                outbox.done(TOPIC, ref=job.pk)


@transaction.atomic
def resend(*, delivery_id: int, workspace_id: int, now: datetime) -> bool:
    """Send an ended message once more, with its schedule from the start; False while it is still being tried.

    :raises NotFound: no such message in this workspace
    """
    mine = Delivery.objects.filter(pk=delivery_id, workspace_id=workspace_id)
    if mine.filter(status__in=ENDED).update(status=Status.QUEUED, next_at=now, tries=0, strikes=0):
        outbox.announce(TOPIC, ref=delivery_id)
        return True
    if not mine.exists():
        raise NotFound
    return False


def _claim(delivery_id: int, *, worker: str, now: datetime) -> int | None:
    """The announcement ends with the claim: from here on the lease covers the message."""
    with transaction.atomic():
        attempt = lease.claim(Delivery, pk=delivery_id, worker=worker, now=now)
        if attempt is not None:
            lease.write(Delivery, pk=delivery_id, attempt=attempt, lease_until=now + LEASE)
        if not Delivery.objects.filter(pk=delivery_id, status=Status.QUEUED).exists():
            outbox.done(TOPIC, ref=delivery_id)
        return attempt


def _attempt(delivery: Delivery, *, attempt: int, now: datetime) -> None:
    """One POST, outside any transaction, and what follows from its answer."""
    begun = time.monotonic()
    status, retry_after = _post(delivery, now=now)
    ended_at = now + timedelta(seconds=time.monotonic() - begun)
    error = schedules.error_of(status)
    facts = {"tries": delivery.tries + 1, "answer_status": status, "last_error": error}
    if not error:
        _end(delivery, attempt, status=Status.SUCCEEDED, delivered_at=ended_at, **facts)
        return
    again_at = schedules.next_at(
        schedule=delivery.schedule,
        tries=delivery.tries + 1,
        retry_after=retry_after,
        now=ended_at,
        chance=random.random,
    )
    if error == Delivery.Error.GONE or again_at is None:
        _end(delivery, attempt, status=Status.FAILED, **facts)
        return
    with transaction.atomic():
        # The worker lived through it, so that earlier strikes no longer count towards "three in a row".
        lease.write(Delivery, pk=delivery.pk, attempt=attempt, strikes=0, **facts)
        lease.hand_back(Delivery, topic=TOPIC, pk=delivery.pk, attempt=attempt, next_at=again_at, strike=False)


def _post(delivery: Delivery, *, now: datetime) -> tuple[int | None, str | None]:
    """The answer's status and `Retry-After`; (None, None) when there was no answer."""
    signed = signing.headers(
        workspace_id=delivery.workspace_id, message_id=delivery.message_id, body=delivery.body, now=now
    )
    if delivery.signed_as:
        signed |= keypair.headers(**delivery.signed_as, body=delivery.body, now=now)
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()  # waiting for strangers must not hold one of the pool's few
    try:
        answer = safe_fetch.post(
            delivery.url,
            body=delivery.body.encode(),
            headers={"content-type": "application/json", **signed},
            allow=settings.SAFE_FETCH_ALLOW,
            timeout=TIMEOUT_S,
        )
    except safe_fetch.NotFetchable as error:
        log.warning("%s was not delivered to %s: %s", delivery, _host(delivery.url), error.reason)
        return None, None
    if schedules.error_of(answer.status):
        log.warning("%s was not taken by %s: HTTP %s", delivery, _host(delivery.url), answer.status)
    return answer.status, answer.headers.get("retry-after")


def _end(delivery: Delivery, attempt: int, **fields: Any) -> None:
    lease.write(Delivery, pk=delivery.pk, attempt=attempt, lease_until=None, next_at=None, **fields)


def _server(url: str) -> str:
    """Its host and port; "" when the address is none, which the attempt itself finds out, and counts."""
    try:
        target = safe_fetch.parse(url)
    except safe_fetch.NotFetchable:
        return ""
    return f"{target.host}:{target.port}"


def _host(url: str) -> str:
    return _server(url).rpartition(":")[0]
