"""G2: messages of plays in the company's own app: who may see them, the bell in a real browser."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from holdfast.domain.in_app import MOST_SHOWN, proof_of
from holdfast.domain.refusals import Refusal
from holdfast.domain.touch import Recipient, TouchRequest
from holdfast.services.act import in_app
from holdfast.services.act.dispatch import send_due
from holdfast.services.act.in_app import AppOptions
from holdfast.services.act.plays.by_hand import enrol_by_hand
from holdfast.settings import Settings
from holdfast.store import live_sources, outbox, sql
from holdfast.web.limits import Buckets
from playing import NOW, a_play, enrolments, go, launched, way
from services.act.people import at_any_hour, known
from web.foreign_site import site

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Page

    from web.conftest import Address

SITE = "https://shop.example"
LINE = (
    '<script async src="{address}" data-app="app" data-customer="{customer}" data-proof="{proof}"></script>'
)


@pytest.fixture(autouse=True)
def _full_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holdfast.web.in_app.looking", Buckets(per_second=1, burst=20))
    monkeypatch.setattr("holdfast.web.in_app.guessing", Buckets(per_second=0.1, burst=20))


def connect(settings: Settings, *origins: str) -> str:
    """An app whose customers the shop knows; its secret."""
    return in_app.add_app(settings, "app", "shop", AppOptions("Kelp & Sons", origins), now=datetime.now(UTC))[
        1
    ]


def write(settings: Settings, text: str, *, customer: str = "ann", subject_id: int | None = None) -> None:
    """Let a message stand in the app, by the way that all messages go."""
    at_any_hour(settings)
    number = sql.read("SELECT COUNT(*) FROM touch")[0][0]
    to = Recipient(customer, subject_id, subject_id)
    wanted = TouchRequest(f"test {number}", "service", "in_app", to, "News", text, via="app")
    outbox.ask(settings, wanted, now_us=time.time_ns() // 1_000)
    send_due(settings)


def ask(client: Client, do: str, secret: str, customer: str = "ann", **said: Any) -> Any:
    content = {"customer": customer, "proof": proof_of(secret, customer)} | said
    return client.post(
        f"/in-app/app/{do}", json.dumps(content), content_type="text/plain", headers={"Origin": SITE}
    )


def test_g2_a_play_writes_into_the_app_and_hears_that_it_was_read(served: Settings, visitor: Client) -> None:
    secret, ann = connect(served), known(served)
    at_any_hour(served)
    message = {
        "id": "hi",
        "do": "message",
        "channel": "in_app",
        "content": {"en": {"text": "Hi, {{ name | you }}"}},
    }
    wait = {"id": "seen", "do": "wait", "event": "Message Read", "days": 3}
    play, _ = launched(served, a_play(steps=[message, wait]))
    enrol_by_hand(served, play, np.array([ann]), by="test", now=NOW)
    go(served)
    send_due(served)
    (shown,) = ask(visitor, "list", secret).json()["messages"]
    assert (shown["text"], shown["read"], shown["lang"]) == ("Hi, Ann", False, "en")
    assert ask(visitor, "read", secret, ids=[shown["id"], 99]).status_code == 204
    assert ask(visitor, "read", secret, ids=[shown["id"]]).status_code == 204
    assert [each["read"] for each in ask(visitor, "list", secret).json()["messages"]] == [True]
    heard = sql.read("SELECT subject_id, code FROM log_row WHERE name = 'Message Read'")
    assert heard == [(ann, "in_app")]
    (enrolled,) = enrolments(served)
    assert way(served, enrolled)[0] == ("hi", "did", "")


def test_g2_without_an_app_nobody_is_reached_there(served: Settings) -> None:
    ann = known(served)
    message = {"id": "hi", "do": "message", "channel": "in_app", "content": {"en": {"text": "Hi"}}}
    play, _ = launched(served, a_play(steps=[message]))
    enrol_by_hand(served, play, np.array([ann]), by="test", now=NOW)
    go(served)
    (enrolled,) = enrolments(served)
    assert way(served, enrolled)[0] == ("hi", "skipped", "no_address")


def test_g2_nobody_sees_the_messages_of_others(served: Settings, visitor: Client) -> None:
    secret, ann = connect(served), known(served)
    bob = known(served, "bob", "bob@example.org")
    write(served, "For Ann", subject_id=ann)
    write(served, "For Bob", customer="bob", subject_id=bob)
    assert [each["text"] for each in ask(visitor, "list", secret).json()["messages"]] == ["For Ann"]
    assert ask(visitor, "list", secret, "somebody else").json() == {"messages": []}
    for proof in ("", "0" * 64, proof_of(secret, "bob"), proof_of("another", "ann"), "é" * 64):
        answer = ask(visitor, "list", secret, proof=proof)
        assert (answer.status_code, answer.json()) == (401, {"error": "not_proved"})
    (hers,) = sql.read("SELECT id FROM touch WHERE address = 'ann'")
    assert ask(visitor, "read", secret, "bob", ids=[hers[0]]).status_code == 204
    assert sql.read("SELECT COUNT(*) FROM touch_try WHERE what = 'read'") == [(0,)]
    source = live_sources.by_name(served, "app")
    assert source is not None
    in_app.renew_secret(served, source)
    assert ask(visitor, "list", secret).status_code == 401


def test_g2_who_guesses_or_asks_too_often_waits(served: Settings, visitor: Client) -> None:
    secret = connect(served)
    answers = [ask(visitor, "list", secret, proof="0" * 64).status_code for _ in range(21)]
    assert (answers[:20], answers[20]) == ([401] * 20, 429)
    assert [ask(visitor, "list", secret).status_code for _ in range(21)].count(429) == 1


def test_g2_what_cannot_be_asked_is_refused(served: Settings, visitor: Client) -> None:
    secret = connect(served, SITE)
    assert ask(visitor, "read", secret, ids=list(range(1, MOST_SHOWN + 2))).status_code == 413
    assert ask(visitor, "list", secret, ids="no list").status_code == 400
    assert visitor.post("/in-app/other/list", b"{}", content_type="text/plain").status_code == 404
    elsewhere = visitor.post(
        "/in-app/app/list", b"{}", content_type="text/plain", headers={"Origin": "https://x.example"}
    )
    assert (elsewhere.status_code, elsewhere.json()["error"]) == (403, "wrong_site")
    with pytest.raises(Refusal, match="whose ids"):
        in_app.add_app(served, "b", "", AppOptions(), now=NOW)
    with pytest.raises(Refusal, match="no address of a site"):
        in_app.add_app(served, "b", "shop", AppOptions("", ("shop",)), now=NOW)
    assert live_sources.by_name(served, "b") is None


def test_g2_an_app_is_connected_on_a_page_and_its_secret_is_shown_once(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    admin = signed_in("admin")
    form = {"name": "app", "namespace": "shop", "title": "Kelp", "origins": SITE}
    assert 'value="customer"' in admin.get("/inbox/channels/app").content.decode()
    made = admin.post("/inbox/channels/app", form).content.decode()
    source = live_sources.by_name(served, "app")
    assert source is not None and in_app.may_see(served, source, "ann", proof_of(_secret(made), "ann"))
    page = admin.get("/inbox/channels/app/app").content.decode()
    assert _secret(made) not in page and "data-app=&#34;app&#34;" in page
    renewed = admin.post("/inbox/channels/app/app/secret").content.decode()
    assert _secret(renewed) != _secret(made)
    wrong = admin.post("/inbox/channels/app/app", {"origins": "shop"})
    assert wrong.status_code == 422 and "no address of a site" in wrong.content.decode()
    assert "Messages in your app" in admin.get("/inbox/channels").content.decode()
    assert admin.post("/inbox/channels/app", form).status_code == 422


def _secret(page: str) -> str:
    import re

    found = re.search(r'<section class="band" id="secret".*?<pre[^>]*>([^<]+)</pre>', page, re.S)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_g2_the_bell_works_on_a_site_with_a_strict_policy(
    served: Settings, address: Address, page: Page, lang: str
) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    secret, ann = connect(served), known(served)
    write(served, "Look: https://shop.example/a?b=1. <img src=x onerror=alert(1)>", subject_id=ann)
    line = LINE.format(address=f"{address.url}/in-app.js", customer="ann", proof=proof_of(secret, "ann"))
    with site(line, address.url, lang=lang) as place:
        page.goto(place)
        bell = page.locator("holdfast-messages button.open")
        bell.wait_for()
        page.locator("holdfast-messages .count").wait_for()  # it comes with the answer, after the bell
        assert page.locator("holdfast-messages .count").inner_text() == ("1" if lang == "en" else "۱")
        bell.click()
        window = page.get_by_role("dialog", name="Kelp & Sons")
        window.get_by_text("<img src=x onerror=alert(1)>").wait_for()
        assert window.locator("a").get_attribute("href") == "https://shop.example/a?b=1"
        assert window.locator("img").count() == 0
        page.wait_for_function(
            "!document.querySelector('holdfast-messages').shadowRoot.querySelector('.count').checkVisibility()"
        )
        page.keyboard.press("Escape")
        assert window.is_hidden() and bell.evaluate("each => each === each.getRootNode().activeElement")
        page.reload()
        bell.wait_for()
        page.wait_for_timeout(300)
        assert page.locator("holdfast-messages .count").is_hidden()
    assert complaints == []
