from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.errors import Error, NotSupported, ProtocolError, Refused, TransportError, UsageError
from heliobus.senec.protocol.app import ENDPOINTS, HOSTS, Busy, Foreign, TokenDead, content, question

VALUES = {"system": "7", "wallbox": "1", "locked": "true", "mode": "FAST", "resolution": "DAY", "from": "a", "to": "b"}
VALUES |= {"wallboxIds": "1", "timezone": "UTC"}


@pytest.mark.parametrize("name", ENDPOINTS)
def test_every_call_can_be_asked(name: str) -> None:
    endpoint = ENDPOINTS[name]
    wanted = {key: value for key, value in VALUES.items() if f"{{{key}}}" in endpoint.path or key in endpoint.query}
    asked = question(name, **wanted)
    assert asked.service in HOSTS
    assert "{" not in asked.target
    assert endpoint.writes == (asked.method == "PATCH")
    for key in wanted:
        with pytest.raises(UsageError, match=key):
            question(name, **{other: value for other, value in wanted.items() if other != key})
    with pytest.raises(UsageError, match="colour"):
        question(name, **wanted, colour="blue")


def test_a_value_cannot_leave_its_place() -> None:
    assert question("details", system="../1?x=y").target == "/systems/api/v1/..%2F1%3Fx%3Dy/details"


def test_bodies_are_json() -> None:
    assert question("wallboxes", body={"systemIds": ["7"]}).body == b'{"systemIds":["7"]}'


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, b"{}", TokenDead),
        (403, b"", Foreign),
        (404, b"", NotSupported),
        (400, b"", NotSupported),
        (408, b"", Busy),
        (429, b"", Busy),
        (503, b"<html>", Busy),
        (302, b"", TransportError),
        (200, b"<!DOCTYPE html>", TransportError),
        (200, b'{"currently":', ProtocolError),
        (200, b"[" * 100_000, ProtocolError),
        (418, b"{}", ProtocolError),
    ],
)
def test_what_an_answer_means(status: int, body: bytes, kind: type[Error]) -> None:
    with pytest.raises(kind) as caught:
        content("dashboard", status=status, body=body)
    assert "dashboard" in str(caught.value)
    assert isinstance(caught.value, Refused) or kind is not Foreign


@pytest.mark.parametrize(("header", "seconds"), [("120", 120.0), (None, None), ("Wed, 21 Oct 2026 07:28:00 GMT", None)])
def test_how_long_a_busy_cloud_wants_to_be_left_alone(header: str | None, seconds: float | None) -> None:
    with pytest.raises(Busy) as caught:
        content("dashboard", status=429, body=b"", retry_after=header)
    assert caught.value.seconds == seconds


def test_an_empty_answer_and_no_number() -> None:
    assert content("lock", status=204, body=b"") is None
    assert content("dashboard", status=200, body=b'{"a": NaN, "b": 1e999, "c": 1.5}') == {
        "a": None,
        "b": None,
        "c": 1.5,
    }


@given(st.binary(max_size=200), st.sampled_from([200, 200, 200, 401, 500]))
def test_no_answer_is_more_than_a_typed_error(body: bytes, status: int) -> None:
    try:
        json.dumps(content("dashboard", status=status, body=body), allow_nan=False)
    except Error as error:
        assert error.remedy  # noqa: PT017 - JSON in the noise is right too
