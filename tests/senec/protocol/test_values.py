from __future__ import annotations

import csv
import json
import math
import struct
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from heliobus.errors import OutOfBounds, UsageError
from heliobus.senec.protocol import (
    NOT_A_SECTION,
    Absent,
    Json,
    Leaf,
    Reason,
    Typed,
    control_unit,
    decode_answer,
    decode_leaf,
    decode_typed,
    decode_value,
    encode_answer,
    encode_leaf,
    encode_value,
    firmware_number,
    packed_version,
    parse_body,
    section_names,
    utc_time,
)

if TYPE_CHECKING:
    from pathlib import Path

DIGITS = {"fl": 8, "u8": 2, "u1": 4, "u3": 8, "u6": 16, "i8": 2, "i1": 4, "i3": 8, "i6": 16}
INTEGERS = [(type_, 4 * digits, type_[0] == "i") for type_, digits in DIGITS.items() if type_ != "fl"]

numeric = st.sampled_from(sorted(DIGITS)).flatmap(
    lambda type_: st.text("0123456789ABCDEF", min_size=DIGITS[type_], max_size=DIGITS[type_]).map(
        lambda payload: f"{type_}_{payload}"
    )
)
textual = st.tuples(st.sampled_from(["st_", "ch_"]), st.text()).map("".join)
words = st.sampled_from(
    ["VARIABLE_NOT_FOUND", "OBJECT_NOT_FOUND", "FORBIDDEN", "MALFORMED_VALUE", "FILE_VARIABLE_NOT_READABLE", "er_17"]
)
wire = numeric | textual | words | st.text()


# -- recordings


def leaves(body: str) -> list[tuple[str, Any]]:
    sections: dict[str, dict[str, Any]] = json.loads(body)
    return [(f"{name}.{variable}", leaf) for name, section in sections.items() for variable, leaf in section.items()]


def test_every_recorded_leaf_encodes_to_itself_again(lala: dict[str, dict[str, Any]]) -> None:
    """No exception: words, END_OF_ARRAY and the numbers that somebody decoded before (49, 50) come back too."""
    checked = 0
    for number, record in lala.items():
        for path, leaf in leaves(record["response_body"]):
            assert encode_leaf(decode_typed(leaf)) == leaf, (number, path)
            items = leaf if isinstance(leaf, list) else [leaf]
            for item in items:
                if isinstance(item, str):  # the bare functions, without Typed
                    assert encode_value(item[:2], decode_value(item)) == item, (number, path)
            checked += len(items)
    assert len(lala) == 25
    assert checked == 977


def test_every_recorded_value_is_a_reading_but_the_known_words(lala: dict[str, dict[str, Any]]) -> None:
    absent: dict[str, list[str]] = {}
    for number, record in lala.items():
        for path, leaf in leaves(record["response_body"]):
            value = decode_leaf(leaf)
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, Absent):
                    assert item.reason is Reason.NOT_FOUND
                    absent.setdefault(number, []).append(path)
    assert {number: len(paths) for number, paths in absent.items()} == {"01": 1, "41": 6, "43": 1, "50": 5, "51": 3}
    assert absent["51"] == [f"BAT1OBJ{number}.OBJECT_NOT_FOUND" for number in (2, 3, 4)]


def test_the_perth_recording_encodes_to_itself_again(perth: list[dict[str, Any]]) -> None:
    assert len(perth) == 6097
    for line in perth:
        answer = {name: section for name, section in line.items() if isinstance(section, dict)}
        typed = {name: {key: decode_typed(leaf) for key, leaf in section.items()} for name, section in answer.items()}
        assert {name: {key: encode_leaf(leaf) for key, leaf in section.items()} for name, section in typed.items()} == (
            answer
        )
        decoded = decode_answer(line)
        assert set(decoded) == set(line)
        assert isinstance(decoded["ENERGY"]["GUI_GRID_POW"], float)
        assert decoded["SentMilliseconds"] == {NOT_A_SECTION: line["SentMilliseconds"]}


def test_every_row_of_the_vectors(shared: Path) -> None:
    rows = list(csv.DictReader((shared / "protocols/senec/vectors.csv").read_text("utf-8").splitlines()))
    assert len(rows) == 39
    for row in rows:
        assert matches(decode_value(row["raw"]), row["expected"]), row


def matches(value: object, expected: str) -> bool:
    """Whether a value is what the table's column says, which is a number, a text or a remark."""
    number, _, remark = expected.partition(" ")
    if isinstance(value, Absent):
        return "sentinel" in expected or "error" in expected
    if isinstance(value, int):
        return str(value) == expected
    if isinstance(value, float) and "decimal" in remark:
        return f"{value:.{remark[1]}f}" == f"{float(number):.{remark[1]}f}"
    if isinstance(value, float):
        precision = len(number.rstrip(".").partition(".")[2]) if "..." in number else None
        wanted = float(number.rstrip("."))
        same = round(value, precision) == wanted if precision else value == wanted
        return same and math.copysign(1, value) == math.copysign(1, wanted)
    texts = {"(empty string)": "", "END_OF_ARRAY (list terminator, drop)": "END_OF_ARRAY", "char": "x"}
    return value == texts.get(expected, expected)


# -- single values


@given(numeric | textual)
def test_a_typed_string_encodes_to_itself_again(text: str) -> None:
    assert encode_value(text[:2], decode_value(text)) == text
    assert encode_leaf(decode_typed(text)) == text


@given(numeric)
def test_the_case_of_the_hex_digits_does_not_matter(text: str) -> None:
    lower = text[:3] + text[3:].lower()
    value = decode_value(lower)
    assert value == decode_value(text) or isinstance(value, Absent)
    assert encode_value(text[:2], value).upper() == text.upper()


@given(wire)
def test_no_text_raises_or_is_lost(text: str) -> None:
    value = decode_value(text)
    if isinstance(value, Absent):
        assert value.raw == text
    else:
        assert encode_value(text[:2], value).upper() == text.upper()


@given(st.sampled_from(sorted(DIGITS)), st.text("0123456789ABCDEFabcdef xX+-_.٣\n", max_size=18))
@example("u8", " 0D")
@example("u1", "01 02")
@example("fl", "41C80000\n")
def test_a_payload_that_does_not_fit_its_type_is_malformed(type_: str, payload: str) -> None:
    value = decode_value(f"{type_}_{payload}")
    fits = len(payload) == DIGITS[type_] and all(digit in "0123456789ABCDEFabcdef" for digit in payload)
    if fits:
        assert not isinstance(value, Absent) or value.reason is Reason.NOT_FINITE
    else:
        assert value == Absent(Reason.MALFORMED, f"{type_}_{payload}")


@pytest.mark.parametrize("payload", ["7F800000", "FF800000", "7FC00000", "FFC00001", "7F800001"])
def test_what_is_not_finite_is_no_value_and_keeps_its_bits(payload: str) -> None:
    value = decode_value(f"fl_{payload}")
    assert value == Absent(Reason.NOT_FINITE, f"fl_{payload}")
    assert encode_value("fl", value) == f"fl_{payload}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("VARIABLE_NOT_FOUND", Reason.NOT_FOUND),
        ("OBJECT_NOT_FOUND", Reason.NOT_FOUND),
        ("FORBIDDEN", Reason.FORBIDDEN),
        ("MALFORMED_VALUE", Reason.MALFORMED),
        ("FILE_VARIABLE_NOT_READABLE", Reason.NOT_READABLE),
        ("er_17", Reason.ERROR),
        ("u2_00", Reason.UNKNOWN_TYPE),
        ("FL_42C80000", Reason.UNKNOWN_TYPE),
        ("underflow_00", Reason.UNKNOWN_TYPE),
        ("st", Reason.UNKNOWN_TYPE),
    ],
)
def test_words_and_unknown_types_are_kept(text: str, reason: Reason) -> None:
    assert decode_value(text) == Absent(reason, text)


def test_only_the_first_underscore_divides() -> None:
    assert decode_value("st_a_b_c") == "a_b_c"
    assert decode_value("st_u8_01") == "u8_01"


@pytest.mark.parametrize(("type_", "bits", "signed"), INTEGERS)
def test_integers_hold_exactly_their_range(type_: str, bits: int, *, signed: bool) -> None:
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    for value in (low, high, 0, 1):
        assert decode_value(encode_value(type_, value)) == value
    for value in (low - 1, high + 1):
        with pytest.raises(OutOfBounds):
            encode_value(type_, value)


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_floats_of_32_bit_are_exact(value: float) -> None:
    text = encode_value("fl", value)
    decoded = decode_value(text)
    assert isinstance(decoded, float)
    assert struct.pack(">d", decoded) == struct.pack(">d", value)
    assert text == text.upper().replace("FL_", "fl_")


@pytest.mark.parametrize(("value", "text"), [(6.0, "fl_40C00000"), (16.02, "fl_418028F6"), (32, "fl_42000000")])
def test_floats_as_the_appliance_writes_them(value: float, text: str) -> None:
    assert encode_value("fl", value) == text


@pytest.mark.parametrize("value", [1e39, -1e39, math.nan, math.inf, 10**400])
def test_a_float_that_32_bit_cannot_hold_is_out_of_bounds(value: float) -> None:
    with pytest.raises(OutOfBounds):
        encode_value("fl", value)


@pytest.mark.parametrize(
    ("type_", "value"),
    [("u8", 1.0), ("u8", "1"), ("fl", "1"), ("st", 1), ("q9", 1), ("", 1), ("u8", Absent(Reason.NOT_FOUND, None))],
)
def test_a_value_of_the_wrong_kind_is_a_usage_error(type_: str, value: Any) -> None:
    with pytest.raises(UsageError):
        encode_value(type_, value)


# -- lists, leaves, answers


def test_the_end_of_array_mark_is_dropped_for_readers_and_kept_for_writers() -> None:
    leaf: Json = ["st_V3", "st_", "st_END_OF_ARRAY"]
    assert decode_leaf(leaf) == ["V3", ""]
    assert encode_leaf(decode_typed(leaf)) == leaf


def test_one_bad_place_of_a_list_does_not_spoil_the_others() -> None:
    assert decode_leaf(["fl_3F800000", "fl_", "FORBIDDEN", 7]) == [
        1.0,
        Absent(Reason.MALFORMED, "fl_"),
        Absent(Reason.FORBIDDEN, "FORBIDDEN"),
        7,
    ]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | wire,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1, max_size=3), inner, max_size=4),
    max_leaves=8,
)


trees = st.dictionaries(st.text(min_size=1), st.dictionaries(st.text(min_size=1), json_values, max_size=4), max_size=3)


@given(trees | st.dictionaries(st.text(min_size=1), json_values, max_size=3))
def test_no_answer_raises_or_is_lost(tree: dict[str, Any]) -> None:
    decoded = decode_answer(tree)
    assert set(decoded) == set(tree)
    typed: dict[str, dict[str, Leaf]] = {
        name: {variable: decode_typed(leaf) for variable, leaf in section.items()}
        if isinstance(section, dict)
        else {NOT_A_SECTION: decode_typed(section)}
        for name, section in tree.items()
    }
    again = json.loads(encode_answer(typed))
    assert json.dumps(again).lower() == json.dumps(tree).lower()  # lower: hex digits come back in upper case


def test_a_request_leaves_places_of_a_list_alone() -> None:
    assert encode_leaf([Typed("u8", 1), "", "", ""]) == ["u8_01", "", "", ""]


def test_all_oddities_in_one_answer(made: dict[str, str]) -> None:
    body = made["2411"]
    answer = decode_answer(parse_body(body).sections)
    assert answer["BMS"]["SOC"] == [53, 54]
    assert answer["BMS"]["TEMP_MIN"] == [-3, 21]
    assert answer["BAT1OBJ1"]["P"] == -350
    assert answer["NEWS"] == {"NUMBER": Absent(Reason.UNKNOWN_TYPE, "q9_0000"), "AMOUNT": 7}
    assert answer["BAT1OBJ2"] == {"OBJECT_NOT_FOUND": Absent(Reason.NOT_FOUND, "")}
    assert answer["STATISTIC"] == {}
    assert answer["TEMPMEASURE"] == {
        "CASE_TEMP": Absent(Reason.NOT_FINITE, "fl_7FC00000"),
        "BATTERY_TEMP": Absent(Reason.MALFORMED, "fl_41"),
        "MCU_TEMP": Absent(Reason.MALFORMED, "MALFORMED_VALUE"),
    }


# -- what single values mean


@pytest.mark.parametrize(("number", "date"), [("02", "2024-08-23T10:11:17"), ("07", "2025-07-24T08:29:25")])
def test_the_clock_agrees_with_the_recorded_date_header(
    lala: dict[str, dict[str, Any]], number: str, date: str
) -> None:
    rtc = decode_answer(parse_body(lala[number]["response_body"]).sections)["RTC"]
    utc = utc_time(rtc["WEB_TIME"], rtc["UTC_OFFSET"])
    assert utc is not None
    assert abs((utc - datetime.fromisoformat(date).replace(tzinfo=UTC)).total_seconds()) <= 2


@pytest.mark.parametrize(
    ("web_time", "offset"),
    [
        (None, 120),
        (1_781_870_400, None),
        (Absent(Reason.NOT_FOUND, "VARIABLE_NOT_FOUND"), 120),
        (0, 0),
        (0xFFFFFFFF, 0),
        (1_781_870_400, 15 * 60),
        (1_781_870_400, -13 * 60),
    ],
)
def test_a_clock_that_cannot_be_known_is_none(web_time: object, offset: object) -> None:
    assert utc_time(web_time, offset) is None


def test_versions() -> None:
    assert [packed_version(number) for number in (0x03100014, 0x0403000A, 0x05040006)] == ["3.16.20", "4.3.10", "5.4.6"]
    assert [firmware_number(text) for text in ("0826", "826", "", "V1", None, "٣")] == [
        826,
        826,
        None,
        None,
        None,
        None,
    ]


def test_a_control_unit_has_one_number() -> None:
    assert [control_unit(text) for text in ("S2600000000007", "2600000000007", "S", "SIM-7", "", None)] == [
        *["2600000000007"] * 2,
        *("S", "SIM-7", "", None),
    ]


def test_section_discovery() -> None:
    listed = decode_answer({"DEBUG": {"SECTIONS": ["st_BAT1", "st_ENERGY", "st_", "FORBIDDEN"]}})
    assert section_names(listed) == ("BAT1", "ENERGY")
    assert section_names(decode_answer({"DEBUG": {"SECTIONS": "VARIABLE_NOT_FOUND"}})) == ()
    assert section_names({}) == ()
