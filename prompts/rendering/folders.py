"""The folder in which an attempt renders, on the worker's own disk. A worker that was killed leaves its folder behind:
whoever renders next on this machine removes it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from common.jobs.models import Status
from prompts.models import Prompt

PREFIX = "render-"


@contextmanager
def folder_of(*, prompt_id: int, attempt: int) -> Iterator[Path]:
    """An empty folder, gone with everything in it at the end."""
    _clear_abandoned()
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{prompt_id}-{attempt}-", dir=settings.WORK_DIR) as folder:
        yield Path(folder)


def _clear_abandoned() -> None:
    """What an attempt makes that no longer holds its prompt is thrown away anyway, so its folder may go at any time."""
    for folder in Path(settings.WORK_DIR).glob(f"{PREFIX}*"):
        prompt_id, attempt = folder.name.removeprefix(PREFIX).split("-")[:2]
        if not Prompt.objects.filter(pk=int(prompt_id), status=Status.RUNNING, attempt=int(attempt)).exists():
            shutil.rmtree(folder, ignore_errors=True)
