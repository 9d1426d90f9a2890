"""Standard Webhooks signatures (specification 1.0): HMAC-SHA256 over `id.timestamp.body`, a secret per workspace."""

from __future__ import annotations

import base64
import secrets
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from standardwebhooks import Webhook

from accounts.models import Workspace
from callbacks import vault
from callbacks.models import SigningSecret

PREFIX = "whsec_"
SECRET_BYTES = 32
_COLUMN = "callbacks.SigningSecret.sealed"
OVERLAP = timedelta(hours=24)  # for so long a replaced secret signs beside its successor


def headers(*, workspace_id: int, message_id: str, body: str, now: datetime) -> dict[str, str]:
    """The three headers of one attempt; during a rotation the signature header holds two, newest first."""
    at = now.astimezone(UTC)
    signatures = [
        Webhook(secret).sign(msg_id=message_id, timestamp=at, data=body)
        for secret in valid_secrets(workspace_id=workspace_id, now=now)
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def valid_secrets(*, workspace_id: int, now: datetime) -> list[str]:
    """Every secret that signs now, newest first: the current one, made on first use, and those just replaced."""
    rows = _valid(workspace_id, now)
    if not any(row.replaced_at is None for row in rows):
        # Two workers may come here at once: the unique index keeps the first one's secret for both.
        SigningSecret.objects.bulk_create([_new(workspace_id, _random(), now)], ignore_conflicts=True)
        rows = _valid(workspace_id, now)
    return [_open(row.sealed) for row in rows]


@transaction.atomic
def rotate(*, workspace_id: int, now: datetime) -> str:
    """Replace the workspace's secret and return the new one; the old one signs on for `OVERLAP`."""
    Workspace.objects.select_for_update().get(pk=workspace_id)  # one rotation at a time
    SigningSecret.objects.filter(workspace_id=workspace_id, replaced_at=None).update(replaced_at=now)
    secret = _random()
    _new(workspace_id, secret, now).save(force_insert=True)
    return secret


def _valid(workspace_id: int, now: datetime) -> list[SigningSecret]:
    in_force = Q(replaced_at=None) | Q(replaced_at__gt=now - OVERLAP)
    return list(SigningSecret.objects.filter(in_force, workspace_id=workspace_id).order_by("-id"))


def _new(workspace_id: int, secret: str, now: datetime) -> SigningSecret:
    return SigningSecret(workspace_id=workspace_id, sealed=_seal(secret), created_at=now)


def _random() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def _seal(secret: str) -> str:
    return vault.seal(secret.encode("ascii"), column=_COLUMN)


def _open(sealed: str) -> str:
    return vault.opened(sealed, column=_COLUMN).decode("ascii")
