"""Requests that wait for a prompt: the synchronous run, and streams of its state.

Each holds one of the server's threads until the prompt has ended, so that only half of them may (D30).
"""

from __future__ import annotations

import functools
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from common.errors import NotFound, Refusal, TryLater
from common.jobs.models import ENDED
from prompts import lifecycle, selectors
from prompts.selectors import PromptRow

EVERY_S = 0.25  # between two looks
COMMENT_S = 15.0  # an idle stream says so, or somebody in between would close it
LONGEST_S = 3_600.0  # of one stream; who wants more asks again


class TooManyWaiting(TryLater):
    """Too many requests are waiting already; submit it to the queue, or again later. Nothing was charged."""

    code = "too_many_waiting"


class Place:
    """One of the places for a request that waits; taken at once or not at all, and given back once."""

    def __init__(self) -> None:
        """
        :raises TooManyWaiting: there is none
        """
        self._places = _places(max(1, settings.WEB_THREADS // 2))
        if not self._places.acquire(blocking=False):
            raise TooManyWaiting
        self._held = True

    def leave(self) -> None:
        if self._held:
            self._held = False
            self._places.release()


@contextmanager
def place() -> Iterator[None]:
    """
    :raises TooManyWaiting: half of the server's threads wait already
    """
    taken = Place()
    try:
        yield
    finally:
        taken.leave()


class Gone(Refusal):
    """The client closed the connection before there was an answer; the request was cancelled, and given back."""

    code = "client_disconnected"


def ended(*, workspace_id: int, request_id: UUID, is_gone: Callable[[], bool]) -> PromptRow:
    """The prompt once it has ended; every prompt does, by its deadline at the latest.

    :raises NotFound: it was deleted meanwhile
    :raises Gone: nobody waits for the answer any more, and nobody else knows its id: the prompt is cancelled
    """
    while True:
        row = selectors.by_request_id(workspace_id=workspace_id, request_id=request_id)
        if row.columns.status in ENDED:
            return row
        now = timezone.now()
        if is_gone() and lifecycle.cancel(prompt_id=row.columns.id, now=now, actor="client disconnected"):
            raise Gone
        lifecycle.expire(prompt_id=row.columns.id, now=now)
        sleep(EVERY_S)


def is_gone(request: HttpRequest) -> bool:
    """Whether the client has closed its side. Only gunicorn hands its socket on; elsewhere nobody can tell."""
    connected = request.META.get("gunicorn.socket")
    try:
        return connected is not None and connected.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:  # nothing to read: it waits
        return False
    except OSError:
        return True


def stream(look: Callable[[], PromptRow], show: Callable[[PromptRow], Any], *, held: Place) -> StreamingHttpResponse:
    """Server-sent events: what `show` makes of the prompt, whenever that is something new, until it has ended."""
    response = StreamingHttpResponse(_events(look, show, held), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # nginx would collect the events
    response._resource_closers.append(held.leave)  # type: ignore[attr-defined]  # one that nobody began to read ends too
    return response


def _events(look: Callable[[], PromptRow], show: Callable[[PromptRow], Any], held: Place) -> Iterator[bytes]:
    begun = said_at = monotonic()
    said = ""
    try:
        while monotonic() - begun < LONGEST_S:
            try:
                row = look()
            except NotFound:  # deleted meanwhile: there is nothing more to tell
                return
            text = json.dumps(show(row))
            if text != said:
                said, said_at = text, monotonic()
                yield f"data: {text}\n\n".encode()
            elif monotonic() - said_at >= COMMENT_S:
                said_at = monotonic()
                yield b": still there\n\n"
            if row.columns.status in ENDED:
                return
            sleep(EVERY_S)
    finally:
        held.leave()
        connection.close_if_unusable_or_obsolete()


@functools.cache
def _places(count: int) -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(count)
