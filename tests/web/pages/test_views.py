"""Saved views: a list under a name, for oneself or the team, ordered, deleted and brought back."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import TYPE_CHECKING

import pytest

from holdfast.settings import Settings
from holdfast.store.saved_views import MOST, views_for
from web.pages.test_customers import stand_all

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def listed(served: Settings) -> None:
    stand_all(9, country=lambda unit: "RO" if unit % 2 else "IE", state=lambda _: "active")


def save(client: Client, title: str = "Romania", query: str = "?country=RO", **more: str) -> None:
    given = {"list": "customers", "query": query, "title": title, **more}
    assert client.post("/views/save", given).status_code == 302


def page_of(client: Client, path: str) -> str:
    return unescape(client.get(path).content.decode())


def toast(text: str) -> str:
    found = re.search(r'<div class="float toast toast-next".*?</div>', text, re.S)
    return found.group(0) if found else ""


@pytest.mark.usefixtures("listed")
def test_a_narrowed_list_is_saved_and_stands_above_the_list(signed_in: Callable[..., Client]) -> None:
    client = signed_in()
    assert "Save this view" not in page_of(client, "/customers")
    narrowed = page_of(client, "/customers?country=RO")
    assert 'name="query" value="?country=RO"' in narrowed
    answer = client.post("/views/save", {"list": "customers", "query": "?country=RO", "title": " Ro  mania "})
    assert answer["Location"] == "/customers?country=RO"
    text = page_of(client, "/customers?country=RO")
    assert "Saved as Ro mania." in toast(text)
    assert "Save this view" not in text
    assert '<a class="view" href="/customers?country=RO" aria-current="true">' in text
    assert toast(page_of(client, "/customers")) == ""  # said once
    swapped = client.get("/customers", headers={"HX-Request": "true", "HX-Target": "list"}).content.decode()
    assert "Ro mania" in swapped


@pytest.mark.usefixtures("listed")
def test_what_is_saved_is_read_strictly_and_from_the_beginning(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    client = signed_in()
    save(client, query="after=WzEsMl0&sort=-orders&country=RO&evil=1")
    (view,) = views_for(served, 1)
    assert view.query == "?country=RO&sort=-orders"
    for given in (
        {"list": "customers", "query": "?sort=nonsense", "title": "x"},
        {"list": "at_risk", "query": "?least=900", "title": "x"},
        {"list": "inbox", "query": "?state=nowhere", "title": "x"},
        {"list": "tasks", "query": "?due=never", "title": "x"},
        {"list": "cases", "query": "?state=nowhere", "title": "x"},
        {"list": "contact_points", "query": "?owner=me", "title": "x"},
    ):
        assert client.post("/views/save", given).status_code == 400, given
    assert client.post("/views/save", {"list": "nothing", "title": "x"}).status_code == 404
    for title in ("", " ", "x" * 61, "a\u202eb", "a\nb\x01"):
        answer = client.post("/views/save", {"list": "customers", "query": "", "title": title})
        assert answer.status_code == 422, title
        assert "needs a name" in answer.content.decode()


@pytest.mark.usefixtures("listed")
def test_a_view_is_private_until_it_is_shared(signed_in: Callable[..., Client], served: Settings) -> None:
    agent, reader, manager = signed_in("agent"), signed_in("read_only"), signed_in("manager")
    save(agent, "My own")
    save(agent, "Ours", shared="1")
    save(reader, "Not ours", shared="1")  # who only reads shares nothing
    assert "My own" not in page_of(manager, "/customers")
    assert "Not ours" not in page_of(manager, "/customers")
    assert "Ours" in page_of(manager, "/customers")
    assert "Ours" in page_of(reader, "/views")
    own, shared, _ = (view.id for view in views_for(served, 1) + views_for(served, 2)[:1])
    assert reader.post(f"/views/{shared}/rename", {"title": "Mine now"}).status_code == 403
    assert reader.post(f"/views/{own}/delete").status_code == 404  # that it exists is nobody's business
    assert manager.post(f"/views/{shared}/rename", {"title": "The team's"}).status_code == 302
    assert "The team's" in page_of(agent, "/views")
    assert manager.post(f"/views/{own}/delete").status_code == 404
    agent.post(f"/views/{shared}/share", {"shared": "0"})
    assert "The team's" not in page_of(manager, "/customers")


@pytest.mark.usefixtures("listed")
def test_deleting_can_be_undone(signed_in: Callable[..., Client], served: Settings) -> None:
    client = signed_in()
    save(client)
    (view,) = views_for(served, 1)
    client.post(f"/views/{view.id}/delete")
    text = page_of(client, "/views")
    assert "The view Romania is deleted." in toast(text)
    assert f'action="/views/{view.id}/restore"' in toast(text)
    assert views_for(served, 1) == []
    client.post(f"/views/{view.id}/restore")
    assert "Romania" in page_of(client, "/customers")
    assert client.post(f"/views/{view.id}/nothing").status_code == 404
    assert client.get(f"/views/{view.id}/delete").status_code == 405


@pytest.mark.usefixtures("listed")
def test_views_are_ordered_and_not_without_end(signed_in: Callable[..., Client], served: Settings) -> None:
    client = signed_in()
    for number in range(MOST):
        save(client, f"View {number}")
    answer = client.post("/views/save", {"list": "customers", "query": "?country=RO", "title": "One more"})
    assert answer.status_code == 422
    assert f"You have {MOST} views" in answer.content.decode()
    last = views_for(served, 1)[-1]
    client.post(f"/views/{last.id}/up")
    assert views_for(served, 1)[-2].id == last.id
    client.post(f"/views/{last.id}/down")
    assert views_for(served, 1)[-1].id == last.id


def test_without_a_view_the_page_says_what_to_do(signed_in: Callable[..., Client]) -> None:
    assert "save it under a name" in page_of(signed_in(), "/views")


def test_a_title_with_markup_stays_text(signed_in: Callable[..., Client], served: Settings) -> None:
    client = signed_in()
    save(client, "<script>alert(1)</script>")
    assert "<script>alert" not in client.get("/views").content.decode()


def test_what_is_said_next_cannot_be_forged(signed_in: Callable[..., Client]) -> None:
    client = signed_in()
    client.cookies["holdfast_said"] = '["You have won", "https://evil.example"]'
    assert toast(page_of(client, "/views")) == ""
