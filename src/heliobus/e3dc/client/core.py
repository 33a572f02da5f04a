"""What every E3/DC client does, whatever its way to the device: ask, identify, read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from heliobus.e3dc import control, mapping, models
from heliobus.e3dc.client.asking import ask, ask_batch
from heliobus.e3dc.models import FullRequest, Layout, LiveRequest
from heliobus.e3dc.protocol import Item, tags
from heliobus.errors import Error, NotSupported, UsageError
from heliobus.model.capabilities import Capabilities
from heliobus.model.identity import Device

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable, Mapping, Sequence

    from heliobus.e3dc.client.link import Link
    from heliobus.e3dc.models import Full, Live, Request
    from heliobus.model.snapshot import Snapshot
    from heliobus.transport.clock import Clock

DETAILS = ("live", "full")
PATIENCE = timedelta(seconds=30)
"""How long to leave a busy device alone."""
_EVERYWHERE = LiveRequest()


class Core:
    """One system behind ``link``.  Making one does no I/O; the first call connects.

    Every method raises TransportError when nothing (complete) came back, ProtocolError when it was no RSCP answer,
    AuthenticationError and its KeyRejected when the device lets nobody in, and LockedOut when it is busy.
    """

    def __init__(self, link: Link, *, clock: Clock) -> None:
        self._link = link
        self._clock = clock
        self._device: Device | None = None
        self._specifications: Mapping[str, int | str | None] = {}
        self._seen: dict[str, Snapshot] = {}
        self._live = _EVERYWHERE
        self._layout: Layout | None = None
        self._idle_items: list[Item] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End the connection; a later call opens it again."""
        self._forget()
        await self._link.close()

    # -- in the vendor's words

    async def query(self, requests: Iterable[Request]) -> list[Item]:
        """Ask any tags in one round trip: ``query(["EMS_REQ_POWER_PV", ("DB_REQ_HISTORY_DATA_DAY", {...})])``.

        Gives one item (tag, type, value) for each request, in their order; an item that is an error has ``error``, and
        one without a value was not answered.  What is too much for one frame is asked in several.  Raises UsageError
        for names that do not exist and Refused for requests that may change something.
        """
        items = [models.request(one) for one in requests]
        control.require_reading(items)
        return self._answered(items, await self._ask(items))

    async def act(self, requests: Iterable[Request]) -> list[Item]:
        """Send any tags, those that change something and unknown ones too, and give the answers as ``query`` does.

        Nothing is checked, nothing is read back, and after a lost connection nothing is sent twice: prefer the methods
        that say what they do.  Some tags restart the inverter or the whole system.
        """
        items = [models.request(one) for one in requests]
        return self._answered(items, await self._ask(items, repeatable=False))

    async def raw(self, device: str | Device | None = None, *, detail: str = "live") -> dict[str, Any]:
        """Ask for what ``read`` asks for, decoded, not interpreted, ready for JSON: by the names of the tags."""
        await self._require(device, detail)
        items = self._live.batch.items if detail == "live" else (await self._full_request()).items
        return models.plain([answer for answer in await self._ask(items) if answer is not None])

    # -- in the unified model

    @property
    def capabilities(self) -> Capabilities:
        """What the system reports and obeys; fields that an answer said it does not know are left out."""
        fields = mapping.FIELDS["full"]
        for detail, snapshot in self._seen.items():
            fields -= mapping.FIELDS[detail] - mapping.carried(snapshot)
        return Capabilities(fields=fields, commands=control.abilities(self._specifications))

    async def identify(self) -> Device:
        """Ask who this is: serial number, model and firmware; later snapshots carry it."""
        return (await self.devices())[0]

    async def devices(self) -> tuple[Device, ...]:
        """The system that answers here and, if it is a farm's controller, the farm's members after it."""
        asked = [*models.Identity.requests(), Item(tags.FARM_REQ_CONNECTED_DEVICES)]
        *answers, farm = await self._ask(asked)
        members = {one.id: one for one in mapping.members(farm)}
        here = mapping.device(models.Identity.of(answers))
        self._device = replace(here, name=members.pop(here.id, here).name)
        return (self._device, *members.values())

    async def read(self, device: str | Device | None = None, *, detail: str = "live") -> Snapshot:
        """Read one consistent snapshot, unpaced and never from a cache.

        ``live``, one round trip, are powers, state of charge, batteries and wallboxes in brief; ``full`` adds cells,
        strings, phases, meters, switches and limits and takes two or three.  ``device`` can only be this system.  What
        did not come is None, and MISSING in ``quality``.  Raises UsageError for another device or detail.
        """
        await self._require(device, detail)
        begin = self._clock.now()
        full = None if detail == "live" else await self._read_full()
        live = await self._read_live() if full is None else full.live
        snapshot = mapping.snapshot(
            live,
            full=full,
            received_at=begin + (self._clock.now() - begin) / 2,
            source=self._link.source,
            device=self._device,
        )
        self._seen[detail] = snapshot
        return snapshot

    # -- exchanges

    async def _ask(
        self, items: Sequence[Item], *, repeatable: bool = True, tables: Iterable[int] = ()
    ) -> list[Item | None]:
        """The answer to each request, None where there is none; what is not ``repeatable`` changes something."""
        return await self._exchange(ask(self._link, items, repeatable=repeatable, tables=tables))

    async def _exchange(self, answering: Awaitable[list[Item | None]]) -> list[Item | None]:
        """Wait for answers; after a loss the system may be another one, or may have got another wallbox."""
        opened = self._link.opened
        try:
            answers = await answering
        except Error:
            self._forget()
            raise
        if self._link.opened != opened:
            self._forget()
        return answers

    def _forget(self) -> None:
        self._live = _EVERYWHERE
        self._layout = None

    async def _need(self, item: Item) -> Item:
        """The answer to one request; raises NotSupported, Refused or LockedOut where it is an error."""
        (answer,) = await self._ask([item])
        return self._good(item, answer)

    def _good(self, item: Item, answer: Item | None) -> Item:
        if answer is None or answer.error is not None:
            error = None if answer is None else answer.error
            raise models.refusal(error, tags.label(item.tag), until=self._clock.now() + PATIENCE)
        return answer

    @staticmethod
    def _answered(items: Sequence[Item], answers: Sequence[Item | None]) -> list[Item]:
        pairs = zip(items, answers, strict=True)
        return [models.unanswered(item) if answer is None else answer for item, answer in pairs]

    # -- readings

    async def _read_live(self) -> Live:
        request = self._live
        live = request.read(await self._exchange(ask_batch(self._link, request.batch)))
        self._require_powers(live)
        if request is _EVERYWHERE:
            self._live = LiveRequest(
                batteries=[one.index for one in live.batteries], wallboxes=[one.index for one in live.wallboxes]
            )
        return live

    async def _read_full(self) -> Full:
        request = await self._full_request()
        full = request.read(await self._ask(request.items))
        self._require_powers(full.live)
        self._specifications = full.specifications
        return full

    async def _full_request(self) -> FullRequest:
        return FullRequest(await self._known_layout())

    async def _known_layout(self) -> Layout:
        if self._layout is None:
            self._layout = Layout.of(await self._ask(Layout.requests()))
        return self._layout

    def _require_powers(self, live: Live) -> None:
        """Let a snapshot be made of any of the four powers; without all of them it would say nothing."""
        names = ("power_pv", "power_grid", "power_bat", "power_home")
        if all(getattr(live.powers, name) is None for name in names):
            raise models.refusal(live.powers.error("power_pv"), "its powers", until=self._clock.now() + PATIENCE)

    async def _require(self, device: str | Device | None, detail: str) -> None:
        if detail not in DETAILS:
            raise UsageError(f"no detail {detail!r}", remedy=f"Use one of: {', '.join(DETAILS)}.")
        wanted = device.id if isinstance(device, Device) else device
        if wanted is None or (self._device is not None and wanted == self._device.id):
            return
        here, *members = await self.devices()
        if wanted in {one.id for one in members}:
            raise NotSupported(
                f"{wanted} is a member of the farm of {here.id}, whose controller does not tell of one member",
                remedy="Read the member at its own address.",
            )
        if wanted != here.id:
            raise UsageError(
                f"no device {wanted!r} at {self._link.address}", remedy=f"Leave it out, or use {here.id!r}."
            )
