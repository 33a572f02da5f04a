"""A command as a change: what is set, what must be so before, where the effect shows, what takes it back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from heliobus.errors import NotSupported

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from heliobus.model.command import Command

    Words = Mapping[str, Any]

LAG = timedelta(seconds=15)
"""How long the effect of a write may take to show; seen are a few seconds (SPEC 5.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One command, ready to be carried out.

    ``values`` are written, ``goal`` is what is read back once they are obeyed (None: nobody can read it), ``unless``
    the path of an order that is on its way to end that.  ``reads`` are asked for besides, ``require`` judges the state
    before, ``undo`` gives the way back to it.  ``pace`` names how often it may be written.
    """

    command: Command
    values: Mapping[str, float]
    goal: Mapping[str, float] | None
    unless: str | None = None
    reads: tuple[str, ...] = ()
    require: Callable[[Words], None] = field(default=lambda _: None)
    undo: Callable[[Words], Command | None] = field(default=lambda _: None)
    pace: str | None = None
    note: str | None = None

    def holds(self, words: Words) -> bool:
        """Whether the appliance is in the state asked for and holds no order to leave it."""
        if self.unless is not None and words.get(self.unless):
            return False
        return self.reached(words)

    def reached(self, words: Words) -> bool:
        """Whether the state asked for can be seen."""
        return self.goal is not None and all(words.get(path) == value for path, value in self.goal.items())

    def taken(self, words: Words) -> bool | None:
        """Whether the echo shows what was written; None without an echo."""
        echoes = [words.get(path) for path in self.values]
        return None if None in echoes else echoes == list(self.values.values())


def require_told(words: Words, *paths: str) -> None:
    """Raise NotSupported for the first of these that the appliance does not tell."""
    if unknown := [path for path in paths if path not in words]:
        raise NotSupported(f"this appliance does not tell {unknown[0]}, so it may not obey either")
