"""Signatures that fal's published recipe accepts, and the list of keys that it reads."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.management import call_command

from callbacks import keypair
from callbacks.models import SigningKey
from tests.concurrency import together

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(hours=24)
BODY = '{"request_id":"…","status":"OK"}'
pytestmark = pytest.mark.django_db


def signed(now=NOW):
    return keypair.headers(request_id="8f5e", user_id="7", body=BODY, now=now)


def accepted_by(headers, key, *, body=BODY):
    """fal's recipe, with one key of the list."""
    lines = [
        headers["x-fal-webhook-request-id"], headers["x-fal-webhook-user-id"], headers["x-fal-webhook-timestamp"],
        hashlib.sha256(body.encode()).hexdigest(),
    ]  # fmt: skip
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "=="))
    try:
        public.verify(bytes.fromhex(headers["x-fal-webhook-signature"]), "\n".join(lines).encode())
    except InvalidSignature:
        return False
    return True


def test_the_recipe_accepts_what_was_signed_and_nothing_else():
    headers, (key,) = signed(), keypair.jwks(now=NOW)["keys"]

    assert (key["kty"], key["crv"], headers["x-fal-webhook-timestamp"]) == ("OKP", "Ed25519", "1772366400")
    assert accepted_by(headers, key)
    assert not accepted_by(headers, key, body=BODY + " ")
    assert not accepted_by(headers | {"x-fal-webhook-user-id": "8"}, key)


def test_a_new_key_is_listed_a_day_before_it_signs_and_the_old_one_a_day_after_its_last():
    old_headers = signed()
    new = keypair.rotate(now=NOW)

    def listed(now):
        return [key["kid"] for key in keypair.jwks(now=now)["keys"]]

    old, _ = listed(NOW)
    for moment in (NOW, NOW + DAY - timedelta(seconds=1)):
        assert accepted_by(signed(moment), keypair.jwks(now=moment)["keys"][0])
        assert listed(moment) == [old, str(new.pk)]
    for moment in (NOW + DAY, NOW + 2 * DAY - timedelta(seconds=1)):
        first, second = keypair.jwks(now=moment)["keys"]
        assert accepted_by(old_headers, first)
        assert accepted_by(signed(moment), second)
    assert listed(NOW + 2 * DAY) == [str(new.pk)]


def test_the_private_key_is_sealed():
    signed()

    assert "gAAAA" in SigningKey.objects.get().sealed


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_begin_at_once_agree():
    together(4, lambda _: signed())

    signatures = {signed()["x-fal-webhook-signature"] for _ in range(2)}
    assert len(signatures) == 1
    assert accepted_by(signed(), keypair.jwks(now=NOW)["keys"][0])


def test_the_command_makes_a_new_key():
    signed()
    out = StringIO()

    call_command("rotate_signing_key", stdout=out)

    assert SigningKey.objects.count() == 2
    assert "24 hours" in out.getvalue()
