"""Moves what the hub publishes into the recorder, without the event loop ever waiting for the disk."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from heliobus.model.event import Event, EventKind
from heliobus.recorder.store import Recorder
from heliobus.service.offload import offload

if TYPE_CHECKING:
    from heliobus.errors import StorageError
    from heliobus.service.config import Config
    from heliobus.service.hub import Hub, Reading
    from heliobus.transport.clock import Clock

_log = logging.getLogger(__name__)


class Recording:
    """``open`` gives one; ``run`` works until the hub is closed and everything is handed over."""

    def __init__(self, recorder: Recorder, *, hub: Hub, clock: Clock) -> None:
        self.recorder = recorder
        self._hub = hub
        self._clock = clock
        self._published = hub.subscribe(keep="all")
        self._failure: StorageError | None = None

    @classmethod
    async def open(cls, config: Config, *, hub: Hub, clock: Clock) -> Recording:
        """Open the database and declare the configured systems.  Raises StorageError."""
        recorder = await offload(lambda: Recorder.open(config.recorder.path, durability=config.recorder.durability))
        for system in config.systems:
            site = config.site_of(system)
            recorder.add_system(
                site=site.key,
                timezone=site.timezone,
                name=system.name,
                vendor=system.vendor,
                interval=system.seconds,
                grid=config.grid_authority(site) == system,
            )
        return cls(recorder, hub=hub, clock=clock)

    async def run(self) -> None:
        async for item in self._published:
            self._hand_over(item)

    async def flush(self) -> None:
        """Wait until everything that was published is on the disk.  Raises StorageError."""
        for item in self._published.take():
            self._hand_over(item)
        await offload(self.recorder.flush)

    def _hand_over(self, item: Reading | Event) -> None:
        try:
            if isinstance(item, Event):
                self.recorder.event(item)
            elif item.snapshot is not None:
                self.recorder.record(item.system, item.snapshot, interval=item.interval)
        except Exception:  # noqa: BLE001, the next items must be recorded whatever is wrong with this one
            _log.exception("%s: not recorded", item.system)
        self._tell_failure(item.system)

    def _tell_failure(self, system: str) -> None:
        """Publish that the disk began or ceased to refuse, once each."""
        before, self._failure = self._failure, self.recorder.failure
        if (before is None) != (self._failure is None):
            text = "recording again" if self._failure is None else self._failure.line()
            _log.warning("%s", text)
            self._hub.publish(Event(at=self._clock.now(), system=system, kind=EventKind.STORAGE, text=text))
