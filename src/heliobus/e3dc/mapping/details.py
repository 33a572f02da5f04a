"""Everything beyond the live values: cells, strings, phases, meters, switches, limits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from heliobus.e3dc.mapping.live import id_of, watt_hours
from heliobus.e3dc.models import ROOT
from heliobus.model.parts import BatteryLimits, BatteryModule, Inverter, Meter, Phase, PVString, Switch
from heliobus.model.quality import Quality

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from heliobus.e3dc import models
    from heliobus.e3dc.mapping.qualities import Qualities
    from heliobus.e3dc.models import Full
    from heliobus.model.parts import Battery, Grid, System

_FLIPPED = -1.0
_PERCENT = 100.0


def batteries(brief: Sequence[Battery], full: Full, qualities: Qualities) -> tuple[Battery, ...]:
    """The batteries of the live values with all that is known of them; the limits are those of the only one."""
    told = {id_of(one.index): one for one in full.batteries}
    whole = tuple(_battery(one, told[one.id], qualities) if one.id in told else one for one in brief)
    return (replace(whole[0], limits=_limits(full)),) if len(whole) == 1 else whole


def _battery(brief: Battery, told: models.Battery, qualities: Qualities) -> Battery:
    path = f"batteries.{brief.id}"
    health = [one.soh for one in told.modules]
    known = [one for one in health if one is not None]
    complete = bool(known) and len(known) == len(health)
    return replace(
        brief,
        # The hottest sensor: what harms a battery is its hottest cell.
        **qualities.each(path, told, temperature="max_dcb_cell_temperature", cycles="charge_cycles"),
        soh=qualities.known(f"{path}.soh", sum(known) / len(known) if complete else None, Quality.DERIVED),
        remaining_energy=qualities.known(
            f"{path}.remaining_energy",
            watt_hours(told.usable_remaining_capacity, told.module_voltage),
            Quality.ESTIMATED,
        ),
        modules=tuple(_module(one, f"{path}.modules.{id_of(one.index)}", qualities) for one in told.modules),
    )


def _module(one: models.Module, path: str, qualities: Qualities) -> BatteryModule:
    warmth = [value for value in one.cell_temperatures if value is not None]
    return BatteryModule(
        id=id_of(one.index),
        serial=one.serialcode or (None if one.serialno is None else str(one.serialno)),
        **qualities.each(path, one, soc="soc", soh="soh", voltage="voltage", cycles="cycle_count"),
        current=qualities.take(f"{path}.current", one, "current", factor=_FLIPPED),
        temperature_min=min(warmth, default=None),
        temperature_max=max(warmth, default=None),
        cell_voltages=one.cell_voltages,
        cell_temperatures=one.cell_temperatures,
    )


def _limits(full: Full) -> BatteryLimits:
    """The owner's limits where they count, else the system's own."""
    settings, specs = full.power_settings, full.specifications
    used = settings.power_limits_used
    charge = settings.max_charge_power if used else specs.get("maxBatChargePower")
    discharge = settings.max_discharge_power if used else specs.get("maxBatDischargPower")
    return BatteryLimits(
        max_charge=float(charge) if isinstance(charge, int) else None,
        max_discharge=float(discharge) if isinstance(discharge, int) else None,
        reserve_soc=full.reserve.share,
    )


def strings(inverters: Iterable[models.Inverter], qualities: Qualities) -> tuple[PVString, ...]:
    """The first inverter's strings are 1, 2 ..., those of the second 2-1, 2-2 ..."""
    return tuple(_string(inverter, one, qualities) for inverter in inverters for one in inverter.strings)


def _string(inverter: models.Inverter, one: models.String, qualities: Qualities) -> PVString:
    place = id_of(one.index) if inverter.index == 0 else f"{id_of(inverter.index)}-{id_of(one.index)}"
    path = f"pv.strings.{place}"
    values = qualities.each(path, one, power="power", voltage="voltage", current="current", energy="energy_all")
    return PVString(id=place, **values)


def inverters(told: Iterable[models.Inverter], qualities: Qualities) -> tuple[Inverter, ...]:
    return tuple(_inverter(one, qualities) for one in told)


def _inverter(one: models.Inverter, qualities: Qualities) -> Inverter:
    path = f"inverters.{id_of(one.index)}"
    powers = [phase.power for phase in one.phases]
    known = [power for power in powers if power is not None]
    whole = sum(known) if powers and len(known) == len(powers) else None
    if whole is None:
        qualities[f"{path}.power"] = Quality.MISSING
    return Inverter(
        id=id_of(one.index),
        power=qualities.known(f"{path}.power", whole, Quality.DERIVED),
        temperature=qualities.take(f"{path}.temperature", one, "max_temperature"),
        state=one.system_mode,
    )


def grid(brief: Grid, full: Full, qualities: Qualities) -> Grid:
    """With the phases of the meter at the grid, and the frequency that the first inverter sees."""
    root = next((meter for meter in full.meters if meter.type_code == ROOT), None)
    phases = next((inverter.phases for inverter in full.inverters if inverter.phases), ())
    return replace(
        brief,
        feed_in_limit=full.info.derate_at_power,
        frequency=qualities.take("grid.frequency", phases[0], "frequency") if phases else None,
        phases=() if root is None else tuple(_phases(root, "grid.phases", qualities, factor=1.0)),
    )


def meters(told: Iterable[models.PowerMeter], qualities: Qualities) -> tuple[Meter, ...]:
    """The further meters: what + is on the wire, consumption, flows out of the house bus."""
    return tuple(_meter(one, qualities) for one in told if one.type_code != ROOT)


def _meter(one: models.PowerMeter, qualities: Qualities) -> Meter:
    place = id_of(one.index)
    phases = tuple(_phases(one, f"meters.{place}.phases", qualities, factor=_FLIPPED))
    powers = [phase.power for phase in phases if phase.power is not None]
    return Meter(
        id=place,
        role=(one.type or "unknown").lower(),
        power=qualities.known(
            f"meters.{place}.power", sum(powers) if len(powers) == len(phases) else None, Quality.DERIVED
        ),
        phases=phases,
    )


def _phases(meter: models.PowerMeter, path: str, qualities: Qualities, *, factor: float) -> Iterator[Phase]:
    for name in ("L1", "L2", "L3"):
        row = name.lower()
        yield Phase(
            id=name,
            voltage=qualities.take(f"{path}.{name}.voltage", meter, f"voltage_{row}"),
            power=qualities.take(f"{path}.{name}.power", meter, f"power_{row}", factor=factor),
        )


def switches(told: Iterable[models.Switch]) -> tuple[Switch, ...]:
    """Their ids are the device's own numbers: those that commands name."""
    return tuple(
        Switch(
            id=str(one.index),
            name=one.name,
            type=None if one.type is None else str(one.type),
            on=None if one.state is None else one.state == 1,
        )
        for one in told
    )


def system(brief: System, full: Full) -> System:
    share = full.info.derate_at_percent
    return replace(brief, feed_in_limit_share=None if share is None else _PERCENT * share)
