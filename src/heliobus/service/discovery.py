"""Finds devices in the local network: only where the owner points, and only by what anybody there may ask.

Each address gets one TCP connection per port that a vendor's devices listen on; where it is open, the vendor's
``Probe`` may ask its one question.  Nothing is written, no login is tried, and no address outside private networks is
touched (design: SECURITY 3.7).
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
from typing import TYPE_CHECKING, NamedTuple

from heliobus.errors import Error, Refused, TransportError, UsageError
from heliobus.transport.tcp import TcpConnection
from heliobus.vendor import vendors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from heliobus.vendor import Probe, Sighting, Vendor

MOST = 1024
"""Addresses at once: a /22."""
_AT_ONCE = 16  # addresses; each has one connection at a time
_TO_CONNECT = 1.0  # s; within a house it takes milliseconds
_TO_ANSWER = 6.0  # s for a probe's question
_LOCAL = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
        *("::1/128", "fc00::/7", "fe80::/10"),
    )
)
_METADATA = frozenset({"169.254.169.254", "fd00:ec2::254"})  # where clouds hand out secrets
_PORT = re.compile(r"(?P<host>[0-9.]+|\[[0-9A-Fa-f:.]+\]):(?P<port>[0-9]{1,5})", re.ASCII)
_MOST_PORTS = 65_535
_REMEDY = "Write a network such as 192.168.1.0/24, or an address such as 192.168.1.40."


class Place(NamedTuple):
    """An address to look at; ``port`` if it is another one than the vendors'."""

    host: str
    port: int | None = None


class Found(NamedTuple):
    """What was seen, and whose it seems to be."""

    vendor: Vendor
    sighting: Sighting


def places(networks: Iterable[str]) -> tuple[Place, ...]:
    """Give the addresses of networks (CIDR), or single ones, each with a port if need be.

    Raises UsageError for what is none of these or too many, Refused for what is not a private network.
    """
    found: dict[Place, None] = {}
    for text in networks:
        for place in _of(text):
            found[place] = None
            if len(found) > MOST:
                raise UsageError(f"{text} has more than {MOST} addresses", remedy="Name a /22 or a smaller network.")
    if not found:
        raise Refused("no device of a home is there", remedy=_REMEDY)
    return tuple(found)


def _of(text: str) -> Iterator[Place]:
    with_port = _PORT.fullmatch(text)
    port = int(with_port["port"]) if with_port else None
    try:
        network = ipaddress.ip_network(with_port["host"].strip("[]") if with_port else text, strict=False)
    except ValueError as error:
        raise UsageError(f"{text!r} is not a network or an address", remedy=_REMEDY) from error
    if port is not None and not 0 < port <= _MOST_PORTS:
        raise UsageError(f"{text!r} has no port from 1 to {_MOST_PORTS}", remedy=_REMEDY)
    if not any(network.version == one.version and network.subnet_of(one) for one in _LOCAL):  # type: ignore[arg-type]
        raise Refused(
            f"{network} is not a private network", remedy="heliobus looks for devices in your own network only."
        )
    for address in network.hosts():
        if str(address) not in _METADATA:
            yield Place(str(address), port)


def probes() -> tuple[tuple[Vendor, Probe], ...]:
    """Give every installed vendor's probes."""
    return tuple((vendor, probe) for vendor in vendors().values() for probe in vendor.probes)


async def discover(at: Sequence[Place]) -> tuple[Found, ...]:
    """Look at each place, some at a time; give what was found, in the order of the places."""
    turns = asyncio.Semaphore(_AT_ONCE)

    async def look(place: Place) -> tuple[Found, ...]:
        async with turns:
            return await _look(place)

    return tuple(found for one in await asyncio.gather(*map(look, at)) for found in one)


async def _look(place: Place) -> tuple[Found, ...]:
    """Ask each vendor's probes in turn, until one knows its own.

    Of two that speak at one port, the one that was recognised goes before the one that is only guessed.
    """
    is_open: dict[int, bool] = {}
    found: dict[str, tuple[int, Found]] = {}
    for vendor, probe in probes():
        port = place.port or probe.port
        if vendor.name in found:
            continue
        if port not in is_open:
            is_open[port] = await _connects(place.host, port)
        sighting = await _ask(probe, place.host, port) if is_open[port] else None
        if sighting is not None:
            found[vendor.name] = port, Found(vendor, sighting)
    taken = {port for port, one in found.values() if one.sighting.certain}
    return tuple(one for port, one in found.values() if one.sighting.certain or port not in taken)


async def _connects(host: str, port: int) -> bool:
    try:
        connection = await TcpConnection.open(host, port, within=_TO_CONNECT)
    except TransportError:
        return False
    connection.close()
    return True


async def _ask(probe: Probe, host: str, port: int) -> Sighting | None:
    try:
        async with asyncio.timeout(_TO_ANSWER):
            return await probe.recognise(host, port)
    except (Error, TimeoutError):
        return None
