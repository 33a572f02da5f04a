from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.errors import UsageError
from heliobus.senec.models import FULL_REQUEST, LIVE_REQUEST
from heliobus.senec.protocol import CEILING, Request, Typed, build_request, merge_answers, split_request, written

POWERS = {
    ("ENERGY", name) for name in ("GUI_INVERTER_POWER", "GUI_GRID_POW", "GUI_HOUSE_POW", "GUI_BAT_DATA_POWER")
} | {("PM1OBJ1", "P_TOTAL"), ("WALLBOX", "APPARENT_CHARGING_POWER"), ("PV1", "MPP_POWER")}

names = st.text("ABCXYZ_0", min_size=1, max_size=12)
asked = st.sampled_from(["", "u8_01"]) | st.just(["u8_01", "", "", ""])
requests = st.builds(
    lambda tree, powers, whole: {
        **tree,
        **{name: {} for name in whole},
        **{
            section: {**tree.get(section, {}), **{name: "" for where, name in powers if where == section}}
            for section, _ in powers
        },
    },
    st.dictionaries(names | st.sampled_from(["ENERGY", "PV1"]), st.dictionaries(names, asked, max_size=20), max_size=8),
    st.sets(st.sampled_from(sorted(POWERS))),
    st.sets(st.sampled_from(["BMS", "ENERGY", "LOG"])),
)


def test_the_form_of_a_request() -> None:
    tree: Request = {"ENERGY": {"STAT_STATE": "", "SAFE_CHARGE_FORCE": Typed("u8", 1)}, "BMS": {}}
    assert build_request(tree) == b'{"ENERGY":{"STAT_STATE":"","SAFE_CHARGE_FORCE":"u8_01"},"BMS":{}}'


def test_what_would_be_written_is_told() -> None:
    assert written(LIVE_REQUEST) == ()
    assert written(
        {
            "ENERGY": {"A": "", "B": "u8_01"},
            "WALLBOX": {"C": ["", ""], "D": ["", "u8_01"]},
            "BMS": {},
            "LOG": {"E": "st_"},
        }
    ) == ("ENERGY.B", "WALLBOX.D", "LOG.E")


@pytest.mark.parametrize(
    "tree", [{"ENERGY": ""}, {"ENERGY": ["STAT_STATE"]}, {"ENERGY": {"A": None}}, {"E": {"A": {}}}]
)
def test_what_is_no_request_is_refused(tree: Any) -> None:
    with pytest.raises(UsageError):
        build_request(tree)


@given(requests, st.integers(20, 2_000))
def test_split_requests_ask_for_the_same_within_the_ceiling(tree: dict[str, Any], ceiling: int) -> None:
    parts = split_request(tree, ceiling=ceiling)
    assert merge_answers(parts) == tree
    assert sum(len(section) or 1 for part in parts for section in part.values()) == sum(
        len(section) or 1 for section in tree.values()
    ), "nothing is asked for twice"
    for part in parts:
        variables = {(name, variable) for name, section in part.items() for variable in section}
        alone = len(variables) + sum(not section for section in part.values()) <= 1
        assert len(build_request(part)) <= ceiling or alone or variables <= POWERS


@given(requests, st.integers(20, 2_000))
def test_split_requests_never_part_the_powers(tree: dict[str, Any], ceiling: int) -> None:
    first, *others = split_request(tree, ceiling=ceiling)
    for part in others:
        assert not POWERS & {(name, variable) for name, section in part.items() for variable in section}
        assert part.get("ENERGY") != {}
    assert POWERS & {(name, variable) for name, section in tree.items() for variable in section} <= {
        (name, variable) for name, section in first.items() for variable in section
    }


def test_a_whole_section_with_powers_stays_with_the_powers() -> None:
    tree: Request = {"LOG": {}, "ENERGY": {}, "PM1OBJ1": {"ADR": "", "P_TOTAL": ""}}
    assert split_request(tree, ceiling=45) == [
        {"ENERGY": {}, "PM1OBJ1": {"P_TOTAL": ""}},
        {"LOG": {}, "PM1OBJ1": {"ADR": ""}},
    ]


def test_a_request_that_fits_is_left_alone() -> None:
    assert split_request(LIVE_REQUEST) == [LIVE_REQUEST]
    assert split_request(FULL_REQUEST) == [FULL_REQUEST]
    assert len(build_request(LIVE_REQUEST)) < 1_000
    assert CEILING == 11_500


def test_answers_merge_variable_by_variable() -> None:
    answers = [{"A": {"x": 1}, "B": {}}, {"A": {"y": 2}, "C": {"z": 3}}]
    assert merge_answers(answers) == {"A": {"x": 1, "y": 2}, "B": {}, "C": {"z": 3}}
    assert json.dumps(answers) == '[{"A": {"x": 1}, "B": {}}, {"A": {"y": 2}, "C": {"z": 3}}]', "inputs stay"
