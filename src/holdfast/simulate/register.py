"""The customer file: names, addresses and traits of everyone, made from their rows."""

from __future__ import annotations

import unicodedata
from functools import cache

from holdfast.domain.period import date_of, day_number
from holdfast.simulate.arrays import Ints
from holdfast.simulate.arrivals import SOURCES
from holdfast.simulate.countries import Country, countries
from holdfast.simulate.people import NEVER, Kind, People, Stage, customer_id
from holdfast.simulate.scenario import Scenario

COLUMNS = (
    "customer",
    "email",
    "phone",
    "name",
    "signed_up_at",
    "left_at",
    "left_reason",
    "stage",
    "source",
    "country",
    "city",
    "language",
    "birth_date",
    "gender",
    "marketing_consent",
    "preferred_channel",
    "referred_by",
)

_CYRILLIC = dict(zip("абвгдезийклмнопрстуфхъыьэ", "abvgdeziyklmnoprstufhay-e", strict=True)) | {
    "ё": "e",
    "ж": "zh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sht",
    "ю": "yu",
    "я": "ya",
}
_WHOLESALE_NAME = ("Café Lumen", "cafe.lumen")


def customer_rows(people: People, scenario: Scenario, rows: Ints) -> list[tuple[str, ...]]:
    """A line of ``customers.csv`` (:data:`COLUMNS`) per person, and a second one for those whom the
    company knows twice: as an account and as a guest with the same e-mail.
    """
    written = []
    for row in rows.tolist():
        line = _line(people, scenario, row)
        written.append(line)
        if people.guest_since[row] != NEVER:
            written.append(_guest_line(people, row, line))
    return written


def full_name(people: People, row: int) -> tuple[str, str]:
    """A person's name as it is written there, and in Latin letters with a dot, for an address."""
    country = countries()[people.country[row]]
    if people.kind[row] == Kind.WHOLESALE:
        return _WHOLESALE_NAME
    given = (country.female if people.female[row] else country.male)[people.given[row]]
    family = country.family[people.family[row]]
    return _joined(country.language, given, family, bool(people.female[row]))


def _line(people: People, scenario: Scenario, row: int) -> tuple[str, ...]:
    country = countries()[people.country[row]]
    person = int(people.person[row])
    name, latin = full_name(people, row)
    arrived = day_number(scenario.start) + int(people.arrived[row])
    gone = int(people.deleted[row])
    left = day_number(scenario.start) + gone if gone >= 0 else None
    company = people.kind[row] == Kind.WHOLESALE
    return (
        customer_id(person),
        f"{latin}.{person}@{country.mail}",
        _phone(country, person) if people.has_phone[row] else "",
        name,
        f"{date_of(arrived)}T{_clock(country.waking_utc[0] * 60 - person % 15)}Z",
        f"{date_of(left)}T{_clock(country.waking_utc[1] * 60)}Z" if left is not None else "",
        "account_deleted" if left is not None else "",
        "prospect" if people.stage[row] == Stage.NOT_YET else "customer",
        SOURCES[people.source[row]].name,
        country.code,
        country.cities[people.city[row]],
        country.language,
        "" if company else date_of(int(people.birth[row])).isoformat(),
        "" if company else ("female" if people.female[row] else "male"),
        "yes" if people.consent[row] else "no",
        "messenger" if people.chats[row] else "email",
        customer_id(int(people.referrer[row])) if people.referrer[row] >= 0 else "",
    )


def _guest_line(people: People, row: int, line: tuple[str, ...]) -> tuple[str, ...]:
    """The same person as a guest of the shop: an id, the e-mail and a name typed in Latin letters."""
    written = dict.fromkeys(COLUMNS, "")
    latin = full_name(people, row)[1].replace(".", " ").title()
    written |= {
        "customer": customer_id(int(people.person[row]), guest=True),
        "email": line[COLUMNS.index("email")],
        "name": latin,
        "country": line[COLUMNS.index("country")],
    }
    return tuple(written.values())


def _phone(country: Country, person: int) -> str:
    """A number in the country's form, another one for every person."""
    heads, digits = country.phone_heads, country.phone_digits
    head = heads[person % len(heads)]
    # Multiplying by a number without common factor with a power of ten only reorders.
    rest = (person // len(heads) * 7_654_321 + 1_234_567) % 10**digits
    return f"{country.phone}{head}{rest:0{digits}d}"


def _clock(minutes: float) -> str:
    return f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}:00"


@cache
def _joined(language: str, given: str, family: str, female: bool) -> tuple[str, str]:
    if language in ("bg", "ru"):
        family = _feminine(family) if female else family
        return f"{given} {family}", f"{_transliterated(given)}.{_transliterated(family)}"
    if language in ("fa", "zh"):
        (own_given, latin_given), (own_family, latin_family) = given.rsplit(" ", 1), family.rsplit(" ", 1)
        name = f"{own_family}{own_given}" if language == "zh" else f"{own_given} {own_family}"
        return name, f"{latin_given}.{latin_family}"
    return f"{given} {family}", f"{_plain_latin(given)}.{_plain_latin(family)}"


def _feminine(family: str) -> str:
    return f"{family}а" if family.endswith(("ов", "ев", "ёв", "ин")) else family


def _transliterated(name: str) -> str:
    return "".join(_CYRILLIC.get(letter, letter) for letter in name.lower()).replace("-", "")


def _plain_latin(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in decomposed if "a" <= letter <= "z")
