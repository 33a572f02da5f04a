"""What the clients over plain HTTP have in common: they are entered, left and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from heliobus.transport.http import HttpTransport


class Closing:
    """Leaving it closes its transport."""

    _transport: HttpTransport

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End the connection; a later call opens it again, and a sign-on stays valid for the next client."""
        await self._transport.close()
