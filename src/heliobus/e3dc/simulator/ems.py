"""EMS: the powers now, and the energy management's state and limits (SPEC 6.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Timestamp, Value, tags
from heliobus.e3dc.simulator.answering import Row, item, items, reads
from heliobus.e3dc.simulator.house import FULL
from heliobus.e3dc.simulator.settings import CHARGE, DISCHARGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from heliobus.e3dc.simulator.answering import Table
    from heliobus.e3dc.simulator.house import Moment

_IDLE, _DISCHARGING, _CHARGING = range(3)
_AC_POWER = 12_000
_NO_GENERATOR = 255
_ALMOST = 0.005  # %

LIVE: Table[Moment] = reads(
    "EMS",
    {
        "POWER_PV": lambda m: m.flows.pv,
        "POWER_BAT": lambda m: m.flows.battery,
        "POWER_HOME": lambda m: m.flows.home,
        "POWER_GRID": lambda m: m.flows.grid,
        "POWER_ADD": lambda m: m.flows.add,
        "POWER_WB_ALL": lambda m: m.flows.wallbox,
        "POWER_WB_SOLAR": lambda m: m.flows.wallbox_solar,
        "AUTARKY": lambda m: m.flows.autarky,
        "SELF_CONSUMPTION": lambda m: m.flows.self_consumption,
        "BAT_SOC": lambda m: round(m.now.soc),
    },
)
"""What a farm's controller answers, too."""


def _mode(moment: Moment) -> Value:
    battery = moment.flows.battery
    return _IDLE if battery == 0 else _CHARGING if battery > 0 else _DISCHARGING


def _bits(always: Iterable[int], now: Mapping[int, bool]) -> int:
    """The number with the bits ``always``, and those that hold ``now``."""
    return sum(1 << bit for bit in (*always, *(bit for bit, holds in now.items() if holds)))


def _blocked(moment: Moment, kind: int) -> bool:
    return moment.settings.blocked(kind, moment.shown.astimezone(moment.zone))


def _status(moment: Moment) -> Value:
    charge, discharge = _blocked(moment, CHARGE), _blocked(moment, DISCHARGE)
    emergency_power_possible = 2
    return _bits(
        [emergency_power_possible],
        {
            0: charge,
            1: discharge,
            3: moment.settings.weather_regulated,
            4: moment.derated,
            5: charge,
            6: discharge,
        },
    )


_HEALTHY = (0, 1, 2, 3, 4, 5, 7, 11)
"""Alive: DC/DC, power meter, battery, PV module, inverter, server, EMS; and the configuration is checked."""


def _system_status(moment: Moment) -> Value:
    settings = moment.settings
    return _bits(
        _HEALTHY,
        {
            6: moment.derated,
            14: bool(moment.equipment.wallboxes),
            15: settings.powersave,
            16: _blocked(moment, CHARGE),
            17: _blocked(moment, DISCHARGE),
            18: settings.weather_regulated and moment.now.pv <= 0,
            20: moment.now.soc <= settings.reserve + _ALMOST,
        },
    )


def _specs(moment: Moment) -> Value:
    house = moment.plant.house
    values: dict[str, Value] = {
        "hybridModeSupported": 1,
        "installedBatteryCapacity": round(house.battery_capacity),
        "maxAcPower": _AC_POWER,
        "maxBatChargePower": round(house.max_charge),
        "maxBatDischargPower": round(house.max_discharge),
        "maxChargePower": round(house.max_charge),
        "maxDischargePower": round(house.max_discharge),
        "maxFbcChargePower": 3_000,
        "maxFbcDischargePower": 3_000,
        "maxPvPower": ErrorAnswer(ErrorCode.NOT_AVAILABLE),
        "maxStartChargePower": 200,
        "maxStartDischargePower": 200,
        "minStartChargePower": 65,
        "minStartDischargePower": 65,
        "recommendedMinChargeLimit": 600,
        "recommendedMinDischargeLimit": 600,
        "startChargeDefault": 65,
        "startDischargeDefault": 65,
    }
    return [
        item(tags.EMS_SYS_SPEC, items("EMS_SYS_SPEC", {"INDEX": index, "NAME": name, "VALUE_INT": value}))
        for index, (name, value) in enumerate(values.items())
    ]


_TEST_OF_EMERGENCY_POWER = items("EMS_EPTEST", {"NEXT_TESTSTART": Timestamp(0), "START_COUNTER": 0, "RUNNING": False})
_ERROR = items(
    "EMS_ERROR",
    {"TYPE": 1, "SOURCE": "PVI", "MESSAGE": "Netzüberwachung", "CODE": 1042, "TIMESTAMP": 1_750_000_000},
)

_STATE: Table[Moment] = reads(
    "EMS",
    {
        "COUPLING_MODE": 3,
        "MODE": _mode,
        "BALANCED_PHASES": 7,
        "INSTALLED_PEAK_POWER": lambda m: round(m.plant.house.peak_power),
        "DERATE_AT_PERCENT_VALUE": lambda m: m.derate_at,
        "DERATE_AT_POWER_VALUE": lambda m: m.derate_at * m.plant.house.peak_power,
        "EXT_SRC_AVAILABLE": lambda m: int(m.equipment.external > 0),
        "STATUS": _status,
        "STORED_ERRORS": [item(tags.EMS_ERROR_CONTAINER, _ERROR)],
        "USED_CHARGE_LIMIT": lambda m: _limit(m, m.settings.max_charge, m.plant.house.max_charge),
        "BAT_CHARGE_LIMIT": lambda m: round(m.plant.house.max_charge),
        "DCDC_CHARGE_LIMIT": lambda m: round(m.plant.house.max_charge),
        "USER_CHARGE_LIMIT": lambda m: m.settings.max_charge,
        "USED_DISCHARGE_LIMIT": lambda m: -_limit(m, m.settings.max_discharge, m.plant.house.max_discharge),
        "BAT_DISCHARGE_LIMIT": lambda m: -round(m.plant.house.max_discharge),
        "DCDC_DISCHARGE_LIMIT": lambda m: -round(m.plant.house.max_discharge),
        "USER_DISCHARGE_LIMIT": lambda m: -m.settings.max_discharge,
        "REMAINING_BAT_CHARGE_POWER": lambda m: round(max(m.plant.house.max_charge + min(m.now.battery, 0), 0)),
        "REMAINING_BAT_DISCHARGE_POWER": lambda m: round(max(m.plant.house.max_discharge - max(m.now.battery, 0), 0)),
        "EMERGENCY_POWER_STATUS": 2,
        "IDLE_PERIOD_CHANGE_MARKER": 0,
        "SETTINGS_CHANGE_MARKER": 0,
        "GET_GENERATOR_STATE": _NO_GENERATOR,
        "EMERGENCYPOWER_TEST_STATUS": _TEST_OF_EMERGENCY_POWER,
        "RESCUE_BAT_MODE": False,
        "IS_PV_DERATING": lambda m: m.derated,
        "POWER_ADD_SINKS": 0,
        "IP_REMOTE_CONTROL": lambda m: m.device.master,
        "EP_RESERVE": lambda m: m.settings.reserve / FULL * m.plant.house.battery_capacity,
        "BAT_CURRENT_IN": lambda m: max(-m.now.battery_current, 0.0),
        "BAT_CURRENT_OUT": lambda m: max(m.now.battery_current, 0.0),
        "GET_PARTIAL_GRID": False,
        "DERATE_AT_CONNECTED_POWER": False,
        "WB_AVAILABLE": lambda m: bool(m.equipment.wallboxes),
        "WB_PREFERRED_CHARGE_POWER": 11_000,
        "GET_SYS_SPECS": _specs,
    },
)


def _limit(moment: Moment, user: int, built: float) -> int:
    return min(user, round(built)) if moment.settings.limits_used else round(built)


TABLE: Table[Moment] = {
    **LIVE,
    **_STATE,
    # The answer has no bit of answers.
    tags.EMS_REQ_SYS_STATUS: Row(tags.EMS_SYS_STATUS, lambda moment, _: _system_status(moment)),
}
