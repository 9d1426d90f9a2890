"""The one way in for files of strangers: uploaded, named by a URL, or written into the request.

Whatever the way, the bytes are counted as they come, decoded in the child process, and only what that wrote is kept.
"""

from __future__ import annotations

import base64
import binascii
import functools
import re
import shutil
import tempfile
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from common import safe_fetch
from common.errors import Busy, Invalid
from media import decode, links, slots, store
from media.decode import Expects, Facts, Unusable
from media.models import Asset

__all__ = ["Inline", "Kept", "Linked", "Sent", "Source", "Taken", "Unusable", "Uploaded", "keep", "source_of", "take"]

FOLDER_PREFIX = "intake-"
WAIT_S = 2.0  # for a place; decoding a picture takes a fraction of that
_DATA_URL = re.compile(r"data:[\w.+/-]*(?:;[\w.+=-]+)*;base64,", re.IGNORECASE)


class Source(ABC):
    """Where a file comes from. Made by the edges, before anything of it has been looked at."""

    @abstractmethod
    def save(self, into: Path, *, max_bytes: int, workspace_id: int) -> None:
        """Write the bytes as they are.

        :raises Unusable: too large, empty, or not to be had; the message follows the field's name
        """


@dataclass(frozen=True)
class Uploaded(Source):
    """A file of a multipart request."""

    file: UploadedFile

    def save(self, into: Path, *, max_bytes: int, workspace_id: int) -> None:  # noqa: ARG002  anyone may upload
        _copy(self.file.chunks(), into, max_bytes=max_bytes)


@dataclass(frozen=True)
class Linked(Source):
    """A URL. `origin` is the scheme and host under which the caller reached us: a link back to us is never fetched."""

    url: str
    origin: str = ""

    def save(self, into: Path, *, max_bytes: int, workspace_id: int) -> None:
        try:
            target = safe_fetch.parse(self.url.strip())
            ours = links.is_ours(target, origin=self.origin)
            if ours and (sent := links.upload_at(target)):
                Sent(sent).save(into, max_bytes=max_bytes, workspace_id=workspace_id)
            elif ours:
                _copy_own(target, into, max_bytes=max_bytes, workspace_id=workspace_id)
            else:
                safe_fetch.fetch(target.url, into=into, max_bytes=max_bytes, allow=tuple(settings.SAFE_FETCH_ALLOW))
        except safe_fetch.NotFetchable as error:
            raise (_too_large(max_bytes) if error.reason == "too_large" else _unreachable()) from error


@dataclass(frozen=True)
class Inline(Source):
    """A data URL, or its base64 alone."""

    text: str

    def save(self, into: Path, *, max_bytes: int, workspace_id: int) -> None:  # noqa: ARG002
        coded = _DATA_URL.sub("", self.text, count=1)
        if len(coded) * 3 // 4 > max_bytes + 3:
            raise _too_large(max_bytes)
        try:
            decoded = base64.b64decode("".join(coded.split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise Unusable("is not valid base64") from error
        _copy(iter([decoded]), into, max_bytes=max_bytes)


@dataclass(frozen=True)
class Kept(Source):
    """A file of the workspace's own that is in storage: the input of an earlier prompt, which is shared, or a result,
    which is read anew.
    """

    asset: Asset

    @property
    def is_shared(self) -> bool:
        return self.asset.kind == Asset.Kind.INPUT

    def save(self, into: Path, *, max_bytes: int, workspace_id: int) -> None:
        if self.asset.workspace_id != workspace_id or self.asset.deleted_at is not None:
            raise Unusable("is not there any more", reason="unreachable")
        with default_storage.open(self.asset.key, "rb") as file:
            _copy(file.chunks(), into, max_bytes=max_bytes)


@dataclass(frozen=True)
class Sent(Source):
    """A file that was sent ahead into a slot."""

    signed: str

    def save(self, into: Path, *, max_bytes: int, workspace_id: int) -> None:
        slot = slots.find(signed=self.signed, workspace_id=workspace_id)
        if slot is None:
            raise Unusable("is not an upload of yours, or is over", reason="unreachable")
        try:
            with default_storage.open(slot.key, "rb") as file:
                _copy(file.chunks(), into, max_bytes=max_bytes)
        except FileNotFoundError as error:
            raise Unusable("is not an upload of yours, or is over", reason="unreachable") from error


def source_of(text: str, *, origin: str) -> Source:
    """A string in a field that takes a file: the id of an upload, a data URL, or else an address."""
    if text.startswith(slots.PREFIX):
        return Sent(text)
    return Inline(text) if _DATA_URL.match(text) else Linked(text, origin)


@dataclass(frozen=True)
class Taken:
    """A checked and normalised file in a private folder, waiting to be kept or discarded."""

    path: Path
    facts: Facts

    def discard(self) -> None:
        shutil.rmtree(self.path.parent, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()


def take(source: Source, *, expects: Expects, workspace_id: int, field: str, keep_alpha: bool = False) -> Taken:
    """Fetch or copy, check and normalise one file. Touches no table but to look up an address of our own.

    :raises Invalid: under `field`, in words for the user
    :raises Busy: half of the server's threads are doing this already, and a quarter is waiting to
    """
    max_bytes = settings.IMAGE_BYTES_MAX if expects == "image" else settings.VIDEO_BYTES_MAX
    with _place():
        folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir=settings.FILE_UPLOAD_TEMP_DIR))
        try:
            raw = folder / "source"
            source.save(raw, max_bytes=max_bytes, workspace_id=workspace_id)
            path, facts = decode.normalise(raw, expects=expects, keep_alpha=keep_alpha)
            raw.unlink()
        except Unusable as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise Invalid({field: [error.message]}, reasons={field: error.reason}) from error
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return Taken(path, facts)


def look(source: Source, *, workspace_id: int, field: str) -> dict[str, Any]:
    """What is measured of a picture; nothing of it is kept.

    :raises Invalid: under `field`, in words for the user
    :raises Busy: too many requests are decoding files already
    """
    with take(source, expects="image", workspace_id=workspace_id, field=field) as taken, _place():
        try:
            return decode.look(taken.path)
        except Unusable as error:
            raise Invalid({field: [error.message]}) from error


def keep(taken: Taken, *, workspace_id: int) -> Asset:
    """Move a taken file into storage. It ends after 24 hours unless `store.keep_for_good` is told of it."""
    with taken:
        return store.store_input(taken.path, workspace_id=workspace_id, facts=taken.facts)


@contextmanager
def _place() -> Iterator[None]:
    """One of the places for work that holds a thread for seconds. To wait for one holds a thread too, so that only a
    few may, and not for long.

    :raises Busy: no place, or none to wait in
    """
    places, queue = _places(max(1, settings.WEB_THREADS // 2)), _queue(settings.WEB_THREADS // 4)
    if not (places.acquire(blocking=False) or _wait(places, queue)):
        raise Busy("The server is busy with other files; try again in a moment.", retry_after=3)
    try:
        yield
    finally:
        places.release()


def _wait(places: threading.Semaphore, queue: threading.Semaphore) -> bool:
    """Whether a place became free in time."""
    if not queue.acquire(blocking=False):
        return False
    try:
        return places.acquire(timeout=WAIT_S)
    finally:
        queue.release()


@functools.cache
def _places(count: int) -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(count)


@functools.cache
def _queue(count: int) -> threading.Semaphore:
    return threading.Semaphore(count)


def _copy_own(target: safe_fetch.Target, into: Path, *, max_bytes: int, workspace_id: int) -> None:
    """A file of ours is read from storage: no request to ourselves, and the owner is asked for first."""
    asset = links.asset_at(target, workspace_id=workspace_id)
    if asset is None:
        raise _unreachable()
    with default_storage.open(asset.key, "rb") as file:
        _copy(file.chunks(), into, max_bytes=max_bytes)


def _copy(chunks: Iterator[bytes], into: Path, *, max_bytes: int) -> None:
    size = 0
    with into.open("wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > max_bytes:
                raise _too_large(max_bytes)
            file.write(chunk)
    if size == 0:
        raise Unusable("is empty")


def _too_large(max_bytes: int) -> Unusable:
    return Unusable(f"is larger than {max_bytes // 2**20} MB", reason="too_large")


def _unreachable() -> Unusable:
    return Unusable("can't be fetched from that address", reason="unreachable")
