"""The blocking API: asynchronous clients run on one private event-loop thread.

There is one implementation of every behaviour; a blocking call costs a hand-over between two threads (about 0.1 ms),
and a connection can be kept alive in the background.  The thread is a daemon with an orderly close at exit.  A fork
copies sockets but not threads: the child gets a new thread, and each client a new connection, at its next call.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import threading
import weakref
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, Protocol, Self, TypeVar

from heliobus.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

P = ParamSpec("P")
R = TypeVar("R")

_CLOSING_TIME = 2.0


class AsyncContext(Protocol):
    """What a portal can hold: an asynchronous client."""

    async def __aenter__(self) -> Any: ...
    async def __aexit__(self, *_exception: object) -> None: ...


C = TypeVar("C", bound=AsyncContext)


class _LoopThread:
    """An event loop that runs for ever in its own daemon thread."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="heliobus-loop", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def run(self, coroutine: Coroutine[Any, Any, R]) -> R:
        if threading.current_thread() is self._thread:
            coroutine.close()
            raise UsageError(
                "a blocking client was called from its own event loop",
                remedy="Use the asynchronous client (AsyncClient) inside coroutines and callbacks.",
            )
        future = asyncio.run_coroutine_threadsafe(coroutine, self.loop)
        try:
            return future.result()
        except BaseException:
            # Ctrl-C: the request must not go on behind the caller's back.
            future.cancel()
            raise

    def start(self, coroutine: Coroutine[Any, Any, object]) -> None:
        """Run a coroutine without waiting; ``stop`` cancels what has not ended by then."""
        try:
            asyncio.run_coroutine_threadsafe(coroutine, self.loop)
        except RuntimeError:  # the loop is closed
            coroutine.close()

    def stop(self) -> None:
        async def finish() -> None:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            await self.loop.shutdown_asyncgens()

        with contextlib.suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(finish(), self.loop).result(_CLOSING_TIME)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(_CLOSING_TIME)
        if not self._thread.is_alive():
            self.loop.close()


class _State:
    """The one thread of this process, and the clients that are open on it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.thread: _LoopThread | None = None
        self.portals: weakref.WeakSet[Portal[Any]] = weakref.WeakSet()
        # What a fork left behind.  It is kept for ever: to collect it would close sockets that the parent still uses.
        self.abandoned: list[object] = []

    def running(self) -> _LoopThread:
        with self.lock:
            if self.thread is None:
                self.thread = _LoopThread()
            return self.thread

    def after_fork(self) -> None:
        self.lock = threading.Lock()
        self.abandoned.append(self.thread)
        self.thread = None
        for portal in list(self.portals):
            self.abandoned.append(portal.forget())

    def at_exit(self) -> None:
        for portal in list(self.portals):
            portal.close()
        if self.thread is not None:
            self.thread.stop()
            self.thread = None


_state = _State()
atexit.register(_state.at_exit)
os.register_at_fork(after_in_child=lambda: _state.after_fork())  # noqa: PLW0108 - tests exchange the state


def run(coroutine: Coroutine[Any, Any, R]) -> R:
    """Run a coroutine on the private loop and wait for its result.

    Works inside the thread of another running loop too (Jupyter), which waits meanwhile.  Raises what the coroutine
    raises, and UsageError when called from the private loop itself.
    """
    return _state.running().run(coroutine)


class Portal(Generic[C]):
    """Holds one asynchronous client on the private loop: entered at the first call, made anew after a fork."""

    def __init__(self, make: Callable[[], C]) -> None:
        self._make = make
        self._client: C | None = None
        self._entering = asyncio.Lock()
        _state.portals.add(self)

    def call(self, method: Callable[[C], Coroutine[Any, Any, R]]) -> R:
        """Call ``method`` with the client and wait for its result."""
        return run(self._call(method))

    def look(self, read: Callable[[C], R]) -> R:
        """Call ``read``, which does no I/O, with the client: for its properties and plain methods."""

        async def looked(client: C) -> R:
            return read(client)

        return self.call(looked)

    def close(self) -> None:
        """Leave the client; the next call enters a new one."""
        if self._client is not None:
            run(self._leave())

    def forget(self) -> C | None:
        """Give the client away without closing it: it belongs to another process."""
        client, self._client = self._client, None
        self._entering = asyncio.Lock()  # the old one may be held by a thread that the fork did not copy
        return client

    def __del__(self) -> None:
        """Leave the client that nobody can reach any more, without waiting: this may run in any thread."""
        if self._client is not None and _state.thread is not None:
            _state.thread.start(self._client.__aexit__(None, None, None))

    async def _call(self, method: Callable[[C], Coroutine[Any, Any, R]]) -> R:
        async with self._entering:
            if self._client is None:
                client = self._make()
                await client.__aenter__()
                self._client = client
        return await method(self._client)

    async def _leave(self) -> None:
        client = self.forget()
        if client is not None:
            await client.__aexit__(None, None, None)


class BlockingClient(Generic[C]):
    """The root of the vendors' blocking clients: a context manager around a portal.

    ``make`` is called once for nothing: wrong arguments are told here, not at the first call.  Raises UsageError for a
    ``session``: it belongs to an event loop, so only an asynchronous client takes one.
    """

    def __init__(self, make: Callable[[], C], *, session: object = None) -> None:
        if session is not None:
            raise UsageError(
                "a blocking client cannot use a session", remedy="Use the asynchronous client, or leave it out."
            )
        make()
        self._portal = Portal(make)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; a later call opens it again."""
        self._portal.close()

    def _call(self, method: Callable[[C], Coroutine[Any, Any, R]]) -> R:
        return self._portal.call(method)


class Twin(Protocol):
    """What has blocking twins of asynchronous methods: it calls a method with their owner, and waits."""

    def _call(self, method: Callable[[Any], Coroutine[Any, Any, R]]) -> R: ...


def twin(method: Callable[Concatenate[Any, P], Coroutine[Any, Any, R]]) -> Callable[Concatenate[Twin, P], R]:
    """The blocking twin of an asynchronous method: its name, arguments, result and docstring, no ``await``."""

    def blocking(self: Twin, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._call(lambda owner: method(owner, *args, **kwargs))

    update_wrapper(blocking, method)
    return blocking
