from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.growatt.models import MixEnergy, MixStatus, PlantDevices

if TYPE_CHECKING:
    from heliobus.growatt.protocol import Json


def test_a_row_of_a_class_is_its_declaration() -> None:
    assert (MixStatus.ppv.key, MixStatus.ppv.unit) == ("ppv", "kW")
    assert MixStatus.rows["pPv1"] is MixStatus.ppv1


def test_what_is_not_there_or_does_not_fit_is_none() -> None:
    status = MixStatus({"ppv": "null", "SOC": "95", "pPv1": "3 kWh"})
    assert (status.ppv, status.ppv1, status.ppv2, status.soc) == (None, None, None, 95.0)


def test_what_has_no_row_is_kept() -> None:
    assert MixStatus({"ppv": 1, "new": [1]}).extra == {"new": [1]}


def test_an_answer_of_another_shape_is_an_empty_record() -> None:
    shapes: list[Json] = [None, [], "text", 5]
    for strange in shapes:
        assert PlantDevices(strange).devices == ()
    assert PlantDevices({"deviceList": [None, {"deviceSn": "A"}]}).devices[0].serial == "A"


def test_both_forms_of_curves() -> None:
    rows = MixEnergy({"chartData": {"00:05": {"ppv": "0.1", "sysOut": "0.2"}, "00:10": {"ppv": None}}})
    assert rows.curves == {"ppv": {"00:05": 0.1, "00:10": None}, "sysOut": {"00:05": 0.2}}
    columns = MixEnergy({"chartData": {"ppv": ["0.1", ""]}})
    assert columns.curves == {"ppv": {"0": 0.1, "1": None}}
    assert MixEnergy({}).curves == {}
