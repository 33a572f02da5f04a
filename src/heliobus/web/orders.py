"""What the API takes and answers about commands, as pydantic models: ``schemas`` has the rest."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from heliobus.web.schemas import Document


class Limits(Document):
    """Of an argument, in the model's unit; ``high`` null is no upper bound, ``fixed``: the device chooses it."""

    low: float
    high: float | None
    fixed: bool


class Ability(Document):
    """One kind of command; ``lag_s`` is how long the device may take to show its effect."""

    durability: Literal["volatile", "persistent"]
    lag_s: float
    warning: str | None
    arguments: dict[str, Limits]


class SystemControl(Document):
    """``error`` says why the commands of a system cannot be told now."""

    commands: dict[str, Ability]
    in_force: list[dict[str, Any]]
    error: str | None


class Control(Document):
    """``enabled`` is the switch in the configuration file; without it nothing is applied."""

    enabled: bool
    systems: dict[str, SystemControl]


class Asked(Document):
    """A command for a system: its ``kind``, its arguments, and ``lease_s``, after which it is taken back."""

    system: str
    command: dict[str, Any]


class Outcome(Document):
    """What came of a command; ``before``, ``requested`` and ``read_back`` in the device's own words."""

    at: datetime
    command: dict[str, Any]
    status: Literal["planned", "accepted", "applied", "rejected", "superseded", "expired", "unknown"]
    note: str | None
    sent: list[str]
    before: dict[str, Any]
    requested: dict[str, Any]
    read_back: dict[str, Any]
    effect: dict[str, float]
    undo: dict[str, Any] | None


class Planned(Document):
    """``plan`` is what to apply, once and within ``holds_s``."""

    plan: str
    holds_s: float
    outcome: Outcome


class Chosen(Document):
    plan: str


class Applied(Document):
    outcome: Outcome
