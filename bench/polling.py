"""A hundred clients of fal's queue, each asking every ten seconds how its request stands; what that costs others."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import httpx

from bench import load, pictures
from bench.ratios import Ratios
from bench.sides import Side

CLIENTS, PER_SECOND = 100, 10.0
WAN = "fal-ai/wan-i2v"
OTHERS = 2  # connections, on which everybody else's requests come one after the other


def measure(product: Side, *, rounds: int, seconds: float) -> dict[str, Ratios]:
    """p95 of pages and of acceptances while the hundred ask, ÷ the same without them; idle and asked in turn."""
    polled = _submitted(product)
    pairs: dict[str, list[tuple[float, float]]] = {"page": [], "accept": []}
    for _ in range(rounds):
        for what, found in pairs.items():
            idle = _p95_ms(product, what, seconds)
            with _asking(product.port, polled):
                asked = _p95_ms(product, what, seconds)
            found.append((asked, (idle + _p95_ms(product, what, seconds)) / 2))
    return {what: Ratios(found) for what, found in pairs.items()}


def _p95_ms(product: Side, what: str, seconds: float) -> float:
    done = load.run(product.port, product.source(what), connections=OTHERS, seconds=seconds)
    if what == "accept":
        product.accepted += done.requests - len(done.refused)
    return done.percentile_ms(0.95)


def _submitted(product: Side) -> list[bytes]:
    """What each client asks: of a request of its own, that waits in the queue."""
    small = cv2.resize(pictures.landscape(), (320, 180))
    picture = base64.b64encode(cv2.imencode(".jpg", small)[1].tobytes()).decode()
    body = {"prompt": "pan left", "image_url": f"data:image/jpeg;base64,{picture}"}
    asks = []
    with httpx.Client(base_url=f"http://127.0.0.1:{product.port}", trust_env=False, timeout=30) as client:
        for number in range(CLIENTS):
            key = product.customers[number % len(product.customers)]["key"]
            told = client.post(f"/fal/queue/{WAN}", json=body, headers={"Authorization": f"Key {key}"})
            path = f"/fal/queue/{WAN}/requests/{told.raise_for_status().json()['request_id']}/status?logs=1"
            asks.append(load.request("GET", path, key=key))
            product.accepted += 1
    return asks


@contextmanager
def _asking(port: int, asks: list[bytes]) -> Iterator[None]:
    """:raises ConnectionError: one of them was refused, or cut off"""
    crowd = _Crowd(port, asks)
    crowd.start()
    try:
        yield
    finally:
        crowd.end()
    if crowd.failed:
        raise ConnectionError(f"{crowd.failed} polls were not answered")


class _Crowd(threading.Thread):
    """All clients, in a thread with a loop of its own."""

    def __init__(self, port: int, asks: list[bytes]) -> None:
        super().__init__()
        self.failed = 0
        self._port, self._asks = port, asks
        self._begun = threading.Event()

    def run(self) -> None:
        asyncio.run(self._all())

    def end(self) -> None:
        self._begun.wait()
        self._loop.call_soon_threadsafe(self._over.set)
        self.join()

    async def _all(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        clients = [asyncio.create_task(_ask(self._port, ask, n / PER_SECOND)) for n, ask in enumerate(self._asks)]
        self._begun.set()
        await self._over.wait()
        for client in clients:
            client.cancel()
        ended = await asyncio.gather(*clients, return_exceptions=True)
        self.failed = sum(not isinstance(each, asyncio.CancelledError) for each in ended)


async def _ask(port: int, ask: bytes, delay: float) -> None:
    await asyncio.sleep(delay)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while True:
            writer.write(ask)
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 202"):
                raise RuntimeError(head.split(b"\r\n")[0].decode())
            length = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
            await reader.readexactly(int(length.partition(b":")[2]))
            await asyncio.sleep(CLIENTS / PER_SECOND)
    finally:
        writer.close()
