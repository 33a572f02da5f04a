"""Where the ribbons of the bus picture run: pure geometry.

The sun stands above the bus, everything else hangs below it.  Ribbons of one source never cross: the far consumer takes
the outer lane.  The sun's lanes lie on top, those of battery and grid below, each lane has its own height.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heliobus.web.plain.html import number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heliobus.web.plain.flows import Flows

LEAST_SCALE = 3000.0
"""W that fill the widest ribbon at least: a standby load is a thread, whatever the day was."""
_GAP = 3.0
_HEAD = 11.0
_CORNER = 9.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The fixed places of a drawing: its size, the places of the nodes, the sun, the first lane."""

    name: str
    width: int
    height: int
    sun_y: float
    sun_radius: float
    bus_y: float
    node_y: float
    radius: float
    margin: float
    widest: float
    thinnest: float = 3.2

    def columns(self, names: Sequence[str]) -> dict[str, float]:
        """Give the middle of each node, evenly spaced."""
        step = (self.width - 2 * self.margin) / max(len(names) - 1, 1)
        return {name: self.margin + step * index for index, name in enumerate(names)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ribbon:
    """A flow: its colour, path, width, the path of its arrowhead and its power in W."""

    source: str
    path: str
    width: float
    head: str
    power: float


@dataclass(slots=True)
class _Strand:
    source: str
    sink: str
    power: float
    width: float
    start: float = 0.0
    lane: float = 0.0
    end: float = 0.0


def ribbons(
    flows: Flows, plan: Plan, columns: Mapping[str, float], *, dead_band: Mapping[str, float], peak: float
) -> list[Ribbon]:
    """Lay out the flows above ``dead_band`` (W, by source); ``peak`` W fill the widest ribbon."""
    scale = plan.widest / max(LEAST_SCALE, peak, sum(flows.given.values()))
    strands = [
        _Strand(source, sink, power, max(power * scale, plan.thinnest))
        for (source, sink), power in flows.between.items()
        if power > dead_band[source]
    ]
    middle = plan.width / 2
    place = {**columns, "sun": middle}
    for source, at in place.items():
        _spread_starts([one for one in strands if one.source == source], at, columns)
    for sink, at in columns.items():
        _spread_ends([one for one in strands if one.sink == sink], at, place)
    _stack_lanes(strands, plan, columns, middle)
    order = {"grid": 0, "store": 1, "sun": 2}
    return [_ribbon(one, plan) for one in sorted(strands, key=lambda one: order[one.source])]


def _spread_starts(strands: list[_Strand], middle: float, columns: Mapping[str, float]) -> None:
    """Side by side in the order of the consumers; what climbs from below has the far one on the outer side."""
    from_below = bool(strands) and strands[0].source != "sun"
    _side_by_side(sorted(strands, key=lambda one: columns[one.sink], reverse=from_below), middle, "start")


def _spread_ends(strands: list[_Strand], middle: float, place: Mapping[str, float]) -> None:
    _side_by_side(sorted(strands, key=lambda one: place[one.source]), middle, "end")


def _side_by_side(strands: Sequence[_Strand], middle: float, attribute: str) -> None:
    total = sum(one.width for one in strands) + _GAP * max(len(strands) - 1, 0)
    at = middle - total / 2
    for one in strands:
        setattr(one, attribute, at + one.width / 2)
        at += one.width + _GAP


def _stack_lanes(strands: Sequence[_Strand], plan: Plan, columns: Mapping[str, float], middle: float) -> None:
    """Give each strand its height on the bus; the far consumers first, that is on top."""

    def stack(chosen: list[_Strand], top: float, origin: float) -> float:
        for one in sorted(chosen, key=lambda one: -abs(columns[one.sink] - origin)):
            one.lane = top + one.width / 2
            top += one.width + _GAP
        return top

    from_sun = [one for one in strands if one.source == "sun"]
    left = stack([one for one in from_sun if columns[one.sink] < middle], plan.bus_y, middle)
    right = stack([one for one in from_sun if columns[one.sink] >= middle], plan.bus_y, middle)
    below = max(left, right)
    for source in ("store", "grid"):
        if source in columns:
            below = stack([one for one in strands if one.source == source], below, columns[source])


def _ribbon(one: _Strand, plan: Plan) -> Ribbon:
    top = plan.sun_y + plan.sun_radius + 3 if one.source == "sun" else plan.node_y - plan.radius - 1
    bottom = plan.node_y - plan.radius - 2
    neck = bottom - _HEAD
    half = one.width / 2 + 4
    return Ribbon(
        source=one.source,
        path=_turning(one, top, neck) if abs(one.end - one.start) > 2 * _CORNER else _falling(one, top, neck),
        width=one.width,
        head=f"M{number(one.end - half)} {number(neck)}h{number(2 * half)}L{number(one.end)} {number(bottom)}z",
        power=one.power,
    )


def _turning(one: _Strand, top: float, neck: float) -> str:
    """To the bus, along its lane, and off."""
    turn = 1 if one.end > one.start else -1
    rise = 1 if one.source == "sun" else -1  # it comes down from the sun or climbs from a node
    corner = min(_CORNER + one.width / 2, abs(one.end - one.start) / 2, abs(neck - one.lane))
    return (
        f"M{number(one.start)} {number(top)}"
        f"V{number(one.lane - rise * corner)}"
        f"Q{number(one.start)} {number(one.lane)} {number(one.start + turn * corner)} {number(one.lane)}"
        f"H{number(one.end - turn * corner)}"
        f"Q{number(one.end)} {number(one.lane)} {number(one.end)} {number(one.lane + corner)}"
        f"V{number(neck + 1)}"
    )


def _falling(one: _Strand, top: float, neck: float) -> str:
    """Straight down to what hangs below, with a slight sway where it does not hang right below."""
    middle = number((top + neck) / 2)
    start, end = number(one.start), number(one.end)
    return f"M{start} {number(top)}C{start} {middle} {end} {middle} {end} {number(neck + 1)}"
