from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.errors import AuthenticationError, Error, NotSupported, ProtocolError, TransportError
from heliobus.growatt.protocol import ENDPOINTS, Blocked, SessionDead, content, logged_in, parse

if TYPE_CHECKING:
    from pathlib import Path

HOUR = 3600.0


def judged(
    body: bytes | str = b"{}",
    *,
    name: str = "mix_status",
    status: int = 200,
    location: str | None = None,
    retry_after: str | None = None,
) -> Any:
    sent = body.encode() if isinstance(body, str) else body
    return content(ENDPOINTS[name], status=status, body=sent, location=location, retry_after=retry_after)


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("mix_status", '{"result":1,"obj":{"a":1},"msg":""}', {"a": 1}),
        ("plants", '{"back":{"data":[]}}', {"data": []}),
        ("tlx_detail", '{"data":{"ppv":1}}', {"ppv": 1}),
        ("plant_settings", '{"id":"5"}', {"id": "5"}),
        ("plant_settings", b'\xef\xbb\xbf {"id":"5"} \0\0', {"id": "5"}),
        ("plant_settings", '{"name":"北京"}'.encode("gb18030"), {"name": "北京"}),
        ("plant_settings", b'{"name":"\xff"}', {"name": "\xff"}),
        ("plant_settings", '{"soc":NaN}', {"soc": None}),
    ],
)
def test_content(name: str, body: bytes | str, expected: Any) -> None:
    assert judged(body, name=name) == expected


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 302, "location": "/error.do?errorMess=errorNoLogin"},
        {"status": 302, "location": "http://server.growatt.com/login"},
        {"status": 302, "location": "https://server.growatt.com/"},
        {"status": 302},
        {"body": '<html><form id="loginForm" action="/login" method="post"></form></html>'},
        {"status": 500, "body": "<h2>you have not login to the system, skip login page login..</h2>"},
        {"body": '{"success":false,"msg":"Login invalid, please log in again"}'},
    ],
)
@pytest.mark.parametrize("name", ["mix_status", "plants", "tlx_detail", "plant_settings"])
def test_every_dead_form_on_every_call(name: str, answer: dict[str, Any]) -> None:
    with pytest.raises(SessionDead):
        judged(name=name, **answer)


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        ({"status": 403, "body": "denied by UA ACL = blacklist"}, HOUR),
        ({"status": 405, "body": "<html>blocked</html>"}, HOUR),
        ({"status": 429, "retry_after": "1800"}, 1800.0),
        ({"status": 429}, 900.0),
        ({"status": 429, "retry_after": "Fri, 20 Nov 2026 12:00:00 GMT"}, 900.0),
    ],
)
def test_being_told_to_stay_away(answer: dict[str, Any], seconds: float) -> None:
    with pytest.raises(Blocked) as error:
        judged(**answer)
    assert error.value.seconds == seconds


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"status": 502, "body": "<html>Bad Gateway</html>"}, TransportError),
        ({"status": 504}, TransportError),
        ({"body": b""}, TransportError),
        ({"body": b"\0 \n"}, TransportError),
        ({"body": "<html>maintenance</html>"}, TransportError),
        ({"status": 302, "location": "/elsewhere"}, ProtocolError),
        ({"status": 404}, ProtocolError),
        ({"body": '{"result":1,"obj":{"SO'}, ProtocolError),
        ({"body": "[1]"}, ProtocolError),
        ({"body": "5"}, ProtocolError),
        ({"body": '{"success":true}'}, ProtocolError),
        ({"body": "[" * 100_000}, ProtocolError),
        ({"body": '{"result":0,"obj":null,"msg":"504"}'}, NotSupported),
        ({"body": '{"result":0,"obj":{},"msg":"701"}'}, NotSupported),
    ],
)
def test_what_is_no_content(answer: dict[str, Any], kind: type[Error]) -> None:
    with pytest.raises(kind) as error:
        judged(**answer)
    assert not isinstance(error.value, (SessionDead, Blocked))


def test_an_answer_without_the_device_says_so() -> None:
    with pytest.raises(NotSupported, match="no such device"):
        judged('{"result":0,"obj":null,"msg":"504"}')


@settings(max_examples=100)
@given(
    st.binary(max_size=200), st.sampled_from([200, 302, 403, 404, 405, 429, 500]), st.sampled_from(sorted(ENDPOINTS))
)
def test_any_bytes_are_content_or_an_error_of_ours(body: bytes, status: int, name: str) -> None:
    try:
        judged(body, status=status, name=name)
    except Error:
        return
    assert status == 200


# -- login


def test_a_login_gives_the_user() -> None:
    assert logged_in({"success": True, "msg": "", "user": {"id": 123456, "rightlevel": 1}}) == "123456"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"success": False, "msg": "502"}, AuthenticationError),
        ({"success": False, "msg": "501"}, TransportError),
        ({"success": False, "msg": ""}, TransportError),
        ({"success": True}, TransportError),
        ({"success": "false", "msg": "507"}, Blocked),
        ({}, TransportError),
    ],
)
def test_a_refused_login(answer: Any, kind: type[Error]) -> None:
    with pytest.raises(kind):
        logged_in(answer)


@pytest.mark.parametrize(("extra", "hours"), [({"lockDuration": "24"}, 24), ({"lockDuration": 6}, 6), ({}, 4)])
def test_a_lock_out_says_how_long(extra: dict[str, Any], hours: float) -> None:
    with pytest.raises(Blocked) as error:
        logged_in({"success": False, "msg": "507", **extra})
    assert error.value.seconds == hours * HOUR


# -- recorded


RECORDED = {
    "html_200_login_page.html": (200, SessionDead),
    "html_403_ua_acl.html": (403, Blocked),
    "html_405_waf.html": (405, Blocked),
    "html_500_nologin.html": (500, SessionDead),
}


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_pages(shared: Path, name: str) -> None:
    status, kind = RECORDED[name]
    with pytest.raises(kind):
        judged((shared / "captures/growatt/errors" / name).read_bytes(), status=status)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("login_locked_507_full", Blocked),
        ("login_locked_507_short", Blocked),
        ("login_v2_missing_fields_501", TransportError),
        ("login_wrong_password_502", AuthenticationError),
        ("obj_null_504_wrong_device", NotSupported),
        ("tcpset_login_invalid", SessionDead),
    ],
)
def test_recorded_refusals(shared: Path, name: str, kind: type[Error]) -> None:
    payload = json.loads((shared / f"captures/growatt/errors/{name}.json").read_text("utf-8"))["payload"]
    with pytest.raises(kind):
        logged_in(payload["back"]) if "back" in payload else judged(json.dumps(payload))


def test_numbers_of_any_length_do_not_break_the_reader() -> None:
    with pytest.raises(ProtocolError):
        parse(b"9" * 10_000)
