"""What one appliance can be told: the unified model's commands, its own settings, a reboot, and the local login."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from heliobus.errors import AuthenticationError, Error, NotSupported, UsageError
from heliobus.senec import control
from heliobus.senec.control import login
from heliobus.url import Secret

if TYPE_CHECKING:
    from datetime import time

    from heliobus.model.capabilities import Capabilities
    from heliobus.model.command import Command, Outcome
    from heliobus.model.identity import Device
    from heliobus.senec.client.wire import Exchange
    from heliobus.senec.protocol import Answer, Request
    from heliobus.transport.clock import Clock

_log = logging.getLogger(__name__)


class Writes:
    """Writes one at a time; every one is read back, and nothing that ``control.WRITABLE`` does not name."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._writing = asyncio.Lock()
        self._logged_in = False
        self.paces = control.Paces()
        """What was written when, of that which must not be written often."""

    @property
    def capabilities(self) -> Capabilities:
        raise NotImplementedError

    async def _require(self, device: str | Device, *, dry_run: bool = False) -> None:
        raise NotImplementedError

    async def _ask(self, request: Request) -> Answer:
        raise NotImplementedError

    async def _send(self, request: Request) -> Exchange:
        raise NotImplementedError

    async def execute(self, command: Command, *, device: str | Device | None = None, dry_run: bool = False) -> Outcome:
        """Carry out a command of ``capabilities``, one of ``senec.control`` or an ``outcome.undo``; read back for 15 s.

        A dry run sends nothing at all.  What does not fit is raised before anything is written: NotSupported, Refused
        (too often, or not in this state) and OutOfBounds.  ``device`` can only be this one.
        """
        if not isinstance(command, control.OWN):
            self.capabilities.require(command)
        control.change_of(command)  # what is wrong with it is told before anybody is asked
        if device is not None:
            await self._require(device, dry_run=dry_run)
        async with self._writing:
            return await control.carry_out(command, ask=self._ask, clock=self._clock, paces=self.paces, dry_run=dry_run)

    # -- sockets and wallboxes

    async def set_socket(
        self,
        socket: str,
        *,
        mode: str | None = None,
        upper_limit: float | None = None,
        lower_limit: float | None = None,
        surplus_minutes: int | None = None,
        minutes_on: int | None = None,
        start: time | None = None,
        use_time: bool | None = None,
        device: str | Device | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        """Set a socket (1 or 2): off, on or automatic, and when the automatic switches; see ``SocketSettings``.

        What is left out stays as it is.  Powers in W, ``start`` in the appliance's local time.
        """
        settings = control.SocketSettings(
            id=socket,
            mode=mode,
            upper_limit=upper_limit,
            lower_limit=lower_limit,
            surplus_minutes=surplus_minutes,
            minutes_on=minutes_on,
            start=start,
            use_time=use_time,
        )
        return await self.execute(settings, device=device, dry_run=dry_run)

    async def set_wallbox(
        self,
        wallbox: str,
        *,
        mode: str | None = None,
        max_current: float | None = None,
        min_current: float | None = None,
        default_current: float | None = None,
        allow_intercharge: bool | None = None,
        device: str | Device | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        """Set a wallbox (1 to 4): its mode, and currents in A per phase; see ``WallboxSettings``.

        What is left out stays as it is.  SENEC's cloud overwrites all this within 3 to 5 minutes unless the same is set
        in the app.  Frequent changes have made appliances hang: at most six within ten minutes.
        """
        settings = control.WallboxSettings(
            id=wallbox,
            mode=mode,
            max_current=max_current,
            min_current=min_current,
            default_current=default_current,
            allow_intercharge=allow_intercharge,
        )
        return await self.execute(settings, device=device, dry_run=dry_run)

    # -- the appliance itself

    async def reboot(self, *, device: str | Device | None = None, dry_run: bool = False) -> Outcome:
        """Start the appliance anew: it is away for about five minutes, and a forced charge ends.

        At most every five minutes, else Refused.  The outcome is ACCEPTED, or UNKNOWN if the appliance was gone before
        it answered; waiting until it is back is the caller's.
        """
        return await self.execute(control.Reboot(), device=device, dry_run=dry_run)

    async def storage_mode(
        self, *, on: bool, dangerous: bool = False, device: str | Device | None = None, dry_run: bool = False
    ) -> Outcome:
        """Put the lithium battery into its storage mode, or end it; Refused without ``dangerous=True``.

        The PV stops too, and ending it starts an insulation test.  Nobody has recorded what else happens.
        """
        command = control.StorageMode(on=on, dangerous=dangerous)
        return await self.execute(command, device=device, dry_run=dry_run)

    # -- the local login

    async def log_in(self, username: str, *, password: str | Secret) -> int:
        """Log in with the owner's own user and give the user level (from 2 on an installer's).

        It opens variables that are FORBIDDEN otherwise; what may be written stays the same.  It is never repeated.
        ``close`` logs out.  Over http the password can be read in the network.  Raises AuthenticationError, and Refused
        for the fourth try within ten minutes.
        """
        secret = Secret(password) if isinstance(password, str) else password
        if not username or not secret.reveal():
            raise UsageError("a local login needs a user and a password")
        self.paces.check("login", self._clock.monotonic())
        async with self._writing:
            if login.level(await self._ask(login.LEVEL)) is None:
                raise NotSupported("this appliance has no local login")
            self.paces.spend("login", self._clock.monotonic())
            self._logged_in = True  # from here on it may be so
            await self._send(login.log_in(username, secret))
            await self._clock.sleep(login.SETTLES)
            level = login.level(await self._ask(login.LEVEL))
        if not level:
            await self.log_out()
            raise AuthenticationError("the appliance does not accept this user and password")
        return level

    async def log_out(self) -> None:
        """End the local login."""
        async with self._writing:
            await self._send(login.LOG_OUT)
            self._logged_in = False

    async def _leave(self) -> None:
        """Log out of what may be logged in; an appliance that does not answer ends the login by itself or not."""
        if not self._logged_in:
            return
        self._logged_in = False
        try:
            await self._send(login.LOG_OUT)
        except Error as error:
            _log.warning("not logged out: %s", error.what())
