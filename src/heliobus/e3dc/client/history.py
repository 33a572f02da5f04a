"""Reading the device's history: which requests it takes, and what to do while it has no answer (SPEC 6.5)."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from heliobus.e3dc import models
from heliobus.e3dc.client.core import PATIENCE
from heliobus.e3dc.client.reads import Reads
from heliobus.e3dc.mapping import history
from heliobus.e3dc.protocol import HISTORY_ROW, ErrorCode, Item
from heliobus.errors import NotSupported, UsageError
from heliobus.model.spans import spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import tzinfo

    from heliobus.e3dc.models import Clocks, History
    from heliobus.model.spans import EnergySpan

_log = logging.getLogger(__name__)

_SUMS_AT_ONCE = 31
"""In one frame: a month of days.  For each one the device searches its database."""
_AGAIN_AFTER = 60.0
_AGAIN_FOR = 1200.0
"""Seconds: how often, and how long, to ask again for what is not there yet."""
_LEAD = history.QUARTER
"""A start in UTC counts from the row that begins there: days are asked for from a quarter before midnight on, as
clients in production do; a local start counts from itself (SPEC 6.5)."""
_UNKNOWN_FORM = frozenset({ErrorCode.UNKNOWN_TAG, ErrorCode.FORMAT, ErrorCode.NOT_HANDLED})


class _Piece(NamedTuple):
    """One request: from ``start`` until ``end``, UTC, as one sum or in rows of ``step``."""

    tag: int
    start: datetime
    end: datetime
    step: timedelta | None

    def stored(self, now: datetime) -> _Piece | None:
        """The part of it of which the device can have something; a quarter of an hour is kept when it is over."""
        if now - self.start < history.QUARTER:
            return None
        if self.step is None:
            return self
        whole = (min(self.end, now) - self.start) // self.step * self.step
        return self._replace(end=self.start + whole) if whole else None

    def request(self, *, zone: tzinfo, utc: bool) -> Item:
        span = self.end - self.start
        local = self.start.astimezone(zone).replace(tzinfo=UTC)
        return models.history_request(
            self.tag, self.start - _LEAD if utc else local, interval=self.step or span, span=span, utc=utc
        )

    def spans(self, told: History | None, now: datetime) -> Iterator[EnergySpan]:
        if self.step is None:
            values = None if told is None or not told.sums.answers else told.sums
            yield history.energies(values, self.start, self.end, complete=self.end <= now)
            return
        rows = {} if told is None else history.rows(told)
        for number in range(1, (self.end - self.start) // self.step + 1):
            start = self.start + (number - 1) * self.step
            end = start + self.step
            yield history.energies(rows.get(number), start, end, complete=end <= now)


class Histories(Reads):
    """Adds what the device remembers."""

    _zone: tzinfo | None = None
    _takes_utc = True

    async def history(
        self, start: datetime, end: datetime, resolution: str = "day", *, wait: bool = False
    ) -> tuple[EnergySpan, ...]:
        """Read the energies of all spans that have a part in the time from ``start`` until before ``end``.

        ``resolution`` is 15min, hour, day, week, month or year; days and longer spans are local to the device, 23 or 25
        hours long at the changes of its clock.  What the device has no answer for is None, never 0: it has none in the
        first minutes of a day.  With ``wait``, that is asked again every minute for up to 20 min.  Raises UsageError
        for a time without a zone or an unknown resolution, and NotSupported where there is no history.
        """
        if start.tzinfo is None or end.tzinfo is None:
            raise UsageError("a history is asked for between times with a zone", remedy="Add tzinfo to both.")
        pieces = list(_pieces(start, end, resolution, await self._local_zone()))
        told: dict[_Piece, History] = {}
        give_up = self._clock.monotonic() + _AGAIN_FOR
        while True:
            now = self._clock.now()
            missing = [piece for piece in pieces if piece not in told and piece.start < now]
            told |= await self._ask_pieces(missing, now)
            if not wait or told.keys() >= set(missing) or self._clock.monotonic() >= give_up:
                break
            await self._clock.sleep(_AGAIN_AFTER)
        found = (span for piece in pieces for span in piece.spans(told.get(piece), now))
        return tuple(span for span in found if span.end > start and span.start < end)

    async def _ask_pieces(self, pieces: Sequence[_Piece], now: datetime) -> Mapping[_Piece, History]:
        """The histories of those that the device has something of."""
        asked = [(piece, stored) for piece in pieces if (stored := piece.stored(now)) is not None]
        found: dict[_Piece, History] = {}
        size = 1 if asked and asked[0][0].step is not None else _SUMS_AT_ONCE
        for place in range(0, len(asked), size):
            part = asked[place : place + size]
            answers = await self._ask_stored([stored for _, stored in part])
            for (piece, _), answer in zip(part, answers, strict=True):
                if answer is not None and answer.error is None:
                    found[piece] = models.History.of(answer)
        return found

    async def _ask_stored(self, pieces: Sequence[_Piece]) -> list[Item | None]:
        """The answers; by UTC if the device knows that form, else by local time."""
        zone = await self._local_zone()
        requests = [piece.request(zone=zone, utc=self._takes_utc) for piece in pieces]
        answers = await self._ask(requests, tables=(HISTORY_ROW,))
        errors = [None if answer is None else answer.error for answer in answers]
        if not all(error is not None and error.code in _UNKNOWN_FORM for error in errors):
            return answers
        if self._takes_utc:
            _log.debug("%s: no history by UTC (%s)", self._link.address, errors[0])
            self._takes_utc = False
            return await self._ask_stored(pieces)
        raise models.refusal(errors[0], "its history", until=self._clock.now() + PATIENCE)

    async def _local_zone(self) -> tzinfo:
        if self._zone is None:
            self._zone = _zone(models.Clocks.of(await self._ask(models.Clocks.requests())))
        return self._zone


def _pieces(start: datetime, end: datetime, resolution: str, zone: tzinfo) -> Iterator[_Piece]:
    if resolution in history.SUMS:
        for begin, stop in spans(start, end, resolution, zone):
            yield _Piece(history.SUMS[resolution], begin, stop, None)
    elif resolution in history.ROWS:
        for begin, stop in spans(start, end, "day", zone):
            yield _Piece(history.SUMS["day"], begin, stop, history.ROWS[resolution])
    else:
        known: Iterable[str] = (*history.ROWS, *history.SUMS)
        raise UsageError(f"no resolution {resolution!r}", remedy=f"Use one of: {', '.join(known)}.")


def _zone(clocks: Clocks) -> tzinfo:
    """The device's zone by its name if that fits its clocks; else its present distance from UTC, for good.

    Some devices have a name that is none, as GMT+2 (SPEC 6.1).  Raises NotSupported if it tells neither.
    """
    offset = _offset(clocks)
    try:
        named = ZoneInfo(clocks.time_zone) if clocks.time_zone else None
    except (ZoneInfoNotFoundError, ValueError):
        named = None
    if named is not None and (offset is None or clocks.utc_time is None):
        return named
    if offset is None or clocks.utc_time is None:
        raise NotSupported("this device tells neither its time zone nor its local time")
    if named is not None and clocks.utc_time.utc().astimezone(named).utcoffset() == offset:
        return named
    _log.warning("the device's clock is %s from UTC, which is not its zone %s", offset, clocks.time_zone)
    return timezone(offset)


def _offset(clocks: Clocks) -> timedelta | None:
    """Local time less UTC, to the quarter of an hour."""
    if clocks.time is None or clocks.utc_time is None:
        return None
    quarters = round((clocks.time.seconds - clocks.utc_time.seconds) / history.QUARTER.total_seconds())
    offset = quarters * history.QUARTER
    return offset if abs(offset) < timedelta(days=1) else None
