"""The OpenAPI V4 ("new-api") as data: calls, kinds of device, codes (SPEC D).

Every call is a POST with its parameters in the query and the token in a header.  Reads may come again after five
minutes, the list and everything that goes to the device itself after five seconds; writes to one device likewise.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from heliobus.errors import AuthenticationError, ProtocolError, UsageError
from heliobus.growatt.protocol import codes
from heliobus.growatt.protocol.endpoints import Question

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heliobus.growatt.protocol.codes import Meaning
    from heliobus.model.records import Json

BASE = "v4/new-api/"
READ, DIRECT = 300.0, 5.0
"""Seconds between two identical reads, and between two calls that go to the device."""
MOST_SERIALS = 100
"""Devices of one question."""

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "inv": "inverter",
        "storage": "storage",
        "max": "max",
        "sph": "mix",
        "spa": "spa",
        "min": "tlx",
        "wit": "wit",
        "sph-s": "sph-s",
        "noah": "noah",
    }
)
"""The kinds of device, each with the name that the other routes have for the family."""
FAMILIES: Mapping[str, str] = MappingProxyType({family: kind for kind, family in KINDS.items()})
VPP_KINDS = ("sph", "spa", "min", "wit")
"""Those with numbered parameters."""


class Call(NamedTuple):
    """One call; ``several``: it takes up to 100 devices of one kind."""

    name: str
    parameters: tuple[str, ...] = ()
    interval: float = READ
    writes: bool = False
    several: bool = False
    kinds: tuple[str, ...] = tuple(KINDS)

    def key(self, query: Mapping[str, str]) -> str | None:
        """What else makes a request the same as another one: nothing for reads, the device for writes."""
        return f"write {query['deviceSn']}" if self.writes else None


def _write(name: str, *parameters: str, kinds: tuple[str, ...] = tuple(KINDS)) -> Call:
    return Call(name, parameters, DIRECT, writes=True, kinds=kinds)


_NOAH = ("noah",)
_CALLS = (
    Call("queryDeviceList", ("page",), DIRECT, kinds=()),
    Call("queryDeviceInfo", several=True),
    Call("queryLastData", several=True),
    Call("queryHistoricalData", ("date",)),
    Call("queryDevicesHistoricalData", ("date",), several=True),
    Call("readPower", interval=DIRECT),
    Call("getWiFiSignalByDevice", interval=DIRECT),
    Call("readVppParameter", ("setType",), DIRECT, kinds=VPP_KINDS),
    _write("setOnOrOff", "value", kinds=tuple(kind for kind in KINDS if kind != "noah")),
    _write("setPower", "value"),
    _write("setHighLimitSoc", "value", kinds=_NOAH),
    _write("setLowLimitSoc", "value", kinds=_NOAH),
    _write("setTimeSegment", "type", "startTime", "endTime", "mode", "power", "enable", kinds=_NOAH),
    _write("setGridCharge", "value", kinds=_NOAH),
    _write("setOffGrid", "value", kinds=_NOAH),
    _write("setDevice", "value", kinds=_NOAH),
    _write("setVppParameter", "setType", "value", kinds=VPP_KINDS),
    _write("setNewVppParameter", "setType", "value", kinds=VPP_KINDS),
    _write("removeVppTimePeriod", "setType", kinds=VPP_KINDS),
)
CALLS: Mapping[str, Call] = MappingProxyType({call.name: call for call in _CALLS})

MEANINGS: Mapping[int, Meaning] = MappingProxyType(
    {
        -1: codes.Meaning(
            UsageError,
            "the account lives on another server",
            "Name the server of its region: openapi.growatt.com, or openapi-us, openapi-au or openapi-cn.",
        ),
        1: codes.SYSTEM,
        2: codes.TOKEN,
        3: codes.FOREIGN,
        4: codes.UNKNOWN,
        5: codes.OFFLINE,
        6: codes.UNSET,
        7: codes.FAMILY,
        8: codes.missing("the serial number"),
        9: codes.missing("the date"),
        10: codes.missing("the page"),
        11: codes.Meaning(UsageError, "too many devices", f"Ask for at most {MOST_SERIALS} devices at once."),
        12: codes.FOREIGN,
        15: codes.SILENT,
        16: codes.LATE,
        18: codes.Meaning(codes.SILENT.error, "the device's parameter cannot be read", codes.SILENT.remedy),
        100: codes.EARLY,
        101: codes.Meaning(
            AuthenticationError, "the token may not use this call", "Ask Growatt for the right, or use another route."
        ),
        102: codes.EARLY,
        105: codes.EARLY,
    }
)
"""By the code (SPEC D; 101 is no right, as the vendor's list has it, and not a pace)."""


def question(name: str, **values: str) -> Question:
    """What to send for a call; UsageError for an unknown one and for missing or unknown parameters."""
    call = CALLS.get(name)
    if call is None:
        raise UsageError(f"no V4 call {name!r}", remedy=f"Use one of: {', '.join(CALLS)}.")
    known = (*(("deviceSn", "deviceType") if call.kinds else ()), *call.parameters)
    if wrong := sorted(set(values).symmetric_difference(known)):
        raise UsageError(f"{name}: {wrong[0]!r} is missing or unknown", remedy=f"Give {', '.join(known)}.")
    if call.kinds and values["deviceType"] not in call.kinds:
        raise UsageError(
            f"{name} is not for the kind {values['deviceType']!r}", remedy=f"Use it with: {', '.join(call.kinds)}."
        )
    return Question("POST", f"{BASE}{name}", {one: values[one] for one in known}, None)


def serials(call: str, devices: Sequence[str]) -> str:
    """Serial numbers as one parameter; UsageError for none, too many, or what is none."""
    if not devices or not all(one and one.isalnum() for one in devices):
        raise UsageError(f"{call}: a serial number is missing or wrong", remedy="Look the device up in devices().")
    if len(devices) > (MOST_SERIALS if CALLS[call].several else 1):
        raise UsageError(f"{call}: too many devices", remedy=f"Ask for at most {MOST_SERIALS} at once.")
    return ",".join(devices)


def content(name: str, *, status: int, body: bytes, location: str | None, retry_after: str | None) -> Json:
    """The data of the answer to a call; raises what ``codes.data`` does."""
    interval = CALLS[name].interval
    return codes.data(
        name, MEANINGS, interval=interval, status=status, body=body, location=location, retry_after=retry_after
    )


def listed(name: str, data: Json) -> list[Any]:
    """The objects of ``{"<kind>": [...]}``, whatever the server calls the kind (``sph-s`` is ``sphs``, too)."""
    lists = [value for value in data.values() if isinstance(value, list)] if isinstance(data, dict) else []
    if not lists:
        raise ProtocolError(f"the answer to {name} lists no devices")
    return [one for one in lists[0] if isinstance(one, dict)]
