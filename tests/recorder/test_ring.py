from __future__ import annotations

from itertools import pairwise

from heliobus.recorder.reading import Reading
from heliobus.recorder.ring import RING, SPACING, thin

DAY = 86_400_000


def sample(number: int, *, system: str = "roof", every: int = 10_000) -> Reading:
    return Reading(number=number, system=system, at=number * every, serial=None, values={})


def test_a_day_of_three_systems_at_ten_seconds_stays_at_one_a_minute() -> None:
    kept: list[Reading] = []
    for number in range(DAY // 10_000):
        kept += [sample(number, system=system) for system in ("roof", "cellar", "shed")]
        if len(kept) > RING:
            kept = thin(kept, most=RING)
    for system in ("roof", "cellar", "shed"):
        times = [one.at for one in kept if one.system == system]
        assert times[0] == 0
        assert max(b - a for a, b in pairwise(times)) <= SPACING
        assert times[-1] == DAY - 10_000


def test_the_latest_stay_whole() -> None:
    kept = thin([sample(number) for number in range(RING + 1)], most=RING)
    assert len(kept) == RING * 3 // 4
    assert [one.number for one in kept[-1000:]] == list(range(RING - 999, RING + 1))


def test_it_ends_however_long_the_disk_refuses() -> None:
    kept = thin([sample(number, every=SPACING) for number in range(3 * RING)], most=RING)
    assert RING // 2 < len(kept) <= RING * 3 // 4


def test_what_is_no_sample_stays() -> None:
    items: list[Reading | str] = ["a", *(sample(number) for number in range(100)), "b"]
    kept = thin(items, most=8)
    assert [one for one in kept if isinstance(one, str)] == ["a", "b"]
    assert len(kept) <= 8
