"""What an internal V3 inverter tells on its own pages (SPEC 9), in its own words, signs and units.

Nobody has recorded them from a SENEC yet: the names are those that another project reads.  The pages are of a family
that other makers' inverters have too, where a value that is not measured has no ``Value``, and ``GridPower`` is + when
it is fed in, as ``GridInjectedPower`` is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from heliobus.model.records import Record
from heliobus.senec.models.records import number, record, records, text
from heliobus.senec.protocol.inverter import number as parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from heliobus.senec.protocol.inverter import Element

UNITS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("AC_Voltage", "LINK_Voltage", "DC_Voltage1", "DC_Voltage2"), "V"),
        **dict.fromkeys(("AC_Current", "DC_Current1", "DC_Current2"), "A"),
        **dict.fromkeys(("AC_Power", "AC_Power_fast"), "W"),
        "AC_Frequency": "Hz",
        **{
            f"BDC_{place}_{name}": unit
            for place in ("BAT", "LINK")
            for name, unit in (("Voltage", "V"), ("Current", "A"))
        },
        "BDC_BAT_Power": "W",
        "BDC_LINK_Power": "W",
        **dict.fromkeys(("GridPower", "GridConsumedPower", "GridInjectedPower", "OwnConsumedPower"), "W"),
        "Derating": "%",
    }
)
"""Every measurement that is known.  ``Derating`` 100 is no derating."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurements:
    """The page of measurements: ``values`` by their names, None where the inverter has nothing to say."""

    values: Mapping[str, float | None] = field(default_factory=dict)
    name: str | None = None
    serial: str | None = None

    @classmethod
    def of(cls, page: Iterable[Element]) -> Self:
        """Read a page.  What has another name than those known is kept too; the last of two counts."""
        elements = list(page)
        device = next((one.values for one in elements if one.name == "Device"), {})
        return cls(
            values={
                one.values["Type"]: parsed(one.values.get("Value"))
                for one in elements
                if one.name == "Measurement" and "Type" in one.values
            },
            name=device.get("Name"),
            serial=device.get("Serial"),
        )

    def get(self, name: str) -> float | None:
        return self.values.get(name)

    @property
    def extra(self) -> Mapping[str, float | None]:
        """What has no unit here."""
        return {name: value for name, value in self.values.items() if name not in UNITS}

    @property
    def limited(self) -> float | None:
        """By how much the inverter is held back, in %."""
        derating = self.get("Derating")
        return None if derating is None else 100.0 - derating


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One program or board of the inverter."""

    kind: str
    device: str | None = None
    name: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """Who the inverter is."""

    name: str | None = None
    serial: str | None = None
    network_name: str | None = None
    parts: tuple[Version, ...] = ()

    @classmethod
    def of(cls, page: Iterable[Element]) -> Self:
        elements = list(page)
        device = next((one.values for one in elements if one.name == "Device"), {})
        return cls(
            name=device.get("Name"),
            serial=device.get("Serial"),
            network_name=device.get("NetBiosName"),
            parts=tuple(
                [
                    Version(
                        kind=one.name,
                        device=one.values.get("Device"),
                        name=one.values.get("Name"),
                        version=one.values.get("Version"),
                    )
                    for one in elements
                    if one.name in ("Software", "Hardware")
                ]
            ),
        )

    @property
    def has_battery(self) -> bool:
        """Whether a battery's converter (BDC) is part of it."""
        return (self.name or "").upper().endswith("_BDC") or any(one.device == "BDC" for one in self.parts)


class YieldPoint(Record):
    data = number("Data", "Wh")


class YieldCurve(Record):
    type = text("Type")
    points = records("Data", YieldPoint)

    @property
    def total(self) -> float | None:
        """The sum in Wh; None if there is none or a part is unknown."""
        values = [one.data for one in self.points]
        known = [one for one in values if one is not None]
        return sum(known) if known and len(known) == len(values) else None


class TotalCurves(Record):
    datasets = records("Datasets", YieldCurve)


class Yields(Record):
    """The yields by year: ``PV1`` what the sun gave, ``Produced`` what the inverter gave."""

    curves = record("TotalCurves", TotalCurves)

    def total(self, name: str) -> float | None:
        """All that one curve has ever told, Wh."""
        return next((one.total for one in self.curves.datasets if one.type == name), None)
