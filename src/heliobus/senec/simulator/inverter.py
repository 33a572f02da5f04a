"""The pages of a V3's internal inverter on a real socket (SPEC 9), with the house's figures.

The attributes are those that another project reads; the rest of the pages' form is that of the inverter family.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from aiohttp import web

from heliobus.senec.protocol.inverter import LIMIT, PAGES
from heliobus.senec.simulator.house import serial
from heliobus.senec.simulator.served import Served

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heliobus.vendor import SimulationOptions

FAULTS = MappingProxyType(
    {
        "inverter-no-meter": "no meter at the inverter: grid and load have no values",
        "inverter-no-battery": "no converter for a battery",
        "inverter-other-sign": "the battery's power has the other sign",
        "inverter-night": "it sleeps: nothing is measured",
        "inverter-other": "another inverter answers at the address",
        "inverter-no-yields": "no page of yields (HTTP 404)",
        "inverter-entities": "pages that declare entities, as an attack would",
        "inverter-big": "pages that never seem to end",
        "inverter-truncated": "pages cut off",
        "inverter-html": "a web page instead of XML and JSON",
        "inverter-down": "HTTP 503",
    }
)
_DOCTYPE = '<!DOCTYPE root [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
_METER = frozenset({"GridPower", "GridConsumedPower", "GridInjectedPower", "OwnConsumedPower"})


class InverterSimulator(Served):
    """The inverter of a house with all of its sun and its battery, and a meter at the grid."""

    def __init__(self, options: SimulationOptions) -> None:
        app = web.Application()
        pages = {"measurements": self._measurements, "versions": self._versions, "all": self._all}
        for name, make in pages.items():
            app.router.add_get(PAGES[name], self._serve(name, make))
        app.router.add_get(PAGES["yields"].partition("?")[0], self._yields)
        super().__init__(options, app, table=FAULTS)
        self.requests: list[str] = []

    def announcement(self) -> dict[str, Any]:
        """What is needed to reach it: vendor, url, host, port, base_url and serial."""
        return {
            "vendor": "senec",
            "url": f"senec+inverter://{self.place}",
            "host": self._host.host,
            "port": self._host.port,
            "base_url": self._host.base_url,
            "serial": self._serial,
        }

    @property
    def _serial(self) -> str:
        return f"{'X' if 'inverter-other' in self.faults else ''}{serial(self._plant)}-WR"

    # -- pages

    def _serve(self, name: str, make: Any) -> Any:
        async def serve(_: web.Request) -> web.Response:
            self.requests.append(name)
            if "inverter-down" in self.faults:
                return web.Response(status=503)
            doctype = _DOCTYPE if "inverter-entities" in self.faults else ""
            page = f"<?xml version='1.0' encoding='UTF-8'?>{doctype}<root>{make()}</root>"
            if "inverter-html" in self.faults:
                return web.Response(text="<!DOCTYPE html><html><body>SENEC</body></html>", content_type="text/html")
            if "inverter-big" in self.faults:
                page += "<!--" + "x" * LIMIT + "-->"
            if "inverter-truncated" in self.faults:
                page = page[: len(page) * 2 // 3]
            return web.Response(text=page, content_type="text/xml")

        return serve

    def _measurements(self) -> str:
        rows = "".join(self._rows())
        return f"<Device{self._names()}><Measurements>{rows}</Measurements></Device>"

    def _versions(self) -> str:
        parts = "".join(
            f"<{kind}{_attributes({'Device': device, 'Name': name, 'Version': version})}/>"
            for kind, device, name, version in (
                ("Software", "HMI", "HMI", "3.16.20"),
                ("Software", "PU", "PU", "4.3.10"),
                ("Software", "BDC", "BDC", "5.4.6"),
                ("Hardware", "HMI", "HMI", "1.0"),
            )
            if device != "BDC" or "inverter-no-battery" not in self.faults
        )
        return f"<Device{self._names()}><Versions>{parts}</Versions></Device>"

    def _all(self) -> str:
        return self._measurements() + self._versions()

    async def _yields(self, _: web.Request) -> web.Response:
        self.requests.append("yields")
        if "inverter-no-yields" in self.faults:
            return web.Response(status=404)
        if "inverter-html" in self.faults:
            return web.Response(text="<html></html>", content_type="text/html")
        curves = [
            {"Type": name, "Data": [{"TimeStamp": f"{year}-01-01T00:00:00", "Data": energy} for year, energy in years]}
            for name, years in {"PV1": list(self._years("pv")), "Produced": list(self._years("load"))}.items()
        ]
        return web.json_response({"TotalCurves": {"Datasets": curves}})

    def _years(self, name: str) -> Iterator[tuple[int, int]]:
        """Whole Wh by year, whose sum is the counter as nearly as whole Wh can be."""
        now, told = self._clock.now(), 0
        for year in range(self._plant.house.commissioned.year, now.year + 1):
            end = min(now, now.replace(year=year + 1, month=1, day=1, hour=0, minute=0, second=0, microsecond=0))
            total = round(getattr(self._plant.counters(end), name))
            yield year, total - told
            told = total

    # -- figures

    def _names(self) -> str:
        name = "SENEC Inverter V3" + ("" if "inverter-no-battery" in self.faults else "_BDC")
        return _attributes({"Name": name, "Serial": self._serial, "NetBiosName": f"WR{self._plant.seed}"})

    def _rows(self) -> Iterator[str]:
        for name, value, unit, decimals in self._values():
            silent = "inverter-night" in self.faults or (name in _METER and "inverter-no-meter" in self.faults)
            told = {} if silent else {"Value": f"{value:.{decimals}f}"}
            yield f"<Measurement{_attributes({**told, 'Unit': unit, 'Type': name})}/>"

    def _values(self) -> Iterable[tuple[str, float, str, int]]:
        now = self._plant.at(self._clock.now())
        voltage, inverted = now.grid_phases[0].voltage, now.pv + now.battery
        yield "AC_Voltage", voltage, "V", 1
        yield "AC_Current", abs(inverted) / voltage, "A", 3
        yield "AC_Power", inverted, "W", 1
        yield "AC_Power_fast", inverted, "W", 1
        yield "AC_Frequency", now.grid_frequency, "Hz", 3
        if "inverter-no-battery" not in self.faults:
            sign = -1.0 if "inverter-other-sign" in self.faults else 1.0
            yield "BDC_BAT_Voltage", now.battery_voltage, "V", 1
            yield "BDC_BAT_Current", sign * now.battery_current, "A", 3
            yield "BDC_BAT_Power", sign * now.battery, "W", 1
        for number, string in enumerate(now.strings, 1):
            yield f"DC_Voltage{number}", string.voltage, "V", 1
            yield f"DC_Current{number}", string.current, "A", 3
        yield "LINK_Voltage", 360.0, "V", 1
        yield "GridPower", 0.0 - now.grid, "W", 1
        yield "GridConsumedPower", max(now.grid, 0.0), "W", 1
        yield "GridInjectedPower", max(-now.grid, 0.0), "W", 1
        yield "OwnConsumedPower", inverted - max(-now.grid, 0.0), "W", 1
        yield "Derating", 100.0, "%", 1


def _attributes(values: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items())
