"""Settings at the portal: planned, bounded, written, read back and taken back."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import LockedOut, NotSupported, OutOfBounds, TransportError, UsageError
from heliobus.model.command import SetReserve, Status
from heliobus.senec.control.portal import PortalSetting

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    Portals = Callable[..., AbstractAsyncContextManager[Any]]

SG = "modeChangeDelayInMinutes"
COMMANDS = [
    SetReserve(soc=35.0),
    PortalSetting(
        name="peak_shaving",
        values={
            "peakShavingMode": "MANUAL",
            "peakShavingCapacityLimitInPercent": 40,
            "peakShavingLocalEndTime": [14, 30],
        },
    ),
    PortalSetting(name="peak_shaving", values={"peakShavingMode": "AUTO"}),
    PortalSetting(name="sg_ready", values={"enabled": True, SG: 30}),
    PortalSetting(name="socket", socket=2, values={"einschaltschwelleInWatt": 1500, "einschaltzeit": [9, 15]}),
]


def state(cloud: Any) -> tuple[Any, ...]:
    plant = cloud.simulator.plants[0]
    return plant.reserve, dict(plant.peak), dict(plant.sg_ready), [dict(one) for one in plant.sockets]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: getattr(command, "name", "reserve"))
async def test_a_setting_is_planned_written_read_back_and_undone(portal: Portals, command: Any) -> None:
    async with portal() as cloud, cloud.client() as client:
        before = state(cloud)
        planned = await client.execute(command, dry_run=True)
        assert planned.status is Status.PLANNED
        assert planned.sent[0].startswith("POST http://")
        assert (cloud.simulator.requests, state(cloud)) == ([], before)
        done = await client.execute(command)
        assert done.status is Status.APPLIED, done.note
        assert done.read_back == done.requested
        assert state(cloud) != before
        again = await client.execute(command)
        assert (again.status, again.sent, again.undo) == (Status.APPLIED, (), None)
        assert done.undo is not None
        undone = await client.execute(done.undo)
        assert undone.status is Status.APPLIED
        assert state(cloud) == before
        assert cloud.simulator.plants[2].reserve == 20  # the neighbour's


async def test_the_methods_set_what_they_are_named_after(portal: Portals) -> None:
    async with portal() as cloud, cloud.client() as client:
        await client.set_peak_shaving(mode="manual", capacity_limit=25, end=time(17, 45))
        await client.set_sg_ready(shutdown_level=150)
        await client.set_socket(1, mode="MANUAL", on_time=time(6, 5))
        peak = await client.peak_shaving(0)
        assert (peak.mode, peak.capacity_limit, peak.end) == ("MANUAL", 25.0, (17.0, 45.0))
        assert (await client.sg_ready(0)).shutdown_level == 150.0
        first, second = await client.sockets(0)
        assert (first.mode, first.on_time, second.mode) == ("MANUAL", (6.0, 5.0), "AUTOMATIC")


@pytest.mark.parametrize(
    ("command", "error"),
    [
        (SetReserve(soc=101.0), OutOfBounds),
        (SetReserve(soc=-1.0), OutOfBounds),
        (SetReserve(soc=float("nan")), OutOfBounds),
        (SetReserve(soc=20.5), OutOfBounds),
        (PortalSetting(name="peak_shaving", values={"peakShavingCapacityLimitInPercent": 101}), OutOfBounds),
        (PortalSetting(name="peak_shaving", values={"peakShavingLocalEndTime": [24, 0]}), OutOfBounds),
        (PortalSetting(name="peak_shaving", values={"peakShavingMode": "NO"}), UsageError),
        (PortalSetting(name="sg_ready", values={SG: -1}), OutOfBounds),
        (PortalSetting(name="sg_ready", values={"enabled": 1}), UsageError),
        (PortalSetting(name="sg_ready", values={"other": 1}), UsageError),
        (PortalSetting(name="sg_ready", values={}), UsageError),
        (PortalSetting(name="socket", values={"mode": "X"}), UsageError),
        (PortalSetting(name="socket", socket=1, values={"mode": "x y"}), UsageError),
        (PortalSetting(name="roof", values={"mode": "X"}), UsageError),
    ],
)
async def test_what_no_plant_takes_leaves_no_byte(portal: Portals, command: Any, error: type[Exception]) -> None:
    async with portal() as cloud, cloud.client() as client:
        for dry_run in (True, False):
            with pytest.raises(error):
                await client.execute(command, dry_run=dry_run)
        assert cloud.simulator.requests == []


async def test_a_socket_that_is_not_there_is_not_written(portal: Portals) -> None:
    async with portal() as cloud, cloud.client() as client:
        with pytest.raises(UsageError, match="no socket 9") as error:
            await client.set_socket(9, mode="MANUAL")
        assert "1, 2" in error.value.remedy
        assert cloud.asked("set_sockets") == 0


@pytest.mark.parametrize("fault", ["portal-refuses", "portal-refuses-inside"])
async def test_a_refusal_is_told_in_the_portals_words(portal: Portals, fault: str) -> None:
    async with portal(fault) as cloud, cloud.client() as client:
        done = await client.execute(SetReserve(soc=35.0))
        assert (done.status, done.undo) == (Status.REJECTED, None)
        assert "SETTING_NOT_ALLOWED" in (done.note or "")
        assert cloud.asked("set_reserve") == 1


async def test_what_has_no_effect_is_only_accepted(portal: Portals) -> None:
    async with portal("portal-deaf") as cloud, cloud.client() as client:
        done = await client.execute(SetReserve(soc=35.0))
        assert done.status is Status.ACCEPTED
        assert done.read_back == {"reserve-in-percent": 0}
        assert done.undo == SetReserve(soc=0)


async def test_a_lost_answer_is_made_up_for_by_reading(portal: Portals) -> None:
    async with portal("portal-cut") as cloud, cloud.client() as client:
        done = await client.execute(SetReserve(soc=35.0))
        assert (done.status, done.undo, done.note) == (Status.APPLIED, SetReserve(soc=0), None)
        assert cloud.asked("set_reserve") == 1
        assert cloud.simulator.plants[0].reserve == 35


async def test_an_answer_that_stays_lost_is_told(portal: Portals) -> None:
    async with portal("portal-cut", "portal-deaf") as cloud, cloud.client() as client:
        done = await client.execute(SetReserve(soc=35.0))
        assert (done.status, done.read_back) == (Status.UNKNOWN, {"reserve-in-percent": 0})
        assert done.note


async def test_a_plant_without_it_is_told_so_before_anything_is_written(portal: Portals) -> None:
    async with portal("portal-bare") as cloud, cloud.client() as client:
        with pytest.raises(NotSupported):
            await client.set_sg_ready(enabled=True)
        assert cloud.asked("set_sg_ready") == 0


async def test_the_plant_is_made_sure_of_before_a_write(portal: Portals) -> None:
    async with portal() as cloud, cloud.client() as client:
        await client.read()
        cloud.simulator.faults = ("portal-shifted",)
        assert (await client.execute(SetReserve(soc=35.0))).status is Status.APPLIED
        assert [one.reserve for one in cloud.simulator.plants] == [35, 0, 20]


async def test_a_session_that_ended_before_a_write_is_renewed_and_it_is_written_once(portal: Portals) -> None:
    async with portal() as cloud, cloud.client() as client:
        await client.read()
        cloud.simulator.expire()
        assert (await client.execute(SetReserve(soc=35.0))).status is Status.APPLIED
        assert cloud.asked("set_reserve") == 1
        cloud.simulator.faults = ("portal-page",)
        with pytest.raises((LockedOut, TransportError)):
            await client.execute(SetReserve(soc=40.0))
        assert cloud.simulator.plants[0].reserve == 35
