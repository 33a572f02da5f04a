from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.e3dc.protocol import tags

from .conftest import in_container

if TYPE_CHECKING:
    from .conftest import Start


async def test_the_controller_names_its_members(start: Start) -> None:
    bench = await start(profile="farm")
    link = await bench.log_in()
    members = (await link.one("FARM_REQ_CONNECTED_DEVICES")).children
    serials = [number.text for member in members if (number := member.get(tags.FARM_PARAM_SERIALNO))]
    assert serials[0] == bench.simulator.device.serial != serials[1]
    now = bench.simulator.plant.at(bench.clock.now())
    assert (await link.one("EMS_REQ_POWER_GRID")).number == round(now.grid)
    assert (await link.one("WB_REQ_DATA")).error is not None  # wallboxes stay with the members


async def test_the_master_is_a_member_on_its_own_port(start: Start) -> None:
    bench = await start(profile="farm")
    told = bench.simulator.announcement()
    assert told["member_port"] != told["port"]
    member = await bench.connect(port=told["member_port"])
    await member.log_in(told["username"], told["password"])
    assert (await member.one("EMS_REQ_IP_REMOTE_CONTROL")).value == told["host"]
    assert (await member.one("FARM_REQ_CONNECTED_DEVICES")).error is not None
    (soc,) = await in_container(member, "BAT", 5, 1, "BAT_REQ_RSOC")
    assert soc.number is not None


async def test_a_single_system_has_no_master(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    assert (await link.one("EMS_REQ_IP_REMOTE_CONTROL")).value == "0.0.0.0"
    assert "member_port" not in bench.simulator.announcement()
