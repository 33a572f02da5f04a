"""The class that programs make for an account with a password."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from heliobus.compat.growattServer.asking import Timespan
from heliobus.compat.growattServer.devices import Devices
from heliobus.compat.growattServer.exceptions import under_old_names
from heliobus.compat.growattServer.settings import Settings
from heliobus.growatt.protocol import hash_password
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.url import Secret

if TYPE_CHECKING:
    from heliobus.transport.clock import Clock

__all__ = [
    "BATT_MODE_BATTERY_FIRST",
    "BATT_MODE_GRID_FIRST",
    "BATT_MODE_LOAD_FIRST",
    "GrowattApi",
    "Timespan",
    "hash_password",
    "name",
]

name = "growattServer"
BATT_MODE_LOAD_FIRST = 0
BATT_MODE_BATTERY_FIRST = 1
BATT_MODE_GRID_FIRST = 2


class GrowattApi(Devices, Settings):
    """One account; its session, lock-outs and budgets are those of every heliobus client of this user at this server.

    Every method raises GrowattError, and see ``exceptions`` for what else it is.  ``timeout`` in s.
    """

    def __init__(
        self,
        add_random_user_id: bool = False,
        agent_identifier: str | None = None,
        *,
        timeout: float = 30.0,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        if agent_identifier is not None:
            self.agent_identifier = agent_identifier
        if add_random_user_id:
            self.agent_identifier += f" - {secrets.randbelow(100_000):05d}"
        super().__init__(timeout=timeout, clock=clock)

    def login(self, username: str, password: str, is_password_hashed: bool = False) -> dict[str, Any]:
        """What the server says of the user, with ``userId`` and ``userLevel``; sent only when there is no session yet.

        A refusal is no exception, but has ``success`` False and a code in ``msg``: 502 for a wrong user or password,
        507 while the account is locked or wants to be left alone, for ``lockDuration`` hours.
        """
        hashed = password if is_password_hashed else hash_password(password)
        if self._user is None or (self._user[0], self._user[1].reveal()) != (username, hashed):
            self._user = username, Secret(hashed)
            self._zones.clear()
        with under_old_names():
            back = self._portal().call(lambda line: line.login())
        if not back.get("success"):
            return back
        plants = back.get("data")
        self._first_plant = plants[0].get("plantId") if plants else None
        return {**back, "userId": back["user"]["id"], "userLevel": back["user"].get("rightlevel")}
