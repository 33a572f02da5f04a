"""The day of a site: picture, legend and the same as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.web.plain.html import Markup, tag
from heliobus.web.plain.icons import line_swatch, swatch
from heliobus.web.plain.parts import figure, panel
from heliobus.web.plain.sketch import day_sketch
from heliobus.web.plain.svg import SIZES, day_picture, layers_in

if TYPE_CHECKING:
    from heliobus.recorder.query import Energies
    from heliobus.web.plain.balance import Balance
    from heliobus.web.plain.day import Day, Hour
    from heliobus.web.plain.html import Content
    from heliobus.web.plain.texts import Language

_COLUMNS = (
    ("sun", "pv"),
    ("house", "load"),
    ("car", "ev"),
    ("into.store", "charge"),
    ("from.store", "discharge"),
    ("export", "export"),
    ("import", "import_"),
)


def coverage(day: Day, language: Language) -> str:
    """Say how much of the day so far is recorded."""
    digits = 0 if day.coverage >= 0.9995 or day.coverage == 0 else 1  # noqa: PLR2004 - what would read 100.0
    share = f"{language.numbers.plain(100 * day.coverage, digits)}\u202f%"
    return language("coverage", share=share)


def day_panel(day: Day, language: Language, *, today: bool, note: Content) -> Markup:
    """The picture of a day with its legend; of a day without data a sentence."""
    if not day.recorded:
        text = language("day.coming" if today else "day.empty")
        return panel(language("day.title"), tag("p", text, class_="sub"), note=note, kind="c12 chartpanel")
    pictures = [day_picture(day, language, size) for size in SIZES]
    return panel(
        language("day.title"), _legend(day, language), pictures, _table(day, language), note=note, kind="c12 chartpanel"
    )


def sun_tile(day: Day, balance: Balance, language: Language) -> Markup:
    """The production of today, as a figure and as a small picture."""
    head = figure(language.numbers.kilowatt_hours(balance.given["sun"], digits=balance.digits), "big")
    return panel(language("sun.today"), head, day_sketch(day, language))


def _legend(day: Day, language: Language) -> Markup:
    entries = [tag("li", line_swatch("useline"), language("day.use"))]
    entries += [tag("li", swatch(layer.source, layer.pattern), language(layer.text)) for layer in layers_in(day)]
    if any(value is not None for value in day.soc):
        entries.append(tag("li", line_swatch("soc"), language("day.soc")))
    return tag("ul", entries, class_="leg")


def _table(day: Day, language: Language) -> Markup:
    shown = [(name, field) for name, field in _COLUMNS if any(_known(hour, field) for hour in day.hours)]
    head = tag("tr", tag("th", language("day.hour")), [tag("th", language(name)) for name, _ in shown])
    rows = []
    for hour in day.hours:
        cells = [tag("td", _cell(hour.energies, field, language)) for _, field in shown]
        rows.append(tag("tr", tag("th", _hour(day, hour), scope="row"), cells))
    table = tag("table", tag("thead", head), tag("tbody", rows), class_="data")
    return tag("details", tag("summary", language("day.table")), tag("div", table, class_="scroll"), class_="note")


def _known(hour: Hour, field: str) -> bool:
    return getattr(hour.energies, field) is not None


def _cell(energies: Energies, field: str, language: Language) -> str:
    energy: float | None = getattr(energies, field)
    return "\u2013" if energy is None else language.numbers.plain(energy / 1000, 2)


def _hour(day: Day, hour: Hour) -> str:
    """Name an hour of the day; the one that comes twice is a and b."""
    local = hour.start.astimezone(day.zone)
    twins = [one for one in day.hours if one.start.astimezone(day.zone).hour == local.hour]
    mark = "ab"[twins.index(hour)] if len(twins) > 1 else ""
    return f"{local:%H}{mark}\u2013{(local.hour + 1):02}"
