"""uvicorn around the application: a context manager that binds, serves and ends within seconds."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from typing import TYPE_CHECKING, Self

import uvicorn

from heliobus.errors import UsageError
from heliobus.web.app import create_app
from heliobus.web.files import BUILT

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from importlib.resources.abc import Traversable
    from types import TracebackType

    from heliobus.service.supervisor import Service
    from heliobus.web.demo import Playground

_MAX_CONNECTIONS = 512
_MAX_HEADER = 16 * 1024
_GRACE_S = 2
_REASONS = {
    errno.EADDRINUSE: ("is in use", "End the other program, or choose another port."),
    errno.EACCES: ("may not be used by this user", "Choose a port above 1023."),
    errno.EADDRNOTAVAIL: ("is not an address of this machine", "Use 127.0.0.1."),
}


class _Server(uvicorn.Server):
    """Leaves signals to whoever started us, and says when it is ready."""

    ready: asyncio.Event

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        return contextlib.nullcontext()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.ready.set()


class WebServer:
    """Serves a running service on ``host``:``port`` while its context is open; port 0 takes a free one.

    Entering raises UsageError if the port cannot be had.  Leaving ends open event streams and returns within 5 s.
    """

    def __init__(
        self,
        service: Service,
        host: str = "127.0.0.1",
        port: int = 8765,
        *,
        front_end: Traversable = BUILT,
        playground: Playground | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._app = create_app(service, front_end=front_end, playground=playground)
        self._server: _Server
        self._serving: asyncio.Task[None]

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._port

    @property
    def url(self) -> str:
        """The address of the page."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}/"

    async def __aenter__(self) -> Self:
        listener = _bind(self._host, self._port)
        self._port = listener.getsockname()[1]
        config = uvicorn.Config(
            self._app,
            loop="none",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            limit_concurrency=_MAX_CONNECTIONS,
            h11_max_incomplete_event_size=_MAX_HEADER,
            timeout_graceful_shutdown=_GRACE_S,
        )
        self._server = _Server(config)
        self._server.ready = asyncio.Event()
        self._serving = asyncio.create_task(self._server.serve([listener]), name="web server")
        await self._server.ready.wait()
        if not self._server.started:
            await self._serving  # raises what went wrong
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._app.state.streams.close()
        self._server.should_exit = True
        await self._serving
        for connection in tuple(self._server.server_state.connections):
            # A reader that does not read keeps its connection open past every grace.
            if connection.transport is not None:
                connection.transport.abort()


def _bind(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        what, remedy = _REASONS.get(error.errno or 0, (f"cannot be used: {error.strerror}", "Choose another one."))
        raise UsageError(f"the address {host}:{port} {what}", remedy=remedy) from error
