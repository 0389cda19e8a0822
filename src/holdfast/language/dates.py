"""Days, months and periods as dates of the reader's calendar.

``calendar`` is a name ("gregorian", "solar_hijri"); without it the one that readers of the
language live by. Gregorian dates are CLDR's, through Babel; Solar Hijri ones ours.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

from holdfast.domain.period import Period
from holdfast.language.calendars import KINDS
from holdfast.language.calendars import calendar as calendar_called
from holdfast.language.languages import language
from holdfast.language.numbers import in_own_digits

_SOLAR_MONTHS = {
    "en": "Farvardin Ordibehesht Khordad Tir Mordad Shahrivar Mehr Aban Azar Dey Bahman Esfand",
    "fa": "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
    "bg": "фарвардин ордибехещ хордад тир мордад шахривар мехр абан азар дей бахман есфанд",
    "ru": "фарвардин ордибехешт хордад тир мордад шахривар мехр абан азар дей бахман эсфанд",
    "zh": "法尔瓦丁月 奥尔迪贝赫什特月 霍尔达德月 提尔月 莫尔达德月 沙赫里瓦尔月 "
    "梅赫尔月 阿班月 阿扎尔月 戴伊月 巴赫曼月 埃斯凡德月",
}
_SEASONS = ("بهار", "تابستان", "پاییز", "زمستان")


@lru_cache(maxsize=8192)
def day(on: date, code: str, calendar: str | None = None, *, year: bool = True, short: bool = False) -> str:
    """A day: "9 March 2024", "۱۹ اسفند ۱۴۰۲", "2024年3月9日"; ``short`` for tables: "9 Mar 2024"."""
    if _calendar(code, calendar) == "gregorian":
        return _gregorian_day(on, code, year=year, short=short)
    solar_year, month_number, day_of_month = calendar_called("solar_hijri").parts(on)
    name = _solar_month(month_number, code)
    if language(code).locale.startswith("zh"):
        written = f"{solar_year}年{name}{day_of_month}日" if year else f"{name}{day_of_month}日"
    else:
        written = f"{day_of_month} {name} {solar_year}" if year else f"{day_of_month} {name}"
    return in_own_digits(written, code)


@lru_cache(maxsize=2048)
def month(on: date, code: str, calendar: str | None = None, *, year: bool = True, short: bool = False) -> str:
    """The month that ``on`` lies in: "October 2026", "مهر ۱۴۰۵"; alone: "October"."""
    if _calendar(code, calendar) == "gregorian":
        alone, with_year = ("LLL", "yMMM") if short else ("LLLL", "yMMMM")
        return _skeleton(on, code, with_year) if year else _pattern(on, code, alone)
    solar_year, month_number, _ = calendar_called("solar_hijri").parts(on)
    name = _solar_month(month_number, code)
    if not year:
        return name
    return in_own_digits(
        f"{solar_year}年{name}" if language(code).locale.startswith("zh") else f"{name} {solar_year}", code
    )


@lru_cache(maxsize=1024)
def quarter(on: date, code: str, calendar: str | None = None) -> str:
    """The quarter that ``on`` lies in: "Q1 2024"; Persian quarters are the seasons, "بهار ۱۴۰۳"."""
    if _calendar(code, calendar) == "gregorian":
        return _skeleton(on, code, "yQQQ")
    solar_year, month_number, _ = calendar_called("solar_hijri").parts(on)
    number = (month_number + 2) // 3
    if language(code).locale.startswith("fa"):
        return in_own_digits(f"{_SEASONS[number - 1]} {solar_year}", code)
    like = date(solar_year, number * 3, 1)
    return _skeleton(like, code, "yQQQ")


@lru_cache(maxsize=1024)
def year(on: date, code: str, calendar: str | None = None) -> str:
    """The year that ``on`` lies in: "2024", "۱۴۰۳", "2024年"."""
    if _calendar(code, calendar) == "gregorian":
        return _skeleton(on, code, "y")
    return in_own_digits(str(calendar_called("solar_hijri").parts(on)[0]), code)


def period(stretch: Period, code: str, calendar: str | None = None) -> str:
    """A period by its name where it is one in the reader's calendar, else by its first and last day.

    A Gregorian October is "October 2026" in English and "۹ مهر تا ۹ آبان ۱۴۰۵" in Persian.
    """
    name = _calendar(code, calendar)
    named = _NAMED.get(stretch.kind)
    if named is not None and _is_whole(stretch, name):
        return named(stretch.start, code, name)
    return span(stretch.start, max(stretch.start, stretch.end - timedelta(days=1)), code, name)


@lru_cache(maxsize=4096)
def span(first_day: date, last_day: date, code: str, calendar: str | None = None) -> str:
    """From the first to the last day, both in: "9–12 March 2024", "۱ تا ۷ مهر ۱۴۰۵"."""
    if first_day == last_day:
        return day(first_day, code, calendar)
    if _calendar(code, calendar) == "gregorian":
        from babel.dates import format_interval

        locale = language(code).locale
        return in_own_digits(str(format_interval(first_day, last_day, "yMMMMd", locale=locale)), code)
    return _solar_span(first_day, last_day, code, calendar)


def clock_time(at: datetime, code: str) -> str:
    """Hours and minutes, 24 hours: "08:12", "۰۸:۱۲"."""
    return in_own_digits(f"{at:%H:%M}", code)


def moment(at: datetime, code: str, zone: tzinfo | None = None, calendar: str | None = None) -> str:
    """A moment in the time zone of the company: "9 March 2024, 08:12".

    Without ``zone``, in the moment's own. Raises ``ValueError`` for a moment without a zone.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone: a moment needs one to be written as a local time")
    local = at.astimezone(zone) if zone is not None else at
    comma = " " if language(code).locale.startswith("zh") else language(code).comma
    return f"{day(local.date(), code, calendar)}{comma}{clock_time(local, code)}"


_NAMED: dict[str, Callable[[date, str, str], str]] = {
    "day": day,
    "month": month,
    "quarter": quarter,
    "year": year,
}


def _is_whole(stretch: Period, calendar: str) -> bool:
    return any(stretch == calendar_called(calendar).period_of(stretch.start, kind) for kind in KINDS[:-1])


def _calendar(code: str, calendar: str | None) -> str:
    return calendar or language(code).calendar


def _solar_month(number: int, code: str) -> str:
    return _SOLAR_MONTHS.get(code, _SOLAR_MONTHS["en"]).split()[number - 1]


def _gregorian_day(on: date, code: str, *, year: bool, short: bool) -> str:
    from babel.dates import format_date

    if not year:
        return _skeleton(on, code, "MMMd" if short else "MMMMd")
    written = format_date(on, "medium" if short else "long", locale=language(code).locale)
    return in_own_digits(str(written), code)


def _skeleton(on: date, code: str, skeleton: str) -> str:
    from babel.dates import format_skeleton

    return in_own_digits(str(format_skeleton(skeleton, on, locale=language(code).locale)), code)


def _pattern(on: date, code: str, pattern: str) -> str:
    from babel.dates import format_date

    return in_own_digits(str(format_date(on, pattern, locale=language(code).locale)), code)


def _solar_span(first_day: date, last_day: date, code: str, calendar: str | None) -> str:
    solar = calendar_called("solar_hijri")
    first, last = solar.parts(first_day), solar.parts(last_day)
    until = day(last_day, code, calendar)
    if language(code).locale.startswith("zh"):
        return f"{day(first_day, code, calendar)}至{until}"
    to = " تا " if language(code).locale.startswith("fa") else "\N{EN DASH}"
    if first[:2] == last[:2]:
        return f"{in_own_digits(str(first[2]), code)}{to}{until}"
    wide = to if to.startswith(" ") else f" {to} "
    return f"{day(first_day, code, calendar, year=first[0] != last[0])}{wide}{until}"
