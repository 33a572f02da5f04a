"""What a simulated inverter tells its datalogger: the house in Grott's names, V, A, W, kWh and degC."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from heliobus.growatt.protocol.datalogger import DataRecord, Type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from heliobus.growatt.protocol.datalogger import Value
    from heliobus.growatt.simulator.house import Moment
    from heliobus.simulation.plant import Energy

_SOME = 1.0  # W
_ON_GRID = 5
_NORMAL = 1
_TYPECODES = {"mix": 3502, "tlx": 5200}


def announcement(m: Moment, *, logger: str, serial: str, family: str) -> DataRecord:
    """What a datalogger says first: holding registers of its inverter."""
    local = m.local
    return DataRecord(
        kind=Type.ANNOUNCE,
        logger=logger,
        serial=serial,
        time=local.replace(tzinfo=None),
        layout="announcement",
        values={
            "max_power_pct": 100,
            "power_max": m.plant.house.peak_power,
            "inverter_serial": serial,
            "manufacturer_info": "heliobus",
            "device_typecode": _TYPECODES[family],
            "system_year": local.year,
            "system_month": local.month,
            "system_day": local.day,
            "system_hour": local.hour,
            "system_minute": local.minute,
            "system_second": local.second,
        },
    )


def _shared(m: Moment) -> dict[str, Value]:
    """What the records of all inverters have."""
    now = m.now
    strings: dict[str, Value] = {}
    for place, (string, built) in enumerate(zip(now.strings, m.plant.house.strings, strict=True), 1):
        share = built.peak / m.plant.house.peak_power
        strings |= {
            f"pv{place}voltage": string.voltage,
            f"pv{place}current": string.current,
            f"pv{place}watt": string.power,
            # The house has no counters of its strings.
            f"epv{place}today": m.today.pv / 1000 * share,
            f"epv{place}total": m.total.pv / 1000 * share,
        }
    return {
        **strings,
        "pvpowerin": now.pv,
        "pvpowerout": now.pv + now.battery,
        "pvgridvoltage": now.grid_phases[0].voltage,
        "pvgridpower": now.pv + now.battery,
        "pvtemperature": now.case_temperature,
        "epvtotal": m.total.pv / 1000,
    }


def _energies(names: Mapping[str, str], total: Energy) -> dict[str, Value]:
    return {name: getattr(total, ours) / 1000 for name, ours in names.items()}


def _parts(value: float) -> tuple[float, float]:
    return max(value, 0.0), max(-value, 0.0)


_SPH_TODAY = {
    "etouser_tod": "grid_import",
    "etogrid_tod": "grid_export",
    "edischarge1_tod": "discharge",
    "eharge1_tod": "charge",
    "elocalload_tod": "load",
}
_SPH_TOTAL = {
    "etouser_tot": "grid_import",
    "etogrid_tot": "grid_export",
    "edischarge1_tot": "discharge",
    "eharge1_tot": "charge",
    "elocalload_tot": "load",
}
_MIN_TODAY = {
    "etousertoday": "grid_import",
    "etogridtoday": "grid_export",
    "edischrtoday": "discharge",
    "echrtoday": "charge",
    "eloadtoday": "load",
}
_MIN_TOTAL = {
    "etousertotal": "grid_import",
    "etogridtotal": "grid_export",
    "edischrtotal": "discharge",
    "echrtotal": "charge",
    "eloadtotal": "load",
}


def sph(m: Moment) -> dict[str, Value]:
    """A MIX or SPH."""
    now = m.now
    drawn, fed = _parts(now.grid)
    discharge, charge = _parts(now.battery)
    mode = _ON_GRID if now.pv > _SOME else _ON_GRID + 1
    return {
        **_shared(m),
        **_energies(_SPH_TODAY, m.today),
        **_energies(_SPH_TOTAL, m.total),
        "pvstatus": mode,
        "uwsysworkmode": mode,
        "pvfrequentie": now.grid_frequency,
        "pactousertot": drawn,
        "pactogridtot": fed,
        "plocaloadtot": now.load,
        "pdischarge1": discharge,
        "p1charge1": charge,
        "vbat": now.battery_voltage,
        "SOC": round(now.soc) / 100,
        "batterytype": 1,
    }


def tlx(m: Moment) -> dict[str, Value]:
    """A MIN with a battery."""
    now = m.now
    drawn, fed = _parts(now.grid)
    discharge, charge = _parts(now.battery)
    return {
        **_shared(m),
        **_energies(_MIN_TODAY, m.today),
        **_energies(_MIN_TOTAL, m.total),
        "pvstatus": _NORMAL if now.pv > _SOME else 0,
        "pvfrequentie": now.grid_frequency,
        "ptousertotal": drawn,
        "ptogridtotal": fed,
        "ptoloadtotal": now.load,
        "bdc1_pdischr": discharge,
        "bdc1_pchr": charge,
        "bdc1_soc": round(now.soc),
        "bms_soc": round(now.soc),
        "bms_soh": 99,
        "bms_batteryvolt": now.battery_voltage,
    }


RECORDS: Mapping[str, tuple[str, Callable[[Moment], dict[str, Value]]]] = MappingProxyType(
    {"mix": ("sph", sph), "tlx": ("min", tlx)}
)
"""The layout and the values of each family."""
