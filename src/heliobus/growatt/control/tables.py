"""The setting types of every family (SPEC "Settings writes", A.12, C.5), and the names under which they are told back.

Ranges are those of the documents; where they name none, they are what the hardware can mean at all, and the server has
the last word (508).  A parameter without names is not told back by any route that is known.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from heliobus.growatt.control.kinds import Choice, Kind, Moment, Number, Switch, Text
from heliobus.growatt.control.setting import Parameter, Period, Setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PERCENT = Number(((0, 100),), "%")
_HOUR, _MINUTE = Number(((0, 23),)), Number(((0, 59),))
_VOLTS = Number(((50, 600),), "V", 0.1)
_ON = Switch()
_FACTOR = Number(((-1, -0.8), (0.8, 1)), step=0.01)
_REGISTER = Number(((0, 65535),))
MODES: Mapping[str, str] = MappingProxyType({"0": "load", "1": "battery", "2": "grid"})
"""What comes first in a time segment of a MIN."""
NOAH_MODES: Mapping[str, str] = MappingProxyType({"0": "load", "1": "battery", "2": "smart"})

_GRID = "touches the grid's protection: outside its rules the plant may not run"
_OFF = "switches the inverter on or off"
_BACKUP = "changes the backup supply of the house"
_EXPORT = "changes how much may be fed in"
_ANYTHING = "writes any register of the inverter"


def _one(name: str, kind: Kind, *names: str, dangerous: str | None = None, called: str = "value") -> Setting:
    return Setting(name, (Parameter(called, kind, names),), dangerous)


def _clock_time(which: str, *names: str) -> tuple[Parameter, Parameter]:
    return Parameter(f"{which} hour", _HOUR, names, 0), Parameter(f"{which} minute", _MINUTE, names, 1)


def _period(number: int, start: str, end: str, on: str) -> tuple[Parameter, ...]:
    """Start, end and enable; the names are formats of the number."""
    return (
        *_clock_time(f"period {number} start", *([start.format(number)] if start else [])),
        *_clock_time(f"period {number} end", *([end.format(number)] if end else [])),
        Parameter(f"period {number} enabled", _ON, (on.format(number),) if on else ()),
    )


def _periods(name: str, *first: Parameter, start: str = "", end: str = "", on: str = "") -> Setting:
    """Three periods behind other parameters."""
    parts = [part for number in (1, 2, 3) for part in _period(number, start, end, on)]
    places = tuple(Period(len(first) + 5 * place, f"period {place + 1}") for place in range(3))
    return Setting(name, (*first, *parts), periods=places)


def _stop_soc(of: str) -> Parameter:
    # The routes differ in the names (erratum G13); the first that exists counts.
    plain = f"w{of}SOCLowLimit"
    snake = {"charge": "wcharge_soc_low_limit", "disCharge": "wdis_charge_soc_low_limit"}[of]
    names = tuple(f"{stem}{suffix}" for stem in (plain, snake) for suffix in ("", "2", "1"))
    return Parameter("stop soc", _PERCENT, names)


def _power(of: str) -> Parameter:
    return Parameter("power", _PERCENT, (f"{of}PowerCommand",))


_REACTIVE = Setting(
    "pv_reactive_p_rate",
    (
        Parameter("rate", _PERCENT, ("reactiveRate", "reactivePRate")),
        Parameter("direction", Choice({"over": "over", "under": "under"}), (), optional=True),
    ),
    _GRID,
)
_CLOCK = _one("pf_sys_year", Moment(), "sysTime", called="time")
_ANY = Setting("set_any_reg", (Parameter("register", _REGISTER), Parameter("value", _REGISTER)), _ANYTHING)
_MEMORY = _one("pv_pf_cmd_memory_state", _ON, "pvPfCmdMemoryState", "pvPfCmdMemoryStateMix", dangerous=_GRID)
_COMMON = (
    _MEMORY,
    _REACTIVE,
    _one("pv_power_factor", _FACTOR, dangerous=_GRID),
    _one("pv_grid_voltage_high", _VOLTS, "voltageHighLimit", "vacHigh", dangerous=_GRID),
    _one("pv_grid_voltage_low", _VOLTS, "voltageLowLimit", "vacLow", dangerous=_GRID),
    _CLOCK,
    _ANY,
)
"""What all grid-tied families share."""
_ACTIVE = _one("pv_active_p_rate", _PERCENT, "activeRate", "activePRate", dangerous=_EXPORT)
_ACTIVE_KEPT = Setting(
    "pv_active_p_rate",
    (Parameter("rate", _PERCENT, ("activeRate",)), Parameter("remember", _ON, (), optional=True)),
    _EXPORT,
)
_PV_ON_OFF = _one("pv_on_off", _ON, "onOff", dangerous=_OFF)
_FREQUENCY = Choice({"0": "50 Hz", "1": "60 Hz"})
_EPS_VOLTAGE = Choice({"0": "230 V", "1": "208 V", "2": "240 V"})


def _off_grid(prefix: str) -> tuple[Setting, ...]:
    return (
        _one(f"{prefix}_off_grid_enable", _ON, "epsFunEn", dangerous=_BACKUP),
        _one(f"{prefix}_ac_discharge_frequency", _FREQUENCY, "epsFreqSet", dangerous=_BACKUP),
        _one(f"{prefix}_ac_discharge_voltage", _EPS_VOLTAGE, "epsVoltSet", dangerous=_BACKUP),
    )


_CHARGE = {"start": "forcedChargeTimeStart{}", "end": "forcedChargeTimeStop{}"}
_DISCHARGE = {"start": "forcedDischargeTimeStart{}", "end": "forcedDischargeTimeStop{}"}

_MIX = (
    _periods(
        "mix_ac_charge_time_period",
        *(_power("charge"), _stop_soc("charge"), Parameter("mains", _ON, ("acChargeEnable",))),
        **_CHARGE, on="forcedChargeStopSwitch{}",
    ),
    _periods(
        "mix_ac_discharge_time_period", _power("disCharge"), _stop_soc("disCharge"),
        **_DISCHARGE, on="forcedDischargeStopSwitch{}",
    ),
    _periods("mix_load_flast_value_multi"),
    _one("mix_load_first_control", _ON),
    _one("mix_single_export", _ON, dangerous=_EXPORT),
    Setting(
        "backflow_setting",
        (
            Parameter("limited", _ON, ("exportLimit",)),
            Parameter("rate", _PERCENT, ("exportLimitPowerRate",), optional=True),
        ),
        _EXPORT,
    ),
    _PV_ON_OFF, _ACTIVE, *_COMMON, *_off_grid("mix"),
)  # fmt: skip

_SPA = (
    _periods(
        "spa_ac_charge_time_period", _power("charge"), _stop_soc("charge"),
        **_CHARGE, on="batFirstSwitch{}",
    ),
    _periods(
        "spa_ac_discharge_time_period", _power("disCharge"), _stop_soc("disCharge"),
        **_DISCHARGE, on="gridFirstSwitch{}",
    ),
    _periods("spa_load_flast", start="loadFirstStartTime{}", end="loadFirstStopTime{}", on="loadFirstSwitch{}"),
    _PV_ON_OFF, _ACTIVE, *_COMMON, *_off_grid("spa"),
)  # fmt: skip


def _time_segment(number: int) -> Setting:
    parameters = (
        Parameter("mode", Choice(MODES), (f"time{number}Mode",)),
        *_clock_time("start", f"forcedTimeStart{number}"),
        *_clock_time("end", f"forcedTimeStop{number}"),
        Parameter("enabled", _ON, (f"forcedStopSwitch{number}",)),
    )
    return Setting(f"time_segment{number}", parameters, periods=(Period(1, f"segment {number}"),))


_TLX = (
    *(_time_segment(number) for number in range(1, 10)),
    _one("charge_power", _PERCENT, "chargePowerCommand"),
    _one("charge_stop_soc", _PERCENT, "wchargeSOCLowLimit"),
    _one("discharge_power", _PERCENT, "disChargePowerCommand"),
    _one("discharge_stop_soc", _PERCENT, "wdisChargeSOCLowLimit"),
    _one("on_grid_discharge_stop_soc", _PERCENT, "onGridDischargeStopSOC"),
    _one("ac_charge", _ON, "acChargeEnable"),
    _one("ub_ac_charging_stop_soc", _PERCENT, "ubAcChargingStopSOC"),
    _one("tlx_on_off", _ON, "onOff", dangerous=_OFF),
    Setting(
        "backflow_setting",
        (
            Parameter("limiter", Choice({"0": "off", "1": "meter", "2": "ct"}), ("exportLimit",)),
            Parameter("rate", _PERCENT, ("exportLimitPowerRate",), optional=True),
        ),
        _EXPORT,
    ),
    _ACTIVE,
    *(setting for setting in _COMMON if setting.name != "pv_power_factor"),
    _one("pv_power_factor", _FACTOR, "powerFactor", "pf", dangerous=_GRID),
    *_off_grid("tlx"),
)

_MAX = (_one("max_cmd_on_off", _ON, "onOff", dangerous=_OFF), _ACTIVE_KEPT, *_COMMON)

# The vendor's document says 0101 and 0000, its example 0001 (SPEC, "Plain inverter").
_COMMAND_SWITCH = Switch("0101", "0000")
_INVERTER = (_one("pv_on_off", _COMMAND_SWITCH, "onOff", dangerous=_OFF), _ACTIVE_KEPT, *_COMMON)

_STORAGE = (
    _one("storage_cmd_on_off", _COMMAND_SWITCH, dangerous=_OFF),
    _one("storage_lithium_battery", _ON, dangerous="tells the charger another kind of battery"),
    _one("storage_fdt_open_voltage", Number(((0, 100),), "V", 0.1), dangerous="changes when the battery discharges"),
    _one("storage_cmd_sys_year", Moment(), "sysTime", called="time"),
    Setting(
        "storage_cmd_forced_discharge_time1",
        (*_clock_time("start"), *_clock_time("end")),
        periods=(Period(0, "the discharge"),),
    ),
    _one("storage_cmd_mode", Number(((0, 10),)), dangerous="changes the machine's way of working"),
    _one("storage_cmd_forced_discharge_enable", _ON),
    _one("storage_ac_charge_enable_disenable", _ON),
    _one("storage_ac_charge_hour_start", _HOUR, called="hour"),
    _one("storage_ac_charge_soc_limit", _PERCENT),
)


def _spf(name: str, kind: Kind, *names: str, dangerous: str | None = None) -> Setting:
    return _one(f"storage_spf5000_{name}", kind, *names, dangerous=dangerous)


def _hours(name: str, start: str, end: str) -> Setting:
    return Setting(
        f"storage_spf5000_{name}",
        (Parameter("start hour", _HOUR, (start,)), Parameter("end hour", _HOUR, (end,))),
    )


_SPF = (
    _spf("ac_output_source", Choice({"0": "battery first", "1": "solar first", "2": "utility first"}), "outputConfig"),
    _spf("charge_source", Number(((0, 3),)), "chargeConfig"),
    _hours("uti_output", "utiOutStart", "utiOutEnd"),
    _hours("uti_charge", "utiChargeStart", "utiChargeEnd"),
    _spf("pv_input_model", Choice({"0": "independent", "1": "parallel"}), "pvModel", dangerous="changes the trackers"),
    _spf("ac_input_model", Choice({"0": "90 to 280 V", "1": "170 to 280 V"}), "acInModel", dangerous=_GRID),
    _spf("ac_discharge_voltage", Choice({"0": "208 V", "1": "230 V", "2": "240 V"}), "outputVoltType",
         dangerous=_BACKUP),
    _spf("ac_discharge_frequency", _FREQUENCY, "outputFreqType", dangerous=_BACKUP),
    _spf("overlad_restart", Number(((0, 2),)), "overLoadRestart"),
    _spf("overtemp_restart", _ON, "overTempRestart"),
    _spf("buzzer", _ON, "buzzerEN"),
    _spf("max_charge_current", Number(((10, 130),), "A"), "maxChargeCurr",
         dangerous="may charge a battery with more than it bears"),
    _spf("batter_low_voltage", Number(((44.4, 51.4),), "V", 0.1), "batLowToUtiVolt"),
    _spf("battery_type", Number(((0, 10),)), "batteryType", dangerous="tells the charger another kind of battery"),
    _spf("system_time", Moment(), "sysTime"),
)  # fmt: skip

NOAH_WATTS = Number(((0, 800),), "W")


def _noah_segment(number: int) -> Setting:
    """Told back as parts of one text, which ``noah_settings`` takes apart (SPEC A.12)."""
    names = tuple(f"time_segment{number}_{part}" for part in ("mode", "start", "end", "power", "enable"))
    parameters = (
        Parameter("mode", Choice(NOAH_MODES), names[:1]),
        *_clock_time("start", names[1]),
        *_clock_time("end", names[2]),
        Parameter("power", NOAH_WATTS, names[3:4]),
        Parameter("enabled", _ON, names[4:]),
    )
    return Setting(f"time_segment{number}", parameters, periods=(Period(1, f"segment {number}"),))


_SOC_LIMITS = Setting(
    "charging_soc",
    (
        Parameter("high", _PERCENT, ("chargingSocHighLimit",)),
        Parameter("low", _PERCENT, ("chargingSocLowLimit",)),
    ),
)
_NOAH = (
    _one("default_power", NOAH_WATTS, "defaultPower", called="power"),
    _SOC_LIMITS,
    *(_noah_segment(number) for number in range(1, 10)),
)
_NEXA = (
    Setting(
        "system_out_put_power",
        (
            Parameter("mode", Choice(NOAH_MODES), ("defaultMode",)),
            Parameter("power", NOAH_WATTS, ("defaultACCouplePower",)),
        ),
    ),
    _SOC_LIMITS,
    *(_noah_segment(number) for number in range(1, 10)),
    _one("allow_grid_charging", _ON, "allowGridCharging"),
    _one("grid_connection_control", _ON, "gridConnectionControl", dangerous=_GRID),
    _one("ac_couple_power_control", _ON, "acCouplePowerControl", dangerous=_EXPORT),
    _one("light_load_enable", _ON),
    _one("never_power_off", _ON),
    _one("backflow_setting", _ON, "antiBackflowEnable", dangerous=_EXPORT),
)


def _table(settings: Iterable[Setting]) -> Mapping[str, Setting]:
    return MappingProxyType({setting.name: setting for setting in settings})


FAMILIES: Mapping[str, Mapping[str, Setting]] = MappingProxyType(
    {
        "mix": _table(_MIX),
        "spa": _table(_SPA),
        "tlx": _table(_TLX),
        "max": _table(_MAX),
        "inverter": _table(_INVERTER),
        "storage": _table((*_STORAGE, *_SPF)),
        "noah": _table(_NOAH),
        "nexa": _table(_NEXA),
    }
)
"""By the family as the devices' list names it; an SPF is a ``storage`` there, so that table has both's settings."""

# -- plants


_FIELDS: tuple[tuple[str, Kind, str], ...] = (
    # the form's name, what fits, getPlant's name of it
    ("plantCoal", Number(((0, 1000),), step=0.001), "formulaCoal"),
    ("plantSo2", Number(((0, 1000),), step=0.001), "formulaSo2"),
    ("accountName", Text(), "userAccount"),
    ("plantID", Text(20, r"\d+", "the plant's number"), "id"),
    ("plantFirm", Text(20), ""),
    ("plantCountry", Text(), "country"),
    ("plantType", Number(((0, 10),)), "plantType"),
    ("plantIncome", Number(((0, 100_000),), step=0.0001), "formulaMoneyStr"),
    ("plantAddress", Text(200), "plantAddress"),
    ("plantTimezone", Number(((-12, 14),), "", 0.25), "timezone"),
    ("plantLng", Number(((-180, 180),), step=0.000001), "plant_lng"),
    ("plantCity", Text(), "city"),
    ("plantCo2", Number(((0, 1000),), step=0.001), "formulaCo2"),
    ("plantMoney", Text(10, "[A-Za-z]+", "the letters of a currency, such as eur"), "formulaMoneyUnitId"),
    ("plantPower", Number(((0, 1e9),), "W"), "nominalPower"),
    ("plantLat", Number(((-90, 90),), step=0.000001), "plant_lat"),
    ("plantDate", Text(10, r"\d{4}-\d\d-\d\d", "a date as YYYY-MM-DD"), "createDateText"),
    ("plantName", Text(100, r".*\S.*", "a name"), "plantName"),
)  # fmt: skip
PLANT = Setting(
    "plant",
    tuple(
        Parameter(name, kind, (told,) if told else (), fixed="0" if name == "plantFirm" else "")
        for name, kind, told in _FIELDS
    ),
    form=True,
)
"""The form of a plant's settings: 18 fields, all sent at each change (SPEC, "Plant settings")."""
