"""Secrets at rest: sealed under FIELD_SECRET, each column with a key of its own (HKDF, RFC 5869)."""

from __future__ import annotations

import base64
import functools

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(secret: bytes, *, column: str) -> str:
    """`column`: where it will lie; nothing that was sealed for another one opens there."""
    return _cipher(settings.FIELD_SECRET, column).encrypt(secret).decode("ascii")


def opened(sealed: str, *, column: str) -> bytes:
    """
    :raises cryptography.fernet.InvalidToken: FIELD_SECRET is not the one that it was sealed under
    """
    return _cipher(settings.FIELD_SECRET, column).decrypt(sealed.encode("ascii"))


@functools.lru_cache(maxsize=4)
def _cipher(field_secret: str, column: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=column.encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(field_secret.encode())))
