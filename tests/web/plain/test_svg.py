from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from heliobus.web.plain.sketch import day_sketch
from heliobus.web.plain.svg import LAYERS, SIZES, Size, day_picture, layers_in
from heliobus.web.plain.texts import LANGUAGES
from tests.web.plain.made import LONG, ORDINARY, SHORT, day_of, keep, steady

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from heliobus.web.plain.html import Markup

EN, DE = LANGUAGES["en"], LANGUAGES["de"]
POINT = re.compile(r"(-?[0-9.]+) (-?[0-9.]+)")
WIDE, MIDDLE, NARROW = SIZES


def drawn(picture: Markup) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314 - our own


def texts(root: ET.Element) -> list[str]:
    return [element.text or "" for element in root.iter("text")]


def of_class(root: ET.Element, name: str) -> list[ET.Element]:
    return [element for element in root.iter() if name in (element.get("class") or "").split()]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)
def test_a_day_is_drawn_within_its_frame(tmp_path: Path, size: Size) -> None:
    keep(tmp_path, ORDINARY, lambda at: None if at.hour == 9 else steady(at))
    root = drawn(day_picture(day_of(tmp_path, ORDINARY), EN, size))
    points = [point for path in root.iter("path") for point in POINT.findall(path.get("d") or "")]
    assert len(points) > 500 / size.steps
    assert all(0 <= float(x) <= size.width and 0 <= float(y) <= size.height for x, y in points)


def test_the_stack_says_where_from_and_where_to(tmp_path: Path) -> None:
    keep(tmp_path, ORDINARY)
    day = day_of(tmp_path, ORDINARY)
    assert [(layer.source, layer.sinks) for layer in layers_in(day)] == [
        ("sun", ("house",)),
        ("sun", ("store",)),
        ("sun", ("grid",)),
    ]
    root = drawn(day_picture(day, EN, WIDE))
    assert len(of_class(root, "f-sun")) == 3
    assert {element.get("fill") for element in root.iter("path") if element.get("fill")} == {
        "url(#p-store)",
        "url(#p-grid)",
    }
    assert len(of_class(root, "useline")) == len(of_class(root, "soc")) == 1
    assert "f-store" not in day_picture(day, EN, WIDE)


def test_a_gap_is_hatched_and_named_and_nothing_bridges_it(tmp_path: Path) -> None:
    keep(tmp_path, ORDINARY, lambda at: None if at.hour in (9, 10) else steady(at))
    picture = day_picture(day_of(tmp_path, ORDINARY), DE, WIDE)
    root = drawn(picture)
    (box,) = of_class(root, "gapbox")
    assert "keine Daten 09:00\u201311:00" in texts(root) or "keine Daten 09:00\u201310:55" in texts(root)
    left, right = float(box.get("x") or 0), float(box.get("x") or 0) + float(box.get("width") or 0)
    for line in (*of_class(root, "useline"), *of_class(root, "soc"), *of_class(root, "f-sun")):
        across = [float(x) for x, _ in POINT.findall(line.get("d") or "")]
        assert max(across) <= left + 0.1 or min(across) >= right - 0.1
    assert len(of_class(root, "useline")) == len(of_class(root, "soc")) == 2


def test_what_is_to_come_is_no_gap(tmp_path: Path) -> None:
    keep(tmp_path, ORDINARY)
    day = day_of(tmp_path, ORDINARY, now=datetime(2026, 6, 21, 10, 0, tzinfo=UTC))
    assert not of_class(drawn(day_picture(day, EN, WIDE)), "gapbox")


@pytest.mark.parametrize(
    ("day", "labels"),
    [
        (ORDINARY, ["00", "03", "06", "09", "12", "15", "18", "21", "24"]),
        (LONG, ["00", "02a", "02b", "03", "06", "09", "12", "15", "18", "21", "24"]),
        (SHORT, ["00", "03", "06", "09", "12", "15", "18", "21", "24"]),
    ],
    ids=["24 h", "25 h", "23 h"],
)
def test_hours_are_those_of_the_day(tmp_path: Path, day: date, labels: list[str]) -> None:
    keep(tmp_path, day, every=900)
    read = day_of(tmp_path, day)
    root = drawn(day_picture(read, EN, WIDE))
    bottom = [element for element in root.iter("text") if element.get("y") == str(WIDE.height - 10)]
    assert [element.text for element in bottom] == labels
    places = [float(element.get("x") or 0) for element in bottom]
    hour = (places[-1] - places[0]) / ((read.end - read.start) / 3600)
    if day == SHORT:
        assert places[1] - places[0] == pytest.approx(2 * hour, abs=0.2)
    if day == LONG:
        assert places[3] - places[0] == pytest.approx(4 * hour, abs=0.2)
        assert "2a/b" in texts(drawn(day_picture(read, EN, NARROW)))


def test_axes_speak_the_language(tmp_path: Path) -> None:
    keep(tmp_path, ORDINARY, every=900)
    day = day_of(tmp_path, ORDINARY)
    assert {"kW", "%", "0", "0.5", "1.0", "1.5", "25", "100"} <= set(texts(drawn(day_picture(day, EN, WIDE))))
    assert {"0,5", "1,0", "1,5"} <= set(texts(drawn(day_picture(day, DE, MIDDLE))))
    assert drawn(day_picture(day, DE, WIDE)).get("aria-label", "").startswith("Leistungen am Sonntag, 21. Juni 2026")


def test_a_day_without_data_is_one_gap(tmp_path: Path) -> None:
    keep(tmp_path, ORDINARY, every=900)
    root = drawn(day_picture(day_of(tmp_path, LONG), EN, WIDE))
    (box,) = of_class(root, "gapbox")
    assert float(box.get("width") or 0) == WIDE.width - 80
    assert not of_class(root, "useline")


def test_the_small_picture_holds_the_sun_alone(tmp_path: Path) -> None:
    keep(tmp_path, ORDINARY, lambda at: None if at.hour == 9 else steady(at))
    root = drawn(day_sketch(day_of(tmp_path, ORDINARY), EN))
    assert len(of_class(root, "f-sun")) == 2
    assert texts(root) == ["06", "12", "18"]


def test_every_layer_has_its_word() -> None:
    for layer in LAYERS:
        assert EN(layer.text)
