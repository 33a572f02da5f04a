"""What the cloud says about a simulated house: the one place where its signs, units and formats are made.

Formats per call as SPEC A.7 to A.10 and the recordings have them: a MIX's powers are kW with two decimals as numbers,
its strings' W and everything else texts; a TLX's detail is W as binary32, its status kW as texts; energies are kWh with
one decimal.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heliobus.growatt.simulator.together import Together
    from heliobus.simulation.plant import Energy, Instant, Plant

_WAKE = time(6)
_STEP = timedelta(minutes=5)
_ON_GRID = 5
SOME = 1.0
"""W: less sun is none."""
_PLACES = 3


@dataclass(frozen=True)
class Moment:
    """A house, or all of a plant's, at one moment; ``stale`` shows yesterday's counters until the inverter wakes up.

    ``skew`` is how far the inverter's clock is ahead.
    """

    plant: Plant | Together
    time: datetime
    offline: bool = False
    stale: bool = False
    skew: timedelta = timedelta(0)

    @cached_property
    def now(self) -> Instant:
        return self.plant.at(self.time)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.plant.house.timezone)

    @cached_property
    def local(self) -> datetime:
        return (self.time + self.skew).astimezone(self.zone)

    @cached_property
    def offset(self) -> str:
        """Hours east of UTC, as the plant's settings have them."""
        return text((self.local.utcoffset() or timedelta()) / timedelta(hours=1), 2)

    @cached_property
    def total(self) -> Energy:
        return self.plant.counters(self.time)

    @cached_property
    def today(self) -> Energy:
        midnight = self.midnight(self.local)
        if self.stale and self.local.time() < _WAKE:
            return self.between(self.midnight(self.local - timedelta(days=1)), midnight)
        return self.between(midnight, self.time)

    def midnight(self, local: datetime) -> datetime:
        return datetime.combine(local.date(), time(), self.zone)

    def between(self, start: datetime, end: datetime) -> Energy:
        """The energy of a span as far as the house stands and the time has come."""
        first = max(start, self.plant.house.commissioned)
        return self.plant.energy(first, max(min(end, self.time), first))

    def curve(self, day: datetime) -> Iterator[tuple[str, Instant]]:
        """The house every five minutes of a local day, as far as it has come."""
        moment = self.midnight(day)
        while moment <= self.time and moment.astimezone(self.zone).date() == day.date():
            if moment >= self.plant.house.commissioned:
                yield f"{moment.astimezone(self.zone):%H:%M}", self.plant.at(moment)
            moment += _STEP


def text(value: float, places: int = 1) -> str:
    """As the server writes numbers into texts: rounded, no zeros at the end."""
    written = f"{value:.{places}f}"
    written = written.rstrip("0").rstrip(".") if "." in written else written
    return "0" if written == "-0" else written


def kilo(value: float, places: int = 2) -> float:
    """KW or kWh as a JSON number."""
    rounded = round(value / 1000, places)
    return int(rounded) if rounded == int(rounded) else rounded


def kwh(value: float) -> str:
    """Energies as texts in kWh."""
    return text(value / 1000)


def single(value: float, places: int = 1) -> float:
    """As a server does that keeps measurements as binary32."""
    shown: float = struct.unpack("<f", struct.pack("<f", round(value, places)))[0]
    return shown


def parts(value: float) -> tuple[float, float]:
    """What is more and what is less than 0, as the pairs that Growatt has."""
    return max(value, 0.0), max(-value, 0.0)


# -- MIX


def mix_status(m: Moment) -> dict[str, Any]:
    now = m.now
    drawn, fed = parts(now.grid)
    discharge, charge = parts(now.battery)
    # A hybrid has two trackers; a house with a third string has the larger model, named as a TLX names it.
    strings: dict[str, Any] = {"pPv2": "0", "vPv2": "0"}
    for place, string in enumerate(now.strings, 1):
        strings |= {f"pPv{place}": text(string.power), f"vPv{place}": text(string.voltage)}
    return {
        "pdisCharge1": kilo(discharge),
        "uwSysWorkMode": str(_ON_GRID if now.pv > SOME else _ON_GRID + 1),
        "pactouser": kilo(drawn),
        "vBat": text(now.battery_voltage),
        "vAc1": text(now.grid_phases[0].voltage),
        "priorityChoose": "0",
        "lost": "mix.status.lost" if m.offline else "mix.status.normal",
        "pactogrid": kilo(fed),
        "pLocalLoad": kilo(now.load),
        "chargePower": kilo(charge),
        "upsVac1": "0",
        "SOC": text(now.soc, 0),
        "wBatteryType": "1",
        "fAc": text(now.grid_frequency, 2),
        "vac1": text(now.grid_phases[0].voltage),
        "upsFac": "0",
        "ppv": kilo(now.pv),
        "pmax": text(m.plant.house.peak_power / 1000),
        "status": str(_ON_GRID if now.pv > SOME else _ON_GRID + 1),
        "unit": "kW",
        **strings,
    }


def mix_totals(m: Moment) -> dict[str, Any]:
    today, total = m.today, m.total
    return {
        "echargetoday": kwh(today.charge),
        "echargetotal": kwh(total.charge),
        "edischarge1Today": kwh(today.discharge),
        "edischarge1Total": kwh(total.discharge),
        "elocalLoadToday": kwh(today.load),
        "elocalLoadTotal": kwh(total.load),
        "epvToday": kwh(today.pv),
        "epvTotal": kwh(total.pv),
        "etoGridToday": kwh(today.grid_export),
        "etogridTotal": kwh(total.grid_export),
        "photovoltaicRevenueToday": text(today.pv / 1000 * 0.3),
        "photovoltaicRevenueTotal": text(total.pv / 1000 * 0.3),
        "unit": "€",
    }


def mix_info(m: Moment) -> dict[str, Any]:
    now, today, total = m.now, m.today, m.total
    discharge, charge = parts(now.battery)
    return {
        "acChargeEnergyToday": 0,
        "acChargeEnergyTotal": 0,
        "acChargePower": 0,
        "capacity": text(now.soc, 0),
        "eBatChargeToday": kwh(today.charge),
        "eBatChargeTotal": kwh(total.charge),
        "eBatDisChargeToday": kwh(today.discharge),
        "eBatDisChargeTotal": kwh(total.discharge),
        "epvToday": kwh(today.pv),
        "epvTotal": kwh(total.pv),
        "isCharge": int(charge > 0),
        "pCharge1": text(charge),
        "pDischarge1": text(discharge),
        "soc": f"{text(now.soc, 0)}%",
        "upsPac1": 0,
        "upsPac2": 0,
        "upsPac3": 0,
        "vbat": text(now.battery_voltage),
        "vbatdsp": text(now.battery_voltage),
        "vpv1": text(now.strings[0].voltage),
        "vpv2": text(now.strings[1].voltage) if len(now.strings) > 1 else "0",
    }


def mix_energy(m: Moment, day: datetime) -> dict[str, Any]:
    """A day's curves and sums (errata G1): import leaves out what charges the battery."""
    chart = {}
    for label, now in m.curve(day):
        drawn, fed = parts(now.grid)
        chart[label] = {
            "pacToGrid": text(fed / 1000, 2),
            "pacToUser": text(drawn / 1000, 2),
            "pdischarge": text(max(now.battery, 0.0) / 1000, 2),
            "ppv": text(now.pv / 1000, 2),
            "sysOut": text(now.load / 1000, 2),
        }
    sums = m.between(m.midnight(day), m.midnight(day + timedelta(days=1)))
    own = max(sums.load - sums.grid_import, 0.0)
    from_battery = min(sums.discharge, own)
    ratios = (
        (own, own + sums.grid_export),
        (sums.grid_export, own + sums.grid_export),
        (own, sums.load),
        (sums.grid_import, sums.load),
        (own - from_battery, own),
        (from_battery, own),
    )
    return {
        "chartData": chart,
        "eAcCharge": kwh(sums.grid_export),
        "eCharge": kwh(own + sums.grid_export),
        "eChargeToday": kwh(own - from_battery),
        "eChargeToday1": kwh(own),
        "eChargeToday2": kwh(own),
        "echarge1": kwh(from_battery),
        "echargeToat": kwh(m.total.discharge),
        "elocalLoad": kwh(sums.load),
        "etouser": kwh(sums.grid_import),
        "photovoltaic": kwh(own - from_battery),
        **{
            f"ratio{place}": f"{text(100 * part / whole if whole else 0.0)}%"
            for place, (part, whole) in enumerate(ratios, 1)
        },
        "unit": "kWh",
        "unit2": "kW",
    }


# -- TLX


def tlx_detail(m: Moment) -> dict[str, Any]:
    now, today, total = m.now, m.today, m.total
    drawn, fed = parts(now.grid)
    discharge, charge = parts(now.battery)
    strings: dict[str, Any] = {}
    for place in range(1, _PLACES + 2):
        string = now.strings[place - 1] if place <= len(now.strings) else None
        strings |= {
            f"ppv{place}": single(string.power) if string else 0,
            f"vpv{place}": single(string.voltage) if string else 0,
            f"ipv{place}": single(string.current) if string else 0,
        }
    return {
        **strings,
        "status": 1 if now.pv > SOME else 0,
        "statusText": "Normal" if now.pv > SOME else "Standby",
        "lost": m.offline,
        "time": f"{m.local:%Y-%m-%d %H:%M:%S}",
        "ppv": single(now.pv),
        "pac": single(now.pv + now.battery),
        "fac": single(now.grid_frequency, 2),
        # A MIN has one phase.
        "vac1": single(now.grid_phases[0].voltage),
        "vac2": 0,
        "vac3": 0,
        "pacToUserTotal": single(drawn),
        "pacToGridTotal": single(fed),
        "pacToLocalLoad": single(now.load),
        "bdc1ChargePower": single(charge),
        "bdc1DischargePower": single(discharge),
        "bdc2ChargePower": 0,
        "bdc2DischargePower": 0,
        "bmsSoc": round(now.soc),
        "bmsSoh": 99,
        "bmsVbat": single(now.battery_voltage),
        "bmsTemp1Bat": single(now.battery_temperature),
        "bdc1Soc": round(now.soc),
        "bdc1Vbat": single(now.battery_voltage),
        "temp1": single(now.case_temperature),
        "eacToday": kilo(today.pv + today.discharge - today.charge, 1),
        "eacTotal": kilo(total.pv + total.discharge - total.charge, 1),
        "epvTotal": kilo(total.pv, 1),
        "etoUserToday": kilo(today.grid_import, 1),
        "etoUserTotal": kilo(total.grid_import, 1),
        "etoGridToday": kilo(today.grid_export, 1),
        "etoGridTotal": kilo(total.grid_export, 1),
        "elocalLoadToday": kilo(today.load, 1),
        "elocalLoadTotal": kilo(total.load, 1),
        "echargeToday": kilo(today.charge, 1),
        "echargeTotal": kilo(total.charge, 1),
        "edischargeToday": kilo(today.discharge, 1),
        "edischargeTotal": kilo(total.discharge, 1),
    }


def tlx_status(m: Moment) -> dict[str, Any]:
    now = m.now
    drawn, fed = parts(now.grid)
    discharge, charge = parts(now.battery)
    watts = {
        "ppv": now.pv,
        "pac": now.pv + now.battery,
        "pLocalLoad": now.load,
        "pactouser": drawn,
        "pactogrid": fed,
        "chargePower": charge,
        "chargePower1": charge,
        "pdisCharge": discharge,
        "pdisCharge1": discharge,
        **{f"pPv{place}": string.power for place, string in enumerate(now.strings, 1)},
    }
    return {
        **{name: text(value / 1000, 2) for name, value in watts.items()},
        **{f"vPv{place}": text(string.voltage) for place, string in enumerate(now.strings, 1)},
        "SOC": text(now.soc, 0),
        "vBat": text(now.battery_voltage),
        "vAc1": text(now.grid_phases[0].voltage),
        "fAc": text(now.grid_frequency, 2),
        "lost": "tlx.status.lost" if m.offline else "tlx.status.operating",
        "unit": "kW",
    }


def tlx_totals(m: Moment) -> dict[str, Any]:
    today, total = m.today, m.total
    return {
        "epvToday": kwh(today.pv),
        "epvTotal": kwh(total.pv),
        "elocalLoadToday": kwh(today.load),
        "elocalLoadTotal": kwh(total.load),
        "echargetoday": kwh(today.charge),
        "echargetotal": kwh(total.charge),
        "edischargeToday": kwh(today.discharge),
        "edischargeTotal": kwh(total.discharge),
        "etoGridToday": kwh(today.grid_export),
        "etogridTotal": kwh(total.grid_export),
    }
