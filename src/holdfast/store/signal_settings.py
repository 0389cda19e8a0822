"""How people set signals, the signals they built, and the record of each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql


@dataclass(frozen=True, slots=True)
class SignalSet:
    """Whether a signal is on, and those of its numbers that people changed."""

    enabled: bool = True
    numbers: Mapping[str, float] = field(default_factory=dict)
    changed_us: int | None = None
    changed_by: str = ""


@dataclass(frozen=True, slots=True)
class KeptOwn:
    """A signal that people built; the rules as JSON (``ends_rule`` of ``None``: the opposite of the rule)."""

    key: str
    title: str
    rule: Any
    ends_rule: Any
    cooldown_days: int
    made_us: int
    made_by: str
    ruled_us: int


def listed(settings: Settings) -> dict[str, SignalSet]:
    """What people set, by signal; whoever is not named is as it was delivered."""
    store.connect(settings)
    rows = sql.read("SELECT signal_key, enabled, numbers, changed_us, changed_by FROM signal_setting")
    return {
        key: SignalSet(
            bool(enabled), {name: float(value) for name, value in sql.json_value(numbers).items()}, *rest
        )
        for key, enabled, numbers, *rest in rows
    }


def save(
    settings: Settings, key: str, enabled: bool, numbers: Mapping[str, float], *, by: str, now_us: int
) -> None:
    """Keep how a signal is set."""
    store.connect(settings)
    sql.write(
        "INSERT INTO signal_setting (signal_key, enabled, numbers, changed_us, changed_by) "
        "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (signal_key) DO UPDATE SET enabled = excluded.enabled, "
        "numbers = excluded.numbers, changed_us = excluded.changed_us, changed_by = excluded.changed_by",
        (key, enabled, json.dumps(dict(numbers)), now_us, by),
    )


_OWN = "SELECT signal_key, title, rule, ends_rule, cooldown_days, made_us, made_by, ruled_us FROM own_signal"


def own_signals(settings: Settings) -> list[KeptOwn]:
    """The signals that people built, by title; none that was deleted."""
    store.connect(settings)
    return [_own(row) for row in sql.read(f"{_OWN} WHERE deleted_us IS NULL ORDER BY title, id")]


def own_by_key(settings: Settings, key: str) -> KeptOwn | None:
    """The own signal of a key; ``None`` where there is none, or it was deleted."""
    store.connect(settings)
    row = sql.one(f"{_OWN} WHERE signal_key = %s AND deleted_us IS NULL", (key,))
    return None if row is None else _own(row)


def own_keys(settings: Settings) -> set[str]:
    """Every key that an own signal has or had: none is given twice, since episodes name it."""
    store.connect(settings)
    return {key for (key,) in sql.read("SELECT signal_key FROM own_signal")}


def add_own(
    settings: Settings,
    key: str,
    title: str,
    rule: Any,
    ends_rule: Any,
    cooldown_days: int,
    *,
    by: str,
    now_us: int,
) -> bool:
    """Keep a new signal; ``False``: the key is taken."""
    store.connect(settings)
    return bool(
        sql.write(
            "INSERT INTO own_signal (signal_key, title, rule, ends_rule, cooldown_days, made_us, made_by, "
            "ruled_us) VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (signal_key) DO NOTHING",
            (key, title, json.dumps(rule), _or_null(ends_rule), cooldown_days, now_us, by, now_us),
        )
    )


def change_own(
    settings: Settings, key: str, title: str, rule: Any, ends_rule: Any, cooldown_days: int, *, now_us: int
) -> None:
    """Give it another title, rules and pause."""
    store.connect(settings)
    sql.write(
        "UPDATE own_signal SET title = %s, rule = %s, ends_rule = %s, cooldown_days = %s, ruled_us = %s "
        "WHERE signal_key = %s AND deleted_us IS NULL",
        (title, json.dumps(rule), _or_null(ends_rule), cooldown_days, now_us, key),
    )


def delete_own(settings: Settings, key: str, *, now_us: int) -> bool:
    """Let it raise nothing more; whether there was one."""
    store.connect(settings)
    return bool(
        sql.write(
            "UPDATE own_signal SET deleted_us = %s WHERE signal_key = %s AND deleted_us IS NULL",
            (now_us, key),
        )
    )


@dataclass(frozen=True, slots=True)
class KeptScorecard:
    """The record of a signal as JSON, by the rule of the digest, made on a day."""

    rule: str
    made_day: int
    content: Any


def scorecards(settings: Settings) -> dict[str, KeptScorecard]:
    """The record of each signal that has one."""
    store.connect(settings)
    rows = sql.read("SELECT signal_key, rule, made_day, content FROM signal_scorecard")
    return {key: KeptScorecard(rule, int(day), sql.json_value(content)) for key, rule, day, content in rows}


def save_scorecard(
    settings: Settings, key: str, rule: str, content: Any, *, made_day: int, now_us: int
) -> None:
    """Keep the record of a signal, in the place of the one before."""
    store.connect(settings)
    sql.write(
        "INSERT INTO signal_scorecard (signal_key, rule, made_day, computed_us, content) "
        "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (signal_key) DO UPDATE SET rule = excluded.rule, "
        "made_day = excluded.made_day, computed_us = excluded.computed_us, content = excluded.content",
        (key, rule, made_day, now_us, json.dumps(content)),
    )


def forget_scorecards(settings: Settings, but: set[str]) -> None:
    """Forget the records of signals that are no more."""
    store.connect(settings)
    for (key,) in sql.read("SELECT signal_key FROM signal_scorecard"):
        if key not in but:
            sql.write("DELETE FROM signal_scorecard WHERE signal_key = %s", (key,))


def _own(row: sql.Row) -> KeptOwn:
    key, title, rule, ends_rule, *rest = row
    return KeptOwn(
        key, title, sql.json_value(rule), None if ends_rule is None else sql.json_value(ends_rule), *rest
    )


def _or_null(rule: Any) -> str | None:
    return None if rule is None else json.dumps(rule)
