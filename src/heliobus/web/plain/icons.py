"""The drawings that repeat: patterns, icons, wordmark.  Coordinates only; colours come from the style sheet."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Final

from heliobus.web.plain.html import Markup, join, tag

_DRAWINGS: Final = json.loads(files("heliobus.web").joinpath("drawings.json").read_bytes())
"""Paths of the icons and of the wordmark; the front end draws the same ones."""


def _pattern(name: str, size: float, turn: int | None, *shapes: Markup) -> Markup:
    rotated = f"rotate({turn})" if turn else None
    return tag(
        "pattern", *shapes, id=name, width=size, height=size, patternUnits="userSpaceOnUse", patternTransform=rotated
    )


def definitions() -> Markup:
    """The patterns and icons of a page, in an image of no size (not hidden: that would switch them off)."""
    patterns = [
        _pattern("p-store", 7, 45, tag("rect", class_="kn", width=1.9, height=7)),
        _pattern("p-grid", 5, None, tag("rect", class_="kn", width=5, height=1.6)),
        _pattern("p-car", 7, None, *(tag("circle", class_="kn", cx=at, cy=at, r=1.2) for at in (2.0, 5.5))),
        _pattern("p-gap", 8, -45, tag("rect", class_="gp", width=1, height=8)),
    ]
    symbols = [
        tag("symbol", tag("path", d=path), id=f"i-{name}", viewBox="0 0 24 24")
        for name, path in _DRAWINGS["icons"].items()
    ]
    return tag(
        "svg", tag("defs", patterns, symbols), class_="defs", width=0, height=0, aria_hidden="true", focusable="false"
    )


def icon(name: str, *, size: str = "", **place: float) -> Markup:
    """An icon; ``place`` puts it into another image."""
    use = tag("use", href=f"#i-{name}")
    return tag("svg", use, class_=f"ic {size}".strip(), viewBox="0 0 24 24", aria_hidden="true", **place)


def swatch(hue: str, pattern: str | None = None) -> Markup:
    """A sample of a fill for a legend."""
    shapes = [tag("rect", class_=f"f-{hue}", width=18, height=12, rx=2)]
    if pattern:
        shapes.append(tag("rect", fill=f"url(#{pattern})", width=18, height=12, rx=2))
    return tag("svg", shapes, class_="sw", viewBox="0 0 18 12", aria_hidden="true")


def line_swatch(kind: str) -> Markup:
    """A sample of a line for a legend."""
    return tag("svg", tag("path", class_=kind, d="M0 6H18"), class_="sw", viewBox="0 0 18 12", aria_hidden="true")


def age_dot(status: str) -> Markup:
    """Full: fresh; half: late; ring: connecting or silent."""
    shapes = []
    if status == "ok":
        shapes.append(tag("circle", class_="a-fill", cx=6, cy=6, r=4))
    else:
        shapes.append(tag("circle", class_="a-ring", cx=6, cy=6, r=4.2))
    if status == "late":
        shapes.append(tag("path", class_="a-fill", d="M6 1.8a4.2 4.2 0 0 1 0 8.4z"))
    return tag("svg", shapes, class_="agedot", viewBox="0 0 12 12", aria_hidden="true")


def wordmark() -> Markup:
    """The name, drawn from one line; the dot of the i is the sun."""
    letters = tag("g", tag("path", d=_DRAWINGS["wordmark"]), class_="wm", transform="translate(44 -8)")
    dot = tag("circle", class_="wm-dot", cx=113.5, cy=3.6, r=3.3)
    return join([tag("svg", letters, dot, class_="logo", viewBox="42 -3 190 38", role="img", aria_label="heliobus")])
