"""The words of a workspace for what customers say: names of causes, causes of its own, competitors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.text.taxonomy import causes as listed_causes


@dataclass(frozen=True, slots=True)
class OwnCause:
    """A cause as the workspace calls it: ``names`` by language, its own before those of the list.

    ``added`` are causes that only this workspace has; ``renamed`` those it called otherwise.
    """

    id: str
    group: str
    definition: str
    names: Mapping[str, str]
    added: bool = False
    renamed: bool = False

    def name(self, language: str) -> str:
        """What it is called in a language; in English, in any, or its id where nobody said."""
        return self.names.get(language) or self.names.get("en") or next(iter(self.names.values()), self.id)


@dataclass(frozen=True, slots=True)
class KnownCompetitor:
    """A competitor by name."""

    id: int
    name: str


def causes(settings: Settings) -> dict[str, OwnCause]:
    """Every cause by id: those of the list in its order, then the workspace's own by id."""
    store.connect(settings)
    own = {
        cause_id: (group, definition, sql.json_value(names), bool(added))
        for cause_id, group, definition, names, added in sql.read(
            "SELECT cause_id, group_name, definition, names, added FROM cause_words ORDER BY cause_id"
        )
    }
    found = {}
    for each in listed_causes():
        called = own[each.id][2] if each.id in own else {}
        names = {**each.names, **called}
        found[each.id] = OwnCause(each.id, each.group, each.definition, names, renamed=bool(called))
    for cause_id, (group, definition, names, added) in own.items():
        if added and cause_id not in found:
            found[cause_id] = OwnCause(cause_id, group, definition, names, added=True)
    return found


def groups() -> tuple[str, ...]:
    """The groups of the list, in its order."""
    return tuple(dict.fromkeys(each.group for each in listed_causes()))


def keep_cause(settings: Settings, cause: OwnCause, *, by: str, now_us: int) -> None:
    """Add a cause, or call one otherwise; ``names`` are the workspace's own only."""
    store.connect(settings)
    sql.write(
        "INSERT INTO cause_words (cause_id, group_name, definition, names, added, changed_us, changed_by) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (cause_id) DO UPDATE SET "
        "group_name = excluded.group_name, definition = excluded.definition, names = excluded.names, "
        "changed_us = excluded.changed_us, changed_by = excluded.changed_by",
        (
            cause.id,
            cause.group,
            cause.definition,
            json.dumps(dict(cause.names), ensure_ascii=False),
            cause.added,
            now_us,
            by,
        ),
    )


def competitors(settings: Settings) -> list[KnownCompetitor]:
    """Every competitor, by name."""
    store.connect(settings)
    return [KnownCompetitor(*row) for row in sql.read("SELECT id, name FROM competitor ORDER BY name")]


def add_competitor(settings: Settings, name: str, *, by: str, now_us: int) -> bool:
    """Remember a competitor; whether it is new."""
    store.connect(settings)
    return bool(
        sql.write(
            "INSERT INTO competitor (name, made_us, made_by) VALUES (%s, %s, %s) "
            "ON CONFLICT (name) DO NOTHING",
            (name, now_us, by),
        )
    )


def remove_competitor(settings: Settings, number: int) -> str | None:
    """Forget a competitor; its name, ``None`` where there is none of this number."""
    store.connect(settings)
    row = sql.one("DELETE FROM competitor WHERE id = %s RETURNING name", (number,))
    return None if row is None else str(row[0])


def mark(settings: Settings) -> tuple[object, ...]:
    """What changes whenever competitors or learned layers are others: a reader is then made again."""
    store.connect(settings)
    row = sql.one(
        "SELECT (SELECT COUNT(*) FROM competitor), (SELECT MAX(id) FROM competitor), "
        "(SELECT COUNT(*) FROM learnt_layer WHERE enabled), "
        "(SELECT MAX(id) FROM learnt_layer WHERE enabled), (SELECT MAX(changed_us) FROM learnt_layer)"
    )
    return () if row is None else tuple(row)
