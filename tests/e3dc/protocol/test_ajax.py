from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.e3dc.protocol.ajax import LIVE, Answer, decode_answer, encode_form, login, select
from heliobus.errors import ProtocolError


def test_forms_are_as_the_portal_knows_them() -> None:
    assert encode_form(LIVE) == b"DO=LIVEUNITDATA"
    assert encode_form(select("4400000001")) == b"DO=GETCONTENT&MODID=IDOVERVIEWUNITMAIN&ARG0=4400000001&TOS=-7200"
    assert encode_form(login("me@example.org", "0123abcd")) == b"DO=LOGIN&USERNAME=me%40example.org&PASSWD=0123abcd"


@given(st.text(), st.text())
@settings(max_examples=50)
def test_any_name_travels(user: str, password: str) -> None:
    fields = dict(parse_qsl(encode_form(login(user, password)).decode(), keep_blank_values=True))
    assert (fields["USERNAME"], fields["PASSWD"]) == (user, password)


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (b'{"ERRNO": 0, "CONTENT": "{}"}', Answer(0, "{}")),
        (b'{"ERRNO": "6632"}', Answer(6632, None)),
        (b'{"CONTENT": {"USERLEVEL": 10}, "ERRNO": 0, "NEW": []}', Answer(0, {"USERLEVEL": 10})),
    ],
)
def test_answers(body: bytes, answer: Answer) -> None:
    assert decode_answer(body) == answer


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"null", b"{}", b'{"ERRNO": null}', b'{"ERRNO": "no"}', b'{"ERRNO": [0]}', b"[" * 100_000],
)
def test_no_answers(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode_answer(body)
