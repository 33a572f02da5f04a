"""What the App API says about a house: the one place where its signs and scales are made (SPEC 7, captures 26 to 57).

Every value is a binary32 as the cloud has it, and no power is negative: each direction has its own field.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from heliobus.model.spans import spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from heliobus.simulation.plant import Energy, Instant, Plant

COLUMNS = (
    *("POWER_GENERATION", "POWER_CONSUMPTION", "GRID_IMPORT", "GRID_EXPORT", "BATTERY_IMPORT", "BATTERY_EXPORT"),
    *("BATTERY_LEVEL_IN_PERCENT", "AUTARKY_IN_PERCENT", "WALLBOX_CONSUMPTION"),
)
_STEPS = {"FIVE_MINUTES": timedelta(minutes=5), "HOUR": timedelta(hours=1)}
_SPANS = {"DAY": "day", "MONTH": "month", "YEAR": "year"}
_BOTH_WAYS = 23.2
"""W, drawn and fed in at once (capture 26)."""
_ALMOST = 0.005  # %


@dataclass(frozen=True)
class CloudMoment:
    """A house as the cloud shows it at ``time``."""

    plant: Plant
    time: datetime
    both_ways: bool = False

    @cached_property
    def now(self) -> Instant:
        return self.plant.at(self.time)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.plant.house.timezone)

    @property
    def today(self) -> Energy:
        ((midnight, _),) = spans(self.time, self.time + timedelta(microseconds=1), "day", self.zone)
        return self.plant.energy(max(midnight, self.plant.house.commissioned), self.time)

    # -- states

    @property
    def storage_state(self) -> str:
        return "CHARGING" if self.now.battery < 0 else "DISCHARGING" if self.now.battery > 0 else "IDLE"

    @property
    def state(self) -> str:
        """The German name that the appliance itself would show."""
        if self.now.battery:
            return "LADEN" if self.now.battery < 0 else "ENTLADEN"
        return "AKKU_VOLL" if self.now.soc > 100 - _ALMOST else "AKKU_LEER"

    # -- answers

    def dashboard(self) -> dict[str, Any]:
        now, today = self.now, self.today
        more = _BOTH_WAYS if self.both_ways else 0.0
        sufficiency = _share(now.load - max(now.grid, 0.0), now.load)
        return {
            "currently": {
                "powerGenerationInW": single(now.pv),
                "powerConsumptionInW": single(now.load),
                "gridFeedInInW": single(max(-now.grid, 0.0) + more),
                "gridDrawInW": single(max(now.grid, 0.0) + more),
                "batteryChargeInW": single(max(-now.battery, 0.0)),
                "batteryDischargeInW": single(max(now.battery, 0.0)),
                "batteryLevelInPercent": single(now.soc),
                "selfSufficiencyInPercent": round(sufficiency, 2),
                "wallboxInW": 0.0,
            },
            "today": {
                "powerGenerationInWh": single(today.pv),
                "powerConsumptionInWh": single(today.load),
                "gridFeedInInWh": single(today.grid_export),
                "gridDrawInWh": single(today.grid_import),
                "batteryChargeInWh": single(today.charge),
                "batteryDischargeInWh": single(today.discharge),
                "batteryLevelInPercent": single(now.soc),
                "selfSufficiencyInPercent": round(_share(today.load - today.grid_import, today.load), 2),
                "wallboxInWh": 0.0,
            },
            "timestamp": iso(self.time),
            "electricVehicleConnected": False,
        }

    def measurements(self, query: Mapping[str, str]) -> dict[str, Any]:
        """The buckets that begin from ``from`` to ``to``.  Raises KeyError and ValueError for a bad question."""
        start, end = datetime.fromisoformat(query["from"]), datetime.fromisoformat(query["to"])
        buckets = self._buckets(query["resolution"], start.astimezone(UTC), end.astimezone(UTC))
        return {
            "timeSeries": [self._bucket(begin, stop) for begin, stop in buckets],
            "measurements": list(COLUMNS),
            "electricVehicleConnected": False,
        }

    def _buckets(self, resolution: str, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        first = max(start, self.plant.house.commissioned)
        if resolution in _SPANS:
            for begin, stop in spans(first, min(end, self.time), _SPANS[resolution], self.zone):
                if begin >= start:
                    yield begin, stop
            return
        step = _STEPS[resolution]
        begin = start + -(-(first - start) // step) * step
        while begin <= min(end, self.time):
            yield begin, begin + step
            begin += step

    def _bucket(self, begin: datetime, stop: datetime) -> dict[str, Any]:
        known = min(stop, self.time)
        energy = self.plant.energy(max(begin, self.plant.house.commissioned), known)
        values = (energy.pv, energy.load, energy.grid_import, energy.grid_export, energy.charge, energy.discharge)
        shares = (single(self.plant.at(known).soc), round(_share(energy.load - energy.grid_import, energy.load), 2))
        return {
            "date": iso(begin),
            "measurements": {
                "durationInSeconds": int((stop - begin).total_seconds()),
                "values": [*(single(value / 1000) for value in values), *shares, 0],
            },
        }


def single(value: float) -> float:
    """As the cloud writes a binary32."""
    return float(struct.unpack("!f", struct.pack("!f", value))[0])


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _share(part: float, whole: float) -> float:
    return 100.0 * min(max(part / whole, 0.0), 1.0) if whole > 0 else 100.0
