"""The device's side of the wire on a real socket."""

from __future__ import annotations

import json
from datetime import date
from email.utils import format_datetime
from functools import reduce
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from aiohttp import HttpVersion11, web

from heliobus.errors import UsageError
from heliobus.senec.protocol import CEILING, PATH
from heliobus.senec.simulator import pages
from heliobus.senec.simulator.answering import answer
from heliobus.senec.simulator.appliance import Appliance
from heliobus.senec.simulator.faults import faults_of
from heliobus.senec.simulator.house import serial
from heliobus.senec.simulator.profiles import profile_of
from heliobus.senec.simulator.replay import Recording
from heliobus.simulation.host import Host

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from heliobus.simulation.plant import Plant
    from heliobus.vendor import SimulationOptions

_SERVER = "nginx/1.17.7"


class SenecSimulator:
    """A SENEC appliance that answers ``lala.cgi`` from a simulated house, or from recorded answers.

    It answers while entered.  Making one raises UsageError for an unknown wire, profile or fault, for a recording that
    cannot be read, and for a time at which the house does not stand yet.
    """

    def __init__(self, options: SimulationOptions) -> None:
        if options.wire not in {None, "http"}:
            raise UsageError(f"no simulated SENEC wire {options.wire!r}", remedy="Use http.")
        self._clock = options.clock
        self._appliance = Appliance(options.plant, profile_of(options.profile))
        self.recording = None if options.replay is None else Recording.load(options.replay)
        if self.recording is None:
            options.plant.at(options.clock.now())
        self.faults = options.faults
        self.requests = 0
        """How many times ``lala.cgi`` was asked."""
        self._host = Host(self._app(), host=options.host, port=options.port)

    async def __aenter__(self) -> Self:
        await self._host.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._host.__aexit__(kind, error, trace)

    @property
    def plant(self) -> Plant:
        """The house with the commands that the appliance has obeyed."""
        return self._appliance.plant

    @property
    def faults(self) -> tuple[str, ...]:
        """What goes wrong from now on, by the names of ``FAULTS``; setting it raises UsageError for others."""
        return self._faults

    @faults.setter
    def faults(self, names: Iterable[str]) -> None:
        names = tuple(names)
        self._spoilers = faults_of(names)
        self._faults = names

    def announcement(self) -> dict[str, Any]:
        """What is needed to reach it: vendor, url, host, port, base_url, serial; a recording may not tell a serial."""
        base = self._host.base_url
        told = {
            "vendor": "senec",
            "url": f"senec://{base.removeprefix('http://').rstrip('/')}?scheme=http",
            "host": self._host.host,
            "port": self._host.port,
            "base_url": base,
        }
        return told if self.recording else {**told, "serial": serial(self.plant)}

    # -- HTTP

    def _app(self) -> web.Application:
        profile = self._appliance.profile
        app = web.Application()
        app.router.add_post(PATH, self._lala)
        app.router.add_get("/js/{language}.js", self._words)
        app.router.add_get(profile.variables_page, self._variables)
        app.router.add_get(profile.log_folder + r"/{year:\d{4}}/{month:\d\d}/{day:\d\d}.log", self._log)
        app.on_response_prepare.append(self._sign)
        return app

    async def _sign(self, _: web.Request, response: web.StreamResponse) -> None:
        response.headers["Server"] = _SERVER
        response.headers["Date"] = format_datetime(self._clock.now(), usegmt=True)
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
        memory = (self.recording or self._appliance).at(self._clock.now())
        gone = frozenset[str]().union(*(fault.gone for fault in faults))
        body = json.dumps(answer(memory, wanted, gone=gone), separators=(",", ":")).encode()
        if len(asked) > CEILING:
            body = body[: len(body) * 2 // 3]
        response = web.Response(
            body=reduce(lambda spoilt, fault: fault.spoil(spoilt), faults, body),
            status=max((fault.status for fault in faults), default=200),
            content_type="text/html" if any(fault.html for fault in faults) else "application/json",
            charset="utf-8",
        )
        if request.version >= HttpVersion11:
            response.enable_chunked_encoding()
        return response

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
