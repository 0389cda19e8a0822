"""Catalogues, plurals, numbers and dates of six languages.

Pages, mails and commands hand a ``Text`` to :func:`say`; everything else here writes one value
(:func:`number`, :func:`money`, :func:`day`, ...). Each function takes the code of the language
("fa") after the value; a :class:`Reader` has it, the calendar and the time zone bound.
"""

from holdfast.language.calendars import Calendar, calendar
from holdfast.language.dates import clock_time, day, moment, month, period, quarter, span, year
from holdfast.language.durations import ago, duration
from holdfast.language.languages import Language, direction, language, languages, preferred
from holdfast.language.numbers import in_own_digits, money, number, plain_digits, share, signed
from holdfast.language.reader import Reader
from holdfast.language.sentences import list_of, say, say_html
from holdfast.language.sorting import sort_key
from holdfast.language.translations import fallbacks, gettext, ngettext, pgettext

__all__ = [
    "Calendar",
    "Language",
    "Reader",
    "ago",
    "calendar",
    "clock_time",
    "day",
    "direction",
    "duration",
    "fallbacks",
    "gettext",
    "in_own_digits",
    "language",
    "languages",
    "list_of",
    "moment",
    "money",
    "month",
    "ngettext",
    "number",
    "period",
    "pgettext",
    "plain_digits",
    "preferred",
    "quarter",
    "say",
    "say_html",
    "share",
    "signed",
    "sort_key",
    "span",
    "year",
]
