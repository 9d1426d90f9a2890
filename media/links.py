"""Addresses of files: made here, and read back here, so that the two never drift apart (D23)."""

from __future__ import annotations

import re
import time
from typing import Final

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.utils.crypto import get_random_string

from common.safe_fetch import Target, parse
from media.models import Asset

ADDRESS_LENGTH = 28
# At most. A link lives for the rest of its half hour and the next one, so that it stays the same for a while.
SIGNED_FOR_S: Final = 3_600
_HALF: Final = SIGNED_FOR_S // 2
_SENT = re.compile(r"/(?:media/slots|fal/files)/(?P<signed>up_[^/?]+)(?:/[^/?]*)?(?:\?.*)?")
_PATH = re.compile(r"/media/(?:signed/(?P<token>[^/]+)|(?P<address>[0-9A-Za-z]{28}))/(?P<filename>[^/?]+)(?:\?.*)?")


def new_address() -> str:
    """28 characters of 62: 166 bits, which nobody guesses."""
    return get_random_string(ADDRESS_LENGTH)


def public(address: str, filename: str, *, origin: str) -> str:
    """Where an output or rendition is read without a key, by whoever was told."""
    return f"{origin}/media/{address}/{filename}"


def signed(asset_id: int, filename: str, *, origin: str) -> str:
    """Where an input may be read for the next 30 to 60 minutes."""
    until = (int(time.time()) // _HALF + 2) * _HALF
    return f"{origin}/media/signed/{_signer().sign(f'{asset_id}-{until}')}/{filename}"


def signed_asset_id(token: str, *, even_expired: bool = False) -> int | None:
    """The asset that a link was signed for; None when it is forged or over."""
    try:
        asset_id, until = _signer().unsign(token).split("-")
    except signing.BadSignature:
        return None
    return int(asset_id) if even_expired or int(until) > time.time() else None


def is_ours(target: Target, *, origin: str) -> bool:
    """Whether a URL points at this very server, under its public name or the one that the caller used."""
    return any(_same_server(target, parse(ours)) for ours in (settings.PUBLIC_URL, origin) if ours)


def upload_at(target: Target) -> str | None:
    """The id of the upload that an address of ours names."""
    match = _SENT.fullmatch(target.path)
    return match["signed"] if match else None


def asset_at(target: Target, *, workspace_id: int) -> Asset | None:
    """The file behind an address of ours, when that workspace may use it as an input; an expired link still counts.

    A file of somebody else's and a file that never was look alike.
    """
    match = _PATH.fullmatch(target.path)
    if match is None:
        return None
    files = Asset.objects.alive()
    if match["address"]:
        either = Q(address=match["address"]) | Q(public_address=match["address"])
        asset = files.filter(either, filename=match["filename"]).first()
    else:
        asset = files.filter(pk=signed_asset_id(match["token"], even_expired=True) or 0).first()
    if asset is None or asset.kind == Asset.Kind.SAMPLE or asset.workspace_id == workspace_id:
        return asset
    if match["address"] and asset.public_address == match["address"]:
        return asset
    return None


def _same_server(target: Target, ours: Target) -> bool:
    web = {80, 443}  # a proxy in front may answer on both
    same_port = target.port == ours.port or {target.port, ours.port} == web
    return same_port and (target.host == ours.host or {target.host, ours.host} <= _LOOPBACK)


_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _signer() -> signing.Signer:
    return signing.Signer(salt="media.signed", sep="~")
