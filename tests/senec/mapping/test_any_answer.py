"""Whatever comes: no answer breaks the mapping."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from heliobus.model import fields
from heliobus.senec import mapping
from heliobus.senec.models import FULL_REQUEST, LIVE_REQUEST, Reading
from heliobus.senec.protocol import decode_answer
from tests.senec.mapping.saying import (
    NOT_FOUND,
    check_qualities,
    mapped,
)

if TYPE_CHECKING:
    from heliobus.senec.protocol import Json


WORDS = [
    NOT_FOUND,
    "FORBIDDEN",
    "MALFORMED_VALUE",
    "er_1",
    "",
    "st_",
    "st_x",
    "u8_",
    "fl_7FC00000",
    "fl_FF800000",
    "zz_1",
]
NUMBERS = [
    "fl_43E26188",
    "fl_80000000",
    "fl_C31E6315",
    "u8_0E",
    "u8_01",
    "u1_0001",
    "u3_1F9B3133",
    "i8_E2",
    "i3_00000078",
]
scalars: st.SearchStrategy[Json] = st.one_of(
    st.sampled_from([*NUMBERS, *WORDS]), st.none(), st.integers(-5, 300), st.floats(allow_nan=False), st.booleans()
)
leaves: st.SearchStrategy[Json] = scalars | st.lists(scalars, max_size=5)
variables = st.sampled_from([(section, name) for section, names in FULL_REQUEST.items() for name in names])
mapped_variables = st.sampled_from([(field.section, field.variable) for field in mapping.FIELDS])
odd_sections: st.SearchStrategy[Json] = st.one_of(
    st.just({}), st.just({"OBJECT_NOT_FOUND": ""}), st.none(), st.text(max_size=3), st.lists(scalars, max_size=2)
)


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Json]:
    tree: dict[str, Any] = {}
    for (section, name), leaf in draw(st.dictionaries(mapped_variables | variables, leaves, max_size=40)).items():
        tree.setdefault(section, {})[name] = leaf
    tree |= draw(st.dictionaries(st.sampled_from(list(LIVE_REQUEST)), odd_sections, max_size=2))
    return tree


@given(answers(), st.sampled_from(["live", "full"]))
def test_no_answer_breaks_the_mapping_and_every_quality_names_a_field(tree: dict[str, Json], detail: str) -> None:
    answer = decode_answer(tree)
    one = mapped(answer, detail)
    check_qualities(one)
    json.dumps(one.to_dict(), allow_nan=False)
    carried = mapping.carried(answer, detail)
    assert carried <= mapping.carriable(detail)
    for value in fields.walk(one):
        assert fields.declared_path(value.path) in carried


@given(
    st.lists(
        st.sampled_from([field for field in mapping.FIELDS if not field.is_list]),
        min_size=1,
        unique_by=lambda field: field.path,
    )
)
def test_each_value_depends_on_its_own_variable_only(present: list[mapping.Field]) -> None:
    tree: dict[str, Any] = {section: {} for section in Reading.sections}
    for field in mapping.FIELDS:
        tree[field.section][field.variable] = NOT_FOUND
    for field in present:
        tree[field.section][field.variable] = "u8_05"
    one = mapped(decode_answer(tree))
    found = {value.path for value in fields.walk(one) if not value.path.startswith("battery.")}
    assert found == {field.path for field in present}
    assert not one.quality
