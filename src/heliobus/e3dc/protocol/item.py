"""What a frame carries: items, each a tag, a data type and a value.

Values in Python, by the type that the *device* sent (it beats every table: flags come as UChar8, times as UInt64):

====================  ==========================================================================================
None                  ``None``
Bool                  ``bool``
Char8 ... UInt64      ``int``
Float32, Double64     ``float``, NaN and infinities included
CString               ``str``, trailing NULs removed, what is not UTF-8 replaced
Container             ``list`` of items, or a ``Table`` where ``decode`` was asked for tables
Timestamp             ``Timestamp``, for times and for durations
Error                 ``ErrorAnswer``: never a number, so an error cannot pass for a measurement
Bitfield, ByteArray,  ``bytes``
0x11, unknown types
====================  ==========================================================================================

A number, Timestamp or Error whose length does not fit its type keeps its bytes (``Item.malformed``); a text or a value
of unknown type beyond its limit becomes ``Oversized``.  Sources: SPEC 3.2 and 3.3.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import IntEnum
from struct import Struct
from typing import NamedTuple, TypeAlias

from heliobus.errors import ProtocolError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Type(IntEnum):
    """Byte 4 of an item.  Items hold it as plain ``int``, so that codes without a name survive."""

    NONE = 0x00
    BOOL = 0x01
    CHAR8 = 0x02
    UCHAR8 = 0x03
    INT16 = 0x04
    UINT16 = 0x05
    INT32 = 0x06
    UINT32 = 0x07
    INT64 = 0x08
    UINT64 = 0x09
    FLOAT32 = 0x0A
    DOUBLE64 = 0x0B
    BITFIELD = 0x0C
    CSTRING = 0x0D
    CONTAINER = 0x0E
    TIMESTAMP = 0x0F
    BYTEARRAY = 0x10
    COMPRESSED = 0x11
    """A compressed container: in one public list, never seen on a wire."""
    ERROR = 0xFF


HEADER = Struct("<IBH")
"""Of an item: tag, type, length of the value."""
FORMATS = {
    int(Type.BOOL): "?",
    int(Type.CHAR8): "b",
    int(Type.UCHAR8): "B",
    int(Type.INT16): "h",
    int(Type.UINT16): "H",
    int(Type.INT32): "i",
    int(Type.UINT32): "I",
    int(Type.INT64): "q",
    int(Type.UINT64): "Q",
    int(Type.FLOAT32): "f",
    int(Type.DOUBLE64): "d",
}
"""The numeric types as ``struct`` writes them."""


class ErrorCode(IntEnum):
    """What a device may answer in place of a value (SPEC 3.3)."""

    NOT_HANDLED = 1
    ACCESS_DENIED = 2
    """The user level is too low, or nobody has logged in."""
    FORMAT = 3
    """Wrong type or shape, or a tag outside the container where it belongs."""
    AGAIN = 4
    OUT_OF_BOUNDS = 5
    NOT_AVAILABLE = 6
    UNKNOWN_TAG = 7
    ALREADY_IN_USE = 8
    UNSPECIFIED = 0xFFFFFFFF
    """Seen for the history of a day that has just begun."""


class ErrorAnswer(NamedTuple):
    """The device gave an error in place of the value.  Compare ``code`` with ``ErrorCode``; others survive."""

    code: int

    def __str__(self) -> str:
        try:
            return ErrorCode(self.code).name
        except ValueError:
            return f"error {self.code:#x}"


class Oversized(NamedTuple):
    """A value of ``size`` bytes that was left behind: longer than its kind may be."""

    size: int


class Timestamp(NamedTuple):
    """Seconds since 1970-01-01, or a duration; to the nanosecond, as on the wire."""

    seconds: int
    nanoseconds: int = 0

    @classmethod
    def of(cls, moment: datetime) -> Timestamp:
        """The aware ``moment``, exact to its microsecond."""
        seconds, rest = divmod(moment - _EPOCH, timedelta(seconds=1))
        return cls(seconds, rest.microseconds * 1000)

    @property
    def total(self) -> float:
        """All of it in seconds."""
        return self.seconds + self.nanoseconds / 1e9

    def utc(self) -> datetime:
        """The moment, cut to microseconds.  Raises ProtocolError outside the years 1 to 9999."""
        try:
            return _EPOCH + timedelta(seconds=self.seconds, microseconds=self.nanoseconds // 1000)
        except OverflowError:
            raise ProtocolError(f"{self.seconds} seconds since 1970 is no date") from None


class Table(NamedTuple):
    """Consecutive containers that all have the same children, all numbers: a history in its shortest form."""

    columns: tuple[int, ...]
    """The tags of the children, in their order."""
    rows: list[tuple[float, ...]]
    """The values; each has the Python type that its item would have."""


Value: TypeAlias = "int | float | str | bytes | Timestamp | ErrorAnswer | Oversized | Table | list[Item] | None"

_LONGEST_SHOWN = 16
_SECRETS = frozenset(
    {
        0x00000003,  # RSCP_AUTHENTICATION_PASSWORD
        0x00000005,  # RSCP_REQ_SET_ENCRYPTION_PASSPHRASE
        0x00000008,  # RSCP_AUTH_CHALLENGE_DATA
        0x0A400001,  # INFO_LC_PARAM_TOKEN
        0x0D400001,  # UM_LC_PARAM_TOKEN
        0x23400000,  # NETWORK_LC_PARAM_TOKEN
        0x27400004,  # SCM_LC_PARAM_TOKEN
        0x2B400004,  # LCT_PARAM_TOKEN
        0x2C400001,  # HG_OCPP_WB_CFG_LC_PARAM_TOKEN
        0x2D400001,  # OCPP_WB_LC_PARAM_TOKEN
        0x2D400030,  # OCPP_WB_LC_PARAM_PASSWORD
        0x2E400001,  # WB_BADGE_MGT_LC_PARAM_TOKEN
        0x2F400001,  # LC_USR_MGT_LC_PARAM_TOKEN
        0x30400001,  # DASHBOARD_LC_PARAM_TOKEN
        0xF7040005,  # DBRC_PARAM_UD_IPIN
        0xF800B009,  # SERVER_PASSWD
        0xFB400002,  # DB_RECOVERY_PARAM_PASSWORD
    }
)


class Item(NamedTuple):
    """One item.  ``Item(tag)`` is a request without a parameter."""

    tag: int
    type: int = Type.NONE
    value: Value = None

    @property
    def error(self) -> ErrorAnswer | None:
        """The error that the device gave in place of a value, or ``None``."""
        if self.type != Type.ERROR:
            return None
        if isinstance(self.value, bytes):  # of an odd length: the number is still the number
            return ErrorAnswer(int.from_bytes(self.value, "little"))
        return self.value if isinstance(self.value, ErrorAnswer) else ErrorAnswer(ErrorCode.UNSPECIFIED)

    @property
    def malformed(self) -> bool:
        """Whether the length does not fit the type, so that ``value`` holds the bytes as they came."""
        fixed = self.type in FORMATS or self.type in {Type.TIMESTAMP, Type.ERROR, Type.NONE}
        return fixed and isinstance(self.value, bytes)

    @property
    def number(self) -> int | float | None:
        """The value of a numeric item or a Bitfield; ``None`` for everything else, errors included."""
        if self.type == Type.BITFIELD and isinstance(self.value, bytes):
            return int.from_bytes(self.value, "little")
        return self.value if isinstance(self.value, int | float) else None

    @property
    def flag(self) -> bool | None:
        """The value as a flag, whichever whole number the device made of it; ``None`` if it is none."""
        return bool(self.value) if isinstance(self.value, int) else None

    @property
    def text(self) -> str | None:
        """The value of a CString; ``None`` for everything else."""
        return self.value if isinstance(self.value, str) else None

    @property
    def time(self) -> Timestamp | None:
        """The value of a Timestamp, or whole seconds in any type; ``None`` for everything else."""
        if isinstance(self.value, Timestamp):
            return self.value
        return Timestamp(self.value) if isinstance(self.value, int) else None

    @property
    def children(self) -> list[Item]:
        """The items of a container; none for everything else."""
        return self.value if isinstance(self.value, list) else []

    def get(self, tag: int) -> Item | None:
        """The first child with ``tag``."""
        return next((child for child in self.children if child.tag == tag), None)

    def __repr__(self) -> str:
        from heliobus.e3dc.protocol import tags  # the table of names is loaded for display only

        try:
            kind = Type(self.type).name
        except ValueError:
            kind = f"{self.type:#04x}"
        return f"Item({tags.label(self.tag)}, {kind}, {self._shown()})"

    def _shown(self) -> str:
        if self.tag in _SECRETS and self.value is not None:
            return "***"
        if isinstance(self.value, bytes) and len(self.value) > _LONGEST_SHOWN:  # may hold a whole inner frame
            return f"<{len(self.value)} bytes>"
        return repr(self.value)
