"""N1: whoever is erased is nowhere any more, does not come back, and it is certified."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

import pytest

from holdfast import store
from holdfast.domain.refusals import Refusal
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.lake import log
from holdfast.services.collect.look_up import customer
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.services.collect.undo_import import undo_import
from holdfast.services.keep.erase import steps
from holdfast.services.keep.erase.scan import scan
from holdfast.services.keep.erase.steps import carry_on, erase
from holdfast.services.keep.erase.whom import whom
from holdfast.services.pulse import jobs
from holdfast.services.pulse.run import run
from holdfast.services.visible import finished_events
from holdfast.settings import Settings, read_settings, write_settings
from holdfast.store import erasure, figures, imports, live_sources, personal, saved_views, sql
from services.keep.ann import (
    EMAIL,
    KEY,
    NAME,
    NOW_US,
    OTHERS,
    WORDS,
    Ann,
    company,
    live_calls,
    orders,
    people,
    rejected_rows,
    send,
)
from services.measure.companies import NOW, take_rows

DAY_US = 86_400_000_000


_numbers = count()


@cache
def _made(folder: Path, settings: Settings) -> Ann:
    """Ann's company, made once for each database."""
    shutil.copytree(folder, settings.folder)
    write_settings(settings)
    with days_ago(3):
        return company(settings, settings.folder.parent / "files")


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    """The event log has a clock of its own, by which it knows when a file left it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log, "_now_ms", lambda: int((time.time() - days * 86_400) * 1_000))
        yield


@pytest.fixture(params=["sqlite", "postgresql"])
def shop(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    _blank_workspace: Path,
) -> Iterator[Settings]:
    """A copy of Ann's company on each database."""
    made = tmp_path_factory.getbasetemp() / f"ann-{request.param}"
    settings = replace(read_settings(_blank_workspace), folder=made)
    url = ""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        if not made.exists():
            server.create("ann", template="blank")
        settings = replace(settings, database_url=server.url("ann"))
    _made(_blank_workspace, settings)
    store.connect(read_settings(_blank_workspace))  # nobody may be connected to what is copied
    if request.param == "postgresql":
        url = server.create(f"ann{next(_numbers)}", template="ann")
    shutil.copytree(made, tmp_path / "shop")
    own = replace(read_settings(tmp_path / "shop"), database_url=url)
    write_settings(own)
    store.connect(own)
    yield own
    store.connect(read_settings(_blank_workspace))


@pytest.fixture
def ann(shop: Settings) -> Ann:
    return Ann(whom(shop, KEY).subjects[0], live_sources.ensure(shop, "web", "segment", now_us=NOW_US).id)


def _traces(settings: Settings) -> dict[str, bool]:
    """Where Ann can be found, by decoders of the test's own."""
    return {
        "database": _in_database(settings),
        "lake": _in_parquet(sorted(settings.lake.glob("bucket=*/*.parquet"))),
        "files": _in_parquet(
            [path for path in settings.folder.rglob("*.parquet") if settings.lake not in path.parents]
        ),
        "rejects": KEY in rejected_rows(settings),
        "documents": any(
            EMAIL in path.read_text() for path in (settings.folder / "documents").rglob("*") if path.is_file()
        ),
        "views": any({NAME.lower(), EMAIL} & {*said} for said in saved_views.written(settings).values()),
        "logs": EMAIL in (settings.folder / "logs" / "holdfast.log").read_text(),
    }


def _in_database(settings: Settings) -> bool:
    if not settings.database_url:
        return any(
            word.encode() in path.read_bytes().lower()
            for path in settings.folder.glob("holdfast.db*")
            for word in WORDS
        )
    return any(
        word in repr(row).lower()
        for table in personal.tables()
        if table != "erasure"
        for row in sql.read(f"SELECT * FROM {personal.quoted(table)}")
        for word in WORDS
    )


def _in_parquet(paths: list[Path]) -> bool:
    import pyarrow.parquet as parquet

    return any(
        word in str(row).lower()
        for path in paths
        for row in parquet.read_table(path).to_pylist()
        for word in WORDS
    ) or any(
        row.get("subject_id") == _in_parquet.her  # type: ignore[attr-defined]
        for path in paths
        for row in parquet.read_table(path).to_pylist()
    )


def test_n1_an_erasure_leaves_nothing_anywhere_and_the_scan_would_have_seen_it(
    shop: Settings, ann: Ann
) -> None:
    _in_parquet.her = ann.unit_id  # type: ignore[attr-defined]
    before = _traces(shop)
    assert all(before.values()), before
    who = whom(shop, EMAIL)
    assert (who.kind, who.name) == ("person", NAME)
    seen = scan(shop, who.subjects, WORDS)
    assert {
        "subject",
        "contact_point",
        "trait_row",
        "customer_text",
        "log_row",
        "standing",
        "note",
    } <= seen.rows.keys()
    assert any("bucket=" in name for name in seen.files)
    assert any("duplicates.parquet" in name for name in seen.files)
    assert any(name.endswith(".gz") for name in seen.files)
    assert any(name.endswith("holdfast.log") for name in seen.files)
    assert seen.mentions["documents"] == 1
    assert seen.mentions["saved_view"] == 2

    with days_ago(2):
        record = erase(shop, who, by="niamh@example.com", now_us=NOW_US)
    assert record.state == "cut"
    now = _traces(shop)
    assert now.pop("lake"), "readers may still have the old files open"
    assert now == dict.fromkeys(now, False)
    assert carry_on(shop, now_us=NOW_US + DAY_US // 2) == []

    (proven,) = carry_on(shop, now_us=NOW_US + DAY_US)
    assert proven.state == "proven", proven.certificate
    assert _traces(shop) == dict.fromkeys(before, False)


def test_n1_at_once_there_is_no_waiting(shop: Settings, ann: Ann) -> None:
    _in_parquet.her = ann.unit_id  # type: ignore[attr-defined]
    record = erase(shop, whom(shop, KEY), by="niamh@example.com", now_us=NOW_US, at_once=True)
    assert record.state == "proven", record.certificate
    assert _traces(shop) == dict.fromkeys(_traces(shop), False)
    assert record.certificate is not None
    assert record.certificate["rows_left"] == record.certificate["files_left"] == {}
    assert record.certificate["looked_through"]["parquet_files"] > 0
    assert record.certificate["looked_through"]["packages"] >= 1
    assert record.sealed == ""
    assert record.done["events"] >= 5
    assert not any(word in repr(record).lower() for word in WORDS)
    others = customer(shop, "c1", now=NOW)
    assert others.history.orders == 5 + 3
    with pytest.raises(Refusal) as refused:
        whom(shop, EMAIL)
    assert refused.value.code == "no_such_customer"


def test_n1_the_delta_log_and_its_checkpoints_name_nobody(workspace: Settings, tmp_path: Path) -> None:
    from deltalake import DeltaTable

    company(workspace, tmp_path / "files", loop=False)
    erase(workspace, whom(workspace, KEY), by="n", now_us=NOW_US, at_once=True)
    DeltaTable(str(workspace.lake)).create_checkpoint()
    log = workspace.lake / "_delta_log"
    assert list(log.glob("*.checkpoint.parquet"))
    found = scan(workspace, [], WORDS)
    assert found.files == {}
    assert all(
        word.encode() not in path.read_bytes().lower() for path in log.glob("*.json") for word in WORDS
    )


def test_n1_imports_replays_and_live_events_do_not_bring_her_back(
    shop: Settings, ann: Ann, tmp_path: Path
) -> None:
    record = erase(shop, whom(shop, KEY), by="niamh@example.com", now_us=NOW_US, at_once=True)
    again = take_rows(shop, "customers", people(), tmp_path)
    assert (again.rows_rejected, again.reject_reasons) == (1, {"erased": 1})
    assert again.rows_read == again.rows_taken + again.rows_rejected + again.duplicates
    assert again.rejects_file is None or EMAIL not in rejected_rows(shop)
    assert take_rows(shop, "orders", orders(also=9), tmp_path).reject_reasons["erased"] == 5
    by_mail = [
        ("ticket_id", "customer", "email", "opened_at", "text"),
        ("t9", "zd-1", EMAIL, "2024-06-20", "Hello"),
    ]
    told = take_rows(shop, "tickets", by_mail, tmp_path)
    assert told.reject_reasons == {"erased": 1}, "a new id with her address is her"
    send(shop, ann.source_id, [{**call, "messageId": f"{call['messageId']}-9"} for call in live_calls()])
    done = take_in_arrived(shop, now_us=NOW_US)
    assert (done.events, done.quarantined) == (1, 0), "only that of somebody else"
    found = scan(shop, record.subjects, WORDS)
    assert (found.rows, found.files, found.mentions) == ({}, {}, {})
    (listed,) = erasure.listed(shop)
    assert listed.refused == 1 + 5 + 1 + 3
    assert erasure.erased_among(shop, [("customer", KEY), ("customer", "c1"), ("email", EMAIL)]) == {
        ("customer", KEY),
        ("email", EMAIL),
    }

    erasure.lift(shop, record.id, by="niamh@example.com", now_us=NOW_US)
    send(shop, ann.source_id, [{**call, "messageId": f"{call['messageId']}-10"} for call in live_calls()[:2]])
    take_in_arrived(shop, now_us=NOW_US)
    back = customer(shop, EMAIL, now=NOW)
    assert [event.name for event in back.timeline.events] == ["Product Viewed"], "what was erased stays so"


def test_n1_undoing_the_import_that_owned_her_events_hands_them_to_nobody(shop: Settings, ann: Ann) -> None:
    record = erase(shop, whom(shop, KEY), by="n", now_us=NOW_US, at_once=True)
    first = next(each for each in reversed(imports.list_imports(shop)) if each.kind == "orders")
    undo_import(shop, first.id)
    with EmbeddedEngine(temp=shop.folder / "spill") as engine:
        rows = engine.rows("SELECT DISTINCT subject_id FROM events", {"events": finished_events(shop)})
    assert {subject for (subject,) in rows}.isdisjoint(record.subjects)
    assert len(rows) == OTHERS


def test_n1_closed_periods_keep_their_sums_and_say_why_a_recount_differs(shop: Settings, ann: Ann) -> None:
    def revenue() -> list[figures.KeptFigure]:
        kept = figures.read_figures(shop, "month", metrics=["revenue"])
        return [each for each in kept if each.figure.period.start == date(2024, 5, 1)]

    before = [each.figure for each in revenue()]
    erase(shop, whom(shop, KEY), by="n", now_us=int(datetime.now().timestamp() * 1e6), at_once=True)
    run(shop, date(2024, 7, 1), now=NOW + timedelta(days=1))
    after = revenue()
    assert [each.figure for each in after] == before
    differing = [each for each in after if each.recomputed]
    assert differing
    assert any("erased" in str(why) for why in differing[0].why)


def test_what_others_wrote_about_her_is_theirs_and_is_said(shop: Settings, ann: Ann, tmp_path: Path) -> None:
    rows = [
        ("ticket_id", "customer", "opened_at", "text"),
        ("t5", "c2", "2024-06-20", f"Please write to {EMAIL.title()} instead, she is my sister."),
    ]
    take_rows(shop, "tickets", rows, tmp_path)
    record = erase(shop, whom(shop, KEY), by="n", now_us=NOW_US, at_once=True)
    assert record.state == "proven"
    assert record.certificate is not None
    assert record.certificate["mentions"] == {"customer_text": 1}


def test_n1_views_that_look_for_her_go_and_others_stay(shop: Settings, ann: Ann) -> None:
    def saved(*views: tuple[str, str]) -> set[int | None]:
        return {saved_views.add(shop, 1, "inbox", *each, now_us=NOW_US) for each in views}

    before = set(saved_views.written(shop))
    hers = saved(
        ("x", "?q=ann-margarethe+kelpwood"),
        ("x", "?q=Kelpwood&state=lapsed"),
        ("Ann-Margarethe  KELPWOOD", "?state=lapsed"),
        ("x", "?q=cust-00042-ann"),
    )
    others = saved(
        ("x", "?q=ann"), ("x", "?q=customer"), ("x", "?q=customer+11"), ("12 Harbour", "?country=IE")
    )
    for number in saved_views.written(shop).keys() - before:
        saved_views.delete(shop, number, now_us=NOW_US)
    assert None not in hers | others
    erase(shop, whom(shop, KEY), by="n", now_us=NOW_US)
    assert set(saved_views.written(shop)) - before == others


def test_a_shared_address_is_not_closed_to_the_others(base: Settings, tmp_path: Path) -> None:
    rows = [("customer", "name", "email"), ("h-1", "Hanna Byrne-Walsh", "us@byrne.example")]
    take_rows(base, "customers", rows, tmp_path)
    head = ("ticket_id", "customer", "email", "opened_at", "text")
    take_rows(base, "tickets", [head, ("1", "h-2", "us@byrne.example", "2024-01-01", "x")], tmp_path)
    subjects = whom(base, "customer:h-1").subjects
    assert len(subjects) == 2, "linked by the address"
    first = replace(whom(base, "customer:h-1"), subjects=(subjects[0],))
    erase(base, first, by="n", now_us=NOW_US, at_once=True)
    assert erasure.erased_among(base, [("email", "us@byrne.example"), ("customer", "h-1")]) == {
        ("customer", "h-1")
    }


def test_of_an_account_the_contacts_stay_unless_they_are_named(workspace: Settings, tmp_path: Path) -> None:
    settings = replace(workspace, unit="account")
    write_settings(settings)
    head = ("customer", "name", "email", "account")
    rows = [
        head,
        ("p1", "Ann Contact", "ann@firm.example", "firm-77-ltd"),
        ("p2", "Bob Contact", "bob@firm.example", "firm-77-ltd"),
    ]
    take_rows(settings, "customers", rows, tmp_path)
    take_rows(
        settings,
        "orders",
        [("order_id", "customer", "at", "amount", "currency"), ("1", "p1", "2024-01-01", 5, "EUR")],
        tmp_path,
    )
    run(settings, date(2024, 7, 1), now=NOW)
    assert whom(settings, "account:firm-77-ltd").contacts == 2
    one = whom(settings, "ann@firm.example")
    assert (one.kind, len(one.subjects)) == ("person", 1)
    erase(settings, one, by="n", now_us=NOW_US, at_once=True)
    (standing,) = sql.read("SELECT search FROM standing")
    assert "ann" not in standing[0].split()
    assert "bob" in standing[0].split()
    both = whom(settings, "account:firm-77-ltd", with_contacts=True)
    assert both.kind == "account"
    assert erase(settings, both, by="n", now_us=NOW_US, at_once=True).state == "proven"
    assert sql.read("SELECT id FROM subject") == []


def test_calls_that_nobody_takes_in_lose_her_events(shop: Settings, ann: Ann) -> None:
    send(shop, ann.source_id, [{**call, "messageId": f"{call['messageId']}-w"} for call in live_calls()])
    record = erase(shop, whom(shop, KEY), by="n", now_us=NOW_US, at_once=True)
    assert record.state == "proven", record.certificate
    ((payload, events),) = sql.read("SELECT payload, events FROM arrived")
    assert events == 1
    assert b"c1-viewed-w" in bytes(payload)


def test_the_words_of_an_erased_row_are_not_left_in_pages_that_were_split(workspace: Settings) -> None:
    """SQLite overwrites what is deleted, not what a page split has copied."""
    from brought import bring

    for start in range(0, 6_000, 500):
        bring(
            workspace,
            {
                f"key-{(n * 7919) % 100_000:05d}-x": {"email": f"mail{n}@kelp.example"}
                for n in range(start, start + 500)
            },
        )
    bring(
        workspace, {"key-77777-ann": {"email": "unmistakable.ann@kelp.example", "name": "Ann Unmistakable"}}
    )
    for start in range(6_000, 9_000, 500):
        bring(
            workspace,
            {
                f"key-{(n * 7919) % 100_000:05d}-y": {"email": f"mail{n}@kelp.example"}
                for n in range(start, start + 500)
            },
        )
    record = erase(workspace, whom(workspace, "key-77777-ann"), by="n", now_us=NOW_US, at_once=True)
    assert record.state == "proven"
    raw = b"".join(path.read_bytes() for path in workspace.folder.glob("holdfast.db*"))
    assert b"unmistakable" not in raw.lower()
    with closing(sqlite3.connect(workspace.database)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_the_worker_begins_what_a_page_asked_for_and_proves_it_at_night(shop: Settings, ann: Ann) -> None:
    number = steps.ask(shop, whom(shop, KEY), by="niamh@example.com", now_us=NOW_US)
    by_name = {job.name: job for job in jobs.jobs()}
    assert by_name["prove erasures"].every_seconds is None
    with days_ago(2):
        by_name["erase"].run(shop, NOW)
    assert steps.get(shop, number).state == "cut"
    by_name["erase"].run(shop, NOW + timedelta(days=2))
    assert steps.get(shop, number).state == "cut", "the scan is for the night"
    by_name["prove erasures"].run(shop, NOW + timedelta(days=2))
    assert steps.get(shop, number).state == "proven"


def test_pages_that_nobody_uses_are_given_back(workspace: Settings, tmp_path: Path) -> None:
    from holdfast.store import cleaning

    assert sql.read("PRAGMA auto_vacuum") == [(2,)]
    company(workspace, tmp_path / "files", loop=False)
    sql.write("DELETE FROM trait_row")
    assert sql.read("PRAGMA freelist_count")[0][0] > 0
    assert cleaning.empty_log(workspace)
    assert sql.read("PRAGMA freelist_count") == [(0,)]
    assert Path(f"{workspace.database}-wal").stat().st_size == 0


def test_what_killed_processes_left_goes_after_a_day(workspace: Settings) -> None:
    import os

    from holdfast.services.keep.erase.files import clear_spill

    old, young = workspace.folder / "spill" / "export-old", workspace.folder / "spill" / "export-young"
    measured = workspace.measured / "segment-old"
    for folder in (old, young, measured):
        folder.mkdir(parents=True)
    for folder in (old, measured):
        os.utime(folder, (time.time() - 90_000, time.time() - 90_000))
    assert clear_spill(workspace) == 2
    assert not old.exists()
    assert not measured.exists()
    assert young.exists()
