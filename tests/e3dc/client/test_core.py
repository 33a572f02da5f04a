from __future__ import annotations

import inspect
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from heliobus.e3dc import AsyncClient, Client
from heliobus.e3dc.protocol import ErrorCode, Item, tags
from heliobus.errors import LockedOut, NotSupported, Refused, UsageError
from heliobus.model.quality import Quality
from heliobus.simulation.clock import FrozenClock

from .conftest import NOON

if TYPE_CHECKING:
    from .conftest import Start

POLL = [
    "INFO_REQ_UTC_TIME",
    *(f"EMS_REQ_{name}" for name in ("BAT_SOC", "POWER_PV", "POWER_ADD", "POWER_BAT", "POWER_HOME", "POWER_GRID")),
    *(f"EMS_REQ_{name}" for name in ("POWER_WB_ALL", "SELF_CONSUMPTION", "AUTARKY")),
]


# -- query


async def test_the_ten_values_of_a_poll_in_one_round_trip(start: Start) -> None:
    site = await start()
    client = await site.client(relayed=True)
    await client.query([])
    items = await client.query(POLL)
    assert [item.tag & ~0x00800000 for item in items] == [tags.code(name) for name in POLL]
    assert None not in [item.value for item in items]
    assert site.relay.frames == 1 + 1  # the login


async def test_any_form_of_a_request(start: Start) -> None:
    client = await (await start()).client()
    by_name = await client.query(["EMS_REQ_POWER_PV", "ems_req_power_pv", ("EMS_REQ_POWER_PV", None)])
    by_number = await client.query([0x01000001, "0x01000001", Item(0x01000001)])
    assert len({item.value for item in by_name + by_number}) == 1


async def test_containers(start: Start) -> None:
    client = await (await start()).client()
    (data,) = await client.query([("BAT_REQ_DATA", {"BAT_INDEX": 0, "BAT_REQ_RSOC": None, "BAT_REQ_DCB_COUNT": None})])
    assert [tags.name(child.tag) for child in data.children] == ["BAT_INDEX", "BAT_RSOC", "BAT_DCB_COUNT"]
    day = {
        "DB_REQ_HISTORY_TIME_START": NOON - timedelta(hours=6),
        "DB_REQ_HISTORY_TIME_INTERVAL": timedelta(hours=1),
        "DB_REQ_HISTORY_TIME_SPAN": 3600,
    }
    (history,) = await client.query([("DB_REQ_HISTORY_DATA_DAY", day)])
    assert history.get(tags.DB_SUM_CONTAINER) is not None


async def test_an_error_stands_for_its_own_value_only(start: Start) -> None:
    client = await (await start()).client()
    pv, unknown, platform, home = await client.query(
        ["EMS_REQ_POWER_PV", "DB_REQ_PVI_DIAL_RECORDINGS", "INFO_REQ_PLATFORM_TYPE", "EMS_REQ_POWER_HOME"]
    )
    assert pv.number is not None
    assert home.number is not None
    assert unknown.error is not None
    assert platform.error == (ErrorCode.ACCESS_DENIED,)


@pytest.mark.parametrize(
    "asked",
    [
        "EMS_REQ_SET_POWER",
        "EMS_REQ_EMERGENCY_POWER_RETRY",
        "SYS_REQ_SYSTEM_REBOOT",
        ("WB_REQ_DATA", {"WB_INDEX": 0, "WB_REQ_SET_ABORT_CHARGING": True}),
        0x01ABCDEF,
        "RSCP_REQ_AUTHENTICATION",
    ],
)
async def test_what_may_act_is_refused_and_nothing_is_sent(start: Start, asked: object) -> None:
    site = await start()
    client = await site.client(relayed=True)
    with pytest.raises(Refused, match=r"act\(\)|may change"):
        await client.query(["EMS_REQ_POWER_PV", asked])  # type: ignore[list-item]
    assert site.relay.connections == 0


async def test_act_sends_what_it_is_given(start: Start) -> None:
    site = await start()
    client = await site.client()
    (answer,) = await client.act(["EMS_REQ_EMERGENCY_POWER_RETRY"])
    assert answer.tag == tags.EMS_EMERGENCY_POWER_RETRY
    (unknown,) = await client.act([0x01ABCDEF])
    assert unknown.error == (ErrorCode.UNKNOWN_TAG,)


async def test_names_that_do_not_exist(start: Start) -> None:
    client = await (await start()).client()
    with pytest.raises(UsageError, match="EMS_REQ_POWER_PVV"):
        await client.query(["EMS_REQ_POWER_PVV"])


async def test_requests_that_no_frame_holds_are_asked_in_several(start: Start) -> None:
    site = await start()
    client = await site.client(relayed=True)
    items = await client.query(["INFO_REQ_SERIAL_NUMBER"] * 4000)  # the answers are longer than a frame
    assert len(items) == 4000
    assert {item.value for item in items} == {site.told["serial"]}
    assert site.relay.frames > 2


# -- snapshots


async def test_a_live_poll_is_one_round_trip_from_the_first_on(start: Start) -> None:
    site = await start(profile="s10e-pro")
    client = await site.client(relayed=True)
    first = await client.read()
    assert site.relay.frames == 1 + 1
    second = await client.read()
    assert site.relay.frames == 1 + 2
    assert second == first


async def test_a_full_reading_takes_few(start: Start) -> None:
    site = await start(profile="s10e-pro")
    client = await site.client(relayed=True)
    await client.read(detail="full")
    assert site.relay.frames <= 1 + 3
    before = site.relay.frames
    await client.read(detail="full")
    assert site.relay.frames <= before + 2


async def test_times(start: Start) -> None:
    snapshot = await (await (await start()).client()).read()
    assert snapshot.device_time == NOON
    assert snapshot.received_at == NOON
    assert snapshot.source == "e3dc/rscp"


async def test_several_batteries_share_the_power(start: Start) -> None:
    site = await start(profile="s10e-pro")
    client = await site.client()
    for detail in ("live", "full"):
        snapshot = await client.read(detail=detail)
        assert [battery.id for battery in snapshot.batteries] == ["1", "2", "3"]
        assert snapshot.battery.power == pytest.approx(site.simulator.plant.at(NOON).battery, abs=0.5)
        assert snapshot.battery.soc == pytest.approx(site.simulator.plant.at(NOON).soc)
        assert snapshot.quality["batteries.2.power"] is Quality.DERIVED
        assert snapshot.residual == pytest.approx(0)


async def test_an_external_producer_is_part_of_the_production(start: Start) -> None:
    site = await start(profile="s10e-pro")
    snapshot = await (await site.client()).read(detail="full")
    true = site.simulator.plant.at(NOON)
    assert snapshot.pv.power == pytest.approx(true.pv, abs=1)
    assert snapshot.pv.external_power == pytest.approx(true.pv / 4, abs=1)
    assert sum(string.power or 0 for string in snapshot.pv.strings) == pytest.approx(true.pv * 3 / 4, abs=1)
    assert [string.id for string in snapshot.pv.strings] == ["1", "2-1"]
    (producer,) = snapshot.meters
    assert producer.role == "additional_production"
    assert producer.power == pytest.approx(true.pv / 4, abs=1)


@pytest.mark.parametrize("profile", ["s10e", "s10-mini", "quattroporte"])
async def test_the_meter_at_the_grid_wherever_it_sits(start: Start, profile: str) -> None:
    site = await start(profile=profile)
    snapshot = await (await site.client()).read(detail="full")
    true = site.simulator.plant.at(NOON)
    assert [phase.id for phase in snapshot.grid.phases] == ["L1", "L2", "L3"]
    for got, phase in zip(snapshot.grid.phases, true.grid_phases, strict=True):
        assert (got.power, got.voltage) == pytest.approx((phase.power, phase.voltage))


async def test_meters_with_gaps(start: Start) -> None:
    client = await (await start(faults=("pm-gaps",))).client()
    assert [meter.index for meter in await client.power_meters()] == [0, 1, 3, 6]
    assert [meter.id for meter in (await client.read(detail="full")).meters] == ["2", "4", "7"]


async def test_a_single_wallbox_at_1(start: Start) -> None:
    client = await (await start(faults=("wallbox-at-1",))).client()
    for _ in range(2):
        (box,) = (await client.read()).wallboxes
        assert (box.id, box.power, box.mode, box.current_limit) == ("2", 0.0, "sun", 16.0)


async def test_switches_keep_their_own_numbers(start: Start) -> None:
    snapshot = await (await (await start()).client()).read(detail="full")
    assert [(one.id, one.name, one.on) for one in snapshot.switches] == [
        ("1", "Pool", False),
        ("4", "Wärmepumpe", True),
        ("7", "Garten", False),
    ]


@pytest.mark.parametrize("fault", ["unknown-tags", "missing-values", "hv-batteries"])
async def test_what_a_firmware_adds_or_lacks_breaks_nothing(start: Start, fault: str) -> None:
    site = await start()
    right = await (await site.client()).read(detail="full")
    site.simulator.faults = (fault,)
    client = await site.client()
    got = await client.read(detail="full")
    assert (got.pv, got.grid, got.load) == (right.pv, right.grid, right.load)
    if fault == "hv-batteries":
        assert got.batteries[0].modules == ()
        assert "batteries.*.modules.*.soc" not in client.capabilities.fields
    assert not [path for path, quality in got.quality.items() if quality is Quality.MISSING]


async def test_without_any_power_there_is_no_snapshot(start: Start) -> None:
    site = await start()
    client = await site.client()
    site.simulator.faults = ("again",)
    for detail in ("live", "full"):
        with pytest.raises(LockedOut, match="powers"):
            await client.read(detail=detail)
    site.simulator.faults = ()
    assert (await client.read()).pv.power is not None


async def test_another_device_or_detail(start: Start) -> None:
    site = await start()
    client = await site.client()
    with pytest.raises(UsageError, match="detail"):
        await client.read(detail="some")
    with pytest.raises(UsageError, match="S10-1"):
        await client.read("S10-1")
    (device,) = await client.devices()
    assert (await client.read(device)).device == device
    assert (await client.read(device.id)).device == device


async def test_raw_is_ready_for_json(start: Start) -> None:
    client = await (await start(profile="s10e-pro")).client()
    for detail in ("live", "full"):
        told = json.loads(json.dumps(await client.raw(detail=detail), allow_nan=False))
        assert told["EMS_POWER_PV"] == (await client.query(["EMS_REQ_POWER_PV"]))[0].value
        assert len(told["BAT_DATA"]) >= 3


async def test_a_new_connection_asks_again_what_there_is(start: Start) -> None:
    site = await start()
    client = await site.client(relayed=True)
    for _ in range(2):
        assert [box.id for box in (await client.read()).wallboxes] == ["1"]
    assert len(await client.wallboxes()) == 1
    await site.relay.hang_up()
    site.simulator.faults = ("wallbox-at-1",)
    await client.read()  # over the connection that replaces the lost one, still with the old question
    assert [box.id for box in (await client.read()).wallboxes] == ["2"]
    assert [box.index for box in await client.wallboxes()] == [1]


# -- identity


@pytest.mark.parametrize(
    ("profile", "model"),
    [("s10e", "S10E"), ("s10-mini", "S10 Mini"), ("quattroporte", "Quattroporte"), ("s10e-pro", "S10E Pro")],
)
async def test_identity(start: Start, profile: str, model: str) -> None:
    site = await start(profile=profile)
    device = await (await site.client()).identify()
    assert (device.vendor, device.model, device.serial) == ("e3dc", model, site.told["serial"])
    assert device.firmware == "S10_2026_02"


async def test_a_farm(start: Start) -> None:
    site = await start(profile="farm")
    client = await site.client()
    master, member = await client.devices()
    assert (master.serial, master.name, member.name) == (site.told["serial"], "Haus", "Scheune")
    snapshot = await client.read(master)
    assert snapshot.residual == pytest.approx(0)
    with pytest.raises(NotSupported, match="member") as caught:
        await client.read(member)
    assert "own address" in caught.value.remedy
    alone = await site.client(port=site.told["member_port"])
    assert len(await alone.devices()) == 1


# -- the blocking twin


def test_both_clients_have_the_same_calls() -> None:
    def calls(client: type) -> dict[str, str]:
        found = inspect.getmembers(client, callable)
        return {name: str(inspect.signature(method)) for name, method in found if not name.startswith("_")}

    asynchronous, blocking = calls(AsyncClient), calls(Client)
    assert blocking.keys() == asynchronous.keys()
    for name in blocking.keys() - {"close", "portal"}:
        assert blocking[name] == asynchronous[name], name
        assert getattr(Client, name).__doc__ == getattr(AsyncClient, name).__doc__


async def test_the_blocking_client(start: Start) -> None:
    import asyncio

    site = await start()

    def use() -> object:
        with Client(site.told["host"], **site.address, clock=FrozenClock(NOON)) as client:
            assert client.query(["EMS_REQ_BAT_SOC"])[0].number is not None
            assert client.capabilities.commands
            return client.read()

    assert await asyncio.to_thread(use) == await (await site.client()).read()
