"""The asynchronous client of SENEC.Connect."""

from __future__ import annotations

import logging
from collections import Counter as Counted
from typing import TYPE_CHECKING, Any

from heliobus.errors import AuthenticationError, NotSupported, ProtocolError, Refused, TransportError, UsageError
from heliobus.model.capabilities import Capabilities
from heliobus.model.identity import Device
from heliobus.senec.client.closing import Closing
from heliobus.senec.client.connect.quota import Counter
from heliobus.senec.mapping import connect as mapping
from heliobus.senec.models.connect import ConnectSystem
from heliobus.senec.protocol import connect as protocol
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.transport.http import HttpTransport
from heliobus.url import Secret

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    import aiohttp

    from heliobus.model.command import Command, Outcome
    from heliobus.model.snapshot import Snapshot
    from heliobus.senec.client.connect.quota import Usage
    from heliobus.transport.clock import Clock

_log = logging.getLogger(__name__)

_DETAILS = ("live", "full")


class AsyncConnectClient(Closing):
    """The systems of a subscription to SENEC.Connect: Home 4, P4 and E4, read only.

    ``key`` is one of the two subscription keys of developer.senec.com.  ``server`` is a simulator's host instead of
    SENEC's, ``system`` narrows the account to one system id.  ``session`` is the application's own aiohttp session,
    which is left open.  ``state`` is the file that counts the requests (default: in the state folder, one per key).

    45 000 requests a month are what a subscription has: about one a minute.  Each reading is one request, whatever it
    asks for.  Every method that asks raises LockedOut while none may be made; AuthenticationError; Refused;
    TransportError when nothing (complete) came back; and ProtocolError when it was no answer of SENEC's.
    """

    def __init__(
        self,
        *,
        key: str | Secret | None,
        server: str | None = None,
        scheme: str = "https",
        system: str | None = None,
        timeout: float = 30.0,
        session: aiohttp.ClientSession | None = None,
        state: Path | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        if scheme not in ("https", "http") or (scheme == "http" and server is None):
            raise UsageError(f"SENEC.Connect does not speak {scheme}", remedy="Use https; http is for simulators.")
        self._key = Secret.of(key)
        self._origin = f"{scheme}://{server or protocol.HOST}"
        self._state = state
        self._only = system
        self._clock = clock
        self._transport = HttpTransport(session=session, timeout=timeout)
        self._known: frozenset[str] = frozenset()

    @property
    def capabilities(self) -> Capabilities:
        """What it tells of a system; it obeys nothing."""
        return Capabilities(fields=mapping.CARRIED)

    async def usage(self) -> Usage:
        """The requests of this month, as far as this machine made them; asks nobody.  Raises StorageError."""
        return await self._counter().usage()

    async def systems(self) -> tuple[ConnectSystem, ...]:
        """All systems of the account by their ids, decommissioned ones too; one request.

        What has no id is left out: nobody could tell whose values it has.  Raises ProtocolError when two systems in
        use have the same id.
        """
        found = [ConnectSystem(one) for one in await self._ask()]
        named = [one for one in found if one.id]
        if len(named) < len(found):
            _log.warning("SENEC.Connect tells of %d systems without an id", len(found) - len(named))
        twice = [
            one for one, times in Counted(one.id for one in named if not one.is_decommissioned).items() if times > 1
        ]
        if twice:
            raise ProtocolError("SENEC.Connect tells twice of one system", remedy="Try again; report it if it stays.")
        in_use = {one.id for one in named if not one.is_decommissioned}
        kept = {one.id: one for one in named if not one.is_decommissioned or one.id not in in_use}
        self._known |= {one for one in kept if one}
        return tuple([kept[name] for name in sorted(kept, key=str)])

    async def identify(self) -> Device:
        """The account's only system in use; UsageError names them when there are several."""
        return mapping.device(self._meant(await self.systems(), None))

    async def devices(self) -> tuple[Device, ...]:
        """The account's systems in use."""
        return tuple(map(mapping.device, self._in_use(await self.systems())))

    async def read(self, device: str | Device | None = None, *, detail: str = "live") -> Snapshot:
        """Read one system into the unified model, by one request and never from a cache.

        ``full`` tells no more than ``live``.  ``device`` may be left out if one system is in use; one that was
        decommissioned is read when it is named, and all of it is STALE.  Raises UsageError for another device or
        detail.
        """
        system, moment = await self._poll(device, detail)
        return mapping.snapshot(system, received_at=moment)

    async def raw(self, device: str | Device | None = None, *, detail: str = "live") -> dict[str, Any]:
        """Read the same in SENEC's own words."""
        system, _ = await self._poll(device, detail)
        return dict(system.values)

    async def execute(self, command: Command, *, device: str | Device | None = None, dry_run: bool = False) -> Outcome:
        """Raise NotSupported: SENEC.Connect only tells."""
        del device, dry_run
        raise NotSupported(f"SENEC.Connect cannot carry out {command.kind}: it only tells")

    # -- systems

    async def _poll(self, device: str | Device | None, detail: str) -> tuple[ConnectSystem, datetime]:
        if detail not in _DETAILS:
            raise UsageError(f"no detail {detail!r}", remedy=f"Use one of: {', '.join(_DETAILS)}.")
        begin = self._clock.now()
        systems = await self.systems()
        moment = begin + (self._clock.now() - begin) / 2
        return self._meant(systems, device.id if isinstance(device, Device) else device), moment

    def _in_use(self, systems: tuple[ConnectSystem, ...]) -> list[ConnectSystem]:
        allowed = [one for one in systems if self._only in (None, one.id)]
        return [one for one in allowed if self._only or not one.is_decommissioned]

    def _meant(self, systems: tuple[ConnectSystem, ...], wanted: str | None) -> ConnectSystem:
        candidates = [one for one in systems if one.id == wanted] if wanted else self._in_use(systems)
        meant = [one for one in candidates if self._only in (None, one.id)]
        if len(meant) == 1:
            return meant[0]
        name = wanted or self._only
        if not meant and name in self._known and self._only in (None, name):
            raise TransportError("SENEC.Connect left the system out of its answer", remedy="Wait; it comes back.")
        problem = "several systems are meant" if meant else f"the account has no system {name or 'in use'!r}"
        names = ", ".join(one.id or "" for one in meant or self._in_use(systems) or systems)
        raise UsageError(problem, remedy=f"Use one of: {names or 'none, the account is empty'}.")

    # -- the one request

    def _counter(self) -> Counter:
        if self._key is None or not self._key.reveal():
            raise AuthenticationError(
                "SENEC.Connect needs a subscription key",
                remedy="Get one at developer.senec.com and set HELIOBUS_TOKEN or token_file.",
            )
        return Counter(origin=self._origin, key=self._key, state=self._state, clock=self._clock)

    async def _ask(self) -> list[Any]:
        counter = self._counter()
        await counter.spend()
        headers = {protocol.KEY_HEADER: "" if self._key is None else self._key.reveal(), "Accept": "application/json"}
        answer = await self._transport.request("GET", self._origin + protocol.TARGET, headers=headers, repeatable=True)
        try:
            found = protocol.entries(status=answer.status, body=answer.body, retry_after=answer.retry_after)
        except protocol.TooFast as error:
            raise await counter.used_up(error, month=False) from error
        except protocol.QuotaUsed as error:
            raise await counter.used_up(error, month=True) from error
        except (AuthenticationError, Refused) as error:
            await counter.refused(error)
            raise
        await counter.taken()
        return found
