"""Every recorded answer to the app's calls, served on a socket and read by the real client, without a loss."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import AuthenticationError, LockedOut, NotSupported, TransportError
from tests.growatt.models.test_captures import RECORDED, load
from tests.growatt.replay import Replay, replay

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from heliobus.errors import Error
    from heliobus.growatt.client import AsyncClient
    from heliobus.growatt.client.calls.shine import ShineCalls

LOGIN = {"back": {"success": True, "msg": "", "user": {"id": 7, "rightlevel": 1}}}
DAY = date(2026, 6, 1)
# By the name of the call.  What the portal recorded of a hybrid and of an SPF stands for what the app's call brings.
ASK: dict[str, Callable[[ShineCalls], Awaitable[Any]]] = {
    "plants": lambda calls: calls.plants(),
    "plant_history": lambda calls: calls.plant_history("1", day=DAY, span="month"),
    "plant_devices": lambda calls: calls.plant_devices("1"),
    "plant_energies": lambda calls: calls.plant_energies("1"),
    "storage_params": lambda calls: calls.storage_params("S"),
    "storage_totals": lambda calls: calls.storage_totals("S", plant_id="1"),
    "mix_status": lambda calls: calls.mix_status("M", plant_id="1"),
    "mix_totals": lambda calls: calls.mix_totals("M", plant_id="1"),
}
# Recorded errors: what the client makes of each.
ERRORS: dict[str, type[Error]] = {
    "login_locked_507_full": LockedOut,
    "login_locked_507_short": LockedOut,
    "login_v2_missing_fields_501": TransportError,
    "login_wrong_password_502": AuthenticationError,
    "obj_null_504_wrong_device": NotSupported,
}


def payload(shared: Path, name: str) -> Any:
    return json.loads((shared / f"captures/growatt/{name}.json").read_text("utf-8"))["payload"]


def client_of(one: Replay) -> AsyncClient:
    one.answers = {"newTwoLoginAPI.do": LOGIN}
    return one.client(token=None, username="me", password="secret")


@pytest.mark.parametrize("name", RECORDED)
async def test_a_recording_is_read(shared: Path, name: str) -> None:
    async with replay() as one, client_of(one) as client:
        one.answer = payload(shared, f"legacy/{name}")
        assert await ASK[RECORDED[name][0]](client.shine) == load(shared, name)


@pytest.mark.parametrize("name", ERRORS)
async def test_a_recorded_error_is_told(shared: Path, name: str) -> None:
    async with replay() as one, client_of(one) as client:
        one.answer = payload(shared, f"errors/{name}")
        if name.startswith("login"):
            one.answers = {}
        with pytest.raises(ERRORS[name]):
            await client.shine.mix_totals("M", plant_id="1")


@pytest.mark.parametrize("name", ["html_200_login_page", "html_500_nologin"])
async def test_a_recorded_page_is_a_dead_session(shared: Path, name: str) -> None:
    """One new login; if that does not help, an error."""
    async with replay() as one, client_of(one) as client:
        one.answer = (shared / f"captures/growatt/errors/{name}.html").read_bytes()
        with pytest.raises(TransportError, match="session"):
            await client.shine.plant_settings("1")
        assert [asked.name for asked in one.asked] == ["newTwoLoginAPI.do", "newPlantAPI.do"] * 2
