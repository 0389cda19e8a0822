"""Outgoing webhooks through the dispatcher (N2): signed, retried, logged, switched off when they fail."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from threading import Event

import pytest
from standardwebhooks import Webhook

from holdfast.channels.webhook import INSIDE_VARIABLE
from holdfast.domain.refusals import Refusal
from holdfast.language import Reader
from holdfast.services.act import webhooks
from holdfast.services.act.dispatch import Dispatcher
from holdfast.settings import Settings
from holdfast.store import sql, webhooks_out
from holdfast.store.users import create_user
from listener import Listener, listening

DAY_US = 86_400_000_000


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    """Who listens, on this machine: allowed as for development."""
    monkeypatch.setenv(INSIDE_VARIABLE, "1")
    with listening() as found:
        yield found


def now() -> int:
    return time.time_ns() // 1_000


def send_all(settings: Settings) -> None:
    Dispatcher(lambda: settings).run(Event(), until_empty=True)


def subscribed(settings: Settings, there: Listener, *kinds: str) -> tuple[int, str]:
    made, secret = webhooks.subscribe(settings, "CRM", there.url, kinds or ("*",), by="niamh", now_us=now())
    return made.id, secret


def states(settings: Settings, webhook_id: int) -> list[tuple[str, int, int | None]]:
    return [(each.state, each.tries, each.status) for each in webhooks_out.deliveries(settings, webhook_id)]


def test_what_happens_is_told_and_verified_by_the_receiver(workspace: Settings, there: Listener) -> None:
    made, secret = subscribed(workspace, there, "task.made")
    told = {"task_id": 7, "title": "Sună-l pe Ștefan"}
    assert webhooks_out.announce(workspace, "task.made", told, now_us=now()) == 1
    assert webhooks_out.announce(workspace, "task.done", {"task_id": 7}, now_us=now()) == 0
    send_all(workspace)
    (heard,) = there.heard
    message = Webhook(secret).verify(heard.body, heard.headers)
    assert (message["type"], message["data"]) == ("task.made", told)
    assert states(workspace, made) == [("delivered", 1, 204)]
    found = webhooks.found(workspace, made)
    assert found.worked_us and found.failing_since_us is None
    assert "whsec" not in json.dumps(sql.read("SELECT sealed, name, url FROM webhook"))


def test_what_is_not_taken_is_tried_again_under_the_same_number(workspace: Settings, there: Listener) -> None:
    made, secret = subscribed(workspace, there)
    there.answers = [503, 200]
    webhooks.try_out(workspace, made, by="niamh", now_us=now())
    send_all(workspace)
    assert states(workspace, made) == [("waiting", 1, 503)]
    assert webhooks.found(workspace, made).failing_since_us is not None
    sql.write("UPDATE touch SET due_us = 0 WHERE state = 'waiting'")  # a minute later
    send_all(workspace)
    assert states(workspace, made) == [("delivered", 2, 200)]
    assert webhooks.found(workspace, made).failing_since_us is None
    first, second = there.heard
    assert first.headers["webhook-id"] == second.headers["webhook-id"] and first.body == second.body
    Webhook(secret).verify(second.body, second.headers)


def test_a_message_can_be_sent_once_more(workspace: Settings, there: Listener) -> None:
    made, _ = subscribed(workspace, there)
    delivery = webhooks.try_out(workspace, made, by="niamh", now_us=now())
    send_all(workspace)
    again = webhooks.resend(workspace, made, delivery, now_us=now())
    send_all(workspace)
    assert again != delivery and len({each.headers["webhook-id"] for each in there.heard}) == 1
    for other in (made, 99):
        with pytest.raises(Refusal):
            webhooks.resend(workspace, other, 99, now_us=now())


def test_the_former_secret_signs_for_a_day_too(workspace: Settings, there: Listener) -> None:
    made, former = subscribed(workspace, there)
    secret = webhooks_out.rotate(workspace, made, now_us=now())
    webhooks.try_out(workspace, made, by="", now_us=now())
    send_all(workspace)
    sql.write("UPDATE webhook SET rotated_us = %s", (now() - DAY_US,))
    webhooks.try_out(workspace, made, by="", now_us=now())
    send_all(workspace)
    first, later = there.heard
    Webhook(secret).verify(first.body, first.headers)
    Webhook(former).verify(first.body, first.headers)
    Webhook(secret).verify(later.body, later.headers)
    assert len(later.headers["webhook-signature"].split()) == 1


def test_why_it_was_not_taken_is_said_in_the_readers_language(
    workspace: Settings, there: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _ = subscribed(workspace, there)
    monkeypatch.delenv(INSIDE_VARIABLE)  # not for development any more
    webhooks.try_out(workspace, made, by="", now_us=now())
    send_all(workspace)
    (tried,) = webhooks_out.deliveries(workspace, made)
    assert tried.state == "failed" and tried.trouble is not None
    english, persian = (Reader(code, workspace.zone).say(tried.trouble) for code in ("en", "fa"))
    assert english == "The address cannot be told anything." != persian


def test_who_fails_for_days_is_switched_off_and_administrators_hear_of_it(
    workspace: Settings, there: Listener
) -> None:
    create_user(
        workspace, email="niamh@example.com", name="Niamh", role="admin", password="kelp-holds-to-rock"
    )
    made, _ = subscribed(workspace, there)
    there.answers = [500]
    webhooks.try_out(workspace, made, by="", now_us=now())
    send_all(workspace)
    assert webhooks.look_after(workspace, now_us=now()) == 0
    sql.write("UPDATE webhook SET failing_since_us = %s", (now() - 6 * DAY_US,))
    assert webhooks.look_after(workspace, now_us=now()) == 1
    assert webhooks.look_after(workspace, now_us=now()) == 0
    assert not webhooks.found(workspace, made).enabled
    assert [to for (to,) in sql.read("SELECT address FROM touch WHERE channel = 'email'")] == [
        "niamh@example.com"
    ]
    sql.write("UPDATE touch SET due_us = 0 WHERE channel = 'webhook'")
    send_all(workspace)
    assert states(workspace, made) == [("dropped", 2, None)] and len(there.heard) == 1
    webhooks_out.enable(workspace, made, True, now_us=now())
    assert webhooks.found(workspace, made).failing_since_us is None


def test_where_a_redirect_leads_is_not_asked(workspace: Settings, there: Listener) -> None:
    with listening() as inside:
        made, _ = subscribed(workspace, there)
        there.answers, there.location = [307], inside.url
        webhooks.try_out(workspace, made, by="", now_us=now())
        send_all(workspace)
        assert inside.heard == [] and states(workspace, made) == [("waiting", 1, 307)]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://127.0.0.1/", "inner_address"),
        ("https://[::ffff:10.0.0.1]/", "inner_address"),
        ("https://localhost/", "inner_address"),
        ("http://crm.example/", "bad_address"),
        ("https://a:b@crm.example/", "bad_address"),
        ("javascript:alert(1)", "bad_address"),
        ("", "bad_address"),
    ],
)
def test_an_address_that_could_never_be_told_is_refused(workspace: Settings, url: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        webhooks.subscribe(workspace, "CRM", url, ["*"], by="", now_us=1)
    assert refused.value.code == code and webhooks_out.listed(workspace) == []


def test_names_and_kinds_are_checked(workspace: Settings) -> None:
    def refused(name: str, *kinds: str) -> str:
        with pytest.raises(Refusal) as found:
            webhooks.subscribe(workspace, name, "https://crm.example/", kinds, by="", now_us=1)
        return found.value.code

    webhooks.subscribe(workspace, "CRM", "https://crm.example/", ["*"], by="", now_us=1)
    assert refused("CRM", "*") == "name_taken"
    assert refused(" ", "*") == refused("x" * 101, "*") == "bad_name"
    assert refused("B") == refused("B", "task.undone") == "unknown_kind"
    for asked in (lambda: webhooks.found(workspace, 99), lambda: webhooks.named(workspace, "B")):
        with pytest.raises(Refusal):
            asked()
