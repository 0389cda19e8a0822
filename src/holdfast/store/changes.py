"""Changes of ours as they are kept, with the list of the customers whom each concerns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from holdfast import store
from holdfast.domain.changes import ChangeKind
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.linked import among, stretches


@dataclass(frozen=True, slots=True)
class KeptChange:
    """One change; see :class:`holdfast.store.models.OurChange`."""

    id: int
    key: str
    kind: ChangeKind
    title: str
    about: str
    effect_on: date | None
    notice_on: date | None
    rule: Mapping[str, Any] | None
    wish: str
    words: Mapping[str, Mapping[str, str]]
    play_key: str
    found_us: int | None
    made_us: int
    made_by: str
    changed_us: int


@dataclass(frozen=True, slots=True)
class Said:
    """What people say of a change when they enter it."""

    kind: ChangeKind
    title: str
    about: str
    effect_on: date | None
    notice_on: date | None
    rule: Mapping[str, Any] | None
    wish: str
    words: Mapping[str, Mapping[str, str]]


_COLUMNS = (
    "id, key, kind, title, about, effect_on, notice_on, rule, wish, words, play_key, found_us, made_us, "
    "made_by, changed_us"
)
_AT_ONCE = 1_000
"""Customers in one write."""

_SAID = ("kind", "title", "about", "effect_on", "notice_on", "rule", "wish", "words")


def listed(settings: Settings) -> list[KeptChange]:
    """Every change, the one entered last first."""
    store.connect(settings)
    return [_kept(row) for row in sql.read(f"SELECT {_COLUMNS} FROM our_change ORDER BY id DESC")]


def by_key(settings: Settings, key: str) -> KeptChange | None:
    """The change of a key; ``None`` where there is none."""
    store.connect(settings)
    row = sql.one(f"SELECT {_COLUMNS} FROM our_change WHERE key = %s", (key,))
    return None if row is None else _kept(row)


def add(settings: Settings, key: str, said: Said, *, by: str, now_us: int) -> bool:
    """Keep a new change; False when the key is taken."""
    store.connect(settings)
    names = ", ".join(_SAID)
    return bool(
        sql.write(
            f"INSERT INTO our_change (key, {names}, play_key, made_us, made_by, changed_us) "
            f"VALUES (%s, {', '.join(['%s'] * len(_SAID))}, '', %s, %s, %s) ON CONFLICT (key) DO NOTHING",
            (key, *_values(said), now_us, by, now_us),
        )
    )


def change(settings: Settings, change_id: int, said: Said, *, read_us: int, now_us: int) -> bool:
    """Keep what is said of it now; False when somebody changed it since ``read_us``."""
    store.connect(settings)
    return bool(
        sql.write(
            f"UPDATE our_change SET {', '.join(f'{name} = %s' for name in _SAID)}, changed_us = %s "
            "WHERE id = %s AND changed_us = %s",
            (*_values(said), max(now_us, read_us + 1), change_id, read_us),
        )
    )


def set_play(settings: Settings, change_id: int, play_key: str) -> None:
    """Say which play tells the customers."""
    store.connect(settings)
    sql.write("UPDATE our_change SET play_key = %s WHERE id = %s", (play_key, change_id))


def delete(settings: Settings, kept: KeptChange) -> None:
    """Forget a change and its list."""
    store.connect(settings)
    with sql.short_write():
        sql.write("DELETE FROM change_concerned WHERE change_key = %s", (kept.key,))
        sql.write("DELETE FROM our_change WHERE id = %s", (kept.id,))


def list_anew(settings: Settings, kept: KeptChange, money: Mapping[int, int], *, now_us: int) -> None:
    """Keep whom it concerns, with what each brings in a year; who was told before stays."""
    store.connect(settings)
    before = sql.read(
        "SELECT unit_id FROM change_concerned WHERE change_key = %s AND told_us IS NULL", (kept.key,)
    )
    # In short writes, and whoever stays is there all the while: a play may begin just now.
    for some in stretches(sorted(money.items()), _AT_ONCE):
        places = ", ".join(["(%s, %s, %s)"] * len(some))
        sql.write(
            f"INSERT INTO change_concerned (change_key, unit_id, yearly_minor) VALUES {places} "
            "ON CONFLICT (change_key, unit_id) DO UPDATE SET yearly_minor = excluded.yearly_minor "
            "WHERE change_concerned.told_us IS NULL",
            [value for unit, minor in some for value in (kept.key, unit, minor)],
        )
    for gone in stretches(sorted(int(unit) for (unit,) in before if unit not in money), _AT_ONCE):
        sql.write(
            "DELETE FROM change_concerned WHERE change_key = %s AND told_us IS NULL "
            f"AND unit_id IN {among(gone)}",
            (kept.key,),
        )
    sql.write("UPDATE our_change SET found_us = %s WHERE id = %s", (now_us, kept.id))


def tell(key: str, units: Iterable[int], *, now_us: int) -> list[int]:
    """Note that these customers were told, in the transaction of the caller; those who were not before."""
    rows = sql.read(
        "UPDATE change_concerned SET told_us = %s WHERE change_key = %s AND told_us IS NULL "
        f"AND unit_id IN {among(units)} RETURNING unit_id",
        (now_us, key),
    )
    return sorted(int(unit) for (unit,) in rows)


def _values(said: Said) -> tuple[Any, ...]:
    return (
        said.kind,
        said.title,
        said.about,
        "" if said.effect_on is None else said.effect_on.isoformat(),
        "" if said.notice_on is None else said.notice_on.isoformat(),
        None if said.rule is None else json.dumps(said.rule),
        said.wish,
        json.dumps(said.words, ensure_ascii=False),
    )


def _kept(row: Sequence[Any]) -> KeptChange:
    number, key, kind, title, about, effect, notice, rule, wish, words, *rest = row
    return KeptChange(
        *(number, key, kind, title, about, _day(effect), _day(notice)),
        *(None if rule is None else sql.json_value(rule), wish, sql.json_value(words), *rest),
    )


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None
