"""What was recorded against what truly happened, system by system and channel by channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from heliobus.cli.demo.street import Neighbour
    from heliobus.cli.demo.troubles import Case
    from heliobus.recorder.query import Bucket, History, Sample
    from heliobus.simulation.plant import Energy, Plant


class Channel(NamedTuple):
    """One energy: the record's word for it, the house's, and the model's power and counter."""

    recorded: str
    true: str
    power: str
    counter: str

    @property
    def name(self) -> str:
        return {"import_": "import", "ev": "wallbox"}.get(self.recorded, self.recorded)


CHANNELS = (
    Channel("pv", "pv", "pv.power", "pv.energy"),
    Channel("import_", "grid_import", "grid.power", "grid.import_energy"),
    Channel("export", "grid_export", "grid.power", "grid.export_energy"),
    Channel("charge", "charge", "battery.power", "battery.charge_energy"),
    Channel("discharge", "discharge", "battery.power", "battery.discharge_energy"),
    Channel("load", "load", "load.power", "load.energy"),
    Channel("ev", "wallbox", "wallboxes.1.power", "wallboxes.1.energy"),
)
SHARE = 0.005
STORED_W = 1.0
"""Powers are stored in whole watts: over a time t an energy is known to no better than 1 W x t, or the wire's step."""
WHOLE_WH = 1.0
"""What a counter is told in where the wire does not say."""
LONGEST = 3
"""Intervals between two samples; what is longer is a gap."""

_EARLY, _LATE = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_ROUNDING = 1e-6

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One channel of one system: energies in Wh outside gaps; ``recorded`` None is unknown."""

    system: str
    channel: str
    recorded: float | None
    true: float
    allowed: float

    @property
    def ok(self) -> bool:
        return self.recorded is not None and abs(self.recorded - self.true) <= self.allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """All of one system; ``coverage`` is the share of the time that the record says it knows, ``wrong`` in words."""

    system: str
    rows: tuple[Row, ...]
    coverage: float
    wrong: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return bool(self.rows) and all(row.ok for row in self.rows) and not self.wrong


def judge(history: History, house: Neighbour, cases: Iterable[Case]) -> Verdict:
    """Compare what is on record of a house with what happened there; ``cases`` may explain gaps."""
    samples = _samples(history, house)
    times = [sample.time for sample in samples if sample.values["pv.power"] is not None]
    if not times:
        return Verdict(system=house.name, rows=tuple(_rows(house, (), samples, ())), coverage=0.0, wrong=())
    quarters = history.energy(times[0], times[-1] + timedelta(milliseconds=1), by="15min")
    days = history.energy(times[0], times[-1] + timedelta(milliseconds=1), by="day")
    longest = timedelta(seconds=LONGEST * house.interval)
    gaps = [(one, next_) for one, next_ in pairwise(times) if next_ - one > longest]
    # By day: what an interval of eleven minutes covers does not fit the quarter that it belongs to.
    covered = sum(
        one.systems[house.name].coverage * (one.end - one.start).total_seconds()
        for one in days
        if house.name in one.systems
    )
    length = (times[-1] - times[0]).total_seconds()
    wrong = (
        *_unmarked(gaps, covered=covered, length=length, quarters=len(quarters)),
        *_unexplained(gaps, [case for case in cases if case.system == house.name]),
        *_ledger(house.name, quarters, days),
    )
    rows = tuple(_rows(house, times, samples, quarters))
    return Verdict(system=house.name, rows=rows, coverage=min(covered / length, 1.0) if length else 0.0, wrong=wrong)


def _samples(history: History, house: Neighbour) -> list[Sample]:
    paths = ("pv.power", *(channel.counter for channel in CHANNELS))
    return list(history.samples(_EARLY, _LATE, system=house.name, channels=paths))


def _rows(
    house: Neighbour, times: Sequence[datetime], samples: Sequence[Sample], quarters: Sequence[Bucket]
) -> Iterator[Row]:
    longest = timedelta(seconds=LONGEST * house.interval)
    resets = house.plant.resets
    for channel in CHANNELS:
        if channel.recorded == "ev" and house.plant.house.wallbox is None:
            continue
        counted = [sample.time for sample in samples if sample.values[channel.counter] is not None]
        if counted:
            # A counter knows what flowed in a gap, unless it began anew there.
            spans = tuple(_spans(counted, lambda a, b: b - a > longest and any(a < one <= b for one in resets)))
            ends = 2 * (len(spans) + sum(counted[0] < one <= counted[-1] for one in resets))
            slack = ends * _step(house, channel.counter, unsaid=WHOLE_WH)
        else:
            spans = tuple(_spans(times, lambda a, b: b - a > longest))
            watts = max(_step(house, channel.power, unsaid=STORED_W), STORED_W)
            slack = watts * sum((end - start).total_seconds() for start, end in spans) / 3600
        parts = [getattr(one.systems[house.name], channel.recorded) for one in quarters if house.name in one.systems]
        known = [part for part in parts if part is not None]
        true = float(getattr(_energy(house.plant, spans), channel.true))
        yield Row(
            system=house.name,
            channel=channel.name,
            recorded=sum(known) if known and spans else None,
            true=true,
            allowed=max(SHARE * true, slack),
        )


def _step(house: Neighbour, path: str, *, unsaid: float) -> float:
    """How finely the wire tells it, W or Wh."""
    told = house.wire.live.get(path)
    return unsaid if told is None else told.step


def _spans(times: Sequence[datetime], parted: Callable[[datetime, datetime], bool]) -> Iterator[Span]:
    begin = 0
    for index in range(1, len(times) + 1):
        if index == len(times) or parted(times[index - 1], times[index]):
            if index - begin > 1:
                yield times[begin], times[index - 1]
            begin = index


def _energy(plant: Plant, spans: Iterable[Span]) -> Energy:
    nothing = plant.house.commissioned
    total = plant.energy(nothing, nothing)
    for start, end in spans:
        total = total + plant.energy(start, end)
    return total


# -- what the record says of itself


def _unmarked(gaps: Sequence[Span], *, covered: float, length: float, quarters: int) -> Iterator[str]:
    """The record must not say that it knows a gap; each quarter's coverage is rounded to a second."""
    known = length - sum((end - start).total_seconds() for start, end in gaps)
    if covered > known + quarters:
        yield f"says to know {covered:.0f} s, and has samples for {known:.0f} s"


def _unexplained(gaps: Iterable[Span], cases: Sequence[Case]) -> Iterator[str]:
    for start, end in gaps:
        for case in cases:
            until = _LATE if case.ended is None else case.ended + timedelta(seconds=case.allowed_s)
            if case.began is not None and case.began <= end and start <= until and end <= until:
                break
        else:
            yield f"a gap of {(end - start).total_seconds() / 60:.0f} min from {start:%H:%M} UTC that no fault explains"


def _ledger(name: str, quarters: Sequence[Bucket], days: Sequence[Bucket]) -> Iterator[str]:
    """An energy never falls, and its local days add up to all of it."""
    for channel in CHANNELS:
        fine, coarse = (
            [energy for one in buckets if name in one.systems
             and (energy := getattr(one.systems[name], channel.recorded)) is not None]
            for buckets in (quarters, days)
        )  # fmt: skip
        if any(energy < 0 for energy in (*fine, *coarse)):
            yield f"{channel.name} falls"
        if abs(sum(fine) - sum(coarse)) > _ROUNDING:
            yield f"{channel.name}: days add up to {sum(coarse):.3f} Wh, quarters of an hour to {sum(fine):.3f} Wh"
