"""The messages that go out, on their pages: what needs a decision, one with its history, acts (N2)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from dispatching import mail
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import outbox, outbox_reading, sql
from holdfast.store import outbox_sending as sending
from holdfast.store.outbox_sending import Result

if TYPE_CHECKING:
    from django.test import Client

SCRIPT = "<script>alert(1)</script>"


def _now_us() -> int:
    return time.time_ns() // 1_000


def put(settings: Settings, key: str, what: str = "", **said: Any) -> int:
    """A message, with what became of it."""
    touch_id = outbox.ask(settings, mail(key, **said), now_us=_now_us())
    assert touch_id is not None
    if what:
        sender = sending.enter(settings, "x:1:y", "email", _now_us() + 10**9)
        with sql.short_write():
            sending.claim(settings, sender, "email", _now_us(), 99)
            reason = Text("The mail server said: {said}.", said=SCRIPT)
            code = "refused_address" if what == "failed" else ""
            began = _now_us() - 5_000
            result = Result(touch_id, sender, what, "x", began, _now_us(), code, reason)  # type: ignore[arg-type]
            sending.settle(settings, [result])
    return touch_id


def page(client: Client, path: str = "/messages") -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content[:300]
    return str(answer.content.decode())


def test_nothing_there_says_what_will_be(signed_in: Callable[..., Client], served: Settings) -> None:
    text = page(signed_in("admin"))
    assert "Nothing has been sent yet" in text and "Set up sending" in text


def test_what_needs_a_decision_comes_first(signed_in: Callable[..., Client], served: Settings) -> None:
    put(served, "a", "sent", subject="Sent one")
    put(served, "b", "unknown", subject="Unknown one")
    put(served, "c", "failed", subject=f"Failed {SCRIPT}")
    client = signed_in("manager")
    text = page(client)
    assert "<b>2 need a decision</b>" in text and "1 message went out" in text
    assert "Unknown one" in text and "Sent one" not in text
    assert SCRIPT not in text and "Failed &lt;script&gt;" in text
    everything = page(client, "/messages?tab=all")
    assert "Sent one" in everything and everything.count('name="chosen"') == 2
    assert "No message matches" in page(client, "/messages?tab=all&channel=telegram")


@pytest.mark.parametrize("asked", ["tab=x", "channel=pigeon", "purpose=x", "before=x", f"before={2**70}"])
def test_an_address_that_means_nothing_is_refused(signed_in: Callable[..., Client], asked: str) -> None:
    assert signed_in("manager").get(f"/messages?{asked}").status_code == 400


def test_one_message_with_all_that_happened(signed_in: Callable[..., Client], served: Settings) -> None:
    touch_id = put(served, "k", "unknown", text=f"Hello {SCRIPT}", subject="A bill")
    client = signed_in("manager")
    text = page(client, f"/messages/{touch_id}")
    assert "It may have arrived." in text and "Perhaps sent: nobody knows" in text
    assert "milliseconds" in text
    assert SCRIPT not in text and "Hello &lt;script&gt;" in text
    assert client.get("/messages/999").status_code == 404


def test_secret_words_are_shown_to_nobody(signed_in: Callable[..., Client], served: Settings) -> None:
    touch_id = put(served, "reset", text="https://x/token-123", subject="New password", secret=True)
    client = signed_in("admin")
    both = page(client, f"/messages/{touch_id}") + page(client, "/messages?tab=all")
    assert "token-123" not in both and "Its words are kept back here" in both


def test_a_person_sends_again_and_calls_off(signed_in: Callable[..., Client], served: Settings) -> None:
    ids = [put(served, key, "failed") for key in "abc"]
    client = signed_in("manager")
    answer = client.post(f"/messages/{ids[0]}/act", {"do": "again"})
    assert (answer.status_code, answer["Location"]) == (302, f"/messages/{ids[0]}")
    assert "1 message waits to be sent." in page(client, answer["Location"])
    client.post(
        "/messages/chosen",
        {"do": "off", "chosen": [str(each) for each in ids[:2]], "back": "/messages?tab=all"},
    )
    states = [each.state for each in outbox_reading.listed(served, outbox_reading.Wanted(), 9)]
    assert states == ["failed", "cancelled", "cancelled"]
    assert [each.what for each in outbox_reading.history(served, ids[0])] == [
        "failed",
        "released",
        "cancelled",
    ]
    assert outbox_reading.history(served, ids[0])[-1].made_by.count("@") == 1
    elsewhere = client.post("/messages/chosen", {"do": "off", "chosen": [], "back": "https://evil.example/"})
    assert elsewhere["Location"] == "/messages"
    assert client.post("/messages/chosen", {"do": "burn"}).status_code == 400
    assert client.post("/messages/chosen", {"do": "off", "chosen": ["x"]}).status_code == 400


@pytest.mark.parametrize("role", ["agent", "analyst", "read_only"])
def test_only_who_decides_opens_them(signed_in: Callable[..., Client], served: Settings, role: str) -> None:
    client = signed_in(role)
    touch_id = put(served, "k", "failed")
    assert client.get("/messages").status_code == 403
    assert client.get(f"/messages/{touch_id}").status_code == 403
    assert client.post(f"/messages/{touch_id}/act", {"do": "again"}).status_code == 403


def test_a_page_costs_the_same_few_statements_at_any_length(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in("manager")
    counts = []
    for number in (1, 30):
        for each in range(number):
            put(served, f"{number}-{each}")
        page(client, "/messages?tab=all")
        with CaptureQueriesContext(connection) as asked:
            page(client, "/messages?tab=all")
        counts.append(len(asked))
    assert counts[0] == counts[1]
