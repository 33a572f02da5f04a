"""The drawings that repeat: patterns, icons, wordmark.  Coordinates only; colours come from the style sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from heliobus.web.plain.html import Markup, join, tag

if TYPE_CHECKING:
    from collections.abc import Mapping

_ICONS: Final[Mapping[str, str]] = {
    "house": "M4 11.2 12 4.5l8 6.7M6 9.8V19.5h12V9.8M10 19.5v-5h4v5",
    "car": "M5 20V5.5A1.5 1.5 0 0 1 6.5 4h6A1.5 1.5 0 0 1 14 5.5V20M3.5 20h12M14 11h1.8a1.2 1.2 0 0 1 1.2 1.2V16"
    "a1.5 1.5 0 0 0 3 0V9.5L17.5 7M10.2 7 8 11h3l-1.2 3.5",
    "grid": "M8 20.5 10.5 4h3L16 20.5M6 8.5h12M5 8.5v2M19 8.5v2M7.2 12.5h9.6M9 16.5l6.5-4M15 16.5l-6.5-4"
    "M10.3 5.5l-4.3 3M13.7 5.5l4.3 3",
    "store": "M8.5 6h7A1.5 1.5 0 0 1 17 7.5v12a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 7 19.5v-12A1.5 1.5 0 0 1 8.5 6z"
    "M10.5 3.5h3V6h-3zM9.5 18h5M9.5 15h5",
    "sun": "M12 7.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4"
    "M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
    "open": "M5 12h.1M12 12h.1M19 12h.1",
    "left": "M14.5 6 8.5 12l6 6",
    "right": "M9.5 6l6 6-6 6",
    "late": "M12 4 21 19.5H3zM12 10v4.5M12 17h.1",
    "lost": "M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7zM12 8v5M12 16h.1",
}

_WORDMARK: Final = (
    "M0 8V40M0 30a10 10 0 0 1 20 0V40M29 30H49A10 10 0 1 0 46.1 37.1M59 8V40M69.5 20V40M89 20a10 10 0 1 1 0 20"
    "a10 10 0 1 1 0-20zM109 8V40M119 20a10 10 0 1 1 0 20a10 10 0 1 1 0-20zM139 20V30a10 10 0 0 0 20 0V20M159 20V40"
    "M184 23.6c-1.7-2.4-4.3-3.6-7.1-3.6c-4 0-6.9 2-6.9 5c0 3.3 3 4.2 7 5c4.3.8 7.5 1.9 7.5 5.2c0 3-3 4.8-7.2 4.8"
    "c-3.5 0-6.3-1.3-7.9-3.8"
)


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
    symbols = [tag("symbol", tag("path", d=path), id=f"i-{name}", viewBox="0 0 24 24") for name, path in _ICONS.items()]
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
    letters = tag("g", tag("path", d=_WORDMARK), class_="wm", transform="translate(44 -8)")
    dot = tag("circle", class_="wm-dot", cx=113.5, cy=3.6, r=3.3)
    return join([tag("svg", letters, dot, class_="logo", viewBox="42 -3 190 38", role="img", aria_label="heliobus")])
