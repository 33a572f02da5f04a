"""What the OpenAPI V1 says about the house, per family: W, kWh, V and A as numbers (SPEC C.4, the vendor's samples)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.growatt.simulator.house import SOME, kilo, parts, single, tlx_detail

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from heliobus.growatt.simulator.house import Moment

_ON_GRID = 5
_WORKS, _WAITS = (1, "Normal"), (0, "Waiting")
_STRINGS = 8


def last(m: Moment, family: str, serial: str) -> dict[str, Any]:
    """The data of a ``..._last_data`` and of a line of history."""
    return {**_FAMILIES[family](m), "serialNum": serial, "time": f"{m.local:%Y-%m-%d %H:%M:%S}", "lost": True}


def _min(m: Moment) -> dict[str, Any]:
    return {**tlx_detail(m), "batterySN": "\0" * 8, "newWarnCode": None, "withTime": False}


def _hybrid(m: Moment) -> dict[str, Any]:
    """What SPH and SPA share."""
    now, today, total = m.now, m.today, m.total
    drawn, fed = parts(now.grid)
    discharge, charge = parts(now.battery)
    mode = _ON_GRID if now.pv > SOME else _ON_GRID + 1
    return {
        "pac": single(now.pv + now.battery),
        "pacToUserTotal": single(drawn),
        "pacToUserR": single(drawn),
        "pacToGridTotal": single(fed),
        "pacToGridR": single(fed),
        "plocalLoadTotal": single(now.load),
        "plocalLoadR": single(now.load),
        "pcharge1": single(charge),
        "pdischarge1": single(discharge),
        "soc": round(now.soc),
        "socText": f"{round(now.soc)}%",
        "bmsSOC": round(now.soc),
        "bmsSOH": 99,
        "bmsCycleCnt": 100,
        "bmsBatteryTemp": single(now.battery_temperature),
        "vbat": single(now.battery_voltage),
        "fac": single(now.grid_frequency, 2),
        "vac1": single(now.grid_phases[0].voltage),
        "temp1": single(now.case_temperature),
        "echarge1Today": kilo(today.charge, 1),
        "echarge1Total": kilo(total.charge, 1),
        "edischarge1Today": kilo(today.discharge, 1),
        "edischarge1Total": kilo(total.discharge, 1),
        "elocalLoadToday": kilo(today.load, 1),
        "elocalLoadTotal": kilo(total.load, 1),
        "etoUserToday": kilo(today.grid_import, 1),
        "etoUserTotal": kilo(total.grid_import, 1),
        "etoGridToday": kilo(today.grid_export, 1),
        "etogridTotal": kilo(total.grid_export, 1),
        "eacToday": kilo(today.pv + today.discharge - today.charge, 1),
        "eacTotal": kilo(total.pv + total.discharge - total.charge, 1),
        "status": mode,
        "statusText": "PV Bat Online" if now.pv > SOME else "Bat Online",
        "uwSysWorkMode": mode,
        "priorityChoose": 0.0,
        "withTime": False,
    }


def _sph(m: Moment) -> dict[str, Any]:
    now, today, total = m.now, m.today, m.total
    strings: dict[str, Any] = {"ppv2": 0.0, "vpv2": 0.0}
    for place, string in enumerate(now.strings, 1):
        strings |= {f"ppv{place}": single(string.power), f"vpv{place}": single(string.voltage)}
    return {
        **_hybrid(m),
        **strings,
        "ppv": single(now.pv),
        "ppvText": f"{now.pv:.1f} W",
        "epvtoday": kilo(today.pv, 1),  # sic (SPEC C.4)
        "epvTotal": kilo(total.pv, 1),
        "vac2": 0.0,
        "vac3": 0.0,
    }


def _spa(m: Moment) -> dict[str, Any]:
    return {
        **_hybrid(m),
        "pac": single(m.now.battery),
        "ppvInverter": single(m.now.pv),
        "epvInverterToday": kilo(m.today.pv, 1),
        "epvInverterTotal": kilo(m.total.pv, 1),
    }


def _string_inverter(m: Moment) -> dict[str, Any]:
    now = m.now
    status, text = _WORKS if now.pv > SOME else _WAITS
    strings: dict[str, Any] = {}
    for place in range(1, _STRINGS + 1):
        string = now.strings[place - 1] if place <= len(now.strings) else None
        strings |= {
            f"ppv{place}": single(string.power) if string else 0.0,
            f"vpv{place}": single(string.voltage) if string else 0.0,
            f"ipv{place}": single(string.current) if string else 0.0,
        }
    return {
        **strings,
        "ppv": single(now.pv),
        "pac": single(now.pv),
        "fac": single(now.grid_frequency, 2),
        "vacr": single(now.grid_phases[0].voltage),
        "vacs": single(now.grid_phases[1].voltage),
        "vact": single(now.grid_phases[2].voltage),
        "temperature": single(now.case_temperature),
        "epvTotal": kilo(m.total.pv, 1),
        "powerToday": kilo(m.today.pv, 1),
        "powerTotal": kilo(m.total.pv, 1),
        "status": status,
        "statusText": text,
    }


def _spf(m: Moment) -> dict[str, Any]:
    """An SPF; as it has no meter, the grid is its input, here below 0 while the house feeds in."""
    now, today, total = m.now, m.today, m.total
    discharge, charge = parts(now.battery)
    strings: dict[str, Any] = {"ppv2": 0.0, "vpv2": 0.0}
    for place, string in enumerate(now.strings, 1):
        suffix = "" if place == 1 else place
        strings |= {f"ppv{suffix}": single(string.power), f"vpv{suffix}": single(string.voltage)}
    return {
        **strings,
        "ppvText": f"{now.pv:.1f} W",
        "outPutPower": single(now.load),
        "outPutVolt": 230.0,
        "freqOutPut": 50.0,
        "pAcInPut": single(now.grid),
        "vGrid": single(now.grid_phases[0].voltage),
        "freqGrid": single(now.grid_frequency, 2),
        "pCharge": single(charge),
        "pDischarge": single(discharge),
        "capacity": float(round(now.soc)),
        "capacityText": f"{round(now.soc)} %",
        "vBat": single(now.battery_voltage),
        "temperature": single(now.case_temperature),
        "epvToday": kilo(today.pv, 1),
        "epvTotal": kilo(total.pv, 1),
        "epvTotal2": 0.0,
        "eChargeToday": kilo(today.charge, 1),
        "eChargeTotal": kilo(total.charge, 1),
        "eBatDisChargeToday": kilo(today.discharge, 1),
        "eBatDisChargeTotal": kilo(total.discharge, 1),
        "status": 0,
        "statusText": "Operating",
    }


_FAMILIES: Mapping[str, Callable[[Moment], dict[str, Any]]] = {
    "tlx": _min,
    "mix": _sph,
    "spa": _spa,
    "max": _string_inverter,
    "inverter": _string_inverter,
    "storage": _spf,
}
FAMILIES = tuple(_FAMILIES)
"""Those that the OpenAPI V1 knows; a NOAH is not among them."""
