"""Requests: what is asked for, and how it is cut when the appliance cannot take it whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from heliobus.errors import UsageError
from heliobus.senec.protocol.values import Typed, encode_leaf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from heliobus.model.records import Json

PATH = "/lala.cgi"
CEILING = 11_500
"""Bytes of a request body: 11 428 were answered in full, 11 998 with a truncated answer (SPEC 2.3)."""

Requested: TypeAlias = "str | Typed | Sequence[str | Typed]"
"""``""`` reads, a typed string or a ``Typed`` writes; a list writes the places that are not ``""``."""
Request: TypeAlias = "Mapping[str, Mapping[str, Requested]]"

T = TypeVar("T")

# PV, grid, house, battery and wallbox add up only within one answer, so they never part (SPEC 2.3).
_TOGETHER = {
    "RTC": ("WEB_TIME", "UTC_OFFSET"),
    "ENERGY": (
        "STAT_STATE",
        "GUI_INVERTER_POWER",
        "GUI_GRID_POW",
        "GUI_HOUSE_POW",
        "GUI_BAT_DATA_POWER",
        "GUI_BAT_DATA_CURRENT",
        "GUI_BAT_DATA_VOLTAGE",
    ),
    "PV1": ("MPP_POWER", "P_TOTAL"),
    "PM1OBJ1": ("P_TOTAL", "P_AC", "U_AC"),
    "PM1OBJ2": ("P_TOTAL", "P_AC"),
    "WALLBOX": ("APPARENT_CHARGING_POWER", "L1_CHARGING_CURRENT", "L2_CHARGING_CURRENT", "L3_CHARGING_CURRENT"),
    "PWR_UNIT": ("POWER", "POWER_L1", "POWER_L2", "POWER_L3"),
}


def build_request(tree: Request) -> bytes:
    """The request body: compact JSON.  Raises ``UsageError`` when the tree is not sections of variables."""
    return _dumps({name: dict(_encoded(name, section)) for name, section in tree.items()})


def _dumps(tree: Json) -> bytes:
    return json.dumps(tree, separators=(",", ":")).encode()


def _encoded(name: str, section: Mapping[str, Requested]) -> Iterator[tuple[str, Json]]:
    if not hasattr(section, "items"):
        raise UsageError(
            f"the SENEC section {name!r} is asked for with {section!r}",
            remedy='Name the variables as {"SECTION": {"NAME": ""}}, or use {} for all of them.',
        )
    for variable, requested in section.items():
        if not isinstance(requested, str | Typed | list | tuple):
            raise UsageError(
                f"the SENEC variable {name}.{variable} is asked for with {requested!r}",
                remedy='Use "" to read it, or a typed string to write it.',
            )
        yield variable, encode_leaf(requested)


def written(tree: Request) -> tuple[str, ...]:
    """The paths (``ENERGY.SAFE_CHARGE_FORCE``) that a request would change in the appliance; none when it reads."""
    return tuple(
        f"{name}.{variable}"
        for name, section in tree.items()
        for variable, leaf in _encoded(name, section)
        if (any(leaf) if isinstance(leaf, list) else leaf)
    )


def split_request(tree: Request, *, ceiling: int = CEILING) -> list[Request]:
    """The same reads and writes, as many in a request as ``ceiling`` bytes hold; the first has all powers.

    What cannot be divided (a whole section, the powers) may exceed a ceiling that is too low for it, alone.
    """
    if len(build_request(tree)) <= ceiling:
        return [tree]
    requests: list[dict[str, dict[str, Requested]]] = []
    size = 0
    for part in _parts(tree):
        added = len(build_request(part))  # with its own braces: a few bytes too many, never too few
        if not requests or size + added > ceiling:
            requests.append({})
            size = 0
        size += added
        for name, section in part.items():
            requests[-1].setdefault(name, {}).update(section)
    return list(requests)


def _parts(tree: Request) -> Iterator[Request]:
    powers = {
        name: {variable: leaf for variable, leaf in section.items() if variable in _TOGETHER[name]}
        for name, section in tree.items()
        if name in _TOGETHER and (not section or not section.keys().isdisjoint(_TOGETHER[name]))
    }
    if powers:
        yield powers
    for name, section in tree.items():
        if not section and name not in powers:
            yield {name: {}}
        for variable, leaf in section.items():
            if variable not in powers.get(name, ()):
                yield {name: {variable: leaf}}


def merge_answers(answers: Iterable[Mapping[str, Mapping[str, T]]]) -> dict[str, dict[str, T]]:
    """The answers to split requests as one tree."""
    merged: dict[str, dict[str, T]] = {}
    for answer in answers:
        for name, section in answer.items():
            merged.setdefault(name, {}).update(section)
    return merged
