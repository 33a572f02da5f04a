"""What V4 says about the house, by the kinds of device: W and kWh with one decimal, moments in ms.

Keys as the captures v4/ and openapi_samples/*.energy_v4 have them.
"""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from heliobus.growatt.simulator.house import tlx_detail

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from heliobus.growatt.simulator.house import Moment

_SHANGHAI = timedelta(hours=8)
_TRACKERS = 3
_ON_GRID, _WAITING = 5, 0
_CHARGING, _DISCHARGING, _IDLE = 1, 2, 0
_SOME = 1.0  # W


def _kwh(value: float) -> float:
    return round(value / 1000, 1)


def _pair(value: float) -> tuple[float, float]:
    return round(max(value, 0.0), 1), round(max(-value, 0.0), 1)


def _millis(m: Moment) -> int:
    return round(m.time.timestamp() * 1000)


def _head(m: Moment) -> dict[str, Any]:
    return {
        # The text is of the server's zone, whatever the plant's.
        "time": f"{m.time + _SHANGHAI:%Y-%m-%d %H:%M:%S}",
        "calendar": _millis(m),
        "status": _ON_GRID if m.now.pv > _SOME else _WAITING,
        "statusText": "Normal" if m.now.pv > _SOME else "Waiting",
        "lost": True,
        "again": False,
        "withTime": False,
    }


def _strings(m: Moment, places: int = _TRACKERS, *, currents: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for place in range(1, places + 1):
        string = m.now.strings[place - 1] if place <= len(m.now.strings) else None
        found |= {
            f"ppv{place}": round(string.power, 1) if string else 0.0,
            f"vpv{place}": round(string.voltage, 1) if string else 0.0,
        }
        if currents:
            found[f"ipv{place}"] = round(string.current, 1) if string else 0.0
    return found


def _phases(m: Moment, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: round(phase.voltage, 1) for name, phase in zip(names, m.now.grid_phases, strict=False)}


_VAC = ("vac1", "vac2", "vac3")


def _hybrid(m: Moment) -> dict[str, Any]:
    """What an SPH, an SPA and an SPH-S say alike."""
    now, today, total = m.now, m.today, m.total
    drawn, fed = _pair(now.grid)
    discharge, charge = _pair(now.battery)
    return {
        **_head(m),
        "pac": round(now.pv + now.battery, 1),
        "fac": round(now.grid_frequency, 2),
        "pacToUserTotal": drawn,
        "pacToGridTotal": fed,
        "plocalLoadTotal": round(now.load, 1),
        "pcharge1": charge,
        "pdischarge1": discharge,
        "soc": round(now.soc),
        "bmsSOC": round(now.soc),
        "bmsSOH": 99,
        "bmsBatteryTemp": round(now.battery_temperature, 1),
        "vbat": round(now.battery_voltage, 1),
        "etoUserToday": _kwh(today.grid_import),
        "etoUserTotal": _kwh(total.grid_import),
        "etoGridToday": _kwh(today.grid_export),
        "elocalLoadToday": _kwh(today.load),
        "elocalLoadTotal": _kwh(total.load),
        "echarge1Today": _kwh(today.charge),
        "echarge1Total": _kwh(total.charge),
        "edischarge1Today": _kwh(today.discharge),
        "edischarge1Total": _kwh(total.discharge),
        "uwSysWorkMode": 5,
    }


def _sph(m: Moment) -> dict[str, Any]:
    return {
        **_hybrid(m),
        # An SPH has two trackers; a house with a third string has the larger model, named likewise.
        **_strings(m, max(len(m.now.strings), 2)),
        **_phases(m, _VAC),
        "ppv": round(m.now.pv, 1),
        "epvtoday": _kwh(m.today.pv),
        "epvTotal": _kwh(m.total.pv),
        "etogridTotal": _kwh(m.total.grid_export),
        "temp1": round(m.now.case_temperature, 1),
    }


def _spa(m: Moment) -> dict[str, Any]:
    return {
        **_hybrid(m),
        **_phases(m, _VAC),
        "ppvInverter": round(m.now.pv, 1),
        "epvInverterToday": _kwh(m.today.pv),
        "epvInverterTotal": _kwh(m.total.pv),
        "etogridTotal": _kwh(m.total.grid_export),
        "temp1": round(m.now.case_temperature, 1),
    }


def _sph_s(m: Moment) -> dict[str, Any]:
    return {
        **_hybrid(m),
        **_strings(m, currents=True),
        **_phases(m, _VAC[:2]),
        "ppv": round(m.now.pv, 1),
        "epvToday": _kwh(m.today.pv),
        "epvTotal": _kwh(m.total.pv),
        "etoGridTotal": _kwh(m.total.grid_export),
        "invTemp": round(m.now.case_temperature, 1),
    }


def _wit(m: Moment) -> dict[str, Any]:
    kept = {key: value for key, value in _hybrid(m).items() if not key.startswith(("pcharge", "pdischarge", "bms"))}
    return {
        **kept,
        **_strings(m, 10, currents=True),
        **_phases(m, _VAC),
        "ppv": round(m.now.pv, 1),
        "batPower": round(-m.now.battery, 1),
        "soh": 99.0,
        "epvToday": _kwh(m.today.pv),
        "epvTotal": _kwh(m.total.pv),
        "etoGridTotal": _kwh(m.total.grid_export),
        "temp1": round(m.now.case_temperature, 1),
    }


def _min(m: Moment) -> dict[str, Any]:
    return {**tlx_detail(m), "lost": True, "calendar": _millis(m), "time": _head(m)["time"]}


def _inv(m: Moment) -> dict[str, Any]:
    head = _head(m)
    return {
        **head,
        "timeCalendar": head["calendar"],
        **_strings(m, currents=True),
        **_phases(m, ("vacr", "vacs", "vact")),
        "ppv": round(m.now.pv, 1),
        "pac": round(m.now.pv, 1),
        "fac": round(m.now.grid_frequency, 2),
        "powerToday": _kwh(m.today.pv),
        "powerTotal": _kwh(m.total.pv),
        "epvTotal": _kwh(m.total.pv),
        "temperature": round(m.now.case_temperature, 1),
    }


def _max(m: Moment) -> dict[str, Any]:
    return {
        **_inv(m),
        **_strings(m, 16, currents=True),
        "eacToday": _kwh(m.today.pv),
        "eacTotal": _kwh(m.total.pv),
    }


def _storage(m: Moment) -> dict[str, Any]:
    now, today, total = m.now, m.today, m.total
    drawn, fed = _pair(now.grid)
    discharge, charge = _pair(now.battery)
    strings: dict[str, Any] = {"ppv2": 0.0, "vpv2": 0.0}
    for place, string in enumerate(now.strings, 1):
        # An SPF has two inputs; a house with a third string has one more, named likewise.
        name = "" if place == 1 else str(place)
        strings |= {f"ppv{name}": round(string.power, 1), f"vpv{name}": round(string.voltage, 1)}
    return {
        **_head(m),
        **strings,
        "pacToUser": drawn,
        "pacToGrid": fed,
        "pAcInPut": drawn,
        "outPutPower": round(now.load, 1),
        "pCharge": charge,
        "pCharge2": 0.0,
        "pDischarge": discharge,
        "pDischarge2": 0.0,
        "capacity": float(round(now.soc)),
        "capacityText": f"{round(now.soc)} %",
        "vBat": round(now.battery_voltage, 1),
        "vGrid": round(now.grid_phases[0].voltage, 1),
        "freqGrid": round(now.grid_frequency, 2),
        "epvToday": _kwh(today.pv),
        "epvTotal": _kwh(total.pv),
        "epvTotal2": 0.0,
        "eToUserTotal": _kwh(total.grid_import),
        "eToGridTotal": _kwh(total.grid_export),
        "eBatChgTotal": _kwh(total.charge),
        "eBatDisChargeTotal": _kwh(total.discharge),
        "invTemperature": round(now.case_temperature, 1),
    }


def _noah(m: Moment) -> dict[str, Any]:
    """All that a NOAH says; its packs are the house's battery, its output what is left of sun and battery."""
    now, month = m.now, m.midnight(m.local.replace(day=1))
    out = {
        span: _kwh(energy.pv + energy.discharge - energy.charge)
        for span, energy in (
            ("Today", m.today),
            ("Month", m.between(month, m.time)),
            ("Year", m.between(m.midnight(m.local.replace(day=1, month=1)), m.time)),
            ("Total", m.total),
        )
    }
    idle = abs(now.battery) < 1.0
    missing = {
        f"battery{place}{name}": value
        for place in (2, 3, 4)
        for name, value in (("SerialNum", ""), ("Soc", 0), ("Temp", 0), ("WarnStatus", 0), ("ProtectStatus", 0))
    }
    return {
        "time": _millis(m),
        "isAgain": 0,
        "status": 1,
        "mpptProtectStatus": 0,
        "pdWarnStatus": 0,
        "pac": round(now.pv + now.battery, 1),
        **{f"eac{span}": value for span, value in out.items()},
        "ppv": round(now.pv, 1),
        "workMode": 0,
        "totalBatteryPackChargingStatus": _IDLE if idle else _CHARGING if now.battery < 0 else _DISCHARGING,
        # Without a sign: the status has the direction.
        "totalBatteryPackChargingPower": round(abs(now.battery), 1),
        "batteryPackageQuantity": 1,
        "totalBatteryPackSoc": round(now.soc),
        "heatingStatus": 0,
        "faultStatus": 0,
        "battery1SerialNum": "SIMPACK0001",
        "battery1Soc": round(now.soc),
        "battery1Temp": round(now.battery_temperature, 1),
        "battery1WarnStatus": 0,
        "battery1ProtectStatus": 0,
        **missing,
    }


SAMPLES: Mapping[str, Callable[[Moment], dict[str, Any]]] = MappingProxyType(
    {
        "inv": _inv,
        "storage": _storage,
        "max": _max,
        "sph": _sph,
        "spa": _spa,
        "min": _min,
        "wit": _wit,
        "sph-s": _sph_s,
        "noah": _noah,
    }
)


def sample(kind: str, m: Moment, *, serial: str, datalogger: str) -> dict[str, Any]:
    """One row of ``queryLastData``."""
    names = ("deviceSn", "datalogSn") if kind == "noah" else ("serialNum", "dataLogSn")
    if kind == "inv":
        names = ("inverterId", "dataLogSn")
    return {**dict(zip(names, (serial, datalogger), strict=True)), **SAMPLES[kind](m)}
