"""The small picture: the production of a day alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.web.plain.html import Markup, number, tag
from heliobus.web.plain.plot import full_hours, runs, series

if TYPE_CHECKING:
    from heliobus.web.plain.day import Day
    from heliobus.web.plain.texts import Language

_WIDTH, _HEIGHT, _BASE, _TOP = 300, 112, 92, 4
_LEAST_PEAK = 300.0
_HOURS = (6, 12, 18)


def day_sketch(day: Day, language: Language) -> Markup:
    """Draw the sun over the whole day; gaps stay bare."""
    drawn = series(day)
    suns = runs(drawn, drawn.sun)
    peak = max((power for run in suns for power in run.values), default=0.0)
    scale = (_BASE - _TOP) / max(peak, _LEAST_PEAK)

    def across(at: float) -> float:
        return _WIDTH * (at - day.start) / (day.end - day.start)

    shapes = [tag("path", class_="ax0", d=f"M0 {_BASE}H{_WIDTH}")]
    for run in suns:
        line = "L".join(
            f"{number(across(at))} {number(_BASE - scale * max(run.values[index], 0.0))}" for at, index in run.places()
        )
        outline = f"M{number(across(run.start))} {_BASE}L{line}L{number(across(run.end))} {_BASE}z"
        shapes += [tag("path", class_="f-sun", d=outline), tag("path", class_="edge e-sun", d=f"M{line}")]
    labels = [
        tag("text", f"{moment.hour:02}", class_="sm mut", x=across(at), y=_HEIGHT - 4, text_anchor="middle")
        for at, moment in full_hours(day)
        if moment.hour in _HOURS
    ]
    return tag(
        "svg",
        shapes,
        labels,
        class_="chart",
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        aria_label=language("sun.alt"),
    )
