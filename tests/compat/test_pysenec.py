"""``heliobus.compat.pysenec`` beside pysenec 0.3.0, both reading the same simulated appliance that stands still."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from heliobus import errors
from heliobus.compat import pysenec as ours
from heliobus.compat.pysenec import cli as command_line
from heliobus.senec.simulator import SenecSimulator
from heliobus.simulation.clock import FrozenClock
from heliobus.vendor import SimulationOptions
from tests.compat.conftest import NOON, PLANT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from types import ModuleType

MOMENTS = {"noon": NOON, "night": datetime(2026, 6, 20, 23, 30, tzinfo=UTC)}
READS = ("read_senec_v21", "read_senec_v21_all")
NUMBERS = [
    name
    for name, member in inspect.getmembers(ours.Senec)
    if isinstance(member, property) and name not in {"raw_status", "system_state", "url"}
]
TOTALS = [name for name in NUMBERS if "total" in name]


@pytest.fixture(scope="module")
def theirs() -> ModuleType:
    module: ModuleType = pytest.importorskip("pysenec", reason="pysenec, which is compared with, is not installed")
    return module


def simulated(moment: datetime = NOON, **options: Any) -> SenecSimulator:
    return SenecSimulator(SimulationOptions(plant=PLANT, clock=FrozenClock(moment), **options))


def place(simulator: SenecSimulator) -> str:
    told = simulator.announcement()
    return f"{told['host']}:{told['port']}"


@asynccontextmanager
async def opened(simulator: SenecSimulator, *modules: Any, **options: Any) -> AsyncIterator[list[Any]]:
    async with simulator, aiohttp.ClientSession() as session:
        yield [module.Senec(place(simulator), session, **options) for module in modules]


def asked_of(one: Any, name: str) -> Any:
    """The property's value, or the type of the exception in its place."""
    try:
        return getattr(one, name)
    except (KeyError, TypeError) as error:
        return type(error)


# -- the same names


def public(holder: Any) -> dict[str, Any]:
    return {
        name: value
        for name, value in inspect.getmembers(holder)
        if not name.startswith("_") and not inspect.ismodule(value)
    }


def test_every_public_name(theirs: ModuleType) -> None:
    from pysenec import cli, util

    assert {"Senec", "SYSTEM_STATE_NAME", "parse"} <= public(theirs).keys()
    for module, own in ((theirs, ours), (util, ours), (cli, command_line)):
        assert public(module).keys() - {"pprint", "unpack"} <= public(own).keys(), module.__name__
    assert len(public(theirs.Senec)) > 20
    for name, member in public(theirs.Senec).items():
        assert isinstance(getattr(ours.Senec, name), type(member)), name
        if inspect.isfunction(member):
            assert inspect.iscoroutinefunction(getattr(ours.Senec, name)) == inspect.iscoroutinefunction(member)
            assert list(inspect.signature(getattr(ours.Senec, name)).parameters) == ["self"], name
    wanted = list(inspect.signature(theirs.Senec).parameters)
    given = list(inspect.signature(ours.Senec).parameters.values())
    assert [one.name for one in given[: len(wanted)]] == wanted
    assert all(one.default is not one.empty for one in given[len(wanted) :])


async def test_every_attribute(theirs: ModuleType) -> None:
    async with aiohttp.ClientSession() as session:
        got, wanted = (module.Senec("192.168.1.9:8080", session) for module in (ours, theirs))
        for name in ("host", "websession", "url"):
            assert getattr(got, name) == getattr(wanted, name)


def test_every_state(theirs: ModuleType) -> None:
    assert theirs.SYSTEM_STATE_NAME.items() <= ours.SYSTEM_STATE_NAME.items()
    assert ours.SYSTEM_STATE_NAME.keys() - theirs.SYSTEM_STATE_NAME.keys() == {96, 98, 99, 100}


# -- the same results


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
async def test_old_firmware_gives_what_pysenec_gives(theirs: ModuleType, moment: datetime, read: str) -> None:
    simulator = simulated(moment, profile="0811")
    async with opened(simulator, ours, theirs) as clients:
        for client in clients:
            await getattr(client, read)()
        got, wanted = clients
        assert simulator.requests == 2
    assert got.raw_status == wanted.raw_status
    assert got.system_state == wanted.system_state == {"noon": "CHARGE", "night": "DISCHARGE"}[_name(moment)]
    for name in NUMBERS:
        value = asked_of(wanted, name)
        if value is KeyError:
            assert (read, name.endswith("_temp")) == ("read_senec_v21_all", True)
            value = None
        assert (type(getattr(got, name)), getattr(got, name)) == (type(value), value), name
    now = PLANT.at(moment)
    assert got.battery_charge_power == pytest.approx(max(-now.battery, 0), rel=1e-6)
    assert got.house_power == pytest.approx(now.load, rel=1e-6)


def _name(moment: datetime) -> str:
    return next(name for name, one in MOMENTS.items() if one == moment)


@pytest.mark.parametrize("profile", ["0826", "2411", "lfp", "v2.1"])
@pytest.mark.parametrize("read", READS)
async def test_new_firmware_gives_none_where_pysenec_gives_words(theirs: ModuleType, profile: str, read: str) -> None:
    async with opened(simulated(profile=profile), ours, theirs) as clients:
        for client in clients:
            await getattr(client, read)()
        got, wanted = clients
    assert got.raw_status == wanted.raw_status
    assert got.system_state == wanted.system_state == "CHARGE"
    for name in NUMBERS:
        value = asked_of(wanted, name)
        if name in TOTALS:
            assert value == ("VARIABLE_NOT_FOUND" if read == "read_senec_v21" else KeyError)
        if value in {KeyError, "VARIABLE_NOT_FOUND"}:
            assert getattr(got, name) is None, name
        else:
            assert getattr(got, name) == value, name
    assert len(TOTALS) == 6


def test_single_values_are_decoded_as_by_pysenec(theirs: ModuleType) -> None:
    from pysenec.util import parse_value

    words = "fl_43E26188 u8_0D u6_00000000000C75D9 i8_E2 i3_FFFFFFFF st_ st_HMI:3 st_a_b st_END_OF_ARRAY FORBIDDEN"
    for word in (*words.split(), "VARIABLE_NOT_FOUND", "MALFORMED_VALUE", "er_07", "", "st_ _"):
        assert ours.parse_value(word) == parse_value(word), word
    tree: Any = {"A": {"B": "u8_0D", "C": ["fl_42480A3D", "i1_FFFF"]}, "D": "st_x"}
    assert ours.parse(tree) == theirs.parse(tree)


@pytest.mark.parametrize("word", ["fl_12", "u8_", "i1_XYZ", "unit_none"])
def test_payloads_at_which_pysenec_ends_stay_text(word: str) -> None:
    assert ours.parse_value(word) == word


# -- what is better


async def test_before_the_first_read_nothing_is_known() -> None:
    async with aiohttp.ClientSession() as session:
        senec = ours.Senec("192.168.1.9", session)
        assert {getattr(senec, name) for name in NUMBERS} == {None}
        assert (senec.system_state, senec.raw_status) == ("UNKNOWN", {})


async def test_values_that_are_no_numbers_are_none() -> None:
    for fault in ("nan", "unknown-prefix"):
        async with opened(simulated(profile="0811", faults=(fault,)), ours) as (senec,):
            await senec.update()
        assert {getattr(senec, name) for name in NUMBERS} == {None}
        assert senec.system_state == "CHARGE"


async def test_https_is_found() -> None:
    simulator = simulated(profile="0826", wire="https")
    async with opened(simulator, ours) as (senec,):
        await senec.update()
        assert senec.url == f"https://{place(simulator)}/lala.cgi"
        assert senec.house_power == pytest.approx(PLANT.at(NOON).load, rel=1e-6)
        assert not senec.websession.closed


async def test_an_address_may_be_set() -> None:
    simulator = simulated(profile="0826", wire="https")
    async with simulator, aiohttp.ClientSession() as session:
        senec = ours.Senec("192.168.1.9", session)
        senec.url = f"https://{place(simulator)}/lala.cgi"
        await senec.update()
        assert senec.system_state == "CHARGE"


@pytest.mark.parametrize(
    ("fault", "theirs_", "ours_"),
    [
        ("hang", aiohttp.ServerTimeoutError, errors.DeadlineExceeded),
        ("500", aiohttp.ClientResponseError, errors.ProtocolError),
        ("404", aiohttp.ClientResponseError, errors.ProtocolError),
        ("html", aiohttp.ClientPayloadError, errors.ProtocolError),
        ("empty", aiohttp.ClientPayloadError, errors.ProtocolError),
    ],
)
async def test_programs_catch_what_they_caught(fault: str, theirs_: type[Exception], ours_: type[errors.Error]) -> None:
    options = {"timeout": 0.3} if fault == "hang" else {}
    async with opened(simulated(faults=(fault,)), ours, **options) as (senec,):
        with pytest.raises(theirs_) as caught:
            await senec.update()
    assert isinstance(caught.value, ours_)
    assert caught.value.remedy
    assert "lala.cgi" in caught.value.line() or fault in {"html", "empty"}
    assert str(getattr(caught.value, "status", fault)) == fault


async def test_nobody_there() -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectionError) as caught:
            await ours.Senec("127.0.0.1:1", session).update()
        assert isinstance(caught.value, errors.TransportError)
        assert caught.value.retryable


# -- the command line


async def test_the_command_line_prints_what_pysenec_prints(
    theirs: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    from pysenec import cli

    async with simulated(profile="0811") as simulator:
        for verbose in (False, True):
            await cli.run(place(simulator), verbose)
            wanted = capsys.readouterr().out.splitlines()
            await command_line.run(place(simulator), verbose)
            got = capsys.readouterr().out.splitlines()
            different = [(one, other) for one, other in zip(got, wanted, strict=True) if one != other]
            assert [one.partition(", discharged")[0] for one, _ in different] == [
                other.partition(", discharged")[0] for _, other in different
            ]
            assert len(different) == 1, "pysenec prints the grid's total as the battery's"
            assert different[0][0].endswith(f"discharged {PLANT.counters(NOON).discharge / 1000:.3f} kWh")


async def test_the_command_line_on_new_firmware() -> None:
    async with simulated(profile="0826", wire="https") as simulator:
        ran = await called("--host", place(simulator), "--all")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "\nTotal house use unknown\n" in ran.stdout
    assert "'GUI_HOUSE_POW'" in ran.stdout


async def test_the_command_line_tells_errors_in_a_line() -> None:
    for arguments, said in ((("--host", "127.0.0.1:1"), "cannot connect"), ((), "usage: ")):
        ran = await called(*arguments)
        assert ran.returncode != 0
        assert ran.stderr.startswith(said)
        assert "Traceback" not in ran.stderr


async def called(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "heliobus.compat.pysenec", *arguments]
    return await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False, timeout=60)
