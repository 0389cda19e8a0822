"""Messages in a real Chromium: one click ends them, an answer is written, sending is set up (G3, A9)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

import pytest

import dispatching
import smtp_sink
from holdfast.domain.consent import Statement
from holdfast.services.act.dispatch import send_due
from holdfast.services.act.ways_out import with_ways_out
from holdfast.settings import Settings
from holdfast.store import consent, message_settings, outbox, outbox_reading, suppression
from holdfast.store.inbox import Conversation
from holdfast.store.message_settings import Proven
from services.act.people import ANN, NOW_US, known, touch
from web.conftest import Address
from web.pages.test_answers import talk
from web.test_browser import WIDTHS, Reading, keep_picture, no_sideways, reading, violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["reading", "talk"]


@pytest.fixture(scope="module")
def sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[smtp_sink.Sink]:
    with smtp_sink.running(tmp_path_factory.mktemp("sink")) as running:
        yield running


@pytest.fixture
def ann(served: Settings, address: Address, sink: smtp_sink.Sink) -> int:
    """A customer who agreed to offers, in a workspace whose domain has passed."""
    dispatching.set_up(served, dispatching.smtp(sink.port))
    message_settings.note_proven(served, Proven("shop.example", NOW_US, True, {}))
    message_settings.set_public_url(served, address.url)
    unit = known(served)
    agreed = Statement("", "email", True, NOW_US, "paper", "Send me offers", "niamh@example.com")
    consent.say(served, [consent.Said(unit, agreed)], now_us=NOW_US)
    return unit


def marketing(settings: Settings, unit: int, key: str) -> outbox_reading.Listed:
    """Ask for a marketing mail and send what is due; what became of it."""
    html = "<p>Come <b>back</b></p>"
    touch_id = outbox.ask(settings, touch(unit, key=key, html=html), now_us=dispatching.now_us())
    assert touch_id is not None
    send_due(settings)
    found = outbox_reading.one(settings, touch_id)
    assert found is not None
    return found


def test_g3_unsubscribe_by_one_click_from_a_delivered_mail(
    served: Settings, ann: int, sink: smtp_sink.Sink, reading: Callable[..., Reading]
) -> None:
    assert marketing(served, ann, "first").state == "sent"
    mail = message_from_bytes(sink.mails()[-1].raw, policy=default)
    assert (mail["To"], mail["List-Unsubscribe-Post"]) == (ANN, "List-Unsubscribe=One-Click")
    (link,) = re.findall(r"<(http://127\.0\.0\.1:\d+/u/[\w-]+)>", "".join(mail["List-Unsubscribe"].split()))
    window = reading(sign_in=False, script=False)
    window.page.goto(link)
    assert consent.allows(served, ann, b"", "offers", "email") is True
    window.page.click("main .button-main")
    assert "You are unsubscribed." in window.page.inner_text("#done")
    assert window.page.context.cookies() == []
    held = marketing(served, ann, "second")
    assert (held.state, held.code) == ("refused", "consent_withdrawn")
    assert held.reason is not None
    assert held.reason.msgid == "The customer does not want such messages."
    window.page.click("text=Choose what you hear from us")
    window.page.check("input[value=news]")
    window.page.check("input[value=email]")
    window.page.check("input[value=monthly]")
    window.page.click("main .button-main")
    assert "Your choice is kept." in window.page.inner_text("main")
    assert consent.allows(served, ann, b"", "news", "email") is True
    assert consent.allows(served, ann, b"", "offers", "email") is False


@pytest.mark.long
@pytest.mark.parametrize(("language", "dark"), [("en", False), ("fa", True)], ids=["en-light", "fa-dark"])
def test_the_customers_page_is_open_to_everybody_at_every_width(
    served: Settings, ann: int, chromium: Browser, language: str, dark: bool
) -> None:
    mail = with_ways_out(served, touch(ann, language=language), touch_id=1, now_us=NOW_US)
    (link,) = re.findall(r"http://127\S+/p/[\w-]+", mail.text)
    unsubscribe = mail.headers["List-Unsubscribe"].strip("<>")
    context = chromium.new_context(color_scheme="dark" if dark else "light")
    page = context.new_page()
    for name, url in (("wishes", link), ("unsubscribe", unsubscribe), ("dead", f"{link}x")):
        _look(page, url, f"{name}-{language}")
    context.close()


def _look(page: Page, url: str, name: str) -> None:
    page.goto(url)
    assert violations(page) == [], name
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert no_sideways(page), (name, width)
        if width in (390, 1440):
            keep_picture(page, f"{name}-{width}")


@pytest.mark.long
@pytest.mark.parametrize(("language", "dark"), [("en", False), ("fa", True)], ids=["en-light", "fa-dark"])
def test_the_pages_about_sending_are_open_to_everybody_at_every_width(
    served: Settings, ann: int, talk: Conversation, reading: Callable[..., Reading], language: str, dark: bool
) -> None:
    suppression.suppress(
        served, [suppression.New("email", "bo.kelly@example.org", "hard_bounce", "5.1.1")], now_us=NOW_US
    )
    findings = {
        "spf": {
            "code": "missing",
            "name": "shop.example",
            "found": [],
            "wanted": "v=spf1 a:smtp.shop.example ~all",
        },
        "dkim": {"code": "passed", "name": "hf._domainkey.shop.example", "found": ["v=DKIM1"], "wanted": ""},
    }
    message_settings.note_proven(served, Proven("shop.example", NOW_US, False, findings))
    message_settings.stop(served, by="niamh@example.com", why="Wrong price", now_us=NOW_US)
    window = reading(language, dark=dark)
    for path in ("/settings/messages", "/settings/suppression", f"/customers/{ann}", f"/inbox/{talk.id}"):
        _look(window.page, f"{window.url}{path}", f"{path.strip('/').replace('/', '-')}-{language}")


def test_a9_an_answer_is_written_called_back_and_sent_by_page_alone(
    served: Settings, talk: Conversation, ann: int, sink: smtp_sink.Sink, reading: Callable[..., Reading]
) -> None:
    page = (window := reading()).page
    window.open(f"/inbox/{talk.id}")
    page.fill("#text", "Sorry, a new one comes.")
    page.click("#answer .button-main")
    page.click("#answers .button-bare")
    assert page.input_value("#text") == "Sorry, a new one comes."
    assert page.locator("#answers li").count() == 0
    page.fill("#text", "Sorry, it comes tomorrow.")
    page.click("#answer .button-main")
    page.wait_for_selector("#answers li")
    send_due_now(served)
    page.wait_for_selector("#thread .said-line[data-ours]:has-text('it comes tomorrow')")
    page.wait_for_selector("#answers li", state="detached")
    mail = message_from_bytes(sink.mails()[-1].raw, policy=default)
    assert mail["In-Reply-To"] == "<second@example.org>"


def send_due_now(settings: Settings) -> None:
    """Let the seconds in which an answer is called back pass, and send it."""
    from holdfast.store import sql

    sql.write("UPDATE touch SET due_us = asked_us WHERE state = 'waiting'")
    send_due(settings)
