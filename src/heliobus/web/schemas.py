"""What the API answers, as pydantic models for OpenAPI.

The routes build their documents themselves and do not run them through these models; the tests do, strictly, so that
the published description stays true.  The models of a snapshot are made from the dataclasses of ``heliobus.model``: a
new field appears here by itself, with its unit.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Optional, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model

from heliobus.model.parts import Battery
from heliobus.model.quantity import Quantity
from heliobus.model.snapshot import Snapshot as _Snapshot

QualityName = Literal["good", "derived", "estimated", "stale", "suspect", "missing"]


class Document(BaseModel):
    model_config = ConfigDict(extra="forbid")


@functools.cache
def _model_of(cls: type, /, *, also: tuple[tuple[str, type], ...] = ()) -> type[BaseModel]:
    """Make the model of a dataclass as ``to_dict`` writes it, with the parts that it adds."""
    hints = get_type_hints(cls, include_extras=True) | dict(also)
    names = [one.name for one in fields(cls)] + [name for name, _ in also]
    made: Any = {name: (_written(hints[name]), ...) for name in names}
    return create_model(cls.__name__, __base__=Document, **made)


def _written(hint: Any) -> Any:
    """Give the JSON side of a type of the model."""
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Annotated:
        unit = next((meta.unit for meta in inside[1:] if isinstance(meta, Quantity)), "")
        return Annotated[inside[0], Field(json_schema_extra={"unit": unit})] if unit else inside[0]
    if origin in (Union, UnionType):
        (known,) = (one for one in inside if one is not type(None))
        return Optional[_written(known)]  # noqa: UP045 - made at run time
    if origin is tuple:
        return list.__class_getitem__(_written(inside[0]))
    if origin is Mapping:
        return dict[str, QualityName]
    return _model_of(hint) if isinstance(hint, type) and is_dataclass(hint) else hint


if TYPE_CHECKING:
    Snapshot = BaseModel
else:
    Snapshot = _model_of(_Snapshot, also=(("battery", Battery),))


class Problem(Document):
    """What happened, and what to do about it."""

    error: str
    remedy: str


Watts = Annotated[float | None, Field(json_schema_extra={"unit": "W"})]
WattHours = Annotated[float | None, Field(json_schema_extra={"unit": "Wh"})]
Percent = Annotated[float | None, Field(json_schema_extra={"unit": "%"})]
Seconds = Annotated[float | None, Field(json_schema_extra={"unit": "s"})]
Status = Literal["connecting", "ok", "late", "lost"]


class SystemNow(Document):
    """The last good reading; once the system is late or lost, its values carry the quality ``stale``."""

    snapshot: Snapshot | None
    age_s: Seconds
    status: Status


class Power(Document):
    """``status`` and ``age_s`` are those of the systems that this part of the site comes from."""

    power: Watts
    status: Status
    age_s: Seconds


class Said(Document):
    """A text by its name in the front end's tables, and what stands in its places: W, or further texts."""

    text: str
    values: dict[str, "float | Said | Listed"]


class Listed(Document):
    """Texts one after the other; ``last`` names the text before the last of them."""

    items: list[Said]
    last: str


class Sun(Document):
    """Sunrise and sunset of the local day."""

    rise: datetime
    set: datetime


class SiteGrid(Power):
    """``power`` + is import."""

    import_power: Watts
    export_power: Watts


class SiteBattery(Power):
    """``power`` + is discharge."""

    charge_power: Watts
    discharge_power: Watts
    soc: Percent
    capacity: WattHours
    reserve_soc: Percent


class SiteNow(Document):
    """A grid connection: the sums over its systems; ``battery`` and ``wallbox`` are null where there is none.

    ``flows`` says how many W each source gives to each sink by the usual convention (the sun serves the house first);
    null while a part of it is unknown.  ``sentence`` says the same in words.
    """

    name: str
    timezone: str
    status: Status
    age_s: Seconds
    as_of: datetime | None
    pv: Power
    grid: SiteGrid
    battery: SiteBattery | None
    wallbox: Power | None
    load: Power
    residual: Watts
    flows: dict[str, dict[str, float]] | None
    sentence: list[Said]
    sun: Sun | None


class Now(Document):
    time: datetime
    systems: dict[str, SystemNow]
    sites: dict[str, SiteNow]


class SourceDevice(Document):
    vendor: str
    model: str | None
    firmware: str | None


class SourceHealth(Document):
    """The health of one source.  ``error`` and ``remedy`` are of the last poll if that one failed."""

    name: str
    site: str
    vendor: str
    url: str
    interval_s: float
    status: Status
    since: datetime
    age_s: Seconds
    error: str | None
    remedy: str | None
    polls: int
    failures: int
    success_24h: Annotated[float | None, Field(ge=0, le=1)]
    answers_24h: Annotated[list[float | None], Field(description="The same of each quarter hour, the oldest first.")]
    latency_p50_s: Seconds
    latency_p95_s: Seconds
    device: SourceDevice | None


class Systems(Document):
    """``storage`` says what keeps the record from being written; null while all is well."""

    systems: list[SourceHealth]
    storage: Problem | None


class Energies(Document):
    """Energies of a span; ``coverage`` is the share of its time that is backed by data."""

    model_config = ConfigDict(extra="forbid", validate_by_name=True)

    pv: WattHours
    import_: Annotated[WattHours, Field(alias="import")]
    export: WattHours
    charge: WattHours
    discharge: WattHours
    load: WattHours
    ev: WattHours
    coverage: Annotated[float, Field(ge=0, le=1)]


class Bucket(Document):
    """A half-open span; days, months and years begin at the site's midnight."""

    start: datetime
    end: datetime
    systems: dict[str, Energies]
    sites: dict[str, Energies]


class Energy(Document):
    buckets: list[Bucket]


class History(Document):
    """Columns of equal length: ``t`` in ISO 8601, ``coverage`` per row, and one per channel; null where unknown."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, list[float | None]]

    t: list[datetime]
    coverage: list[float]


class Series(Document):
    """Means of each ``step`` s from ``start`` (s since 1970) on; ``split``: the flows, as in pv_battery.

    ``battery`` and ``wallbox`` are null where the site never had one.
    """

    start: int
    step: int
    pv: list[float | None]
    battery: list[float | None] | None
    grid: list[float | None]
    load: list[float | None]
    wallbox: list[float | None] | None
    split: dict[str, list[float | None]]
    soc: list[float | None]


class Hour(Document):
    start: datetime
    energies: Energies


class Balance(Document):
    """Both sides of a day in Wh, rounded together so that their rows, as printed, add up to ``total``.

    ``digits`` are the decimals of a kWh to print.  ``open`` is what one side is short of.
    """

    given: dict[str, WattHours]
    taken: dict[str, WattHours]
    consumption: WattHours
    total: WattHours
    digits: int


class Day(Document):
    """A local day of a site; ``until`` is how far it has come, ``peak`` the most W that came from all sources."""

    site: str
    date: str
    timezone: str
    start: int
    end: int
    until: int
    coverage: Annotated[float, Field(ge=0, le=1)]
    peak: float
    sun: Sun | None
    series: Series
    energies: Energies
    autarky: Percent
    self_consumption: Percent
    used_here: WattHours
    balance: Balance
    hours: list[Hour]


class Raw(Document):
    """The live values of a system by the device's own names: decoded, not interpreted."""

    at: datetime
    values: dict[str, Any]


class Trouble(Document):
    """A fault of a demo; ``recovered_s``: seconds of the house from its last end to the next good answer."""

    name: str
    system: str
    title: str
    active: bool
    since: datetime | None
    recovered_s: Seconds


class Demo(Document):
    """``speed``: seconds of the simulated houses in a second."""

    speed: float
    faults: list[Trouble]


class Toggle(Document):
    name: str
    on: bool


class Health(Document):
    """``not recording`` comes with the status 503."""

    status: Literal["ok", "not recording"]


class Simulated(Document):
    """``speed``: seconds of the simulated houses in a second."""

    speed: float


class About(Document):
    """``simulated`` is null where the devices are real."""

    version: str
    simulated: Simulated | None
