"""The day picture: powers stacked over a local day, state of charge, gaps as gaps.

One stack from the axis up: first what was used, by origin, then what was left over.  The ink line is consumption:
below it is how it was covered, above it is surplus.  Everything that is unknown stays bare and hatched; no line or
area bridges it.  A day has 23, 24 or 25 hours; the repeated hour is drawn twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from heliobus.web.plain.flows import flows
from heliobus.web.plain.html import Markup, number, tag
from heliobus.web.plain.plot import HOUR, axis, clock, full_hours, runs, series, stretches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heliobus.web.plain.day import Day
    from heliobus.web.plain.flows import Flows
    from heliobus.web.plain.plot import Run
    from heliobus.web.plain.texts import Language

_KILO = 1000.0


class Layer(NamedTuple):
    """One area of the stack: the flow from ``source`` to ``sinks``, drawn with ``pattern``."""

    source: str
    sinks: tuple[str, ...]
    pattern: str | None
    text: str


LAYERS = (
    Layer("sun", ("house",), None, "day.sun.house"),
    Layer("sun", ("car",), "p-car", "day.sun.car"),
    Layer("store", ("house", "car"), None, "day.store"),
    Layer("grid", ("house", "car"), None, "day.grid"),
    Layer("sun", ("store",), "p-store", "day.sun.store"),
    Layer("sun", ("grid",), "p-grid", "day.sun.grid"),
    Layer("grid", ("store",), "p-store", "day.grid.store"),
    Layer("store", ("grid",), "p-grid", "day.store.grid"),
)
"""In stacking order.  Colour says where from, pattern says where to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A drawing of the picture: its name in the style sheet, its size, hours between labels, steps per point."""

    name: str
    width: int
    height: int
    hours: int
    steps: int


SIZES = (
    Size(name="only-w", width=1160, height=430, hours=3, steps=1),
    Size(name="only-m", width=700, height=400, hours=3, steps=1),
    Size(name="only-n", width=340, height=330, hours=6, steps=2),
)
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 40, 28, 30
_NEWS = 20.0
"""W: what never exceeds this is a sliver that needs no line in the legend."""
_LABEL_WIDTH = 26
"""Room that the text of a gap or of a repeated hour needs."""


def day_picture(day: Day, language: Language, size: Size) -> Markup:
    """Draw the day."""
    return _Picture(day, language, size).draw()


def layers_in(day: Day) -> list[Layer]:
    """Give the areas that the day has, for its legend."""
    directed = [one for tap in day.taps if (one := flows(tap)) is not None]
    return [layer for layer in LAYERS if any(one.of_source(layer.source, *layer.sinks) > _NEWS for one in directed)]


class _Picture:
    def __init__(self, day: Day, language: Language, size: Size) -> None:
        self._day = day
        self._language = language
        self._size = size
        self._series = series(day, steps=size.steps)
        self._powers = runs(self._series, self._series.flows)
        self._charges = runs(self._series, self._series.soc)
        self._bottom = size.height - _BOTTOM
        self._axis = axis(max((_height(one) for run in self._powers for one in run.values), default=0.0))

    def draw(self) -> Markup:
        size = self._size
        return tag(
            "svg",
            self._grid_lines(),
            [self._stack(run) for run in self._powers],
            [self._charge(run) for run in self._charges],
            [self._gap(start, end) for start, end in self._gaps()],
            self._hour_labels(),
            class_=f"chart {size.name}",
            viewBox=f"0 0 {size.width} {size.height}",
            role="img",
            aria_label=self._language("day.alt", date=self._language.date(self._day.date)),
        )

    # -- places

    def _x(self, at: float) -> float:
        width = self._size.width - _LEFT - _RIGHT
        return _LEFT + width * (at - self._day.start) / (self._day.end - self._day.start)

    def _y(self, watts: float) -> float:
        return self._bottom - (self._bottom - _TOP) * min(watts / self._axis.most, 1.0)

    # -- parts

    def _grid_lines(self) -> list[Markup]:
        right = self._size.width - _RIGHT
        out = [
            tag("text", "kW", class_="sm mut", x=_LEFT - 8, y=_TOP - 12, text_anchor="end"),
            tag("text", "%", class_="sm soct", x=right + 8, y=_TOP - 12),
        ]
        for watts in self._axis.lines:
            y = self._y(watts)
            label = self._language.numbers.plain(watts / _KILO, self._axis.digits if watts else 0)
            out.append(tag("path", class_="ax" if watts else "ax0", d=f"M{_LEFT} {number(y)}H{right}"))
            out.append(tag("text", label, class_="sm mut", x=_LEFT - 8, y=y + 4, text_anchor="end"))
        for percent in (0, 25, 50, 75, 100):
            y = self._y(self._axis.most * percent / 100)
            out.append(tag("text", percent, class_="sm soct", x=right + 8, y=y + 4))
        return out

    def _hour_labels(self) -> list[Markup]:
        """Every few hours; the hour that comes twice always, as a and b, together where there is no room."""
        instants = full_hours(self._day)
        hours = [instant.hour for _, instant in instants]
        out = []
        for index, (at, instant) in enumerate(instants):
            first = hours.index(instant.hour) == index
            if hours.count(instant.hour) > 1:
                if self._x(at + HOUR) - self._x(at) > _LABEL_WIDTH:
                    out.append(self._label(at, f"{instant.hour:02}{'a' if first else 'b'}"))
                elif first:
                    out.append(self._label(at + HOUR / 2, f"{instant.hour}a/b"))
            elif instant.hour % self._size.hours == 0:
                out.append(self._label(at, f"{instant.hour:02}"))
        return [*out, self._label(self._day.end, "24")]

    def _label(self, at: float, text: str) -> Markup:
        return tag("text", text, class_="sm mut", x=self._x(at), y=self._bottom + 20, text_anchor="middle")

    def _stack(self, run: Run[Flows]) -> list[Markup]:
        """A stretch without a gap: the areas from the axis up, then the line of consumption."""
        floor = [0.0] * len(run.values)
        out = []
        for layer in LAYERS:
            heights = [one.of_source(layer.source, *layer.sinks) for one in run.values]
            roof = [low + height for low, height in zip(floor, heights, strict=True)]
            for first, last in stretches(heights):
                out += self._area(layer, run.places(first, last), floor, roof)
            floor = roof
        line = self._line(run.places(), [one.taken["house"] + one.taken["car"] for one in run.values])
        return [*out, tag("path", class_="useline-h", d=line), tag("path", class_="useline", d=line)]

    def _area(
        self, layer: Layer, places: Sequence[tuple[float, int]], floor: Sequence[float], roof: Sequence[float]
    ) -> list[Markup]:
        top = self._line(places, roof)
        outline = f"{top}L{self._line(places[::-1], floor)[1:]}z"
        out = [tag("path", class_=f"f-{layer.source}", d=outline)]
        if layer.pattern:
            out.append(tag("path", fill=f"url(#{layer.pattern})", d=outline))
        return [*out, tag("path", class_=f"edge e-{layer.source}", d=top)]

    def _charge(self, run: Run[float]) -> list[Markup]:
        line = self._line(run.places(), [self._axis.most * soc / 100 for soc in run.values])
        return [tag("path", class_="soc-h", d=line), tag("path", class_="soc", d=line)]

    def _line(self, places: Sequence[tuple[float, int]], watts: Sequence[float]) -> str:
        return "M" + "L".join(f"{number(self._x(at))} {number(self._y(watts[index]))}" for at, index in places)

    def _gaps(self) -> Iterator[tuple[float, float]]:
        """Give the spans of which nothing is known; what is still to come is none."""
        known = float(self._day.start)
        for run in self._powers:
            if run.start > known:
                yield known, run.start
            known = run.end
        # The poll of this minute may still be on its way.
        if self._day.until - known > (0 if self._day.until == self._day.end else 2 * self._series.step):
            yield known, self._day.until

    def _gap(self, start: float, end: float) -> list[Markup]:
        x, width = self._x(start), self._x(end) - self._x(start)
        box = {"x": x, "y": _TOP, "width": width, "height": self._bottom - _TOP}
        out = [tag("rect", class_="gapbase", **box), tag("rect", class_="gapbox", **box)]
        if width > _LABEL_WIDTH:
            text = self._language("day.gap", span=f"{clock(self._day, start)}\u2013{clock(self._day, end)}")
            middle, height = x + width / 2 + 4, (self._bottom + _TOP) / 2
            turn = f"rotate(-90 {number(middle)} {number(height)})"
            out.append(tag("text", text, class_="sm gapt", x=middle, y=height, text_anchor="middle", transform=turn))
        return out


def _height(directed: Flows) -> float:
    """How high the picture must be: the stack, or the consumption where not all of it is covered."""
    return max(sum(directed.between.values()), directed.taken["house"] + directed.taken["car"])
