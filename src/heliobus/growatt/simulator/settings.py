"""What the simulated inverter is set to, and what the cloud tells of it: the same, 3 to 90 s later.

Answers and limits as SPEC "Settings writes" has them: the codes of the app's calls, which other routes translate.  The
device has a write at once; the cloud shows writes in their order, each after a lag of its own.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from heliobus.growatt.control import FAMILIES
from heliobus.growatt.protocol import number, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from heliobus.growatt.control import Parameter, Setting
    from heliobus.growatt.protocol import Json
    from heliobus.transport.clock import Clock

SHORTEST_LAG, LONGEST_LAG = 3.0, 90.0
OFFLINE, LOGGER_OFFLINE, UNKNOWN_TYPE, EMPTY, OUT_OF_RANGE, BAD_TIME, NO_PERMISSION = (
    *("504", "505", "506", "507", "508"),
    *("509", "701"),
)
NO_TIMES = "0:0"


@dataclass(frozen=True, slots=True)
class _Shown:
    """A write that the cloud will show from ``at`` on."""

    at: datetime
    values: Mapping[str, Json]


class SettingsStore:
    """The settings of one inverter of a family.

    ``next_codes`` are answered to the next writes instead of doing them ("" lets one pass); with ``lossy`` the cloud
    takes every write and the inverter none.
    """

    def __init__(self, family: str, clock: Clock, *, seed: int = 0) -> None:
        self.family = family
        self.device: dict[str, Json] = dict(_beans(family))
        """What the inverter has, in the names of the settings that are told."""
        self.untold: dict[str, tuple[str, ...]] = {}
        """The last write of each setting that is not told."""
        self.next_codes: list[str] = []
        self.lossy = False
        self._clock = clock
        self._random = random.Random(f"settings {seed}")  # noqa: S311, no secret
        self._shown = dict(self.device)
        self._coming: list[_Shown] = []

    def shown(self) -> dict[str, Json]:
        """What the cloud tells now."""
        now = self._clock.now()
        while self._coming and self._coming[0].at <= now:
            self._shown |= self._coming.pop(0).values
        return dict(self._shown)

    def write(self, name: str, parameters: Sequence[str]) -> str | None:
        """Write a setting; None when it is taken, else the code of the refusal.

        Hours with or without a leading zero do.  Parameters that are missing at the end of three periods clear them.
        """
        if self.next_codes and (code := self.next_codes.pop(0)):
            return code
        setting = FAMILIES.get(self.family, {}).get(name)
        if setting is None:
            return UNKNOWN_TYPE
        texts = _padded(setting, parameters)
        if refused := _refusal(setting, texts):
            return refused
        if not self.lossy:
            self._take(setting, texts)
        return None

    def _take(self, setting: Setting, texts: Sequence[str]) -> None:
        values: dict[str, Json] = {}
        for parameter, written in zip(setting.parameters, texts, strict=False):
            held = self.device if not parameter.names else self.device | values
            names = [name for name in parameter.names if name in held]
            values |= {name: _told(parameter, written, held[name]) for name in names}
        if not values or any(not parameter.names for parameter in setting.parameters):
            self.untold[setting.name] = tuple(texts)
        self.device |= values
        at = self._clock.now() + timedelta(seconds=self._random.uniform(SHORTEST_LAG, LONGEST_LAG))
        if self._coming:
            at = max(at, self._coming[-1].at)
        self._coming.append(_Shown(at, values))


def _padded(setting: Setting, parameters: Sequence[str]) -> tuple[str, ...]:
    """The parameters as the server takes them: what clients send in vain at the end is cut off."""
    given = list(parameters[: len(setting.parameters)])
    if len(setting.periods) > 1:
        given += ["0"] * (len(setting.parameters) - len(given))
    while given and not given[-1]:
        given.pop()
    return tuple(given)


def _refusal(setting: Setting, texts: Sequence[str]) -> str | None:
    """The code for parameters that do not do."""
    needed = sum(not parameter.optional for parameter in setting.parameters)
    if len(texts) < needed or not all(texts):
        return EMPTY
    for parameter, written in zip(setting.parameters, texts, strict=False):
        if parameter.kind.write(written) is None:
            return BAD_TIME if "hour" in parameter.name or parameter.name == "time" else OUT_OF_RANGE
    for place, _ in setting.periods:
        hour, minute, last_hour, last_minute = (int(one) for one in texts[place : place + 4])
        if (last_hour, last_minute) < (hour, minute):
            return BAD_TIME
    return None


def _told(parameter: Parameter, written: str, held: Json) -> Json:
    """A value as the cloud writes it: as it wrote the one before, times without leading zeros."""
    if parameter.part is not None:
        parts = (text(held) or NO_TIMES).split(":")
        parts[parameter.part] = str(int(written))
        return ":".join(parts)
    read = parameter.kind.read(written)
    if isinstance(held, bool):
        return bool(read)
    value = read if isinstance(read, float) else number(read)
    if isinstance(held, str) or value is None:
        return written if value is None else f"{value:g}"
    return int(value) if value.is_integer() else value


# -- what an inverter comes with


def _beans(family: str) -> Mapping[str, Json]:
    return _BEANS.get(family, MappingProxyType({}))


def _three(name: str, value: Json) -> dict[str, Json]:
    return {name.format(place): value for place in (1, 2, 3)}


_HYBRID: Mapping[str, Json] = {
    "chargePowerCommand": 100,
    "disChargePowerCommand": 100,
    **{f"wchargeSOCLowLimit{suffix}": 100 for suffix in ("", "1", "2")},
    **{f"wdisChargeSOCLowLimit{suffix}": 10 for suffix in ("", "1", "2")},
    **_three("forcedChargeTimeStart{}", NO_TIMES),
    **_three("forcedChargeTimeStop{}", NO_TIMES),
    **_three("forcedDischargeTimeStart{}", NO_TIMES),
    **_three("forcedDischargeTimeStop{}", NO_TIMES),
    "epsFunEn": True,
    "epsFreqSet": 0,
    "epsVoltSet": 0,
    "onOff": True,
    "pvPfCmdMemoryState": False,
    "priorityChoose": 0,
}
_TLX: dict[str, Json] = {
    "chargePowerCommand": 100,
    "wchargeSOCLowLimit": 100,
    "disChargePowerCommand": 100,
    "wdisChargeSOCLowLimit": 10,
    "onGridDischargeStopSOC": 10,
    "ubAcChargingStopSOC": 100,
    "acChargeEnable": 0,
    "onOff": 1,
    "activeRate": 100,
    "reactiveRate": 0,
    "powerFactor": 1,
    "voltageHighLimit": 253,
    "voltageLowLimit": 195.5,
    "pvPfCmdMemoryState": 0,
    "epsFunEn": 0,
    "epsFreqSet": 0,
    "epsVoltSet": 0,
    "exportLimit": 0,
    "exportLimitPowerRate": 0,
    "sysTime": "2026-06-01 12:00:00",
    "priorityChoose": 0,
    "yearTime1": "0_0_0_0_0_0_0",
}
for _place in range(1, 10):
    _TLX |= {
        f"forcedTimeStart{_place}": NO_TIMES,
        f"forcedTimeStop{_place}": NO_TIMES,
        f"forcedStopSwitch{_place}": 0,
        f"time{_place}Mode": 0,
    }
_NOAH: dict[str, Json] = {"chargingSocHighLimit": "100", "chargingSocLowLimit": "10"}
for _place in range(1, 10):
    _NOAH |= {
        f"time_segment{_place}_mode": "0",
        f"time_segment{_place}_start": NO_TIMES,
        f"time_segment{_place}_end": NO_TIMES,
        f"time_segment{_place}_power": "0",
        f"time_segment{_place}_enable": "0",
    }

_BEANS: Mapping[str, Mapping[str, Json]] = MappingProxyType(
    {
        "mix": {
            **_HYBRID,
            **_three("forcedChargeStopSwitch{}", value=False),
            **_three("forcedDischargeStopSwitch{}", value=False),
            "acChargeEnable": False,
            "activeRate": 100,
            "reactiveRate": 100,
            "exportLimit": 0,
            "exportLimitPowerRate": 0,
            "voltageHighLimit": 263.0,
            "voltageLowLimit": 186.0,
            "sysTime": "2026-06-01 12:00:00",
        },
        "spa": {
            **_HYBRID,
            **_three("batFirstSwitch{}", 0),
            **_three("gridFirstSwitch{}", value=False),
            **_three("loadFirstStartTime{}", NO_TIMES),
            **_three("loadFirstStopTime{}", NO_TIMES),
            **_three("loadFirstSwitch{}", value=False),
            "activePRate": 100,
            "reactivePRate": 100,
            "vacHigh": 264.5,
            "vacLow": 184.0,
            "sysTime": "2026-06-01 12:00:00",
        },
        "tlx": _TLX,
        "max": {
            "onOff": True,
            "activeRate": 100.0,
            "reactiveRate": 0.0,
            "voltageHighLimit": 253.0,
            "voltageLowLimit": 195.0,
            "pvPfCmdMemoryState": 0,
            "sysTime": "2026-06-01 12:00:00",
        },
        "inverter": {
            "onOff": "1",
            "activeRate": "100",
            "reactiveRate": "0",
            "voltageHighLimit": "253",
            "voltageLowLimit": "195",
            "pvPfCmdMemoryState": "0",
            "sysTime": "2026-06-01 12:00:00",
        },
        "storage": {
            "outputConfig": 0.0,
            "chargeConfig": 0,
            "utiOutStart": 0.0,
            "utiOutEnd": 0.0,
            "utiChargeStart": 0.0,
            "utiChargeEnd": 0.0,
            "pvModel": 0.0,
            "acInModel": 0.0,
            "outputVoltType": 1.0,
            "outputFreqType": 0.0,
            "overLoadRestart": 1.0,
            "overTempRestart": 1.0,
            "buzzerEN": 1,
            "maxChargeCurr": 60.0,
            "batLowToUtiVolt": 46.0,
            "batteryType": 0,
            "sysTime": "2026-06-01 12:00:00",
        },
        "noah": {**_NOAH, "defaultPower": "200"},
        "nexa": {
            **_NOAH,
            "defaultMode": "0",
            "defaultACCouplePower": "100",
            "allowGridCharging": "1",
            "gridConnectionControl": "0",
            "acCouplePowerControl": "1",
            "antiBackflowEnable": "1",
        },
    }
)


def noah_segments(shown: Mapping[str, Json]) -> list[dict[str, str]]:
    """The segments as a NOAH's cloud lists them, each as one text."""
    parts = ("mode", "start", "end", "power", "enable")
    return [
        {f"time_segment{place}": "_".join(str(shown.get(f"time_segment{place}_{part}", "0")) for part in parts)}
        for place in range(1, 10)
    ]
