"""The ledger cannot be changed behind the product's back, and `check_ledger` would see it."""

import sqlite3

import psycopg
import pytest

pytestmark = pytest.mark.process

REFUSED = (sqlite3.Error, psycopg.Error)
GUARD = "from billing import guard; guard.{}_ledger_guard()"


@pytest.fixture
def entry(parts) -> tuple[int, int]:
    """Id of one entry of a charge, and its prompt's."""
    parts.start("web")
    prompt = parts.customer(cents=10).create(text="a lighthouse")["id"]
    ((entry_id,),) = parts.sql(
        f"""SELECT e.id FROM billing_entry e JOIN billing_transaction t ON t.id = e.transaction_id
        WHERE t.reference = 'prompt:{prompt}' AND e.amount_mc < 0"""
    )
    return entry_id, prompt


def test_the_database_refuses_to_change_the_ledger(parts, entry):
    for statement in (
        f"UPDATE billing_entry SET amount_mc = amount_mc + 1 WHERE id = {entry[0]}",
        f"DELETE FROM billing_entry WHERE id = {entry[0]}",
        f"UPDATE billing_transaction SET reference = 'prompt:0' WHERE reference = 'prompt:{entry[1]}'",
        f"DELETE FROM billing_transaction WHERE reference = 'prompt:{entry[1]}'",
    ):
        with pytest.raises(REFUSED, match="append-only"):
            parts.sql(statement)

    assert parts.ledger_of(entry[1]) == [("charge", 2_875)]
    assert parts.manage("check_ledger").returncode == 0


def test_with_the_guard_lifted_a_changed_entry_is_found_and_named(parts, entry):
    entry_id, prompt = entry
    parts.manage("shell", "-c", GUARD.format("drop"))
    try:
        parts.sql(f"UPDATE billing_entry SET amount_mc = amount_mc + 1 WHERE id = {entry_id}")
        lifted = parts.manage("check_ledger")
        parts.manage("shell", "-c", GUARD.format("install"))
        tampered = parts.manage("check_ledger")
    finally:
        parts.manage("shell", "-c", GUARD.format("drop"))
        parts.sql(f"UPDATE billing_entry SET amount_mc = amount_mc - 1 WHERE id = {entry_id}")
        parts.manage("shell", "-c", GUARD.format("install"))

    assert lifted.returncode == 1
    assert "guard is missing: ledger_billing_entry_" in lifted.stderr
    assert tampered.returncode == 1
    assert f"transaction does not sum to zero over two entries or more: charge prompt:{prompt}\n" in tampered.stderr
    assert "cached balance is not the sum of the entries: wallet of workspace " in tampered.stderr
    assert parts.manage("check_ledger").stdout == "The books are in order.\n"
