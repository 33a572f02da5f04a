"""One plant of the portal: what it says about a house, and what it was told (SPEC 8, capture 58)."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from heliobus.model.spans import spans
from heliobus.senec.protocol.portal import MODES
from heliobus.senec.simulator.app.house import single
from heliobus.senec.simulator.house import serial

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.simulation.plant import Plant

_TITLES = (
    "Uhrzeit;Netzbezug [kW];Netzeinspeisung [kW];Stromverbrauch [kW];Akkubeladung [kW];Akkuentnahme [kW];"
    "Stromerzeugung [kW];Akku Spannung [V];Akku Stromstärke [A];Akku Füllstand [%]"
)
_STEP = timedelta(minutes=5)
_EDITED = 1665062808000
_SG_READY = {
    "enabled": False,
    "modeChangeDelayInMinutes": 20,
    "powerOnProposalThresholdInWatt": 2000,
    "powerOnCommandThresholdInWatt": 3000,
    "shutdownLevelInWatt": 200,
}


@dataclass
class PortalPlant:
    """A house in the account; ``master`` is False for a unit that belongs to another one."""

    plant: Plant
    master: bool = True
    reserve: int = 0
    peak: dict[str, Any] = field(
        default_factory=lambda: {
            "peakShavingMode": "DEACTIVATED",
            "peakShavingCapacityLimitInPercent": 0,
            "peakShavingLocalEndTime": [0, 0],
        }
    )
    sg_ready: dict[str, Any] = field(default_factory=lambda: dict(_SG_READY))
    sockets: list[dict[str, Any]] = field(default_factory=lambda: [_socket(1), _socket(2)])

    @property
    def serial(self) -> str:
        return serial(self.plant) + ("" if self.master else "-2")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.plant.house.timezone)

    # -- answers

    def navigation(self) -> dict[str, Any]:
        shown = ("peakShaving", "steckdosen", "sgReady", "wallbox", "autarkie", "akku")
        return {
            "master": self.master,
            "steuereinheitnummer": self.serial,
            "produktName": "SENEC.Home V3 hybrid duo",
            "zoneId": self.plant.house.timezone,
            "steckdosenEnabled": True,
            **{f"{name}Visible": True for name in shown},
        }

    def overview(self, time: datetime, *, scale: float) -> dict[str, Any]:
        """``scale``: what a W is in the unit of ``now``."""
        now = self.plant.at(time)
        ((midnight, _),) = spans(time, time + timedelta(microseconds=1), "day", self.zone)
        today = self.plant.energy(max(midnight, self.plant.house.commissioned), time)
        pairs = {
            "consumption": (now.load, today.load),
            "powergenerated": (now.pv, today.pv),
            "accuimport": (max(now.battery, 0.0), today.discharge),
            "accuexport": (max(-now.battery, 0.0), today.charge),
            "gridimport": (max(now.grid, 0.0), today.grid_import),
            "gridexport": (max(-now.grid, 0.0), today.grid_export),
        }
        told: dict[str, Any] = {
            name: {"now": single(power * scale), "today": single(energy / 1000)}
            for name, (power, energy) in pairs.items()
        }
        level = {"now": single(now.soc), "today": single(now.soc)}
        return {**told, "acculevel": level, "lastupdated": int(time.timestamp()), "wartungsplan": None}

    def accu_state(self, time: datetime) -> dict[str, Any]:
        now = self.plant.at(time)
        return {
            "batteryvoltage": single(now.battery_voltage),
            "batterycurrent": single(now.battery_current),
            "capacity": self.plant.house.battery_capacity / 1000,
            "akkutyp": "Lithium",
            "val": [[], []],
        }

    def autarky(self, time: datetime) -> dict[str, float]:
        found = {}
        for name in ("day", "week", "month", "year"):
            ((begin, _),) = spans(time, time + timedelta(microseconds=1), name, self.zone)
            energy = self.plant.energy(max(begin, self.plant.house.commissioned), time)
            own = (energy.load - energy.grid_import) / energy.load if energy.load else 1.0
            found[name] = round(100.0 * max(own, 0.0), 2)
        return {**found, "all": found["year"]}

    def series(self, kind: str, time: datetime) -> dict[str, Any]:
        """Today's powers; other periods are as today."""
        ((midnight, _),) = spans(time, time + timedelta(microseconds=1), "day", self.zone)
        begin = max(midnight, self.plant.house.commissioned)
        names = {
            "powergenerated": "pv",
            "consumption": "load",
            "gridimport": "grid_import",
            "gridexport": "grid_export",
        }
        names |= {"accuexport": "charge", "accuimport": "discharge"}
        name = names[kind]
        values, moment = [], begin
        while moment + _STEP <= time:
            energy = getattr(self.plant.energy(moment, moment + _STEP), name)
            values.append([int(moment.timestamp() * 1000), single(energy * 12 / 1000)])
            moment += _STEP
        full = getattr(self.plant.energy(begin, time), name) / 1000
        return {"fullkwh": single(full), "lastupdated": int(time.timestamp()), "val": values}

    def peak_shaving(self, time: datetime) -> dict[str, Any]:
        hour, minute = self.peak["peakShavingLocalEndTime"]
        end = time.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return {
            "einspeisebegrenzungKwpInPercent": 100,
            **copy.deepcopy(self.peak),
            "bearbeitungsdatum": _EDITED,
            "bearbeiter": {"id": 111111, "geloescht": False, "userRole": "STUB", "aktiv": False},
            "valid": True,
            "peakShavingEndDate": int(end.timestamp() * 1000),
        }

    def sg_ready_state(self) -> int:
        return 2 if self.sg_ready["enabled"] else 1

    # -- week files

    def weeks(self, time: datetime) -> list[dict[str, Any]]:
        begins = [
            begin.astimezone(self.zone) for begin, _ in spans(self.plant.house.commissioned, time, "week", self.zone)
        ]
        return [
            {"kalenderwoche": begin.isocalendar().week, "jahr": begin.isocalendar().year} for begin in reversed(begins)
        ]

    def week(self, year: int, week: int, time: datetime) -> str | None:
        """The file, None if there is none: rows at uneven moments, and the week's first one at its end again."""
        first = datetime.fromisocalendar(year, week, 1).replace(tzinfo=self.zone)
        ((begin, end),) = spans(first, first + timedelta(hours=1), "week", self.zone)
        known = max(begin, self.plant.house.commissioned)
        if known >= min(end, time):
            return None
        rows, moment, number = [], known + timedelta(seconds=98), 0
        while moment < min(end, time):
            number += 1
            following = known + timedelta(seconds=98 + 300 * number + number % 3)
            rows.append(self._row(moment, min(following, max(time, moment + timedelta(seconds=1)))))
            moment = following
        return "\r\n".join([_TITLES, *rows, *rows[:1], ""])

    def _row(self, begin: datetime, end: datetime) -> str:
        energy, now = self.plant.energy(begin, end), self.plant.at(begin)
        hours = (end - begin) / timedelta(hours=1)
        energies = (energy.grid_import, energy.grid_export, energy.load, energy.charge, energy.discharge, energy.pv)
        values = [*(one / hours / 1000 for one in energies), now.battery_voltage, now.battery_current, now.soc]
        cells = [f"{value:.6f}".rstrip("0").rstrip(".").replace(".", ",") for value in values]
        return ";".join([f"{begin.astimezone(self.zone):%d.%m.%Y %H:%M:%S}", *cells])

    # -- settings; each raises ValueError with the portal's words, or KeyError

    def set_reserve(self, query: Mapping[str, str]) -> None:
        wanted = int(query["reserve-in-percent"])
        if not 0 <= wanted <= 100:  # noqa: PLR2004 - %
            raise ValueError("RESERVE_OUT_OF_RANGE")
        self.reserve = wanted

    def set_peak_shaving(self, query: Mapping[str, str]) -> None:
        limit, end = int(query["capacityLimit"]), datetime.fromtimestamp(int(query["endzeit"]) / 1000, UTC)
        if query["mode"] not in MODES or not 0 <= limit <= 100:  # noqa: PLR2004 - %
            raise ValueError("INVALID_PEAK_SHAVING_SETTINGS")
        self.peak = {
            "peakShavingMode": query["mode"],
            "peakShavingCapacityLimitInPercent": limit,
            "peakShavingLocalEndTime": [end.hour, end.minute],
        }

    def set_sg_ready(self, told: Any) -> None:
        if not isinstance(told, dict) or not told or told.keys() - self.sg_ready.keys():
            raise ValueError("INVALID_SG_READY_CONFIG")
        self.sg_ready |= told

    def set_sockets(self, told: Any) -> None:
        numbers = [one["steckdosennummer"] for one in self.sockets]
        if not isinstance(told, list) or [one.get("steckdosennummer") for one in told] != numbers:
            raise ValueError("INCOMPLETE_LIST_OF_SOCKETS")
        self.sockets = copy.deepcopy(told)


def _socket(number: int) -> dict[str, Any]:
    return {
        "steckdosennummer": number,
        "name": f"Steckdose {number}",
        "mode": "AUTOMATIC",
        "einschaltschwelleInWatt": 1000,
        "abschaltschwelleInWatt": 200,
        "dauerLeistungsueberschussInMin": 10,
        "dauerSteckdoseAnInMin": 60,
        "einschaltzeit": [8, 0],
    }
