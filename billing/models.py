"""The ledger: accounts, transactions, entries. Rows are only ever added; the database itself refuses anything else.
Beside it, what `limits` counts by.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Account(models.Model):
    """A place where money is. Only wallets and receivables, which belong to a workspace, cache a balance."""

    class Kind(models.TextChoices):
        WALLET = "wallet"
        RECEIVABLE = "receivable"
        STRIPE_CLEARING = "stripe_clearing"
        REVENUE = "revenue"
        PROMO = "promo"
        DISPUTE_LOSS = "dispute_loss"

    # Not drawn from a sequence: the number says whose it is, so that no request has to look it up.
    # Wallet = 2 × workspace, receivable = 2 × workspace + 1, the house's own are negative (ledger.HOUSE).
    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=20, choices=Kind)
    workspace = models.ForeignKey("accounts.Workspace", models.PROTECT, null=True, related_name="+")
    currency = models.CharField(max_length=3, default="usd")
    balance_mc = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["wallet", "receivable"]) | Q(balance_mc__gte=0),
                name="billing_balance_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["wallet", "receivable"], workspace__isnull=False, balance_mc__isnull=False)
                | (~Q(kind__in=["wallet", "receivable"]) & Q(workspace__isnull=True, balance_mc__isnull=True)),
                name="billing_balance_belongs_to_workspace",
            ),
            models.UniqueConstraint(fields=["kind", "workspace"], name="billing_account_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.workspace_id or ''}".strip()


class Transaction(models.Model):
    """The header of two or more entries that sum to zero. It goes in last; the database checks them then."""

    class Kind(models.TextChoices):
        CHARGE = "charge"
        REFUND = "refund"
        PROMO = "promo"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=20, choices=Kind)
    reference = models.CharField(max_length=120)  # "prompt:42", "promo:<uuid>"
    facts = models.JSONField(default=dict)  # of a charge, for usage: model, tune, key, seconds
    actor = models.CharField(max_length=120, blank=True)  # who, when a person did it
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "reference"], name="billing_transaction_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class Entry(models.Model):
    """One side of a transaction."""

    # The header comes after its entries: the foreign key is checked at commit.
    transaction = models.ForeignKey(Transaction, models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, models.PROTECT, related_name="entries")
    amount_mc = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_mc=0), name="billing_entry_not_zero")]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.amount_mc} mc"


class Queue(models.Model):
    """How many slots a workspace's unfinished work holds."""

    workspace = models.OneToOneField("accounts.Workspace", models.CASCADE, primary_key=True, related_name="+")
    held = models.IntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(held__gte=0), name="billing_held_not_negative")]

    def __str__(self) -> str:
        return f"{self.held} of {self.workspace_id}"


class Slot(models.Model):
    """One of them: what took it, by its name in the ledger. Gone once that has ended."""

    reference = models.CharField(max_length=120, primary_key=True)
    workspace = models.ForeignKey("accounts.Workspace", models.CASCADE, related_name="+", db_index=False)

    def __str__(self) -> str:
        return self.reference
