"""The asynchronous client of one appliance."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from heliobus.errors import Refused, UsageError
from heliobus.model.capabilities import Capabilities
from heliobus.model.identity import Device
from heliobus.senec import control, mapping
from heliobus.senec.client.greeting import SILENT, Greeting
from heliobus.senec.client.link import Link, place_of
from heliobus.senec.client.wire import Wire
from heliobus.senec.client.writes import Writes
from heliobus.senec.models import IDENTITY_REQUEST, WHOLE_REQUESTS, Reading
from heliobus.senec.protocol import (
    PATH,
    Absent,
    build_request,
    merge_answers,
    section_names,
    split_request,
    written,
)
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.transport.http import HttpTransport
from heliobus.transport.tls import Trust

if TYPE_CHECKING:
    from collections.abc import Awaitable, Collection
    from datetime import datetime

    import aiohttp

    from heliobus.model.event import Event
    from heliobus.model.snapshot import Snapshot
    from heliobus.senec.client.wire import Exchange
    from heliobus.senec.protocol import Answer, Json, Request, Value
    from heliobus.transport.clock import Clock
    from heliobus.transport.tls import Peer, Pins

_log = logging.getLogger(__name__)


class AsyncClient(Writes):
    """One SENEC appliance, through its ``lala.cgi``.

    Making a client does no I/O; the first call connects.  One request is in flight at a time, ``timeout`` s bound each
    exchange.  ``session`` is the application's own aiohttp session, which is left open.

    ``scheme="auto"`` finds out whether the appliance speaks https or http, and again when it ceases to answer.  Its own
    certificate is pinned on first use, in ``pins`` (without them in memory).  When it changes, and when http is spoken
    instead, reading goes on, ``peer`` and an event tell, and writes are Refused until ``accept_certificate``.

    Every method raises TransportError when nothing (complete) came back and ProtocolError when it was no SENEC answer.
    """

    def __init__(
        self,
        host: str,
        *,
        scheme: str = "auto",
        port: int | None = None,
        timeout: float = 10.0,
        session: aiohttp.ClientSession | None = None,
        pins: Pins | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self.trust = Trust(place_of(host, port), pins=pins)
        self._transport = HttpTransport(session=session, timeout=timeout, trust=self.trust)
        self._link = Link(
            PATH,
            scheme=scheme,
            trust=self.trust,
            forget=self._transport.forget_cookies,
            changed=self._forget_device,
            clock=clock,
        )
        self._wire = Wire(self._transport, clock=clock)
        self._greeting = Greeting(self._send, clock=clock)
        super().__init__(clock=clock)
        self._device: Device | None = None
        self._answers: dict[str, Answer] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Log out if need be and end the connection; a later call opens it again."""
        try:
            await self._leave()
        finally:
            await self._transport.close()

    @property
    def capabilities(self) -> Capabilities:
        """What the appliance reports and obeys; fields that an answer said it does not know are left out."""
        fields = mapping.carriable("full")
        for detail, answer in self._answers.items():
            fields -= mapping.carriable(detail) - mapping.carried(answer, detail)
        return Capabilities(fields=fields, commands=control.abilities(self._answers.values()))

    @property
    def peer(self) -> Peer | None:
        """Who answered last: scheme, fingerprint, what is known, and whether it is accepted; None before an answer."""
        return self._link.peer

    async def accept_certificate(self, peer: Peer) -> None:
        """Let ``peer``, as ``self.peer`` showed it, be the known appliance from now on: its certificate, or http.

        Raises Refused if another one has answered since, and StorageError.
        """
        self._link.accept(peer)

    def events(self) -> tuple[Event, ...]:
        """Take what happened since the last call (PEER_CHANGED); their ``system`` is empty."""
        return self._link.take_events()

    async def query(self, request: Request) -> Answer:
        """Read variables in the vendor's own words: ``{"ENERGY": {"GUI_HOUSE_POW": ""}}``, ``{"ENERGY": {}}`` for all.

        Gives the same tree with Python values; an ``Absent`` stands where the appliance has none and says why.  What is
        too much for one request is asked in several.  Raises Refused for a request that would write.
        """
        if changes := written(request):
            raise Refused(
                f"query only reads, and this would write {', '.join(changes)}", remedy="Use execute with a command."
            )
        answer = await self._ask(request)
        lacking = [
            f"{section}.{name}"
            for section, names in request.items()
            for name in names
            if name not in answer.get(section, ())
        ]
        if lacking:
            _log.warning("the answer of %s lacks %d value(s), %s first", self._link.url, len(lacking), lacking[0])
        return answer

    async def sections(self) -> tuple[str, ...]:
        """The sections that can be asked for: those that the appliance lists and those that heliobus knows.

        An appliance does not list all that it answers (SPEC 2.5).
        """
        listed = section_names(await self._ask({"DEBUG": {"SECTIONS": ""}}))
        return tuple(dict.fromkeys((*listed, *Reading.sections)))

    async def identify(self) -> Device:
        """Ask who this is: serial number, model and firmware; later snapshots carry it."""
        device = mapping.device(await self._ask(IDENTITY_REQUEST))
        if self._device not in {None, device}:
            self._forget_device()
        self._device = device
        return device

    async def devices(self) -> tuple[Device, ...]:
        """The one appliance behind this address."""
        return (await self.identify(),)

    async def read(self, device: str | Device | None = None, *, detail: str = "live") -> Snapshot:
        """Read one consistent snapshot in one request, unpaced and never from a cache.

        ``live`` are powers, state of charge, strings, grid phases, temperatures and counters; ``full`` adds battery
        modules with their cells, limits, inverters, the house's meter, sockets and wallbox settings.  ``device`` can
        only be this one.  What did not come is None, and MISSING in ``quality``.  Raises UsageError for another device
        or detail.
        """
        answer, moment = await self._poll(device, detail)
        source = f"senec/{self._link.scheme}"
        return mapping.snapshot(answer, detail=detail, received_at=moment, source=source, device=self._device)

    async def whole(self) -> Reading:
        """Read everything that the appliance tells, typed: known variables by section, others in ``extra``.

        Several requests, so the powers of one section need not add up with those of another.  Not for every few
        seconds: appliances that are asked so much lose their cloud (SPEC 2.3).
        """
        return Reading(merge_answers([(await self._send(request)).answer for request in WHOLE_REQUESTS]))

    async def raw(self, device: str | Device | None = None, *, detail: str = "live") -> dict[str, Any]:
        """Read in the appliance's own words: decoded, not interpreted, ready for JSON.

        ``live`` is what ``read`` asks for; ``full`` is everything that the appliance tells, known or not.
        """
        if detail == "full":
            await self._choose(device, detail)
            answer = (await self.whole()).answer
        else:
            answer, _ = await self._poll(device, detail)
        return {section: {name: _plain(value) for name, value in values.items()} for section, values in answer.items()}

    # -- exchanges

    async def _choose(self, device: str | Device | None, detail: str) -> None:
        if detail not in mapping.REQUESTS:
            raise UsageError(f"no detail {detail!r}", remedy=f"Use one of: {', '.join(mapping.REQUESTS)}.")
        if device is not None:
            await self._require(device)

    async def _poll(self, device: str | Device | None, detail: str) -> tuple[Answer, datetime]:
        await self._choose(device, detail)
        answer, moment, _ = await self._exchange(_prepared(detail), mapping.REQUESTS[detail])
        self._answers[detail] = answer
        return answer, moment

    def _forget_device(self) -> None:
        """Forget who it is and what it tells: another box or firmware may have answered."""
        self._device = None
        self._answers.clear()

    async def _require(self, device: str | Device, *, dry_run: bool = False) -> None:
        """Raise UsageError unless this is the device; a dry run asks nobody who it is."""
        known = self._device if dry_run else self._device or await self.identify()
        if known is None:
            return
        wanted = device.id if isinstance(device, Device) else device
        if wanted != known.id:
            raise UsageError(f"no device {wanted!r} at {self._link.url}", remedy=f"Leave it out, or use {known.id!r}.")

    async def _ask(self, request: Request) -> Answer:
        control.require_writable(request)
        return merge_answers([(await self._send(part)).answer for part in split_request(request)])

    async def _send(self, request: Request) -> Exchange:
        body = build_request(request)
        if written(request):
            return await self._link.once(lambda url: self._wire.write(url, body, request))
        return await self._exchange(body, request)

    async def _exchange(self, body: bytes, sections: Collection[str]) -> Exchange:
        def ask() -> Awaitable[Exchange]:
            return self._link.over(lambda url: self._wire.read(url, body, sections))

        try:
            return await ask()
        except SILENT as silence:
            return await self._greeting.retry(ask, silence)


def _plain(value: Value) -> Json:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.raw if isinstance(value, Absent) else value


@cache
def _prepared(detail: str) -> bytes:
    """The request body of a level of detail, built once: it is asked every few seconds."""
    return build_request(mapping.REQUESTS[detail])
