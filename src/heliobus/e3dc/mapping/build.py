"""The parts put together: the snapshot, the identity, and what a device carries."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from heliobus.e3dc.mapping import details, live
from heliobus.e3dc.mapping.qualities import Qualities
from heliobus.e3dc.protocol import tags
from heliobus.model.identity import Device
from heliobus.model.snapshot import Snapshot

if TYPE_CHECKING:
    from datetime import datetime

    from heliobus.e3dc.models import Full, Identity, Live
    from heliobus.e3dc.protocol import Item

_MODELS = {
    "70": "S10E Pro",
    "72": "S10E",
    "74": "S10E Compact",
    "75": "S10E Pro Compact",
    "4": "S10E",
    "5": "S10 Mini",
    "6": "Quattroporte",
    "8": "S10 X",
}
"""By how the number in the serial number begins, the longest first (SPEC 6.1)."""


def snapshot(
    told: Live,
    *,
    received_at: datetime,
    full: Full | None = None,
    source: str = "e3dc/rscp",
    device: Device | None = None,
) -> Snapshot:
    """Map the answer to a live poll, and what a full one tells beyond it.

    A value that was asked for and did not come is None and MISSING.  One that the device says it does not have
    (NOT_AVAILABLE, UNKNOWN_TAG, ACCESS_DENIED) is None without a quality.
    """
    qualities = Qualities()
    brief = Snapshot(
        source=source,
        received_at=received_at,
        device=device,
        device_time=live.device_time(told.powers),
        pv=live.pv(told.powers, qualities),
        grid=live.grid(told.powers, qualities),
        load=live.load(told.powers, qualities),
        system=live.system(told.powers),
        batteries=live.batteries(told, qualities),
        wallboxes=live.wallboxes(told, qualities),
    )
    whole = brief if full is None else _with_details(brief, full, qualities)
    return replace(whole, quality=MappingProxyType(qualities))


def _with_details(brief: Snapshot, full: Full, qualities: Qualities) -> Snapshot:
    return replace(
        brief,
        pv=replace(brief.pv, strings=details.strings(full.inverters, qualities)),
        grid=details.grid(brief.grid, full, qualities),
        system=details.system(brief.system, full),
        batteries=details.batteries(brief.batteries, full, qualities),
        inverters=details.inverters(full.inverters, qualities),
        meters=details.meters(full.meters, qualities),
        switches=details.switches(full.switches),
    )


def device(told: Identity) -> Device:
    """Who answered; a device that does not tell its serial number has the id "system"."""
    serial = told.serial_number or None
    return Device(
        id=serial or "system",
        vendor="e3dc",
        model=None if serial is None else model_of(serial),
        serial=serial,
        firmware=told.sw_release or None,
    )


def model_of(serial: str) -> str | None:
    """The model, which stands in the number after the letters: ``S10-44...`` is an S10E."""
    number = serial.rpartition("-")[2]
    return next((model for start, model in _MODELS.items() if number.startswith(start)), None)


def members(answer: Item | None) -> tuple[Device, ...]:
    """The members of a farm, as its controller lists them; none of a single system."""
    listed = [] if answer is None else answer.children
    told = [(one.get(tags.FARM_PARAM_SERIALNO), one.get(tags.FARM_PARAM_CNAME)) for one in listed]
    return tuple(
        Device(
            id=serial.text,
            vendor="e3dc",
            model=model_of(serial.text),
            serial=serial.text,
            name=None if name is None else name.text,
        )
        for serial, name in told
        if serial is not None and serial.text
    )
