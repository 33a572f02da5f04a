"""The panels of a day's energies: how independent the house was, the five sums, the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.web.plain.balance import autarky, self_consumption, used_here
from heliobus.web.plain.html import Markup, tag
from heliobus.web.plain.icons import icon, swatch
from heliobus.web.plain.parts import figure, panel

if TYPE_CHECKING:
    from heliobus.recorder.query import Energies
    from heliobus.web.plain.balance import Balance
    from heliobus.web.plain.html import Content
    from heliobus.web.plain.texts import Language

_GIVEN = {"sun": "sun", "store": "from.store", "grid": "from.grid", "open": "unaccounted"}
_TAKEN = {"house": "house", "car": "car", "store": "into.store", "grid": "into.grid", "open": "losses"}
"""Rows of the ledger and their texts."""


def independence_tile(energies: Energies, language: Language) -> Markup:
    """Autarky and self-consumption, each with the energy behind it."""
    numbers = language.numbers
    halves = (
        (autarky(energies), "autarky", language("autarky.sub", energy=numbers.energy(energies.import_))),
        (self_consumption(energies), "self", language("self.sub", energy=numbers.energy(used_here(energies)))),
    )
    tiles = [
        tag(
            "div",
            figure(numbers.percent(share), "big"),
            tag("p", language(name), class_="cap"),
            tag("p", sub, class_="sub"),
        )
        for share, name, sub in halves
    ]
    return panel(language("independence"), tag("div", tiles, class_="two"))


def sums(energies: Energies, balance: Balance, language: Language) -> Markup:
    """The five figures of a day; the energies are the ledger's."""
    numbers = language.numbers
    wallbox = f"{language('car')} {numbers.energy(energies.ev)}" if energies.ev is not None else None
    own = f"{language('self')} {numbers.percent(self_consumption(energies))}"
    shown = (
        ("sun", numbers.kilowatt_hours(balance.given["sun"], digits=balance.digits), None),
        ("consumption", numbers.kilowatt_hours(balance.consumption, digits=balance.digits), wallbox),
        ("export", numbers.kilowatt_hours(balance.taken["grid"], digits=balance.digits), None),
        ("import", numbers.kilowatt_hours(balance.given["grid"], digits=balance.digits), None),
        ("autarky", numbers.percent(autarky(energies)), own),
    )
    cells = [
        tag(
            "div",
            tag("dt", language(name)),
            tag("dd", figure(value, "mid")),
            tag("dd", sub, class_="sub") if sub else None,
        )
        for name, value, sub in shown
    ]
    return tag("dl", cells, class_="strip")


def ledger(balance: Balance, language: Language, *, title: str, note: Content) -> Markup:
    """In and out as a balance sheet with equal totals."""
    given = [
        _line(
            icon("open", size="s") if name == "open" else swatch(name),
            language(_GIVEN[name]),
            energy,
            balance,
            language,
        )
        for name, energy in balance.given.items()
    ]
    taken = [
        _line(icon(name, size="s"), language(_TAKEN[name]), energy, balance, language)
        for name, energy in balance.taken.items()
    ]
    empty = tag("tr", tag("th", "\u00a0"), tag("td"), class_="only-w", aria_hidden="true")
    sides = [
        tag(
            "div",
            tag("h3", language(side)),
            tag(
                "table",
                rows,
                [empty] * (max(len(given), len(taken)) - len(rows)),  # so that both totals stand on one line
                _line(None, language("total"), balance.total, balance, language, kind="sum"),
                class_="ledger",
            ),
        )
        for side, rows in (("in", given), ("out", taken))
    ]
    return panel(title, tag("div", sides, class_="books"), note=note, kind="c12")


def _line(
    sample: Markup | None,
    name: str,
    energy: float | None,
    balance: Balance,
    language: Language,
    *,
    kind: str | None = None,
) -> Markup:
    value = figure(language.numbers.kilowatt_hours(energy, digits=balance.digits))
    return tag("tr", tag("th", sample, name, scope="row"), tag("td", value), class_=kind)
