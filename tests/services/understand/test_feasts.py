"""E5: an unusual day that is a public holiday, or the day before, is named as one, in the reader's words."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from holdfast.domain.period import day_number
from holdfast.services.understand import outside
from holdfast.services.understand.feast_days import name_of, public_holidays
from holdfast.services.understand.outside_days import Days
from holdfast.services.understand.outside_words import day_feasts

FIRST = date(2025, 1, 1)
LENGTH = 400
CHRISTMAS = (date(2025, 12, 25) - FIRST).days
EVE = (date(2025, 12, 24) - FIRST).days
ROMANIAN = (date(2025, 12, 1) - FIRST).days
"""The national day of Romania, and of nobody else."""

NO_FEAST = (date(2025, 9, 17) - FIRST).days


def company(**bought: dict[int, float]) -> Days:
    """A company that sells 60 orders a day in each country, but for some days by place."""
    sold = {}
    for number, (code, days) in enumerate(bought.items()):
        counts = np.random.default_rng(number).poisson(60, LENGTH).astype(float)
        for place, count in days.items():
            counts[place] = count
        sold[code] = counts
    whole = sum(sold.values(), start=np.zeros(LENGTH))
    return Days(day_number(FIRST), {"Order Completed": whole}, {"": whole, **sold}, np.full(LENGTH, 5_000.0))


def odd_on(found: Days, place: int) -> outside.Odd:
    return next(each for each in outside.odd_of(found) if day_number(each.day) == found.first_day + place)


def test_e5_a_day_on_which_nobody_buys_because_it_is_christmas_is_called_so() -> None:
    day = odd_on(company(IE={CHRISTMAS: 3.0}, RO={CHRISTMAS: 5.0}), CHRISTMAS)
    assert day.kind == "feast"
    assert [(each.country, each.name, each.eve) for each in day.feasts] == [
        ("IE", "Christmas Day", False),
        ("RO", "Christmas Day", False),
    ]


def test_e5_the_day_before_a_holiday_is_called_so() -> None:
    day = odd_on(company(IE={EVE: 200.0}), EVE)
    assert (day.kind, [each.eve for each in day.feasts]) == ("feast", [True])


def test_e5_a_holiday_of_a_country_that_buys_as_ever_explains_nothing() -> None:
    day = odd_on(company(IE={ROMANIAN: 0.0}, SG={ROMANIAN: 0.0}, RO={}), ROMANIAN)
    assert (day.kind, day.feasts) == ("open", ())


def test_e5_an_unusual_day_that_is_no_holiday_stays_open() -> None:
    assert odd_on(company(IE={NO_FEAST: 2.0}), NO_FEAST).kind == "open"


def test_e5_what_fails_on_a_holiday_is_ours_all_the_same() -> None:
    plain = company(RO={ROMANIAN: 3.0}, IE={ROMANIAN: 3.0}, SG={ROMANIAN: 3.0})
    failed = np.zeros(LENGTH)
    failed[ROMANIAN] = 80.0
    both = Days(plain.first_day, {**plain.counts, "Checkout Failed": failed}, plain.bought, plain.present)
    day = odd_on(both, ROMANIAN)
    assert (day.kind, day.feasts) == ("failed", ())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "public holiday: Christmas Day (IE, RO)"),
        ("ro", "Crăciunul"),
        ("bg", "Рождество Христово"),
        ("ru", "Рождество Христово"),
        ("zh", "圣诞节"),
    ],
)
def test_e5_a_feast_is_named_in_the_readers_language(language: str, said: str) -> None:
    day = odd_on(company(IE={CHRISTMAS: 3.0}, RO={CHRISTMAS: 5.0}), CHRISTMAS)
    assert said in str(day_feasts(day.feasts, language)[0])


def test_e5_a_country_names_its_own_feasts_and_what_nobody_translates_stays_english() -> None:
    assert name_of("Nature's Day", "IR", "fa") == "روز طبیعت"
    assert name_of("Nature's Day", "IR", "ro") == "Nature's Day"
    assert name_of("Christmas Day", "ZZ", "en") == "Christmas Day"


def test_e5_a_country_without_a_calendar_has_no_holidays_and_a_moved_day_off_is_none() -> None:
    assert public_holidays("ZZ", day_number(FIRST), LENGTH) == {}
    russian = public_holidays("RU", day_number(FIRST), LENGTH)
    assert "Victory Day" in russian.values()
    assert not any("Day off" in name for name in russian.values())
