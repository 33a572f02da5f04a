"""The outcome of a check, for people and as JSON."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from heliobus.cli.demo.check import judge
from heliobus.cli.output import THIN, UNKNOWN, figure, number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from heliobus.cli.demo.check import Row, Verdict
    from heliobus.cli.demo.street import Neighbour, Street
    from heliobus.cli.demo.troubles import Case
    from heliobus.service.health import SystemStatus

_WIDTH = 86
_HOUR = 3600
_SLOWER = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a check: ``lasted`` s of the houses' time in ``took`` s, and at what speed it was asked for."""

    street: Street
    cases: tuple[Case, ...]
    statuses: tuple[SystemStatus, ...]
    lasted: float
    took: float
    verdicts: tuple[Verdict, ...] = ()

    def judged(self) -> Outcome:
        """Compare the record, which must have been closed, with what happened."""
        history = self.street.service.history
        return replace(self, verdicts=tuple(judge(history, house, self.cases) for house in self.street.houses))

    @property
    def ok(self) -> bool:
        return all(verdict.ok for verdict in self.verdicts) and all(case.ok for case in self.cases)

    @property
    def rows(self) -> list[Row]:
        return [row for verdict in self.verdicts for row in verdict.rows]

    def document(self) -> dict[str, Any]:
        """Give it ready for JSON; energies in Wh, times in UTC."""
        return {
            "ok": self.ok,
            "speed": {"asked": self.street.speed, "true": self.lasted / self.took},
            "systems": [
                {
                    "name": verdict.system,
                    "polls": status.polls,
                    "failures": status.failures,
                    "coverage": verdict.coverage,
                    "wrong": list(verdict.wrong),
                    "ok": verdict.ok,
                }
                for verdict, status in zip(self.verdicts, self.statuses, strict=True)
            ],
            "faults": [
                asdict(case) | {"began": _iso(case.began), "ended": _iso(case.ended), "ok": case.ok}
                for case in self.cases
            ],
            "channels": [asdict(row) | {"ok": row.ok} for row in self.rows],
        }

    def lines(self) -> Iterator[str]:
        """Give it as a terminal shows it."""
        true = self.lasted / self.took
        yield (
            f"{len(self.verdicts)} houses, simulated devices on real sockets, {_length(self.lasted)} in "
            f"{_length(self.took)}: {number(true)} times as fast"
            + (f" ({number(self.street.speed)} were asked for)" if true < _SLOWER * self.street.speed else "")
        )
        yield ""
        for house, verdict, status in zip(self.street.houses, self.verdicts, self.statuses, strict=True):
            yield from _system(house, verdict, status)
        if self.cases:
            yield ""
            yield from _table("Faults", "began", "ended", "good again", "at most")
            zone = ZoneInfo(self.street.houses[0].plant.house.timezone)
            for case in self.cases:
                cells = (_clock(case.began, zone), _clock(case.ended, zone), _seconds(case.recovered_s))
                yield _line(case.system, case.name, *cells, _seconds(case.allowed_s), ok=case.ok)
        yield ""
        yield from _table("Recorded against the truth", "truth", "recorded", "difference", "at most")
        for row in self.rows:
            gap = None if row.recorded is None else row.recorded - row.true
            cells = (figure(row.true, "Wh"), figure(row.recorded, "Wh"), figure(gap, "Wh", 1))
            yield _line(row.system, row.channel, *cells, figure(row.allowed, "Wh", 1), ok=row.ok)
        yield ""
        yield f"{sum(row.ok for row in self.rows)} of {len(self.rows)} agree." + (
            f" {sum(case.ok for case in self.cases)} of {len(self.cases)} faults passed by themselves."
            if self.cases
            else ""
        )


def _system(house: Neighbour, verdict: Verdict, status: SystemStatus) -> Iterator[str]:
    short = re.split(r"[ .,]", house.vendor.title)[0]
    lost = f", {number(status.failures)} without an answer" if status.failures else ""
    yield (
        f"  {house.name:<10}{short:<10}{house.wire.name:<8}{house.address:<18}"
        f"{number(status.polls):>7} polls every {house.interval:g} s{lost}, {verdict.coverage:.1%} covered"
    )
    for wrong in verdict.wrong:
        yield f"  {house.name:<10}{_mark(ok=False)} {wrong}"


def _table(title: str, *columns: str) -> Iterator[str]:
    yield f"  {title:<28}" + "".join(f"{column:>14}" for column in columns)
    yield "  " + "-" * _WIDTH


def _line(system: str, name: str, *cells: str, ok: bool) -> str:
    return f"  {system:<10}{name:<18}" + "".join(f"{cell:>14}" for cell in cells) + f"  {_mark(ok=ok)}"


def _mark(*, ok: bool) -> str:
    return click.style("ok", fg="cyan") if ok else click.style("!", fg="yellow")


def _clock(moment: datetime | None, zone: ZoneInfo) -> str:
    return UNKNOWN if moment is None else f"{moment.astimezone(zone):%H:%M:%S}"


def _seconds(value: float | None) -> str:
    return figure(value, "s")


def _length(seconds: float) -> str:
    """A time for people: h and min, or min and s."""
    whole = round(seconds) if seconds < _HOUR else round(seconds / 60) * 60
    parts = ((whole // _HOUR, "h"), (whole // 60 % 60, "min"), (whole % 60, "s"))
    return " ".join(f"{amount}{THIN}{unit}" for amount, unit in parts if amount) or f"0{THIN}s"


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
