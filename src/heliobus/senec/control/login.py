"""The local login (SPEC 5.5): with the owner's own user and password; heliobus has none of its own.

It opens variables that are FORBIDDEN otherwise.  What may be written stays the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from heliobus.senec.protocol import Answer, Request
    from heliobus.url import Secret

SETTLES = 2.0
"""Seconds after which LOG.USER_LEVEL tells what came of a login."""
INSTALLER = 2
"""From this level on an installer's variables are open."""

LOG_OUT: Request = {"LOG": {"LOG_IN_NOK_COUNT": "", "LOG_OUT_BUTT": "u8_01"}}
LEVEL: Request = {"LOG": {"USER_LEVEL": "", "LOG_IN_NOK_COUNT": ""}}


def log_in(username: str, password: Secret) -> Request:
    """What logs in.  It has the password in it: it is built for sending and kept nowhere."""
    return {
        "LOG": {
            "USER_LEVEL": "",
            "USERNAME": f"st_{username}",
            "LOG_IN_NOK_COUNT": "",
            "PASSWORD": f"st_{password.reveal()}",
            "LOG_IN_BUTT": "u8_01",
        }
    }


def level(answer: Answer) -> int | None:
    """The user level that an answer tells: 0 is nobody."""
    found = answer.get("LOG", {}).get("USER_LEVEL")
    return found if isinstance(found, int) else None
