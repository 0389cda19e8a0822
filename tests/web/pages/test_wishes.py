"""G3: the preference page and one-click unsubscribe, by links without sign-in (RFC 8058)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from holdfast.domain.consent import CHANNELS
from holdfast.domain.links import Link, written
from holdfast.domain.touch import TouchRequest
from holdfast.services.act.allowed import may_send
from holdfast.services.act.ways_out import with_ways_out
from holdfast.services.collect.identity.merging import merge
from holdfast.settings import Settings
from holdfast.store import consent, ingest_log, message_settings, sql, suppression
from holdfast.store.message_settings import Proven
from services.act.people import ANN, NOW_US, at_any_hour, known, touch

if TYPE_CHECKING:
    from django.test import Client

BASE = "https://holdfast.shop.example"


@pytest.fixture
def ann(served: Settings) -> int:
    message_settings.note_proven(served, Proven("shop.example", NOW_US, True, {}))
    message_settings.set_public_url(served, BASE)
    at_any_hour(served)
    return known(served)


def mail(settings: Settings, subject_id: int, **told: str) -> TouchRequest:
    request = touch(subject_id, key="mail", language="en", **{"html": "<body><p>Hi</p></body>"} | told)
    return with_ways_out(settings, request, touch_id=5, now_us=NOW_US)


def path_in(words: str, where: str) -> str:
    (found,) = set(re.findall(rf"{BASE}(/{where}/[\w-]+)", words))
    return str(found)


def unsubscribe_path(settings: Settings, subject_id: int) -> str:
    return path_in(mail(settings, subject_id).headers["List-Unsubscribe"], "u")


def test_g3_every_marketing_mail_bears_its_ways_out(served: Settings, ann: int) -> None:
    made = mail(served, ann)
    assert re.fullmatch(rf"<{BASE}/u/[\w-]+>", made.headers["List-Unsubscribe"])
    assert made.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert path_in(made.text, "p") == path_in(made.html, "p")
    assert made.html.endswith("</body>")
    assert ANN not in str(made.headers) + made.text + made.html
    service = touch(ann, purpose="service")
    assert with_ways_out(served, service, touch_id=1, now_us=NOW_US) == service
    telegram = with_ways_out(served, touch(ann, "7", channel="telegram"), touch_id=1, now_us=NOW_US)
    assert (telegram.headers, path_in(telegram.text, "p")[:3]) == ({}, "/p/")


def test_g3_one_click_unsubscribes_without_cookie_or_page(
    served: Settings, ann: int, visitor: Client
) -> None:
    path = unsubscribe_path(served, ann)
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, dict(answer.cookies)) == (200, {})
    (said,) = consent.history(served, [ann])
    assert (said.topic, said.channel, said.given, said.how, said.source) == (
        "",
        "email",
        False,
        "one_click",
        "touch 5",
    )
    assert "no more mails with offers and news" in said.wording
    assert may_send(served, touch(ann), now_us=NOW_US).code == "consent_withdrawn"
    names = [row[6] for row in ingest_log.rows(served, subjects=[ann])]
    assert names.count("Unsubscribed") == 1
    again = visitor.post(path, {"List-Unsubscribe": "One-Click"}).content.decode()
    assert "You unsubscribed already on" in again
    assert len(consent.history(served, [ann])) == 1


def test_g3_opening_the_link_unsubscribes_nobody(served: Settings, ann: int, visitor: Client) -> None:
    path = unsubscribe_path(served, ann)
    for ask in (visitor.get, visitor.head):
        answer = ask(path)
        assert answer.status_code == 200
        assert not answer.cookies
    shown = visitor.get(path)
    assert '<form method="post"' in shown.content.decode()
    assert "<script" not in shown.content.decode()
    assert (shown["X-Robots-Tag"], shown["Referrer-Policy"], shown["Cache-Control"]) == (
        "noindex, nofollow",
        "no-referrer",
        "no-store",
    )
    assert consent.history(served, [ann]) == []


def test_g3_a_customer_chooses_topics_channels_and_pace(served: Settings, ann: int, visitor: Client) -> None:
    path = path_in(mail(served, ann).text, "p")
    shown = visitor.get(path).content.decode()
    assert 'name="topic" value="news">' in shown
    given = {"topic": ["news", "surveys", "made-up"], "channel": ["email"], "pace": "monthly"}
    answer = visitor.post(path, given, follow=True)
    text = answer.content.decode()
    assert "Your choice is kept." in text
    assert not visitor.cookies
    assert 'value="news" checked' in text
    assert 'value="offers">' in text
    assert 'value="monthly" checked' in text
    assert may_send(served, touch(ann, topic="news"), now_us=NOW_US).does == "send"
    assert may_send(served, touch(ann), now_us=NOW_US).code == "consent_withdrawn"
    words = {each.topic: each for each in consent.history(served, [ann])}
    assert words["news"].wording.endswith("News and tips: What is new with us, and how to make more of it.")
    assert (words["news"].said_by, words["news"].pace) == ("", "monthly")
    text = visitor.post(path, {"topic": "news", "nothing": "1"}, follow=True).content.decode()
    assert "You will get no more offers and news." in text
    assert "checked" not in text.partition("How often?")[0].partition("Where may we")[0]
    assert may_send(served, touch(ann, topic="news"), now_us=NOW_US).code == "consent_withdrawn"


def test_g3_a_channel_that_is_off_stays_off_and_comes_back(
    served: Settings, ann: int, visitor: Client
) -> None:
    path = path_in(mail(served, ann).text, "p")
    visitor.post(path, {"topic": ["news"], "channel": [], "pace": ""})
    assert may_send(served, touch(ann, topic="news"), now_us=NOW_US).code == "consent_withdrawn"
    visitor.post(path, {"topic": ["news"], "channel": ["email"], "pace": "nonsense"})
    assert may_send(served, touch(ann, topic="news"), now_us=NOW_US).does == "send"


@pytest.mark.parametrize("where", ["p", "u"])
def test_forged_and_expired_links_are_answered_clearly(
    served: Settings, ann: int, visitor: Client, where: str
) -> None:
    path = path_in(mail(served, ann).text, "p") if where == "p" else unsubscribe_path(served, ann)
    swapped = ("A" if path[-1] != "A" else "B").join([path[:-1], ""])
    for ask in (visitor.get, visitor.post):
        answer = ask(swapped)
        assert answer.status_code == 404
        assert "It is not one of ours" in answer.content.decode()
    other = path.replace(f"/{where}/", "/u/" if where == "p" else "/p/")
    assert visitor.get(other).status_code == 404
    use = "wishes" if where == "p" else "unsubscribe"
    link = Link(use, ann, b"k" * 16, "email", "en", NOW_US // 86_400_000_000)  # type: ignore[arg-type]
    old = written(link, suppression.links_secret(served), CHANNELS)
    for ask in (visitor.get, visitor.post):
        answer = ask(f"/{where}/{old}")
        assert answer.status_code == 410
        assert "older than a year" in answer.content.decode()
    assert consent.history(served, [ann]) == []


def test_an_erased_customer_may_still_say_no(served: Settings, ann: int, visitor: Client) -> None:
    link = Link(
        "unsubscribe", 0, suppression.address_key(served, "email", "x@y.example"), "email", "en", 99_999
    )
    path = f"/u/{written(link, suppression.links_secret(served), CHANNELS)}"
    assert visitor.post(path).status_code == 200
    nobody = replace(touch(None, "x@y.example"))
    assert may_send(served, nobody, now_us=NOW_US).code == "consent_withdrawn"


def test_a_link_of_a_customer_who_was_erased_since_brings_nobody_back(
    served: Settings, ann: int, visitor: Client
) -> None:
    gone = ann + 1_000
    unsubscribe, choose = unsubscribe_path(served, gone), path_in(mail(served, gone).text, "p")
    assert visitor.post(unsubscribe, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert visitor.post(choose, {"nothing": "1"}).status_code == 302
    assert sql.read("SELECT DISTINCT subject_id FROM consent_said") == [(0,)]
    assert [row[6] for row in ingest_log.rows(served) if row[6] == "Unsubscribed"] == []
    assert may_send(served, touch(None), now_us=NOW_US).code == "consent_withdrawn"


def test_the_page_speaks_the_customers_language(served: Settings, ann: int, visitor: Client) -> None:
    made = with_ways_out(served, touch(ann, language="fa"), touch_id=0, now_us=NOW_US)
    shown = visitor.get(path_in(made.text, "p")).content.decode()
    assert '<html lang="fa" dir="rtl">' in shown
    shown = visitor.get(path_in(made.text, "p"), {"lang": "ro"}).content.decode()
    assert '<html lang="ro" dir="ltr">' in shown


def test_g3_a_customer_lets_messages_pause_and_go_again(served: Settings, ann: int, visitor: Client) -> None:
    path = path_in(mail(served, ann).text, "p")
    wanted = {"topic": ["news"], "channel": ["email"], "pace": ""}
    text = visitor.post(path, wanted | {"pause": "30"}, follow=True).content.decode()
    assert "As now: until" in text
    also = known(served, "ann-2", "ann@home.example")
    merge(served, (ann, also), by="Niamh", now=datetime.now(UTC))
    assert may_send(served, touch(also, topic="news"), now_us=NOW_US).code == "paused"
    assert may_send(served, touch(ann, purpose="service"), now_us=NOW_US).does == "send"
    visitor.post(path, wanted | {"pause": ""})
    visitor.post(path, wanted | {"pause": "7"})
    assert may_send(served, touch(ann, topic="news"), now_us=NOW_US).code == "paused"
    text = visitor.post(path, wanted | {"pause": "end"}, follow=True).content.decode()
    assert "No pause" in text
    assert may_send(served, touch(ann, topic="news"), now_us=NOW_US).does == "send"
    assert [(bool(asked), by) for asked, by in sql.read("SELECT asked, made_by FROM contact_pause")] == [
        (True, "")
    ]
