"""The sequence: snapshot, write, wait, verify, report, take back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import ConnectionLost, LockedOut, NotSupported, ProtocolError, Refused, Unreachable
from heliobus.growatt.control import FAMILIES, ChangeSettings, changed, raw
from heliobus.growatt.control.change import LAG, carry_out
from heliobus.model.command import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from heliobus.errors import Error
    from heliobus.growatt.control import Change
    from heliobus.model.command import Outcome
    from tests.growatt.control.conftest import Bench

    Benches = Callable[..., Bench]


def change(name: str, *values: Any, family: str = "tlx") -> Change:
    return changed(FAMILIES[family], family, name, values, dangerous=True)


async def carry(bench: Bench, *changes: Change, **more: Any) -> Outcome:
    command = ChangeSettings(device="SIM", changes=changes)
    return await carry_out(changes, command=command, device="SIM", target=bench, clock=bench.clock, **more)


async def test_a_write_is_seen_late_and_then_applied(bench: Benches) -> None:
    for seed in range(20):
        one = bench("tlx", seed)
        done = await carry(one, change("charge_power", 60))
        assert done.status is Status.APPLIED
        assert done.before == {"charge_power.value": "100"}
        assert done.requested == done.read_back == {"charge_power.value": "60"}
        assert 3 <= one.clock.gone <= LAG.total_seconds()
        assert done.undo == ChangeSettings(device="SIM", changes=(change("charge_power", 100),))


async def test_undo_restores(bench: Benches) -> None:
    one = bench("tlx")
    before = dict(one.store.device)
    done = await carry(one, change("time_segment3", "grid", 6, 0, 8, 30, 1), change("ac_charge", 1))
    assert one.store.device != before
    assert isinstance(done.undo, ChangeSettings)
    back = await carry(one, *done.undo.changes)
    assert back.status is Status.APPLIED
    assert one.store.device == before


async def test_a_dry_run_asks_and_sends_nothing(bench: Benches) -> None:
    one = bench("tlx")
    plan = await carry(one, change("charge_power", 60), dry_run=True)
    assert (plan.status, plan.sent, one.reads) == (Status.PLANNED, ("charge_power(60)",), 0)


@pytest.mark.parametrize("code", ["504", "505", "506", "507", "508", "509", "510", "701"])
async def test_a_refusal_changes_nothing(bench: Benches, code: str) -> None:
    one = bench("tlx")
    one.store.next_codes = [code]
    before = dict(one.store.device)
    done = await carry(one, change("charge_power", 60))
    assert done.status is Status.REJECTED
    assert code in (done.note or "")
    assert done.undo is None
    assert one.store.device == before


@pytest.mark.parametrize("error", [Unreachable("nobody there"), Refused("other certificate")])
async def test_what_goes_wrong_before_the_write_is_raised(bench: Benches, error: Error) -> None:
    one = bench("tlx")
    one.on_read = [error]
    with pytest.raises(type(error)):
        await carry(one, change("charge_power", 60))
    one.on_write, one.arrives = [Unreachable("nobody there")], False
    with pytest.raises(Unreachable):
        await carry(one, change("charge_power", 60))


@pytest.mark.parametrize("error", [ConnectionLost("cut"), ProtocolError("no JSON")])
async def test_a_lost_answer_is_judged_by_the_settings(bench: Benches, error: Error) -> None:
    one = bench("tlx")
    one.on_write = [error]
    assert (await carry(one, change("charge_power", 60))).status is Status.APPLIED
    one.on_write, one.arrives = [error], False
    done = await carry(one, change("charge_power", 70), roll_back=False)
    assert done.status is Status.UNKNOWN
    assert one.store.device["chargePowerCommand"] == 60


async def test_failing_reads_after_a_write_are_the_lag(bench: Benches) -> None:
    one = bench("tlx")
    one.on_read = [None, ConnectionLost("cut"), ProtocolError("HTML"), NotSupported("null")]
    assert (await carry(one, change("charge_power", 60))).status is Status.APPLIED
    one.on_read = [None, *[ConnectionLost("cut")] * 50]
    assert (await carry(one, change("charge_power", 70))).status is Status.ACCEPTED


async def test_a_route_that_reads_every_five_minutes_is_waited_for(bench: Benches) -> None:
    one = bench("tlx")
    until = one.clock.now() + timedelta(minutes=5)
    one.on_read = [None, LockedOut("too often", until=until)]
    assert (await carry(one, change("charge_power", 60))).status is Status.APPLIED
    assert 300 <= one.clock.gone <= 330
    one.on_read = [None, LockedOut("for a day", until=one.clock.now() + timedelta(days=1))]
    gone = one.clock.gone
    done = await carry(one, change("charge_power", 70))
    assert (done.status, done.note) == (Status.ACCEPTED, "not seen within 90 s: charge_power")
    assert one.clock.gone - gone < LAG.total_seconds()


async def test_a_snapshot_that_comes_too_early_is_waited_for(bench: Benches) -> None:
    one = bench("tlx")
    one.on_read = [LockedOut("too often", until=one.clock.now() + timedelta(minutes=4))]
    assert (await carry(one, change("charge_power", 60))).status is Status.APPLIED
    one.on_read = [LockedOut("for a day", until=one.clock.now() + timedelta(days=1))]
    with pytest.raises(LockedOut):
        await carry(one, change("charge_power", 70))
    assert one.store.device["chargePowerCommand"] == 60


async def test_what_the_inverter_does_not_take_is_not_applied(bench: Benches) -> None:
    one = bench("tlx")
    one.store.lossy = True
    done = await carry(one, change("charge_power", 60), change("charge_stop_soc", 100))
    assert done.status is Status.ACCEPTED
    assert done.note == "not seen within 90 s: charge_power; applied: charge_stop_soc"


async def test_what_cannot_be_read_back_is_accepted(bench: Benches) -> None:
    one = bench("mix")
    done = await carry(one, change("mix_load_first_control", 1, family="mix"))
    assert (done.status, done.undo) == (Status.ACCEPTED, None)
    assert done.note == "cannot be read back: mix_load_first_control"
    assert one.store.untold == {"mix_load_first_control": ("1",)}
    assert one.clock.gone == 0  # there is nothing to wait for
    one.on_read = [NotSupported("no such call")]
    done = await carry(one, change("mix_ac_discharge_frequency", 1, family="mix"))
    assert (done.status, done.undo) == (Status.ACCEPTED, None)


async def test_a_raw_setting_goes_as_it_is(bench: Benches) -> None:
    one = bench("tlx")
    done = await carry(one, raw("unheard_of", ["1"]))
    assert done.status is Status.REJECTED  # here by the server
    assert "506" in (done.note or "")
    assert (await carry(one, raw("charge_power", ["7"]))).status is Status.ACCEPTED
    assert one.store.device["chargePowerCommand"] == 7


# -- several settings, of which one fails

THREE = (change("charge_power", 60), change("charge_stop_soc", 80), change("ac_charge", 1))


class Refusing:
    """Refuse the write of one setting, and later ones if so told."""

    def __init__(self, bench: Bench, name: str, *, then: int = 0, error: Error | None = None) -> None:
        self.bench, self.name, self.then = bench, name, then
        self.error = error or Refused("out of range (508)")

    async def settings(self) -> Any:
        return await self.bench.settings()

    async def write(self, setting: str, parameters: Any) -> None:
        if setting == self.name or self.then < 0:
            self.then = -self.then
            raise self.error
        await self.bench.write(setting, parameters)


async def several(bench: Bench, target: Refusing, **more: Any) -> Outcome:
    command = ChangeSettings(device="SIM", changes=THREE)
    return await carry_out(THREE, command=command, device="SIM", target=target, clock=bench.clock, **more)


async def test_what_was_written_before_a_failure_is_taken_back(bench: Benches) -> None:
    one = bench("tlx")
    before = dict(one.store.device)
    done = await several(one, Refusing(one, "ac_charge"))
    assert done.status is Status.REJECTED
    assert one.store.device == before
    assert "taken back: charge_power, charge_stop_soc" in (done.note or "")


async def test_a_failure_says_exactly_what_holds(bench: Benches) -> None:
    one = bench("tlx")
    done = await several(one, Refusing(one, "charge_stop_soc"), roll_back=False)
    assert done.status is Status.UNKNOWN
    assert (done.note or "").startswith("failed: charge_stop_soc (out of range (508)")
    assert (done.note or "").endswith("applied: charge_power; not sent: ac_charge")
    assert isinstance(done.undo, ChangeSettings)
    assert [one.setting.name for one in done.undo.changes] == ["charge_power"]


async def test_a_failure_while_taking_back_is_told(bench: Benches) -> None:
    one = bench("tlx")
    done = await several(one, Refusing(one, "ac_charge", then=1))
    assert done.status is Status.UNKNOWN
    assert "applied: charge_power, charge_stop_soc" in (done.note or "")
    assert (done.note or "").endswith("taken back: charge_power; not seen to be: charge_stop_soc")
    assert one.store.device["chargePowerCommand"] == 100
    assert one.store.device["wchargeSOCLowLimit"] == 80


async def test_a_line_that_breaks_in_the_midst(bench: Benches) -> None:
    one = bench("tlx")
    before = dict(one.store.device)
    done = await several(one, Refusing(one, "charge_stop_soc", error=ConnectionLost("cut")))
    assert done.status is Status.REJECTED
    assert one.store.device == before
