"""Whatever the order in which samples arrive, the tables end up the same."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.model.parts import PV, Grid, Wallbox
from heliobus.model.quality import Quality
from heliobus.recorder.query import History
from heliobus.recorder.store import Recorder
from tests.recorder.made import at, rows, snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heliobus.model.snapshot import Snapshot

# 23:00 UTC before the Berlin summer time of 2026-03-29: two local days and the lost hour are near.
START = 1774738800
EVERYTHING = (
    "SELECT * FROM energy_15min ORDER BY t0",
    "SELECT day, pv, imp, exp, chg, dis, load, ev, pv_peak, soc_min, soc_max, cover_s, src FROM energy_day",
    "SELECT key, ts, before, after, reason FROM counter_event JOIN channel ON channel.id = channel ORDER BY ts, key",
    "SELECT * FROM dirty",
)

maybe_watts = st.one_of(st.none(), st.integers(-6000, 6000).map(float))
counters = st.one_of(st.none(), st.integers(0, 300).map(float), st.integers(0, 10**7).map(float))


@st.composite
def samples(draw: st.DrawFn) -> list[Snapshot]:
    """Samples at rising times, with gaps short and long, holes, resets and doubtful values."""
    made, time = [], float(START)
    for _ in range(draw(st.integers(1, 25))):
        time += draw(st.sampled_from([0.5, 7, 30, 31, 300, 900, 2700, 5000]))
        doubts = draw(st.lists(st.sampled_from(["pv.power", "grid.import_energy", "batteries.1.power"]), max_size=1))
        made.append(
            snapshot(
                time,
                pv=PV(power=draw(maybe_watts), energy=draw(counters)),
                grid=Grid(power=draw(maybe_watts), import_energy=draw(counters)),
                battery=draw(maybe_watts),
                soc=50.0,
                wallboxes=draw(st.sampled_from([(), (Wallbox(id="1", power=100.0),), (Wallbox(id="2"),)])),
                quality=dict.fromkeys(doubts, Quality.SUSPECT),
            )
        )
    return made


def tables(folder: str, name: str, snapshots: Sequence[Snapshot], flushes: Sequence[int]) -> list[Any]:
    path = Path(folder) / name
    with Recorder.open(path) as recorder:
        recorder.add_system(site="home", timezone="Europe/Berlin", name="roof", vendor="test", interval=10)
        for number, one in enumerate(snapshots):
            recorder.record("roof", one)
            if number in flushes:
                recorder.flush()
    raw = [(one.time, dict(one.values), dict(one.doubts)) for one in History(path).samples(at(0), at(2**32))]
    without_holes = [(time, {k: v for k, v in values.items() if v is not None}, doubts) for time, values, doubts in raw]
    return [without_holes, *(rows(path, query) for query in EVERYTHING)]


@settings(max_examples=30)
@given(made=samples(), data=st.data())
def test_any_order_with_repeats_gives_the_same_tables(made: list[Snapshot], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(made))
    again = data.draw(st.lists(st.sampled_from(made), max_size=5))
    flushes = data.draw(st.sets(st.integers(0, len(made)), max_size=4))
    with tempfile.TemporaryDirectory() as folder:
        live = tables(folder, "live.db", made, range(0, len(made), 3))
        assert tables(folder, "late.db", [*shuffled, *again], sorted(flushes)) == live


@settings(max_examples=15)
@given(made=samples())
def test_what_is_read_before_the_roller_ran_is_what_it_will_store(made: list[Snapshot]) -> None:
    span = at(START - 86_400), at(START + 3 * 86_400)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.db"
        with Recorder.open(path, durability="strict") as recorder:
            recorder.add_system(site="home", timezone="Europe/Berlin", name="roof", vendor="test", interval=10)
            for one in made[:-1]:
                recorder.record("roof", one)
            recorder.flush()
            recorder._connection.execute("INSERT INTO dirty SELECT device, t0 FROM energy_15min")
            recorder._connection.execute("UPDATE energy_15min SET pv = 1, cover_s = 2")
            recorder._connection.execute("DELETE FROM energy_day")
            before = [History(path).energy(*span, by=by) for by in ("15min", "day", "month")]
            recorder.flush()
            assert [History(path).energy(*span, by=by) for by in ("15min", "day", "month")] == before


@settings(max_examples=15)
@given(made=samples())
def test_days_are_the_sum_of_their_quarters_to_the_last_digit(made: list[Snapshot]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _, quarters, days, *_ = tables(folder, "x.db", made, ())
    for column in range(7):
        assert sum(row[2 + column] or 0 for row in quarters) == sum(row[1 + column] or 0 for row in days)
        assert all((row[2 + column] or 0) >= 0 for row in quarters)


def test_a_late_sample_far_before_the_next_one_changes_the_bucket_of_that(tmp_path: Path) -> None:
    made = [snapshot(time, pv=PV(energy=energy)) for time, energy in ((0, 1000), (50_000, 1100), (100_000, 1200))]
    late = tables(str(tmp_path), "late.db", [made[0], made[2], made[1]], [1])
    assert late == tables(str(tmp_path), "live.db", made, [])
    assert [row[2] for row in late[1]] == [None, 100_000, 100_000]
