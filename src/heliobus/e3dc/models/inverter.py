"""Inverters (PVI), per phase, per string and per temperature sensor (SPEC 6.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heliobus.e3dc.models.indexed import INVERTER, Unit, answers_inside, holds_values, index_of
from heliobus.e3dc.models.rows import Record, Row, choice, flag, number, text, whole
from heliobus.e3dc.protocol import Item, Type, tags

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

_VALUE = tags.PVI_VALUE


def _valued(tag: int, unit: str, meaning: str) -> Row[float]:
    """A value that travels as ``{ PVI_INDEX, PVI_VALUE }``."""
    return number(tag, unit, meaning, child=_VALUE)


@dataclass(frozen=True, repr=False, kw_only=True)
class Phase(Record):
    """One phase of an inverter; ``index`` 0 is L1.  Powers + are production."""

    index: int

    power = _valued(tags.PVI_REQ_AC_POWER, "W", "active power")
    voltage = _valued(tags.PVI_REQ_AC_VOLTAGE, "V", "voltage")
    current = _valued(tags.PVI_REQ_AC_CURRENT, "A", "current")
    apparent_power = _valued(tags.PVI_REQ_AC_APPARENTPOWER, "VA", "apparent power")
    reactive_power = _valued(tags.PVI_REQ_AC_REACTIVEPOWER, "var", "reactive power")
    frequency = _valued(tags.PVI_REQ_AC_FREQUENCY, "Hz", "frequency of the mains")
    energy_all = _valued(tags.PVI_REQ_AC_ENERGY_ALL, "Wh", "fed in since it was built in")
    energy_grid_consumption = _valued(tags.PVI_REQ_AC_ENERGY_GRID_CONSUMPTION, "Wh", "drawn from the grid")


@dataclass(frozen=True, repr=False, kw_only=True)
class String(Record):
    """One string; ``index`` as the vendor counts: from 0."""

    index: int

    power = _valued(tags.PVI_REQ_DC_POWER, "W", "power")
    voltage = _valued(tags.PVI_REQ_DC_VOLTAGE, "V", "voltage")
    current = _valued(tags.PVI_REQ_DC_CURRENT, "A", "current")
    energy_all = _valued(tags.PVI_REQ_DC_STRING_ENERGY_ALL, "Wh", "since it was built in")


class BriefInverter(Unit):
    """What there is to ask about."""

    kind = INVERTER

    type = choice(tags.PVI_REQ_TYPE, "pvi_type", "model")
    phase_count = whole(tags.PVI_REQ_AC_MAX_PHASE_COUNT, "phases")
    used_string_count = whole(tags.PVI_REQ_USED_STRING_COUNT, "strings with modules")
    temperature_count = whole(tags.PVI_REQ_TEMPERATURE_COUNT, "temperature sensors")


@dataclass(frozen=True, repr=False, kw_only=True)
class Inverter(BriefInverter):
    """Everything that is told of an inverter; ``temperatures`` in °C in the order of the sensors."""

    phases: tuple[Phase, ...] = ()
    strings: tuple[String, ...] = ()
    temperatures: tuple[float | None, ...] = ()

    on_grid = flag(tags.PVI_REQ_ON_GRID, "feeds the grid")
    state = text(tags.PVI_REQ_STATE, "its state in its own words")
    last_error = text(tags.PVI_REQ_LAST_ERROR, "its last error in its own words")
    serial_number = text(tags.PVI_REQ_SERIAL_NUMBER, "serial number")
    version_main = text(tags.PVI_REQ_VERSION, "version of the firmware", child=tags.PVI_VERSION_MAIN)
    version_pic = text(tags.PVI_REQ_VERSION, "version of the controller", child=tags.PVI_VERSION_PIC)
    system_mode = choice(tags.PVI_REQ_SYSTEM_MODE, "pvi_system_mode", "how it works")
    power_mode = choice(tags.PVI_REQ_POWER_MODE, "pvi_power_mode", "whether it is on")
    max_string_count = whole(tags.PVI_REQ_DC_MAX_STRING_COUNT, "strings that it could have")
    max_apparent_power = _valued(tags.PVI_REQ_AC_MAX_APPARENTPOWER, "VA", "limit")
    max_temperature = _valued(tags.PVI_REQ_MAX_TEMPERATURE, "°C", "of the hottest sensor")
    min_temperature = _valued(tags.PVI_REQ_MIN_TEMPERATURE, "°C", "of the coldest sensor")
    cos_phi = number(tags.PVI_REQ_COS_PHI, "", "power factor", child=tags.PVI_COS_PHI_VALUE)
    cos_phi_active = flag(tags.PVI_REQ_COS_PHI, "whether it is held", child=tags.PVI_COS_PHI_IS_AKTIV)
    cos_phi_excited = flag(tags.PVI_REQ_COS_PHI, "whether it is capacitive", child=tags.PVI_COS_PHI_EXCITED)
    frequency_under = number(tags.PVI_REQ_FREQUENCY_UNDER_OVER, "Hz", "limit", child=tags.PVI_FREQUENCY_UNDER)
    frequency_over = number(tags.PVI_REQ_FREQUENCY_UNDER_OVER, "Hz", "limit", child=tags.PVI_FREQUENCY_OVER)
    threshold_top = number(
        tags.PVI_REQ_VOLTAGE_MONITORING, "V", "limit", child=tags.PVI_VOLTAGE_MONITORING_THRESHOLD_TOP
    )
    threshold_bottom = number(
        tags.PVI_REQ_VOLTAGE_MONITORING, "V", "limit", child=tags.PVI_VOLTAGE_MONITORING_THRESHOLD_BOTTOM
    )
    slope_up = number(tags.PVI_REQ_VOLTAGE_MONITORING, "V", "limit", child=tags.PVI_VOLTAGE_MONITORING_SLOPE_UP)
    slope_down = number(tags.PVI_REQ_VOLTAGE_MONITORING, "V", "limit", child=tags.PVI_VOLTAGE_MONITORING_SLOPE_DOWN)
    device_connected = flag(tags.PVI_REQ_DEVICE_STATE, "is there", child=tags.PVI_DEVICE_CONNECTED)
    device_working = flag(tags.PVI_REQ_DEVICE_STATE, "works", child=tags.PVI_DEVICE_WORKING)
    device_in_service = flag(tags.PVI_REQ_DEVICE_STATE, "is being serviced", child=tags.PVI_DEVICE_IN_SERVICE)

    @classmethod
    def ask(cls, index: int, *, phases: int = 0, strings: int = 0, sensors: int = 0) -> Item:
        """The request for the one at ``index``, with so many of its parts."""
        asked = [
            Item(tag, Type.UINT16, place)
            for count, of_a_part in ((phases, Phase.rows), (strings, String.rows), (sensors, _SENSOR))
            for place in range(count)
            for tag in dict.fromkeys(row.tag for row in of_a_part.values())
        ]
        return cls.kind.ask(index, *cls.requests(), *asked)

    @classmethod
    def read(cls, request: Item, answer: Item | None) -> Self | None:
        own, by_place = answers_inside(request, answer)
        if not holds_values(own.values()):
            return None
        parts = by_place.items()
        return cls(
            own,
            index=index_of(request),
            phases=tuple(Phase(answers, index=place) for place, answers in parts if _told(Phase, answers)),
            strings=tuple(String(answers, index=place) for place, answers in parts if _told(String, answers)),
            temperatures=tuple(_WARMTH.read(answers[_WARMTH.tag]) for _, answers in parts if _WARMTH.tag in answers),
        )


_WARMTH = _valued(tags.PVI_REQ_TEMPERATURE, "°C", "of one sensor")
_SENSOR = {"temperature": _WARMTH}


def _told(part: type[Record], answers: Mapping[int, Item]) -> bool:
    """Whether something is told of a part."""
    return holds_values(answer for row in part.rows.values() if (answer := answers.get(row.tag)) is not None)
