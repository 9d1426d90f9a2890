"""Proves the ledger on a live database, reading only (R13)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from billing import guard
from common.jobs.models import Status

_CHECKS = {
    "transaction does not sum to zero over two entries or more": """
        SELECT t.kind || ' ' || t.reference FROM billing_transaction t
        LEFT JOIN billing_entry e ON e.transaction_id = t.id
        GROUP BY t.id, t.kind, t.reference HAVING count(e.id) < 2 OR sum(e.amount_mc) <> 0""",
    "entry without a transaction": """
        SELECT 'entry ' || CAST(e.id AS text) FROM billing_entry e
        LEFT JOIN billing_transaction t ON t.id = e.transaction_id WHERE t.id IS NULL""",
    "cached balance is not the sum of the entries": """
        SELECT a.kind || ' of workspace ' || CAST(a.workspace_id AS text) FROM billing_account a
        LEFT JOIN billing_entry e ON e.account_id = a.id WHERE a.balance_mc IS NOT NULL
        GROUP BY a.id, a.kind, a.workspace_id, a.balance_mc HAVING a.balance_mc <> coalesce(sum(e.amount_mc), 0)""",
    "balance below zero": """
        SELECT a.kind || ' of workspace ' || CAST(a.workspace_id AS text) FROM billing_account a
        WHERE a.balance_mc < 0""",
    "refund without its charge, or of another amount": """
        SELECT r.reference FROM billing_transaction r
        LEFT JOIN billing_transaction c ON c.kind = 'charge' AND c.reference = r.reference
        WHERE r.kind = 'refund' AND (c.id IS NULL OR
          (SELECT max(amount_mc) FROM billing_entry WHERE transaction_id = r.id) <>
          (SELECT max(amount_mc) FROM billing_entry WHERE transaction_id = c.id))""",
    "charge that does not take from one wallet": """
        SELECT t.reference FROM billing_transaction t WHERE t.kind = 'charge' AND 1 <>
          (SELECT count(*) FROM billing_entry e JOIN billing_account a ON a.id = e.account_id
           WHERE e.transaction_id = t.id AND a.kind = 'wallet' AND e.amount_mc < 0)""",
}


def faults() -> list[str]:
    """Everything that is wrong, a line each; empty when the books are in order."""
    found = [f"guard is missing: {name}" for name in guard.missing_guards()]
    with connection.cursor() as cursor:
        for what, query in _CHECKS.items():
            cursor.execute(query)
            found += [f"{what}: {name}" for (name,) in cursor.fetchall()]
    return found


def charges(prefix: str) -> dict[str, tuple[int, bool]]:
    """Reference → (amount charged in mc, refunded?), for every charge whose reference starts with `prefix`."""
    query = """
        SELECT c.reference, max(e.amount_mc),
               EXISTS (SELECT 1 FROM billing_transaction r WHERE r.kind = 'refund' AND r.reference = c.reference)
        FROM billing_transaction c JOIN billing_entry e ON e.transaction_id = c.id
        WHERE c.kind = 'charge' AND c.reference LIKE %s GROUP BY c.id, c.reference"""
    with connection.cursor() as cursor:
        cursor.execute(query, [f"{prefix}%"])
        return {reference: (int(amount), bool(refunded)) for reference, amount, refunded in cursor.fetchall()}


def jobs(kind: str, rows: Iterable[tuple[int, str, int]]) -> list[str]:
    """Every job of a kind ("prompt") against the ledger, a line for each fault: charged once when it cost something,
    refunded exactly when it did not succeed. `rows`: id, status, cost in millicents.
    """
    charged, found = charges(f"{kind}:"), list[str]()
    for pk, status, cost_mc in rows:
        charged_mc, refunded = charged.pop(f"{kind}:{pk}", (0, False))
        if charged_mc != cost_mc:
            found.append(f"{kind} {pk}: costs {cost_mc} mc but was charged {charged_mc}")
        if charged_mc and refunded != (status in _REFUNDED):
            found.append(f"{kind} {pk}: {status}, and {'refunded' if refunded else 'not refunded'}")
    return found + [f"{reference}: charged, but there is no such {kind}" for reference in charged]


_REFUNDED = (Status.FAILED, Status.CANCELLED)
