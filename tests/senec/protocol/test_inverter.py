"""XML pages: what is in them is found, and nothing that is in them can harm."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.errors import Error, NotSupported, Overflow, ProtocolError, TransportError
from heliobus.senec.models.inverter import Measurements, Versions, Yields
from heliobus.senec.protocol import inverter

PAGE = b"""<?xml version="1.0" encoding="UTF-8"?>
<root><Device Name="WR" Serial="S1"><Measurements>
<Measurement Value="473.5" Unit="V" Type="DC_Voltage"/><Measurement Unit="W" Type="GridPower"/>
<Measurement Value="nan" Type="AC_Power"/><Measurement Value="1e999" Type="X"/><Measurement Value="3"/>
<Measurement Value="60.0" Unit="%" Type="Derating"/></Measurements></Device></root>"""


def test_what_is_not_measured_is_none() -> None:
    page = Measurements.of(inverter.document("measurements", status=200, body=PAGE))
    assert page.values == {"DC_Voltage": 473.5, "GridPower": None, "AC_Power": None, "X": None, "Derating": 60.0}
    assert (page.serial, page.limited, set(page.extra)) == ("S1", 40.0, {"DC_Voltage", "X"})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<root>",
        b"<root/>",
        PAGE[:-10],
        b"<?xml version='1.0' encoding='no-such'?><root><Device/></root>",
        b"<!DOCTYPE root SYSTEM 'file:///etc/passwd'><root><Device/></root>",
        b"<!DOCTYPE root [<!ENTITY a 'b'>]><root><Device Name='&a;'/></root>",
        b"<root><Device Name='&a;'/></root>",
        b"<!DOCTYPE html><html></html>",
    ],
)
def test_what_is_no_page_is_refused(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        inverter.document("measurements", status=200, body=body)


@pytest.mark.parametrize("body", [b"<a>" * 40, b"<r>" + b"<a/>" * 20_000 + b"</r>", b" " * (inverter.LIMIT + 1)])
def test_what_is_too_much_is_refused(body: bytes) -> None:
    with pytest.raises(Overflow):
        inverter.elements(body)


@pytest.mark.parametrize(("status", "error"), [(404, NotSupported), (503, TransportError), (302, ProtocolError)])
def test_a_status_has_a_type(status: int, error: type[Error]) -> None:
    with pytest.raises(error):
        inverter.document("all", status=status, body=PAGE)
    with pytest.raises(error):
        inverter.curves(status=status, body=b"{}")


@settings(max_examples=100)
@given(st.integers(0, len(PAGE)), st.binary(max_size=30))
def test_no_page_breaks_the_reader(at: int, noise: bytes) -> None:
    try:
        page = inverter.document("measurements", status=200, body=PAGE[:at] + noise + PAGE[at:])
    except ProtocolError:
        return
    Measurements.of(page)
    Versions.of(page)


@pytest.mark.parametrize("body", [b"", b"[1]", b'{"TotalCurves"', b"<html>", b"[" * 100_000])
def test_yields_that_are_none_are_refused(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        inverter.curves(status=200, body=body)


def test_a_yield_with_an_unknown_part_is_unknown() -> None:
    def curve(*parts: object) -> Yields:
        return Yields({"TotalCurves": {"Datasets": [{"Type": "PV1", "Data": [{"Data": part} for part in parts]}]}})  # type: ignore[dict-item]

    assert curve(1, 2.5).total("PV1") == 3.5
    assert curve(1, None).total("PV1") is None
    assert curve().total("PV1") is None
    assert curve(1).total("Produced") is None
