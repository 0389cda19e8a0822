"""Finding a customer by what someone types: an id, an address, a number, a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from holdfast import store
from holdfast.domain.search import fold, query_tokens
from holdfast.settings import Settings
from holdfast.store import readers, sql
from holdfast.store.customers import CustomerFilter, CustomerSort, ListedCustomer, list_customers

MOST = 20
"""Matches that are looked at: more are no answer."""

_PHONE = re.compile(r"[+0-9][0-9 ()./-]{5,}")


def find_units(settings: Settings, wanted: str) -> list[int]:
    """Units that ``wanted`` names, at most :data:`MOST`; sorted.

    Tried in this order, and the first that finds anyone answers: ``namespace:key``, a key in any
    namespace, an e-mail address, a phone number (with or without its country), a whole name,
    words that begin words of a name.
    """
    if subjects := find_subjects(settings, wanted):
        unit_of = readers.resolved_units(settings)
        return sorted({readers.unit_among(unit_of, subject) for subject in subjects})[:MOST]
    return sorted(row.unit_id for row in _listed(settings, wanted.strip()))[:MOST]


def find_subjects(settings: Settings, wanted: str) -> list[int]:
    """Subjects that ``wanted`` names exactly: an id, an address, a number, a whole name, in this order."""
    store.connect(settings)
    wanted = wanted.strip()
    ways: tuple[Callable[[str], list[int]], ...] = (_by_full_key, _by_key, _by_email, _by_phone, _by_name)
    for way in ways:
        if subjects := way(wanted):
            return sorted(set(subjects))
    return []


def _by_full_key(wanted: str) -> list[int]:
    namespace, colon, key = wanted.rpartition(":")
    tries = [(namespace, key)] if colon else []
    if wanted.count(":") > 1:  # "account:crm:7", and keys that have a colon themselves
        tries += [(wanted[:at], wanted[at + 1 :]) for at, letter in enumerate(wanted) if letter == ":"]
    return [subject for pair in tries for subject in _seen("s.namespace = %s AND s.key = %s", pair)]


def _by_key(wanted: str) -> list[int]:
    return [
        subject
        for namespace in _namespaces()
        for subject in _seen("s.namespace = %s AND s.key = %s", (namespace, wanted))
    ]


def _by_email(wanted: str) -> list[int]:
    return _reached("p.kind = 'email' AND p.value = %s", wanted.lower()) if "@" in wanted else []


def _by_phone(wanted: str) -> list[int]:
    if not _PHONE.fullmatch(fold(wanted)):
        return []
    digits = re.sub(r"\D", "", fold(wanted))
    if wanted.startswith(("+", "00")):
        return _reached("p.kind = 'phone' AND p.value = %s", "+" + digits.lstrip("0"))
    return _reached("p.kind = 'phone' AND p.value LIKE %s", "%" + digits.lstrip("0"))


def _by_name(wanted: str) -> list[int]:
    """Whole names, as they are written or in lower case."""
    return [
        subject
        for (subject,) in sql.read(
            "SELECT DISTINCT t.subject_id FROM trait_row t JOIN import i ON i.id = t.import_id "
            "WHERE i.state = 'done' AND t.trait = 'name' AND (t.value = %s OR LOWER(t.value) = %s) "
            f"LIMIT {MOST + 1}",
            (wanted, wanted.lower()),
        )
    ]


def _listed(settings: Settings, wanted: str) -> Sequence[ListedCustomer]:
    """Who the customer list finds; those of exactly this name alone, where there are any."""
    if not query_tokens(wanted):
        return []
    rows = list_customers(
        settings, CustomerFilter(search=wanted), CustomerSort("name", False), limit=MOST
    ).rows
    return [row for row in rows if fold(row.name) == fold(wanted)] or rows


def _seen(condition: str, values: Sequence[str]) -> list[int]:
    """Visible subjects that meet the condition."""
    found = sql.read(
        f"SELECT s.id FROM subject s WHERE {condition} AND (EXISTS (SELECT 1 FROM sighting g "
        "JOIN import i ON i.id = g.import_id AND i.state = 'done' WHERE g.subject_id = s.id) "
        "OR EXISTS (SELECT 1 FROM account_contact a JOIN import i ON i.id = a.import_id "
        "AND i.state = 'done' WHERE a.account_id = s.id))",
        values,
    )
    return [subject for (subject,) in found]


def _reached(condition: str, value: str) -> list[int]:
    found = sql.read(
        "SELECT DISTINCT p.subject_id FROM contact_point p JOIN import i ON i.id = p.import_id "
        f"WHERE i.state = 'done' AND {condition} LIMIT {MOST + 1}",
        (value,),
    )
    return [subject for (subject,) in found]


def _namespaces() -> list[str]:
    """All namespaces, hopping from one to the next: an index lookup each."""
    found: list[str] = []
    after = ""
    while (row := sql.one("SELECT MIN(namespace) FROM subject WHERE namespace > %s", (after,))) and row[0]:
        after = row[0]
        found.append(after)
    return found
