"""Signatures that the public Standard Webhooks library accepts."""

import base64
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from standardwebhooks import Webhook, WebhookVerificationError

from callbacks import signing
from callbacks.models import SigningSecret
from tests.concurrency import together

NOW = datetime(2026, 3, 1, 12, 0, 0, 900_000, tzinfo=UTC)
BODY = '{"prompt":{"text":"ein Füchslein"}}'


@pytest.fixture
def workspace_id(alice):
    return alice.personal_workspace.pk


def signed(workspace_id, *, now=NOW):
    return signing.headers(workspace_id=workspace_id, message_id="msg_1", body=BODY, now=now)


def secret(workspace_id, *, now=NOW):
    return signing.valid_secrets(workspace_id=workspace_id, now=now)[0]


def accepted(secret, headers, *, body=BODY):
    with time_machine.travel(NOW, tick=False):
        try:
            Webhook(secret).verify(body.encode(), headers, json_parse=False)
        except WebhookVerificationError:
            return False
    return True


def test_the_public_library_accepts_the_signature(workspace_id):
    headers = signed(workspace_id)

    assert headers["webhook-id"] == "msg_1"
    assert headers["webhook-timestamp"] == "1772366400"
    assert headers["webhook-signature"].startswith("v1,")
    assert accepted(secret(workspace_id), headers)


def test_another_body_id_time_or_secret_is_not_accepted(workspace_id, bob):
    headers = signed(workspace_id)

    assert not accepted(secret(workspace_id), headers, body=BODY + " ")
    assert not accepted(secret(workspace_id), headers | {"webhook-id": "msg_2"})
    assert not accepted(secret(workspace_id), headers | {"webhook-timestamp": "1772366401"})
    assert not accepted(secret(bob.personal_workspace.pk), headers)


def test_a_secret_is_made_on_first_use_and_kept(workspace_id):
    first = secret(workspace_id)

    assert secret(workspace_id, now=NOW + timedelta(days=400)) == first
    assert first.startswith("whsec_")
    assert len(base64.b64decode(first.removeprefix("whsec_"))) == 32
    assert SigningSecret.objects.count() == 1


def test_the_database_holds_no_readable_secret(workspace_id):
    text = secret(workspace_id)

    sealed = SigningSecret.objects.get().sealed
    assert text not in sealed
    assert text.removeprefix("whsec_") not in sealed
    assert base64.b64decode(text.removeprefix("whsec_")) not in base64.urlsafe_b64decode(sealed)


def test_during_a_rotation_both_secrets_sign_newest_first(workspace_id):
    old = secret(workspace_id)

    new = signing.rotate(workspace_id=workspace_id, now=NOW)

    headers = signed(workspace_id)
    newest, oldest = headers["webhook-signature"].split(" ")
    assert new != old
    assert accepted(new, headers | {"webhook-signature": newest})
    assert accepted(old, headers | {"webhook-signature": oldest})
    assert accepted(new, headers)
    assert accepted(old, headers)


def test_a_replaced_secret_signs_for_24_hours(workspace_id):
    old = secret(workspace_id)
    new = signing.rotate(workspace_id=workspace_id, now=NOW)
    day = timedelta(hours=24)

    assert signing.valid_secrets(workspace_id=workspace_id, now=NOW + day - timedelta(seconds=1)) == [new, old]
    assert signing.valid_secrets(workspace_id=workspace_id, now=NOW + day) == [new]


@pytest.mark.django_db(transaction=True)
def test_workers_that_need_the_first_secret_at_once_get_the_same(workspace_id):
    found = together(8, lambda _: signing.valid_secrets(workspace_id=workspace_id, now=NOW))

    assert len(found[0]) == 1
    assert all(secrets == found[0] for secrets in found)
    assert SigningSecret.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_rotations_at_once_leave_one_current_secret(workspace_id):
    made = together(4, lambda _: signing.rotate(workspace_id=workspace_id, now=NOW))

    current = SigningSecret.objects.filter(replaced_at=None)
    assert current.count() == 1
    assert len(set(made)) == 4
    assert secret(workspace_id) in made


def test_the_command_prints_the_current_secret(workspace_id):
    out = StringIO()

    call_command("signing_secret", "alice@example.com", stdout=out)

    assert out.getvalue() == secret(workspace_id) + "\n"


def test_the_command_rotates_when_told_to(workspace_id):
    old, out = secret(workspace_id), StringIO()

    call_command("signing_secret", "alice@example.com", "--rotate", stdout=out)

    new = out.getvalue().strip()
    assert new != old
    assert SigningSecret.objects.filter(replaced_at=None).count() == 1


def test_the_command_knows_no_stranger(db):
    with pytest.raises(CommandError, match=r"No such user\."):
        call_command("signing_secret", "nobody@example.com")

    assert not SigningSecret.objects.exists()
