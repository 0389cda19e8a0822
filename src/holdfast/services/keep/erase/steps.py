"""Erase somebody, step by step: the database at once, files next, what readers have open a day later.

=============  ========================================================================
asked          who, and what may not come back (sealed), is written down
forgotten      one transaction has deleted every row, and remembers hashes of the ids
cut            the event log and all files of now are without them
proven         old files are gone too, a scan of everything found nothing, certified
remains        the scan found something: it is looked again each night
=============  ========================================================================

Each step may be repeated: an erasure that was killed goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from holdfast.domain.events import LEVEL_0, EventFile, slot_of
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.engines.erasing import about
from holdfast.lake.log import READERS_GRACE_HOURS, EventLog
from holdfast.services.full_disk import refused_when_full
from holdfast.services.keep.cut import Cut, cut_events
from holdfast.services.keep.erase.certificate import Copy, certificate, left
from holdfast.services.keep.erase.files import clean_files, clear_spill
from holdfast.services.keep.erase.listing import write_list
from holdfast.services.keep.erase.looked_for import views_to_delete
from holdfast.services.keep.erase.scan import Scanned, scan
from holdfast.services.keep.erase.sent import rows_to_delete, shorten_calls
from holdfast.services.keep.erase.wanted import Wanted, wanted_of
from holdfast.services.keep.erase.whom import Whom
from holdfast.services.progress import Progress, Silent
from holdfast.services.turn import PATIENCE_SECONDS, own_turn
from holdfast.settings import Settings
from holdfast.store.erasure import ErasureRecord

AGAIN_US = 20 * 3_600_000_000
"""What the scan found is looked for again after so long."""


def ask(settings: Settings, whom: Whom, *, by: str, now_us: int, at_once: bool = False) -> int:
    """Note that ``whom`` is to be erased; the number of the erasure, with which :func:`carry_on` begins.

    ``at_once`` leaves no time to readers of the event log: for when nobody else is at work.
    """
    from holdfast.store import erasure

    wanted = wanted_of(settings, whom.subjects)
    return erasure.begin(
        settings,
        whom.kind,
        whom.subjects,
        sealed=wanted.sealed(settings),
        by=by,
        now_us=now_us,
        grace_hours=0 if at_once else READERS_GRACE_HOURS,
    )


def erase(
    settings: Settings,
    whom: Whom,
    *,
    by: str,
    now_us: int,
    at_once: bool = False,
    progress: Progress | None = None,
) -> ErasureRecord:
    """Erase ``whom`` as far as it goes now: from the database and the files of now; with ``at_once`` wholly.

    Waits for its turn; refuses with "busy" where an import goes on for longer, and a full disk
    ("disk_full"). What is begun goes on with the next :func:`carry_on`.
    """
    erasure_id = ask(settings, whom, by=by, now_us=now_us, at_once=at_once)
    return carry_on_one(settings, erasure_id, now_us=now_us, progress=progress)


def carry_on(
    settings: Settings, *, now_us: int, prove: bool = True, progress: Progress | None = None
) -> list[ErasureRecord]:
    """Do what is due of every erasure that is not at its end; those that went on.

    Without ``prove`` only what takes moments: the scan of everything, after which SQLite's file may have
    to be written anew while nobody else writes, is for the night.
    """
    from holdfast.store import erasure

    due = [
        each
        for each in erasure.listed(settings)
        if _is_due(each, now_us) and (prove or each.state in ("asked", "forgotten"))
    ]
    return [
        carry_on_one(settings, each.id, now_us=now_us, progress=progress) for each in sorted(due, key=_age)
    ]


def _age(record: ErasureRecord) -> int:
    return record.id


def _is_due(record: ErasureRecord, now_us: int) -> bool:
    if record.state == "remains":
        return record.scanned_us is None or record.scanned_us + AGAIN_US <= now_us
    clean_from = record.clean_from_us
    return record.open and (clean_from is None or clean_from <= now_us)


def carry_on_one(
    settings: Settings,
    erasure_id: int,
    *,
    now_us: int,
    patience_seconds: float = PATIENCE_SECONDS,
    progress: Progress | None = None,
) -> ErasureRecord:
    """Do what is due of one erasure; how it stands then. Refuses a number that was never given.

    Waits for its turn up to ``patience_seconds``, then refuses with "busy".
    """
    record = get(settings, erasure_id)
    told = progress or Silent()
    if record.state == "asked":
        with _turn(settings, told, patience_seconds):
            _forget(settings, record, told, now_us)
        record = get(settings, erasure_id)
    if record.state == "forgotten":
        with _turn(settings, told, patience_seconds):
            _cut(settings, record, told, now_us)
        record = get(settings, erasure_id)
    if record.state in ("cut", "remains") and _is_due(record, now_us):
        _prove(settings, record, told, now_us)
        record = get(settings, erasure_id)
    return record


def get(settings: Settings, erasure_id: int) -> ErasureRecord:
    """An erasure by its number; refuses one that was never given."""
    from holdfast.store import erasure

    record = erasure.get(settings, erasure_id)
    if record is None:
        raise Refusal(
            "no_such_erasure",
            found=Text("There is no erasure {id}.", id=str(erasure_id)),
            expected=Text("The number of an erasure of this workspace."),
            remedy=Text("See the list of erasures."),
        )
    return record


@contextmanager
def _turn(
    settings: Settings, progress: Progress, patience_seconds: float = PATIENCE_SECONDS
) -> Iterator[None]:
    with (
        refused_when_full(settings),
        own_turn(settings, patience_seconds=patience_seconds, progress=progress),
    ):
        yield


def _forget(settings: Settings, record: ErasureRecord, progress: Progress, now_us: int) -> None:
    """One transaction deletes in the database; then what a DELETE leaves there goes as well."""
    from holdfast.store import cleaning, erasure
    from holdfast.store.traces import accounts_of

    progress.step(Text("Deleting from the database"), 0, None)
    wanted = Wanted.unsealed(settings, record.sealed)
    accounts = [each for each in accounts_of(settings, record.subjects) if each not in record.subjects]
    lines = rows_to_delete(settings, wanted)
    lines["saved_view"] = views_to_delete(settings, record.subjects, wanted)
    erasure.forget(settings, record, wanted.keys, lines, now_us, accounts=accounts)
    write_list(settings)
    cleaning.merge_text_indexes(settings)
    cleaning.empty_log(settings)


def _cut(settings: Settings, record: ErasureRecord, progress: Progress, now_us: int) -> None:
    from holdfast.store import erasure

    progress.step(Text("Writing files anew without them"), 0, None)
    wanted = Wanted.unsealed(settings, record.sealed)
    done = dict(record.done)
    gone = _cut_log(settings, record)
    done["events"] = int(done.get("events", 0)) + gone.events
    done["event_files"] = int(done.get("event_files", 0)) + gone.files
    done["files"] = {**done.get("files", {}), **clean_files(settings, record.subjects, wanted)}
    erasure.note(settings, record.id, state="cut", cut_us=now_us, done=done)


def _cut_log(settings: Settings, record: ErasureRecord) -> Cut:
    slots = {slot_of(subject, settings.buckets) for subject in record.subjects}

    def near(file: EventFile) -> bool:
        return file.bucket in {LEVEL_0, *slots} and any(
            file.first_subject <= subject <= file.last_subject for subject in record.subjects
        )

    return cut_events(settings, about(record.subjects), near=near)


def _prove(settings: Settings, record: ErasureRecord, progress: Progress, now_us: int) -> None:
    """Delete the old files, look through everything, and certify what was found."""
    from holdfast.store import cleaning, erasure

    wanted = Wanted.unsealed(settings, record.sealed)
    with _turn(settings, progress):
        # Somebody may have been writing about them while they were erased, and the mover have moved it.
        record = _with_late_ones(settings, record, wanted)
        erasure.sweep(settings, record.subjects)
        shorten_calls(settings, wanted)
        for table, ids in rows_to_delete(settings, wanted).items():
            erasure.delete_lines(table, ids)
        again = _cut_log(settings, record)
        clean_files(settings, record.subjects, wanted)
        clear_spill(settings)
        if again.events and record.grace_hours:
            erasure.note(settings, record.id, state="cut", cut_us=now_us)
            return
        progress.step(Text("Deleting files that nobody reads any more"), 0, None)
        EventLog(settings.lake, settings.buckets).remove_unused(grace_hours=record.grace_hours)
    cleaning.merge_text_indexes(settings)
    truncated = cleaning.empty_log(settings)
    _vacuum_tables(settings, record)
    progress.step(Text("Looking through everything"), 0, None)
    found = _scanned(settings, record, wanted)
    _certify(settings, record, wanted, found, truncated=truncated, now_us=now_us)


def _with_late_ones(settings: Settings, record: ErasureRecord, wanted: Wanted) -> ErasureRecord:
    """The erasure with subjects that got an erased id again in the moment in which it was erased."""
    from holdfast.store import erasure

    late = erasure.come_back(settings, wanted.keys)
    if not late:
        return record
    erasure.note(settings, record.id, subjects=sorted({*record.subjects, *late}))
    return get(settings, record.id)


def _scanned(settings: Settings, record: ErasureRecord, wanted: Wanted) -> Scanned:
    """What a scan finds; where only unused pages of SQLite's file show a word, once it is written anew."""
    from holdfast.store import cleaning

    found = scan(settings, record.subjects, wanted.words)
    if found.loose:
        cleaning.rewrite(settings)
        cleaning.empty_log(settings)
        found = scan(settings, record.subjects, wanted.words)
    return found


def _vacuum_tables(settings: Settings, record: ErasureRecord) -> None:
    """PostgreSQL: the space of what was deleted is used again; at once in a time without readers."""
    from holdfast.store import cleaning

    tables = [table for table, count in record.done.get("rows", {}).items() if count]
    cleaning.vacuum(settings, tables, whole=record.grace_hours == 0)


def _certify(
    settings: Settings, record: ErasureRecord, wanted: Wanted, found: Scanned, *, truncated: bool, now_us: int
) -> None:
    from holdfast.store import backups, erasure
    from holdfast.store.written import as_json

    copies = [
        Copy(each.place, each.made_us, each.expires_us)
        for each in backups.listed(settings)
        if each.gone_us is None
        and each.made_us <= (record.forgotten_us or now_us)
        and each.expires_us > now_us
    ]
    certified = certificate(settings, found, copies, unclear=wanted.unclear, truncated=truncated)
    proven = left(certified) == 0
    erasure.note(
        settings,
        record.id,
        state="proven" if proven else "remains",
        scanned_us=now_us,
        certificate=as_json(certified),
        sealed="" if proven else record.sealed,
    )
    if proven:
        cleaning_after(settings)


def cleaning_after(settings: Settings) -> None:
    """What was sealed is gone from the database's file as well."""
    from holdfast.store import cleaning

    cleaning.empty_log(settings)
