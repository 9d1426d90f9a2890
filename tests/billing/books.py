"""What the ledger's tests look at, as plain numbers."""

from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Sum

from billing import ledger
from billing.models import Account, Entry, Transaction

NOW = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)


@transaction.atomic
def charge(user, mc, reference="prompt:1", **facts):
    ledger.charge(payer_id=user.personal_workspace.pk, amount_mc=mc, reference=reference, facts=facts, now=NOW)


def refund(reference="prompt:1"):
    return ledger.refund(reference=reference, reason="failed", actor="", now=NOW)


def balance(user):
    return ledger.balance_mc(user.personal_workspace.pk)


def sums():
    """Account kind → the sum of its entries, house and wallets alike; kinds without entries are left out."""
    rows = Entry.objects.values_list("account__kind").annotate(Sum("amount_mc"))
    return {kind: total for kind, total in rows if total}


def everything():
    """Every number in the books: equal before and after means that nothing moved."""
    return (
        sorted(Account.objects.values_list("id", "balance_mc")),
        sorted(Entry.objects.values_list("id", "account_id", "amount_mc")),
        sorted(Transaction.objects.values_list("kind", "reference")),
    )
