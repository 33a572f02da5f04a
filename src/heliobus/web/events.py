"""The event stream: the whole state first, then what changes.

Server-sent events of three names: ``now`` (the document of ``/now``), ``change`` (the same form with only the systems
and sites that changed; each entry replaces the one before) and ``event`` (something happened).  ``now`` comes again
every 15 s: it keeps proxies from closing a quiet stream, tells both sides of one that is dead, and a reader that missed
something is right again.

Nothing is queued per reader: the hub keeps the last value of each system, and while a reader does not read, its task
waits in ``send``.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any

from heliobus.model.event import Event
from heliobus.web import document
from heliobus.web.guard import refuse

if TYPE_CHECKING:
    from heliobus.service.hub import Subscription
    from heliobus.service.supervisor import Service
    from heliobus.web.guard import Message, Receive, Send

_LOG = logging.getLogger(__name__)

MAX_CLIENTS = 256
HEARTBEAT_S = 15.0
_RETRY_MS = 3000
_FAREWELL_S = 1.0
_UNAVAILABLE = 503


class EventStreams:
    """The ASGI application behind ``/events``, and all its open streams."""

    def __init__(self, service: Service, *, max_clients: int = MAX_CLIENTS) -> None:
        self._service = service
        self._max_clients = max_clients
        self._closing = asyncio.Event()
        self.clients = 0

    def close(self) -> None:
        """End every stream, so that the server can end."""
        self._closing.set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        if self.clients >= self._max_clients:
            remedy = "Close other pages that show live values, or ask /api/v1/now instead."
            await refuse(send, _UNAVAILABLE, "too many event streams are open", remedy, {"retry-after": "60"})
            return
        self.clients += 1
        try:
            async with self._service.hub.subscribe(keep="latest") as subscription:
                await self._stream(subscription, receive, send)
        finally:
            self.clients -= 1

    async def _stream(self, subscription: Subscription, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send(_chunk(f"retry: {_RETRY_MS}\n{_lines('now', document.now(self._service))}"))
        tasks = [
            asyncio.ensure_future(work)
            for work in (self._changes(subscription, send), self._beats(send), _gone(receive), self._closing.wait())
        ]
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in ended:
            task.result()
        try:
            async with asyncio.timeout(_FAREWELL_S):
                await send({"type": "http.response.body", "body": b""})
        except TimeoutError:
            _LOG.debug("a reader of the event stream did not read to the end")

    async def _changes(self, subscription: Subscription, send: Send) -> None:
        async for first in subscription:
            items = [first, *subscription.take()]
            happened = [item for item in items if isinstance(item, Event)]
            text = "".join(_lines("event", document.event(item)) for item in happened)
            changed = {item.system for item in items}
            await send(_chunk(text + _lines("change", document.now(self._service, only=changed))))

    async def _beats(self, send: Send) -> None:
        while True:
            await self._service.clock.sleep(HEARTBEAT_S)
            await send(_chunk(_lines("now", document.now(self._service))))


def _lines(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, allow_nan=False)}\n\n"


def _chunk(text: str) -> Message:
    return {"type": "http.response.body", "body": text.encode(), "more_body": True}


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
