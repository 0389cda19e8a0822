"""N2: the first administrator is made once, by the link that `holdfast serve` prints, and never again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from holdfast.settings import Settings
from holdfast.store import start

if TYPE_CHECKING:
    from django.test import Client

FIRST = {"name": "Niamh Kelly", "email": "niamh@example.com", "password": "seven salty kelps hold"}


def now_us() -> int:
    return time.time_ns() // 1_000


def test_the_link_makes_an_administrator_who_is_signed_in(served: Settings, visitor: Client) -> None:
    from django.test import Client

    from holdfast.store.models import User

    token = start.make_link(served, now_us())
    page = visitor.get(f"/set-up/{token}")
    assert page.status_code == 200 and "You are the first here" in page.content.decode()
    visitor.get(f"/set-up/{token}")  # opening uses nothing up
    answer = visitor.post(f"/set-up/{token}", FIRST)
    assert answer["Location"] == "/start"
    person = User.objects.get()
    assert (person.email, person.role, person.name) == ("niamh@example.com", "admin", "Niamh Kelly")
    assert "The guided start" in visitor.get("/start").content.decode()
    again = Client().post(f"/set-up/{token}", FIRST | {"email": "evil@example.com"})
    assert again.status_code == 410
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "a@b@c.ie"), ("password", "short"), ("password", "niamh@example.com"), ("name", "a\u202eb")],
)
def test_what_cannot_be_taken_leaves_the_link_open(
    served: Settings, visitor: Client, field: str, value: str
) -> None:
    token = start.make_link(served, now_us())
    answer = visitor.post(f"/set-up/{token}", FIRST | {field: value})
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.content.decode()
    assert FIRST["password"] not in answer.content.decode()
    assert visitor.post(f"/set-up/{token}", FIRST).status_code == 302


def test_forged_old_and_replaced_links_open_nothing(served: Settings, visitor: Client) -> None:
    first = start.make_link(served, now_us())
    second = start.make_link(served, now_us())
    old = now_us() + (start.LINK_HOURS * 3_600 + 1) * 1_000_000
    assert start.is_open(served, second, now_us()) and not start.is_open(served, second, old)
    for token in (first, "x" * 43, "%2e%2e"):
        assert visitor.get(f"/set-up/{token}").status_code == 410
        assert visitor.post(f"/set-up/{token}", FIRST).status_code == 410


def test_where_people_sign_in_already_no_link_is_worth_anything(served: Settings, visitor: Client) -> None:
    from holdfast.cli.pages import set_up_link
    from holdfast.store.models import User

    link = set_up_link(served, "http://127.0.0.1:8000")
    assert link is not None and link.startswith("http://127.0.0.1:8000/set-up/")
    User.objects.create_user("a@example.com", None, role="read_only")
    assert set_up_link(served, "http://127.0.0.1:8000") is None
    assert visitor.get("/set-up/" + link.rsplit("/", 1)[1]).status_code == 410
