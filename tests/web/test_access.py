"""N2: every page says who may open it; what says nothing stays closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls.converters import IntConverter

from holdfast.settings import Settings
from web.matrix import RIGHTS, expected

if TYPE_CHECKING:
    from django.test import Client

ENDS_THE_SESSION = {"sign_out", "own_end_sessions", "own_password", "own_factor"}


def walk_routes() -> list[Any]:
    """Every pattern there is."""
    from holdfast.web.urls import urlpatterns

    return list(urlpatterns)


def names_in(pattern: Any) -> dict[str, object]:
    """What an address names, and what reads it from there."""
    return dict(pattern.pattern.converters or dict.fromkeys(pattern.pattern.regex.groupindex))


def address_of(pattern: Any) -> str:
    from django.urls import reverse

    from web.matrix import GIVEN

    given = {
        name: 1 if isinstance(converter, IntConverter) else GIVEN[name]
        for name, converter in names_in(pattern).items()
    }
    return reverse(pattern.name, kwargs=given)


def answered(client: Client, pattern: Any, method: str) -> int | str:
    """The status, or "sign in" where the answer leads there."""
    address = address_of(pattern)
    answer = client.get(address) if method == "GET" else client.post(address)
    if answer.streaming:
        b"".join(answer.streaming_content)
    answer.close()
    if answer.status_code == 302 and answer["Location"].startswith("/sign-in?next="):
        return "sign in"
    return int(answer.status_code)


def outcome(right: str, role: str | None) -> set[object]:
    """What the table says: what a role (``None``: without sign-in) may be answered with."""
    if right == "-":
        return {405} if role in ("admin", None) else {403, 405}
    if right == "open":
        return {"in", 403}  # a provider's answer that nobody asked for
    if role is None:
        return {"sign in"}
    return {"in"} if role in RIGHTS[right] else {403}


def sign_in_again(client: Client, role: str) -> None:
    from holdfast.store.models import User

    client.force_login(User.objects.get(role=role))


def test_n2_the_table_names_every_route_and_its_right(served: object) -> None:
    """A new route fails here until somebody decides who may open it, and writes it into matrix.py."""
    from holdfast.web.access import declared_roles

    table = expected()
    assert [pattern.name for pattern in walk_routes() if pattern.name not in table] == []
    assert set(table) == {pattern.name for pattern in walk_routes()}
    for pattern in walk_routes():
        roles = declared_roles(pattern.callback)
        (right,) = {each for each in table[pattern.name] if each != "-"}
        assert roles == (None if right == "open" else RIGHTS[right]), pattern.name


def test_n2_what_an_address_names_is_known_to_be_of_a_customer_or_of_nobody(served: object) -> None:
    """A new kind of object fails here until somebody says whose it is (objects.py)."""
    from holdfast.web.objects import OF_CUSTOMERS, OF_NOBODY

    named = {name for pattern in walk_routes() for name in names_in(pattern)}
    assert named - OF_CUSTOMERS.keys() - OF_NOBODY == set()
    assert not OF_CUSTOMERS.keys() & OF_NOBODY


@pytest.mark.parametrize("role", [None, "admin", "manager", "agent", "analyst", "read_only"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_n2_every_route_answers_every_role_as_the_table_says(
    signed_in: Callable[..., Client], visitor: Client, role: str | None, method: str
) -> None:
    client = visitor if role is None else signed_in(role)
    for pattern in walk_routes():
        found = answered(client, pattern, method)
        right = expected()[pattern.name][method == "POST"]
        if right == "-" and role is None and found == "sign in":
            continue  # whoever is not signed in does not even learn that
        seen = found if found in (403, 405, "sign in") else "in"
        allowed = outcome(right, role)
        assert seen in allowed, (pattern.name, found, allowed)
        assert found != 500, pattern.name
        if role is not None and pattern.name in ENDS_THE_SESSION:
            sign_in_again(client, role)


def test_n2_a_view_that_declares_nothing_is_closed() -> None:
    from holdfast.web.access import DenyByDefault, only

    def forgotten(request: HttpRequest) -> HttpResponse:
        return HttpResponse("open")

    with pytest.raises(PermissionDenied, match="does not say who may open it"):
        DenyByDefault(forgotten).process_view(HttpRequest(), forgotten, (), {})
    with pytest.raises(ValueError, match="no such role: owner"):
        only(frozenset({"owner"}))


def test_n2_someone_signed_out_in_the_database_is_out(signed_in: Callable[..., Client]) -> None:
    from holdfast.store.models import User

    client = signed_in()
    assert client.get("/settings").status_code == 200
    User.objects.update(is_active=False)
    assert client.get("/settings").status_code == 302


def test_a_number_larger_than_any_is_nothing_s(signed_in: Callable[..., Client]) -> None:
    from django.urls import reverse

    client = signed_in("admin")
    client.raise_request_exception = False
    codes = {}
    for pattern in walk_routes():
        named = names_in(pattern)
        if not any(isinstance(each, IntConverter) for each in named.values()):
            continue
        given = {name: 2**63 if isinstance(each, IntConverter) else "x" for name, each in named.items()}
        address = reverse(pattern.name, kwargs=given)
        codes[pattern.name] = {client.get(address).status_code, client.post(address).status_code}
    assert len(codes) > 50
    assert {name: found for name, found in codes.items() if not found <= {404, 405}} == {}


def test_a_letter_that_no_database_takes_is_left_out(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    from django.test import Client

    from holdfast.store import contact_calendar

    client = signed_in("manager")
    told = {"kind": "event", "ti\0tle": "Tea\0 time", "day": date.today().isoformat()}
    assert client.post("/act/calendar/dates", told).status_code == 302
    assert [each.title for each in contact_calendar.dates(served, 0, 10**6)] == ["Tea time"]
    assert b'value="tea"' in client.get("/tasks?q=te%00a").content
    assert client.get("/act/plays/of/hel%00lo").status_code == 404
    assert Client().get("/s/%00").status_code == 404
