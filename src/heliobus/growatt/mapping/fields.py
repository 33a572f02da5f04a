"""How a reading's rows become values of the model, as data: the machinery behind every family's table.

Growatt has no signed powers on most of its calls: import and export, charge and discharge are pairs, >= 0 (MODEL, "The
unified model").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from heliobus.model import parts
from heliobus.model.quality import Quality

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime, tzinfo

    from heliobus.growatt.models import Record, Row

Values: TypeAlias = dict[str, dict[str, Any]]
"""Values by their part and name, such as ``values["batteries.1"]["soc"]``."""

KILO = 1000.0
_ROUNDED = 0.010001  # kW: ``ppv`` has two decimals


class Field(NamedTuple):
    """A value of the model: the sum of ``plus`` less that of ``minus``, times ``scale``.

    The first row of each side has to be there; the further ones count where the answer has them.
    """

    part: str
    name: str
    plus: tuple[Row[float | None], ...]
    minus: tuple[Row[float | None], ...] = ()
    scale: float = 1.0

    @property
    def path(self) -> str:
        return f"{self.part}.{self.name}"


class Table(NamedTuple):
    """How readings of one type become snapshots."""

    fields: tuple[Field, ...]
    """All that some inverter of the family carries."""
    rows: Callable[[Any], Iterable[tuple[Record, Iterable[Field]]]]
    """The records of a reading, each with those fields that apply to this inverter."""
    finish: Callable[[Any, Values], None] = lambda _reading, _values: None
    """Adds what is no number of one row, such as a state, and refines what was read."""
    states: tuple[str, ...] = ()
    """The paths that ``finish`` adds."""
    is_lost: Callable[[Any], bool] = lambda _reading: False
    """Whether the server has lost the inverter, so that its values are old."""
    time: Callable[[Any, tzinfo], datetime | None] = lambda _reading, _zone: None
    """The inverter's time, by the zone of its plant."""


def one(part: str, name: str, plus: Row[float | None], minus: Row[float | None] | None = None) -> Field:
    """A value in the model's own unit."""
    return Field(part, name, (plus,), () if minus is None else (minus,))


def kilo(part: str, name: str, plus: Row[float | None], minus: Row[float | None] | None = None) -> Field:
    """A value out of kW or kWh."""
    return Field(part, name, (plus,), () if minus is None else (minus,), KILO)


def fill(values: Values, quality: dict[str, Quality], record: Record, table: Iterable[Field]) -> None:
    """Read one record into ``values``; what it has a place for and does not tell is None and MISSING."""
    told = record.values
    for field in table:
        part, name, plus, minus, scale = field
        if not (plus and plus[0].key in told) and not (minus and minus[0].key in told):
            continue
        gained, lost = _total(plus, told), _total(minus, told) if minus else 0.0
        value = None if gained is None or lost is None else (gained - lost) * scale + 0.0  # never -0.0
        values.setdefault(part, {})[name] = value
        if value is None:
            quality[field.path] = Quality.MISSING


def _total(rows: tuple[Row[float | None], ...], told: Mapping[str, Any]) -> float | None:
    """None where a row that counts tells nothing."""
    if len(rows) == 1:
        return rows[0].read(told.get(rows[0].key))
    total = 0.0
    for place, row in enumerate(rows):
        if place and row.key not in told:
            continue
        read = row.read(told.get(row.key))
        if read is None:
            return None
        total += read
    return total


def refine_pv(values: Values) -> None:
    """The strings' powers have tenths of a watt where ``ppv`` has 10 W; they stand for it while both agree."""
    pv = values.get("pv", {})
    powers: list[Any] = [part.get("power") for path, part in values.items() if path.startswith("pv.strings.")]
    if pv.get("power") is None or not powers or None in powers:
        return
    total = float(sum(powers))
    if abs(total - pv["power"]) <= _ROUNDED * KILO:
        pv["power"] = total


def built(values: Values) -> dict[str, Any]:
    """The parts of a snapshot."""
    members: dict[str, list[Any]] = {path: [] for path in _MEMBERS}
    for name in sorted(values):
        path, _, number = name.rpartition(".")
        if path:
            members[path].append(_MEMBERS[path](id=number, **values[name]))
    return {
        "pv": parts.PV(**values.get("pv", {}), strings=tuple(members["pv.strings"])),
        "grid": parts.Grid(**values.get("grid", {}), phases=tuple(members["grid.phases"])),
        "load": parts.Load(**values.get("load", {})),
        "system": parts.System(**values.get("system", {})),
        "batteries": tuple(members["batteries"]),
        "inverters": tuple(members["inverters"]),
    }


_MEMBERS: Mapping[str, Callable[..., Any]] = {
    "pv.strings": parts.PVString,
    "grid.phases": parts.Phase,
    "batteries": parts.Battery,
    "inverters": parts.Inverter,
}
