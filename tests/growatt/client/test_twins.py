"""Every call of every route has its blocking form, with the same arguments."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from heliobus.growatt.client import twins
from heliobus.growatt.client.calls.oauth import OAuthCalls
from heliobus.growatt.client.calls.shine import ShineCalls
from heliobus.growatt.client.calls.v1 import V1Calls
from heliobus.growatt.client.calls.v4 import V4Calls


@pytest.mark.parametrize(
    ("calls", "blocking"),
    [
        (ShineCalls, twins.BlockingShine),
        (V1Calls, twins.BlockingV1),
        (V4Calls, twins.BlockingV4),
        (OAuthCalls, twins.BlockingOAuth),
    ],
)
def test_every_call_has_its_blocking_form(calls: type[Any], blocking: type[Any]) -> None:
    ours = [name for name in dir(calls) if not name.startswith("_")]
    assert ours == [name for name in dir(blocking) if not name.startswith("_")]
    for name in ours:
        one, another = getattr(calls, name), getattr(blocking, name)
        assert inspect.signature(one) == inspect.signature(another)
        assert (one.__doc__, inspect.iscoroutinefunction(another)) == (another.__doc__, False)
