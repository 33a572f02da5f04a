"""Records of hundreds of fields out of a table."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from heliobus.growatt.models.rows import number
from heliobus.growatt.models.v4 import DATA, INFO, READINGS, V4Record
from heliobus.growatt.models.v4.base import rows
from heliobus.growatt.protocol import v4

_TABLE = """
text word
kWh  e{1-3}Total
     eTotal
int  code
flag lost
ms   seen
json any
"""


class Example(V4Record, table=_TABLE):
    named = number("e2Total", "kWh")


def test_a_table_names_series_and_goes_on_in_the_next_line() -> None:
    assert list(rows(_TABLE)) == ["word", "e1Total", "e2Total", "e3Total", "eTotal", "code", "lost", "seen", "any"]
    assert Example.rows["e2Total"] is Example.named


def test_every_kind_is_read_by_the_servers_name() -> None:
    found = Example(
        {"word": "x\0", "e1Total": "1.5", "code": "7", "lost": "true", "seen": 1757298629105, "any": [1], "new": 5}
    )
    assert (found["word"], found["e1Total"], found["code"], found["lost"], found["any"]) == ("x", 1.5, 7, True, [1])
    assert found["seen"] == datetime(2025, 9, 8, 2, 30, 29, 105_000, tzinfo=UTC)
    assert (found["e2Total"], found.named, found["new"], found["nothing"]) == (None, None, 5, None)
    assert found.extra == {"new": 5}


def test_two_ways_of_writing_a_name_are_one() -> None:
    assert Example({"e1_total": 2.0})["e1Total"] == 2.0
    both = Example({"e1_total": 1.0, "e1Total": 2.0})
    assert (both["e1Total"], both.values["e1_total"]) == (2.0, 1.0), "nothing is lost"


def test_every_kind_has_its_records() -> None:
    assert set(DATA) == set(INFO) == set(READINGS) == set(v4.KINDS)
    assert {kind: reading.family for kind, reading in READINGS.items()} == dict(v4.KINDS)


anything = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.lists(st.none(), max_size=1)
)


@given(st.sampled_from(sorted(DATA)), st.data())
def test_no_value_breaks_a_record(kind: str, data: st.DataObject) -> None:
    made: Any = DATA[kind]
    names = st.sampled_from(sorted(made.rows))
    found = made(data.draw(st.dictionaries(names, anything, max_size=8)))
    for row in made.rows.values():
        row.read(found.values.get(row.key))
