from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.errors import Error, NotSupported, ProtocolError, TransportError
from heliobus.senec.protocol import sso
from heliobus.senec.protocol.forms import forms
from heliobus.senec.protocol.sso import Done, Fetch, Post, SignOn, SignOnFailed

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://sso.example.org/realms/senec/protocol/openid-connect/auth?x=1"
ACTION = "https://sso.example.org/realms/senec/login-actions/authenticate?session_code=a&amp;execution=b"
CODE = "senec-app-auth://keycloak.prod?state=s&session_state=t&code=c0de"


def page(*fields: str, action: str = ACTION, more: str = "") -> bytes:
    inputs = "".join(f'<input type="text" name="{name}" value="">' for name in fields)
    return f'<html><a href="/x">x</a><form id="any" action="{action}" method="post">{inputs}{more}</form>'.encode()


def sign_on(**more: Any) -> SignOn:
    return SignOn(**{"username": "me", "password": lambda: "secret", "otp": lambda: "123456", **more})


def receive(one: SignOn, body: bytes = b"", *, status: int = 200, location: str | None = None) -> Any:
    return one.receive(url=URL, status=status, body=body, location=location)


def failure(one: SignOn, body: bytes = b"", **more: Any) -> str:
    with pytest.raises(SignOnFailed) as caught:
        receive(one, body, **more)
    assert caught.value.remedy
    assert "secret" not in str(caught.value)
    return caught.value.failure


# -- the way in


def test_the_challenge_of_rfc_7636() -> None:
    assert sso.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_the_first_page_is_asked_for_with_a_challenge_and_never_the_verifier() -> None:
    query = parse_qs(urlsplit(sso.authorization(verifier="v" * 43, state="s")).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == ["senec-app-auth://keycloak.prod"]
    assert "v" * 43 not in str(query)


def test_the_code_belongs_to_this_login() -> None:
    assert sso.code_of(CODE, state="s") == "c0de"
    with pytest.raises(ProtocolError):
        sso.code_of(CODE, state="another")
    with pytest.raises(ProtocolError):
        sso.code_of(sso.REDIRECT + "?state=s", state="s")
    with pytest.raises(SignOnFailed, match="access_denied"):
        sso.code_of(sso.REDIRECT + "?error=access_denied&state=s", state="s")
    with pytest.raises(TransportError, match="temporarily"):
        sso.code_of(sso.REDIRECT + "?error=temporarily_unavailable&state=s", state="s")


# -- pages


def test_the_recorded_forms(shared: Path) -> None:
    folder = shared / "captures/senec"
    login = json.loads((folder / "35-cloud-sso-form-userpass.json").read_text("utf-8"))["response_body"].encode()
    otp = json.loads((folder / "36-cloud-sso-form-otp.json").read_text("utf-8"))["response_body"].encode()
    one = sign_on()
    url = "https://sso.senec.com/realms/senec/protocol/openid-connect/auth?x=1"
    first = one.receive(url=url, status=200, body=login, location=None)
    assert isinstance(first, Post)
    assert first.form == {"username": "me", "password": "secret"}
    assert first.url.startswith("https://sso.senec.com/realms/senec/login-actions/authenticate?session_code=")
    assert "&execution=" in first.url
    assert "amp;" not in first.url
    second = one.receive(url=first.url, status=200, body=otp, location=None)
    assert isinstance(second, Post)
    assert second.form == {"otp": "123456"}
    assert one.receive(url=second.url, status=302, body=b"", location=CODE) == Done(CODE)


def test_forms_that_nobody_closes() -> None:
    found = forms(b'<form action="a"><input name="x"><form action="b"><input name="y"><input type="hidden">')
    assert [(form.action, set(form.fields)) for form in found] == [("a", {"x"}), ("b", {"y"})]


@given(st.binary(max_size=400))
def test_no_page_is_more_than_a_typed_error(body: bytes) -> None:
    try:
        receive(sign_on(), body)
    except Error as error:
        assert error.remedy  # noqa: PT017 - a form in the noise is right too


# -- the dialogue


def test_one_step() -> None:
    one = sign_on()
    sent = receive(one, page("username", "password"))
    assert sent == Post(ACTION.replace("&amp;", "&"), {"username": "me", "password": "secret"})
    assert receive(one, status=302, location=CODE) == Done(CODE)


def test_two_steps_take_the_new_action_each_time() -> None:
    one = sign_on()
    assert receive(one, page("username")).form == {"username": "me"}
    again = "/realms/senec/login-actions/authenticate?session_code=new"
    sent = receive(one, page("password", action=again))
    assert sent == Post("https://sso.example.org" + again, {"password": "secret"})


def test_a_second_step_may_bring_the_name_and_hidden_fields_along() -> None:
    one = sign_on()
    receive(one, page("username"))
    sent = receive(one, page("username", "password", more='<input type="hidden" name="credentialId" value="7">'))
    assert sent.form == {"username": "me", "password": "secret", "credentialId": "7"}


def test_a_kept_session_needs_no_secret() -> None:
    def none() -> str:
        raise AssertionError("nobody asked")

    assert receive(sign_on(password=none, otp=none), status=302, location=CODE) == Done(CODE)


def test_redirects_within_the_sign_on_are_followed() -> None:
    to = "/realms/senec/login-actions/authenticate?execution=x"
    assert receive(sign_on(), status=302, location=to) == Fetch("https://sso.example.org" + to)


@pytest.mark.parametrize("fields", [("username", "password"), ("username",)])
def test_the_same_page_again_is_a_wrong_password(fields: tuple[str, ...]) -> None:
    one = sign_on()
    receive(one, page(*fields))
    assert failure(one, page(*fields)) == "password"


def test_the_password_page_again_after_two_steps() -> None:
    one = sign_on()
    receive(one, page("username"))
    receive(one, page("password"))
    assert failure(one, page("username", "password")) == "password"


def test_the_page_of_one_time_codes_again_is_a_wrong_code() -> None:
    one = sign_on()
    receive(one, page("username", "password"))
    assert receive(one, page("otp")).form == {"otp": "123456"}
    assert failure(one, page("otp")) == "otp"


def test_a_one_time_code_that_nobody_has() -> None:
    one = sign_on(otp=None)
    receive(one, page("username", "password"))
    assert failure(one, page("otp")) == "otp"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"location": "/realms/senec/login-actions/required-action?execution=CONFIGURE_TOTP&x=1"}, "setup"),
        ({"location": "/realms/senec/login-actions/required-action?execution=UPDATE_PASSWORD"}, "setup"),
        ({"location": "https://accounts.example.com/login"}, "provider"),
        ({"status": 400, "body": b"<html>We are sorry</html>"}, "provider"),
        ({"body": b'<a id="loginRestartLink" href="/realms/senec/login-actions/restart">here</a>'}, "expired"),
        ({"body": b"<html>Welcome</html>"}, "form"),
        ({"body": page("email", "pin")}, "form"),
        ({"body": page("otp", action="https://elsewhere.example.org/collect")}, "form"),
        ({"body": page("totp", "totpSecret", "userLabel")}, "setup"),
    ],
)
def test_what_can_come_instead_of_the_code(answer: dict[str, Any], expected: str) -> None:
    one = sign_on()
    receive(one, page("username", "password"))
    status: dict[str, Any] = {"status": 302} if "location" in answer else {}
    assert failure(one, **status, **answer) == expected


def test_circles_end() -> None:
    one = sign_on()

    def wander() -> None:
        for _ in range(20):
            receive(one, status=302, location="/realms/senec/round")

    with pytest.raises(SignOnFailed, match="circles"):
        wander()


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_an_outage_is_nobody_s_fault(status: int) -> None:
    with pytest.raises(TransportError):
        receive(sign_on(), page("username"), status=status)
    with pytest.raises(TransportError):
        sso.tokens(status=status, body=b"")


# -- tokens


def test_tokens_of_the_recorded_answer(shared: Path) -> None:
    record = json.loads((shared / "captures/senec/34-cloud-sso-token.json").read_text("utf-8"))
    got = sso.tokens(status=record["status"], body=record["response_body"].encode())
    assert got == sso.Tokens("FILTERED_ACCESS_TOKEN", 300.0, "FILTERED_REFRESH_TOKEN", 2_592_000.0)
    assert "FILTERED" not in repr(got)


def test_an_answer_without_tokens() -> None:
    with pytest.raises(sso.TokenRefused):
        sso.tokens(status=400, body=b'{"error":"invalid_grant","error_description":"Token is not active"}')
    with pytest.raises(NotSupported, match="invalid_client"):
        sso.tokens(status=401, body=b'{"error":"invalid_client"}')
    for body in (b"<html>", b"{}", b'{"access_token":"","expires_in":300}', b'{"access_token":"a"}', b"[" * 5000):
        with pytest.raises(ProtocolError):
            sso.tokens(status=200, body=body)


def test_forms_of_tokens() -> None:
    assert sso.exchange("c", verifier="v")["code_verifier"] == "v"
    assert sso.renewal("r") == {"grant_type": "refresh_token", "client_id": sso.CLIENT, "refresh_token": "r"}
