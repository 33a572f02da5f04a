"""Settings one by one, by the OpenAPI V1: what ``AsyncClient.change`` does in order, here call by call.

Settings can put a plant outside its normal operation.  A write that the server takes has reached the datalogger; the
settings that it tells follow 3 to 90 s later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from heliobus.errors import NotSupported, UsageError
from heliobus.growatt.client.calls.v1.base import Calls, text_of
from heliobus.growatt.control import FAMILIES as SETTINGS
from heliobus.growatt.control import ChargePeriods, DischargePeriods, TimeSegment, bean
from heliobus.growatt.protocol.v1 import COMMANDS, FAMILIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heliobus.growatt.control import Typed
    from heliobus.growatt.protocol import Json
    from heliobus.growatt.protocol.v1 import Family

T = TypeVar("T")

_ANY = "set_any_reg"
_SETTINGS = {"tlx": "tlx_settings"}
"""Where the settings stand, if not in the detail."""


class SettingCalls(Calls):
    """Calls that read and write settings."""

    async def settings(self, family: str, serial: str) -> Mapping[str, Json]:
        """All settings that the server tells, flat; a plain inverter and a MAX tell none."""
        _writable(family)
        return bean(await self.query(_SETTINGS.get(family, f"{family}_detail"), device_sn=serial))

    async def read_parameter(self, family: str, serial: str, name: str) -> str:
        """One setting by its name, from the inverter itself; a text, such as ``"100"``."""
        return text_of(await self._read(family, serial, name, 0, 0))

    async def read_registers(self, family: str, serial: str, first: int, last: int | None = None) -> str:
        """Registers ``first`` to ``last`` from the inverter itself, as the server writes them."""
        return text_of(await self._read(family, serial, _ANY, first, first if last is None else last))

    async def _read(self, family: str, serial: str, name: str, first: int, last: int) -> Json:
        _writable(family)
        found: Json = await self.query(
            f"{family}_read", device_sn=serial, paramId=name, startAddr=str(first), endAddr=str(last)
        )
        return found

    async def write_parameter(self, family: str, serial: str, name: str, values: Sequence[str]) -> None:
        """Write one setting as it is, by the server's name and texts, past the table of what is known to be right.

        Raises NotSupported (no such device or setting), OutOfBounds, UsageError and Unreachable as the server says.
        """
        known = _writable(family)
        kind, names = ("paramId", COMMANDS) if family == "inverter" else ("type", known.parameters)
        if len(values) > len(names):
            raise UsageError(f"{name} takes at most {len(names)} values, not {len(values)}; nothing was sent")
        parameters = {known.serial: serial, kind: name, **dict(zip(names, values, strict=False))}
        await self.query(f"{family}_set", **parameters)

    async def write_registers(self, family: str, serial: str, register: int, value: int) -> None:
        """Write one register as it is."""
        await self.write_parameter(family, serial, _ANY, (str(register), str(value)))

    # -- times

    async def min_time_segments(self, serial: str) -> tuple[TimeSegment, ...]:
        """The segments of a MIN, 1 to 9, of which it tells times."""
        settings = await self.settings("tlx", serial)
        found = (TimeSegment.read(settings, number) for number in range(1, 10))
        return tuple([segment for segment in found if segment is not None])

    async def min_write_time_segment(self, serial: str, segment: TimeSegment) -> None:
        """Write one segment of a MIN."""
        await self._write_typed("tlx", serial, segment)

    async def sph_charge_periods(self, serial: str) -> ChargePeriods:
        """When an SPH charges its battery from the grid; NotSupported where it does not tell."""
        return _told(ChargePeriods.read(await self.settings("mix", serial), "mix"))

    async def sph_discharge_periods(self, serial: str) -> DischargePeriods:
        """When an SPH discharges its battery into the grid; NotSupported where it does not tell."""
        return _told(DischargePeriods.read(await self.settings("mix", serial), "mix"))

    async def sph_write_periods(self, serial: str, periods: ChargePeriods | DischargePeriods) -> None:
        """Write all three periods of an SPH."""
        await self._write_typed("mix", serial, periods)

    async def _write_typed(self, family: str, serial: str, typed: Typed) -> None:
        name, values = typed.setting(family)
        await self.write_parameter(family, serial, name, SETTINGS[family][name].written(values))


def _writable(family: str) -> Family:
    known = FAMILIES.get(family)
    if known is None or not known.read:
        raise NotSupported(
            f"the OpenAPI V1 has no settings of the family {family!r}",
            alternatives=tuple(name for name, one in FAMILIES.items() if one.read),
        )
    return known


def _told(periods: T | None) -> T:
    if periods is None:
        raise NotSupported("the server does not tell all of these periods", remedy="Write them without reading.")
    return periods
