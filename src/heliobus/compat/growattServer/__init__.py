"""In place of growattServer: ``import heliobus.compat.growattServer as growattServer``, or ``install()``.

The names, arguments, results and exceptions of growattServer 1.2.3, 1.7.1 and 2.2.0, on Python 3.11 and without
``requests``.  What is better:

* one login per account, kept over restarts and shared with the heliobus clients that name the same server; a session
  that has died is renewed once, and a server that wants to be left alone is
* ``server_url`` counts whenever it is set, for ``OpenApiV1`` too
* an ``obj`` that is null is {}; days are those of the plant; nothing waits for ever
* after ``login`` an ``OpenApiV1`` can be asked what a ``GrowattApi`` can
* every exception is an error of heliobus, too, and says what to do

Sources: the README of growattServer 1.2.3, the interfaces of 1.7.1 and 2.2.0, PEERS 1, SPEC with its errata.
"""

from __future__ import annotations

import sys

from heliobus.compat.growattServer.base_api import (
    BATT_MODE_BATTERY_FIRST,
    BATT_MODE_GRID_FIRST,
    BATT_MODE_LOAD_FIRST,
    GrowattApi,
    Timespan,
    hash_password,
    name,
)
from heliobus.compat.growattServer.exceptions import (
    GrowattError,
    GrowattParameterError,
    GrowattV1ApiError,
    GrowattV1ApiErrorCode,
)
from heliobus.compat.growattServer.open_api_v1 import DeviceType, OpenApiV1
from heliobus.compat.growattServer.open_api_v1.devices import Min, Sph

__all__ = [
    "BATT_MODE_BATTERY_FIRST",
    "BATT_MODE_GRID_FIRST",
    "BATT_MODE_LOAD_FIRST",
    "DeviceType",
    "GrowattApi",
    "GrowattError",
    "GrowattParameterError",
    "GrowattV1ApiError",
    "GrowattV1ApiErrorCode",
    "Min",
    "OpenApiV1",
    "Sph",
    "Timespan",
    "hash_password",
    "install",
    "name",
]


def install() -> None:
    """Let ``import growattServer`` give this package from now on, with its modules: for programs left as they are."""
    for full, module in list(sys.modules.items()):
        if full == __name__ or full.startswith(f"{__name__}."):
            sys.modules[full.removeprefix("heliobus.compat.")] = module
