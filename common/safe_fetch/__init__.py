"""Requests to addresses that a stranger chose: pictures by URL, and callbacks.

A URL is parsed once, by this module; its host is resolved once; every address that comes back has to be public, and
the connection goes to the address that was judged. So a name that resolves differently a moment later changes nothing.
Redirects are followed by hand, each through the same door. No proxy or .netrc of the environment plays a part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpcore

from common.safe_fetch.addresses import is_public, parse_allowance, vet
from common.safe_fetch.urls import NotFetchable, Target, follow, parse
from common.safe_fetch.wire import Deadline, PinnedBackend, tls

__all__ = [
    "Answer",
    "Fetched",
    "NotFetchable",
    "Target",
    "fetch",
    "is_public",
    "parse",
    "parse_allowance",
    "post",
    "vet",
]

REDIRECTS_MAX = 3
ANSWER_BYTES_MAX = 64 * 2**10  # of a callback's answer; it is read only so that the receiver sees a clean end
USER_AGENT = "astria-clone/1"


@dataclass(frozen=True)
class Fetched:
    path: Path
    bytes: int


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # names in lower case


def fetch(url: str, *, into: Path, max_bytes: int, allow: Sequence[str] = (), timeout: float = 15.0) -> Fetched:
    """Save what `url` answers with 200 as the file `into`, within `timeout` seconds for everything together.

    `allow` names private addresses that may be reached, with their ports: `127.0.0.1/32:9000-9999`.

    :raises NotFetchable: for any reason at all; `reason` is "too_large" beyond `max_bytes`
    """
    deadline = Deadline(timeout)
    target = parse(url)
    for _ in range(REDIRECTS_MAX + 1):
        with _exchange("GET", target, deadline=deadline, allow=allow) as response:
            location = _location(response)
            if location is None:
                return _save(response, into=into, max_bytes=max_bytes)
            target = follow(target, location)
    raise NotFetchable("too many redirects")


def post(
    url: str, *, body: bytes, headers: Mapping[str, str], allow: Sequence[str] = (), timeout: float = 15.0
) -> Answer:
    """Send `body` and return the answer's status, whatever it is; a redirect is an answer too, and never followed.

    :raises NotFetchable: there was no answer, or the address may not be reached
    """
    deadline = Deadline(timeout)
    with _exchange("POST", parse(url), deadline=deadline, allow=allow, headers=headers, body=body) as response:
        _drain(response)
        names = ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers)
        return Answer(response.status, dict(names))


@contextmanager
def _exchange(
    method: str,
    target: Target,
    *,
    deadline: Deadline,
    allow: Sequence[str],
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Iterator[httpcore.Response]:
    """One request over one connection of its own; every failure leaves as NotFetchable."""
    sent = {"host": target.netloc, "user-agent": USER_AGENT, "accept": "*/*", "accept-encoding": "identity"}
    sent |= {name.lower(): value for name, value in (headers or {}).items()}
    url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
    backend = PinnedBackend(deadline=deadline, allow=allow)
    try:
        with (
            httpcore.ConnectionPool(
                ssl_context=tls() if target.scheme == "https" else None, network_backend=backend
            ) as pool,
            pool.stream(method, url, headers=list(sent.items()), content=body) as response,
        ):
            yield response
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
        raise NotFetchable(f"transport: {type(error).__name__}") from error


def _drain(response: httpcore.Response) -> None:
    """Read a little of a body that nobody wants. The status has arrived: a body that breaks off does not undo it."""
    seen = 0
    with suppress(NotFetchable, httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError):
        for chunk in response.iter_stream():
            seen += len(chunk)
            if seen > ANSWER_BYTES_MAX:
                break


def _location(response: httpcore.Response) -> str | None:
    """Where a redirect points, or None for an answer to keep."""
    if response.status not in (301, 302, 303, 307, 308):
        return None
    for name, value in response.headers:
        if name.lower() == b"location":
            return value.decode("utf-8", errors="replace")
    raise NotFetchable("redirect without a location")


def _save(response: httpcore.Response, *, into: Path, max_bytes: int) -> Fetched:
    encodings = [value for name, value in response.headers if name.lower() == b"content-encoding"]
    if response.status != 200 or any(value.strip().lower() != b"identity" for value in encodings):
        raise NotFetchable(f"status {response.status}" if response.status != 200 else "compressed, though not asked to")
    size = 0
    try:
        with into.open("wb") as file:
            for chunk in response.iter_stream():
                size += len(chunk)
                if size > max_bytes:
                    raise NotFetchable("too_large")  # noqa: TRY301  the clean-up below is meant for it too
                file.write(chunk)
    except BaseException:
        into.unlink(missing_ok=True)  # half a file must not be taken for a whole one
        raise
    return Fetched(into, size)
