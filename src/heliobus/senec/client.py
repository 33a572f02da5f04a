"""The clients of one appliance: ``AsyncClient``, and ``Client``, which is the same blocking."""

from __future__ import annotations

import asyncio
import logging
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from heliobus.errors import NotSupported, Overflow, ProtocolError, Refused, TransportError, UsageError
from heliobus.model.capabilities import Capabilities
from heliobus.model.identity import Device
from heliobus.senec import control, mapping
from heliobus.senec.models import IDENTITY_REQUEST, Reading
from heliobus.senec.protocol import (
    PATH,
    Absent,
    EmptyAnswer,
    build_request,
    decode_answer,
    merge_answers,
    parse_body,
    section_names,
    split_request,
    written,
)
from heliobus.transport.blocking import BlockingClient
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.transport.http import HttpTransport

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    import aiohttp

    from heliobus.model.command import Command, Outcome
    from heliobus.model.snapshot import Snapshot
    from heliobus.senec.protocol import Answer, Json, Request, Value
    from heliobus.transport.clock import Clock

_log = logging.getLogger(__name__)
_HEADERS = {"Content-Type": "application/json"}
_OK = 200
_REDIRECTS = range(300, 400)
_BROKEN = range(500, 600)
_CHECK_ADDRESS = "Check the address; SENEC Home 4, P4 and E4 have no local interface at all."


class AsyncClient:
    """One SENEC appliance, through its ``lala.cgi``.

    Making a client does no I/O; the first call connects.  One request is in flight at a time, ``timeout`` s bound each
    exchange.  ``session`` is the application's own aiohttp session, which is left open.

    ``scheme="auto"`` uses http.  Firmware since August 2023 answers https only, with a certificate of its own:
    ``scheme="https"`` raises NotSupported until heliobus can pin certificates, since unverified it would be no safer.

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
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._url = _url(host, scheme=scheme, port=port)
        self._transport = HttpTransport(session=session, timeout=timeout)
        self._clock = clock
        self._device: Device | None = None
        self._answers: dict[str, Answer] = {}
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End the connection; a later call opens it again."""
        await self._transport.close()

    @property
    def capabilities(self) -> Capabilities:
        """What the appliance reports and obeys; fields that an answer said it does not know are left out."""
        fields = mapping.carriable("full")
        for detail, answer in self._answers.items():
            fields -= mapping.carriable(detail) - mapping.carried(answer, detail)
        return Capabilities(fields=fields, commands=control.ABILITIES)

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
            for name in names or ()
            if name not in answer.get(section, ())
        ]
        if lacking:
            _log.warning("the answer of %s lacks %s", self._url, ", ".join(lacking))
        return answer

    async def sections(self) -> tuple[str, ...]:
        """The sections that can be asked for: those that the appliance lists and those that heliobus knows.

        An appliance does not list all that it answers (SPEC 2.5).
        """
        listed = section_names(await self._ask({"DEBUG": {"SECTIONS": ""}}))
        return tuple(dict.fromkeys((*listed, *Reading.sections)))

    async def identify(self) -> Device:
        """Ask who this is: serial number, model and firmware; later snapshots carry it."""
        self._device = mapping.device(await self._ask(IDENTITY_REQUEST))
        return self._device

    async def devices(self) -> tuple[Device, ...]:
        """The one appliance behind this address."""
        return (await self.identify(),)

    async def read(self, device: str | Device | None = None, *, detail: str = "live") -> Snapshot:
        """Read one consistent snapshot in one request, unpaced and never from a cache.

        ``live`` are powers, state of charge, strings, grid phases, temperatures and counters; ``full`` adds battery
        modules with their cells, limits and wallbox settings.  ``device`` can only be this one.  What did not come is
        None, and MISSING in ``quality``.  Raises UsageError for another device or detail.
        """
        answer, moment = await self._poll(device, detail)
        return mapping.snapshot(answer, detail=detail, received_at=moment, device=self._device)

    async def raw(self, device: str | Device | None = None, *, detail: str = "live") -> dict[str, Any]:
        """Read the same in the appliance's own words: decoded, not interpreted, ready for JSON."""
        answer, _ = await self._poll(device, detail)
        return {section: {name: _plain(value) for name, value in values.items()} for section, values in answer.items()}

    async def execute(self, command: Command, *, dry_run: bool = False) -> Outcome:
        """Carry out ``Charge()`` (forced charge with all power) or ``Auto()``, and read it back for up to 15 s.

        A dry run sends nothing at all.  Raises NotSupported and OutOfBounds before anything is written.
        """
        self.capabilities.require(command)
        async with self._turn:
            return await control.carry_out(command, ask=self._ask, clock=self._clock, dry_run=dry_run)

    # -- exchanges

    async def _poll(self, device: str | Device | None, detail: str) -> tuple[Answer, datetime]:
        if detail not in mapping.REQUESTS:
            raise UsageError(f"no detail {detail!r}", remedy=f"Use one of: {', '.join(mapping.REQUESTS)}.")
        if device is not None:
            await self._require(device)
        answer, moment = await self._exchange(_prepared(detail), mapping.REQUESTS[detail])
        self._answers[detail] = answer
        return answer, moment

    async def _require(self, device: str | Device) -> None:
        known = self._device or await self.identify()
        wanted = device.id if isinstance(device, Device) else device
        if wanted != known.id:
            raise UsageError(f"no device {wanted!r} at {self._url}", remedy=f"Leave it out, or use {known.id!r}.")

    async def _ask(self, request: Request) -> Answer:
        control.require_writable(request)
        repeatable = not written(request)
        parts = split_request(request)
        return merge_answers(
            [(await self._exchange(build_request(part), part, repeatable=repeatable))[0] for part in parts]
        )

    async def _exchange(
        self, body: bytes, sections: Collection[str], *, repeatable: bool = True
    ) -> tuple[Answer, datetime]:
        """The answer to one request and the middle of the exchange."""
        try:
            return await self._exchange_once(body, sections, repeatable=repeatable)
        except EmptyAnswer:
            if not repeatable:
                raise
            _log.debug("empty answer of %s, asking again", self._url)
            return await self._exchange_once(body, sections, repeatable=repeatable)

    async def _exchange_once(
        self, body: bytes, sections: Collection[str], *, repeatable: bool
    ) -> tuple[Answer, datetime]:
        begin = self._clock.now()
        http = await self._transport.request("POST", self._url, body=body, headers=_HEADERS, repeatable=repeatable)
        moment = begin + (self._clock.now() - begin) / 2
        self._check_status(http.status)
        try:
            parsed = parse_body(http.body)
        except (EmptyAnswer, Overflow):
            raise
        except ProtocolError as error:
            raise self._stranger(str(error)) from error
        if parsed.sections.keys().isdisjoint(sections):
            raise self._stranger("the answer has none of the sections that were asked for")
        if parsed.truncated:
            _log.debug("the answer of %s was cut off after %d bytes", self._url, len(http.body))
        return decode_answer(parsed.sections), moment

    def _check_status(self, status: int) -> None:
        if status == _OK:
            return
        if status in _BROKEN:
            raise TransportError(
                f"{self._url} answers HTTP {status}: its web server is restarting or overloaded",
                remedy="Try again in a minute; if it stays so, ask less often.",
            )
        if status in _REDIRECTS:
            raise NotSupported(f"{self._url} redirects (HTTP {status}), as firmware does that speaks https only")
        raise self._stranger(f"HTTP {status}")

    def _stranger(self, why: str) -> ProtocolError:
        return ProtocolError(f"{self._url} answers, but not as a SENEC appliance: {why}", remedy=_CHECK_ADDRESS)


class Client(BlockingClient[AsyncClient]):
    """The blocking twin of ``AsyncClient``: same names, same arguments, no ``await``.

    It works in scripts, threads and notebooks.  A ``session`` belongs to an event loop, so only ``AsyncClient`` takes
    one.
    """

    def __init__(
        self,
        host: str,
        *,
        scheme: str = "auto",
        port: int | None = None,
        timeout: float = 10.0,
        session: None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        if session is not None:
            raise UsageError("a blocking client cannot use a session", remedy="Use AsyncClient, or leave it out.")

        def make() -> AsyncClient:
            return AsyncClient(host, scheme=scheme, port=port, timeout=timeout, clock=clock)

        make()  # wrong arguments are told here, not at the first call
        super().__init__(make)

    @property
    def capabilities(self) -> Capabilities:
        async def known(client: AsyncClient) -> Capabilities:
            return client.capabilities

        return self._portal.call(known)

    def query(self, request: Request) -> Answer:
        return self._portal.call(lambda client: client.query(request))

    def sections(self) -> tuple[str, ...]:
        return self._portal.call(lambda client: client.sections())

    def identify(self) -> Device:
        return self._portal.call(lambda client: client.identify())

    def devices(self) -> tuple[Device, ...]:
        return self._portal.call(lambda client: client.devices())

    def read(self, device: str | Device | None = None, *, detail: str = "live") -> Snapshot:
        return self._portal.call(lambda client: client.read(device, detail=detail))

    def raw(self, device: str | Device | None = None, *, detail: str = "live") -> dict[str, Any]:
        return self._portal.call(lambda client: client.raw(device, detail=detail))

    def execute(self, command: Command, *, dry_run: bool = False) -> Outcome:
        return self._portal.call(lambda client: client.execute(command, dry_run=dry_run))


for _name in ("capabilities", "query", "sections", "identify", "devices", "read", "raw", "execute"):
    vars(Client)[_name].__doc__ = vars(AsyncClient)[_name].__doc__


def _plain(value: Value) -> Json:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.raw if isinstance(value, Absent) else value


@cache
def _prepared(detail: str) -> bytes:
    """The request body of a level of detail, built once: it is asked every few seconds."""
    return build_request(mapping.REQUESTS[detail])


def _url(host: str, *, scheme: str, port: int | None) -> str:
    if scheme == "https":
        raise NotSupported(
            "https to a SENEC appliance comes with certificate pinning, which heliobus does not have yet",
            alternatives=("http",),
            remedy="Use scheme='http' where the appliance still answers it.",
        )
    if scheme not in {"auto", "http"}:
        raise UsageError(f"no scheme {scheme!r} for a SENEC appliance", remedy="Use auto or http.")
    if not host:
        raise UsageError("a SENEC appliance needs a host", remedy="Write senec://192.168.1.40 with its address.")
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}{'' if port is None else f':{port}'}{PATH}"
