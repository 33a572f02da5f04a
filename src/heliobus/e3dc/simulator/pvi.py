"""PVI: the inverters, by phase and by string (SPEC 6.3).

A hybrid inverter feeds what the roof gives and the battery gives or takes: what the house draws less what comes from
the grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Value
from heliobus.e3dc.simulator.answering import asks, indexed, items, reads

if TYPE_CHECKING:
    from collections.abc import Callable

    from heliobus.e3dc.simulator.answering import Table
    from heliobus.e3dc.simulator.house import Moment
    from heliobus.simulation.plant import PhaseState, StringState

_BOUNDS = ErrorAnswer(ErrorCode.OUT_OF_BOUNDS)
_E3DC = 3  # type of the inverter
_APPARENT = 12_000.0  # VA
_SENSORS = 4


@dataclass(frozen=True, slots=True)
class Inverter:
    """One inverter at one moment, with its share of the strings."""

    moment: Moment
    index: int

    @property
    def _count(self) -> int:
        return self.moment.equipment.inverters

    @property
    def phases(self) -> tuple[PhaseState, ...]:
        """The mains where it feeds."""
        return self.moment.now.grid_phases[: self.moment.plant.house.phases]

    @property
    def power(self) -> float:
        """What it feeds on each phase, W."""
        now = self.moment.now
        return (now.load - now.grid) / self._count / len(self.phases)

    @property
    def strings(self) -> tuple[StringState, ...]:
        return self.moment.now.strings[self.index :: self._count]

    @property
    def own(self) -> float:
        """The share of the production that is not a foreign inverter's."""
        return 1.0 - self.moment.equipment.external

    @property
    def energy(self) -> float:
        """The production of each string since the commissioning, Wh."""
        return self.own * self.moment.energy.pv / len(self.moment.now.strings)

    def warmth(self, sensor: int) -> float:
        return self.moment.now.case_temperature + 2.0 * sensor


def _valued(inverter: Inverter, value: float) -> list[Item]:
    return items("PVI", {"INDEX": inverter.index, "VALUE": value})


def _at(count: Callable[[Inverter], int], value: Callable[[Inverter, int], float]) -> Callable[[Inverter, Item], Value]:
    """The content for a request that names a phase, a string or a sensor."""

    def content(inverter: Inverter, asked: Item) -> Value:
        place = asked.value
        if not isinstance(place, int) or place not in range(count(inverter)):
            return _BOUNDS
        return items("PVI", {"INDEX": place, "VALUE": value(inverter, place)})

    return content


def _phase(value: Callable[[Inverter, int], float]) -> Callable[[Inverter, Item], Value]:
    return _at(lambda inverter: len(inverter.phases), value)


def _string(value: Callable[[Inverter, int], float]) -> Callable[[Inverter, Item], Value]:
    return _at(lambda inverter: len(inverter.strings), value)


_WHOLE: Table[Inverter] = reads(
    "PVI",
    {
        "ON_GRID": True,
        "STATE": "3",
        "LAST_ERROR": "NONE",
        "TYPE": _E3DC,
        "SYSTEM_MODE": 1,
        "POWER_MODE": lambda i: 1 if i.moment.now.pv > 0 else 0,
        "SERIAL_NUMBER": lambda i: f"PV{i.moment.plant.seed % 10**6:06d}{i.index}",
        "VERSION": items("PVI", {"VERSION_MAIN": "P3.08", "VERSION_PIC": "C1.4"}),
        "COS_PHI": items("PVI_COS_PHI", {"VALUE": 1.0, "IS_AKTIV": False, "EXCITED": 0}),
        "VOLTAGE_MONITORING": items(
            "PVI_VOLTAGE_MONITORING",
            {"THRESHOLD_TOP": 253.0, "THRESHOLD_BOTTOM": 184.0, "SLOPE_UP": 288.0, "SLOPE_DOWN": 104.0},
        ),
        "FREQUENCY_UNDER_OVER": items("PVI_FREQUENCY", {"UNDER": 47.5, "OVER": 51.5}),
        "AC_MAX_PHASE_COUNT": lambda i: len(i.phases),
        "DC_MAX_STRING_COUNT": lambda i: len(i.strings),
        "USED_STRING_COUNT": lambda i: len(i.strings),
        "TEMPERATURE_COUNT": _SENSORS,
        "MAX_TEMPERATURE": lambda i: _valued(i, i.warmth(_SENSORS - 1)),
        "MIN_TEMPERATURE": lambda i: _valued(i, i.warmth(0)),
        "AC_MAX_APPARENTPOWER": lambda i: _valued(i, _APPARENT),
        "ROTARY_FIELD_DIRECTION": 1,
        "DEVICE_STATE": items("PVI_DEVICE", {"CONNECTED": True, "WORKING": True, "IN_SERVICE": False}),
    },
)

_PARTS: Table[Inverter] = asks(
    "PVI",
    {
        "TEMPERATURE": _at(lambda _: _SENSORS, lambda i, sensor: i.warmth(sensor)),
        "AC_POWER": _phase(lambda i, _: i.power),
        "AC_VOLTAGE": _phase(lambda i, phase: i.phases[phase].voltage),
        "AC_CURRENT": _phase(lambda i, phase: abs(i.power) / i.phases[phase].voltage),
        "AC_APPARENTPOWER": _phase(lambda i, _: abs(i.power)),
        "AC_REACTIVEPOWER": _phase(lambda _, __: 0.0),
        "AC_FREQUENCY": _phase(lambda i, _: i.moment.now.grid_frequency),
        "AC_ENERGY_ALL": _phase(lambda i, _: i.energy * len(i.strings) / len(i.phases)),
        "AC_ENERGY_GRID_CONSUMPTION": _phase(lambda _, __: 0.0),
        "DC_POWER": _string(lambda i, string: i.own * i.strings[string].power),
        "DC_VOLTAGE": _string(lambda i, string: i.strings[string].voltage),
        "DC_CURRENT": _string(lambda i, string: i.own * i.strings[string].current),
        "DC_MAX_POWER": _string(lambda _, __: 8_000.0),
        "DC_MAX_VOLTAGE": _string(lambda _, __: 850.0),
        "DC_STRING_ENERGY_ALL": _string(lambda i, _: i.energy),
    },
)


def _inverter(moment: Moment, index: int) -> Inverter | None:
    return Inverter(moment, index) if index in range(moment.equipment.inverters) else None


TABLE: Table[Moment] = {
    **indexed("PVI", {**_WHOLE, **_PARTS}, _inverter),
    **reads("PVI", {"INVERTER_COUNT": lambda m: m.equipment.inverters}),
}
