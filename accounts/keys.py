"""Bearer keys: `sd_` + 43 random base62 characters + 6 that check them (the CRC32 idea is GitHub's token format)."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import string
import threading
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import ApiKey, Membership, User, Workspace
from common.errors import Invalid, Unauthenticated

PREFIX = "sd_"
SCOPES = ("prompts:read", "prompts:write", "tunes:read", "tunes:write", "account:read", "account:write")
_ALPHABET = string.digits + string.ascii_letters
_RANDOM, _CHECK = 43, 6
_REMEMBERED_S = 3.0  # below the 5 s within which a revoked key has to stop working
_REMEMBERED_MAX = 10_000
_USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class KnownKey:
    """A key as far as requests need it."""

    id: int
    user_id: int
    workspace_id: int
    payer_id: int
    personal: bool
    pinned: bool
    collapses_duplicates: bool
    scopes: frozenset[str]
    expires_at: datetime | None


_remembered: dict[str, tuple[float, KnownKey]] = {}
_lock = threading.Lock()


def issue(
    *,
    user: User,
    workspace: Workspace,
    name: str,
    scopes: Sequence[str] = (),
    expires_at: datetime | None = None,
    pinned: bool = False,
) -> tuple[ApiKey, str]:
    """Make a key; the text is returned here and never again.

    :raises Invalid: a scope that does not exist, or a workspace the user is no member of
    """
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise Invalid({"scopes": [f"{scope} is not a scope" for scope in unknown]})
    if not Membership.objects.filter(user=user, workspace=workspace).exists():
        raise Invalid({"workspace": ["is not one of yours"]})
    text = _new_text()
    key = ApiKey.objects.create(
        user=user,
        workspace=workspace,
        name=name,
        scopes=sorted(scopes),
        prefix=text[:8],
        last4=text[-4:],
        digest=digest(text),
        expires_at=expires_at,
        pinned=pinned,
    )
    return key, text


def revoke(*, key: ApiKey, now: datetime) -> None:
    """Stop a key: at once in this process, within `_REMEMBERED_S` in all others."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now)
    with _lock:
        _remembered.pop(key.digest, None)


def find(text: str) -> KnownKey:
    """The key behind a bearer text.

    :raises Unauthenticated: unknown, mistyped, revoked or expired
    """
    if not well_formed(text):
        raise Unauthenticated
    name = digest(text)
    known = _recall(name) or _load(name)
    if known.expires_at is not None and known.expires_at <= timezone.now():
        raise Unauthenticated
    return known


def forget_all() -> None:
    """Drop what this process remembers (tests, and after a restore)."""
    with _lock:
        _remembered.clear()


def digest(text: str) -> str:
    """A fast keyed hash is right here: the key has 256 bits of entropy, so nothing can be guessed from it."""
    return hmac.new(settings.KEY_PEPPER.encode(), text.encode(), hashlib.sha256).hexdigest()


def well_formed(text: str) -> bool:
    """Whether the check characters fit; typing errors cost no query."""
    body, check = text[len(PREFIX) : -_CHECK], text[-_CHECK:]
    return text.startswith(PREFIX) and len(body) == _RANDOM and text.isascii() and check == _check_of(body)


def _new_text() -> str:
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))
    return PREFIX + body + _check_of(body)


def _check_of(body: str) -> str:
    number, out = zlib.crc32(body.encode()), ""
    for _ in range(_CHECK):
        number, digit = divmod(number, len(_ALPHABET))
        out += _ALPHABET[digit]
    return out


def _recall(name: str) -> KnownKey | None:
    with _lock:
        at, known = _remembered.get(name, (0.0, None))
    return known if time.monotonic() - at < _REMEMBERED_S else None


# Each process asks this every few seconds for every key in use, so that it is not put together by the ORM. Who left a
# workspace has no key to it any more.
_GOOD = """
    SELECT k.id, k.user_id, w.id, coalesce(w.payer_id, w.id), w.personal_of_id, k.pinned, k.scopes, k.expires_at,
           k.last_used_at, u.collapse_duplicates
    FROM accounts_apikey k
    JOIN accounts_user u ON u.id = k.user_id AND u.is_active
    JOIN accounts_workspace w ON w.id = k.workspace_id
    JOIN accounts_membership m ON m.workspace_id = w.id AND m.user_id = k.user_id
    WHERE k.digest = %s AND k.revoked_at IS NULL"""


def _load(name: str) -> KnownKey:
    with connection.cursor() as cursor:
        cursor.execute(_GOOD, [name])
        row = cursor.fetchone()
    if row is None:
        raise Unauthenticated
    id_, user_id, workspace_id, payer_id, personal_of, pinned, scopes, expires_at, last_used_at, collapses = row
    _note_use(id_, last_used_at=_utc(last_used_at))
    known = KnownKey(
        id=id_,
        user_id=user_id,
        workspace_id=workspace_id,
        payer_id=payer_id,
        personal=personal_of is not None,
        pinned=bool(pinned),
        collapses_duplicates=bool(collapses),
        scopes=frozenset(json.loads(scopes)),
        expires_at=_utc(expires_at),
    )
    with _lock:
        if len(_remembered) >= _REMEMBERED_MAX:
            _remembered.clear()
        _remembered[name] = (time.monotonic(), known)
    return known


def _note_use(key_id: int, *, last_used_at: datetime | None) -> None:
    now = timezone.now()
    if last_used_at is None or now - last_used_at > _USED_EVERY:
        ApiKey.objects.filter(pk=key_id).update(last_used_at=now)


def _utc(moment: datetime | None) -> datetime | None:
    """SQLite knows no time zones: what it holds is UTC."""
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)
