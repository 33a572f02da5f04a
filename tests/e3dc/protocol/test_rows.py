from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.e3dc.protocol import (
    HISTORY_ROW,
    MAX_ITEMS,
    ErrorAnswer,
    Item,
    Table,
    Type,
    decode,
    encode,
    records,
)
from heliobus.errors import Overflow, ProtocolError
from tests.e3dc.protocol.cases import LEAVES, NUMBERS

HISTORY, TOTALS = 0x06800100, 0x06800010


def row(*values: float, kind: int = Type.FLOAT32, first: int = 0x06800001) -> Item:
    return Item(HISTORY_ROW, Type.CONTAINER, [Item(first + i, kind, value) for i, value in enumerate(values)])


def answer(*rows: Item) -> bytes:
    totals = Item(TOTALS, Type.CONTAINER, [Item(0x06800002, Type.FLOAT32, 5.0)])
    return encode([Item(HISTORY, Type.CONTAINER, [totals, *rows])])


def parts(data: bytes) -> list[Item]:
    (history,) = decode(data, tables={HISTORY_ROW})
    return history.children[1:]


def test_rows_become_one_table() -> None:
    (table,) = parts(answer(row(0.5, 1, -2), row(1.5, 3, 4), row(2.5, 5, 6)))
    assert table.value == Table((0x06800001, 0x06800002, 0x06800003), [(0.5, 1, -2), (1.5, 3, 4), (2.5, 5, 6)])


def test_totals_and_other_answers_stay_items() -> None:
    data = encode([Item(0x01800001, Type.INT32, 5)]) + answer(row(1), row(2)) + encode([Item(0x01800002)])
    before, history, after = decode(data, tables={HISTORY_ROW})
    assert (before.number, after) == (5, Item(0x01800002))
    assert history.children[0].children == [Item(0x06800002, Type.FLOAT32, 5.0)]


def test_a_new_layout_begins_a_new_table() -> None:
    odd = row(7, 8, kind=Type.INT32)
    first, second, third = parts(answer(row(1, 2), row(3, 4), odd, odd, row(5, 6, first=0x06800002)))
    assert first.value == Table((0x06800001, 0x06800002), [(1, 2), (3, 4)])
    assert second.value == Table((0x06800001, 0x06800002), [(7, 8), (7, 8)])
    assert third.value == Table((0x06800002, 0x06800003), [(5, 6)])


def test_a_row_with_an_error_stays_a_container_and_the_rest_tables() -> None:
    children = [Item(0x06800001, Type.FLOAT32, 1.0), Item(0x06800002, Type.ERROR, ErrorAnswer(6))]
    wrong = Item(HISTORY_ROW, Type.CONTAINER, children)
    found = parts(answer(row(1, 2), wrong, row(3, 4)))
    assert [type(item.value) for item in found] == [Table, list, Table]
    assert [list(record.values()) for record in records(found)] == [[1, 2], [1, None], [3, 4]]


rows = st.lists(st.lists(NUMBERS, max_size=4), max_size=3)


@given(st.lists(st.one_of(rows, st.lists(st.lists(LEAVES, max_size=4), max_size=2)), max_size=4))
def test_tables_say_what_items_say(groups: list[list[list[Item]]]) -> None:
    containers = [Item(HISTORY_ROW, Type.CONTAINER, children) for group in groups for children in group * 2]
    data = answer(*containers)
    (history,) = decode(data)
    assert list(records(parts(data))) == list(records(history.children))
    assert list(records(history.children)) == [{c.tag: c.number for c in item.children} for item in containers]


@pytest.mark.parametrize("count", [1, 2, 133])
def test_truncation_at_every_byte_is_an_error(count: int) -> None:
    data = answer(*[row(i, 1) for i in range(count)])
    for size in range(1, len(data), max(1, count // 20)):
        with pytest.raises(ProtocolError):
            decode(data[:size], tables={HISTORY_ROW})


def test_a_row_beyond_its_container_is_an_error() -> None:
    data = bytearray(answer(row(1, 2), row(3, 4)))
    struct.pack_into("<H", data, 5, len(data) - 7 - 3)
    with pytest.raises(ProtocolError):
        decode(bytes(data), tables={HISTORY_ROW})


def test_a_year_of_days_is_more_items_than_rows() -> None:
    data = answer(*[row(*range(13)) for _ in range(366)])
    assert MAX_ITEMS < 366 * 14
    with pytest.raises(Overflow):
        decode(data)
    (table,) = parts(data)
    assert isinstance(table.value, Table)
    assert len(table.value.rows) == 366


def test_rows_made_to_be_unlike_cost_no_more_than_items() -> None:
    unlike = [row(0, first=0x06800001 + i % 2, kind=Type.CHAR8) for i in range(2000)]
    found = parts(answer(*unlike))
    assert [type(item.value) for item in found] == [Table] * 64 + [list] * 1936
    assert len(list(records(found))) == 2000


def test_empty_rows_are_rows() -> None:
    assert list(records(parts(answer(row(), row())))) == [{}, {}]
