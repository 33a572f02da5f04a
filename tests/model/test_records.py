from __future__ import annotations

from types import MappingProxyType
from typing import Any

from heliobus.model.records import Json, Record, Row


def told(value: Json) -> Any:
    return value


class Inner(Record):
    power = Row("inW", told, "W")


class Outer(Record):
    one = Row("one", Inner, kind=Inner)
    many: Row[Any] = Row("many", lambda value: [Inner(one) for one in told(value)], kind=Inner)


class Wider(Outer):
    more = Row("more", told)


class Listed(Inner):
    rows = MappingProxyType({"table": Row("table", told)})
    named = Row("named", told)


class Both(Outer, Listed):
    pass


def test_a_row_of_a_class_is_its_declaration() -> None:
    assert (Inner.power.key, Inner.power.unit, Outer.one.kind) == ("inW", "W", Inner)
    assert Wider.rows == {"one": Outer.one, "many": Outer.many, "more": Wider.more}


def test_a_record_has_the_rows_of_its_table_and_of_all_its_bases() -> None:
    assert set(Listed.rows) == {"inW", "table", "named"}
    assert Both.rows == {**Outer.rows, **Listed.rows}


def test_a_row_of_a_record_is_its_value() -> None:
    assert Wider({"one": {"inW": 5}}).one.power == 5
    assert Wider({}).one.power is None


def test_an_answer_of_another_shape_is_an_empty_record() -> None:
    shapes: list[Json] = [None, [], "text", 5.0, True]
    for strange in shapes:
        assert Inner(strange).values == {}


def test_what_has_no_row_is_named_with_its_path() -> None:
    outer = Outer({"new": 1, "one": {"inW": 1, "inA": 2}, "many": [{"x": 1}, {"y": 1}, None]})
    assert outer.extra == {"new": 1}
    assert list(outer.unmodelled()) == ["new", "one.inA", "many.x", "many.y"]


def test_records_of_one_kind_are_equal_by_what_they_hold() -> None:
    assert Inner({"a": 1}) == Inner({"a": 1})
    assert Inner({"a": 1}) != Inner({"a": 2})
    assert Outer({}) != Wider({})


def test_no_value_shows() -> None:
    assert "Lane" not in repr(Inner({"street": "Sunny Lane"}))
