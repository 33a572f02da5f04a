"""The ways to one system: local first, a cloud as fall-back, each with its own back-off."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from heliobus.errors import ConfigError, DeadlineExceeded, Error, UsageError
from heliobus.service.backoff import Backoff
from heliobus.transport.tls import MemoryPins
from heliobus.vendor import Guarded, vendor_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from heliobus.model.capabilities import Capabilities
    from heliobus.model.command import Command, Outcome
    from heliobus.model.event import Event
    from heliobus.model.identity import Device
    from heliobus.model.snapshot import Snapshot
    from heliobus.service.config import SystemConfig
    from heliobus.transport.clock import Clock
    from heliobus.transport.tls import Pins
    from heliobus.url import Credentials, DeviceURL
    from heliobus.vendor import Source

_log = logging.getLogger(__name__)
_LONGEST_SECONDS = 120.0  # of this machine's time; clients have shorter deadlines of their own

Answer = TypeVar("Answer")


class _Way:
    """One URL: its source, opened when it is first asked, and the moment before which it is left alone."""

    def __init__(
        self,
        url: DeviceURL,
        credentials: Credentials,
        *,
        device: str | None,
        interval: float,
        pins: Pins,
        clock: Clock,
    ) -> None:
        self._vendor, self._url = vendor_of(url)
        self._wanted = device
        self._device: Device | None = None
        self._credentials = credentials
        self._pins = pins
        self._clock = clock
        self._backoff = Backoff(interval=interval)
        self._source: Source | None = None
        self._opening = asyncio.Lock()
        self._surprise: str | None = None
        self.ready_at = clock.monotonic()
        self.vendor = self._vendor.name
        self.interval = interval
        self.url = str(replace(self._url, user=None))  # a user's name is often a mail address

    def make(self) -> Source:
        """Give a source that is not open yet; raises what is wrong with the address."""
        source = self._vendor.connect(self._url, self._credentials, self._clock)
        if isinstance(source, Guarded):
            source.trust.pins = self._pins
        return source

    async def source(self) -> Source:
        async with self._opening:
            if self._source is None:
                self._source = await self.make().__aenter__()
            return self._source

    def events(self) -> tuple[Event, ...]:
        source: object = self._source
        return source.events() if isinstance(source, Guarded) else ()

    async def close(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            await source.__aexit__(None, None, None)

    async def call(self, ask: Callable[[Source], Awaitable[Answer]]) -> Answer:
        """Ask the source; whatever it does against its contract becomes an Error."""
        try:
            async with asyncio.timeout(_LONGEST_SECONDS):
                return await ask(await self.source())
        except TimeoutError as error:
            raise DeadlineExceeded(f"no answer from {self.url} within {_LONGEST_SECONDS:g} s") from error
        except Exception as error:
            if isinstance(error, Error):
                raise
            raise self._unexpected(error) from error

    async def read(self) -> Snapshot:
        """Read; an error sets the back-off."""

        async def ask(source: Source) -> Snapshot:
            return await source.read(await self._meant(source))

        try:
            snapshot = await self.call(ask)
        except Error as error:
            self.ready_at = self._clock.monotonic() + self._backoff.after(error, now=self._clock.now())
            raise
        self._backoff.reset()
        self._surprise = None
        return snapshot

    async def raw(self) -> dict[str, Any]:
        async def ask(source: Source) -> dict[str, Any]:
            return await source.raw(await self._meant(source))

        return await self.call(ask)

    async def execute(self, command: Command, *, dry_run: bool) -> Outcome:
        async def ask(source: Source) -> Outcome:
            return await source.execute(command, device=await self._meant(source), dry_run=dry_run)

        return await self.call(ask)

    async def devices(self) -> tuple[Device, ...]:
        """The device that is meant, or all where none was named."""

        async def ask(source: Source) -> tuple[Device, ...]:
            devices = await source.devices()
            return devices if self._wanted is None or len(devices) == 1 else (self._chosen(devices),)

        return await self.call(ask)

    async def _meant(self, source: Source) -> Device | None:
        """The configured device, if this way leads to several; found once."""
        if self._wanted is not None and self._device is None:
            devices = await source.devices()
            if len(devices) > 1:
                self._device = self._chosen(devices)
        return self._device

    def _chosen(self, devices: tuple[Device, ...]) -> Device:
        for device in devices:
            if self._wanted in (device.id, device.serial):
                return device
        known = ", ".join(device.id for device in devices)
        raise UsageError(f"no device {self._wanted!r} at {self.url}", remedy=f"Set device to one of: {known}.")

    def _unexpected(self, error: Exception) -> Error:
        text = f"unexpected {type(error).__name__}: {error}"
        if text != self._surprise:  # one traceback says it; the next poll would only repeat it
            _log.error("%s: %s", self.url, text, exc_info=error)
        self._surprise = text
        return Error(text, remedy="Report this with the log.")


class Connection:
    """Reads and commands one configured system over the best way that answers.

    Making one does no I/O but reading the files of secrets.  ``pins`` keeps the known certificates.  Raises
    ConfigError, also for an address that the vendor's client cannot take.
    """

    def __init__(self, system: SystemConfig, *, clock: Clock, pins: Pins | None = None) -> None:
        credentials = system.credentials()
        pins = pins or MemoryPins()
        self._clock = clock
        self._ways = [
            _Way(
                url,
                credentials,
                device=system.device,
                interval=_pace(url, system, index),
                pins=pins,
                clock=clock,
            )
            for index, url in enumerate(system.addresses)
        ]
        self._used = self._ways[0]
        for way in self._ways:
            try:
                way.make()
            except Error as error:
                raise ConfigError(f"system {system.name!r}: {error.what()}", remedy=error.remedy) from error

    @property
    def vendor(self) -> str:
        """The vendor of the way that answered last."""
        return self._used.vendor

    @property
    def url(self) -> str:
        """The way that answered last, without the user."""
        return self._used.url

    @property
    def interval(self) -> float:
        """Seconds between two polls over the way that answered last."""
        return self._used.interval

    @property
    def wait(self) -> float:
        """Seconds until a way may be asked; 0 or less is now."""
        return min(way.ready_at for way in self._ways) - self._clock.monotonic()

    async def read(self) -> Snapshot:
        """Read over the first way that answers, the preferred one first; else raise what the first one said."""
        now = self._clock.monotonic()
        ready = [way for way in self._ways if way.ready_at <= now] or [min(self._ways, key=lambda way: way.ready_at)]
        first: Error | None = None
        for way in ready:
            try:
                snapshot = await way.read()
            except Error as error:
                first = first or error
            else:
                self._used = way
                if way is not self._ways[0]:  # a fall-back bears only its own pace
                    way.ready_at = self._clock.monotonic() + way.interval
                return snapshot
        raise first or AssertionError("there is always a way to ask")

    def events(self) -> tuple[Event, ...]:
        """Take what happened to the ways since the last call; ``system`` is empty."""
        return tuple(event for way in self._ways for event in way.events())

    async def devices(self) -> tuple[Device, ...]:
        return await self._used.devices()

    async def raw(self) -> dict[str, Any]:
        """Read the live values in the device's own words, over the way that answered last."""
        return await self._used.raw()

    async def capabilities(self) -> Capabilities:
        """What the device reports and obeys, as far as it is known by now; nobody is asked."""

        async def ask(source: Source) -> Capabilities:
            return source.capabilities

        return await self._used.call(ask)

    async def execute(self, command: Command, *, dry_run: bool = False) -> Outcome:
        return await self._used.execute(command, dry_run=dry_run)

    async def close(self) -> None:
        """Close every way; what one of them raises is logged and keeps no other open."""
        for way in self._ways:
            try:
                await way.close()
            except Exception:  # noqa: BLE001, the others must be closed too
                _log.exception("%s: closing failed", way.url)


def _pace(url: DeviceURL, system: SystemConfig, rank: int) -> float:
    """Seconds between two polls: the preferred way at the configured interval, a fall-back no faster than it bears."""
    return system.seconds if rank == 0 else max(vendor_of(url)[0].pace(url), system.seconds)
