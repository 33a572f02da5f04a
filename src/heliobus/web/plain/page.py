"""The page: gathers what is shown and puts the panels together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from heliobus.errors import StorageError
from heliobus.recorder.calendar import zone_of
from heliobus.recorder.query import Energies
from heliobus.web.plain.balance import balance
from heliobus.web.plain.days import coverage, day_panel, sun_tile
from heliobus.web.plain.energies import independence_tile, ledger, sums
from heliobus.web.plain.frame import View, frame
from heliobus.web.plain.html import Markup, join, tag
from heliobus.web.plain.icons import icon
from heliobus.web.plain.now import charge_tile, flow_panel, taps_of
from heliobus.web.plain.parts import Here, clock_time, panel, spoken, stamp
from heliobus.web.plain.plot import clock
from heliobus.web.plain.sentence import sentence
from heliobus.web.plain.systems import alarms, storage_alarm, systems_panel
from heliobus.web.site import sites
from heliobus.web.times import date_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heliobus.service.health import SystemStatus
    from heliobus.service.supervisor import Service
    from heliobus.web.plain.balance import Balance
    from heliobus.web.plain.day import Day
    from heliobus.web.plain.html import Content
    from heliobus.web.record import Record
    from heliobus.web.site import SiteNow

_REFRESH = (5, 60)
"""Seconds between two looks: the poll interval within these bounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _House:
    """A site with its moment: all that its panels are made of."""

    site: SiteNow
    systems: Sequence[SystemStatus]
    here: Here
    several: bool
    day: Day | None
    broken: StorageError | None

    @property
    def balance(self) -> Balance:
        """The energies of the day, ready to be printed."""
        energies = self.day.energies if self.day else Energies()
        return balance(energies, battery=self.site.battery is not None or energies.charge is not None)


class Plain:
    """Renders ``/plain`` of a service."""

    def __init__(self, service: Service, record: Record, *, simulated: bool = False) -> None:
        self._service = service
        self._record = record
        self._simulated = simulated

    async def now(self, view: View) -> bytes:
        """The present of every site, with its day so far."""
        houses = await self._houses(view, None)
        fastest = min((one.interval_s for house in houses for one in house.systems), default=_REFRESH[1])
        return frame(
            view,
            storage_alarm(self._service.recorder.failure, view.language),
            [_now_of(house) for house in houses],
            _systems(houses),
            title=view.language("nav.now"),
            place="nav.now",
            stamp=_stamp(min(houses, key=lambda house: _urgency(house.site))),
            today=houses[0].here.today,
            simulated=self._simulated,
            refresh=round(min(max(fastest, _REFRESH[0]), _REFRESH[1])),
        )

    async def day(self, view: View, text: str) -> bytes:
        """A recorded day of every site; UsageError if ``text`` is none."""
        shown = date_of(text)
        houses = await self._houses(view, shown)
        today = houses[0].here.today
        return frame(
            view,
            storage_alarm(self._service.recorder.failure, view.language),
            _day_head(houses, view, shown, today),
            [_day_of(house, today=shown == today) for house in houses],
            title=view.language.date(shown),
            place="nav.day",
            today=today,
            shown=shown,
            simulated=self._simulated,
            refresh=_REFRESH[1] if shown == today else None,
        )

    async def _houses(self, view: View, shown: date | None) -> list[_House]:
        config, now, systems = self._service.config, self._service.clock.now(), self._service.systems()
        houses = []
        for configured, site in zip(config.sites, sites(config, systems), strict=True):
            here = Here(zone=zone_of(site.timezone), now=now, language=view.language)
            day, broken = None, None
            try:
                day = await self._record.day(configured, shown)
            except StorageError as error:
                broken = error
            houses.append(
                _House(
                    site=site,
                    systems=[one for one in systems if one.site == site.key],
                    here=here,
                    several=len(config.sites) > 1,
                    day=day,
                    broken=broken,
                )
            )
        return houses


def error_page(view: View, what: str, remedy: str) -> bytes:
    """Say in one line why there is no page; errors speak English."""
    language = view.language
    back = tag("p", tag("a", language("error.back"), class_="btn", href=view.link()))
    said = spoken(what, remedy, "lead")
    title = tag("h1", language("error.title"), class_="date")
    return frame(view, tag("div", title, said, back, class_="top"), title=what)


# -- now


def _now_of(house: _House) -> Markup:
    site, language = house.site, house.here.language
    title = tag("h1", site.name, class_="date") if house.several else tag("h1", language("nav.now"), class_="vh")
    tiles = [charge_tile(site.battery, language)] if site.battery else []
    if house.day:
        tiles += [independence_tile(house.day.energies, language), sun_tile(house.day, house.balance, language)]
    peak = house.day.peak if house.day else 0.0
    own_stamp = _stamp(house) if house.several else None
    return tag(
        "section",
        alarms(house.systems, house.here),
        tag("div", title, own_stamp, tag("p", _lead(house), class_="lead"), class_="top"),
        tag(
            "div",
            flow_panel(site, language, peak=peak),
            tag("div", tiles, class_="stack c4"),
            _energies(house),
            class_="grid",
        ),
        class_="site",
    )


def _lead(house: _House) -> Content:
    """The sentence; of old values it begins with their time, of none it says so."""
    site, language = house.site, house.here.language
    if site.as_of is None:
        return language("say.first")
    time_ = clock_time(site.as_of, house.here)
    if site.pv is None and site.grid is None and site.load is None and site.status == "lost":
        return language("say.silent", time=time_)
    old = tag("span", language("say.asof", time=time_), class_="stale") if site.status == "late" else None
    return join([old, sentence(taps_of(site), language)], between=" ")


def _energies(house: _House) -> list[Markup]:
    """The ledger and the picture of today, or why there is none."""
    day, language = house.day, house.here.language
    if day is None:
        return [_broken(house)]
    span = f"{clock(day, day.start)}\u2013{clock(day, day.until)}"
    note = f"{span} · {coverage(day, language)}"
    return [
        ledger(house.balance, language, title=language("energy.today"), note=note),
        day_panel(day, language, today=True, note=language.date(day.date)),
    ]


def _broken(house: _House) -> Markup:
    said = spoken(str(house.broken), house.broken.remedy, "foot stale") if house.broken else None
    return panel(house.here.language("day.broken"), said, kind="c12")


def _stamp(house: _House) -> Markup:
    return stamp(house.site.status, house.site.age_s, house.site.as_of, house.here)


def _urgency(site: SiteNow) -> int:
    return ("lost", "late", "connecting", "ok").index(site.status)


def _systems(houses: Sequence[_House]) -> Markup:
    cards = [systems_panel(house.systems, house.here) for house in houses]
    title = tag("h2", houses[0].here.language("nav.systems"), class_="date")
    return tag("section", title, tag("div", cards, class_="grid"), id="systems", class_="systems")


# -- a day


def _day_head(houses: Sequence[_House], view: View, shown: date, today: date) -> Markup:
    language = view.language
    before, after = shown - timedelta(days=1), shown + timedelta(days=1)
    tools = [
        tag("a", icon("left"), class_="btn i", href=view.link(d=before), aria_label=language("day.before"), rel="prev"),
        tag("a", language("day.today"), class_="btn", href=view.link(d=today)),
        tag("a", icon("right"), class_="btn i", href=view.link(d=after), aria_label=language("day.after"), rel="next")
        if shown < today
        else tag("span", icon("right"), class_="btn i off", aria_hidden="true"),
    ]
    title = tag("h1", language.date(shown), class_="date")
    covered = _covered(houses[0]) if len(houses) == 1 else None
    return tag("div", tag("div", title, covered), tag("div", tools, class_="tools"), class_="top pagehead")


def _covered(house: _House) -> Markup | None:
    return (
        tag("p", coverage(house.day, house.here.language), class_="sub") if house.day and house.day.recorded else None
    )


def _day_of(house: _House, *, today: bool) -> Markup:
    day, language = house.day, house.here.language
    title = [tag("h2", house.site.name, class_="date"), _covered(house)] if house.several else None
    if day is None:
        return tag("section", title, _broken(house), class_="site")
    panels = [day_panel(day, language, today=today, note=None)]
    if day.recorded:
        panels.append(ledger(house.balance, language, title=language("energy"), note=None))
    figures = sums(day.energies, house.balance, language) if day.recorded else None
    return tag("section", title, figures, tag("div", panels, class_="grid"), class_="site")
