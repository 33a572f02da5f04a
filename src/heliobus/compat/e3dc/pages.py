"""Polls over the portal's pages, as the first versions made them (SPEC 8.1)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from heliobus.compat.e3dc.errors import under_old_names
from heliobus.compat.lifetime import close_when_dropped
from heliobus.e3dc.models.ajax import total
from heliobus.errors import NotSupported, ProtocolError
from heliobus.transport.blocking import Portal

if TYPE_CHECKING:
    from collections.abc import Callable

    from heliobus.e3dc.client.ajax import AjaxClient
    from heliobus.e3dc.models.ajax import LiveUnit

_log = logging.getLogger(__name__)

PAUSE = 10.0
"""Seconds between two polls that the portal bears."""


def powers_of(unit: LiveUnit, *, external: int) -> dict[str, Any]:
    """The result of ``poll``; ``external`` is the number of the meter of an external producer.

    The pages tell neither autarky nor self-consumption.
    """
    add = _whole(total(unit.meters.get(external, (None,))))
    return {
        "autarky": None,
        "consumption": {
            "battery": _whole(unit.battery),
            "house": _whole(total(unit.house)),
            "wallbox": _whole(unit.wallbox),
        },
        "production": {
            "solar": _whole(total(unit.pv)),
            "add": None if add is None else -add,
            "grid": _whole(total(unit.grid)),
        },
        "selfConsumption": None,
        "stateOfCharge": _whole(unit.soc),
        "sysStatus": unit.system_status,
        "time": unit.time,
    }


def _whole(value: float | None) -> float | None:
    """The portal's texts are whole numbers, and programs expect such."""
    return int(value) if value is not None and value == int(value) else value


class Pages:
    """The pages for one system; they may be ``gone``, which shows with the first poll."""

    def __init__(self, make: Callable[[], AjaxClient]) -> None:
        self._portal = Portal(make)
        self.gone = False
        close_when_dropped(self, self._portal.close)

    def poll(self) -> LiveUnit | None:
        """What the system does now; None, from then on, where the portal no longer has the pages."""
        with under_old_names():
            try:
                return self._portal.call(lambda client: client.poll())
            except (NotSupported, ProtocolError) as error:
                _log.warning("polling over the websocket, for the portal has no pages any more: %s", error.what())
                self.gone = True
                return None

    def close(self) -> None:
        """End the session; the next poll logs in again."""
        self._portal.close()
