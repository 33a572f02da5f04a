"""What V4 can write, by the kinds of device: NOAH's own settings, and the numbered parameters of hybrids (SPEC D).

The names are the server's: the call, or ``set_param_N`` of the VPP calls.  A parameter is told back under the name that
``queryDeviceInfo`` has for it, or under its own by ``readVppParameter``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import time
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from heliobus.errors import UsageError
from heliobus.growatt.control.kinds import Choice, Kind, Moment, Number, Switch, Text
from heliobus.growatt.control.setting import Parameter, Setting
from heliobus.growatt.control.tables import NOAH_MODES
from heliobus.growatt.models.slots import checked, minute, rows_of, slots_of
from heliobus.growatt.protocol import v4

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from heliobus.growatt.control.kinds import Told
    from heliobus.growatt.protocol import Json

NOAH_WATTS = 800
SEGMENTS = 9
MOST_SLOTS = 20

_GRID = "touches the grid's protection: outside its rules the plant may not run"
_OFF = "switches the device on or off"
_BACKUP = "changes the backup supply of the house"
_EXPORT = "changes how much may be fed in"
_CELLS = "may charge or discharge a battery further than it bears"
_CLOCK = "sets the device's clock"


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as HH:MM, or a ``datetime.time``."""

    @property
    def allowed(self) -> str:
        return "a time of day as HH:MM, up to 23:59"

    def write(self, value: Any) -> str | None:
        read = self.read(f"{value:%H:%M}" if isinstance(value, time) else value)
        return read if isinstance(read, str) and read != "24:00" else None

    def read(self, value: Json) -> Told:
        minutes = minute(value) if isinstance(value, str) and ":" in value else None
        return None if minutes is None else "{:02}:{:02}".format(*divmod(minutes, 60))

    def same(self, wanted: Told, told: Told) -> bool:
        return wanted is not None and wanted == told


@dataclass(frozen=True, slots=True)
class Slots:
    """A day's slots: ``models.slots.Slot`` objects, in the plant's time."""

    most: int = MOST_SLOTS

    @property
    def allowed(self) -> str:
        return f"up to {self.most} slots that do not overlap"

    def write(self, value: Any) -> str | None:
        if isinstance(value, str):
            value = slots_of(value) or None
        if not isinstance(value, (list, tuple)):
            return None
        return json.dumps(rows_of(checked(value, self.most), clocks=False), separators=(",", ":"))

    def read(self, value: Json) -> Told:
        return json.dumps(rows_of(slots_of(value), clocks=False), separators=(",", ":"))

    def same(self, wanted: Told, told: Told) -> bool:
        return wanted is not None and wanted == told


class Segment(Setting):
    """A segment of a NOAH's day, which ends after it begins."""

    def written(self, values: Sequence[Any]) -> tuple[str, ...]:
        # No super(): a dataclass with slots is made anew, and the method would look for the class before.
        texts = Setting.written(self, values)
        if texts[1] >= texts[2]:
            raise UsageError(
                f"{self.name} ends {texts[2]} before it starts {texts[1]}; nothing was sent",
                remedy="Over midnight use two: one until 23:59 and one from 00:00.",
            )
        return texts


def _one(name: str, kind: Kind, *told: str, called: str = "value", dangerous: str | None = None) -> Setting:
    return Setting(name, (Parameter(called, kind, told),), dangerous)


def _vpp(number: int, name: str, kind: Kind, dangerous: str | None = None) -> Setting:
    key = f"set_param_{number}"
    return Setting(key, (Parameter(name, kind, (key,)),), dangerous)


def _numbers(low: float, high: float, unit: str = "%") -> Number:
    return Number(((low, high),), unit)


_ON = Switch()
_PERCENT = _numbers(0, 100)


def _choice(*words: str) -> Choice:
    return Choice({str(place): word for place, word in enumerate(words)})


VPP: Mapping[str, Setting] = MappingProxyType(
    {
        setting.name: setting
        for setting in (
            _vpp(1, "control authority", _ON),
            _vpp(2, "on or off", _ON, _OFF),
            _vpp(3, "system time", Moment(), _CLOCK),
            _vpp(4, "off-grid box", _ON, _BACKUP),
            _vpp(5, "active power", _PERCENT, _EXPORT),
            _vpp(6, "active power until restart", _PERCENT, _EXPORT),
            _vpp(7, "backup supply", _ON, _BACKUP),
            _vpp(8, "backup frequency", _choice("50 Hz", "60 Hz"), _BACKUP),
            _vpp(9, "backup voltage", _choice("230 V", "208 V", "240 V", "220 V", "127 V", "277 V", "254 V"), _BACKUP),
            _vpp(10, "fixed reactive power", _numbers(0, 60), _GRID),
            _vpp(
                11,
                "reactive power mode",
                _choice("1", "factor", "default curve", "own curve", "lagging", "leading"),
                _GRID,
            ),
            # The factor is (10000 - number) / 10000.
            _vpp(12, "power factor", _numbers(0, 20_000, ""), _GRID),
            _vpp(13, "export limit enabled", _ON, _EXPORT),
            # + limits the export, - the import.
            _vpp(14, "export limit", _numbers(-100, 100), _EXPORT),
            _vpp(15, "export limit without meter", _PERCENT, _EXPORT),
            _vpp(16, "patience without meter", _numbers(0, 300, "s"), _EXPORT),
            _vpp(17, "energy manager's failure enabled", _ON, _EXPORT),
            _vpp(18, "strict export limit", _ON, _EXPORT),
            _vpp(19, "export limit slope", _numbers(0, 20_000, ""), _EXPORT),
            _vpp(20, "export limit per phase", _ON, _EXPORT),
            _vpp(21, "export limit protection", _choice("default", "both", "software", "hardware"), _EXPORT),
            _vpp(22, "charge stop soc", _numbers(70, 100)),
            _vpp(23, "on-grid discharge stop soc", _numbers(10, 30)),
            _vpp(24, "load-first discharge stop soc", _numbers(10, 20)),
            _vpp(25, "remote power enabled", _ON),
            # 0 is without an end.
            _vpp(26, "remote power duration", _numbers(0, 1440, "min")),
            # + charges, - discharges.
            _vpp(27, "remote power", _numbers(-100, 100)),
            _vpp(28, "charging from the grid", _ON),
            _vpp(29, "off-grid discharge stop soc", _numbers(10, 30)),
            _vpp(30, "lead-acid charge stop voltage", Number(((0, 150),), "V", 0.01), _CELLS),
            _vpp(31, "lead-acid discharge stop voltage", Number(((0, 150),), "V", 0.01), _CELLS),
            _vpp(32, "lead-acid charge current", Number(((0, 200),), "A", 0.1), _CELLS),
            _vpp(33, "lead-acid discharge current", Number(((0, 200),), "A", 0.1), _CELLS),
            _vpp(34, "time periods", Slots()),
        )
    }
)
"""The numbered parameters.  2, 6 and 25 to 27 are gone after a restart, all others wear the device's memory."""


def _segment(number: int) -> Setting:
    parameters = (
        Parameter("mode", Choice(NOAH_MODES), (f"time{number}Mode",)),
        Parameter("start", Clock(), (f"time{number}Start",)),
        Parameter("end", Clock(), (f"time{number}End",)),
        Parameter("power", _numbers(0, NOAH_WATTS, "W"), (f"time{number}Power",)),
        Parameter("enabled", _ON, (f"time{number}Enable",)),
    )
    return Segment(f"setTimeSegment{number}", parameters)


_NOAH = (
    _one("setPower", _numbers(0, NOAH_WATTS, "W"), "defaultPower", called="power"),
    _one("setHighLimitSoc", _PERCENT, "chargingSocHighLimit", called="soc"),
    _one("setLowLimitSoc", _PERCENT, "chargingSocLowLimit", called="soc"),
    *(_segment(number) for number in range(1, SEGMENTS + 1)),
    _one("setGridCharge", _ON, "allowGridCharging", called="enabled"),
    _one("setOffGrid", _ON, "gridConnectionControl", called="enabled", dangerous=_BACKUP),
    _one("setDevice", Text(30, r"[0-9A-Za-z]*", "a serial number"), "associatedInvSn", called="inverter"),
)
_COMMON = (
    _one("setOnOrOff", _ON, "onOff", called="on", dangerous=_OFF),
    _one("setPower", _PERCENT, "activeRate", "activePRate", called="power", dangerous=_EXPORT),
)


def _table(settings: Iterable[Setting]) -> Mapping[str, Setting]:
    return MappingProxyType({setting.name: setting for setting in settings})


SETTINGS: Mapping[str, Mapping[str, Setting]] = MappingProxyType(
    {
        kind: _table(_NOAH if kind == "noah" else (*_COMMON, *(VPP.values() if kind in v4.VPP_KINDS else ())))
        for kind in v4.KINDS
    }
)
"""By the kinds of device."""
SCALED = {"set_param_30": 100, "set_param_31": 100, "set_param_32": 10, "set_param_33": 10}
"""Steps of a V and an A, in which these go over the wire."""
_SEGMENT = ("mode", "startTime", "endTime", "power", "enable")


def call(setting: str, texts: Sequence[str]) -> tuple[str, dict[str, str]]:
    """The V4 call and its parameters that write a setting of the tables."""
    if setting.startswith("set_param_"):
        value = texts[0] if setting not in SCALED else str(round(float(texts[0]) * SCALED[setting]))
        return "setVppParameter", {"setType": setting, "value": value}
    if setting.startswith("setTimeSegment"):
        place = setting.removeprefix("setTimeSegment")
        return "setTimeSegment", {"type": place, **dict(zip(_SEGMENT, texts, strict=True))}
    return setting, {"value": texts[0]}


def told_vpp(setting: str, value: Json) -> Json:
    """What ``readVppParameter`` says, in the unit of the table."""
    if setting in SCALED and isinstance(value, (int, float)) and not isinstance(value, bool):
        return value / SCALED[setting]
    return value
