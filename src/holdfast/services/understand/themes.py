"""What customers complain of that no cause of the list covers: found in the texts of the last half year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics import spec
from holdfast.analytics.emit import emit
from holdfast.analytics.loss_evidence import whole
from holdfast.analytics.new_themes import new_themes, script_of
from holdfast.analytics.spec import Column, Compare, Every, Literal, Query
from holdfast.domain.readings import NEGATIVE, TEXT_READ
from holdfast.services.visible import visible

if TYPE_CHECKING:
    from holdfast.services.measure.measure import Ready
    from holdfast.settings import Settings
    from holdfast.store.texts_at import Written

    Key = tuple[int, int]

LOOKED_BACK_DAYS = 182
MOST_TEXTS = 3_000
"""So many texts of each sort are looked at, the newest ones."""

MOST_QUOTED = 3
_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class ShownTheme:
    """A theme: its ``language`` (or script), the ``words`` that come together, in how many texts, and some
    of them (subject, moment in microseconds), the newest first.
    """

    language: str
    words: tuple[str, ...]
    texts: int
    quoted: tuple[tuple[int, int], ...]


def themes(settings: Settings, tables: Ready) -> tuple[ShownTheme, ...]:
    """Themes among texts that sound negative and say no cause of the list, the most frequent first."""
    from holdfast.store.texts_at import texts_at

    uncovered, covered = _told(settings, tables)
    words = texts_at(settings, [*uncovered, *covered])
    here, there = _by_language(uncovered, words), _by_language(covered, words)
    found: list[ShownTheme] = []
    for language, some in here.items():
        others = there.get(language, [])
        for theme in new_themes([text for _, text in some], [text for _, text in others]):
            quoted = _unlike(some[at] for at in theme.texts)
            found.append(ShownTheme(language, theme.words, len(theme.texts), quoted))
    return tuple(sorted(found, key=lambda theme: (-theme.texts, theme.language, theme.words)))


def _unlike(texts: Iterable[tuple[Key, str]]) -> tuple[Key, ...]:
    """The first few texts, of those that say the same in the same words one."""
    found: dict[str, Key] = {}
    for key, text in texts:
        found.setdefault(" ".join(text.casefold().split()), key)
        if len(found) == MOST_QUOTED:
            break
    return tuple(found.values())


def _told(settings: Settings, tables: Ready) -> tuple[list[Key], list[Key]]:
    """Texts without a cause that sound negative, and texts with one; the newest of each first."""
    rows = _read_lately(settings, tables)
    keys: list[Key] = list(zip(rows["subject_id"].tolist(), rows["at_us"].tolist(), strict=True))
    causes = _causes(settings)
    negative, with_cause = set[Any](), set[Any]()
    for key, code in zip(keys, rows["code"].tolist(), strict=True):
        if code == NEGATIVE:
            negative.add(key)
        elif code in causes:
            with_cause.add(key)
    return _newest(negative - with_cause), _newest(with_cause)


def _newest(keys: set[Key]) -> list[Key]:
    return sorted(keys, key=lambda key: (-key[1], key[0]))[:MOST_TEXTS]


def _read_lately(settings: Settings, tables: Ready) -> dict[str, np.ndarray[Any, Any]]:
    last_us = _last_us(tables)
    since = Literal(last_us - LOOKED_BACK_DAYS * _DAY_US)
    query = Query(
        "events",
        spec.columns("subject_id", "at_us", "code"),
        where=Every(
            (
                spec.equals("name", TEXT_READ),
                spec.OneOf(Column("code"), (NEGATIVE, *sorted(_causes(settings)))),
                Compare(Column("at_us"), ">=", since),
                Compare(Column("at_us"), "<", Literal(last_us)),
            )
        ),
    )
    found = tables.engine.columns(emit(query, tables.engine.dialect), {"events": visible(settings).table()})
    return {"code": found["code"]} | {name: whole(found[name]) for name in ("subject_id", "at_us")}


def _last_us(tables: Ready) -> int:
    from holdfast.analytics.local_days import day_start_us

    return day_start_us(tables.plan.end_day, tables.plan.zone)


def _causes(settings: Settings) -> frozenset[str]:
    from holdfast.store import own_words

    return frozenset(own_words.causes(settings))


def _by_language(keys: Sequence[Key], words: Mapping[Key, Written]) -> dict[str, list[tuple[Key, str]]]:
    """The texts by the language they were read in; those that nobody read by their script."""
    found: dict[str, list[tuple[Key, str]]] = {}
    for key in keys:
        if (written := words.get(key)) is not None:
            language = written.language or script_of(written.text)
            found.setdefault(language, []).append((key, written.text))
    return found
