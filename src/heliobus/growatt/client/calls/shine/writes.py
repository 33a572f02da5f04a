"""The app's calls that change something, bare; ``AsyncClient.set`` checks, waits and looks after them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.growatt.client.calls.shine.asking import Asking
from heliobus.growatt.protocol.refusals import check_written
from heliobus.growatt.protocol.writes import WRITES, plant_question, write_call, write_question

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class WriteCalls(Asking):
    """A success says that the datalogger has taken it; a refusal is raised as what its code means."""

    async def write_setting(self, serial: str, *, family: str, setting: str, parameters: Sequence[str]) -> None:
        """Write one setting of an inverter; ``parameters`` are param1, param2 and so on, all of the setting's.

        Besides the usual errors: Refused (the inverter or its datalogger is offline, no right), OutOfBounds, UsageError
        (an empty parameter, a time badly formed), and NotSupported (a type or family that the server does not know).
        """
        call = write_call(family, setting)
        answer = await self._account.send(call, write_question(call, serial, setting, parameters))
        check_written(answer, setting=setting, family=family)

    async def update_plant(self, form: Mapping[str, str]) -> None:
        """Write a plant's settings; the ``form`` has all 18 fields, or those that are missing are cleared."""
        answer = await self._account.send(WRITES["plant_update"], plant_question(form))
        check_written(answer, setting="plant")
