"""The database itself keeps the ledger append-only and balanced, on SQLite and on PostgreSQL (R2, D15)."""

import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from billing import audit, guard
from billing.ledger import HOUSE, wallet_id
from billing.models import Account, Entry, Transaction
from tests.billing.books import NOW, balance, charge, everything, refund
from tests.conftest import guard_lifted

APPEND_ONLY = "the ledger is append-only"
UNBALANCED = "a ledger transaction needs two entries or more that sum to zero"
REVENUE = HOUSE[Account.Kind.REVENUE]


@pytest.fixture
def books(alice, rich):
    """A wallet with 6 ¢ after a grant of 20 ¢ and a charge of 14 ¢."""
    rich(alice, 20_000)
    charge(alice, 14_000, "prompt:1")
    return alice


def sql(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def refused(message, work):
    """The database says no, in these words, and nothing has moved."""
    before = everything()
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        work()
    assert everything() == before


def id_in_database(value):
    return value if connection.features.has_native_uuid_field else value.hex


def insert_entry(transaction_id, account, amount_mc):
    sql(
        "INSERT INTO billing_entry (transaction_id, account_id, amount_mc) VALUES (%s, %s, %s)",
        id_in_database(transaction_id),
        account,
        amount_mc,
    )


def insert_header(transaction_id, kind="charge", reference="prompt:raw", verb="INSERT"):
    sql(
        f"{verb} INTO billing_transaction (id, kind, reference, facts, actor, reason, created_at)"
        " VALUES (%s, %s, %s, '{}', '', '', %s)",
        id_in_database(transaction_id),
        kind,
        reference,
        NOW,
    )


# --- raw SQL against what is written


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE billing_entry SET amount_mc = amount_mc + 1",
        "UPDATE billing_entry SET account_id = -1 WHERE amount_mc > 0",
        "DELETE FROM billing_entry",
        "UPDATE billing_transaction SET reference = 'prompt:2' WHERE kind = 'charge'",
        "UPDATE billing_transaction SET facts = '{}'",
        "DELETE FROM billing_transaction WHERE kind = 'charge'",
    ],
)
def test_what_is_written_is_neither_changed_nor_deleted(books, statement):
    refused(APPEND_ONLY, lambda: sql(statement))


def test_the_models_can_change_no_more_than_raw_sql_can(books):
    refused(APPEND_ONLY, lambda: Entry.objects.update(amount_mc=1))
    refused(APPEND_ONLY, lambda: Entry.objects.first().delete())
    refused(APPEND_ONLY, lambda: Transaction.objects.update(reason="other"))


def overwrite(table, column, value):
    """The database's own way to insert a row over one that is there, with another value in one column."""
    with connection.cursor() as cursor:
        columns = [each.name for each in connection.introspection.get_table_description(cursor, table)]
    names = ", ".join(columns)
    values = ", ".join("%s" if each == column else each for each in columns)
    if connection.vendor == "postgresql":
        verb, conflict = "INSERT", f" ON CONFLICT (id) DO UPDATE SET {column} = EXCLUDED.{column}"
    else:  # takes the old row away without asking the triggers of DELETE
        verb, conflict = "REPLACE", ""
    sql(f"{verb} INTO {table} ({names}) SELECT {values} FROM {table} WHERE true{conflict}", value)


def test_what_is_written_is_not_overwritten_by_an_insert(books):
    another = id_in_database(uuid.uuid4())

    refused(APPEND_ONLY, lambda: overwrite("billing_transaction", "reason", "other"))
    refused(APPEND_ONLY, lambda: overwrite("billing_entry", "amount_mc", 1))
    refused(APPEND_ONLY, lambda: overwrite("billing_entry", "transaction_id", another))


def test_a_header_is_not_pushed_out_by_another_of_the_same_name(books):
    new, verb = uuid.uuid4(), "INSERT" if connection.vendor == "postgresql" else "REPLACE"

    def push_out():
        insert_entry(new, REVENUE, -5)
        insert_entry(new, HOUSE[Account.Kind.PROMO], 5)
        insert_header(new, reference="prompt:1", verb=verb)

    refused("billing_transaction_once|append-only", push_out)


@pytest.mark.django_db(transaction=True)
def test_the_tables_are_not_emptied_by_a_flush(books):
    before = everything()

    with pytest.raises(CommandError) as error:
        call_command("flush", interactive=False, verbosity=0)

    assert APPEND_ONLY in str(error.value.__cause__)
    assert everything() == before


# --- raw SQL that adds


def test_a_late_entry_for_a_transaction_that_is_closed_is_refused(books):
    closed = Transaction.objects.get(kind="charge").pk

    refused(APPEND_ONLY, lambda: insert_entry(closed, REVENUE, 1))


@pytest.mark.parametrize("amounts", [(-5_000, 5_001), (5_000, 5_000), (-1, -1, 1)])
def test_entries_that_do_not_sum_to_zero_are_refused_with_their_header(books, amounts):
    new = uuid.uuid4()

    def post():
        for amount in amounts:
            insert_entry(new, REVENUE, amount)
        insert_header(new)

    refused(UNBALANCED, post)


def test_a_header_without_entries_is_refused(books):
    refused(UNBALANCED, lambda: insert_header(uuid.uuid4()))


def test_one_entry_is_not_enough(books):
    new = uuid.uuid4()

    def post():
        insert_entry(new, REVENUE, 5)
        insert_header(new)

    refused(UNBALANCED, post)


def test_an_entry_of_nothing_is_refused(books):
    refused("billing_entry_not_zero", lambda: insert_entry(uuid.uuid4(), REVENUE, 0))


def test_a_balanced_transaction_is_taken(books):
    new = uuid.uuid4()

    insert_entry(new, REVENUE, -5)
    insert_entry(new, HOUSE[Account.Kind.PROMO], 5)
    insert_header(new)

    assert Entry.objects.filter(transaction=new).count() == 2


@pytest.mark.django_db(transaction=True)
def test_entries_whose_header_never_comes_are_refused_at_commit(books):
    before = everything()

    with pytest.raises(IntegrityError), transaction.atomic():
        insert_entry(uuid.uuid4(), REVENUE, 5)

    assert everything() == before


def test_a_wallet_below_zero_is_refused_by_the_table_itself(books):
    wallet = wallet_id(books.personal_workspace.pk)

    refused(
        "billing_balance_not_negative",
        lambda: sql("UPDATE billing_account SET balance_mc = -1 WHERE id = %s", wallet),
    )


# --- the guard itself


def test_it_is_there_after_the_migrations(db):
    assert guard.missing_guards() == []


def test_what_is_missing_is_named_and_installed_again(books):
    guard.drop_ledger_guard()
    missing = guard.missing_guards()
    assert {"ledger_header_balanced", "ledger_entry_in_time"} <= set(missing)

    guard.install_ledger_guard()
    guard.install_ledger_guard()

    assert guard.missing_guards() == []
    refused(APPEND_ONLY, lambda: sql("DELETE FROM billing_entry"))


def test_one_dropped_trigger_is_named(db):
    on = " ON billing_transaction" if connection.vendor == "postgresql" else ""
    sql(f"DROP TRIGGER ledger_header_balanced{on}")

    assert guard.missing_guards() == ["ledger_header_balanced"]
    assert audit.faults() == ["guard is missing: ledger_header_balanced"]


@pytest.mark.django_db(transaction=True)
def test_the_first_of_two_tests_that_commit_leaves_a_row(books):
    assert balance(books) == 6_000


@pytest.mark.django_db(transaction=True)
def test_the_second_finds_empty_books_with_the_guard_and_the_house_accounts_in_place():
    assert not Entry.objects.exists()
    assert guard.missing_guards() == []
    assert set(Account.objects.values_list("id", flat=True)) == set(HOUSE.values())


# --- what the audit finds when the guard is lifted


@pytest.fixture
def sound(books, bob, rich):
    """Books with every kind of transaction, and nothing wrong."""
    rich(bob, 9_000)
    charge(books, 1_000, "prompt:2")
    refund("prompt:2")
    assert audit.faults() == []
    return books


def tampered(*statements):
    with guard_lifted():
        for statement in statements:
            sql(statement)
    return audit.faults()


def id_of(kind, reference):
    return id_in_database(Transaction.objects.get(kind=kind, reference=reference).pk)


def test_finds_a_changed_amount(sound):
    wallet = f"wallet of workspace {sound.personal_workspace.pk}"

    assert tampered("UPDATE billing_entry SET amount_mc = -1 WHERE amount_mc = -14000") == [
        "transaction does not sum to zero over two entries or more: charge prompt:1",
        f"cached balance is not the sum of the entries: {wallet}",
    ]


def test_finds_an_amount_that_was_changed_on_both_sides(sound):
    wallet = f"wallet of workspace {sound.personal_workspace.pk}"

    assert tampered(
        "UPDATE billing_entry SET amount_mc = -1 WHERE amount_mc = -14000",
        "UPDATE billing_entry SET amount_mc = 1 WHERE amount_mc = 14000",
    ) == [f"cached balance is not the sum of the entries: {wallet}"]


def test_finds_a_transaction_with_one_entry_gone(sound):
    assert tampered("DELETE FROM billing_entry WHERE amount_mc = 14000") == [
        "transaction does not sum to zero over two entries or more: charge prompt:1"
    ]


def test_finds_a_whole_transaction_gone(sound):
    gone, wallet = id_of("charge", "prompt:1"), f"wallet of workspace {sound.personal_workspace.pk}"

    assert tampered(
        f"DELETE FROM billing_entry WHERE transaction_id = '{gone}'",
        f"DELETE FROM billing_transaction WHERE id = '{gone}'",
    ) == [f"cached balance is not the sum of the entries: {wallet}"]


def test_finds_money_that_was_written_into_a_wallet(sound):
    wallet = sound.personal_workspace.pk

    sql("UPDATE billing_account SET balance_mc = balance_mc + 1 WHERE id = %s", wallet_id(wallet))

    assert audit.faults() == [f"cached balance is not the sum of the entries: wallet of workspace {wallet}"]


def test_finds_a_refund_whose_charge_is_another(sound):
    assert tampered("UPDATE billing_transaction SET reference = 'prompt:9' WHERE kind = 'refund'") == [
        "refund without its charge, or of another amount: prompt:9"
    ]


def test_finds_a_refund_of_another_amount(sound, bob):
    refund_id = id_of("refund", "prompt:2")

    assert tampered(
        f"UPDATE billing_entry SET amount_mc = amount_mc * 2 WHERE transaction_id = '{refund_id}'",
        f"UPDATE billing_account SET balance_mc = balance_mc + 1000 WHERE workspace_id = {sound.personal_workspace.pk}",
    ) == ["refund without its charge, or of another amount: prompt:2"]


def test_finds_a_charge_that_pays_its_payer(sound):
    charge_id = id_of("charge", "prompt:1")

    found = tampered(f"UPDATE billing_entry SET amount_mc = -amount_mc WHERE transaction_id = '{charge_id}'")

    assert "charge that does not take from one wallet: prompt:1" in found


@pytest.mark.django_db(transaction=True)
def test_finds_an_entry_without_its_transaction(sound):
    gone = id_of("charge", "prompt:2")
    refunded = id_of("refund", "prompt:2")

    with without_foreign_keys():
        found = tampered(f"DELETE FROM billing_transaction WHERE id IN ('{gone}', '{refunded}')")

        assert [line for line in found if line.startswith("entry without a transaction: entry ")] == found
        assert len(found) == 4
        with guard_lifted():
            sql(f"DELETE FROM billing_entry WHERE transaction_id IN ('{gone}', '{refunded}')")


class without_foreign_keys:  # noqa: N801  reads as a phrase
    """What a restored or hand-edited database can hold: rows that the foreign key would refuse."""

    def __enter__(self):
        self._switch("replica", "OFF")

    def __exit__(self, *_):
        self._switch("origin", "ON")

    def _switch(self, role, foreign_keys):
        postgres = connection.vendor == "postgresql"
        sql(f"SET session_replication_role = {role}" if postgres else f"PRAGMA foreign_keys = {foreign_keys}")
