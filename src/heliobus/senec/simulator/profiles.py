"""Firmware profiles: which variables an appliance has, of which type, and what they are filled with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from heliobus.errors import UsageError
from heliobus.senec.protocol import Absent, encode_value
from heliobus.senec.simulator.house import LIVE, LIVE_0811, LIVE_0826, LIVE_V21
from heliobus.senec.simulator.variables import (
    CONSTANTS,
    CONSTANTS_0811,
    CONSTANTS_0826,
    CONSTANTS_2411,
    CONSTANTS_LFP,
    CONSTANTS_V21,
    NOT_FOUND,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from heliobus.senec.protocol import Json
    from heliobus.senec.simulator.house import Content, Moment, Rows


class Cell(NamedTuple):
    """One variable: the type of its wire form, and its content or how it follows from the moment."""

    type: str
    content: Content | Callable[[Moment], Content]

    def read(self, moment: Moment) -> Json:
        content = self.content(moment) if callable(self.content) else self.content
        if isinstance(content, str | float | int | Absent):
            return encode_value(self.type, content)
        return [encode_value(self.type, item) for item in content]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One firmware (SPEC 1): its variables, and where its other pages lie."""

    name: str
    cells: Mapping[str, Mapping[str, Cell]]
    variables_page: str
    log_folder: str
    cookie: bool = False
    """Whether it hands one out to who asks for FACTORY (SPEC 3.4)."""
    lfp: bool = False
    """Whether its battery is one of the LFP kind."""


def _cells(*tables: Mapping[str, Rows]) -> dict[str, dict[str, Cell]]:
    sections: dict[str, dict[str, Cell]] = {}
    for table in tables:
        for section, rows in table.items():
            cells = sections.setdefault(section, {})
            for type_, content, names in rows:
                if content is NOT_FOUND:
                    for name in names.split():
                        cells.pop(name, None)
                else:
                    cells.update((name, Cell(type_, content)) for name in names.split())
    return sections


PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile(
            name="0826",
            cells=_cells(CONSTANTS, CONSTANTS_0826, LIVE, LIVE_0826),
            variables_page="//vars.html",
            log_folder="//log",
        ),
        Profile(
            name="0811",
            cells=_cells(CONSTANTS, CONSTANTS_0811, LIVE, LIVE_0811),
            variables_page="/vars.html",
            log_folder="/log",
        ),
        Profile(
            name="2411",
            cells=_cells(CONSTANTS, CONSTANTS_0826, LIVE, LIVE_0826, CONSTANTS_2411),
            variables_page="//vars.html",
            log_folder="//log",
            cookie=True,
        ),
        Profile(
            name="lfp",
            cells=_cells(CONSTANTS, CONSTANTS_0826, LIVE, LIVE_0826, CONSTANTS_2411, CONSTANTS_LFP),
            variables_page="//vars.html",
            log_folder="//log",
            cookie=True,
            lfp=True,
        ),
        Profile(
            name="v2.1",
            cells=_cells(CONSTANTS, CONSTANTS_0826, LIVE, LIVE_0826, CONSTANTS_V21, LIVE_V21),
            variables_page="/Vars.html",
            log_folder="/log",
        ),
    )
}
"""A V3 duo by the number of its firmware (0811, 0826: main controller; 2411: network unit), the default first; one with
an LFP battery, and a V2.1 of 0825 with a wallbox."""


def profile_of(name: str | None) -> Profile:
    """The profile of that name, without one the default; UsageError names those that there are."""
    if name is None:
        return next(iter(PROFILES.values()))
    try:
        return PROFILES[name]
    except KeyError:
        raise UsageError(f"no SENEC firmware profile {name!r}", remedy=f"Use one of: {', '.join(PROFILES)}.") from None
