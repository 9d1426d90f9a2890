"""Load over persistent connections, by asyncio: each connection sends its next request when it has its answer.

Requests are bytes made beforehand, answers are read no further than status and length, so that the generator takes
a twentieth of the processor time that the servers take. Both sides get their load from here.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Source = Callable[[int], bytes]  # the n-th request


@dataclass
class Load:
    """What came back. Latencies in seconds."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    refused: list[bytes] = field(default_factory=list)  # answers other than 2xx

    @property
    def requests(self) -> int:
        return len(self.latencies)

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds

    def percentile_ms(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def request(method: str, path: str, *, key: str, body: Any = None, once: str = "") -> bytes:
    """HTTP/1.1 bytes; `once` is the Idempotency-Key."""
    text = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {key}"]
    if once:
        lines.append(f"Idempotency-Key: {once}")
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(text)}"]
    return "\r\n".join([*lines, "", ""]).encode() + text


def run(port: int, source: Source, *, connections: int, seconds: float) -> Load:
    """:raises ConnectionError: the server closed a connection in the middle"""
    return asyncio.run(_run(port, source, connections, seconds))


async def _run(port: int, source: Source, connections: int, seconds: float) -> Load:
    loop, load, counter = asyncio.get_running_loop(), Load(), iter(range(10**9))
    begun = time.perf_counter()
    clients = []
    for _ in range(connections):
        made = loop.create_connection(lambda: _Client(load, source, counter, begun + seconds), "127.0.0.1", port)
        clients.append((await made)[1])
    await asyncio.gather(*(client.ended for client in clients))
    load.seconds = time.perf_counter() - begun
    return load


class _Client(asyncio.Protocol):
    def __init__(self, load: Load, source: Source, counter: Any, until: float) -> None:
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._load, self._source, self._counter, self._until = load, source, counter, until
        self._got, self._wanted = b"", 0

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_exception(error or ConnectionError("the server closed the connection"))

    def data_received(self, data: bytes) -> None:
        self._got += data
        if not self._wanted:
            self._wanted = _length(self._got)
        if self._wanted and len(self._got) >= self._wanted:
            self._count()
            if time.perf_counter() < self._until:
                self._send()
            else:
                self.ended.set_result(None)
                self._transport.close()

    def _send(self) -> None:
        self._got, self._wanted = b"", 0
        text = self._source(next(self._counter))
        self._begun = time.perf_counter()
        self._transport.write(text)

    def _count(self) -> None:
        self._load.latencies.append(time.perf_counter() - self._begun)
        if self._got[9:10] != b"2":
            self._load.refused.append(self._got[:500])


def _length(got: bytes) -> int:
    """Bytes of the whole answer; 0 while its head is incomplete."""
    head = got.find(b"\r\n\r\n")
    if head < 0:
        return 0
    lines = got[:head].lower().split(b"\r\n")
    return head + 4 + int(next(line.split(b":")[1] for line in lines if line.startswith(b"content-length:")))
