from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.errors import UsageError
from heliobus.model.command import (
    Auto,
    Charge,
    Command,
    Discharge,
    LimitCharge,
    LimitDischarge,
    Outcome,
    SetReserve,
    SetSwitch,
    Status,
    WallboxLimit,
)
from heliobus.service.commands import event_of, from_plain, to_plain

watts = st.floats(allow_nan=False, allow_infinity=False)
leases = st.none() | st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=1))
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(Auto, lease=leases),
    st.builds(Charge, lease=leases, power=st.none() | watts),
    st.builds(Discharge, lease=leases, power=st.none() | watts),
    st.builds(LimitCharge, lease=leases, power=watts),
    st.builds(LimitDischarge, lease=leases, power=watts),
    st.builds(SetReserve, lease=leases, soc=watts),
    st.builds(SetSwitch, lease=leases, id=st.text(), on=st.booleans()),
    st.builds(WallboxLimit, lease=leases, id=st.text(), current=watts),
)


def test_a_text_from_outside_breaks_no_line_of_the_log() -> None:
    asked = WallboxLimit(id="1\nroof: Auto() from owner: applied", current=6.0)
    outcome = Outcome(command=asked, status=Status.REJECTED, at=datetime(2026, 6, 21, tzinfo=UTC))
    assert "\n" not in event_of(outcome, system="roof", who="page").text


@given(commands)
def test_there_and_back_through_json(command: Command) -> None:
    assert from_plain(json.loads(json.dumps(to_plain(command)))) == command


def test_it_reads_well() -> None:
    assert to_plain(Charge(power=2000.0, lease=timedelta(minutes=15))) == {
        "kind": "Charge",
        "power": 2000.0,
        "lease_s": 900.0,
    }
    assert to_plain(Auto()) == {"kind": "Auto"}


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ({}, "the command has no kind"),
        ({"kind": None}, "the command has no kind"),
        ({"kind": ["Charge"]}, r"\['Charge'\] is not a command"),
        ({"kind": "Charg"}, "'Charg' is not a command; did you mean 'Charge'"),
        ({"kind": "Command"}, "'Command' is not a command"),
        ({"kind": "SetReserve"}, "SetReserve: soc is missing"),
        ({"kind": "SetReserve", "soc": None}, "SetReserve: soc is missing"),
        ({"kind": "Auto", "power": 1}, "Auto: 'power' is no argument"),
        ({"kind": "Charge", "powr": 1}, "Charge: 'powr' is no argument; did you mean 'power'"),
        ({"kind": "Charge", "lease": 1}, "Charge: 'lease' is no argument"),
        ({"kind": "Auto", "lease_s": "x"}, 'Auto: lease_s is "x", which is no number'),
        ({"kind": "Auto", "lease_s": 1e300}, "Auto: lease_s is .*, which is too long"),
        ({"kind": "Auto", "\ud800": 1}, r"Auto: '\\ud800' is no argument"),
        ({"kind": "Charge", "lease_s": 10**400}, "lease_s is 10{39}, which is no number"),
        ({"kind": "Charge", "power": 10**400}, "power is 10{39}, which is no number"),
        ({"kind": "Charge", "power": float("nan")}, "power is NaN, which is no number"),
        ({"kind": "SetSwitch", "id": 1, "on": True}, "id is 1, which is no text"),
        ({"kind": "SetSwitch", "id": "1", "on": 1}, "on is 1, which is no truth value"),
    ],
)
def test_what_is_no_command_is_refused(words: dict[str, object], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint) as caught:
        from_plain(words)
    assert "--help" not in caught.value.remedy


def test_null_is_as_good_as_left_out() -> None:
    assert from_plain({"kind": "Charge", "power": None, "lease_s": None}) == Charge()
