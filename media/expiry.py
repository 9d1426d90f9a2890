"""Takes files away when their time is over. Called by the scheduler again and again; every call may be interrupted.

What was stored and never referred to is retired after a day; what is retired loses its file. The row stays, small, for
those who still point to it.
"""

from __future__ import annotations

import logging
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import QuerySet

from media.intake import FOLDER_PREFIX
from media.models import Asset

BATCH = 100
FOLDER_FOR = timedelta(hours=1)  # far longer than any request takes

log = logging.getLogger(__name__)


def sweep(*, now: datetime) -> int:
    """Retire at most a batch, and remove the files of at most a batch; gives the number of files removed."""
    _clear_folders(now)
    _retire_unused(now)
    gone = [asset.pk for asset in _to_remove(now) if _removed(asset.key)]
    Asset.objects.filter(pk__in=gone).update(purged_at=now)
    return len(gone)


def _retire_unused(now: datetime) -> None:
    """In one guarded write, so that a request that refers to a file at this very moment either has it or is told."""
    unused = Asset.objects.alive().filter(expires_at__lte=now)
    ids = list(unused.order_by("expires_at").values_list("pk", flat=True)[:BATCH])
    unused.filter(pk__in=ids).update(deleted_at=now)


def _to_remove(now: datetime) -> QuerySet[Asset]:
    return Asset.objects.filter(deleted_at__lte=now, purged_at=None).order_by("deleted_at").only("key")[:BATCH]


def _removed(key: str) -> bool:
    """False when storage won't delete it now; the next sweep tries again."""
    try:
        default_storage.delete(key)
    except Exception:
        log.exception("could not delete %s", key)
        return False
    return True


def _clear_folders(now: datetime) -> None:
    """Work folders of requests whose process died."""
    for folder in Path(settings.FILE_UPLOAD_TEMP_DIR).glob(f"{FOLDER_PREFIX}*"):
        try:
            idle = now.timestamp() - folder.stat().st_mtime
        except FileNotFoundError:
            continue  # its request has just ended
        if idle > FOLDER_FOR.total_seconds():
            shutil.rmtree(folder, ignore_errors=True)
