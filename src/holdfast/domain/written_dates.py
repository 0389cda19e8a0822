"""Dates and moments as people and systems write them, in two calendars and six languages.

One reader for guessing a map and for importing. Every reading answers in microseconds since
1970-01-01, so that days before it and far in the future can be told from what is no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from holdfast.domain.period import day_number
from holdfast.domain.written_numbers import latin_digits

SECOND = 1_000_000
DAY = 86_400 * SECOND
PERSIAN_YEARS = range(1250, 1501)
"""Years that are read as Solar Hijri (1871 to 2122)."""

_MONTHS = """
    jan january ian ianuarie янв января январь януари ژانویه janvier januar enero
    feb february februarie фев февр февраля февраль февруари فوریه
    mar march martie мар марта март مارس
    apr april aprilie апр апреля апрель април آوریل
    may mai май мая مه می
    jun june iun iunie июн июня июнь юни ژوئن
    jul july iul iulie июл июля июль юли ژوئیه
    aug august авг августа август اوت
    sep sept september septembrie сен сент сентября сентябрь септември سپتامبر
    oct october octombrie окт октября октябрь октомври اکتبر
    nov november noi noiembrie ноя нояб ноября ноябрь ноември نوامبر
    dec december decembrie дек декабря декабрь декември دسامبر
"""
_PERSIAN = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
_MONTH = {
    name: number for number, line in enumerate(_MONTHS.strip().splitlines(), 1) for name in line.split()
}
_MONTH |= {name: number for number, name in enumerate(_PERSIAN.split(), 1)}

_NUMERIC = re.compile(
    r"^(?P<a>\d{1,4})\s?(?P<sep>[-/.年])\s?(?P<b>\d{1,2})(?:\s?[-/.月]\s?(?P<c>\d{1,4})?日?)?(?:\s?г\.?)?"
    r"(?:[,T\s]\s*(?P<rest>\S.*))?$"
)
_NAMED = re.compile(
    r"^(?:[^\W\d_]{2,12}\.?,\s*)?(?:(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s.\-/]*(?:de\s+)?(?P<m>[^\W\d_]{2,12})"
    r"|(?P<m2>[^\W\d_]{3,12})\.?\s+(?P<d2>\d{1,2})(?:st|nd|rd|th)?)\.?,?[\s.\-/]*(?:de\s+)?(?P<y>\d{4}|\d{2})"
    r"(?:\s?(?:года|г\.?))?(?:,?\s+(?:at\s|в\s|la\s|ora\s|ساعت\s)?\s*(?P<rest>\S.*))?$"
)
_TIME = re.compile(
    r"^T?(?P<h>\d{1,2})[:.](?P<m>\d{2})(?:[:.](?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?\s*(?:(?P<half>[AaPp])\.?[Mm]\.?)?"
    r"\s*(?P<z>Z|z|UTC|GMT|(?:UTC|GMT)?\s?[-+]\d{2}:?\d{2}|[-+]\d{2})?(?:\s?\[[\w/]+\])?$"
)
_MARKS = str.maketrans(
    {"\u200e": "", "\u200f": "", "\u00a0": " ", "\u202f": " ", "ي": "ی", "ك": "ک", '"': ""}
)


@dataclass(frozen=True, slots=True)
class WrittenMoment:
    """A moment as written: local microseconds, and the offset the value names (``None``: none).

    ``family`` says how it was written: "iso", "parts" (03/04/2024), "dots", "named", "persian",
    "compact", "epoch".
    """

    local_us: int
    offset_us: int | None
    family: str

    def utc_us(self, zone: tzinfo) -> int:
        """Microseconds UTC; without an offset of its own the moment is one of ``zone``.

        A local time that a change of clocks leaves out counts with the offset before the change,
        one that comes twice is the first (PEP 495, fold 0).
        """
        if self.offset_us is not None:
            return self.local_us - self.offset_us
        try:
            local = datetime(1970, 1, 1) + timedelta(microseconds=self.local_us)
            offset = local.replace(tzinfo=zone).utcoffset() or timedelta()
        except OverflowError:
            offset = timedelta()
        return self.local_us - round(offset.total_seconds()) * SECOND


def read_moment(text: str, *, day_first: bool = True, dots_day_first: bool = True) -> WrittenMoment | None:
    """The moment that ``text`` says, ``None`` when it is none.

    ``day_first`` decides 03/04/2024 and 03-04-2024, ``dots_day_first`` 03.04.2024; a value that
    does not fit the order is none.
    """
    text = " ".join(latin_digits(text).translate(_MARKS).split())
    if text.replace(".", "", 1).isdecimal():
        digits = _from_digits(text)
        if digits is not None:
            return digits
    found = _NUMERIC.match(text)
    if found is not None:
        return _from_parts(found, day_first=day_first, dots_day_first=dots_day_first)
    found = _NAMED.match(text)
    return _from_names(found) if found is not None else None


def order_evidence(text: str) -> str:
    """ "day" or "month" when 31/12/2024 or 12/31/2024 says which comes first, "" when neither does."""
    found = _NUMERIC.match(latin_digits(text).strip())
    if found is None or found["c"] is None or len(found["a"]) > 2 or found["sep"] == ".":
        return ""
    first, second = int(found["a"]), int(found["b"])
    if first > 12 >= second:
        return "day"
    return "month" if second > 12 >= first else ""


def day_comes_first(texts: Iterable[str]) -> tuple[bool, bool]:
    """Whether the day comes first in a column of dates, and whether its values decided that."""
    days = months = 0
    for text in texts:
        shown = order_evidence(text)
        days += shown == "day"
        months += shown == "month"
    return months <= days, bool(days or months)


def persian_days(year: int, month: int, day: int) -> int | None:
    """Days since 1970 of a Solar Hijri date, ``None`` for a day that does not exist.

    Leap years by the 33-year cycle, which agrees with the calendar in use for the years 1250 to
    1500. Source: K. M. Borkowski, The Persian calendar for 3000 years, Earth, Moon and Planets
    74 (1996).
    """
    if not (1 <= month <= 12 and 1 <= day <= _persian_month_days(year, month)):
        return None
    since = year - 979
    before = (month - 1) * 31 if month <= 7 else (month - 7) * 30 + 186
    return 365 * since + since // 33 * 8 + (since % 33 + 3) // 4 + before + day - 1 - _PERSIAN_979


_PERSIAN_979 = 135_061
"""Days from the first day of 979 to 1970-01-01."""


def _persian_month_days(year: int, month: int) -> int:
    if month <= 6:
        return 31
    return 30 if month <= 11 or (year - 979) % 33 in (0, 4, 8, 12, 16, 20, 24, 28) else 29


def _from_digits(text: str) -> WrittenMoment | None:
    """20240131, 14030512, 20240131093000, or seconds to nanoseconds since 1970."""
    whole, _, fraction = text.partition(".")
    if not fraction and len(whole) in (8, 14):
        days = _days(int(whole[:4]), int(whole[4:6]), int(whole[6:8]))
        time = whole[8:] or "000000"
        seconds = int(time[:2]) * 3600 + int(time[2:4]) * 60 + int(time[4:])
        if days is not None and seconds < 86_400:
            family = "persian" if int(whole[:4]) in PERSIAN_YEARS else "compact"
            return WrittenMoment(days * DAY + seconds * SECOND, None, family)
    if len(whole) in (9, 10):
        return WrittenMoment(int(whole) * SECOND + int((fraction + "000000")[:6]), 0, "epoch")
    scale = {12: 1000, 13: 1000, 15: 1, 16: 1}.get(len(whole))
    if scale:
        return WrittenMoment(int(whole) * scale, 0, "epoch")
    return WrittenMoment(int(whole) // 1000, 0, "epoch") if len(whole) in (18, 19) else None


def _from_parts(found: re.Match[str], *, day_first: bool, dots_day_first: bool) -> WrittenMoment | None:
    a, b, c = found["a"], found["b"], found["c"]
    if len(a) == 4:
        return _moment(int(a), int(b), int(c or 1), found["rest"], "iso")
    if c is None or len(c) not in (2, 4) or len(a) > 2:
        return None
    dots = found["sep"] == "."
    first = dots_day_first if dots else day_first
    day, month = (int(a), int(b)) if first else (int(b), int(a))
    return _moment(_full_year(c), month, day, found["rest"], "dots" if dots else "parts")


def _from_names(found: re.Match[str]) -> WrittenMoment | None:
    month = _MONTH.get((found["m"] or found["m2"]).casefold())
    if month is None:
        return None
    return _moment(_full_year(found["y"]), month, int(found["d"] or found["d2"]), found["rest"], "named")


def _full_year(written: str) -> int:
    year = int(written)
    return year if len(written) == 4 else year + (2000 if year < 69 else 1900)


def _moment(year: int, month: int, day: int, rest: str | None, family: str) -> WrittenMoment | None:
    days = _days(year, month, day)
    if days is None:
        return None
    family = "persian" if year in PERSIAN_YEARS else family
    if not rest:
        return WrittenMoment(days * DAY, None, family)
    found = _TIME.match(rest)
    time_us = _time_us(found) if found else None
    if found is None or time_us is None:
        return None
    return WrittenMoment(days * DAY + time_us, _offset_us(found["z"]), family)


def _days(year: int, month: int, day: int) -> int | None:
    if year in PERSIAN_YEARS:
        return persian_days(year, month, day)
    try:
        return day_number(date(year, month, day))
    except ValueError:
        return None


def _time_us(found: re.Match[str]) -> int | None:
    hour, minute, second = int(found["h"]), int(found["m"]), int(found["s"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"] in "Pp" else 0)
    if hour > 23 or minute > 59 or second > 60:
        return None
    return (hour * 3600 + minute * 60 + min(second, 59)) * SECOND + int(((found["f"] or "0") + "000000")[:6])


def _offset_us(written: str | None) -> int | None:
    if not written:
        return None
    bare = written.upper().replace("UTC", "").replace("GMT", "").replace(":", "").replace("Z", "").strip()
    if not bare:
        return 0
    seconds = int(bare[1:3]) * 3600 + int(bare[3:5] or 0) * 60
    return (-seconds if bare[0] == "-" else seconds) * SECOND
