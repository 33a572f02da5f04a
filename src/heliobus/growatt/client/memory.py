"""What was set before a command changed it, kept over restarts, so that ``Auto`` can restore it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from heliobus.errors import Error
from heliobus.growatt.control import FAMILIES, Change, changed, remembered
from heliobus.transport.private import PrivateFile, state_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from heliobus.growatt.models import Inverter

_log = logging.getLogger(__name__)


class Memory:
    """By serial number and setting, the earliest state that is known.  Making one does no I/O."""

    def __init__(self, state: Path | None) -> None:
        folder = state_folder() / "growatt"
        self._file = PrivateFile(folder / "undo.json" if state is None else state.with_name(f"{state.stem}-undo.json"))

    async def known(self, inverter: Inverter) -> dict[str, Change]:
        """What ``Auto`` has to restore; what no table has any more is left out."""
        async with self._file.locked():
            return _changes(await self._file.load(), inverter)

    async def keep(self, inverter: Inverter, restoring: Sequence[Change]) -> None:
        """Remember these too, but for settings of which an earlier state is known."""
        async with self._file.locked():
            held = dict(await self._file.load())
            both = remembered(restoring, _changes(held, inverter))
            await self._file.save({**held, inverter.serial: {name: list(one.texts) for name, one in both.items()}})

    async def keep_only(self, inverter: Inverter, known: Mapping[str, Change]) -> None:
        """Remember just these: after ``Auto`` nothing, after a refusal what was known before it."""
        async with self._file.locked():
            held = {name: value for name, value in (await self._file.load()).items() if name != inverter.serial}
            if known:
                held[inverter.serial] = {name: list(one.texts) for name, one in known.items()}
            await self._file.save(held)


def _changes(held: Mapping[str, Any], inverter: Inverter) -> dict[str, Change]:
    table = FAMILIES.get(inverter.family, {})
    found: dict[str, Change] = {}
    kept = held.get(inverter.serial)
    for name, texts in kept.items() if isinstance(kept, dict) else ():
        try:
            found[name] = changed(table, inverter.family, name, texts, dangerous=True)
        except (Error, TypeError) as error:
            _log.warning("what was kept of %s is not restored: %s", name, error)
    return found
