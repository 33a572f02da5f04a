"""EMS: the powers now, and what the energy management is set to (SPEC 6.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.e3dc.protocol import Item, tags
from heliobus.e3dc.simulator.answering import Row, item, reads

if TYPE_CHECKING:
    from heliobus.e3dc.protocol import Value
    from heliobus.e3dc.simulator.answering import Table
    from heliobus.e3dc.simulator.house import Moment

_IDLE, _DISCHARGE, _CHARGE = 0, 1, 2


def _mode(moment: Moment) -> Value:
    battery = moment.flows.battery
    return _IDLE if battery == 0 else _CHARGE if battery > 0 else _DISCHARGE


LIVE: Table[Moment] = reads(
    "EMS",
    {
        "POWER_PV": lambda m: m.flows.pv,
        "POWER_BAT": lambda m: m.flows.battery,
        "POWER_HOME": lambda m: m.flows.home,
        "POWER_GRID": lambda m: m.flows.grid,
        "POWER_ADD": lambda m: m.flows.add,
        "AUTARKY": lambda m: m.flows.autarky,
        "SELF_CONSUMPTION": lambda m: m.flows.self_consumption,
        "BAT_SOC": lambda m: round(m.now.soc),
        "COUPLING_MODE": 3,
        "MODE": _mode,
        "BALANCED_PHASES": 7,
        "INSTALLED_PEAK_POWER": lambda m: round(m.plant.house.peak_power),
        "DERATE_AT_PERCENT_VALUE": lambda m: m.derate_at,
        "DERATE_AT_POWER_VALUE": lambda m: m.derate_at * m.plant.house.peak_power,
        "ERROR_BUZZER_ENABLED": True,
        "POWER_WB_ALL": lambda m: m.flows.wallbox,
        "POWER_WB_SOLAR": 0,
        "EXT_SRC_AVAILABLE": 0,
    },
)


def _specs(moment: Moment) -> Value:
    house = moment.plant.house
    numbers = {
        "hybridModeSupported": 1,
        "installedBatteryCapacity": round(house.battery_capacity),
        "maxAcPower": 12_000,
        "maxBatChargePower": round(house.max_charge),
        "maxBatDischargPower": round(house.max_discharge),
        "startChargeDefault": 65,
        "startDischargeDefault": 65,
    }
    return [
        item(
            tags.EMS_SYS_SPEC,
            [
                item(tags.EMS_SYS_SPEC_INDEX, index),
                item(tags.EMS_SYS_SPEC_NAME, name),
                item(tags.EMS_SYS_SPEC_VALUE_INT, number),
            ],
        )
        for index, (name, number) in enumerate(numbers.items())
    ]


def _given(specs: Moment, _: Item) -> Value:
    return _specs(specs)


TABLE: Table[Moment] = {
    **LIVE,
    tags.EMS_REQ_GET_SYS_SPECS: Row(tags.EMS_GET_SYS_SPECS, _given),
}
