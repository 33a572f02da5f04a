"""A setting type as data: its parameters, where each is told back, and whether it may hurt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from heliobus.errors import NotSupported, OutOfBounds, Refused, UsageError
from heliobus.growatt.control.kinds import Kind, Moment, Told, refuse
from heliobus.growatt.protocol import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heliobus.growatt.protocol import Json


class Parameter(NamedTuple):
    """One of param1, param2, ...; ``names`` are its names in the settings that are told, the first that exists counts.

    ``part`` is the place in a clock time of which it is told as a part: "6:0" is hour 6 and minute 0.
    """

    name: str
    kind: Kind
    names: tuple[str, ...] = ()
    part: int | None = None
    optional: bool = False
    """Whether it may be left out, with all that follow it."""
    fixed: str = ""
    """What a form has in its place when nothing is told."""

    def told(self, settings: Mapping[str, Json]) -> Told:
        """What it is set to, None where that is not told or is no such value."""
        name = next(
            (name for name in self.names if text(settings.get(name)) or settings.get(name) in (True, False)), None
        )
        if name is None:
            return None
        value = settings[name]
        if self.part is not None:
            parts = (text(value) or "").split(":")
            value = parts[self.part] if self.part < len(parts) else None
        return self.kind.read(value)

    def kept(self, settings: Mapping[str, Json]) -> str:
        """What is told as it came, whatever it is."""
        return next((plain for name in self.names if (plain := text(settings.get(name)))), self.fixed)


class Period(NamedTuple):
    """Where a period's times stand among the parameters: start hour, then start minute, end hour and end minute."""

    place: int
    title: str


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting type.  All parameters are always sent: the servers clear what is missing."""

    name: str
    parameters: tuple[Parameter, ...]
    dangerous: str | None = None
    """Why it may hurt the plant, its grid or the house's backup; it then needs an explicit ``dangerous=True``."""
    periods: tuple[Period, ...] = ()
    form: bool = False
    """Whether what is not changed goes back as it came."""

    def written(self, values: Sequence[Any]) -> tuple[str, ...]:
        """The texts to send; UsageError and OutOfBounds name what would be allowed."""
        needed = sum(not parameter.optional for parameter in self.parameters)
        if not needed <= len(values) <= len(self.parameters):
            names = ", ".join(parameter.name for parameter in self.parameters)
            raise UsageError(
                f"{self.name} takes {_count(needed, len(self.parameters))}, not {len(values)}; nothing was sent",
                remedy=f"Give {names}.",
            )
        texts = []
        for parameter, value in zip(self.parameters, values, strict=False):
            written = parameter.kind.write(value)
            if written is None:
                raise refuse(self.name, parameter.name, value, parameter.kind)
            texts.append(written)
        self._check_periods(texts)
        return tuple(texts)

    def _check_periods(self, texts: Sequence[str]) -> None:
        for place, title in self.periods:
            hour, minute, last_hour, last_minute = map(int, texts[place : place + 4])
            if (last_hour, last_minute) < (hour, minute):
                raise UsageError(
                    f"{self.name}: {title} ends {last_hour}:{last_minute:02} before it starts {hour}:{minute:02}; "
                    "nothing was sent",
                    remedy="Over midnight use two: one until 23:59 and one from 0:00.",
                )

    def told(self, settings: Mapping[str, Json]) -> tuple[Told, ...]:
        """What its parameters are set to; None where that is not told."""
        return tuple(parameter.told(settings) for parameter in self.parameters)

    def holds(self, texts: Sequence[str], settings: Mapping[str, Json]) -> bool | None:
        """Whether all that is told is as written; None when nothing of it is told."""
        judged = [
            parameter.kind.same(parameter.kind.read(wanted), told)
            for parameter, wanted in zip(self.parameters, texts, strict=False)
            if (told := parameter.told(settings)) is not None
        ]
        return all(judged) if judged else None

    def restoring(self, settings: Mapping[str, Json]) -> tuple[str, ...] | None:
        """What to send to set it to what ``settings`` tell; None where they do not tell all of it, and for clocks."""
        if self.form:
            return tuple(parameter.kept(settings) for parameter in self.parameters)
        texts: list[str] = []
        for parameter, told in zip(self.parameters, self.told(settings), strict=True):
            if isinstance(parameter.kind, Moment):
                return None
            written = None if told is None else parameter.kind.write(told)
            if written is None:
                if parameter.optional:
                    break
                return None
            texts.append(written)
        return tuple(texts)

    def words(self, texts: Sequence[str]) -> dict[str, str]:
        """The parameters by name, for reports."""
        pairs = zip(self.parameters, texts, strict=False)
        return {f"{self.name}.{parameter.name}": written for parameter, written in pairs}

    def words_told(self, settings: Mapping[str, Json]) -> dict[str, Any]:
        """The same of what is told, written as it would be sent where it can be."""
        pairs = zip(self.parameters, self.told(settings), strict=True)
        return {
            f"{self.name}.{parameter.name}": parameter.kind.write(told) or told
            for parameter, told in pairs
            if told is not None
        }


@dataclass(frozen=True, slots=True)
class Change:
    """One setting with the texts to send, judged by ``changed``; a ``raw`` one has no parameters to judge by."""

    setting: Setting
    texts: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.setting.name}({', '.join(self.texts)})"


def changed(
    settings: Mapping[str, Setting], family: str, name: str, values: Sequence[Any], *, dangerous: bool = False
) -> Change:
    """A change out of a family's table.

    Raises NotSupported for a setting that is not in the table, Refused for a dangerous one without ``dangerous``,
    UsageError and OutOfBounds for values that do not fit.
    """
    setting = settings.get(name)
    if setting is None:
        raise NotSupported(
            f"{family}: no setting {name!r} is known; nothing was sent",
            alternatives=tuple(settings),
            remedy=f"Use one of: {', '.join(settings)}." if settings else "This family has no settings here.",
        )
    texts = setting.written(values)
    if setting.dangerous and not dangerous:
        raise Refused(
            f"{name} {setting.dangerous}; nothing was sent", remedy="If you are sure, say dangerous=True (client.set)."
        )
    return Change(setting, texts)


def require_plausible(families: Mapping[str, Mapping[str, Setting]], name: str, values: Sequence[Any]) -> None:
    """Raise what ``changed`` would for every family, before it is known which it is."""
    known = [table[name] for table in families.values() if name in table]
    if not known:
        raise NotSupported(
            f"no family has a setting {name!r}; nothing was sent",
            remedy="Look it up in heliobus.growatt.control.FAMILIES, or send it with set_raw.",
        )
    refusals: list[UsageError | OutOfBounds] = []
    for setting in known:
        try:
            setting.written(values)
        except (UsageError, OutOfBounds) as error:
            refusals.append(error)
    if len(refusals) == len(known):
        raise refusals[0]


def raw(name: str, texts: Sequence[str]) -> Change:
    """A change that no table knows: sent as it is, and not read back."""
    return Change(Setting(name, ()), tuple(texts))


def _count(low: int, high: int) -> str:
    return f"{high} parameters" if low == high else f"{low} to {high} parameters"
