"""The whole way on a real recording: a SENEC.Home V2 in Perth, September 2020, about one answer a second with gaps.

The simulator answers from the recording on a real socket, the service polls it once per recorded answer with the clock
set to the moment at which that answer was received, and what the record says is compared with an integration of the
file that shares no code with heliobus.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import struct
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from heliobus.service.config import Config, RecorderConfig, SiteConfig, SystemConfig
from heliobus.service.supervisor import Service
from heliobus.simulation.plant import Plant
from heliobus.url import DeviceURL
from heliobus.vendor import SimulationOptions, vendors
from heliobus.web.server import WebServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Figure

PERTH = "Australia/Perth"
INTERVAL = 1.0
LONGEST_GAP = 3 * INTERVAL
SHARE, WATT_HOURS = 0.001, 0.1
COUNT = 6097
CHANNELS = ("v2/pv.power", "grid.power")
SPAN = (datetime(2020, 9, 27, 16, tzinfo=UTC), datetime(2020, 10, 5, 16, tzinfo=UTC))
DAY_SECONDS = 86_400
FIRST_DAY = (SPAN[0], SPAN[0] + timedelta(seconds=DAY_SECONDS))

# energy: (variable of ENERGY, which sign of it counts); SENEC counts import and charging as positive (SPEC 4)
SOURCES = {
    "pv": ("GUI_INVERTER_POWER", 1),
    "load": ("GUI_HOUSE_POW", 1),
    "import": ("GUI_GRID_POW", 1),
    "export": ("GUI_GRID_POW", -1),
    "charge": ("GUI_BAT_DATA_POWER", 1),
    "discharge": ("GUI_BAT_DATA_POWER", -1),
}


class Answer(NamedTuple):
    milliseconds: int
    words: dict[str, str]

    @property
    def moment(self) -> datetime:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=self.milliseconds)

    def watts(self, variable: str) -> float:
        prefix, _, bits = self.words[variable].partition("_")
        assert prefix == "fl"
        (value,) = struct.unpack(">f", bytes.fromhex(bits))
        return float(value)


class Told(NamedTuple):
    """Answers of the API."""

    days: list[dict[str, Any]]
    quarters: list[dict[str, Any]]
    minutes: dict[str, Any]


@dataclass
class RecordedTime:
    """Stands at the moment at which an answer of the recording was received."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    async def sleep(self, seconds: float) -> None:
        assert seconds <= 0, "in a replay nobody waits"
        await asyncio.sleep(0)


def positive_part(before: float, after: float, seconds: float) -> float:
    """Give the area in Wh above zero under a straight line."""
    if before >= 0 and after >= 0:
        area = (before + after) / 2
    elif before < 0 and after < 0:
        area = 0.0
    else:
        top = max(before, after)
        area = top * top / (top - min(before, after)) / 2
    return area * seconds / 3600


def segments(answers: list[Answer]) -> Iterator[tuple[Answer, Answer, float]]:
    for before, after in pairwise(answers):
        seconds = (after.milliseconds - before.milliseconds) / 1000
        if seconds <= LONGEST_GAP:
            yield before, after, seconds


def energies(answers: list[Answer]) -> dict[str, float]:
    """Integrate by trapezoid with exact zero crossings, in Wh."""
    totals: defaultdict[str, float] = defaultdict(float)
    for before, after, seconds in segments(answers):
        for name, (variable, sign) in SOURCES.items():
            totals[name] += positive_part(sign * before.watts(variable), sign * after.watts(variable), seconds)
    return totals


def by_day(answers: list[Answer]) -> dict[date, list[Answer]]:
    days: defaultdict[date, list[Answer]] = defaultdict(list)
    for answer in answers:
        days[answer.moment.astimezone(ZoneInfo(PERTH)).date()].append(answer)
    return days


@pytest.fixture(scope="module")
def recording(shared: Path) -> Path:
    return shared / "captures/senec/longrun-v2-perth-2020.jsonl.gz"


@pytest.fixture(scope="module")
def answers(recording: Path) -> list[Answer]:
    with gzip.open(recording, "rt") as lines:
        found = [Answer(line["ReceivedMilliseconds"], line["ENERGY"]) for line in map(json.loads, lines)]
    assert len(found) == COUNT
    return found


@pytest.fixture(scope="module")
def told(recording: Path, answers: list[Answer], tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Give what the running service says about the whole recording."""
    return asyncio.run(record_and_ask(recording, answers, tmp_path_factory.mktemp("perth") / "record.db"))


async def record_and_ask(recording: Path, answers: list[Answer], path: Path) -> Told:
    clock = RecordedTime(answers[0].moment)
    options = SimulationOptions(plant=Plant(1), clock=clock, replay=str(recording))
    async with vendors()["senec"].simulate(options) as device:
        config = Config(
            sites=(SiteConfig(name="Perth", timezone=PERTH),),
            systems=(SystemConfig(name="v2", url=DeviceURL.parse(device.announcement()["url"]), interval=INTERVAL),),
            recorder=RecorderConfig(path=path),
        )
        async with Service(config, clock=clock, driven=True) as service:
            for answer in answers:
                clock.at = answer.moment
                reading = await service.poll("v2")
                assert reading.error is None
            await service.flush()
            async with WebServer(service, port=0) as page, aiohttp.ClientSession(page.url) as session:
                return Told(
                    days=(await ask(session, "energy", SPAN, by="day"))["buckets"],
                    quarters=(await ask(session, "energy", SPAN, by="15min"))["buckets"],
                    minutes=await ask(
                        session, "history", FIRST_DAY, resolution="1min", channels="v2/pv.power,grid.power"
                    ),
                )


async def ask(
    session: aiohttp.ClientSession, what: str, span: tuple[datetime, datetime], **query: str
) -> dict[str, Any]:
    start, end = (moment.isoformat() for moment in span)
    async with session.get(f"/api/v1/{what}", params={"from": start, "to": end, **query}) as answer:
        assert answer.status == 200, await answer.text()
        document: dict[str, Any] = await answer.json()
        return document


def test_the_area_above_zero() -> None:
    assert positive_part(100, 300, 3600) == 200
    assert positive_part(-100, -300, 3600) == 0
    assert positive_part(300, -100, 3600) == pytest.approx(0.75 * 150)
    assert positive_part(-100, 300, 3600) == pytest.approx(0.75 * 150)
    assert positive_part(0, 0, 3600) == 0


@pytest.mark.timeout(180)
def test_the_energies_on_record_are_those_of_the_file(told: Told, answers: list[Answer], figure: Figure) -> None:
    of_file = by_day(answers)
    worst = 0.0
    assert len(told.days) == 8
    for bucket in told.days:
        of_day = of_file.get(datetime.fromisoformat(bucket["start"]).astimezone(ZoneInfo(PERTH)).date(), [])
        recorded = bucket["systems"]["v2"]
        assert bucket["sites"]["perth"] == recorded
        assert recorded["coverage"] * DAY_SECONDS == pytest.approx(sum(s for *_, s in segments(of_day)), abs=1)
        if not of_day:
            assert [recorded[name] for name in SOURCES] == [None] * len(SOURCES)
            continue
        for name, true in energies(of_day).items():
            assert recorded[name] == pytest.approx(true, rel=SHARE, abs=WATT_HOURS), name
            worst = max(worst, abs(recorded[name] - true))
    figure("Perth", f"{COUNT} polls, energies of the record within {worst * 1000:.0f} mWh of the file")


@pytest.mark.timeout(180)
def test_its_gaps_are_uncovered_time(told: Told, answers: list[Answer]) -> None:
    gaps = [(a.moment, b.moment) for a, b in pairwise(answers) if b.moment - a.moment > timedelta(minutes=30)]
    assert len(gaps) == 2, "2.8 hours and 6.8 days"
    for begin, end in gaps:
        inside = [
            bucket["systems"]["v2"]
            for bucket in told.quarters
            if begin <= datetime.fromisoformat(bucket["start"]) and datetime.fromisoformat(bucket["end"]) <= end
        ]
        assert len(inside) >= (end - begin) / timedelta(minutes=15) - 2
        assert {one["coverage"] for one in inside} == {0.0}
        assert {one[name] for one in inside for name in SOURCES} == {None}


@pytest.mark.timeout(180)
def test_a_chart_has_values_where_the_file_has_and_only_there(told: Told, answers: list[Answer]) -> None:
    starts = [datetime.fromisoformat(time) for time in told.minutes["t"]]
    moments = [answer.moment for answer in answers if answer.moment < FIRST_DAY[1]]
    filled = {moment.replace(second=0, microsecond=0) for moment in moments}
    for name in CHANNELS:
        drawn = {start for start, value in zip(starts, told.minutes[name], strict=True) if value is not None}
        assert drawn <= filled
        assert len(filled - drawn) <= 3, "minutes of a single answer between gaps may stay empty"
