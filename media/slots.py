"""Upload slots: a signed address takes one file, once, within the hour, of the length, type and checksum told before.

What lies in a slot is a stranger's file as it came: it is never served, and whoever names it has it decoded first.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files import File
from django.core.files.storage import default_storage

from common.errors import Invalid, NotFound
from media import links, store
from media.models import Slot

PREFIX = "up_"  # of the id that stands for the file in requests
OPEN_FOR = timedelta(hours=1)
KEPT_FOR = timedelta(hours=24)
BYTES_MAX = 100 * 2**20
TYPES = ("image/", "video/", "audio/", "text/plain")
FILENAME_MAX, TYPE_MAX = 200, 100
BATCH = 100


def open_slot(
    *, workspace_id: int, filename: str, content_type: str, size: int | None, checksum: str, now: datetime
) -> Slot:
    """
    :raises Invalid: by field
    :raises OutOfSpace: the disk is nearly full
    """
    errors: dict[str, list[str]] = {}
    if not filename or len(filename) > FILENAME_MAX:
        errors["filename"] = [f"must have 1 to {FILENAME_MAX} characters"]
    if not content_type.startswith(TYPES) or len(content_type) > TYPE_MAX:
        errors["content_type"] = ["must be a picture, a video, sound or plain text"]
    if size is None or not 0 < size <= BYTES_MAX:
        errors["byte_size"] = [f"must be between 1 and {BYTES_MAX}"]
    if not _is_md5(checksum):
        errors["checksum"] = ["must be the MD5 of the file in base64"]
    if errors or size is None:
        raise Invalid(errors)
    store.require_space()
    return Slot.objects.create(
        workspace_id=workspace_id,
        filename=filename,
        content_type=content_type,
        bytes=size,
        checksum=checksum,
        key=f"slots/{links.new_address()}",
        created_at=now,
    )


def signed_id(slot: Slot) -> str:
    """What stands for the file in requests; of use to its workspace only."""
    return PREFIX + _signer("media.slots.id").sign(str(slot.pk))


def put_token(slot: Slot) -> str:
    """What makes the address that takes the bytes; whoever has it may send them."""
    return _signer("media.slots.put").sign(str(slot.pk))


def fill(*, token: str, content_type: str, size: int, chunks: Iterator[bytes], now: datetime) -> None:
    """Take the bytes, once.

    :raises NotFound: no such slot, or no longer open, or filled already
    :raises Invalid: not what was told
    """
    slot = _open(token, now=now)
    if content_type != slot.content_type:
        raise Invalid({"content_type": [f"must be {slot.content_type}"]})
    if size != slot.bytes:
        raise Invalid({"byte_size": [f"must be {slot.bytes}"]})
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
        _receive(slot, chunks, file)
        if not Slot.objects.filter(pk=slot.pk, filled_at=None).update(filled_at=now):
            raise NotFound  # a twin was faster
        file.seek(0)
        try:
            default_storage.save(slot.key, File(file, name=slot.key))
        except BaseException:
            Slot.objects.filter(pk=slot.pk).update(filled_at=None)
            raise


def find(*, signed: str, workspace_id: int) -> Slot | None:
    """The filled slot behind an id, if it is this workspace's."""
    try:
        pk = int(_signer("media.slots.id").unsign(signed.removeprefix(PREFIX)))
    except (signing.BadSignature, ValueError):
        return None
    return Slot.objects.filter(pk=pk, workspace_id=workspace_id).exclude(filled_at=None).first()


def sweep(*, now: datetime) -> None:
    """Remove what is older than a day; whoever used a file has a copy of their own."""
    for slot in Slot.objects.filter(created_at__lt=now - KEPT_FOR).order_by("created_at")[:BATCH]:
        if slot.filled_at is not None:
            default_storage.delete(slot.key)
        slot.delete()


def _open(token: str, *, now: datetime) -> Slot:
    try:
        pk = int(_signer("media.slots.put").unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise NotFound from error
    slot = Slot.objects.filter(pk=pk, filled_at=None, created_at__gt=now - OPEN_FOR).first()
    if slot is None:
        raise NotFound
    return slot


def _receive(slot: Slot, chunks: Iterator[bytes], file: Any) -> None:
    digest, received = hashlib.md5(usedforsecurity=False), 0
    for chunk in chunks:
        received += len(chunk)
        if received > slot.bytes:
            break
        digest.update(chunk)
        file.write(chunk)
    if received != slot.bytes:
        raise Invalid({"byte_size": [f"must be {slot.bytes}"]})
    if base64.b64encode(digest.digest()).decode() != slot.checksum:
        raise Invalid({"checksum": ["does not fit the bytes that came"]})


def _is_md5(text: str) -> bool:
    try:
        return len(text) == 24 and len(base64.b64decode(text, validate=True)) == 16
    except (binascii.Error, ValueError):
        return False


def _signer(salt: str) -> signing.Signer:
    return signing.Signer(salt=salt, sep="~")
