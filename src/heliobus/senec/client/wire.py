"""One exchange with ``lala.cgi``: a request out, a decoded answer back, or the error that says what came instead."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

from heliobus.errors import NotSupported, Overflow, ProtocolError, TransportError
from heliobus.senec.protocol import EmptyAnswer, decode_answer, parse_body

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from heliobus.senec.protocol import Answer
    from heliobus.transport.clock import Clock
    from heliobus.transport.http import HttpTransport

_log = logging.getLogger(__name__)
_HEADERS = {"Content-Type": "application/json"}
_OK = 200
_REDIRECTS = range(300, 400)
_BROKEN = range(500, 600)
_CHECK_ADDRESS = "Check the address; SENEC Home 4, P4 and E4 have no local interface at all."


class Exchange(NamedTuple):
    """A decoded answer, the middle of the exchange (UTC), and the names of the cookies that it set."""

    answer: Answer
    moment: datetime
    cookies: frozenset[str]


class Wire:
    """Posts to the URL that it is given."""

    def __init__(self, transport: HttpTransport, *, clock: Clock) -> None:
        self._transport = transport
        self._clock = clock

    async def read(self, url: str, body: bytes, sections: Collection[str]) -> Exchange:
        """Ask, and once more if the answer is empty, as it is under load (SPEC 2.4)."""
        try:
            return await self._post(url, body, sections, changes=False)
        except EmptyAnswer:
            _log.debug("empty answer of %s, asking again", url)
            return await self._post(url, body, sections, changes=False)

    async def write(self, url: str, body: bytes, sections: Collection[str]) -> Exchange:
        """Send once, and to nobody but the known appliance."""
        return await self._post(url, body, sections, changes=True)

    async def _post(self, url: str, body: bytes, sections: Collection[str], *, changes: bool) -> Exchange:
        begin = self._clock.now()
        http = await self._transport.request(
            "POST", url, body=body, headers=_HEADERS, repeatable=not changes, confidential=changes
        )
        moment = begin + (self._clock.now() - begin) / 2
        _check_status(url, http.status)
        try:
            parsed = parse_body(http.body)
        except (EmptyAnswer, Overflow):
            raise
        except ProtocolError as error:
            raise _stranger(url, str(error)) from error
        if parsed.sections.keys().isdisjoint(sections):
            raise _stranger(url, "the answer has none of the sections that were asked for")
        if parsed.truncated:
            _log.debug("the answer of %s was cut off after %d bytes", url, len(http.body))
        return Exchange(decode_answer(parsed.sections), moment, frozenset(http.cookies))


def _check_status(url: str, status: int) -> None:
    if status == _OK:
        return
    if status in _BROKEN:
        raise TransportError(
            f"{url} answers HTTP {status}: its web server is restarting or overloaded",
            remedy="Try again in a minute; if it stays so, ask less often.",
        )
    if status in _REDIRECTS:
        raise NotSupported(
            f"{url} redirects (HTTP {status}), as firmware does that speaks https only",
            remedy="Leave the scheme out of the address, so that heliobus finds it.",
        )
    raise _stranger(url, f"HTTP {status}")


def _stranger(url: str, why: str) -> ProtocolError:
    return ProtocolError(f"{url} answers, but not as a SENEC appliance: {why}", remedy=_CHECK_ADDRESS)
