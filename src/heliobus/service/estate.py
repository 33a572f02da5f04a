"""What killed runs of ``heliobus control`` left in force: the next run at the device takes it back, or the service.

Each device has a journal of its own for these runs, held by one of them at a time.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from heliobus.errors import Error
from heliobus.service.journal import Journal
from heliobus.transport.private import state_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heliobus.service.config import SystemConfig
    from heliobus.url import DeviceURL

_log = logging.getLogger(__name__)


def journal_at(address: DeviceURL, device: str | None) -> Journal:
    """Give the journal of the runs at a device: the same address in other words is another one."""
    name = hashlib.sha256(f"{address}\n{device}".encode()).hexdigest()[:32]
    return Journal(state_folder() / "control" / f"{name}.commands")


def inherit(journal: Journal, systems: Iterable[SystemConfig]) -> None:
    """Move what is left in force at the systems into the service's journal, but not what a living run holds."""
    for system in systems:
        for address in system.addresses:
            left = journal_at(address, system.device)
            try:
                _move(left, journal, system.name)
            except Error as error:
                _log.warning("%s: what heliobus control left in force stays so: %s", system.name, error.line())


def _move(left: Journal, journal: Journal, system: str) -> None:
    if not left.read():  # without a lock: most devices have none, and a file of it neither
        return
    with left.held():
        leases = [replace(lease, system=system) for lease in left.read()]
        journal.write([*journal.read(), *leases])
        left.write([])
    for lease in leases:
        _log.warning("%s: heliobus control was killed and left %s in force", system, lease.command.kind)
