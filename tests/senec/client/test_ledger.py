from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.errors import AuthenticationError, LockedOut
from heliobus.senec.client.ledger import EARLY, HOUR, Ledger
from heliobus.senec.protocol.sso import Tokens

NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
TOKENS = Tokens("access-secret", 300.0, "refresh-secret", 2_592_000.0)


def test_a_token_is_renewed_early_and_used_to_its_end() -> None:
    ledger = Ledger().with_tokens(TOKENS, NOW)
    end = NOW + timedelta(seconds=300)
    assert ledger.is_fresh(end - EARLY - timedelta(seconds=1))
    assert not ledger.is_fresh(end - EARLY)
    assert ledger.is_valid(end - timedelta(seconds=1))
    assert not ledger.is_valid(end)
    assert not ledger.is_fresh(NOW - HOUR), "a clock that was set back tells nothing"
    assert ledger.can_renew(NOW + timedelta(days=29))
    assert not ledger.can_renew(NOW + timedelta(days=30))
    assert not Ledger().can_renew(NOW)


def test_a_refresh_token_without_an_end_has_none() -> None:
    ledger = Ledger().with_tokens(Tokens("a", 300.0, "r", 0.0), NOW)
    assert ledger.can_renew(NOW + timedelta(days=3650))
    assert not Ledger().with_tokens(Tokens("a", 300.0, None, None), NOW).can_renew(NOW)


def test_one_full_login_an_hour_for_each_cause() -> None:
    ledger = Ledger().with_login(NOW).with_tokens(TOKENS, NOW)
    ledger = ledger.without_tokens("refused").with_login(NOW)
    with pytest.raises(LockedOut) as caught:
        ledger.with_login(NOW + HOUR / 2)
    assert caught.value.until == NOW + HOUR
    assert ledger.with_login(NOW + HOUR).logins["refused"] == NOW + HOUR


def test_a_clock_set_back_frees_no_login() -> None:
    ledger = Ledger().with_login(NOW)
    with pytest.raises(LockedOut) as caught:
        ledger.with_login(NOW - HOUR / 2)
    assert caught.value.until <= NOW + HOUR / 2


def test_failures_wait_longer_and_wrong_secrets_for_ever() -> None:
    form = Ledger().after("form", NOW, secret="s", why="changed", remedy="Wait.")
    with pytest.raises(LockedOut, match="changed"):
        form.check(NOW, "s")
    wrong = Ledger().after("password", NOW, secret="s", why="wrong", remedy="Check.")
    with pytest.raises(AuthenticationError, match="wrong"):
        wrong.check(NOW + timedelta(days=999), "s")
    wrong.check(NOW, "another")
    both = wrong.after("otp", NOW, secret="another", why="wrong too", remedy="Check.")
    with pytest.raises(AuthenticationError, match="wrong too"):
        both.check(NOW, "another")
    with pytest.raises(AuthenticationError, match=r"^wrong$"):
        both.check(NOW, "s")
    freed = Ledger().with_login(NOW).after("otp", NOW, secret="s", why="w", remedy="r").with_login(NOW)
    assert freed.logins == {"first": NOW}


@settings(max_examples=50)
@given(
    st.integers(0, 3),
    st.dictionaries(st.sampled_from(["first", "refused", "expired"]), st.datetimes(timezones=st.just(UTC))),
)
def test_it_survives_being_kept(failures: int, logins: dict[str, datetime]) -> None:
    ledger = Ledger(logins=logins).with_tokens(TOKENS, NOW)
    for number in range(failures):
        ledger = ledger.after(("form", "otp", "form")[number], NOW, secret="s", why="w", remedy="r")
    assert Ledger.from_json(json.loads(json.dumps(ledger.to_json()))) == ledger


@pytest.mark.parametrize(
    "kept", [{}, {"access": 1}, {"access": "a", "logins": 3}, Ledger().to_json() | {"restraint": 1}]
)
def test_what_does_not_fit_is_as_good_as_nothing(kept: dict[str, object]) -> None:
    assert Ledger.from_json(kept) == Ledger()


def test_tokens_never_show() -> None:
    assert "secret" not in repr(Ledger().with_tokens(TOKENS, NOW))
