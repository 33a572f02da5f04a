"""Real sockets for simulated devices that speak HTTP."""

from __future__ import annotations

import errno
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Self

from aiohttp import web

from heliobus.errors import UsageError

if TYPE_CHECKING:
    from ssl import SSLContext
    from types import TracebackType


# Seconds that leaving waits for answers still being made before it cuts them off: a simulator may hang on purpose.
_PATIENCE = 0.1


class Host:
    """Serves ``app`` while entered, on ``host`` and ``port``; 0 takes a free port, which ``port`` tells from then on.

    Entering raises UsageError when the address cannot be had.  It may be entered again: same port, as after a restart.
    """

    def __init__(
        self, app: web.Application, *, host: str = "127.0.0.1", port: int = 0, ssl_context: SSLContext | None = None
    ) -> None:
        self._app = app
        self.ssl_context = ssl_context
        """What https is spoken with from the next entering on; None is http."""
        self._open = AsyncExitStack()
        self.host = host
        self.port = port

    @property
    def base_url(self) -> str:
        """Where the application answers, with a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.ssl_context else 'http'}://{host}:{self.port}/"

    async def __aenter__(self) -> Self:
        runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=_PATIENCE)
        await runner.setup()
        try:
            await web.TCPSite(runner, self.host, self.port, ssl_context=self.ssl_context).start()
        except (OSError, OverflowError) as error:
            await runner.cleanup()
            raise cannot_listen(self.host, self.port, error) from error
        self._open.push_async_callback(runner.cleanup)
        self.port = runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()


def cannot_listen(host: str, port: int, error: Exception) -> UsageError:
    """Give the error for an address that cannot be had."""
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return UsageError(f"port {port} on {host} is in use", remedy="Choose another port, or 0 for one that is free.")
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return UsageError(f"cannot listen on {host} port {port}: {reason}", remedy="Choose another address or port.")
