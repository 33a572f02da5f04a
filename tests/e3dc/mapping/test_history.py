from __future__ import annotations

from datetime import UTC, datetime

import pytest

from heliobus.e3dc.mapping import history
from heliobus.e3dc.models import History, HistoryValues
from heliobus.e3dc.protocol import Item, Type, tags

START = datetime(2026, 6, 1, tzinfo=UTC)


def sums(**values: float) -> HistoryValues:
    return HistoryValues.holding(Item(tags.code(f"DB_{name}"), Type.FLOAT32, value) for name, value in values.items())


def test_directions() -> None:
    values = sums(
        BAT_POWER_IN=1.0, BAT_POWER_OUT=2.0, DC_POWER=3.0, GRID_POWER_IN=4.0, GRID_POWER_OUT=5.0, CONSUMPTION=6.0
    )
    span = history.energies(values, START, START, complete=True)
    assert (span.charge, span.discharge, span.pv, span.grid_export, span.grid_import, span.load) == (1, 2, 3, 4, 5, 6)
    assert span.external is None


def test_what_further_meters_see_is_production() -> None:
    span = history.energies(sums(DC_POWER=3.0, PM_0_POWER=1.0, PM_1_POWER=0.5), START, START, complete=True)
    assert (span.pv, span.external) == (4.5, 1.5)
    assert history.energies(sums(PM_0_POWER=1.0), START, START, complete=True).pv is None


@pytest.mark.parametrize("garbage", [-0.5, float("nan"), float("inf")])
def test_garbage_is_unknown_not_zero(garbage: float) -> None:
    assert history.energies(sums(CONSUMPTION=garbage), START, START, complete=True).load is None
    assert history.energies(None, START, START, complete=True).load is None


def answer(total: float | None, *rows: float | None) -> History:
    def container(tag: int, *items: Item) -> Item:
        return Item(tag, Type.CONTAINER, list(items))

    def value(amount: float | None) -> list[Item]:
        return [] if amount is None else [Item(tags.DB_CONSUMPTION, Type.FLOAT32, amount)]

    steps = [
        container(tags.DB_VALUE_CONTAINER, Item(tags.DB_GRAPH_INDEX, Type.FLOAT32, float(place)), *value(amount))
        for place, amount in enumerate((0.0, *rows))
    ]
    return History.of(container(tags.DB_HISTORY_DATA_DAY, container(tags.DB_SUM_CONTAINER, *value(total)), *steps))


@pytest.mark.parametrize("factor", [1.0, 4.0])  # Wh, and W over a quarter of an hour
def test_rows_share_the_sum(factor: float) -> None:
    told = history.rows(answer(100.0, 10 * factor, 30 * factor, 60 * factor))
    assert {number: one.consumption for number, one in told.items()} == pytest.approx({1: 10.0, 2: 30.0, 3: 60.0})


def test_rows_of_nothing_and_of_nothing_known() -> None:
    assert [one.consumption for one in history.rows(answer(0.0, 0.0, 0.0)).values()] == [0.0, 0.0]
    assert [one.consumption for one in history.rows(answer(None, 1.0)).values()] == [None]
    assert [one.consumption for one in history.rows(answer(5.0, 1.0, None)).values()] == [5.0, None]
    assert history.rows(answer(5.0)) == {}
