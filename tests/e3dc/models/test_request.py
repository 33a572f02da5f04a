from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from heliobus.e3dc.models import request
from heliobus.e3dc.protocol import Item, Timestamp, Type, encode, tags
from heliobus.errors import UsageError


@pytest.mark.parametrize(
    ("asked", "item"),
    [
        ("EMS_REQ_POWER_PV", Item(0x01000001)),
        ("TAG_EMS_REQ_POWER_PV", Item(0x01000001)),
        (0x01000001, Item(0x01000001)),
        (Item(1, Type.INT32, 5), Item(1, Type.INT32, 5)),
        (("EMS_REQ_START_MANUAL_CHARGE", 3000), Item(0x0100008F, Type.UINT32, 3000)),
        (("EMS_REQ_START_MANUAL_CHARGE", "Int32", 3000), Item(0x0100008F, Type.INT32, 3000)),
        (("EMS_REQ_START_MANUAL_CHARGE", 6, 3000), Item(0x0100008F, Type.INT32, 3000)),
        (("EMS_REQ_BATTERY_TO_CAR_MODE", True), Item(0x01000077, Type.UCHAR8, True)),
        (("HA_REQ_COMMAND", "on"), Item(0x09000041, Type.CSTRING, "on")),
        ((0x01FFFF00, 2.5), Item(0x01FFFF00, Type.FLOAT32, 2.5)),
        (("DB_REQ_HISTORY_TIME_START", 900), Item(0x06000101, Type.TIMESTAMP, Timestamp(900))),
        (("DB_REQ_HISTORY_TIME_SPAN", timedelta(hours=1)), Item(0x06000103, Type.TIMESTAMP, Timestamp(3600))),
        (
            ("DB_REQ_HISTORY_TIME_START", datetime(1970, 1, 1, 1, tzinfo=UTC)),
            Item(0x06000101, Type.TIMESTAMP, Timestamp(3600)),
        ),
        (
            ("BAT_REQ_DATA", {"BAT_INDEX": 1, "BAT_REQ_RSOC": None}),
            Item(0x03040000, Type.CONTAINER, [Item(0x03040001, Type.UINT16, 1), Item(0x03000001)]),
        ),
        (
            ("BAT_REQ_DATA", ["BAT_REQ_RSOC", ("BAT_INDEX", 1), "BAT_REQ_RSOC"]),
            Item(0x03040000, Type.CONTAINER, [Item(0x03000001), Item(0x03040001, Type.UINT16, 1), Item(0x03000001)]),
        ),
        (("WB_EXTERN_DATA", bytes(6)), Item(tags.WB_EXTERN_DATA, Type.BYTEARRAY, bytes(6))),
    ],
)
def test_requests(asked: Any, item: Item) -> None:
    assert request(asked) == item
    assert encode([item])


@pytest.mark.parametrize(
    "asked",
    [
        "EMS_REQ_NOTHING",
        ("EMS_REQ_POWER_PV", "Int33", 1),
        ("EMS_REQ_START_MANUAL_CHARGE", -1),
        ("EMS_REQ_START_MANUAL_CHARGE", object()),
        ("DB_REQ_HISTORY_TIME_START", datetime(2026, 1, 1)),  # noqa: DTZ001 - without a zone
        ("EMS_REQ_POWER_PV", 1, 2, 3),
        (),
        None,
        2.5,
    ],
)
def test_what_is_no_request(asked: Any) -> None:
    with pytest.raises(UsageError):
        request(asked)


def test_a_value_that_does_not_fit_is_not_repeated() -> None:
    with pytest.raises(UsageError) as caught:
        request(("RSCP_AUTHENTICATION_PASSWORD", "UInt16", "hidden"))
    assert "hidden" not in caught.value.line()
