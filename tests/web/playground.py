"""A playground whose faults the tests watch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from heliobus.errors import UsageError
from heliobus.web.demo import Trouble
from tests.service.scripted import NOON

if TYPE_CHECKING:
    from collections.abc import Sequence


class Ground:
    """Faults that begin at once and are over after 42 s."""

    speed = 60.0

    def __init__(self) -> None:
        known = (
            Trouble(name="roof:router-away", system="roof", title="The router is away"),
            Trouble(name="roof:odd", system="roof", title="Something odd happens"),
        )
        self._faults = {one.name: one for one in known}

    def faults(self) -> Sequence[Trouble]:
        return tuple(self._faults.values())

    async def begin(self, name: str) -> None:
        self._set(name, active=True)

    async def end(self, name: str) -> None:
        self._set(name, active=False)

    def _set(self, name: str, *, active: bool) -> None:
        if name not in self._faults:
            raise UsageError(f"no fault {name!r}", remedy="Use one of the list.")
        self._faults[name] = replace(
            self._faults[name],
            active=active,
            since=NOON if active else None,
            recovered_s=None if active else 42.0,
        )
