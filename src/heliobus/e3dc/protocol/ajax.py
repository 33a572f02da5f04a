"""The portal's first generation (2017 to about 2023): forms over HTTP, answered in JSON.  No I/O here.

::

    POST /s10/phpcmd/cmd.php            Window-Id: GUID-...; a cookie holds the session
    DO=LOGIN&USERNAME=...&PASSWD=...    {"ERRNO": 0, "CONTENT": {...}}
    DO=GETCONTENT&MODID=...&ARG0=...    selects a system: {"ERRNO": 0, "CONTENT": "<html>"}
    DO=LIVEUNITDATA                     {"ERRNO": 0, "CONTENT": "..."}, where the text is JSON: {"SOC": "77", ...}

Source: SPEC 8.1.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from heliobus.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH = "/s10/phpcmd/cmd.php"
WINDOW = "Window-Id"
"""The header that every request needs: ``GUID-`` and a UUID, the same throughout a session."""
NO_WINDOW = 6632
"""ERRNO of a request without it."""
SELECTS = "IDOVERVIEWUNITMAIN"
"""The page that selects a system."""


class Answer(NamedTuple):
    errno: int
    """0 if all is well."""
    content: Any


def login(user: str, password: str) -> Mapping[str, str]:
    """``password`` is its MD5 in hexadecimal."""
    return {"DO": "LOGIN", "USERNAME": user, "PASSWD": password}


def select(number: str) -> Mapping[str, str]:
    """``number`` is the serial number without its prefix."""
    return {"DO": "GETCONTENT", "MODID": SELECTS, "ARG0": number, "TOS": "-7200"}


LIVE: Mapping[str, str] = {"DO": "LIVEUNITDATA"}


def encode_form(fields: Mapping[str, str]) -> bytes:
    return urlencode(fields).encode()


def decode_answer(body: bytes) -> Answer:
    """Raises ProtocolError for everything else than an answer."""
    answer = parse_json(body)
    if isinstance(answer, dict) and isinstance(answer.get("ERRNO"), int | str):
        with suppress(ValueError):
            return Answer(int(answer["ERRNO"]), answer.get("CONTENT"))
    raise ProtocolError("the portal's answer has no ERRNO")


def parse_json(text: bytes | str) -> Any:
    """Raises ProtocolError."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ProtocolError("the portal's answer is not JSON") from None
