"""Charge, refund, grant: double entry in millicents (reliability.md §3, R1–R4, R7)."""

import uuid

import pytest
from django.db import IntegrityError, connection, models, transaction

from billing import audit, ledger
from billing.ledger import InsufficientFunds
from billing.models import Account, Entry, Transaction
from common.errors import Invalid
from tests.billing.books import NOW, balance, charge, everything, refund, sums

CENT = 1_000


# --- granting


def test_promotional_money_comes_from_the_house(alice, rich):
    rich(alice, 20 * 100 * CENT)

    assert balance(alice) == 2_000_000
    assert sums() == {"promo": -2_000_000, "wallet": 2_000_000}


def test_the_same_grant_twice_is_one(alice):
    for _ in range(2):
        ledger.grant(
            workspace_id=alice.personal_workspace.pk,
            amount_mc=5 * CENT,
            reason="demo",
            actor="set-up",
            now=NOW,
            reference="promo:demo",
        )

    assert balance(alice) == 5 * CENT


@pytest.mark.parametrize("amount_mc", [0, -1])
def test_only_a_positive_amount_is_granted(alice, amount_mc):
    before = everything()

    with pytest.raises(Invalid) as refusal:
        ledger.grant(workspace_id=alice.personal_workspace.pk, amount_mc=amount_mc, reason="r", actor="a", now=NOW)

    assert refusal.value.errors == {"amount": ["has to be positive"]}
    assert everything() == before


def test_a_workspace_that_never_had_money_has_none(alice):
    assert balance(alice) == 0


# --- charging


def test_a_charge_moves_exactly_its_amount_to_the_house(alice, rich):
    rich(alice, 20 * CENT)

    charge(alice, 14 * CENT + 1)

    assert balance(alice) == 5_999
    assert sums() == {"promo": -20_000, "wallet": 5_999, "revenue": 14_001}


def test_a_charge_says_what_it_was_for_and_when(alice, rich):
    rich(alice, 20 * CENT)

    charge(alice, 14 * CENT, reference="prompt:42", model="wan21_480p", seconds=5, key=None)

    row = Transaction.objects.get(kind="charge")
    assert (row.reference, row.created_at) == ("prompt:42", NOW)
    assert row.facts == {"model": "wan21_480p", "seconds": 5, "key": None}


def test_the_last_millicent_can_be_spent(alice, rich):
    rich(alice, 14 * CENT)

    charge(alice, 14 * CENT)

    assert balance(alice) == 0


def test_one_millicent_short_is_refused_and_nothing_moves(alice, rich):
    rich(alice, 14 * CENT - 1)
    before = everything()

    with pytest.raises(InsufficientFunds) as refusal, transaction.atomic():
        charge(alice, 14 * CENT)

    assert (refusal.value.balance_mc, refusal.value.amount_mc) == (13_999, 14_000)
    assert everything() == before


def test_without_a_wallet_there_is_nothing_to_charge(alice):
    before = everything()

    with pytest.raises(InsufficientFunds) as refusal, transaction.atomic():
        charge(alice, 1)

    assert (refusal.value.balance_mc, refusal.value.amount_mc) == (0, 1)
    assert everything() == before


def test_one_thing_is_charged_once(alice, rich):
    rich(alice, 20 * CENT)
    charge(alice, 5 * CENT, reference="prompt:42")

    with pytest.raises(IntegrityError), transaction.atomic():
        charge(alice, 5 * CENT, reference="prompt:42")

    assert balance(alice) == 15 * CENT


@pytest.mark.parametrize("amount_mc", [0, -1])
def test_a_charge_never_gives_money(alice, rich, amount_mc):
    rich(alice, 20 * CENT)
    before = everything()

    with pytest.raises(ValueError, match=r"takes money"):
        charge(alice, amount_mc)

    assert everything() == before


@pytest.mark.parametrize("statement", ["billing_entry", "billing_transaction", "billing_account"])
def test_a_charge_that_breaks_off_at_any_statement_leaves_nothing(alice, rich, statement):
    rich(alice, 20 * CENT)
    before = everything()

    def break_off(execute, sql, params, many, context):
        if f"INSERT INTO {statement}" in sql or f"UPDATE {statement}" in sql:
            execute(sql, params, many, context)
            raise ConnectionAbortedError(statement)
        return execute(sql, params, many, context)

    with pytest.raises(ConnectionAbortedError), transaction.atomic(), connection.execute_wrapper(break_off):
        charge(alice, 5 * CENT)

    assert everything() == before


def test_one_persons_charge_leaves_anothers_wallet_alone(alice, bob, rich):
    rich(alice, 20 * CENT)
    rich(bob, 20 * CENT)

    charge(alice, 14 * CENT)

    assert (balance(alice), balance(bob)) == (6 * CENT, 20 * CENT)


# --- refunding


def test_a_refund_gives_the_whole_charge_back(alice, rich):
    rich(alice, 20 * CENT)
    charge(alice, 14 * CENT, reference="prompt:42")

    assert refund("prompt:42") == 14 * CENT

    assert balance(alice) == 20 * CENT
    assert sums() == {"promo": -20_000, "wallet": 20_000}
    row = Transaction.objects.get(kind="refund")
    assert (row.reference, row.reason) == ("prompt:42", "failed")


def test_a_second_refund_gives_nothing(alice, rich):
    rich(alice, 20 * CENT)
    charge(alice, 14 * CENT)
    refund()
    before = everything()

    assert refund() is None

    assert everything() == before


def test_what_was_never_charged_is_not_refunded(alice, rich):
    rich(alice, 20 * CENT)
    before = everything()

    assert refund("prompt:404") is None

    assert everything() == before


def test_a_refund_goes_back_to_where_the_money_came_from(alice, bob, rich):
    rich(alice, 20 * CENT)
    rich(bob, 20 * CENT)
    charge(alice, 14 * CENT, reference="prompt:1")
    charge(bob, 3 * CENT, reference="prompt:2")

    refund("prompt:2")

    assert (balance(alice), balance(bob)) == (6 * CENT, 20 * CENT)


# --- numbers


def test_money_columns_are_big_integers():
    money = [
        field
        for model in (Account, Entry, Transaction)
        for field in model._meta.get_fields()
        if getattr(field, "attname", "").endswith("_mc")
    ]

    assert [field.attname for field in money] == ["balance_mc", "amount_mc"]
    assert all(type(field) is models.BigIntegerField for field in money)


def test_a_balance_of_ninety_trillion_millicents_is_exact(alice, rich):
    rich(alice, 2**53 + 1)  # where floating point would lose the last one

    charge(alice, 1)

    assert balance(alice) == 2**53


def test_the_books_are_in_order_after_all_of_this(alice, rich):
    rich(alice, 20 * CENT)
    charge(alice, 14 * CENT, reference=f"prompt:{uuid.uuid4()}")
    charge(alice, 1, reference="prompt:2")
    refund("prompt:2")

    assert audit.faults() == []
