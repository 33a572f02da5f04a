"""The present of a site: the picture, the same as bars, the charge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.web.plain.bus import PLANS, bus_picture
from heliobus.web.plain.flows import SINKS, SOURCES, Taps, flows
from heliobus.web.plain.html import Markup, number, tag, text_of
from heliobus.web.plain.icons import swatch
from heliobus.web.plain.parts import figure, panel
from heliobus.web.plain.sentence import sentence, state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heliobus.model.parts import Battery
    from heliobus.web.plain.flows import Flows
    from heliobus.web.plain.texts import Language
    from heliobus.web.site import SiteNow

_PATTERNS = {"house": None, "car": "p-car", "store": "p-store", "grid": "p-grid"}
_BAR, _BAR_HEIGHT = 700, 26
_MUCH_OPEN_W, _MUCH_OPEN_SHARE = 150.0, 0.05
_GAUGE = 278


def taps_of(site: SiteNow) -> Taps:
    """Give the taps of a site; one that it does not have is 0."""
    return Taps(
        sun=site.pv,
        store=site.battery.power if site.battery else 0.0,
        grid=site.grid,
        house=site.load,
        car=site.wallbox.power if site.wallbox else 0.0,
    )


def flow_panel(site: SiteNow, language: Language, *, peak: float) -> Markup:
    """The picture of now, the same as bars, and whether the balance closes; ``peak`` W is the most of today."""
    taps = taps_of(site)
    names = ["grid", "house", *(["car"] if site.wallbox else []), *(["store"] if site.battery else [])]
    soc = site.battery.soc if site.battery else None
    said = text_of(sentence(taps, language))
    pictures = [
        tag("div", bus_picture(taps, names, plan, language, soc=soc, peak=peak, title=said), class_=shown)
        for plan, shown in zip(PLANS, ("only-w", "only-n"), strict=True)
    ]
    stale = " is-stale" if site.status in ("late", "lost") else ""
    return tag("section", pictures, _bars(flows(taps), site.residual, language), class_=f"panel flowpanel c8{stale}")


def _bars(directed: Flows | None, residual: float | None, language: Language) -> Markup:
    """In and out at one scale: the pieces of one colour stand below one another."""
    if directed is None:
        empty = tag("rect", class_="unkbar", x=1, y=1, width=_BAR - 2, height=_BAR_HEIGHT - 2, rx=4)
        rows = [_row(side, [empty], language) for side in ("in", "out")]
        return tag("div", rows, tag("p", language("balance.none"), class_="sub bal"), class_="io")
    whole = max(sum(directed.given.values()), sum(directed.taken.values()), 1.0)
    given = [(source, None, directed.given[source]) for source in SOURCES]
    taken = [
        (source, _PATTERNS[sink], directed.between.get((source, sink), 0.0)) for source in SOURCES for sink in SINKS
    ]
    return tag(
        "div",
        tag("ul", [_key(swatch(name), name, power, language) for name, power in directed.given.items()]),
        _row("in", _pieces(given, whole), language),
        _row("out", _pieces(taken, whole), language),
        tag("ul", [_key(_of_sink(name, directed), name, power, language) for name, power in directed.taken.items()]),
        _balance(directed, residual, language),
        class_="io",
    )


def _row(side: str, shapes: list[Markup], language: Language) -> Markup:
    picture = tag(
        "svg",
        shapes,
        class_="seg",
        viewBox=f"0 0 {_BAR} {_BAR_HEIGHT}",
        preserveAspectRatio="none",
        role="img",
        aria_label=language(f"bar.{side}"),
    )
    return tag("div", tag("span", language(side), class_="k"), picture, class_="row")


def _pieces(parts: Sequence[tuple[str, str | None, float]], whole: float) -> list[Markup]:
    out, x = [], 0.0
    for hue, pattern, power in parts:
        width = power / whole * _BAR
        if width > 1:
            place = {"x": x, "y": 0.5, "width": width - 1, "height": _BAR_HEIGHT - 1, "rx": 2}
            out.append(tag("rect", class_=f"f-{hue} e-{hue}", **place))
            if pattern:
                out.append(tag("rect", fill=f"url(#{pattern})", **place))
        x += width
    return out


def _key(sample: Markup, name: str, power: float, language: Language) -> Markup | None:
    return tag("li", sample, language(name), figure(language.numbers.power(power))) if power >= 1 else None


def _of_sink(sink: str, directed: Flows) -> Markup:
    """A swatch in the colour of what the consumer gets most of."""
    hue = max(SOURCES, key=lambda source: directed.of_source(source, sink))
    return swatch(hue, _PATTERNS[sink])


def _balance(directed: Flows, residual: float | None, language: Language) -> Markup | None:
    if residual is None:
        return None
    power = str(language.numbers.power(residual))
    whole = max(sum(directed.given.values()), sum(directed.taken.values()))
    if abs(residual) > _MUCH_OPEN_W and abs(residual) > _MUCH_OPEN_SHARE * whole:
        return tag("p", tag("span", language("balance.open", power=power), class_="chip"), class_="sub bal")
    return tag("p", language("balance.closed", power=power), class_="sub bal")


def charge_tile(battery: Battery, language: Language) -> Markup:
    """State of charge on an engraved scale, and what the battery does."""
    numbers = language.numbers
    soc, capacity, power = battery.soc, battery.capacity, battery.power
    note = None
    if soc is not None and capacity is not None:
        stored = numbers.plain(capacity * soc / 100_000, 1)
        note = language("soc.of", stored=stored, capacity=numbers.kilowatt_hours(capacity))
    doing = tag(
        "p",
        figure(numbers.power(None if power is None else abs(power))),
        tag("br"),
        tag("span", language(state("store", power)), class_="sub"),
        class_="rt",
    )
    pair = tag("div", figure(numbers.percent(soc), "big"), doing, class_="pair")
    return panel(language("soc"), pair, _gauge(soc, language), note=note)


def _gauge(soc: float | None, language: Language) -> Markup:
    bar = {"x": 1, "y": 2, "height": 12, "rx": 3}
    if soc is None:
        body = [tag("rect", class_="unkbar", width=_GAUGE, **bar)]
    else:
        filled = _GAUGE * min(max(soc, 0.0), 100.0) / 100
        body = [tag("rect", class_="trk", width=_GAUGE, **bar), tag("rect", class_="f-store", width=filled, **bar)]
    ticks = [
        tag("path", class_="tick", d=f"M{number(1 + _GAUGE * percent / 100)} 18v{3 if percent % 25 else 6}")
        for percent in range(0, 101, 5)
    ]
    labels = [
        tag("text", percent, class_="xs mut", x=1 + _GAUGE * percent / 100, y=36, text_anchor=anchor)
        for percent, anchor in ((0, "start"), (50, "middle"), (100, "end"))
    ]
    title = language("soc.alt", soc=str(language.numbers.percent(soc)))
    return tag("svg", body, ticks, labels, class_="gauge", viewBox="0 0 280 38", role="img", aria_label=title)
