"""``heliobus.compat.senec`` does what the gist does, as it is described: beside a bare POST and recorded answers."""

from __future__ import annotations

import json
import re
import ssl
import struct
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from heliobus import errors
from heliobus.compat.lala import Appliance
from heliobus.compat.senec import BASIC_REQUEST, SYSTEM_STATE_NAME, Senec
from heliobus.senec.models import system_state
from heliobus.senec.simulator import SenecSimulator
from heliobus.simulation.host import Host
from heliobus.transport import blocking
from tests.compat.conftest import NOON, PLANT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heliobus.simulation.clock import ManualClock
    from tests.compat.conftest import Start

SCRIPT = Path(__file__).with_name("origin_senec_script.py")
WHOLE = [
    *("STATISTIC", "ENERGY", "FEATURES", "LOG", "SYS_UPDATE", "WIZARD", "BMS", "BAT1"),
    *("BAT1OBJ1", "BAT1OBJ2", "BAT1OBJ3", "BAT1OBJ4", "PWR_UNIT", "PV1", "FACTORY", "GRIDCONFIG"),
]
GONE = "VARIABLE_NOT_FOUND"


def place(simulator: SenecSimulator) -> str:
    told = simulator.announcement()
    return f"{told['host']}:{told['port']}"


def post(simulator: SenecSimulator, request: Any) -> Any:
    """The answer as it comes over the wire."""
    url = simulator.announcement()["base_url"] + "lala.cgi"
    trusting = ssl._create_unverified_context() if url.startswith("https") else None  # noqa: S323 - it is self-signed
    with urllib.request.urlopen(url, data=json.dumps(request).encode(), context=trusting) as answer:
        return json.load(answer)


def described(leaf: Any) -> Any:
    """What the description of the gist says that becomes of a typed string."""
    if isinstance(leaf, dict):
        return {name: described(one) for name, one in leaf.items()}
    if isinstance(leaf, list):
        return [described(one) for one in leaf]
    if leaf.startswith("fl_"):
        return struct.unpack("!f", bytes.fromhex(leaf[3:]))[0]
    if leaf.startswith("u8_"):
        return struct.unpack("!B", bytes.fromhex(leaf[3:]))[0]
    if leaf.startswith(("i3_", "i8_", "u3_", "u1_")):
        return int(leaf[3:], 16)
    return leaf.removeprefix("st_")


@pytest.fixture
def appliance(start: Start) -> Callable[..., SenecSimulator]:
    return lambda **options: start(SenecSimulator, **options)


@pytest.fixture
def reader() -> Iterator[Callable[..., Senec]]:
    made: list[Senec] = []

    def make(simulator: SenecSimulator, **options: Any) -> Senec:
        made.append(Senec(place(simulator), **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


Make = Any


# -- what the gist gives


@pytest.mark.parametrize("profile", ["0811", "0826", "2411", "v2.1"])
def test_every_section_is_what_the_gist_gives(appliance: Make, reader: Make, profile: str) -> None:
    simulator = appliance(profile=profile)
    wanted = described(post(simulator, {section: {} for section in WHOLE}))
    got = reader(simulator).get_all_values()
    assert got == wanted
    assert list(got) == WHOLE
    assert sum(len(section) for section in got.values()) > 150
    assert [type(one) for one in got["ENERGY"].values()] == [type(one) for one in wanted["ENERGY"].values()]


def test_values_of_old_firmware_are_what_the_gist_gives(appliance: Make, reader: Make) -> None:
    simulator = appliance(profile="0811")
    wanted = described(post(simulator, BASIC_REQUEST))
    wanted["STATISTIC"]["CURRENT_STATE"] = "CHARGE"
    before = simulator.requests
    assert reader(simulator).get_values() == wanted
    assert simulator.requests == before + 1
    now, total = PLANT.at(NOON), PLANT.counters(NOON)
    assert wanted["ENERGY"]["GUI_HOUSE_POW"] == pytest.approx(now.load, rel=1e-6)
    assert 1000 * wanted["STATISTIC"]["LIVE_PV_GEN"] == pytest.approx(total.pv, rel=1e-6)


@pytest.mark.parametrize("profile", ["0826", "2411", "lfp"])
def test_values_of_firmware_at_which_the_gist_ends_in_a_key_error(appliance: Make, reader: Make, profile: str) -> None:
    simulator = appliance(profile=profile, wire="https")
    wanted = described(post(simulator, BASIC_REQUEST))
    assert set(wanted["STATISTIC"].values()) == {GONE}
    wanted["STATISTIC"]["CURRENT_STATE"] = "CHARGE"
    assert reader(simulator).get_values() == wanted


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (
            "10",
            {
                "CURRENT_STATE": 15,
                "LIVE_BAT_CHARGE": 94.03144836425781,
                "LIVE_PU_ENERGY": [0.0] * 6,
                "LIVE_WB_ENERGY": ["u6_0000000000000000"] * 4,
                "MEASURE_TIME": 1638513061,
            },
        ),
        (
            "11",
            {
                "GUI_BAT_DATA_POWER": -0.4588499665260315,
                "GUI_HOUSE_POW": 675.4688720703125,
                "INIT_CHARGE_TIMER": "u6_0000000000000000",
                "STAT_HOURS_OF_OPERATION": 1234,
                "STAT_STATE": 15,
            },
        ),
        ("12", {"ENABLED": 1}),
        (
            "13",
            {
                "INTERNAL_MD_MODEL": ["V3 LV", "V3 HV"],
                "INV_MODEL": ["", "", "END_OF_ARRAY"],
                "MPP_VOL": [356.3990173339844, 356.05102539062, 0.0],
                "POWER_RATIO": 100,
                "STATE_INT": [272, 304],
                "TYPE": 160,
            },
        ),
        ("14", {"APPLICATION_VERSION": "0811", "CONFIG_CHECKSUM": 32271, "SETUP_RCR_STEPS": [0, 30, 60, 100]}),
    ],
)
def test_recorded_answers(shared: Path, appliance: Make, reader: Make, number: str, expected: dict[str, Any]) -> None:
    (path,) = (shared / "captures/senec").glob(f"{number}-*.json")
    recorded = json.loads(json.loads(path.read_text())["response_body"])
    (section,) = recorded
    got = reader(appliance(replay=str(path)), request={section: {}}).get_values()
    assert got == described(recorded)
    for name, value in expected.items():
        if isinstance(value, list) and isinstance(value[0], float):
            assert got[section][name] == pytest.approx(value), name
        else:
            assert got[section][name] == value, name


def test_the_state_of_a_recorded_answer(shared: Path, appliance: Make, reader: Make) -> None:
    (path,) = (shared / "captures/senec").glob("10-*.json")
    request = {"STATISTIC": {"CURRENT_STATE": "", "MEASURE_TIME": ""}}
    got = reader(appliance(replay=str(path)), request=request).get_values()
    assert got == {"STATISTIC": {"CURRENT_STATE": "BATTERY EMPTY", "MEASURE_TIME": 1638513061}}


def test_the_request_is_that_of_the_article(shared: Path) -> None:
    (article,) = (path for path in (shared / "origin").iterdir() if "BASIC_REQUEST" in path.read_text())
    words = re.findall(r"'([A-Z0-9_]+)': ('')?", article.read_text())
    names = [(section, name) for section, names in BASIC_REQUEST.items() for name in names]
    assert [name for name, leaf in words if leaf] == [name for _, name in names]
    assert [name for name, leaf in words if not leaf] == list(BASIC_REQUEST)


def test_the_states_are_spelt_as_in_the_gist() -> None:
    others = {code for code, name in SYSTEM_STATE_NAME.items() if name != system_state(code).name_en}
    assert others == {2, 33, 37, 41, 49, 52, 74}
    assert {2: "ERROR ELECTRICY METER", 41: "SLEEPING MODE"}.items() <= SYSTEM_STATE_NAME.items()
    assert set(SYSTEM_STATE_NAME) == set(range(101))


def test_the_script_of_the_article(appliance: Make) -> None:
    for profile, wire in (("0811", "http"), ("0826", "https")):
        simulator = appliance(profile=profile, wire=wire)
        ran = subprocess.run(
            [sys.executable, SCRIPT, place(simulator)], capture_output=True, text=True, check=True, timeout=60
        )
        address, state, *lines = ran.stdout.splitlines()
        assert address == f"http://{place(simulator)}/lala.cgi"
        assert state == "CHARGE"
        assert len(lines) == 27
        for name in ("STAT_HOURS_OF_OPERATION", "GUI_HOUSE_POW"):
            assert f"ENERGY {name} {described(post(simulator, BASIC_REQUEST))['ENERGY'][name]}" in lines


def test_the_command_line_prints_everything(appliance: Make, reader: Make) -> None:
    simulator = appliance(profile="0826")
    command = [sys.executable, "-m", "heliobus.compat.senec"]
    ran = subprocess.run([*command, place(simulator)], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout == f"{reader(simulator).get_all_values()}\n"
    failed = subprocess.run([*command, "127.0.0.1:1"], capture_output=True, text=True, check=False, timeout=60)
    assert failed.returncode == 1
    assert failed.stderr.startswith("cannot connect to ")
    assert "Traceback" not in failed.stderr
    assert (simulator.plant, ran.stderr) == (PLANT, "")


# -- states


@pytest.fixture
def fixed(request: pytest.FixtureRequest) -> Callable[[str], Senec]:
    """Give a client of a server with this one body."""

    def serve(body: str) -> Senec:
        async def answer(_: web.Request) -> web.Response:
            return web.Response(text=body, content_type="application/json")

        app = web.Application()
        app.router.add_post("/lala.cgi", answer)
        host = Host(app, host="127.0.0.1", port=0)
        blocking.run(host.__aenter__())
        request.addfinalizer(lambda: blocking.run(host.__aexit__(None, None, None)))
        senec = Senec(host.base_url.split("/")[2])
        request.addfinalizer(senec.close)
        return senec

    return serve


@pytest.mark.parametrize(
    ("statistic", "energy", "name"),
    [
        ("u1_000E", "u8_10", "CHARGE"),  # what was asked for goes first
        (GONE, "u8_10", "DISCHARGE"),
        (GONE, "u8_64", "SOX-CALIBRATION"),
        (GONE, "u8_8E", "UNKNOWN STATE 142"),
        ("u1_FFFF", "u8_10", "UNKNOWN STATE 65535"),
        (GONE, GONE, GONE),
        ("FORBIDDEN", "er_01", "FORBIDDEN"),
    ],
)
def test_the_state_of_any_answer(fixed: Make, statistic: str, energy: str, name: str) -> None:
    senec = fixed(json.dumps({"STATISTIC": {"CURRENT_STATE": statistic}, "ENERGY": {"STAT_STATE": energy}}))
    values = senec.get_values()
    assert values["STATISTIC"]["CURRENT_STATE"] == name
    assert "STAT_STATE" not in values["ENERGY"]


def test_a_section_that_the_appliance_does_not_have(fixed: Make) -> None:
    values = fixed(
        '{"STATISTIC":{"OBJECT_NOT_FOUND":""},"ENERGY":{"STAT_STATE":"u8_0D"},"BMS":"FORBIDDEN"}'
    ).get_values()
    assert values["STATISTIC"]["CURRENT_STATE"] == "BATTERY FULL"
    assert values["STATISTIC"]["LIVE_PV_GEN"] is None
    assert values["BMS"]["CYCLES"] is None
    assert {section: set(names) for section, names in values.items() if section in {"ENERGY", "PV1", "FACTORY"}} == {
        section: set(BASIC_REQUEST[section]) for section in ("ENERGY", "PV1", "FACTORY")
    }


def test_payloads_that_are_none_stay_text(fixed: Make) -> None:
    odd = {"A": "fl_12", "B": "u8_", "C": "u1_XYZ", "D": 3, "E": None, "F": "er_07", "G": "zz_00", "H": "i1_FFFF"}
    assert fixed(json.dumps({"ENERGY": odd})).get_all_values() == {"ENERGY": odd}


@pytest.mark.parametrize("request_", [{"ENERGY": {}, "STATISTIC": {"CURRENT_STATE": ""}}, {"PV1": {"MPP_CUR": ""}}])
def test_a_request_of_ones_own(appliance: Make, reader: Make, request_: Any) -> None:
    simulator = appliance(profile="0811")
    got = reader(simulator, request=request_).get_values()
    wanted = described(post(simulator, request_))
    if "STATISTIC" in wanted:
        wanted["STATISTIC"]["CURRENT_STATE"] = "CHARGE"
    assert got == wanted


def test_the_request_of_the_module_may_be_changed(
    appliance: Make, reader: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BASIC_REQUEST, "TEMPMEASURE", {"CASE_TEMP": ""})
    got = reader(appliance(profile="0811")).get_values()
    assert got["TEMPMEASURE"]["CASE_TEMP"] == pytest.approx(PLANT.at(NOON).case_temperature)


def test_a_request_that_would_write_is_refused(appliance: Make, reader: Make) -> None:
    simulator = appliance(profile="0811")
    with pytest.raises(errors.Refused, match="SAFE_CHARGE_FORCE"):
        reader(simulator, request={"ENERGY": {"SAFE_CHARGE_FORCE": "u8_01"}}).get_values()
    assert simulator.requests == 0


# -- the way there


def test_the_address_is_that_of_the_gist_until_another_answers(appliance: Make, reader: Make) -> None:
    simulator = appliance(profile="0826", wire="https")
    senec = reader(simulator)
    assert senec.device_ip == place(simulator)
    assert senec.read_api == f"http://{place(simulator)}/lala.cgi"
    assert senec.get_values()["ENERGY"]["GUI_HOUSE_POW"] > 0
    assert senec.read_api == f"https://{place(simulator)}/lala.cgi"


def test_an_update_to_https_and_a_swapped_board(appliance: Make, reader: Make, clock: ManualClock) -> None:
    simulator = appliance(profile="0811", wire="http")
    senec = reader(simulator, clock=clock)
    assert "msg" not in senec.get_values()
    for wire in ("https", "http"):
        blocking.run(simulator.change(wire=wire))
        blocking.run(clock.advance(60))
        with pytest.raises(errors.TransportError):  # one failure alone may be a lost packet
            senec.get_values()
        assert senec.get_values()["STATISTIC"]["CURRENT_STATE"] == "CHARGE"


def test_a_fixed_url_and_one_that_is_set(appliance: Make) -> None:
    plain, secure = appliance(profile="0811"), appliance(profile="0826", wire="https")
    with Senec("192.168.1.9", url=f"http://{place(plain)}/lala.cgi") as senec:
        assert senec.device_ip == "192.168.1.9"
        assert senec.get_values()["PV1"]["POWER_RATIO"] == 100
        senec.read_api = f"https://{place(secure)}/lala.cgi"
        assert senec.get_values()["STATISTIC"]["LIVE_PV_GEN"] == GONE
        senec.read_api = f"http://{place(secure)}/lala.cgi"
        with pytest.raises(errors.TransportError):
            senec.get_values()
        with pytest.raises(errors.UsageError):
            senec.read_api = "senec://192.168.1.9"


@pytest.mark.parametrize("address", ["", "a user@192.168.1.9"])
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(errors.UsageError):
        Senec(address)
    with pytest.raises(errors.UsageError):
        Appliance("127.0.0.1", url="file:///lala.cgi")


@pytest.mark.parametrize("status", ["404", "500"])
@pytest.mark.parametrize("call", ["get_values", "get_all_values"])
def test_an_http_error_is_told_in_place_of_values(appliance: Make, reader: Make, status: str, call: str) -> None:
    assert getattr(reader(appliance(faults=(status,))), call)() == {"msg": f"Status code {status}"}


def test_errors_are_those_of_heliobus(appliance: Make, reader: Make, clock: ManualClock) -> None:
    with pytest.raises(errors.DeadlineExceeded):
        reader(appliance(faults=("slow",)), timeout=0.2).get_values()
    blocking.run(clock.advance(10))
    with pytest.raises(errors.ProtocolError):
        reader(appliance(faults=("html",))).get_values()
    with pytest.raises(errors.ProtocolError):
        reader(appliance(faults=("empty",))).get_values()


def test_a_cut_off_answer_loses_nothing_else(appliance: Make, reader: Make, caplog: pytest.LogCaptureFixture) -> None:
    simulator = appliance(profile="0826")
    whole = reader(simulator).get_values()
    simulator.faults = ("truncate",)
    got = reader(simulator).get_values()
    lost = {(section, name) for section, names in got.items() for name in names if got[section][name] is None}
    assert 0 < len(lost) < 20
    assert "was cut off after" in caplog.text
    for section, names in BASIC_REQUEST.items():
        for name in names:
            assert got[section][name] == (None if (section, name) in lost else whole[section][name])


def test_firmware_2411_that_wants_its_cookie(appliance: Make, reader: Make) -> None:
    simulator = appliance(profile="2411", faults=("cookie-first",))
    assert reader(simulator).get_values()["ENERGY"]["GUI_HOUSE_POW"] > 0
