"""A decoded answer as the fields of the model's parts, scaled; and the quality of what did not come."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, TypeAlias

from heliobus.model.quality import Quality
from heliobus.senec.mapping.table import FIELDS, plan
from heliobus.senec.protocol import NOT_A_SECTION, Absent, Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from heliobus.senec.protocol import Answer, Value

Qualities: TypeAlias = dict[str, Quality]
Columns: TypeAlias = "Mapping[str, Sequence[Any]]"
"""The fields of a list's members by name, each with a place per member."""
Parts: TypeAlias = dict[str, dict[str, Any]]
"""The fields of each part by name; those of a list's members are columns."""

_PART_NAMES = tuple(dict.fromkeys(field.part for field in FIELDS))
_MEMBER = re.compile(r"(?<=\.)L?[0-9]+(?=\.)")


def parts_of(answer: Answer, detail: str, quality: Qualities) -> Parts:
    """The values that came of those that are asked for at this detail; ``quality`` takes up what is missing."""
    parts: Parts = {part: {} for part in _PART_NAMES}
    for section, singles, lists, all_lost in plan(detail):
        values = answer.get(section)
        if values is None:
            quality.update(all_lost)
            continue
        if (unused := _UNUSED.get(section)) and unused(values):
            continue  # as in most houses: do not spend a tenth of the time on lists of zeros
        for _, variable, read, part, name, scale, lost, _, unit in singles:
            value = read(values.get(variable))
            if value is not None:
                parts[part][name] = value + 0.0 if scale is None else scale(value)  # never -0.0, as PV is at night
            elif not _is_unknown(values, variable, unit):
                quality.update(lost)
        for _, variable, read, part, name, scale, lost, _, unit in lists:
            value = read(values.get(variable))
            if value:
                parts[part][name] = _scaled(value, scale)
            elif not _is_unknown(values, variable, unit):
                quality.update(lost)
    return parts


def _has_no_box(values: Mapping[str, Value]) -> bool:
    """Whether the appliance says for each place that there is neither a wallbox nor a car."""
    signs = values.get("STATE"), values.get("EV_CONNECTED")
    return all(isinstance(places, list) and not any(places) for places in signs)


def _has_no_meter(values: Mapping[str, Value]) -> bool:
    """Whether it is switched off, or does not say so and is zero throughout."""
    enabled = values.get("ENABLED")
    if isinstance(enabled, float | int):
        return enabled == 0
    told = [value for name, value in values.items() if name != "ENABLED"]
    return bool(told) and all(value in (0, [0, 0, 0]) for value in told)


_UNUSED = {"WALLBOX": _has_no_box, "PM1OBJ2": _has_no_meter}


def _scaled(values: Sequence[Any], scale: Callable[[Any], Any] | None) -> list[Any]:
    if scale is None:
        return [None if value is None else value + 0.0 for value in values]
    return [None if value is None else scale(value) for value in values]


def _is_unknown(values: Mapping[str, Value], variable: str, unit: str) -> bool:
    """Whether the answer, which lacks a value here, says that the appliance has no such section, variable or sensor."""
    raw = values.get(variable, values.get("OBJECT_NOT_FOUND", values.get(NOT_A_SECTION)))
    if isinstance(raw, Absent):
        return raw.reason is Reason.NOT_FOUND
    no_sensor = unit == "°C" and isinstance(raw, float | int)  # and yet not taken for a temperature
    return no_sensor or not values


def members(
    columns: Columns, path: str, quality: Qualities, *, letter: str = "", only: Container[int] | None = None
) -> Iterator[dict[str, Any]]:
    """The fields of each member with its id: ``letter`` and its place, counted from 1.

    ``only`` names the places where there is a member, if not all; ``quality`` takes up what is missing in one.
    """
    for place, row in enumerate(zip_longest(*columns.values()), 1):
        if only is not None and place not in only:
            continue
        id_ = f"{letter}{place}"
        values = dict(zip(columns, row, strict=True))
        if None in row:
            for name, value in values.items():
                if value is None:
                    quality[f"{path}.{id_}.{name}"] = Quality.MISSING
        values["id"] = id_
        yield values


def battery_power(answer: Answer) -> float | None:
    """The battery's power in the model's sign, W: + discharge."""
    power: float | None = parts_of(answer, "live", {})["batteries.1"].get("power")
    return power


def carried(answer: Answer, detail: str) -> frozenset[str]:
    """The model's paths (``*`` for members) that the appliance carries, judged by its answer at this detail."""
    missing: Qualities = {}
    parts = parts_of(answer, detail, missing)
    return _paths({f"{part}.{name}" for part, columns in parts.items() for name in columns} | missing.keys())


def carriable(detail: str) -> frozenset[str]:
    """The model's paths that some appliance carries at this detail."""
    return _paths(one.path for _, singles, lists, _ in plan(detail) for one in (*singles, *lists))


def _paths(paths: Iterable[str]) -> frozenset[str]:
    """Declared paths; with the aggregate battery, and the power of a wallbox, which has no variable of its own."""
    found = {_MEMBER.sub("*", path) for path in paths}
    found |= {path.replace("batteries.*", "battery", 1) for path in found}
    return frozenset(found | {"wallboxes.*.power"} if "wallboxes.*.state_code" in found else found)
