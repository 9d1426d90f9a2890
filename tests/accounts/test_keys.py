"""Bearer keys: shown once, checked before any query, gone within five seconds (R43, D28)."""

import hashlib
import hmac
import re
import zlib
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import keys
from accounts.models import ApiKey, Membership, Workspace
from common.errors import Invalid, Unauthenticated

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BASE62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.fixture
def issue(alice):
    """`issue(pinned=True, …)` → the key's row and its text."""

    def make(**fields):
        return keys.issue(**({"user": alice, "workspace": alice.personal_workspace, "name": "laptop"} | fields))

    return make


@pytest.fixture
def clock(monkeypatch):
    """The process's own clock, by which it remembers keys: `clock.passes(5)`."""
    moment = SimpleNamespace(at=1_000.0)
    moment.passes = lambda seconds: setattr(moment, "at", moment.at + seconds)
    monkeypatch.setattr(keys, "time", SimpleNamespace(monotonic=lambda: moment.at))
    return moment


def queries(work):
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def refused(text):
    with pytest.raises(Unauthenticated):
        keys.find(text)


# --- the text


def test_a_key_is_sd_43_random_characters_and_6_that_check_them(issue):
    _, text = issue()

    assert re.fullmatch(r"sd_[0-9A-Za-z]{49}", text)
    number = sum(BASE62.index(digit) * 62**place for place, digit in enumerate(text[-6:]))
    assert number == zlib.crc32(text[3:-6].encode())


def test_no_two_keys_are_alike(issue):
    assert len({issue()[1] for _ in range(50)}) == 50


def test_only_a_digest_under_the_pepper_is_stored(issue, settings):
    row, text = issue()

    assert row.digest == hmac.new(settings.KEY_PEPPER.encode(), text.encode(), hashlib.sha256).hexdigest()
    assert (row.prefix, row.last4) == (text[:8], text[-4:])
    assert text not in repr(ApiKey.objects.filter(pk=row.pk).values_list().get())
    assert text[8:-4] not in str(row)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:10] + ("a" if text[10] != "a" else "b") + text[11:],  # one character mistyped
        lambda text: text[:10] + text[11] + text[10] + text[12:] if text[10] != text[11] else "sd_",  # two swapped
        lambda text: text[:-1] + ("a" if text[-1] != "a" else "b"),
        lambda text: text[:-1],
        lambda text: text + "0",
        lambda text: "sk_" + text[3:],
        lambda text: text[:10] + "é" + text[11:],
        lambda text: "",
        lambda text: "sd_",
    ],
)
def test_a_mistyped_key_is_refused_without_a_query(issue, spoil):
    _, text = issue()

    assert queries(lambda: refused(spoil(text))) == 0


def test_a_well_formed_key_that_was_never_issued_is_refused(db):
    text = keys._new_text()

    assert keys.well_formed(text)
    refused(text)


# --- what a key stands for


def test_a_key_stands_for_its_user_and_workspace(issue, alice):
    row, text = issue(scopes=["prompts:write", "prompts:read"])

    known = keys.find(text)

    assert (known.id, known.user_id, known.workspace_id) == (row.pk, alice.pk, alice.personal_workspace.pk)
    assert (known.payer_id, known.personal, known.pinned) == (alice.personal_workspace.pk, True, False)
    assert known.scopes == {"prompts:read", "prompts:write"}


def test_the_payer_of_a_workspace_that_another_pays_for_is_the_other(issue, alice):
    team = Workspace.objects.create(title="team", payer=alice.personal_workspace)
    Membership.objects.create(user=alice, workspace=team)

    known = keys.find(issue(workspace=team)[1])

    assert (known.workspace_id, known.payer_id, known.personal) == (team.pk, alice.personal_workspace.pk, False)


def test_a_scope_that_does_not_exist_is_refused(issue):
    with pytest.raises(Invalid) as refusal:
        issue(scopes=["prompts:read", "money:take"])

    assert refusal.value.errors == {"scopes": ["money:take is not a scope"]}
    assert not ApiKey.objects.exists()


def test_nobody_gets_a_key_for_a_workspace_they_are_no_member_of(issue, bob):
    with pytest.raises(Invalid) as refusal:
        issue(workspace=bob.personal_workspace)

    assert refusal.value.errors == {"workspace": ["is not one of yours"]}
    assert not ApiKey.objects.exists()


# --- the end of a key


def test_a_revoked_key_stops_at_once_in_the_process_that_revoked_it(issue):
    row, text = issue()
    keys.find(text)

    keys.revoke(key=row, now=NOW)

    refused(text)
    row.refresh_from_db()
    assert row.revoked_at == NOW


def test_revoking_twice_keeps_the_first_moment(issue):
    row, _ = issue()
    keys.revoke(key=row, now=NOW)

    keys.revoke(key=row, now=NOW + timedelta(days=1))

    row.refresh_from_db()
    assert row.revoked_at == NOW


def test_a_key_that_another_process_revoked_stops_within_five_seconds(issue, clock):
    row, text = issue()
    keys.find(text)
    ApiKey.objects.filter(pk=row.pk).update(revoked_at=NOW)

    clock.passes(2.9)
    assert queries(lambda: keys.find(text)) == 0  # still remembered
    clock.passes(2.0)

    refused(text)


def test_being_used_does_not_keep_a_revoked_key_alive(issue, clock):
    row, text = issue()
    keys.find(text)
    ApiKey.objects.filter(pk=row.pk).update(revoked_at=NOW)

    for _ in range(4):
        clock.passes(0.7)
        keys.find(text)
    clock.passes(0.7)

    refused(text)


def test_a_remembered_key_costs_no_query(issue, clock):
    _, text = issue()

    assert queries(lambda: keys.find(text)) == 2  # the look-up, and the note of its use
    assert queries(lambda: keys.find(text)) == 0


def test_a_key_expires_to_the_moment_though_it_is_remembered(issue):
    _, text = issue(expires_at=NOW)

    with time_machine.travel(NOW - timedelta(milliseconds=1), tick=False):
        keys.find(text)
    with time_machine.travel(NOW, tick=False):
        refused(text)


def test_a_person_who_is_switched_off_has_no_keys(issue, alice):
    _, text = issue()
    alice.is_active = False
    alice.save()

    refused(text)


def test_a_person_who_left_a_workspace_has_no_key_to_it(issue, alice):
    team = Workspace.objects.create(title="team")
    membership = Membership.objects.create(user=alice, workspace=team)
    _, text = issue(workspace=team)
    membership.delete()

    refused(text)


# --- the note of its use


def test_a_keys_use_is_noted_at_most_once_a_minute(issue, clock):
    row, text = issue()

    def use_at(moment):
        clock.passes(10)  # no longer remembered
        with time_machine.travel(moment, tick=False):
            keys.find(text)
        row.refresh_from_db()
        return row.last_used_at

    assert use_at(NOW) == NOW
    assert use_at(NOW + timedelta(seconds=60)) == NOW
    assert use_at(NOW + timedelta(seconds=61)) == NOW + timedelta(seconds=61)


def test_a_refused_key_notes_no_use(issue):
    row, text = issue(expires_at=NOW)
    keys.revoke(key=row, now=NOW)

    refused(text)

    row.refresh_from_db()
    assert row.last_used_at is None


def test_the_memory_of_a_process_is_bounded(issue, monkeypatch):
    monkeypatch.setattr(keys, "_REMEMBERED_MAX", 3)
    texts = [issue()[1] for _ in range(5)]

    for text in texts:
        keys.find(text)

    assert len(keys._remembered) <= 3
