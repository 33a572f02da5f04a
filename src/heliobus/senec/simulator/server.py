"""The device's side of the wire on a real socket."""

from __future__ import annotations

import json
from datetime import date, timedelta
from email.utils import format_datetime
from functools import reduce
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from aiohttp import HttpVersion11, web

from heliobus.errors import UsageError
from heliobus.senec.protocol import CEILING, PATH
from heliobus.senec.simulator import pages
from heliobus.senec.simulator.answering import answer, writes
from heliobus.senec.simulator.appliance import Appliance
from heliobus.senec.simulator.faults import faults_of
from heliobus.senec.simulator.house import serial
from heliobus.senec.simulator.profiles import profile_of
from heliobus.senec.simulator.replay import Recording
from heliobus.senec.simulator.sessions import COOKIE, Sessions
from heliobus.simulation.certificate import self_signed
from heliobus.simulation.host import Host

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from types import TracebackType

    from heliobus.senec.simulator.faults import Fault
    from heliobus.simulation.certificate import Certificate
    from heliobus.simulation.plant import Plant
    from heliobus.vendor import SimulationOptions

_SERVER = "nginx/1.17.7"
_WIRES = ("http", "https")


class SenecSimulator:
    """A SENEC appliance that answers ``lala.cgi`` from a simulated house, or from recorded answers.

    It answers while entered.  Making one raises UsageError for an unknown wire, profile or fault, for a recording that
    cannot be read, and for a time at which the house does not stand yet.
    """

    def __init__(self, options: SimulationOptions) -> None:
        self._wire = _wire_of(options.wire or _WIRES[0])
        self._clock = options.clock
        self._appliance = Appliance(options.plant, profile_of(options.profile))
        self.recording = None if options.replay is None else Recording.load(options.replay)
        if self.recording is None:
            options.plant.at(options.clock.now())
        self._shift = timedelta(0) if self.recording is None else self.recording.shift(options.clock.now())
        self._spoilers: tuple[Fault, ...] = ()
        self.faults = options.faults
        self.requests = 0
        """How many times ``lala.cgi`` was asked."""
        self.certificate: Certificate | None = None
        """What it shows over https; made at the first start."""
        self._host = Host(self._app(), host=options.host, port=options.port)
        self._sessions = Sessions()

    async def __aenter__(self) -> Self:
        if self._spoken == "https":
            self.certificate = self.certificate or self_signed("SENEC")
            self._host.ssl_context = self.certificate.context()
        await self._host.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._host.__aexit__(kind, error, trace)

    async def change(self, *, wire: str | None = None, profile: str | None = None, renew: bool = False) -> None:
        """Become another one while running, on the same port, as after an update; None leaves as it is.

        ``wire`` is http or https, ``renew`` makes a new certificate.  Raises UsageError.
        """
        self._wire = self._wire if wire is None else _wire_of(wire)
        if profile is not None:
            self._appliance.profile = profile_of(profile)
        if renew:
            self.certificate = None
        await self._host.__aexit__(None, None, None)
        self._host = Host(self._app(), host=self._host.host, port=self._host.port)
        self._sessions = Sessions()
        await self.__aenter__()

    async def swap_board(self) -> None:
        """Get a new network unit: another serial number, the old image, and http (ha-senec-v3 issue 71)."""
        self._appliance.board += 1
        await self.change(wire="http", profile="0811", renew=True)

    async def misbehave(self, names: Iterable[str]) -> None:
        """Set ``faults`` while running, and start anew on the same port where they change the wire."""
        before = self._spoken
        self.faults = tuple(names)
        if self._spoken != before:
            await self.change()

    @property
    def plant(self) -> Plant:
        """The house with the commands that the appliance has obeyed."""
        return self._appliance.plant

    @property
    def faults(self) -> tuple[str, ...]:
        """What goes wrong from now on, by the names of ``FAULTS``; setting it raises UsageError for others.

        A change of the wire waits for the next start: see ``misbehave``.
        """
        return self._faults

    @faults.setter
    def faults(self, names: Iterable[str]) -> None:
        names = tuple(names)
        spoilers = faults_of(names)
        if any(fault.resets for fault in spoilers if fault not in self._spoilers):
            self._appliance.reset_counters(self._clock.now())
        self._appliance.overwritten = any(fault.overwrites for fault in spoilers)
        self._appliance.skew = sum((fault.skew for fault in spoilers), timedelta(0))
        self._spoilers = spoilers
        self._faults = names

    def announcement(self) -> dict[str, Any]:
        """What is needed to reach it: vendor, url, host, port, base_url, serial; a recording may not tell a serial."""
        base = self._host.base_url
        told = {
            "vendor": "senec",
            "url": f"senec://{base.partition('://')[2].rstrip('/')}",
            "host": self._host.host,
            "port": self._host.port,
            "base_url": base,
        }
        return told if self.recording else {**told, "serial": serial(self.plant, self._appliance.board)}

    # -- HTTP

    @property
    def _spoken(self) -> str:
        """The wire, or the other one while the firmware has flipped."""
        flipped = any(fault.flips for fault in self._spoilers)
        return next(wire for wire in _WIRES if (wire == self._wire) != flipped)

    def _app(self) -> web.Application:
        profile = self._appliance.profile
        app = web.Application(middlewares=[self._reboots])
        app.router.add_post(PATH, self._lala)
        app.router.add_get("/js/{language}.js", self._words)
        app.router.add_get(profile.variables_page, self._variables)
        app.router.add_get(profile.log_folder + r"/{year:\d{4}}/{month:\d\d}/{day:\d\d}.log", self._log)
        app.on_response_prepare.append(self._sign)
        return app

    @web.middleware
    async def _reboots(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if self._appliance.is_away(self._clock.now()):
            return _hang_up(request)
        return await handler(request)

    async def _sign(self, _: web.Request, response: web.StreamResponse) -> None:
        response.headers["Server"] = _SERVER
        response.headers["Date"] = format_datetime(self._clock.now() + self._appliance.skew, usegmt=True)
        if response.keep_alive:
            response.headers["Connection"] = "keep-alive"

    async def _lala(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        asked = await request.read()
        faults = self._spoilers
        if delay := sum(fault.delay for fault in faults):
            await self._clock.sleep(delay)
        try:
            wanted = json.loads(asked)  # whatever the Content-Type says
        except (ValueError, RecursionError):
            wanted = None
        if not isinstance(wanted, dict):
            raise web.HTTPBadRequest
        if writes(wanted) and (lost := self._lose(request)):
            return lost
        memory = (self.recording or self._appliance).at(self._clock.now() + self._shift)
        cookie = self._cookie(request, wanted)
        if any(fault.greeting for fault in faults) and not self._sessions.heeds(request.cookies, wanted):
            return web.Response(body=b"", content_type="application/json")
        gone = frozenset[str]().union(*(fault.gone for fault in faults))
        refusal = next((fault.refusal for fault in faults if fault.refusal), "")
        answered = answer(memory, wanted, gone=gone, refusal=refusal)
        if writes(wanted) and any(fault.mute for fault in faults):
            return _hang_up(request)
        body = json.dumps(answered, separators=(",", ":")).encode()
        if len(asked) > CEILING:
            body = body[: len(body) * 2 // 3]
        response = web.Response(
            body=reduce(lambda spoilt, fault: fault.spoil(spoilt), faults, body),
            status=max((fault.status for fault in faults), default=200),
            content_type="text/html" if any(fault.html for fault in faults) else "application/json",
            charset="utf-8",
        )
        if cookie is not None:
            response.set_cookie(COOKIE, cookie)
        if request.version >= HttpVersion11:
            response.enable_chunked_encoding()
        return response

    def _lose(self, request: web.Request) -> web.StreamResponse | None:
        """Hang up on a write that gets lost."""
        if any(fault.reboots for fault in self._spoilers):
            self._appliance.reboot(self._clock.now())
        elif not any(fault.loses for fault in self._spoilers):
            return None
        return _hang_up(request)

    def _cookie(self, request: web.Request, wanted: dict[str, Any]) -> str | None:
        """Give the cookie that the answer sets."""
        if not self._appliance.profile.cookie or self._sessions.knows(request.cookies):
            return None
        return self._sessions.open(wanted, crowded=any(fault.crowded for fault in self._spoilers))

    async def _words(self, request: web.Request) -> web.Response:
        language = request.match_info["language"]
        if language not in pages.LANGUAGES:
            raise web.HTTPNotFound
        return web.Response(text=pages.words(language), content_type="application/javascript")

    async def _variables(self, _: web.Request) -> web.Response:
        return web.Response(text=pages.variables(self._appliance.profile.cells), content_type="text/html")

    async def _log(self, request: web.Request) -> web.Response:
        house = self.plant.house
        zone = ZoneInfo(house.timezone)
        try:
            day = date(*(int(request.match_info[part]) for part in ("year", "month", "day")))
        except ValueError:
            raise web.HTTPNotFound from None
        if not house.commissioned.astimezone(zone).date() <= day <= self._clock.now().astimezone(zone).date():
            raise web.HTTPNotFound
        return web.Response(text=pages.log(day))


def _hang_up(request: web.Request) -> web.StreamResponse:
    """End the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _wire_of(name: str) -> str:
    if name not in _WIRES:
        raise UsageError(f"no simulated SENEC wire {name!r}", remedy=f"Use one of: {', '.join(_WIRES)}.")
    return name
