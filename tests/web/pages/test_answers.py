"""A9: answers from the inbox: written once, called back, held or failed with the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from holdfast.services.collect.inbox import answering
from holdfast.settings import Settings
from holdfast.store import inbox, live_sources, outbox_reading, sql
from holdfast.store.inbox import Conversation, Wanted
from holdfast.store.live_sources import LiveSource
from services.act.people import NOW_US

if TYPE_CHECKING:
    from django.test import Client

KEY = "a-key-of-a-form"


def write(settings: Settings, source: LiveSource, key: str, **told: Any) -> Conversation:
    """Let somebody write; the conversation."""
    import msgspec

    from holdfast.services.collect.arrive import accept
    from holdfast.services.collect.taking_in import take_in_arrived

    said = {"conversation_id": key, "text": "It broke", "author": "Ann", "subject": "Kettle"} | told
    call = {
        "type": "track",
        "userId": told.get("address") or key,
        "event": "Message Received",
        "messageId": f"{key}:{told.get('message_id', '1')}",
        "properties": said,
    }
    accept(settings, source.id, msgspec.json.encode({"batch": [call]}), events=1, received_us=NOW_US)
    take_in_arrived(settings, now_us=NOW_US)
    return next(each for each in inbox.conversations(settings, Wanted(), 99) if each.key == key)


@pytest.fixture
def talk(served: Settings) -> Conversation:
    """A conversation by mail."""
    source = live_sources.ensure(served, "mailbox", "mail", namespace="mail", now_us=1)
    first = {"address": "ann@example.org", "channel": "email", "reference": "first@example.org"}
    write(served, source, "k1", **first)
    return write(served, source, "k1", **(first | {"reference": "second@example.org", "message_id": "2"}))


def post(client: Client, talk: Conversation, text: str, key: str = KEY) -> Any:
    return client.post(f"/inbox/{talk.id}/answer", {"text": text, "key": key})


def touches(settings: Settings) -> list[outbox_reading.Listed]:
    return outbox_reading.listed(settings, outbox_reading.Wanted(), 9)


def test_a9_an_answer_is_asked_for_once_and_waits(
    served: Settings, signed_in: Callable[..., Client], talk: Conversation
) -> None:
    client = signed_in("agent")
    for _ in range(2):
        assert post(client, talk, "Sorry!\r\nA new one comes.").status_code == 302
    (touch,) = touches(served)
    assert (touch.purpose, touch.channel, touch.address, touch.state) == (
        "service",
        "email",
        "ann@example.org",
        "waiting",
    )
    assert touch.due_us - touch.asked_us == answering.UNDO_SECONDS * 1_000_000
    said = outbox_reading.content_of(served, touch.id)
    assert said is not None
    assert (said.subject, said.text, said.sender_name) == (
        "Re: Kettle",
        "Sorry!\nA new one comes.",
        "Niamh Kelly",
    )
    assert said.reply_to_message == "<first@example.org> <second@example.org>"
    shown = client.get(f"/inbox/{talk.id}").content.decode()
    assert "Sorry!" in shown
    assert "Call back" in shown
    assert 'hx-trigger="load delay:1s"' in shown
    held = inbox.conversation(served, talk.id)
    assert held is not None
    assert held.owner == "Niamh Kelly"


def test_a9_an_answer_is_called_back_and_its_words_stand_in_the_box_again(
    served: Settings, signed_in: Callable[..., Client], talk: Conversation
) -> None:
    client = signed_in("agent")
    post(client, talk, "Too <b>quick</b>")
    (touch,) = touches(served)
    shown = client.post(f"/inbox/{talk.id}/answers/{touch.id}/undo", follow=True).content.decode()
    assert touches(served)[0].state == "cancelled"
    assert "Too &lt;b&gt;quick&lt;/b&gt;</textarea>" in shown
    assert f'id="answer-{touch.id}"' not in shown
    sql.write("UPDATE touch SET state = 'sent'")
    client.post(f"/inbox/{talk.id}/answers/{touch.id}/undo")
    assert touches(served)[0].state == "sent"


def test_a9_what_did_not_go_says_why_and_is_tried_again(
    served: Settings, signed_in: Callable[..., Client], talk: Conversation
) -> None:
    client = signed_in("agent")
    post(client, talk, "Hello")
    (touch,) = touches(served)
    sql.write("UPDATE touch SET state = 'failed', code = 'refused_message'")
    shown = client.get(f"/inbox/{talk.id}/answers").content.decode()
    assert "data-wrong" in shown
    assert "failed" in shown
    assert "hx-get" not in shown
    client.post(f"/inbox/{talk.id}/answers/{touch.id}/again")
    assert touches(served)[0].state == "waiting"
    assert client.post(f"/inbox/{talk.id}/answers/{touch.id}/shout").status_code == 400


def test_an_answer_of_another_conversation_is_left_alone(
    served: Settings, signed_in: Callable[..., Client], talk: Conversation
) -> None:
    client = signed_in("agent")
    post(client, talk, "Hello")
    (touch,) = touches(served)
    client.post(f"/inbox/{talk.id + 1}/answers/{touch.id}/undo")
    assert touches(served)[0].state == "waiting"


@pytest.mark.parametrize("text", ["", "  \r\n ", "x" * 100_001])
def test_no_words_and_too_many_are_refused_and_not_lost(
    served: Settings, signed_in: Callable[..., Client], talk: Conversation, text: str
) -> None:
    answer = post(signed_in("agent"), talk, text)
    assert answer.status_code == 422
    assert touches(served) == []
    assert f"{text[:50]}" in answer.content.decode()


def test_only_who_works_with_customers_answers(
    served: Settings, signed_in: Callable[..., Client], talk: Conversation
) -> None:
    for role in ("analyst", "read_only"):
        client = signed_in(role)
        assert post(client, talk, "Hello").status_code == 403
        assert 'id="answer"' not in client.get(f"/inbox/{talk.id}").content.decode()
    assert post(signed_in("agent"), talk, "Hello", key="../x").status_code == 400


@pytest.mark.parametrize(
    ("kind", "key", "channel", "via", "named"),
    [("telegram", "77", "telegram", "bot", "5"), ("chat", "visitor-1234", "chat", "bot", "")],
)
def test_a9_messengers_are_answered_where_the_customer_wrote(
    served: Settings,
    signed_in: Callable[..., Client],
    kind: str,
    key: str,
    channel: str,
    via: str,
    named: str,
) -> None:
    source = live_sources.ensure(served, "bot", kind, namespace="bot", now_us=1)
    found = write(served, source, key, channel=channel, message_id="5", address="")
    post(signed_in("agent"), found, "Hello")
    (touch,) = touches(served)
    said = outbox_reading.content_of(served, touch.id)
    assert said is not None
    assert (touch.channel, touch.address, touch.via) == (channel, key, via)
    assert (said.subject, said.reply_to_message) == ("", named)


def test_what_comes_from_elsewhere_is_answered_elsewhere(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    source = live_sources.ensure(served, "desk", "zendesk", namespace="desk", now_us=1)
    found = write(served, source, "t-1", channel="ticket")
    client = signed_in("agent")
    assert "answer it where it was written" in client.get(f"/inbox/{found.id}").content.decode()
    assert post(client, found, "Hello").status_code == 422
