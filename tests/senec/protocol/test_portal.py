from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.errors import Error, NotSupported, ProtocolError, Refused, UsageError
from heliobus.senec.protocol import portal
from heliobus.senec.protocol.app import Busy, Foreign

TITLES = "Uhrzeit;Netzbezug [kW];Akku Stromstärke [A]"


def test_a_call_is_what_the_table_says() -> None:
    asked = portal.question("reserve", anlageNummer="2")
    assert asked == ("GET", "/endkunde/api/senec/2/emergencypower/reserve-in-percent", None)
    asked = portal.question("set_reserve", anlageNummer="0", **{"reserve-in-percent": "20"})
    assert asked == ("POST", "/endkunde/api/senec/0/emergencypower?reserve-in-percent=20", None)
    asked = portal.question("set_sg_ready", anlageNummer="0", body={"enabled": True})
    assert asked.body == b'{"enabled":true}'
    asked = portal.question("measurements", anlageNummer="0", type="consumption", period="range", days="3")
    assert asked.target.endswith("?type=consumption&period=range&anlageNummer=0&days=3")


@pytest.mark.parametrize(
    ("name", "values"), [("roof", {}), ("overview", {}), ("overview", {"anlageNummer": "0", "x": "1"}), ("week", {})]
)
def test_a_call_that_does_not_fit_is_told(name: str, values: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        portal.question(name, **values)


@pytest.mark.parametrize(
    ("name", "status", "body", "error"),
    [
        ("overview", 302, b"", portal.SessionEnded),
        ("overview", 401, b"{}", portal.SessionEnded),
        ("overview", 200, b" <!DOCTYPE html>", portal.SessionEnded),
        ("overview", 200, b'{"status": 401, "error": "Unauthorized"}', portal.SessionEnded),
        ("overview", 403, b"", Foreign),
        ("overview", 404, b"<html>", NotSupported),
        ("overview", 429, b"", Busy),
        ("overview", 503, b"<html>", Busy),
        ("overview", 200, b"{", ProtocolError),
        ("overview", 200, b'{"status": 404, "message": "ANLAGE"}', Refused),
        ("set_reserve", 400, b'{"message": "TOO_MUCH"}', Refused),
        ("set_reserve", 422, b"nothing", Refused),
        ("set_reserve", 409, b"[" * 100_000, Refused),
        ("set_reserve", 302, b"", portal.SessionEnded),
    ],
)
def test_an_answer_that_is_none_has_a_type(name: str, status: int, body: bytes, error: type[Error]) -> None:
    with pytest.raises(error) as raised:
        portal.content(name, status=status, body=body)
    assert raised.value.remedy
    if body == b'{"message": "TOO_MUCH"}':
        assert "TOO_MUCH" in raised.value.what()


def test_a_bare_number_and_nothing_are_answers() -> None:
    assert portal.content("reserve", status=200, body=b"20") == 20
    assert portal.content("set_reserve", status=200, body=b"") is None
    assert portal.content("overview", status=200, body=b'{"status": "NORMAL"}') == {"status": "NORMAL"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_a_week_has_decimal_commas_and_gaps(encoding: str) -> None:
    text = f"{TITLES}\r\n25.05.2026 00:01:38;0;-1,5\r\n25.05.2026 00:06:40;;x\r\n\r\nnonsense;1;2\r\n25.05.2026 00:1"
    file = portal.week_file(text.encode(encoding))
    assert file.columns == ("Netzbezug [kW]", "Akku Stromstärke [A]")
    assert file.rows == (
        (datetime(2026, 5, 25, 0, 1, 38), (0.0, -1.5)),  # noqa: DTZ001 - local time
        (datetime(2026, 5, 25, 0, 6, 40), (None, None)),  # noqa: DTZ001
    )


@pytest.mark.parametrize("body", [b"", b"{}", b"<html></html>", b"Uhrzeit", b"\x00\xff;\n"])
def test_what_is_no_week_is_refused(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        portal.week_file(body)


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_no_row_breaks_a_week(noise: bytes) -> None:
    portal.week_file(f"{TITLES}\n".encode() + noise)
