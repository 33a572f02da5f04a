"""Orders: one bit, which falls back to 0 by itself; another variable tells whether it is obeyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.errors import Refused
from heliobus.model.command import Auto, Charge, Command
from heliobus.senec.control.change import Change, require_told
from heliobus.senec.control.commands import Reboot, StorageMode

if TYPE_CHECKING:
    from collections.abc import Callable

    from heliobus.senec.control.change import Words

_RUNNING, _STORING = "ENERGY.SAFE_CHARGE_RUNNING", "ENERGY.LI_STORAGE_MODE_RUNNING"
_SHOWN = ("ENERGY.STAT_STATE", "ENERGY.GUI_BAT_DATA_POWER")


def order_of(command: Command) -> Change | None:
    """The change that an order is, None for a command that is none.  Raises Refused for what is dangerous."""
    match command:
        case Charge():
            return _order(command, "SAFE_CHARGE", "FORCE", "PROHIBIT", on=True, undo=lambda _: Auto())
        case Auto():
            return _order(command, "SAFE_CHARGE", "PROHIBIT", "FORCE", on=False, undo=_charge_again)
        case StorageMode():
            return _storage(command)
        case Reboot():
            return _reboot(command)
    return None


def _order(
    command: Command, name: str, bit: str, opposite: str, *, on: bool, undo: Callable[[Words], Command | None]
) -> Change:
    running = f"ENERGY.{name}_RUNNING"
    charges = isinstance(command, Charge)

    def require(words: Words) -> None:
        require_told(words, running)
        if charges and words.get(_STORING):
            raise Refused("the appliance is in its storage mode", remedy="End the storage mode first.")

    return Change(
        command=command,
        values={f"ENERGY.{name}_{bit}": 1},
        goal={running: int(on)},
        unless=f"ENERGY.{name}_{opposite}",
        reads=(running, f"ENERGY.{name}_{opposite}", *([_STORING] if charges else []), *_SHOWN),
        require=require,
        undo=undo,
    )


def _charge_again(words: Words) -> Command | None:
    return Charge() if words[_RUNNING] else None


def _storage(command: StorageMode) -> Change:
    if not command.dangerous:
        raise Refused(
            "the storage mode stops the battery and the PV, and ends with an insulation test",
            remedy="Say dangerous=True if that is what you want.",
        )
    bits = ("START", "STOP") if command.on else ("STOP", "START")

    def undo(words: Words) -> Command | None:
        return StorageMode(on=not command.on, dangerous=True) if bool(words[_STORING]) != command.on else None

    return _order(command, "LI_STORAGE_MODE", *bits, on=command.on, undo=undo)


def _reboot(command: Reboot) -> Change:
    bit = "SYS_UPDATE.USER_REBOOT_DEVICE"
    return Change(
        command=command,
        values={bit: 1},
        goal=None,
        reads=("SYS_UPDATE.BOOT_REPORT_SUCCESS",),
        require=lambda words: require_told(words, bit),
        pace="reboot",
    )
