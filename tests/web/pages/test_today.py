"""Whom to call first, and why (C0); a warning is put off, settled, judged by one click."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from holdfast.domain.dashboards import Tile
from holdfast.services.collect.care import owners
from holdfast.services.collect.care.who import who
from holdfast.services.prove import dashboards as acts
from holdfast.settings import Settings
from holdfast.store import dashboards, episodes_judged, episodes_reading, portfolio, sql
from web import warned

if TYPE_CHECKING:
    from django.test import Client

FAILED, OVERDUE = "payment_failed", "overdue"


@pytest.fixture
def units(served: Settings) -> dict[str, int]:
    return warned.company(served)


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content[:300]
    return re.sub(r"\s+", " ", answer.content.decode())


def test_c0_customers_stand_by_value_at_risk_with_every_warning(
    signed_in: Callable[..., Client], served: Settings, units: dict[str, int]
) -> None:
    warned.warn(served, FAILED, units["ioana"], units["tariq"])
    warned.warn(served, OVERDUE, units["ioana"], days_ago=3)
    text = text_of(signed_in(), "/today")
    assert text.index("طارق رستمی</bdi></a></h2>") < text.index("Ioana Marin</bdi></a></h2>")
    assert "<b>3 warnings</b> were raised in 7 days. Call طارق رستمی first: <b>€2,500</b> is at risk." in text
    assert "Мария Попова" not in text
    ioana = text[text.index("Ioana Marin</bdi></a></h2>") :]
    assert "A payment failed" in ioana
    assert "The next purchase is overdue" in ioana
    assert "3 days ago" in ioana


def test_c0_a_storm_is_one_line_and_its_customers_are_not_listed(
    signed_in: Callable[..., Client], served: Settings, units: dict[str, int]
) -> None:
    number = warned.storm(served, FAILED, 1_200)
    warned.warn(served, FAILED, *units.values(), storm_id=number)
    text = text_of(signed_in(), "/today")
    assert text.count("A payment failed: 1,200 customers on one day.") == 1
    assert "Ioana Marin" not in text
    assert "no early warning is open" not in text.lower()
    assert "Ioana Marin" in text_of(signed_in("manager"), f"/warn/of/{FAILED}?storm=1")


def test_c0_an_outage_that_shows_in_two_signals_is_one_notice(
    signed_in: Callable[..., Client], served: Settings, units: dict[str, int]
) -> None:
    warned.storm(served, OVERDUE, 90)
    warned.storm(served, FAILED, 1_200)
    text = text_of(signed_in(), "/today")
    assert text.count("look for one cause before you call each.") == 1
    assert text.index("A payment failed: 1,200 customers") < text.index("The next purchase is overdue: 90")
    for key in (OVERDUE, FAILED):
        assert f'href="/warn/of/{key}?storm=1"' in text


def test_c0_how_soon_warnings_are_answered_is_said(
    signed_in: Callable[..., Client], served: Settings, units: dict[str, int]
) -> None:
    first, second = warned.warn(served, FAILED, units["ioana"], units["tariq"])
    raised = sql.read("SELECT raised_us FROM episode WHERE id = %s", (first,))[0][0]
    episodes_judged.note_acted(served, [(first, int(raised) + 3 * 3_600_000_000, "Call Made")])
    text = text_of(signed_in(), "/today")
    assert "<dd>3 hours</dd>" in text
    episodes_judged.note_acted(served, [(second, int(raised) + 141 * 3_600_000_000, "Call Made")])
    assert "<dd>3 days</dd>" in text_of(signed_in("agent"), "/today"), "the middle of 3 and 141 hours"
    assert "<dd>50%</dd>" in text
    assert second


def test_nothing_is_said_of_nobody(signed_in: Callable[..., Client], served: Settings) -> None:
    text = text_of(signed_in(), "/today")
    assert "Nobody has to be called" in text
    assert "Nothing was looked at yet" in text


def test_what_holds_since_before_the_first_look_is_no_news(
    signed_in: Callable[..., Client], served: Settings, units: dict[str, int]
) -> None:
    warned.warn(served, OVERDUE, units["ioana"], quiet=True)
    text = text_of(signed_in(), "/today")
    assert "<b>0 warnings</b> were raised" in text
    assert '<span class="small quiet">since ' in text


@pytest.mark.parametrize(
    ("do", "given", "column", "expected"),
    [
        ("settle", {}, "ended_by", "agent.en@example.com"),
        ("right", {}, "judged_right", True),
        ("wrong", {}, "judged_right", False),
        ("snooze", {"days": "7"}, "snoozed_by", "agent.en@example.com"),
    ],
)
def test_one_click_says_what_becomes_of_a_warning(
    signed_in: Callable[..., Client],
    served: Settings,
    units: dict[str, int],
    do: str,
    given: dict[str, str],
    column: str,
    expected: object,
) -> None:
    (number,) = warned.warn(served, FAILED, units["ioana"])
    answer = signed_in("agent").post(f"/warn/episodes/{number}/{do}", {"back": "/today", **given})
    assert (answer.status_code, answer["Location"]) == (302, "/today")
    found = episodes_reading.one(served, number)
    assert getattr(found, column) == expected


def test_a_warning_that_was_put_off_is_not_shown_and_can_be_woken(
    signed_in: Callable[..., Client], served: Settings, units: dict[str, int]
) -> None:
    (number,) = warned.warn(served, FAILED, units["ioana"])
    client = signed_in()
    client.post(f"/warn/episodes/{number}/snooze", {"days": "7"})
    assert "Ioana Marin" not in text_of(client, "/today")
    assert "put off until" in text_of(client, f"/customers/{units['ioana']}")
    client.post(f"/warn/episodes/{number}/wake", {})
    assert "Ioana Marin" in text_of(client, "/today")


@pytest.mark.parametrize(
    ("path", "given", "status"),
    [
        ("/warn/episodes/{number}/sing", {}, 404),
        ("/warn/episodes/999999/right", {}, 404),
        ("/warn/episodes/{number}/snooze", {"days": "soon"}, 400),
        ("/warn/episodes/{number}/snooze", {"days": "999"}, 409),
    ],
)
def test_what_cannot_be_done_to_a_warning_is_refused(
    signed_in: Callable[..., Client],
    served: Settings,
    units: dict[str, int],
    path: str,
    given: dict[str, str],
    status: int,
) -> None:
    (number,) = warned.warn(served, FAILED, units["ioana"])
    assert signed_in().post(path.format(number=number), given).status_code == status


def test_settling_twice_is_refused_in_words(
    signed_in: Callable[..., Client], served: Settings, units: dict[str, int]
) -> None:
    (number,) = warned.warn(served, FAILED, units["ioana"])
    client = signed_in()
    client.post(f"/warn/episodes/{number}/settle", {})
    answer = client.post(f"/warn/episodes/{number}/settle", {})
    assert answer.status_code == 409
    assert "This warning is over." in answer.content.decode()


def test_the_way_back_leads_nowhere_else(
    signed_in: Callable[..., Client], served: Settings, units: dict[str, int]
) -> None:
    (number,) = warned.warn(served, FAILED, units["ioana"])
    client = signed_in()
    for back in ("//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"):
        answer = client.post(f"/warn/episodes/{number}/right", {"back": back})
        assert answer["Location"] == "/today", back


def test_who_sees_only_their_own_sees_only_their_warnings(
    signed_in: Callable[..., Client], served: Settings, units: dict[str, int]
) -> None:
    from holdfast.store.models import User

    numbers = warned.warn(served, FAILED, units["ioana"], units["tariq"])
    warned.storm(served, OVERDUE, 500)
    client = signed_in("agent")
    me = User.objects.get(email="agent.en@example.com").pk
    owners.set_owner(served, who(served, units["ioana"]), me, by="x@example.com", now_us=1)
    assert "Ioana Marin" in text_of(client, "/today?whose=me")
    assert "طارق" not in text_of(client, "/today?whose=me")
    portfolio.decide(served, portfolio.Decided(own_only=frozenset({"agent"})))
    text = text_of(client, "/today")
    assert "Ioana Marin" in text
    assert "طارق" not in text
    assert "on one day" not in text
    theirs = next(each for each in numbers if episodes_reading.one(served, each).unit_id == units["tariq"])  # type: ignore[union-attr]
    assert client.post(f"/warn/episodes/{theirs}/right", {}).status_code == 404


def test_a_customers_page_shows_warnings_above_and_on_the_timeline(
    signed_in: Callable[..., Client], served: Settings, units: dict[str, int]
) -> None:
    (number,) = warned.warn(served, FAILED, units["ioana"])
    client = signed_in()
    text = text_of(client, f"/customers/{units['ioana']}")
    above = text[text.index('id="episodes"') : text.index("What happened")]
    assert "A payment failed" in above
    assert f"/warn/episodes/{number}/right" in above
    assert "<h4>An early warning began</h4><p>A payment failed" in text
    client.post(f"/warn/episodes/{number}/settle", {})
    assert "None holds now." in text_of(client, f"/customers/{units['ioana']}")
    reading = signed_in("analyst")
    assert f"/warn/episodes/{number}/right" not in text_of(reading, f"/customers/{units['ioana']}")


def test_c0_only_the_first_of_all_is_to_be_called_first(
    signed_in: Callable[..., Client],
    served: Settings,
    units: dict[str, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    warned.warn(served, FAILED, units["ioana"], units["tariq"])
    monkeypatch.setattr("holdfast.web.pages.today.view.ON_A_PAGE", 1)
    client = signed_in()
    text = text_of(client, "/today")
    assert "Call طارق رستمی first" in text
    further = re.search(r'href="(/today\?after=[^"]+)"', text)
    assert further is not None
    text = text_of(client, further[1].replace("&amp;", "&"))
    assert "Ioana Marin</bdi></a></h2>" in text
    assert "Call " not in text


def test_who_looks_after_nobody_is_not_told_that_nothing_is_open(
    signed_in: Callable[..., Client], served: Settings, units: dict[str, int]
) -> None:
    warned.warn(served, FAILED, units["ioana"])
    text = text_of(signed_in(), "/today?whose=me")
    assert "No customer whom you look after has an open warning." in text
    assert "no early warning is open" not in text.lower()


def test_c0_a_tile_says_how_many_more_there_are_though_it_reads_only_some(
    signed_in: Callable[..., Client],
    served: Settings,
    units: dict[str, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from holdfast.web.pages.dashboards import words

    warned.warn(served, FAILED, *units.values())
    warned.warn(served, OVERDUE, units["tariq"])
    client, now = signed_in(), datetime.now(UTC)
    me = int(client.session["_auth_user_id"])
    made = acts.make(served, "Monday", person_id=me, shared=False, now=now, empty=True)
    board = dashboards.one(served, made)
    assert board is not None
    acts.add_tile(served, board, Tile(0, "warnings", rows=1), now=now)
    for most in (words.WARNINGS_READ, 2):
        monkeypatch.setattr(words, "WARNINGS_READ", most)
        text = text_of(client, f"/dashboards/{made}")
        assert "طارق" in text
        assert "and 2 more" in text, most


@pytest.mark.usefixtures("watched")
def test_the_number_of_statements_does_not_grow_with_the_warnings(
    signed_in: Callable[..., Client], served: Settings, units: dict[str, int]
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counts = signed_in(), []
    warned.warn(served, OVERDUE, units["ioana"])
    client.get("/today")
    for more in (False, True):
        if more:
            warned.warn(served, FAILED, *units.values())
        with CaptureQueriesContext(connection) as asked:
            client.get("/today")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 25
