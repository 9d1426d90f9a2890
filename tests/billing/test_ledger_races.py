"""Many at once: a wallet is never below zero and every promise of "once" holds (R3, R7)."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from billing import audit, ledger
from billing.ledger import InsufficientFunds
from billing.models import Transaction
from common.idempotency.keys import Answer, once
from tests.billing.books import NOW, balance, charge, refund, sums
from tests.concurrency import together

CENT = 1_000
pytestmark = pytest.mark.django_db(transaction=True)


def buy(user, mc, reference):
    """A charge in the transaction that every acceptance runs in."""

    def work():
        charge(user, mc, reference)
        return Answer(201, "{}")

    try:
        once(workspace_id=user.personal_workspace.pk, key=None, fingerprint="", work=work)
    except InsufficientFunds:
        return "poor"
    return "accepted"


@pytest.mark.parametrize(("cents", "accepted", "left"), [(7, 142, 6), (6, 166, 4)])
def test_three_hundred_charges_from_fifty_threads_stop_exactly_at_the_last_cent(alice, rich, cents, accepted, left):
    rich(alice, 1_000 * CENT)

    def buy_six(thread):
        return [buy(alice, cents * CENT, f"prompt:{thread}-{n}") for n in range(6)]

    results = [result for results in together(50, buy_six) for result in results]

    assert sorted(results) == ["accepted"] * accepted + ["poor"] * (300 - accepted)
    assert balance(alice) == left * CENT
    assert sums() == {"promo": -1_000_000, "wallet": left * CENT, "revenue": accepted * cents * CENT}
    assert audit.faults() == []


def test_of_four_refunds_at_once_one_pays(alice, rich):
    rich(alice, 20 * CENT)
    charge(alice, 14 * CENT)

    paid = together(4, lambda _: refund())

    assert sorted(paid, key=str) == [14_000, None, None, None]
    assert balance(alice) == 20 * CENT
    assert audit.faults() == []


def test_of_four_refunds_inside_larger_transactions_one_pays_and_none_breaks_its_transaction(alice, rich):
    rich(alice, 20 * CENT)
    charge(alice, 14 * CENT, "prompt:1")
    rich(alice, 4 * CENT)

    def end(n):
        with transaction.atomic():
            paid = refund("prompt:1")
            charge(alice, CENT, f"prompt:after-{n}")
            return paid

    paid = together(4, end)

    assert sorted(paid, key=str) == [14_000, None, None, None]
    assert balance(alice) == 20 * CENT
    assert audit.faults() == []


def test_of_four_equal_grants_at_once_one_pays(alice):
    def give(_):
        return ledger.grant(
            workspace_id=alice.personal_workspace.pk,
            amount_mc=CENT,
            reason="welcome",
            actor="sign-up",
            now=NOW,
            reference="promo:welcome",
        )

    assert together(4, give) == ["promo:welcome"] * 4

    assert balance(alice) == CENT
    assert audit.faults() == []


def test_charges_and_refunds_of_two_wallets_that_cross_leave_no_drift(alice, bob, rich):
    rich(alice, 100 * CENT)
    rich(bob, 100 * CENT)
    begun = datetime.now(UTC)

    def spend_and_regret(n):
        user = (alice, bob)[n % 2]
        for k in range(10):
            buy(user, CENT, f"prompt:{n}-{k}")
            if k % 2:
                refund(f"prompt:{n}-{k}")

    assert together(10, spend_and_regret) == [None] * 10

    assert (balance(alice), balance(bob)) == (75 * CENT, 75 * CENT)
    assert Transaction.objects.filter(kind="refund", created_at__lt=begun).count() == 50
    assert audit.faults() == []
