"""What the panels share: figures with their unit, cards, ages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from heliobus.web.plain.html import Markup, tag
from heliobus.web.plain.icons import age_dot

if TYPE_CHECKING:
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from heliobus.service.health import State
    from heliobus.web.plain.figures import Figure
    from heliobus.web.plain.html import Content
    from heliobus.web.plain.texts import Language

_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """Where and when a page is read, and in which language."""

    zone: ZoneInfo
    now: datetime
    language: Language

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


def figure(value: Figure, size: str = "") -> Markup:
    """A number with its lighter unit."""
    unit = tag("span", f"\u202f{value.unit}", class_="unit") if value.unit else None
    return tag("span", value.number, unit, class_=f"fig {size}".strip())


def panel(title: str, *content: Content, note: Content = None, kind: str = "") -> Markup:
    """A card with its title and, at the right, a note."""
    head = tag("header", tag("h2", title), tag("span", note, class_="sub") if note else None)
    return tag("section", head, content, class_=f"panel {kind}".strip())


def spoken(error: str | None, remedy: str | None, kind: str | None = None) -> Markup | None:
    """An error and its remedy as a paragraph; errors speak English."""
    if error is None:
        return None
    return tag("p", f"{error[:1].upper()}{error[1:]}. {remedy or ''}".strip(), class_=kind, lang="en")


def clock_time(moment: datetime, here: Here) -> str:
    """Give the local time of day; with the date if it is not today's."""
    local = moment.astimezone(here.zone)
    same_day = local.date() == here.today
    return f"{local:%H:%M}" if same_day else f"{local:%Y-%m-%d %H:%M}"


def age(status: State, age_s: float | None, taken: datetime | None, here: Here) -> str:
    """Say how old values are: seconds below a minute, minutes below an hour, then the time of day."""
    language = here.language
    if taken is None or age_s is None:
        return language("age.connecting")
    if status == "lost":
        return language("age.silent", time=clock_time(taken, here))
    if status == "late" or age_s >= _HOUR:
        return language("age.asof", time=clock_time(taken, here))
    if age_s < _MINUTE:
        return language("age.seconds", n=int(age_s))
    return language("age.minutes", n=int(age_s // _MINUTE))


def stamp(status: State, age_s: float | None, taken: datetime | None, here: Here) -> Markup:
    """The age of values with its sign: shape, colour and words say the same."""
    title = taken.astimezone(UTC).isoformat(timespec="seconds") if taken else None
    return tag("span", age_dot(status), age(status, age_s, taken, here), class_=f"stamp {status}", title=title)
