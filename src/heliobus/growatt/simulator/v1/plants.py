"""What the OpenAPI V1 says about the plant and what belongs to it (SPEC C.2, recordings of a MOD 12KTL3-HU's plant)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from heliobus.growatt.protocol.v1 import FAMILIES
from heliobus.growatt.simulator.house import kilo, single

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heliobus.growatt.simulator.cloud import Cloud
    from heliobus.growatt.simulator.house import Moment

STEP = timedelta(minutes=5)
_CO2 = 0.4
_CODES = {"inverter": 16, "mix": 17, "max": 18, "spa": 19, "tlx": 22, "storage": 96}
"""Of the service that tells a device's kind (SPEC C.3)."""


def plant(cloud: Cloud, m: Moment) -> dict[str, Any]:
    house = m.plant.house
    return {
        "plant_id": int(cloud.account.plant_id),
        "name": cloud.account.plant_name,
        "country": "Germany",
        "city": "",
        "latitude": round(house.latitude, 2),
        "longitude": round(house.longitude, 2),
        "latitude_f": None,
        "latitude_d": None,
        "total_energy": f"{m.total.pv / 1000:.1f}",
        "current_power": f"{m.now.pv:.1f}",
        "peak_power": kilo(house.peak_power, 1),
        "status": 1,
        "create_date": f"{house.commissioned:%Y-%m-%d}",
        "locale": "en-US",
        "image_url": None,
        "operator": "0",
        "installer": "0",
        "user_id": cloud.account.user_id,
    }


def details(cloud: Cloud, m: Moment) -> dict[str, Any]:
    return {
        **{name: value for name, value in plant(cloud, m).items() if name not in ("plant_id", "total_energy")},
        "plant_type": 0,
        "timezone": f"GMT{'' if m.offset.startswith('-') else '+'}{m.offset}",
        "currency": "EUR",
        "description": "",
        "notes": "",
        "address": "",
        "postal": "",
        "inverters": [],
        "maxs": [],
        "arrays": [],
        "dataloggers": [{"datalogger_man": "Growatt", "datalogger_md": None, "datalogger_num": 1}],
    }


def data(m: Moment) -> dict[str, Any]:
    """Its power is kW."""
    first = m.midnight(m.local.replace(day=1))
    year = m.midnight(m.local.replace(day=1, month=1))
    return {
        "current_power": kilo(m.now.pv),
        "peak_power_actual": kilo(m.plant.house.peak_power, 1),
        "today_energy": kilo(m.today.pv, 1),
        "monthly_energy": kilo(m.between(first, m.time).pv, 1),
        "yearly_energy": kilo(m.between(year, m.time).pv, 1),
        "total_energy": kilo(m.total.pv, 1),
        "carbon_offset": kilo(m.total.pv * _CO2, 1),
        "efficiency": None,
        "last_update_time": f"{m.local:%Y-%m-%d %H:%M:%S}",
        "timezone": f"GMT{'' if m.offset.startswith('-') else '+'}{m.offset}",
    }


def power(m: Moment, day: date) -> dict[str, Any]:
    """The newest first, as the sample is; what is still to come has no power (erratum G12)."""
    lines = [
        {"time": f"{moment.astimezone(m.zone):%Y-%m-%d %H:%M:%S}", "power": _power(m, moment)}
        for moment in steps(m, day, day)
    ]
    return {"count": len(lines), "powers": lines[::-1]}


def _power(m: Moment, moment: datetime) -> float | None:
    return single(m.plant.at(moment).pv) if m.plant.house.commissioned <= moment <= m.time else None


def energy(m: Moment, first: date, last: date, unit: str) -> dict[str, Any]:
    """Production by day, month or year; what is still to come is 0, as in the sample."""
    lines = []
    start = _begin(first, unit)
    while start <= last:
        end = _next(start, unit)
        sums = m.between(_midnight(m, start), _midnight(m, end))
        shown = {"day": f"{start}", "month": f"{start:%Y-%m}", "year": f"{start:%Y}"}[unit]
        lines.append({"date": shown, "energy": kilo(sums.pv, 1)})
        start = end
    return {"count": len(lines), "time_unit": unit, "energys": lines}


def steps(m: Moment, first: date, last: date) -> Iterator[datetime]:
    """Every five minutes of plant days."""
    moment = _midnight(m, first)
    end = _midnight(m, last + timedelta(days=1))
    while moment < end:
        yield moment
        moment += STEP


def _midnight(m: Moment, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=m.zone)


def _begin(day: date, unit: str) -> date:
    return {"day": day, "month": day.replace(day=1), "year": day.replace(day=1, month=1)}[unit]


def _next(start: date, unit: str) -> date:
    if unit == "day":
        return start + timedelta(days=1)
    return _begin(start + timedelta(days=31 if unit == "month" else 366), unit)


# -- devices


def device(cloud: Cloud, m: Moment) -> dict[str, Any]:
    return {
        "device_sn": cloud.serial,
        "device_id": 100_000 + cloud.plant.seed % 900_000,
        "type": FAMILIES[cloud.family].number,
        "model": "S23B08D00T00P0FU01M0078",
        "manufacturer": "Growatt",
        "datalogger_sn": cloud.datalogger,
        "last_update_time": f"{m.local:%Y-%m-%d %H:%M:%S}",
        "lost": m.offline,
        "status": 1,
    }


def datalogger(cloud: Cloud, m: Moment) -> dict[str, Any]:
    return {
        "sn": cloud.datalogger,
        "model": "ShineWiFi-F Pro",
        "manufacturer": "Growatt",
        "type": 0,
        "lost": m.offline,
        "lastUpdateTime": {"time": int(m.time.timestamp() * 1000), "timezoneOffset": -480},
    }


def detail(cloud: Cloud, m: Moment) -> dict[str, Any]:
    """What a device is: without telemetry, which stands elsewhere."""
    return {
        "serialNum": cloud.serial,
        "alias": cloud.serial,
        "dataLogSn": cloud.datalogger,
        "modelText": "S23B08D00T00P0FU01M0078",
        "fwVersion": "DO1.0",
        "innerVersion": "DOAA030201",
        "status": 1,
        "statusText": f"{cloud.family}.status.{'lost' if m.offline else 'operating'}",
        "lost": m.offline,
        "lastUpdateTimeText": f"{m.local:%Y-%m-%d %H:%M:%S}",
        "lastUpdateTime": {"time": int(m.time.timestamp() * 1000), "timezoneOffset": -480},
        "tcpServerIp": "127.0.0.1",
        "plantname": None,
        "children": [],
    }


def kind(cloud: Cloud) -> dict[str, Any]:
    return {
        "deviceType": _CODES[cloud.family],
        "dtc": 5200,
        "haveMeter": True,
        "inSystem": True,
        "model": "simulated",
        "msg": "inverter",
        "normalPower": round(cloud.plant.house.peak_power),
        "obj": 1,
        "result": 1,
    }
