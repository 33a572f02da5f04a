"""V4's calls as methods (SPEC D): one per endpoint, with typed records as results, and writes that are checked first.

``kind`` is the kind of device as ``devices`` tells it (``protocol.v4.KINDS``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from heliobus.errors import NotSupported, ProtocolError, UsageError
from heliobus.growatt.client.tokens import GRACE
from heliobus.growatt.control import changed
from heliobus.growatt.control import v4 as settings
from heliobus.growatt.models.slots import Slot, slots_of
from heliobus.growatt.models.v4 import DATA, INFO, Curve, Curves, Listed, ListedPage
from heliobus.growatt.protocol import number, v4

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, time

    from heliobus.growatt.client.tokens import TokenAccount
    from heliobus.growatt.models.v4 import Info, MinData, NoahData, NoahInfo, V4Data
    from heliobus.growatt.protocol import Json
    from heliobus.transport.http import HttpAnswer

K = TypeVar("K")

_LAST_PAGE = 100


class V4Calls:
    """What can be asked of and told to the devices of a token.

    Every call raises LockedOut while it comes too early, AuthenticationError (the token, or a device that it may not
    see), NotSupported (no such device or kind), Unreachable (the device is offline), TransportError and ProtocolError.
    Writes raise besides, before anything is sent, NotSupported for a setting that the kind does not have, UsageError
    and OutOfBounds for values that do not fit, and Refused for a dangerous one without ``dangerous=True``; and Refused
    when the device says no.  A write that is taken shows in ``info`` after a while, at most five minutes.

    A call that comes within its interval of the same one raises LockedOut; with ``repeats`` it is told once more what
    came to that one.
    """

    def __init__(self, account: TokenAccount, *, repeats: bool = False) -> None:
        self._account = account
        self._repeats = repeats

    async def query(self, name: str, /, **parameters: str) -> Any:
        """The bare data of the answer to a call of ``protocol.v4.CALLS``."""
        asked = v4.question(name, **parameters)
        call = v4.CALLS[name]
        repeats = self._repeats and not call.writes
        return await self._account.ask(
            asked,
            _judge(name),
            seconds=call.interval,
            key=call.key(asked.query),
            # Whoever writes, or talks to the device, waits for his turn; who may be told the same again need not.
            patience=0.0 if repeats else v4.DIRECT if call.interval <= v4.DIRECT else GRACE,
            repeats=repeats,
        )

    # -- what there is

    async def device_page(self, page: int = 1) -> ListedPage:
        """A page of the list of devices, from 1."""
        return ListedPage(await self.query("queryDeviceList", page=str(page)))

    async def devices(self) -> tuple[Listed, ...]:
        """All devices that the token may ask about."""
        found: list[Listed] = []
        for place in range(1, _LAST_PAGE + 1):
            page = await self.device_page(place)
            found += page.devices
            if page.is_last is not False or not page.devices or place >= (page.pages or 1):
                break
        return tuple(found)

    async def infos(self, kind: str, serials: Sequence[str]) -> tuple[Info | NoahInfo, ...]:
        """What devices of one kind are and how they are set; up to 100 at once, those that are foreign are left out."""
        made = _kind(INFO, kind)
        return tuple([made(one) for one in await self._several("queryDeviceInfo", kind, serials)])

    async def info(self, kind: str, serial: str) -> Info | NoahInfo:
        """What a device is and how it is set."""
        return _only(await self.infos(kind, [serial]), serial)

    # -- what they say

    async def last(self, kind: str, serials: Sequence[str]) -> tuple[V4Data | MinData | NoahData, ...]:
        """What devices of one kind last sent; up to 100 at once, those that are foreign are left out."""
        made = _kind(DATA, kind)
        return tuple([made(one) for one in await self._several("queryLastData", kind, serials)])

    async def last_of(self, kind: str, serial: str) -> V4Data | MinData | NoahData:
        """What a device last sent."""
        return _only(await self.last(kind, [serial]), serial)

    async def curve(self, kind: str, serial: str, *, day: date) -> Curve:
        """A device's day, every five minutes."""
        return Curve(await self._one("queryHistoricalData", kind, serial, date=f"{day:%Y-%m-%d}"))

    async def curves(self, kind: str, serials: Sequence[str], *, day: date) -> Curves:
        """The same of up to 100 devices of one kind."""
        joined = v4.serials("queryDevicesHistoricalData", serials)
        return Curves(
            await self.query("queryDevicesHistoricalData", deviceSn=joined, deviceType=kind, date=f"{day:%Y-%m-%d}")
        )

    async def power(self, kind: str, serial: str) -> float | None:
        """The output power that is set: %, of a NOAH W."""
        return number(await self._one("readPower", kind, serial))

    async def wifi(self, kind: str, serial: str) -> float | None:
        """How strong the datalogger receives the WLAN, dBm."""
        return number(await self._one("getWiFiSignalByDevice", kind, serial))

    async def parameter(self, kind: str, serial: str, name: str) -> Json:
        """A numbered parameter (``set_param_1`` to ``set_param_34``), read from the device, in the table's unit."""
        if name not in settings.VPP:
            raise NotSupported(f"no V4 parameter {name!r}", alternatives=tuple(settings.VPP))
        return settings.told_vpp(name, await self._one("readVppParameter", kind, serial, setType=name))

    async def slots(self, kind: str, serial: str) -> tuple[Slot, ...]:
        """The day's slots that are set, in the plant's time."""
        return slots_of(await self.parameter(kind, serial, "set_param_34"))

    # -- what they are told

    async def write(self, kind: str, serial: str, setting: str, *values: Any, dangerous: bool = False) -> None:
        """Write a setting of ``control.v4.SETTINGS``."""
        change = changed(_kind(settings.SETTINGS, kind), kind, setting, values, dangerous=dangerous)
        name, parameters = settings.call(setting, change.texts)
        await self._one(name, kind, serial, **parameters)

    async def set_on(self, kind: str, serial: str, *, on: bool, dangerous: bool = False) -> None:
        """Switch a device on or off; a NOAH cannot."""
        await self.write(kind, serial, "setOnOrOff", on, dangerous=dangerous)

    async def set_power(self, kind: str, serial: str, power: float, *, dangerous: bool = False) -> None:
        """Limit the output: % of the nominal power (dangerous: it changes the export), of a NOAH 0 to 800 W."""
        await self.write(kind, serial, "setPower", power, dangerous=dangerous)

    async def set_soc_limits(self, serial: str, *, high: float | None = None, low: float | None = None) -> None:
        """Between which states of charge a NOAH works, %; what is None stays."""
        both = {"setHighLimitSoc": high, "setLowLimitSoc": low}
        wanted = [(name, value) for name, value in both.items() if value is not None]
        if not wanted:
            raise UsageError("neither limit is given; nothing was sent", remedy="Give high=, low= or both.")
        for name, value in wanted:  # nothing by halves: both are right before the first is sent
            changed(settings.SETTINGS["noah"], "noah", name, [value])
        for name, value in wanted:
            await self.write("noah", serial, name, value)

    async def set_segment(
        self, serial: str, place: int, *, start: time, end: time, mode: str | int, power: float, enabled: bool = True
    ) -> None:
        """One of the nine segments of a NOAH's day: ``mode`` is load, battery or smart, ``power`` 0 to 800 W."""
        await self.write("noah", serial, f"setTimeSegment{place}", str(mode), start, end, power, enabled)

    async def set_grid_charge(self, serial: str, *, enabled: bool) -> None:
        """Whether a NOAH may charge from the grid."""
        await self.write("noah", serial, "setGridCharge", enabled)

    async def set_off_grid(self, serial: str, *, enabled: bool, dangerous: bool = False) -> None:
        """Whether a NOAH feeds its socket without the grid."""
        await self.write("noah", serial, "setOffGrid", enabled, dangerous=dangerous)

    async def assign_inverter(self, serial: str, inverter: str) -> None:
        """Which inverter a NOAH feeds."""
        await self.write("noah", serial, "setDevice", inverter)

    async def set_slots(self, kind: str, serial: str, slots: Sequence[Slot]) -> None:
        """What the battery does at which time of each day (plant's time), up to 20 slots."""
        await self.write(kind, serial, "set_param_34", slots)

    async def remove_slots(self, kind: str, serial: str) -> None:
        """Forget the day's slots."""
        await self._one("removeVppTimePeriod", kind, serial, setType="set_param_34")

    # -- asking

    async def _one(self, name: str, kind: str, serial: str, **more: str) -> Any:
        return await self.query(name, deviceSn=v4.serials(name, [serial]), deviceType=kind, **more)

    async def _several(self, name: str, kind: str, serials: Sequence[str]) -> list[Any]:
        found = await self.query(name, deviceSn=v4.serials(name, serials), deviceType=kind)
        return v4.listed(name, found)


def _judge(name: str) -> Callable[[HttpAnswer], Json]:
    return lambda http: v4.content(
        name, status=http.status, body=http.body, location=http.location, retry_after=http.retry_after
    )


def _kind(table: Mapping[str, K], kind: str) -> K:
    if kind not in table:
        raise UsageError(f"no kind of device {kind!r}", remedy=f"Use one of: {', '.join(table)}.")
    return table[kind]


def _only(found: Sequence[K], serial: str) -> K:
    if not found:
        raise NotSupported(f"the server says nothing of {serial}", remedy="Look the device up in devices().")
    if len(found) > 1:
        raise ProtocolError("the server tells of several devices where one was asked for")
    return found[0]
