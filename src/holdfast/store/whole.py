"""Whole tables of what is visible, row by row, for exports: memory does not grow with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import readers, sql
from holdfast.store.figures import KeptFigure, read_figures

_UNITS_AT_ONCE = 2_000
_SEEN = "EXISTS (SELECT 1 FROM sighting g JOIN import i ON i.id = g.import_id AND i.state = 'done' {where})"


def subjects(settings: Settings) -> Iterator[sql.Row]:
    """(subject id, namespace, key, unit id) of every id that a done import brought."""
    store.connect(settings)
    unit_of = readers.resolved_units(settings)
    seen = _SEEN.format(where="WHERE g.subject_id = s.id")
    for rows in sql.stream(f"SELECT s.id, s.namespace, s.key FROM subject s WHERE {seen} ORDER BY s.id"):
        yield from ((*row, readers.unit_among(unit_of, row[0])) for row in rows)


def customers(settings: Settings) -> Iterator[sql.Row]:
    """One row per unit: (unit id, ids, name, kind, state, country, source, e-mails, phones, first,
    last and left day, orders, amount, yearly amount); several ids and addresses stand between
    blanks. What the loop computes is empty before its first run.
    """
    store.connect(settings)
    subjects_of: dict[int, list[int]] = {}
    for subject, unit in readers.resolved_units(settings).items():
        subjects_of.setdefault(unit, []).append(subject)
    rows = iter(_listed(settings))
    while batch := list(islice(rows, _UNITS_AT_ONCE)):
        own = {unit: sorted({unit, *subjects_of.get(unit, ())}) for unit, *_ in batch}
        among = f"({', '.join(str(each) for subjects in own.values() for each in subjects)})"
        ids = _gathered(f"SELECT id, namespace || ':' || key FROM subject WHERE id IN {among} ORDER BY id")
        emails, phones = (
            _gathered(
                "SELECT p.subject_id, p.value FROM contact_point p JOIN import i ON i.id = p.import_id "
                f"WHERE i.state = 'done' AND p.kind = '{kind}' AND p.subject_id IN {among} ORDER BY p.id"
            )
            for kind in ("email", "phone")
        )
        for unit, name, kind, state, country, source, *rest in batch:
            found = (_joined(values, own[unit]) for values in (emails, phones))
            yield (unit, _joined(ids, own[unit]), name, kind, state, country, source, *found, *rest)


def _listed(settings: Settings) -> Iterator[sql.Row]:
    if sql.one("SELECT 1 FROM standing LIMIT 1"):
        columns = "first_day, last_day, left_day, orders, amount_minor, yearly_minor"
        for rows in sql.stream(
            f"SELECT unit_id, name, kind, state, country, source, {columns} FROM standing ORDER BY unit_id"
        ):
            yield from rows
        return
    facts = readers.unit_facts(settings)
    for unit, *told in zip(
        facts.unit_id.tolist(), facts.name, facts.kind, facts.country, facts.source, strict=True
    ):
        name, kind, country, source = told
        yield (unit, name, kind, None, country, source, None, None, None, None, None, None)


def _gathered(statement: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for subject, value in sql.read(statement):
        found.setdefault(subject, []).append(value)
    return found


def _joined(values: dict[int, list[str]], subjects_: Iterable[int]) -> str:
    return " ".join(dict.fromkeys(value for subject in subjects_ for value in values.get(subject, ())))


def traits(settings: Settings) -> Iterator[sql.Row]:
    """(subject id, namespace, key, trait, value, valid from, valid to, known, import id); moments in us.

    Traits that were always so have no beginning.
    """
    from holdfast.store.writers import ALWAYS_US

    yield from _all(
        settings,
        "SELECT h.subject_id, s.namespace, s.key, h.trait, h.value, NULLIF(h.valid_from_us, %s), "
        "h.valid_to_us, NULLIF(h.known_us, %s), h.import_id "
        "FROM trait_history h JOIN subject s ON s.id = h.subject_id "
        "ORDER BY h.subject_id, h.trait, h.valid_from_us, h.id",
        (ALWAYS_US, ALWAYS_US),
    )


def contact_points(settings: Settings) -> Iterator[sql.Row]:
    """(subject id, namespace, key, kind, value, import id)."""
    yield from _all(
        settings,
        "SELECT p.subject_id, s.namespace, s.key, p.kind, p.value, p.import_id FROM contact_point p "
        "JOIN subject s ON s.id = p.subject_id JOIN import i ON i.id = p.import_id AND i.state = 'done' "
        "ORDER BY p.subject_id, p.kind, p.value",
    )


def texts(settings: Settings) -> Iterator[sql.Row]:
    """(event key, subject id, namespace, key, moment in us, kind, text, import id), by moment."""
    yield from _all(
        settings,
        "SELECT t.event_key, t.subject_id, s.namespace, s.key, t.at_us, t.kind, t.text, t.import_id "
        "FROM customer_text t JOIN subject s ON s.id = t.subject_id "
        "JOIN import i ON i.id = t.import_id AND i.state = 'done' ORDER BY t.at_us, t.id",
    )


def links(settings: Settings) -> Iterator[sql.Row]:
    """(subject id, linked with, linked, unlinked, reason, evidence, by, import id); moments in us."""
    yield from _all(
        settings,
        "SELECT l.subject_id, l.unit_id, l.linked_us, "
        "CASE WHEN l.ended_import IS NULL OR ended.state = 'done' THEN l.unlinked_us END, "
        "l.reason, l.evidence, l.made_by, l.import_id FROM identity_link l "
        "LEFT JOIN import made ON made.id = l.import_id LEFT JOIN import ended ON ended.id = l.ended_import "
        "WHERE l.import_id IS NULL OR made.state = 'done' ORDER BY l.id",
    )


def figures(settings: Settings) -> Iterator[KeptFigure]:
    """Every published figure of every kind of period."""
    for kind in ("history", "month", "quarter", "year", "week", "day"):
        yield from read_figures(settings, kind)


def _all(settings: Settings, statement: str, values: tuple[Any, ...] = ()) -> Iterator[sql.Row]:
    store.connect(settings)
    for rows in sql.stream(statement, values):
        yield from rows
