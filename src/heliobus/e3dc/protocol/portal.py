"""The portal's websocket, from a client's side; no I/O here.  Experimental: never tried against the real portal.

One binary message is one frame, unencrypted (TLS is around it).  What is for the device lies in a frame in the frame::

    portal                                             client
    REGISTER_CONNECTION { id, level }         --->
                                              <---     CONNECTION_REGISTERED { id, level }
    REQ_RSCP_CMD { id, level, INFO_REQ_... }  --->
                                              <---     REQ_RSCP_CMD { id, level, INFO_... }
    REQ_RSCP_CMD { id, INFO_SERIAL_NUMBER }   --->     (its name for this client: it may log in)
                                              <---     REQ_NEW_VIRTUAL_CONNECTION { user, password, system }
    REGISTER_CONNECTION { virtual id, level } --->
                                              <---     CONNECTION_REGISTERED { virtual id, level }
    from now on                               <---     REQ_RSCP_CMD { virtual id, level, requests }
    REQ_RSCP_CMD { virtual id, ..., answers } --->

The portal asks the client the same things that a client asks a device.  Nothing numbers a request, so there is one at a
time, and what is asked and what is answered differ by the connection's id and by the tags.  Sources: SPEC 8.2,
captures e3dc/portal_websocket_2020.json.
"""

from __future__ import annotations

import re
from enum import IntEnum
from hashlib import md5
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple, Self, TypeAlias

from heliobus.e3dc.protocol import tags
from heliobus.e3dc.protocol.codec import MAX_DATA, decode, encode
from heliobus.e3dc.protocol.frame import Frame, build_frame, parse_frame
from heliobus.e3dc.protocol.item import ErrorAnswer, ErrorCode, Item, Timestamp, Type
from heliobus.errors import ProtocolError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LOGIN_REFUSED = 16
"""SERVER_STATUS for a wrong user or password."""
_RESPONSE = 0x00800000
_VIRTUAL = 4  # SERVER_TYPE of a web client
_HASH_CODE = 1_234_567_890  # what every known client sends
_CONNECTIONS, _LEVELS = range(-(2**63), 2**63), range(256)  # as they travel
_TIME = Struct("<qI")
_ERROR = bytes([Type.ERROR])

_PREFIXES = {"4": "S10-", "5": "S10-", "6": "Q10-", "70": "P10-", "72": "S10-", "74": "S10-", "75": "P10-", "8": "H20-"}
"""What stands before a serial number, by its first digits."""


def identifier(serial: str) -> str:
    """How the portal calls the system: ``S10-`` or what else belongs to its model, and the number.

    The prefix is added where it is missing.  Raises UsageError where it is not known, or known to be another: the
    portal would not answer at all.
    """
    form = re.fullmatch(r"([A-Z][A-Z0-9]{2}-)?([0-9]+)", serial.upper())
    prefix, number = form.groups("") if form else ("", "")
    known = next((right for digits, right in _PREFIXES.items() if number.startswith(digits)), "")
    if not number or not (prefix or known):
        raise UsageError(
            f"{serial!r} is no serial number of an E3/DC system",
            remedy="Write it as the portal shows it, with its prefix: S10-4400000000.",
        )
    if known and prefix in _PREFIXES.values() and prefix != known:
        raise UsageError(f"the serial number {serial} cannot begin with {prefix}", remedy=f"Write {known}{number}.")
    return (prefix or known) + number


def password_hash(password: str) -> str:
    """The form in which the portal takes a password."""
    return _md5(password)


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


class Address(NamedTuple):
    """One of the connections inside a websocket, and the rights on it."""

    connection: int
    level: int

    @classmethod
    def of(cls, item: Item) -> Self:
        """The one that a message names.  Raises ProtocolError."""
        connection, level = item.get(tags.SERVER_CONNECTION_ID), item.get(tags.SERVER_AUTH_LEVEL)
        return cls(_whole(connection, _CONNECTIONS), _whole(level, _LEVELS))

    def message(self, tag: int, *more: Item) -> Item:
        connection = Item(tags.SERVER_CONNECTION_ID, Type.INT64, self.connection)
        return Item(tag, Type.CONTAINER, [connection, Item(tags.SERVER_AUTH_LEVEL, Type.UCHAR8, self.level), *more])

    def carry(self, frame: bytes) -> Item:
        """The message that carries ``frame``."""
        length = Item(tags.SERVER_RSCP_DATA_LEN, Type.INT32, len(frame))
        return self.message(tags.SERVER_REQ_RSCP_CMD, length, Item(tags.SERVER_RSCP_DATA, Type.BYTEARRAY, frame))


def _whole(item: Item | None, within: range) -> int:
    if item is None or not isinstance(item.value, int) or item.value not in within:
        raise ProtocolError("a message of the portal names no connection")
    return item.value


MAX_CARRIED = MAX_DATA - len(encode([Address(0, 0).carry(build_frame(b"", time=Timestamp(0)))]))
"""Bytes of items in a frame in a frame."""


def carried(message: Item) -> Frame:
    """The frame in a message.  Raises ProtocolError."""
    data = message.get(tags.SERVER_RSCP_DATA)
    if data is None or not isinstance(data.value, bytes):
        raise ProtocolError("a message of the portal carries no frame")
    return parse_frame(data.value)


class Phase(IntEnum):
    """How far a connection has come, and what the portal has to do next."""

    OPENED = 0
    """Register the connection."""
    REGISTERED = 1
    """Ask who the client is, and name it."""
    LOGGING_IN = 2
    """Open the connection to the system."""
    READY = 3
    """Answer."""


class Answered(NamedTuple):
    """The system has answered the request."""

    frame: Frame


class Ended(NamedTuple):
    """The portal wants no more of this connection."""

    status: int | None
    """Its reason, ``LOGIN_REFUSED`` or another code, if it gave one."""


Event: TypeAlias = Answered | Ended


class PortalConnection:
    """One websocket, from its opening to its end; ``system`` is an ``identifier``, ``now`` gives the time of frames.

    What ``data_to_send`` gives is to be sent after every call.
    """

    def __init__(self, *, user: str, password: str, system: str, now: Callable[[], Timestamp]) -> None:
        self.phase = Phase.OPENED
        self._login = _login(user, password, system)
        self._user = user
        self._now = now
        self._main = self._virtual = Address(0, 0)
        self._named = False
        self._asked = False
        self._to_send: list[bytes] = []

    def ask(self, data: bytes) -> None:
        """Ask the system, once READY and one request at a time; ``data`` are encoded items.

        Raises Overflow for requests that do not fit into a frame in a frame.
        """
        if self.phase != Phase.READY or self._asked:
            raise UsageError("the portal is not ready for a request")
        self._send(self._virtual.carry(build_frame(data, time=self._now())))
        self._asked = True

    def receive_data(self, message: bytes) -> list[Event]:
        """Take one message.  Raises ProtocolError; the connection is to be closed then."""
        events = [self._receive(item) for item in decode(parse_frame(message).data)]
        return [event for event in events if event is not None]

    def data_to_send(self) -> list[bytes]:
        """The messages to send now, each once."""
        sending, self._to_send = self._to_send, []
        return sending

    def _send(self, *items: Item) -> None:
        self._to_send.append(build_frame(encode(items), time=self._now()))

    # -- messages

    def _receive(self, item: Item) -> Event | None:
        match item.tag:
            case tags.SERVER_REGISTER_CONNECTION:
                self._register(item)
            case tags.SERVER_REQ_RSCP_CMD:
                return self._command(Address.of(item), carried(item))
            case tags.SERVER_REQ_PING:
                self._send(Item(tags.SERVER_PING))
            case tags.RSCP_REQ_SET_PROTOCOL_VERSION:
                self._send(_VERSION)
            case tags.SERVER_UNREGISTER_CONNECTION | tags.SERVER_STATUS:
                return _ended(item)
        return None  # the portal may say more than is known

    def _register(self, item: Item) -> None:
        address = Address.of(item)
        if self.phase < Phase.LOGGING_IN:
            self._main = address
            self.phase = Phase.REGISTERED
        elif address.connection != self._main.connection:
            self._virtual = address
            self.phase = Phase.READY
        self._send(address.message(tags.SERVER_CONNECTION_REGISTERED))
        self._log_in()

    def _command(self, address: Address, frame: Frame) -> Answered | None:
        if self.phase == Phase.READY and address.connection == self._virtual.connection and not _asks(frame.data):
            if not self._asked:
                raise ProtocolError("the portal sent an answer that nobody asked for")
            self._asked = False
            return Answered(frame)
        items = decode(frame.data)
        asked = [item for item in items if not item.tag & _RESPONSE and item.type != Type.ERROR]
        if answers := [self._answer(address, item) for item in asked]:
            self._send(address.carry(build_frame(encode(answers), time=self._now())))
        self._named = self._named or any(item.tag == tags.INFO_SERIAL_NUMBER for item in items)
        self._log_in()
        return None

    def _log_in(self) -> None:
        if self._named and self.phase == Phase.REGISTERED:
            self.phase = Phase.LOGGING_IN
            self._send(self._login)

    # -- the portal's questions

    def _answer(self, address: Address, asked: Item) -> Item:
        """The answer of a web client; the portal does not check the contents."""
        match asked.tag:
            case tags.INFO_REQ_SERIAL_NUMBER:
                return self._name_of(address)
            case tags.INFO_REQ_INFO:
                return Item(tags.INFO_INFO, Type.CONTAINER, [self._name_of(address), *_INFO])
            case tags.INFO_REQ_TIME | tags.INFO_REQ_UTC_TIME:
                return Item(asked.tag | _RESPONSE, Type.BYTEARRAY, _TIME.pack(*self._now()))
        known = _CONSTANT.get(asked.tag)
        return known or Item(asked.tag | _RESPONSE, Type.ERROR, ErrorAnswer(ErrorCode.UNKNOWN_TAG))

    def _name_of(self, address: Address) -> Item:
        name = _md5(f"{self._user}{address.connection}")
        return Item(tags.INFO_SERIAL_NUMBER, Type.CSTRING, f"WEB_{name}")


_VERSION = Item(tags.RSCP_SET_PROTOCOL_VERSION, Type.UCHAR8, 1)
_CONSTANT: Mapping[int, Item] = {
    **{
        tag: Item(tag | _RESPONSE, Type.CSTRING, text)
        for tag, text in (
            (tags.INFO_REQ_IP_ADDRESS, "0.0.0.0"),  # noqa: S104 - a web client has none
            (tags.INFO_REQ_SUBNET_MASK, "0.0.0.0"),  # noqa: S104 - same
            (tags.INFO_REQ_GATEWAY, "0.0.0.0"),  # noqa: S104 - same
            (tags.INFO_REQ_DNS, "0.0.0.0"),  # noqa: S104 - same
            (tags.INFO_REQ_TIME_ZONE, "GMT+0"),
            (tags.INFO_REQ_A35_SERIAL_NUMBER, "123456"),
        )
    },
    tags.INFO_REQ_DHCP_STATUS: Item(tags.INFO_DHCP_STATUS, Type.BOOL, value=False),
    tags.RSCP_REQ_SET_PROTOCOL_VERSION: _VERSION,
}
_INFO = (
    Item(tags.INFO_PRODUCTION_DATE, Type.CSTRING, "570412800000"),
    Item(tags.INFO_MAC_ADDRESS, Type.CSTRING, "00:00:00:00:00:00"),
)
_QUESTIONS = frozenset({*_CONSTANT, *(tags.code(f"INFO_REQ_{name}") for name in ("INFO", "TIME", "UTC_TIME"))})


def _asks(data: bytes) -> bool:
    """Whether a frame on the virtual connection is the portal's question, by its first item.

    Some answers have the tag of their request, errors above all, so only what the portal is known to ask is one.
    """
    return int.from_bytes(data[:4], "little") in _QUESTIONS and data[4:5] != _ERROR


def _login(user: str, password: str, system: str) -> Item:
    """The request for a connection to the system; ``password`` is a ``password_hash``."""
    return Item(
        tags.SERVER_REQ_NEW_VIRTUAL_CONNECTION,
        Type.CONTAINER,
        [
            Item(tags.SERVER_USER, Type.CSTRING, user),
            Item(tags.SERVER_PASSWD, Type.CSTRING, password),
            Item(tags.SERVER_IDENTIFIER, Type.CSTRING, system),
            Item(tags.SERVER_TYPE, Type.INT32, _VIRTUAL),
            Item(tags.SERVER_HASH_CODE, Type.INT32, _HASH_CODE),
        ],
    )


def _ended(item: Item) -> Ended | None:
    """What a message says of the end; a status that is no refusal is none."""
    if item.tag == tags.SERVER_STATUS:
        return Ended(LOGIN_REFUSED) if item.number == LOGIN_REFUSED else None
    status = item.get(tags.SERVER_STATUS)
    number = status.number if status is not None else None
    return Ended(number if isinstance(number, int) else None)
