"""pye3dc 0.10.0 from PyPI reads the system through the simulated portal; only the portal's address is changed.

Its messages are those that the real portal took, so the simulator asks and answers as a known client expects.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.e3dc.simulator import PortalSimulator
from heliobus.simulation.clock import FrozenClock
from heliobus.simulation.plant import Plant, summer_noon
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

PLANT = Plant(11)
NOON = summer_noon(PLANT)


@pytest.fixture
async def simulator(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PortalSimulator]:
    web = pytest.importorskip("e3dc._e3dc_rscp_web", reason="the foreign client pye3dc is not installed")
    async with PortalSimulator(SimulationOptions(plant=PLANT, clock=FrozenClock(NOON))) as running:
        monkeypatch.setattr(web, "REMOTE_ADDRESS", running.announcement()["websocket_url"])
        monkeypatch.setattr(web.E3DC_RSCP_web, "TIMEOUT", 1)
        yield running


async def using(simulator: PortalSimulator, use: Callable[[Any], Any]) -> Any:
    """What ``use`` gives for a client of the portal, on a thread as its sockets block."""
    from e3dc import E3DC

    def work() -> Any:
        told = simulator.announcement()
        account = {"username": told["username"], "password": told["password"], "serialNumber": told["serial"]}
        # It means the opposite (python-e3dc#143).
        client: Any = E3DC(E3DC.CONNECT_WEB, isPasswordMd5=True, **account)
        try:
            return use(client)
        finally:
            client.disconnect()

    return await asyncio.to_thread(work)


async def test_a_poll_reads_the_truth(simulator: PortalSimulator) -> None:
    found = await using(simulator, lambda client: client.poll(keepAlive=True))
    flows = simulator.device.moment().flows
    assert found["production"] == {"solar": flows.pv, "add": -flows.add, "grid": flows.grid}
    assert found["consumption"] == {"battery": flows.battery, "house": flows.home, "wallbox": flows.wallbox}
    assert found["stateOfCharge"] == round(PLANT.at(NOON).soc)
    assert simulator.connections == 1


async def test_switches_are_read_and_set(simulator: PortalSimulator) -> None:
    def use(client: Any) -> Any:
        client.set_switch_onoff(1, "on", keepAlive=True)
        return client.poll_switches(keepAlive=True)

    found = await using(simulator, use)
    assert [switch["id"] for switch in found if switch["status"]] == [1, 4]
    assert simulator.device.switches[0].on


async def test_a_wrong_password(simulator: PortalSimulator) -> None:
    from e3dc._e3dc_rscp_web import E3DC_RSCP_web, RequestTimeoutError

    told = simulator.announcement()
    web: Any = E3DC_RSCP_web(told["username"], "wrong", told["serial"])
    with pytest.raises(RequestTimeoutError):  # it does not tell why
        await asyncio.to_thread(web.connect)
    assert simulator.connections == 1
