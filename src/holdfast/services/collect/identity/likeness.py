"""How much speaks for two customers being one: points for what agrees, off for what differs.

The points are a scale for sorting work, not a probability; they were set by what a clerk would accept
(a telephone number and a name; a rare name in one street; a name and a date of birth) and tried on the
simulated company, whose truth is known (``make bench`` prints how many are found and how many are right).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from holdfast.domain.identity import MOST_SHARERS, is_role_address
from holdfast.domain.likeness import Facts
from holdfast.services.collect.identity.spelling import company_words, words

LISTED_FROM = 0.6
"""Pairs of at least this score are listed."""

PHONE_DIGITS = 8
"""Last digits that say which number it is, with or without country and trunk prefix."""

_NO_DIGIT = re.compile(r"\D")
_SAME_NAME = 97.0
_NEAR_NAME = 88.0
_NEAR_WORD = 80.0
_OTHER_NAME = 60.0
_SAME_ADDRESS = 88.0

POINTS: dict[str, int] = {
    "phone": 45,
    "phone_shared": 15,
    "email": 15,
    "local_part": 30,
    "local_part_short": 15,
    "domain": 20,
    "name_rare": 45,
    "name": 35,
    "name_near": 28,
    "name_short": 20,
    "birth_date": 35,
    "address": 25,
    "postcode": 16,
    "city": 8,
    "country": 8,
    "name_other": -40,
    "name_family": -35,
    "birth_date_other": -50,
    "phone_other": -6,
    "city_other": -10,
    "country_other": -20,
    "gender_other": -15,
}
"""What each reason counts, in hundredths; those below 0 speak against."""

_PROVIDERS = """
gmail.com googlemail.com yahoo.com ymail.com hotmail.com outlook.com live.com msn.com icloud.com me.com
aol.com gmx.com gmx.de web.de proton.me protonmail.com mail.com mail.ru bk.ru list.ru inbox.ru yandex.ru
ya.ru rambler.ru abv.bg mail.bg dir.bg yahoo.ro qq.com 163.com 126.com sina.com foxmail.com chmail.ir
"""
_FREE = frozenset(_PROVIDERS.split())
"""Providers where everybody has an address: their domain says nothing."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """``score`` 0..1 and the codes of :data:`POINTS` behind it, what speaks for it first."""

    score: float
    reasons: tuple[str, ...]


class Prepared:
    """The facts of one customer, spelled for comparing.

    ``names`` are words, ``phones`` last digits, ``local_parts`` what stands before the @ where that is
    a person's, ``domains`` those that are a company's own.
    """

    __slots__ = (
        "addresses",
        "birth_dates",
        "cities",
        "countries",
        "domains",
        "emails",
        "genders",
        "kind",
        "local_parts",
        "names",
        "phones",
        "postcodes",
    )

    def __init__(self, facts: Facts) -> None:
        read = company_words if facts.kind == "account" else words
        self.kind = facts.kind
        self.names = [found for name in facts.names if (found := read(name))]
        self.phones = frozenset(filter(None, map(phone_tail, facts.phones)))
        self.emails = frozenset(facts.emails)
        self.local_parts = frozenset(filter(None, map(local_part, facts.emails)))
        self.domains = frozenset(email.rpartition("@")[2] for email in facts.emails) - _FREE
        self.birth_dates = frozenset(day[:10] for day in facts.birth_dates)
        self.addresses = [" ".join(sorted(words(address))) for address in facts.addresses]
        self.postcodes = frozenset("".join(words(postcode)) for postcode in facts.postcodes)
        self.cities = frozenset(" ".join(words(city)) for city in facts.cities)
        self.countries = frozenset(" ".join(words(country)) for country in facts.countries)
        self.genders = frozenset(gender.strip().casefold()[:1] for gender in facts.genders)


Sharers = Callable[[str, str], int]
"""(what, value) to how many customers have it: a "phone" (its last digits), or the name of a "person" or an
"account" (its words, sorted and joined by blanks)."""


def likeness(a: Prepared, b: Prepared, sharers: Sharers) -> Likeness:
    """How much speaks for ``a`` and ``b`` being one customer.

    A person and an account are never one: score 0, no reason.
    """
    if a.kind != b.kind:
        return Likeness(0.0, ())
    reasons = [
        *_phones(a, b, sharers),
        *_emails(a, b),
        *_names(a, b, sharers),
        *_dates(a, b),
        *_places(a, b),
        *_genders(a, b),
    ]
    points = sum(POINTS[reason] for reason in reasons)
    order = sorted(reasons, key=lambda reason: -POINTS[reason])
    return Likeness(min(max(points, 0), 99) / 100, tuple(order))


def phone_tail(phone: str) -> str:
    """The digits by which a number is filed; "" for what has too few."""
    digits = _NO_DIGIT.sub("", phone)
    return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS else ""


def name_words(name: str, kind: str) -> str:
    """The words of a name, sorted and joined by blanks: how names are compared and counted."""
    return " ".join(sorted(company_words(name) if kind == "account" else words(name)))


def local_part(email: str) -> str:
    """What stands before the @, without dots and what follows a plus; "" for roles and short ones."""
    name = email.partition("@")[0].casefold().partition("+")[0].replace(".", "")
    return name if len(name) >= 5 and not is_role_address(email) else ""


def _phones(a: Prepared, b: Prepared, sharers: Sharers) -> Iterable[str]:
    if same := a.phones & b.phones:
        few = any(sharers("phone", phone) <= MOST_SHARERS for phone in same)
        return ("phone" if few else "phone_shared",)
    return ("phone_other",) if a.phones and b.phones else ()


def _emails(a: Prepared, b: Prepared) -> Iterable[str]:
    if a.emails & b.emails:
        yield "email"
    elif same := a.local_parts & b.local_parts:
        yield "local_part" if max(map(len, same)) > 5 else "local_part_short"
    if a.kind == "account" and a.domains & b.domains:
        yield "domain"


def _names(a: Prepared, b: Prepared, sharers: Sharers) -> Iterable[str]:
    """The best agreement of any of the names."""
    found = [_two_names(left, right, a.kind, sharers) for left in a.names for right in b.names]
    best = max(found, key=lambda reason: POINTS.get(reason, 0), default="")
    return (best,) if best else ()


def _two_names(left: Sequence[str], right: Sequence[str], kind: str, sharers: Sharers) -> str:
    a, b = " ".join(sorted(left)), " ".join(sorted(right))
    alike = max(fuzz.ratio(a, b), fuzz.ratio("".join(left), "".join(right)))
    if alike >= _SAME_NAME:
        return "name_rare" if sharers(kind, a) <= MOST_SHARERS else "name"
    rest_a, rest_b = set(left) - set(right), set(right) - set(left)
    if rest_a and rest_b and len(rest_a) < len(left) and not _near(rest_a, rest_b):
        return "name_short" if _initials(rest_a, rest_b) else "name_family"
    if alike >= _NEAR_NAME:
        return "name_near"
    if not rest_a or not rest_b:
        return "name_short" if min(len(left), len(right)) > 1 else ""
    return "name_other" if alike < _OTHER_NAME else ""


def _near(left: set[str], right: set[str]) -> bool:
    """Whether some word of each is the other, mistyped."""
    return any(fuzz.ratio(a, b) > _NEAR_WORD for a in left for b in right)


def _initials(left: set[str], right: set[str]) -> bool:
    """Whether every word of the shorter side is the beginning letter of one of the other."""
    short, other = sorted((left, right), key=lambda some: sum(map(len, some)))
    return all(len(word) == 1 and any(each.startswith(word) for each in other) for word in short)


def _dates(a: Prepared, b: Prepared) -> Iterable[str]:
    if not a.birth_dates or not b.birth_dates:
        return ()
    return ("birth_date",) if a.birth_dates & b.birth_dates else ("birth_date_other",)


def _places(a: Prepared, b: Prepared) -> Iterable[str]:
    """The narrowest place that agrees, or the widest that differs."""
    if any(fuzz.ratio(left, right) >= _SAME_ADDRESS for left in a.addresses for right in b.addresses):
        yield "address"
    if a.postcodes & b.postcodes:
        yield "postcode"
    elif a.cities & b.cities:
        yield "city"
    elif a.countries and b.countries and not a.countries & b.countries:
        yield "country_other"
    elif a.cities and b.cities:
        yield "city_other"
    elif a.kind == "account" and a.countries & b.countries:
        yield "country"


def _genders(a: Prepared, b: Prepared) -> Iterable[str]:
    differ = a.genders and b.genders and not a.genders & b.genders
    return ("gender_other",) if differ else ()
