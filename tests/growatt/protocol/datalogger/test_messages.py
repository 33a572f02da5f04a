from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.errors import ProtocolError, UsageError
from heliobus.growatt.protocol.datalogger import (
    TIME,
    Answer,
    Frame,
    Type,
    acknowledge,
    answer_of,
    build_answer,
    build_frame,
    command_of,
    get_logger,
    get_registers,
    put_serial,
    set_logger,
    set_register,
    set_registers,
    set_time,
    take_serial,
)
from tests.growatt.protocol.datalogger.made import PROTOCOLS, SERIALS

if TYPE_CHECKING:
    from collections.abc import Callable


def said(protocol: int, kind: int, body: bytes = b"") -> Frame:
    return Frame(7, protocol, 1, kind, body)


@pytest.mark.parametrize("kind", [Type.ANNOUNCE, Type.DATA, Type.BUFFERED, Type.METER, Type.METER_TEXT])
def test_records_are_acknowledged(kind: Type) -> None:
    plain = acknowledge(said(0x02, kind, b"whatever"))
    assert plain is not None
    assert build_frame(plain).hex() == f"00070002000301{kind:02x}00"
    for protocol in (0x05, 0x06):
        masked = acknowledge(said(protocol, kind, b"whatever"))
        assert masked is not None
        data = build_frame(masked)
        assert data[:-2].hex() == f"000700{protocol:02x}000301{kind:02x}47"


def test_pings_are_echoed_and_notes_are_not_answered() -> None:
    ping = said(0x06, Type.PING, b"LOGGER0001" + bytes(20))
    assert acknowledge(ping) == ping
    assert acknowledge(said(0x06, Type.NOTE)) is None
    assert acknowledge(said(0x06, Type.GET_REGISTER)) is None


def test_the_time_as_grott_sets_it() -> None:
    local = datetime(2026, 11, 20, 14, 5, 9)  # noqa: DTZ001
    plain = set_time(said(0x02, Type.ANNOUNCE), logger="LOGGER0001", local=local)
    assert plain.type == Type.SET_LOGGER
    assert plain.body == b"LOGGER0001\x00\x1f\x00\x132026-11-20 14:05:09"
    padded = set_time(said(0x06, Type.ANNOUNCE), logger="LOGGER0001", local=local)
    assert padded.body == b"LOGGER0001" + bytes(20) + b"\x00\x1f\x00\x132026-11-20 14:05:09"


@given(PROTOCOLS, SERIALS, st.integers(0, 0xFF00), st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=125))
def test_commands_and_answers_both_ways(protocol: int, logger: str, start: int, values: list[int]) -> None:
    end = start + len(values) - 1
    words = b"".join(value.to_bytes(2, "big") for value in values)
    frame = said(protocol, Type.DATA)

    asked = get_registers(frame, logger=logger, start=start, end=end)
    assert command_of(asked) == Answer(logger, start, end)
    told = answer_of(build_answer(asked, Answer(logger, start, end, data=words)))
    assert told.registers == dict(zip(range(start, end + 1), values, strict=True))

    written = set_registers(frame, logger=logger, start=start, values=values)
    assert command_of(written) == Answer(logger, start, end, data=words)
    assert answer_of(build_answer(written, Answer(logger, start, end, 1))) == Answer(logger, start, end, 1)

    one = set_register(frame, logger=logger, register=start, value=values[0])
    assert command_of(one) == Answer(logger, start, start, data=words[:2])
    done = Answer(logger, start, start, 0, words[:2])
    assert answer_of(build_answer(one, done)) == done


@given(PROTOCOLS, SERIALS, st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80))
def test_logger_registers_both_ways(protocol: int, logger: str, text: str) -> None:
    frame = said(protocol, Type.ANNOUNCE)
    asked = get_logger(frame, logger=logger, register=TIME)
    assert command_of(asked) == Answer(logger, TIME, TIME)
    told = Answer(logger, TIME, TIME, data=text.encode())
    assert answer_of(build_answer(asked, told)) == told
    written = set_logger(frame, logger=logger, register=TIME, text=text)
    assert command_of(written) == told
    assert answer_of(build_answer(written, Answer(logger, TIME, TIME, 3))).result == 3


@given(st.sampled_from(sorted({5, 6, 0x10, 0x18, 0x19, 4})), PROTOCOLS, st.binary(max_size=60))
def test_any_body_is_read_or_refused(kind: int, protocol: int, body: bytes) -> None:
    for read in (answer_of, command_of):
        try:
            found = read(said(protocol, kind, body))
        except ProtocolError:
            continue
        assert found.registers is not None


def test_commands_cut_off_at_every_byte() -> None:
    frame = said(0x06, Type.DATA)
    whole = set_logger(frame, logger="LOGGER0001", register=17, text="192.168.1.2")
    for end in range(len(whole.body)):
        with pytest.raises(ProtocolError):
            command_of(whole._replace(body=whole.body[:end]))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda frame: get_registers(frame, logger="A", start=5, end=4),
        lambda frame: get_registers(frame, logger="A", start=0, end=125),
        lambda frame: get_registers(frame, logger="A", start=-1, end=3),
        lambda frame: set_register(frame, logger="A", register=1, value=65536),
        lambda frame: set_register(frame, logger="", register=1, value=1),
        lambda frame: set_register(frame, logger="ABCDEFGHIJK", register=1, value=1),
        lambda frame: set_register(frame, logger="ä", register=1, value=1),
        lambda frame: set_registers(frame, logger="A", start=1, values=[]),
        lambda frame: set_logger(frame, logger="A", register=17, text="a\nb"),
    ],
)
def test_what_no_command_can_say(wrong: Callable[[Frame], Frame]) -> None:
    with pytest.raises(UsageError):
        wrong(said(0x06, Type.DATA))


@given(SERIALS, PROTOCOLS)
def test_serials_both_ways(serial: str, protocol: int) -> None:
    assert take_serial(put_serial(serial, protocol) + b"rest", protocol) == (serial, b"rest")
