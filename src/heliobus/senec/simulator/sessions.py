"""The cookie of network firmware 2411 (SPEC 3.4): who asks for FACTORY gets one, and some units want to see it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.senec.protocol import Json

COOKIE = "gui"  # its real name is not recorded


class Sessions:
    """The sessions of one appliance since it was started."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._freed = False

    def knows(self, cookies: Mapping[str, str]) -> bool:
        """Whether who asks has greeted before."""
        return cookies.get(COOKIE) in self._given

    def heeds(self, cookies: Mapping[str, str], wanted: Mapping[str, Json]) -> bool:
        """Whether a unit that wants to see the cookie answers: without one, a greeting and a log-out only."""
        return self.knows(cookies) or not wanted.keys().isdisjoint({"FACTORY", "LOG"})

    def open(self, wanted: Mapping[str, Json], *, crowded: bool) -> str | None:
        """Give the cookie for who asks for ``wanted``; while ``crowded``, only after somebody has logged out."""
        log = wanted.get("LOG")
        self._freed |= isinstance(log, dict) and log.get("LOG_OUT_BUTT") == "u8_01"
        if "FACTORY" not in wanted or (crowded and not self._freed):
            return None
        cookie = secrets.token_hex(8)
        self._given.add(cookie)
        return cookie
