"""Probable duplicates in a large base: seconds, memory, how many of the planted are found and are right.

The people are made from the simulator's names of six countries. Family names are drawn with the skew that
real ones have (a few are everywhere, most are rare), so that thousands share a whole name by chance. One
in a hundred is in the base a second time as somebody at a counter would have typed them: a letter
wrong, another provider, no number, Latin letters, a birth date or not.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bench.measuring import Line, cpu_seconds, forget_peak, peak_megabytes
from holdfast import store
from holdfast.services.collect.identity.blocks import MOST_TO_A_KEY
from holdfast.services.collect.identity.search import Search, search_duplicates
from holdfast.services.collect.identity.spelling import latin
from holdfast.settings import Settings, write_settings
from holdfast.simulate.countries import Country, countries
from holdfast.store import sql

SEED = 23
TWICE_EVERY = 100
_SYLLABLES = ["an", "el", "ov", "in", "ar", "es", "ak", "un", "is", "or", "em", "ul", "ig", "at", "ur"]
NOW = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass(frozen=True)
class _Person:
    name: str
    email: str
    phone: str
    city: str
    postcode: str
    country: str
    birth_date: str


def run(size: str, folder: Path) -> list[Line]:
    """The first search over everybody, then one after a thousand customers changed."""
    people = 1_000_000 if size == "large" else 100_000
    settings = Settings(folder / "workspace", currency="EUR")
    write_settings(settings)
    store.connect(settings)
    planted = _fill(people)
    before = forget_peak()
    found: list[Search] = []
    first = cpu_seconds(lambda: found.append(search_duplicates(settings, NOW)))
    memory = peak_megabytes() - before
    listed = set(sql.read("SELECT low_id, high_id FROM duplicate"))
    _say_more(people)
    again = cpu_seconds(lambda: found.append(search_duplicates(settings, NOW)))
    floor = cpu_seconds(lambda: sql.read("SELECT subject_id, trait, value FROM trait_row"))
    name = f"{people:,} customers, {len(planted):,} of them twice, seed {SEED}"
    allowed = 120 * people / 1_000_000 + 5
    beside = f"reading the traits alone ({floor:.2f} s)"
    return [
        Line(
            f"first search: {name}",
            first,
            "CPU s",
            beside,
            first / floor,
            "under 120 CPU s a million",
            first < allowed,
        ),
        Line("memory that it takes", memory, "MB", goal="under 500 MB", met=memory < 500),
        _compared(found[0], people),
        *_judged(listed, planted),
        Line("search after 1,000 changed", again, "CPU s", "the first search", again / first),
    ]


def _compared(search: Search, people: int) -> Line:
    everyone = people * (people - 1) / 2
    name = f"pairs compared (at most {MOST_TO_A_KEY} to a key)"
    return Line(name, search.compared, "pairs", "all with all", search.compared / everyone)


def _judged(listed: set[tuple[int, int]], planted: set[tuple[int, int]]) -> list[Line]:
    recalled, right = (len(listed & planted) / len(of) for of in (planted, listed))
    return [
        Line("planted and listed", recalled, "of planted", goal="over .7", met=recalled > 0.7),
        Line("listed and planted", right, "of listed", goal="over .8", met=right > 0.8),
    ]


def _fill(people: int) -> set[tuple[int, int]]:
    """People into the base, as one import that is done; the pairs that are one."""
    draw = random.Random(SEED)
    sql.write(
        "INSERT INTO import (id, kind, source, files, state, report, started_us, finished_us, swept) "
        "VALUES (1, 'customers', 'bench', '[]', 'done', '{}', 1, 2, 1)"
    )
    planted: set[tuple[int, int]] = set()
    rows: list[tuple[int, _Person]] = []
    subject = 0
    for number in range(people):
        subject += 1
        person = _made(draw, number)
        rows.append((subject, person))
        if number % TWICE_EVERY == 0:
            subject += 1
            planted.add((subject - 1, subject))
            rows.append((subject, _typed_again(draw, person)))
        if len(rows) >= 20_000:
            _write(rows)
            rows = []
    _write(rows)
    return planted


def _write(rows: list[tuple[int, _Person]]) -> None:
    from django.db import connection

    with sql.short_write(), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO subject (id, namespace, key, created_import) VALUES (%s, 'customer', %s, 1)",
            [(subject, f"C{subject}") for subject, _ in rows],
        )
        cursor.executemany(
            "INSERT INTO trait_row (subject_id, trait, value, valid_from_us, known_us, import_id, also) "
            "VALUES (%s, %s, %s, 1, 1, 1, '')",
            [row for subject, person in rows for row in _traits(subject, person)],
        )
        cursor.executemany(
            "INSERT INTO contact_point (subject_id, kind, value, import_id, also) VALUES (%s, %s, %s, 1, '')",
            [
                (subject, kind, value)
                for subject, person in rows
                for kind, value in (("email", person.email), ("phone", person.phone))
                if value
            ],
        )


def _traits(subject: int, person: _Person) -> Iterator[tuple[int, str, str]]:
    for trait in ("name", "city", "postcode", "country", "birth_date"):
        if value := getattr(person, trait):
            yield subject, trait, value


def _made(draw: random.Random, number: int) -> _Person:
    country = draw.choices(countries(), [each.share for each in countries()])[0]
    given = draw.choice(country.female if draw.random() < 0.5 else country.male)
    name = f"{given.rsplit(' ', 1)[0]} {_family(draw, country)}"
    town = draw.randrange(len(country.cities))
    mail = latin(name).replace(" ", ".") if latin(name).isascii() else f"u{number}"
    return _Person(
        name,
        f"{mail}{draw.randrange(1000)}@{country.mail}" if draw.random() < 0.9 else "",
        f"{country.phone}7{draw.randrange(10**8):08d}" if draw.random() < 0.7 else "",
        country.cities[town],
        f"{town:02d}{draw.randrange(2000):04d}",
        country.code,
        f"{draw.randrange(1950, 2006)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}"
        if draw.random() < 0.4
        else "",
    )


def _family(draw: random.Random, country: Country) -> str:
    """Family names by Zipf: the country's own ones often, those with a syllable more seldom."""
    base = country.family[min(int(draw.paretovariate(0.9)) - 1, len(country.family) - 1)].rsplit(" ", 1)[0]
    if draw.random() < 0.3:
        return base
    return base[:3] + draw.choice(_SYLLABLES) + draw.choice(_SYLLABLES) + base[-2:]


def _typed_again(draw: random.Random, person: _Person) -> _Person:
    """The same person as somebody typed them a second time; two things stay at least."""
    name = person.name
    if draw.random() < 0.4:
        at = draw.randrange(1, len(name) - 1)
        name = name[:at] + name[at + 1 :]
    elif draw.random() < 0.3:
        name = latin(name).title()
    kept = draw.sample(("phone", "email", "birth_date", "postcode"), 2)
    local, _, _ = person.email.partition("@")
    return replace(
        person,
        name=name,
        email=f"{local}@gmail.com" if local and "email" in kept else "",
        phone=person.phone if "phone" in kept else "",
        birth_date=person.birth_date if "birth_date" in kept else "",
        postcode=person.postcode if "postcode" in kept else "",
    )


def _say_more(people: int) -> None:
    """A thousand customers say a name again, as events do; the search before saw rows up to here."""
    sql.write("UPDATE duplicate_search SET last_point = last_point + 10000, last_trait = last_trait + 10000")
    sql.write(
        "INSERT INTO trait_row (id, subject_id, trait, value, valid_from_us, known_us, import_id, also) "
        "SELECT (SELECT MAX(id) FROM trait_row) + 20000 + id, id, 'city', 'Elsewhere', 2, 2, 1, '' "
        f"FROM subject WHERE id % {people // 1000} = 1"
    )
