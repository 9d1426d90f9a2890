"""The door that rooms spend through: `billing.spending`."""

import pytest
from django.db import transaction

from billing import audit, spending
from billing.ledger import InsufficientFunds
from billing.models import Transaction
from tests.billing.books import NOW, balance, everything


@pytest.fixture
def caller(alice, rich, caller_of):
    """Alice with 20 ¢."""
    return caller_of(rich(alice, 20_000))


def charge(caller, amount_mc, reference="prompt:1"):
    with transaction.atomic():
        spending.charge(caller=caller, amount_mc=amount_mc, reference=reference, facts={}, now=NOW)


def test_a_charge_falls_on_the_callers_payer(caller, alice, bob, rich):
    rich(bob, 20_000)

    charge(caller, 14_000)

    assert (balance(alice), balance(bob)) == (6_000, 20_000)


def test_what_is_free_leaves_no_trace_in_the_books(caller):
    before = everything()

    charge(caller, 0)

    assert everything() == before


def test_a_negative_price_is_a_defect_and_gives_nothing(caller):
    before = everything()

    with pytest.raises(ValueError, match=r"takes money"):
        charge(caller, -1)

    assert everything() == before


def test_what_was_delivered_stays_paid(caller, alice):
    charge(caller, 14_000)

    spending.settle(reference="prompt:1")

    assert balance(alice) == 6_000


def test_a_refund_is_given_once_and_says_who_gave_it(caller, alice):
    charge(caller, 14_000)

    assert spending.refund(reference="prompt:1", reason="cancelled", actor="alice@example.com") is True
    assert spending.refund(reference="prompt:1", reason="failed") is False

    assert balance(alice) == 20_000
    row = Transaction.objects.get(kind="refund")
    assert (row.reason, row.actor) == ("cancelled", "alice@example.com")


def test_a_refund_of_what_was_free_gives_nothing(caller, alice):
    charge(caller, 0)

    assert spending.refund(reference="prompt:1", reason="failed") is False

    assert balance(alice) == 20_000


def test_a_look_tells_the_balance_and_moves_nothing(caller):
    before = everything()

    assert spending.look(caller=caller, amount_mc=20_000) == 20_000
    with pytest.raises(InsufficientFunds) as refusal:
        spending.look(caller=caller, amount_mc=20_001)

    assert (refusal.value.balance_mc, refusal.value.amount_mc) == (20_000, 20_001)
    assert everything() == before


def test_the_audit_lists_charges_by_what_they_were_for(caller):
    charge(caller, 14_000, "prompt:1")
    charge(caller, 2_875, "prompt:2")
    charge(caller, 1, "tune:1")
    spending.refund(reference="prompt:2", reason="failed")

    assert audit.charges("prompt:") == {"prompt:1": (14_000, False), "prompt:2": (2_875, True)}
    assert audit.charges("video:") == {}
