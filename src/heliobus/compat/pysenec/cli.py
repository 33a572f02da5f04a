"""The command line of ``heliobus.compat.pysenec``, with the names of pysenec 0.3.0."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pprint import pprint
from typing import TYPE_CHECKING

import aiohttp

from heliobus import errors
from heliobus.compat.pysenec import Senec

if TYPE_CHECKING:
    from collections.abc import Iterator


async def run(host: str, verbose: bool = False) -> None:
    """Read once and print it, with ``verbose`` everything."""
    async with aiohttp.ClientSession() as session:
        senec = Senec(host, session)
        await (senec.read_senec_v21_all() if verbose else senec.update())
    print("\n".join(_lines(senec)))  # noqa: T201 - what this is for
    if verbose:
        pprint(senec.raw_status)  # noqa: T203 - same


def _lines(senec: Senec) -> Iterator[str]:
    yield f"System state: {senec.system_state}"
    yield f"House energy use: {_kilo(senec.house_power)}"
    yield f"Solar Panel generate: {_kilo(senec.solar_generated_power)}"
    yield (
        f"Battery: {_told(senec.battery_charge_percent, '%', 1)} charge: {_kilo(senec.battery_charge_power)},"
        f" discharge {_kilo(senec.battery_discharge_power)}"
    )
    yield f"Grid: exported {_kilo(senec.grid_exported_power)}, imported {_kilo(senec.grid_imported_power)}"
    yield ""
    yield f"Total house use {_told(senec.house_total_consumption)}"
    yield f"Total solar generation {_told(senec.solar_total_generated)}"
    yield f"Total grid imported {_told(senec.grid_total_import)}, export {_told(senec.grid_total_export)}"
    yield (
        f"Total battery charged {_told(senec.battery_total_charged)},"
        f" discharged {_told(senec.battery_total_discharged)}"
    )


def _kilo(watts: float | None) -> str:
    return _told(None if watts is None else watts / 1000, "kW")


def _told(value: float | None, unit: str = "kWh", places: int = 3) -> str:
    return "unknown" if value is None else f"{value:.{places}f} {unit}"


def main() -> None:
    """Read the appliance that the arguments name."""
    parser = argparse.ArgumentParser(description="What a SENEC appliance tells, once.")
    parser.add_argument("--host", required=True, help="its name or IP address")
    parser.add_argument("--all", action="store_true", help="print everything")
    arguments = parser.parse_args()
    try:
        asyncio.run(run(arguments.host, verbose=arguments.all))
    except errors.Error as error:
        sys.exit(error.line())
