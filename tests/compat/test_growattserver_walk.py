"""Every method of the originals and of ours, asked of the same simulated cloud at the same moment: the same results.

Each library has a simulator of its own, of one house and on one clock, so that neither uses up what the other may ask.
"""

from __future__ import annotations

import gc
import inspect
import sys
import warnings
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

import heliobus.compat.growattServer as ours  # noqa: N813, the name of what it replaces
from heliobus.growatt.simulator import GrowattSimulator
from heliobus.transport import blocking
from tests.interop.test_growattserver import VERSIONS, library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heliobus.simulation.clock import ManualClock
    from tests.compat.conftest import Start

DAY = date(2026, 6, 20)
WALL = datetime(2026, 6, 20, 12, 30)  # noqa: DTZ001, as programs have it
FOREIGN = "NOT-OURS"
INTERVAL = 301.0
NIGHT = {"start_time": time(1, 30), "end_time": time(4, 0), "enabled": True}
NEVER = {"start_time": time(0, 0), "end_time": time(0, 0), "enabled": False}


@dataclass(frozen=True)
class Told:
    """What a program knows; ``library`` is the one that it uses."""

    library: Any
    serial: str
    plant: str
    user: str

    def span(self, name: str) -> Any:
        return self.library.Timespan[name]


class Case(NamedTuple):
    method: str
    arguments: Callable[[Told], tuple[Any, ...]]
    named: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.named}".strip()


def case(method: str, arguments: Callable[[Told], tuple[Any, ...]] = lambda t: (t.serial,), named: str = "") -> Case:
    return Case(method, arguments, named)


def by_plant(method: str) -> Case:
    return case(method, lambda t: (t.plant,))


PLANTS = (
    case("get_url", lambda _: ("page",)),
    case("plant_list", lambda t: (t.user,)),
    case("plant_list", lambda _: (FOREIGN,), "of nobody"),
    case("plant_detail", lambda t: (t.plant, t.span("day"), WALL), "of a day"),
    case("plant_detail", lambda t: (t.plant, t.span("month"), WALL), "of a month"),
    case("plant_detail", lambda t: (t.plant, t.span("hour"), WALL), "of the hours"),
    case("plant_detail", lambda t: (FOREIGN, t.span("day"), WALL), "of no plant"),
    case("plant_detail", lambda t: (t.plant, "day", WALL), "without a Timespan"),
    *map(by_plant, ("plant_info", "device_list", "inverter_list", "plant_energy_data", "is_plant_noah_system")),
    by_plant("plant_list_two")._replace(arguments=lambda _: ()),
    by_plant("get_plant_settings"),
    by_plant("plant_settings"),
)
OF: dict[str, tuple[Case, ...]] = {
    "mix": (
        *PLANTS,
        case("dashboard_data", lambda t: (t.plant, t.span("hour"), WALL)),
        case("mix_info"),
        case("mix_info", lambda t: (t.serial, t.plant), "with the plant"),
        case("mix_info", lambda _: (FOREIGN,), "of no MIX"),
        case("mix_totals", lambda t: (t.serial, t.plant)),
        case("mix_system_status", lambda t: (t.serial, t.plant)),
        case("mix_detail", lambda t: (t.serial, t.plant, t.span("hour"), WALL)),
        case("get_mix_inverter_settings"),
        case("update_mix_inverter_setting", lambda t: (t.serial, "pv_active_p_rate", ["70"]), "by a list"),
        case("get_mix_inverter_settings", named="after it"),
        case("update_mix_inverter_setting", lambda t: (t.serial, "pv_active_p_rate", {"param1": "60"}), "by name"),
        case("get_mix_inverter_settings", named="after that"),
        case("update_mix_inverter_setting", lambda t: (t.serial, "pv_active_p_rate", ["700"]), "out of range"),
        case("update_mix_inverter_setting", lambda t: (t.serial, "nothing", ["7"]), "of no type"),
        case("update_inverter_setting", lambda t: (
            t.serial, "pv_on_off", {"op": "mixSetApiNew", "serialNum": t.serial, "type": "pv_on_off"}, ["1"],
        )),
        case("update_ac_inverter_setting", lambda t: (t.serial, "pv_on_off", ["1"]), "of no SPA"),
        case("update_plant_settings", lambda t: (t.plant, {"plantName": "Roof"})),
        case("plant_settings", lambda t: (t.plant,), "after it"),
        case("get_plant_settings", lambda t: (t.plant,), "after it"),
        case("tlx_all_settings", named="of a MIX"),
        case("tlx_battery_info", named="of a MIX"),
    ),
    "tlx": (
        case("device_list", lambda t: (t.plant,)),
        case("tlx_system_status", lambda t: (t.plant, t.serial)),
        case("tlx_energy_overview", lambda t: (t.plant, t.serial)),
        case("tlx_energy_prod_cons", lambda t: (t.plant, t.serial, t.span("hour"), WALL)),
        case("tlx_data", lambda t: (t.serial, WALL)),
        case("tlx_detail"),
        case("tlx_params"),
        case("tlx_all_settings"),
        case("tlx_enabled_settings"),
        case("tlx_battery_info"),
        case("tlx_battery_info_detailed", lambda t: (t.plant, t.serial)),
        case("update_tlx_inverter_setting", lambda t: (t.serial, "charge_power", 55), "by a value"),
        case("tlx_all_settings", named="after it"),
        case("update_tlx_inverter_setting", lambda t: (t.serial, "charge_power", ["45"]), "by a list"),
        case("update_tlx_inverter_setting", lambda t: (t.serial, "charge_power", {"param1": 35}), "by name"),
        case("update_tlx_inverter_time_segment", lambda t: (t.serial, 2, 1, time(1), time(4, 30), True)),
        case("tlx_all_settings", named="after all"),
        case("update_tlx_inverter_time_segment", lambda t: (t.serial, 2, 7, time(1), time(4), True), "refused"),
    ),
    "storage": (
        case("storage_detail"),
        case("storage_params"),
        case("storage_energy_overview", lambda t: (t.plant, t.serial)),
        case("storage_energy_overview", lambda t: (t.plant, FOREIGN), "of no storage"),
    ),
    "inverter": (
        case("inverter_data", lambda t: (t.serial, WALL)),
        case("inverter_detail"),
        case("inverter_detail_two"),
        case("classic_inverter_info"),
        case("classic_inverter_info", lambda _: (FOREIGN,), "of no inverter"),
        case("set_classic_inverter_active_power_rate", lambda t: (t.serial, 80)),
        case("set_classic_inverter_on_off", lambda t: (t.serial, True)),
        case("update_classic_inverter_setting", lambda t: (
            {"action": "inverterSet", "serialNum": t.serial},
            {"paramId": "pv_active_p_rate", "command_1": "170", "command_2": ""},
        )),
        case("classic_inverter_info", named="after all"),
    ),
    "max": (case("inverter_detail", named="of a MAX"),),
    "spa": (
        case("device_list", lambda t: (t.plant,)),
        case("update_ac_inverter_setting", lambda t: (t.serial, "pv_active_p_rate", ["70"])),
    ),
    "noah": (
        case("is_plant_noah_system", lambda t: (t.plant,)),
        case("noah_system_status"),
        case("noah_info"),
        case("update_noah_settings", lambda t: (t.serial, "default_charge_discharge_power", ["300"]), "by a list"),
        case("noah_info", named="after it"),
        case("update_noah_settings", lambda t: (t.serial, "default_charge_discharge_power", {"param1": 200})),
    ),
}  # fmt: skip
OF_TOKENS: dict[str, tuple[Case, ...]] = {
    "tlx": (
        case("get_url", lambda _: ("page",)),
        case("plant_list", lambda _: ()),
        *map(by_plant, ("plant_details", "plant_energy_overview", "device_list")),
        case("plant_details", lambda _: (1,), "of no plant"),
        case("plant_power_overview", lambda t: (t.plant, DAY)),
        case("plant_energy_history", lambda t: (t.plant, DAY, DAY)),
        case("plant_energy_history", lambda t: (t.plant, DAY, None, "month", 1, 10), "by month"),
        *map(case, ("min_detail", "min_energy", "min_settings", "min_read_time_segments")),
        case("min_energy", lambda _: (FOREIGN,), "of no MIN"),
        case("min_energy_history", lambda t: (t.serial, DAY, DAY, None, 2, 5)),
        case("min_energy_history", lambda t: (t.serial, date(2026, 6, 1), DAY), "of weeks"),
        case("min_read_parameter", lambda t: (t.serial, "charge_power")),
        case("min_read_parameter", lambda t: (t.serial, None, 3), "by address"),
        case("min_read_parameter", lambda t: (t.serial, None), "of nothing"),
        case("min_read_parameter", lambda t: (t.serial, "charge_power", 3), "of both"),
        case("min_write_parameter", lambda t: (t.serial, "charge_power", 80)),
        case("min_write_parameter", lambda t: (t.serial, "charge_power", ["70"]), "by a list"),
        case("min_write_parameter", lambda t: (t.serial, "charge_power", {"1": 60}), "by place"),
        case("min_write_parameter", lambda t: (t.serial, "charge_power", 180), "out of range"),
        case("min_write_parameter", lambda t: (t.serial, "nothing", 1), "of no type"),
        case("min_write_time_segment", lambda t: (t.serial, 3, 1, time(13, 30), time(15))),
        case("min_write_time_segment", lambda t: (t.serial, 1, 0, time(15), time(13)), "backwards"),
        case("min_write_time_segment", lambda t: (t.serial, 10, 0, time(15), time(16)), "10"),
        case("min_read_time_segments", named="after it"),
        case("min_read_time_segments", lambda t: (t.serial, {"time1Mode": "null"}), "of nothing"),
        case("process_response", lambda _: ({"error_code": 0, "data": 7},)),
        case("process_response", lambda _: ({"error_code": 10001, "error_msg": "x"}, "all"), "of a failure"),
        case("get_device", lambda t: (t.serial, 3), "of no class"),
    ),
    "mix": (
        *map(case, ("sph_detail", "sph_energy")),
        case("sph_energy_history", lambda t: (t.serial, DAY)),
        case("sph_read_parameter", lambda t: (t.serial, "pv_active_p_rate")),
        case("sph_read_parameter", lambda t: (t.serial, None, 3, 4), "by address"),
        case("sph_write_parameter", lambda t: (t.serial, "pv_active_p_rate", 70)),
        case("sph_write_ac_charge_times", lambda t: (t.serial, 80, 95, True, [NIGHT, NEVER, NEVER])),
        case("sph_write_ac_discharge_times", lambda t: (t.serial, 60, 20, [NEVER, NIGHT, NEVER])),
        case("sph_write_ac_charge_times", lambda t: (t.serial, 180, 95, True, [NIGHT]), "out of range"),
        case("sph_read_ac_charge_times"),
        case("sph_read_ac_discharge_times"),
        case("sph_read_ac_charge_times", lambda t: (t.serial, {}), "of nothing"),
        case("sph_read_ac_discharge_times", lambda t: (t.serial, {}), "of nothing"),
    ),
}
NOT_WALKED = {"login": "below, with its refusals"}
NO_SPAN = "what is no Timespan is a ValueError and AssertionError: Python 3.11 makes it a TypeError"
NULL = "an obj that is null is {}: 1.7.1 and 2.2.0 give None, or fail in the middle of it"
DIFFERENCES: dict[tuple[str, str], dict[str, str]] = {
    ("1.2.3", "mix"): {
        "plant_list of nobody": "no plants are []: 1.2.3 raises KeyError",
        "plant_detail of no plant": "nothing is {}: 1.2.3 raises KeyError",
        "mix_info of no MIX": "nothing is {}: 1.2.3 gives None",
    },
    ("1.2.3", "storage"): {"storage_energy_overview of no storage": "nothing is {}: 1.2.3 gives None"},
    **{
        (number, profile): dict.fromkeys(cases, NULL)
        for number in ("1.7.1", "2.2.0")
        for profile, cases in {
            "mix": ("mix_info of no MIX", "tlx_all_settings of a MIX", "tlx_battery_info of a MIX"),
            "tlx": ("tlx_battery_info", "tlx_enabled_settings", "tlx_energy_prod_cons"),
            "storage": ("storage_energy_overview of no storage",),
        }.items()
    },
}
"""By version and profile: the cases with other results, and why."""
if sys.version_info < (3, 12):
    for older in ("1.2.3", "1.7.1"):
        DIFFERENCES[older, "mix"]["plant_detail without a Timespan"] = NO_SPAN
TOKEN_DIFFERENCES = {("1.7.1", "tlx"): {"get_url": "as in 2.2.0 it is that of the OpenAPI; in 1.7.1 that is private"}}


def outcome(api: Any, one: Case, told: Told) -> Any:
    """What a call gives, or the exception that it raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return getattr(api, one.method)(*one.arguments(told))
        except Exception as error:  # noqa: BLE001, whatever the original raises
            return error


def is_same(theirs: Any, own: Any) -> bool:
    """Ours is the same result, or caught as the same exception with the same code."""
    if not isinstance(theirs, Exception):
        return bool(type(own) is type(theirs) and own == theirs)
    kinds = {kind.__name__ for kind in type(own).__mro__}
    codes = [(getattr(one, "error_code", None), getattr(one, "error_msg", None)) for one in (theirs, own)]
    return type(theirs).__name__ in kinds and codes[0] == codes[1]


@pytest.fixture(params=VERSIONS)
def number(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def theirs(number: str) -> Iterator[Any]:
    with library(number) as found:
        yield found
    # The originals leave sockets to the collector, which would complain in whichever test it runs next.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def walk(cases: tuple[Case, ...], pairs: list[tuple[Any, Told]], clock: ManualClock) -> dict[str, Any]:
    """What differs, by case; a method that a version does not have is left out."""
    found: dict[str, Any] = {}
    for one in cases:
        if not hasattr(pairs[0][0], one.method):
            continue
        results = [outcome(api, one, told) for api, told in pairs]
        if one.method == "get_url":
            results = [url.partition("//")[2].partition("/")[2] for url in results]
        if not is_same(*results):
            found[str(one)] = results
        blocking.run(clock.advance(INTERVAL))
    return found


def check(found: dict[str, Any], known: dict[str, str]) -> None:
    assert {name: results for name, results in found.items() if name not in known} == {}
    assert known.keys() == found.keys()


@pytest.mark.parametrize("profile", OF)
def test_an_account_with_a_password(number: str, theirs: Any, profile: str, start: Start, clock: ManualClock) -> None:
    pairs = []
    for module, more in ((theirs, {}), (ours, {"clock": clock})):
        told = start(GrowattSimulator, profile=profile).announcement()
        api = module.GrowattApi(**more)
        api.server_url = told["base_url"]
        back = api.login(told["username"], told["password"])
        pairs.append((api, Told(module, told["serial"], back["data"][0]["plantId"], str(back["userId"]))))
    found = walk(OF[profile], pairs, clock)
    check(found, DIFFERENCES.get((number, profile), {}))


@pytest.mark.parametrize("number", ["1.7.1", "2.2.0"])
@pytest.mark.parametrize("profile", OF_TOKENS)
def test_an_account_with_a_token(number: str, theirs: Any, profile: str, start: Start, clock: ManualClock) -> None:
    pairs = []
    for module, more in ((theirs, {}), (ours, {"clock": clock})):
        simulator = start(GrowattSimulator, profile=profile)
        told = simulator.announcement()
        api = module.OpenApiV1(told["token"], **more)
        api.api_url = f"{told['base_url']}v1/"
        pairs.append((api, Told(module, told["serial"], simulator.account.plant_id, "")))
    found = walk(OF_TOKENS[profile], pairs, clock)
    check(found, TOKEN_DIFFERENCES.get((number, profile), {}))


def test_every_method_is_walked(theirs: Any) -> None:
    for kind, cases in {"GrowattApi": OF, "OpenApiV1": OF_TOKENS}.items():
        if hasattr(theirs, kind):
            own = vars(getattr(theirs, kind))
            methods = {name for name, value in own.items() if inspect.isfunction(value) and not name.startswith("_")}
            walked = {one.method for of_profile in cases.values() for one in of_profile}
            assert methods - walked == NOT_WALKED.keys() & methods
