"""A URL is taken apart once, here; what is connected to and asked for are these parts."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin

import idna

from common.errors import Refusal

URL_LENGTH_MAX = 8_192
DEFAULT_PORTS = {"http": 80, "https": 443}

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?:#.*)?", re.IGNORECASE | re.DOTALL
)
_AUTHORITY = re.compile(r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[^\[\]:@%\s]+))(?::(?P<port>[0-9]{1,5}))?", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")
_REFUSED_CHARACTERS = re.compile(r"[\x00-\x1f\x7f\\]")


class NotFetchable(Refusal):
    """The address could not be fetched."""

    code = "url_not_fetchable"

    def __init__(self, reason: str) -> None:
        """The message stays the same whatever happened; `reason` is for our own logs, never for the caller."""
        super().__init__()
        self.reason = reason


@dataclass(frozen=True)
class Target:
    """A URL, taken apart for good: these parts are what is connected to and asked for."""

    scheme: str
    host: str  # ASCII, lower case, without brackets
    port: int
    path: str  # path and query, percent-encoded, starting with "/"

    @property
    def netloc(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.netloc}{self.path}"


def parse(url: str) -> Target:
    """Take a URL apart, strictly: what browsers would quietly repair is refused here.

    :raises NotFetchable: another scheme, user-info, odd spellings of an address, control characters, backslashes
    """
    match = _URL.fullmatch(url)
    if match is None or len(url) > URL_LENGTH_MAX or _REFUSED_CHARACTERS.search(url):
        raise NotFetchable("malformed url")
    authority = _AUTHORITY.fullmatch(match["authority"])
    if authority is None:
        raise NotFetchable("malformed authority")
    scheme = match["scheme"].lower()
    port = int(authority["port"]) if authority["port"] else DEFAULT_PORTS[scheme]
    if not 0 < port < 65_536:
        raise NotFetchable("malformed port")
    host = _literal_v6(authority["v6"]) if authority["v6"] else _host_name(authority["name"])
    # Everything printable stays as it was sent, so that a signed query string keeps its signature.
    path = quote((match["path"] or "/") + (match["query"] or ""), safe="".join(map(chr, range(0x21, 0x7F))))
    return Target(scheme, host, port, path)


def _literal_v6(text: str) -> str:
    try:
        return str(ipaddress.IPv6Address(text))
    except ValueError as error:
        raise NotFetchable("malformed address") from error


def _host_name(text: str) -> str:
    """A DNS name or a dotted quad, in its one plain spelling."""
    try:
        name = text.lower() if text.isascii() else idna.encode(text, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise NotFetchable("malformed host") from error
    name = name.removesuffix(".")
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise NotFetchable("malformed host")
    if _NUMBER_LABEL.fullmatch(
        labels[-1]
    ):  # then resolvers read the whole as an address: 2130706433, 0x7f.1, 017.0.0.1
        try:
            return str(ipaddress.IPv4Address(name))
        except ValueError as error:
            raise NotFetchable("odd spelling of an address") from error
    return name


def follow(target: Target, location: str) -> Target:
    if _REFUSED_CHARACTERS.search(location):  # before urljoin, which would quietly drop some of them
        raise NotFetchable("malformed redirect")
    try:
        following = parse(urljoin(target.url, location))
    except ValueError as error:
        raise NotFetchable("malformed redirect") from error
    if target.scheme == "https" and following.scheme == "http":
        raise NotFetchable("redirect from https to http")
    return following
