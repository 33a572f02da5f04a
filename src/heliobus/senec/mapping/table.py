"""Every value that has a place in the unified model: where the appliance says it, and what sign and scale it has there.

Source: SPEC section 4; the signs by the balance PV + grid - battery = house in the Perth recording.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

from heliobus.model.quality import Quality
from heliobus.senec.models import (
    FULL_REQUEST,
    LIVE_REQUEST,
    Bat1,
    Bms,
    Energy,
    Factory,
    PowerMeter,
    Pv1,
    Row,
    Sockets,
    Statistic,
    TempMeasure,
    Wallbox,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from heliobus.senec.protocol import Value

REQUESTS = {"live": LIVE_REQUEST, "full": FULL_REQUEST}
"""What is asked for at each level of detail, in one request."""


def _reversed(value: float) -> float:
    return 0.0 - value


def _code(value: int) -> int:
    return value


def _kilo(value: float) -> float:
    return value * 1000


def _tenth(value: float) -> float:
    return value / 10


def _milli(value: float) -> float:
    return value / 1000


class Field(NamedTuple):
    """A variable, and the value that it is in the model: ``name`` in ``part``, whose ``*`` are the places of a list."""

    section: str
    variable: str
    read: Callable[[Value | None], Any]
    part: str
    name: str
    scale: Callable[[Any], Any] | None
    """None: the model's unit and sign are the appliance's."""
    lost: Mapping[str, Quality]
    """The qualities when it did not come; of a list in each place that it usually has."""
    is_list: bool
    unit: str
    """The appliance's."""

    @property
    def path(self) -> str:
        return f"{self.part}.{self.name}"


def _field(section: str, row: Row[Any], part: str, name: str, scale: Callable[[Any], Any] | None = None) -> Field:
    letter = "L" if part.endswith("phases.*") else ""
    paths = [f"{part}.{name}".replace("*", f"{letter}{place}") for place in range(1, max(row.length, 1) + 1)]
    return Field(
        section=section,
        variable=row.variable,
        read=row.read,
        part=part,
        name=name,
        scale=scale,
        lost=dict.fromkeys(paths, Quality.MISSING),
        is_list=row.length > 0,
        unit=row.unit,
    )


FIELDS = (
    _field("ENERGY", Energy.gui_inverter_power, "pv", "power"),
    _field("ENERGY", Energy.gui_grid_pow, "grid", "power"),
    _field("ENERGY", Energy.gui_house_pow, "load", "power"),
    _field("ENERGY", Energy.gui_bat_data_power, "batteries.1", "power", _reversed),
    _field("ENERGY", Energy.gui_bat_data_current, "batteries.1", "current", _reversed),
    _field("ENERGY", Energy.gui_bat_data_voltage, "batteries.1", "voltage"),
    _field("ENERGY", Energy.gui_bat_data_fuel_charge, "batteries.1", "soc"),
    _field("ENERGY", Energy.stat_hours_of_operation, "system", "operating_hours"),
    _field("ENERGY", Energy.stat_state, "system", "state_code", _code),
    _field("PV1", Pv1.mpp_power, "pv.strings.*", "power"),
    _field("PV1", Pv1.mpp_vol, "pv.strings.*", "voltage"),
    _field("PV1", Pv1.mpp_cur, "pv.strings.*", "current"),
    _field("PV1", Pv1.power_ratio, "system", "feed_in_limit_share"),
    _field("PM1OBJ1", PowerMeter.freq, "grid", "frequency"),
    _field("PM1OBJ1", PowerMeter.p_ac, "grid.phases.*", "power"),
    _field("PM1OBJ1", PowerMeter.u_ac, "grid.phases.*", "voltage"),
    _field("PM1OBJ1", PowerMeter.i_ac, "grid.phases.*", "current"),
    _field("TEMPMEASURE", TempMeasure.battery_temp, "batteries.1", "temperature"),
    _field("TEMPMEASURE", TempMeasure.case_temp, "system", "case_temperature"),
    _field("TEMPMEASURE", TempMeasure.mcu_temp, "system", "controller_temperature"),
    # The MASTER counters are those of a cascade's master alone; LIVE_PV_GEN_MASTER is 0 on a single unit (capture 10).
    _field("STATISTIC", Statistic.live_pv_gen, "pv", "energy", _kilo),
    _field("STATISTIC", Statistic.live_house_cons, "load", "energy", _kilo),
    _field("STATISTIC", Statistic.live_grid_import, "grid", "import_energy", _kilo),
    _field("STATISTIC", Statistic.live_grid_export, "grid", "export_energy", _kilo),
    _field("STATISTIC", Statistic.live_bat_charge, "batteries.1", "charge_energy", _kilo),
    _field("STATISTIC", Statistic.live_bat_discharge, "batteries.1", "discharge_energy", _kilo),
    _field("STATISTIC", Statistic.live_wb_energy, "wallboxes.*", "energy"),
    _field("WALLBOX", Wallbox.state, "wallboxes.*", "state_code", _code),
    _field("WALLBOX", Wallbox.ev_connected, "wallboxes.*", "car_connected", _code),
    _field("WALLBOX", Wallbox.l1_charging_current, "wallboxes.*.phases.L1", "current"),
    _field("WALLBOX", Wallbox.l2_charging_current, "wallboxes.*.phases.L2", "current"),
    _field("WALLBOX", Wallbox.l3_charging_current, "wallboxes.*.phases.L3", "current"),
    _field("WALLBOX", Wallbox.set_icmax, "wallboxes.*", "current_limit"),
    _field("FACTORY", Factory.design_capacity, "batteries.1", "capacity"),
    _field("FACTORY", Factory.max_charge_power_dc, "batteries.1.limits", "max_charge"),
    _field("FACTORY", Factory.max_discharge_power_dc, "batteries.1.limits", "max_discharge"),
    _field("BAT1", Bat1.spare_capacity, "batteries.1.limits", "reserve_soc"),
    _field("BMS", Bms.system_soh, "batteries.1", "soh", _tenth),
    _field("BMS", Bms.soc, "batteries.1.modules.*", "soc"),
    _field("BMS", Bms.soh, "batteries.1.modules.*", "soh"),
    _field("BMS", Bms.voltage, "batteries.1.modules.*", "voltage"),
    _field("BMS", Bms.current, "batteries.1.modules.*", "current", _reversed),
    _field("BMS", Bms.cycles, "batteries.1.modules.*", "cycles"),
    _field("BMS", Bms.charged_energy, "batteries.1.modules.*", "charge_energy", _milli),
    _field("BMS", Bms.discharged_energy, "batteries.1.modules.*", "discharge_energy", _milli),
    _field("BMS", Bms.temp_min, "batteries.1.modules.*", "temperature_min"),
    _field("BMS", Bms.temp_max, "batteries.1.modules.*", "temperature_max"),
    _field("PV1", Pv1.state_int, "inverters.*", "state_code", _code),
    # The meter of the house counts what the house takes; no recording has one in use, so the sign is inferred.
    _field("PM1OBJ2", PowerMeter.p_total, "meters.2", "power", _reversed),
    _field("PM1OBJ2", PowerMeter.p_ac, "meters.2.phases.*", "power", _reversed),
    _field("PM1OBJ2", PowerMeter.u_ac, "meters.2.phases.*", "voltage"),
    _field("PM1OBJ2", PowerMeter.i_ac, "meters.2.phases.*", "current"),
    _field("SOCKETS", Sockets.power_on, "switches.*", "on", _code),
)


class SectionPlan(NamedTuple):
    """What is asked of one section: single values, and lists with a place per member."""

    name: str
    singles: tuple[Field, ...]
    lists: tuple[Field, ...]
    lost: Mapping[str, Quality]
    """The qualities when the answer has no such section."""


@functools.cache
def plan(detail: str) -> tuple[SectionPlan, ...]:
    """What is asked for at this detail."""
    asked = REQUESTS[detail]
    plans = []
    for section in dict.fromkeys(field.section for field in FIELDS):
        fields = [one for one in FIELDS if one.section == section and one.variable in asked.get(section, ())]
        plans.append(
            SectionPlan(
                name=section,
                singles=tuple(one for one in fields if not one.is_list),
                lists=tuple(one for one in fields if one.is_list),
                lost={path: quality for one in fields for path, quality in one.lost.items()},
            )
        )
    return tuple(plans)
