"""How much unfinished work a workspace may have (UNFINISHED_MAX, off by default), and caps on spending by key and
workspace: of those none can be set yet, and the calls stand where they will be counted and given back.

A prompt or training that is accepted while the limit is on holds a slot until it has ended. The workspace's number of
slots is one row, moved by guarded updates inside the transactions that charge, settle and refund.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection

from accounts.models import Caller
from common.errors import Invalid, TryLater


class TooManyUnfinished(TryLater):
    """The workspace has as much unfinished work as it may have."""

    code = "too_many_unfinished"

    def __init__(self, *, most: int) -> None:
        super().__init__(
            f"A workspace may have {most} unfinished prompts and trainings here; try again when some have ended.",
            retry_after=30,
        )


def look(*, caller: Caller, slots: int) -> None:
    """An unguarded look, before anything is fetched or decoded.

    :raises Invalid: it needs more slots than there ever are
    :raises TooManyUnfinished: so many slots are not free now; the guarded reservation still decides
    """
    if not settings.UNFINISHED_MAX:
        return
    if slots > settings.UNFINISHED_MAX:
        told = f"makes {slots} prompts and trainings; a workspace may have {settings.UNFINISHED_MAX} unfinished here"
        raise Invalid({"base": [told]})
    with connection.cursor() as cursor:
        cursor.execute("SELECT held FROM billing_queue WHERE workspace_id = %s", [caller.workspace_id])
        row = cursor.fetchone()
    if (row[0] if row else 0) + slots > settings.UNFINISHED_MAX:
        raise TooManyUnfinished(most=settings.UNFINISHED_MAX)


def reserve(*, caller: Caller, reference: str, amount_mc: int, now: datetime, holds_slot: bool) -> None:  # noqa: ARG001
    """Count a charge against the caps of its key and workspace, and what is to be worked off against its slots.

    :raises TooManyUnfinished: no slot is free; the transaction has to roll back
    """
    if not (holds_slot and settings.UNFINISHED_MAX):
        return
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [caller.workspace_id])
        cursor.execute(_TAKE, [caller.workspace_id, settings.UNFINISHED_MAX])
        if not cursor.rowcount:
            raise TooManyUnfinished(most=settings.UNFINISHED_MAX)
        cursor.execute(_HOLD, [reference, caller.workspace_id])


def release(*, reference: str) -> None:
    """Free the slot of something that ended, if it holds one; also after the limit was turned off."""
    with connection.cursor() as cursor:
        cursor.execute(_LET_GO, [reference])
        freed = cursor.fetchone()
        if freed:
            cursor.execute(_GIVE, [freed[0]])


def give_back(*, reference: str, amount_mc: int) -> None:
    """Restore the caps of the day of the charge after a refund."""


_OPEN = "INSERT INTO billing_queue (workspace_id, held) VALUES (%s, 0) ON CONFLICT DO NOTHING"
# The WHERE clause is the check: two requests that race for the last slot can't both match.
_TAKE = "UPDATE billing_queue SET held = held + 1 WHERE workspace_id = %s AND held < %s"
_HOLD = "INSERT INTO billing_slot (reference, workspace_id) VALUES (%s, %s)"
_LET_GO = "DELETE FROM billing_slot WHERE reference = %s RETURNING workspace_id"
_GIVE = "UPDATE billing_queue SET held = held - 1 WHERE workspace_id = %s"
