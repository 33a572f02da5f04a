"""The local login of a simulated appliance (SPEC 5.5): two users of our own making, one of them an installer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class User(NamedTuple):
    """A password and the level that it gives."""

    password: str
    level: int


USERS: Mapping[str, User] = {"resident": User("south roof_30", 1), "fitter": User("north wall_2", 2)}
SETTLES = timedelta(seconds=1)
"""Until LOG.USER_LEVEL shows it."""


class Login:
    """Who is logged in."""

    def __init__(self) -> None:
        self._typed: dict[str, str] = {}
        self._levels: list[tuple[datetime, int]] = []
        self.failures = 0

    def level(self, time: datetime) -> int:
        """The user level at ``time``."""
        return next((level for since, level in reversed(self._levels) if since <= time), 0)

    def write(self, name: str, value: object, time: datetime) -> None:
        """Take what is written to a variable of LOG."""
        if name in {"USERNAME", "PASSWORD"}:
            self._typed[name] = str(value)
        elif name == "LOG_OUT_BUTT" and value == 1:
            self._levels.append((time, 0))
        elif name == "LOG_IN_BUTT" and value == 1:
            user = USERS.get(self._typed.get("USERNAME", ""))
            if user is None or user.password != self._typed.get("PASSWORD"):
                self.failures += 1
            else:
                self._levels.append((time + SETTLES, user.level))
