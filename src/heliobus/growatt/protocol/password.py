"""What Growatt's servers take for a password (SPEC A.3), and what the app's own login has besides it (A.4)."""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_PHONES = uuid.UUID("6f0b7c0e-5d1c-5c0a-9d0e-3a1d6f4b2c11")
_DIGITS = 11
_CHECK = 98


def hash_password(password: str) -> str:
    """MD5 in hex, with each leading 0 of a byte written as c; it opens the account as the password itself does."""
    digest = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
    pairs = (digest[place : place + 2] for place in range(0, len(digest), 2))
    return "".join("c" + pair[1] if pair[0] == "0" else pair for pair in pairs)


def app_fields(username: str, now: datetime) -> Mapping[str, str]:
    """What the app sends with a login; the same phone for the same user, as a new one each time would stand out."""
    phone = str(uuid.uuid5(_PHONES, username))
    return {
        "newLogin": "1",
        "phoneType": "android",
        "shinephoneVersion": "8.1.8.1",
        "phoneSn": phone,
        "ipvcpc": phone,
        "language": "1",
        "systemVersion": "12",
        "phoneModel": "heliobus",
        "loginTime": f"{now:%Y-%m-%d %H:%M:%S}",
        "appType": "ShinePhone",
        "timestamp": checked(f"{int(now.timestamp() * 1000):013d}"),
    }


def checked(milliseconds: str) -> str:
    """A time in 13 digits whose last two are the check of four others (SPEC A.4)."""
    check = int("".join(milliseconds[place] for place in (1, 3, 5, 7))) % _CHECK
    return f"{milliseconds[:_DIGITS]}{check:02d}"
