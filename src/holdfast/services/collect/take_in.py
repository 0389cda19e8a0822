"""Take staged rows into the base: ids, events, database, and one moment at which it has happened.

The order is what makes an import all or nothing. Everything is written where nobody sees it
(stage, uncommitted files, rows of an import that is not done); then one Delta commit puts the
events into the log, from where on :mod:`~holdfast.services.collect.recover` rolls forward; then
one short transaction makes it visible.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from holdfast.domain.events import EventFile
from holdfast.domain.imports import Staged
from holdfast.domain.money import NO_CURRENCY
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.placing import (
    Repeats,
    StagedEvents,
    find_repeats,
    give_ids,
    place,
    reach,
    rows_with_news,
)
from holdfast.engines.tables import ParquetFiles
from holdfast.lake.disk import sync_file
from holdfast.lake.log import EventLog, file_prefix
from holdfast.services.collect.erased import leave_out_erased
from holdfast.services.collect.recover import (
    finish_committed,
    keep_report,
    recover_in_turn,
    stage_folder,
    with_currency_of_now,
)
from holdfast.services.collect.remember import remember, remember_table
from holdfast.services.collect.report import ImportReport, make_report
from holdfast.services.full_disk import refused_when_full
from holdfast.services.progress import Progress
from holdfast.services.turn import own_turn
from holdfast.services.visible import consistent_files, not_hidden
from holdfast.settings import Settings

DIRECT_FROM = 200_000
"""Imports of at least this many events go straight into their buckets, smaller ones into level 0."""

DUPLICATES = "duplicates.parquet"
"""In the import's folder: full rows that it skipped, with the import that owns them."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What is to be taken in: the kind of its rows, the source their events name, the files they
    come from, and ``stage``, which reads them into a folder under the settings of that moment.
    ``about_customers`` says that a row is to tell who someone is (customers, accounts), and may
    do so without any event. ``begun`` is told the import's number before anything is written.
    """

    kind: str
    source: str
    files: tuple[str, ...]
    stage: Callable[[Settings, Path], Staged]
    about_customers: bool = False
    begun: Callable[[int], None] = lambda import_id: None


def take_in(settings: Settings, intake: Intake, *, now_us: int, progress: Progress) -> ImportReport:
    """Import, as a whole or not at all, and tell what became of the rows.

    Waits for its turn, and first ends what a killed process left. Refuses what the stage refuses,
    a full disk ("disk_full"), and a workspace in which another import goes on ("busy").
    """
    from holdfast.store import imports

    with refused_when_full(settings), own_turn(settings, progress=progress):
        recover_in_turn(settings)
        settings = with_currency_of_now(settings)
        import_id = imports.begin(settings, intake.kind, intake.source, intake.files, now_us)
        try:
            intake.begun(import_id)
            return _import(settings, import_id, intake, now_us, progress)
        except BaseException:
            with suppress(Exception):  # what is in the way now is cleared by the next start
                recover_in_turn(settings)
            raise


def _import(
    settings: Settings, import_id: int, intake: Intake, now_us: int, progress: Progress
) -> ImportReport:
    from holdfast.store import imports

    folder = stage_folder(settings, import_id)
    folder.mkdir(parents=True)
    staged = intake.stage(settings, folder)
    imports.commit(settings, import_id, first_us=staged.first_at_us, last_us=staged.last_at_us)
    with EmbeddedEngine(temp=folder) as engine:
        staged = leave_out_erased(settings, engine, staged, now_us=now_us)
        customers = _name_subjects(settings, engine, import_id, staged)
        events = _staged_events(settings, import_id, intake, staged)
        repeats, files = _place(settings, engine, events, progress) if events else (Repeats(0, 0, 0), ())
        remember(settings, engine, import_id, staged, now_us=now_us, progress=progress)
        duplicates = remember_table(settings, engine, import_id, intake.kind, staged)
        if intake.about_customers:
            duplicates += _rows_without_news(settings, engine, import_id, events)
        else:
            duplicates += repeats.rows
    rejects = _keep_rejects(settings, import_id, staged)
    report = make_report(
        import_id, intake.kind, staged, duplicates=duplicates, customers=customers, rejects=rejects
    )
    keep_report(settings, import_id, report.as_kept(), _currency(settings, staged))
    _conclude(settings, import_id, files, progress)
    return report


def _name_subjects(settings: Settings, engine: EmbeddedEngine, import_id: int, staged: Staged) -> int:
    """Give every subject its id; how many subjects rows are about."""
    from holdfast.store import identity

    if staged.subjects is None:
        return 0
    return give_ids(engine, staged.subjects, partial(identity.assign_subjects, settings, import_id=import_id))


def _staged_events(settings: Settings, import_id: int, intake: Intake, staged: Staged) -> StagedEvents | None:
    if staged.events is None:
        return None
    prefix = file_prefix(import_id)
    return StagedEvents(staged.events, settings.lake, settings.buckets, import_id, intake.source, prefix)


def _place(
    settings: Settings, engine: EmbeddedEngine, events: StagedEvents, progress: Progress
) -> tuple[Repeats, tuple[EventFile, ...]]:
    """Leave out events that the base has, and write the others where the log will find them."""
    part = reach(engine, events)
    files, hidden = consistent_files(settings, buckets=part.slots)
    touched = files.only(file for file in files.files if part.touches(file))
    base = ParquetFiles(touched.paths, hive=True, where=not_hidden(hidden))
    progress.step(Text("Looking for repeats"), 0, None)
    duplicates = settings.imports / str(events.import_id) / DUPLICATES
    repeats = find_repeats(engine, events, part, base, duplicates)
    if duplicates.exists():
        sync_file(duplicates)
    progress.step(Text("Sorting events into the log"), 0, part.events)
    placed = place(engine, events, repeats, direct=part.events - repeats.events >= DIRECT_FROM)
    progress.step(Text("Sorting events into the log"), part.events, part.events)
    return repeats, placed


def _rows_without_news(
    settings: Settings, engine: EmbeddedEngine, import_id: int, events: StagedEvents | None
) -> int:
    """Rows about customers that say nothing that was not known: no trait, contact point or event."""
    from holdfast.store import news

    quiet = news.subjects_without_news(settings, import_id)
    rows = sum(number for _, number in quiet)
    return rows - (rows_with_news(engine, events, [subject for subject, _ in quiet]) if events else 0)


def _keep_rejects(settings: Settings, import_id: int, staged: Staged) -> Path | None:
    """Move the rejected rows out of the stage, which goes when the import is done."""
    if staged.rejects is None:
        return None
    kept = settings.imports / str(import_id) / staged.rejects.name
    staged.rejects.rename(kept)
    sync_file(kept)
    return kept


def _currency(settings: Settings, staged: Staged) -> str:
    """The currency that this import gives a workspace without one: the most frequent that its rows name."""
    named = {code: count for code, count in staged.currencies.items() if code != NO_CURRENCY}
    if settings.currency or not named:
        return ""
    return max(named, key=lambda code: (named[code], code))


def _conclude(settings: Settings, import_id: int, files: tuple[EventFile, ...], progress: Progress) -> None:
    """The moment at which the import has happened, and the one at which everybody sees it."""
    progress.step(Text("Making the import visible"), 0, 1)
    EventLog(settings.lake, settings.buckets).commit_import(import_id, files)
    try:
        finish_committed(settings, import_id)
    except Exception as error:
        raise Refusal(
            "not_finished",
            found=Text("The events are in the log, but the database refused: {error}.", error=str(error)),
            expected=Text("One more short write makes the import visible."),
            remedy=Text("Make room or start the database; the next command ends the import by itself."),
        ) from error
    progress.step(Text("Making the import visible"), 1, 1)
