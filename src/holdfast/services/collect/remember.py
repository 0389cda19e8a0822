"""What an import says besides events goes into the database: customers, traits, texts, tables.

Everything carries the import's id and is invisible until the import is done, so it is written in
many short transactions; any of it may be written again after a restart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from holdfast.domain.imports import Staged
from holdfast.domain.texts import Text
from holdfast.engines import staged_rows
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.services.progress import Progress
from holdfast.settings import Settings

_TELL_EVERY = 20_000


def remember(
    settings: Settings,
    engine: EmbeddedEngine,
    import_id: int,
    staged: Staged,
    *,
    now_us: int,
    progress: Progress,
) -> None:
    """Write subjects, names, contact points, traits and texts, and link what is one customer."""
    from holdfast.store import identity, writers

    if staged.subjects is not None:
        rows = _told(staged_rows.subject_rows(engine, staged.subjects), Text("Writing customers"), progress)
        writers.load_subjects(settings, import_id, rows, known_us=now_us)
    if staged.traits is not None:
        rows = _told(
            staged_rows.trait_rows(engine, staged.traits), Text("Writing what is known of them"), progress
        )
        writers.load_traits(settings, import_id, rows)
    if staged.texts is not None:
        rows = _told(staged_rows.text_rows(engine, staged.texts), Text("Writing what they wrote"), progress)
        writers.load_texts(settings, import_id, rows)
    if staged.subjects is not None:
        identity.link_matches(settings, import_id, now_us)


def remember_table(
    settings: Settings, engine: EmbeddedEngine, import_id: int, kind: str, staged: Staged
) -> int:
    """Write a table of facts (products, costs, rates, series); how many rows said nothing new."""
    from holdfast.store import side_tables

    if staged.table is None:
        return 0
    rows = staged_rows.table_rows(engine, staged.table, kind)
    return side_tables.load_table(settings, import_id, kind, rows).duplicates


def _told(rows: Iterable[tuple[Any, ...]], name: Text, progress: Progress) -> Iterator[tuple[Any, ...]]:
    """The same rows, while ``progress`` is told how many have passed."""
    for number, row in enumerate(rows):
        if number % _TELL_EVERY == 0:
            progress.step(name, number, None)
        yield row
