"""DB: the history, from the house's past, and the total counters (SPEC 6.5).

The device keeps one row for each quarter of an hour, named by its end, when it is over.  An answer sums the rows that
end after the start of the request and not after its end; so a request from a full quarter on gives what happened from
then on.  A start in UTC counts from the row that *begins* there, a quarter later: clients ask for a day from a quarter
before midnight on (SPEC 6.5).  Where there is no row, which is so in the first minutes of each day, the answer is
Error 0xFFFFFFFF.

The sum is followed by a row of zeros, index 0, and one row for each interval: the average power for a day's history,
energy for the longer ones.  Sources: captures e3dc/vectors.json (history-day-response-real), SPEC 6.5; public
clients that skip index 0 and take watts for a day.  How many rows the longer histories may have is not known; here as
many as a frame holds.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Value, tags
from heliobus.e3dc.simulator.answering import asks, item, items, reads
from heliobus.e3dc.simulator.house import share_kept
from heliobus.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Callable

    from heliobus.e3dc.simulator.answering import Table
    from heliobus.e3dc.simulator.house import Moment
    from heliobus.simulation.plant import Energy

STEP = timedelta(minutes=15)
_LONGEST_DAY = timedelta(hours=32)
_ROWS = 400
_FINE = 816  # seconds between the indices of rows finer than the store (SPEC 6.5: 13.6 per minute)
_HOUR = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOTHING = ErrorAnswer(ErrorCode.UNSPECIFIED)
_FORMAT = ErrorAnswer(ErrorCode.FORMAT)


class Request(NamedTuple):
    """What was asked for: from when to when, and the distance of the rows."""

    start: datetime
    end: datetime
    interval: timedelta


def _history(*, day: bool) -> Callable[[Moment, Item], Value]:
    def content(moment: Moment, asked: Item) -> Value:
        request = _parse(moment, asked)
        if request is None:
            return _FORMAT
        begin, end = _stored(moment, request.start, request.end)
        if request.end - request.start < STEP or end <= begin:
            return _NOTHING
        sums = item(tags.DB_SUM_CONTAINER, _energies(moment, moment.plant.energy(begin, end), end))
        return [sums, *_rows(moment, request, day=day)]

    return content


def _parse(moment: Moment, asked: Item) -> Request | None:
    try:
        start = _start(moment, asked)
        interval, span = (
            timedelta(seconds=time.total)
            for tag in (tags.DB_REQ_HISTORY_TIME_INTERVAL, tags.DB_REQ_HISTORY_TIME_SPAN)
            if (child := asked.get(tag)) is not None and (time := child.time) is not None
        )
        return Request(start, start + span, interval) if start is not None and interval > timedelta() else None
    except (ProtocolError, OverflowError, ValueError):  # no date, beyond all dates, not both lengths
        return None


def _start(moment: Moment, asked: Item) -> datetime | None:
    local, utc = asked.get(tags.DB_REQ_HISTORY_TIME_START), asked.get(tags.DB_REQ_HISTORY_UTC_TIME_START)
    if utc is not None and utc.time is not None and moment.equipment.modern:
        return utc.time.utc() + STEP
    if local is not None and local.time is not None:
        return local.time.utc().replace(tzinfo=moment.zone).astimezone(UTC)
    return None


def _stored(moment: Moment, start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """The part of a time of which there are rows."""
    since = -(-(moment.plant.house.commissioned - _EPOCH) // STEP) * STEP + _EPOCH
    return max(_quarter(start), since), min(_quarter(end), _quarter(moment.clock))


def _quarter(time: datetime) -> datetime:
    return (time - _EPOCH) // STEP * STEP + _EPOCH


def _rows(moment: Moment, request: Request, *, day: bool) -> list[Item]:
    interval = max(request.interval, STEP)
    most = max(_LONGEST_DAY // interval, 1) if day else _ROWS
    count = min((request.end - request.start) // interval, most)
    fine = timedelta(seconds=_FINE) / request.interval if request.interval < STEP else 1.0
    first, _ = _stored(moment, request.start, request.end)
    nothing = moment.plant.energy(first, first)
    rows = [_row(0.0, _energies(moment, nothing, first))]
    for place in range(count):
        begin, end = (request.start + (place + step) * interval for step in (0, 1))
        begin, end = _stored(moment, begin, end)
        if begin < end:
            hours = (end - begin) / _HOUR if day else 1.0
            energies = _energies(moment, moment.plant.energy(begin, end), end, per=hours)
            rows.append(_row((place + 1) * fine, energies))
    return rows


def _row(index: float, energies: list[Item]) -> Item:
    return item(tags.DB_VALUE_CONTAINER, [item(tags.DB_GRAPH_INDEX, index), *energies])


def _energies(moment: Moment, energy: Energy, end: datetime, *, per: float = 1.0) -> list[Item]:
    """The values of a time that ends at ``end``: Wh, or W if ``per`` are its hours."""
    foreign = moment.equipment.external * energy.pv
    cycles = moment.plant.counters(end).discharge / moment.plant.house.battery_capacity
    return items(
        "DB",
        {
            "BAT_POWER_IN": energy.charge / per,
            "BAT_POWER_OUT": energy.discharge / per,
            "DC_POWER": (energy.pv - foreign) / per,
            "GRID_POWER_IN": energy.grid_export / per,
            "GRID_POWER_OUT": energy.grid_import / per,
            "CONSUMPTION": energy.load / per,
            "PM_0_POWER": foreign / per,
            "PM_1_POWER": 0.0,
            "BAT_CHARGE_LEVEL": moment.plant.at(end).soc,
            "BAT_CYCLE_COUNT": int(cycles),
            "CONSUMED_PRODUCTION": share_kept(energy.grid_export, energy.pv),
            "AUTARKY": share_kept(energy.grid_import, energy.load),
        },
    )


# -- total counters, Wh


def _phases(name: str, energy: float) -> list[Item]:
    return items("DB_TEC", {f"{name}_L{phase}": energy / 3 for phase in (1, 2, 3)})


def _battery(moment: Moment) -> list[Item]:
    energy = moment.energy
    values = {"IN": energy.charge, "OUT": energy.discharge}
    return [*items("DB_TEC_BAT_POWER", values), item(tags.DB_TEC_BAT_CHARGE_LEVEL, moment.now.soc)]


def _production(moment: Moment) -> list[Item]:
    return _phases("PRODUCTION", moment.energy.pv)


def _consumption(moment: Moment) -> list[Item]:
    return _phases("CONSUMPTION", moment.energy.load)


def _strings(moment: Moment) -> list[Item]:
    own = (1.0 - moment.equipment.external) * moment.energy.pv
    count = min(len(moment.now.strings), 3)
    return items("DB_TEC", {f"DC_POWER_S{place + 1}": own / count for place in range(count)})


def _root(moment: Moment) -> list[Item]:
    energy = moment.energy
    return [
        item(tags.DB_TEC_EM_VALUE, items("DB_TEC_EM", {"NET_IN": energy.grid_export, "NET_OUT": energy.grid_import}))
    ]


def _wallboxes(moment: Moment) -> list[Item]:
    boxes = ((index, moment.wallbox(index)) for index in moment.equipment.wallboxes)
    return [
        item(
            tags.DB_TEC_WALLBOX_VALUE,
            items("DB_TEC_WALLBOX", {"INDEX": index, "ENERGYALL": box.energy, "WB_ENERGY_SOLAR": box.energy_sun}),
        )
        for index, box in boxes
    ]


def _all(moment: Moment) -> list[Item]:
    return [*_battery(moment), *_production(moment), *_consumption(moment), *_strings(moment)]


TABLE: Table[Moment] = {
    **asks(
        "DB",
        {
            "HISTORY_DATA_DAY": _history(day=True),
            "HISTORY_DATA_WEEK": _history(day=False),
            "HISTORY_DATA_MONTH": _history(day=False),
            "HISTORY_DATA_YEAR": _history(day=False),
        },
    ),
    **reads(
        "DB",
        {
            "ENERGY_COUNTERS": _all,
            "TEC_ALL": _all,
            "TEC_BAT": _battery,
            "TEC_PRODUCTION": _production,
            "TEC_CONSUMPTION": _consumption,
            "TEC_DC_POWER": _strings,
            "TEC_ROOT_EM_VALUE": _root,
            "TEC_WALLBOX_VALUES": _wallboxes,
            "IS_IDLE": False,
        },
    ),
}
