from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from heliobus.web.plain.figures import ENGLISH
from heliobus.web.plain.parts import Here, age, clock_time, figure, spoken, stamp
from heliobus.web.plain.texts import LANGUAGES, Language
from tests.service.scripted import NOON

if TYPE_CHECKING:
    from heliobus.service.health import State

BERLIN = ZoneInfo("Europe/Berlin")
EN, DE = LANGUAGES["en"], LANGUAGES["de"]


def here(language: Language) -> Here:
    return Here(zone=BERLIN, now=NOON, language=language)


@pytest.mark.parametrize(
    ("status", "seconds", "english", "german"),
    [
        ("ok", 4.7, "4 s ago", "vor 4 s"),
        ("ok", 59.9, "59 s ago", "vor 59 s"),
        ("ok", 60.0, "1 min ago", "vor 1 min"),
        ("ok", 3599.0, "59 min ago", "vor 59 min"),
        ("ok", 3600.0, "as of 12:00", "Stand 12:00"),
        ("late", 40.0, "as of 12:59", "Stand 12:59"),
        ("lost", 4080.0, "silent since 11:52", "still seit 11:52"),
        ("lost", 86_400.0, "silent since 2026-06-20 13:00", "still seit 2026-06-20 13:00"),
    ],
)
def test_ages(status: State, seconds: float, english: str, german: str) -> None:
    taken = NOON - timedelta(seconds=seconds)
    for language, said in ((EN, english), (DE, german)):
        assert age(status, seconds, taken, here(language)) == said


def test_what_was_never_there_has_no_age() -> None:
    assert age("connecting", None, None, here(EN)) == "connecting"
    assert age("lost", None, None, here(DE)) == "verbindet"


def test_shape_and_words_say_the_same() -> None:
    signs: dict[State, int] = {"ok": 1, "late": 2, "lost": 1}
    for status, shapes in signs.items():
        made = stamp(status, 1.0, NOON, here(EN))
        assert f'class="stamp {status}"' in made
        assert made.count("<circle") + made.count("<path") == shapes


def test_a_figure_is_a_number_with_a_lighter_unit() -> None:
    assert figure(ENGLISH.power(620.0)) == '<span class="fig">620<span class="unit">\u202fW</span></span>'
    assert figure(ENGLISH.power(None), "big") == '<span class="fig big">\u2013</span>'


def test_errors_are_sentences() -> None:
    assert spoken("cannot <connect>", "Look.") == '<p lang="en">Cannot &lt;connect&gt;. Look.</p>'
    assert spoken(None, None) is None


def test_the_time_of_day_is_local() -> None:
    assert clock_time(NOON, Here(zone=ZoneInfo("Asia/Kolkata"), now=NOON, language=EN)) == "16:30"
