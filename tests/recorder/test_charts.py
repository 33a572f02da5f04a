from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import UsageError
from heliobus.model.parts import System, Wallbox
from heliobus.model.quality import Quality
from heliobus.recorder import charts
from heliobus.recorder.charts import AUTO
from heliobus.recorder.query import History
from heliobus.recorder.schema import open_writer
from heliobus.recorder.store import Recorder
from tests.recorder.made import at, record, snapshot

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "heliobus.db"


def test_a_gap_is_none_and_no_row_is_left_out(path: Path) -> None:
    record(path, [snapshot(time, pv=6.0) for time in (0, 20, 40, 60, 80, 200, 220, 240)])
    chart = History(path).history(at(0), at(300), resolution="1min", channels=["roof/pv.power"])
    assert (chart.t, chart.step) == ([0, 60, 120, 180, 240], 60)
    assert chart.columns == {"roof/pv.power": [6.0, 6.0, None, 6.0, 6.0]}
    assert chart.coverage == pytest.approx([1, 20 / 60, 0, 40 / 60, 0])


def test_fine_cells_lie_on_the_line_between_samples(path: Path) -> None:
    record(path, [snapshot(0, pv=0.0), snapshot(10, pv=100.0)])
    chart = History(path).history(at(0), at(12), resolution="1s", channels=["roof/pv.power"])
    assert chart.columns["roof/pv.power"] == pytest.approx([5.0, 15, 25, 35, 45, 55, 65, 75, 85, 95, 100, None])


def test_the_mean_is_over_time_not_over_samples(path: Path) -> None:
    times = [(0, 0.0), (1, 0.0), (2, 0.0), (3, 0.0), (30, 1000.0), (60, 1000.0)]
    record(path, [snapshot(time, pv=watts) for time, watts in times])
    chart = History(path).history(at(0), at(60), resolution="1min", channels=["roof/pv.power"])
    assert chart.columns["roof/pv.power"] == pytest.approx([(500 * 27 + 1000 * 30) / 60])


def test_the_neighbours_outside_the_span_count(path: Path) -> None:
    record(path, [snapshot(50, pv=10.0), snapshot(70, pv=10.0), snapshot(110, pv=10.0), snapshot(130, pv=10.0)])
    chart = History(path).history(at(60), at(120), resolution="1min", channels=["roof/pv.power"])
    assert chart.columns["roof/pv.power"] == [10.0]
    assert chart.coverage == [pytest.approx(20 / 60)]


def test_a_code_keeps_its_value_until_the_next(path: Path) -> None:
    record(path, [snapshot(time, system=System(state_code=code)) for time, code in ((0, 14), (10, 14), (20, 16))])
    chart = History(path).history(at(0), at(25), resolution="1s", channels=["roof/system.state_code"])
    assert chart.columns["roof/system.state_code"] == [14.0] * 20 + [16.0] + [None] * 4


def test_a_value_read_now_and_then_is_shown_where_it_was_read(path: Path) -> None:
    record(path, [snapshot(time, pv=1.0, soc=50.0 if time in (0, 120) else None) for time in range(0, 190, 10)])
    chart = History(path).history(at(0), at(180), resolution="1min", channels=["roof/battery.soc"])
    assert chart.columns["roof/battery.soc"] == [50.0, None, 50.0]


def test_what_does_not_count_in_totals_is_not_drawn(path: Path) -> None:
    record(path, [snapshot(time, pv=1.0, quality={"pv.power": Quality.STALE}) for time in (0, 10)])
    chart = History(path).history(at(0), at(60), resolution="1min")
    assert chart.columns == {"roof/pv.power": [None]}


@pytest.mark.parametrize(("span", "step"), [(60, 1), (1999, 1), (2000, 60), (119_940, 60), (119_941, 900), (2e6, 3600)])
def test_auto_takes_the_finest_that_a_screen_can_show(path: Path, span: float, step: float) -> None:
    record(path, [snapshot(10, pv=1.0)])
    chart = History(path).history(at(0.5), at(0.5 + span), channels=["roof/pv.power"])
    assert chart.step == step
    assert len(chart.t) <= AUTO
    assert chart.t[0] == 0
    assert chart.t[-1] < 0.5 + span <= chart.t[-1] + step


@pytest.mark.parametrize("window", [1, 1000, 3500, 60_000])
def test_a_chart_is_the_same_however_little_is_read_at_a_time(
    path: Path, monkeypatch: pytest.MonkeyPatch, window: int
) -> None:
    times = (0, 3, 4, 5, 14, 15.5, 16, 80, 90, 95)
    record(path, [snapshot(at_, pv=at_ * 7 % 11, system=System(state_code=int(at_) % 3)) for at_ in times])

    def drawn() -> list[object]:
        charts_ = [History(path).history(at(0), at(100), resolution=fine) for fine in ("1s", "1min")]
        return [(one.t, one.columns, one.coverage) for one in charts_]

    whole = drawn()
    monkeypatch.setattr(charts, "WINDOW", window)
    assert drawn() == whole


def test_a_channel_that_is_named_twice_is_one_column(path: Path) -> None:
    record(path, [snapshot(0, pv=1.0), snapshot(10, pv=1.0)])
    chart = History(path).history(at(0), at(60), resolution="1min", channels=["roof/pv.power", "roof/pv.power"])
    assert chart.columns == {"roof/pv.power": [1.0]}


def test_raw_samples_with_a_row_of_none_in_a_gap(path: Path) -> None:
    record(path, [snapshot(0.5, pv=1.0), snapshot(10.25, pv=2.0), snapshot(100.25, pv=3.0)])
    chart = History(path).history(at(0), at(200), resolution="raw")
    assert (chart.t, chart.step) == ([0.5, 10.25, 55.25, 100.25], 0)
    assert chart.columns == {"roof/pv.power": [1.0, 2.0, None, 3.0]}
    assert chart.coverage == [1, 1, 0, 1]


def test_raw_with_a_channel_that_nobody_has(path: Path) -> None:
    record(path, [snapshot(0, pv=1.0)])
    chart = History(path).history(at(0), at(1), resolution="raw", channels=["pv.power", "load.power"])
    assert chart.columns == {"pv.power": [1.0], "load.power": [None]}


# -- channels


def two(path: Path) -> History:
    with Recorder.open(path) as recorder:
        for name in ("roof", "cellar"):
            recorder.add_system(site="home", timezone="UTC", name=name, vendor="test", interval=10)
        for time in (0, 10, 20):
            recorder.record("roof", snapshot(time, pv=1.0, grid=5.0))
            recorder.record("cellar", snapshot(time, pv=2.0 if time < 20 else None, soc=50.0))
    return History(path)


def test_all_channels_if_none_is_named(path: Path) -> None:
    chart = two(path).history(at(0), at(20))
    assert list(chart.columns) == ["roof/pv.power", "roof/grid.power", "cellar/pv.power", "cellar/battery.soc"]


def test_a_bare_path_is_the_sites(path: Path) -> None:
    chart = two(path).history(at(0), at(20), channels=["pv.power", "grid.power", "battery.soc", "load.power"])
    assert chart.columns["pv.power"][:10] == [3.0] * 10
    assert chart.columns["pv.power"][10:] == [3.0] + [None] * 9  # the cellar's part is unknown
    assert chart.columns["grid.power"] == [5.0] * 20
    assert chart.columns["battery.soc"] == [50.0] * 20
    assert chart.columns["load.power"] == [8.0] * 11 + [None] * 9  # what closes the balance


def test_what_does_not_add_up_is_asked_for_by_system(path: Path) -> None:
    with Recorder.open(path) as recorder:
        for name in ("roof", "cellar"):
            recorder.add_system(site="home", timezone="UTC", name=name, vendor="test", interval=10)
            recorder.record(name, snapshot(0, soc=50.0))
    with pytest.raises(UsageError, match="add up"):
        History(path).history(at(0), at(20), channels=["battery.soc"])


def test_a_channel_that_the_model_has_forgotten_is_still_drawn(path: Path) -> None:
    record(path, [snapshot(time, pv=1.0) for time in (0, 10)])
    with closing(open_writer(path)) as connection:
        connection.execute("UPDATE channel SET key = 'pv.old_name'")
    chart = History(path).history(at(0), at(10), channels=["roof/pv.old_name"])
    assert chart.columns == {"roof/pv.old_name": [1.0] * 10}


def test_raw_is_of_one_system(path: Path) -> None:
    with pytest.raises(UsageError, match="one system"):
        two(path).history(at(0), at(20), resolution="raw", channels=["pv.power"])


def test_with_two_sites_a_bare_path_needs_its_site(path: Path) -> None:
    record(path, [snapshot(0, pv=1.0)])
    record(path, [snapshot(0, pv=2.0)], name="hut", site="away")
    with pytest.raises(UsageError, match="which site"):
        History(path).history(at(0), at(1), channels=["pv.power"])
    for site, power in (("home", 1.0), ("away", 2.0)):
        chart = History(path).history(at(0), at(1), resolution="1s", channels=["pv.power"], site=site)
        assert chart.columns == {"pv.power": [power]}


@pytest.mark.parametrize(("chosen", "grid", "load"), [("roof", 5.0, 4.0), ("cellar", 9.0, 8.0), (None, None, None)])
def test_the_grid_of_a_site_is_that_of_its_authority(
    path: Path, chosen: str | None, grid: float | None, load: float | None
) -> None:
    boxes = tuple(Wallbox(id=name, power=2.0) for name in ("1", "2"))
    with Recorder.open(path) as recorder:
        for name in ("roof", "cellar"):
            recorder.add_system(site="home", timezone="UTC", name=name, vendor="test", interval=10, grid=name == chosen)
        for time in (0, 10):
            recorder.record("roof", snapshot(time, pv=1.0, grid=5.0, load=77.0))
            recorder.record("cellar", snapshot(time, grid=9.0, battery=2.0, wallboxes=boxes))
    names = ["grid.power", "load.power", "wallbox.power", "battery.power"]
    chart = History(path).history(at(0), at(10), resolution="1s", channels=names)
    assert chart.columns == dict(zip(names, ([value] * 10 for value in (grid, load, 4.0, 2.0)), strict=True))
    raw = History(path).history(at(0), at(10), resolution="raw", channels=["wallbox.power"])
    assert raw.columns == {"wallbox.power": [4.0]}


def test_a_system_that_went_is_no_part_of_what_comes_after(path: Path) -> None:
    record(path, [snapshot(0, pv=1.0, grid=3.0), snapshot(10, pv=1.0, grid=3.0)], name="old")
    record(path, [snapshot(1000, pv=2.0, load=9.0), snapshot(1010, pv=2.0, load=9.0)], name="new")
    before, after = (
        History(path).history(at(start), at(start + 1), resolution="1s", channels=["pv.power", "load.power"])
        for start in (0, 1000)
    )
    assert before.columns == {"pv.power": [1.0], "load.power": [None]}
    assert after.columns == {"pv.power": [2.0], "load.power": [9.0]}


def test_a_system_with_a_slash_in_its_name(path: Path) -> None:
    record(path, [snapshot(0, pv=1.0)], name="east/roof")
    chart = History(path).history(at(0), at(1), resolution="1s", channels=["east/roof/pv.power"])
    assert chart.columns == {"east/roof/pv.power": [1.0]}
