from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from heliobus.e3dc.protocol import ErrorCode, Type, tags
from heliobus.e3dc.protocol.item import _SECRETS
from heliobus.errors import UsageError
from tests.e3dc import make_tables

if TYPE_CHECKING:
    from pathlib import Path


def test_names_and_numbers() -> None:
    assert tags.name(0x01800001) == "EMS_POWER_PV"
    assert tags.name(0x0100FFFE) is None
    assert tags.label(0x0100FFFE) == "0x0100fffe"
    for spelled in ("EMS_POWER_PV", "ems_power_pv", "TAG_EMS_POWER_PV", "0x01800001", "0X1800001"):
        assert tags.code(spelled) == tags.EMS_POWER_PV == 0x01800001
    assert tags.type_of(0x06000100) == Type.CONTAINER
    assert tags.type_of(0x0100FFFE) is None


@pytest.mark.parametrize("name", ["EMS_POWR_PV", "", "0x", "0x123456789", "0x-1", "16777217", "EMS_POWER_PV\n"])
def test_a_wrong_name_is_a_usage_error(name: str) -> None:
    with pytest.raises(UsageError):
        tags.code(name)


def test_a_misspelt_name_is_answered_with_the_right_one() -> None:
    with pytest.raises(UsageError, match="EMS_POWR_PV") as caught:
        tags.code("EMS_POWR_PV")
    assert "EMS_POWER_PV" in caught.value.remedy
    with pytest.raises(AttributeError, match="EMS_POWR_PV"):
        _ = tags.EMS_POWR_PV


def test_a_name_of_two_codes_means_the_one_that_devices_send() -> None:
    assert tags.EMS_ERROR_CODE == 0x0180000F
    assert tags.name(0x0100000F) == "EMS_ERROR_CODE"


def test_names_of_other_lists_are_understood() -> None:
    assert tags.code("EP_REQ_EP_RESERVE") == 0x1B000009
    assert tags.name(0x1B000009) == "SE_REQ_EP_RESERVE"


def test_coded_values() -> None:
    assert tags.enum("pm_type")[7] == "WALLBOX"
    assert 99 not in tags.enum("pm_type")
    assert tags.enum("ems_set_result")[-1] == "out of range"
    assert tags.enum("wb_alg_flags")[0x80] == "sun mode"
    with pytest.raises(KeyError):
        tags.enum("no_such_set")


def test_the_tables_are_what_the_generator_writes(shared: Path) -> None:
    folder = shared / "protocols/e3dc"
    rows = make_tables.read(folder / "tags.csv")
    assert (make_tables.TARGET / "tags.tsv").read_text("utf-8") == make_tables.tag_table(rows)
    enums = make_tables.read(folder / "enums.csv")
    assert (make_tables.TARGET / "enums.tsv").read_text("utf-8") == make_tables.enum_table(enums)


def test_every_tag_of_the_protocol_has_its_name(shared: Path) -> None:
    with (shared / "protocols/e3dc/tags.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4210
    for row in rows:
        code = int(row["code"], 16)
        assert tags.name(code) == row["name"]
        assert tags.type_of(code) == (Type[row["type"].upper()] if row["type"] else None)
        assert tags.name(tags.code(row["name"])) == row["name"]


def test_every_name_of_pye3dc_means_the_same(shared: Path) -> None:
    peer = pytest.importorskip("e3dc._rscpTags", reason="pye3dc is not installed")
    assert {tag.name: tags.code(tag.name) for tag in peer.RscpTag} == {tag.name: tag.value for tag in peer.RscpTag}


def test_error_codes_agree_with_the_table() -> None:
    names = tags.enum("error_code")
    assert {code: names[code] for code in range(1, 9)} == {int(code): code.name for code in list(ErrorCode)[:8]}


def test_secrets_are_the_passwords_and_tokens() -> None:
    for tag in _SECRETS:
        words = tags.label(tag)
        assert any(word in words for word in ("PASSW", "PASSPHRASE", "TOKEN", "CHALLENGE", "IPIN")), words
