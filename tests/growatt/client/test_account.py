"""The guardian: one login, whatever ends a session or restarts the program, and no request that makes things worse."""

from __future__ import annotations

import asyncio
import json
import stat
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from heliobus.errors import (
    AuthenticationError,
    LockedOut,
    NotSupported,
    ProtocolError,
    TransportError,
    Unreachable,
    UsageError,
)
from heliobus.growatt.client import account
from heliobus.growatt.client.ledger import LOGINS, REQUESTS
from heliobus.growatt.protocol import hash_password
from heliobus.growatt.simulator import DEAD_FORMS

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from heliobus.errors import Error
    from tests.growatt.conftest import Cloud

    Clouds = Callable[..., AbstractAsyncContextManager[Cloud]]

HOUR, DAY = 3600.0, 86_400.0


async def test_a_restart_is_no_reason_to_log_in(cloud: Clouds) -> None:
    async with cloud() as one:
        for _ in range(50):
            await one.read()
            await one.clock.advance(660)
        assert one.logins == 1


async def test_programs_that_start_at_once_log_in_once(cloud: Clouds) -> None:
    async with cloud() as one:
        await asyncio.gather(*(one.read() for _ in range(8)))
        assert one.logins == 1


@pytest.mark.parametrize("form", DEAD_FORMS)
async def test_a_dead_session_is_renewed_once_and_without_a_word(cloud: Clouds, form: str) -> None:
    async with cloud() as one, one.client() as client:
        before = await client.read()
        one.simulator.faults = (form,)
        assert await client.read() == before
        assert await client.read() == before
        assert one.logins == 2


async def test_clients_that_lose_a_session_together_log_in_once(cloud: Clouds) -> None:
    async with cloud() as one:
        clients = [one.client() for _ in range(6)]
        for client in clients:
            await client.read()
        one.simulator.account.expire()
        await asyncio.gather(*(client.read() for client in clients))
        assert one.logins == 2
        for client in clients:
            await client.close()


async def test_sessions_that_die_at_once_do_not_make_a_storm(cloud: Clouds) -> None:
    async with cloud() as one:
        refused = 0
        for _ in range(24 * 6):
            one.simulator.account.expire()
            try:
                await one.read()
            except LockedOut:
                refused += 1
            await one.clock.advance(600)
        assert one.logins == dict(LOGINS)[timedelta(days=1)]
        assert refused > 100
        assert one.simulator.account.locked_until is None


async def test_a_wrong_password_is_tried_once(cloud: Clouds) -> None:
    async with cloud() as one:
        for _ in range(20):
            with pytest.raises(AuthenticationError):
                await one.read(password="wrong")
            await one.clock.advance(660)
        assert one.asked("login") == 1
        await one.read()  # the right one
        assert one.logins == 1


async def test_no_password_asks_for_one(cloud: Clouds) -> None:
    async with cloud() as one:
        with pytest.raises(AuthenticationError, match="password"):
            await one.read(password=None)
        assert one.simulator.requests == []


@pytest.mark.parametrize("password", [None, "wrong"])
async def test_a_client_without_a_session_asks_nothing(cloud: Clouds, password: str | None) -> None:
    async with cloud() as one, one.client(password=password) as client:
        with pytest.raises(AuthenticationError):
            await client.read()
        asked = len(one.simulator.requests)
        for _ in range(12):
            with pytest.raises(AuthenticationError):
                await client.read()
        assert len(one.simulator.requests) == asked


async def test_no_password_is_needed_while_the_session_holds(cloud: Clouds) -> None:
    async with cloud() as one:
        await one.read()
        await one.read(password=None)


@pytest.mark.parametrize(("fault", "hours"), [("locked", 24), ("locked-short", 4)])
async def test_a_lock_out_is_honoured_over_restarts(cloud: Clouds, fault: str, hours: float) -> None:
    async with cloud(faults=(fault,)) as one:
        until = one.clock.now() + timedelta(hours=hours)
        for _ in range(10):
            with pytest.raises(LockedOut) as error:
                await one.read()
            assert error.value.until == until
            await one.clock.advance(660)
        assert one.simulator.requests == ["login"]
        one.simulator.faults = ()
        await one.clock.advance(hours * HOUR)
        await one.read()


@pytest.mark.parametrize(("fault", "seconds"), [("ua-blocked", HOUR), ("waf", HOUR), ("throttled", 1800.0)])
async def test_a_throttle_in_mid_session_costs_neither_requests_nor_a_login(
    cloud: Clouds, fault: str, seconds: float
) -> None:
    async with cloud() as one:
        await one.read()
        one.simulator.faults = (fault,)
        asked = len(one.simulator.requests)
        for _ in range(3):
            with pytest.raises(LockedOut) as error:
                await one.read()
            assert error.value.until == one.clock.now() + timedelta(seconds=seconds)
        assert len(one.simulator.requests) == asked + 1
        one.simulator.faults = ()
        await one.clock.advance(seconds)
        await one.read()
        assert one.logins == 1


@pytest.mark.parametrize("fault", ["ua-blocked", "waf", "throttled"])
async def test_a_throttle_at_login_is_kept_too(cloud: Clouds, fault: str) -> None:
    async with cloud(faults=(fault,)) as one:
        for _ in range(3):
            with pytest.raises(LockedOut):
                await one.read()
        assert len(one.simulator.requests) == 1


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("gateway", TransportError),
        ("maintenance", TransportError),
        ("empty", TransportError),
        ("truncated", ProtocolError),
        ("big", ProtocolError),
        ("null-object", NotSupported),
    ],
)
async def test_a_bad_answer_is_an_error_and_no_login(cloud: Clouds, fault: str, kind: type[Error]) -> None:
    async with cloud() as one, one.client() as client:
        before = await client.read()
        one.simulator.faults = (fault,)
        with pytest.raises(kind):
            await client.read()
        one.simulator.faults = ()
        assert await client.read() == before
        assert one.logins == 1


@pytest.mark.parametrize("fault", ["charset", "nul", "texts"])
async def test_an_odd_answer_is_read_all_the_same(cloud: Clouds, fault: str) -> None:
    async with cloud() as one, one.client() as client:
        before = await client.read()
        one.simulator.faults = (fault,)
        assert await client.read() == before


async def test_a_user_agent_of_a_program_is_refused_and_another_one_helps(cloud: Clouds) -> None:
    async with cloud() as one:
        with pytest.raises(LockedOut) as error:
            await one.read(user_agent="python-requests/2.32")
        assert "user_agent" in error.value.remedy
        await one.clock.advance(HOUR)
        await one.read(user_agent="a phone")


async def test_logins_that_nobody_saw_are_not_counted(cloud: Clouds) -> None:
    async with cloud() as one:
        pass  # the server is gone
    for _ in range(50):
        with pytest.raises(Unreachable) as error:
            await one.read()
        assert one.told["username"] not in error.value.line()
        await one.clock.advance(660)
    async with one.simulator:
        await one.read()
        assert one.logins == 1


async def test_a_dead_session_is_known_by_itself_and_not_by_its_cookies(cloud: Clouds, tmp_path: Path) -> None:
    """A load balancer's cookie may change, through another program, between a request and its answer."""
    file = tmp_path / "mine.json"
    async with cloud() as one, one.client(state=file) as client:
        dead = await client.shine._account._admitted(None)
        kept = json.loads(file.read_text("utf-8"))
        kept["cookies"]["SERVERID"] = "another"
        file.write_text(json.dumps(kept), "utf-8")
        renewed = await client.shine._account._admitted(dead)
        assert (renewed.generation, one.logins) == (dead.generation + 1, 2)


async def test_the_wrong_password_is_told_even_where_the_look_up_fails(cloud: Clouds) -> None:
    async with cloud() as one:
        one.simulator.cloud.region = "nowhere"
        with pytest.raises(AuthenticationError, match="does not know"):
            await one.read(password="wrong")


# -- what is kept


async def test_the_session_is_the_owners_alone_and_holds_no_password(cloud: Clouds, sessions: Path) -> None:
    async with cloud() as one:
        await one.read()
        (file,) = (sessions / "growatt").glob("*.json")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        kept = file.read_text("utf-8")
        secret = one.told["password"]
        assert secret not in kept
        assert hash_password(secret) not in kept
        assert one.told["username"] not in kept + file.name
        assert json.loads(kept)["cookies"].keys() == {"JSESSIONID", "SERVERID"}


async def test_a_file_of_choice_is_shared_by_who_names_it(cloud: Clouds, tmp_path: Path) -> None:
    async with cloud() as one:
        for _ in range(3):
            await one.read(state=tmp_path / "mine.json")
        assert one.logins == 1
        await one.read()
        assert one.logins == 2


async def test_a_loop_that_runs_away_is_stopped_over_restarts(cloud: Clouds, tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    async with cloud() as one:
        await one.read(state=file)
        kept = json.loads(file.read_text("utf-8"))
        file.write_text(json.dumps({**kept, "requests": REQUESTS - 30}), "utf-8")
        before, stopped = len(one.simulator.requests), 0
        for _ in range(4):
            async with one.client(state=file) as client:
                try:
                    for _ in range(100):
                        await client.read()
                except LockedOut as error:
                    assert error.until > one.clock.now() + timedelta(hours=23)  # noqa: PT017, all of them stop
                    stopped += 1
        assert stopped == 4
        assert 25 < len(one.simulator.requests) - before <= 30


async def test_what_another_program_was_told_is_heeded_at_once(cloud: Clouds) -> None:
    async with cloud() as one, one.client() as client:
        await client.read()
        one.simulator.faults = ("waf",)
        with pytest.raises(LockedOut):
            await one.read()
        asked = len(one.simulator.requests)
        one.simulator.faults = ()
        with pytest.raises(LockedOut):
            await client.read()
        assert len(one.simulator.requests) == asked


async def test_an_account_that_has_moved_is_found_at_once(cloud: Clouds, monkeypatch: pytest.MonkeyPatch) -> None:
    async with cloud() as old, cloud() as new:
        monkeypatch.setattr(account, "DEFAULT_SERVER", old.server)
        await old.read(server=None)
        old.simulator.faults = ("wrong-region", "dead-302")
        old.simulator.cloud.region = new.server
        await old.read(server=None)
        assert (old.asked("login"), new.logins) == (2, 1)


async def test_a_damaged_file_costs_a_login_and_nothing_else(cloud: Clouds, tmp_path: Path) -> None:
    async with cloud() as one:
        file = tmp_path / "mine.json"
        await one.read(state=file)
        file.write_text("{", "utf-8")
        await one.read(state=file)
        assert one.logins == 2


async def test_two_users_of_a_server_do_not_meet(cloud: Clouds) -> None:
    async with cloud() as one:
        await one.read()
        with pytest.raises(AuthenticationError):
            await one.read(username="somebody")
        await one.read()
        assert one.logins == 1


# -- regions


async def test_without_a_server_it_is_looked_up_once(cloud: Clouds, monkeypatch: pytest.MonkeyPatch) -> None:
    async with cloud() as lookup, cloud() as home:
        monkeypatch.setattr(account, "DEFAULT_SERVER", lookup.server)
        lookup.simulator.cloud.region = home.server
        for _ in range(3):
            await home.read(server=None)
        assert (lookup.simulator.requests, home.logins) == (["server_of"], 1)


@pytest.mark.parametrize("named", ["evil.example", "", "growatt.com.evil.example", "http://10.0.0.1/", "a b"])
async def test_a_password_does_not_go_where_any_server_points(
    cloud: Clouds, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    async with cloud() as one:
        monkeypatch.setattr(account, "DEFAULT_SERVER", one.server)
        one.simulator.cloud.region = named
        await one.read(server=None)
        assert (one.asked("server_of"), one.asked("server_of_user"), one.logins) == (1, 1, 1)


@pytest.mark.parametrize(
    ("host", "trusted"),
    [
        ("openapi-us.growatt.com", True),
        ("server.smten.com", True),
        ("server.atesspower.com:8080", True),
        ("asked.example:1", True),
        ("growatt.com.evil.example", False),
        ("evilgrowatt.com", False),
        ("other.example", False),
    ],
)
def test_which_hosts_may_be_named(host: str, *, trusted: bool) -> None:
    assert account._is_trusted(host, asked="asked.example:9") is trusted


async def test_a_refused_login_forgets_the_region(cloud: Clouds, monkeypatch: pytest.MonkeyPatch) -> None:
    async with cloud() as lookup, cloud() as home, cloud() as other:
        monkeypatch.setattr(account, "DEFAULT_SERVER", lookup.server)
        lookup.simulator.cloud.region = home.server
        with pytest.raises(AuthenticationError):
            await home.read(server=None, password="wrong")
        lookup.simulator.cloud.region = other.server  # the owner moves, and corrects the password
        await home.read(server=None)
        assert (home.logins, other.logins) == (0, 1)


async def test_a_good_answer_ends_the_row_of_blocks(cloud: Clouds) -> None:
    async with cloud() as one, one.client() as client:
        await client.read()
        for _ in range(3):
            one.simulator.faults = ("waf",)
            with pytest.raises(LockedOut) as caught:
                await client.read()
            assert caught.value.until == one.clock.now() + timedelta(hours=1)
            one.simulator.faults = ()
            await one.clock.advance(HOUR)
            await client.read()


async def test_the_wrong_region_names_the_right_one(cloud: Clouds) -> None:
    async with cloud(faults=("wrong-region",)) as one:
        with pytest.raises(AuthenticationError, match=r"lives on 127\.0\.0\.1:9"):
            await one.read()
        assert one.asked("login") == 1


# -- arguments


@pytest.mark.parametrize("wrong", [{"server": "http://"}, {"server": "a b"}, {"scheme": "ftp"}, {"username": ""}])
async def test_wrong_arguments_are_told_at_once(cloud: Clouds, wrong: dict[str, Any]) -> None:
    async with cloud() as one:
        with pytest.raises(UsageError):
            one.client(**wrong)


async def test_a_session_with_cookies_of_its_own_is_refused(cloud: Clouds) -> None:
    async with cloud() as one, aiohttp.ClientSession() as session:
        with pytest.raises(UsageError, match="cookies"):
            one.client(session=session)


async def test_an_applications_session_is_used_and_left_open(cloud: Clouds) -> None:
    async with cloud() as one, aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        await one.read(session=session)
        assert not session.closed
