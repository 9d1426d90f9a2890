"""What an engine may ask for while it works on one output, or on a training."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from common import safe_fetch
from common.jobs import lease
from common.jobs.pulse import Pulse
from engines.base import Rejected, Retryable
from media import links
from media.models import Asset

RESULT_BYTES_MAX = 2**30


class EngineDesk:
    """The desk of one output: its own folder, and its share (start, width) of the job's progress.

    The job needs a column `remote_job`.
    """

    def __init__(
        self,
        *,
        pulse: Pulse,
        folder: Path,
        deadline: float,
        share: tuple[float, float],
        origin: str,
        lendable: Mapping[Path, Asset],
    ) -> None:
        self.folder = folder
        self.deadline = deadline
        self._pulse = pulse
        self._start, self._width = share
        self._origin = origin
        self._lendable = lendable

    def progress(self, fraction: float, stage: str) -> None:
        self._pulse.note(self._start + self._width * fraction, stage)

    def cancelled(self) -> bool:
        return self._pulse.lost.is_set()

    def fetch(self, url: str) -> Path:
        """Download a provider's result.

        :raises Retryable: it could not be had
        """
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
            path = Path(file.name)
        try:
            safe_fetch.fetch(url, into=path, max_bytes=RESULT_BYTES_MAX, allow=settings.SAFE_FETCH_ALLOW, timeout=120.0)
        except safe_fetch.NotFetchable as error:
            raise Retryable("The provider's result could not be downloaded.") from error
        return path

    def lend(self, path: Path) -> str:
        """A signed link to one of the inputs, for a provider to read within the hour."""
        asset = self._lendable[path]
        return links.signed(asset.pk, asset.filename, origin=self._origin)

    def secret(self, name: str) -> str:
        """
        :raises Rejected: the operator has not set it
        """
        try:
            return str(settings.ENGINE_SECRETS[name])
        except KeyError as error:
            raise Rejected(f"This server has no key for {name}.") from error

    def recall(self) -> str | None:
        jobs: Any = self._pulse.model._default_manager
        token: str | None = jobs.values_list("remote_job", flat=True).get(pk=self._pulse.pk)
        return token

    def remember(self, token: str) -> None:
        lease.write(self._pulse.model, pk=self._pulse.pk, attempt=self._pulse.attempt, remote_job=token)
