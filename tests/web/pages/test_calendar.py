"""G4, G5: the pages of the contact calendar: months, issues, dates of our own, plans, what greetings cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import playing
from brought import bring, subject
from holdfast.domain.blocks import Block, Content
from holdfast.domain.period import day_number
from holdfast.domain.written_expressions import parse
from holdfast.services.act.messages import templates as acts
from holdfast.services.collect.segments import define
from holdfast.settings import Settings
from holdfast.store import contact_calendar, standings
from playing import a_play

if TYPE_CHECKING:
    from django.test import Client

PAGE, PLAN = "/act/calendar", "/act/calendar/plan"
NOW = datetime.now(UTC)
BY: dict[str, Any] = {"by": "niamh@example.com", "now_us": 5}


def _letter(settings: Settings) -> str:
    """A newsletter that goes every Wednesday, and the key of a message that may be its issue."""
    trigger = {"schedule": {"every": "week", "on": 2, "at": "10:00"}}
    written = a_play(key="letter", title="Our letter", trigger=trigger, topic="news", purpose="marketing")
    playing.launched(settings, written | {"steps": [{"id": "i", "do": "newsletter"}]}, NOW)
    template = acts.make(settings, "Tea time", "message", "en", **BY)
    body = template.draft.with_content("en", Content("Tea", "", (Block("text", words="Brew."),)))
    acts.publish(settings, acts.keep(settings, template, body, **BY), **BY)
    return template.key


def _listed(settings: Settings) -> None:
    bring(settings, ["ann", "ben"])
    units, none = [subject(settings, key) for key in ("ann", "ben")], [None, None]
    first = [day_number((NOW - timedelta(days=400)).date())] * 2
    standings.save_standings(
        settings, standings.Standings(units, ["active"] * 2, first, first, none, [5, 1], [1, 1], [1, 1])
    )


def test_g4_an_issue_is_planned_where_it_is_seen_to_be_missing(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    _listed(served)
    key, client = _letter(served), signed_in("analyst")
    shown = client.get(PAGE).content.decode()
    assert "Our letter" in shown and "Tea time" in shown
    wednesday = date.today() + timedelta(days=(2 - date.today().weekday()) % 7 or 7)
    there = client.get(f"{PAGE}?on={wednesday}").content.decode()
    assert "No issue is planned: nothing goes." in there
    told = {"day": wednesday.isoformat(), "template": key}
    assert client.post("/act/calendar/issues/letter", told).status_code == 302
    assert "Issue: Tea time" in client.get(f"{PAGE}?on={wednesday}").content.decode()
    wrong = client.post("/act/calendar/issues/letter", told | {"day": "2020-01-01"})
    assert wrong.status_code == 409 and "is past" in wrong.content.decode()
    client.post("/act/calendar/issues/letter", told | {"template": ""})
    assert "Issue: Tea time" not in client.get(f"{PAGE}?on={wednesday}").content.decode()
    assert client.post("/act/calendar/issues/none", told).status_code == 404
    assert "Send the issue of the day" in client.get("/act/plays/of/letter").content.decode()


def test_dates_of_our_own_come_and_go(served: Settings, signed_in: Callable[..., Client]) -> None:
    client, today = signed_in("manager"), date.today()
    told = {"kind": "education", "title": "Knots <for> all", "day": today.isoformat()}
    assert client.post("/act/calendar/dates", told).status_code == 302
    shown = client.get(PAGE).content.decode()
    assert "Knots &lt;for&gt; all" in shown and "Course or lesson" in shown
    (one,) = contact_calendar.dates(served, 0, 10**6)
    wrong = client.post("/act/calendar/dates?on=2026-12-24", told | {"day": "", "until": "2027-01-07"})
    assert wrong.status_code == 409
    again = wrong.content.decode()
    assert "December 2026" in again and 'value="Knots &lt;for&gt; all"' in again, "what was typed stays"
    assert '<option value="education" selected' in again and 'value="2027-01-07"' in again
    dropped = client.post(f"/act/calendar/dates/{one.id}/drop?on=2026-12-01")
    assert (dropped.status_code, dropped["Location"]) == (302, f"{PAGE}?on=2026-12-01")
    assert client.post(f"/act/calendar/dates/{one.id}/drop").status_code == 404
    assert "Knots" not in client.get(f"{PAGE}?on=nonsense").content.decode()


def test_months_are_those_of_the_reader(served: Settings, signed_in: Callable[..., Client]) -> None:
    client = signed_in("read_only")
    assert "December 2026" in client.get(f"{PAGE}?on=2026-12-24").content.decode()
    assert "دی ۱۴۰۵" in signed_in("agent", "fa").get(f"{PAGE}?on=2026-12-24").content.decode()


def test_g4_a_segment_has_a_plan_and_its_gaps_are_counted(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    _listed(served)
    define.create(
        served, "Regulars", parse({"fact": "orders", "at_least": 2}), made_by="", now_us=1, key="regulars"
    )
    client = signed_in("manager")
    told = {"segment": "regulars", "channel": "email", "days": "14"}
    assert client.post(f"{PLAN}/keep", told).status_code == 302
    shown = client.get(PLAN).content.decode()
    assert "once in 14 days at least, by e-mail" in shown and "1 is missed" in shown
    assert "<b>2</b> customers hear nothing of you" in shown
    wrong = client.post(f"{PLAN}/keep", told | {"days": "many"})
    assert wrong.status_code == 409 and 'value="many"' in wrong.content.decode()
    assert '<option value="email" selected' in wrong.content.decode()
    (line,) = contact_calendar.plans(served)
    assert client.post(f"{PLAN}/{line.id}/drop").status_code == 302
    assert contact_calendar.plans(served) == []


def test_g5_greetings_show_what_they_cost(served: Settings, signed_in: Callable[..., Client]) -> None:
    trigger = {"broadcast": {"feast": "nowruz"}}
    written = a_play(key="nowruz", title="Nowruz greetings", topic="greetings", trigger=trigger)
    playing.launched(served, written, NOW)
    client = signed_in("agent")
    assert "Nowruz greetings" in client.get(PLAN).content.decode()
    shown = client.get("/act/plays/of/nowruz").content.decode()
    assert "Every year on the day: Nowruz" in shown
    assert "too few yet to say a share" in shown
