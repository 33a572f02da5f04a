from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import LockedOut, NotSupported, Unreachable
from heliobus.model.command import Charge, Status
from heliobus.service.config import ControlConfig
from heliobus.web import orders
from heliobus.web.control import APPLY, HOLDS_S, PLAN
from tests.service.scripted import DEVICES, NOON, Script
from tests.web.conftest import config, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from heliobus.simulation.clock import ManualClock
    from tests.service.conftest import MakeDevice
    from tests.web.conftest import Answer, House

JSON = "Content-Type: application/json"
CHARGE: dict[str, Any] = {"system": "roof", "command": {"kind": "Charge", "power": 2000.0, "lease_s": 600.0}}


@pytest.fixture
async def house(clock: ManualClock, device: MakeDevice, tmp_path: Path) -> AsyncIterator[House]:
    device("roof")
    async with serving(config(tmp_path, "roof", control=ControlConfig(enabled=True)), clock) as opened:
        yield opened


def roof() -> Script:
    """The device behind the house that a test has opened."""
    return DEVICES["roof"]


async def post(house: House, path: str, document: Any, *headers: str) -> Answer:
    return await house.ask(path, method="POST", headers=(JSON, *headers), body=json.dumps(document).encode())


async def planned(house: House, document: Any = None) -> str:
    answer = await post(house, PLAN, document or CHARGE)
    assert answer.status == 200, answer.text
    orders.Planned.model_validate_json(answer.body, strict=True)
    return str(answer.json["plan"])


async def test_what_may_be_asked_stands_there_with_its_bounds(house: House) -> None:
    answer = await house.ask("/api/v1/control")
    told = orders.Control.model_validate_json(answer.body, strict=True)
    assert told.enabled
    assert told.systems["roof"].commands["Charge"].arguments["power"].high == 5000
    assert told.systems["roof"].in_force == []


async def test_a_plan_sends_nothing_and_holds_once(house: House) -> None:
    number = await planned(house)
    assert roof().executed == []
    answer = await post(house, APPLY, {"plan": number})
    applied = orders.Applied.model_validate_json(answer.body, strict=True)
    assert (applied.outcome.status, applied.outcome.command) == ("applied", CHARGE["command"])
    assert [type(one) for one in roof().executed] == [Charge]
    assert (await house.ask("/api/v1/control")).json["systems"]["roof"]["in_force"] == [CHARGE["command"]]
    again = await post(house, APPLY, {"plan": number})
    assert (again.status, len(roof().executed)) == (400, 1)


async def test_an_old_plan_is_not_applied(house: House) -> None:
    number = await planned(house)
    await house.clock.advance(HOLDS_S)
    answer = await post(house, APPLY, {"plan": number})
    assert (answer.status, answer.json["remedy"]) == (400, "Plan the command again.")
    assert roof().executed == []


async def test_without_the_switch_in_the_file_nothing_is_applied(
    clock: ManualClock, device: MakeDevice, tmp_path: Path
) -> None:
    device("roof")
    async with serving(config(tmp_path, "roof"), clock) as house:
        assert (await house.ask("/api/v1/control")).json["enabled"] is False
        answer = await post(house, APPLY, {"plan": await planned(house)})
        assert (answer.status, answer.json["error"]) == (403, "control is switched off")
    assert roof().executed == []


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ({"kind": "Explode"}, 400),
        ({}, 400),
        ({"kind": "Charge", "power": "2000"}, 400),
        ({"kind": "Charge", "power": True}, 400),
        ({"kind": "Charge", "colour": 1}, 400),
        ({"kind": "Charge", "power": 2000, "lease_s": 1e12}, 403),
        ({"kind": "Charge", "power": 5001}, 403),
        ({"kind": "WallboxLimit", "id": "1", "current": 6}, 400),
        ({"kind": "SetSwitch", "id": "1", "on": 1}, 400),
    ],
)
async def test_a_bad_command_is_refused_in_the_plan(house: House, command: dict[str, Any], status: int) -> None:
    answer = await post(house, PLAN, {"system": "roof", "command": command})
    assert answer.status == status, answer.text
    assert answer.json["remedy"]


async def test_an_unknown_system_is_told(house: House) -> None:
    answer = await post(house, PLAN, {**CHARGE, "system": "rooof"})
    assert (answer.status, "did you mean 'roof'" in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Unreachable("no"), 502),
        (LockedOut("busy", until=NOON), 429),
        (NotSupported("not this one"), 400),
    ],
)
async def test_what_the_device_says_has_its_status(house: House, error: Exception, status: int) -> None:
    number = await planned(house)
    roof().outcomes.clear()
    roof().outcomes.append(error)
    assert (await post(house, APPLY, {"plan": number})).status == status


async def test_a_page_of_another_site_changes_nothing(house: House) -> None:
    number = await planned(house)
    for header in ("Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: http://evil.example"):
        assert (await post(house, APPLY, {"plan": number}, header)).status == 403
    form = await house.ask(APPLY, method="POST", headers=("Content-Type: text/plain",), body=b'{"plan": "x"}')
    assert form.status == 415
    long = await house.ask(APPLY, method="POST", headers=(JSON,), body=b" " * 5000)
    assert long.status == 413
    none = await house.ask(APPLY, method="POST", headers=(JSON,))
    assert none.status == 413
    hidden = await house.ask(APPLY, method="POST", headers=(JSON, "Transfer-Encoding: chunked"), body=b"0\r\n\r\n")
    assert hidden.status == 413, "a length beside chunks says nothing about them"
    assert roof().executed == []
    for header in ("Sec-Fetch-Site: same-origin", "Origin: http://localhost"):
        number = await planned(house)
        answer = await post(house, PLAN, CHARGE, header)
        assert answer.status == 200


async def test_only_the_named_addresses_take_post(house: House) -> None:
    for path in ("/api/v1/control", "/api/v1/now", "/api/v1/control/apply/", "/api/v1//control/apply"):
        assert (await post(house, path, CHARGE)).status == 405
    assert (await house.ask(APPLY)).status == 405


async def test_the_applied_command_is_in_the_audit(house: House) -> None:
    async with house.service.hub.subscribe(keep="all") as seen:
        await post(house, APPLY, {"plan": await planned(house)})
        texts = [one.text for one in seen.take() if hasattr(one, "text")]
    assert any(f"from page: {Status.APPLIED}" in text for text in texts)
