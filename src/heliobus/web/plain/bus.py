"""The picture of now: sun, bus and what hangs on it.  Width is power; colour says where from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.web.plain.flows import SOURCES, flows
from heliobus.web.plain.html import Markup, tag
from heliobus.web.plain.icons import icon
from heliobus.web.plain.lanes import Plan, ribbons
from heliobus.web.plain.sentence import DEAD_BAND, state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heliobus.web.plain.flows import Flows, Taps
    from heliobus.web.plain.lanes import Ribbon
    from heliobus.web.plain.texts import Language

PLANS = (
    Plan(
        name="wide",
        width=780,
        height=400,
        sun_y=46,
        sun_radius=24,
        bus_y=136,
        node_y=270,
        radius=36,
        margin=97,
        widest=44,
    ),
    Plan(
        name="narrow",
        width=358,
        height=300,
        sun_y=30,
        sun_radius=17,
        bus_y=78,
        node_y=186,
        radius=26,
        margin=45,
        widest=26,
    ),
)
_ALL = 0.995
"""From this share on it is all."""
_SPEEDS = ((500, "v1"), (1500, "v2"), (3500, "v3"))
"""Dots run in four steps of speed (below W), so that a change of speed is news, not noise."""


def bus_picture(
    taps: Taps, names: Sequence[str], plan: Plan, language: Language, *, soc: float | None, peak: float, title: str
) -> Markup:
    """Draw the taps ``names`` (from left to right) and the flows between them; ``peak`` W are the widest ribbon."""
    directed = flows(taps)
    columns = plan.columns(names)
    laid = ribbons(directed, plan, columns, dead_band=DEAD_BAND, peak=peak) if directed else []
    return tag(
        "svg",
        tag(
            "path",
            class_="bus",
            d=f"M{plan.margin - plan.radius} {plan.bus_y}H{plan.width - plan.margin + plan.radius}",
        ),
        [tag("path", class_="tap", d=f"M{x:.1f} {plan.bus_y}V{plan.node_y - plan.radius}") for x in columns.values()],
        [_ribbon(one) for one in laid],
        _sun(taps.sun, plan, language),
        [
            _node(name, getattr(taps, name), x, plan, language, directed=directed, soc=soc)
            for name, x in columns.items()
        ],
        class_=f"flow {plan.name}",
        viewBox=f"0 0 {plan.width} {plan.height}",
        role="img",
        aria_label=title,
    )


def _ribbon(one: Ribbon) -> list[Markup]:
    speed = next((name for below, name in _SPEEDS if one.power < below), "v4")
    return [
        tag("path", class_="halo", stroke_width=one.width + 5, d=one.path),
        tag("path", class_=f"rib e-{one.source}", stroke_width=one.width + 1.6, d=one.path),
        tag("path", class_=f"rib r-{one.source}", stroke_width=one.width, d=one.path),
        tag("path", class_=f"head f-{one.source} e-{one.source}", d=one.head),
        tag("path", class_=f"dots {speed}", stroke_width=min(max(one.width * 0.22, 1.4), 4.0), d=one.path),
    ]


def _sun(power: float | None, plan: Plan, language: Language) -> list[Markup]:
    x, y, radius = plan.width / 2, plan.sun_y, plan.sun_radius
    shining = power is not None and power > DEAD_BAND["sun"]
    kind = "unk" if power is None else "" if shining else "low"
    label = x + radius + 18
    return [
        tag("circle", class_="sun-glow", cx=x, cy=y, r=radius + 7) if shining else Markup(),
        tag("circle", class_=f"sun-disc {kind}".strip(), cx=x, cy=y, r=radius),
        _value(power, label, y + 4, None, language),
        tag("text", language("sun"), class_="nm", x=label, y=y + 24),
    ]


def _node(
    name: str,
    power: float | None,
    x: float,
    plan: Plan,
    language: Language,
    *,
    directed: Flows | None,
    soc: float | None,
) -> Markup:
    y, radius, size = plan.node_y, plan.radius, plan.radius * 0.83
    line = y + radius
    below = (line + 32, line + 55, line + 74) if plan.name == "wide" else (line + 25, line + 44, line + 60)
    note = _origin(directed, language) if name == "house" else language(state(name, power))
    if name == "store" and soc is not None and plan.name == "wide":
        note += f" · {language.numbers.percent(soc)}"
    return tag(
        "g",
        tag("circle", class_="sock", cx=x, cy=y, r=radius),
        _ring(name, x, directed, soc, plan),
        icon(name, x=x - size / 2, y=y - size / 2, width=size, height=size),
        _value(power if power is None else abs(power), x, below[0], "middle", language),
        tag("text", language(name), class_="nm", x=x, y=below[1], text_anchor="middle"),
        tag("text", note, class_="sm mut", x=x, y=below[2], text_anchor="middle"),
        class_="node unk" if power is None else "node",
    )


def _origin(directed: Flows | None, language: Language) -> str:
    """Say where the house gets its power from: the only source, or the share of the sun."""
    if directed is None or directed.taken["house"] <= 0:
        return language("unknown" if directed is None else "house.uses")
    shares = {source: directed.of_source(source, "house") / directed.taken["house"] for source in SOURCES}
    best = max(shares, key=lambda source: shares[source])
    if shares[best] > _ALL:
        return language(f"say.from.{best}")
    return language("house.share", share=language.numbers.percent(100 * shares["sun"]))


def _ring(name: str, x: float, directed: Flows | None, soc: float | None, plan: Plan) -> list[Markup]:
    """House and wallbox: shares by origin; battery: state of charge."""
    if name == "store":
        return [] if soc is None else [_arc("store", x, plan, 0.0, soc)]
    if directed is None or name == "grid" or directed.taken[name] <= 0:
        return []
    out, begin = [], 0.0
    for source in ("sun", "store", "grid"):
        share = 100 * directed.of_source(source, name) / directed.taken[name]
        if share > 0:
            out.append(_arc(source, x, plan, begin, share))
        begin += share
    return out


def _arc(source: str, x: float, plan: Plan, begin: float, share: float) -> Markup:
    return tag(
        "circle",
        class_=f"ring r-{source}",
        cx=x,
        cy=plan.node_y,
        r=plan.radius,
        pathLength=100,
        stroke_dasharray=f"{share:.1f} 100",
        stroke_dashoffset=-begin,
        transform=f"rotate(-90 {x:.1f} {plan.node_y})",
    )


def _value(power: float | None, x: float, y: float, anchor: str | None, language: Language) -> Markup:
    figure = language.numbers.power(power)
    unit = tag("tspan", f"\u202f{figure.unit}", class_="un") if figure.unit else None
    return tag("text", figure.number, unit, class_="val", x=x, y=y, text_anchor=anchor)
