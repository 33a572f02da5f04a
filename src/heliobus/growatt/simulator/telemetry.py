"""What the OAuth route says about the house: W and kWh with one decimal, times in UTC (captures oauth/07 and 08)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.growatt.protocol import v4

if TYPE_CHECKING:
    from heliobus.growatt.simulator.cloud import Cloud
    from heliobus.growatt.simulator.house import Moment

_SOME = 1.0  # W
_ON_GRID_PV, _ON_GRID_BATTERY = 5, 6
_STANDBY, _CHARGING, _DISCHARGING = 0, 2, 3


def _kwh(value: float) -> float:
    return round(value / 1000, 1)


def device_info(cloud: Cloud, *, bound: bool) -> dict[str, Any]:
    """One device, as the lists and ``getDeviceInfo`` have it."""
    house = cloud.plant.house
    battery = {
        "batterySn": "SIMBAT0001",
        "batteryModel": "ARK simulated",
        "batteryCapacity": round(house.battery_capacity),
        "batteryNominalPower": round(house.max_discharge),
    }
    return {
        "deviceSn": cloud.serial,
        "deviceTypeName": v4.FAMILIES.get(cloud.family, "noah"),
        "model": "Simulated inverter",
        "nominalPower": round(house.peak_power),
        "datalogSn": cloud.datalogger,
        "datalogDeviceTypeName": "ShineWiFi-X",
        "dtc": 5100,
        "communicationVersion": "ZABA-0021",
        "unifiedAPIver": None,
        "deviceVersion": None,
        "datalogVersion": "7.6.1.9",
        "existBattery": True,
        **battery,
        "authFlag": bound,
        "batteryList": [battery],
    }


def telemetry(m: Moment, *, serial: str) -> dict[str, Any]:
    """What a device does: ``batPower`` + charging, ``meterPower`` + import."""
    now, today, total = m.now, m.today, m.total
    charging = round(-now.battery, 1)
    battery = {
        "index": 1,
        "chargePower": max(charging, 0.0),
        "dischargePower": max(-charging, 0.0),
        "soc": round(now.soc),
        "soh": 99,
        "vbat": round(now.battery_voltage, 1),
        "ibat": round(-now.battery_current, 1),
        "echargeToday": _kwh(today.charge),
        "echargeTotal": _kwh(total.charge),
        "edischargeToday": _kwh(today.discharge),
        "edischargeTotal": _kwh(total.discharge),
        "status": _status(charging),
    }
    return {
        "deviceSn": serial,
        "utcTime": f"{m.time:%Y-%m-%d %H:%M:%S}",
        "status": _ON_GRID_PV if abs(now.battery) < _SOME else _ON_GRID_BATTERY,
        "priority": 0,
        "ppv": round(now.pv, 1),
        "pac": round(now.pv + now.battery, 1),
        "payLoadPower": round(now.load, 1),
        "batPower": charging,
        "meterPower": round(now.grid, 1),
        "reactivePower": 0.0,
        "backupPower": 0.0,
        "pexPower": 0.0,
        "genPower": 0.0,
        "smartLoadPower": 0.0,
        "soc": round(now.soc),
        "fac": round(now.grid_frequency, 2),
        **{f"vac{place}": round(phase.voltage, 1) for place, phase in enumerate(now.grid_phases, 1)},
        "epvToday": _kwh(today.pv),
        "epvTotal": _kwh(total.pv),
        "etoUserToday": _kwh(today.grid_import),
        "etoUserTotal": _kwh(total.grid_import),
        "etoGridToday": _kwh(today.grid_export),
        "etoGridTotal": _kwh(total.grid_export),
        "batteryStatus": _status(charging),
        "faultCode": 0,
        "faultSubCode": 0,
        "protectCode": 0,
        "protectSubCode": 0,
        "batteryList": [battery],
    }


def _status(charging: float) -> int:
    return _CHARGING if charging > _SOME else _DISCHARGING if charging < -_SOME else _STANDBY
