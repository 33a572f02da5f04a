"""What was recorded against what truly happened, channel by channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from heliobus.vendor import vendors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heliobus.cli.demo.street import House
    from heliobus.recorder.query import History
    from heliobus.simulation.plant import Energy, Plant

CHANNELS = (
    ("pv", "pv", "pv.energy"),
    ("import_", "grid_import", "grid.import_energy"),
    ("export", "grid_export", "grid.export_energy"),
    ("charge", "charge", "battery.charge_energy"),
    ("discharge", "discharge", "battery.discharge_energy"),
    ("load", "load", "load.energy"),
)
"""The record's word, the house's word and the model's counter for the same energy."""

SHARE = 0.005
STEP_W = 1.0
"""Powers are stored in whole watts, so over a time t an energy is known to no better than 1 W x t."""

_EARLY, _LATE = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One channel of one system: energies in Wh; ``recorded`` None is unknown."""

    system: str
    channel: str
    recorded: float | None
    true: float
    allowed: float

    @property
    def ok(self) -> bool:
        return self.recorded is not None and abs(self.recorded - self.true) <= self.allowed


def compare(history: History, house: House) -> Iterator[Row]:
    """Give a row per channel over the time that samples cover (gaps longer than three polls left out)."""
    times = [sample.time for sample in history.samples(_EARLY, _LATE, system=house.name, channels=("pv.power",))]
    spans = list(_spans(times, timedelta(seconds=3 * house.interval)))
    covered = sum((end - start).total_seconds() for start, end in spans)
    true = _energy(house.simulator.plant, spans)
    buckets = history.energy(times[0], times[-1] + timedelta(milliseconds=1), by="15min") if times else ()
    counters = vendors()[house.name].wires[0].live
    for word, house_word, counter in CHANNELS:
        # A counter is read at both ends of each span.
        steps = 2 * len(spans) * counters[counter].step if counter in counters else 0.0
        parts = [getattr(bucket.systems[house.name], word) for bucket in buckets if house.name in bucket.systems]
        known = [part for part in parts if part is not None]
        truth = float(getattr(true, house_word))
        yield Row(
            system=house.name,
            channel=word.rstrip("_"),
            recorded=sum(known) if known and covered else None,
            true=truth,
            allowed=max(SHARE * truth, STEP_W * covered / 3600, steps),
        )


def _spans(times: list[datetime], longest: timedelta) -> Iterator[tuple[datetime, datetime]]:
    begin = 0
    for index in range(1, len(times) + 1):
        if index == len(times) or times[index] - times[index - 1] > longest:
            if index - begin > 1:
                yield times[begin], times[index - 1]
            begin = index


def _energy(plant: Plant, spans: list[tuple[datetime, datetime]]) -> Energy:
    now = spans[0][0] if spans else plant.house.commissioned
    total = plant.energy(now, now)
    for start, end in spans:
        total = total + plant.energy(start, end)
    return total
