from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.e3dc.protocol import (
    MAX_DATA,
    ErrorAnswer,
    ErrorCode,
    Frame,
    Item,
    Timestamp,
    Type,
    build_frame,
    decode,
    encode,
    parse_frame,
    tags,
)
from heliobus.e3dc.protocol.portal import (
    LOGIN_REFUSED,
    MAX_CARRIED,
    Address,
    Answered,
    Ended,
    Phase,
    PortalConnection,
    carried,
    identifier,
    password_hash,
)
from heliobus.errors import Overflow, ProtocolError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

MAIN, VIRTUAL = Address(43380680, 60), Address(43380681, 10)
NOW = Timestamp(0x5ECD1857, 643)  # of the trace
NAMED = Item(tags.INFO_SERIAL_NUMBER, Type.CSTRING, "WEB_client")
QUESTIONS = [Item(tags.code(f"INFO_REQ_{name}")) for name in ("IP_ADDRESS", "TIME", "INFO")]
POWER = encode([Item(tags.EMS_POWER_PV, Type.INT32, 4711)])


def new() -> PortalConnection:
    secret = password_hash("secret")
    return PortalConnection(user="me@example.org", password=secret, system="S10-4400000001", now=lambda: NOW)


def message(*items: Item) -> bytes:
    return build_frame(encode(items), time=NOW)


def register(address: Address) -> Item:
    return address.message(tags.SERVER_REGISTER_CONNECTION, Item(tags.SERVER_TYPE, Type.INT32, 1))


def named(*items: Item) -> Item:
    """A registration with whatever names it."""
    level = Item(tags.SERVER_AUTH_LEVEL, Type.UCHAR8, 60)
    return Item(tags.SERVER_REGISTER_CONNECTION, Type.CONTAINER, [*items, level])


def inner(address: Address, *items: Item) -> Item:
    return address.carry(build_frame(encode(items), time=NOW, crc=False))


def sent(connection: PortalConnection) -> list[Item]:
    return [item for frame in connection.data_to_send() for item in decode(parse_frame(frame).data)]


def ready() -> PortalConnection:
    connection = new()
    for item in (register(MAIN), inner(MAIN, *QUESTIONS), inner(MAIN, NAMED), register(VIRTUAL)):
        connection.receive_data(message(item))
    assert connection.phase is Phase.READY
    connection.data_to_send()
    return connection


# -- the recording


@pytest.fixture(scope="session")
def recorded(shared: Path) -> list[dict[str, Any]]:
    trace = json.loads((shared / "captures/e3dc/portal_websocket_2020.json").read_text("utf-8"))
    return list(trace["frames"])


def test_recorded_messages_are_encoded_to_the_same_bytes(recorded: list[dict[str, Any]]) -> None:
    found = 0
    for entry in recorded:
        if "hex" in entry:
            whole = bytes.fromhex(entry["hex"])
            frame = parse_frame(whole)
            assert build_frame(encode(decode(frame.data)), time=frame.time, crc=frame.crc) == whole
            found += 1
    assert found == 2


def test_the_recorded_handshake(recorded: list[dict[str, Any]]) -> None:
    opening, answer, questions = recorded
    name, fields = opening["message"]
    children = [Item(tags.code(tag), Type[kind.upper()], value) for tag, (kind, value) in fields.items()]
    connection = new()
    connection.receive_data(message(Item(tags.code(name), Type.CONTAINER, children)))
    assert connection.data_to_send() == [bytes.fromhex(answer["hex"])]
    connection.receive_data(message(MAIN.carry(bytes.fromhex(questions["hex"]))))
    (command,) = sent(connection)
    asked = decode(parse_frame(bytes.fromhex(questions["hex"])).data)
    told = decode(carried(command).data)
    assert [item.tag for item in told] == [item.tag | 0x00800000 for item in asked]
    assert all(item.error is None for item in told)


# -- the handshake


def test_the_handshake_step_by_step() -> None:
    connection = new()
    phases = [connection.phase]
    assert connection.receive_data(message(register(MAIN))) == []
    assert sent(connection) == [MAIN.message(tags.SERVER_CONNECTION_REGISTERED)]
    phases.append(connection.phase)

    connection.receive_data(message(inner(MAIN, *QUESTIONS)))
    (command,) = sent(connection)
    assert Address.of(command) == MAIN
    length = command.get(tags.SERVER_RSCP_DATA_LEN)
    data = command.get(tags.SERVER_RSCP_DATA)
    assert length is not None
    assert data is not None
    assert isinstance(data.value, bytes)
    assert length.value == len(data.value)
    address, time, info = decode(carried(command).data)
    assert address == Item(tags.INFO_IP_ADDRESS, Type.CSTRING, "0.0.0.0")
    assert time == Item(tags.INFO_TIME, Type.BYTEARRAY, bytes.fromhex("5718cd5e0000000083020000"))
    name = info.get(tags.INFO_SERIAL_NUMBER)
    assert name is not None
    assert name.text == "WEB_" + password_hash("me@example.org43380680")

    connection.receive_data(message(inner(MAIN, NAMED)))
    (login,) = sent(connection)
    assert login.tag == tags.SERVER_REQ_NEW_VIRTUAL_CONNECTION
    assert [child.value for child in login.children] == [
        "me@example.org",
        "5ebe2294ecd0e0f08eab7690d2a6ee69",  # MD5 of "secret"
        "S10-4400000001",
        4,
        1234567890,
    ]
    phases.append(connection.phase)

    connection.receive_data(message(register(VIRTUAL)))
    assert sent(connection) == [VIRTUAL.message(tags.SERVER_CONNECTION_REGISTERED)]
    assert [*phases, connection.phase] == list(Phase)


def test_named_before_it_is_registered() -> None:
    connection = new()
    connection.receive_data(message(inner(MAIN, NAMED)))
    assert sent(connection) == []
    connection.receive_data(message(register(MAIN)))
    assert [item.tag for item in sent(connection)] == [
        tags.SERVER_CONNECTION_REGISTERED,
        tags.SERVER_REQ_NEW_VIRTUAL_CONNECTION,
    ]


def test_questions_before_and_after_everything() -> None:
    connection = new()
    connection.receive_data(message(inner(MAIN, QUESTIONS[0])))
    assert len(sent(connection)) == 1
    for item in (register(MAIN), inner(MAIN, NAMED), register(VIRTUAL)):
        connection.receive_data(message(item))
    connection.data_to_send()
    connection.receive_data(message(inner(MAIN, *QUESTIONS)))
    connection.receive_data(message(inner(VIRTUAL, *QUESTIONS)))
    assert [Address.of(item) for item in sent(connection)] == [MAIN, VIRTUAL]
    assert connection.phase is Phase.READY


def test_registered_twice_and_named_twice_it_logs_in_once() -> None:
    connection = new()
    for item in (register(MAIN), register(MAIN), inner(MAIN, NAMED), register(MAIN), inner(MAIN, NAMED)):
        connection.receive_data(message(item))
    logins = [item for item in sent(connection) if item.tag == tags.SERVER_REQ_NEW_VIRTUAL_CONNECTION]
    assert len(logins) == 1
    assert connection.phase is Phase.LOGGING_IN


def test_many_items_in_one_message() -> None:
    connection = new()
    connection.receive_data(message(register(MAIN), inner(MAIN, *QUESTIONS), inner(MAIN, NAMED)))
    assert connection.phase is Phase.LOGGING_IN


def test_pings_and_the_protocol_version_are_answered_in_every_phase() -> None:
    ping, version = Item(tags.SERVER_REQ_PING), Item(tags.RSCP_REQ_SET_PROTOCOL_VERSION)
    for connection in (new(), ready()):
        connection.receive_data(message(ping, version))
        assert sent(connection) == [
            Item(tags.SERVER_PING),
            Item(tags.RSCP_SET_PROTOCOL_VERSION, Type.UCHAR8, 1),
        ]


def test_an_unknown_question_is_answered_with_an_error() -> None:
    connection = new()
    connection.receive_data(message(register(MAIN), inner(MAIN, Item(0x0A001234))))
    _, command = sent(connection)
    assert decode(carried(command).data) == [Item(0x0A801234, Type.ERROR, ErrorAnswer(ErrorCode.UNKNOWN_TAG))]


def test_an_error_is_no_question() -> None:
    connection = new()
    connection.receive_data(message(inner(MAIN, Item(tags.INFO_REQ_TIME, Type.ERROR, ErrorAnswer(ErrorCode.AGAIN)))))
    assert connection.data_to_send() == []


def test_unknown_messages_are_passed_over() -> None:
    connection = ready()
    assert connection.receive_data(message(Item(0xF800ABCD, Type.UINT32, 1), Item(0x12345678))) == []
    assert connection.data_to_send() == []


# -- requests and answers


def test_a_request_and_its_answer() -> None:
    connection = ready()
    connection.ask(encode([Item(tags.EMS_REQ_POWER_PV)]))
    (command,) = sent(connection)
    assert Address.of(command) == VIRTUAL
    assert decode(carried(command).data) == [Item(tags.EMS_REQ_POWER_PV)]
    (event,) = connection.receive_data(message(VIRTUAL.carry(build_frame(POWER, time=NOW))))
    assert event == Answered(Frame(NOW, crc=True, data=POWER))


@pytest.mark.parametrize(
    "answer",
    [
        Item(tags.INFO_SERIAL_NUMBER, Type.CSTRING, "S10-4400000001"),  # elsewhere it asks for the login
        Item(tags.INFO_TIME, Type.TIMESTAMP, NOW),
        Item(tags.INFO_REQ_TIME, Type.ERROR, ErrorAnswer(ErrorCode.NOT_AVAILABLE)),  # errors may have the request's tag
        Item(0x0100009E, Type.UINT32, 1),  # an answer without the bit of answers
    ],
)
def test_answers_are_known_by_their_connection(answer: Item) -> None:
    connection = ready()
    connection.ask(encode([Item(tags.INFO_REQ_TIME)]))
    connection.data_to_send()
    (event,) = connection.receive_data(message(inner(VIRTUAL, answer)))
    assert isinstance(event, Answered)
    assert connection.data_to_send() == []


def test_an_empty_answer_is_one() -> None:
    connection = ready()
    connection.ask(encode([Item(tags.INFO_REQ_TIME)]))
    (event,) = connection.receive_data(message(inner(VIRTUAL)))
    assert event == Answered(Frame(NOW, crc=False, data=b""))


def test_the_portals_question_is_no_answer() -> None:
    connection = ready()
    connection.ask(encode([Item(tags.INFO_REQ_TIME)]))
    connection.data_to_send()
    assert connection.receive_data(message(inner(VIRTUAL, *QUESTIONS))) == []
    assert connection.receive_data(message(inner(MAIN, NAMED))) == []
    assert len(connection.data_to_send()) == 1
    assert len(connection.receive_data(message(VIRTUAL.carry(build_frame(POWER, time=NOW))))) == 1


def test_an_answer_that_nobody_asked_for() -> None:
    connection = ready()
    with pytest.raises(ProtocolError, match="nobody asked"):
        connection.receive_data(message(VIRTUAL.carry(build_frame(POWER, time=NOW))))


def test_one_request_at_a_time_and_only_when_ready() -> None:
    with pytest.raises(UsageError):
        new().ask(b"")
    connection = ready()
    connection.ask(b"")
    with pytest.raises(UsageError):
        connection.ask(b"")


def test_the_largest_request() -> None:
    connection = ready()
    with pytest.raises(Overflow):
        connection.ask(bytes(MAX_CARRIED + 1))
    connection.ask(bytes(MAX_CARRIED))
    (frame,) = connection.data_to_send()
    assert len(parse_frame(frame).data) == MAX_DATA


# -- the end


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (MAIN.message(tags.SERVER_UNREGISTER_CONNECTION), None),
        (MAIN.message(tags.SERVER_UNREGISTER_CONNECTION, Item(tags.SERVER_STATUS, Type.INT32, 16)), LOGIN_REFUSED),
        (MAIN.message(tags.SERVER_UNREGISTER_CONNECTION, Item(tags.SERVER_STATUS, Type.UCHAR8, 3)), 3),
        (MAIN.message(tags.SERVER_UNREGISTER_CONNECTION, Item(tags.SERVER_STATUS, Type.CSTRING, "no")), None),
        (Item(tags.SERVER_UNREGISTER_CONNECTION), None),
        (Item(tags.SERVER_STATUS, Type.UINT32, 16), LOGIN_REFUSED),
    ],
)
def test_the_portal_ends_it(told: Item, status: int | None) -> None:
    assert ready().receive_data(message(told)) == [Ended(status)]


def test_another_status_is_no_end() -> None:
    assert ready().receive_data(message(Item(tags.SERVER_STATUS, Type.INT32, 1))) == []


# -- bad messages


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"\xe3\xdc",
        b"GET / HTTP/1.1\r\n\r\n",
        message(register(MAIN))[:-1],
        message(register(MAIN)) + b"more",
        message(Item(tags.SERVER_REGISTER_CONNECTION)),
        message(named(Item(tags.SERVER_CONNECTION_ID))),
        message(named(Item(tags.SERVER_CONNECTION_ID, Type.CSTRING, "1"))),
        message(named(Item(tags.SERVER_CONNECTION_ID, Type.UINT64, 2**63))),
        message(named(Item(tags.SERVER_CONNECTION_ID, Type.INT64, 1), Item(tags.SERVER_AUTH_LEVEL, Type.INT32, -1))),
        message(MAIN.message(tags.SERVER_REQ_RSCP_CMD)),
        message(MAIN.message(tags.SERVER_REQ_RSCP_CMD, Item(tags.SERVER_RSCP_DATA, Type.CSTRING, "frame"))),
        message(MAIN.carry(b"")),
        message(MAIN.carry(message(NAMED)[:-1] + b"\xff")),
        message(VIRTUAL.carry(message(NAMED)[:-1])),
        message(MAIN.carry(build_frame(b"\x01\x02\x03", time=NOW))),
    ],
)
def test_bad_messages_are_errors(bad: bytes) -> None:
    with pytest.raises(ProtocolError):
        ready().receive_data(bad)


@given(st.binary(max_size=200), st.sampled_from([MAIN, VIRTUAL]))
@settings(max_examples=100)
def test_whatever_comes_is_an_event_or_a_protocol_error(data: bytes, address: Address) -> None:
    for bad in (data, build_frame(data, time=NOW), message(address.carry(build_frame(data, time=NOW)))):
        connection = ready()
        connection.ask(b"")
        try:
            events = connection.receive_data(bad)
        except ProtocolError:
            continue
        assert all(isinstance(event, Answered | Ended) for event in events)


@given(st.integers(0, 500), st.integers(0, 7))
@settings(max_examples=100)
def test_one_wrong_bit_is_never_an_answer(place: int, bit: int) -> None:
    whole = bytearray(message(VIRTUAL.carry(build_frame(POWER, time=NOW))))
    whole[place % len(whole)] ^= 1 << bit
    connection = ready()
    connection.ask(b"")
    with pytest.raises(ProtocolError):
        connection.receive_data(bytes(whole))


# -- names and secrets


@pytest.mark.parametrize(
    ("serial", "system"),
    [
        ("4400000001", "S10-4400000001"),
        ("5300000001", "S10-5300000001"),
        ("6100000001", "Q10-6100000001"),
        ("7000000001", "P10-7000000001"),
        ("7200000001", "S10-7200000001"),
        ("7400000001", "S10-7400000001"),
        ("7500000001", "P10-7500000001"),
        ("8000000001", "H20-8000000001"),
        ("S10-4400000001", "S10-4400000001"),
        ("P10-7000000001", "P10-7000000001"),
        ("X30-4400000001", "X30-4400000001"),  # a model of which nobody knows yet
        ("X30-1400000001", "X30-1400000001"),
    ],
)
def test_serial_numbers(serial: str, system: str) -> None:
    assert identifier(serial) == system


@pytest.mark.parametrize("serial", ["", "S10-", "1234567890", "serial", "S10-44x", "44-00", "S104400000001", "٤٤"])
def test_what_is_no_serial_number(serial: str) -> None:
    with pytest.raises(UsageError, match="no serial number"):
        identifier(serial)


def test_a_prefix_of_another_model() -> None:
    with pytest.raises(UsageError, match="cannot begin with S10-") as error:
        identifier("S10-6100000001")
    assert error.value.remedy == "Write Q10-6100000001."


def test_the_login_does_not_show_its_secret() -> None:
    connection = new()
    connection.receive_data(message(register(MAIN), inner(MAIN, NAMED)))
    login = sent(connection)[-1]
    assert password_hash("secret") not in repr(login)
