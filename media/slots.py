"""Upload slots: a signed address takes one file, once, within the hour; of the length, type and checksum told before,
where the protocol has them told.

What lies in a slot is a stranger's file as it came: whoever names it as an input has it decoded first.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import IO, Any

from django.conf import settings
from django.core import signing
from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import QuerySet, Sum

from common.errors import Invalid, NotFound
from media import links, store
from media.models import Slot, SlotPart

PREFIX = "up_"  # of the id that stands for the file in requests
OPEN_FOR = timedelta(hours=1)
KEPT_FOR = timedelta(hours=24)
BYTES_MAX = 100 * 2**20
_TOKEN = r"[0-9A-Za-z!#$%&'*+.^_`|~-]+"  # RFC 9110, 5.6.2: anything else could end a header, or begin another
_TYPE = re.compile(f"{_TOKEN}/{_TOKEN}")
_TAKEN = re.compile(f"(?:image|video|audio)/{_TOKEN}|text/plain")
FILENAME_MAX, TYPE_MAX = 200, 100
BATCH = 100
PARTS_MAX = 10_000


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
    if not _TAKEN.fullmatch(content_type) or len(content_type) > TYPE_MAX:
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


def open_untold(*, workspace_id: int, filename: str, content_type: str, now: datetime) -> Slot:
    """A slot for a file of which nothing is known before it comes.

    :raises OutOfSpace: the disk is nearly full
    """
    store.require_space()
    known = _TYPE.fullmatch(content_type) and len(content_type) <= TYPE_MAX
    return Slot.objects.create(
        workspace_id=workspace_id,
        filename=filename[-FILENAME_MAX:],
        content_type=content_type if known else "application/octet-stream",
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
    slot = open_at(token, now=now)
    if content_type != slot.content_type:
        raise Invalid({"content_type": [f"must be {slot.content_type}"]})
    if size != slot.bytes:
        raise Invalid({"byte_size": [f"must be {slot.bytes}"]})
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
        _receive(slot, chunks, file)
        _store(slot, file, now=now)


def fill_untold(slot: Slot, chunks: Iterable[bytes], *, now: datetime) -> None:
    """Take the bytes, once, as many as come.

    :raises NotFound: filled already
    :raises Invalid: too many, or none
    """
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
        _copy(chunks, file)
        _store(slot, file, now=now)


def _store(slot: Slot, file: IO[bytes], *, now: datetime) -> None:
    if not Slot.objects.filter(pk=slot.pk, filled_at=None).update(filled_at=now):
        raise NotFound  # a twin was faster
    file.seek(0)
    try:
        default_storage.save(slot.key, File(file, name=slot.key))
    except BaseException:
        Slot.objects.filter(pk=slot.pk).update(filled_at=None)
        raise


def fill_part(slot: Slot, *, number: int, chunks: Iterable[bytes]) -> str:
    """Take one piece of the file; the ETag by which the whole will name it. A piece that comes again replaces the
    first.

    :raises Invalid: no number of a part, too many bytes, or none
    """
    if not 1 <= number <= PARTS_MAX:
        raise Invalid({"part": [f"must be between 1 and {PARTS_MAX}"]})
    store.require_space()
    others = SlotPart.objects.filter(slot=slot).exclude(number=number).aggregate(Sum("bytes"))["bytes__sum"] or 0
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
        size, etag = _copy(chunks, file, beside=others)
        file.seek(0)
        key = default_storage.save(f"slots/{links.new_address()}", File(file, name="part"))
    old = SlotPart.objects.filter(slot=slot, number=number).first()
    SlotPart.objects.update_or_create(
        slot=slot, number=number, defaults={"bytes": size, "etag": etag, "key": key}
    )  # fmt: skip
    if old is not None:
        default_storage.delete(old.key)
    return etag


def complete(slot: Slot, *, told: Mapping[int, str], now: datetime) -> None:
    """Put the pieces together. `told`: the ETag of each part's number, as the client has them.

    :raises Invalid: not the parts that came, or too large together
    :raises NotFound: done already
    """
    parts = list(SlotPart.objects.filter(slot=slot).order_by("number"))
    if not parts or {part.number: part.etag for part in parts} != dict(told):
        raise Invalid({"parts": ["are not those that were sent"]})
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
        _copy(_pieces(parts), file)
        _store(slot, file, now=now)
    _drop_parts(parts)


def _pieces(parts: Iterable[SlotPart]) -> Iterator[bytes]:
    for part in parts:
        with default_storage.open(part.key, "rb") as file:
            yield from file.chunks()


def _drop_parts(parts: Iterable[SlotPart]) -> None:
    for part in parts:
        default_storage.delete(part.key)
        part.delete()


def _copy(chunks: Iterable[bytes], file: IO[bytes], *, beside: int = 0) -> tuple[int, str]:
    """How many bytes, and their MD5 in hex. `beside`: how many the file's other parts have.

    :raises Invalid: more than any input may have, or none
    """
    digest, size = hashlib.md5(usedforsecurity=False), 0
    for chunk in chunks:
        size += len(chunk)
        if size + beside > settings.VIDEO_BYTES_MAX:
            raise Invalid({"file": [f"is larger than {settings.VIDEO_BYTES_MAX // 2**20} MB"]})
        digest.update(chunk)
        file.write(chunk)
    if size == 0:
        raise Invalid({"file": ["is empty"]})
    return size, digest.hexdigest()


def find(*, signed: str, workspace_id: int) -> Slot | None:
    """The filled slot behind an id, if it is this workspace's."""
    return _filled(signed).filter(workspace_id=workspace_id).first()


def _filled(signed: str) -> QuerySet[Slot]:
    try:
        pk = int(_signer("media.slots.id").unsign(signed.removeprefix(PREFIX)))
    except (signing.BadSignature, ValueError):
        return Slot.objects.none()
    return Slot.objects.filter(pk=pk).exclude(filled_at=None)


def sweep(*, now: datetime) -> None:
    """Remove what is older than a day; whoever used a file has a copy of their own."""
    for slot in Slot.objects.filter(created_at__lt=now - KEPT_FOR).order_by("created_at")[:BATCH]:
        if slot.filled_at is not None:
            default_storage.delete(slot.key)
        _drop_parts(slot.parts.all())
        slot.delete()


def read(signed: str) -> tuple[Slot, IO[bytes]] | None:
    """A filled slot and its bytes, for whoever was told of it."""
    slot = _filled(signed).first()
    try:
        return (slot, default_storage.open(slot.key, "rb")) if slot else None
    except FileNotFoundError:
        return None


def open_at(token: str, *, now: datetime, told: bool = True) -> Slot:
    """The slot that a signed address is for. `told`: one of which length and checksum are known, or one of the others.

    :raises NotFound: no such slot, or no longer open, or filled already
    """
    try:
        pk = int(_signer("media.slots.put").unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise NotFound from error
    open_slots = Slot.objects.filter(filled_at=None, created_at__gt=now - OPEN_FOR, bytes__isnull=not told)
    slot = open_slots.filter(pk=pk).first()
    if slot is None:
        raise NotFound
    return slot


def _receive(slot: Slot, chunks: Iterator[bytes], file: Any) -> None:
    digest, received = hashlib.md5(usedforsecurity=False), 0
    for chunk in chunks:
        received += len(chunk)
        if received > (slot.bytes or 0):
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
