"""What needs no connection: messages, models, days, verdicts."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus import errors
from heliobus.compat import e3dc as compat
from heliobus.compat.e3dc.errors import refused, under_old_names
from heliobus.compat.e3dc.history import seconds_between, span_of, zone_called
from heliobus.compat.e3dc.inverter import type_name as inverter_type
from heliobus.compat.e3dc.live import powers, switches
from heliobus.compat.e3dc.message import plain, to_item, to_message
from heliobus.compat.e3dc.meter import type_name as meter_type
from heliobus.compat.e3dc.pages import powers_of
from heliobus.compat.e3dc.settings import verdict
from heliobus.compat.e3dc.system import model_of, static_values
from heliobus.e3dc.models import container
from heliobus.e3dc.models.ajax import LiveUnit
from heliobus.e3dc.protocol import ErrorAnswer, Item, Timestamp, Type, decode, encode, tags

BERLIN = ZoneInfo("Europe/Berlin")
LETTERS = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
NAMES = {"BAT_INDEX": "Uint16", "EMS_POWER_PV": "Int32", "INFO_SERIAL_NUMBER": "CString", "EMS_AUTARKY": "Float32"}


class Foreign(Enum):
    """As pye3dc names tags and types."""

    EMS_REQ_POWER_PV = tags.EMS_REQ_POWER_PV
    NoneType = 0


# -- messages


@st.composite
def messages(draw: st.DrawFn, depth: int = 2) -> Any:
    name, kind = draw(st.sampled_from(sorted(NAMES.items())))
    match kind:
        case "Uint16":
            return name, kind, draw(st.integers(0, 0xFFFF))
        case "Int32" if depth:
            return "BAT_DATA", "Container", draw(st.lists(messages(depth - 1), max_size=4))
        case "Int32":
            return name, kind, draw(st.integers(-(2**31), 2**31 - 1))
        case "Float32":
            return name, kind, draw(st.floats(width=32, allow_nan=False))
        case _:
            return (
                name,
                kind,
                draw(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)),
            )


@given(messages())
def test_messages_travel_and_come_back(message: Any) -> None:
    (arrived,) = decode(encode([to_item(message)]))
    assert to_message(arrived) == message


@pytest.mark.parametrize(
    ("message", "item"),
    [
        ((Foreign.EMS_REQ_POWER_PV, Foreign.NoneType, None), Item(tags.EMS_REQ_POWER_PV)),
        (("EMS_REQ_POWER_PV", "NoneType", None), Item(tags.EMS_REQ_POWER_PV)),
        ((0x01000001, "None", None), Item(tags.EMS_REQ_POWER_PV)),
        (("WB_EXTERN_DATA", "ByteArray", bytearray(2)), Item(tags.WB_EXTERN_DATA, Type.BYTEARRAY, b"\0\0")),
        (("INFO_UTC_TIME", "Timestamp", 12.5), Item(tags.INFO_UTC_TIME, Type.TIMESTAMP, Timestamp(12, 500_000_000))),
        (("INFO_UTC_TIME", 15, 12), Item(tags.INFO_UTC_TIME, Type.TIMESTAMP, Timestamp(12))),
    ],
)
def test_requests_in_every_spelling(message: Any, item: Item) -> None:
    assert to_item(message) == item


@pytest.mark.parametrize("message", ["EMS_REQ_POWER_PV", None, ("BAT_INDEX", "Uint16"), (None, "None", None)])
def test_what_is_no_message(message: Any) -> None:
    with pytest.raises(TypeError) as caught:
        to_item(message)
    assert isinstance(caught.value, errors.UsageError)


@pytest.mark.parametrize("code", [(2, "RSCP_ERR_ACCESS_DENIED"), (0xFFFFFFFF, "UNKNOWN"), (77, "0x4d")])
def test_errors_by_name(code: tuple[int, str]) -> None:
    item = Item(tags.EMS_POWER_PV, Type.ERROR, ErrorAnswer(code[0]))
    assert to_message(item) == ("EMS_POWER_PV", "Error", code[1])
    assert plain(item) is None


# -- exceptions


@pytest.mark.parametrize(
    ("happened", "raised"),
    [
        (errors.KeyRejected, compat.RSCPKeyError),
        (errors.AuthenticationError, compat.AuthenticationError),
        (errors.NotSupported, compat.NotAvailableError),
        (errors.DeadlineExceeded, compat.RequestTimeoutError),
        (errors.Unreachable, compat.SocketNotReady),
        (errors.ConnectionLost, compat.SendError),
        (errors.Overflow, compat.FrameError),
        (errors.Refused, compat.PollError),
        (errors.UsageError, errors.UsageError),
    ],
)
def test_exceptions_by_their_old_names(happened: type[errors.Error], raised: type[Exception]) -> None:
    with pytest.raises(raised, match="the roof") as caught, under_old_names():
        raise happened("the roof did not answer", remedy="Look.")
    assert type(caught.value) is raised
    assert isinstance(caught.value, errors.Error)
    assert caught.value.remedy == "Look."
    assert caught.value.retryable == happened.retryable


@pytest.mark.parametrize(
    ("code", "raised", "retryable"),
    [
        (2, compat.AuthenticationError, False),
        (4, compat.SendError, True),
        (6, compat.NotAvailableError, False),
        (7, compat.SendError, False),
        (0xFFFFFFFF, compat.SendError, True),
        (None, compat.SendError, True),
    ],
)
def test_answers_that_are_errors(code: int | None, raised: type[Exception], retryable: bool) -> None:
    error = refused("EMS_REQ_POWER_PV", None if code is None else ErrorAnswer(code))
    assert isinstance(error, raised)
    assert error.retryable is retryable
    assert "EMS_REQ_POWER_PV" in str(error)


# -- the system


@pytest.mark.parametrize(
    ("serial", "name", "letters", "meter"),
    [
        ("S10-4400000001", "S10E", "S10-", 0),
        ("7210000001", "S10E", "S10-", 0),
        ("7410000001", "S10E_Compact", "S10-", 0),
        ("5010000001", "S10_Mini", "S10-", 6),
        ("Q10-6000000001", "Quattroporte", "Q10-", 6),
        ("7010000001", "S10E_Pro", "P10-", 0),
        ("7510000001", "S10E_Pro_Compact", "P10-", 0),
        ("8010000001", "S10X", "H20-", 0),
        ("9910000001", "NA", None, 0),
        ("X99-9910000001", "NA", "X99-", 0),
    ],
)
def test_models(serial: str, name: str, letters: str | None, meter: int) -> None:
    model, found, number = model_of(serial)
    assert (model.name, found, model.meter) == (name, letters, meter)
    assert number.isdigit()


def test_types_that_nobody_knows() -> None:
    assert (meter_type(1), meter_type(99)) == ("PM_TYPE_ROOT", "PM_TYPE_UNDEFINED")
    assert (inverter_type(3), inverter_type(5), inverter_type(8)) == (
        "PVI_TYPE_E3DC_E",
        "PVI_TYPE_UNDEFINED",
        "PVI_TYPE_UNDEFINED_8",
    )


def test_what_did_not_come_is_none() -> None:
    assert set(static_values({}).values()) == {None}
    polled = powers({})
    assert polled["time"] is polled["production"]["add"] is polled["sysStatus"] is None
    assert powers_of(LiveUnit(), external=1)["production"] == {"solar": None, "add": None, "grid": None}


def test_switches_are_joined_by_their_index() -> None:
    def one(index: int, tag: int, value: Any, kind: int) -> Item:
        return container(tags.HA_DATAPOINT, Item(tags.HA_DATAPOINT_INDEX, Type.UINT16, index), Item(tag, kind, value))

    listed = container(
        tags.HA_DATAPOINT_LIST, *(one(n, tags.HA_DATAPOINT_NAME, str(n), Type.CSTRING) for n in (3, 1, 2))
    )
    states = container(tags.HA_ACTUATOR_STATES, *(one(n, tags.HA_DATAPOINT_STATE, n, Type.CHAR8) for n in (1, 3)))
    assert [(found["name"], found["status"]) for found in switches(listed, states)] == [("3", 3), ("1", 1), ("2", None)]


# -- times


@pytest.mark.parametrize(
    ("timespan", "first", "after"),
    [
        ("DAY", date(2024, 12, 31), date(2025, 1, 1)),
        ("MONTH", date(2024, 12, 1), date(2025, 1, 1)),
        ("YEAR", date(2024, 1, 1), date(2025, 1, 1)),
    ],
)
def test_spans(timespan: str, first: date, after: date) -> None:
    assert span_of(date(2024, 12, 31), timespan) == (first, after)


def test_a_moment_is_of_a_day() -> None:
    assert span_of(datetime(2024, 12, 31, 23, tzinfo=BERLIN), "DAY") == (date(2024, 12, 31), date(2025, 1, 1))


@pytest.mark.parametrize(
    ("start", "timespan", "error"),
    [(date(2024, 12, 31), "WEEK", ValueError), (date.max, "DAY", ValueError), ("2024-12-31", "DAY", TypeError)],
)
def test_what_is_no_span(start: Any, timespan: str, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        span_of(start, timespan)
    assert isinstance(caught.value, errors.UsageError)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)])
def test_local_days(day: date, hours: int) -> None:
    first, after = span_of(day, "DAY")
    assert seconds_between(first, after, BERLIN) == hours * 3600
    assert seconds_between(first, after, None) == 24 * 3600
    assert seconds_between(*span_of(date(2024, 5, 1), "YEAR"), BERLIN) == 366 * 86400


def test_zones() -> None:
    assert zone_called("Europe/Berlin") == BERLIN
    assert [zone_called(name) for name in ("GMT+2", "", None, "Mars/Olympus", "../etc/passwd")] == [None] * 5


# -- verdicts


@pytest.mark.parametrize(
    ("codes", "expected"),
    [([0, 0], 0), ([0, 1], 1), ([1, -1], -1), ([0, -2], -1), ([0, None], -1), ([0], 0)],
)
def test_what_became_of_settings(codes: list[int | None], expected: int) -> None:
    results = [None if code is None else Item(0x01800101, Type.CHAR8, code) for code in codes]
    assert verdict(results) == expected
