"""Pages of records, by the OpenAPI V1: a device's past, or the present of several devices (SPEC C.3, erratum G15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from heliobus.growatt.models.rows import integer
from heliobus.growatt.models.v4.base import rows
from heliobus.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.growatt.protocol import Json

R = TypeVar("R", bound=Record)

_LISTS = ("datas", "meterData", "envData")


class HistoryPage(Record):
    """A page of five-minute records in no known order; ``count`` is that of all pages."""

    rows = rows(
        "text datalogger_sn dataloggerSn device_sn tlx_sn mix_sn spa_sn max_sn storage_sn pcs_sn hps_sn pbd_sn boost_sn"
        "\njson datas meterData envData"
    )
    count = integer("count")
    next_start = integer("next_page_start_id")
    """The place of the next page's first record, counted from 1."""

    def samples(self, kind: type[R]) -> tuple[R, ...]:
        """Its records."""
        return tuple([kind(one) for name in _LISTS for one in _objects(self.values.get(name))])


class Bulk(Record):
    """What several devices last sent; ``data`` is None of one that has sent nothing."""

    rows = rows("json data")
    page = integer("pageNum")

    def samples(self, kind: type[R]) -> Mapping[str, R]:
        """The records by their devices' serial numbers."""
        found = {}
        for one in _objects(self.values.get("data")):
            values, serial = one.get("data"), one.get("deviceSn")
            if isinstance(values, dict) and isinstance(serial, str):
                found[serial] = kind({**values, "deviceSn": serial, "dataloggerSn": one.get("dataloggerSn")})
        return found


def _objects(value: Json) -> list[dict[str, Json]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
