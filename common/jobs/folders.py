"""The folder in which an attempt works, on the worker's own disk. A worker that was killed leaves its folder behind:
whoever works next on this machine removes it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from common.jobs.models import JobFields, Status


@contextmanager
def folder_of(model: type[JobFields], *, pk: int, attempt: int) -> Iterator[Path]:
    """An empty folder, gone with everything in it at the end."""
    kind = model._meta.model_name
    _clear_abandoned(model, f"{kind}-")
    with tempfile.TemporaryDirectory(prefix=f"{kind}-{pk}-{attempt}-", dir=settings.WORK_DIR) as folder:
        yield Path(folder)


def _clear_abandoned(model: type[JobFields], prefix: str) -> None:
    """What an attempt makes that no longer holds its job is thrown away anyway, so its folder may go at any time."""
    for folder in Path(settings.WORK_DIR).glob(f"{prefix}*"):
        pk, attempt = folder.name.removeprefix(prefix).split("-")[:2]
        held = model._default_manager.filter(pk=int(pk), status=Status.RUNNING, attempt=int(attempt))
        if not held.exists():
            shutil.rmtree(folder, ignore_errors=True)
