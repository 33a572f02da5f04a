"""The settings of a plant: a form of 18 fields, of which every change has to send all (SPEC, "Plant settings")."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from heliobus.errors import UsageError
from heliobus.growatt.control.kinds import refuse
from heliobus.growatt.control.setting import Change
from heliobus.growatt.control.tables import PLANT
from heliobus.growatt.protocol import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.growatt.control.setting import Parameter
    from heliobus.growatt.protocol import Json

PLANT_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "name": "plantName",
        "address": "plantAddress",
        "city": "plantCity",
        "country": "plantCountry",
        "latitude": "plantLat",
        "longitude": "plantLng",
        "timezone": "plantTimezone",
        "installed": "plantDate",
        "peak_power": "plantPower",
        "income": "plantIncome",
        "currency": "plantMoney",
        "co2": "plantCo2",
        "coal": "plantCoal",
        "so2": "plantSo2",
        "type": "plantType",
    }
)
"""What may be changed by our name of it; the form's own names do as well.  The account, the id and the firm stay."""


def plant_change(current: Mapping[str, Json], **changes: Any) -> Change:
    """The whole form out of what ``getPlant`` tells, with ``changes``.

    ``timezone`` is in hours, ``peak_power`` in W, ``income`` per kWh, ``co2``, ``coal`` and ``so2`` in kg per kWh.
    Raises UsageError and OutOfBounds for what does not fit, and UsageError when nothing is changed or ``current`` is no
    plant: fields that are empty in the form are cleared.
    """
    wanted = {PLANT_FIELDS.get(name, name): value for name, value in changes.items()}
    unknown = [name for name in wanted if name not in PLANT_FIELDS.values()]
    if unknown or not wanted:
        raise UsageError(
            f"a plant has no setting {unknown[0]!r}; nothing was sent" if unknown else "no plant setting was named",
            remedy=f"Use: {', '.join(PLANT_FIELDS)}.",
        )
    if text(current.get("id")) is None or text(current.get("plantName")) is None:
        raise UsageError("the current settings of the plant are not known; nothing was sent", remedy="Read them first.")
    return Change(PLANT, tuple(_field(parameter, current, wanted) for parameter in PLANT.parameters))


def plant_form(texts: tuple[str, ...]) -> dict[str, str]:
    """The form's fields by name."""
    return {parameter.name: written for parameter, written in zip(PLANT.parameters, texts, strict=True)}


def _field(parameter: Parameter, current: Mapping[str, Json], wanted: Mapping[str, Any]) -> str:
    """One that is not changed goes as it came, whatever it is."""
    if parameter.name not in wanted:
        return parameter.kept(current)
    written = parameter.kind.write(wanted[parameter.name])
    if written is None:
        raise refuse("plant", parameter.name, wanted[parameter.name], parameter.kind)
    return written
