"""The recorded days that pages and API show, read once for all who look at the same time."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING

from heliobus.recorder.calendar import zone_of
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.web.plain.day import read_curves, read_day

if TYPE_CHECKING:
    from datetime import date

    from heliobus.service.supervisor import Service
    from heliobus.service.tables import SiteConfig
    from heliobus.web.plain.day import Curves, Day
    from heliobus.web.reading import Reading

RECENT_S, RECENT_STEP = 3 * 3600, 120
"""What "the last hours" are, and the width of their points, in s."""
_KEPT = 8
_COSTLY_S, _KEEP_TIMES = 0.05, 20
"""A day whose reading took longer is kept 20 times as long, so that looking never takes more than 5 % of a board."""


class Record:
    """Reads the record of a service's sites.  Every method raises StorageError."""

    def __init__(self, service: Service, reading: Reading) -> None:
        self._service = service
        self._reading = reading
        self._turn = asyncio.Lock()
        self._days: OrderedDict[tuple[str, date], tuple[float, Day]] = OrderedDict()

    async def day(self, site: SiteConfig, shown: date | None = None) -> Day:
        """Read a day of a site (today if none is named), or give the one of a moment ago if reading it is slow."""
        service = self._service
        now = service.clock.now()
        shown = shown or now.astimezone(zone_of(site.timezone)).date()
        key = (site.key, shown)
        async with self._turn:
            until, day = self._days.get(key, (0.0, None))
            begun = SYSTEM_CLOCK.monotonic()
            if day is not None and begun < until:
                return day
            day = await self._reading(lambda: read_day(service.history, site, shown, now=now))
            cost = SYSTEM_CLOCK.monotonic() - begun  # what it costs this machine, whatever time it is in the house
            if cost > _COSTLY_S:
                self._days[key] = (begun + cost * _KEEP_TIMES, day)
                self._days.move_to_end(key)
            if len(self._days) > _KEPT:
                self._days.popitem(last=False)
            return day

    async def recent(self, site: SiteConfig) -> Curves:
        """Read the last hours of a site."""
        service = self._service
        until = int(service.clock.now().timestamp())
        start = (until - RECENT_S) // RECENT_STEP * RECENT_STEP
        return await self._reading(lambda: read_curves(service.history, site, start, until, step=RECENT_STEP))
