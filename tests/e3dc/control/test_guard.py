from __future__ import annotations

import pytest

from heliobus.e3dc.control import only_reads, require_reading
from heliobus.e3dc.models import FullRequest, Layout, LiveRequest, SGReady, request
from heliobus.e3dc.models.battery import BriefBattery
from heliobus.e3dc.models.home import SWITCH_REQUESTS
from heliobus.e3dc.models.inverter import BriefInverter
from heliobus.e3dc.protocol import Item, Type, tags
from heliobus.errors import Refused

NAMES = set(tags._tables().names.values())
VERBS = ("SET", "START", "EXECUTE", "RETRY", "SWITCH", "REBOOT", "RESTART", "RESET", "DELETE", "REMOVE", "SHUTDOWN")
READ_ALL_THE_SAME = {
    *("BAT_REQ_READY_FOR_SHUTDOWN", "EP_REQ_IS_READY_FOR_SWITCH", "SE_REQ_GET_MIN_ENERGY_RESTART_EP"),
    *("DB_REQ_HISTORY_TIME_START", "DB_REQ_HISTORY_UTC_TIME_START", "WB_REQ_AUTO_PHASE_SWITCH_ENABLED"),
}
DANGEROUS = [  # SPEC 6.4
    "EMS_REQ_EMERGENCY_POWER_RETRY",
    "EMS_REQ_SET_EMERGENCY_POWER",
    "EMS_REQ_START_EMERGENCYPOWER_TEST",
    "SYS_REQ_SYSTEM_REBOOT",
    "SYS_REQ_RESTART_APPLICATION",
    "EP_REQ_SWITCH_TO_GRID",
    "EP_REQ_SWITCH_TO_ISLAND",
    "SYS_REQ_EXECUTE_SCRIPT",
    "SE_REQ_EMERGENCY_POWER_RETRY",
    "EMS_REQ_REMOTE_CONTROL",
    "BAT_REQ_OPEN_BREAKER",
    "RSCP_REQ_SET_ENCRYPTION_PASSPHRASE",
    "HA_REQ_COMMAND_ACTUATOR",
    "EP_REQ_LEAVE_INVALID_STATE_TO_GRID",
]


def test_no_name_with_a_word_that_acts_passes() -> None:
    acting = {name for name in NAMES if not set(VERBS).isdisjoint(name.split("_"))}
    assert len(acting) > 300
    passing = {name for name in acting if only_reads(tags.code(name))}
    assert passing == READ_ALL_THE_SAME


@pytest.mark.parametrize("name", DANGEROUS)
def test_what_is_dangerous_does_not_pass(name: str) -> None:
    assert not only_reads(tags.code(name))


def test_what_nobody_knows_does_not_pass() -> None:
    assert not only_reads(0x01ABCDEF)
    assert not only_reads(0xFFFFFFFF)


def test_everything_that_the_client_reads_passes() -> None:
    whole = [Item(tag, Type.UCHAR8, 3) for tag in (tags.PVI_REQ_AC_MAX_PHASE_COUNT, tags.PVI_REQ_USED_STRING_COUNT)]
    layout = Layout(
        batteries=(BriefBattery({tags.BAT_REQ_DCB_COUNT: Item(0, Type.UCHAR8, 3)}, index=0),),
        inverters=(BriefInverter({item.tag: item for item in whole}, index=0),),
        meters=(0,),
        wallboxes=(0,),
    )
    require_reading(LiveRequest().batch.items)
    require_reading(Layout.requests())
    require_reading(FullRequest(layout).items)
    require_reading([*SWITCH_REQUESTS, SGReady.ask(0)])


def test_a_container_is_as_good_as_all_that_it_holds() -> None:
    good = request(("WB_REQ_DATA", {"WB_INDEX": 0, "WB_REQ_EXTERN_DATA_ALL": None}))
    bad = request(("WB_REQ_DATA", [("WB_INDEX", 0), ("WB_REQ_SET_EXTERN", [("WB_EXTERN_DATA", bytes(6))])]))
    require_reading([good])
    with pytest.raises(Refused, match="WB_REQ_SET_EXTERN may change"):
        require_reading([good, bad])
