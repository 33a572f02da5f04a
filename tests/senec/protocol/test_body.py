from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from heliobus.errors import Overflow, ProtocolError
from heliobus.senec.protocol import MAX_BODY, Body, EmptyAnswer, Json, parse_body

PLAIN = '{"A":{"x":"u8_01","y":["fl_3F800000","fl_00000000"]},"B":{"z":"st_a\\"b_Ü","ä":"st_ö"}}'
TREE: dict[str, Json] = {"A": {"x": "u8_01", "y": ["fl_3F800000", "fl_00000000"]}, "B": {"z": 'st_a"b_Ü', "ä": "st_ö"}}


# -- odd, but whole


@pytest.mark.parametrize(
    "body",
    [
        PLAIN,
        PLAIN.encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.encode("latin-1"),
        PLAIN.encode("utf-16"),
        f"\r\n {PLAIN}\n\0",
        json.dumps(PLAIN),
        json.dumps(PLAIN)[1:-1],  # \" for every "
        json.dumps(TREE, indent=2),
    ],
)
def test_ways_to_write_the_same_answer(body: bytes | str) -> None:
    assert parse_body(body) == Body(TREE, truncated=False)


def test_of_two_equal_keys_the_last_wins() -> None:
    assert parse_body('{"A":{"x":"u8_00","x":"u8_01"}}').sections == {"A": {"x": "u8_01"}}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" * 5000])
def test_a_number_that_is_none_stays_text(number: str) -> None:
    assert parse_body(f'{{"A":{{"x":{number},"y":7}}}}').sections == {"A": {"x": number, "y": 7}}


# -- cut off


def is_part(part: dict[str, Any], whole: dict[str, Any]) -> bool:
    return all(
        name in whole and all(whole[name].get(variable) == leaf for variable, leaf in section.items())
        for name, section in part.items()
    )


def count(tree: dict[str, Any]) -> int:
    return sum(len(section) for section in tree.values())


@pytest.mark.parametrize("write", [str, json.dumps, lambda text: json.dumps(text)[1:-1], str.encode])
def test_cut_anywhere_gives_only_whole_values(made: dict[str, str], write: Any) -> None:
    for body in (PLAIN, made["2411"], made["0811"]):
        whole, text, before = json.loads(body), write(body), 0
        for end in range(1, len(text)):
            parsed = parse_body(text[:end]) if end > 3 else Body({}, truncated=True)
            assert is_part(parsed.sections, whole), end
            assert parsed.truncated or parsed.sections == whole
            assert count(parsed.sections) >= before, "a longer body gives no less"
            before = count(parsed.sections)
        assert before == count(whole), "only brackets were missing"


def test_every_recording_cut_gives_only_whole_values(lala: dict[str, dict[str, Any]]) -> None:
    for record in lala.values():
        body = record["response_body"]
        whole = json.loads(body)
        for end in range(1, len(body), 11):
            assert is_part(parse_body(body[:end]).sections, whole)


@pytest.mark.parametrize(
    ("cut", "sections"),
    [
        ("{", {}),
        ('{"A', {}),
        ('{"A":{', {}),
        ('{"A":{"x":"u8_01', {}),
        ('{"A":{"x":"u8_01"', {"A": {"x": "u8_01"}}),
        ('{"A":{"x":12', {}),
        ('{"A":{"x":12,', {"A": {"x": 12}}),
        ('{"A":{"x":["u8_01","u8_02"', {}),
        ('{"A":{"x":["u8_01","u8_02"]', {"A": {"x": ["u8_01", "u8_02"]}}),
        ('{"A":{},"B":{"y":{"z":"u8_01"', {"A": {}}),
    ],
)
def test_where_a_value_is_whole(cut: str, sections: dict[str, Any]) -> None:
    assert parse_body(cut) == Body(sections, truncated=True)


# -- no answer at all


@pytest.mark.parametrize("body", ["", b"", b" \r\n", b"\0", "\ufeff"])
def test_an_empty_body_may_be_asked_for_again(body: bytes | str) -> None:
    with pytest.raises(EmptyAnswer) as caught:
        parse_body(body)
    assert caught.value.retryable


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("<!DOCTYPE html><title>502</title>", "web page"),
        ("Bad gateway", "not JSON"),
        ("null", "not JSON"),
        ("[1]", "not an object"),
        ("7", "not an object"),
        ('""', "not JSON"),
        ('{"A":{"x":u8_01}}', "not JSON"),
        ('{"A":{}} trailing', "not JSON"),
        ('{"A":{"x" "y","z":"u8_01"', "not JSON"),
    ],
)
def test_what_is_no_answer_is_named(body: str, what: str) -> None:
    with pytest.raises(ProtocolError, match=what) as caught:
        parse_body(body)
    assert not caught.value.retryable


@pytest.mark.parametrize(
    "body",
    [
        b"x" * (MAX_BODY + 1),
        b'{"A":' * 33 + b"1" + b"}" * 33,
        b'{"A":' + b"[" * 32 + b"]" * 32 + b"}",
        b"[" * 100_000,
        b'{"A":' * 100_000,
        b'{"A":{' + b",".join(b'"x%d":""' % number for number in range(10_000)) + b"}}",
    ],
)
def test_what_is_too_much_is_refused(body: bytes) -> None:
    with pytest.raises(Overflow):
        parse_body(body)


def test_the_limits_are_inclusive() -> None:
    deep = b'{"A":' * 32 + b"1" + b"}" * 32
    wide = b'{"A":{' + b",".join(b'"x%d":"st_::"' % number for number in range(9_999)) + b"}}"
    assert set(parse_body(deep).sections) == {"A"}
    assert count(parse_body(wide).sections) == 9_999


@pytest.mark.timeout(20)
@pytest.mark.parametrize("start", ['{"A":{"x":"', "{", '{"A":', "", '"{\\"'])
@pytest.mark.parametrize("filler", ["\\", '\\"', "a", '"', ",", ":", "}", "]", "\t", "{\\", '"a":', "1", "[]"])
def test_a_hostile_body_ends_soon(start: str, filler: str) -> None:
    body = start + filler * (MAX_BODY // 8 // len(filler))
    with contextlib.suppress(ProtocolError):
        parse_body(body)


pieces = st.sampled_from(
    [
        '{"A":{"x":"u8_01"',
        '"',
        "\\",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        '"A"',
        '\\"',
        "u8_01",
        " ",
        "12",
        "null",
        "Ü",
        "\ud800",
    ]
)


@given(st.lists(pieces, max_size=30).map("".join) | st.text() | st.binary())
@example(b"\xff\xfe{")
def test_whatever_comes_is_an_answer_or_a_protocol_error(body: bytes | str) -> None:
    try:
        parsed = parse_body(body)
    except ProtocolError:
        return
    assert isinstance(parsed.sections, dict)
