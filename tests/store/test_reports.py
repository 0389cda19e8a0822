"""Dashboards, digests, files and figures of segments as they are kept, on both databases (N4)."""

from __future__ import annotations

from datetime import date

from holdfast.domain.dashboards import Tile
from holdfast.domain.figures import Figure
from holdfast.domain.period import Period
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import dashboards, digests, export_files, mail_choices, segment_figures, sql, work
from holdfast.store.digests import Digest

DAY_US = 86_400_000_000


def person(base: Settings, email: str) -> int:
    from holdfast.store.models import User

    return int(User.objects.create_user(email, None, role="admin").id)


def board(base: Settings, number: int) -> dashboards.Dashboard:
    found = dashboards.one(base, number)
    assert found is not None
    return found


def test_n4_a_dashboard_is_changed_by_one_at_a_time(base: Settings) -> None:
    ann, ben = person(base, "ann@x.example"), person(base, "ben@x.example")
    number = dashboards.add(base, "Mine", ann, [Tile(1, "figure", "churn_rate")], shared=False, now_us=1)
    dashboards.add(base, "All", ann, [], shared=True, now_us=1)
    assert [each.title for each in dashboards.listed(base, ann)] == ["All", "Mine"]
    assert [each.title for each in dashboards.listed(base, ben)] == ["All"]
    found = board(base, number)
    assert dashboards.change(base, found, now_us=2, tiles=[Tile(2, "at_risk")], segment_key="regulars")
    assert not dashboards.change(base, found, now_us=3, title="Late")
    changed = board(base, number)
    assert (changed.title, changed.tiles, changed.version) == ("Mine", (Tile(2, "at_risk"),), 2)
    assert dashboards.segments_looked_at(base) == ["regulars"]
    dashboards.delete(base, number, now_us=5)
    assert dashboards.segments_looked_at(base) == []
    dashboards.restore(base, number)
    assert board(base, number).deleted_us is None
    dashboards.delete(base, number, now_us=5)
    assert dashboards.sweep(base, 6) == 1
    assert dashboards.one(base, number) is None


def test_n4_a_digest_is_due_for_each_reader_by_itself_and_settled_once(base: Settings) -> None:
    ann, ben = person(base, "ann@x.example"), person(base, "ben@x.example")
    number = dashboards.add(base, "All", ann, [], shared=True, now_us=1)
    new = Digest(0, number, "week", 0, 480, False, "ann@x.example")
    made = digests.add(base, new, {ann: ("UTC", 10), ben: ("Asia/Tehran", 20)}, now_us=1)
    (kept,) = digests.of_dashboard(base, number)
    assert (kept.id, kept.people) == (made, ("ann@x.example", "ben@x.example"))
    assert not digests.is_due(base, 9)
    (hers,) = digests.due(base, 15)
    assert (hers.person_id, hers.zone, hers.digest.quiet) == (ann, "UTC", False)
    with sql.short_write():
        assert digests.settle(base, hers, next_us=100, now_us=15, mark="said")
        assert not digests.settle(base, hers, next_us=200, now_us=15, mark="again")
    (his,) = digests.due(base, 50)
    with sql.short_write():
        assert digests.settle(base, his, next_us=100, now_us=50, mark=None)
    settled = {each.person_id: (each.last_us, each.mark) for each in digests.due(base, 100)}
    assert settled == {ann: (15, "said"), ben: (None, "")}
    digests.move_clock(base, ben, "Europe/Dublin", {made: 300})
    ((reader, title),) = digests.of_person(base, ben)
    assert (reader.zone, reader.next_us, title) == ("Europe/Dublin", 300, "All")
    digests.delete(base, made, number + 1)
    assert digests.of_dashboard(base, number) != []
    digests.delete(base, made, number)
    assert digests.of_dashboard(base, number) == []
    assert not digests.is_due(base, 2**61)


def test_n4_a_file_is_written_by_one_process_and_taken_up_again_when_it_ends(base: Settings) -> None:
    first = export_files.ask(base, 1, "segment", {"segment": "a"}, "csv", now_us=1)
    assert export_files.ask(base, 1, "segment", {"segment": "a"}, "csv", now_us=2) == first
    second = export_files.ask(base, 1, "segment", {"segment": "b"}, "csv", now_us=2)
    assert export_files.waiting(base, 1) == 2
    taken = [export_files.claim(base, 10), export_files.claim(base, 10), export_files.claim(base, 10)]
    assert [each and each.id for each in taken] == [first, second, None]
    export_files.finish(base, second, stored="x.csv", rows=3, size=9, now_us=20, ends_us=30)
    later = 11 + export_files.HELD_US
    full = Text("It failed: {error}.", error="OSError")
    again = export_files.claim(base, later)
    assert again is not None
    assert (again.id, again.tries) == (first, 2)
    export_files.fail(base, first, full, again=True)
    assert export_files.claim(base, later) is not None
    export_files.fail(base, first, full, again=True)
    assert export_files.claim(base, later) is None  # given up after the third time
    failed = export_files.one(base, first)
    assert failed is not None
    assert (failed.state, failed.trouble) == ("failed", full)
    assert [each.id for each in export_files.ended(base, 31)] == [second]
    export_files.forget(base, second)
    assert [each.state for each in export_files.of_person(base, 1)] == ["gone", "failed"]
    assert export_files.sweep(base, 5) == 2


def test_n4_figures_of_a_segment_take_the_place_of_those_before(base: Settings) -> None:
    def figure(month: int, value: float) -> Figure:
        period = Period(date(2026, month, 1), date(2026, month + 1, 1), "month")
        return Figure("churn_rate", "", period, value, "share", Text("f"))

    made = segment_figures.Measured(7, 10, 5, 100, "")
    segment_figures.save(base, made, [figure(1, 0.1), figure(2, 0.2)])
    segment_figures.save(base, made, [figure(2, 0.3), figure(3, 0.4)])
    assert [each.value for each in segment_figures.read(base, 7, "month", metrics=["churn_rate"])] == [
        0.3,
        0.4,
    ]
    assert [each.value for each in segment_figures.read(base, 7, "month", from_day=date(2026, 3, 1))] == [0.4]
    assert [each.start.month for each in segment_figures.periods(base, 7, "month")] == [3, 2]
    assert segment_figures.measured(base, 7) == made
    segment_figures.forget(base, [8])
    assert segment_figures.measured(base, 7) is None
    assert segment_figures.read(base, 7, "month") == []


def test_what_mails_somebody_wants_is_kept(base: Settings) -> None:
    assert mail_choices.wants(base, 1, "task_assigned", otherwise=True)
    mail_choices.choose(base, 1, {"task_assigned": False, "alert.x": True})
    mail_choices.choose(base, 1, {"alert.x": False})
    assert mail_choices.chosen(base, 1) == {"task_assigned": False, "alert.x": False}
    assert mail_choices.who_wants(base, "alert.x") == {1: False}


def test_n2_who_sees_only_some_customers_sees_their_work(base: Settings) -> None:
    from brought import subject
    from holdfast.store import cases, tasks

    theirs, other = subject(base, "c1"), subject(base, "c2")
    for about, owner in ((theirs, None), (other, None), (other, 5), (None, None)):
        new = tasks.NewTask("x", subject_id=about, owner_id=owner)
        tasks.add(base, new, by="x", now_us=1)
    cases.add(base, cases.NewCase(other, "y"), by="x", now_us=1)
    seen = work.seen_by(base, 5, frozenset({theirs}))
    wanted = tasks.Wanted("open", seen_by=seen)
    assert [each.subject_id for each in tasks.listed(base, wanted, 9, now_us=2)] == [theirs, other]
    counted = tasks.counts(base, 5, today_ends_us=9, now_us=2, seen_by=seen)
    assert (counted.all, counted.mine, counted.nobodys) == (2, 1, 1)
    assert cases.listed(base, cases.Wanted(seen_by=seen), 9) == []
    assert cases.counts(base, seen)["open"] == 0
    assert work.seen_by(base, 5, None) is None
