"""From samples to energies: one pure function of the samples of a bucket and those before it.

Two neighbouring samples make an interval, and the interval belongs wholly to the bucket of its later sample, so that
sums over buckets are exact.  Between the two a power is linear, split exactly where it crosses zero; an interval longer
than three polls is a gap, of which nothing is known.  Where both samples carry the lifetime counter, its step goes
before the integral (``counters``).  Values that are STALE, SUSPECT or ESTIMATED count as missing.
"""

from __future__ import annotations

import functools
import operator
from dataclasses import dataclass
from enum import IntFlag
from typing import TYPE_CHECKING, NamedTuple

from heliobus.recorder.counters import MS_PER_HOUR, Fault, fault, limit, sound

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from heliobus.recorder.layout import Row

BUCKET = 900
"""Seconds of a bucket: a quarter of an hour fits every offset to UTC in use."""
THOUSANDTHS = 1000
BOTH = 2


class Origin(IntFlag):
    """Where an energy comes from, the bits of the column ``src``."""

    METER = 1
    INTEGRATED = 2
    FILLED = 4
    CORRECTED = 8


NOWHERE = Origin(0)


class Flow(NamedTuple):
    """One energy: its column, the power that it integrates (``sign`` the direction that counts), and its counter.

    ``*`` stands for the members whose energies add up.
    """

    column: str
    power: str
    sign: int
    counter: str


FLOWS = (
    Flow("pv", "pv.power", 1, "pv.energy"),
    Flow("imp", "grid.power", 1, "grid.import_energy"),
    Flow("exp", "grid.power", -1, "grid.export_energy"),
    Flow("chg", "battery.power", -1, "battery.charge_energy"),
    Flow("dis", "battery.power", 1, "battery.discharge_energy"),
    Flow("load", "load.power", 1, "load.energy"),
    Flow("ev", "wallboxes.*.power", 1, "wallboxes.*.energy"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """A row of the energy tables: all in thousandths of Wh, W and %, ``cover_s`` in s; None is unknown."""

    pv: int | None = None
    imp: int | None = None
    exp: int | None = None
    chg: int | None = None
    dis: int | None = None
    load: int | None = None
    ev: int | None = None
    pv_peak: int | None = None
    soc_min: int | None = None
    soc_max: int | None = None
    cover_s: int = 0
    src: Origin = NOWHERE


COLUMNS = tuple(Totals.__dataclass_fields__)
"""In the order of the tables."""
_SUMS = tuple(flow.column for flow in FLOWS)


class Interval(NamedTuple):
    """What is known of one interval: energy in Wh, and the ms of it that count as covered."""

    energy: float
    covered: int
    origin: Origin


def positive_area(a: float, b: float, duration: float) -> float:
    """Integrate the positive part of the line from ``a`` to ``b`` over ``duration``, exactly."""
    if a >= 0 and b >= 0:
        return (a + b) / 2 * duration
    if a <= 0 and b <= 0:
        return 0.0
    top = max(a, b)
    return top * top / (2 * abs(a - b)) * duration


def roll_up(rows: Sequence[Row], start: int) -> tuple[Totals, tuple[Fault, ...]] | None:
    """Sum up the bucket that starts at ``start`` ms; None if it has no sample.

    ``rows`` ascend in time and end with the bucket; before it they hold the last sample before the bucket at least,
    and everything within one bucket's length, by which a dip of a counter is recognised.
    """
    if not rows or rows[-1].at < start:
        return None
    first = next(index for index, row in enumerate(rows) if row.at >= start)
    trusted = [_trusted(row) for row in rows]
    window = _Window(rows, trusted, frozenset[str]().union(*trusted), first, [])
    sums: dict[str, int] = {}
    covers: list[int] = []
    origin = NOWHERE
    for flow in FLOWS:
        known = [one for one in _intervals(flow, window) if one is not None]
        if known:
            sums[flow.column] = round(sum(one.energy for one in known) * THOUSANDTHS)
            covers.append(sum(one.covered for one in known))
            origin |= _united(one.origin for one in known)
    peaks, socs = window.inside("pv.power"), window.inside("battery.soc")
    totals = Totals(
        **sums,
        pv_peak=round(max(peaks) * THOUSANDTHS) if peaks else None,
        soc_min=round(min(socs) * THOUSANDTHS) if socs else None,
        soc_max=round(max(socs) * THOUSANDTHS) if socs else None,
        cover_s=round(min(covers, default=0) / 1000),
        src=origin,
    )
    return totals, tuple(window.faults)


def add_up(rows: Sequence[Totals], *, of_one_day: bool = False) -> Totals:
    """Join rows, in the order of time, to one of a longer span; an energy is the sum of what is known.

    A row that lacks an energy which an earlier one knows (of one day: any) does not count as covered, since the sum
    is short of it.  Before, the device may not have had the part.
    """
    known = {column for column in _SUMS for row in rows if getattr(row, column) is not None}
    expected = set(known) if of_one_day else set()
    cover = 0
    for row in rows:
        expected |= {column for column in known if getattr(row, column) is not None}
        if all(getattr(row, column) is not None for column in expected):
            cover += row.cover_s
    return Totals(
        **{column: sum(_present(rows, column)) for column in known},
        pv_peak=max(_present(rows, "pv_peak"), default=None),
        soc_min=min(_present(rows, "soc_min"), default=None),
        soc_max=max(_present(rows, "soc_max"), default=None),
        cover_s=cover,
        src=_united(row.src for row in rows),
    )


def _present(rows: Iterable[Totals], column: str) -> list[int]:
    return [value for row in rows if (value := getattr(row, column)) is not None]


def _trusted(row: Row) -> dict[str, float]:
    if not row.doubts:
        return row.values
    return {path: value for path, value in row.values.items() if path not in row.doubts}


class _Window(NamedTuple):
    """A bucket's samples and those before.

    ``values`` are those that count, with all their ``paths``; ``first`` is the index of the bucket's first sample;
    ``faults`` collects what counters did wrong.
    """

    rows: Sequence[Row]
    values: list[dict[str, float]]
    paths: frozenset[str]
    first: int
    faults: list[Fault]

    def series(self, path: str) -> list[float | None]:
        return [values.get(path) for values in self.values]

    def inside(self, path: str) -> list[float]:
        return [values[path] for values in self.values[self.first :] if path in values]


def _intervals(flow: Flow, window: _Window) -> list[Interval | None]:
    """Give each interval of the bucket; None where a part of the flow is unknown."""
    parts = [_part(flow, member, window) for member in _members(flow, window)]
    return parts[0] if len(parts) == 1 else [_joined(of_parts) for of_parts in zip(*parts, strict=True)]


def _joined(parts: Sequence[Interval | None]) -> Interval | None:
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    energy, covered = sum(part.energy for part in known), min(part.covered for part in known)
    return Interval(energy, covered, _united(part.origin for part in known))


def _united(origins: Iterable[Origin]) -> Origin:
    return functools.reduce(operator.or_, set(origins), NOWHERE)


def _members(flow: Flow, window: _Window) -> list[str]:
    """Give the ids that ``*`` stands for in these samples; one empty id for a flow without."""
    if "*" not in flow.power:
        return [""]
    found = set()
    for pattern in (flow.power, flow.counter):
        head, tail = pattern.split("*")
        found |= {
            path[len(head) : -len(tail)] for path in window.paths if path.startswith(head) and path.endswith(tail)
        }
    return sorted(found)


def _part(flow: Flow, member: str, window: _Window) -> list[Interval | None]:
    counter = flow.counter.replace("*", member)
    powers = window.series(flow.power.replace("*", member))
    readings = sound(window.series(counter))
    out: list[Interval | None] = []
    for index in range(max(window.first, 1), len(window.rows)):
        row = window.rows[index]
        duration = row.at - window.rows[index - 1].at
        near = duration <= max(row.gap, window.rows[index - 1].gap)  # a slower way may have taken over
        ends = [watts for watts in powers[index - 1 : index + 1] if watts is not None]
        before, after = readings[index - 1], readings[index]
        if before is not None and after is not None:
            most = limit(max(map(abs, ends), default=0.0), duration)
            wrong = fault(counter, row.at, before, after, most)
            if wrong is None:
                out.append(Interval(after - before, duration if near else 0, Origin.METER))
                continue
            window.faults.append(wrong)
        if len(ends) == BOTH and near:
            energy = positive_area(flow.sign * ends[0], flow.sign * ends[1], duration) / MS_PER_HOUR
            out.append(Interval(energy, duration, Origin.INTEGRATED))
        else:
            out.append(None)
    return out
