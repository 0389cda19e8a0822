"""The chat on a website: its endpoints, and its window in a real browser under a strict policy."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from holdfast.services.collect.inbox.setting_up import ChatOptions, add_chat, change_chat
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.settings import Settings
from holdfast.store import inbox_writing, live_sources, sql
from holdfast.store.inbox_writing import NewMessage
from web.foreign_site import POLICY, site

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Page

    from web.conftest import Address

NOW = datetime(2026, 5, 18, 12, tzinfo=UTC)
SITE = "https://shop.example"


@pytest.fixture(autouse=True)
def _full_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    from holdfast.web import chat

    for bucket in (chat.starting, chat.saying, chat.hearing, chat.everybody):
        monkeypatch.setattr(bucket, "_kept", {})


@pytest.fixture
def shop(served: Settings) -> Settings:
    add_chat(served, "website", ChatOptions("Shop", "Hello there", (SITE,)), now=NOW)
    return served


class Visitor:
    """A browser on the site."""

    def __init__(self, client: Client, origin: str = SITE) -> None:
        self.client, self.origin = client, origin
        self.token = ""

    def ask(self, do: str, **content: Any) -> Any:
        import json

        return self.client.post(
            f"/chat/website/{do}",
            data=json.dumps(({"token": self.token} if self.token else {}) | content),
            content_type="text/plain",
            headers={"Origin": self.origin},
        )

    def start(self) -> Visitor:
        self.token = self.ask("start").json()["token"]
        return self

    def say(self, text: str, number: int = 1, **other: Any) -> Any:
        return self.ask("send", id=f"message-{number}", text=text, **other)


@pytest.fixture
def visitor_there(shop: Settings, visitor: Client) -> Visitor:
    return Visitor(visitor)


def take_in(settings: Settings) -> list[str]:
    take_in_arrived(settings, now_us=int(time.time() * 1_000_000))
    return [text for (text,) in sql.read("SELECT text FROM inbox_message ORDER BY id")]


def test_a_visitor_writes_and_hears_what_was_said(shop: Settings, visitor_there: Visitor) -> None:
    visitor_there.start()
    assert (
        visitor_there.say(
            "Is it blue?", name="Ann", email="Ann@Example.org", page=f"{SITE}/k?x=1"
        ).status_code
        == 202
    )
    assert visitor_there.say("Is it blue?").status_code == 202  # sent again: the first answer was lost
    assert take_in(shop) == ["Is it blue?"]
    ((channel, author, address, unread),) = sql.read(
        "SELECT channel, author, address, unread FROM inbox_conversation"
    )
    assert (channel, author, address, unread) == ("chat", "Ann", "ann@example.org", 1)
    (mine,) = visitor_there.ask("poll").json()["messages"]
    assert (mine["text"], mine["ours"], mine["key"]) == ("Is it blue?", False, "message-1")
    assert visitor_there.ask("poll", after=mine["id"]).json() == {"messages": []}


def test_an_answer_of_ours_is_heard(shop: Settings, visitor_there: Visitor) -> None:
    visitor_there.start().say("Is it blue?")
    take_in(shop)
    answer_them(shop, "Yes <b>it is</b>")
    messages = visitor_there.ask("poll").json()["messages"]
    assert [(each["ours"], each["author"], each["text"]) for each in messages] == [
        (False, "", "Is it blue?"),
        (True, "Niamh", "Yes <b>it is</b>"),
    ]


def answer_them(settings: Settings, text: str) -> None:
    """What the outbox will do: a message of ours in the conversation."""
    ((source_id, key, subject_id),) = sql.read("SELECT source_id, key, subject_id FROM inbox_conversation")
    now_us = int(time.time() * 1_000_000)
    answer = NewMessage(
        source_id=source_id,
        conversation_key=key,
        channel="chat",
        subject_id=subject_id,
        event_key=text.encode()[:16].ljust(16),
        message_key="answer",
        at_us=now_us,
        incoming=False,
        author="Niamh",
        address="",
        title="",
        text=text,
    )
    inbox_writing.put(settings, [answer], now_us)


def test_what_is_said_of_somebody_is_believed_of_nobody(shop: Settings, visitor_there: Visitor) -> None:
    from brought import bring

    bring(shop, {"C-7": {"email": "ann@example.org"}})
    visitor_there.start().say("It is me", email="ann@example.org")
    take_in(shop)
    assert sql.read("SELECT COUNT(*) FROM identity_link") == [(0,)]
    assert sql.read("SELECT COUNT(*) FROM contact_point WHERE value = 'ann@example.org'") == [(1,)]


def test_the_window_speaks_the_language_of_the_page(shop: Settings, visitor: Client) -> None:
    def words(lang: str) -> Any:
        return visitor.get(f"/chat/website/words?lang={lang}", headers={"Origin": SITE}).json()

    assert (words("en-GB")["title"], words("en-GB")["greeting"], words("en")["dir"]) == (
        "Shop",
        "Hello there",
        "ltr",
    )
    assert (words("fa")["dir"], words("fa-IR")["dir"], words("nonsense")["dir"]) == ("rtl", "rtl", "ltr")


@pytest.mark.parametrize(
    ("content", "status", "error"),
    [
        ({"id": "message-1", "text": " \n "}, 400, "nothing_said"),
        ({"id": "x", "text": "Hi"}, 400, "nothing_said"),
        ({"id": "message-1' --", "text": "Hi"}, 400, "nothing_said"),
        ({"id": "message-1", "text": "x" * 4_001}, 413, "too_long"),
        ({"id": "message-1", "text": "x" * 30_000}, 413, "too_long"),
        ({"id": "message-1", "text": "Hi", "email": "nonsense"}, 400, "wrong_email"),
        ({"id": "message-1", "text": 7}, 400, "not_json"),
        ({"id": "message-1", "text": "Hi", "token": "forged"}, 401, "no_token"),
        ({"id": "message-1", "text": "Hi", "token": ""}, 401, "no_token"),
    ],
)
def test_what_is_no_message_is_refused(
    visitor_there: Visitor, content: dict[str, Any], status: int, error: str
) -> None:
    answer = visitor_there.start().ask("send", **content)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert sql.read("SELECT COUNT(*) FROM arrived") == [(0,)]


def test_bytes_that_are_no_json_are_refused(shop: Settings, visitor: Client) -> None:
    for body in (b"\xff\xfe", b"{", b"[1]", b"[" * 10_000, b'{"text": "\\ud800"}'):
        answer = visitor.post(
            "/chat/website/send", data=body, content_type="text/plain", headers={"Origin": SITE}
        )
        assert answer.status_code in (400, 401), body


def test_a_token_of_another_chat_is_worth_nothing(
    shop: Settings, visitor: Client, visitor_there: Visitor
) -> None:
    add_chat(shop, "other", ChatOptions(), now=NOW)
    visitor_there.token = visitor.post("/chat/other/start", data="{}", content_type="text/plain").json()[
        "token"
    ]
    assert visitor_there.say("Hi").status_code == 401
    assert visitor_there.ask("poll").status_code == 401


def test_one_visitor_does_not_hear_another(shop: Settings, visitor: Client, visitor_there: Visitor) -> None:
    visitor_there.start().say("My secret")
    take_in(shop)
    assert Visitor(visitor).start().ask("poll").json() == {"messages": []}


def test_only_sites_on_the_list_may_ask(shop: Settings, visitor: Client) -> None:
    for origin in ("https://evil.example", "null", "https://shop.example.evil.example", ""):
        answer = Visitor(visitor, origin).ask("start")
        assert (answer.status_code, answer.json()["error"]) == (403, "wrong_site")
        assert "Access-Control-Allow-Origin" not in answer
    answer = Visitor(visitor).ask("start")
    assert answer["Access-Control-Allow-Origin"] == SITE
    assert "Origin" in answer["Vary"]
    assert "Set-Cookie" not in answer
    source = live_sources.by_name(shop, "website")
    assert source is not None
    change_chat(shop, source, ChatOptions())
    assert Visitor(visitor, "https://anywhere.example").ask("start")["Access-Control-Allow-Origin"] == "*"


def test_a_preflight_is_answered(shop: Settings, visitor: Client) -> None:
    answer = visitor.options("/chat/website/send", headers={"Origin": SITE})
    assert (answer.status_code, answer["Access-Control-Allow-Methods"]) == (204, "POST")


def test_what_is_not_there_or_switched_off_is_404(shop: Settings, visitor: Client) -> None:
    live_sources.ensure(shop, "mailbox", "mail", now_us=1)
    for path in ("/chat/nothing/words", "/chat/website/nothing", "/chat/mailbox/words"):
        assert visitor.get(path, headers={"Origin": SITE}).status_code == 404
    assert visitor.get("/chat/website/send", headers={"Origin": SITE}).status_code == 405
    source = live_sources.by_name(shop, "website")
    assert source is not None
    live_sources.change(shop, source.id, enabled=False)
    assert visitor.get("/chat/website/words", headers={"Origin": SITE}).status_code == 404


def test_who_writes_too_fast_waits(visitor_there: Visitor) -> None:
    visitor_there.start()
    answers = [visitor_there.say("Hi", number) for number in range(1, 13)]
    assert [each.status_code for each in answers] == [202] * 10 + [429] * 2
    assert answers[-1]["Retry-After"] == "60"
    assert [Visitor(visitor_there.client).ask("start").status_code for _ in range(21)].count(429) == 2


def test_control_characters_and_turned_text_are_left_out(shop: Settings, visitor_there: Visitor) -> None:
    visitor_there.start().say("a\0b\u202ec\r\nمی‌خواهم <script>alert(1)</script>", name="\x1bAnn\n")
    assert take_in(shop) == ["abc\nمی‌خواهم <script>alert(1)</script>"]
    assert sql.read("SELECT author FROM inbox_message") == [("Ann",)]


def test_the_script_is_served_packed_to_any_site_and_kept(visitor: Client) -> None:
    import gzip

    answer = visitor.get("/chat.js", headers={"Accept-Encoding": "gzip"})
    assert len(answer.content) < 5_000
    assert b"holdfast-chat" in gzip.decompress(answer.content)
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert visitor.get("/chat.js", headers={"If-None-Match": answer["ETag"]}).status_code == 304


# In a browser

LINE = '<script async src="{host}/chat.js" data-chat="website"></script>'


def website(host: str, lang: str = "en", policy: str = POLICY) -> AbstractContextManager[str]:
    """A shop of somebody else's with our chat."""
    return site(LINE.format(host=host), host, lang=lang, policy=policy)


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains of: a broken policy, an error."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    return found


def test_the_window_works_on_a_site_with_a_strict_policy(
    served: Settings, address: Address, page: Page, complaints: list[str]
) -> None:
    with website(address.url) as site:
        add_chat(served, "website", ChatOptions("Shop", "Hello there", (site,)), now=NOW)
        page.goto(site)
        page.get_by_role("button", name="Write to us").click()
        window = page.get_by_role("dialog", name="Shop")
        window.get_by_text("Hello there").wait_for()
        window.get_by_label("Your name").fill("Ann")
        window.get_by_label("Your e-mail address, for our answer").fill("nonsense")
        window.get_by_label("Your message").fill("<img src=x onerror=alert(1)>\nIs it blue?")
        window.get_by_role("button", name="Send").click()
        window.get_by_text("That is no e-mail address.").wait_for()
        window.get_by_label("Your e-mail address, for our answer").fill("ann@example.org")
        window.get_by_role("button", name="Send").click()
        window.get_by_text("Your message has arrived.").wait_for()
        assert window.get_by_label("Your name").is_hidden()
        assert take_in(served) == ["<img src=x onerror=alert(1)>\nIs it blue?"]
        answer_them(served, "It is <i>red</i>")
        window.get_by_text("It is <i>red</i>").wait_for(timeout=10_000)
        assert window.locator("img, i").count() == 0
        # Another page of the site: what was said is there again, once.
        page.reload()
        page.get_by_role("button", name="Write to us").click()
        window.get_by_text("It is <i>red</i>").wait_for()
        assert window.get_by_text("Is it blue?").count() == 1
    assert complaints == []
    assert page.context.cookies() == []


def test_the_window_by_keyboard(served: Settings, address: Address, page: Page) -> None:
    with website(address.url) as site:
        add_chat(served, "website", ChatOptions("Shop"), now=NOW)
        page.goto(site)
        opener = page.get_by_role("button", name="Write to us")
        opener.wait_for()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        message = page.get_by_label("Your message")
        message.wait_for()
        page.keyboard.type("Hello")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("again")
        page.keyboard.press("Enter")
        page.get_by_text("Your message has arrived.").wait_for()
        page.keyboard.press("Escape")
        opener.wait_for()
        assert page.evaluate("document.activeElement.shadowRoot.activeElement.className") == "open"
    assert take_in(served) == ["Hello\nagain"]


def test_the_window_from_right_to_left(served: Settings, address: Address, page: Page) -> None:
    with website(address.url, "fa") as site:
        add_chat(served, "website", ChatOptions("فروشگاه", "سلام"), now=NOW)
        page.goto(site)
        opener = page.locator("holdfast-chat button.open")
        opener.wait_for()
        box, width = opener.bounding_box(), 1440
        assert box is not None
        assert box["x"] < width / 2, "it stands where lines end"
        opener.click()
        window = page.get_by_role("dialog", name="فروشگاه")
        assert window.evaluate("each => getComputedStyle(each).direction") == "rtl"
        page.set_viewport_size({"width": 320, "height": 480})
        box = window.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        assert box["y"] >= 0


def test_a_message_that_was_not_sent_can_be_sent_again(
    served: Settings, address: Address, page: Page
) -> None:
    with website(address.url) as site:
        add_chat(served, "website", ChatOptions("Shop"), now=NOW)
        page.goto(site)
        page.get_by_role("button", name="Write to us").click()
        page.route("**/chat/website/send", lambda route: route.abort())
        page.get_by_label("Your message").fill("Hello")
        page.keyboard.press("Enter")
        again = page.get_by_role("button", name="Try again")
        again.wait_for()
        page.unroute("**/chat/website/send")
        again.click()
        page.get_by_text("Your message has arrived.").wait_for()
    assert take_in(served) == ["Hello"]


def test_the_window_is_easy_to_use_for_everybody(served: Settings, address: Address, page: Page) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with website(address.url, policy="") as site:  # axe works inside the page
        add_chat(served, "website", ChatOptions("Shop", "Hello"), now=NOW)
        page.goto(site)
        page.get_by_role("button", name="Write to us").click()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found = Axe().run(page, context="holdfast-chat").response["violations"]
            assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
