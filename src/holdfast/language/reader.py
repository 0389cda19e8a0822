"""One reader: a language, a calendar and a time zone, bound to everything that writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from holdfast.domain.money import Money
from holdfast.domain.period import Period
from holdfast.domain.texts import Days, Share, Text
from holdfast.language import dates, durations, numbers, sentences, translations
from holdfast.language.languages import Language, language
from holdfast.language.numbers import Number
from holdfast.language.sorting import sort_key

if TYPE_CHECKING:
    from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the ``code`` of a language, a time zone, and a calendar where not the language's own."""

    code: str
    zone: tzinfo | None = None
    calendar: str | None = None

    @property
    def language(self) -> Language:
        """The language: own name, tag, direction."""
        return language(self.code)

    def say(self, text: Text) -> str:
        """A ``Text`` in this reader's language."""
        return sentences.say(text, self.code, calendar=self.calendar, zone=self.zone)

    def say_html(self, text: Text, strong: Collection[str] = ()) -> Markup:
        """A ``Text`` that brings its own mark-up; its values are escaped, those in ``strong`` bold."""
        return sentences.say_html(text, self.code, calendar=self.calendar, zone=self.zone, strong=strong)

    def gettext(self, message: str) -> str:
        """A message without values."""
        return translations.gettext(message, self.code)

    def ngettext(self, singular: str, plural: str, n: Number) -> str:
        """The form of a message for ``n``."""
        return translations.ngettext(singular, plural, n, self.code)

    def pgettext(self, context: str, message: str) -> str:
        """A message in a context."""
        return translations.pgettext(context, message, self.code)

    def number(self, value: Number, digits: int | None = None) -> str:
        """A number."""
        return numbers.number(value, self.code, digits)

    def share(self, value: Share | float, digits: int = 1) -> str:
        """A percentage."""
        return numbers.share(value, self.code, digits)

    def money(
        self, amount: Money | tuple[Number, str], digits: int | None = None, *, exact: bool = False
    ) -> str:
        """An amount with its currency."""
        return numbers.money(amount, self.code, digits, exact=exact)

    def signed(self, value: Number | Share | Money, digits: int | None = None) -> str:
        """A change, with its sign."""
        return numbers.signed(value, self.code, digits)

    def day(self, on: date, *, year: bool = True, short: bool = False) -> str:
        """A day."""
        return dates.day(on, self.code, self.calendar, year=year, short=short)

    def month(self, on: date, *, year: bool = True, short: bool = False) -> str:
        """The month of a day."""
        return dates.month(on, self.code, self.calendar, year=year, short=short)

    def quarter(self, on: date) -> str:
        """The quarter of a day."""
        return dates.quarter(on, self.code, self.calendar)

    def year(self, on: date) -> str:
        """The year of a day."""
        return dates.year(on, self.code, self.calendar)

    def period(self, stretch: Period) -> str:
        """A period."""
        return dates.period(stretch, self.code, self.calendar)

    def span(self, first_day: date, last_day: date) -> str:
        """From one day to another."""
        return dates.span(first_day, last_day, self.code, self.calendar)

    def moment(self, at: datetime) -> str:
        """A moment in this reader's time zone."""
        return dates.moment(at, self.code, self.zone, self.calendar)

    def ago(self, then: datetime, now: datetime) -> str:
        """How long ago."""
        return durations.ago(then, now, self.code)

    def duration(self, length: Days | timedelta | Number) -> str:
        """A length of time."""
        return durations.duration(length, self.code)

    def list_of(self, items: Iterable[str]) -> str:
        """Items in a row."""
        return sentences.list_of(items, self.code)

    def sort_key(self, text: str) -> str:
        """A key that sorts names in this reader's alphabet."""
        return sort_key(text, self.code)
