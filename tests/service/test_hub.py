from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from heliobus.model.event import Event, EventKind
from heliobus.service.hub import Hub, Reading, Subscription
from tests.service.scripted import NOON

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heliobus.simulation.clock import ManualClock


def reading(system: str, number: int = 0) -> Reading:
    return Reading(system=system, at=NOON, status="ok", error=str(number))


def event(system: str, number: int = 0) -> Event:
    return Event(at=NOON, system=system, kind=EventKind.COMMAND, text=str(number))


systems = st.sampled_from(["roof", "cellar", "barn"])
items = st.builds(reading, systems, st.integers()) | st.builds(event, systems, st.integers())
taken_at_once = st.integers(min_value=0, max_value=4)
work = st.lists(st.tuples(items, taken_at_once), max_size=60)


async def read(subscription: Subscription, count: int) -> list[Reading | Event]:
    """Read up to ``count`` items, as a subscriber that is slow or quick."""
    got = []
    for _ in range(count):
        if not subscription._waiting:
            break
        got.append(await anext(subscription))
    return got


async def through(
    subscription: Subscription, hub: Hub, steps: Sequence[tuple[Reading | Event, int]]
) -> list[Reading | Event]:
    got: list[Reading | Event] = []
    for item, count in steps:
        hub.publish(item)
        got += await read(subscription, count)
    subscription.close()
    return got + [item async for item in subscription]


@given(steps=work)
async def test_all_within_its_limit_is_everything_in_order(steps: list[tuple[Reading | Event, int]]) -> None:
    hub = Hub()
    subscription = hub.subscribe(keep="all", limit=60)
    assert await through(subscription, hub, steps) == [item for item, _ in steps]
    assert subscription.dropped == 0


@given(steps=work, limit=st.integers(min_value=1, max_value=5))
async def test_all_beyond_its_limit_loses_the_oldest_and_counts(
    steps: list[tuple[Reading | Event, int]], limit: int
) -> None:
    hub = Hub()
    subscription = hub.subscribe(keep="all", limit=limit)
    published = [item for item, _ in steps]
    got = await through(subscription, hub, steps)
    assert len(got) + subscription.dropped == len(published)
    assert got[-limit:] == published[-limit:]
    rest = iter(published)
    assert all(any(one is item for item in rest) for one in got), "in order, nothing twice"


@given(steps=work)
async def test_latest_ends_with_the_newest_of_each_system_and_goes_back_for_none(
    steps: list[tuple[Reading | Event, int]],
) -> None:
    hub = Hub()
    subscription = hub.subscribe(keep="latest", limit=60)
    got = await through(subscription, hub, steps)
    published, seen = defaultdict(list), defaultdict(list)
    for item, _ in steps:
        published[item.system, type(item)].append(item)
    for item in got:
        seen[item.system, type(item)].append(item)
    for key, wanted in published.items():
        assert seen[key][-1] is wanted[-1]
        rest = iter(wanted)
        assert all(any(one is item for item in rest) for one in seen[key]), "order per system"
    assert [item for item in got if isinstance(item, Event)] == [i for i, _ in steps if isinstance(i, Event)]
    assert len(got) + subscription.dropped == len(steps)


@given(steps=work)
def test_latest_holds_one_reading_per_system(steps: list[tuple[Reading | Event, int]]) -> None:
    hub = Hub()
    subscription = hub.subscribe(keep="latest")
    for item, _ in steps:
        hub.publish(item)
    waiting = [item.system for item in subscription.take() if isinstance(item, Reading)]
    assert len(waiting) == len(set(waiting)) == len({i.system for i, _ in steps if isinstance(i, Reading)})


async def test_a_system_that_is_replaced_keeps_its_place() -> None:
    hub = Hub()
    subscription = hub.subscribe(keep="latest")
    for item in (reading("roof", 1), reading("cellar", 1), reading("roof", 2)):
        hub.publish(item)
    assert subscription.take() == [reading("roof", 2), reading("cellar", 1)]


async def test_a_reader_that_never_reads_holds_nobody_up() -> None:
    hub = Hub()
    dead = hub.subscribe(keep="all", limit=3)
    alive = hub.subscribe(keep="all")
    for number in range(10):
        hub.publish(reading("roof", number))
    assert [item.error for item in alive.take() if isinstance(item, Reading)] == [str(number) for number in range(10)]
    assert (len(dead.take()), dead.dropped) == (3, 7)


async def test_a_waiting_reader_wakes(clock: ManualClock) -> None:
    hub = Hub()
    async with hub.subscribe(keep="latest") as subscription:
        waiting = asyncio.create_task(anext(subscription))
        await clock.run_until_idle()
        assert not waiting.done()
        hub.publish(reading("roof"))
        assert await waiting == reading("roof")
    assert hub.subscribers == 0


async def test_closing_ends_the_iteration_of_a_waiting_reader(clock: ManualClock) -> None:
    hub = Hub()
    waiting = asyncio.create_task(read_all(hub.subscribe(keep="all")))
    await clock.run_until_idle()
    hub.publish(reading("roof", 1))
    hub.publish(reading("roof", 2))
    hub.close()
    assert await waiting == [reading("roof", 1), reading("roof", 2)]
    assert hub.subscribers == 0
    hub.publish(reading("roof", 3))


async def read_all(subscription: Subscription) -> list[Reading | Event]:
    return [item async for item in subscription]


async def test_a_reader_that_is_cancelled_can_go_on(clock: ManualClock) -> None:
    hub = Hub()
    subscription = hub.subscribe(keep="all")
    waiting = asyncio.create_task(anext(subscription))
    await clock.run_until_idle()
    waiting.cancel()
    hub.publish(reading("roof"))
    assert await anext(subscription) == reading("roof")
