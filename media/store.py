"""Puts files into storage, and says how long they stay.

The row goes in before the file, with an end: whatever is interrupted in between leaves a row that `expiry` clears.
A file stays for good once something that matters refers to it (`keep_for_good`).
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils import timezone

from common.errors import NotFound, TryLater
from media import links
from media.decode import Facts
from media.models import Asset

UNUSED_FOR = timedelta(hours=24)
EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif", "video/mp4": "mp4"}


def store_input(path: Path, *, workspace_id: int | None, facts: Facts, kind: Asset.Kind = Asset.Kind.INPUT) -> Asset:
    """Keep a normalised file of a user's, reached over signed links only."""
    name = f"{links.new_address()}.{EXTENSIONS[facts.content_type]}"
    key = f"inputs/{name[:2]}/{name}"
    return _store(path, key=key, facts=facts, workspace_id=workspace_id, kind=kind, filename=name)


def store_output(
    path: Path,
    *,
    workspace_id: int | None,
    filename: str,
    facts: Facts,
    placeholder: str = "",
    kind: Asset.Kind = Asset.Kind.OUTPUT,
) -> Asset:
    """Keep a result under an address of its own; `filename` is what the address ends in: `<prompt id>-<n>.mp4`."""
    return _addressed(
        path,
        "outputs",
        facts=facts,
        workspace_id=workspace_id,
        kind=kind,
        filename=filename,
        placeholder=placeholder,
    )


def output_name(prompt_id: int, position: int, content_type: str) -> str:
    """What the address of a prompt's result ends in."""
    return f"{prompt_id}-{position}.{EXTENSIONS[content_type]}"


def store_rendition(path: Path, *, of: Asset, role: str, facts: Facts) -> Asset:
    """Keep what was made from an output, under an address of its own; it lives and dies with that output."""
    return _addressed(
        path,
        "renditions",
        facts=facts,
        workspace_id=of.workspace_id,
        kind=Asset.Kind.RENDITION,
        filename=f"{Path(of.filename).stem}-{role}.{EXTENSIONS[facts.content_type]}",
        role=role,
        source=of,
    )


def bring(asset: Asset, *, into: Path) -> Path:
    """A copy of the file in a folder on this machine, for those who read it by its path."""
    path = into / f"{asset.pk}{Path(asset.key).suffix}"
    with default_storage.open(asset.key, "rb") as stored, path.open("wb") as file:
        shutil.copyfileobj(stored, file)
    return path


class OutOfSpace(TryLater):
    """This server has no room for new files; nothing was charged."""

    code = "out_of_space"


def require_space() -> None:
    """Refuse new work while there is room for what was accepted already; the call costs microseconds.

    :raises OutOfSpace: below the operator's floor
    """
    if shutil.disk_usage(settings.DATA_DIR).free < settings.DISK_FLOOR_MB * 2**20:
        raise OutOfSpace(retry_after=60)


def keep_for_good(asset_ids: Collection[int]) -> None:
    """Something refers to these files now: they and their renditions no longer end by themselves. Joins a transaction.

    :raises NotFound: one of them ended in the meantime
    """
    wanted = set(asset_ids)
    found = Asset.objects.alive().filter(pk__in=wanted).update(expires_at=None)
    if found != len(wanted):
        raise NotFound("A file of this request is gone; send it again.")
    Asset.objects.alive().filter(source_id__in=wanted).update(expires_at=None)


def readdress(asset_id: int, *, address: str) -> None:
    """Put a result where it was promised to be."""
    Asset.objects.filter(pk=asset_id).update(address=address)


def keep_until(asset_id: int, moment: datetime) -> None:
    """The file and what was made of it end by themselves after all."""
    Asset.objects.filter(Q(pk=asset_id) | Q(source_id=asset_id)).update(expires_at=moment)


def move(asset_ids: Collection[int], *, workspace_id: int) -> None:
    """These files, and what was made of them, belong to another workspace from now on."""
    Asset.objects.filter(Q(pk__in=asset_ids) | Q(source_id__in=asset_ids)).update(workspace_id=workspace_id)


def publish(asset_ids: Collection[int]) -> None:
    """Give each file, and what was made of it, a second address that everybody may know."""
    files = Asset.objects.alive().filter(Q(pk__in=asset_ids) | Q(source_id__in=asset_ids), public_address=None)
    for asset in files:
        asset.public_address = links.new_address()
    Asset.objects.bulk_update(files, ["public_address"])


def unpublish(asset_ids: Collection[int]) -> None:
    """Take the second addresses away: they are dead with this write."""
    Asset.objects.filter(Q(pk__in=asset_ids) | Q(source_id__in=asset_ids)).update(public_address=None)


def retire(asset_ids: Collection[int], *, now: datetime) -> None:
    """Nothing refers to these files any more: their addresses die with this write, the files at the next sweep."""
    Asset.objects.alive().filter(Q(pk__in=asset_ids) | Q(source_id__in=asset_ids)).update(deleted_at=now)


def _addressed(path: Path, folder: str, *, filename: str, **fields: Any) -> Asset:
    address = links.new_address()
    key = f"{folder}/{address[:2]}/{links.new_address()}{Path(filename).suffix}"  # the key tells nothing of the address
    return _store(path, key=key, address=address, filename=filename, **fields)


def _store(path: Path, *, key: str, facts: Facts, **fields: Any) -> Asset:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        asset = Asset.objects.create(
            key=key,
            bytes=path.stat().st_size,
            sha256=digest,
            expires_at=timezone.now() + UNUSED_FOR,
            **asdict(facts),
            **fields,
        )
        file.seek(0)
        content = File(file, name=key)
        content.content_type = facts.content_type  # type: ignore[attr-defined]  # what S3 stores with the object
        default_storage.save(key, content)
    return asset
