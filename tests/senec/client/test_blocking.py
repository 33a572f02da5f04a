"""Every call of every client has its blocking form, with the same arguments, which gives the same."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

import pytest

from heliobus import senec
from heliobus.errors import (
    ProtocolError,
    UsageError,
)
from heliobus.model.command import Charge
from heliobus.senec import Client
from tests.senec.client.local import CLOCK, NOT_SENEC, Simulate, port_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PAIRS = [(getattr(senec, f"Async{name}"), getattr(senec, name)) for name in senec.__all__ if name[:5] != "Async"]


def test_all_five_ways_are_there() -> None:
    assert len(PAIRS) == 5


@pytest.mark.parametrize(("asynchronous", "blocking"), PAIRS)
def test_both_have_the_same_calls(asynchronous: type[Any], blocking: type[Any]) -> None:
    def calls(client: type[Any]) -> dict[str, Any]:
        found = inspect.getmembers(client, inspect.isfunction)
        return {name: method for name, method in found if not name.startswith("_") and name != "close"}

    ours, theirs = calls(blocking), calls(asynchronous)
    assert ours.keys() == theirs.keys()
    for name, method in ours.items():
        assert inspect.signature(method) == inspect.signature(theirs[name]), name
        assert (method.__doc__, inspect.iscoroutinefunction(method)) == (theirs[name].__doc__, False), name


@pytest.mark.parametrize(("asynchronous", "blocking"), PAIRS)
def test_both_have_the_same_properties(asynchronous: type[Any], blocking: type[Any]) -> None:
    def properties(client: type[Any]) -> set[str]:
        found = inspect.getmembers(client, lambda one: isinstance(one, property) and bool(one.__doc__))
        return {name for name, _ in found if not name.startswith("_")}

    assert properties(blocking) == properties(asynchronous) >= {"capabilities"}


@pytest.mark.parametrize(("asynchronous", "blocking"), PAIRS)
def test_both_are_made_of_the_same_arguments(asynchronous: type[Any], blocking: type[Any]) -> None:
    ours, theirs = inspect.signature(blocking).parameters, inspect.signature(asynchronous).parameters
    assert {name: (one.kind, one.default) for name, one in ours.items()} == {
        name: (one.kind, one.default) for name, one in theirs.items()
    }


def test_a_session_belongs_to_a_loop() -> None:
    session: Any = object()
    with pytest.raises(UsageError, match="session"):
        senec.Client("127.0.0.1", session=session)


def test_wrong_arguments_are_told_at_once() -> None:
    with pytest.raises(UsageError, match="user name"):
        senec.AppClient(username="", password=None)


# -- of one appliance


async def test_the_blocking_client_gives_the_same(simulate: Simulate) -> None:
    _, client = await simulate(profile="0811")

    def use() -> Iterator[object]:
        with Client("127.0.0.1", port=port_of(client), clock=CLOCK) as blocking:
            yield blocking.read()
            yield blocking.read(detail="full")
            yield blocking.query({"ENERGY": {}})
            yield blocking.sections()
            yield blocking.identify()
            yield blocking.devices()
            yield blocking.whole()
            yield blocking.raw()
            yield blocking.execute(Charge(), dry_run=True)
            yield blocking.capabilities

    expected = [
        await client.read(),
        await client.read(detail="full"),
        await client.query({"ENERGY": {}}),
        await client.sections(),
        await client.identify(),
        await client.devices(),
        await client.whole(),
        await client.raw(),
        await client.execute(Charge(), dry_run=True),
        client.capabilities,
    ]
    assert await asyncio.to_thread(lambda: list(use())) == expected


async def test_errors_of_the_blocking_client_are_the_same(simulate: Simulate) -> None:
    _, client = await simulate(faults=("html",))
    with (
        Client("127.0.0.1", port=port_of(client)) as blocking,
        pytest.raises(ProtocolError, match=NOT_SENEC),
    ):
        await asyncio.to_thread(blocking.read)
