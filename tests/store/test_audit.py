"""The audit trail (N2): a chain that tells of every note that was touched, and where."""

from __future__ import annotations

import threading

import pytest

from holdfast import store
from holdfast.domain.audit import Deed
from holdfast.settings import Settings
from holdfast.store import audit, audit_anchor, audit_check, sql
from holdfast.store.audit_check import Found

NOW = 1_700_000_000_000_000


def _write(base: Settings, count: int, about: str = "customer:7") -> None:
    audit.note_all(
        base, [Deed(3, "customer.seen", about, NOW + n, {"part": f"page {n}"}) for n in range(count)]
    )


def _found(base: Settings) -> list[Found]:
    return list(audit_check.verify(base).found)


def test_a_trail_that_nobody_touched_is_whole(base: Settings) -> None:
    """N2."""
    assert audit_check.verify(base).whole
    audit.note(base, who=3, did="segment.changed", about="segment:vip", details={"rule": "x"}, now_us=NOW)
    _write(base, 120)
    verified = audit_check.verify(base)
    assert verified.found == ()
    assert (verified.notes, verified.head.position) == (121, 121)
    assert sql.read("SELECT DISTINCT sort FROM audit_note ORDER BY sort") == [("changed",), ("saw",)]


@pytest.mark.parametrize(
    "change",
    [
        "at_us = at_us + 1",
        "who = 4",
        "who = NULL",
        "via = 'command'",
        "did = 'customer.changed'",
        "sort = 'changed'",
        "about = 'customer:8'",
        "hash = digest",
        "digest = hash",
    ],
)
def test_an_edited_note_is_found_where_it_is(base: Settings, change: str) -> None:
    """N2."""
    _write(base, 9)
    sql.write(f"UPDATE audit_note SET {change} WHERE id = 4")
    found = _found(base)
    assert found[0].first == 4
    assert {each.kind for each in found} <= {audit_check.EDITED, audit_check.DETAILS}
    assert all(each.last <= 5 for each in found)


def test_edited_details_are_found(base: Settings) -> None:
    """N2."""
    _write(base, 5)
    sql.write("UPDATE audit_note SET details = %s WHERE id = 2", ('{"part":"page 9"}',))
    assert _found(base) == [Found(audit_check.DETAILS, 2, 2)]
    sql.write("UPDATE audit_note SET details = '', salt = '' WHERE id = 2")
    assert _found(base) == [Found(audit_check.EMPTIED, 2, 2)]


def test_a_deleted_note_is_found(base: Settings) -> None:
    """N2."""
    _write(base, 9)
    sql.write("DELETE FROM audit_note WHERE id IN (3, 4)")
    assert Found(audit_check.MISSING, 3, 4) in _found(base)


def test_a_deleted_note_is_found_when_the_others_close_the_gap(base: Settings) -> None:
    """N2."""
    _write(base, 9)
    sql.write("DELETE FROM audit_note WHERE id = 3")
    for position in range(4, 10):
        sql.write("UPDATE audit_note SET id = %s WHERE id = %s", (position - 1, position))
    kinds = {each.kind for each in _found(base)}
    assert {audit_check.EDITED, audit_check.CUT} <= kinds


def test_notes_that_changed_places_are_found(base: Settings) -> None:
    """N2."""
    _write(base, 6)
    for before, after in ((2, 100), (3, 2), (100, 3)):
        sql.write("UPDATE audit_note SET id = %s WHERE id = %s", (after, before))
    assert _found(base)[0] == Found(audit_check.EDITED, 2, 4)


def test_notes_cut_off_the_end_are_found_though_the_head_was_set_back(base: Settings) -> None:
    """N2."""
    _write(base, 6)
    sql.write("DELETE FROM audit_note WHERE id > 4")
    assert Found(audit_check.CUT, 5, 6) in _found(base)
    sql.write(
        "UPDATE audit_head SET position = 4, hash = (SELECT hash FROM audit_note WHERE id = 4) WHERE id = 1"
    )
    assert _found(base) == [Found(audit_check.CUT, 5, 6)]


def test_a_trail_that_was_emptied_is_found(base: Settings) -> None:
    """N2."""
    _write(base, 6)
    sql.write("DELETE FROM audit_note")
    sql.write("DELETE FROM audit_head")
    assert _found(base) == [Found(audit_check.CUT, 1, 6)]


def test_cutting_and_writing_on_is_found(base: Settings) -> None:
    """N2: with notes in the place of those that were cut off, the end of before does not fit."""
    _write(base, 6)
    sql.write("DELETE FROM audit_note WHERE id > 4")
    sql.write(
        "UPDATE audit_head SET position = 4, hash = (SELECT hash FROM audit_note WHERE id = 4) WHERE id = 1"
    )
    _write(base, 2, about="customer:9")
    assert _found(base) == [Found(audit_check.REWRITTEN, 6, 6)]


def test_an_end_kept_elsewhere_holds_without_the_file(base: Settings) -> None:
    """N2."""
    _write(base, 6)
    printed = audit_check.head(base)
    (base.folder / audit_anchor.FILE).unlink()
    assert _found(base) == [Found(audit_check.NO_ANCHOR, 6, 6)]
    sql.write("DELETE FROM audit_note WHERE id > 2")
    found = audit_check.verify(base, also=[printed]).found
    assert Found(audit_check.CUT, 3, 6) in found


def test_the_anchor_moves_forward_only_and_cannot_be_forged(base: Settings) -> None:
    _write(base, 3)
    key = audit.chain_key(base)
    kept = audit_anchor.read(base.folder, key)
    assert kept is not None
    assert kept.position == 3
    audit_anchor.advance(base.folder, key, 1, "older")
    assert audit_anchor.read(base.folder, key) == kept
    audit_anchor.write(base.folder, b"another key", audit_anchor.Anchor(2, "x"))
    assert audit_anchor.read(base.folder, key) is None


def test_an_erased_customer_leaves_the_chain_whole(base: Settings) -> None:
    """N2."""
    _write(base, 3)
    _write(base, 2, about="customer:70")
    assert audit.forget(base, [7, 8], now_us=NOW) == 3
    assert audit_check.verify(base).whole
    left = sql.read("SELECT about, details FROM audit_note ORDER BY id")
    assert [details for about, details in left[:3]] == ["", "", ""]
    assert left[3][1] == '{"part":"page 0"}'
    assert audit.forget(base, [7], now_us=NOW) == 0


def test_what_is_rolled_back_is_not_noted(base: Settings) -> None:
    _write(base, 1)

    def fail() -> None:
        with sql.short_write():
            audit.note(base, who=1, did="x.changed", about="x:1", now_us=NOW)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    _write(base, 1)
    assert audit_check.verify(base) == audit_check.Verified(2, audit_check.head(base), ())


def test_addresses_are_not_kept_in_details(base: Settings) -> None:
    audit.note(
        base,
        who=1,
        did="point.changed",
        about="customer:1",
        details={"to": "ana@example.com, +40 721 123 456", "many": 12, "very long": "x" * 900},
        now_us=NOW,
    )
    row = sql.one("SELECT details FROM audit_note")
    assert row is not None
    assert "ana" not in row[0]
    assert "721" not in row[0]
    assert '"many":12' in row[0]
    assert len(row[0]) < 400


def test_groups_of_several_writers_stay_whole_and_in_order(base: Settings) -> None:
    """N2: four writers, each group within one transaction of its own."""
    failed: list[BaseException] = []

    def write(writer: int) -> None:
        from django.db import connection

        try:
            for group in range(6):
                with sql.short_write():
                    for n in range(3):
                        audit.note(
                            base,
                            who=writer,
                            did="x.changed",
                            about=f"x:{group}",
                            details={"n": n},
                            now_us=NOW,
                        )
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.connect(base)
    assert not failed
    assert audit_check.verify(base).found == ()
    rows = sql.read("SELECT who, about, details FROM audit_note ORDER BY id")
    assert len(rows) == 72
    for first in range(0, 72, 3):
        group = rows[first : first + 3]
        assert len({(who, about) for who, about, _ in group}) == 1
        assert [details for *_, details in group] == ['{"n":0}', '{"n":1}', '{"n":2}']
