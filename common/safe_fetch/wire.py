"""Connections to vetted addresses, with one end in time for all that happens on them."""

from __future__ import annotations

import functools
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from typing import Any

import certifi
import httpcore

from common.safe_fetch.addresses import vet
from common.safe_fetch.urls import NotFetchable


class Deadline:
    """One end for everything: a server that drips a byte a second must not hold a thread for longer."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise NotFetchable("timeout")
        return left


def _resolve(host: str, port: int, deadline: Deadline) -> list[str]:
    """All addresses of a name. In a thread of its own, because a slow name server can't be interrupted."""
    answers: queue.SimpleQueue[list[Any]] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            answers.put([])

    threading.Thread(target=ask, daemon=True, name="safe-fetch-resolve").start()
    try:
        return [entry[4][0] for entry in answers.get(timeout=deadline.left())]
    except queue.Empty as error:
        raise NotFetchable("timeout") from error


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every read and write gets only what is left of the whole."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, timeout=self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, timeout=self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        secure = self._stream.start_tls(ssl_context, server_hostname, timeout=self._deadline.left())
        return _TimedStream(secure, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class PinnedBackend(httpcore.NetworkBackend):
    """Connects to the address that was vetted; name, Host and certificate stay those of the URL."""

    def __init__(self, *, deadline: Deadline, allow: Sequence[str]) -> None:
        self._sockets = httpcore.SyncBackend()
        self._deadline = deadline
        self._allow = allow

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  the deadline is the stricter one
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Any = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        addresses = vet(_resolve(host, port, self._deadline), port=port, allow=self._allow)[:4]
        for tries_left in range(len(addresses), 0, -1):
            address = addresses[-tries_left]
            try:
                stream = self._sockets.connect_tcp(address, port, timeout=self._deadline.left() / tries_left)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
            _check_peer(stream, address)
            return _TimedStream(stream, self._deadline)
        raise NotFetchable("connection failed")


def _check_peer(stream: httpcore.NetworkStream, address: str) -> None:
    peer = ipaddress.ip_address(stream.get_extra_info("server_addr")[0])
    if peer != ipaddress.ip_address(address):
        stream.close()
        raise NotFetchable("connected elsewhere")


@functools.cache
def tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())
