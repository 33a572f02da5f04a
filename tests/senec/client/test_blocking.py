"""Every call of every client has its blocking form, with the same arguments."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from heliobus import senec
from heliobus.errors import UsageError

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
