from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from heliobus.errors import StorageError, UsageError
from heliobus.model.parts import Battery, Wallbox
from heliobus.model.quality import Quality
from heliobus.recorder.energy import Origin
from heliobus.recorder.query import ChannelInfo, Energies, History, SystemInfo
from heliobus.recorder.store import Recorder
from tests.recorder.made import at, record, snapshot, utc

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "heliobus.db"


def steady(path: Path, start: datetime, end: datetime, *, timezone: str, watts: float = 1000.0) -> History:
    """A house that makes 1000 W from start to end, polled every five minutes."""
    count = round((end - start).total_seconds() / 300)
    times = [start.timestamp() + 300 * number for number in range(count + 1)]
    record(path, (snapshot(time, pv=watts) for time in times), timezone=timezone, interval=300)
    return History(path)


# -- what there is


def test_systems_and_channels(path: Path) -> None:
    record(path, [snapshot(10, pv=1.0, battery=2.0, soc=3.0), snapshot(20, pv=1.0)])
    history = History(path)
    assert history.systems() == (
        SystemInfo(
            name="roof",
            site="home",
            timezone="Europe/Berlin",
            vendor="test",
            first=utc(1970, 1, 1, 0, 0, 10),
            last=at(20),
        ),
    )
    assert history.channels("roof") == (
        ChannelInfo(path="pv.power", unit="W", kind="power"),
        ChannelInfo(path="battery.power", unit="W", kind="power"),
        ChannelInfo(path="battery.soc", unit="%", kind="gauge"),
    )


def test_a_system_without_samples_is_listed_and_unknown(path: Path) -> None:
    record(path, [])
    history = History(path)
    assert [(one.name, one.first, one.last) for one in history.systems()] == [("roof", None, None)]
    (bucket,) = history.energy(at(0), at(900), by="15min")
    assert bucket.systems == {"roof": Energies()}
    assert bucket.sites == {"home": Energies()}
    assert list(history.samples(at(0), at(900))) == []


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda history: history.channels("cellar"), "Use one of: roof"),
        (lambda history: next(history.samples(at(0), at(9), system="cellar")), "Use one of: roof"),
        (lambda history: history.energy(at(0), at(9), by="week"), "15min, day, month, year"),
        (lambda history: history.energy(at(9), at(0), by="day"), "start"),
        (lambda history: history.energy(at(9), at(9), by="day"), "start"),
        (lambda history: history.energy(datetime(2026, 1, 1), at(9), by="day"), "offset"),  # noqa: DTZ001
        (lambda history: history.energy(at(0), at(4e7), by="15min"), "fewer"),
        (lambda history: history.energy(datetime.min.replace(tzinfo=UTC), at(9), by="day"), "1970"),
        (lambda history: history.energy(at(0), datetime.max.replace(tzinfo=UTC), by="year"), "2109"),
        (lambda history: history.energy(at(0), at(4e9), by="day"), "fewer"),
        (lambda history: history.history(at(0), at(9), resolution="5min"), "1min"),
        (lambda history: history.history(at(0), at(9), channels=["roof/pv.colour"]), "roof/pv.power"),
        (lambda history: history.history(at(0), at(9), channels=["cellar/pv.power"]), "Use one of: roof"),
        (lambda history: history.history(at(0), at(86400), resolution="1s"), "shorter"),
        (lambda history: history.history(at(0), at(86400 * 8), resolution="1min"), "shorter"),
        (lambda history: history.history(at(0), at(86400 * 100)), "shorter"),
        (lambda history: history.history(at(0), at(86400 * 3), resolution="raw"), "shorter"),
    ],
)
def test_a_wrong_question_is_told_how_to_ask(path: Path, call: Callable[[History], object], says: str) -> None:
    record(path, [snapshot(10, pv=1.0)])
    with pytest.raises(UsageError) as caught:
        call(History(path))
    assert says in caught.value.line()


def test_no_database(path: Path) -> None:
    with pytest.raises(StorageError, match="no database"):
        History(path).systems()


# -- local days


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", (2026, 3, 29), 23),
        ("Europe/Berlin", (2026, 10, 25), 25),
        ("Asia/Kolkata", (2026, 3, 29), 24),
        ("Australia/Lord_Howe", (2026, 4, 5), 24.5),
        ("Australia/Lord_Howe", (2026, 10, 4), 23.5),
    ],
)
def test_a_local_day_has_the_energy_of_its_hours(
    path: Path, zone: str, day: tuple[int, int, int], hours: float
) -> None:
    place = ZoneInfo(zone)
    midnight = datetime(*day, tzinfo=place)
    history = steady(path, midnight - timedelta(days=1), midnight + timedelta(days=2), timezone=zone)
    (bucket,) = history.energy(midnight, midnight + timedelta(days=1), by="day")
    assert bucket.start == midnight
    assert (bucket.end - bucket.start) == timedelta(hours=hours)
    assert bucket.systems["roof"].pv == pytest.approx(hours * 1000, abs=0.1)
    assert bucket.systems["roof"].coverage == pytest.approx(1.0)
    quarters = history.energy(bucket.start, bucket.end, by="15min")
    assert len(quarters) == hours * 4
    assert sum(one.systems["roof"].pv or 0.0 for one in quarters) == pytest.approx(bucket.systems["roof"].pv)


def test_local_days_and_utc_hours_hold_the_same_energy(path: Path) -> None:
    start, end = utc(2026, 10, 23, 22), utc(2026, 10, 27, 23)  # Berlin midnights on either side of the change
    history = steady(path, start, end, timezone="Europe/Berlin")
    days = history.energy(start, end, by="day")
    assert [(bucket.end - bucket.start) / timedelta(hours=1) for bucket in days] == [24, 25, 24, 24]
    quarters = history.energy(start, end, by="15min")
    assert sum(one.systems["roof"].pv or 0 for one in days) == pytest.approx(
        sum(one.systems["roof"].pv or 0 for one in quarters), abs=1e-6
    )


def test_a_day_that_a_site_never_had_is_no_bucket(path: Path) -> None:
    place = ZoneInfo("Pacific/Apia")  # went over the date line and left out 2011-12-30
    start, end = datetime(2011, 12, 29, tzinfo=place), datetime(2012, 1, 1, tzinfo=place)
    found = steady(path, start, end, timezone="Pacific/Apia").energy(start, end, by="day")
    assert [(bucket.start, bucket.end) for bucket in found] == [
        (utc(2011, 12, 29, 10), utc(2011, 12, 30, 10)),
        (utc(2011, 12, 30, 10), utc(2011, 12, 31, 10)),
    ]
    assert [bucket.systems["roof"].coverage for bucket in found] == pytest.approx([1, 1], abs=0.01)


def test_months_and_years_are_local(path: Path) -> None:
    place = ZoneInfo("Europe/Berlin")
    turn = datetime(2027, 1, 1, tzinfo=place)
    history = steady(path, turn - timedelta(hours=3), turn + timedelta(hours=2), timezone="Europe/Berlin")
    for by, starts in (
        ("month", [datetime(2026, 12, 1, tzinfo=place), turn]),
        ("year", [datetime(2026, 1, 1, tzinfo=place), turn]),
    ):
        found = history.energy(turn - timedelta(hours=1), turn + timedelta(hours=1), by=by)
        assert [bucket.start for bucket in found] == starts
        # The interval that ends at midnight belongs to the bucket of its later sample.
        assert [bucket.systems["roof"].pv for bucket in found] == pytest.approx([2916.666, 2083.334], abs=0.01)


def test_answers_are_in_utc_and_unknown_spans_are_there(path: Path) -> None:
    record(path, [snapshot(0, pv=3600.0), snapshot(10, pv=3600.0), snapshot(2000, pv=3600.0)])
    found = History(path).energy(at(0), at(2700), by="15min")
    assert [bucket.start for bucket in found] == [at(0), at(900), at(1800)]
    assert all(bucket.start.tzinfo is UTC for bucket in found)
    assert found[0].systems["roof"] == Energies(pv=10.0, coverage=10 / 900, source=Origin.INTEGRATED)
    assert found[1].systems["roof"] == Energies()
    assert found[2].systems["roof"] == Energies()


# -- sites


def house(path: Path, systems: dict[str, list[dict[str, float]]], *, minutes: int = 30) -> History:
    """Systems of one site with steady powers; None instead of a list stands for a silent one."""
    with Recorder.open(path) as recorder:
        for name in systems:
            recorder.add_system(site="home", timezone="Europe/Berlin", name=name, vendor="test", interval=60)
        for minute in range(minutes + 1):
            for name, of_minutes in systems.items():
                powers = of_minutes[minute] if minute < len(of_minutes) else of_minutes[-1]
                if powers:
                    recorder.record(name, snapshot(minute * 60, **powers))
    return History(path)


def test_a_site_adds_up_and_its_load_closes_the_balance(path: Path) -> None:
    history = house(
        path,
        {
            "roof": [{"pv": 3600.0, "grid": -3600.0, "battery": 360.0, "load": 99.0}],
            "cellar": [{"pv": 7200.0, "battery": -720.0}],
        },
    )
    site = history.energy(at(900), at(1800), by="15min")[0].sites["home"]
    assert site == Energies(
        pv=2700.0, import_=0.0, export=900.0, charge=180.0, discharge=90.0, load=1710.0, coverage=1.0, source=Origin(2)
    )


def test_a_missing_part_makes_the_sum_missing(path: Path) -> None:
    silent_later: list[dict[str, float]] = [{"pv": 7200.0}] * 15 + [{}]
    history = house(path, {"roof": [{"pv": 3600.0, "grid": -3600.0}], "cellar": silent_later})
    first, second = history.energy(at(0), at(1800), by="15min")
    assert first.sites["home"].pv is not None
    assert second.systems["roof"].pv == 900.0
    assert second.sites["home"].pv is None
    assert second.sites["home"].load is None
    assert second.sites["home"].export == 900.0
    assert second.sites["home"].coverage == 0.0


def test_what_a_system_does_not_carry_is_no_missing_part(path: Path) -> None:
    history = house(path, {"roof": [{"pv": 3600.0, "grid": 0.0}], "cellar": [{"battery": -720.0}]})
    site = history.energy(at(900), at(1800), by="15min")[0].sites["home"]
    assert (site.pv, site.charge, site.ev) == (900.0, 180.0, None)


def test_of_two_meters_nobody_knows_which_is_the_connection(path: Path) -> None:
    history = house(path, {"roof": [{"pv": 1.0, "grid": 100.0}], "cellar": [{"grid": 100.0}]})
    site = history.energy(at(900), at(1800), by="15min")[0].sites["home"]
    assert (site.import_, site.export, site.load) == (None, None, None)


def test_the_chosen_meter_is_the_connection(path: Path) -> None:
    house(path, {"roof": [{"pv": 3600.0, "grid": 720.0}], "cellar": [{"grid": -360.0}]})
    with Recorder.open(path) as recorder:
        for name in ("roof", "cellar"):
            recorder.add_system(
                site="home", timezone="Europe/Berlin", name=name, vendor="test", interval=60, grid=name == "cellar"
            )
    site = History(path).energy(at(900), at(1800), by="15min")[0].sites["home"]
    assert (site.import_, site.export, site.load) == (0.0, 90.0, 810.0)


def test_a_slower_way_takes_over_and_hands_back(path: Path) -> None:
    with Recorder.open(path) as recorder:
        recorder.add_system(site="home", timezone="Europe/Berlin", name="roof", vendor="test", interval=10)
        for seconds in (*range(0, 300, 10), *range(2400, 3600, 10)):
            recorder.record("roof", snapshot(seconds, pv=3600.0))
        for seconds in range(300, 2400, 300):
            slow = replace(snapshot(seconds, pv=3600.0), source="test/cloud")
            recorder.record("roof", slow, interval=300.0)
    history = History(path)
    quarters = history.energy(at(0), at(3600), by="15min")
    # What lies between two samples belongs to the later one's quarter.
    assert [one.systems["roof"].pv for one in quarters] == [600.0, 900.0, 1190.0, 900.0]
    samples = list(history.samples(at(0), at(3600)))
    assert [one.source for one in samples if at(290) <= one.time <= at(600)] == ["test", "test/cloud", "test/cloud"]
    assert len({one.time for one in samples}) == len(samples)
    drawn = history.history(at(0), at(3600), resolution="1min", channels=["roof/pv.power"]).columns["roof/pv.power"]
    assert drawn[:-1] == [3600.0] * 59


def test_a_system_is_no_part_before_it_came_nor_after_it_went(path: Path) -> None:
    house(path, {"roof": [{"pv": 3600.0}], "cellar": [{}] * 16 + [{"pv": 3600.0}]})
    with Recorder.open(path) as recorder:  # the next start knows one of the two only
        recorder.add_system(site="home", timezone="Europe/Berlin", name="roof", vendor="test", interval=60)
        for minute in range(30, 60):
            recorder.record("roof", snapshot(minute * 60, pv=3600.0))
    sites = [bucket.sites["home"].pv for bucket in History(path).energy(at(0), at(3600), by="15min")]
    assert sites[0] == 840.0  # the house's first sample has none before it
    assert sites[1] == 900.0 + 780.0
    assert sites[3] == 900.0


def test_days_of_sites_in_different_zones_are_different_spans(path: Path) -> None:
    with Recorder.open(path) as recorder:
        for site, zone, name in (("home", "Europe/Berlin", "roof"), ("away", "Asia/Kolkata", "hut")):
            recorder.add_system(site=site, timezone=zone, name=name, vendor="test", interval=60)
            recorder.record(name, snapshot(1_700_000_000, pv=1.0))
    found = History(path).energy(at(1_700_000_000), at(1_700_000_001), by="day")
    assert [(bucket.start.hour, bucket.start.minute, list(bucket.sites)) for bucket in found] == [
        (23, 0, ["home"]),
        (18, 30, ["away"]),
    ]


def test_wallboxes_are_ev(path: Path) -> None:
    boxes = (Wallbox(id="1", power=3600.0), Wallbox(id="2", power=0.0))
    record(path, [snapshot(time, wallboxes=boxes, load=0.0) for time in (0, 10)])
    assert History(path).energy(at(0), at(900), by="15min")[0].systems["roof"].ev == 10.0


# -- raw samples


def test_samples_are_streamed_system_by_system(path: Path) -> None:
    house(path, {"roof": [{"pv": 1.0}], "cellar": [{"pv": 2.0}]}, minutes=2)
    found = [(one.system, one.time, dict(one.values)) for one in History(path).samples(at(0), at(120))]
    assert found == [
        (system, at(time), {"pv.power": watts})
        for system, watts in (("roof", 1.0), ("cellar", 2.0))
        for time in (0, 60)
    ]


def test_samples_of_many_days_come_whole_and_in_order(path: Path) -> None:
    times = [number * 7200 for number in range(50)]
    record(path, [snapshot(time, pv=1.0) for time in times])
    assert [one.time.timestamp() for one in History(path).samples(at(0), at(10**7))] == times


def test_a_doubtful_value_is_exported_and_named(path: Path) -> None:
    record(path, [snapshot(0, pv=5.0, batteries=(Battery(power=7.0),), quality={"pv.power": Quality.STALE})])
    (sample,) = History(path).samples(at(0), at(10), system="roof", channels=["pv.power"])
    assert (sample.values, sample.doubts) == ({"pv.power": 5.0}, {"pv.power": Quality.STALE})
