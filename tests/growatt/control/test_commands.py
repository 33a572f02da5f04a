"""The unified commands as settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heliobus.errors import NotSupported, OutOfBounds
from heliobus.growatt.control import ChargePeriods, DischargePeriods, Period, TimeSegment, abilities
from heliobus.growatt.control.commands import changes_of, remembered, undo_of
from heliobus.model.capabilities import Capabilities
from heliobus.model.command import (
    Auto,
    Charge,
    Command,
    Discharge,
    Durability,
    LimitCharge,
    LimitDischarge,
    SetReserve,
    SetSwitch,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.growatt.control.conftest import Bench

    Benches = Callable[..., Bench]


async def obey(bench: Bench, command: Command, rating: float | None = None) -> list[str]:
    """Do what a command stands for, at once; gives the names of the settings."""
    changes = changes_of(command, family=bench.family, settings=bench.store.device, rating=rating)
    for one in changes:
        await bench.write(one.setting.name, one.texts)
    return [one.setting.name for one in changes]


async def test_a_min_charges_in_its_last_segment(bench: Benches) -> None:
    one = bench("tlx")
    before = dict(one.store.device)
    assert (await obey(one, Charge()))[-1] == "time_segment9"
    assert one.store.device["acChargeEnable"] == 1
    expected = TimeSegment(number=9, mode="battery", start="0:00", end="23:59")
    assert TimeSegment.read(one.store.device, 9) == expected
    assert TimeSegment.read(one.store.device, 1) == TimeSegment.read(before, 1)
    assert await obey(one, Discharge()) == ["discharge_power", "time_segment9"]
    assert await obey(one, Auto()) == ["time_segment9"]
    ended = TimeSegment.read(one.store.device, 9)
    assert ended is not None
    assert not ended.enabled
    assert await obey(one, Auto()) == []


@pytest.mark.parametrize("owned", [("1", "2", "0", "4", "0", "1"), ("0", "0", "0", "23", "59", "1")])
async def test_a_segment_of_the_owner_stays(bench: Benches, owned: tuple[str, ...]) -> None:
    """Also one over the whole day in which the house comes first: no command makes that."""
    one = bench("tlx")
    one.store.write("time_segment9", list(owned))
    assert await obey(one, Auto()) == []


@pytest.mark.parametrize(
    ("power", "rating", "percent"),
    [(2500, 2500, "100"), (2600, 2500, "100"), (1249, 2500, "49"), (24, 2500, "1"), (0, 2500, "0"), (0, None, "0")],
)
def test_a_power_is_the_next_lower_percent_of_the_rating(power: float, rating: float | None, percent: str) -> None:
    (change,) = changes_of(LimitCharge(power=power), family="tlx", settings={}, rating=rating)
    assert change.texts == (percent,)


async def test_powers_are_percents_of_the_rating(bench: Benches) -> None:
    one = bench("tlx")
    await obey(one, LimitCharge(power=1250), rating=2500)
    await obey(one, LimitDischarge(power=1), rating=2500)
    await obey(one, SetReserve(soc=25))
    assert one.store.device["chargePowerCommand"] == 50
    assert one.store.device["disChargePowerCommand"] == 1
    assert one.store.device["onGridDischargeStopSOC"] == 25


@pytest.mark.parametrize("family", ["mix", "spa"])
async def test_a_hybrid_charges_in_its_third_period(bench: Benches, family: str) -> None:
    one = bench(family)
    mains = False if family == "mix" else None
    own = ChargePeriods(
        power=70,
        stop_soc=90,
        mains=mains,
        periods=(Period("2:00", "4:00"), Period("5:00", "6:00"), Period("7:00", "8:00")),
    )
    name, values = own.setting(family)
    one.store.write(name, [str(int(value)) for value in values])
    await obey(one, Charge())
    forced = ChargePeriods.read(one.store.device, family)
    assert forced is not None
    assert forced.periods == (*own.periods[:2], Period("0:00", "23:59"))
    assert (forced.power, forced.stop_soc, forced.mains) == (100, 100, True if family == "mix" else None)
    assert len(await obey(one, Discharge())) == 2  # the charge ends
    given = DischargePeriods.read(one.store.device, family)
    assert given is not None
    assert given.periods[2].enabled
    await obey(one, Auto())
    ended = ChargePeriods.read(one.store.device, family)
    assert ended is not None
    assert [period.enabled for period in ended.periods] == [True, True, False]


def test_what_cannot_be_kept_is_not_written() -> None:
    with pytest.raises(NotSupported, match="nothing was sent"):
        changes_of(Charge(), family="spa", settings={})


async def test_a_noah_keeps_its_upper_limit(bench: Benches) -> None:
    one = bench("noah")
    one.store.write("charging_soc", ["90", "5"])
    await obey(one, SetReserve(soc=30))
    assert one.store.device["chargingSocHighLimit"] == "90"
    assert one.store.device["chargingSocLowLimit"] == "30"
    await obey(one, SetReserve(soc=90))
    assert one.store.device["chargingSocLowLimit"] == "90"
    with pytest.raises(OutOfBounds, match="nothing was sent"):
        await obey(one, SetReserve(soc=91))
    await obey(one, SetReserve(soc=30))
    with pytest.raises(NotSupported):
        await obey(one, Charge())
    assert undo_of(SetReserve(soc=1), family="noah", settings=one.store.device) == SetReserve(soc=30)
    assert undo_of(Charge(), family="tlx", settings={}) == Auto()


@pytest.mark.parametrize("family", ["tlx", "mix", "spa", "noah", "nexa", "max", "inverter", "storage"])
async def test_abilities_are_what_is_obeyed(bench: Benches, family: str) -> None:
    known = abilities(family)
    for command in (Charge(), Discharge(), LimitCharge(power=0), LimitDischarge(power=0), SetReserve(soc=20), Auto()):
        if command.kind in known:
            await obey(bench(family), command)
        else:
            with pytest.raises(NotSupported):
                Capabilities(commands=known).require(command)
    for ability in known.values():
        assert ability.durability is Durability.PERSISTENT
        assert ability.lag.total_seconds() == 90
        assert "outside its normal operating range" in (ability.warning or "")
    assert SetSwitch(id="1", on=True).kind not in known


def test_without_a_rating_only_all_or_nothing() -> None:
    known = Capabilities(commands=abilities("tlx"))
    known.require(Charge())
    known.require(LimitCharge(power=0))
    for command in (Charge(power=500), LimitCharge(power=500)):
        with pytest.raises(OutOfBounds):
            known.require(command)
    Capabilities(commands=abilities("tlx", rating=2500)).require(Charge(power=500))


async def test_the_earliest_state_is_remembered(bench: Benches) -> None:
    one = bench("tlx")
    first = changes_of(LimitCharge(power=0), family="tlx", settings=one.store.device)
    later = changes_of(Charge(), family="tlx", settings=one.store.device)
    known = remembered(later, remembered(first, {}))
    assert known["charge_power"] == first[0]
    assert set(known) == {"charge_power", "charge_stop_soc", "ac_charge", "time_segment9"}
