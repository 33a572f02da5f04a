"""What the devices of each family are, last sent and once sent, by the OpenAPI V1.

The families' calls are alike, so each is made from its family and its record.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from heliobus.errors import NotSupported, UsageError
from heliobus.growatt.client.calls.v1.base import Calls, given, paged, ranged, whole_pages
from heliobus.growatt.models import Record
from heliobus.growatt.models import v1 as models
from heliobus.growatt.protocol import text
from heliobus.growatt.protocol.v1 import FAMILIES, LONGEST_RANGE, PAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
    from datetime import date

P = ParamSpec("P")
R = TypeVar("R", bound=Record)

LAST: Mapping[str, type[Record]] = {
    "tlx": models.MinLast,
    "mix": models.MixLast,
    "spa": models.SpaLast,
    "max": models.MaxLast,
    "storage": models.StorageLast,
    "inverter": models.InverterLast,
    "pcs": models.PcsLast,
    "hps": models.HpsLast,
    "pbd": models.PbdLast,
    "boost": models.BoostLast,
}
"""The record of each family's telemetry."""


def _detail(family: str, kind: type[R]) -> Callable[[Calls, str], Coroutine[Any, Any, R]]:
    async def detail(self: Calls, serial: str) -> R:
        """What a device is, and is set to; telemetry stands in ``..._last``."""
        return await self._record(kind, f"{family}_detail", {"device_sn": serial})

    return detail


def _last(family: str, kind: type[R]) -> Callable[[Calls, str], Coroutine[Any, Any, R]]:
    async def last(self: Calls, serial: str) -> R:
        """What a device last sent: W, kWh, V, A."""
        return await self._record(kind, f"{family}_last", {FAMILIES[family].serial: serial})

    return last


def _bulk(family: str, kind: type[R]) -> Callable[[Calls, Sequence[str]], Coroutine[Any, Any, Mapping[str, R]]]:
    async def bulk(self: Calls, serials: Sequence[str]) -> Mapping[str, R]:
        """What several devices last sent, by their serial numbers; those that sent nothing are left out."""
        parameters = {FAMILIES[family].bulk: ",".join(serials), "pageNum": "1"}
        return (await self._whole(models.Bulk, f"{family}_bulk", parameters)).samples(kind)

    return bulk


class DeviceCalls(Calls):
    """Calls about devices, by their serial numbers."""

    min_detail = _detail("tlx", models.MinDetail)
    sph_detail = _detail("mix", models.MixDetail)
    spa_detail = _detail("spa", models.SpaDetail)
    max_detail = _detail("max", models.MaxDetail)
    storage_detail = _detail("storage", models.StorageDetail)
    inverter_detail = _detail("inverter", models.InverterDetail)
    pcs_detail = _detail("pcs", models.PcsDetail)
    hps_detail = _detail("hps", models.HpsDetail)
    pbd_detail = _detail("pbd", models.PbdDetail)
    boost_detail = _detail("boost", models.BoostDetail)

    min_last = _last("tlx", models.MinLast)
    sph_last = _last("mix", models.MixLast)
    spa_last = _last("spa", models.SpaLast)
    max_last = _last("max", models.MaxLast)
    storage_last = _last("storage", models.StorageLast)
    inverter_last = _last("inverter", models.InverterLast)
    pcs_last = _last("pcs", models.PcsLast)
    hps_last = _last("hps", models.HpsLast)
    pbd_last = _last("pbd", models.PbdLast)
    boost_last = _last("boost", models.BoostLast)

    min_bulk = _bulk("tlx", models.MinLast)
    sph_bulk = _bulk("mix", models.MixLast)
    spa_bulk = _bulk("spa", models.SpaLast)
    max_bulk = _bulk("max", models.MaxLast)
    inverter_bulk = _bulk("inverter", models.InverterLast)
    boost_bulk = _bulk("boost", models.BoostLast)

    async def min_settings(self, serial: str) -> models.MinSettings:
        """What a MIN is set to."""
        return await self._record(models.MinSettings, "tlx_settings", {"device_sn": serial})

    async def last(self, family: str, serial: str) -> Record:
        """What a device of a family last sent."""
        return await self._record(LAST[_known(family)], f"{family}_last", {FAMILIES[family].serial: serial})

    async def bulk(self, family: str, serials: Sequence[str]) -> Mapping[str, Record]:
        """What several devices of a family last sent, by their serial numbers; those that sent nothing are left out."""
        kind = LAST[_known(family)]
        if not FAMILIES[family].bulk:
            raise NotSupported(f"the OpenAPI V1 tells the family {family!r} one device at a time")
        return await _bulk(family, kind)(self, serials)

    async def alarms(self, family: str, serial: str, *, day: date, page: int = 1, lines: int = PAGE) -> models.Alarms:
        """A page of the alarms of a plant's day; a storage machine has but one page."""
        if _known(family) == "boost":
            raise UsageError("a GroBoost has no alarms", remedy="Ask for another family's.")
        pages = {} if family == "storage" else paged(page, lines)
        parameters = {FAMILIES[family].serial: serial, "date": day.isoformat(), **pages}
        return await self._record(models.Alarms, f"{family}_alarms", parameters)

    async def inverter_day_energy(self, serial: str, *, day: date) -> float | None:
        """The production of a plain inverter on a plant's day, kWh."""
        found = await self.query("inverter_day_energy", device_sn=serial, date=day.isoformat())
        return float(found) if isinstance(found, (int, float)) else None

    # -- history

    async def history_page(
        self, family: str, serial: str, *, first: date, last: date, zone: str | None = None, page: int = 1,
        lines: int = PAGE,
    ) -> models.HistoryPage:  # fmt: skip
        """A page of a device's records of at most seven days, five minutes apart; ``samples(kind)`` reads them."""
        parameters = {
            FAMILIES[_known(family)].serial: serial,
            **ranged(first, last),
            **given(timezone_id=zone),
            **paged(page, lines),
        }
        return await self._record(models.HistoryPage, f"{family}_history", parameters)

    async def history(self, family: str, serial: str, *, first: date, last: date) -> tuple[Record, ...]:
        """A device's records of these plant days, by their time; the server keeps about 95 days.

        Ranges of seven days are asked one after the other, each page by page.  Of two records of one time the later
        answer counts.
        """
        kind, found = LAST[_known(family)], dict[str, Record]()
        for begin, end in weeks(first, last):
            for record in await self._range(family, serial, begin, end, kind):
                if (time := text(record.values.get("time"))) is not None:
                    found[time] = record
        return tuple([found[time] for time in sorted(found)])

    async def _range(self, family: str, serial: str, first: date, last: date, kind: type[R]) -> list[R]:
        page = await self.history_page(family, serial, first=first, last=last)
        found = list(page.samples(kind))
        for number in whole_pages(page.count, PAGE):
            further = (await self.history_page(family, serial, first=first, last=last, page=number)).samples(kind)
            if not further:
                break
            found += further
        return found

    # -- meters and sensors of a datalogger

    async def meters(self, datalogger: str, *, page: int = 1, lines: int = PAGE) -> models.MeterList:
        """A page of a datalogger's meters."""
        return await self._record(models.MeterList, "meter_list", {"datalog_sn": datalogger, **paged(page, lines)})

    async def meter_last(self, datalogger: str, address: int) -> models.MeterLast:
        """What a meter last sent."""
        parameters = {"datalog_sn": datalogger, "address": str(address)}
        return await self._record(models.MeterLast, "meter_last", parameters)

    async def meter_history(
        self, datalogger: str, address: int, *, first: date, last: date, page: int = 1, lines: int = PAGE
    ) -> models.HistoryPage:
        """A page of a meter's records of at most seven days."""
        parameters = {"datalog_sn": datalogger, "address": str(address), **ranged(first, last), **paged(page, lines)}
        return await self._record(models.HistoryPage, "meter_history", parameters)

    async def sensors(self, datalogger: str, *, page: int = 1, lines: int = PAGE) -> models.EnvList:
        """A page of a datalogger's sensors."""
        return await self._record(models.EnvList, "env_list", {"datalog_sn": datalogger, **paged(page, lines)})

    async def env_last(self, datalogger: str, address: int) -> models.EnvLast:
        """What a sensor last sent."""
        parameters = {"datalog_sn": datalogger, "address": str(address)}
        return await self._record(models.EnvLast, "env_last", parameters)

    async def env_history(
        self, datalogger: str, address: int, *, first: date, last: date, page: int = 1, lines: int = PAGE
    ) -> models.HistoryPage:
        """A page of a sensor's records of at most seven days."""
        parameters = {"datalog_sn": datalogger, "address": str(address), **ranged(first, last), **paged(page, lines)}
        return await self._record(models.HistoryPage, "env_history", parameters)


def weeks(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The days from ``first`` to ``last`` in ranges that one question may go over."""
    while first <= last:
        end = min(first + timedelta(days=LONGEST_RANGE - 1), last)
        yield first, end
        first = end + timedelta(days=1)


def _known(family: str) -> str:
    if family not in LAST:
        raise UsageError(f"no family {family!r} in the OpenAPI V1", remedy=f"Use one of: {', '.join(LAST)}.")
    return family
