"""Which addresses may be reached: public ones, and those that the operator named."""

from __future__ import annotations

import functools
import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from common.safe_fetch.urls import NotFetchable

PORTS = frozenset({80, 443, 8080, 8443})

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

# What `is_global` of Python 3.11 takes for public: protocol assignments, the 6to4 relay, benchmarking.
_NOT_PUBLIC_V4 = tuple(ipaddress.IPv4Network(n) for n in ("192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15"))
_UNICAST_V6 = ipaddress.IPv6Network("2000::/3")  # the only part of IPv6 that is handed out as global unicast
# Inside it: Teredo, ORCHID and benchmarking (2001::/23), documentation, 6to4.
_NOT_PUBLIC_V6 = tuple(
    ipaddress.IPv6Network(n) for n in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)  # fmt: skip
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_ISATAP = frozenset({0x0000_5EFE, 0x0200_5EFE})  # bits 64…95 of an address that wraps an IPv4 one (RFC 5214)


def is_public(address: IPAddress) -> bool:
    """Whether anyone on the internet may be found there. Wrapped IPv4 addresses are judged by what they wrap."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast and not any(address in n for n in _NOT_PUBLIC_V4)
    if address.scope_id is not None:
        return False
    wrapped = _unwrap(address)
    if wrapped is not None:
        return is_public(wrapped)
    if address not in _UNICAST_V6 or any(address in n for n in _NOT_PUBLIC_V6):
        return False
    return (int(address) >> 32) & 0xFFFF_FFFF not in _ISATAP


def _unwrap(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped


@dataclass(frozen=True)
class _Allowance:
    network: IPNetwork
    low: int
    high: int

    def covers(self, address: IPAddress, port: int) -> bool:
        return address.version == self.network.version and address in self.network and self.low <= port <= self.high


@functools.lru_cache(maxsize=64)
def parse_allowance(entry: str) -> _Allowance:
    """Read `127.0.0.1/32:9000-9999` or `[fd00::]/8:443`. Ports are never left out: a network is not a blank cheque.

    :raises ValueError: anything else
    """
    match = re.fullmatch(r"\[?([0-9a-fA-F.:]+)\]?/(\d+):(\d+)(?:-(\d+))?", entry)
    if match is None:
        raise ValueError(
            f"{entry!r}: an address, its prefix length and ports are wanted, such as 127.0.0.1/32:9000-9999"
        )
    network = ipaddress.ip_network(f"{match[1]}/{match[2]}")
    low, high = int(match[3]), int(match[4] or match[3])
    if not 0 < low <= high < 65_536:
        raise ValueError(f"{entry!r}: ports run from 1 to 65535")
    return _Allowance(network, low, high)


def vet(addresses: Iterable[str], *, port: int, allow: Sequence[str] = ()) -> list[str]:
    """Give the addresses back when every one of them may be reached on this port.

    :raises NotFetchable: one of them may not, or there are none; a single bad one spoils the name
    """
    allowances = [parse_allowance(entry) for entry in allow]
    vetted = []
    for text in addresses:
        address = ipaddress.ip_address(text)
        address = getattr(address, "ipv4_mapped", None) or address
        permitted = any(a.covers(address, port) for a in allowances) or (port in PORTS and is_public(address))
        if not permitted:
            raise NotFetchable("address or port not permitted")
        vetted.append(str(address))
    if not vetted:
        raise NotFetchable("no address")
    return list(dict.fromkeys(vetted))
