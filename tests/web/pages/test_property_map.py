"""Names of events that came, and the map of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from holdfast.settings import Settings
from holdfast.store import property_map
from services.collect.test_property_map import arrive

if TYPE_CHECKING:
    from django.test import Client

ADDRESS = "/settings/events/map?name=Visit+Booked"


def test_nothing_has_come_yet(signed_in: Callable[..., Client]) -> None:
    text = signed_in("manager").get("/settings/events").content.decode()
    assert "No event has come yet." in text


def test_a_property_is_mapped_on_the_page_of_its_event(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    arrive(served, {"event": "Visit Booked", "properties": {"room": "<b>blue</b>", "guest": {"nights": 3}}})
    client = signed_in("manager")
    assert "Visit Booked" in client.get("/settings/events").content.decode()
    text = client.get(ADDRESS).content.decode()
    assert "guest.nights" in text
    assert "&lt;b&gt;blue&lt;/b&gt;" in text
    answer = client.post(ADDRESS, {"code": "room", "score": ""})
    assert (answer.status_code, answer["Location"]) == (302, "/settings/events")
    assert property_map.maps(served) == {"Visit Booked": {"code": "room"}}
    assert "room → code" in client.get("/settings/events").content.decode()
    client.post(ADDRESS, {"code": ""})
    assert property_map.maps(served) == {}


def test_what_cannot_be_mapped_is_said_at_its_field(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    answer = signed_in("admin").post(ADDRESS, {"code": "x" * 201})
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.content.decode()
    assert property_map.maps(served) == {}
    assert signed_in("manager").get("/settings/events/map").status_code == 302
