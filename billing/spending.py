"""Money and caps behind one door."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import Caller
from billing import ledger, limits
from billing.ledger import InsufficientFunds


def charge(
    *,
    caller: Caller,
    amount_mc: int,
    reference: str,
    facts: Mapping[str, Any],
    now: datetime,
    holds_slot: bool = False,
) -> None:
    """Reserve the caps and take the money; the last step of an acceptance, in its transaction. `holds_slot`: it is work
    that somebody has to do, and counts as unfinished until it is settled or refunded.

    :raises TooManyUnfinished: the workspace has as much unfinished work as it may have
    :raises InsufficientFunds: the payer's wallet does not cover it
    """
    limits.reserve(caller=caller, reference=reference, amount_mc=amount_mc, now=now, holds_slot=holds_slot)
    if amount_mc:  # free things leave no trace in the books
        ledger.charge(payer_id=caller.payer_id, amount_mc=amount_mc, reference=reference, facts=facts, now=now)


def settle(*, reference: str) -> None:
    """The thing was delivered: its slot is free, the money stays."""
    limits.release(reference=reference)


def refund(*, reference: str, reason: str, actor: str | None = None) -> bool:
    """Give the whole charge back, once, and with it the slot and that day's cap. False: nothing was left to give."""
    limits.release(reference=reference)
    amount_mc = ledger.refund(reference=reference, reason=reason, actor=actor or "", now=timezone.now())
    if amount_mc is None:
        return False
    limits.give_back(reference=reference, amount_mc=amount_mc)
    return True


def look(*, caller: Caller, amount_mc: int, slots: int = 1) -> int:
    """An unguarded look at the balance, before anything is fetched or decoded; the balance in millicents.

    :raises TooManyUnfinished: so many more may not be unfinished now
    :raises InsufficientFunds: it would not do now; the guarded charge still decides
    """
    limits.look(caller=caller, slots=slots)
    balance_mc = ledger.balance_mc(caller.payer_id)
    if balance_mc < amount_mc:
        raise InsufficientFunds(balance_mc=balance_mc, amount_mc=amount_mc)
    return balance_mc
