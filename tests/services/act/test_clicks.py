"""Links in offers lead over us where that is wanted; a person's click is a fact, a machine's is not (G2)."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from holdfast.domain import clicks
from holdfast.domain.clicks import Forged
from holdfast.services.act.clicks import followed, opened, with_counted_links
from holdfast.services.act.ways_out import with_ways_out
from holdfast.settings import Settings
from holdfast.store import consent, message_settings, outbox, sql, suppression
from services.act.people import NOW_US, known, touch

BASE = "https://holdfast.shop.example"
LINK = "https://shop.example/renew?a=1&b=2#c"
HTML = (
    '<body><a class="x" href="https://shop.example/renew?a=1&amp;b=2#c">Renew</a>'
    '<a href="mailto:us@shop.example">us</a></body>'
)
PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
LATER_US = NOW_US + 60_000_000


@pytest.fixture
def ann(base: Settings) -> int:
    """A customer, in a workspace that says where it is reached and counts clicks."""
    message_settings.set_public_url(base, BASE)
    message_settings.set_counts_clicks(base, True)
    return known(base)


def sent(settings: Settings, ann: int, key: str = "touch 1", **told: str) -> tuple[int, list[str]]:
    """A mail that left; its number and the tokens in it."""
    request = touch(ann, key=key, html=HTML, **told)
    number = outbox.ask(settings, request, now_us=NOW_US)
    assert number is not None
    sql.write(
        "INSERT INTO touch_try (touch_id, what, began_us, at_us, made_by, code, provider_id) "
        "VALUES (%s, 'sent', %s, %s, 'x', '', '')",
        (number, NOW_US, NOW_US),
    )
    html = with_counted_links(settings, request, touch_id=number).html
    return number, re.findall(rf'href="{BASE}/c/([^"]+)"', html)


def facts() -> list[tuple[str, str]]:
    return sql.read("SELECT name, object_id FROM log_row WHERE name = 'Email Link Clicked' ORDER BY 1")


def history(number: int) -> list[str]:
    rows = sql.read(
        "SELECT code FROM touch_try WHERE touch_id = %s AND what = 'clicked' ORDER BY id", (number,)
    )
    return [code for (code,) in rows]


def test_g2_a_person_who_follows_a_link_is_a_fact_and_a_machine_is_none(base: Settings, ann: int) -> None:
    number, (token,) = sent(base, ann)
    assert followed(base, token, method="GET", agent=PERSON, now_us=NOW_US + 1_000_000) == LINK
    assert followed(base, token, method="HEAD", agent=PERSON, now_us=LATER_US) == LINK
    assert followed(base, token, method="GET", agent="curl/8", now_us=LATER_US + 1) == LINK
    assert facts() == []
    later_us = LATER_US + 20_000_000
    assert followed(base, token, method="GET", agent=PERSON, now_us=later_us) == LINK
    assert facts() == [("Email Link Clicked", str(number))]
    assert history(number) == ["machine_early", "machine_head", "machine_named", ""]
    for more in range(1, 4):
        followed(base, token, method="GET", agent=PERSON, now_us=later_us + more)
    assert len(facts()) == 2
    assert history(number)[-2:] == ["machine_several", "machine_several"]


def test_g2_a_mail_that_is_opened_by_a_person_is_a_fact(base: Settings, ann: int) -> None:
    message_settings.set_counts_opens(base, True)
    message_settings.set_counts_clicks(base, False)
    number, links = sent(base, ann)
    assert links == []
    html = with_counted_links(base, touch(ann, html=HTML), touch_id=number).html
    (token,) = re.findall(rf'<img src="{BASE}/o/([^"]+)" width="1" height="1" alt=""></body>', html)
    for method, agent, at_us in (
        ("GET", PERSON, NOW_US + 1_000_000),  # nobody reads so soon
        ("HEAD", PERSON, LATER_US),
        ("GET", "Mozilla/5.0", LATER_US + 20_000_000),  # Apple's proxy opens every mail
        ("GET", "Mozilla/5.0 (via ggpht.com GoogleImageProxy)", LATER_US + 40_000_000),  # for who reads now
    ):
        opened(base, token, method=method, agent=agent, now_us=at_us)
    codes = sql.read(
        "SELECT code FROM touch_try WHERE touch_id = %s AND what = 'opened' ORDER BY id", (number,)
    )
    assert [code for (code,) in codes] == ["machine_early", "machine_head", "machine_named", ""]
    assert sql.read("SELECT object_id FROM log_row WHERE name = 'Email Opened'") == [(str(number),)]
    assert consent.allows(base, ann, b"", "offers", "email") is None
    for forged in (token[:-2], "", "x" * 50, links_token(base, number)):
        with pytest.raises(Forged):
            opened(base, forged, method="GET", agent=PERSON, now_us=LATER_US)


def links_token(settings: Settings, number: int) -> str:
    """The token of a link: it is none of a picture."""
    return clicks.token(number, LINK, suppression.links_secret(settings))


def test_following_a_link_unsubscribes_nobody(base: Settings, ann: int) -> None:
    _, (token,) = sent(base, ann)
    followed(base, token, method="GET", agent=PERSON, now_us=LATER_US)
    assert consent.allows(base, ann, b"", "offers", "email") is None
    request = with_ways_out(base, touch(ann, html=HTML), touch_id=1, now_us=NOW_US)
    again = with_counted_links(base, request, touch_id=1).html
    (way_out,) = re.findall(r'href="([^"]+/p/[^"]+)"', again)
    assert way_out in request.html


def test_links_stay_as_they_are_where_nobody_wanted_to_know(base: Settings, ann: int) -> None:
    request = touch(ann, html=HTML)
    for other in (
        replace(request, purpose="service"),
        replace(request, secret=True),
        replace(request, channel="telegram"),
        replace(request, html=""),
    ):
        assert with_counted_links(base, other, touch_id=1) == other
    message_settings.set_counts_clicks(base, False)
    assert with_counted_links(base, request, touch_id=1) == request
    message_settings.set_counts_clicks(base, True)
    message_settings.set_public_url(base, "")
    assert with_counted_links(base, request, touch_id=1) == request


def test_a_link_works_when_its_message_is_forgotten_and_no_other_leads_anywhere(
    base: Settings, ann: int
) -> None:
    number, (token,) = sent(base, ann)
    sql.write("DELETE FROM touch WHERE id = %s", (number,))
    assert followed(base, unescape(token), method="GET", agent=PERSON, now_us=LATER_US) == LINK
    assert facts() == []
    with pytest.raises(Forged):
        followed(base, token[:-2], method="GET", agent=PERSON, now_us=LATER_US)


def test_whoever_asks_again_and_again_fills_no_history(base: Settings, ann: int) -> None:
    number, (token,) = sent(base, ann)
    for more in range(110):
        followed(base, token, method="HEAD", agent=PERSON, now_us=LATER_US + more)
    assert len(history(number)) == 100
