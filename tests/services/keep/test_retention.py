"""Events older than the company decided go, everywhere; figures that were published stay."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from holdfast.domain.retention import DAY_US, Rule
from holdfast.domain.touch import Attachment, Recipient, TouchRequest
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.services.collect.undo_import import undo_import
from holdfast.services.keep import retention as expiring
from holdfast.services.keep.move import move
from holdfast.services.keep.retention import expire, preview
from holdfast.services.pulse.run import run
from holdfast.services.visible import finished_events
from holdfast.settings import Settings
from holdfast.store import figures, imports, live_sources, outbox, outbox_reading, retention, sql
from services.keep.ann import NOW_US, TEXT, company, send
from services.measure.companies import NOW


def counts(settings: Settings) -> dict[str, int]:
    with EmbeddedEngine(temp=settings.folder / "spill") as engine:
        return dict(
            engine.rows("SELECT name, COUNT(*) FROM events GROUP BY 1", {"events": finished_events(settings)})
        )


def test_old_events_go_with_their_texts_and_others_stay(base: Settings, tmp_path: Path) -> None:
    company(base, tmp_path / "files", loop=False)
    before = counts(base)
    later = NOW_US + 100 * DAY_US
    rules = [Rule("group:browsing", 99), Rule("group:messages", 120), Rule("Order Completed", 150)]
    for rule in rules:
        retention.set_rule(base, rule, by="n", now_us=later)
    told = preview(base, rules, now_us=later)
    assert counts(base) == before, "a look changes nothing"
    done = expire(base, now_us=later)
    assert done.by_rule == told.by_rule
    assert told.by_rule["group:browsing"] == before["Product Viewed"] == 4
    assert told.by_rule["group:messages"] == before["Ticket Opened"] == 2
    assert done.events == sum(told.by_rule.values())
    assert done.texts == 2
    after = counts(base)
    assert after == {"Order Completed": before["Order Completed"] - told.by_rule["Order Completed"]}
    assert after["Order Completed"] > 0
    assert sql.read("SELECT COUNT(*) FROM customer_text") == [(0,)]
    assert sql.read("SELECT COUNT(*) FROM log_row") == [(0,)]
    again = expire(base, now_us=later)
    assert (again.events, again.texts, again.files) == (0, 0, 0)
    first = next(each for each in reversed(imports.list_imports(base)) if each.kind == "orders")
    undo_import(base, first.id)
    assert counts(base) == after, "what an import skipped as a repeat does not come back older"


def test_only_files_that_hold_old_events_are_written_anew(workspace: Settings, tmp_path: Path) -> None:
    company(workspace, tmp_path / "files", loop=False)
    files = {path.name for path in workspace.lake.glob("bucket=*/*")}
    retention.set_rule(workspace, Rule("Ticket Opened", 1), by="n", now_us=NOW_US)
    done = expire(workspace, now_us=NOW_US)
    assert done.files == 1
    assert files <= {path.name for path in workspace.lake.glob("bucket=*/*")}, "readers may have the old one"
    assert TEXT not in repr(sql.read("SELECT text FROM customer_text"))


def test_without_rules_nothing_goes(workspace: Settings, tmp_path: Path) -> None:
    company(workspace, tmp_path / "files", loop=False)
    before = counts(workspace)
    assert expire(workspace, now_us=NOW_US + 10_000 * DAY_US).events == 0
    retention.set_rule(workspace, Rule("Page Viewed", 1), by="n", now_us=NOW_US)
    assert retention.remove_rule(workspace, "Page Viewed")
    assert not retention.remove_rule(workspace, "Page Viewed")
    assert expire(workspace, now_us=NOW_US + 10_000 * DAY_US).events == 0
    assert counts(workspace) == before


def test_closed_periods_keep_what_was_published_and_say_why(workspace: Settings, tmp_path: Path) -> None:
    company(workspace, tmp_path / "files")

    def may() -> list[figures.KeptFigure]:
        kept = figures.read_figures(workspace, "month", metrics=["revenue"])
        return [each for each in kept if each.figure.period.start == date(2024, 5, 1)]

    before = [each.figure for each in may()]
    retention.set_rule(workspace, Rule("Order Completed", 1), by="n", now_us=NOW_US)
    may_12 = int(datetime(2024, 5, 12, tzinfo=UTC).timestamp() * 1e6)
    assert expire(workspace, now_us=may_12).events > 0
    sql.write("UPDATE retention_run SET at_us = %s", (int(NOW.timestamp() * 1e6) + DAY_US,))
    run(workspace, date(2024, 7, 1), now=NOW)
    assert [each.figure for each in may()] == before
    assert any("Old events were deleted" in str(why) for each in may() for why in each.why)


def test_killed_between_texts_and_events_it_goes_on(
    workspace: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company(workspace, tmp_path / "files", loop=False)
    retention.set_rule(workspace, Rule("group:messages", 1), by="n", now_us=NOW_US)

    def cut(*_: Any, first: Any, **__: Any) -> None:
        first([str(path) for path in workspace.lake.glob("bucket=*/*.parquet")])
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(expiring, "cut_events", cut)
        with pytest.raises(KeyboardInterrupt):
            expire(workspace, now_us=NOW_US)
    assert counts(workspace)["Ticket Opened"] == 2
    assert sql.read("SELECT COUNT(*) FROM customer_text") == [(0,)]
    assert expire(workspace, now_us=NOW_US).events == 2
    assert "Ticket Opened" not in counts(workspace)


def test_names_of_their_own_are_one_group_and_may_hold_anything(workspace: Settings) -> None:
    source = live_sources.ensure(workspace, "web", "segment", now_us=NOW_US)
    names = ["Wheel Spun", "50% off it's Viewed", "Page Viewed"]
    calls = [
        {
            "type": "track",
            "userId": "c1",
            "event": name,
            "messageId": f"{n}{name}",
            "timestamp": "2024-01-01T00:00:00Z",
        }
        for name in names
        for n in range(2)
    ]
    send(workspace, source.id, calls[::2])
    take_in_arrived(workspace, now_us=NOW_US)
    move(workspace)
    send(workspace, source.id, calls[1::2])
    take_in_arrived(workspace, now_us=NOW_US)
    retention.set_rule(workspace, Rule("group:others", 30), by="n", now_us=NOW_US)
    retention.set_rule(workspace, Rule(names[1], 9_000), by="n", now_us=NOW_US)
    assert expire(workspace, now_us=NOW_US).events == 2
    assert counts(workspace) == {names[1]: 2, "Page Viewed": 2}
    retention.set_rule(workspace, Rule(names[1], 30), by="n", now_us=NOW_US)
    assert expire(workspace, now_us=NOW_US).events == 2


def _said(settings: Settings, key: str, state: str, at_us: int) -> int:
    """A message of ours that was over at a moment."""
    request = TouchRequest(
        key,
        "service",
        "email",
        Recipient("ann@kelp.example"),
        "Your parcel",
        f"It is on its way, {key}.",
        "<p>It is on its way.</p>",
        headers={"List-Id": "parcels"},
        attachments=(Attachment("bill.pdf", "application/pdf", b"%PDF secret"),),
    )
    number = outbox.ask(settings, request, now_us=at_us)
    assert number is not None
    sql.write("UPDATE touch SET state = %s, changed_us = %s WHERE id = %s", (state, at_us, number))
    return number


def test_messages_of_ours_lose_their_words_and_stay_facts(base: Settings) -> None:
    old, new = NOW_US - 31 * DAY_US, NOW_US - 29 * DAY_US
    over = [_said(base, state, state, old) for state in ("sent", "refused", "cancelled", "failed", "unknown")]
    kept = [_said(base, f"{state} still", state, old) for state in ("waiting", "held", "claimed")]
    kept.append(_said(base, "sent lately", "sent", new))
    rules = [Rule("group:sent", 30)]
    retention.set_rule(base, rules[0], by="n", now_us=NOW_US)
    told = preview(base, rules, now_us=NOW_US)
    assert (told.by_rule, told.messages, told.events) == ({"group:sent": 5}, 5, 0)
    assert sql.one("SELECT COUNT(*) FROM touch_content WHERE text = ''") == (0,), "a look changes nothing"
    done = expire(base, now_us=NOW_US)
    assert (done.messages, done.events, done.texts, done.done) == (5, 0, 0, True)
    emptied = [row for (row,) in sql.read("SELECT touch_id FROM touch_content WHERE text = '' ORDER BY 1")]
    assert emptied == over
    left = repr(sql.read("SELECT * FROM touch_content WHERE text = ''"))
    assert "parcel" not in left.lower() and "on its way" not in left
    assert sql.read("SELECT DISTINCT touch_id FROM touch_attachment ORDER BY 1") == [(each,) for each in kept]
    facts = sql.read("SELECT state, address, changed_us, title FROM touch WHERE title = '' ORDER BY id")
    assert facts == [(key, "ann@kelp.example", old, "") for key in
                     ("sent", "refused", "cancelled", "failed", "unknown")]  # fmt: skip
    assert expire(base, now_us=NOW_US).messages == 0
    assert retention.last_run(base) is None, "no figure differs by it"


def test_what_has_lost_its_words_is_not_sent_again(base: Settings) -> None:
    number = _said(base, "one", "failed", NOW_US - 2 * DAY_US)
    other = _said(base, "two", "failed", NOW_US)
    retention.set_rule(base, Rule("group:sent", 1), by="n", now_us=NOW_US)
    assert expire(base, now_us=NOW_US).messages == 1
    assert not outbox_reading.send_again(base, number, by="n", now_us=NOW_US)
    assert outbox_reading.send_again(base, other, by="n", now_us=NOW_US)
    assert outbox_reading.cancel(base, number, by="n", now_us=NOW_US)


def test_messages_and_events_have_rules_beside_each_other(base: Settings, tmp_path: Path) -> None:
    company(base, tmp_path / "files", loop=False)
    _said(base, "one", "sent", NOW_US)
    later = NOW_US + 100 * DAY_US
    for rule in (Rule("group:sent", 99), Rule("group:browsing", 99)):
        retention.set_rule(base, rule, by="n", now_us=later)
    done = expire(base, now_us=later)
    assert (done.messages, done.by_rule["group:sent"]) == (1, 1)
    assert done.events == done.by_rule["group:browsing"] > 0
