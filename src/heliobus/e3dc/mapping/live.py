"""The powers, the batteries in brief, the wallboxes: what a live poll tells.

Signs of the wire: battery + charges, an external producer is negative while it produces; grid and house are as in the
model (SPEC 6.2).  Devices count from 0, the model's ids from 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.e3dc.models import is_absent, status_bits
from heliobus.errors import ProtocolError
from heliobus.model.parts import PV, Battery, Grid, Load, System, Wallbox
from heliobus.model.quality import Quality

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from heliobus.e3dc.mapping.qualities import Qualities
    from heliobus.e3dc.models import BriefBattery, BriefWallbox, Live, Powers

_FLIPPED = -1.0


def id_of(index: int) -> str:
    """The model's id of a device or part at an ``index`` of the wire."""
    return str(index + 1)


def device_time(powers: Powers) -> datetime | None:
    """The device's clock, UTC; None for what is no date."""
    try:
        return None if powers.utc_time is None else powers.utc_time.utc()
    except ProtocolError:
        return None


def battery_power(power_bat: float | None) -> float | None:
    """``EMS_POWER_BAT`` in the model's sign, W: + discharge."""
    return None if power_bat is None else _FLIPPED * power_bat + 0.0


def pv(powers: Powers, qualities: Qualities) -> PV:
    """All production is the roof's and the external producer's, where there is one."""
    own = qualities.take("pv.power", powers, "power_pv")
    external = qualities.take("pv.external_power", powers, "power_add", factor=_FLIPPED)
    if external is None:
        if not is_absent(powers.error("power_add")) and own is not None:  # there may be one that we do not see
            qualities["pv.power"] = Quality.MISSING
            own = None
        return PV(power=own)
    if own is None:
        return PV(external_power=external)
    return PV(
        power=own if external == 0 else qualities.known("pv.power", own + external, Quality.DERIVED),
        external_power=external,
    )


def grid(powers: Powers, qualities: Qualities) -> Grid:
    return Grid(power=qualities.take("grid.power", powers, "power_grid"))


def load(powers: Powers, qualities: Qualities) -> Load:
    return Load(power=qualities.take("load.power", powers, "power_home"))


def system(powers: Powers) -> System:
    """The bits of the status, and the names of those that are set."""
    code = powers.status
    names = [] if code is None else [name for name, holds in status_bits(code, "ems_status_bit").items() if holds]
    return System(state_code=code, state=None if code is None else ", ".join(names) or "normal")


# -- batteries


def batteries(live: Live, qualities: Qualities) -> tuple[Battery, ...]:
    """One battery has the power that the energy management tells; several share it as they share the current."""
    told = live.batteries
    if len(told) > 1:
        return tuple(
            _battery(one, qualities, power=power, mode=_mode(live.powers))
            for one, power in zip(told, _shares(live.powers, told, qualities), strict=True)
        )
    place = id_of(told[0].index if told else 0)
    path = f"batteries.{place}"
    power = qualities.take(f"{path}.power", live.powers, "power_bat", factor=_FLIPPED)
    if told and told[0].rsoc is not None:
        return (_battery(told[0], qualities, power=power, mode=_mode(live.powers)),)
    soc = qualities.take(f"{path}.soc", live.powers, "bat_soc")
    return (Battery(id=place, power=power, soc=soc, mode=_mode(live.powers)),)


def _battery(one: BriefBattery, qualities: Qualities, *, power: float | None, mode: str | None) -> Battery:
    path = f"batteries.{id_of(one.index)}"
    return Battery(
        id=id_of(one.index),
        power=power,
        soc=qualities.take(f"{path}.soc", one, "rsoc"),
        voltage=qualities.take(f"{path}.voltage", one, "module_voltage"),
        current=qualities.take(f"{path}.current", one, "current", factor=_FLIPPED),
        capacity=qualities.known(
            f"{path}.capacity", watt_hours(one.usable_capacity, one.module_voltage), Quality.ESTIMATED
        ),
        mode=mode,
    )


def _mode(powers: Powers) -> str | None:
    return None if powers.mode is None else powers.mode.lower()


def watt_hours(charge: float | None, voltage: float | None) -> float | None:
    """A charge in Ah as energy at the battery's present voltage."""
    return None if charge is None or voltage is None else charge * voltage


def _shares(powers: Powers, told: Sequence[BriefBattery], qualities: Qualities) -> list[float | None]:
    """The power of each battery; together they are what the energy management tells."""
    total = powers.power_bat
    flows = [one.current * one.module_voltage for one in told if one.current and one.module_voltage]
    together = sum(flows)
    agree = len(flows) == len(told) and (min(flows) >= 0 or max(flows) <= 0)
    shares = [flow / together for flow in flows] if agree else [1 / len(told)] * len(told)
    found: list[float | None] = []
    for one, share in zip(told, shares, strict=True):
        path = f"batteries.{id_of(one.index)}.power"
        if total is None:
            found.append(qualities.take(path, powers, "power_bat"))
        else:
            quality = Quality.DERIVED if agree or total == 0 else Quality.ESTIMATED
            found.append(qualities.known(path, _FLIPPED * total * share + 0.0, quality))
    return found


# -- wallboxes


def wallboxes(live: Live, qualities: Qualities) -> tuple[Wallbox, ...]:
    """A single wallbox has the power that the energy management tells.

    A farm's controller tells the power of boxes that only its members know: they are one wallbox called "all".
    """
    powers, told = live.powers, live.wallboxes
    if not told:
        unknown = powers.power_wb_all
        return (Wallbox(id="all", power=float(unknown)),) if unknown else ()
    if len(told) > 1:
        return tuple(_wallbox(one, _own_power(one, qualities)) for one in told)
    path = f"wallboxes.{id_of(told[0].index)}.power"
    return (_wallbox(told[0], qualities.take(path, powers, "power_wb_all")),)


def _own_power(box: BriefWallbox, qualities: Qualities) -> float | None:
    if box.total is None:
        qualities[f"wallboxes.{id_of(box.index)}.power"] = Quality.MISSING
        return None
    return float(box.total.power)


def _wallbox(box: BriefWallbox, power: float | None) -> Wallbox:
    total, told = box.total, box.algorithm
    energy = None if total is None else float(total.energy)
    if told is None:
        return Wallbox(id=id_of(box.index), power=power, energy=energy)
    return Wallbox(
        id=id_of(box.index),
        power=power,
        energy=energy,
        current_limit=float(told.max_current),
        car_connected=told.plugged,
        car_soc=float(told.soc) if told.plugged else None,
        state=_state(charging=told.charging, canceled=told.canceled, plugged=told.plugged),
        mode="sun" if told.sun_mode else "mixed",
    )


def _state(*, charging: bool, canceled: bool, plugged: bool) -> str:
    if charging:
        return "charging"
    if canceled:
        return "stopped"
    return "waiting" if plugged else "no car"
