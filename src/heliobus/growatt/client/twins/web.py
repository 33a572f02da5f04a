"""The portal's client, blocking."""

from __future__ import annotations

from functools import partial
from typing import Any

from heliobus.growatt.client.calls.web import WebClient
from heliobus.transport.blocking import BlockingClient, twin


class BlockingWebClient(BlockingClient[WebClient]):
    """The blocking twin of ``WebClient``: same names, same arguments, no ``await``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(partial(WebClient, **options))

    query = twin(WebClient.query)
    plants = twin(WebClient.plants)
    plant = twin(WebClient.plant)
    devices = twin(WebClient.devices)
    device_page = twin(WebClient.device_page)
    noah_page = twin(WebClient.noah_page)
    datalogger = twin(WebClient.datalogger)
    panel_device = twin(WebClient.panel_device)
    has_neo = twin(WebClient.has_neo)
    may_add_devices = twin(WebClient.may_add_devices)
    plant_topic = twin(WebClient.plant_topic)
    layout_type = twin(WebClient.layout_type)
    status = twin(WebClient.status)
    totals = twin(WebClient.totals)
    day = twin(WebClient.day)
    month = twin(WebClient.month)
    year = twin(WebClient.year)
    years = twin(WebClient.years)
    battery = twin(WebClient.battery)
    inverter_settings = twin(WebClient.inverter_settings)
    read_setting = twin(WebClient.read_setting)
    read_all = twin(WebClient.read_all)
    write_setting = twin(WebClient.write_setting)
