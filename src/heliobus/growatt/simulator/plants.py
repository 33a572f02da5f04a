"""What the cloud says about a plant and its devices (SPEC A.7): texts with units, and counters per span."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from heliobus.growatt.simulator.house import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heliobus.growatt.simulator.account import CloudAccount
    from heliobus.growatt.simulator.house import Moment
    from heliobus.simulation.plant import Energy

_RATE = 0.3  # € per kWh
_CO2 = 0.4  # kg per kWh


def energy_text(watt_hours: float) -> str:
    """As a plant list has it: "9.3 kWh", "2.56 MWh"."""
    if watt_hours >= 1e6:  # noqa: PLR2004, a MWh
        return f"{text(watt_hours / 1e6, 2)} MWh"
    return f"{text(watt_hours / 1e3)} kWh"


def plant_list(m: Moment, account: CloudAccount) -> dict[str, Any]:
    money = f"{text(m.total.pv / 1000 * _RATE)} (€)"
    power = f"{text(m.now.pv)} W"
    return {
        "data": [
            {
                "plantMoneyText": money,
                "plantName": account.plant_name,
                "plantId": account.plant_id,
                "isHaveStorage": "true",
                "todayEnergy": energy_text(m.today.pv),
                "totalEnergy": energy_text(m.total.pv),
                "currentPower": power,
                "storageCapacity": f"{text(m.now.soc, 0)}%",
            }
        ],
        "totalData": {
            "currentPowerSum": power,
            "CO2Sum": f"{text(m.total.pv / 1e6 * _CO2, 2)} T",
            "isHaveStorage": "true",
            "eTotalMoneyText": money,
            "todayEnergySum": energy_text(m.today.pv),
            "totalEnergySum": energy_text(m.total.pv),
        },
        "success": True,
    }


def plant_page(m: Moment, account: CloudAccount, page: int) -> dict[str, Any]:
    """One page of the account's plants: all of them on the first."""
    line = {
        "id": account.plant_id,
        "plantName": account.plant_name,
        "nominalPower": text(m.plant.house.peak_power),
        "eToday": text(m.today.pv / 1000),
    }
    return {"PlantList": [line] if page == 1 else []}


def device(m: Moment, *, serial: str, family: str, datalogger: str) -> dict[str, Any]:
    """A line of the list of a plant's devices."""
    return {
        "deviceSn": serial,
        "deviceType": family,
        "datalogSn": datalogger,
        "deviceAilas": serial,
        "deviceStatus": "-1" if m.offline else "5",
        "lost": m.offline,
        "location": "",
        "capacity": f"{text(m.now.soc, 0)}%",
        "energy": text(m.total.pv / 1000),
        "eToday": text(m.today.pv / 1000),
        "eChargeToday": text(m.today.charge / 1000),
    }


def plant_devices(m: Moment, devices: Sequence[dict[str, Any]], dataloggers: Sequence[str]) -> dict[str, Any]:
    return {
        "deviceList": list(devices),
        "datalogList": [
            {
                "datalog_sn": one,
                "device_type": "ShineWiFi-F Pro",
                "lost": m.offline,
                "update_interval": "5",
                "update_time": f"{m.local:%Y-%m-%d %H:%M:%S}",
            }
            for one in dataloggers
        ],
        "plantMoneyText": f"{text(m.today.pv / 1000 * _RATE)}/€",
        "totalMoneyText": text(m.total.pv / 1000 * _RATE),
        "todayEnergy": text(m.today.pv / 1000),
        "totalEnergy": text(m.total.pv / 1000),
        "nominalPower": round(m.plant.house.peak_power),
        "nominal_Power": round(m.plant.house.peak_power),
        "invTodayPpv": "0",
        "storageTodayPpv": text(m.today.pv / 1000),
        "storagePuser": text(max(m.now.grid, 0.0)),
        "storagePgrid": text(max(-m.now.grid, 0.0)),
        "useEnergy": text(m.today.load / 1000),
        "todayDischarge": text(m.today.discharge / 1000),
        "isHaveOptimizer": 0,
        "optimizerType": 0,
        "isHavePumper": "0",
        "ammeterType": "0",
        "Co2Reduction": text(m.total.pv / 1000 * _CO2),
    }


def plant_settings(m: Moment, account: CloudAccount) -> dict[str, Any]:
    built = m.plant.house.commissioned
    return {
        "id": int(account.plant_id),
        "plantName": account.plant_name,
        "userAccount": account.username,
        "timezone": int(m.offset) if m.offset.lstrip("-").isdecimal() else m.offset,
        "country": "Germany",
        "city": "",
        "plantAddress": "",
        "plant_lat": text(m.plant.house.latitude),
        "plant_lng": text(m.plant.house.longitude),
        "plantType": 0,
        "nominalPower": round(m.plant.house.peak_power),
        "formulaMoneyStr": text(_RATE, 2),
        "formulaMoneyUnitId": "EUR",
        "formulaCo2": _CO2,
        "formulaCoal": 0.4,
        "formulaSo2": 0.0,
        "createDateText": f"{built:%Y-%m-%d}",
        "createDate": {
            "year": built.year - 1900,
            "month": built.month - 1,
            "date": built.day,
            "time": int(built.timestamp() * 1000),
            "timezoneOffset": -480,
        },
    }


def plant_energies(m: Moment) -> dict[str, Any]:
    first = m.midnight(m.local.replace(day=1))
    year = m.midnight(m.local.replace(day=1, month=1))
    spans = {
        "today": m.today.pv,
        "month": m.between(first, m.time).pv,
        "year": m.between(year, m.time).pv,
        "total": m.total.pv,
    }
    return {
        **{f"{name}Value": text(value / 1000) for name, value in spans.items()},
        **{f"{name}Str": f"{text(value / 1000)}kWh" for name, value in spans.items()},
        "todayUnit": "kWh",
        "powerValue": text(m.now.pv / 1000, 2),
        "powerValueStr": f"{text(m.now.pv / 1000, 2)}kW",
        "todayProfitStr": f"€{text(m.today.pv / 1000 * _RATE)}",
        "totalProfitStr": f"€{text(m.total.pv / 1000 * _RATE)}",
        "formulaCo2Str": f"{text(m.total.pv / 1000 * _CO2)}kg",
        "nominalPowerValue": round(m.plant.house.peak_power),
        "nominalPowerStr": f"{text(m.plant.house.peak_power / 1000)}kWp",
        "plantNumber": 1,
        "alarmValue": 0,
        "statusMap": {"onlineNum": int(not m.offline), "offline": int(m.offline), "faultNum": 0},
    }


def plant_history(m: Moment, account: CloudAccount, kind: str, written: str, *, fine: bool = False) -> dict[str, Any]:
    """A day's power at half hours, or every five minutes, or the energies of days, months and years."""
    data = _curve(m, written, fine=fine) if kind == "1" else _spans(m, kind, written)
    return {
        "plantData": {
            "plantMoneyText": f"{text(m.total.pv / 1000 * _RATE)} (€)",
            "plantName": account.plant_name,
            "plantId": account.plant_id,
            "currentEnergy": energy_text(m.total.pv),
        },
        "data": data,
        "success": True,
    }


def dashboard(m: Moment) -> dict[str, Any]:
    """The app's first page of a hybrid, whose keys do not mean what they say (erratum G2)."""
    chart = {
        label: {
            "ppv": text(now.pv / 1000, 2),
            "sysOut": text(now.load / 1000, 2),
            "userLoad": text(max(-now.grid, 0.0) / 1000, 2),
            "pacToUser": text(max(now.battery, 0.0) / 1000, 2),
        }
        for label, now in m.curve(m.local)
    }
    today = m.today
    own = max(today.load - today.grid_import, 0.0)
    from_battery = min(today.discharge, own)
    return {
        "chartData": chart,
        "chartDataUnit": "kW",
        "keyNames": ["Solar", "Load Consumption", "Export To Grid", "From Battery"],
        **{
            name: f"{text(value / 1000)}kWh"
            for name, value in {
                "eAcCharge": today.grid_export,
                "eCharge": today.load,
                "eChargeToday1": own,
                "eChargeToday2": own,
                "eChargeToday2Echarge1": own - from_battery,
                "echarge1": from_battery,
                "echargeToat": m.total.discharge,
                "elocalLoad": today.load,
                "etouser": today.grid_import,
                "photovoltaic": own - from_battery,
            }.items()
        },
    }


def _curve(m: Moment, written: str, *, fine: bool) -> dict[str, str]:
    day = datetime.strptime(written, "%Y-%m-%d").replace(tzinfo=m.zone)
    return {label: text(now.pv) for label, now in m.curve(day) if fine or label.endswith(("00", "30"))}


def _spans(m: Moment, kind: str, written: str) -> dict[str, str]:
    built = m.plant.house.commissioned.astimezone(m.zone)
    if kind == "4":
        starts = [datetime(year, 1, 1, tzinfo=m.zone) for year in range(built.year, m.local.year + 2)]
        labels = [f"{start:%Y}" for start in starts]
    elif kind == "3":
        year = int(written)
        starts = [datetime(year + month // 12, month % 12 + 1, 1, tzinfo=m.zone) for month in range(13)]
        labels = [f"{start:%m}" for start in starts]
    else:
        first = datetime.strptime(written[:7], "%Y-%m").replace(tzinfo=m.zone)
        days = ((first + timedelta(days=32)).replace(day=1) - first).days
        starts = [m.midnight(first + timedelta(days=day)) for day in range(days + 1)]
        labels = [f"{start:%d}" for start in starts]
    sums: list[Energy] = [m.between(start, end) for start, end in pairwise(starts)]
    return {
        label: text(energy.pv / 1000)
        for label, start, energy in zip(labels, starts, sums, strict=False)
        if start <= m.time and energy.pv > 0
    }
