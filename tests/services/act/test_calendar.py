"""G4, G5: the contact calendar: what is on which day, plans of segments, their gaps, what greetings cost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

import playing
from brought import bring, subject
from holdfast.domain.period import day_number
from holdfast.domain.pressure import EVERY, Cap, Policy
from holdfast.domain.refusals import Refusal
from holdfast.domain.written_expressions import parse
from holdfast.services.act.calendar.gaps import Hears, gaps
from holdfast.services.act.calendar.greetings import greetings
from holdfast.services.act.calendar.own import add_date, keep_plan
from holdfast.services.act.calendar.planned import planned
from holdfast.services.act.plays.enrolling import enrol
from holdfast.services.act.plays.written import read
from holdfast.services.collect.segments import define
from holdfast.settings import Settings
from holdfast.store import contact_calendar, message_settings, sql, standings
from playing import a_play

NOW = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
SINCE, UNTIL = date(2026, 12, 1), date(2026, 12, 31)
WEEKLY = {"schedule": {"every": "week", "on": 2, "at": "10:00"}}
NEWS = {"topic": "news", "purpose": "marketing", "hold_out": 0, "re_entry": {"after_days": 6}}


@pytest.fixture
def three(base: Settings) -> Settings:
    """Ann, born on a tenth of December; Ben, who bought first at Christmas; Cy, of whom little is known."""
    bring(base, ["ann", "ben", "cy"], traits=[("ann", "birthday", "1990-12-10", 1)])
    first = [day_number(date(2025, 3, 3)), day_number(date(2024, 12, 24)), None]
    units = [subject(base, key) for key in ("ann", "ben", "cy")]
    none, one = [None] * 3, [1] * 3
    standings.save_standings(
        base, standings.Standings(units, ["active"] * 3, first, first, none, [5, 1, 1], one, one)
    )
    sql.write("UPDATE standing SET country = 'RO'")
    sql.write("UPDATE standing_count SET country = 'RO'")
    return base


def test_the_calendar_says_what_goes_to_how_many_on_each_day(three: Settings) -> None:
    playing.launched(three, a_play(key="news", title="News", trigger=WEEKLY, **NEWS), NOW)
    playing.launched(
        three,
        a_play(key="xmas", title="Xmas", trigger={"broadcast": {"feast": "christmas"}}, topic="greetings"),
    )
    born = {"date": "birthday", "days": -1, "at": "09:00", "yearly": True}
    playing.launched(three, a_play(key="born", title="Born", trigger=born))
    playing.launched(three, a_play(key="each", title="Each day", trigger={"schedule": {"every": "day"}}))
    playing.launched(three, a_play(key="risk", title="Risk", trigger={"risk": 0.5}))
    add_date(three, "event", "Open  house", (date(2026, 11, 30), date(2026, 12, 2)), by="niamh", now=NOW)
    found = planned(three, SINCE, UNTIL, "ro", NOW)
    said = [(each.day.day, each.kind, each.title, each.customers) for each in found.entries]
    assert [each for each in said if each[1] == "newsletter"] == [
        (day, "newsletter", "News", 3) for day in (2, 9, 16, 23, 30)
    ]
    assert (9, "date", "Born", 1) in said and (24, "greeting", "Xmas", 3) in said
    assert (24, "anniversary", "", 1) in said
    assert (25, "holiday", "Crăciunul", 3) in said
    assert (
        said[0][:3] == (1, "holiday", "Ziua Națională a României") or (1, "own", "Open house", None) in said
    )
    assert [each for each in said if each[1] == "birthday"] == [], "a play greets them"
    assert [(each.key, each.customers) for each in found.daily] == [("each", 3)]
    assert found.undated == 1
    midnight = {"schedule": {"every": "week", "on": 0, "at": "00:00"}}
    playing.launched(three, a_play(key="night", title="At midnight", trigger=midnight), NOW)
    week = planned(three, date(2026, 12, 7), date(2026, 12, 13), "ro", NOW).entries
    assert [each.day.day for each in week if each.key == "night"] == [7], "on the first day looked at"


def test_a_day_without_what_it_needs_is_pressing(three: Settings) -> None:
    play, _ = playing.launched(
        three, a_play(trigger=WEEKLY, steps=[{"id": "i", "do": "newsletter"}], **NEWS), NOW
    )
    contact_calendar.keep_issue(three, play.id, day_number(date(2026, 12, 9)), "gone", by="", now_us=1)
    found = [each for each in planned(three, SINCE, UNTIL, "en", NOW).entries if each.key == "hello"]
    assert [each.pressing for each in found] == [True, False, True, True, True]
    assert "gone" in str(found[1].note)
    sql.write("UPDATE play SET state = 'ended'")
    found = [each for each in planned(three, SINCE, UNTIL, "en", NOW).entries if each.kind == "birthday"]
    assert [(each.day.day, each.customers) for each in found] == [(10, 1)]


def test_who_hears_too_much_and_who_nothing(three: Settings) -> None:
    regulars = {"fact": "orders", "at_least": 2}
    define.create(three, "Regulars", parse(regulars), made_by="", now_us=1, key="regulars")
    playing.launched(three, a_play(key="news", trigger=WEEKLY, audience=regulars, **NEWS), NOW)
    playing.launched(
        three, a_play(key="born", trigger={"date": "birthday", "at": "09:00", "yearly": True}), NOW
    )
    keep_plan(three, "regulars", "", 7, by="niamh", now=NOW)
    keep_plan(three, "regulars", "sms", 30, by="niamh", now=NOW)
    message_settings.set_contact_rules(three, Policy((Cap(EVERY, "month", 5),)))
    found = gaps(three, NOW)
    # five issues of the newsletter, and the birthday of the one regular customer
    assert found.hears == (
        Hears("", "", 3, {"": 6}, nothing=2, too_much=1),
        Hears("regulars", "Regulars", 1, {"": 6}, nothing=0, too_much=1),
    )
    assert [(each.plan.channel, each.customers, each.reached) for each in found.plan] == [
        ("", 1, 1),
        ("sms", 1, 0),
    ]


def test_who_entered_is_not_counted_before_they_may_enter_again(three: Settings) -> None:
    written = a_play(trigger={"broadcast": {"at": "2026-12-05T10:00"}}, re_entry={"after_days": 10})
    play, version = playing.launched(three, written, NOW)
    ready = read(version.written)
    enrol(three, play, version, ready, {subject(three, "ann"): 0}, {}, NOW - timedelta(days=8))
    enrol(three, play, version, ready, {subject(three, "ben"): 0}, {}, NOW - timedelta(days=3))
    assert gaps(three, NOW).hears[0].nothing == 1


def test_what_greetings_cost_is_in_sight(three: Settings) -> None:
    """G5: with the unsubscribes that it costs in sight."""
    playing.launched(three, a_play(key="xmas", title="Xmas", topic="greetings"), NOW)
    playing.launched(three, a_play(key="other"), NOW)
    sent(three, 40)
    ids = [number for (number,) in sql.read("SELECT id FROM touch ORDER BY id")]
    for number, topic, given in ((0, "", False), (1, "greetings", False), (2, "news", False), (3, "", True)):
        sql.write(
            "INSERT INTO consent_said (subject_id, address_key, topic, channel, given, at_us, kept_us, how, "
            "wording, said_by, source) VALUES (%s, %s, %s, '', %s, %s, 1, 'page', '', '', %s)",
            (number + 1, b"k" * 16, topic, given, int(NOW.timestamp() * 1e6), f"touch {ids[number]}"),
        )
    sql.write(
        "INSERT INTO suppressed (channel, address_key, shown, reason, note, source, at_us, made_by, "
        "lifted_by, lifted_note) VALUES ('email', %s, '', 'complaint', '', %s, %s, '', '', '')",
        (b"k" * 16, f"touch {ids[5]}", int(NOW.timestamp() * 1e6)),
    )
    (found,) = greetings(three, NOW)
    assert (found.key, found.sent, found.unsubscribed, found.complaints) == ("xmas", 40, 2, 1)
    assert found.share is not None and found.share[0] == pytest.approx(3 / 40)
    assert found.share[1] < 3 / 40 < found.share[2]
    sql.write("DELETE FROM touch WHERE id > %s", (ids[9],))
    assert greetings(three, NOW, only="xmas")[0].share is None, "too few to say a share"


def sent(settings: Settings, count: int) -> None:
    """Greetings that went."""
    from holdfast.store import outbox
    from services.act.people import touch

    asked = [
        touch(None, f"a{n}@x.example", key=f"k{n}", topic="greetings", asked_by="play xmas")
        for n in range(count)
    ]
    outbox.ask_many(settings, asked, now_us=int(NOW.timestamp() * 1e6))
    sql.write("UPDATE touch SET state = 'sent'")


@pytest.mark.parametrize(
    "told",
    [
        {"kind": "party"},
        {"title": "  "},
        {"title": "x" * 201},
        {"days": (SINCE, SINCE - timedelta(days=1))},
        {"days": (date(2035, 1, 1), date(2035, 1, 1))},
        {"segment_key": "nobody"},
    ],
)
def test_what_is_no_date_of_ours_is_refused(base: Settings, told: dict[str, Any]) -> None:
    given = {"kind": "event", "title": "A", "days": (SINCE, SINCE)} | told
    with pytest.raises(Refusal) as refused:
        add_date(base, **given, by="", now=NOW)
    assert refused.value.code == "bad_date"
    assert contact_calendar.dates(base, 0, 10**6) == []


def test_what_is_no_plan_is_refused(three: Settings) -> None:
    define.create(three, "Some", parse({"fact": "orders", "at_least": 2}), made_by="", now_us=1, key="some")
    for told in (("none", "", 7), ("some", "pigeon", 7), ("some", "", 0), ("some", "", 93)):
        with pytest.raises(Refusal) as refused:
            keep_plan(three, *told, by="", now=NOW)
        assert refused.value.code == "bad_plan"
    keep_plan(three, "some", "", 7, by="", now=NOW)
    keep_plan(three, "some", "", 9, by="", now=NOW)
    (line,) = contact_calendar.plans(three)
    assert line.every_days == 9 and contact_calendar.drop_plan(three, line.id)
    assert contact_calendar.plans(three) == []
