"""A2: events that could not be understood: seen with their reason, mended, replayed, dropped."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.settings import Settings
from holdfast.store import ingest_log
from holdfast.store import quarantine as stored
from web.quarantined import AT, BAD, put_aside

if TYPE_CHECKING:
    from django.test import Client


def test_a2_nothing_there_is_said_too(signed_in: Callable[..., Client]) -> None:
    text = signed_in("manager").get("/settings/quarantine").content.decode()
    assert "Every event that came was understood" in text
    assert "Nothing here" in text


def test_a2_the_list_says_what_is_wrong_and_escapes_what_was_sent(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    put_aside(served)
    text = signed_in("manager").get("/settings/quarantine").content.decode()
    assert "<b>1 event</b> could not be understood" in text
    assert "Found: event is None." in text
    assert "<script>alert" not in text
    assert "Shop &lt;b&gt;" in text


def test_a2_the_list_is_turned_by_page_and_narrowed_by_reason(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    put_aside(served, 60)
    client = signed_in("manager")
    text = client.get("/settings/quarantine").content.decode()
    assert text.count('name="chosen"') == 50
    (following,) = re.findall(r'href="(\?before=\d+)"', text)
    rest = client.get(f"/settings/quarantine{following}").content.decode()
    assert rest.count('name="chosen"') == 10
    assert client.get("/settings/quarantine?code=no_event_name").content.decode().count('name="chosen"') == 50
    assert 'name="chosen"' not in client.get("/settings/quarantine?code=other").content.decode()


@pytest.mark.parametrize("asked", ["state=gone", "before=x", "source=-1", f"before={2**70}"])
def test_an_address_that_means_nothing_is_refused(signed_in: Callable[..., Client], asked: str) -> None:
    assert signed_in("admin").get(f"/settings/quarantine?{asked}").status_code == 400


def test_a2_an_event_is_mended_and_replayed(signed_in: Callable[..., Client], served: Settings) -> None:
    put_aside(served)
    client = signed_in("manager")
    (event,) = stored.listed(served, stored.Asked(), 10)
    address = f"/settings/quarantine/{event.id}"
    text = client.get(address).content.decode()
    assert "&#34;messageId&#34;: &#34;m0&#34;" in text
    wrong = client.post(f"{address}/replay", {"event": '{"type": "track"'})
    assert wrong.status_code == 422
    assert 'id="event-error"' in wrong.content.decode()
    mended = json.dumps({**BAD, "event": "Order Completed"})
    answer = client.post(f"{address}/replay", {"event": mended})
    assert (answer.status_code, answer["Location"]) == (302, "/settings/quarantine")
    take_in_arrived(served, now_us=AT)
    assert len(ingest_log.rows(served)) == 1
    assert "Replayed" in client.get(address).content.decode()
    again = client.post(f"{address}/replay", {"event": mended})
    assert "not in the quarantine any more" in again.content.decode()


def test_a2_events_are_dropped_and_taken_back(signed_in: Callable[..., Client], served: Settings) -> None:
    put_aside(served, 3)
    client = signed_in("manager")
    chosen = [str(event.id) for event in stored.listed(served, stored.Asked(), 2)]
    client.post("/settings/quarantine/drop", {"chosen": [*chosen, "no number"]})
    assert stored.counted(served) == {"waiting": 1, "replayed": 0, "dropped": 2}
    assert client.get("/settings/quarantine?state=dropped").content.decode().count('name="chosen"') == 2
    client.post("/settings/quarantine/drop", {"chosen": chosen, "back": "1"})
    assert stored.counted(served)["waiting"] == 3


def test_a2_all_are_replayed_that_can_be(signed_in: Callable[..., Client], served: Settings) -> None:
    put_aside(served, 3)
    first, *_ = stored.listed(served, stored.Asked(), 3)
    stored.write_event(served, first.id, json.dumps({**BAD, "event": "Order Completed"}))
    text = signed_in("admin").post("/settings/quarantine/replay", {"state": "waiting"}).content.decode()
    assert "1 event is on its way again; 2 cannot be understood yet." in text
    assert signed_in("manager").post("/settings/quarantine/replay", {"state": "replayed"}).status_code == 400


def test_only_who_decides_sees_what_was_sent(signed_in: Callable[..., Client], served: Settings) -> None:
    put_aside(served)
    for role in ("analyst", "agent", "read_only"):
        assert signed_in(role).get("/settings/quarantine").status_code == 403
    assert signed_in("admin").get("/settings/quarantine/999").status_code == 404
