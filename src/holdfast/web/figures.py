"""Writes a figure, an amount or a period the way pages show them."""

from __future__ import annotations

from functools import lru_cache

from holdfast import language
from holdfast.domain.figures import Figure
from holdfast.domain.period import Period
from holdfast.domain.texts import Text
from holdfast.language import Reader

_COUNTED = {
    "days": Text("{n} day", "{n} days"),
    "months": Text("{n} month", "{n} months"),
    "years": Text("{n} year", "{n} years"),
    "points": Text("{n} point", "{n} points"),
    "times": Text("{n} time", "{n} times"),
}
_PLAIN = ("customers", "orders")


def figure_value(figure: Figure, reader: Reader) -> str:
    """The number with its unit: 2.3%, €12,945, 18,206, 3.7 years. Empty where there is none."""
    value = figure.value
    if value is None:
        return ""
    if figure.unit == "share":
        return reader.share(float(value), share_digits(float(value)))
    if figure.unit in _PLAIN:
        return reader.number(value)
    if counted := _COUNTED.get(figure.unit):
        rounded = round(float(value), 1)
        return reader.say(replace_count(counted, int(rounded) if rounded.is_integer() else rounded))
    return reader.money((value, figure.unit))


def replace_count(counted: Text, n: float) -> Text:
    """The same sentence about ``n`` of them."""
    return Text(counted.msgid, counted.plural, n=n)


def share_digits(value: float) -> int:
    """Digits after the point with which a share says something: one, two below 1 %, none at the ends."""
    if value in (0.0, 1.0):
        return 0
    return 2 if abs(value) < 0.01 else 1


def short_period(period: Period, calendar: str, code: str) -> str:
    """A period in a word, by the company's calendar: "Oct", "Q4 2026", "2026"."""
    if period.kind == "month":
        return language.month(period.start, code, calendar, year=False, short=True)
    return period_with_year(period, calendar, code)


def period_with_year(period: Period, calendar: str, code: str) -> str:
    """The same with its year: "Oct 2026"."""
    if period.kind == "month":
        return language.month(period.start, code, calendar, short=True)
    if period.kind == "quarter":
        return language.quarter(period.start, code, calendar)
    if period.kind == "year":
        return language.year(period.start, code, calendar)
    return language.period(period, code, calendar)


def currency_sign(currency: str, reader: Reader) -> str:
    """A currency as the reader's amounts carry it: "€", "EUR", "یورو"; "" for none."""
    return reader.money((0, currency), 0).replace(reader.number(0), "").strip()


def percent_sign(reader: Reader) -> str:
    """What stands beside a share that is typed: "%", "٪"."""
    return reader.language.percent.format("").strip()


def readable(code: str) -> str:
    """A code of the company's own as words: ``deal_site`` is "deal site"."""
    return code.replace("_", " ")


@lru_cache(maxsize=4096)
def country_name(country: str, code: str) -> str:
    """The country in the reader's language; what is no two-letter code stays as it was given."""
    from babel import Locale

    if len(country) != 2:
        return country
    return Locale.parse(language.language(code).locale).territories.get(country.upper()) or country
