from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from heliobus.web import schemas
from heliobus.web.demo import FAULTS
from tests.service.scripted import NOON
from tests.web.conftest import config, serving
from tests.web.playground import Ground

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path
    from typing import Any

    from heliobus.simulation.clock import ManualClock
    from tests.service.conftest import MakeDevice
    from tests.web.conftest import Answer, House


@pytest.fixture
async def demo(clock: ManualClock, device: MakeDevice, tmp_path: Path) -> AsyncIterator[House]:
    device("roof")
    async with serving(config(tmp_path, "roof"), clock, playground=Ground()) as opened:
        yield opened


async def switch(house: House, document: Any, *headers: str) -> Answer:
    body = json.dumps(document).encode()
    return await house.ask(FAULTS, method="POST", headers=("Content-Type: application/json", *headers), body=body)


async def test_a_fault_is_switched_on_and_off(demo: House) -> None:
    listed = schemas.Demo.model_validate_json((await demo.ask("/api/v1/demo")).body, strict=True)
    assert listed.speed == 60
    assert [one.active for one in listed.faults] == [False, False]
    begun = schemas.Demo.model_validate_json((await switch(demo, {"name": "roof:odd", "on": True})).body)
    assert [(one.active, one.since) for one in begun.faults] == [(False, None), (True, NOON)]
    ended = schemas.Demo.model_validate_json((await switch(demo, {"name": "roof:odd", "on": False})).body)
    assert [(one.active, one.recovered_s) for one in ended.faults] == [(False, None), (False, 42.0)]


@pytest.mark.parametrize(
    ("document", "status"),
    [({"name": "no such", "on": True}, 400), ({"name": "roof:odd"}, 422), ([], 422)],
)
async def test_what_is_no_switch_is_told(demo: House, document: Any, status: int) -> None:
    answer = await switch(demo, document)
    assert answer.status == status
    assert answer.json["remedy"]


async def test_another_page_switches_nothing(demo: House) -> None:
    document = {"name": "roof:odd", "on": True}
    assert (await switch(demo, document, "Sec-Fetch-Site: cross-site")).status == 403
    assert not any(one["active"] for one in (await demo.ask("/api/v1/demo")).json["faults"])


async def test_every_page_says_that_nothing_is_real(demo: House) -> None:
    about = schemas.About.model_validate_json((await demo.ask("/api/v1/about")).body, strict=True)
    assert about.simulated == schemas.Simulated(speed=60.0)
    for path in ("/plain", "/plain?d=2026-06-21"):
        assert "Simulated houses: nothing here is real" in (await demo.ask(path)).text


async def test_a_real_service_has_no_switches(house: House) -> None:
    assert (await house.ask("/api/v1/demo")).status == 404
    assert (await house.ask("/api/v1/about")).json["simulated"] is None
    assert "Simulated" not in (await house.ask("/plain")).text
    assert (await switch(house, {"name": "roof:odd", "on": True})).status == 405
