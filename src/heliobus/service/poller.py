"""The poller of one system: asks at its interval, one request at a time, and never gives up."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from heliobus.errors import Error
from heliobus.model.event import Event, EventKind
from heliobus.service.changes import Changes
from heliobus.service.health import Health
from heliobus.service.hub import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from heliobus.model.identity import Device
    from heliobus.model.snapshot import Snapshot
    from heliobus.service.changes import Change
    from heliobus.service.connection import Connection
    from heliobus.service.health import SystemStatus
    from heliobus.service.hub import Hub
    from heliobus.transport.clock import Clock

_log = logging.getLogger(__name__)
_IDENTITY_SECONDS = 3600.0  # firmware may change without a loss that we see
_EARLY = 1e-6  # a timer may wake this share of an interval before its time


class Poller:
    """Reads ``connection`` every ``interval`` s and publishes each outcome as a Reading.

    Beats are counted from the first one on the monotonic clock: a slow answer or a suspended machine misses beats,
    it does not shift or pile them up.  After failures the connection's back-off goes before the beat.
    """

    def __init__(
        self, connection: Connection, *, name: str, site: str, interval: float, hub: Hub, clock: Clock
    ) -> None:
        self._connection = connection
        self._name = name
        self._interval = interval
        self._hub = hub
        self._clock = clock
        self._turn = asyncio.Lock()
        self._changes = Changes()
        self._ask_who_at = clock.monotonic()
        self._device: Device | None = None
        self._loss_told = False
        self._health = Health(
            name=name, site=site, vendor=connection.vendor, url=connection.url, interval=interval, clock=clock
        )

    async def run(self) -> None:
        """Poll until cancelled."""
        start = self._clock.monotonic()
        while True:
            try:
                await self.poll_once()
            except Exception:  # noqa: BLE001, a bug here must not end the recording of a system
                _log.exception("%s: the poll went wrong", self._name)
            await self._clock.sleep(max(self._to_next_beat(start), self._connection.wait))

    async def poll_once(self) -> Reading:
        """Poll now, whatever the time; while another poll is under way, wait for it first."""
        async with self._turn:
            begun = self._clock.monotonic()
            try:
                snapshot = await self._connection.read()
            except Error as error:
                return self._failed(error)
            finally:
                self._pass_on()
            latency = self._clock.monotonic() - begun
            self._tell_changes(self._changes.of(snapshot, way=self._connection.url))
            return self._succeeded(await self._identify(snapshot), latency=latency)

    def status(self) -> SystemStatus:
        """Judge the system's health now."""
        return replace(self._health.status(), vendor=self._connection.vendor, url=self._connection.url)

    def _to_next_beat(self, start: float) -> float:
        gone = (self._clock.monotonic() - start) / self._interval
        return (int(gone + _EARLY) + 1 - gone) * self._interval

    def _succeeded(self, snapshot: Snapshot, *, latency: float) -> Reading:
        silent_for = self._health.age
        self._health.succeeded(snapshot, latency=latency, interval=self._connection.interval)
        if self._loss_told:
            self._loss_told = False
            self._tell(EventKind.SOURCE_BACK, f"answers again after {silent_for:.0f} s", logging.INFO)
        return self._publish(snapshot=snapshot)

    def _failed(self, error: Error) -> Reading:
        self._health.failed(error)
        # One failed poll is no news while the last answer is fresh, unless no other comes before that one is long old.
        news = self._health.state != "ok" or self._health.is_lost_within(self._connection.wait)
        if news and not self._loss_told:
            self._loss_told = True
            self._ask_who_at = self._clock.monotonic()
            self._tell(EventKind.SOURCE_LOST, f"no answer: {error.line()}", logging.WARNING)
        return self._publish(error=error.line())

    def _pass_on(self) -> None:
        """Publish what the client noticed: behind another certificate or scheme there may be another device."""
        for event in self._connection.events():
            self._ask_who_at = self._clock.monotonic()
            self._hub.publish(replace(event, system=self._name))

    def _tell_changes(self, changes: Iterable[Change]) -> None:
        for kind, text, data in changes:
            if kind is EventKind.FIELD_VANISHED:  # other firmware, most likely
                self._ask_who_at = self._clock.monotonic()
            # A battery changes its state many times a day: an event, but no news for the log.
            self._tell(kind, text, logging.DEBUG if kind is EventKind.STATE_CHANGED else logging.INFO, data)

    def _tell(self, kind: EventKind, text: str, level: int, data: Mapping[str, Any] | None = None) -> None:
        _log.log(level, "%s: %s", self._name, text)
        self._hub.publish(Event(at=self._clock.now(), system=self._name, kind=kind, text=text, data=data or {}))

    def _publish(self, *, snapshot: Snapshot | None = None, error: str | None = None) -> Reading:
        reading = Reading(
            system=self._name,
            at=self._clock.now(),
            status=self._health.state,
            snapshot=snapshot,
            error=error,
            interval=self._connection.interval,
        )
        self._hub.publish(reading)
        return reading

    async def _identify(self, snapshot: Snapshot) -> Snapshot:
        """Give the snapshot with its device, which is asked for when it may be another one, and once an hour."""
        fresh = await self._ask_who() if self._clock.monotonic() >= self._ask_who_at else None
        if fresh is not None:
            self._tell_changes(self._changes.of_device(fresh))
        self._device = fresh or snapshot.device or self._device
        return replace(snapshot, device=self._device)

    async def _ask_who(self) -> Device | None:
        try:
            devices = await self._connection.devices()
        except Error as error:
            _log.debug("%s: not identified: %s", self._name, error)
            if not error.retryable:
                self._ask_who_at = self._clock.monotonic() + _IDENTITY_SECONDS
            return None
        self._ask_who_at = self._clock.monotonic() + _IDENTITY_SECONDS
        return devices[0] if len(devices) == 1 else None
