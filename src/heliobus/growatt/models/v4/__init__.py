"""What the OpenAPI V4 ("new-api") says, by its kinds of device (SPEC D).

* ``base``: how a table of fields is written; ``devices``: the list; ``data``: the last data of a hybrid or an inverter
* ``noah``: NOAH and NEXA; ``info``: what a device is and how it is set; ``readings``: what a poll asks for
"""

from __future__ import annotations

from heliobus.growatt.models.v4.base import V4Record
from heliobus.growatt.models.v4.data import (
    DATA,
    InvData,
    MaxData,
    MinData,
    SpaData,
    SphData,
    SphSData,
    StorageData,
    V4Data,
    WitData,
)
from heliobus.growatt.models.v4.devices import Curve, Curves, Listed, ListedPage
from heliobus.growatt.models.v4.info import INFO, Info
from heliobus.growatt.models.v4.noah import NoahData, NoahInfo, NoahListed, NoahPack
from heliobus.growatt.models.v4.readings import (
    READINGS,
    V4InvReading,
    V4MaxReading,
    V4MinReading,
    V4NoahReading,
    V4SpaReading,
    V4SphReading,
    V4SphSReading,
    V4StorageReading,
    V4WitReading,
)

__all__ = [
    "DATA",
    "INFO",
    "READINGS",
    "Curve",
    "Curves",
    "Info",
    "InvData",
    "Listed",
    "ListedPage",
    "MaxData",
    "MinData",
    "NoahData",
    "NoahInfo",
    "NoahListed",
    "NoahPack",
    "SpaData",
    "SphData",
    "SphSData",
    "StorageData",
    "V4Data",
    "V4InvReading",
    "V4MaxReading",
    "V4MinReading",
    "V4NoahReading",
    "V4Record",
    "V4SpaReading",
    "V4SphReading",
    "V4SphSReading",
    "V4StorageReading",
    "V4WitReading",
    "WitData",
]
