from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.errors import AuthenticationError, LockedOut
from heliobus.growatt.client.ledger import LOGINS, REQUESTS, TOKEN_REQUESTS, Ledger

NOW = datetime(2026, 6, 20, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

times = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001, made aware
ledgers = st.builds(
    Ledger,
    user_id=st.none() | st.text(max_size=5),
    server=st.none() | st.just("openapi.growatt.com"),
    cookies=st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
    logins=st.lists(times, max_size=3).map(tuple),
    requests=st.integers(0, 30_000),
    requests_since=times,
    blocked_at=times,
    blocked_until=times,
    blocked_why=st.text(max_size=5),
    strikes=st.integers(0, 10),
    questions=st.dictionaries(st.text(max_size=3), st.tuples(times, times), max_size=2),
    answers=st.dictionaries(st.text(max_size=3), st.tuples(st.integers(200, 599), st.text(max_size=3)), max_size=2),
)


@given(ledgers)
def test_it_survives_being_kept(ledger: Ledger) -> None:
    assert Ledger.from_json(json.loads(json.dumps(ledger.to_json()))) == ledger


@given(ledgers, ledgers)
def test_what_has_changed_makes_the_later_one_of_the_earlier(before: Ledger, after: Ledger) -> None:
    assert before.to_json() | after.to_json(since=before) == after.to_json()
    assert before.to_json(since=before) == {}


@given(st.dictionaries(st.sampled_from(Ledger.__slots__), st.none() | st.integers() | st.text() | st.lists(st.text())))
def test_a_file_that_does_not_fit_is_as_good_as_none(kept: dict[str, object]) -> None:
    ledger = Ledger.from_json(kept)
    Ledger.from_json(ledger.to_json())


def test_budgets_of_logins_hold_for_every_window() -> None:
    ledger, now, done = Ledger(), NOW, list[datetime]()
    for _ in range(600):  # ten minutes apart, for four days
        now += timedelta(minutes=10)
        try:
            ledger = ledger.with_login(now)
        except LockedOut:
            continue
        done.append(now)
    for window, most in LOGINS:
        assert max(sum(begin <= one < begin + window for one in done) for begin in done) == most


def test_the_end_of_a_budget_is_when_the_next_login_is_allowed() -> None:
    ledger = Ledger()
    for _ in range(LOGINS[0][1]):
        ledger = ledger.with_login(NOW)
    with pytest.raises(LockedOut) as error:
        ledger.with_login(NOW + timedelta(minutes=30))
    assert error.value.until == NOW + HOUR
    ledger.with_login(error.value.until)


def test_a_login_forgets_the_session_before() -> None:
    ledger = Ledger().with_session(user_id="1", cookies={"JSESSIONID": "A"})
    assert ledger.has_session
    assert not ledger.with_login(NOW).has_session


def test_a_clock_that_was_set_back_frees_no_logins() -> None:
    ledger = Ledger()
    for _ in range(LOGINS[0][1]):
        ledger = ledger.with_login(NOW)
    with pytest.raises(LockedOut):
        ledger.with_login(NOW - timedelta(minutes=30))


def test_a_lock_holds_until_its_end_and_not_longer() -> None:
    ledger = Ledger().blocked(NOW, seconds=3600, why="locked")
    for moment in (NOW, NOW + timedelta(minutes=59)):
        with pytest.raises(LockedOut) as error:
            ledger.check(moment)
        assert error.value.until == NOW + HOUR
    ledger.check(NOW + HOUR)


def test_a_lock_does_not_outlive_a_clock_that_was_set_back() -> None:
    ledger = Ledger().blocked(NOW + 1000 * DAY, seconds=3600, why="locked")
    with pytest.raises(LockedOut) as error:
        ledger.check(NOW)
    assert error.value.until == NOW + HOUR


def test_blocks_in_a_row_double_up_to_a_day() -> None:
    ledger, lengths = Ledger(), []
    for _ in range(7):
        ledger = ledger.blocked(NOW, seconds=3600, why="firewall")
        lengths.append((ledger.blocked_until - NOW) / HOUR)
    assert lengths == [1, 2, 4, 8, 16, 24, 24]
    assert ledger.with_session(user_id="1", cookies={}).strikes == 0
    assert Ledger(strikes=5).blocked(NOW, seconds=48 * 3600, why="locked").blocked_until == NOW + 2 * DAY


def test_a_day_has_so_many_requests() -> None:
    ledger = Ledger(requests=REQUESTS - 1, requests_since=NOW).with_request(NOW + HOUR)
    with pytest.raises(LockedOut) as error:
        ledger.with_request(NOW + 2 * HOUR)
    assert error.value.until == NOW + DAY
    assert ledger.with_request(NOW + DAY).requests == 1
    assert Ledger(requests=REQUESTS - 3, requests_since=NOW).with_request(NOW, count=10).requests == REQUESTS


def test_a_refused_password_is_not_tried_again_for_a_day() -> None:
    ledger = Ledger().with_refusal(NOW, "wrong")
    with pytest.raises(AuthenticationError):
        ledger.check_refusal(NOW + 23 * HOUR, "wrong")
    ledger.check_refusal(NOW + DAY, "wrong")
    ledger.check_refusal(NOW, "right")
    assert "wrong" not in json.dumps(ledger.to_json())


@settings(max_examples=50)
@given(ledgers, times)
def test_nothing_but_locked_out_keeps_a_request_back(ledger: Ledger, now: datetime) -> None:
    try:
        after = ledger.with_request(now)
    except LockedOut as error:
        assert error.until >= now  # noqa: PT017, either outcome is right
        return
    assert after.requests >= 1


# -- questions that may not come again at once


def test_a_question_may_come_again_after_its_time() -> None:
    ledger = Ledger().with_question(NOW, "one", seconds=300)
    with pytest.raises(LockedOut) as caught:
        ledger.with_question(NOW + timedelta(seconds=299), "one", seconds=300)
    assert caught.value.until == NOW + timedelta(seconds=300)
    assert ledger.with_question(NOW + timedelta(seconds=299), "another", seconds=300).requests == 2
    assert ledger.with_question(NOW + timedelta(seconds=300), "one", seconds=300).requests == 2


@given(st.binary(max_size=20), st.integers(200, 599))
def test_an_answer_is_kept_until_its_question_may_come_again(body: bytes, status: int) -> None:
    answer = (status, body.decode("latin-1"))
    ledger = Ledger().with_question(NOW, "one", seconds=300).answered(NOW, "one", answer, seconds=300)
    kept = Ledger.from_json(json.loads(json.dumps(ledger.to_json())))
    assert kept.answer(NOW + timedelta(seconds=299), "one") == answer
    assert kept.answer(NOW + timedelta(seconds=300), "one") is None
    assert kept.answer(NOW, "another") is None


def test_a_token_has_the_requests_of_fifty_devices() -> None:
    """Of ten at the pace of the fastest route, which is a minute."""
    assert 50 * DAY / timedelta(minutes=5) < TOKEN_REQUESTS
    assert 10 * DAY / timedelta(minutes=1) < TOKEN_REQUESTS
    full = Ledger(requests=TOKEN_REQUESTS, requests_since=NOW)
    with pytest.raises(LockedOut) as error:
        full.with_question(NOW + HOUR, None, seconds=0)
    assert error.value.until == NOW + DAY
    Ledger(requests=TOKEN_REQUESTS - 1, requests_since=NOW).with_question(NOW + HOUR, None, seconds=0)


def test_a_question_that_nobody_saw_may_come_at_once() -> None:
    ledger = Ledger().with_question(NOW, "one", seconds=300).without_question("one")
    assert ledger.with_question(NOW, "one", seconds=300).requests == 2


def test_what_may_come_again_is_not_kept() -> None:
    ledger = Ledger()
    for minute in range(100):
        ledger = ledger.with_question(NOW + timedelta(minutes=minute), f"page {minute}", seconds=300)
    assert len(ledger.questions) <= 6


def test_writes_are_counted_but_never_too_early() -> None:
    ledger = Ledger().with_question(NOW, None, seconds=0).with_question(NOW, None, seconds=0)
    assert (ledger.requests, ledger.questions) == (2, {})


def test_a_lock_of_the_account_holds_for_questions() -> None:
    ledger = Ledger().blocked(NOW, seconds=3600, why="firewall")
    with pytest.raises(LockedOut, match="firewall"):
        ledger.with_question(NOW, "one", seconds=300)


def test_each_login_has_its_own_session_and_all_share_the_locks() -> None:
    app = Ledger().with_login(NOW).with_session(user_id="7", cookies={"JSESSIONID": "A"})
    web = app.through("web")
    assert not web.has_session
    web = web.with_login(NOW).with_session(user_id="", cookies={"JSESSIONID": "B"}).blocked(NOW, seconds=60, why="busy")
    back = Ledger.from_json(json.loads(json.dumps(web.to_json()))).through("app")
    assert (back.user_id, back.cookies, back.generation) == ("7", {"JSESSIONID": "A"}, 1)
    assert len(back.logins) == 2
    with pytest.raises(LockedOut):
        back.check(NOW)
    assert back.through("web").cookies == {"JSESSIONID": "B"}
