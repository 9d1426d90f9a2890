"""Tunes are kept for some days after their training; then they are paid for anew, or their files go."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Caller
from billing import spending
from billing.ledger import InsufficientFunds
from catalogue import offers
from catalogue.offers import Keeping
from tunes import lifecycle
from tunes.models import Tune

log = logging.getLogger(__name__)
BATCH = 100


def sweep(*, now: datetime) -> None:
    """Extend what is to be extended and can be paid for; let the rest expire."""
    due = Tune.objects.filter(expires_at__lte=now, expired_at=None, deleted_at=None, workspace__isnull=False)
    for tune in due.select_related("workspace", "user").order_by("expires_at")[:BATCH]:
        kept = tune.auto_extend or (tune.user is not None and tune.user.auto_extend_tunes)
        if not (kept and _extended(tune, offers.keeping(now=now), now=now)):
            _expire(tune, now=now)


def _extended(tune: Tune, keeping: Keeping, *, now: datetime) -> bool:
    """Whether one more time was paid for. The reference names the day that ends: no day is paid twice."""
    assert tune.expires_at is not None
    reference = f"tune-storage:{tune.pk}:{tune.expires_at:%Y-%m-%d}"
    facts = {"model": "tune_storage", "tune": tune.pk, "key": None, "workspace": tune.workspace_id}
    try:
        with transaction.atomic():
            later = tune.expires_at + timedelta(days=keeping.days)
            mine = Tune.objects.filter(pk=tune.pk, expires_at=tune.expires_at, expired_at=None, deleted_at=None)
            if mine.update(expires_at=later, updated_at=now):
                spending.charge(
                    caller=_payer(tune), amount_mc=keeping.cost_mc, reference=reference, facts=facts, now=now
                )
    except InsufficientFunds:
        log.info("tune %s expires: its next %s days could not be paid", tune.pk, keeping.days)
        return False
    return True


@transaction.atomic
def _expire(tune: Tune, *, now: datetime) -> None:
    expiring = Tune.objects.filter(pk=tune.pk, expires_at=tune.expires_at, expired_at=None, deleted_at=None)
    if expiring.update(expired_at=now, updated_at=now):
        lifecycle.clear(tune_id=tune.pk, now=now)


def _payer(tune: Tune) -> Caller:
    """The house on behalf of the tune's owner."""
    workspace = tune.workspace
    assert workspace is not None
    assert tune.user_id is not None
    return Caller(
        workspace_id=workspace.pk,
        payer_id=workspace.payer_id or workspace.pk,
        user_id=tune.user_id,
        key_id=None,
        personal=workspace.personal_of_id is not None,
        origin=tune.origin,
        dialect=tune.dialect,
    )
