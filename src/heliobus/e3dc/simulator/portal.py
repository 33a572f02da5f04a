"""The portal's side of the websocket, with one system behind it (SPEC 8.2).

What it does with a login that it does not like, with a silent client and between pings is a guess: no trace shows it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from functools import reduce
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from heliobus.e3dc.protocol import Frame, Item, Timestamp, Type, build_frame, decode, encode, parse_frame, tags
from heliobus.e3dc.protocol.portal import LOGIN_REFUSED, MAX_CARRIED, Address, carried, password_hash
from heliobus.e3dc.simulator.server import PASSWORD, USER
from heliobus.e3dc.simulator.session import CONTROLLER, OLD_SYSTEM, SYSTEM, Session
from heliobus.e3dc.simulator.session import USER as USER_LEVEL
from heliobus.e3dc.simulator.web import WebSimulator
from heliobus.errors import ProtocolError
from heliobus.url import DeviceURL

if TYPE_CHECKING:
    from heliobus.e3dc.simulator.answering import Table
    from heliobus.e3dc.simulator.faults import Fault
    from heliobus.e3dc.simulator.house import Moment
    from heliobus.vendor import SimulationOptions

_LOG = logging.getLogger(__name__)

PATH = "/ws"
PING = 10.0
"""Seconds between two pings; who has not answered the last one is sent away."""
_PORTAL_LEVEL = 60
_WEB_CLIENT = 1  # SERVER_TYPE of the outer connection
_VIRTUAL = 4  # and of the connection to the system
_HASH_CODE = 71_390_474
_FIRST = 43_380_680  # connection id of a trace
_QUESTIONS = tuple(
    Item(tags.code(f"INFO_REQ_{name}"))
    for name in (
        *("IP_ADDRESS", "SUBNET_MASK", "GATEWAY", "DNS", "DHCP_STATUS"),
        *("TIME", "TIME_ZONE", "UTC_TIME", "A35_SERIAL_NUMBER", "INFO"),
    )
)
_MUTE = MappingProxyType(
    {
        "portal-mute-at-opening": tags.SERVER_REGISTER_CONNECTION,
        "portal-mute-at-questions": tags.INFO_REQ_INFO,
        "portal-mute-at-login": tags.SERVER_REQ_NEW_VIRTUAL_CONNECTION,
    }
)
"""Where the portal falls silent: at the tag that would come next."""


class PortalSimulator(WebSimulator):
    """One system in the portal's second generation."""

    own_faults = frozenset(
        {
            *_MUTE,
            "portal-asks",  # puts its questions between a request and its answer
            "portal-status",  # refuses with a bare SERVER_STATUS
            "portal-text",  # answers with text
            "portal-unordered",  # opens a connection in another order, one question at a time
            "portal-unregister",  # ends the connection instead of answering
        }
    )

    def __init__(self, options: SimulationOptions) -> None:
        super().__init__(options)
        self.ids = count(_FIRST)
        self.frames = 0
        """How many frames the system was asked."""
        self.connections = 0
        """How many websockets were opened."""
        self.pings = 0
        """How many pings were answered."""

    def announcement(self) -> dict[str, Any]:
        """What is needed to reach it: vendor, url, host, port, base_url, websocket_url, username, password, serial."""
        base = self._host.base_url
        socket = base.replace("http", "ws", 1).rstrip("/") + PATH
        url = DeviceURL(scheme="e3dc+portal", host=self.device.serial, user=USER, options={"url": socket})
        return {
            "vendor": "e3dc",
            "url": str(url),
            "host": self._host.host,
            "port": self._host.port,
            "base_url": base,
            "websocket_url": socket,
            "username": USER,
            "password": PASSWORD,
            "serial": self.device.serial,
        }

    def _route(self, router: web.UrlDispatcher) -> None:
        router.add_get(PATH, self._serve)
        router.add_get(f"{PATH}/", self._serve)  # as it was until 2024

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        self.connections += 1
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if any(fault.refuses for fault in self.device.faults):
            return socket
        visit = _Visit(self, socket)
        pinging = asyncio.create_task(visit.ping())
        try:
            await visit.converse()
        except (ProtocolError, ConnectionError) as error:
            _LOG.debug("connection dropped: %s", error)
        finally:
            pinging.cancel()
        return socket


class _Visit:
    """One websocket."""

    def __init__(self, portal: PortalSimulator, socket: web.WebSocketResponse) -> None:
        self._portal = portal
        self._socket = socket
        self._main = Address(next(portal.ids), _PORTAL_LEVEL)
        self._virtual: Address | None = None
        self._registered: set[int] = set()
        self._session = Session(portal.device, _table(portal), {})
        self._session.level = USER_LEVEL
        self._pinged = False

    @property
    def _faults(self) -> tuple[Fault, ...]:
        return self._portal.device.faults

    async def converse(self) -> None:
        if self._has("portal-unordered"):
            await self._send(Item(tags.SERVER_REQ_PING), Item(tags.RSCP_REQ_SET_PROTOCOL_VERSION))
            await self._name_client()
        if not self._mute(tags.SERVER_REGISTER_CONNECTION):
            await self._register(self._main, _WEB_CLIENT)
        async for message in self._socket:
            if message.type is not WSMsgType.BINARY:
                return
            for item in decode(parse_frame(message.data).data):
                await self._receive(item)

    async def ping(self) -> None:
        """Ask every so often whether the client is there."""
        with contextlib.suppress(ConnectionError):
            await self._portal.clock.sleep(PING)
            while not self._pinged:
                self._pinged = True
                await self._send(Item(tags.SERVER_REQ_PING))
                await self._portal.clock.sleep(PING)
            await self._end()

    # -- messages

    async def _receive(self, item: Item) -> None:
        match item.tag:
            case tags.SERVER_PING:
                self._pinged = False
                self._portal.pings += 1
            case tags.SERVER_CONNECTION_REGISTERED:
                await self._registration(Address.of(item))
            case tags.SERVER_REQ_NEW_VIRTUAL_CONNECTION:
                await self._log_in(item)
            case tags.SERVER_REQ_RSCP_CMD:
                await self._command(Address.of(item), carried(item))

    async def _registration(self, address: Address) -> None:
        self._registered.add(address.connection)
        if address == self._main and not self._mute(tags.INFO_REQ_INFO):
            single = self._has("portal-unordered")
            for questions in [[one] for one in _QUESTIONS] if single else [_QUESTIONS]:
                await self._carry(self._main, encode(questions))

    async def _command(self, address: Address, frame: Frame) -> None:
        if address.connection not in self._registered:
            await self._end()
        elif not any(item.tag == tags.INFO_INFO for item in decode(frame.data)):
            if address == self._virtual:
                await self._answer(address, frame)
        elif address == self._main:
            await self._name_client()

    async def _name_client(self) -> None:
        await self._carry(self._main, encode([Item(tags.INFO_SERIAL_NUMBER, Type.CSTRING, "WEB_client")]))

    async def _log_in(self, item: Item) -> None:
        if self._mute(tags.SERVER_REQ_NEW_VIRTUAL_CONNECTION):
            return
        user, password, system = (
            None if (child := item.get(tag)) is None else child.text
            for tag in (tags.SERVER_USER, tags.SERVER_PASSWD, tags.SERVER_IDENTIFIER)
        )
        if (user, password) != (USER, password_hash(PASSWORD)):
            await self._end(Item(tags.SERVER_STATUS, Type.INT32, LOGIN_REFUSED))
        elif system != self._portal.device.serial:
            await self._end()
        else:
            self._virtual = Address(next(self._portal.ids), USER_LEVEL)
            await self._register(self._virtual, _VIRTUAL)

    async def _register(self, address: Address, kind: int) -> None:
        details = Item(tags.SERVER_TYPE, Type.INT32, kind), Item(tags.SERVER_HASH_CODE, Type.INT32, _HASH_CODE)
        await self._send(address.message(tags.SERVER_REGISTER_CONNECTION, *details))

    async def _end(self, *reason: Item) -> None:
        if reason and self._has("portal-status"):
            await self._send(*reason)
        else:
            await self._send(self._main.message(tags.SERVER_UNREGISTER_CONNECTION, *reason))
        await self._socket.close()

    # -- the system's answers

    async def _answer(self, address: Address, frame: Frame) -> None:
        self._portal.frames += 1
        if delay := sum(fault.delay for fault in self._faults):
            await self._portal.clock.sleep(delay)
        if self._has("portal-unregister"):
            await self._end()
            return
        if self._has("portal-text"):
            await self._socket.send_str("<html>")
            return
        if self._has("portal-asks"):
            await self._carry(address, encode(_QUESTIONS))
        data = reduce(lambda right, fault: fault.data(right), self._faults, self._session.answer(decode(frame.data)))
        for _ in range(2 if any(fault.repeats for fault in self._faults) else 1):
            await self._carry(address, data if len(data) <= MAX_CARRIED else b"", crc=frame.crc)
        if any(fault.closes for fault in self._faults):
            await self._socket.close()

    async def _carry(self, address: Address, data: bytes, *, crc: bool = False) -> None:
        """Send ``data`` in a frame in a frame; what goes wrong with a device's frames goes wrong with the inner one."""
        inner = build_frame(data, time=self._now(), crc=crc)
        if address == self._virtual:
            inner = reduce(lambda right, fault: fault.frame(right), self._faults, inner)
        await self._send(address.carry(inner))

    async def _send(self, *items: Item) -> None:
        sent = build_frame(encode(items), time=self._now())
        if self._virtual is not None and self._virtual.connection in self._registered:
            sent = reduce(lambda right, fault: fault.wire(right), self._faults, sent)
        await self._socket.send_bytes(sent)

    def _now(self) -> Timestamp:
        return Timestamp.of(self._portal.clock.now() + self._portal.device.skew)

    def _has(self, fault: str) -> bool:
        return fault in self._portal.faults

    def _mute(self, tag: int) -> bool:
        return any(self._has(fault) and at == tag for fault, at in _MUTE.items())


def _table(portal: PortalSimulator) -> Table[Moment]:
    built = portal.device.built
    return CONTROLLER if built.farm else SYSTEM if built.modern else OLD_SYSTEM
