from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from heliobus.e3dc.protocol import HISTORY_ROW, ErrorAnswer, ErrorCode, Item, Timestamp, Type, tags
from heliobus.simulation.plant import House, Plant

from .conftest import NOON, request

if TYPE_CHECKING:
    from heliobus.simulation.plant import Energy

    from .conftest import Link, Start

BERLIN = ZoneInfo("Europe/Berlin")
QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
UNSPECIFIED = ErrorAnswer(ErrorCode.UNSPECIFIED)
MIDNIGHT = datetime(2026, 6, 19, tzinfo=BERLIN)
"""Of the day before NOON."""


def local(moment: datetime) -> Timestamp:
    """The wall clock, written as if it were UTC."""
    return Timestamp.of(moment.astimezone(BERLIN).replace(tzinfo=UTC))


def history(
    start: Timestamp | int, span: timedelta, *, interval: timedelta | None = None, kind: str = "DAY", utc: bool = False
) -> Item:
    def time(name: str, value: Timestamp | int) -> Item:
        return request(f"DB_REQ_HISTORY_{name}", Type.UINT64 if isinstance(value, int) else Type.TIMESTAMP, value)

    seconds = [round(length / timedelta(seconds=1)) for length in (span if interval is None else interval, span)]
    children = [
        time("UTC_TIME_START" if utc else "TIME_START", start),
        *(
            time(name, length if isinstance(start, int) else Timestamp(length))
            for name, length in zip(("TIME_INTERVAL", "TIME_SPAN"), seconds, strict=True)
        ),
    ]
    return request(f"DB_REQ_HISTORY_DATA_{kind}", Type.CONTAINER, children)


def values(container: Item) -> dict[str, float]:
    return {tags.label(child.tag).removeprefix("DB_"): float(child.number or 0.0) for child in container.children}


async def sums(link: Link, asked: Item) -> dict[str, float]:
    answer = await link.one(asked)
    return values(answer.children[0])


def is_truth(found: dict[str, float], energy: Energy) -> None:
    assert found["DC_POWER"] == pytest.approx(energy.pv, rel=1e-6, abs=1e-3)
    assert found["CONSUMPTION"] == pytest.approx(energy.load, rel=1e-6, abs=1e-3)
    assert found["BAT_POWER_IN"] == pytest.approx(energy.charge, rel=1e-6, abs=1e-3)
    assert found["BAT_POWER_OUT"] == pytest.approx(energy.discharge, rel=1e-6, abs=1e-3)
    assert found["GRID_POWER_IN"] == pytest.approx(energy.grid_export, rel=1e-6, abs=1e-3)
    assert found["GRID_POWER_OUT"] == pytest.approx(energy.grid_import, rel=1e-6, abs=1e-3)


async def test_a_local_day(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    truth = bench.simulator.plant.energy(MIDNIGHT, MIDNIGHT + DAY)
    found = await sums(link, history(local(MIDNIGHT), DAY))
    is_truth(found, truth)
    assert found["BAT_CHARGE_LEVEL"] == pytest.approx(bench.simulator.plant.at(MIDNIGHT + DAY).soc, rel=1e-6)
    assert found["AUTARKY"] == pytest.approx(100 * (1 - truth.grid_import / truth.load), rel=1e-5)
    assert await sums(link, history(local(MIDNIGHT).seconds, DAY)) == found  # whole seconds as numbers


async def test_a_utc_day_starts_a_quarter_before(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    asked = history(Timestamp.of(MIDNIGHT - QUARTER), DAY, utc=True)
    is_truth(await sums(link, asked), bench.simulator.plant.energy(MIDNIGHT, MIDNIGHT + DAY))


@pytest.mark.parametrize(("day", "hours"), [(datetime(2026, 3, 29), 23), (datetime(2026, 10, 25), 25)])  # noqa: DTZ001
async def test_days_at_the_changes_of_the_clock(start: Start, day: datetime, hours: int) -> None:
    plant = Plant(7, house=House(commissioned=datetime(2026, 3, 1, tzinfo=UTC)))
    midnight = day.replace(tzinfo=BERLIN)
    next_midnight = (day + DAY).replace(tzinfo=BERLIN)
    link = await (await start(at=next_midnight.astimezone(UTC) + DAY, plant=plant)).log_in()
    length = timedelta(hours=hours)
    assert next_midnight.astimezone(UTC) - midnight.astimezone(UTC) == length
    truth = plant.energy(midnight, next_midnight)
    is_truth(await sums(link, history(local(midnight), length)), truth)
    is_truth(await sums(link, history(Timestamp.of(midnight - QUARTER), length, utc=True)), truth)


async def test_rows_are_powers_after_a_row_of_zeros(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    plant = bench.simulator.plant
    answer = await link.one(history(local(MIDNIGHT), DAY, interval=QUARTER))
    assert answer.tag == tags.DB_HISTORY_DATA_DAY
    first, *rows = (values(child) for child in answer.children if child.tag == HISTORY_ROW)
    assert (first["GRAPH_INDEX"], first["DC_POWER"], first["CONSUMPTION"]) == (0, 0, 0)
    assert first["BAT_CHARGE_LEVEL"] == pytest.approx(plant.at(MIDNIGHT).soc, rel=1e-6)
    assert [row["GRAPH_INDEX"] for row in rows] == list(range(1, 97))
    noon = plant.energy(MIDNIGHT + 48 * QUARTER, MIDNIGHT + 49 * QUARTER)
    assert rows[48]["DC_POWER"] == pytest.approx(4 * noon.pv, rel=1e-6)  # W
    whole = values(answer.children[0])
    for name in ("DC_POWER", "CONSUMPTION", "BAT_POWER_IN", "GRID_POWER_OUT"):
        assert sum(row[name] for row in rows) / 4 == pytest.approx(whole[name], rel=1e-5)


async def test_longer_histories_are_energies(start: Start) -> None:
    link = await (await start()).log_in()
    week = timedelta(days=7)
    begin = MIDNIGHT - week
    answer = await link.one(history(local(begin), week, interval=DAY, kind="WEEK"))
    _, *rows = (values(child) for child in answer.children[1:])
    assert len(rows) == 7
    assert sum(row["DC_POWER"] for row in rows) == pytest.approx(values(answer.children[0])["DC_POWER"], rel=1e-6)


@pytest.mark.parametrize(
    ("span", "interval", "count", "step"),
    [  # as seen (SPEC 6.5)
        (86_400, 900, 96, 1),
        (86_400, 3_600, 24, 1),
        (172_800, 3_600, 32, 1),
        (172_800, 1_800, 64, 1),
        (345_600, 7_200, 16, 1),
        (86_400, 60, 96, 13.6),
        (3_600, 120, 4, 6.8),
        (900, 120, 1, 6.8),
        (2_592_000, 2_592_000, 1, 1),
    ],
)
async def test_how_many_rows_there_are(start: Start, span: int, interval: int, count: int, step: float) -> None:
    link = await (await start()).log_in()
    length = timedelta(seconds=span)
    begin = max(NOON - timedelta(hours=1) - length, datetime(2026, 6, 1, tzinfo=UTC))
    answer = await link.one(history(local(begin), length, interval=timedelta(seconds=interval)))
    _, *rows = (values(child)["GRAPH_INDEX"] for child in answer.children[1:])
    assert rows == [pytest.approx(step * (place + 1)) for place in range(count)]


async def test_as_many_rows_as_a_frame_holds(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    begin, length = datetime(2026, 6, 5, tzinfo=UTC), timedelta(days=14)
    asked = history(local(begin), length, interval=QUARTER, kind="MONTH")
    frame = await link.exchange(asked)
    assert 60_000 < len(frame.data) <= 65_535


async def test_only_whole_quarters_are_stored(start: Start) -> None:
    bench = await start(at=NOON + timedelta(minutes=7))
    link = await bench.log_in()
    midnight = datetime(2026, 6, 20, tzinfo=BERLIN)
    today = history(local(midnight), DAY, interval=QUARTER)
    is_truth(await sums(link, today), bench.simulator.plant.energy(midnight, NOON))
    assert len((await link.one(today)).children) == 2 + (NOON - midnight) // QUARTER
    await bench.clock.advance(8 * 60)
    is_truth(await sums(link, today), bench.simulator.plant.energy(midnight, NOON + QUARTER))


async def test_the_minutes_after_midnight(start: Start) -> None:
    midnight = datetime(2026, 6, 20, tzinfo=BERLIN)
    bench = await start(at=midnight.astimezone(UTC) + timedelta(minutes=14))
    link = await bench.log_in()
    for today in (history(local(midnight), DAY), history(Timestamp.of(midnight - QUARTER), DAY, utc=True)):
        answer = await link.one(today)
        assert (answer.type, answer.error) == (Type.ERROR, UNSPECIFIED)
    await bench.clock.advance(60)
    is_truth(
        await sums(link, history(local(midnight), DAY)), bench.simulator.plant.energy(midnight, midnight + QUARTER)
    )
    bench.simulator.faults = ("midnight",)
    assert (await link.one(history(local(midnight), DAY))).error == UNSPECIFIED


async def test_before_the_house_stood(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    since = bench.simulator.plant.house.commissioned
    assert (await link.one(history(local(since - 2 * DAY), DAY))).error == UNSPECIFIED
    is_truth(
        await sums(link, history(local(since - DAY), 2 * DAY)),
        bench.simulator.plant.energy(since, since + DAY),
    )


@pytest.mark.parametrize(
    "wrong",
    [
        request("DB_REQ_HISTORY_DATA_DAY"),
        request("DB_REQ_HISTORY_DATA_DAY", Type.CONTAINER, []),
        history(local(MIDNIGHT), DAY, interval=timedelta()),
        history(Timestamp(2**60), DAY),
        history(Timestamp(0), DAY),
        history(Timestamp(-(2**40)), DAY),
        history(local(MIDNIGHT), timedelta(minutes=14)),
        history(2**63, DAY),
    ],
)
async def test_histories_that_nobody_has(start: Start, wrong: Item) -> None:
    link = await (await start()).log_in()
    assert (await link.one(wrong)).error is not None
    assert (await link.one("EMS_REQ_POWER_PV")).error is None


async def test_old_firmware_takes_local_time_only(start: Start) -> None:
    link = await (await start(profile="s10e-2019")).log_in()
    asked = history(Timestamp.of(MIDNIGHT - QUARTER), DAY, utc=True)
    assert (await link.one(asked)).error == ErrorAnswer(ErrorCode.FORMAT)
    assert (await link.one(history(local(MIDNIGHT), DAY))).error is None


async def test_a_foreign_inverter_s_energy_is_its_meter_s(start: Start) -> None:
    bench = await start(profile="s10e-pro")
    truth = bench.simulator.plant.energy(MIDNIGHT, MIDNIGHT + DAY)
    found = await sums(await bench.log_in(), history(local(MIDNIGHT), DAY))
    assert found["PM_0_POWER"] == pytest.approx(0.25 * truth.pv, rel=1e-6)
    assert found["DC_POWER"] + found["PM_0_POWER"] == pytest.approx(truth.pv, rel=1e-6)


async def test_total_counters(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    total = bench.simulator.plant.counters(bench.clock.now())
    counters = {child.tag: child for child in (await link.one("DB_REQ_TEC_ALL")).children}
    assert counters[tags.DB_TEC_BAT_POWER_IN] == Item(tags.DB_TEC_BAT_POWER_IN, Type.DOUBLE64, total.charge)
    produced = [counters[tag].number or 0.0 for tag in counters if "PRODUCTION" in tags.label(tag)]
    assert sum(produced) == pytest.approx(total.pv)
    (root,) = (await link.one("DB_REQ_TEC_ROOT_EM_VALUE")).children
    assert [child.value for child in root.children] == [total.grid_export, total.grid_import]
    (box,) = (await link.one("DB_REQ_TEC_WALLBOX_VALUES")).children
    assert [child.number for child in box.children] == [0, 188_383, 33_992]
