"""Caps on spending and on unfinished work, by key and by workspace.

No cap can be set yet (limits of keys and queues are off by default), so every reservation is granted; the calls stand
where a cap has to be counted and given back, inside the transactions that charge and refund.
"""

from __future__ import annotations

from datetime import datetime

from accounts.models import Caller


def reserve(*, caller: Caller, amount_mc: int, now: datetime) -> None:
    """Count a charge against the caps of its key and workspace."""


def release(*, reference: str) -> None:
    """Free the slot of something that ended."""


def give_back(*, reference: str, amount_mc: int) -> None:
    """Restore the caps of the day of the charge after a refund."""
