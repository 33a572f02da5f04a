"""The asynchronous client of one internal inverter."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from heliobus.errors import NotSupported, ProtocolError, UsageError
from heliobus.model.capabilities import Capabilities
from heliobus.model.identity import Device
from heliobus.senec.client.closing import Closing
from heliobus.senec.mapping import inverter as mapping
from heliobus.senec.models.inverter import Measurements, Versions, Yields
from heliobus.senec.protocol.inverter import LIMIT, PAGES, curves, document
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.transport.http import HttpTransport

if TYPE_CHECKING:
    from datetime import datetime

    import aiohttp

    from heliobus.model.command import Command, Outcome
    from heliobus.model.snapshot import Snapshot
    from heliobus.senec.protocol.inverter import Element
    from heliobus.transport.clock import Clock
    from heliobus.transport.http import HttpAnswer

_log = logging.getLogger(__name__)

_DETAILS = ("live", "full")
_KEEP_ALIVE = {"Connection": "keep-alive"}


class AsyncInverterClient(Closing):
    """An inverter inside a V3 at its own network jack; it speaks plain HTTP and only tells.

    Making a client does no I/O.  ``session`` is the application's own aiohttp session, which is left open.

    Every method that asks raises TransportError when nothing (complete) came back, and ProtocolError when it was no
    page of an inverter's; Overflow for one that is too large.
    """

    def __init__(
        self,
        host: str,
        *,
        port: int | None = None,
        timeout: float = 10.0,
        session: aiohttp.ClientSession | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        if not host:
            raise UsageError("an inverter has an address", remedy="Write senec+inverter://host.")
        self._host = f"[{host}]" if ":" in host else host
        self._origin = f"http://{self._host}:{port}" if port else f"http://{self._host}"
        self._transport = HttpTransport(session=session, timeout=timeout, limit=LIMIT)
        self._clock = clock
        self._device: Device | None = None
        self._has_battery = True

    @property
    def capabilities(self) -> Capabilities:
        """What it tells, as far as is known by now; it obeys nothing."""
        return Capabilities(fields=mapping.carried(battery=self._has_battery))

    async def identify(self) -> Device:
        """Tell who it is; asked for once."""
        if self._device is None:
            self._device = mapping.device(await self._versions(), self._host)
        return self._device

    async def devices(self) -> tuple[Device, ...]:
        """The inverter."""
        return (await self.identify(),)

    async def read(self, device: str | Device | None = None, *, detail: str = "live") -> Snapshot:
        """Read the inverter's view into the unified model; ``full`` adds the energy that the sun ever gave.

        Grid and load need a meter at the inverter.  Raises UsageError for another device or detail.
        """
        page, yields, moment = await self._poll(device, detail)
        return mapping.snapshot(page, known=await self.identify(), yields=yields, received_at=moment)

    async def raw(self, device: str | Device | None = None, *, detail: str = "live") -> dict[str, Any]:
        """Read the same in the inverter's own words."""
        page, yields, _ = await self._poll(device, detail)
        told: dict[str, Any] = {"measurements": dict(page.values)}
        return told if yields is None else {**told, "yields": dict(yields.values)}

    async def execute(self, command: Command, *, device: str | Device | None = None, dry_run: bool = False) -> Outcome:
        """Raise NotSupported: the pages only tell."""
        del device, dry_run
        raise NotSupported(f"an inverter's pages cannot carry out {command.kind}: they only tell")

    # -- its pages

    async def measurements(self) -> Measurements:
        """Voltages, currents and powers now."""
        stamp = int(self._clock.now().timestamp())  # as its own page does, past every cache
        return Measurements.of(await self._page("measurements", f"?{stamp}"))

    async def versions(self) -> Versions:
        """Names, serial number and versions."""
        return Versions.of(await self._page("versions"))

    async def everything(self) -> tuple[Element, ...]:
        """The elements of the page of all that it knows, untyped: nobody has recorded one."""
        return tuple(await self._page("all"))

    async def yields(self) -> Yields:
        """The energies so far."""
        answer = await self._get("yields")
        return Yields(dict(curves(status=answer.status, body=answer.body)))

    async def _poll(self, device: str | Device | None, detail: str) -> tuple[Measurements, Yields | None, datetime]:
        if detail not in _DETAILS:
            raise UsageError(f"no detail {detail!r}", remedy=f"Use one of: {', '.join(_DETAILS)}.")
        known = await self.identify()
        wanted = device.id if isinstance(device, Device) else device
        if wanted not in (None, known.id):
            raise UsageError(f"the inverter is not {wanted!r}", remedy=f"Use {known.id}.")
        begin = self._clock.now()
        page = await self.measurements()
        moment = begin + (self._clock.now() - begin) / 2
        if page.serial and known.serial and page.serial != known.serial:
            self._device = None
            raise ProtocolError("another inverter answers at this address", remedy="Try again; look at the addresses.")
        self._has_battery = any(name.startswith("BDC_BAT_") for name in page.values)
        return page, await self._yields() if detail == "full" else None, moment

    async def _versions(self) -> Versions:
        try:
            return await self.versions()
        except NotSupported as error:
            _log.debug("%s", error.what())
            return Versions()

    async def _yields(self) -> Yields | None:
        """The energies; an inverter that does not tell them, or not well, still tells the rest."""
        try:
            return await self.yields()
        except (NotSupported, ProtocolError) as error:
            _log.warning("no yields: %s", error.what())
            return None

    async def _page(self, name: str, query: str = "") -> list[Element]:
        answer = await self._get(name, query)
        return document(name, status=answer.status, body=answer.body)

    async def _get(self, name: str, query: str = "") -> HttpAnswer:
        url = self._origin + PAGES[name] + query
        return await self._transport.request("GET", url, headers=_KEEP_ALIVE, repeatable=True)
