"""What an operator does from the command line, in a server without any page."""

import sys
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import keys
from accounts.models import ApiKey, Membership, User, Workspace
from billing import audit, ledger
from billing.models import Transaction
from common.errors import Unauthenticated

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def run(name, *arguments):
    out = StringIO()
    call_command(name, *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


@pytest.fixture
def typed(monkeypatch):
    """`typed("text")`: what comes on standard input."""
    return lambda text: monkeypatch.setattr(sys, "stdin", StringIO(text))


# --- make_user


def test_make_user_reads_the_password_from_standard_input(db, typed):
    typed("correct horse battery\nanother line\n")

    said = run("make_user", "carol@example.com", "--name", "Carol")

    user = authenticate(username="carol@example.com", password="correct horse battery")
    assert (user.name, user.is_staff) == ("Carol", False)
    assert said == f"carol@example.com: user {user.pk}, personal workspace {user.personal_workspace.pk}"


def test_make_user_makes_staff_when_told_to(db, typed):
    typed("correct horse battery\n")

    run("make_user", "carol@example.com", "--staff")

    user = User.objects.get()
    assert (user.is_staff, user.is_superuser) == (True, True)


def test_make_user_can_leave_the_password_for_later(db):
    run("make_user", "carol@example.com", "--no-password")

    assert not User.objects.get().has_usable_password()


@pytest.mark.parametrize(
    ("email", "password", "error"),
    [
        ("alice@example.com", "correct horse battery\n", "email has already been taken"),
        ("no address", "correct horse battery\n", "email is not an e-mail address"),
        ("carol@example.com", "\n", "password This password is too short"),
    ],
)
def test_make_user_says_what_is_wrong_and_makes_nothing(alice, typed, email, password, error):
    typed(password)

    with pytest.raises(CommandError, match=error):
        run("make_user", email)

    assert User.objects.count() == 1


# --- make_key


def test_make_key_prints_a_key_that_works(alice):
    text = run("make_key", "alice@example.com")

    known = keys.find(text)
    assert (known.user_id, known.workspace_id, known.pinned, known.scopes) == (
        alice.pk,
        alice.personal_workspace.pk,
        False,
        frozenset(),
    )
    assert ApiKey.objects.get().name == "command line"


def test_make_key_takes_workspace_scopes_days_and_pin(alice):
    team = Workspace.objects.create(title="team")
    Membership.objects.create(user=alice, workspace=team)

    with time_machine.travel(NOW, tick=False):
        text = run(
            "make_key",
            "alice@example.com",
            "--name=ci",
            f"--workspace={team.pk}",
            "--scope=prompts:read",
            "--scope=tunes:read",
            "--days=30",
            "--pinned",
        )
        known = keys.find(text)

    assert (known.workspace_id, known.pinned) == (team.pk, True)
    assert known.scopes == {"prompts:read", "tunes:read"}
    assert known.expires_at == NOW + timedelta(days=30)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["nobody@example.com"], "No such user or workspace"),
        (["alice@example.com", "--workspace=999999"], "No such user or workspace"),
        (["alice@example.com", "--scope=money:take"], "invalid choice"),
        (["alice@example.com", "--days=0"], "has to be a number of days from 1 to 36500"),
        (["alice@example.com", "--days=-1"], "has to be a number of days from 1 to 36500"),
        (["alice@example.com", "--days=99999999999"], "has to be a number of days from 1 to 36500"),
    ],
)
def test_make_key_says_what_is_wrong_and_makes_nothing(alice, arguments, error):
    with pytest.raises(CommandError, match=error):
        run("make_key", *arguments)

    assert not ApiKey.objects.exists()


def test_make_key_keeps_to_the_users_own_workspaces(alice, bob):
    with pytest.raises(CommandError, match="workspace is not one of yours"):
        run("make_key", "alice@example.com", f"--workspace={bob.personal_workspace.pk}")

    assert not ApiKey.objects.exists()


# --- revoke_key


def test_revoke_key_stops_the_key(alice):
    key, text = keys.issue(user=alice, workspace=alice.personal_workspace, name="laptop")
    keys.find(text)

    said = run("revoke_key", str(key.pk))

    assert said == f"laptop ({text[:8]}…{text[-4:]}) is revoked."
    with pytest.raises(Unauthenticated):
        keys.find(text)


def test_revoke_key_knows_no_other_number(db):
    with pytest.raises(CommandError, match=r"No such key\."):
        run("revoke_key", "1")


# --- add_money


def test_add_money_is_promotional_and_keeps_its_reason(alice):
    assert run("add_money", "alice@example.com", "20", "--reason=bench") == "alice@example.com now has $20.00."
    assert run("add_money", "alice@example.com", "0.5", "--reason=more") == "alice@example.com now has $20.50."

    assert ledger.balance_mc(alice.personal_workspace.pk) == 2_050_000
    rows = Transaction.objects.filter(kind="promo").order_by("created_at").values_list("reason", "actor")
    assert list(rows) == [("bench", "manage.py add_money"), ("more", "manage.py add_money")]
    assert audit.faults() == []


def test_add_money_is_dated_now(alice):
    before = timezone.now()

    run("add_money", "alice@example.com", "1", "--reason=r")

    assert before <= Transaction.objects.get().created_at <= timezone.now()


@pytest.mark.parametrize(
    ("email", "dollars", "error"),
    [
        ("nobody@example.com", "20", r"No such user\."),
        ("alice@example.com", "twenty", "'twenty' is not an amount of dollars"),
        ("alice@example.com", "0.000001", "'0.000001' is not an amount of dollars"),
        ("alice@example.com", "NaN", "'NaN' is not an amount of dollars"),
        ("alice@example.com", "Infinity", "'Infinity' is not an amount of dollars"),
        ("alice@example.com", "99999999999999999999", "'99999999999999999999' is not an amount of dollars"),
        *(("alice@example.com", odd, f"'{odd}' is not an amount") for odd in ("1e3", "1_000", "２０", " 20", "-5")),
        ("alice@example.com", "0", "amount has to be positive"),
    ],
)
def test_add_money_says_what_is_wrong_and_adds_nothing(alice, email, dollars, error):
    with pytest.raises(CommandError, match=error):
        run("add_money", email, dollars, "--reason=r")

    assert not Transaction.objects.exists()
    assert ledger.balance_mc(alice.personal_workspace.pk) == 0
