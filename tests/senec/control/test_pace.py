"""How often what upsets an appliance may be written."""

from __future__ import annotations

import pytest

from heliobus.errors import Refused
from heliobus.senec.control import PACES, Paces


@pytest.mark.parametrize("name", PACES)
def test_a_pace_refuses_one_too_many_and_forgets(name: str) -> None:
    pace, paces = PACES[name], Paces()
    for number in range(pace.most):
        paces.check(name, 100.0 + number)
        paces.spend(name, 100.0 + number)
    with pytest.raises(Refused) as error:
        paces.check(name, 100.0 + pace.most)
    assert error.value.remedy == f"Wait {pace.seconds - pace.most:g} s."
    paces.check(name, 100.0 + pace.seconds)
    for other in PACES.keys() - {name}:
        paces.check(other, 100.0)


def test_what_has_no_pace_is_never_refused() -> None:
    paces = Paces()
    for _ in range(100):
        paces.check(None, 0.0)
        paces.spend(None, 0.0)
