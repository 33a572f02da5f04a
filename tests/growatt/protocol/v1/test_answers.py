"""What the OpenAPI V1's answers mean: codes by call, the two 10012, and whatever else comes with HTTP 200."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.errors import (
    AuthenticationError,
    Error,
    NotSupported,
    OutOfBounds,
    ProtocolError,
    Refused,
    TransportError,
    Unreachable,
    UsageError,
)
from heliobus.growatt.protocol import Blocked, Frequent, v1

if TYPE_CHECKING:
    from pathlib import Path


def answer(name: str, payload: Any, *, status: int = 200, **more: str | None) -> v1.Answer:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return v1.content(name, status=status, body=body, **{"location": None, "retry_after": None, **more})


def refusal(name: str, code: int, said: str = "") -> Error:
    with pytest.raises(Error) as caught:
        answer(name, {"data": "", "error_code": code, "error_msg": said})
    return caught.value


def test_data_and_what_stands_beside_it() -> None:
    found = answer("mix_last", {"data": {"ppv": 1}, "mix_sn": "SN", "error_code": 0, "error_msg": ""})
    assert found == v1.Answer({"ppv": 1}, {"mix_sn": "SN"})


def test_an_answer_without_an_envelope() -> None:
    assert answer("device_type", {"result": 1, "deviceType": 22}).beside["deviceType"] == 22
    with pytest.raises(NotSupported):
        answer("device_type", {"result": 0, "msg": "504"})


def test_10012_is_told_apart_by_its_message() -> None:
    twice = refusal("tlx_last", 10012, "error_frequently_access")
    assert isinstance(twice, Frequent)
    assert twice.seconds == 300.0
    assert isinstance(refusal("tlx_last", 10012), Frequent)
    assert isinstance(refusal("tlx_set", 10012, "error_frequently_access"), Frequent)
    assert type(refusal("tlx_set", 10012, "error_device_not_exist")) is NotSupported
    assert type(refusal("tlx_set", 10012)) is NotSupported


@pytest.mark.parametrize(
    ("name", "code", "said", "kind"),
    [
        ("tlx_set", 10002, "error_useTrueHostToSet", UsageError),
        ("plant_list", -1, "", UsageError),
        ("plant_list", 10011, "error_permission_denied", AuthenticationError),
        ("plant_list", 10013, "", UsageError),
        ("mix_set", 10013, "", OutOfBounds),
        ("mix_set", 10008, "", OutOfBounds),
        ("mix_set", 10009, "", OutOfBounds),
        ("mix_set", 10007, "", UsageError),
        ("mix_set", 10006, "", NotSupported),
        ("mix_set", 10005, "", Unreachable),
        ("mix_set", 10003, "", Unreachable),
        ("mix_set", 10002, "", TransportError),
        ("mix_last", 10002, "", NotSupported),
        ("mix_last", 10003, "", UsageError),
        ("mix_read", 10001, "", TransportError),
        ("mix_read", 10006, "", NotSupported),
        ("mix_history", 10004, "", UsageError),
        ("plant_data", 10002, "", NotSupported),
        ("plant_data", 10099, "news", Refused),
    ],
)
def test_what_a_code_means_depends_on_the_call(name: str, code: int, said: str, kind: type[Error]) -> None:
    error = refusal(name, code, said)
    assert type(error) is kind
    assert str(code) in str(error)
    assert error.remedy


def test_the_wrong_host_names_the_others() -> None:
    assert "openapi-us" in refusal("tlx_set", 10002, "error_useTrueHostToSet").remedy


@pytest.mark.parametrize(("status", "seconds"), [(403, 3600.0), (405, 3600.0), (429, 900.0)])
def test_a_gateway_that_wants_us_away(status: int, seconds: float) -> None:
    with pytest.raises(Blocked) as caught:
        answer("plant_list", b"<html>", status=status)
    assert not isinstance(caught.value, Frequent)
    assert caught.value.seconds == seconds


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", TransportError),
        (b"<html>maintenance</html>", TransportError),
        (b"<html>please log in</html>", AuthenticationError),
        (b'{"data": {"pp', ProtocolError),
        (b"[]", ProtocolError),
        (b"null", ProtocolError),
        (b"{}", ProtocolError),
        (b'{"error_code": "many"}', ProtocolError),
    ],
)
def test_what_is_no_answer(body: bytes, kind: type[Error]) -> None:
    with pytest.raises(kind):
        answer("plant_list", body)


def test_the_recorded_refusals(shared: Path) -> None:
    def recorded(name: str, call: str) -> Error:
        payload = json.loads((shared / f"captures/growatt/errors/{name}.json").read_text("utf-8"))["payload"]
        return refusal(call, payload["error_code"], payload["error_msg"])

    assert isinstance(recorded("v1_permission_10011", "plant_list"), AuthenticationError)
    assert isinstance(recorded("v1_rate_10012", "tlx_last"), Frequent)
    assert isinstance(recorded("v1_true_host_10002", "tlx_set"), UsageError)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=100)
@given(
    name=st.sampled_from(sorted(v1.CALLS)),
    status=st.sampled_from((200, 302, 403, 405, 429, 500, 502)),
    payload=st.binary(max_size=200)
    | st.builds(lambda data, code, said: json.dumps({"data": data, "error_code": code, "error_msg": said}).encode(),
                _JSON, _JSON, _JSON),
)  # fmt: skip
def test_any_answer_is_content_or_an_error_of_ours(name: str, status: int, payload: bytes) -> None:
    with suppress(Error):
        assert isinstance(answer(name, payload, status=status), v1.Answer)
