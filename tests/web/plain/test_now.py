from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from heliobus.model.parts import Battery
from heliobus.web.plain.figures import THIN
from heliobus.web.plain.html import text_of
from heliobus.web.plain.now import charge_tile, flow_panel
from heliobus.web.plain.texts import LANGUAGES
from heliobus.web.site import SiteNow, Wallboxes
from tests.service.scripted import NOON

EN, DE = LANGUAGES["en"], LANGUAGES["de"]
SITE = SiteNow(
    key="home",
    name="Home",
    timezone="Europe/Berlin",
    status="ok",
    age_s=1.0,
    as_of=NOON,
    ages={},
    pv=4000.0,
    grid=-1000.0,
    load=600.0,
    residual=0.0,
    battery=Battery(power=-2400.0, soc=64.0, capacity=10_000.0),
    wallbox=None,
)


def words(site: SiteNow) -> str:
    return text_of(flow_panel(site, EN, peak=0.0)).replace(THIN, " ")


def bars(site: SiteNow) -> list[list[tuple[float, float]]]:
    """Give (x, width) of the pieces of both bars, without their patterns."""
    root = ET.fromstring(flow_panel(site, EN, peak=0.0))  # noqa: S314 - our own
    rows = [element for element in root.iter("svg") if element.get("class") == "seg"]
    return [
        [(float(one.get("x") or 0), float(one.get("width") or 0)) for one in row if one.get("class")] for row in rows
    ]


def test_pieces_of_one_origin_stand_below_one_another() -> None:
    given, taken = bars(replace(SITE, pv=460.0, grid=580.0, load=3540.0, battery=Battery(power=2500.0)))
    assert given == taken
    assert len(given) == 3
    given, taken = bars(SITE)
    assert len(given) == 1
    assert len(taken) == 3
    assert sum(width + 1 for _, width in taken) == pytest.approx(given[0][1] + 1, abs=0.5)


@pytest.mark.parametrize(
    ("residual", "said"),
    [
        (0.0, "Balance closed, residual 0 W"),
        (-120.0, "Balance closed, residual \u2212120 W"),
        (190.0, "Balance closed, residual 190 W"),
        (210.0, "210 W open (converter losses?)"),
        (-400.0, "\u2212400 W open (converter losses?)"),
    ],
)
def test_the_residual_is_said(residual: float, said: str) -> None:
    """4 kW flow: what is open counts above 150 W and 5 %."""
    text = words(replace(SITE, residual=residual))
    assert said in text
    assert ("chip" in flow_panel(replace(SITE, residual=residual), EN, peak=0.0)) == ("open" in said)


def test_a_derived_load_has_no_residual() -> None:
    assert "Balance" not in words(replace(SITE, residual=None))


def test_what_the_site_has_hangs_on_the_bus() -> None:
    assert "Wallbox" not in words(SITE)
    assert "Wallbox" in words(replace(SITE, wallbox=Wallboxes(power=0.0)))
    assert "Battery" not in words(replace(SITE, battery=None))


def test_unknown_is_a_dash_in_an_empty_frame() -> None:
    text = words(replace(SITE, pv=None, residual=None))
    assert "No balance: not every part is known" in text
    assert "Not known at present: the sun." in flow_panel(replace(SITE, pv=None, residual=None), EN, peak=0.0)
    assert bars(replace(SITE, pv=None)) == [[(1.0, 698.0)], [(1.0, 698.0)]]


def test_the_charge_on_its_scale() -> None:
    assert SITE.battery is not None
    made = charge_tile(SITE.battery, DE)
    assert "6,4 von 10,0\u202fkWh" in made
    assert "64" in text_of(made)
    assert 'width="177.9"' in made
    unknown = charge_tile(Battery(), EN)
    assert text_of(unknown).count("\u2013") == 2
    assert "unkbar" in unknown
    assert "kWh" not in unknown


@pytest.mark.parametrize(
    ("power", "said"), [(-900.0, "charging"), (900.0, "discharging"), (15.0, "at rest"), (None, "unknown")]
)
def test_what_the_battery_does(power: float | None, said: str) -> None:
    assert said in text_of(charge_tile(Battery(power=power), EN))
