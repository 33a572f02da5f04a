"""The write calls as questions."""

from __future__ import annotations

import pytest

from heliobus.errors import NotSupported
from heliobus.growatt.control import FAMILIES
from heliobus.growatt.protocol.writes import plant_question, write_call, write_question


@pytest.mark.parametrize(
    ("family", "setting", "op"),
    [
        ("mix", "pv_on_off", "mixSetApiNew"),
        ("spa", "pv_on_off", "spaSetApi"),
        ("tlx", "ac_charge", "tlxSet"),
        ("max", "max_cmd_on_off", "maxSetApi"),
        ("inverter", "pv_on_off", "inverterSet"),
        ("storage", "storage_cmd_on_off", "storageSet"),
        ("storage", "storage_spf5000_buzzer", "storageSPF5000Set"),
    ],
)
def test_the_apps_operation(family: str, setting: str, op: str) -> None:
    call = write_call(family, setting)
    asked = write_question(call, "SN1", setting, ["1", "2"])
    assert (asked.method, asked.page, asked.form) == ("POST", "newTcpsetAPI.do", None)
    assert asked.query == {"op": op, "serialNum": "SN1", "type": setting, "param1": "1", "param2": "2"}


def test_a_noah_takes_a_form() -> None:
    asked = write_question(write_call("noah", "charging_soc"), "SN1", "charging_soc", ["90", "5"])
    assert asked.page == "noahDeviceApi/noah/set"
    assert asked.form == {"serialNum": "SN1", "type": "charging_soc", "param1": "90", "param2": "5"}


def test_every_family_has_a_call_and_others_have_none() -> None:
    for family, table in FAMILIES.items():
        for name in table:
            assert write_call(family, name).writes
    with pytest.raises(NotSupported, match="nothing was sent"):
        write_call("pcs", "x")


def test_a_plant_is_a_multipart_form_without_file_names() -> None:
    asked = plant_question({"plantName": "Höhe", "plantFirm": "0"})
    assert asked.query == {"op": "updatePlant"}
    assert asked.body is not None
    boundary = asked.content_type.partition("boundary=")[2]
    parts = asked.body.decode().split(f"--{boundary}")
    assert parts[0] == ""
    assert parts[-1] == "--\r\n"
    assert parts[1] == '\r\nContent-Disposition: form-data; name="plantName"\r\n\r\nHöhe\r\n'
    assert b"filename" not in asked.body
