"""The installation's ED25519 keys, for receivers who check signatures against a public list (JWKS) instead of a secret.

Receivers may keep the list for a day: a new key is on it for a day before it signs, and an old one for a day after.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from callbacks import vault
from callbacks.models import SigningKey

LISTED_FOR = timedelta(hours=24)  # before its first signature, and after its last
_COLUMN = "callbacks.SigningKey.sealed"


def headers(*, request_id: str, user_id: str, body: str, now: datetime) -> dict[str, str]:
    """Fal's four headers of one attempt: the signature is over request id, user id, time and the body's SHA-256 in hex,
    joined by newlines (docs.fal.ai, "Webhooks").
    """
    at = str(int(now.timestamp()))
    signed = "\n".join((request_id, user_id, at, hashlib.sha256(body.encode()).hexdigest()))
    return {
        "x-fal-webhook-request-id": request_id,
        "x-fal-webhook-user-id": user_id,
        "x-fal-webhook-timestamp": at,
        "x-fal-webhook-signature": _private(_signing(now)).sign(signed.encode()).hex(),
    }


def jwks(*, now: datetime) -> dict[str, list[dict[str, str]]]:
    """Every key that signs, soon will or did a moment ago, as a JSON Web Key Set (RFC 7517, RFC 8037)."""
    current = _signing(now)
    listed = [key for key in _keys() if key.pk >= current.pk or _taken_over_at(key) > now - LISTED_FOR]
    return {"keys": [_jwk(key) for key in listed]}


def rotate(*, now: datetime) -> SigningKey:
    """Make a new key: on the list at once, signing from tomorrow on."""
    _signing(now)  # there is an old one to go on with
    return _new(now)


def _signing(now: datetime) -> SigningKey:
    """The newest key that has been on the list for long enough; the very first signs at once."""
    keys = _keys()
    if not keys:
        _new(now)  # two processes may come here at once: the older of the two signs for both
        keys = _keys()
    return max((key for key in keys if key.created_at <= now - LISTED_FOR), default=keys[0], key=lambda key: key.pk)


def _taken_over_at(key: SigningKey) -> datetime:
    """When its successor began to sign."""
    successor = SigningKey.objects.filter(pk__gt=key.pk).order_by("pk").first()
    return successor.created_at + LISTED_FOR if successor else datetime.max.replace(tzinfo=key.created_at.tzinfo)


def _keys() -> list[SigningKey]:
    return list(SigningKey.objects.order_by("pk"))


def _new(now: datetime) -> SigningKey:
    raw = Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    return SigningKey.objects.create(sealed=vault.seal(raw, column=_COLUMN), created_at=now)


def _private(key: SigningKey) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(vault.opened(key.sealed, column=_COLUMN))


def _jwk(key: SigningKey) -> dict[str, str]:
    public = _private(key).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    x = base64.urlsafe_b64encode(public).rstrip(b"=").decode("ascii")
    return {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": str(key.pk), "x": x}
