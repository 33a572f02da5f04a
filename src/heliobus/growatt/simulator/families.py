"""What the inverters of the rarer families say about the house: SPF, SPA, plain inverter, MAX, NOAH and NEXA.

Formats as SPEC A.8, A.11 and A.12 have them: an SPF's details are binary32, its totals and short view texts; a NOAH's
and NEXA's numbers texts.  An SPA's own answers nobody has recorded: here they are the web portal's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.growatt.simulator.house import SOME, kilo, kwh, parts, single, text

if TYPE_CHECKING:
    from datetime import datetime

    from heliobus.growatt.simulator.house import Moment

_PLACES = 3
_PHASES = "rst"
_BATTERY = "SIMBAT0001"


# -- SPF


def storage_params(m: Moment) -> dict[str, Any]:
    now, today, total = m.now, m.today, m.total
    strings: dict[str, Any] = {"ppv2": 0, "vpv2": 0}
    for place, string in enumerate(now.strings, 1):
        # An SPF has two inputs; a house with a third string has one more, named likewise.
        name = "" if place == 1 else str(place)
        strings |= {f"ppv{name}": single(string.power), f"vpv{name}": single(string.voltage)}
    detail = {
        **strings,
        "deviceType": 5,
        "capacity": round(now.soc),
        "vBat": single(now.battery_voltage),
        "pCharge": single(-now.battery),
        "pAcInPut": single(now.grid),
        "outPutPower": single(now.load),
        "rateVA": single(now.load),
        "outPutVolt": single(now.grid_phases[0].voltage),
        "freqOutPut": single(now.grid_frequency, 2),
        "vGrid": single(now.grid_phases[0].voltage),
        "freqGrid": single(now.grid_frequency, 2),
        "epvToday": kilo(today.pv, 1),
        "epvTotal": kilo(total.pv, 1),
        "eChargeToday": kilo(today.charge, 1),
        "eChargeTotal": kilo(total.charge, 1),
        "eDischargeToday": kilo(today.discharge, 1),
        "eDischargeTotal": kilo(total.discharge, 1),
        "eBatDisChargeToday": kilo(today.discharge, 1),
        "eBatDisChargeTotal": kilo(total.discharge, 1),
        "eToUserToday": kilo(today.grid_import, 1),
        "eToUserTotal": kilo(total.grid_import, 1),
        "statusText": "PV charge" if now.pv > SOME else "Discharge",
        "warnText": "Unknown",
    }
    return {"storageBean": {}, "storageDetailBean": detail}


def storage_info(m: Moment) -> dict[str, Any]:
    now, today, total = m.now, m.today, m.total
    voltages = [string.voltage for string in now.strings]
    return {
        "vpv1": text(voltages[0]),
        "vpv2": text(voltages[1] if len(voltages) > 1 else 0.0),
        "vbat": text(now.battery_voltage),
        "capacity": text(now.soc, 0),
        "outPutPower": text(now.load),
        "outPutVolt": text(now.grid_phases[0].voltage),
        "freqOutPut": text(now.grid_frequency, 2),
        "freqGrid": text(now.grid_frequency, 2),
        "vGrid": text(now.grid_phases[0].voltage),
        "activePower": text(now.load),
        "apparentPower": text(now.load),
        "epvToday": kwh(today.pv),
        "epvTotal": kwh(total.pv),
        "eBatChargeToday": kwh(today.charge),
        "eBatChargeTotal": kwh(total.charge),
        "eBatDisChargeToday": kwh(today.discharge),
        "eBatDisChargeTotal": kwh(total.discharge),
        "batSn": _BATTERY,
    }


def storage_totals(m: Moment) -> dict[str, Any]:
    today, total = m.today, m.total
    pairs = {
        "useEnergy": (today.load, total.load),
        "charge": (today.charge, total.charge),
        "eDischarge": (today.discharge, total.discharge),
        "epv": (today.pv, total.pv),
        "eToUser": (today.grid_import, total.grid_import),
        # As recorded: the server has these two mixed up.
        "eToGrid": (total.grid_export, 0.0),
    }
    return {
        "deviceType": "3",
        **{
            f"{name}{span}": kwh(value)
            for name, both in pairs.items()
            for span, value in zip(("Today", "Total"), both, strict=True)
        },
    }


# -- SPA


def spa_status(m: Moment) -> dict[str, Any]:
    return {"SOC": text(m.now.soc, 0), "lost": "spa.status.lost" if m.offline else "spa.status.normal"}


def spa_energy(m: Moment) -> dict[str, Any]:
    today, total = m.today, m.total
    return {
        "elocalLoadToday": kwh(today.load),
        "elocalLoadTotal": kwh(total.load),
        "etoGridToday": kwh(today.grid_export),
        "etogridTotal": kwh(total.grid_export),
        "edischarge1Today": kwh(today.discharge),
        "edischarge1Total": kwh(total.discharge),
        "gridPowerToday": kwh(today.grid_import),
        "gridPowerTotal": kwh(total.grid_import),
        "epvInverterToday": kwh(today.pv),
        "epvInverterTotal": kwh(total.pv),
        "unit": "€",
    }


# -- plain inverter, MAX


def inverter_detail(m: Moment, *, phases: int) -> dict[str, Any]:
    """What it gives; of the phases that it does not have it says 0 V."""
    now = m.now
    strings: dict[str, Any] = {}
    for place in range(1, _PLACES + 1):
        string = now.strings[place - 1] if place <= len(now.strings) else None
        strings |= {
            f"ppv{place}": single(string.power) if string else 0,
            f"vpv{place}": single(string.voltage) if string else 0,
            f"ipv{place}": single(string.current) if string else 0,
        }
    outputs: dict[str, Any] = {}
    for place, name in enumerate(_PHASES):
        phase = now.grid_phases[place] if place < phases else None
        outputs |= {
            f"vac{name}": single(phase.voltage) if phase else 0,
            f"pac{name}": single(now.pv / phases) if phase else 0,
            f"iac{name}": single(now.pv / phases / phase.voltage) if phase else 0,
        }
    return {
        **strings,
        **outputs,
        "ppv": single(now.pv),
        "pac": single(now.pv),
        "fac": single(now.grid_frequency, 2),
        "temperature": single(now.case_temperature),
        "ipmTemperature": single(now.case_temperature),
        "powerToday": kilo(m.today.pv, 1),
        "powerTotal": kilo(m.total.pv, 1),
        "status": 1 if now.pv > SOME else 0,
        "statusText": "Normal" if now.pv > SOME else "Waiting",
        "time": f"{m.local:%Y-%m-%d %H:%M:%S}",
    }


def output_of_day(m: Moment, day: datetime, *, battery: bool) -> dict[str, Any]:
    """A day's output by five minutes: of the sun, and of the battery where there is one."""
    curve = {
        f"{day:%Y-%m-%d} {label}": single(now.pv + (now.battery if battery else 0.0)) for label, now in m.curve(day)
    }
    return {"invPacData": curve}


# -- NOAH, NEXA


def noah_status(m: Moment, *, serial: str, plant_id: str) -> dict[str, Any]:
    now = m.now
    discharge, charge = parts(now.battery)
    return {
        "ppv": text(now.pv),
        "pac": text(now.pv + now.battery),
        "chargePower": text(charge),
        "disChargePower": text(discharge),
        "soc": text(now.soc, 0),
        "workMode": "0",
        "status": "1",
        "batteryNum": "1",
        "associatedInvSn": None,
        "eacToday": kwh(m.today.pv + m.today.discharge - m.today.charge),
        "eacTotal": kwh(m.total.pv + m.total.discharge - m.total.charge),
        "profitToday": "0",
        "profitTotal": "0",
        "moneyUnit": "€",
        "alias": serial,
        "plantId": plant_id,
    }


def nexa_status(m: Moment, *, serial: str, plant_id: str) -> dict[str, Any]:
    now = m.now
    return {
        **noah_status(m, serial=serial, plant_id=plant_id),
        "pac": text(-now.pv - now.battery),
        "otherPower": text(-now.pv - now.battery),
        "gridPower": text(now.grid),
        "loadPower": text(now.load),
        "isHaveCt": "true",
        "groplugNum": "0",
        "groplugPower": "0",
        "onOffGrid": "0",
    }


def noah_info(*, serial: str, plant_id: str) -> dict[str, Any]:
    settings = {
        "time_segment": [{"time_segment1": "0_0:0_23:59_300_1"}],
        "batSns": [_BATTERY],
        "chargingSocHighLimit": "100",
        "chargingSocLowLimit": "10",
        "defaultPower": "300",
        "version": "11.10.09.07.9000.4008",
        "formulaMoney": "0.3",
        "moneyUnitText": "€",
        "tempType": "°C",
        "model": "Noah 2000",
        "alias": serial,
    }
    return {"noah": settings, "plantList": [{"plantId": plant_id}], "unitList": {"Euro": "euro"}, "neoList": []}


def noah_batteries(m: Moment) -> dict[str, Any]:
    battery = {"serialNum": _BATTERY, "soc": text(m.now.soc, 0), "temp": text(m.now.battery_temperature)}
    return {"time": f"{m.local:%Y-%m-%d %H:%M:%S}", "tempType": "°C", "batter": [battery]}


def noah_chart(m: Moment, day: datetime) -> dict[str, Any]:
    return {
        label: {"ppv": text(now.pv), "pac": text(now.pv + now.battery), "load": text(now.load)}
        for label, now in m.curve(day)
    }


def plant_noah(*, serial: str, plant_id: str, plant_name: str, family: str) -> dict[str, Any]:
    ours = family in ("noah", "nexa")
    return {
        "isPlantNoahSystem": ours,
        "isPlantHaveNoah": family == "noah",
        "isPlantHaveNexa": family == "nexa",
        "deviceSn": serial if ours else "",
        "plantId": plant_id,
        "plantName": plant_name,
    }
