"""What customers write becomes facts: live, at night, once, and gone with what it was read in (E2)."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from holdfast.engines.embedded import EmbeddedEngine
from holdfast.services.collect.undo_import import undo_import
from holdfast.services.keep import compact as compacting
from holdfast.services.keep.compact import compact
from holdfast.services.keep.move import move
from holdfast.services.understand import corrections
from holdfast.services.understand.between import read_between
from holdfast.services.understand.corrections import Meant
from holdfast.services.understand.facts import read_again, settle_facts
from holdfast.services.understand.reading import LiveReading, Read, read_unread
from holdfast.services.visible import finished_events
from holdfast.settings import Settings
from holdfast.store import due_work, own_words, readings, sql, to_review
from services.measure.companies import take_rows
from wrote import LEAVING, NOW_US, arrives, found_right

YEAR_US = 365 * 86_400_000_000


@pytest.fixture(autouse=True)
def _compact_however_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compacting, "WORTH_FILES", 1)


def facts(settings: Settings) -> list[tuple[str, float]]:
    """The facts that count now: (code, score)."""
    (settings.folder / "spill").mkdir(exist_ok=True)
    with EmbeddedEngine(temp=settings.folder / "spill") as engine:
        return [
            (str(code), float(score))
            for code, score in engine.rows(
                "SELECT code, score FROM events WHERE name = 'Text Read' ORDER BY subject_id, code",
                {"events": finished_events(settings)},
            )
        ]


def said(settings: Settings) -> list[readings.Said]:
    return list(readings.said_between(settings, NOW_US - YEAR_US, NOW_US))


def only(settings: Settings) -> readings.Reading:
    (one,) = said(settings)
    found = readings.reading(settings, one.quote_event_id)
    assert found is not None
    return found


def surveys(settings: Settings, folder: Path, *lines: tuple[str, str]) -> int:
    rows: list[Sequence[object]] = [("customer", "at", "survey", "text")]
    rows += [(who, "2026-05-30T09:00:00Z", "exit", words) for who, words in lines]
    return take_rows(settings, "surveys", rows, folder).import_id


def test_e2_words_that_arrive_are_facts_in_the_same_beat(base: Settings) -> None:
    arrives(base, ("C1", "Ticket Opened", LEAVING))
    seen = due_work.due(base, NOW_US)
    assert LiveReading().read_new(base, now_us=NOW_US) == Read(texts=1)
    assert facts(base) == [("negative", -1.0), ("slow_response", -1.0), ("wants_to_leave", -1.0)]
    (one,) = said(base)
    assert (one.source_kind, one.language, one.leaving) == ("ticket", "en", True)
    assert one.causes == ("slow_response",)
    assert due_work.due(base, NOW_US) != seen  # whoever wrote is looked at again


def test_e2_a_text_is_read_once_whoever_comes(workspace: Settings) -> None:
    arrives(workspace, ("C1", "Ticket Opened", LEAVING))
    LiveReading().read_new(workspace, now_us=NOW_US)
    before = facts(workspace)
    assert LiveReading().read_new(workspace, now_us=NOW_US) == Read()
    assert read_unread(workspace, now_us=NOW_US) == Read()
    assert facts(workspace) == before


def test_e2_what_we_wrote_ourselves_is_not_read(workspace: Settings) -> None:
    arrives(workspace, ("C1", "Message Sent", "We are terribly late, sorry. Your parcel was lost."))
    assert LiveReading().read_new(workspace, now_us=NOW_US) == Read(ours=1)
    assert facts(workspace) == []
    assert said(workspace) == []
    assert readings.counts(workspace).texts == 0


def test_e2_a_language_that_is_not_read_is_counted_and_not_guessed(workspace: Settings) -> None:
    arrives(
        workspace, ("C1", "Message Received", "Ik wil mijn abonnement opzeggen want het is veel te duur.")
    )
    assert LiveReading().read_new(workspace, now_us=NOW_US) == Read(texts=1, not_read=1)
    assert readings.counts(workspace).not_read == 1
    assert facts(workspace) == [("neutral", 0.0)]


def test_e2_a_file_is_read_between_the_nights_and_undone_with_its_facts(
    base: Settings, tmp_path: Path
) -> None:
    number = surveys(base, tmp_path, ("C1", LEAVING), ("C2", "Everything is great, thank you!"))
    assert read_between(base, now_us=NOW_US).texts == 2
    assert ("positive", 1.0) in facts(base)
    assert len(facts(base)) == 4
    move(base)
    assert len(facts(base)) == 4
    undo_import(base, number)
    assert facts(base) == []
    assert said(base) == []
    compact(base)
    assert facts(base) == []


def test_e2_undone_before_its_facts_were_moved_they_do_not_come_back(
    workspace: Settings, tmp_path: Path
) -> None:
    number = surveys(workspace, tmp_path, ("C1", LEAVING))
    read_unread(workspace, now_us=NOW_US)
    undo_import(workspace, number)
    move(workspace)
    compact(workspace)
    assert facts(workspace) == []


def test_e2_a_correction_changes_the_facts_and_no_later_reading_changes_it(base: Settings) -> None:
    arrives(base, ("C1", "Ticket Opened", LEAVING))
    LiveReading().read_new(base, now_us=NOW_US)
    move(base)
    compact(base)
    meant = Meant("negative", ("poor_support",))
    corrections.correct(base, only(base).id, meant, by="ann@example.com", now_us=NOW_US)
    assert settle_facts(base, now_us=NOW_US) == 1
    assert facts(base) == [("negative", -1.0), ("poor_support", -1.0)]
    assert settle_facts(base, now_us=NOW_US) == 0
    own_words.add_competitor(base, "reply", by="ann@example.com", now_us=NOW_US)
    assert read_again(base, now_us=NOW_US) == 0
    found = only(base)
    assert (found.causes, found.corrected_by) == (("poor_support",), "ann@example.com")
    assert found.read_before is not None
    assert found.read_before["causes"] == ["slow_response"]


def test_e2_a_new_competitor_is_found_in_what_was_read_before(workspace: Settings) -> None:
    arrives(workspace, ("C1", "Message Received", "I had a look at Beanstalk Roasters and their coffee."))
    LiveReading().read_new(workspace, now_us=NOW_US)
    assert facts(workspace) == [("neutral", 0.0)]
    own_words.add_competitor(workspace, "Beanstalk Roasters", by="", now_us=NOW_US)
    assert read_again(workspace, now_us=NOW_US) == 1
    settle_facts(workspace, now_us=NOW_US)
    assert facts(workspace) == [("names_competitor", 0.0), ("neutral", 0.0)]
    assert only(workspace).competitors == ("Beanstalk Roasters",)


def test_e2_killed_between_lake_and_log_a_correction_is_finished(
    workspace: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from holdfast.store import readings_written

    arrives(workspace, ("C1", "Ticket Opened", LEAVING))
    LiveReading().read_new(workspace, now_us=NOW_US)
    move(workspace)
    corrections.correct(workspace, only(workspace).id, Meant("neutral"), by="ann", now_us=NOW_US)

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(readings_written, "put_facts", killed)
        with pytest.raises(KeyboardInterrupt):
            settle_facts(workspace, now_us=NOW_US)
    assert settle_facts(workspace, now_us=NOW_US) == 1
    assert facts(workspace) == [("neutral", 0.0)]


def test_e2_a_text_without_its_event_is_left(workspace: Settings, tmp_path: Path) -> None:
    surveys(workspace, tmp_path, ("C1", LEAVING))
    sql.write("UPDATE customer_text SET event_key = %s", (b"0" * 16,))
    assert read_unread(workspace, now_us=NOW_US) == Read()
    assert facts(workspace) == []


def test_e2_the_queue_begins_with_what_teaches_most_and_draws_each_fifth_by_lot(workspace: Settings) -> None:
    praise = [(f"C{n}", "Message Received", f"Great coffee, thank you! Number {n}.") for n in range(12)]
    arrives(workspace, *praise, ("X", "Message Received", "I am leaving, goodbye, cancel my account."))
    LiveReading().read_new(workspace, now_us=NOW_US)
    queue = to_review.queue(workspace, 10)
    assert len(queue) == 10
    assert queue[0].leaving
    assert len({each.id for each in queue}) == 10
    lot = sql.one("SELECT id FROM text_reading ORDER BY drawn LIMIT 1")
    assert lot is not None
    assert lot[0] in {each.id for each in queue[:6]}


def test_e2_how_often_the_reader_is_right_is_told_of_texts_by_lot_only(workspace: Settings) -> None:
    praise = [(f"C{n}", "Message Received", f"Great coffee, thank you! Number {n}.") for n in range(6)]
    arrives(workspace, *praise)
    LiveReading().read_new(workspace, now_us=NOW_US)
    rows = sql.read("SELECT id FROM text_reading ORDER BY drawn")
    found_right(workspace, rows[0][0], by="ann", now_us=NOW_US)
    corrections.correct(workspace, rows[1][0], Meant("negative"), by="ann", now_us=NOW_US)
    found_right(workspace, rows[5][0], by="ann", now_us=NOW_US)  # looked at, but not by lot
    found = corrections.rightness(workspace)
    assert found.texts == 2
    assert found.sentiment is not None
    assert found.sentiment[0] == 0.5
    assert found.sentiment[1] < 0.5 < found.sentiment[2]
    assert found.causes is not None
    assert found.causes[0] == 1.0


@pytest.mark.parametrize(
    "meant", [Meant("angry"), Meant("neutral", ("no_such_cause",)), Meant("neutral", (), ("wants_tea",))]
)
def test_e2_words_that_nobody_knows_are_refused(workspace: Settings, meant: Meant) -> None:
    from holdfast.domain.refusals import Refusal

    arrives(workspace, ("C1", "Ticket Opened", LEAVING))
    LiveReading().read_new(workspace, now_us=NOW_US)
    with pytest.raises(Refusal, match="no cause, no wish and no mood"):
        corrections.correct(workspace, only(workspace).id, meant, by="ann", now_us=NOW_US)
    assert only(workspace).corrected_us is None


def test_e2_a_correction_of_a_text_that_is_not_there_is_refused(workspace: Settings) -> None:
    from holdfast.domain.refusals import Refusal

    with pytest.raises(Refusal, match="no text of the number 77"):
        corrections.correct(workspace, 77, Meant("neutral"), by="ann", now_us=NOW_US)


def test_e2_who_is_erased_takes_readings_and_facts_along(workspace: Settings) -> None:
    from holdfast.services.keep.erase.steps import erase
    from holdfast.services.keep.erase.whom import whom

    arrives(
        workspace,
        ("C1", "Ticket Opened", LEAVING),
        ("C2", "Ticket Opened", "Late again, where is my parcel?"),
    )
    LiveReading().read_new(workspace, now_us=NOW_US)
    move(workspace)
    erase(workspace, whom(workspace, "C1"), by="ann", now_us=NOW_US, at_once=True)
    assert readings.counts(workspace).texts == 1
    assert ("wants_to_leave", -1.0) not in facts(workspace)
    assert read_unread(workspace, now_us=NOW_US) == Read()


def test_e2_what_is_kept_no_longer_takes_its_reading_along(workspace: Settings) -> None:
    from holdfast.store import retention

    arrives(workspace, ("C1", "Ticket Opened", LEAVING))
    LiveReading().read_new(workspace, now_us=NOW_US)
    key = only(workspace).event_key
    retention.delete_texts(workspace, [[key]])
    assert said(workspace) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from holdfast.settings import read_settings
from holdfast.services.understand.reading import read_unread
from holdfast.store import ingest_log
append, left = ingest_log.append, [2]
def dies(settings, events):
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    append(settings, events)
ingest_log.append = dies
read_unread(read_settings(Path(sys.argv[1])), now_us=int(sys.argv[2]))
"""


def moods(settings: Settings) -> int:
    """How many facts say how a text sounds: each text has one."""
    return sum(code in ("positive", "neutral", "negative") for code, _ in facts(settings))


@pytest.mark.long
def test_e2_killed_in_the_middle_every_text_is_read_once(workspace: Settings, tmp_path: Path) -> None:
    surveys(workspace, tmp_path, *((f"C{n}", f"Great coffee, thank you! {n}") for n in range(600)))
    code = [sys.executable, "-c", KILLED, str(workspace.folder), str(NOW_US)]
    ended = subprocess.run(code, capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert 0 < readings.counts(workspace).texts < 600
    assert moods(workspace) == readings.counts(workspace).texts
    read_unread(workspace, now_us=NOW_US)
    assert readings.counts(workspace).texts == moods(workspace) == 600
