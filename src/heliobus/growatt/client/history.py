"""What an account remembers of an inverter, by whichever route."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.errors import NotSupported, UsageError
from heliobus.growatt.mapping import history
from heliobus.model.spans import spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime, tzinfo

    from heliobus.growatt.client.route import Route
    from heliobus.growatt.models import Inverter, SpanSample
    from heliobus.model.identity import Device
    from heliobus.model.spans import EnergySpan
    from heliobus.transport.clock import Clock

_CURVE = "5min"
_ASKED_BY: dict[str, Callable[[date], date]] = {
    "day": lambda first: first.replace(day=1),
    "month": lambda first: first.replace(month=1, day=1),
    "year": lambda first: first.replace(year=1, month=1, day=1),
}
"""Resolutions, with what of a span's first day is the same for all that one question brings."""


class Histories:
    """Adds what the server remembers."""

    _route: Route
    _clock: Clock

    async def _inverter(self, device: str | Device | None) -> Inverter:
        raise NotImplementedError

    async def history(
        self, start: datetime, end: datetime, resolution: str = "day", *, device: str | Device | None = None
    ) -> tuple[EnergySpan, ...]:
        """Read the energies of all spans that have a part in the time from ``start`` until before ``end``.

        ``resolution`` is 5min, day, month or year; days and longer spans are those of the plant, 23 or 25 hours long at
        the changes of its clock if the client was made with its ``timezone``.  What the server does not tell is None,
        never 0; of 5min there are only those spans that it tells, half hours where it has no finer curve.  Servers
        correct values later: the same span read again replaces it.

        Raises UsageError for a time without a zone or an unknown resolution, and NotSupported where the route has no
        history of this inverter or its plant's zone is not known.
        """
        if start.tzinfo is None or end.tzinfo is None:
            raise UsageError("a history is asked for between times with a zone", remedy="Add tzinfo to both.")
        if resolution not in (_CURVE, *_ASKED_BY):
            raise UsageError(f"no resolution {resolution!r}", remedy=f"Use one of: {', '.join((_CURVE, *_ASKED_BY))}.")
        inverter = await self._inverter(device)
        if inverter.zone is None:
            raise NotSupported("the plant does not tell its time zone", remedy="Make the client with timezone=.")
        if resolution == _CURVE:
            found = await self._curve(inverter, inverter.zone, start, end)
        else:
            found = await self._sums(inverter, inverter.zone, start, end, resolution)
        return tuple([span for span in found if span.end > start and span.start < end])

    async def _curve(self, inverter: Inverter, zone: tzinfo, start: datetime, end: datetime) -> list[EnergySpan]:
        now = self._clock.now()
        found: dict[datetime, EnergySpan] = {}
        for begin, _ in _begun(spans(start, end, "day", zone), now):
            for sample in await self._route.day(inverter, begin.astimezone(zone).date()):
                if sample.time <= now:
                    found[sample.time] = history.sampled(sample, now)
        return [found[time] for time in sorted(found)]

    async def _sums(
        self, inverter: Inverter, zone: tzinfo, start: datetime, end: datetime, resolution: str
    ) -> list[EnergySpan]:
        now = self._clock.now()
        found: dict[date, SpanSample] = {}
        asked: set[date] = set()
        wanted = list(spans(start, end, resolution, zone))
        for begin, _ in _begun(wanted, now):
            first = begin.astimezone(zone).date()
            question = _ASKED_BY[resolution](first)
            if question not in asked:
                asked.add(question)
                found |= history.by_start(await self._route.spans(inverter, resolution, first))
        return [history.spanned(found.get(begin.astimezone(zone).date()), begin, stop, now) for begin, stop in wanted]


def _begun(wanted: Iterable[tuple[datetime, datetime]], now: datetime) -> list[tuple[datetime, datetime]]:
    """Those that the server can know something of."""
    return [span for span in wanted if span[0] <= now]
