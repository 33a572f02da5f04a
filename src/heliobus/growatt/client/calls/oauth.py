"""The OAuth route's calls as methods (SPEC E): one per endpoint, with typed records as results.

A serial number is the bare one: without ``SPH:`` or ``SPM:``, which some labels have before it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heliobus.errors import UsageError
from heliobus.growatt.client.tokens import GRACE
from heliobus.growatt.control import dispatch
from heliobus.growatt.models.oauth import CloudDevice, Samples, Statistics, Telemetry
from heliobus.growatt.protocol import oauth

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from heliobus.growatt.client.grants import OAuthAccount
    from heliobus.growatt.protocol import Json
    from heliobus.transport.clock import Clock
    from heliobus.transport.http import HttpAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatched:
    """What was dispatched, by its id."""

    request_id: str
    set_type: str
    value: Json


class OAuthCalls:
    """What an application can ask of and tell to the devices that their owners have let it see.

    Every call raises LockedOut while it comes too early, AuthenticationError (the application, or a device that is not
    bound to it), NotSupported, Unreachable (the device is offline), TransportError and ProtocolError.

    A call that comes within its interval of the same one raises LockedOut; with ``repeats`` it is told once more what
    came to that one.
    """

    def __init__(self, account: OAuthAccount, *, clock: Clock, repeats: bool = False) -> None:
        self._account = account
        self._repeats = repeats
        self._clock = clock

    async def query(self, name: str, /, **parameters: Any) -> Any:
        """The bare data of the answer to a call of ``protocol.oauth.CALLS``."""
        asked = oauth.question(name, **parameters)
        call = oauth.CALLS[name]
        repeats = self._repeats and call.interval != oauth.DISPATCH
        return await self._account.ask(
            asked,
            _judge(name),
            seconds=call.interval,
            key=call.key(parameters),
            # Whoever dispatches waits for his turn; who may be told the same again need not.
            patience=0.0 if repeats else oauth.DISPATCH if call.interval == oauth.DISPATCH else GRACE,
            repeats=repeats,
        )

    async def authorise(self, code: str, *, redirect_uri: str) -> None:
        """Exchange the code, that an owner's leave ends with, for tokens; once, they last for all later clients."""
        await self._account.authorise(code, redirect_uri=redirect_uri)

    # -- devices

    async def devices(self) -> tuple[CloudDevice, ...]:
        """The devices that the application may ask about."""
        return _devices(await self.query("getDeviceListAuthed"))

    async def candidates(self) -> tuple[CloudDevice, ...]:
        """All devices of the owner, bound or not; needs an owner's code (NotSupported without)."""
        return _devices(await self.query("getDeviceList"))

    async def bind(self, devices: Mapping[str, str | None]) -> None:
        """Bind devices by their serial numbers and PINs (None where an owner's code makes them needless)."""
        if not devices:
            raise UsageError("no device is named; nothing was sent", remedy="Give serial numbers and PINs.")
        rows = [{"deviceSn": sn, **({} if pin is None else {"pinCode": pin})} for sn, pin in devices.items()]
        await self.query("bindDevice", deviceSnList=rows)

    async def unbind(self, serials: Sequence[str]) -> None:
        """Give devices back; the application may then no longer ask about them."""
        if not serials:
            raise UsageError("no device is named; nothing was sent", remedy="Give serial numbers.")
        await self.query("unbindDevice", deviceSnList=list(serials))

    async def info(self, serial: str) -> CloudDevice:
        """What a device is, with its batteries."""
        return CloudDevice(await self.query("getDeviceInfo", deviceSn=serial))

    async def telemetry(self, serial: str) -> Telemetry:
        """What a device does now; once a minute."""
        return Telemetry(await self.query("getDeviceData", deviceSn=serial))

    async def curve(self, serial: str, *, day: date) -> Samples:
        """A device's day in UTC, as telemetry."""
        return Samples(await self.query("HistoricalData", deviceSn=serial, date=f"{day:%Y-%m-%d}"))

    async def energies(self, serial: str, *, day: date, level: str = "Month") -> Statistics:
        """The energies of the days of a month, or of one ``Day``, kWh."""
        if level not in ("Day", "Month"):
            raise UsageError(f"no level {level!r}", remedy="Use Day or Month.")
        return Statistics(await self.query("HistoricalData", deviceSn=serial, date=f"{day:%Y-%m-%d}", level=level))

    # -- dispatch

    async def dispatch(self, serial: str, set_type: str, value: Any, *, dangerous: bool = False) -> Dispatched:
        """Tell a device one of ``control.dispatch.SET_TYPES``.

        Raises, before anything is sent, NotSupported, UsageError, OutOfBounds, and Refused for a dangerous one without
        ``dangerous=True``; then Refused when the device says no.  After a DeadlineExceeded or TransportError only
        ``dispatched`` tells whether it has it.
        """
        wanted = dispatch.dispatched(set_type, value, dangerous=dangerous)
        number = self._request_id()
        await self.query("deviceDispatch", deviceSn=serial, setType=set_type, value=wanted, requestId=number)
        return Dispatched(request_id=number, set_type=set_type, value=wanted)

    async def dispatched(self, serial: str, set_type: str) -> Json:
        """What a device is told at present: a number, an object or a list, as the kind of set has it."""
        dispatch.set_type(set_type)
        found: Json = await self.query(
            "readDeviceDispatch", deviceSn=serial, setType=set_type, requestId=self._request_id()
        )
        return found

    async def holds(self, serial: str, sent: Dispatched) -> bool:
        """Whether the device has what was sent, by reading it back."""
        return dispatch.holds(sent.set_type, sent.value, await self.dispatched(serial, sent.set_type))

    def _request_id(self) -> str:
        return oauth.request_id(self._clock.now(), secrets.token_hex(8))


def _judge(name: str) -> Callable[[HttpAnswer], Json]:
    return lambda http: oauth.content(
        name, status=http.status, body=http.body, location=http.location, retry_after=http.retry_after
    )


def _devices(found: Json) -> tuple[CloudDevice, ...]:
    rows = found if isinstance(found, list) else []
    return tuple([CloudDevice(one) for one in rows if isinstance(one, dict)])
