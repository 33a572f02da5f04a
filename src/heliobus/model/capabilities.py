"""What a device can report and obey, as data made by the client's probe."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from heliobus.errors import NotSupported, OutOfBounds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from heliobus.model.command import Command, Durability


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The closed range of a command's argument in the model's unit; ``fixed`` devices know only their own value."""

    low: float = 0.0
    high: float | None = None
    fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ability:
    """One kind of command that the device obeys.

    ``arguments`` maps the command's numeric fields to their bounds, ``lag`` is how long the device may take to show
    the effect, ``warning`` a sentence that the owner should read before.
    """

    durability: Durability
    lag: timedelta
    arguments: Mapping[str, Bounds] = field(default_factory=dict)
    warning: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """``fields``: the paths (``*`` for members) that the device carries; ``commands``: what it obeys, by kind."""

    fields: frozenset[str] = frozenset()
    commands: Mapping[str, Ability] = field(default_factory=dict)

    def require(self, command: Command) -> Ability:
        """Give the ability behind ``command``, or raise NotSupported or OutOfBounds before any byte is sent."""
        ability = self.commands.get(command.kind)
        if ability is None:
            raise NotSupported(
                f"this device does not know the command {command.kind}", alternatives=tuple(sorted(self.commands))
            )
        for name, bounds in ability.arguments.items():
            _check(command.kind, name, getattr(command, name), bounds)
        return ability


def _check(kind: str, name: str, value: float | None, bounds: Bounds) -> None:
    if value is None:
        return
    if bounds.fixed:
        raise OutOfBounds(
            f"{kind}: the device chooses {name} itself", remedy=f"Leave {name} out; the device uses its own value."
        )
    high = float("inf") if bounds.high is None else bounds.high
    # Written as "not inside" so that NaN is refused too; an infinite value is none, also where there is no bound.
    if not bounds.low <= value <= high or value == float("inf"):
        raise OutOfBounds(f"{kind}: {name} {value} is outside {bounds.low} to {high}")
