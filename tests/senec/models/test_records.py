from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.model.records import Record
from heliobus.senec.models import app, records

if TYPE_CHECKING:
    from heliobus.senec.protocol import Json

NOON = datetime(2026, 6, 20, 12, tzinfo=UTC)
KINDS = [
    kind for kind in vars(app).values() if isinstance(kind, type) and issubclass(kind, Record) and kind is not Record
]


class Inner(Record):
    watts = records.number("inW", "W")


class Outer(Record):
    one = records.record("one", Inner)
    many = records.records("many", Inner)
    name = records.text("name")
    at = records.time("at")
    since = records.epoch("since")
    flag = records.flag("flag")
    count = records.integer("count")
    names = records.texts("names")
    numbers = records.numbers("numbers")


jsons: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def test_values_are_read_by_their_kind() -> None:
    told: Json = {
        "one": {"inW": 1},
        "many": [{"inW": 2.5}, "x"],
        "name": 7,
        "at": "2026-06-20T14:00:00+02:00",
        "since": 1781956800000,
        "flag": False,
        "count": 3.0,
        "names": ["a", None],
        "numbers": [1, "x"],
    }
    outer = Outer(told)
    assert outer.one.watts == 1.0
    assert [one.watts for one in outer.many] == [2.5, None]
    assert (outer.name, outer.flag, outer.count) == ("7", False, 3)
    assert outer.at == outer.since == NOON
    assert (outer.names, outer.numbers) == (("a", None), (1.0, None))
    assert list(outer.unmodelled()) == []
    assert Outer.rows["one"].kind is Inner
    assert Inner.watts.unit == "W"


def test_what_is_not_there_or_does_not_fit_is_none() -> None:
    odd: list[Any] = [
        *(None, [], "x"),
        {"one": 3, "many": {}, "name": [], "at": "2026-06-20T12:00:00", "since": 1e300},
    ]
    for told in odd:
        outer = Outer(told)
        assert outer.one.watts is None
        assert outer.many == ()
        assert (outer.name, outer.at, outer.since, outer.flag, outer.count) == (None, None, None, None, None)
    for number in (float("inf"), float("-inf"), float("nan"), 10**400, True, "1"):
        assert Inner({"inW": number}).watts is None
    assert Outer({"flag": 1, "count": 1.5, "at": "soon"}).count is None


@settings(max_examples=50)
@given(st.data())
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_value_breaks_a_row(kind: type[Record], data: st.DataObject) -> None:
    found = kind(data.draw(st.dictionaries(st.sampled_from(sorted(kind.rows)), jsons, max_size=4)))
    for row in kind.rows.values():
        row.read(found.values.get(row.key))
    list(found.unmodelled())
