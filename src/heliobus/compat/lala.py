"""What the drop-ins for SENEC have in common: the answers of ``lala.cgi`` in the words of the wire.

heliobus decodes an answer by its types and tells what is no reading; older programs do both in their own ways, so here
the typed strings stay as they came.  The way to the appliance is heliobus's own: https or http, whichever it speaks
today, its self-signed certificate, the greeting of firmware 2411, broken bodies, one request at a time, a deadline.
"""

from __future__ import annotations

import logging
from struct import error as StructError
from struct import unpack
from typing import TYPE_CHECKING, NamedTuple, Self
from urllib.parse import urlsplit

from heliobus.errors import ProtocolError, Refused, UsageError
from heliobus.senec.client.greeting import SILENT, Greeting
from heliobus.senec.client.link import Link
from heliobus.senec.models import system_state
from heliobus.senec.protocol import (
    NOT_A_SECTION,
    PATH,
    EmptyAnswer,
    build_request,
    merge_answers,
    parse_body,
    split_request,
    written,
)
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.transport.http import HttpTransport
from heliobus.transport.tls import Trust

if TYPE_CHECKING:
    from collections.abc import Awaitable, Collection, Mapping

    import aiohttp

    from heliobus.senec.protocol import Json, Request
    from heliobus.transport.clock import Clock
    from heliobus.transport.tls import Pins

_log = logging.getLogger(__name__)
_HEADERS = {"Content-Type": "application/json"}
_OK = 200
_CODES = 256

STATE_NAMES: Mapping[int, str] = {
    **{code: name for code in range(_CODES) if (name := system_state(code).name_en)},
    2: "ERROR ELECTRICY METER",
    33: "EMERGANCY CHARGE",
    37: "NSP ERROR: HARDWRE",
    41: "SLEEPING MODE",
    49: "EMERGANCY CHARGE: ERROR",
    52: "MAN: EQUALIZATION: READY",
    74: "FACOTRY SETTINGS NOT FOUND",
}
"""The states by number, some as the older programs spell them, which others compare with."""


class StatusError(ProtocolError):
    """An answer in HTTP, but not 200."""

    def __init__(self, url: str, status: int) -> None:
        super().__init__(
            f"{url} answers HTTP {status}",
            remedy="If the address is right, its web server is restarting or overloaded: try again in a minute.",
        )
        self.url = url
        self.status = status


class Words(NamedTuple):
    """An answer, undecoded, and the cookies that it set."""

    sections: Mapping[str, Mapping[str, Json]]
    cookies: Mapping[str, str]


class Appliance:
    """The appliance at ``place`` (``host`` or ``host:port``), or exactly at ``url``, then without another scheme.

    ``session`` is the application's own aiohttp session, which is left open.
    """

    def __init__(
        self,
        place: str,
        *,
        url: str | None = None,
        timeout: float = 10.0,
        session: aiohttp.ClientSession | None = None,
        pins: Pins | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._asked = f"http://{place}{PATH}" if url is None else url
        scheme, place, path, *_ = urlsplit(self._asked)
        if scheme not in {"http", "https"} or not place or "@" in place:
            raise UsageError(f"{self._asked} is no address of a SENEC appliance", remedy="Use its name or IP address.")
        trust = Trust(place, pins=pins)
        self._transport = HttpTransport(session=session, timeout=timeout, trust=trust)
        self._link = Link(
            path,
            scheme="auto" if url is None else scheme,
            trust=trust,
            forget=self._transport.forget_cookies,
            changed=lambda: None,  # nothing is remembered of it
            clock=clock,
        )
        self._greeting = Greeting(self._send, clock=clock)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self._transport.close()

    @property
    def url(self) -> str:
        """Where it is asked: until the first answer as the older programs would."""
        return self._asked if self._link.peer is None else self._link.url

    async def ask(self, request: Request) -> dict[str, dict[str, Json]]:
        """Read typed strings; what was asked for by its name and did not come is None.

        Raises StatusError, TransportError, ProtocolError, and Refused for a request that would write.
        """
        if changes := written(request):
            raise Refused(
                f"this only reads, and the request would write {', '.join(changes)}",
                remedy="Use heliobus.senec.Client.execute with a command.",
            )
        answer = merge_answers([(await self._send(part)).sections for part in split_request(request)])
        for section, names in request.items():
            for name in names:
                answer.setdefault(section, {}).setdefault(name, None)
        return answer

    async def _send(self, request: Request) -> Words:
        body = build_request(request)
        if written(request):  # the log-out of the greeting
            return await self._link.once(lambda url: self._post(url, body, request, changes=True))

        def ask() -> Awaitable[Words]:
            return self._link.over(lambda url: self._read(url, body, request))

        try:
            return await ask()
        except SILENT as silence:
            return await self._greeting.retry(ask, silence)

    async def _read(self, url: str, body: bytes, wanted: Collection[str]) -> Words:
        try:
            return await self._post(url, body, wanted, changes=False)
        except EmptyAnswer:  # as it is under load
            return await self._post(url, body, wanted, changes=False)

    async def _post(self, url: str, body: bytes, wanted: Collection[str], *, changes: bool) -> Words:
        http = await self._transport.request(
            "POST", url, body=body, headers=_HEADERS, repeatable=not changes, confidential=changes
        )
        if http.status != _OK:
            raise StatusError(url, http.status)
        parsed, truncated = parse_body(http.body)
        if truncated:
            _log.warning("the answer of %s was cut off after %d bytes", url, len(http.body))
        if parsed.keys().isdisjoint(wanted):
            raise ProtocolError(f"{url} answers, but with none of the sections that were asked for")
        sections = {
            name: section if isinstance(section, dict) else {NOT_A_SECTION: section} for name, section in parsed.items()
        }
        return Words(sections, http.cookies)


def number(leaf: str) -> float | str:
    """``fl_`` as a float, any other type as an unsigned number; ``leaf`` itself where its payload is none."""
    kind, _, payload = leaf.partition("_")
    try:
        return float(unpack(">f", bytes.fromhex(payload))[0]) if kind == "fl" else int(payload, 16)
    except (ValueError, StructError):
        return leaf
